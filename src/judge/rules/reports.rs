//! REPORT requests of the implementation under test (RFC 7701, 6.2 and 6.3; RFC 4975, 7.1.2 to 7.1.4).

use std::collections::HashMap;

use super::{Bench, Rule};
use crate::judge::trace::{Delivery, Direction, Trace};
use crate::judge::verdict::Verdict;
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::{FailureReport, MsrpMessage};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-MSRP-011",
        purpose: "A REPORT is about a SEND of the one it is sent to; REPORTs of recipients are not passed on.",
        requirements: &[
            "RFC7701-6.3-13",
            "RFC7701-6.3-1",
            "RFC4975-7.1.2-3",
            "RFC4975-7.1.2-10",
            "RFC4975-7.1.3-10",
            "RFC4975-7.1.4-10",
            "RFC4975-7.3.2-8",
        ],
        level: "MUST NOT",
        judge: about_own_send,
    },
    Rule {
        id: "RULE-MSRP-012",
        purpose: "A success report goes only to a sender that asked for it.",
        requirements: &["RFC7701-6.3-1", "RFC4975-5.3-3", "RFC4975-7.1.1-14", "RFC4975-7.1.3-12"],
        level: "MUST NOT",
        judge: success_only_when_asked,
    },
    Rule {
        id: "RULE-MSRP-013",
        purpose: "No failure report is sent about a SEND with Failure-Report \"no\".",
        requirements: &["RFC7701-6.3-2", "RFC4975-5.3-4", "RFC4975-7.1.4-3"],
        level: "MUST NOT",
        judge: no_failure_when_declined,
    },
    Rule {
        id: "RULE-MSRP-014",
        purpose: "A failure report on a chunk names the range that it is about.",
        requirements: &["RFC7701-6.3-2", "RFC4975-7.1.4-11", "RFC4975-7.1.4-12"],
        level: "MUST",
        judge: failure_range,
    },
    Rule {
        id: "RULE-MSRP-015",
        purpose: "The octets of a message are reported on once, and only those that were sent.",
        requirements: &["RFC7701-6.3-14", "RFC7701-6.3-13", "RFC4975-7.1.3-1", "RFC4975-7.1.3-5"],
        level: "MUST",
        judge: each_octet_once,
    },
    Rule {
        id: "RULE-MSRP-016",
        purpose: "A REPORT about a private message carries a Message/CPIM wrapper with the From and To of that message.",
        requirements: &["RFC7701-6.2-21", "RFC7701-6.2-22", "RFC7701-6.2-23"],
        level: "MUST",
        judge: wrapper_in_private_report,
    },
];

/// The REPORT requests that came, with their indices.
fn reports(trace: &Trace) -> impl Iterator<Item = (usize, &MsrpMessage)> {
    trace
        .exchanges
        .iter()
        .filter(|exchange| exchange.direction == Direction::FromIut)
        .filter_map(|exchange| Some((exchange.request, trace.msrp_at(exchange.request)?)))
        .filter(|(_, message)| message.method() == Some("REPORT"))
}

/// The SEND requests of the tester by participant and Message-ID.
fn sent(trace: &Trace) -> HashMap<(&str, String), Vec<usize>> {
    let mut sent: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    for exchange in trace.exchanges.iter().filter(|exchange| exchange.direction == Direction::ToIut) {
        let Some(observed) = trace.observed.get(exchange.request) else { continue };
        let Some(message) = observed.msrp().filter(|message| message.method() == Some("SEND")) else { continue };
        if let Some(id) = message.message_id() {
            sent.entry((observed.participant.as_str(), id)).or_default().push(exchange.request);
        }
    }
    sent
}

/// REPORTs with the SEND requests they are about; those about unknown ones are left to their own rule, those about
/// SENDs with defects are left out.
fn matched(trace: &Trace) -> Vec<(usize, &MsrpMessage, Vec<usize>)> {
    let sent = sent(trace);
    reports(trace)
        .filter_map(|(index, report)| {
            let participant = trace.observed.get(index)?.participant.as_str();
            let requests = sent.get(&(participant, report.message_id()?))?;
            let clean =
                requests.iter().all(|request| trace.observed.get(*request).is_some_and(|sent| sent.dependable()));
            clean.then(|| (index, report, requests.clone()))
        })
        .collect()
}

