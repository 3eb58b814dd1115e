//! What the focus keeps of a dialog and shows in it: tags, URIs, numbers, route, and what its answers tell (RFC 3261, 12
//! and 13.3.1), and the connections of responses (18.2.2).

use std::collections::{BTreeMap, HashMap};

use super::{Bench, Rule};
use crate::judge::trace::{Dialog, Direction, SipTransaction, Trace};
use crate::transcript::Transport;
use crate::wire::sip::{NameAddr, SipMessage};
use crate::wire::uri::SipUri;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-SIP-050",
        purpose: "A request of the focus in a dialog has the dialog's tags, Call-ID and URIs.",
        requirements: &["RFC3261-12.2.1.1-1", "RFC3261-12.2.1.1-2", "RFC3261-12.2.1.1-3"],
        level: "MUST",
        judge: identified,
    },
    Rule {
        id: "RULE-SIP-051",
        purpose: "The CSeq numbers of the focus' requests in a dialog have no gaps.",
        requirements: &["RFC3261-12.2.1.1-4"],
        level: "SHOULD",
        judge: contiguous,
    },
    Rule {
        id: "RULE-SIP-052",
        purpose: "A request of the focus in a dialog takes the route that was recorded.",
        requirements: &["RFC3261-12.1.1-4"],
        level: "MUST",
        judge: routed,
    },
    Rule {
        id: "RULE-SIP-053",
        purpose: "A 2xx to INVITE has Allow and Supported.",
        requirements: &["RFC3261-13.3.1.4-1"],
        level: "SHOULD",
        judge: tells_abilities,
    },
    Rule {
        id: "RULE-SIP-054",
        purpose: "A 488 says why in Warning.",
        requirements: &["RFC3261-13.3.1.3-2"],
        level: "SHOULD",
        judge: warned,
    },
    Rule {
        id: "RULE-SIP-055",
        purpose: "Each dialog has a To tag of its own, long enough for 32 random bits.",
        requirements: &["RFC3261-19.3-1"],
        level: "MUST",
        judge: tags,
    },
    Rule {
        id: "RULE-SIP-056",
        purpose: "Over a stream the response comes on the connection of the request.",
        requirements: &["RFC3261-18.2.2-1"],
        level: "MUST",
        judge: same_connection,
    },
];

/// Fewer characters of a token cannot hold 32 bits: there are 72 characters, and 72^5 is less than 2^32.
const SHORTEST_TAG: usize = 6;

fn tag(value: Option<NameAddr>) -> String {
    value.and_then(|value| value.tag().map(str::to_owned)).unwrap_or_default()
}

/// Requests of the focus that belong into dialogs, first transmissions only.
fn requests(trace: &Trace) -> impl Iterator<Item = (usize, &SipTransaction, &SipMessage)> {
    trace
        .sip
        .iter()
        .filter(|transaction| transaction.direction == Direction::FromIut && !transaction.doubtful)
        .filter(|transaction| !matches!(transaction.method.as_str(), "ACK" | "CANCEL"))
        .filter_map(|transaction| Some((transaction.request(), transaction, trace.sip_at(transaction.request())?)))
        .filter(|(_, _, request)| request.to().is_some_and(|to| to.tag().is_some()))
}

/// The dialogs that the tester's requests made.
fn made_by_tester(trace: &Trace) -> impl Iterator<Item = (&Dialog, &SipMessage)> {
    trace.dialogs.iter().filter_map(|dialog| {
        let transaction = trace.sip.get(dialog.transaction)?;
        let safe = transaction.direction == Direction::ToIut && !transaction.doubtful;
        Some((dialog, trace.sip_at(transaction.request())?)).filter(|_| safe)
    })
}

fn same_address(one: &str, other: &str) -> bool {
    one == other
        || match (SipUri::parse(one), SipUri::parse(other)) {
            (Ok(one), Ok(other)) => one.equivalent(&other) || one.bare().equivalent(&other.bare()),
            _ => false,
        }
}

