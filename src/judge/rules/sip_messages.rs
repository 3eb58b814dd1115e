//! The form of the focus' SIP messages, and the requests it sends in dialogs (RFC 3261, 7, 8.1, 12.2; RFC 6665, 4.2).

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::{Bench, Rule};
use crate::judge::trace::{Direction, Message, Trace};
use crate::judge::verdict::Verdict;
use crate::transcript::Transport;
use crate::wire::sip::{SipDefect, SipMessage, Start};
use crate::wire::uri::SipUri;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-SIP-020",
        purpose: "SIP messages keep the grammar and have the mandatory headers.",
        requirements: &[
            "RFC7701-4-4",
            "RFC3261-12.2.1.1-5",
            "RFC3261-18.3-4",
            "RFC3261-8.1.1-1",
            "RFC3261-20.14-1",
            "RFC3261-20.14-2",
            "RFC3261-20.16-1",
        ],
        level: "MUST",
        judge: grammar,
    },
    Rule {
        id: "RULE-SIP-021",
        purpose: "CSeq numbers of requests in a dialog increase.",
        requirements: &["RFC7701-4-5"],
        level: "MUST",
        judge: cseq_increases,
    },
    Rule {
        id: "RULE-SIP-022",
        purpose: "A request in a dialog goes to the participant's Contact.",
        requirements: &["RFC7701-4-5", "RFC3261-12.2.1.1-6"],
        level: "MUST",
        judge: remote_target,
    },
    Rule {
        id: "RULE-SIP-023",
        purpose: "NOTIFY has Event and Subscription-State, with expires unless terminated.",
        requirements: &["RFC7701-7.4-1", "RFC4575-3.1-1"],
        level: "MUST",
        judge: notify_headers,
    },
    Rule {
        id: "RULE-SIP-024",
        purpose: "A 2xx to SUBSCRIBE has Expires, no longer than was asked for.",
        requirements: &["RFC7701-7.4-1", "RFC4575-3.3-1"],
        level: "MUST",
        judge: subscription_expires,
    },
    Rule {
        id: "RULE-SIP-025",
        purpose: "An accepted SUBSCRIBE is followed by a NOTIFY at once.",
        requirements: &["RFC7701-7.4-1"],
        level: "MUST",
        judge: notified_at_once,
    },
];

/// A response is judged for mandatory headers only where its request could give them.
fn grammar(trace: &Trace, bench: &mut Bench) {
    let mut answered: HashMap<usize, bool> = HashMap::new();
    for transaction in trace.sip.iter().filter(|transaction| transaction.direction == Direction::ToIut) {
        for response in &transaction.responses {
            answered.insert(*response, !transaction.doubtful);
        }
    }
    for (index, observed) in trace.observed.iter().enumerate() {
        if observed.direction != Direction::FromIut {
            continue;
        }
        let (message, defects) = match &observed.message {
            Message::Sip(message, defects) => (message, defects),
            Message::Garbage(_, reason) => {
                let sip =
                    trace.places.get(observed.pco.0).is_some_and(|place| place.protocol == crate::port::Protocol::Sip);
                if sip && !reason.starts_with("message over") {
                    bench.observe();
                    let evidence = vec![trace.evidence(index, "the octets")];
                    bench.fail("a SIP message (RFC 3261, 7)", reason.clone(), evidence);
                }
                continue;
            }
            Message::Msrp(..) => continue,
        };
        bench.observe();
        let echo = message.method().is_some() || answered.get(&index).copied() == Some(true);
        for defect in defects {
            let Some((verdict, expected)) = weigh(&defect.kind, echo) else { continue };
            let evidence = vec![trace.evidence_span(index, "the message", defect.span)];
            bench.find(verdict, expected.to_owned(), format!("{:?}", defect.kind), evidence);
        }
    }
}

fn weigh(kind: &SipDefect, echo: bool) -> Option<(Verdict, &'static str)> {
    let fail = |expected| Some((Verdict::Fail, expected));
    match kind {
        SipDefect::MalformedHeader => fail("header lines 'Name: value' (RFC 3261, 7.3.1)"),
        SipDefect::BareLineEnd => fail("lines that end in CRLF (RFC 3261, 7)"),
        SipDefect::MalformedStartLine => fail("a start line with single spaces (RFC 3261, 7.1 and 7.2)"),
        SipDefect::Version => fail("SIP/2.0 (RFC 3261, 7.1)"),
        SipDefect::MalformedRequestUri => fail("a Request-URI (RFC 3261, 7.1)"),
        SipDefect::MissingHeader(_) if echo => fail("the mandatory headers (RFC 3261, 8.1.1, 8.2.6.2 and 12.1.1)"),
        SipDefect::RepeatedHeader(_) if echo => fail("a header that stands once (RFC 3261, 7.3.1)"),
        SipDefect::MalformedValue(_) if echo => fail("a value of the header's grammar (RFC 3261, 25)"),
        SipDefect::CSeqMethod => fail("the method of the request in CSeq (RFC 3261, 8.1.1.5)"),
        SipDefect::BodyTooShort => fail("a body of Content-Length octets (RFC 3261, 18.3)"),
        SipDefect::BodyTooLong => Some((Verdict::Advisory, "nothing after the body (RFC 3261, 18.3)")),
        SipDefect::MissingContentLength => fail("Content-Length on a stream (RFC 3261, 18.3 and 20.14)"),
        SipDefect::MissingEmptyLine => fail("an empty line after the headers (RFC 3261, 7)"),
        SipDefect::BadUtf8 if echo => fail("headers in UTF-8 (RFC 3261, 7)"),
        _ => None,
    }
}

