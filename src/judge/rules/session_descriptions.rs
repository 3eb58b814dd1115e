//! The session descriptions of the implementation under test (RFC 7701, 5.2 and 8; RFC 4975, 8; RFC 8866; RFC 3264).

use super::{Bench, Rule};
use crate::judge::trace::{Description, Direction, Negotiation, Trace, has_token};
use crate::judge::verdict::{Evidence, Verdict};
use crate::wire::Span;
use crate::wire::sdp::{Media, SdpDefect, Setup};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-SDP-001",
        purpose: "A session description keeps the grammar and the order of its lines.",
        requirements: &[
            "RFC7701-5.2-21",
            "RFC8866-5-3",
            "RFC8866-5-1",
            "RFC8866-5-5",
            "RFC8866-5-9",
            "RFC8866-5.2-1",
            "RFC8866-5.2-2",
            "RFC8866-5.3-1",
            "RFC8866-5.3-2",
            "RFC8866-5.4-1",
            "RFC8866-5.5-1",
            "RFC8866-5.6-2",
            "RFC8866-5.7-1",
            "RFC8866-5.7-5",
            "RFC8866-5.9-1",
            "RFC8866-5.13-1",
            "RFC8866-5.14-1",
            "RFC3264-5-1",
            "RFC3264-5-3",
            "RFC3264-6-8",
            "RFC3264-6.1-9",
        ],
        level: "MUST",
        judge: grammar,
    },
    Rule {
        id: "RULE-SDP-002",
        purpose: "accept-types of the room's answer is message/cpim and nothing else.",
        requirements: &[
            "RFC7701-5.2-27",
            "RFC7701-5.2-28",
            "RFC7701-5.2-29",
            "RFC7701-5.2-23",
            "RFC7701-5.2-9",
            "RFC4975-8.6-8",
            "RFC4975-13-4",
        ],
        level: "MUST",
        judge: answer_accept_types,
    },
    Rule {
        id: "RULE-SDP-003",
        purpose: "accept-types of an offer of the room has message/cpim.",
        requirements: &["RFC7701-5.2-24", "RFC7701-5.2-9"],
        level: "MUST",
        judge: offer_accept_types,
    },
    Rule {
        id: "RULE-SDP-004",
        purpose: "MSRP media have accept-types, well-formed.",
        requirements: &["RFC7701-5.2-10", "RFC4975-15.7.1-1", "RFC4975-8-4", "RFC4975-8.6-1", "RFC4975-8.6-23"],
        level: "MUST",
        judge: accept_types_there,
    },
    Rule {
        id: "RULE-SDP-005",
        purpose: "MSRP media are m=message with the format * and a path.",
        requirements: &[
            "RFC7701-5.2-21",
            "RFC4975-3-2",
            "RFC4975-5.2-1",
            "RFC4975-6-3",
            "RFC4975-6-4",
            "RFC4975-6-5",
            "RFC8866-5.13-2",
            "RFC8866-5.14-2",
            "RFC3264-6.1-7",
            "RFC4975-15.6-2",
            "RFC4975-15.7.3-1",
            "RFC4975-8-1",
            "RFC4975-8-2",
            "RFC4975-8.1-3",
            "RFC4975-8.1-4",
            "RFC4975-8.2-1",
            "RFC4975-8.2-2",
            "RFC4975-8.2-3",
            "RFC4975-8.6-24",
        ],
        level: "MUST",
        judge: msrp_media,
    },
    Rule {
        id: "RULE-SDP-006",
        purpose: "m-line and c-line mirror the path.",
        requirements: &[
            "RFC7701-5.2-21",
            "RFC4975-6-10",
            "RFC8866-5.7-4",
            "RFC4975-8.1-1",
            "RFC4975-8.1-5",
            "RFC6135-4.2.2-2",
        ],
        level: "MUST",
        judge: mirrored,
    },
    Rule {
        id: "RULE-SDP-007",
        purpose: "TCP/TLS/MSRP goes with msrps, TCP/MSRP with msrp.",
        requirements: &[
            "RFC7701-5.2-21",
            "RFC4975-5.4-1",
            "RFC4975-5.4-11",
            "RFC4975-6-9",
            "RFC4975-15.6-1",
            "RFC4975-8.1-2",
            "RFC6135-4.3-1",
        ],
        level: "MUST",
        judge: scheme,
    },
    Rule {
        id: "RULE-SDP-008",
        purpose: "A token stands once in a chatroom attribute.",
        requirements: &["RFC7701-8-30"],
        level: "MUST NOT",
        judge: repeated_token,
    },
    Rule {
        id: "RULE-SDP-009",
        purpose: "chatroom is an attribute of the media, not of the session.",
        requirements: &["RFC7701-8-6", "RFC7701-10.4-2", "RFC8866-5.13-2"],
        level: "MUST",
        judge: media_level,
    },
    Rule {
        id: "RULE-SDP-010",
        purpose: "chatroom is written as its grammar says, in lower case, with the token 'nickname'.",
        requirements: &[
            "RFC7701-8-21",
            "RFC7701-8-20",
            "RFC7701-8-22",
            "RFC7701-8-23",
            "RFC7701-8-24",
            "RFC7701-8-25",
            "RFC7701-8-26",
            "RFC7701-8-29",
            "RFC7701-10.4-1",
        ],
        level: "SHOULD",
        judge: chatroom_syntax,
    },
    Rule {
        id: "RULE-SDP-011",
        purpose: "chatroom stands under MSRP media only.",
        requirements: &["RFC7701-8-8"],
        level: "SHOULD",
        judge: chatroom_under_msrp,
    },
    Rule {
        id: "RULE-SDP-012",
        purpose: "A focus that supports RFC 7701 repeats chatroom in each later description of the session.",
        requirements: &["RFC7701-8-19"],
        level: "SHOULD",
        judge: chatroom_repeated,
    },
    Rule {
        id: "RULE-SDP-013",
        purpose: "An answer has a media line of the same kind for each media line of the offer.",
        requirements: &["RFC7701-5.2-21", "RFC3264-6-2", "RFC3264-6-3", "RFC3264-6.1-2"],
        level: "MUST",
        judge: media_lines,
    },
    Rule {
        id: "RULE-SDP-014",
        purpose: "No two sessions have the same MSRP URI.",
        requirements: &["RFC7701-4-31", "RFC7701-4-36", "RFC4975-6-1", "RFC4975-8.2-8", "RFC4975-8.2-9"],
        level: "MUST NOT",
        judge: unique_path,
    },
    Rule {
        id: "RULE-SDP-015",
        purpose: "setup and direction of an answer fit those of the offer.",
        requirements: &[
            "RFC7701-5.2-21",
            "RFC3264-6.1-3",
            "RFC3264-6.1-4",
            "RFC3264-6.1-6",
            "RFC8866-5-4",
            "RFC6135-4.2.2-10",
        ],
        level: "MUST",
        judge: fitting_attributes,
    },
];

