//! What the rules hold against rows.

use std::collections::{BTreeMap, HashMap};

use super::drafts::Draft;
use super::{Mark, Marking, Row};
use crate::judge::record::RuleRecord;
use crate::judge::trace::Trace;
use crate::judge::verdict::{Evidence, Verdict};
use crate::report::escape;

/// Marks the rows that findings rest on. What it cannot mark is returned as remarks.
pub(super) fn put(drafts: &mut [Draft], trace: &Trace, rules: &[RuleRecord]) -> Vec<String> {
    let mut by_event: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        by_event.entry(draft.event).or_default().push(index);
    }
    let mut remarks = Vec::new();
    for rule in rules.iter().filter(|rule| rule.observations > 0) {
        let mut kept = 0;
        for (_, finding) in &rule.findings {
            kept += 1;
            if !matches!(finding.verdict, Verdict::Fail | Verdict::Advisory) {
                continue;
            }
            let mark = Mark {
                rule: rule.id.clone(),
                verdict: finding.verdict,
                expected: escape::text(&finding.expected),
                observed: escape::text(&finding.observed),
            };
            for evidence in &finding.evidence {
                let here = evidence.event.and_then(|event| by_event.get(&event)).map(Vec::as_slice).unwrap_or_default();
                for index in meant(here, evidence, drafts, trace) {
                    if let Some(draft) = drafts.get_mut(index) {
                        add(&mut draft.row, mark.clone());
                    }
                }
            }
        }
        if rule.finding_count > kept {
            remarks.push(format!("{}: {} findings, of which {kept} are marked", rule.id, rule.finding_count));
        }
    }
    remarks
}

/// The rows of an event that a piece of evidence is about: several messages can stand in one event.
fn meant(here: &[usize], evidence: &Evidence, drafts: &[Draft], trace: &Trace) -> Vec<usize> {
    let is_it = |index: &&usize| {
        let message = drafts.get(**index).and_then(|draft| draft.message);
        message.and_then(|message| trace.observed.get(message)).is_some_and(|one| one.octets == evidence.octets)
    };
    let exact: Vec<usize> = here.iter().filter(is_it).copied().collect();
    if exact.is_empty() { here.to_vec() } else { exact }
}

fn add(row: &mut Row, mark: Mark) {
    match row.marks.iter_mut().find(|known| known.rule == mark.rule) {
        Some(known) if known.verdict >= mark.verdict => {}
        Some(known) => *known = mark,
        None => row.marks.push(mark),
    }
    row.marks.sort_by_key(|mark| std::cmp::Reverse(mark.verdict));
}

/// The rules that marked rows, fails first, in the order of the rules.
pub(super) fn summed(rows: &[Row], rules: &[RuleRecord]) -> Vec<Marking> {
    let mut found: BTreeMap<&str, (Verdict, Vec<u64>)> = BTreeMap::new();
    for (row, mark) in rows.iter().flat_map(|row| row.marks.iter().map(move |mark| (row, mark))) {
        let (verdict, frames) = found.entry(&mark.rule).or_insert((mark.verdict, Vec::new()));
        *verdict = mark.verdict.max(*verdict);
        if let Some(frame) = row.frame.filter(|frame| frames.last() != Some(frame)) {
            frames.push(frame);
        }
    }
    let marking = |rule: &RuleRecord| {
        let (verdict, frames) = found.get(rule.id.as_str())?.clone();
        Some(Marking { rule: rule.id.clone(), verdict, purpose: rule.purpose.clone(), frames })
    };
    let mut markings: Vec<Marking> = rules.iter().filter_map(marking).collect();
    markings.sort_by_key(|marking| std::cmp::Reverse(marking.verdict));
    markings
}
