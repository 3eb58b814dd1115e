//! The form of the MSRP messages that the implementation under test sends (RFC 4975, 7.1 and 9).

use std::collections::{HashMap, HashSet};

use super::chunks::Manners;
use super::responses::{RESPONSE_TIME, path_text, same_path};
use super::session_descriptions::sound;
use super::{Bench, Rule};
use crate::judge::trace::{Delivery, Direction, Exchange, Message, Session, Trace};
use crate::wire::Defect;
use crate::wire::msrp::{FailureReport, MsrpDefect, MsrpMessage};
use crate::wire::uri::MsrpUri;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-MSRP-020",
        purpose: "MSRP messages keep the grammar: start line, paths first and second, headers, line ends.",
        requirements: &[
            "RFC7701-6.3-11",
            "RFC7701-6.1-1",
            "RFC4975-5.1-2",
            "RFC4975-5.2-1",
            "RFC4975-6-3",
            "RFC4975-6-4",
            "RFC4975-6-5",
            "RFC4975-7.1-1",
            "RFC4975-7.1-7",
            "RFC4975-7.1-11",
            "RFC4975-7.1-15",
            "RFC4975-7.1-16",
            "RFC4975-7.1-19",
            "RFC4975-7.1.3-2",
            "RFC4975-7.2-3",
            "RFC4975-9-3",
            "RFC4975-9-4",
            "RFC4975-9-8",
            "RFC4975-9-9",
            "RFC4975-9-10",
            "RFC4975-9-11",
            "RFC4975-9-15",
            "RFC4975-9-17",
            "RFC4975-9-24",
            "RFC4975-9-33",
            "RFC4975-9-34",
            "RFC4975-9-35",
        ],
        level: "MUST",
        judge: grammar,
    },
    Rule {
        id: "RULE-MSRP-021",
        purpose: "MSRP headers are valid UTF-8.",
        requirements: &["RFC7701-7.1-36", "RFC4975-9-1", "RFC4975-9-36"],
        level: "MUST",
        judge: utf8,
    },
    Rule {
        id: "RULE-MSRP-022",
        purpose: "To-Path of a request is the path of a participant's MSRP session.",
        requirements: &[
            "RFC7701-4-19",
            "RFC4975-3-1",
            "RFC4975-5.2-3",
            "RFC4975-7.1-4",
            "RFC4975-7.1.3-6",
            "RFC4975-8.2-4",
            "RFC4975-8.2-5",
            "RFC4975-8.2-6",
        ],
        level: "MUST",
        judge: to_path,
    },
    Rule {
        id: "RULE-MSRP-023",
        purpose: "From-Path of a request is the path given in SDP for the session.",
        requirements: &["RFC7701-4-19", "RFC4975-3-1", "RFC4975-5.2-3", "RFC4975-7.1-5", "RFC4975-7.1.3-7"],
        level: "MUST",
        judge: from_path,
    },
    Rule {
        id: "RULE-MSRP-024",
        purpose: "A transaction id is not used for two requests at the same time on one connection.",
        requirements: &["RFC7701-6.1-1", "RFC4975-7.1-2"],
        level: "MUST NOT",
        judge: transaction_collision,
    },
    Rule {
        id: "RULE-MSRP-025",
        purpose: "Transaction ids and Message-IDs are long enough to hold 64 random bits.",
        requirements: &["RFC7701-6.1-1", "RFC4975-7.1-3"],
        level: "MUST",
        judge: entropy,
    },
    Rule {
        id: "RULE-MSRP-026",
        purpose: "SEND and REPORT have a Message-ID of the right form.",
        requirements: &["RFC7701-6.1-1", "RFC4975-7.1.1-5", "RFC4975-7.1.2-3", "RFC4975-9-19", "RFC4975-9-24"],
        level: "MUST",
        judge: message_id,
    },
    Rule {
        id: "RULE-MSRP-027",
        purpose: "A body comes with Content-Type as the last header, and Content-Type with a body.",
        requirements: &[
            "RFC7701-6.1-1",
            "RFC4975-7.1-8",
            "RFC4975-7.1-10",
            "RFC4975-7.1-11",
            "RFC4975-7.1-14",
            "RFC4975-9-26",
            "RFC4975-9-27",
        ],
        level: "MUST",
        judge: content_type,
    },
    Rule {
        id: "RULE-MSRP-028",
        purpose: "Byte-Range is well-formed and agrees with the body.",
        requirements: &[
            "RFC7701-6.1-1",
            "RFC4975-5.1-4",
            "RFC4975-7.1.1-17",
            "RFC4975-7.1.1-22",
            "RFC4975-7.1.1-23",
            "RFC4975-7.1.1-28",
            "RFC4975-9-22",
        ],
        level: "MUST",
        judge: byte_range,
    },
    Rule {
        id: "RULE-MSRP-029",
        purpose: "A chunk with more than 2048 octets of body is interruptible.",
        requirements: &["RFC7701-6.1-1", "RFC4975-5.1-6", "RFC4975-7.1.1-23", "RFC4975-7.1.1-29"],
        level: "MUST NOT",
        judge: interruptible,
    },
    Rule {
        id: "RULE-MSRP-030",
        purpose: "A REPORT has a Status, no report headers, ends in $ and has no body over 10240 octets.",
        requirements: &[
            "RFC7701-6.3-1",
            "RFC4975-5.1-7",
            "RFC4975-7.1-12",
            "RFC4975-7.1-13",
            "RFC4975-7.1.2-1",
            "RFC4975-7.1.2-2",
            "RFC4975-7.1.2-8",
            "RFC4975-7.1.2-9",
            "RFC4975-7.1.3-2",
            "RFC4975-7.1.3-8",
            "RFC4975-7.1.4-10",
            "RFC4975-9-23",
        ],
        level: "MUST",
        judge: report_form,
    },
    Rule {
        id: "RULE-MSRP-031",
        purpose: "Success-Report and Failure-Report of a SEND have defined values.",
        requirements: &["RFC7701-6.3-1", "RFC4975-5.3-6", "RFC4975-7.1.1-6", "RFC4975-9-20", "RFC4975-9-21"],
        level: "MUST",
        judge: report_headers,
    },
    Rule {
        id: "RULE-MSRP-032",
        purpose: "Use-Nickname stands in NICKNAME requests alone.",
        requirements: &["RFC7701-7.1-35"],
        level: "SHOULD NOT",
        judge: use_nickname,
    },
];

