//! The proof that the suite can fail: what it says about a switch without faults, and about each fault of it.
//!
//! A fault is *caught* when a case or rule goes red that is bound to a requirement which the fault breaks. What goes red
//! without being bound to such a requirement, or to the fault's collateral, is *unspecific*: it would send the reader of a
//! report to the wrong clause. A case or rule that catches no fault is *idle*: nobody has ever seen it condemn what it is
//! about. A step definition that expects something, and under no fault was what a case failed by, is idle too: whatever it
//! looks at, it may be looking away.

mod markdown;
#[cfg(test)]
mod tests;
mod text;
mod trials;

pub use self::trials::{Reach, Trials};

use std::collections::BTreeSet;

use serde::Serialize;

use crate::judge::brief::{Brief, Subject};
use crate::judge::verdict::Verdict;
use crate::suite::engine::{Match, Registry};
use crate::suite::plan::{Case, CaseStep};
use crate::switch::fault::Fault;
use crate::switch::wreckage::Wreckage;

/// What a run came to: its verdicts, or why there are none.
pub type Outcome = Result<Vec<Brief>, String>;

/// The kill matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// How many scenarios were run in all.
    pub scenario_runs: usize,
    /// What does not pass, or could not be run, without a fault.
    pub not_green: Vec<String>,
    /// A row for each fault, in the order of the faults.
    pub faults: Vec<Row>,
    /// A row for each wreckage.
    pub wreckage: Vec<Wreck>,
    /// Cases that catch nothing; empty when only some faults were tried.
    pub idle_cases: Vec<String>,
    /// Rules that catch nothing; empty when only some faults were tried.
    pub idle_rules: Vec<String>,
    /// Step definitions that expect something and were never unmet, as their examples; empty when only some faults were
    /// tried.
    pub idle_steps: Vec<&'static str>,
    /// How many expectations stand in the cases that ran: each such step of each case.
    pub expectations: usize,
    /// How many of them were unmet under some fault.
    pub unmet: usize,
}

/// A step of a case that expects something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expectation {
    /// The case's id.
    pub case: String,
    /// The step's text.
    pub step: String,
    /// The example of its definition.
    pub definition: &'static str,
}

/// What the cases expect.
pub fn expectations(cases: &[Case], registry: &Registry) -> Vec<Expectation> {
    let of_case = |case: &Case| {
        let known = |step: &CaseStep| match registry.find(&step.text) {
            Match::One(definition, _) => {
                Some(Expectation { case: case.id.clone(), step: step.text.clone(), definition: definition.example })
            }
            _ => None,
        };
        case.expectations().filter_map(known).collect::<Vec<_>>()
    };
    cases.iter().flat_map(of_case).collect()
}

/// What happened to one fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The fault.
    pub fault: &'static str,
    /// The requirements that it breaks.
    pub requirements: Vec<&'static str>,
    /// The cases and rules that caught it, in the order of the suite.
    pub killers: Vec<String>,
    /// The first expectation of the first killer that was not met.
    pub expected: String,
    /// What came instead.
    pub observed: String,
    /// What went red as collateral.
    pub collateral: Vec<String>,
    /// What went red without reason.
    pub unspecific: Vec<String>,
    /// Why the run proves nothing, if it does not.
    pub trouble: Vec<String>,
}

/// What a run against wreckage came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wreck {
    /// The wreckage.
    pub wreckage: &'static str,
    /// Whether an INVITE is answered.
    pub answers_invite: bool,
    /// The cases that passed: only one that needs no more than the answer to an INVITE may.
    pub passed: Vec<String>,
    /// How many cases did not pass.
    pub unpassed: usize,
    /// Why the run proves nothing, if it does not.
    pub trouble: Vec<String>,
}

/// Step definitions that no fault can make fail, as their examples, each with the reason.
const UNFAILING: &[(&str, &str)] = &[];

/// Rules and cases that no run against the bundled switch can redden, each with the reason; what they look for is shown to
/// them by the tests of the rules instead.
const UNPROVABLE: &[(&str, &str)] = &[
    ("RULE-MSRP-009", "a missing response is one only after 30 s, and no case waits so long: it is for captures"),
    ("RULE-SIP-005", "a missing response is one only after 32 s, and no case waits so long: it is for captures"),
    ("RULE-SIP-025", "a missing notification is one only after 32 s, and no case waits so long: it is for captures"),
    ("RULE-MSRP-013", "no case lets a message with Failure-Report no fail after it was accepted: it is for captures"),
];

