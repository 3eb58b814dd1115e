//! When two nicknames are the same: the Nickname profile of PRECIS (RFC 8266, 2).

use precis_profiles::Nickname;
use precis_profiles::precis_core::profile::{Profile, Rules, stabilize};

use crate::switch::fault::{Fault, FaultSet};

/// What equal nicknames have in common: the rules of RFC 8266, 2.4, applied until nothing changes any more. `None` for
/// a string that has disallowed characters or becomes empty.
pub(super) fn key_of(text: &str, faults: FaultSet) -> Option<String> {
    if !faults.is_idle() && is_refused_by_a_fault(text, faults) {
        return None;
    }
    let unchecked = faults.has(Fault::DisallowedGranted);
    if !unchecked {
        let enforced = Nickname::new().enforce(text).ok()?;
        if faults.has(Fault::NicknameCaseSensitive) {
            return Some(enforced.into_owned());
        }
    }
    let key = if faults.has(Fault::NicknameRulesOnce) {
        apply(text, faults)
    } else {
        let stable = stabilize(text, |text| {
            if !unchecked {
                Nickname::new().prepare(text)?;
            }
            Ok(apply(text, faults).into())
        });
        stable.ok()?.into_owned()
    };
    Some(key).filter(|key| !key.is_empty())
}

/// One application of the three rules, in the order of RFC 8266, 2.4.
fn apply(text: &str, faults: FaultSet) -> String {
    let blanks = map_blanks(text, faults);
    if faults.has(Fault::FirstRuleOnly) && blanks != text {
        return blanks;
    }
    let small = if faults.has(Fault::CaseMappingAscii) { blanks.to_ascii_lowercase() } else { lower_case(&blanks) };
    if faults.has(Fault::FirstRuleOnly) && small != blanks {
        return small;
    }
    if faults.has(Fault::NotNormalized) {
        return small;
    }
    let normal = normalize(&small);
    if faults.has(Fault::AccentsIgnored) { without_accents(&normal) } else { normal }
}

/// The additional mapping rule: every blank is the ordinary one, none at the ends, none twice (RFC 8266, 2.1).
fn map_blanks(text: &str, faults: FaultSet) -> String {
    let blanks_of_ascii = faults.has(Fault::ForeignBlanksKept);
    if faults.has(Fault::BlankRunsKept) {
        let mapped: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        return mapped.trim_matches(' ').to_owned();
    }
    if blanks_of_ascii {
        return text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    }
    let mapped = Nickname::new().additional_mapping_rule(text).map(|mapped| mapped.into_owned());
    let mapped = mapped.unwrap_or_default();
    if faults.has(Fault::BlanksAtEndsKept) {
        let before = if text.starts_with(' ') { " " } else { "" };
        let after = if text.ends_with(' ') { " " } else { "" };
        return format!("{before}{mapped}{after}");
    }
    mapped
}

/// The case mapping rule: toLowerCase of Unicode.
fn lower_case(text: &str) -> String {
    Nickname::new().case_mapping_rule(text).map(|small| small.into_owned()).unwrap_or_default()
}

/// The normalization rule: NFKC.
fn normalize(text: &str) -> String {
    Nickname::new().normalization_rule(text).map(|normal| normal.into_owned()).unwrap_or_default()
}

/// For [`Fault::AccentsIgnored`]: some letters of Latin without what stands on them.
fn without_accents(text: &str) -> String {
    let plain = |letter: char| match letter {
        'à'..='å' => 'a',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ñ' => 'n',
        letter => letter,
    };
    text.chars().filter(|letter| *letter != '\u{307}').map(plain).collect()
}

/// What some faults take for disallowed.
fn is_refused_by_a_fault(text: &str, faults: FaultSet) -> bool {
    let is_from_right_to_left = |letter: char| matches!(letter, '\u{590}'..='\u{8ff}');
    let is_wide =
        |letter: char| matches!(letter, '\u{ff01}'..='\u{ff60}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{3000}');
    let is_symbol =
        |letter: char| matches!(letter, '\u{2190}'..='\u{27bf}' | '\u{20a0}'..='\u{20bf}' | '\u{a1}'..='\u{a9}');
    (faults.has(Fault::BidiRuleApplied) && text.contains(is_from_right_to_left))
        || (faults.has(Fault::SymbolsRefused) && text.contains(is_symbol))
        || (faults.has(Fault::WidthVariantsRefused) && text.contains(is_wide))
        || (faults.has(Fault::FinalSigmaRefused) && text.contains('ς'))
}
