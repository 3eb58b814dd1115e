//! Which faults could have made a difference: those that a switch without any was asked about while it worked.
//!
//! What a switch in memory does is a function of the seed and of the answers it gets to "have you this fault?". Where a
//! fault was never asked about, the switch with that fault would have done the same.

use std::cell::{Cell, RefCell};

use super::{Fault, FaultSet};

thread_local! {
    static IS_ON: Cell<bool> = const { Cell::new(false) };
    static ASKED: RefCell<FaultSet> = const { RefCell::new(FaultSet::none()) };
}

/// Notes what the switches of this thread are asked about, as long as it lives. They should have no fault.
#[derive(Debug)]
pub struct Scout(());

impl Scout {
    /// Begins with nothing noted.
    pub fn begin() -> Self {
        ASKED.take();
        IS_ON.set(true);
        Self(())
    }

    /// What was asked about since the last call.
    pub fn take(&self) -> FaultSet {
        ASKED.take()
    }
}

impl Drop for Scout {
    fn drop(&mut self) {
        IS_ON.set(false);
    }
}

pub(super) fn is_on() -> bool {
    IS_ON.get()
}

/// Somebody asks about a fault.
pub(super) fn note(fault: Fault) {
    if is_on() {
        ASKED.with_borrow_mut(|asked| *asked = asked.with(fault));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_or_would_be_spoilt_is_noted_and_nothing_else() {
        let none = FaultSet::none();
        assert!(none.is_idle());
        none.has(Fault::OwnCopyEchoed);
        let scout = Scout::begin();
        assert!(!none.is_idle() && !none.has(Fault::ShortTags));
        let slip = |text, fault| if fault == Fault::RportIgnored { "spoilt" } else { text };
        assert_eq!(none.spoil("as it was", slip), "as it was");
        assert_eq!(scout.take(), [Fault::ShortTags, Fault::RportIgnored].into_iter().collect());
        assert_eq!(scout.take(), none);
        drop(scout);
        none.has(Fault::OwnCopyEchoed);
        assert_eq!(Scout::begin().take(), none);
    }

    #[test]
    fn what_makes_no_difference_is_not_noted() {
        let (none, echo) = (FaultSet::none(), FaultSet::from(Fault::OwnCopyEchoed));
        assert!(echo.has_when(Fault::OwnCopyEchoed, || true) && !echo.has_when(Fault::OwnCopyEchoed, || false));
        assert!(echo.keeps_for(Fault::OwnCopyEchoed) && !echo.keeps_for(Fault::ShortTags));
        let never = || -> bool { panic!("nobody who has no such fault looks whether it matters") };
        assert!(!none.has_when(Fault::OwnCopyEchoed, never));
        let scout = Scout::begin();
        assert!(!none.has_when(Fault::OwnCopyEchoed, || true) && !none.has_when(Fault::ShortTags, || false));
        assert!(none.keeps_for(Fault::RportIgnored), "a scout needs what the fault would");
        assert_eq!(scout.take(), Fault::OwnCopyEchoed.into());
    }
}