/// The descriptions of the implementation under test.
pub(super) fn own(trace: &Trace) -> impl Iterator<Item = (&Negotiation, &Description)> {
    trace.negotiations.iter().filter_map(|negotiation| Some((negotiation, negotiation.iut()?)))
}

/// Those that answer an offer.
pub(super) fn answers(trace: &Trace) -> impl Iterator<Item = (&Description, &Description)> {
    trace
        .negotiations
        .iter()
        .filter(|negotiation| negotiation.direction == Direction::ToIut)
        .filter_map(|negotiation| Some((&negotiation.offer, negotiation.answer.as_ref()?)))
}

/// Whether a reader cannot but see the same media lines in a description as we do.
pub(super) fn sound(offer: &Description) -> bool {
    offer.parsed.defects.iter().all(|defect| {
        matches!(
            defect.kind,
            SdpDefect::PortMismatch
                | SdpDefect::AddressMismatch
                | SdpDefect::MalformedChatroom
                | SdpDefect::RepeatedChatToken
                | SdpDefect::AttributeCase
                | SdpDefect::MissingAcceptTypes
        )
    })
}

pub(super) fn accepted(description: &Description) -> impl Iterator<Item = &Media> {
    description.media.iter().filter(|media| media.is_msrp() && media.port != 0)
}

fn evidence(trace: &Trace, description: &Description, part: Option<Span>) -> Vec<Evidence> {
    let within = part.map(|part| Span {
        start: description.span.start + part.start,
        end: (description.span.start + part.end).min(description.span.end),
    });
    vec![trace.evidence_span(description.index, "the session description", within.unwrap_or(description.span))]
}

/// Where the first line that starts like this stands in the body.
pub(super) fn line(trace: &Trace, description: &Description, start: &str) -> Vec<Evidence> {
    let body = description.parsed.tree.octets();
    let place = memchr::memmem::find(&body, start.as_bytes()).map(|at| {
        let rest = body.get(at..).unwrap_or_default();
        Span { start: at, end: at + memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1) }
    });
    evidence(trace, description, place)
}

