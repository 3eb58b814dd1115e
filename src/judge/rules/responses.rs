//! How the implementation under test answers MSRP requests (RFC 7701, 6.3 and 7.1; RFC 4975, 7.1.2, 7.1.4, 7.2).

use std::time::Duration;

use super::{Bench, Rule};
use crate::judge::trace::{Direction, Exchange, Message, Trace};
use crate::judge::verdict::Verdict;
use crate::wire::msrp::{FailureReport, MsrpDefect, MsrpMessage};
use crate::wire::uri::MsrpUri;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-MSRP-001",
        purpose: "A response repeats the transaction id of a request on the same connection.",
        requirements: &["RFC7701-6.3-11", "RFC4975-7.2-4", "RFC4975-7.2-12"],
        level: "MUST",
        judge: known_transaction,
    },
    Rule {
        id: "RULE-MSRP-002",
        purpose: "A request gets no more than one response.",
        requirements: &["RFC7701-7.1-33", "RFC7701-6.3-11", "RFC4975-7.2-5"],
        level: "MUST",
        judge: one_response,
    },
    Rule {
        id: "RULE-MSRP-003",
        purpose: "To-Path of a response is the leftmost URI of the SEND's From-Path, or the whole From-Path of any other \
                  request.",
        requirements: &["RFC7701-6.3-11", "RFC7701-7.1-33", "RFC4975-7.2-6", "RFC4975-7.2-7", "RFC4975-8.2-4"],
        level: "MUST",
        judge: response_to_path,
    },
    Rule {
        id: "RULE-MSRP-004",
        purpose: "From-Path of a response is the URI that identifies the responder in the session.",
        requirements: &["RFC7701-6.3-11", "RFC4975-7.2-9"],
        level: "MUST",
        judge: response_from_path,
    },
    Rule {
        id: "RULE-MSRP-005",
        purpose: "A response has no body and ends in $.",
        requirements: &["RFC7701-6.3-11", "RFC4975-7.2-10", "RFC4975-7.2-11", "RFC4975-9-2"],
        level: "MUST",
        judge: response_form,
    },
    Rule {
        id: "RULE-MSRP-006",
        purpose: "A SEND with Failure-Report \"no\" gets no response.",
        requirements: &["RFC7701-6.3-2", "RFC4975-5.3-7", "RFC4975-7.1.4-4"],
        level: "MUST NOT",
        judge: silent_on_no,
    },
    Rule {
        id: "RULE-MSRP-007",
        purpose: "A SEND with Failure-Report \"partial\" gets no 200.",
        requirements: &["RFC7701-6.3-2", "RFC4975-7.1.4-5"],
        level: "MUST NOT",
        judge: no_success_on_partial,
    },
    Rule {
        id: "RULE-MSRP-008",
        purpose: "A REPORT gets no response.",
        requirements: &["RFC7701-6.3-1", "RFC4975-7.1.2-11", "RFC4975-7.2-8"],
        level: "MUST NOT",
        judge: silent_on_report,
    },
    Rule {
        id: "RULE-MSRP-009",
        purpose: "A request that wants a response gets one.",
        requirements: &["RFC7701-6.3-2", "RFC7701-7.1-33", "RFC4975-5.3-1", "RFC4975-7.1.1-15", "RFC4975-7.2-1"],
        level: "MUST",
        judge: answered,
    },
    Rule {
        id: "RULE-MSRP-010",
        purpose: "404 and 428 answer SEND, 424 and 425 answer NICKNAME.",
        requirements: &["RFC7701-10.3-1", "RFC7701-10.3-2", "RFC7701-10.3-3", "RFC7701-10.3-4", "RFC7701-10.3-5"],
        level: "MUST",
        judge: codes_at_their_place,
    },
];

/// Exchanges that the tester opened, that are safe to judge and that no relay answered.
pub(super) fn asked(trace: &Trace) -> impl Iterator<Item = (&Exchange, &MsrpMessage)> {
    trace
        .exchanges
        .iter()
        .filter(|exchange| exchange.direction == Direction::ToIut && !exchange.doubtful && !exchange.relayed)
        .filter_map(|exchange| Some((exchange, trace.msrp_at(exchange.request)?)))
}

fn answers<'a>(trace: &'a Trace, exchange: &'a Exchange) -> impl Iterator<Item = (usize, &'a MsrpMessage)> {
    exchange.responses.iter().filter_map(|index| Some((*index, trace.msrp_at(*index)?)))
}

/// Paths compared URI by URI.
pub(super) fn same_path(one: &[MsrpUri], other: &[MsrpUri]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.equivalent(other))
}