fn about_own_send(trace: &Trace, bench: &mut Bench) {
    let sent = sent(trace);
    for (index, report) in reports(trace) {
        let (Some(observed), Some(id)) = (trace.observed.get(index), report.message_id()) else { continue };
        let hidden = trace.garbled_at(&observed.participant, Direction::ToIut)
            || !trace.whole(&observed.participant)
            || trace.leftovers.iter().any(|left| memchr::memmem::find(&left.octets, id.as_bytes()).is_some());
        if hidden {
            continue;
        }
        bench.observe();
        if sent.contains_key(&(observed.participant.as_str(), id.clone())) {
            continue;
        }
        let copy = trace
            .deliveries
            .iter()
            .find(|delivery| delivery.direction == Direction::FromIut && delivery.message_id == id);
        let observation = match copy {
            Some(_) => format!("Message-ID '{id}' is that of a copy sent to a recipient: its REPORT was passed on"),
            None => format!("Message-ID '{id}' belongs to no SEND of {}", observed.participant),
        };
        bench.fail(
            "a REPORT with the Message-ID of the SEND it is about (RFC 4975, 7.1.2), none passed on (RFC 7701, 6.3)",
            observation,
            vec![trace.evidence_header(index, "the REPORT", "Message-ID")],
        );
    }
}

fn success_only_when_asked(trace: &Trace, bench: &mut Bench) {
    for (index, report, requests) in matched(trace) {
        if report.report_status() != Some(200) {
            continue;
        }
        bench.observe();
        let asked = requests.iter().any(|request| trace.msrp_at(*request).is_some_and(MsrpMessage::success_report));
        if !asked {
            let mut evidence: Vec<_> =
                requests.iter().take(1).map(|request| trace.evidence(*request, "the SEND")).collect();
            evidence.push(trace.evidence_header(index, "the REPORT", "Status"));
            bench.fail(
                "no success report, as Success-Report: yes is missing (RFC 4975, 7.1.3)",
                "a REPORT with status 200",
                evidence,
            );
        }
    }
}

fn no_failure_when_declined(trace: &Trace, bench: &mut Bench) {
    for (index, report, requests) in matched(trace) {
        let Some(status) = report.report_status().filter(|status| *status != 200) else { continue };
        bench.observe();
        let declined = requests
            .iter()
            .all(|request| trace.msrp_at(*request).is_some_and(|send| send.failure_report() == FailureReport::No));
        if declined {
            bench.fail(
                "no failure report, as the SEND says Failure-Report: no (RFC 4975, 7.1.4)",
                format!("a REPORT with status {status}"),
                vec![trace.evidence_header(index, "the REPORT", "Status")],
            );
        }
    }
}

/// A message sent as a whole is arguably no chunk, so the lack of a range is only advised against there.
fn failure_range(trace: &Trace, bench: &mut Bench) {
    for (index, report, requests) in matched(trace) {
        if report.report_status().is_none_or(|status| status == 200) {
            continue;
        }
        bench.observe();
        if report.headers.get("Byte-Range").is_some() {
            continue;
        }
        let expected = "Byte-Range in a failure report about a chunk (RFC 4975, 7.1.4)";
        let evidence = vec![trace.evidence_start(index, "the REPORT")];
        if requests.len() > 1 {
            bench.fail(expected, "none", evidence);
        } else {
            bench.advise(expected, "none", evidence);
        }
    }
}