/// Messages of the implementation under test, with their defects.
fn emitted(trace: &Trace) -> impl Iterator<Item = (usize, &MsrpMessage, &[Defect<MsrpDefect>])> {
    trace.observed.iter().enumerate().filter_map(|(index, observed)| match &observed.message {
        Message::Msrp(message, defects) if observed.direction == Direction::FromIut => {
            Some((index, message, defects.as_slice()))
        }
        _ => None,
    })
}

/// Messages of the tester, with their defects.
fn stimuli(trace: &Trace) -> impl Iterator<Item = (&MsrpMessage, &[Defect<MsrpDefect>])> {
    trace.observed.iter().filter_map(|observed| match &observed.message {
        Message::Msrp(message, defects) if observed.direction == Direction::ToIut => {
            Some((message, defects.as_slice()))
        }
        _ => None,
    })
}

fn condemn(
    trace: &Trace,
    bench: &mut Bench,
    index: usize,
    defects: &[Defect<MsrpDefect>],
    clause: fn(&MsrpDefect) -> Option<&'static str>,
) {
    bench.observe();
    for defect in defects {
        if let Some(clause) = clause(&defect.kind) {
            let evidence = vec![trace.evidence_span(index, "the message", defect.span)];
            bench.fail(clause, format!("{:?}", defect.kind), evidence);
        }
    }
}