fn condemn(
    trace: &Trace,
    bench: &mut Bench,
    judged: fn(&Description) -> bool,
    clause: fn(&SdpDefect) -> Option<(Verdict, &'static str)>,
) {
    for (_, description) in own(trace) {
        if !judged(description) {
            continue;
        }
        bench.observe();
        for defect in &description.parsed.defects {
            if let Some((verdict, clause)) = clause(&defect.kind) {
                let evidence = evidence(trace, description, Some(defect.span));
                bench.find(verdict, clause.to_owned(), format!("{:?}", defect.kind), evidence);
            }
        }
    }
}

fn grammar(trace: &Trace, bench: &mut Bench) {
    condemn(
        trace,
        bench,
        |_| true,
        |kind| match kind {
            SdpDefect::MalformedLine | SdpDefect::ForbiddenOctet => {
                Some((Verdict::Fail, "lines of the form <letter>=<value> (RFC 8866, 5 and 9)"))
            }
            SdpDefect::BareLineEnd => Some((Verdict::Advisory, "lines that end in CRLF (RFC 8866, 5)")),
            SdpDefect::UnknownLine(_) => Some((Verdict::Fail, "line types of RFC 8866, 9")),
            // The examples of RFC 7701 have no t-line (T08).
            SdpDefect::MissingLine('t') => Some((Verdict::Advisory, "a t-line (RFC 8866, 5.9; T08)")),
            SdpDefect::MissingLine(_) => {
                Some((Verdict::Fail, "v, o and s lines, and a c-line for media (RFC 8866, 5)"))
            }
            SdpDefect::LineOrder => Some((Verdict::Fail, "lines in the order of RFC 8866, 9")),
            SdpDefect::RepeatedLine(_) => Some((Verdict::Fail, "a line that stands once in its section (RFC 8866, 9)")),
            SdpDefect::MalformedOrigin => Some((Verdict::Fail, "six fields in the o-line (RFC 8866, 5.2)")),
            SdpDefect::MalformedConnection => Some((Verdict::Fail, "three fields in the c-line (RFC 8866, 5.7)")),
            SdpDefect::MalformedTime => Some((Verdict::Fail, "two numbers in the t-line (RFC 8866, 5.9)")),
            SdpDefect::MalformedMedia => Some((Verdict::Fail, "m=<media> <port> <proto> <fmt> (RFC 8866, 5.14)")),
            _ => None,
        },
    );
}

fn answer_accept_types(trace: &Trace, bench: &mut Bench) {
    // What follows an offer that is none may be an offer of the focus itself (RFC 8866, 5).
    for (_, answer) in answers(trace).filter(|(offer, _)| sound(offer)) {
        for media in accepted(answer).filter(|media| !media.is_file()) {
            let Some(types) = &media.accept_types else { continue };
            bench.observe();
            let cpim = |entry: &String| {
                entry.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("message/cpim")
            };
            if types.len() != 1 || !types.iter().all(cpim) {
                bench.fail(
                    "a=accept-types:message/cpim, one value (RFC 7701, 5.2; T07)",
                    format!("a=accept-types:{}", types.join(" ")),
                    line(trace, answer, "a=accept-types:"),
                );
            }
        }
    }
}

fn offer_accept_types(trace: &Trace, bench: &mut Bench) {
    for (negotiation, offer) in own(trace) {
        if negotiation.direction != Direction::FromIut {
            continue;
        }
        for media in accepted(offer).filter(|media| !media.is_file()) {
            let Some(types) = &media.accept_types else { continue };
            bench.observe();
            if !Media::list_accepts(types, "message/cpim") {
                bench.fail(
                    "message/cpim in accept-types of the offer (RFC 7701, 5.2)",
                    format!("a=accept-types:{}", types.join(" ")),
                    line(trace, offer, "a=accept-types:"),
                );
            }
        }
    }
}

fn accept_types_there(trace: &Trace, bench: &mut Bench) {
    condemn(
        trace,
        bench,
        |own| accepted(own).next().is_some(),
        |kind| match kind {
            SdpDefect::MissingAcceptTypes => Some((Verdict::Fail, "accept-types for MSRP media (RFC 4975, 8.6)")),
            SdpDefect::MalformedFormatList => Some((Verdict::Fail, "a list of media types (RFC 4975, 8.6)")),
            SdpDefect::PaddedFormatList => {
                Some((Verdict::Advisory, "no blanks before the first media type (RFC 4975, 8.6; T72)"))
            }
            _ => None,
        },
    );
}

fn msrp_media(trace: &Trace, bench: &mut Bench) {
    condemn(
        trace,
        bench,
        |own| accepted(own).next().is_some(),
        |kind| match kind {
            SdpDefect::MissingPath => Some((Verdict::Fail, "a path for MSRP media (RFC 4975, 8.2)")),
            SdpDefect::MalformedPath => Some((Verdict::Fail, "a path of MSRP URIs (RFC 4975, 8.2 and 9)")),
            SdpDefect::PathWithoutPort => {
                Some((Verdict::Fail, "an explicit port in the URIs of the path (RFC 4975, 8.2)"))
            }
            SdpDefect::FormatNotStar => Some((Verdict::Fail, "the format list * (RFC 4975, 8.1)")),
            SdpDefect::MalformedMaxSize => Some((Verdict::Fail, "a number in max-size (RFC 4975, 8.6)")),
            SdpDefect::MalformedSetup => Some((Verdict::Fail, "a setup of RFC 4145, 4")),
            SdpDefect::RepeatedAttribute => Some((Verdict::Advisory, "an MSRP attribute once under its m-line")),
            _ => None,
        },
    );
    for (_, description) in own(trace) {
        for media in &description.media {
            let msrp = media.protocol == "TCP/MSRP" || media.protocol == "TCP/TLS/MSRP";
            // One that is turned down repeats the kind of the offer (RFC 3264, 6).
            if msrp && media.media != "message" && media.port != 0 {
                bench.observe();
                bench.fail(
                    "m=message for MSRP (RFC 4975, 8.1)",
                    format!("m={}", media.media),
                    line(trace, description, "m="),
                );
            }
        }
    }
}

fn mirrored(trace: &Trace, bench: &mut Bench) {
    condemn(
        trace,
        bench,
        |own| accepted(own).next().is_some(),
        |kind| match kind {
            SdpDefect::PortMismatch => {
                Some((Verdict::Advisory, "the port of the path in the m-line (RFC 4975, 8.1; T10)"))
            }
            SdpDefect::AddressMismatch => {
                Some((Verdict::Advisory, "the host of the path in the c-line (RFC 4975, 8.1; T10)"))
            }
            _ => None,
        },
    );
}

fn scheme(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for media in accepted(description) {
            // With a relay, the m-line may be read as about the relay's URI or the endpoint's own.
            let [last] = media.path.as_slice() else { continue };
            bench.observe();
            if last.secure != media.protocol.eq_ignore_ascii_case("TCP/TLS/MSRP") {
                bench.fail(
                    "an msrps URI with TCP/TLS/MSRP and an msrp URI with TCP/MSRP (RFC 4975, 6 and 8.1)",
                    format!("{last} with {}", media.protocol),
                    line(trace, description, "a=path:"),
                );
            }
        }
    }
}