/// Judged where two of the three parts of the dialog's id lead to a dialog: then the third one must fit, too. A NOTIFY
/// may come from another branch of a forked SUBSCRIBE, with another From tag.
fn identified(trace: &Trace, bench: &mut Bench) {
    for (index, transaction, request) in requests(trace) {
        let call_id = request.call_id().unwrap_or_default();
        let (from_tag, to_tag) = (tag(request.from()), tag(request.to()));
        let fits = |dialog: &Dialog| {
            let parts = [dialog.call_id == call_id, dialog.tester_tag == to_tag, dialog.iut_tag == from_tag];
            parts.into_iter().filter(|fits| *fits).count()
        };
        let Some((dialog, made_by)) = made_by_tester(trace).max_by_key(|(dialog, _)| fits(dialog)) else { continue };
        let forked = transaction.method == "NOTIFY" && dialog.iut_tag != from_tag;
        if fits(dialog) < 2 || forked {
            continue;
        }
        bench.observe();
        let address = |value: Option<NameAddr>| value.map(|value| value.uri).unwrap_or_default();
        let wrong = if dialog.call_id != call_id {
            Some(("Call-ID", dialog.call_id.clone()))
        } else if dialog.tester_tag != to_tag || !same_address(&address(request.to()), &address(made_by.from())) {
            Some(("To", format!("<{}>;tag={}", address(made_by.from()), dialog.tester_tag)))
        } else if dialog.iut_tag != from_tag || !same_address(&address(request.from()), &address(made_by.to())) {
            Some(("From", format!("<{}>;tag={}", address(made_by.to()), dialog.iut_tag)))
        } else {
            None
        };
        if let Some((name, expected)) = wrong {
            bench.fail(
                format!("{name}: {expected}, as in the dialog (RFC 3261, 12.2.1.1)"),
                format!("{name}: {}", request.header(name).unwrap_or_default()),
                vec![
                    trace.evidence_header(dialog.created, "the answer that made the dialog", "To"),
                    trace.evidence_header(index, "the request", name),
                ],
            );
        }
    }
}

/// Over UDP a request may be lost, or be still on its way when the trace ends: only a second gap is a habit.
/// Advised only, though the RFC says MUST: a number may have been used up by a request that never came this far.
fn contiguous(trace: &Trace, bench: &mut Bench) {
    let mut dialogs: HashMap<(String, String, String), BTreeMap<u32, usize>> = HashMap::new();
    for (index, _, request) in requests(trace) {
        let (Some(call_id), Some(cseq)) = (request.call_id(), request.cseq()) else { continue };
        let key = (call_id, tag(request.from()), tag(request.to()));
        dialogs.entry(key).or_default().entry(cseq.number).or_insert(index);
    }
    for numbers in dialogs.values().filter(|numbers| numbers.len() > 1) {
        bench.observe();
        let mut gaps = Vec::new();
        for ((one, first), (other, second)) in numbers.iter().zip(numbers.iter().skip(1)) {
            let place = |index: &usize| trace.observed.get(*index).map(|observed| observed.pco);
            if other - one > 1 && place(first) == place(second) {
                gaps.push((*one, *first, *other, *second));
            }
        }
        let Some((one, first, other, second)) = gaps.first().copied() else { continue };
        let datagrams =
            trace.observed.get(first).is_none_or(|observed| trace.transport(observed.pco) == Some(Transport::Udp));
        if datagrams && gaps.len() < 2 {
            continue;
        }
        bench.advise(
            format!("CSeq {} after {one} (RFC 3261, 12.2.1.1: increasing by one)", u64::from(one) + 1),
            other.to_string(),
            vec![
                trace.evidence_header(first, "the earlier request", "CSeq"),
                trace.evidence_header(second, "the later request", "CSeq"),
            ],
        );
    }
}

/// Where the first proxy is a loose router; the proxies between focus and tester have taken their own values off.
fn routed(trace: &Trace, bench: &mut Bench) {
    let uris = |values: Vec<String>| -> Vec<String> {
        values.iter().filter_map(|value| NameAddr::parse(value)).map(|value| value.uri).collect()
    };
    for (index, _, request) in requests(trace) {
        let call_id = request.call_id().unwrap_or_default();
        let (from_tag, to_tag) = (tag(request.from()), tag(request.to()));
        let made = made_by_tester(trace)
            .find(|(dialog, _)| dialog.call_id == call_id && dialog.tester_tag == to_tag && dialog.iut_tag == from_tag);
        let Some((dialog, made_by)) = made else { continue };
        let recorded = uris(made_by.values("Record-Route"));
        let loose = recorded.first().and_then(|uri| SipUri::parse(uri).ok()).is_some_and(|uri| uri.params.has("lr"));
        if !loose {
            continue;
        }
        bench.observe();
        let taken = uris(request.values("Route"));
        let same =
            taken.len() == recorded.len() && taken.iter().zip(&recorded).all(|(one, other)| same_address(one, other));
        if !same {
            let request_made = trace.sip.get(dialog.transaction).map(SipTransaction::request).unwrap_or_default();
            bench.fail(
                format!("Route: {} (RFC 3261, 12.1.1 and 12.2.1.1)", made_by.values("Record-Route").join(", ")),
                format!("Route: {}", request.values("Route").join(", ")),
                vec![
                    trace.evidence_header(request_made, "the request that made the dialog", "Record-Route"),
                    trace.evidence(index, "the request"),
                ],
            );
        }
    }
}

