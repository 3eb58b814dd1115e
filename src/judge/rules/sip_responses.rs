//! SIP responses of the focus (RFC 3261, 8.2, 12.1.1, 17.2, 22).

use std::time::Duration;

use super::{Bench, Rule};
use crate::judge::trace::{Direction, SipTransaction, Trace};
use crate::transcript::Transport;
use crate::wire::auth::DigestParams;
use crate::wire::sip::{NameAddr, SipMessage, Via};
use crate::wire::uri::SipUri;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-SIP-001",
        purpose: "A response has the Via, From, Call-ID and CSeq of its request, and the URI of its To.",
        requirements: &[
            "RFC7701-4-4",
            "RFC3261-8.2.6.2-1",
            "RFC3261-8.2.6.2-2",
            "RFC3261-8.2.6.2-3",
            "RFC3261-8.2.6.2-4",
            "RFC3261-8.2.6.2-5",
            "RFC3261-8.2.6.2-6",
        ],
        level: "MUST",
        judge: echoed,
    },
    Rule {
        id: "RULE-SIP-002",
        purpose: "A response over 100 has a To tag: that of the request, or the same in all responses to it.",
        requirements: &["RFC7701-4-4", "RFC3261-8.2.6.2-5", "RFC3261-8.2.6.2-7"],
        level: "MUST",
        judge: to_tag,
    },
    Rule {
        id: "RULE-SIP-003",
        purpose: "A transaction has one final status.",
        requirements: &["RFC7701-4-4", "RFC3261-17.2.2-2"],
        level: "MUST",
        judge: one_final,
    },
    Rule {
        id: "RULE-SIP-004",
        purpose: "ACK is never answered.",
        requirements: &["RFC7701-4-4", "RFC3261-22.1-2"],
        level: "MUST NOT",
        judge: ack_unanswered,
    },
    Rule {
        id: "RULE-SIP-005",
        purpose: "A request other than CANCEL gets a response, be it a provisional one.",
        requirements: &["RFC7701-4-4"],
        level: "MUST",
        judge: answered,
    },
    Rule {
        id: "RULE-SIP-006",
        purpose: "A 2xx that makes a dialog has one Contact with a SIP URI and the Record-Route of the request.",
        requirements: &["RFC7701-4-5", "RFC7701-4-4", "RFC3261-12.1.1-1", "RFC3261-12.1.1-2", "RFC3261-12.1.1-3"],
        level: "MUST",
        judge: contact,
    },
    Rule {
        id: "RULE-SIP-007",
        purpose: "The Contact of a 2xx to INVITE has the feature tag isfocus as a header parameter.",
        requirements: &["RFC7701-5.2-18"],
        level: "MUST",
        judge: isfocus,
    },
    Rule {
        id: "RULE-SIP-008",
        purpose: "A 2xx to INVITE has a session description: the answer, or the offer.",
        requirements: &["RFC7701-4-6", "RFC7701-4-4", "RFC3261-13.3.1.4-2", "RFC3261-13.3.1.4-3"],
        level: "MUST",
        judge: described,
    },
    Rule {
        id: "RULE-SIP-009",
        purpose: "405 has Allow, 420 has Unsupported.",
        requirements: &["RFC7701-4-4", "RFC3261-8.2.1-2"],
        level: "MUST",
        judge: refusal_headers,
    },
    Rule {
        id: "RULE-SIP-010",
        purpose: "401 and 407 have a challenge with realm and nonce.",
        requirements: &["RFC7701-5.2-2", "RFC3261-22.2-2"],
        level: "MUST",
        judge: challenge,
    },
    Rule {
        id: "RULE-SIP-011",
        purpose: "A request other than INVITE gets no provisional response but 100.",
        requirements: &["RFC7701-4-4", "RFC3261-8.2.6.1-1"],
        level: "SHOULD NOT",
        judge: no_provisional,
    },
    Rule {
        id: "RULE-SIP-012",
        purpose: "A response requires only extensions that the request supports.",
        requirements: &["RFC7701-4-4", "RFC3261-8.2.4-1"],
        level: "MUST NOT",
        judge: required_extensions,
    },
];

/// Transactions of the tester that are safe to judge, with their requests.
fn asked(trace: &Trace) -> impl Iterator<Item = (&SipTransaction, &SipMessage)> {
    trace
        .sip
        .iter()
        .filter(|transaction| transaction.direction == Direction::ToIut && !transaction.doubtful)
        .filter_map(|transaction| Some((transaction, trace.sip_at(transaction.request())?)))
}

