//! How a session is described and described anew, and who is to connect (RFC 4975, 8; RFC 6135, 4).

use super::offer_answer::gap;
use super::session_descriptions::{accepted, answers, line, own, sound};
use super::{Bench, Rule};
use crate::judge::trace::{Description, Direction, Negotiation, Trace};
use crate::judge::verdict::Verdict;
use crate::wire::sdp::{Media, Setup};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-SDP-040",
        purpose: "Who uses no relay puts one URI into its path.",
        requirements: &["RFC4975-8.3-2", "RFC4975-8-3"],
        level: "PROSE",
        judge: one_uri,
    },
    Rule {
        id: "RULE-SDP-041",
        purpose: "MSRP media are of TCP/MSRP or TCP/TLS/MSRP, and an answer has the protocol of the offer.",
        requirements: &["RFC4975-8.1-2", "RFC4975-8.1-9", "RFC6135-4.3-1"],
        level: "MUST",
        judge: protocol,
    },
    Rule {
        id: "RULE-SDP-043",
        purpose: "A later description in which nothing changes has the o-line of the one before.",
        requirements: &["RFC4975-8.4-7"],
        level: "MUST",
        judge: same_origin,
    },
    Rule {
        id: "RULE-SDP-044",
        purpose: "accept-wrapped-types repeats no entry of accept-types.",
        requirements: &["RFC4975-8.6-11"],
        level: "SHOULD NOT",
        judge: no_type_twice,
    },
    Rule {
        id: "RULE-SDP-045",
        purpose: "Who says setup in some descriptions says it in each.",
        requirements: &["RFC6135-4.2.1-2"],
        level: "MUST",
        judge: setup_in_each,
    },
    Rule {
        id: "RULE-SDP-046",
        purpose: "No description of MSRP media says holdconn.",
        requirements: &["RFC6135-4.2.1-4"],
        level: "MUST NOT",
        judge: no_holdconn,
    },
    Rule {
        id: "RULE-SDP-047",
        purpose: "No offer of MSRP media says passive.",
        requirements: &["RFC6135-4.2.2-6"],
        level: "MUST NOT",
        judge: no_passive_offer,
    },
    Rule {
        id: "RULE-SDP-048",
        purpose: "MSRP media have no connection attribute.",
        requirements: &["RFC6135-4.4-1"],
        level: "MUST NOT",
        judge: no_connection_attribute,
    },
];

const PROTOCOLS: [&str; 2] = ["TCP/MSRP", "TCP/TLS/MSRP"];

fn one_uri(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for media in accepted(description).filter(|media| !media.path.is_empty()) {
            bench.observe();
            if media.path.len() > 1 {
                // A room may well stand behind a relay; nothing in the description tells.
                bench.advise(
                    "one URI in the path of who has no relay (RFC 4975, 8.3)",
                    format!("{} URIs", media.path.len()),
                    line(trace, description, "a=path:"),
                );
            }
        }
    }
}

fn protocol(trace: &Trace, bench: &mut Bench) {
    for (offer, answer) in answers(trace).filter(|(offer, _)| sound(offer)) {
        for (offered, answered) in offer.media.iter().zip(&answer.media) {
            if offered.is_msrp() && answered.port != 0 {
                bench.observe();
                judge_protocol(trace, bench, answer, answered, Some(&offered.protocol));
            }
        }
    }
    for (_, offer) in own(trace).filter(|(negotiation, _)| negotiation.direction == Direction::FromIut) {
        let msrp = |media: &&Media| media.port != 0 && media.protocol.to_ascii_uppercase().contains("MSRP");
        for media in offer.media.iter().filter(msrp) {
            bench.observe();
            judge_protocol(trace, bench, offer, media, None);
        }
    }
}

fn judge_protocol(trace: &Trace, bench: &mut Bench, ours: &Description, media: &Media, offered: Option<&str>) {
    let known = PROTOCOLS.iter().any(|one| one.eq_ignore_ascii_case(&media.protocol));
    let fits = offered.is_none_or(|offered| offered.eq_ignore_ascii_case(&media.protocol));
    // Letter case is the offerer's where it has chosen another one.
    let written = PROTOCOLS.contains(&media.protocol.as_str()) || offered == Some(media.protocol.as_str());
    // What an offer of TCP/MSRP says of the answer is custom; the flows of RFC 4976, 11 answer it with TLS (T72).
    let secured = offered.is_some_and(|offered| offered.eq_ignore_ascii_case(PROTOCOLS[0]));
    let verdict = match () {
        () if !known || (!fits && !secured) => Verdict::Fail,
        () if !written || !fits => Verdict::Advisory,
        () => return,
    };
    let expected = match offered {
        Some(offered) => format!("{offered} as in the offer (RFC 4975, 8.1; RFC 3264, 6)"),
        None => "TCP/MSRP or TCP/TLS/MSRP (RFC 4975, 8.1)".to_owned(),
    };
    bench.find(verdict, expected, media.protocol.clone(), line(trace, ours, "m=message"));
}

