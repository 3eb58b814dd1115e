//! Where findings are collected: one bench for one rule and one trace, and one for all rules over a whole run.

use super::{Rule, all};
use crate::judge::record::RuleRecord;
use crate::judge::trace::Trace;
use crate::judge::verdict::{Evidence, Finding, Verdict};
use crate::transcript::Transcript;

/// Most findings kept of one rule; the rest is counted.
pub const FINDINGS_KEPT: usize = 20;

/// What one rule makes of one trace.
#[derive(Debug, Default)]
pub struct Bench {
    requirement: Option<String>,
    observations: usize,
    count: usize,
    findings: Vec<Finding>,
}

impl Bench {
    /// A bench for a rule, whose first requirement its findings are bound to.
    pub fn of(rule: &Rule) -> Self {
        Self { requirement: rule.requirements.first().map(|id| (*id).to_owned()), ..Self::default() }
    }

    /// There was something to judge.
    pub fn observe(&mut self) {
        self.observations += 1;
    }

    /// A MUST was broken.
    pub fn fail(&mut self, expected: impl Into<String>, observed: impl Into<String>, evidence: Vec<Evidence>) {
        self.find(Verdict::Fail, expected.into(), observed.into(), evidence);
    }

    /// A SHOULD was not met, or an interpretation tolerates what was seen.
    pub fn advise(&mut self, expected: impl Into<String>, observed: impl Into<String>, evidence: Vec<Evidence>) {
        self.find(Verdict::Advisory, expected.into(), observed.into(), evidence);
    }

    /// A finding of either kind.
    pub fn find(&mut self, verdict: Verdict, expected: String, observed: String, evidence: Vec<Evidence>) {
        self.count += 1;
        if self.findings.len() < FINDINGS_KEPT || verdict == Verdict::Fail {
            let requirement = self.requirement.clone();
            self.findings.push(Finding { verdict, requirement, expected, observed, evidence });
        }
        if self.findings.len() > FINDINGS_KEPT {
            self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
            self.findings.truncate(FINDINGS_KEPT);
        }
    }

    /// How many times there was something to judge.
    pub fn observations(&self) -> usize {
        self.observations
    }

    /// The findings, bounded in number.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// All rules over the transcripts of a run.
#[derive(Debug)]
pub struct RuleBench {
    tallies: Vec<Tally>,
}

#[derive(Debug, Default)]
struct Tally {
    observations: usize,
    count: usize,
    findings: Vec<(String, Finding)>,
}

impl Default for RuleBench {
    fn default() -> Self {
        Self::new()
    }
}

impl RuleBench {
    /// A bench that has seen nothing.
    pub fn new() -> Self {
        Self { tallies: all().iter().map(|_| Tally::default()).collect() }
    }

    /// Judges the transcript of a case by every rule.
    pub fn observe(&mut self, case_id: &str, transcript: &Transcript) {
        let trace = Trace::of(transcript);
        for (rule, tally) in all().iter().zip(&mut self.tallies) {
            let mut bench = Bench::of(rule);
            (rule.judge)(&trace, &mut bench);
            tally.observations += bench.observations.max(usize::from(bench.count > 0));
            tally.count += bench.count;
            tally.findings.extend(bench.findings.into_iter().map(|finding| (case_id.to_owned(), finding)));
            tally.findings.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.verdict));
            tally.findings.truncate(FINDINGS_KEPT);
        }
    }

    /// The records of all rules, in their order. A rule that never had anything to judge is inconclusive.
    pub fn finish(self) -> Vec<RuleRecord> {
        all()
            .iter()
            .zip(self.tallies)
            .map(|(rule, tally)| {
                let worst = tally.findings.iter().map(|(_, finding)| finding.verdict).max();
                let verdict = match (tally.observations, worst) {
                    (0, _) => Verdict::Inconclusive,
                    (_, Some(worst)) => worst,
                    (_, None) => Verdict::Pass,
                };
                let reason = match (verdict, tally.findings.first()) {
                    (Verdict::Inconclusive, None) => "nothing to judge was ever observed".to_owned(),
                    (_, Some((_, finding))) => format!("expected {}; {}", finding.expected, finding.observed),
                    (_, None) => String::new(),
                };
                RuleRecord {
                    id: rule.id.to_owned(),
                    purpose: rule.purpose.to_owned(),
                    requirements: rule.requirements.iter().map(|id| (*id).to_owned()).collect(),
                    level: rule.level.to_owned(),
                    observations: tally.observations,
                    verdict,
                    reason,
                    findings: tally.findings,
                    finding_count: tally.count,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fail_is_kept_however_many_advisories_came_first() {
        let mut bench = Bench::default();
        for number in 0..FINDINGS_KEPT + 5 {
            bench.advise("a SHOULD", format!("advisory {number}"), Vec::new());
        }
        assert_eq!(bench.findings().len(), FINDINGS_KEPT);
        bench.fail("a MUST", "broken", Vec::new());
        bench.advise("a SHOULD", "one more", Vec::new());
        assert_eq!((bench.findings().len(), bench.count), (FINDINGS_KEPT, FINDINGS_KEPT + 7));
        let kept: Vec<&str> = bench.findings().iter().map(|finding| finding.observed.as_str()).collect();
        assert_eq!((kept[0], kept[1], kept.last().copied()), ("broken", "advisory 0", Some("advisory 18")));
        assert_eq!(bench.findings().iter().filter(|finding| finding.verdict == Verdict::Fail).count(), 1);
    }

    #[test]
    fn occasions_are_counted() {
        let mut bench = Bench::default();
        assert_eq!(bench.observations(), 0);
        (0..3).for_each(|_| bench.observe());
        assert_eq!(bench.observations(), 3);
    }
}
