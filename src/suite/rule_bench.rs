//! The rules of the judge on the bench of a run.

use std::cell::RefCell;
use std::rc::Rc;

use super::observe::{NoRules, RuleBench};

/// A bench that has seen nothing.
pub fn fresh() -> Rc<RefCell<dyn RuleBench>> {
    Rc::new(RefCell::new(NoRules))
}

/// A rule, for those who list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// Stable id.
    pub id: &'static str,
    /// What it demands, one sentence.
    pub purpose: &'static str,
    /// Requirements it is bound to.
    pub requirements: &'static [&'static str],
}

/// All rules.
pub fn names() -> Vec<RuleName> {
    Vec::new()
}