/// Requests of the focus in dialogs, first transmissions only.
fn requests(trace: &Trace) -> impl Iterator<Item = (usize, &SipMessage)> {
    trace
        .sip
        .iter()
        .filter(|transaction| transaction.direction == Direction::FromIut)
        .filter(|transaction| !matches!(transaction.method.as_str(), "ACK" | "CANCEL"))
        .filter_map(|transaction| Some((transaction.request(), trace.sip_at(transaction.request())?)))
}

/// Datagrams may overtake each other, so that on UDP only a number used twice proves something.
fn cseq_increases(trace: &Trace, bench: &mut Bench) {
    let mut last: HashMap<(String, String, String), Vec<(u32, usize)>> = HashMap::new();
    let mut unanswered: HashSet<usize> = HashSet::new();
    for transaction in trace.sip.iter().filter(|transaction| transaction.direction == Direction::FromIut) {
        if transaction.final_response(trace).is_none_or(|(_, status)| status == 503) {
            unanswered.insert(transaction.request());
        }
    }
    for (index, request) in requests(trace) {
        let (Some(call_id), Some(from), Some(cseq)) = (request.call_id(), request.from(), request.cseq()) else {
            continue;
        };
        let to_tag = request.to().and_then(|to| to.tag().map(str::to_owned)).unwrap_or_default();
        let key = (call_id, from.tag().unwrap_or_default().to_owned(), to_tag);
        let seen = last.entry(key).or_default();
        let datagrams =
            trace.observed.get(index).is_none_or(|observed| trace.transport(observed.pco) == Some(Transport::Udp));
        if !seen.is_empty() {
            bench.observe();
        }
        let clash = seen.iter().rev().find(|(number, earlier)| {
            // The same request may be tried again elsewhere under another branch (RFC 3263, 4.3).
            (*number == cseq.number && !unanswered.contains(earlier))
                || (*number > cseq.number && !datagrams && same_place(trace, index, *earlier))
        });
        if let Some((number, earlier)) = clash {
            bench.fail(
                format!("a CSeq number above {number} (RFC 3261, 12.2.1.1)"),
                cseq.number.to_string(),
                vec![
                    trace.evidence_header(*earlier, "the earlier request", "CSeq"),
                    trace.evidence_header(index, "the later request", "CSeq"),
                ],
            );
        }
        seen.push((cseq.number, index));
    }
}

fn same_place(trace: &Trace, one: usize, other: usize) -> bool {
    match (trace.observed.get(one), trace.observed.get(other)) {
        (Some(one), Some(other)) => one.pco == other.pco,
        _ => false,
    }
}

/// Proxies and route sets change the Request-URI; requests that came through any are left out.
fn remote_target(trace: &Trace, bench: &mut Bench) {
    let mut targets: HashMap<(String, String), Vec<String>> = HashMap::new();
    for observed in trace.observed.iter().filter(|observed| observed.direction == Direction::ToIut) {
        let Some(message) = observed.sip() else { continue };
        let tag = match message.status() {
            Some(_) => message.to(),
            None => message.from(),
        };
        let (Some(call_id), Some(tag)) = (message.call_id(), tag.and_then(|tag| tag.tag().map(str::to_owned))) else {
            continue;
        };
        let contacts = message.contacts().into_iter().map(|contact| contact.uri);
        targets.entry((call_id, tag)).or_default().extend(contacts);
    }
    for (index, request) in requests(trace) {
        let (Start::Request { uri, .. }, Some(call_id), Some(to)) = (&request.start, request.call_id(), request.to())
        else {
            continue;
        };
        let routed = request.header("Route").is_some() || request.vias().len() != 1;
        let known = to.tag().and_then(|tag| targets.get(&(call_id, tag.to_owned())));
        let Some(known) = known.filter(|known| !known.is_empty() && !routed) else { continue };
        bench.observe();
        let meant = known.iter().any(|target| {
            target == uri
                || match (SipUri::parse(target), SipUri::parse(uri)) {
                    (Ok(target), Ok(uri)) => target.equivalent(&uri) || target.bare().equivalent(&uri.bare()),
                    _ => false,
                }
        });
        if !meant {
            bench.fail(
                format!("the remote target as Request-URI, '{}' (RFC 3261, 12.2.1.1)", known.join("' or '")),
                format!("'{uri}'"),
                vec![trace.evidence_start(index, "the request")],
            );
        }
    }
}

