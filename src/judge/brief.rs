//! Verdicts in brief: what a case or a rule came to, without its evidence. For those who compare many runs.

use serde::{Deserialize, Serialize};

use super::record::{CaseRecord, RuleRecord, RunRecord, StepRecord};
use super::verdict::{Finding, Verdict};

/// What a verdict is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A test case.
    Case,
    /// A rule over all traffic.
    Rule,
}

/// The verdict of a case or rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Case or rule.
    pub subject: Subject,
    /// Its id.
    pub id: String,
    /// `MUST`, `SHOULD`, ...
    pub level: String,
    /// What it came to.
    pub verdict: Verdict,
    /// Requirement ids it is bound to.
    pub requirements: Vec<String>,
    /// The worst expectation that was not met, without its clause; empty if there is none.
    pub expected: String,
    /// What came instead.
    pub observed: String,
    /// The steps of a case whose own verdict is fail or advisory, as their texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<String>,
}

impl Brief {
    /// The cases of a run in the order of the suite, then its rules.
    pub fn of(run: &RunRecord) -> Vec<Self> {
        run.cases.iter().map(Self::of_case).chain(run.rules.iter().map(Self::of_rule)).collect()
    }

    /// Whether the case or rule condemns the implementation: it fails, or it is advisory and asks for no more than advice.
    /// A rule advises where an interpretation tolerates what it sees, and that is all that some rules ever do.
    pub fn is_red(&self) -> bool {
        let mild = matches!(self.level.as_str(), "SHOULD" | "SHOULD NOT" | "SHOULD-NOT" | "RECOMMENDED" | "MAY");
        self.verdict == Verdict::Fail || ((mild || self.subject == Subject::Rule) && self.verdict == Verdict::Advisory)
    }

    fn of_case(case: &CaseRecord) -> Self {
        let (expected, observed) = texts(case.findings.first(), &case.reason);
        Self {
            subject: Subject::Case,
            id: case.id.clone(),
            level: case.level.clone(),
            verdict: case.verdict,
            requirements: case.requirements.clone(),
            expected,
            observed,
            unmet: case.steps.iter().filter(|step| is_unmet(step)).map(|step| step.text.clone()).collect(),
        }
    }

    fn of_rule(rule: &RuleRecord) -> Self {
        let (expected, observed) = texts(rule.findings.first().map(|(_, finding)| finding), &rule.reason);
        Self {
            subject: Subject::Rule,
            id: rule.id.clone(),
            level: rule.level.clone(),
            verdict: rule.verdict,
            requirements: rule.requirements.clone(),
            expected,
            observed,
            unmet: Vec::new(),
        }
    }
}

fn is_unmet(step: &StepRecord) -> bool {
    matches!(step.verdict, Some(Verdict::Fail | Verdict::Advisory))
}

fn texts(finding: Option<&Finding>, reason: &str) -> (String, String) {
    let Some(finding) = finding else { return (String::new(), reason.to_owned()) };
    // What follows in brackets is the clause, which the requirement's id stands for.
    let expected = finding.expected.split_once(" (RFC ").map_or(finding.expected.as_str(), |(text, _)| text);
    (expected.to_owned(), finding.observed.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clause_is_left_out_of_what_was_expected() {
        let finding = |expected: &str| Finding {
            verdict: Verdict::Fail,
            requirement: None,
            expected: expected.to_owned(),
            observed: "200".to_owned(),
            evidence: Vec::new(),
        };
        let texts = |finding: Option<&Finding>| texts(finding, "never reached");
        let with_clause = finding("425 (RFC 7701, 7.1: taken (T46))");
        assert_eq!(texts(Some(&with_clause)), ("425".to_owned(), "200".to_owned()));
        assert_eq!(texts(Some(&finding("403 (or 428)"))), ("403 (or 428)".to_owned(), "200".to_owned()));
        assert_eq!(texts(None), (String::new(), "never reached".to_owned()));
    }
}