fn answers<'a>(
    trace: &'a Trace,
    transaction: &'a SipTransaction,
) -> impl Iterator<Item = (usize, &'a SipMessage, u16)> {
    transaction.responses.iter().filter_map(|index| {
        let response = trace.sip_at(*index)?;
        Some((*index, response, response.status()?))
    })
}

/// The server fills in `received` and `rport` of the topmost Via (RFC 3261, 18.2.1; RFC 3581, 4).
fn via_text(index: usize, via: &Via) -> String {
    let mut params: Vec<String> = via
        .params
        .0
        .iter()
        .filter(|(name, _)| index > 0 || !(name.eq_ignore_ascii_case("received") || name.eq_ignore_ascii_case("rport")))
        .map(|(name, value)| match value {
            Some(value) => format!("{}={value}", name.to_ascii_lowercase()),
            None => name.to_ascii_lowercase(),
        })
        .collect();
    params.sort();
    format!("{} {}:{:?};{}", via.transport, via.host, via.port, params.join(";")).to_ascii_lowercase()
}

fn same_address(one: &NameAddr, other: &NameAddr) -> bool {
    one.uri == other.uri
        || match (SipUri::parse(&one.uri), SipUri::parse(&other.uri)) {
            (Ok(one), Ok(other)) => one.equivalent(&other),
            _ => false,
        }
}

fn echoed(trace: &Trace, bench: &mut Bench) {
    for (transaction, request) in asked(trace) {
        for (index, response, _) in answers(trace, transaction) {
            bench.observe();
            let vias = |message: &SipMessage| {
                message.vias().iter().enumerate().map(|(index, via)| via_text(index, via)).collect::<Vec<_>>()
            };
            let from = |message: &SipMessage| message.from();
            let wrong = if vias(request) != vias(response) {
                Some("Via")
            } else if request.call_id() != response.call_id() {
                Some("Call-ID")
            } else if request.cseq() != response.cseq() {
                Some("CSeq")
            } else {
                match (from(request), from(response), request.to(), response.to()) {
                    (Some(one), Some(other), _, _) if one.tag() != other.tag() || !same_address(&one, &other) => {
                        Some("From")
                    }
                    (_, _, Some(one), Some(other)) if !same_address(&one, &other) => Some("To"),
                    _ => None,
                }
            };
            if let Some(name) = wrong {
                bench.fail(
                    format!("{name} as in the request (RFC 3261, 8.2.6.2)"),
                    format!("{name}: {}", response.header(name).unwrap_or_default()),
                    vec![
                        trace.evidence_header(transaction.request(), "the request", name),
                        trace.evidence_header(index, "the response", name),
                    ],
                );
            }
        }
    }
}

fn to_tag(trace: &Trace, bench: &mut Bench) {
    for (transaction, request) in asked(trace) {
        let asked_tag = request.to().and_then(|to| to.tag().map(str::to_owned));
        let mut given: Option<String> = None;
        for (index, response, status) in answers(trace, transaction).filter(|(_, _, status)| *status > 100) {
            let Some(to) = response.to() else { continue };
            bench.observe();
            let tag = to.tag().map(str::to_owned);
            let evidence = vec![trace.evidence_header(index, format!("the {status}"), "To")];
            match (&asked_tag, &tag, &given) {
                (_, None, _) => bench.fail("a tag in To (RFC 3261, 8.2.6.2)", "none", evidence),
                (Some(asked), Some(tag), _) if asked != tag => {
                    bench.fail("the tag of the request's To (RFC 3261, 8.2.6.2)", format!("'{tag}'"), evidence);
                }
                // A proxy in between may have forked the request or refused it by itself.
                (None, Some(tag), Some(given)) if tag != given => bench.advise(
                    format!("the same tag in all responses to a request, '{given}' (RFC 3261, 8.2.6.2)"),
                    format!("'{tag}'"),
                    evidence,
                ),
                _ => {}
            }
            given = given.or(tag);
        }
    }
}

fn one_final(trace: &Trace, bench: &mut Bench) {
    for (transaction, _) in asked(trace) {
        let finals: Vec<_> = answers(trace, transaction).filter(|(_, _, status)| *status >= 200).collect();
        let Some((first, _, status)) = finals.first() else { continue };
        bench.observe();
        let tag = |response: &SipMessage| response.to().and_then(|to| to.tag().map(str::to_owned));
        let given = finals.first().and_then(|(_, response, _)| tag(response));
        // With another tag it may be that of another branch of a forking proxy (RFC 3261, 16.7).
        let clash = finals.iter().find(|(_, response, later)| later != status && tag(response) == given);
        if let Some((other, _, later)) = clash {
            bench.fail(
                format!("no final response other than {status} (RFC 3261, 17.2)"),
                format!("{later} as well"),
                vec![trace.evidence_start(*first, "the first"), trace.evidence_start(*other, "the other")],
            );
        }
    }
}