/// The responses to the tester's INVITEs.
fn answers_to_invite(trace: &Trace) -> impl Iterator<Item = (usize, &SipMessage, u16)> {
    trace
        .sip
        .iter()
        .filter(|transaction| transaction.direction == Direction::ToIut && transaction.method == "INVITE")
        .filter(|transaction| !transaction.doubtful)
        .flat_map(|transaction| transaction.responses.iter())
        .filter_map(|index| {
            let response = trace.sip_at(*index)?;
            Some((*index, response, response.status()?))
        })
}

fn tells_abilities(trace: &Trace, bench: &mut Bench) {
    for (index, response, status) in answers_to_invite(trace).filter(|(_, _, status)| *status / 100 == 2) {
        bench.observe();
        let missing: Vec<&str> =
            ["Allow", "Supported"].into_iter().filter(|name| response.header(name).is_none()).collect();
        if !missing.is_empty() {
            bench.advise(
                "Allow and Supported in the 2xx to INVITE (RFC 3261, 13.3.1.4)",
                format!("without {}", missing.join(" and ")),
                vec![trace.evidence(index, format!("the {status}"))],
            );
        }
    }
}

fn warned(trace: &Trace, bench: &mut Bench) {
    for (index, response, _) in answers_to_invite(trace).filter(|(_, _, status)| *status == 488) {
        bench.observe();
        if response.header("Warning").is_none() {
            let evidence = vec![trace.evidence_start(index, "the 488")];
            bench.advise("Warning in a 488 (RFC 3261, 13.3.1.3)", "none", evidence);
        }
    }
}

/// Only of dialogs: who refuses without keeping a state may make the tag from the request.
fn tags(trace: &Trace, bench: &mut Bench) {
    let mut given: HashMap<&str, &Dialog> = HashMap::new();
    for (dialog, _) in made_by_tester(trace).filter(|(dialog, _)| !dialog.iut_tag.is_empty()) {
        bench.observe();
        let evidence = |dialog: &Dialog| trace.evidence_header(dialog.created, "the answer that made a dialog", "To");
        if dialog.iut_tag.len() < SHORTEST_TAG {
            bench.fail(
                "a tag that can hold 32 random bits (RFC 3261, 19.3)",
                format!("'{}'", dialog.iut_tag),
                vec![evidence(dialog)],
            );
        }
        // A request that was sent again with credentials keeps its Call-ID, and may keep its tag.
        let earlier = given.entry(&dialog.iut_tag).or_insert(dialog);
        if earlier.call_id != dialog.call_id {
            bench.fail(
                "a tag that no other dialog has (RFC 3261, 19.3)",
                format!("'{}' once more", dialog.iut_tag),
                vec![evidence(earlier), evidence(dialog)],
            );
        }
    }
}

fn same_connection(trace: &Trace, bench: &mut Bench) {
    for transaction in trace.sip.iter().filter(|it| it.direction == Direction::ToIut && !it.doubtful) {
        let places: Vec<_> =
            transaction.requests.iter().filter_map(|index| Some(trace.observed.get(*index)?.pco)).collect();
        let stream = |pco: &crate::transcript::PcoId| trace.transport(*pco).is_some_and(|it| it != Transport::Udp);
        if places.is_empty() || !places.iter().all(stream) {
            continue;
        }
        for index in &transaction.responses {
            let Some(observed) = trace.observed.get(*index) else { continue };
            // A response whose connection is gone comes over another one.
            let open = places.iter().all(|pco| {
                trace.places.get(pco.0).is_none_or(|place| place.closed.is_none_or(|closed| closed >= observed.at))
            });
            if !open {
                continue;
            }
            bench.observe();
            if !places.contains(&observed.pco) {
                bench.fail(
                    "the response on the connection of the request (RFC 3261, 18.2.2)",
                    "it came on another one",
                    vec![
                        trace.evidence_start(transaction.request(), "the request"),
                        trace.evidence_start(*index, "the response"),
                    ],
                );
            }
        }
    }
}