/// Reports may be incremental and then overlap (RFC 4975, 7.1.3); the very same range told twice about one message is
/// what a sender gets from a switch that passes on the REPORTs of its recipients (T36).
fn each_octet_once(trace: &Trace, bench: &mut Bench) {
    type Told = (String, String, Option<(u64, Option<u64>)>);
    let mut told: HashMap<Told, Vec<usize>> = HashMap::new();
    for (index, report, _) in matched(trace) {
        if report.report_status() != Some(200) {
            continue;
        }
        let (Some(observed), Some(id)) = (trace.observed.get(index), report.message_id()) else { continue };
        bench.observe();
        let originals: Vec<&Delivery> = trace
            .deliveries
            .iter()
            .filter(|delivery| {
                delivery.direction == Direction::ToIut
                    && delivery.message_id == id
                    && trace.observed.get(delivery.first()).is_some_and(|sent| sent.participant == observed.participant)
            })
            .collect();
        let range = report.byte_range();
        let reach = originals.iter().flat_map(|original| &original.chunks).map(|chunk| chunk.end()).max();
        // A sender that counts the CRLF before the end-line (T59) is told what it claimed.
        let claimed = originals
            .iter()
            .flat_map(|original| &original.chunks)
            .filter_map(|chunk| trace.msrp_at(chunk.index)?.byte_range()?.end)
            .max();
        let untrue = originals.iter().any(|original| super::chunks::untrue(trace, original));
        if let (Some(end), Some(reach)) = (range.and_then(|range| range.end), reach.max(claimed))
            && end > reach
            && !untrue
        {
            bench.fail(
                "a success report on octets that were received (RFC 4975, 7.1.3)",
                format!("a report up to octet {end} of a message of {reach}"),
                vec![trace.evidence_header(index, "the REPORT", "Byte-Range")],
            );
        }
        let key = (observed.participant.clone(), id, range.map(|range| (range.start, range.end)));
        let reports = told.entry(key).or_default();
        reports.push(index);
        if reports.len() > originals.len().max(1) {
            let evidence = reports.iter().take(4).map(|report| trace.evidence(*report, "a success report")).collect();
            // Reports may come from time to time, each on all that has come so far (RFC 4975, 7.1.3).
            let whole = range.is_some_and(|range| range.start <= 1 && range.end.is_some() && range.end == reach);
            let one_chunk = originals.iter().all(|original| original.chunks.len() < 2);
            bench.find(
                if whole || one_chunk { Verdict::Fail } else { Verdict::Advisory },
                "one success report on the same octets of a message (RFC 7701, 6.3; RFC 4975, 7.1.3)".to_owned(),
                format!("{} with the same range", reports.len()),
                evidence,
            );
        }
    }
}

fn wrapper_in_private_report(trace: &Trace, bench: &mut Bench) {
    for (index, report, requests) in matched(trace) {
        let Some(id) = report.message_id() else { continue };
        let Some(original) = trace.deliveries.iter().find(|delivery| {
            delivery.direction == Direction::ToIut && delivery.message_id == id && requests.contains(&delivery.first())
        }) else {
            continue;
        };
        let Some(private) = private_parties(trace, original) else { continue };
        bench.observe();
        let expected = "a Message/CPIM body with the From and To of the private message (RFC 7701, 6.2; T35)";
        let Some(body) = report.body.clone() else {
            bench.advise(expected, "no body", vec![trace.evidence(index, "the REPORT")]);
            continue;
        };
        if report.media_type().as_deref() != Some("message/cpim") {
            // That a body is informational (RFC 4975, 7.1.2) leaves room for another one.
            bench.advise(
                expected,
                format!("a body of type {}", report.media_type().unwrap_or_default()),
                vec![trace.evidence_header(index, "the REPORT", "Content-Type")],
            );
            continue;
        }
        let wrapper = CpimMessage::parse(body).tree;
        let from = wrapper.froms().first().map(|address| address.uri.clone()).unwrap_or_default();
        let to = wrapper.tos().first().map(|address| address.uri.clone()).unwrap_or_default();
        if !super::chat::same_uri(&from, &private.0) || !super::chat::same_uri(&to, &private.1) {
            bench.fail(
                expected,
                format!("From '{from}' and To '{to}' where the message had '{}' and '{}'", private.0, private.1),
                vec![trace.evidence(original.first(), "the private message"), trace.evidence(index, "the REPORT")],
            );
        }
    }
}

/// From and To of a message that is private beyond doubt: one From, one To, the To a readable URI other than the
/// room's, with or without parameters.
fn private_parties(trace: &Trace, delivery: &Delivery) -> Option<(String, String)> {
    let session = trace.sessions.get(delivery.session?)?;
    if delivery.media_type.as_deref() != Some("message/cpim") || delivery.disorderly {
        return None;
    }
    let wrapper = CpimMessage::parse(delivery.content.clone()).tree;
    let (froms, tos) = (wrapper.froms(), wrapper.tos());
    let ([from], [to]) = (froms.as_slice(), tos.as_slice()) else { return None };
    super::chat::clearly_not_room(trace, session, &to.uri).then(|| (from.uri.clone(), to.uri.clone()))
}