fn grammar(trace: &Trace, bench: &mut Bench) {
    for (index, message, defects) in emitted(trace) {
        // A response repeats the identifier of its request, whatever that is like (RFC 4975, 7.2).
        let repeats = message.status().is_some();
        let own = |defect: &&Defect<MsrpDefect>| !repeats || defect.kind != MsrpDefect::MalformedTransaction;
        let defects: Vec<_> = defects.iter().filter(own).cloned().collect();
        condemn(trace, bench, index, &defects, |kind| match kind {
            MsrpDefect::MalformedStart => Some("a first line with single spaces between its parts (RFC 4975, 9)"),
            MsrpDefect::BlankLineBeforeEndLine => {
                Some("no blank line before the end-line of a message without body (RFC 4975, 7.1)")
            }
            MsrpDefect::MalformedHeader => Some("header lines of the form 'Name: value' (RFC 4975, 9)"),
            MsrpDefect::BareLineEnd => Some("lines that end in CRLF (RFC 4975, 9)"),
            MsrpDefect::MalformedTransaction => Some("a transaction id of 4 to 32 characters of ident (RFC 4975, 9)"),
            MsrpDefect::ToPathNotFirst => Some("To-Path as the first header (RFC 4975, 9)"),
            MsrpDefect::FromPathNotSecond => Some("From-Path as the second header (RFC 4975, 9)"),
            MsrpDefect::MalformedPath => Some("paths of MSRP URIs separated by single spaces (RFC 4975, 9)"),
            MsrpDefect::RepeatedHeader(_) => Some("a header that stands once (RFC 4975, 9)"),
            _ => None,
        });
    }
    for (index, observed) in trace.observed.iter().enumerate() {
        let Message::Garbage(_, reason) = &observed.message else { continue };
        let msrp = trace.places.get(observed.pco.0).is_some_and(|place| place.protocol == crate::port::Protocol::Msrp);
        // A bound of the decoder is no fault of the sender.
        if msrp
            && observed.direction == Direction::FromIut
            && !reason.starts_with("header block over")
            && !reason.starts_with("body over")
        {
            bench.observe();
            bench.fail("an MSRP message (RFC 4975, 9)", reason.clone(), vec![trace.evidence(index, "the octets")]);
        }
    }
}

fn utf8(trace: &Trace, bench: &mut Bench) {
    for (index, _, defects) in emitted(trace) {
        condemn(trace, bench, index, defects, |kind| {
            matches!(kind, MsrpDefect::BadUtf8).then_some("headers in UTF-8 (RFC 4975, 9; RFC 7701, 7.1)")
        });
    }
}

/// Requests of the implementation under test to a participant whose sessions are all known.
fn requests(trace: &Trace) -> impl Iterator<Item = (&Exchange, Vec<&Session>)> {
    let mut known: HashMap<&str, bool> = HashMap::new();
    trace.exchanges.iter().filter(|exchange| exchange.direction == Direction::FromIut).filter_map(move |exchange| {
        let participant = trace.observed.get(exchange.request)?.participant.as_str();
        if !*known.entry(participant).or_insert_with(|| all_negotiated(trace, participant)) {
            return None;
        }
        let sessions: Vec<_> = trace.sessions.iter().filter(|session| session.participant == participant).collect();
        (!sessions.is_empty()).then_some((exchange, sessions))
    })
}

/// Whether every session of a participant can be known: no accepted INVITE lacks a readable offer or answer, and the
/// tester's descriptions have nothing that the other side may read differently.
fn all_negotiated(trace: &Trace, participant: &str) -> bool {
    trace
        .dialogs
        .iter()
        .enumerate()
        .filter(|(_, dialog)| dialog.participant == participant && dialog.method == "INVITE")
        .all(|(index, dialog)| {
            // An INVITE that forked has made more dialogs than the one known here.
            let forked = trace.sip.get(dialog.transaction).is_some_and(|transaction| {
                let mut tags = transaction.responses.iter().filter_map(|response| {
                    let response = trace.sip_at(*response)?;
                    let tag = response.to()?.tag().map(str::to_owned);
                    response.status().is_some_and(|status| status / 100 == 2).then_some(tag)
                });
                let first = tags.next();
                tags.any(|tag| Some(tag) != first)
            });
            let complete = trace
                .negotiations
                .iter()
                .filter(|negotiation| negotiation.dialog == index)
                .filter(|negotiation| negotiation.answer.is_some() && negotiation.tester().is_some_and(sound))
                .count();
            let accepted = dialog
                .offers
                .iter()
                .filter_map(|offer| trace.sip.get(*offer))
                .filter(|transaction| transaction.success(trace).is_some())
                .count();
            complete == accepted && !forked
        })
}

