//! Single header fields of the focus' SIP messages (RFC 3261, 7.4.1, 8.1.1.7, 8.2, 20.5 and 22).

use super::{Bench, Rule};
use crate::judge::trace::{Direction, SipTransaction, Trace};
use crate::judge::verdict::Verdict;
use crate::wire::auth::DigestParams;
use crate::wire::sip::SipMessage;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-SIP-030",
        purpose: "The branch of a request begins with z9hG4bK, and no other request has it.",
        requirements: &["RFC3261-8.1.1.7-2", "RFC3261-8.1.1.7-1"],
        level: "MUST",
        judge: branches,
    },
    Rule {
        id: "RULE-SIP-031",
        purpose: "A 100 has the Timestamp of its request.",
        requirements: &["RFC3261-8.2.6.1-2"],
        level: "MUST",
        judge: timestamps,
    },
    Rule {
        id: "RULE-SIP-032",
        purpose: "Allow lists ACK and CANCEL where it lists INVITE.",
        requirements: &["RFC3261-20.5-1"],
        level: "MUST",
        judge: allow_is_complete,
    },
    Rule {
        id: "RULE-SIP-033",
        purpose: "A method refused with 405 or 501 is not in the Allow of the refusal.",
        requirements: &["RFC3261-8.2.1-3"],
        level: "MUST",
        judge: allow_is_true,
    },
    Rule {
        id: "RULE-SIP-034",
        purpose: "Unsupported in a 420 names only extensions that the request requires.",
        requirements: &["RFC3261-8.2.2.3-2"],
        level: "MUST",
        judge: unsupported,
    },
    Rule {
        id: "RULE-SIP-035",
        purpose: "A body comes with its Content-Type.",
        requirements: &["RFC3261-7.4.1-1"],
        level: "MUST",
        judge: content_type,
    },
    Rule {
        id: "RULE-SIP-036",
        purpose: "A CANCEL is neither challenged nor answered with 487.",
        requirements: &["RFC3261-22.1-3", "RFC3261-21.4.25-1"],
        level: "MUST NOT",
        judge: cancel_answers,
    },
    Rule {
        id: "RULE-SIP-037",
        purpose: "A challenge is not Basic.",
        requirements: &["RFC3261-22-2"],
        level: "MUST NOT",
        judge: no_basic,
    },
    Rule {
        id: "RULE-SIP-038",
        purpose: "A Digest challenge has qop.",
        requirements: &["RFC3261-22.4-2"],
        level: "MUST",
        judge: qop,
    },
];

/// Messages of the focus that could be read, with their places.
fn sent(trace: &Trace) -> impl Iterator<Item = (usize, &SipMessage)> {
    trace
        .observed
        .iter()
        .enumerate()
        .filter(|(_, observed)| observed.direction == Direction::FromIut)
        .filter_map(|(index, observed)| Some((index, observed.sip()?)))
}

/// Responses of the focus to requests that are safe to judge by: index, request, response, status.
fn answers(trace: &Trace) -> impl Iterator<Item = (&SipTransaction, &SipMessage, usize, &SipMessage, u16)> {
    trace
        .sip
        .iter()
        .filter(|transaction| transaction.direction == Direction::ToIut && !transaction.doubtful)
        .filter_map(|transaction| Some((transaction, trace.sip_at(transaction.request())?)))
        .flat_map(move |(transaction, request)| {
            transaction.responses.iter().filter_map(move |index| {
                let response = trace.sip_at(*index)?;
                Some((transaction, request, *index, response, response.status()?))
            })
        })
}

/// ACK and CANCEL have the branch of the INVITE (RFC 3261, 9.1 and 17.1.1.3). The same request may cross again, also at
/// another place.
fn branches(trace: &Trace, bench: &mut Bench) {
    let mut taken: std::collections::HashMap<String, (String, usize)> = std::collections::HashMap::new();
    for (index, request) in sent(trace) {
        let Some(method) = request.method().filter(|method| !matches!(*method, "ACK" | "CANCEL")) else { continue };
        let vias = request.vias();
        let Some(via) = vias.first() else { continue };
        bench.observe();
        let evidence = || trace.evidence_header(index, "the request", "Via");
        let branch = via.branch().unwrap_or_default().to_owned();
        if !branch.to_ascii_lowercase().starts_with("z9hg4bk") {
            let observed = if branch.is_empty() { "none".to_owned() } else { format!("'{branch}'") };
            bench.fail("a branch that begins with z9hG4bK (RFC 3261, 8.1.1.7)", observed, vec![evidence()]);
            continue;
        }
        let (Some(call_id), Some(cseq)) = (request.call_id(), request.cseq()) else { continue };
        let this = format!("{method} {} {call_id}", cseq.number);
        let key = format!("{}:{:?} {branch}", via.host, via.port).to_ascii_lowercase();
        match taken.get(&key) {
            Some((other, earlier)) if *other != this => bench.fail(
                "a branch that no other request has (RFC 3261, 8.1.1.7)",
                format!("'{branch}' again"),
                vec![trace.evidence_header(*earlier, "the earlier request", "Via"), evidence()],
            ),
            Some(_) => {}
            None => drop(taken.insert(key, (this, index))),
        }
    }
}

