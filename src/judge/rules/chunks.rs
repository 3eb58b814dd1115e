//! The messages of the implementation under test as they are cut into chunks (RFC 4975, 7.1.1; RFC 7701, 6.1).

use std::collections::{HashMap, HashSet};

use super::chat::same_uri;
use super::{Bench, Rule};
use crate::judge::trace::{Delivery, Direction, Trace};
use crate::transcript::PcoId;
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::{Flag, MsrpMessage};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-MSRP-040",
        purpose: "The first chunk of a message starts at octet 1, and every later chunk has a Byte-Range.",
        requirements: &[
            "RFC7701-6.1-23",
            "RFC7701-6.1-31",
            "RFC4975-5.1-4",
            "RFC4975-7.1.1-3",
            "RFC4975-7.1.1-18",
            "RFC4975-7.1.1-19",
            "RFC4975-7.1.1-20",
            "RFC4975-7.1.1-21",
        ],
        level: "MUST",
        judge: ranged,
    },
    Rule {
        id: "RULE-MSRP-041",
        purpose: "The chunks of a message follow each other in the order of their ranges, without overlap.",
        requirements: &["RFC7701-6.1-23", "RFC4975-7.1.1-21", "RFC4975-7.1.1-26", "RFC4975-7.1.1-36"],
        level: "MUST",
        judge: in_order,
    },
    Rule {
        id: "RULE-MSRP-042",
        purpose: "Nothing of a message follows the chunk that completes or aborts it.",
        requirements: &["RFC7701-6.1-23", "RFC4975-5.1-3", "RFC4975-7.1-21", "RFC4975-7.1-24"],
        level: "MUST",
        judge: nothing_after_the_end,
    },
    Rule {
        id: "RULE-MSRP-043",
        purpose: "Later chunks go only to those who were sent the first one.",
        requirements: &["RFC7701-6.1-35", "RFC4975-5.4-35"],
        level: "SHOULD",
        judge: to_those_who_had_the_first,
    },
    Rule {
        id: "RULE-MSRP-044",
        purpose: "All chunks of a message ask for the same reports.",
        requirements: &["RFC7701-6.3-1", "RFC4975-7.1.1-7"],
        level: "MUST",
        judge: same_report_headers,
    },
    Rule {
        id: "RULE-MSRP-045",
        purpose: "A Message-ID is not used again for another content in the same session.",
        requirements: &["RFC7701-6.1-1", "RFC4975-7.1.1-1", "RFC4975-7.1.1-2", "RFC4975-7.1.1-4"],
        level: "MUST",
        judge: message_id_reused,
    },
    Rule {
        id: "RULE-MSRP-046",
        purpose: "The $ of the last chunk is at the end that Byte-Range announced.",
        requirements: &["RFC7701-6.1-23", "RFC4975-5.1-3", "RFC4975-7.1-21", "RFC4975-7.1.1-24"],
        level: "MUST",
        judge: announced_total,
    },
];

/// Messages that came, where the octets behind them are dependable.
pub(super) fn delivered(trace: &Trace) -> impl Iterator<Item = &Delivery> {
    trace
        .deliveries
        .iter()
        .filter(|delivery| delivery.direction == Direction::FromIut && !trace.garbled(delivery.pco, Direction::FromIut))
}

/// Those that no relay has cut anew, and whose Message-ID no two senders shared: where a switch keeps the Message-IDs of
/// senders, the chunks of two messages cannot be told apart, and that began with the tester.
fn as_sent(trace: &Trace) -> impl Iterator<Item = &Delivery> {
    let shared = shared_ids(trace);
    delivered(trace).filter(move |delivery| !delivery.relayed && !shared.contains(delivery.message_id.as_str()))
}

/// Message-IDs that the tester used in more than one session or on more than one connection.
fn shared_ids(trace: &Trace) -> HashSet<&str> {
    let mut users: HashMap<&str, (PcoId, Option<usize>)> = HashMap::new();
    let mut shared = HashSet::new();
    for delivery in trace.deliveries.iter().filter(|delivery| delivery.direction == Direction::ToIut) {
        let user = (delivery.pco, delivery.session);
        if *users.entry(&delivery.message_id).or_insert(user) != user {
            shared.insert(delivery.message_id.as_str());
        }
    }
    shared
}

/// What is known of the stimuli of somebody.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// Chunks out of order, or what nobody can read: what a switch that forwards early makes of them is not judged.
    disorderly: bool,
    /// Ranges or totals that are not true, which a switch may pass on.
    pub(super) untrue: bool,
}

impl Manner {
    fn or(self, other: Self) -> Self {
        Self { disorderly: self.disorderly || other.disorderly, untrue: self.untrue || other.untrue }
    }
}

/// How the authors of messages sent them, by their URIs.
pub(super) struct Manners<'t> {
    users: HashMap<&'t str, Manner>,
    /// Of nobody knows whom.
    unknown: Manner,
    /// Of all together.
    all: Manner,
}