/// The o-line of a description, and all the rest of it.
fn origin(description: &Description) -> (String, Vec<String>) {
    let octets = description.parsed.tree.octets();
    let text = String::from_utf8_lossy(&octets);
    let (origin, rest): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("o="));
    (origin.concat(), rest.into_iter().map(str::to_owned).collect())
}

/// An answerer may count where the other side did; the clause speaks of exchanges in which neither changes anything.
fn same_origin(trace: &Trace, bench: &mut Bench) {
    for (index, _) in trace.dialogs.iter().enumerate() {
        let mut before: Option<&Negotiation> = None;
        for (negotiation, description) in own(trace).filter(|(negotiation, _)| negotiation.dialog == index) {
            let earlier = before.and_then(|before| Some((before, before.iut()?)));
            if let Some((before, former)) = earlier.filter(|(_, former)| accepted(former).next().is_some()) {
                bench.observe();
                let ((former_origin, old), (origin, new)) = (self::origin(former), self::origin(description));
                if old == new && former_origin != origin {
                    let theirs = before.tester().zip(negotiation.tester());
                    let alike = theirs.is_some_and(|(one, other)| self::origin(one).0 == self::origin(other).0);
                    let binds = negotiation.direction == Direction::FromIut || alike;
                    let verdict = if binds && !gap(trace, negotiation) { Verdict::Fail } else { Verdict::Advisory };
                    let mut evidence = line(trace, former, "o=");
                    evidence.extend(line(trace, description, "o="));
                    let expected = "the same o-line where nothing changes (RFC 4975, 8.4)".to_owned();
                    bench.find(verdict, expected, origin, evidence);
                }
            }
            before = Some(negotiation);
        }
    }
}

fn no_type_twice(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for media in accepted(description) {
            let (Some(types), Some(wrapped)) = (&media.accept_types, &media.accept_wrapped_types) else { continue };
            bench.observe();
            let twice = wrapped.iter().find(|entry| types.iter().any(|other| other.eq_ignore_ascii_case(entry)));
            if let Some(twice) = twice {
                bench.advise(
                    "no entry of accept-types again in accept-wrapped-types (RFC 4975, 8.6)",
                    twice.clone(),
                    line(trace, description, "a=accept-wrapped-types:"),
                );
            }
        }
    }
}

/// Nobody has to support RFC 6135, and by RFC 4145 alone an answer may leave the attribute out: an advisory at most.
fn setup_in_each(trace: &Trace, bench: &mut Bench) {
    let says = |description: &Description| accepted(description).any(|media| media.setup.is_some());
    if !own(trace).any(|(_, description)| says(description)) {
        return;
    }
    for (_, description) in own(trace).filter(|(_, description)| accepted(description).next().is_some()) {
        bench.observe();
        if !says(description) {
            bench.advise(
                "setup in each offer and each answer (RFC 6135, 4.2.1)",
                "a description without it, where others have it",
                line(trace, description, "m=message"),
            );
        }
    }
}

fn no_holdconn(trace: &Trace, bench: &mut Bench) {
    for (negotiation, description) in own(trace) {
        // Who goes by RFC 4145 alone answers holdconn with holdconn.
        let asked = negotiation.direction == Direction::ToIut
            && negotiation.offer.media.iter().any(|media| media.setup == Some(Setup::Holdconn));
        let verdict = if asked { Verdict::Advisory } else { Verdict::Fail };
        for media in accepted(description) {
            bench.observe();
            if media.setup == Some(Setup::Holdconn) {
                let expected = "active, passive or actpass (RFC 6135, 4.2.1)".to_owned();
                bench.find(verdict, expected, "a=setup:holdconn".to_owned(), line(trace, description, "a=setup:"));
            }
        }
    }
}

fn no_passive_offer(trace: &Trace, bench: &mut Bench) {
    for (_, offer) in own(trace).filter(|(negotiation, _)| negotiation.direction == Direction::FromIut) {
        for media in accepted(offer) {
            bench.observe();
            if media.setup == Some(Setup::Passive) {
                bench.fail(
                    "actpass or active in an offer (RFC 6135, 4.2.2)",
                    "a=setup:passive",
                    line(trace, offer, "a=setup:"),
                );
            }
        }
    }
}

fn no_connection_attribute(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for media in accepted(description) {
            bench.observe();
            let connection = media.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case("connection"));
            if let Some((_, value)) = connection {
                // Nothing says that RFC 6135 is what it goes by: setup and connection together are those of RFC 4145.
                let observed = format!("a=connection:{}", value.clone().unwrap_or_default());
                let evidence = line(trace, description, "a=connection");
                bench.advise("no connection attribute (RFC 6135, 4.4)", observed, evidence);
            }
        }
    }
}