/// Whether a request goes along the path of a session. Every relay takes its own URI off To-Path and puts it on From-Path
/// (RFC 4976, 6.1), so that of a request that passed one only the rest is left.
fn along(session: &Session, to: &[MsrpUri], from: &[MsrpUri]) -> bool {
    let passed = session.tester_path.len().saturating_sub(to.len());
    same_path(session.tester_path.get(passed..).unwrap_or_default(), to) && passed < from.len().max(1)
}

fn to_path(trace: &Trace, bench: &mut Bench) {
    for (exchange, sessions) in requests(trace) {
        let (index, to, from) = (exchange.request, &exchange.to_path, &exchange.from_path);
        if to.is_empty() {
            continue;
        }
        bench.observe();
        if !sessions.iter().any(|session| along(session, to, from)) {
            let known: Vec<_> = sessions.iter().map(|session| path_text(&session.tester_path)).collect();
            bench.fail(
                format!(
                    "To-Path with the path of the session's SDP, '{}' (RFC 4975, 7.1 and 8.2)",
                    known.join("' or '")
                ),
                format!("To-Path '{}'", path_text(to)),
                vec![trace.evidence_header(index, "the request", "To-Path")],
            );
        }
    }
}

fn from_path(trace: &Trace, bench: &mut Bench) {
    for (exchange, sessions) in requests(trace) {
        let (index, to, from) = (exchange.request, &exchange.to_path, &exchange.from_path);
        let candidates: Vec<_> = sessions.iter().filter(|session| along(session, to, from)).collect();
        let Some(last) = from.last() else { continue };
        if candidates.is_empty() {
            continue;
        }
        bench.observe();
        let own = candidates.iter().any(|session| session.iut_path.last().is_some_and(|own| own.equivalent(last)));
        if !own {
            let known: Vec<_> = candidates.iter().map(|session| path_text(&session.iut_path)).collect();
            bench.fail(
                format!("From-Path with the sender's URI of the session, '{}' (RFC 4975, 7.1)", known.join("' or '")),
                format!("From-Path '{}'", path_text(from)),
                vec![trace.evidence_header(index, "the request", "From-Path")],
            );
        }
    }
}

/// Whether an earlier transaction still exists can be told only where the tester owed a response and had not given it;
/// any other repetition is merely what 64 random bits would have prevented.
fn transaction_collision(trace: &Trace, bench: &mut Bench) {
    let mut seen: HashMap<(usize, &str), usize> = HashMap::new();
    for exchange in trace.exchanges.iter().filter(|exchange| exchange.direction == Direction::FromIut) {
        let (Some(observed), Some(message)) = (trace.observed.get(exchange.request), trace.msrp_at(exchange.request))
        else {
            continue;
        };
        // A relay has transaction ids of its own.
        if exchange.from_path.len() > 1 {
            continue;
        }
        bench.observe();
        let Some(earlier) = seen.insert((observed.pco.0, &message.transaction), exchange.request) else { continue };
        let pending = trace
            .msrp_at(earlier)
            .is_some_and(|earlier| earlier.method() == Some("SEND") && earlier.failure_report() == FailureReport::Yes)
            && trace
                .observed
                .get(earlier)
                .is_some_and(|earlier| observed.at.saturating_sub(earlier.at) < RESPONSE_TIME)
            && !answered_between(trace, observed.pco, &message.transaction, earlier, exchange.request);
        let evidence = vec![
            trace.evidence_start(earlier, "the earlier request"),
            trace.evidence_start(exchange.request, "the later request"),
        ];
        let expected = "a transaction id that no other transaction has at the same time (RFC 4975, 7.1)";
        let what = format!("'{}' again", message.transaction);
        if pending {
            bench.fail(expected, format!("{what}, while the earlier request is unanswered"), evidence);
        } else {
            bench.advise(expected, what, evidence);
        }
    }
}