impl<'t> Manners<'t> {
    pub(super) fn of(trace: &'t Trace) -> Self {
        let mut users: HashMap<&str, Manner> =
            trace.sessions.iter().map(|session| (session.user.as_str(), Manner::default())).collect();
        let mut unknown = Manner::default();
        for sent in trace.deliveries.iter().filter(|delivery| delivery.direction == Direction::ToIut) {
            let manner = Manner { disorderly: sent.disorderly || sent.reused, untrue: untrue(trace, sent) };
            let session = sent.session.and_then(|session| trace.sessions.get(session));
            let place = session.and_then(|session| users.get_mut(session.user.as_str())).unwrap_or(&mut unknown);
            *place = place.or(manner);
        }
        for left in trace.leftovers.iter().filter(|left| left.garbled && left.direction == Direction::ToIut) {
            let whose = trace.places.get(left.pco.0).map(|place| place.participant.as_str());
            let mut found = false;
            for session in trace.sessions.iter().filter(|session| Some(session.participant.as_str()) == whose) {
                found = true;
                if let Some(manner) = users.get_mut(session.user.as_str()) {
                    manner.disorderly = true;
                }
            }
            unknown.disorderly |= !found;
        }
        let all = users.values().fold(unknown, |all, one| all.or(*one));
        Self { users, unknown, all }
    }

    /// How the author of a copy sent, by the wrapper of it. Where it cannot be told who that is, it may be anybody.
    pub(super) fn behind(&self, copy: &Delivery) -> Manner {
        let parsed;
        let wrapper = match &copy.wrapper {
            Some(wrapper) => wrapper,
            None => {
                parsed = CpimMessage::parse(copy.content.clone());
                &parsed
            }
        };
        let froms = wrapper.tree.froms();
        let [from] = froms.as_slice() else { return self.all };
        let known = self.users.get(from.uri.as_str()).copied().or_else(|| {
            let same = self.users.iter().filter(|(user, _)| same_uri(user, &from.uri));
            same.map(|(_, manner)| *manner).reduce(Manner::or)
        });
        known.map_or(self.all, |manner| manner.or(self.unknown))
    }
}

fn ranged(trace: &Trace, bench: &mut Bench) {
    for delivery in as_sent(trace) {
        bench.observe();
        for chunk in delivery.chunks.iter().skip(1).filter(|chunk| !chunk.ranged) {
            bench.fail(
                "Byte-Range in every chunk but the first (RFC 4975, 7.1.1)",
                "a later chunk without a Byte-Range that can be read",
                vec![
                    trace.evidence_start(delivery.first(), "the first chunk"),
                    trace.evidence_start(chunk.index, "the later chunk"),
                ],
            );
        }
        let Some(first) = delivery.chunks.first() else { continue };
        let expected = "Byte-Range in the first chunk (RFC 4975, 7.1.1: SHOULD)";
        if !first.ranged && trace.msrp_at(first.index).is_some_and(|send| send.headers.get("Byte-Range").is_none()) {
            bench.advise(expected, "none", vec![trace.evidence(first.index, "the SEND")]);
        } else if first.start == 0 {
            bench.fail(
                "a first octet at position 1 (RFC 4975, 7.1.1)",
                "range-start 0",
                vec![trace.evidence_header(first.index, "the SEND", "Byte-Range")],
            );
        }
    }
}

fn in_order(trace: &Trace, bench: &mut Bench) {
    let manners = Manners::of(trace);
    let long = |delivery: &&Delivery| delivery.chunks.len() > 1 && !manners.behind(delivery).disorderly;
    for delivery in as_sent(trace).filter(long) {
        bench.observe();
        for pair in delivery.chunks.windows(2) {
            let [earlier, later] = pair else { continue };
            // What is empty starts at 1, wherever it stands (RFC 4975, 7.1.1).
            let empty = later.length == 0 && later.start == 1;
            if !earlier.ranged || !later.ranged || empty || later.start == earlier.end().saturating_add(1) {
                continue;
            }
            bench.fail(
                format!("a chunk that starts at octet {} (RFC 4975, 7.1.1)", earlier.end().saturating_add(1)),
                format!("a chunk that starts at octet {}", later.start),
                vec![
                    trace.evidence_header(earlier.index, "the earlier chunk", "Byte-Range"),
                    trace.evidence_header(later.index, "the later chunk", "Byte-Range"),
                ],
            );
        }
    }
}

fn nothing_after_the_end(trace: &Trace, bench: &mut Bench) {
    let manners = Manners::of(trace);
    for delivery in as_sent(trace).filter(|delivery| !manners.behind(delivery).disorderly) {
        bench.observe();
        let Some(end) = delivery.chunks.iter().position(|chunk| chunk.flag != Flag::More) else { continue };
        let (Some(last), Some(extra)) = (delivery.chunks.get(end), delivery.chunks.get(end + 1)) else { continue };
        bench.fail(
            "$ on the chunk with the end of the message, # on the last chunk of an aborted one (RFC 4975, 7.1)",
            format!("a further chunk after {}", char::from(last.flag.octet())),
            vec![
                trace.evidence_end(last.index, "the chunk that ended the message"),
                trace.evidence_start(extra.index, "the further chunk"),
            ],
        );
    }
}

