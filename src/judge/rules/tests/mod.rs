//! Every rule is green on a good transcript that gives it something to judge, and red on a broken one.

mod broken;
mod broken_descriptions;
mod edges;
mod script;
mod tolerated;

use proptest::prelude::*;
use script::{Change, Step};

use super::{RuleBench, all};
use crate::judge::record::RuleRecord;
use crate::judge::trace::{Direction, Trace};
use crate::judge::verdict::Verdict;
use crate::transcript::{Crossing, Transcript};

const GOOD: &str = include_str!("good.flow");

fn judge(steps: &[Step]) -> Vec<RuleRecord> {
    let mut bench = RuleBench::new();
    bench.observe("CASE-1", &script::transcript(steps));
    bench.finish()
}

fn broken(changes: &[Change]) -> Vec<Step> {
    let mut steps = script::read(GOOD);
    for change in changes {
        script::change(&mut steps, *change);
    }
    steps
}

#[test]
fn a_good_transcript_is_read_whole() {
    let trace = Trace::of(&script::transcript(&script::read(GOOD)));
    assert!(trace.leftovers.is_empty(), "{:?}", trace.leftovers);
    let steps = script::read(GOOD);
    assert_eq!(trace.observed.len(), steps.len());
    for (observed, step) in trace.observed.iter().zip(&steps) {
        let expected = step.label == "bob-nick" || observed.dependable();
        assert!(expected, "{}: {:?}", step.label, observed.message);
    }
    assert_eq!(trace.sessions.len(), 3);
    assert_eq!(trace.strays, Vec::<usize>::new());
    assert_eq!(trace.subscriptions.len(), 1);
    let complete = trace.deliveries.iter().filter(|delivery| delivery.direction == Direction::FromIut);
    assert!(complete.clone().count() > 5);
    for delivery in complete {
        assert!(delivery.complete, "{delivery:?}");
    }
}