fn ack_unanswered(trace: &Trace, bench: &mut Bench) {
    for (transaction, _) in asked(trace).filter(|(transaction, _)| transaction.method == "ACK") {
        bench.observe();
        for (index, _, status) in answers(trace, transaction) {
            bench.fail(
                "no response to ACK (RFC 3261, 17)",
                format!("{status} to ACK"),
                vec![trace.evidence_header(index, "the response", "CSeq")],
            );
        }
    }
}

/// 64*T1 (RFC 3261, 17.1.2.2), with some slack.
const TRANSACTION_TIME: Duration = Duration::from_secs(33);

/// Only time proves silence. A ringing INVITE may take as long as it likes.
fn answered(trace: &Trace, bench: &mut Bench) {
    // Who keeps no state must ignore a CANCEL (RFC 3261, 8.2.7).
    let due = |method: &str| !matches!(method, "ACK" | "CANCEL");
    for (transaction, request) in asked(trace).filter(|(transaction, _)| due(&transaction.method)) {
        let mut statuses = answers(trace, transaction).map(|(_, _, status)| status);
        let any = statuses.next().is_some();
        if any {
            bench.observe();
            continue;
        }
        let Some(observed) = trace.observed.get(transaction.request()) else { continue };
        let end = trace.places.get(observed.pco.0).and_then(|place| place.closed).unwrap_or(trace.end);
        let branch = request.vias().first().and_then(|via| via.branch().map(str::to_owned)).unwrap_or_default();
        let hidden = trace.garbled(observed.pco, Direction::FromIut)
            || trace.garbled(observed.pco, Direction::ToIut)
            || trace.left_with(observed.pco, Direction::FromIut, branch.as_bytes());
        // A datagram may be lost; that all retransmissions are lost, too, is another matter.
        let lost = trace.transport(observed.pco) == Some(Transport::Udp) && transaction.requests.len() < 3;
        if hidden || lost || end.saturating_sub(observed.at) < TRANSACTION_TIME {
            continue;
        }
        bench.observe();
        bench.fail(
            "a response (RFC 3261, 8.2 and 17.2)",
            format!("none in {} seconds", end.saturating_sub(observed.at).as_secs()),
            vec![trace.evidence_start(transaction.request(), "the request")],
        );
    }
}

fn contact(trace: &Trace, bench: &mut Bench) {
    for (transaction, request) in asked(trace) {
        let method = transaction.method.as_str();
        if !matches!(method, "INVITE" | "SUBSCRIBE") {
            continue;
        }
        let new = request.to().is_some_and(|to| to.tag().is_none());
        for (index, response, status) in answers(trace, transaction) {
            if !(200..300).contains(&status) || !new {
                continue;
            }
            bench.observe();
            let contacts = response.contacts();
            let evidence = vec![trace.evidence_header(index, format!("the {status} to {method}"), "Contact")];
            match contacts.as_slice() {
                [contact] if contact.sip_uri().is_some() => {}
                _ => bench.fail(
                    "one Contact with a SIP URI (RFC 3261, 12.1.1 and 8.1.1.8)",
                    format!("{} values", contacts.len()),
                    evidence,
                ),
            }
            let asked = request.values("Record-Route");
            // Proxies behind the tester's request put theirs on top.
            if !response.values("Record-Route").ends_with(&asked) {
                bench.fail(
                    "the Record-Route of the request (RFC 3261, 12.1.1)",
                    format!("Record-Route: {}", response.values("Record-Route").join(", ")),
                    vec![
                        trace.evidence_header(transaction.request(), "the request", "Record-Route"),
                        trace.evidence(index, "the response"),
                    ],
                );
            }
        }
    }
}

/// Judged where a chat was accepted: neither a call nor a file is a room. The detection of RFC 7701, 5.2 happens at the join; in a re-INVITE the absence is merely odd.
fn isfocus(trace: &Trace, bench: &mut Bench) {
    for (transaction, request) in asked(trace).filter(|(transaction, _)| transaction.method == "INVITE") {
        let new = request.to().is_some_and(|to| to.tag().is_none());
        for (index, response, status) in answers(trace, transaction) {
            let contacts = response.contacts();
            let room = trace.negotiations.iter().any(|negotiation| {
                negotiation.iut().is_some_and(|own| {
                    transaction.responses.contains(&own.index)
                        && own.media.iter().any(|media| media.is_msrp() && media.port != 0 && !media.is_file())
                })
            });
            if !(200..300).contains(&status) || contacts.is_empty() || !room {
                continue;
            }
            bench.observe();
            if contacts.iter().any(|contact| contact.params.has("isfocus")) {
                continue;
            }
            let expected = "isfocus as a parameter of the Contact header (RFC 7701, 5.2; RFC 3840, 9; T08)";
            let observed = format!("Contact: {}", response.header("Contact").unwrap_or_default());
            let evidence = vec![trace.evidence_header(index, format!("the {status}"), "Contact")];
            if new {
                bench.fail(expected, observed, evidence);
            } else {
                bench.advise(expected, observed, evidence);
            }
        }
    }
}

