//! What a message is, in a few words. All of it comes from the wire and is escaped here.

use std::collections::HashMap;

use super::columns::cut;
use super::fold::is_keep_alive;
use crate::judge::rules::clearly_not_room;
use crate::judge::trace::{CONFERENCE_INFO, Exchange, Message, Trace};
use crate::report::escape;
use crate::wire::conference_info::ConferenceInfo;
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::{Flag, MsrpMessage, parse_nickname};
use crate::wire::sip::SipMessage;

/// Characters of a message's text that are shown; the terminal may have room for fewer.
const WORDS: usize = 60;
/// Octets that are looked at for them.
const LOOKED_AT: usize = 512;

/// The labels of the messages of a trace.
pub(super) struct Labels<'a> {
    trace: &'a Trace,
    /// Of messages with a description, what it is.
    descriptions: HashMap<usize, &'static str>,
    /// Of responses, the exchange that they belong to.
    answered: HashMap<usize, &'a Exchange>,
}

impl<'a> Labels<'a> {
    pub(super) fn of(trace: &'a Trace) -> Self {
        let mut descriptions = HashMap::new();
        for negotiation in &trace.negotiations {
            descriptions.insert(negotiation.offer.index, "SDP offer");
            if let Some(answer) = &negotiation.answer {
                descriptions.insert(answer.index, "SDP answer");
            }
        }
        let responses = |exchange: &'a Exchange| exchange.responses.iter().map(move |index| (*index, exchange));
        Self { trace, descriptions, answered: trace.exchanges.iter().flat_map(responses).collect() }
    }

    /// What a message is.
    pub(super) fn label(&self, index: usize) -> String {
        match self.trace.observed.get(index).map(|observed| &observed.message) {
            Some(Message::Sip(message, _)) => self.sip(index, message),
            Some(Message::Msrp(message, _)) => self.msrp(index, message),
            Some(Message::Garbage(octets, reason)) => {
                format!("unreadable: {} ({})", quoted(octets), escape::text(reason))
            }
            None => String::new(),
        }
    }

    fn sip(&self, index: usize, message: &SipMessage) -> String {
        let mut words = match message.start {
            crate::wire::sip::Start::Request { ref method, .. } => vec![shown(method)],
            crate::wire::sip::Start::Response { status, ref reason } => {
                let method = message.cseq().map(|cseq| format!(" ({})", shown(&cseq.method))).unwrap_or_default();
                let reason = if reason.is_empty() { String::new() } else { format!(" {}", shown(reason)) };
                vec![format!("{status:03}{reason}{method}")]
            }
        };
        if message.method() == Some("SUBSCRIBE") {
            words.extend(message.header("Event").map(|event| shown(&event)));
            words.extend(message.header("Expires").map(|expires| format!("expires {}", shown(&expires))));
        }
        let media_type = message.media_type().unwrap_or_default();
        match media_type.as_str() {
            _ if message.body.is_empty() => {}
            "application/sdp" => {
                let made = self.descriptions.get(&index).copied();
                // An offer that came to nothing is no part of a negotiation.
                let offers = matches!(message.method(), Some("INVITE" | "UPDATE"));
                words.push(made.unwrap_or(if offers { "SDP offer" } else { "SDP" }).to_owned());
            }
            CONFERENCE_INFO => words.push(conference(&message.body)),
            "" => words.push("a body without type".to_owned()),
            other => words.push(shown(other)),
        }
        if message.method() == Some("NOTIFY") {
            let state = message.header("Subscription-State").unwrap_or_default();
            let state = state.split(';').next().unwrap_or_default().trim();
            if !state.is_empty() && !state.eq_ignore_ascii_case("active") {
                words.push(shown(state));
            }
        }
        words.join(", ")
    }