fn answered_between(
    trace: &Trace,
    pco: crate::transcript::PcoId,
    transaction: &str,
    first: usize,
    last: usize,
) -> bool {
    trace.observed.get(first..last).unwrap_or_default().iter().any(|observed| {
        observed.pco == pco
            && observed.direction == Direction::ToIut
            && observed.msrp().is_some_and(|message| message.status().is_some() && message.transaction == transaction)
    }) || trace.garbled(pco, Direction::ToIut)
}

/// Fewest samples that lengths are judged on (interpretation T58).
const SAMPLES: usize = 8;
/// Fewest characters of a 64-symbol alphabet that hold 64 bits.
const PLAUSIBLE: usize = 11;

fn entropy(trace: &Trace, bench: &mut Bench) {
    let requests: Vec<_> = emitted(trace)
        .filter(|(_, message, _)| message.method() == Some("SEND") && message.from_path().len() == 1)
        .collect();
    if requests.len() < SAMPLES {
        return;
    }
    bench.observe();
    let longest = requests.iter().map(|(_, message, _)| message.transaction.len()).max().unwrap_or(0);
    if longest < PLAUSIBLE
        && let Some((index, _, _)) = requests.last()
    {
        bench.advise(
            "transaction ids with 64 bits of randomness, 11 characters or more (RFC 4975, 7.1; T58)",
            format!("none of {} is longer than {longest} characters", requests.len()),
            vec![trace.evidence_start(*index, "one of them")],
        );
    }
}

/// A switch may keep the Message-ID of the sender, be it malformed.
fn message_id(trace: &Trace, bench: &mut Bench) {
    let kept: HashSet<String> = stimuli(trace).filter_map(|(message, _)| message.message_id()).collect();
    for (index, message, defects) in emitted(trace) {
        if !matches!(message.method(), Some("SEND" | "REPORT")) {
            continue;
        }
        let kept = message.message_id().is_some_and(|id| kept.contains(&id));
        let judged: Vec<_> = defects
            .iter()
            .filter(|defect| !(kept && matches!(defect.kind, MsrpDefect::MalformedMessageId)))
            .cloned()
            .collect();
        condemn(trace, bench, index, &judged, |kind| match kind {
            MsrpDefect::MissingMessageId => Some("a Message-ID (RFC 4975, 7.1.1 and 7.1.2)"),
            MsrpDefect::MalformedMessageId => Some("a Message-ID of 4 to 32 characters of ident (RFC 4975, 9)"),
            _ => None,
        });
    }
}

fn content_type(trace: &Trace, bench: &mut Bench) {
    for (index, _, defects) in emitted(trace).filter(|(_, message, _)| message.method().is_some()) {
        condemn(trace, bench, index, defects, |kind| match kind {
            MsrpDefect::ContentTypeMismatch => {
                Some("Content-Type where there is a body, and only there (RFC 4975, 7.1)")
            }
            MsrpDefect::MalformedContentType => Some("Content-Type type/subtype (RFC 4975, 9)"),
            MsrpDefect::ContentTypeNotLast => Some("Content-Type as the last header (RFC 4975, 7.1)"),
            _ => None,
        });
    }
}

