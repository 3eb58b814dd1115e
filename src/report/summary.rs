//! Counts, and what they come to.

use serde::Serialize;

use crate::judge::catalogue::Group;
use crate::judge::record::RunRecord;
use crate::judge::verdict::Verdict;

/// How many cases or rules came to which verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Passed.
    pub pass: usize,
    /// A SHOULD was not met, or a tolerated deviation was seen.
    pub advisory: usize,
    /// A MUST was broken.
    pub fail: usize,
    /// The purpose was never reached.
    pub inconclusive: usize,
    /// Our own fault.
    pub error: usize,
    /// Did not apply.
    pub not_applicable: usize,
}

impl Summary {
    /// Counts verdicts.
    pub fn of(verdicts: impl IntoIterator<Item = Verdict>) -> Self {
        let mut summary = Self::default();
        for verdict in verdicts {
            *match verdict {
                Verdict::Pass => &mut summary.pass,
                Verdict::Advisory => &mut summary.advisory,
                Verdict::Fail => &mut summary.fail,
                Verdict::Inconclusive => &mut summary.inconclusive,
                Verdict::Error => &mut summary.error,
                Verdict::NotApplicable => &mut summary.not_applicable,
            } += 1;
        }
        summary
    }

    /// The cases of one group of a run.
    pub fn of_cases(run: &RunRecord, group: Group) -> Self {
        Self::of(run.cases.iter().filter(|case| case.group() == group).map(|case| case.verdict))
    }

    /// The rules of a run.
    pub fn of_rules(run: &RunRecord) -> Self {
        Self::of(run.rules.iter().map(|rule| rule.verdict))
    }

    /// All of them.
    pub fn total(&self) -> usize {
        self.ran() + self.not_applicable
    }

    /// Those that applied.
    pub fn ran(&self) -> usize {
        self.pass + self.advisory + self.fail + self.inconclusive + self.error
    }
}

/// What a run comes to, for the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// Every selected case passed or was advisory.
    Passed,
    /// At least one case or rule failed.
    Failed,
    /// None failed, but something kept the run from proving anything: inconclusive, error, ended early, nothing ran.
    Unproven,
}

impl Conclusion {
    /// What a run comes to. A rule that was never observed proves nothing and disturbs nothing: which rules a run
    /// observes depends on the selection.
    ///
    /// Both groups count: a room that hostile input takes down fails the run, though that is no matter of conformance.
    pub fn of(run: &RunRecord) -> Self {
        let groups = Group::ALL.map(|group| (Summary::of_cases(run, group).ran(), Self::of_group(run, group)));
        if groups.iter().any(|(_, conclusion)| *conclusion == Self::Failed) {
            return Self::Failed;
        }
        // A group of which nothing was selected, or nothing applies, neither proves nor disturbs anything.
        let mut tried = groups.iter().filter(|(ran, _)| *ran > 0).peekable();
        let proved = tried.peek().is_some() && tried.all(|(_, conclusion)| *conclusion == Self::Passed);
        let rules = Summary::of_rules(run);
        if proved && rules.error == 0 && run.ended_early.is_none() { Self::Passed } else { Self::Unproven }
    }

    /// What the cases of one group come to; the rules are a matter of conformance.
    pub fn of_group(run: &RunRecord, group: Group) -> Self {
        let cases = Summary::of_cases(run, group);
        let rules = match group {
            Group::Conformance => Summary::of_rules(run),
            Group::Robustness => Summary::default(),
        };
        if cases.fail + rules.fail > 0 {
            Self::Failed
        } else if cases.inconclusive + cases.error + rules.error > 0 || run.ended_early.is_some() || cases.ran() == 0 {
            Self::Unproven
        } else {
            Self::Passed
        }
    }
}
