//! Named, believable bugs of the bundled switch: the proof that the suite can fail.
//!
//! Each fault is one arm where the right code decides; a [`FaultSet`] without it costs one comparison.

use std::fmt;
use std::str::FromStr;

macro_rules! faults {
    ($($(#[doc = $meaning:literal])+ $variant:ident = $name:literal [$($requirement:literal),+ $(,)?] $line:literal;)+) => {
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

faults! {
    /// A nickname that another user holds is granted.
    NicknameConflictAccepted = "nickname-conflict-accepted"
        ["RFC7701-7.1-27", "RFC7701-7.1-29", "RFC7701-7-5", "RFC7701-7-8", "RFC7701-11-14"]
        "grants a nickname that another user holds";
    /// A private message goes to everybody.
    PrivateMessageBroadcast = "private-message-broadcast"
        ["RFC7701-4-23", "RFC7701-3-6"]
        "copies a private message to the whole room";
    /// The sender of a regular message gets a copy too.
    OwnCopyEchoed = "own-copy-echoed"
        ["RFC7701-6.1-20", "RFC7701-6.1-19"]
        "returns a copy of a regular message to the session it came from";
    /// Reports of receivers reach the sender.
    ReceiverReportsForwarded = "receiver-reports-forwarded"
        ["RFC7701-6.3-13", "RFC7701-6.3-14"]
        "passes the recipients' REPORTs on to the original sender";
    /// Nicknames are compared octet for octet.
    NicknameCaseSensitive = "nickname-case-sensitive"
        ["RFC7701-7.1-16"]
        "compares nicknames octet by octet, so that 'Foo' and 'foo' are two";
    /// 428, and the message is delivered all the same.
    PrivateMessage428YetDelivered = "private-message-428-yet-delivered"
        ["RFC7701-6.2-24"]
        "answers 428 to a private message, yet delivers it to the endpoint without support";
    /// 403 where 404 is due.
    UnknownRecipient403 = "unknown-recipient-403"
        ["RFC7701-6.2-13", "RFC7701-6.2-14", "RFC7701-10.3-1"]
        "refuses a private message to somebody unknown with 403 instead of 404";
    /// The answer lists text/plain beside message/cpim.
    AnswerTwoAcceptTypes = "answer-two-accept-types"
        ["RFC7701-5.2-28", "RFC7701-5.2-29"]
        "lists text/plain beside message/cpim in accept-types of its answer";
    /// isfocus as a URI parameter.
    IsfocusInsideBrackets = "isfocus-inside-brackets"
        ["RFC7701-5.2-18"]
        "writes isfocus into the URI of its Contact instead of behind it";
    /// Two notifications with the same version.
    RosterVersionRepeated = "roster-version-repeated"
        ["RFC4575-5.1-1"]
        "does not count up the version of its conference documents";
}

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

/// The faults that a switch has; usually none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultSet(u128);

impl FaultSet {
    /// A switch without faults.
    pub const fn none() -> Self {
        Self(0)
    }

    /// Whether the switch has this fault.
    pub const fn has(self, fault: Fault) -> bool {
        self.0 & (1 << fault as u32) != 0
    }

    /// Whether the switch has no fault.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// This fault too.
    #[must_use]
    pub const fn with(self, fault: Fault) -> Self {
        Self(self.0 | 1 << fault as u32)
    }

    /// The faults in the order of [`Fault::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |fault| self.has(*fault))
    }
}

impl From<Fault> for FaultSet {
    fn from(fault: Fault) -> Self {
        Self::none().with(fault)
    }
}

impl FromIterator<Fault> for FaultSet {
    fn from_iter<I: IntoIterator<Item = Fault>>(faults: I) -> Self {
        faults.into_iter().fold(Self::none(), Self::with)
    }
}

const _: () = assert!(Fault::ALL.len() <= 128, "FaultSet has 128 places");

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

    #[test]
    fn a_set_has_what_was_put_in() {
        let set: FaultSet = [Fault::OwnCopyEchoed, Fault::NicknameCaseSensitive].into_iter().collect();
        assert!(set.has(Fault::OwnCopyEchoed) && !set.has(Fault::PrivateMessageBroadcast));
        assert_eq!(set.iter().count(), 2);
        assert!(FaultSet::none().is_empty());
    }
}
