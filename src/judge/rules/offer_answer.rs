//! Offers, answers and what follows them in a dialog (RFC 3264, 4 to 8).

use super::description_lines::numbers;
use super::session_descriptions::{accepted, answers, line, own, sound};
use super::{Bench, Rule};
use crate::judge::trace::{Description, Direction, Negotiation, Trace};
use crate::judge::verdict::Verdict;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-SDP-070",
        purpose: "The o-line of an answer is the answerer's own.",
        requirements: &["RFC3264-6-1"],
        level: "MUST",
        judge: own_origin,
    },
    Rule {
        id: "RULE-SDP-071",
        purpose: "The t-line of an answer is that of the offer.",
        requirements: &["RFC3264-6-5"],
        level: "MUST",
        judge: same_time,
    },
    Rule {
        id: "RULE-SDP-072",
        purpose: "A stream offered with port 0 has port 0 in the answer.",
        requirements: &["RFC3264-8.2-2", "RFC3264-5.1-3"],
        level: "MUST",
        judge: closed_stays_closed,
    },
    Rule {
        id: "RULE-SDP-073",
        purpose: "A later description has the o-line of the one before, but for the version.",
        requirements: &["RFC3264-8-3"],
        level: "MUST",
        judge: same_origin,
    },
    Rule {
        id: "RULE-SDP-074",
        purpose: "The version of a description that has changed is one higher.",
        requirements: &["RFC3264-8-4", "RFC8866-5.2-4"],
        level: "MUST",
        judge: version_counts,
    },
    Rule {
        id: "RULE-SDP-075",
        purpose: "A description whose version is that of the one before is the same.",
        requirements: &["RFC3264-8-5", "RFC8866-5.2-4"],
        level: "MUST",
        judge: unchanged,
    },
    Rule {
        id: "RULE-SDP-076",
        purpose: "No media line is ever taken away, and none changes its place.",
        requirements: &["RFC3264-8-8", "RFC3264-8-9", "RFC3264-8.1-1"],
        level: "MUST",
        judge: places_kept,
    },
    Rule {
        id: "RULE-SDP-077",
        purpose: "The o-line without its version names one session and no other.",
        requirements: &["RFC8866-5.2-3"],
        level: "PROSE",
        judge: unique_origin,
    },
    Rule {
        id: "RULE-SDP-078",
        purpose: "A room offers to talk both ways, and answers so where that is offered.",
        requirements: &["RFC3264-6.1-5", "RFC3264-5.1-2", "RFC3264-5.1-1"],
        level: "MAY",
        judge: both_ways,
    },
    Rule {
        id: "RULE-SDP-079",
        purpose: "No offer is made while another one is unanswered.",
        requirements: &["RFC3264-4-1"],
        level: "MUST NOT",
        judge: one_offer,
    },
];

/// The o-line without the version.
fn origin(description: &Description) -> Option<[String; 5]> {
    let origin = description.parsed.tree.origin()?;
    let fields: Vec<String> = origin.split(' ').map(str::to_owned).collect();
    let [user, id, _, network, kind, address] = fields.try_into().ok()?;
    Some([user, id, network, kind, address])
}

/// The implementation's descriptions of each dialog, each with the one before it.
fn successors(trace: &Trace) -> impl Iterator<Item = (&Negotiation, &Description, &Description)> {
    own(trace).filter_map(|(negotiation, later)| {
        let (_, earlier) = own(trace)
            .filter(|(before, _)| before.dialog == negotiation.dialog && before.round < negotiation.round)
            .last()?;
        Some((negotiation, earlier, later))
    })
}

fn both(trace: &Trace, one: &Description, other: &Description, start: &str) -> Vec<crate::judge::verdict::Evidence> {
    let mut evidence = line(trace, one, start);
    evidence.extend(line(trace, other, start));
    evidence
}

fn own_origin(trace: &Trace, bench: &mut Bench) {
    for (offer, answer) in answers(trace) {
        let (Some(theirs), Some(ours)) = (origin(offer), origin(answer)) else { continue };
        bench.observe();
        if theirs != ours {
            continue;
        }
        let line = answer.parsed.tree.origin().unwrap_or_default();
        let (expected, evidence) = ("an o-line of the answerer's own (RFC 3264, 6)", both(trace, offer, answer, "o="));
        if offer.parsed.tree.origin().unwrap_or_default() == line {
            bench.fail(expected, format!("o={line}, that of the offer"), evidence);
        } else {
            // Two ends that take the time for an id may hit upon the same one; the version tells the lines apart.
            bench.advise(expected, format!("o={line}, that of the offer but for the version"), evidence);
        }
    }
}

