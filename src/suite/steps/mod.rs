//! The step definitions, a module a theme. Every step of a feature file must match exactly one of them, whatever its
//! keyword.

mod absence;
mod answers;
mod cancelling;
mod chunks;
mod connections;
mod descriptions;
mod dialogs;
mod documents;
mod focus;
mod framing;
mod hearing;
mod joining;
mod leaving;
mod nicknames;
mod notices;
mod raw;
mod receiving;
mod renewing;
mod reports;
mod resending;
mod rooms;
mod roster;
mod scripted;
mod setup;
mod sip_transport;
mod spelling;
mod syntax;
mod talking;
mod torture;
mod watching;
mod ways;

use super::step::StepDef;

/// Every step definition.
pub fn all() -> Vec<StepDef> {
    [
        rooms::STEPS,
        joining::STEPS,
        spelling::STEPS,
        renewing::STEPS,
        descriptions::STEPS,
        setup::STEPS,
        leaving::STEPS,
        cancelling::STEPS,
        dialogs::STEPS,
        resending::STEPS,
        sip_transport::STEPS,
        focus::STEPS,
        talking::STEPS,
        chunks::STEPS,
        raw::STEPS,
        framing::STEPS,
        receiving::STEPS,
        syntax::STEPS,
        connections::STEPS,
        hearing::STEPS,
        absence::STEPS,
        notices::STEPS,
        answers::STEPS,
        reports::STEPS,
        nicknames::STEPS,
        roster::STEPS,
        watching::STEPS,
        documents::STEPS,
        torture::STEPS,
        scripted::STEPS,
    ]
    .concat()
}

/// One participant's name, as a group: `Alice`, `Bob's second device`.
#[macro_export]
#[doc(hidden)]
macro_rules! who {
    () => {
        "([A-Z][a-z]+[0-9]*(?:'s second device)?)"
    };
}

/// One or more participants' names, as a group: `Alice`, `Alice and Bob`, `Alice, Bob and Carol`.
#[macro_export]
#[doc(hidden)]
macro_rules! list {
    () => {
        "([A-Z][a-z]+[0-9]*(?:'s second device)?(?:, [A-Z][a-z]+[0-9]*(?:'s second device)?)*(?: and [A-Z][a-z]+[0-9]*(?:'s second device)?)?)"
    };
}

/// The names in a list of participants.
fn names(list: &str) -> Vec<String> {
    list.split(", ").flat_map(|part| part.split(" and ")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{all, names};
    use crate::suite::engine::{Match, Registry};

    #[test]
    fn each_example_is_a_step_of_its_own_pattern_and_of_no_other() {
        let registry = Registry::new(all()).unwrap();
        for definition in all() {
            match registry.find(definition.example) {
                Match::One(found, _) => assert_eq!(found.pattern, definition.pattern, "'{}'", definition.example),
                Match::None(_) => panic!("nothing matches '{}'", definition.example),
                Match::Many(patterns) => panic!("'{}' matches {patterns:#?}", definition.example),
            }
            assert!(!definition.doc.is_empty());
        }
    }

    #[test]
    fn lists_are_taken_apart() {
        assert_eq!(names("Alice"), ["Alice"]);
        assert_eq!(names("Alice and Bob's second device"), ["Alice", "Bob's second device"]);
        assert_eq!(names("Alice, Bob and Carol"), ["Alice", "Bob", "Carol"]);
    }
}
