//! Which faults a switch has.

use super::Fault;

/// The faults that a switch has; usually none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultSet([u128; PLACES / 128]);

/// How many faults there may be.
const PLACES: usize = 1024;

impl FaultSet {
    /// A switch without faults.
    pub const fn none() -> Self {
        Self([0; PLACES / 128])
    }

    /// Whether the switch has this fault.
    pub const fn has(self, fault: Fault) -> bool {
        let place = fault as usize;
        self.0[place / 128] & (1 << (place % 128)) != 0
    }

    /// Whether the switch has no fault.
    pub const fn is_empty(self) -> bool {
        let [a, b, c, d, e, f, g, h] = self.0;
        a | b | c | d | e | f | g | h == 0
    }

    /// This fault too.
    #[must_use]
    pub const fn with(mut self, fault: Fault) -> Self {
        let place = fault as usize;
        self.0[place / 128] |= 1 << (place % 128);
        self
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

const _: () = assert!(Fault::ALL.len() <= PLACES, "more faults than a FaultSet has places for");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_what_was_put_in() {
        let set: FaultSet = [Fault::OwnCopyEchoed, Fault::NicknameCaseSensitive].into_iter().collect();
        assert!(set.has(Fault::OwnCopyEchoed) && !set.has(Fault::PrivateMessageBroadcast));
        assert_eq!(set.iter().count(), 2);
        assert!(FaultSet::none().is_empty());
        let all: FaultSet = Fault::ALL.iter().copied().collect();
        assert!(all.iter().eq(Fault::ALL.iter().copied()) && !all.is_empty());
        for fault in Fault::ALL {
            assert_eq!(FaultSet::from(*fault).iter().collect::<Vec<_>>(), [*fault]);
        }
    }
}
