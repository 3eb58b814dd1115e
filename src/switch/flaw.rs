//! Whatever can be wrong with a switch, by its name: faults and wreckage.

use std::fmt;
use std::str::FromStr;

use super::fault::{Fault, FaultSet, UnknownFault};
use super::wreckage::Wreckage;

/// One thing that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flaw {
    /// A bug that breaks one requirement.
    Fault(Fault),
    /// A server that is broken as a whole.
    Wreckage(Wreckage),
}

impl Flaw {
    /// Every fault, then every wreckage.
    pub fn all() -> impl Iterator<Item = Self> {
        let faults = Fault::ALL.iter().copied().map(Self::Fault);
        faults.chain(Wreckage::ALL.iter().copied().map(Self::Wreckage))
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.name(),
            Self::Wreckage(wreckage) => wreckage.name(),
        }
    }

    /// What the switch does, in one line.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.describe(),
            Self::Wreckage(wreckage) => wreckage.describe(),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Flaw {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        match Wreckage::ALL.iter().find(|wreckage| wreckage.name() == text) {
            Some(wreckage) => Ok(Self::Wreckage(*wreckage)),
            None => text.parse().map(Self::Fault),
        }
    }
}

/// All that is wrong with a switch; usually nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flaws {
    /// Its bugs.
    pub faults: FaultSet,
    /// How it is broken as a whole; the last one named counts.
    pub wreckage: Option<Wreckage>,
}

impl From<FaultSet> for Flaws {
    fn from(faults: FaultSet) -> Self {
        Self { faults, wreckage: None }
    }
}

impl FromIterator<Flaw> for Flaws {
    fn from_iter<I: IntoIterator<Item = Flaw>>(flaws: I) -> Self {
        flaws.into_iter().fold(Self::default(), |flaws, flaw| match flaw {
            Flaw::Fault(fault) => Self { faults: flaws.faults.with(fault), ..flaws },
            Flaw::Wreckage(wreckage) => Self { wreckage: Some(wreckage), ..flaws },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_no_two_are_the_same() {
        let names: std::collections::BTreeSet<_> = Flaw::all().map(Flaw::name).collect();
        assert_eq!(names.len(), Flaw::all().count());
        for flaw in Flaw::all() {
            assert_eq!(flaw.name().parse(), Ok(flaw));
        }
        assert!("nil".parse::<Flaw>().is_err());
    }

    #[test]
    fn faults_and_wreckage_go_together() {
        let flaws: Flaws = [Flaw::Wreckage(Wreckage::Slow), Flaw::Fault(Fault::OwnCopyEchoed)].into_iter().collect();
        assert_eq!(flaws, Flaws { faults: Fault::OwnCopyEchoed.into(), wreckage: Some(Wreckage::Slow) });
    }
}
