//! The rules of the judge on the bench of a run.

use std::cell::RefCell;
use std::rc::Rc;

use super::observe::RuleBench;
use crate::judge::catalogue::Group;
use crate::judge::record::{CaseRecord, RuleRecord};
use crate::judge::rules::{self, RuleBench as Bench};

/// A bench that has seen nothing.
pub fn fresh() -> Rc<RefCell<dyn RuleBench>> {
    Rc::new(RefCell::new(Judging::default()))
}

#[derive(Debug, Default)]
struct Judging(Bench);

impl RuleBench for Judging {
    fn observe(&mut self, record: &CaseRecord) {
        // What crosses in a robustness case is no standard's traffic, so no rule of a standard judges it.
        if record.group() == Group::Conformance {
            self.0.observe(&record.id, &record.transcript);
        }
    }

    fn finish(&mut self) -> Vec<RuleRecord> {
        std::mem::take(&mut self.0).finish()
    }
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
    let name = |rule: &rules::Rule| RuleName { id: rule.id, purpose: rule.purpose, requirements: rule.requirements };
    rules::all().iter().map(name).collect()
}
