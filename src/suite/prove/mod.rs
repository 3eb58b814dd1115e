//! The proof that the suite can fail: what it says about a switch without faults, and about each fault of it.
//!
//! A fault is *caught* when a case or rule goes red that is bound to a requirement which the fault breaks. What goes red
//! without being bound to such a requirement, or to the fault's collateral, is *unspecific*: it would send the reader of a
//! report to the wrong clause. A case or rule that no fault reddens, be it as
//! collateral, is *idle*: nobody has ever seen it fail.

mod markdown;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::judge::brief::{Brief, Subject};
use crate::judge::verdict::Verdict;
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
    /// Cases and rules that go red, but under no fault that breaks a requirement of theirs.
    pub only_collateral: Vec<String>,
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

/// Rules and cases that no run against the bundled switch can redden, each with the reason; what they look for is shown to
/// them by the tests of the rules instead.
const UNPROVABLE: &[(&str, &str)] = &[
    ("RULE-MSRP-009", "a missing response is one only after 30 s, and no case waits so long: it is for captures"),
    ("RULE-SIP-005", "a missing response is one only after 32 s, and no case waits so long: it is for captures"),
    ("RULE-SIP-025", "a missing notification is one only after 32 s, and no case waits so long: it is for captures"),
    ("RULE-MSRP-013", "no case lets a message with Failure-Report no fail after it was accepted: it is for captures"),
];

impl Matrix {
    /// Compares the run without faults with those with one each. `all`: whether every fault was tried
    /// against the whole suite.
    pub fn of(green: &Outcome, faults: &[(Fault, Outcome)], wrecks: &[(Wreckage, Outcome)], all: bool) -> Self {
        let rows: Vec<_> = faults.iter().map(|(fault, outcome)| Row::of(*fault, outcome)).collect();
        let outcomes = || {
            let wrecks = wrecks.iter().map(|(_, outcome)| outcome);
            std::iter::once(green).chain(faults.iter().map(|(_, outcome)| outcome)).chain(wrecks)
        };
        let ran = |brief: &&Brief| brief.subject == Subject::Case && brief.verdict != Verdict::NotApplicable;
        let killers: BTreeSet<_> = rows.iter().flat_map(|row| &row.killers).collect();
        let busy: BTreeSet<_> = rows.iter().flat_map(|row| row.killers.iter().chain(&row.collateral)).collect();
        let idle = |subject: Subject| match green {
            Ok(briefs) if all => {
                let unprovable = |brief: &Brief| UNPROVABLE.iter().any(|(id, _)| *id == brief.id);
                let idle = |brief: &&Brief| brief.subject == subject && !busy.contains(&brief.id) && !unprovable(brief);
                let of_subject = briefs.iter().filter(idle);
                of_subject.map(|brief| brief.id.clone()).collect()
            }
            _ => Vec::new(),
        };
        Self {
            scenario_runs: outcomes().flatten().map(|briefs| briefs.iter().filter(ran).count()).sum(),
            not_green: match green {
                Ok(briefs) => {
                    // A part of the suite need not give every rule something to judge.
                    let unseen = |brief: &Brief| {
                        !all && brief.subject == Subject::Rule && brief.verdict == Verdict::Inconclusive
                    };
                    let bad = |brief: &&Brief| brief.verdict != Verdict::Pass && !unseen(brief);
                    briefs.iter().filter(bad).map(verdict_of).collect()
                }
                Err(why) => vec![why.clone()],
            },
            idle_cases: idle(Subject::Case),
            idle_rules: idle(Subject::Rule),
            only_collateral: busy.difference(&killers).map(|id| (*id).clone()).collect(),
            faults: rows,
            wreckage: wrecks.iter().map(|(wreckage, outcome)| Wreck::of(*wreckage, outcome)).collect(),
        }
    }

    /// Whether the suite is proved: green without faults, every fault caught, nothing red without reason, nothing idle.
    pub fn holds(&self) -> bool {
        self.not_green.is_empty()
            && self.idle_cases.is_empty()
            && self.idle_rules.is_empty()
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