/// A switch that forwards early may pass on a range or total of the sender that turns out to be untrue.
fn byte_range(trace: &Trace, bench: &mut Bench) {
    let copies = trace.deliveries.iter().filter(|delivery| delivery.direction == Direction::FromIut);
    let by_chunk: HashMap<usize, &Delivery> =
        copies.flat_map(|copy| copy.chunks.iter().map(move |chunk| (chunk.index, copy))).collect();
    let manners = Manners::of(trace);
    for (index, message, defects) in emitted(trace) {
        if message.headers.get("Byte-Range").is_none() {
            continue;
        }
        let wrong = defects.iter().any(|defect| defect.kind == MsrpDefect::ByteRangeLength);
        let untrue = wrong && by_chunk.get(&index).is_some_and(|copy| manners.behind(copy).untrue);
        let judged: Vec<_> =
            defects.iter().filter(|defect| !(untrue && defect.kind == MsrpDefect::ByteRangeLength)).cloned().collect();
        condemn(trace, bench, index, &judged, |kind| match kind {
            MsrpDefect::MalformedByteRange => Some("Byte-Range start-end/total (RFC 4975, 9)"),
            MsrpDefect::ByteRangeLength => Some("a Byte-Range that fits the body (RFC 4975, 7.1.1; T59)"),
            _ => None,
        });
    }
}

/// A message of more than 2048 octets is the occasion, in however small chunks it comes.
fn interruptible(trace: &Trace, bench: &mut Bench) {
    let long = |delivery: &&Delivery| delivery.chunks.iter().map(|chunk| chunk.end()).max().unwrap_or(0) > 2048;
    for _ in trace.deliveries.iter().filter(|delivery| delivery.direction == Direction::FromIut).filter(long) {
        bench.observe();
    }
    for (index, message, defects) in emitted(trace) {
        if message.method() != Some("SEND") || message.body.as_ref().is_none_or(|body| body.len() <= 2048) {
            continue;
        }
        for defect in defects.iter().filter(|defect| matches!(defect.kind, MsrpDefect::NotInterruptible)) {
            bench.fail(
                "a star as range-end in a chunk over 2048 octets (RFC 4975, 7.1.1)",
                format!("a chunk of {} octets without", message.body.as_ref().map_or(0, |body| body.len())),
                vec![trace.evidence_span(index, "the message", defect.span)],
            );
        }
    }
}

fn report_form(trace: &Trace, bench: &mut Bench) {
    for (index, _, defects) in emitted(trace).filter(|(_, message, _)| message.method() == Some("REPORT")) {
        condemn(trace, bench, index, defects, |kind| match kind {
            MsrpDefect::MalformedStatus => Some("a Status 'namespace code [comment]' in a REPORT (RFC 4975, 7.1.2)"),
            MsrpDefect::ReportHeader => Some("no Success-Report or Failure-Report in a REPORT (RFC 4975, 7.1.2)"),
            MsrpDefect::WrongFlag => Some("a REPORT that ends in $, as it is not interruptible (RFC 4975, 7.1.2)"),
            MsrpDefect::OversizedNonSendBody => Some("a body of no more than 10240 octets (RFC 4975, 7.1)"),
            _ => None,
        });
    }
}

/// What the tester made up may have been passed on.
fn report_headers(trace: &Trace, bench: &mut Bench) {
    if stimuli(trace).any(|(_, defects)| defects.iter().any(|defect| matches!(defect.kind, MsrpDefect::ReportHeader))) {
        return;
    }
    for (index, _, defects) in emitted(trace).filter(|(_, message, _)| message.method() == Some("SEND")) {
        condemn(trace, bench, index, defects, |kind| {
            matches!(kind, MsrpDefect::ReportHeader)
                .then_some("Success-Report yes or no, Failure-Report yes, no or partial (RFC 4975, 9)")
        });
    }
}

fn use_nickname(trace: &Trace, bench: &mut Bench) {
    for (index, message, _) in emitted(trace) {
        if message.method() == Some("NICKNAME") {
            continue;
        }
        bench.observe();
        if message.headers.get("Use-Nickname").is_some() {
            bench.advise(
                "Use-Nickname in NICKNAME requests alone (RFC 7701, 7.1)",
                format!("in {}", message.method().map_or("a response".to_owned(), str::to_owned)),
                vec![trace.evidence_header(index, "the message", "Use-Nickname")],
            );
        }
    }
}