    fn msrp(&self, index: usize, message: &MsrpMessage) -> String {
        match (message.method(), message.status()) {
            (Some("SEND"), _) if is_keep_alive(message) => "SEND without body".to_owned(),
            (Some("SEND"), _) => self.send(index, message),
            (Some("NICKNAME"), _) => match message.headers.get("Use-Nickname") {
                None => "NICKNAME without Use-Nickname".to_owned(),
                Some(header) => match parse_nickname(&header.value) {
                    Ok(nickname) => format!("NICKNAME {}", quoted(nickname.as_bytes())),
                    Err(_) => format!("NICKNAME {}", shown(&header.text())),
                },
            },
            (Some("REPORT"), _) => {
                let status = match (message.report_status(), message.header("Status")) {
                    (Some(status), _) => format!(" {status:03}"),
                    (None, Some(status)) => format!(" {}", shown(&status)),
                    (None, None) => String::new(),
                };
                let range = message.header("Byte-Range").map(|range| format!(" {}", shown(&range))).unwrap_or_default();
                format!("REPORT{status}{range}")
            }
            (Some(method), _) => shown(method),
            (None, status) => {
                let asked = self.answered.get(&index).and_then(|exchange| self.trace.msrp_at(exchange.request));
                let method = asked.and_then(MsrpMessage::method).map(|method| format!(" ({})", shown(method)));
                format!("{:03}{}", status.unwrap_or_default(), method.unwrap_or_default())
            }
        }
    }

    fn send(&self, index: usize, message: &MsrpMessage) -> String {
        let body = message.body.clone().unwrap_or_default();
        let media_type = message.media_type().unwrap_or_default();
        let range = message.byte_range();
        let continued = range.is_some_and(|range| range.start > 1);
        let mut words = vec!["SEND".to_owned()];
        if continued {
            words.push(format!("{} continued", named(&media_type)));
        } else if media_type == "message/cpim" {
            let wrapper = CpimMessage::parse(body.clone()).tree;
            words.extend(self.addressees(index, &wrapper));
            words.push(content(&wrapper.content_media_type().unwrap_or_default(), &wrapper.content));
        } else {
            words.push(content(&media_type, &body));
        }
        let total = range.and_then(|range| range.total);
        if continued || message.flag != Flag::Complete || total.is_some_and(|total| total != body.len() as u64) {
            words.extend(message.header("Byte-Range").map(|range| shown(&range)));
            words.push(char::from(message.flag.octet()).to_string());
        }
        words.join(" ")
    }

    /// Whom a private message is for; where the room is not known, whom any message is for.
    fn addressees(&self, index: usize, wrapper: &CpimMessage) -> Option<String> {
        let session = self.trace.exchange_of(index).and_then(|exchange| self.trace.sessions.get(exchange.session?));
        let is_private = |uri: &str| session.is_none_or(|session| clearly_not_room(self.trace, session, uri));
        let tos: Vec<String> = wrapper.tos().into_iter().map(|to| to.uri).collect();
        let private: Vec<String> = tos.iter().filter(|to| is_private(to)).map(|to| shown(without_scheme(to))).collect();
        let word = if session.is_some() { "private to" } else { "to" };
        (!private.is_empty()).then(|| format!("{word} {}", private.join(", ")))
    }
}

/// A URI without `sip:`.
pub(super) fn without_scheme(uri: &str) -> &str {
    uri.strip_prefix("sip:").or_else(|| uri.strip_prefix("sips:")).unwrap_or(uri)
}

fn content(media_type: &str, octets: &[u8]) -> String {
    let name = named(media_type);
    if media_type.starts_with("text/") {
        format!("{name} {}", quoted(octets))
    } else {
        format!("{name} ({} octets)", octets.len())
    }
}

fn named(media_type: &str) -> String {
    if media_type.is_empty() { "without type".to_owned() } else { shown(media_type) }
}

fn conference(body: &[u8]) -> String {
    match ConferenceInfo::parse(body) {
        Err(_) => "conference document that is no XML".to_owned(),
        Ok(document) => {
            let version = document.tree.version.map(|version| format!(" version {version}")).unwrap_or_default();
            format!("conference{version} {}", document.tree.state.word())
        }
    }
}

/// Text from the wire, escaped and not too long.
fn shown(text: &str) -> String {
    prefix(text.as_bytes())
}

fn quoted(octets: &[u8]) -> String {
    format!("\"{}\"", prefix(octets))
}

fn prefix(octets: &[u8]) -> String {
    cut(&escape::octets(octets.get(..LOOKED_AT).unwrap_or(octets)), WORDS)
}