fn with_chatroom(description: &Description) -> bool {
    description.media.iter().any(|media| media.chatroom.is_some())
}

fn repeated_token(trace: &Trace, bench: &mut Bench) {
    condemn(trace, bench, with_chatroom, |kind| {
        matches!(kind, SdpDefect::RepeatedChatToken)
            .then_some((Verdict::Fail, "each chat-token once (RFC 7701, 8; T04)"))
    });
}

fn media_level(trace: &Trace, bench: &mut Bench) {
    condemn(
        trace,
        bench,
        |own| accepted(own).next().is_some(),
        |kind| {
            matches!(kind, SdpDefect::ChatroomAtSessionLevel)
                .then_some((Verdict::Fail, "chatroom under the media line (RFC 7701, 8 and 10.4)"))
        },
    );
}

fn chatroom_syntax(trace: &Trace, bench: &mut Bench) {
    condemn(trace, bench, with_chatroom, |kind| match kind {
        SdpDefect::MalformedChatroom => {
            Some((Verdict::Advisory, "chatroom, or chatroom: and tokens separated by one space (RFC 7701, 8; T04)"))
        }
        SdpDefect::AttributeCase => Some((Verdict::Advisory, "attribute and tokens in lower case (RFC 7701, 8; T02)")),
        _ => None,
    });
    for (_, description) in own(trace) {
        for media in accepted(description).filter(|media| has_token(media, "nicknames")) {
            bench.advise(
                "the token 'nickname' (RFC 7701, 8; T01)",
                format!("a=chatroom:{}", media.chatroom.clone().unwrap_or_default().join(" ")),
                line(trace, description, "a=chatroom"),
            );
        }
    }
}

