//! What a run leaves behind: one record a case, one a rule. Reports are made from these alone.

use std::time::Duration;

use super::catalogue::Group;
use super::verdict::{Finding, Verdict};
use crate::transcript::Transcript;

/// The outcome of one step of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// `Given`, `When`, `Then`, ...
    pub keyword: String,
    /// The step's text.
    pub text: String,
    /// Line in the feature file.
    pub line: usize,
    /// Its verdict; `None`: not reached.
    pub verdict: Option<Verdict>,
}

/// The outcome of one test case.
#[derive(Clone, Debug)]
pub struct CaseRecord {
    /// Stable id: `NICK-BI-004`.
    pub id: String,
    /// The scenario's name.
    pub name: String,
    /// The feature's name.
    pub feature: String,
    /// File of the scenario, as the user would write it, and line.
    pub location: (String, usize),
    /// Requirement ids from its tags.
    pub requirements: Vec<String>,
    /// `MUST`, `SHOULD`, ... from its tags.
    pub level: String,
    /// The verdict.
    pub verdict: Verdict,
    /// One sentence: why. Empty for a plain pass.
    pub reason: String,
    /// The findings, worst first.
    pub findings: Vec<Finding>,
    /// The steps.
    pub steps: Vec<StepRecord>,
    /// How long it took.
    pub duration: Duration,
    /// What crossed the PCOs.
    pub transcript: Transcript,
    /// For `--repeat`: which repetition, from 1.
    pub repetition: usize,
}

impl CaseRecord {
    /// Whether it is a matter of conformance.
    pub fn group(&self) -> Group {
        if self.level == Group::Robustness.word() { Group::Robustness } else { Group::Conformance }
    }
}

/// The outcome of one rule over the whole run.
#[derive(Clone, Debug)]
pub struct RuleRecord {
    /// Stable id: `RULE-MSRP-007`.
    pub id: String,
    /// What it demands, one sentence.
    pub purpose: String,
    /// Requirement ids it is bound to.
    pub requirements: Vec<String>,
    /// Strength of the requirement: `MUST`, `SHOULD`.
    pub level: String,
    /// How many times there was something to judge. None: inconclusive, never pass.
    pub observations: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// One sentence: why.
    pub reason: String,
    /// The findings with the id of the case in whose traffic they were seen, worst first, bounded in number.
    pub findings: Vec<(String, Finding)>,
    /// How many findings there were in all.
    pub finding_count: usize,
}

/// A whole run.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// What was tested: the profile's name.
    pub iut: String,
    /// The room URI.
    pub target: String,
    /// Seed of all randomness.
    pub seed: u64,
    /// Seconds since the Unix epoch at the start.
    pub started_at: u64,
    /// How long it took.
    pub duration: Duration,
    /// Why the run ended early, if it did: interrupted, unreachable.
    pub ended_early: Option<String>,
    /// Remarks for the reader: capabilities learned by probing, claims that traffic contradicts.
    pub remarks: Vec<String>,
    /// Case records, in the order of the suite.
    pub cases: Vec<CaseRecord>,
    /// Rule records.
    pub rules: Vec<RuleRecord>,
}
