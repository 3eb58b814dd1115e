//! A run with one case of each verdict, whose octets try to do harm.

use std::time::Duration;

use bytes::Bytes;

use crate::judge::record::{CaseRecord, RuleRecord, RunRecord, StepRecord};
use crate::judge::verdict::{Evidence, Finding, Verdict};
use crate::port::Protocol;
use crate::transcript::{Crossing, Pco, Transcript, Transport};
use crate::wire::Span;

const HOSTILE: &[u8] =
    b"MSRP d93kswow 200 \x1b[2JOK]]>\r\nTo-Path: msrp://a;tcp\r\n\xff\x00 <evil attr=\"&\">\n-------d93kswow$\r\n";

pub(super) fn run() -> RunRecord {
    RunRecord {
        iut: "some-switch 2.1 \u{1b}[31m".to_owned(),
        target: "sip:room@127.0.0.1:5080;transport=tcp".to_owned(),
        seed: 42,
        started_at: 1_700_000_000,
        duration: Duration::from_millis(3210),
        ended_early: None,
        remarks: vec!["learned: nicknames".to_owned()],
        cases: vec![passed(), failed(), advisory(), inconclusive(), error(), not_applicable()],
        rules: vec![
            rule("RULE-MSRP-001", Verdict::Pass, 120, Vec::new()),
            rule("RULE-MSRP-002", Verdict::Fail, 3, vec![("NICK-BI-004".to_owned(), finding(Verdict::Fail))]),
            rule("RULE-MSRP-003", Verdict::Inconclusive, 0, Vec::new()),
        ],
    }
}

pub(super) fn case(id: &str, verdict: Verdict, reason: &str, findings: Vec<Finding>) -> CaseRecord {
    CaseRecord {
        id: id.to_owned(),
        name: "Bob asks for \"it\" & <gets> it".to_owned(),
        feature: "A nickname belongs to one participant (RFC 7701, 7.1)".to_owned(),
        location: ("features/rfc7701/nicknames.feature".to_owned(), 14),
        requirements: vec!["RFC7701-7.1-27".to_owned()],
        level: "MUST".to_owned(),
        verdict,
        reason: reason.to_owned(),
        findings,
        steps: vec![
            step("Given", "Alice holds the nickname \"Alice\"", 15, Some(Verdict::Pass)),
            step("When", "Bob asks for the nickname \"Alice\"", 16, Some(verdict)),
            step("Then", "the switch answers Bob with 425", 17, None),
        ],
        duration: Duration::from_micros(12_345),
        transcript: Transcript::default(),
        repetition: 1,
    }
}

fn step(keyword: &str, text: &str, line: usize, verdict: Option<Verdict>) -> StepRecord {
    StepRecord { keyword: keyword.to_owned(), text: text.to_owned(), line, verdict }
}

fn passed() -> CaseRecord {
    let mut case = case("NICK-BV-001", Verdict::Pass, "", Vec::new());
    case.steps.truncate(1);
    case
}

fn finding(verdict: Verdict) -> Finding {
    let octets = Bytes::from_static(HOSTILE);
    Finding {
        verdict,
        requirement: Some("RFC7701-7.1-29".to_owned()),
        expected: "425 (RFC 7701, 7.1)".to_owned(),
        observed: "200 with the reason \u{1b}[2JOK".to_owned(),
        evidence: vec![Evidence {
            caption: "the response to Bob's NICKNAME".to_owned(),
            event: Some(2),
            octets,
            decisive: Some(Span { start: 14, end: 17 }),
        }],
    }
}

fn failed() -> CaseRecord {
    let found = vec![finding(Verdict::Fail), finding(Verdict::Advisory)];
    let mut case = case("NICK-BI-004", Verdict::Fail, "expected 425; observed 200", found);
    case.transcript = transcript();
    case
}

fn transcript() -> Transcript {
    let mut transcript = Transcript::default();
    let pco = transcript.open(Pco {
        participant: "Bob".to_owned(),
        protocol: Protocol::Msrp,
        transport: Transport::Tcp,
        local: ([127, 0, 0, 1], 40_001).into(),
        remote: Some(([127, 0, 0, 1], 2855).into()),
    });
    let at = Duration::from_millis;
    transcript.note(at(10), pco, Crossing::Opened);
    transcript.note(at(11), pco, Crossing::Sent(Bytes::from_static(b"MSRP d93kswow NICKNAME\r\n")));
    transcript.note(at(12), pco, Crossing::Received(Bytes::from_static(HOSTILE)));
    transcript.note(at(13), pco, Crossing::Omitted { sent: false, octets: 70_000 });
    transcript.note(at(14), pco, Crossing::ClosedByTester);
    transcript.note(at(15), pco, Crossing::ClosedByIut);
    transcript
}

fn advisory() -> CaseRecord {
    case("NICK-BV-002", Verdict::Advisory, "expected a; observed b", vec![finding(Verdict::Advisory)])
}

fn inconclusive() -> CaseRecord {
    let found = Finding { evidence: Vec::new(), requirement: None, ..finding(Verdict::Inconclusive) };
    let mut case = case("NICK-BI-005", Verdict::Inconclusive, "the join failed", vec![found]);
    case.transcript = transcript();
    case
}

fn error() -> CaseRecord {
    case("NICK-BI-006", Verdict::Error, "panicked at x:1", Vec::new())
}

fn not_applicable() -> CaseRecord {
    case("NICK-BI-007", Verdict::NotApplicable, "the profile has no room 'nicknames-off'", Vec::new())
}

fn rule(id: &str, verdict: Verdict, observations: usize, findings: Vec<(String, Finding)>) -> RuleRecord {
    RuleRecord {
        id: id.to_owned(),
        purpose: "A response repeats its transaction id".to_owned(),
        requirements: vec!["RFC4975-7.2-1".to_owned()],
        level: "MUST".to_owned(),
        observations,
        verdict,
        reason: if observations == 0 { "never observed".to_owned() } else { "seen".to_owned() },
        finding_count: findings.len() * 9,
        findings,
    }
}