fn notify_headers(trace: &Trace, bench: &mut Bench) {
    for (index, request) in requests(trace).filter(|(_, request)| request.method() == Some("NOTIFY")) {
        bench.observe();
        if request.header("Event").is_none() {
            let evidence = vec![trace.evidence(index, "the NOTIFY")];
            bench.fail("Event in NOTIFY (RFC 6665, 4.2.2 and 7.1)", "none", evidence);
        }
        let evidence = vec![trace.evidence_header(index, "the NOTIFY", "Subscription-State")];
        let Some(state) = request.header("Subscription-State") else {
            bench.fail("Subscription-State in NOTIFY (RFC 6665, 4.2.2)", "none", evidence);
            continue;
        };
        let mut parts = state.split(';').map(|part| part.trim().to_ascii_lowercase());
        let value = parts.next().unwrap_or_default();
        let expires = parts.any(|part| part.starts_with("expires"));
        if matches!(value.as_str(), "active" | "pending") && !expires {
            // RFC 3265, which RFC 4575 stands on, only recommends it.
            bench.advise("expires in an active or pending Subscription-State (RFC 6665, 4.2.2)", state, evidence);
        }
    }
}

fn seconds(value: Option<String>) -> Option<u64> {
    value?.trim().parse().ok()
}

fn subscription_expires(trace: &Trace, bench: &mut Bench) {
    for transaction in &trace.sip {
        if transaction.direction != Direction::ToIut || transaction.method != "SUBSCRIBE" || transaction.doubtful {
            continue;
        }
        let (Some(request), Some(success)) = (trace.sip_at(transaction.request()), transaction.success(trace)) else {
            continue;
        };
        let Some(response) = trace.sip_at(success) else { continue };
        bench.observe();
        let evidence = vec![
            trace.evidence_header(transaction.request(), "the SUBSCRIBE", "Expires"),
            trace.evidence_header(success, "the response", "Expires"),
        ];
        let Some(granted) = response.header("Expires") else {
            bench.fail("Expires in a 2xx to SUBSCRIBE (RFC 6665, 4.2.1.1 and 8.2)", "none", evidence);
            continue;
        };
        if let (Some(asked), Some(granted)) = (seconds(request.header("Expires")), seconds(Some(granted)))
            && granted > asked
        {
            bench.fail(
                format!("no more than the {asked} seconds asked for (RFC 6665, 4.2.1.1)"),
                format!("{granted} seconds"),
                evidence,
            );
        }
    }
}

/// How long a NOTIFY "immediately" after the 2xx may take before its absence counts; far beyond any rate limit.
const AT_ONCE: Duration = Duration::from_secs(33);

fn notified_at_once(trace: &Trace, bench: &mut Bench) {
    for transaction in &trace.sip {
        if transaction.direction != Direction::ToIut || transaction.method != "SUBSCRIBE" || transaction.doubtful {
            continue;
        }
        let (Some(request), Some(success)) = (trace.sip_at(transaction.request()), transaction.success(trace)) else {
            continue;
        };
        let (Some(call_id), Some(response)) = (request.call_id(), trace.observed.get(success)) else { continue };
        let tag = request.from().and_then(|from| from.tag().map(str::to_owned)).unwrap_or_default();
        let asked_at = trace.observed.get(transaction.request()).map(|asked| asked.at).unwrap_or_default();
        let notified = trace
            .subscriptions
            .iter()
            .filter(|subscription| subscription.call_id == call_id && subscription.tester_tag == tag)
            .flat_map(|subscription| &subscription.notifications)
            .any(|notification| trace.observed.get(notification.index).is_some_and(|told| told.at >= asked_at));
        if notified {
            bench.observe();
        } else if trace
            .places
            .get(response.pco.0)
            .and_then(|place| place.closed)
            .unwrap_or(trace.end)
            .saturating_sub(response.at)
            >= AT_ONCE
            && !trace.garbled_at(&response.participant, Direction::FromIut)
        {
            bench.observe();
            bench.fail(
                "a NOTIFY immediately after the 2xx to SUBSCRIBE (RFC 6665, 4.2.1.2)",
                format!("none in {} seconds", trace.end.saturating_sub(response.at).as_secs()),
                vec![trace.evidence_start(success, "the 2xx to SUBSCRIBE")],
            );
        }
    }
}