/// A delay may be added behind the value (RFC 3261, 20.38).
fn timestamps(trace: &Trace, bench: &mut Bench) {
    for (transaction, request, index, response, status) in answers(trace) {
        let Some(asked) = request.header("Timestamp").filter(|_| status == 100) else { continue };
        bench.observe();
        let given = response.header("Timestamp").unwrap_or_default();
        if given.split_ascii_whitespace().next() != asked.split_ascii_whitespace().next() {
            bench.fail(
                format!("Timestamp: {asked} (RFC 3261, 8.2.6.1)"),
                if given.is_empty() { "none".to_owned() } else { format!("Timestamp: {given}") },
                vec![
                    trace.evidence_header(transaction.request(), "the request", "Timestamp"),
                    trace.evidence(index, "the 100"),
                ],
            );
        }
    }
}

fn lists(values: &[String], method: &str) -> bool {
    values.iter().any(|value| value.trim() == method)
}

fn allow_is_complete(trace: &Trace, bench: &mut Bench) {
    for (index, message) in sent(trace) {
        let allow = message.values("Allow");
        if !lists(&allow, "INVITE") {
            continue;
        }
        bench.observe();
        if let Some(missing) = ["ACK", "CANCEL"].into_iter().find(|method| !lists(&allow, method)) {
            bench.fail(
                format!("{missing} in Allow (RFC 3261, 20.5)"),
                format!("Allow: {}", allow.join(", ")),
                vec![trace.evidence_header(index, "the message", "Allow")],
            );
        }
    }
}

fn allow_is_true(trace: &Trace, bench: &mut Bench) {
    for (transaction, _, index, response, status) in answers(trace) {
        if !matches!(status, 405 | 501) || response.header("Allow").is_none() {
            continue;
        }
        bench.observe();
        if lists(&response.values("Allow"), &transaction.method) {
            // 405 is about one address, and the focus may serve the method at another (RFC 3261, 21.4.6).
            bench.find(
                if status == 405 { Verdict::Advisory } else { Verdict::Fail },
                "in Allow the methods that are served (RFC 3261, 8.2.1)".to_owned(),
                format!("{} in the Allow of a {status} to it", transaction.method),
                vec![trace.evidence_header(index, "the response", "Allow")],
            );
        }
    }
}

/// A proxy in between refuses by Proxy-Require.
fn unsupported(trace: &Trace, bench: &mut Bench) {
    for (transaction, request, index, response, status) in answers(trace) {
        if status != 420 {
            continue;
        }
        let required: Vec<String> = ["Require", "Proxy-Require"]
            .iter()
            .flat_map(|name| request.values(name))
            .map(|tag| tag.trim().to_ascii_lowercase())
            .collect();
        let named = response.values("Unsupported");
        bench.observe();
        let foreign = named.iter().find(|tag| !required.contains(&tag.trim().to_ascii_lowercase()));
        if let Some(tag) = foreign {
            bench.fail(
                "in Unsupported the extensions that the request requires (RFC 3261, 8.2.2.3)",
                format!("Unsupported: {tag}"),
                vec![
                    trace.evidence(transaction.request(), "the request"),
                    trace.evidence_header(index, "the response", "Unsupported"),
                ],
            );
        }
    }
}

fn content_type(trace: &Trace, bench: &mut Bench) {
    for (index, message) in sent(trace).filter(|(_, message)| !message.body.is_empty()) {
        bench.observe();
        if message.media_type().is_none() && message.header("Content-Type").is_none() {
            let evidence = vec![trace.evidence(index, "the message")];
            bench.fail("Content-Type with a body (RFC 3261, 7.4.1 and 20.15)", "none", evidence);
        }
    }
}

fn cancel_answers(trace: &Trace, bench: &mut Bench) {
    for (_, _, index, _, status) in answers(trace).filter(|(transaction, ..)| transaction.method == "CANCEL") {
        bench.observe();
        let expected = match status {
            401 | 407 => "no challenge to a CANCEL (RFC 3261, 22.1)",
            487 => "487 to the INVITE and not to the CANCEL (RFC 3261, 21.4.25)",
            _ => continue,
        };
        let evidence = vec![trace.evidence_start(index, "the response")];
        bench.fail(expected, format!("{status} to CANCEL"), evidence);
    }
}

/// The challenges of the focus: place, header name, value.
fn challenges(trace: &Trace) -> impl Iterator<Item = (usize, &'static str, String)> {
    sent(trace).flat_map(|(index, message)| {
        ["WWW-Authenticate", "Proxy-Authenticate"].into_iter().flat_map(move |name| {
            message.headers.all(name).map(move |header| (index, name, header.text().trim().to_owned()))
        })
    })
}

fn scheme(value: &str) -> String {
    value.split_ascii_whitespace().next().unwrap_or_default().to_ascii_lowercase()
}

fn no_basic(trace: &Trace, bench: &mut Bench) {
    for (index, name, value) in challenges(trace) {
        bench.observe();
        if scheme(&value) == "basic" {
            let evidence = vec![trace.evidence_header(index, "the challenge", name)];
            bench.fail("no Basic authentication (RFC 3261, 22 and 22.4)", format!("{name}: {value}"), evidence);
        }
    }
}

fn qop(trace: &Trace, bench: &mut Bench) {
    for (index, name, value) in challenges(trace) {
        let Some(params) = DigestParams::parse(&value) else { continue };
        bench.observe();
        if params.get("qop").is_none() {
            let evidence = vec![trace.evidence_header(index, "the challenge", name)];
            bench.fail("qop in a Digest challenge (RFC 3261, 22.4)", format!("{name}: {value}"), evidence);
        }
    }
}