fn time(description: &Description) -> Option<String> {
    let mut times = description.parsed.tree.lines.iter().filter(|line| line.kind == b't');
    let first = times.next()?;
    // With several times the first is not the whole (RFC 8866, 5.9).
    times.next().is_none().then(|| String::from_utf8_lossy(&first.value).into_owned())
}

fn same_time(trace: &Trace, bench: &mut Bench) {
    for (offer, answer) in answers(trace).filter(|(offer, _)| sound(offer)) {
        let (Some(offered), Some(answered)) = (time(offer), time(answer)) else { continue };
        bench.observe();
        if offered != answered {
            bench.fail(format!("t={offered} (RFC 3264, 6)"), format!("t={answered}"), both(trace, offer, answer, "t="));
        }
    }
}

fn closed_stays_closed(trace: &Trace, bench: &mut Bench) {
    for (offer, answer) in answers(trace).filter(|(offer, _)| sound(offer)) {
        for (offered, answered) in offer.media.iter().zip(&answer.media).filter(|(offered, _)| offered.port == 0) {
            bench.observe();
            if answered.port != 0 {
                bench.fail(
                    format!("m={} 0 (RFC 3264, 8.2)", offered.media),
                    format!("m={} {}", answered.media, answered.port),
                    both(trace, offer, answer, "m="),
                );
            }
        }
    }
}

/// RFC 3264, 8 speaks of offers; that later answers keep to it too is custom.
fn weight(negotiation: &Negotiation) -> Verdict {
    if negotiation.direction == Direction::FromIut { Verdict::Fail } else { Verdict::Advisory }
}

fn same_origin(trace: &Trace, bench: &mut Bench) {
    for (negotiation, earlier, later) in successors(trace) {
        let (Some(before), Some(now)) = (origin(earlier), origin(later)) else { continue };
        bench.observe();
        if before != now {
            bench.find(
                weight(negotiation),
                format!("o={}, but for the version (RFC 3264, 8)", earlier.parsed.tree.origin().unwrap_or_default()),
                later.parsed.tree.origin().unwrap_or_default(),
                both(trace, earlier, later, "o="),
            );
        }
    }
}

/// The octets without the o-line.
fn rest(description: &Description) -> Vec<(u8, bytes::Bytes)> {
    let lines = description.parsed.tree.lines.iter().filter(|line| line.kind != b'o');
    lines.map(|line| (line.kind, line.value.clone())).collect()
}

fn versions(earlier: &Description, later: &Description) -> Option<(u64, u64)> {
    let version = |description: &Description| numbers(&description.parsed.tree)?.1.parse::<u64>().ok();
    Some((version(earlier)?, version(later)?))
}

/// Whether an offer or answer of the implementation may have passed between two that were agreed on: one that was
/// turned down counts in its version too.
pub(super) fn gap(trace: &Trace, negotiation: &Negotiation) -> bool {
    let offers = trace.dialogs.get(negotiation.dialog).map(|dialog| dialog.offers.as_slice()).unwrap_or_default();
    offers.iter().filter_map(|index| trace.sip.get(*index)).any(|transaction| {
        transaction.success(trace).is_none() || (transaction.direction == Direction::FromIut && transaction.doubtful)
    })
}

fn version_counts(trace: &Trace, bench: &mut Bench) {
    for (negotiation, earlier, later) in successors(trace) {
        let Some((before, now)) = versions(earlier, later) else { continue };
        if rest(earlier) == rest(later) || now == before {
            continue;
        }
        bench.observe();
        if now != before.saturating_add(1) && (now < before || !gap(trace, negotiation)) {
            bench.find(
                weight(negotiation),
                format!("the version {} (RFC 3264, 8)", before.saturating_add(1)),
                now.to_string(),
                both(trace, earlier, later, "o="),
            );
        }
    }
}