impl Matrix {
    /// Compares the run without faults with those with one each. `all`: what the whole suite expects, if every fault was
    /// tried against it.
    pub fn of(
        green: &Outcome,
        faults: &[(Fault, Outcome)],
        wrecks: &[(Wreckage, Outcome)],
        all: Option<&[Expectation]>,
    ) -> Self {
        let rows: Vec<_> = faults.iter().map(|(fault, outcome)| Row::of(*fault, outcome)).collect();
        let outcomes = || {
            let wrecks = wrecks.iter().map(|(_, outcome)| outcome);
            std::iter::once(green).chain(faults.iter().map(|(_, outcome)| outcome)).chain(wrecks)
        };
        let ran = |brief: &&Brief| brief.subject == Subject::Case && brief.verdict != Verdict::NotApplicable;
        let killers: BTreeSet<_> = rows.iter().flat_map(|row| &row.killers).collect();
        let idle = |subject: Subject| match green {
            Ok(briefs) if all.is_some() => {
                let unprovable = |brief: &Brief| UNPROVABLE.iter().any(|(id, _)| *id == brief.id);
                let idle =
                    |brief: &&Brief| brief.subject == subject && !killers.contains(&brief.id) && !unprovable(brief);
                let of_subject = briefs.iter().filter(idle);
                of_subject.map(|brief| brief.id.clone()).collect()
            }
            _ => Vec::new(),
        };
        let red = faults.iter().flat_map(|(_, outcome)| outcome).flatten().filter(|brief| brief.is_red());
        let unmet: BTreeSet<(&str, &str)> =
            red.flat_map(|brief| brief.unmet.iter().map(|step| (brief.id.as_str(), step.as_str()))).collect();
        let expected = all.unwrap_or_default();
        let (failed, met): (Vec<_>, Vec<_>) =
            expected.iter().partition(|one| unmet.contains(&(one.case.as_str(), one.step.as_str())));
        let busy: BTreeSet<_> = failed.iter().map(|one| one.definition).collect();
        let unfailing = |example: &str| UNFAILING.iter().any(|(unfailing, _)| *unfailing == example);
        let idle_steps: BTreeSet<_> =
            met.iter().map(|one| one.definition).filter(|one| !busy.contains(one) && !unfailing(one)).collect();
        Self {
            scenario_runs: outcomes().flatten().map(|briefs| briefs.iter().filter(ran).count()).sum(),
            not_green: match green {
                Ok(briefs) => {
                    // A part of the suite need not give every rule something to judge.
                    let unseen = |brief: &Brief| {
                        all.is_none() && brief.subject == Subject::Rule && brief.verdict == Verdict::Inconclusive
                    };
                    let bad = |brief: &&Brief| brief.verdict != Verdict::Pass && !unseen(brief);
                    briefs.iter().filter(bad).map(verdict_of).collect()
                }
                Err(why) => vec![why.clone()],
            },
            idle_cases: idle(Subject::Case),
            idle_rules: idle(Subject::Rule),
            idle_steps: idle_steps.into_iter().collect(),
            expectations: expected.len(),
            unmet: failed.len(),
            faults: rows,
            wreckage: wrecks.iter().map(|(wreckage, outcome)| Wreck::of(*wreckage, outcome)).collect(),
        }
    }

    /// Whether the suite is proved: green without faults, every fault caught, nothing red without reason, nothing idle.
    pub fn holds(&self) -> bool {
        self.not_green.is_empty()
            && self.idle_cases.is_empty()
            && self.idle_rules.is_empty()
            && self.idle_steps.is_empty()
            && self.faults.iter().all(|row| row.is_caught() && row.unspecific.is_empty())
            && self.wreckage.iter().all(Wreck::is_condemned)
    }

    /// The faults that nothing caught.
    pub fn survivors(&self) -> impl Iterator<Item = &Row> {
        self.faults.iter().filter(|row| !row.is_caught())
    }
}

impl Row {
    fn of(fault: Fault, outcome: &Outcome) -> Self {
        let mut row = Self {
            fault: fault.name(),
            requirements: fault.requirements().to_vec(),
            killers: Vec::new(),
            expected: String::new(),
            observed: String::new(),
            collateral: Vec::new(),
            unspecific: Vec::new(),
            trouble: Vec::new(),
        };
        let briefs = match outcome {
            Ok(briefs) => briefs,
            Err(why) => {
                row.trouble.push(why.clone());
                return row;
            }
        };
        row.trouble.extend(briefs.iter().filter(|brief| brief.verdict == Verdict::Error).map(verdict_of));
        for brief in briefs.iter().filter(|brief| brief.is_red()) {
            let bound = || brief.requirements.iter().map(String::as_str);
            if bound().any(|one| fault.requirements().contains(&one)) {
                if row.killers.is_empty() {
                    row.expected.clone_from(&brief.expected);
                    row.observed.clone_from(&brief.observed);
                }
                row.killers.push(brief.id.clone());
            } else if fault.collateral().is_some_and(|collateral| collateral.covers(bound())) {
                row.collateral.push(brief.id.clone());
            } else {
                row.unspecific.push(brief.id.clone());
            }
        }
        row
    }

    /// Whether something bound to the fault's requirements caught it, in a run that can be relied on.
    pub fn is_caught(&self) -> bool {
        !self.killers.is_empty() && self.trouble.is_empty()
    }
}

impl Wreck {
    fn of(wreckage: Wreckage, outcome: &Outcome) -> Self {
        let mut wreck = Self {
            wreckage: wreckage.name(),
            answers_invite: wreckage.answers_invite(),
            passed: Vec::new(),
            unpassed: 0,
            trouble: Vec::new(),
        };
        match outcome {
            Ok(briefs) => {
                wreck.trouble = briefs.iter().filter(|brief| brief.verdict == Verdict::Error).map(verdict_of).collect();
                for brief in briefs.iter().filter(|brief| brief.subject == Subject::Case) {
                    match brief.verdict {
                        Verdict::Pass => wreck.passed.push(brief.id.clone()),
                        Verdict::NotApplicable => {}
                        _ => wreck.unpassed += 1,
                    }
                }
            }
            Err(why) => wreck.trouble.push(why.clone()),
        }
        wreck
    }

    /// Whether nothing passed that needed an answer which never came. A case that needs an INVITE answered may pass where it
    /// is; but no wreckage passes as a whole.
    pub fn is_condemned(&self) -> bool {
        let passed_none = self.passed.is_empty();
        self.trouble.is_empty() && (passed_none || (self.answers_invite && self.unpassed > self.passed.len()))
    }
}

fn verdict_of(brief: &Brief) -> String {
    format!("{} is {}: {}", brief.id, brief.verdict.word(), brief.observed)
}
