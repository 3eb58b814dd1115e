//! Rules on what RFC 4975 keeps out of MSRP: passwords in URIs, transfer encodings, needlessly short chunks, refusals that
//! are reported as successes.

use super::super::trace::{Delivery, Direction, Message, Trace};
use super::chunks::delivered;
use super::{Bench, Rule};
use crate::wire::msrp::MsrpMessage;
use crate::wire::uri::MsrpUri;

/// Fewest octets of a chunk that is not the last (RFC 4975, 7.1.1).
const CHUNK: u64 = 2048;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-MSRP-050",
        purpose: "The MSRP URI of a session has a session-id, a port if its host is numeric, and no password.",
        requirements: &["RFC4975-6-13", "RFC4975-6-6", "RFC4975-6-7"],
        level: "MUST NOT",
        judge: session_uri,
    },
    Rule {
        id: "RULE-MSRP-051",
        purpose: "No SEND states a transfer encoding.",
        requirements: &["RFC4975-7.1.1-43"],
        level: "MUST NOT",
        judge: no_transfer_encoding,
    },
    Rule {
        id: "RULE-MSRP-052",
        purpose: "A message that came in one piece is not cut into chunks of less than 2048 octets.",
        requirements: &["RFC4975-7.1.1-34"],
        level: "SHOULD NOT",
        judge: no_short_chunks,
    },
    Rule {
        id: "RULE-MSRP-053",
        purpose: "No success is reported on a message that was refused.",
        requirements: &["RFC4975-7.1.4-8"],
        level: "MUST",
        judge: refusal_is_no_success,
    },
];

fn session_uri(trace: &Trace, bench: &mut Bench) {
    for session in &trace.sessions {
        let Some(own) = session.iut_path.last() else { continue };
        bench.observe();
        if let Some((expected, observed)) = wrong(own) {
            bench.fail(expected, format!("'{own}'{observed}"), vec![trace.evidence(session.since, "the description")]);
        }
    }
}

fn wrong(own: &MsrpUri) -> Option<(&'static str, &'static str)> {
    let numeric = own.host.starts_with('[') || own.host.parse::<std::net::Ipv4Addr>().is_ok();
    if own.session_id.is_none() {
        return Some(("a session-id in the URI of a session (RFC 4975, 6)", ", which names a host only"));
    }
    if numeric && own.port.is_none() {
        return Some(("a port after a numeric address (RFC 4975, 6)", ", which has none"));
    }
    let password = own.userinfo.as_ref().is_some_and(|user| user.contains(':'));
    password.then_some(("a userinfo without a password (RFC 4975, 6)", ", which has one"))
}

fn no_transfer_encoding(trace: &Trace, bench: &mut Bench) {
    let stated = |message: &MsrpMessage| message.headers.get("Content-Transfer-Encoding").is_some();
    // MIME headers of a sender may be passed on as they came.
    let tested = trace
        .observed
        .iter()
        .any(|observed| observed.direction == Direction::ToIut && observed.msrp().is_some_and(stated));
    if tested {
        return;
    }
    for (index, observed) in trace.observed.iter().enumerate() {
        let Message::Msrp(message, _) = &observed.message else { continue };
        if observed.direction != Direction::FromIut || message.method() != Some("SEND") || message.body.is_none() {
            continue;
        }
        bench.observe();
        if stated(message) {
            bench.fail(
                "no transfer encoding: MSRP is binary (RFC 4975, 7.1.1)",
                "a Content-Transfer-Encoding",
                vec![trace.evidence_header(index, "the SEND", "Content-Transfer-Encoding")],
            );
        }
    }
}

/// A chunk may be short because its sender interrupted it for other traffic, and a switch may pass chunks on as they
/// came (RFC 7701, 6.1): only what came whole and went on without a pause is judged.
fn no_short_chunks(trace: &Trace, bench: &mut Bench) {
    for delivery in delivered(trace).filter(|delivery| delivery.complete && !delivery.relayed) {
        bench.observe();
        let cut_by_tester = trace.deliveries.iter().any(|other| {
            other.direction == Direction::ToIut
                && (other.disorderly || other.chunks.len() > 1)
                && (!other.complete || other.content == delivery.content)
        });
        let came_whole = trace.deliveries.iter().any(|other| {
            other.direction == Direction::ToIut && other.chunks.len() == 1 && other.content == delivery.content
        });
        if cut_by_tester || !came_whole {
            continue;
        }
        for pair in delivery.chunks.windows(2) {
            let [earlier, later] = pair else { continue };
            if earlier.length < CHUNK && !interrupted(trace, delivery, earlier.index, later.index) {
                bench.advise(
                    "chunks of 2048 octets or more, but for the last one (RFC 4975, 7.1.1)",
                    format!("a chunk of {} octets with nothing between it and the next", earlier.length),
                    vec![trace.evidence_header(earlier.index, "the chunk", "Byte-Range")],
                );
            }
        }
    }
}

/// Whether something else went over the connection between two chunks.
fn interrupted(trace: &Trace, delivery: &Delivery, first: usize, last: usize) -> bool {
    trace
        .observed
        .get(first + 1..last)
        .unwrap_or_default()
        .iter()
        .any(|observed| observed.pco == delivery.pco && observed.direction == Direction::FromIut)
}

fn refusal_is_no_success(trace: &Trace, bench: &mut Bench) {
    for (index, observed) in trace.observed.iter().enumerate() {
        let Some(report) = observed.msrp().filter(|message| message.method() == Some("REPORT")) else { continue };
        if observed.direction != Direction::FromIut {
            continue;
        }
        let Some(status) = report.report_status() else { continue };
        bench.observe();
        let Some(id) = report.message_id().filter(|_| status == 200) else { continue };
        // Of a message in chunks an earlier part may well have been delivered; of one that was sent twice, the first.
        let mut about = trace.exchanges.iter().filter(|exchange| {
            exchange.direction == Direction::ToIut
                && !exchange.doubtful
                && trace.observed.get(exchange.request).is_some_and(|request| request.pco == observed.pco)
                && trace.msrp_at(exchange.request).and_then(MsrpMessage::message_id).as_deref() == Some(id.as_str())
        });
        let (Some(only), None) = (about.next(), about.next()) else { continue };
        let refusal = only.responses.iter().find(|response| {
            trace.msrp_at(**response).and_then(MsrpMessage::status).is_some_and(|status| status >= 400)
        });
        if let Some(refusal) = refusal {
            bench.fail(
                "an error code in a report on a message that was refused (RFC 4975, 7.1.4)",
                "200",
                vec![
                    trace.evidence_start(*refusal, "the refusal"),
                    trace.evidence_header(index, "the REPORT", "Status"),
                ],
            );
        }
    }
}
