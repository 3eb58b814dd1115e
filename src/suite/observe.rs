//! Who watches a run: progress for people, rules for the judge, and the hand that stops it.

use std::sync::Arc;

use tokio::sync::watch;

use super::plan::Case;
use crate::judge::record::{CaseRecord, RuleRecord};

/// Told what happens while a run goes on.
pub trait Progress {
    /// The run begins; this many cases are to run in all, repetitions counted.
    fn run_started(&mut self, _cases: usize) {}
    /// A case begins.
    fn case_started(&mut self, _case: &Case, _repetition: usize) {}
    /// A case has ended.
    fn case_finished(&mut self, _record: &CaseRecord) {}
    /// The run has ended.
    fn run_finished(&mut self) {}
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}

/// The passive rules, fed with the traffic of every case.
pub trait RuleBench {
    /// Judges the traffic of one case.
    fn observe(&mut self, record: &CaseRecord);
    /// The outcome of every rule over the whole run.
    fn finish(&mut self) -> Vec<RuleRecord>;
}

/// A bench without rules.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRules;

impl RuleBench for NoRules {
    fn observe(&mut self, _record: &CaseRecord) {}

    fn finish(&mut self) -> Vec<RuleRecord> {
        Vec::new()
    }
}

/// Stops a run early: the running cases end inconclusive, no further one starts.
#[derive(Clone, Debug)]
pub struct Stop {
    reason: Arc<watch::Sender<Option<String>>>,
}

impl Default for Stop {
    fn default() -> Self {
        Self { reason: Arc::new(watch::Sender::new(None)) }
    }
}

impl Stop {
    /// Asks the run to stop; the first reason stays.
    pub fn ask(&self, reason: &str) {
        self.reason.send_if_modified(|current| {
            let first = current.is_none();
            current.get_or_insert_with(|| reason.to_owned());
            first
        });
    }

    /// Why the run was asked to stop, if it was.
    pub fn reason(&self) -> Option<String> {
        self.reason.borrow().clone()
    }

    /// Waits until the run is asked to stop.
    pub async fn asked(&self) -> String {
        let mut receiver = self.reason.subscribe();
        match receiver.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone().unwrap_or_default(),
            Err(_) => std::future::pending().await,
        }
    }
}
