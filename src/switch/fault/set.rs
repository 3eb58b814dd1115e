//! Which faults a switch has.

use super::{Fault, scout};

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
    pub fn has(self, fault: Fault) -> bool {
        scout::note(fault);
        self.holds(fault)
    }

    /// Whether the switch has this fault, asked where it `matters`: where not, the fault makes no difference. Looked at by a
    /// switch that has the fault, and for a scout.
    pub fn has_when(self, fault: Fault, matters: impl FnOnce() -> bool) -> bool {
        (self.holds(fault) || scout::is_on()) && matters() && self.has(fault)
    }

    /// Whether something must be kept that this fault will need, or a scout. To keep it makes no difference yet, so no scout
    /// hears of it; what is made of it later is to be asked about.
    pub fn keeps_for(self, fault: Fault) -> bool {
        self.holds(fault) || scout::is_on()
    }

    /// Whether no fault need be asked about: there is none, and nobody scouts.
    pub fn is_idle(self) -> bool {
        self == Self::none() && !scout::is_on()
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
        let places = |(at, word): (usize, u128)| {
            let left = std::iter::successors(Some(word), |left| left.checked_sub(1).map(|less| left & less));
            let left = left.take_while(|left| *left != 0);
            left.map(move |left| at * 128 + left.trailing_zeros() as usize)
        };
        self.0.into_iter().enumerate().flat_map(places).filter_map(|place| Fault::ALL.get(place).copied())
    }

    /// What these faults make of something that is about to leave. `slip`: what one of them makes of it, which is the same
    /// whenever it is asked.
    pub fn spoil<T: Clone + PartialEq>(self, written: T, slip: impl Fn(T, Fault) -> T) -> T {
        if scout::is_on() {
            let spoils = |fault: &Fault| slip(written.clone(), *fault) != written;
            Fault::ALL.iter().copied().filter(spoils).for_each(scout::note);
        }
        self.iter().fold(written, slip)
    }

    const fn holds(self, fault: Fault) -> bool {
        let place = fault as usize;
        self.0[place / 128] & (1 << (place % 128)) != 0
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
        assert!(FaultSet::none().is_idle());
        let all: FaultSet = Fault::ALL.iter().copied().collect();
        assert!(all.iter().eq(Fault::ALL.iter().copied()) && !all.is_idle());
        for fault in Fault::ALL {
            assert_eq!(FaultSet::from(*fault).iter().collect::<Vec<_>>(), [*fault]);
        }
    }
}
