//! Rules: invariants that every transcript is judged by, whatever the scenario was about.
//!
//! A rule judges what the implementation under test sent and takes the tester's octets as stimulus. It condemns only
//! what no defensible reading allows; what a SHOULD or a tolerant interpretation stands against is advisory.

mod bench;

pub use bench::{Bench, RuleBench};

use super::trace::Trace;

/// An invariant.
pub struct Rule {
    /// Stable id: `RULE-MSRP-007`.
    pub id: &'static str,
    /// What it demands, one sentence.
    pub purpose: &'static str,
    /// Requirement ids it is bound to, the most specific one first.
    pub requirements: &'static [&'static str],
    /// Strength of the requirement: `MUST`, `SHOULD`.
    pub level: &'static str,
    /// Looks for occasions in a trace, counts them and notes what was wrong.
    pub judge: fn(&Trace, &mut Bench),
}

/// All rules, in the order of their ids.
pub fn all() -> &'static [Rule] {
    &[]
}