#[test]
fn every_rule_is_green_on_a_good_transcript_and_has_something_to_judge() {
    let judged = judge(&script::read(GOOD));
    let bad: Vec<_> = judged
        .iter()
        .filter(|record| record.verdict != Verdict::Pass || record.observations == 0)
        .map(|record| format!("{} {}: {}", record.id, record.verdict.word(), record.reason))
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn every_rule_is_red_on_a_broken_transcript() {
    let mut missing: Vec<&str> = all().iter().map(|rule| rule.id).collect();
    let mut green = Vec::new();
    for (id, verdict, changes) in broken::TABLE.iter().chain(broken_descriptions::TABLE) {
        missing.retain(|known| known != id);
        let judged = judge(&broken(changes));
        let record = judged.iter().find(|record| record.id == *id).unwrap_or_else(|| panic!("no rule {id}"));
        if record.verdict != *verdict {
            green.push(format!("{id} {changes:?}: {} {}", record.verdict.word(), record.reason));
        } else {
            let finding = &record.findings[0].1;
            assert!(!finding.evidence.is_empty(), "{id}: no octets");
            for evidence in &finding.evidence {
                assert!(evidence.event.is_some() && !evidence.octets.is_empty(), "{id}: empty evidence");
                if let Some(span) = evidence.decisive {
                    assert!(span.start <= span.end && span.end <= evidence.octets.len(), "{id}: {span:?}");
                }
            }
        }
    }
    assert!(green.is_empty(), "{green:#?}");
    assert!(missing.is_empty(), "no broken transcript for {missing:?}");
}

/// How often each rule found something to judge on the good transcript: a rule that looks away is seen here.
#[test]
fn what_each_rule_judges_on_a_good_transcript() {
    let mut listing = String::new();
    for record in judge(&script::read(GOOD)) {
        listing.push_str(&format!("{} {} observed\n", record.id, record.observations));
    }
    insta::assert_snapshot!(listing);
}

/// Everything that all rules say of each broken transcript, with the octets that decide.
#[test]
fn what_is_said_of_broken_transcripts() {
    let mut listing = String::new();
    for (id, _, changes) in broken::TABLE.iter().chain(broken::TOLERATED).chain(edges::TABLE) {
        listing.push_str(&format!("=== {id} {changes:?}\n"));
        for record in judge(&broken(changes)).iter().filter(|record| record.verdict != Verdict::Pass) {
            let (word, count) = (record.verdict.word(), record.finding_count);
            listing.push_str(&format!("{} {word}, {count} of {} observed\n", record.id, record.observations));
            for (_, finding) in &record.findings {
                let requirement = finding.requirement.as_deref().unwrap_or("no requirement");
                let (verdict, expected, observed) = (finding.verdict.word(), &finding.expected, &finding.observed);
                listing.push_str(&format!("  {verdict} {requirement}: expected {expected}; {observed}\n"));
                for evidence in &finding.evidence {
                    let decisive = evidence.decisive.and_then(|span| evidence.octets.get(span.start..span.end));
                    let shown = decisive.map_or("all of it".to_owned(), |octets| {
                        octets[..octets.len().min(80)].escape_ascii().to_string()
                    });
                    let event = evidence.event.unwrap_or_default();
                    listing.push_str(&format!("    {} (event {event}): {shown}\n", evidence.caption));
                }
            }
        }
    }
    insta::assert_snapshot!(listing);
}

/// What interpretations leave open, and what the tester does on purpose, must not raise an alarm.
#[test]
fn tolerated_conduct_does_not_fail() {
    let mut alarms = Vec::new();
    for changes in tolerated::LIST {
        let judged = judge(&broken(changes));
        let failed = judged.iter().filter(|record| record.verdict == Verdict::Fail);
        alarms.extend(failed.map(|record| format!("{changes:?}: {} {}", record.id, record.reason)));
    }
    assert!(alarms.is_empty(), "{alarms:#?}");
}

#[test]
fn no_rule_condemns_what_only_looks_like_a_fault() {
    let mut wrong = Vec::new();
    let tables = [broken::TOLERATED, edges::TABLE, broken_descriptions::TOLERATED];
    for (id, verdict, changes) in tables.into_iter().flatten() {
        let judged = judge(&broken(changes));
        let record = judged.iter().find(|record| record.id == *id).unwrap_or_else(|| panic!("no rule {id}"));
        if record.verdict != *verdict {
            wrong.push(format!("{id} {changes:?}: {} {}", record.verdict.word(), record.reason));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A switch that keeps the senders' Message-IDs mixes up what two senders gave the same one.
#[test]
fn a_message_id_that_two_senders_share_proves_nothing() {
    let mut steps = broken(&[Change::In("bob-private", "msgprivate0001", "msghello0001")]);
    let verdict =
        |steps: &[Step]| judge(steps).iter().find(|record| record.id == "RULE-MSRP-045").map(|record| record.verdict);
    assert_eq!(verdict(&steps), Some(Verdict::Fail));
    let mut other = steps.iter().find(|step| step.label == "alice-hello").unwrap().clone();
    other.place = "bob.msrp".to_owned();
    other.text = other.text.replace("7001/alice", "7002/bob").replace("switchalice", "switchbob");
    let at = steps.iter().position(|step| step.label == "alice-private").unwrap();
    steps.insert(at, other);
    assert_ne!(verdict(&steps), Some(Verdict::Fail));
}

/// Requests that crossed before the trace began are no reason to blame their responses and reports; nor is a message
/// whose beginning is missing.
#[test]
fn a_trace_that_starts_late_blames_nobody() {
    let changes = [
        Change::In("alice-hello-answer", "testertid0006xyz", "testertid0996xyz"),
        Change::In("alice-hello-report", "msghello0001", "msgbefore001"),
    ];
    let mut late = script::transcript(&broken(&changes));
    let failed = |transcript: &Transcript| -> Vec<String> {
        let mut bench = RuleBench::new();
        bench.observe("CASE-3", transcript);
        let failed = bench.finish().into_iter().filter(|record| record.verdict == Verdict::Fail);
        failed.map(|record| record.id).collect()
    };
    assert_eq!(failed(&late), ["RULE-MSRP-001", "RULE-MSRP-011"]);
    late.events.retain(|event| event.crossing != Crossing::Opened);
    assert_eq!(failed(&late), [""; 0]);
    let first = late.events.iter_mut().find_map(|event| match &mut event.crossing {
        Crossing::Received(octets) if octets.starts_with(b"MSRP") => Some(octets),
        _ => None,
    });
    let first = first.unwrap();
    *first = first.slice(20..);
    assert_eq!(failed(&late), [""; 0]);
}

#[test]
fn what_was_never_seen_is_inconclusive() {
    let judged = RuleBench::new().finish();
    assert!(judged.iter().all(|record| record.verdict == Verdict::Inconclusive));
    assert_eq!(judged.len(), all().len());
}

#[test]
fn ids_are_unique_and_bound_to_requirements_of_the_catalogue() {
    let catalogue = crate::judge::catalogue::Catalogue::embedded().unwrap();
    let mut ids: Vec<&str> = all().iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all().len());
    for rule in all() {
        assert!(!rule.requirements.is_empty());
        for id in rule.requirements {
            assert!(catalogue.get(id).is_some(), "{} is bound to {id}", rule.id);
        }
    }
}

/// Requirements that the catalogue wants judged by a rule.
#[test]
fn every_requirement_for_rules_has_one() {
    let catalogue = include_str!("../../catalogue/rfc7701.yaml");
    let bound: Vec<&str> = all().iter().flat_map(|rule| rule.requirements).copied().collect();
    let missing: Vec<&str> = catalogue
        .split("- id: ")
        .filter(|entry| entry.contains("tested-by: rule\n"))
        .filter_map(|entry| entry.lines().next())
        .filter(|id| !bound.contains(id))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn findings_are_bounded_and_counted() {
    let mut bench = RuleBench::new();
    let transcript = script::transcript(&broken(&[Change::In("alice-hello-answer", "switchalice", "stranger")]));
    for _ in 0..50 {
        bench.observe("CASE-2", &transcript);
    }
    let judged = bench.finish();
    let record = judged.iter().find(|record| record.id == "RULE-MSRP-004").unwrap();
    assert_eq!((record.findings.len(), record.finding_count), (super::bench::FINDINGS_KEPT, 50));
    assert_eq!(record.findings[0].0, "CASE-2");
}

#[test]
fn the_cut_of_a_stream_changes_nothing() {
    let whole = script::transcript(&script::read(GOOD));
    let mut cut = Transcript { pcos: whole.pcos.clone(), events: Vec::new() };
    for event in &whole.events {
        let datagrams = whole.pcos[event.pco.0].transport == crate::transcript::Transport::Udp;
        match &event.crossing {
            Crossing::Received(octets) if !datagrams => {
                for piece in octets.chunks(7) {
                    let crossing = Crossing::Received(bytes::Bytes::copy_from_slice(piece));
                    cut.note(event.at, event.pco, crossing);
                }
            }
            other => cut.note(event.at, event.pco, other.clone()),
        }
    }
    let mut bench = RuleBench::new();
    bench.observe("CASE-3", &cut);
    assert!(bench.finish().iter().all(|record| record.verdict == Verdict::Pass));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_octets_make_it_panic(
        seed in proptest::collection::vec((0usize..80, any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..24),
    ) {
        let mut transcript = script::transcript(&script::read(GOOD));
        let count = transcript.events.len();
        for (event, place, octet, kind) in seed {
            let Some(event) = transcript.events.get_mut(event % count) else { continue };
            let (Crossing::Sent(octets) | Crossing::Received(octets)) = &mut event.crossing else { continue };
            let mut changed = octets.to_vec();
            if changed.is_empty() {
                continue;
            }
            let at = place.index(changed.len());
            match kind {
                0 => changed[at] = octet,
                1 => changed.truncate(at),
                2 => changed.insert(at, octet),
                _ => { changed.remove(at); }
            }
            *octets = changed.into();
        }
        let mut bench = RuleBench::new();
        bench.observe("CASE-4", &transcript);
        prop_assert_eq!(bench.finish().len(), all().len());
    }
}