fn to_those_who_had_the_first(trace: &Trace, bench: &mut Bench) {
    let manners = Manners::of(trace);
    for delivery in as_sent(trace).filter(|delivery| !manners.behind(delivery).disorderly) {
        let Some(first) = delivery.chunks.first().filter(|chunk| chunk.ranged) else { continue };
        bench.observe();
        if first.start > 1 && first.flag != Flag::Aborted {
            bench.advise(
                "later chunks only for those who were sent the first (RFC 7701, 6.1: SHOULD)",
                format!("the first chunk on this session starts at octet {}", first.start),
                vec![trace.evidence_header(first.index, "the chunk", "Byte-Range")],
            );
        }
    }
}

fn same_report_headers(trace: &Trace, bench: &mut Bench) {
    for delivery in as_sent(trace).filter(|delivery| delivery.chunks.len() > 1) {
        bench.observe();
        let model = |send: &MsrpMessage| (send.success_report(), send.failure_report());
        let Some(first) = trace.msrp_at(delivery.first()).map(model) else { continue };
        for chunk in delivery.chunks.iter().skip(1) {
            if trace.msrp_at(chunk.index).map(model).is_some_and(|later| later != first) {
                bench.fail(
                    "the same Success-Report and Failure-Report in all chunks of a message (RFC 4975, 7.1.1)",
                    "another value in a later chunk",
                    vec![
                        trace.evidence(delivery.first(), "the first chunk"),
                        trace.evidence(chunk.index, "the later chunk"),
                    ],
                );
            }
        }
    }
}

/// The very same content may be sent again under its Message-ID (RFC 4975, 5.4).
fn message_id_reused(trace: &Trace, bench: &mut Bench) {
    let (shared, manners) = (shared_ids(trace), Manners::of(trace));
    for (index, delivery) in trace.deliveries.iter().enumerate() {
        let unique = !delivery.message_id.is_empty() && !shared.contains(delivery.message_id.as_str());
        if delivery.direction != Direction::FromIut || !unique || manners.behind(delivery).disorderly {
            continue;
        }
        bench.observe();
        if !delivery.reused || !delivery.complete || delivery.disorderly {
            continue;
        }
        let earlier = trace.deliveries.get(..index).unwrap_or_default().iter().rev().find(|earlier| {
            earlier.direction == Direction::FromIut
                && earlier.pco == delivery.pco
                && earlier.session == delivery.session
                && earlier.message_id == delivery.message_id
        });
        let Some(earlier) = earlier.filter(|earlier| earlier.complete && earlier.content != delivery.content) else {
            continue;
        };
        bench.fail(
            "a new Message-ID for a new message (RFC 4975, 7.1.1)",
            format!("'{}' for two contents", delivery.message_id),
            vec![
                trace.evidence(earlier.first(), "the earlier message"),
                trace.evidence_header(delivery.first(), "the later message", "Message-ID"),
            ],
        );
    }
}

/// Whether a message has another range or total than its Byte-Range says.
pub(super) fn untrue(trace: &Trace, delivery: &Delivery) -> bool {
    let complete = delivery.chunks.iter().any(|chunk| chunk.flag == Flag::Complete);
    let whole = delivery.chunks.iter().map(|chunk| chunk.end()).max().unwrap_or_default();
    delivery.chunks.iter().any(|chunk| {
        let Some(range) = trace.msrp_at(chunk.index).and_then(MsrpMessage::byte_range) else { return false };
        let end = range.end.is_some_and(|end| end != chunk.end());
        let total = range.total.is_some_and(|total| match chunk.flag {
            _ if complete => total != whole,
            _ => total < chunk.end(),
        });
        end || total
    })
}

fn announced_total(trace: &Trace, bench: &mut Bench) {
    let manners = Manners::of(trace);
    let plain = |delivery: &&Delivery| {
        let manner = manners.behind(delivery);
        !manner.disorderly && !manner.untrue
    };
    for delivery in as_sent(trace).filter(plain) {
        for chunk in delivery.chunks.iter().filter(|chunk| chunk.flag == Flag::Complete) {
            let Some(total) =
                trace.msrp_at(chunk.index).and_then(MsrpMessage::byte_range).and_then(|range| range.total)
            else {
                continue;
            };
            bench.observe();
            if total != chunk.end() {
                bench.fail(
                    format!("the end of the message at octet {total}, the total of its Byte-Range (RFC 4975, 7.1.1)"),
                    format!("$ after octet {}", chunk.end()),
                    vec![trace.evidence_header(chunk.index, "the chunk with $", "Byte-Range")],
                );
            }
        }
    }
}