fn chatroom_under_msrp(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for media in description.media.iter().filter(|media| media.chatroom.is_some()) {
            bench.observe();
            let msrp = media.protocol.to_ascii_uppercase().ends_with("MSRP");
            if !msrp {
                bench.advise(
                    "chatroom under MSRP media (RFC 7701, 8)",
                    format!("chatroom under {}", media.protocol),
                    line(trace, description, "a=chatroom"),
                );
            }
        }
    }
}

/// Leaving it out is defined to disable RFC 7701 for the session (T03), so it is only advised against.
fn chatroom_repeated(trace: &Trace, bench: &mut Bench) {
    for (index, _) in trace.dialogs.iter().enumerate() {
        let mut announced = false;
        for (_, description) in own(trace).filter(|(negotiation, _)| negotiation.dialog == index) {
            if accepted(description).next().is_none() {
                continue;
            }
            if announced {
                bench.observe();
                if !with_chatroom(description) {
                    bench.advise(
                        "chatroom in later descriptions, too (RFC 7701, 8; T03)",
                        "a later description without it",
                        line(trace, description, "m=message"),
                    );
                }
            }
            announced |= with_chatroom(description);
        }
    }
}

fn media_lines(trace: &Trace, bench: &mut Bench) {
    for (offer, answer) in answers(trace).filter(|(offer, _)| sound(offer)) {
        bench.observe();
        let fault = if offer.media.len() != answer.media.len() {
            Some(format!("{} media lines for {}", answer.media.len(), offer.media.len()))
        } else {
            offer
                .media
                .iter()
                .zip(&answer.media)
                .find(|(offered, answered)| !offered.media.eq_ignore_ascii_case(&answered.media))
                .map(|(offered, answered)| format!("m={} for m={}", answered.media, offered.media))
        };
        let Some(fault) = fault else { continue };
        let mut evidence = line(trace, offer, "m=");
        evidence.extend(line(trace, answer, "m="));
        bench.fail("a media line of the same kind for each media line of the offer (RFC 3264, 6)", fault, evidence);
    }
}

fn unique_path(trace: &Trace, bench: &mut Bench) {
    for (index, session) in trace.sessions.iter().enumerate() {
        bench.observe();
        let Some(own) = session.iut_path.last() else { continue };
        let twin = trace.sessions.get(..index).unwrap_or_default().iter().find(|earlier| {
            earlier.dialog != session.dialog && earlier.iut_path.last().is_some_and(|other| other.equivalent(own))
        });
        let Some(twin) = twin else { continue };
        let evidence = vec![
            trace.evidence(twin.since, format!("the session of {}", twin.participant)),
            trace.evidence(session.since, format!("the session of {}", session.participant)),
        ];
        let alive = twin.until.is_none_or(|until| until > session.since);
        let verdict = if alive { Verdict::Fail } else { Verdict::Advisory };
        let expected = "an MSRP URI that no other session has (RFC 7701, 4; RFC 4975, 6 and 8.2)".to_owned();
        bench.find(verdict, expected, format!("{own} again"), evidence);
    }
}

fn fitting_attributes(trace: &Trace, bench: &mut Bench) {
    for (offer, answer) in answers(trace).filter(|(offer, _)| sound(offer)) {
        for (offered, answered) in offer.media.iter().zip(&answer.media) {
            if answered.port == 0 || !answered.is_msrp() {
                continue;
            }
            bench.observe();
            let clash = matches!(
                (offered.setup, answered.setup),
                (Some(Setup::Active), Some(Setup::Active | Setup::Actpass))
                    | (Some(Setup::Passive), Some(Setup::Passive | Setup::Actpass))
                    | (Some(Setup::Actpass), Some(Setup::Actpass))
            );
            if clash {
                bench.fail(
                    format!("a setup that fits {:?} (RFC 4145, 4.1; RFC 6135, 4; T76)", offered.setup),
                    format!("{:?}", answered.setup),
                    line(trace, answer, "a=setup:"),
                );
            }
            let direction = answered.direction.as_deref().unwrap_or("sendrecv");
            let allowed: &[&str] = match offered.direction.as_deref() {
                Some("sendonly") => &["recvonly", "inactive"],
                Some("recvonly") => &["sendonly", "inactive"],
                Some("inactive") => &["inactive"],
                _ => continue,
            };
            if !allowed.contains(&direction) {
                bench.fail(
                    format!("{} in the answer (RFC 3264, 6.1)", allowed.join(" or ")),
                    direction.to_owned(),
                    line(trace, answer, "a="),
                );
            }
        }
    }
}