/// A path as it stands in a header.
pub(super) fn path_text(path: &[MsrpUri]) -> String {
    path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn known_transaction(trace: &Trace, bench: &mut Bench) {
    for (exchange, _) in asked(trace) {
        for _ in &exchange.responses {
            bench.observe();
        }
    }
    for stray in &trace.strays {
        let (Some(observed), Some(message)) = (trace.observed.get(*stray), trace.msrp_at(*stray)) else { continue };
        let hidden = trace.garbled(observed.pco, Direction::ToIut)
            || trace.left_with(observed.pco, Direction::ToIut, message.transaction.as_bytes())
            || trace
                .observed
                .iter()
                .any(|other| other.pco == observed.pco && other.direction == Direction::ToIut && !other.dependable());
        let whole = trace.places.get(observed.pco.0).is_some_and(|place| place.whole);
        if hidden || !whole || !observed.dependable() {
            continue;
        }
        bench.observe();
        bench.fail(
            "a response with the transaction id of a request on this connection (RFC 4975, 7.2)",
            format!("the transaction id '{}' belongs to none", message.transaction),
            vec![trace.evidence_start(*stray, "the response")],
        );
    }
}

fn one_response(trace: &Trace, bench: &mut Bench) {
    for (exchange, request) in asked(trace) {
        if exchange.responses.is_empty() {
            continue;
        }
        bench.observe();
        if exchange.responses.len() > 1 {
            let method = request.method().unwrap_or_default();
            let mut evidence = vec![trace.evidence(exchange.request, format!("the {method}"))];
            evidence.extend(
                exchange.responses.iter().take(4).map(|index| trace.evidence_start(*index, "a response to it")),
            );
            bench.fail(
                "one response to a request (RFC 4975, 5.3 and 7.2)",
                format!("{} responses", exchange.responses.len()),
                evidence,
            );
        }
    }
}

fn response_to_path(trace: &Trace, bench: &mut Bench) {
    for (exchange, request) in asked(trace) {
        let from = request.from_path();
        let (expected, clause) = match request.method() {
            Some("SEND") => (from.get(..1).unwrap_or_default(), "the leftmost URI of the From-Path of the SEND"),
            _ => (from.as_slice(), "the whole From-Path of the request, as it is no SEND"),
        };
        for (index, response) in answers(trace, exchange) {
            let to = response.to_path();
            if to.is_empty() || expected.is_empty() {
                continue;
            }
            bench.observe();
            if !same_path(&to, expected) {
                bench.fail(
                    format!("To-Path with {clause}, '{}' (RFC 4975, 7.2)", path_text(expected)),
                    format!("To-Path '{}'", path_text(&to)),
                    vec![
                        trace.evidence_header(exchange.request, "the request", "From-Path"),
                        trace.evidence_header(index, "the response", "To-Path"),
                    ],
                );
            }
        }
    }
}

fn response_from_path(trace: &Trace, bench: &mut Bench) {
    for (exchange, _) in asked(trace) {
        let Some(session) = exchange.session.and_then(|session| trace.sessions.get(session)) else { continue };
        let Some(own) = session.iut_path.last() else { continue };
        for (index, response) in answers(trace, exchange) {
            let from = response.from_path();
            let Some(last) = from.last() else { continue };
            if matches!(response.status(), Some(481 | 506)) {
                continue;
            }
            bench.observe();
            if !last.equivalent(own) {
                bench.fail(
                    format!("From-Path with the responder's URI in the session, '{own}' (RFC 4975, 7.2)"),
                    format!("From-Path '{}'", path_text(&from)),
                    vec![trace.evidence_header(index, "the response", "From-Path")],
                );
            }
        }
    }
}

fn response_form(trace: &Trace, bench: &mut Bench) {
    for (index, observed) in trace.observed.iter().enumerate() {
        let Message::Msrp(message, defects) = &observed.message else { continue };
        if observed.direction != Direction::FromIut || message.status().is_none() {
            continue;
        }
        bench.observe();
        for defect in defects {
            let what = match defect.kind {
                MsrpDefect::BodyInResponse => "a body",
                MsrpDefect::WrongFlag => "another flag than $",
                _ => continue,
            };
            bench.fail(
                "a response without body that ends in $ (RFC 4975, 7.2 and 9)",
                what,
                vec![trace.evidence_span(index, "the response", defect.span)],
            );
        }
    }
}

fn silent_on_no(trace: &Trace, bench: &mut Bench) {
    for (exchange, request) in asked(trace) {
        if request.method() != Some("SEND") || request.failure_report() != FailureReport::No {
            continue;
        }
        bench.observe();
        for (index, response) in answers(trace, exchange) {
            let status = response.status().unwrap_or_default();
            // "MUST generate a 481" stands against "MUST NOT send a transaction response" (RFC 4975, 7.3 and 7.1.4).
            let verdict = if matches!(status, 481 | 506) { Verdict::Advisory } else { Verdict::Fail };
            bench.find(
                verdict,
                "no response to a SEND with Failure-Report: no (RFC 4975, 7.1.4)".to_owned(),
                status.to_string(),
                vec![
                    trace.evidence_header(exchange.request, "the SEND", "Failure-Report"),
                    trace.evidence_start(index, "the response"),
                ],
            );
        }
    }
}

fn no_success_on_partial(trace: &Trace, bench: &mut Bench) {
    for (exchange, request) in asked(trace) {
        if request.method() != Some("SEND") || request.failure_report() != FailureReport::Partial {
            continue;
        }
        bench.observe();
        for (index, _) in answers(trace, exchange).filter(|(_, response)| response.status() == Some(200)) {
            bench.fail(
                "no 200 to a SEND with Failure-Report: partial (RFC 4975, 7.1.4)",
                "200",
                vec![
                    trace.evidence_header(exchange.request, "the SEND", "Failure-Report"),
                    trace.evidence_start(index, "the response"),
                ],
            );
        }
    }
}

fn silent_on_report(trace: &Trace, bench: &mut Bench) {
    for (exchange, request) in asked(trace) {
        if request.method() != Some("REPORT") {
            continue;
        }
        bench.observe();
        for (index, response) in answers(trace, exchange) {
            let status = response.status().unwrap_or_default();
            // For a session that is not there another MUST wants an answer (RFC 4975, 7.3).
            bench.find(
                if matches!(status, 481 | 506) { Verdict::Advisory } else { Verdict::Fail },
                "no response to a REPORT (RFC 4975, 7.1.2)".to_owned(),
                status.to_string(),
                vec![trace.evidence_start(exchange.request, "the REPORT"), trace.evidence_start(index, "the response")],
            );
        }
    }
}

/// How long the sender of a request waits (RFC 4975, 7.1.1), with the slack of interpretation T68.
pub(super) const RESPONSE_TIME: Duration = Duration::from_secs(32);

/// Silence proves something only after the time that RFC 4975 gives the sender. A first chunk may wait for the rest of
/// the CPIM headers (T34), and a session that ended or moved owes nothing.
fn answered(trace: &Trace, bench: &mut Bench) {
    for (exchange, request) in asked(trace) {
        let wants = match request.method() {
            Some("SEND") => request.failure_report() == FailureReport::Yes,
            Some("NICKNAME") => !request.headers.0.iter().any(|header| header.is("Failure-Report")),
            _ => false,
        };
        let Some(observed) = trace.observed.get(exchange.request) else { continue };
        if !wants {
            continue;
        }
        if !exchange.responses.is_empty() {
            bench.observe();
            continue;
        }
        let open = exchange
            .session
            .and_then(|session| trace.sessions.get(session))
            .is_some_and(|session| session.until.is_none());
        let end = trace.places.get(observed.pco.0).and_then(|place| place.closed).unwrap_or(trace.end);
        let hidden = trace.garbled(observed.pco, Direction::FromIut)
            || trace.left_with(observed.pco, Direction::FromIut, request.transaction.as_bytes());
        let complete = request.flag == crate::wire::msrp::Flag::Complete;
        if !open || hidden || !complete || end.saturating_sub(observed.at) < RESPONSE_TIME {
            continue;
        }
        bench.observe();
        bench.fail(
            "an immediate response (RFC 4975, 7.2), at the latest within 30 seconds (7.1.1)",
            format!("none in {} seconds", end.saturating_sub(observed.at).as_secs()),
            vec![trace.evidence_start(exchange.request, "the request")],
        );
    }
}

fn codes_at_their_place(trace: &Trace, bench: &mut Bench) {
    for (exchange, request) in asked(trace) {
        let Some(method @ ("SEND" | "NICKNAME")) = request.method() else { continue };
        for (index, response) in answers(trace, exchange) {
            let status = response.status().unwrap_or_default();
            bench.observe();
            let misplaced = match method {
                "SEND" => matches!(status, 424 | 425),
                _ => matches!(status, 404 | 428),
            };
            if misplaced {
                bench.fail(
                    "404 and 428 for a recipient (SEND), 424 and 425 for a nickname (NICKNAME) (RFC 7701, 10.3)",
                    format!("{status} to {method}"),
                    vec![trace.evidence(exchange.request, "the request"), trace.evidence_start(index, "the response")],
                );
            } else if method == "NICKNAME" && status == 501 && announces_chatroom(trace, exchange) {
                bench.fail(
                    "a response other than 501, as the room's SDP has the chatroom attribute (RFC 7701, 7.1; T44)",
                    "501 to NICKNAME",
                    vec![trace.evidence_start(index, "the response")],
                );
            }
        }
    }
}

fn announces_chatroom(trace: &Trace, exchange: &Exchange) -> bool {
    exchange
        .session
        .and_then(|session| trace.sessions.get(session))
        .is_some_and(|session| session.terms.iter().all(|terms| terms.iut.chatroom.is_some()))
}