fn described(trace: &Trace, bench: &mut Bench) {
    for (transaction, request) in asked(trace).filter(|(transaction, _)| transaction.method == "INVITE") {
        let offered = !request.body.is_empty();
        if offered && request.media_type().as_deref() != Some("application/sdp") {
            continue;
        }
        let earlier =
            answers(trace, transaction).any(|(_, response, status)| status < 200 && !response.body.is_empty());
        for (index, response, status) in answers(trace, transaction).filter(|(_, _, status)| *status / 100 == 2) {
            bench.observe();
            if response.body.is_empty() && !earlier {
                let what = if offered { "an answer" } else { "an offer" };
                bench.fail(
                    format!("{what} in the 2xx to INVITE (RFC 3261, 13.3.1.4)"),
                    "no body",
                    vec![trace.evidence_start(index, format!("the {status}"))],
                );
            }
        }
    }
}

fn refusal_headers(trace: &Trace, bench: &mut Bench) {
    for (transaction, _) in asked(trace) {
        for (index, response, status) in answers(trace, transaction) {
            let (name, clause) = match status {
                405 => ("Allow", "RFC 3261, 8.2.1"),
                420 => ("Unsupported", "RFC 3261, 8.2.2.3"),
                _ => continue,
            };
            bench.observe();
            if response.header(name).is_none() {
                bench.fail(
                    format!("{name} in a {status} ({clause})"),
                    "none",
                    vec![trace.evidence_start(index, "the response")],
                );
            }
        }
    }
}

fn challenge(trace: &Trace, bench: &mut Bench) {
    for (transaction, _) in asked(trace) {
        for (index, response, status) in answers(trace, transaction) {
            let name = match status {
                401 => "WWW-Authenticate",
                407 => "Proxy-Authenticate",
                _ => continue,
            };
            bench.observe();
            let evidence = vec![trace.evidence_header(index, format!("the {status}"), name)];
            let Some(value) = response.header(name) else {
                bench.fail(format!("{name} (RFC 3261, 22.2 and 22.3)"), "none", evidence);
                continue;
            };
            let digest = value.trim_start().get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("digest"));
            let complete = response.headers.all(name).any(|header| {
                DigestParams::parse(&header.text())
                    .is_some_and(|params| params.get("realm").is_some() && params.get("nonce").is_some())
            });
            if digest && !complete {
                bench.fail("a Digest challenge with realm and nonce (RFC 3261, 22.4; RFC 7616, 3.3)", value, evidence);
            }
        }
    }
}

fn no_provisional(trace: &Trace, bench: &mut Bench) {
    for (transaction, _) in asked(trace) {
        if matches!(transaction.method.as_str(), "INVITE" | "ACK") {
            continue;
        }
        for (index, _, status) in answers(trace, transaction) {
            bench.observe();
            if (101..200).contains(&status) {
                // RFC 4320, 4.1 says MUST NOT, and is not what RFC 7701 names.
                bench.advise(
                    "no provisional response but 100 (RFC 3261, 8.2.6.1; RFC 4320, 4.1)",
                    format!("{status} to {}", transaction.method),
                    vec![trace.evidence_start(index, "the response")],
                );
            }
        }
    }
}

fn required_extensions(trace: &Trace, bench: &mut Bench) {
    for (transaction, request) in asked(trace) {
        let known: Vec<String> = ["Supported", "Require"]
            .iter()
            .flat_map(|name| request.values(name))
            .map(|value| value.trim().to_ascii_lowercase())
            .collect();
        for (index, response, status) in
            answers(trace, transaction).filter(|(_, _, status)| !matches!(status, 421 | 494))
        {
            bench.observe();
            let foreign = response
                .values("Require")
                .into_iter()
                .find(|tag| !tag.trim().is_empty() && !known.contains(&tag.trim().to_ascii_lowercase()));
            if let Some(tag) = foreign {
                bench.fail(
                    "only extensions of the request's Supported (RFC 3261, 8.2.4)",
                    format!("Require: {tag} in a {status}"),
                    vec![trace.evidence_header(index, "the response", "Require")],
                );
            }
        }
    }
}
