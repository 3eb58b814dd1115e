//! Nicknames as RFC 8266 prepares, enforces and compares them.

use precis_profiles::Nickname;
use precis_profiles::precis_core::profile::PrecisFastInvocation;

/// Whether a roster may show `wanted` as `shown`: to the letter, or as enforcement makes it (interpretation T47).
///
/// Blanks mapped and trimmed and compatibility characters normalised are enforcement; letter case is not (RFC 8266, 2.3).
pub fn is_shown_as(shown: &str, wanted: &str) -> bool {
    shown == wanted || Nickname::enforce(wanted).is_ok_and(|enforced| shown == enforced)
}

/// Whether a roster shows `wanted` in small letters, which are for comparing only (RFC 8266, 2.3): an advisory (T47).
pub fn is_shown_in_small_letters(shown: &str, wanted: &str) -> bool {
    let small = |text: &str| text.to_lowercase();
    !is_shown_as(shown, wanted)
        && (shown == small(wanted) || Nickname::enforce(wanted).is_ok_and(|enforced| shown == small(&enforced)))
}

#[cfg(test)]
mod tests {
    use super::{is_shown_as, is_shown_in_small_letters};

    #[test]
    fn raw_and_enforced_forms_are_right_and_another_case_is_not() {
        assert!(is_shown_as("Ｂｏｂ", "Ｂｏｂ"));
        assert!(is_shown_as("Bob", "Ｂｏｂ"));
        assert!(is_shown_as("Snow White", "Snow   White "));
        assert!(!is_shown_as("bob", "Bob"));
        assert!(!is_shown_as("Bob", "Rob"));
        assert!(is_shown_in_small_letters("bob", "Ｂｏｂ") && is_shown_in_small_letters("snow white", "Snow  White"));
        assert!(!is_shown_in_small_letters("bob", "bob") && !is_shown_in_small_letters("BOB", "Bob"));
    }
}
