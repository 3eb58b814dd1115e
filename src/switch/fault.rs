//! Named, believable bugs of the bundled switch: the proof that the suite can fail.
//!
//! Each fault is one arm where the right code decides; a [`FaultSet`] without it costs one comparison.

use std::fmt;
use std::str::FromStr;

mod collateral;
mod scout;
mod set;
#[macro_use]
mod table;

pub use collateral::{Collateral, Requirements};
pub use scout::Scout;
pub use set::FaultSet;

macro_rules! faults {
    (; $($(#[doc = $meaning:literal])+ $variant:ident = $name:literal [$($requirement:literal),+ $(,)?] $line:literal;)+) => {
        /// A bug that the bundled switch can be told to have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl Fault {
            /// Every fault, in the order of the enum.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name on the command line.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The requirements that the fault breaks.
            pub fn requirements(self) -> &'static [&'static str] {
                match self {
                    $(Self::$variant => &[$($requirement,)+],)+
                }
            }

            /// What the faulty switch does, in one line.
            pub fn describe(self) -> &'static str {
                match self {
                    $(Self::$variant => $line,)+
                }
            }
        }
    };
}

media! { focus, slips, msrp, cpim, roster, sip, sdp, dialogs, setup, syntax, comparison, robustness, faults; }

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that no fault has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no fault is called '{name}'; the nearest is '{nearest}'")]
pub struct UnknownFault {
    /// What was asked for.
    pub name: String,
    /// The fault whose name is nearest.
    pub nearest: &'static str,
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        if let Some(fault) = Self::ALL.iter().find(|fault| fault.name() == text) {
            return Ok(*fault);
        }
        let nearest = Self::ALL
            .iter()
            .map(|fault| fault.name())
            .max_by(|a, b| strsim::jaro_winkler(a, text).total_cmp(&strsim::jaro_winkler(b, text)))
            .unwrap_or_default();
        Err(UnknownFault { name: text.to_owned(), nearest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_kebab_case_unique_and_read_back() {
        let mut names: Vec<_> = Fault::ALL.iter().map(|fault| fault.name()).collect();
        for fault in Fault::ALL {
            assert_eq!(fault.name().parse(), Ok(*fault));
            assert!(fault.name().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(!fault.requirements().is_empty());
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Fault::ALL.len());
    }

    #[test]
    fn a_wrong_name_gets_a_hint() {
        let error = "own-copy-echo".parse::<Fault>().unwrap_err();
        assert_eq!(error.nearest, "own-copy-echoed");
    }
}