fn unchanged(trace: &Trace, bench: &mut Bench) {
    for (_, earlier, later) in successors(trace) {
        let Some((before, now)) = versions(earlier, later) else { continue };
        if before != now {
            continue;
        }
        bench.observe();
        let (before, now) = (rest(earlier), rest(later));
        if before != now {
            let at = before.iter().zip(&now).position(|(before, now)| before != now);
            let shown = at.and_then(|at| now.get(at)).or_else(|| now.last());
            let shown = shown.map(|(kind, value)| format!("{}={}", char::from(*kind), String::from_utf8_lossy(value)));
            bench.fail(
                "the same description, or a higher version (RFC 3264, 8; RFC 8866, 5.2)",
                format!("the same version with another line {}", shown.unwrap_or_default()),
                both(trace, earlier, later, "o="),
            );
        }
    }
}

fn places_kept(trace: &Trace, bench: &mut Bench) {
    for (negotiation, earlier, later) in successors(trace) {
        // The places of an answer are those of the offer, and the offerer's to keep.
        if negotiation.direction == Direction::ToIut {
            continue;
        }
        bench.observe();
        let moved = earlier.media.iter().enumerate().find(|(place, media)| {
            let path = media.path.last();
            path.is_some()
                && later.media.iter().enumerate().any(|(now, other)| now != *place && other.path.last() == path)
        });
        let fault = if later.media.len() < earlier.media.len() {
            Some(format!("{} media lines after {}", later.media.len(), earlier.media.len()))
        } else {
            moved.map(|(place, media)| format!("m={} from place {} somewhere else", media.media, place + 1))
        };
        if let Some(fault) = fault {
            let expected = "each media line of the description before, at its place (RFC 3264, 8 and 8.1)";
            bench.fail(expected, fault, both(trace, earlier, later, "m="));
        }
    }
}

/// The session of a room may be taken for that of all its participants, so it is only advised against.
fn unique_origin(trace: &Trace, bench: &mut Bench) {
    let mut seen: Vec<(usize, [String; 5], &Description)> = Vec::new();
    for (negotiation, description) in own(trace) {
        let Some(origin) = origin(description) else { continue };
        bench.observe();
        let twin = seen.iter().find(|(dialog, other, _)| *dialog != negotiation.dialog && *other == origin);
        if let Some((_, _, other)) = twin {
            let expected = "an o-line that no other session has (RFC 8866, 5.2)";
            bench.advise(expected, format!("{} again", origin.join(" ")), both(trace, other, description, "o="));
        }
        if !seen.iter().any(|(dialog, _, _)| *dialog == negotiation.dialog) {
            seen.push((negotiation.dialog, origin, description));
        }
    }
}

fn both_ways(trace: &Trace, bench: &mut Bench) {
    for (negotiation, description) in own(trace) {
        let asked = match negotiation.direction {
            // A later offer may hold what the other side has held.
            Direction::FromIut => negotiation.round == 0,
            Direction::ToIut => {
                let open = |media: &crate::wire::sdp::Media| {
                    media.port == 0 || matches!(media.direction.as_deref(), None | Some("sendrecv"))
                };
                sound(&negotiation.offer) && negotiation.offer.media.iter().all(open)
            }
        };
        if !asked {
            continue;
        }
        for media in accepted(description).filter(|media| !media.is_file()) {
            bench.observe();
            if let Some(direction) = media.direction.as_deref().filter(|direction| *direction != "sendrecv") {
                bench.advise(
                    "sendrecv, or no direction (RFC 3264, 5.1 and 6.1)",
                    format!("a={direction}"),
                    line(trace, description, &format!("a={direction}")),
                );
            }
        }
    }
}

fn one_offer(trace: &Trace, bench: &mut Bench) {
    for negotiation in &trace.negotiations {
        let answered = negotiation.answer.as_ref().map(|answer| answer.index);
        let dialog = trace.dialogs.get(negotiation.dialog);
        let (Some(dialog), Some(answered)) = (dialog, answered) else { continue };
        bench.observe();
        let during = negotiation.offer.index + 1..answered;
        let second = dialog.offers.iter().filter_map(|index| trace.sip.get(*index)).find(|transaction| {
            let body = || trace.sip_at(transaction.request()).and_then(|request| request.media_type());
            transaction.direction == Direction::FromIut
                && during.contains(&transaction.request())
                && body().as_deref() == Some("application/sdp")
        });
        if let Some(second) = second {
            bench.fail(
                "no offer while another one is unanswered (RFC 3264, 4)",
                format!("{} with an offer", second.method),
                vec![
                    trace.evidence_start(negotiation.offer.index, "the offer that is unanswered"),
                    trace.evidence_start(second.request(), "the second offer"),
                ],
            );
        }
    }
}
