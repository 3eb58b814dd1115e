//! Responses (RFC 3261, 8.2.6) and the refusals of the checks that come before a method's own conduct (8.2).

use super::transport::Flow;
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::sip::SipMessage;

/// Methods that the focus carries out.
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, SUBSCRIBE";
/// The same, with what it sends itself, as the feature tag of RFC 3840 writes it (RFC 7701, 9.1).
pub(super) const METHODS_TAG: &str = "INVITE,ACK,CANCEL,BYE,OPTIONS,SUBSCRIBE,NOTIFY";
/// Event packages.
pub(super) const ALLOW_EVENTS: &str = "conference";
/// Bodies that an INVITE may carry.
pub(super) const ACCEPT: &str = "application/sdp";
/// Bodies that a NOTIFY of ours carries.
pub(super) const CONFERENCE_INFO: &str = "application/conference-info+xml";

/// Methods of SIP and its extensions that the focus knows and does not carry out: 405, not 501.
const KNOWN: [&str; 8] = ["REGISTER", "INFO", "MESSAGE", "REFER", "UPDATE", "PRACK", "PUBLISH", "NOTIFY"];

/// A final response from 300 upwards, and what it has to say besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// Status code.
    pub status: u16,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
}

impl Refusal {
    pub fn new(status: u16) -> Self {
        Self { status, headers: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a Warning 399 that says in words what is wrong (RFC 3261, 20.43).
    #[must_use]
    pub fn because(self, agent: &str, text: &str) -> Self {
        let text = text.replace(['"', '\\'], "'");
        self.with("Warning", format!("399 {agent} \"{text}\""))
    }
}

/// Refuses a method that is not carried out.
pub(super) fn check_method(method: &str) -> Result<(), Refusal> {
    if ALLOW.split(", ").any(|allowed| allowed == method) {
        Ok(())
    } else if KNOWN.contains(&method) {
        Err(Refusal::new(405).with("Allow", ALLOW))
    } else {
        Err(Refusal::new(501).with("Allow", ALLOW))
    }
}

/// A response with what every response repeats (RFC 3261, 8.2.6.2; RFC 3581, 4). The request's topmost Via has been
/// completed by [`complete_via`].
pub(super) fn response(request: &SipMessage, status: u16, local_tag: &str) -> SipMessage {
    let mut response = SipMessage::response(status, reason(status));
    for via in request.values("Via") {
        response.headers.push("Via", via);
    }
    if let Some(from) = request.header("From") {
        response.headers.push("From", from);
    }
    if let Some(to) = request.header("To") {
        let tagged = status == 100 || request.to().is_some_and(|to| to.tag().is_some());
        response.headers.push("To", if tagged { to } else { format!("{to};tag={local_tag}") });
    }
    for name in ["Call-ID", "CSeq"] {
        if let Some(value) = request.header(name) {
            response.headers.push(name, value);
        }
    }
    if status == 100
        && let Some(timestamp) = request.header("Timestamp")
    {
        response.headers.push("Timestamp", timestamp);
    }
    response
}

/// Writes into the topmost Via where the request really came from (RFC 3261, 18.2.1; RFC 3581, 4), and gives the flow
/// that responses take (18.2.2).
pub(super) fn complete_via(request: &mut SipMessage, flow: Flow, faults: FaultSet) -> Option<Flow> {
    let mut values = request.values("Via");
    let mut via = request.vias().into_iter().next()?;
    let source = flow.remote.ip().to_string();
    let wants_port = via.params.has("rport");
    let same_host = super::transport::literal_address(&via.host) == Some(flow.remote.ip());
    if (wants_port || !same_host) && !faults.has(Fault::ReceivedMissing) {
        set(&mut via.params.0, "received", source);
    }
    if wants_port {
        set(&mut via.params.0, "rport", flow.remote.port().to_string());
    }
    let mut back = flow;
    let sent_by = via.port.unwrap_or(if flow.secured { 5061 } else { 5060 });
    let fault = if wants_port { Fault::RportIgnored } else { Fault::ResponseToSource };
    let elsewhere = sent_by != flow.remote.port();
    if elsewhere && faults.has(fault) == wants_port {
        back.remote.set_port(sent_by);
    }
    *values.first_mut()? = via.to_string();
    let at = request.headers.0.iter().position(|header| header.is("Via") || header.is("v")).unwrap_or_default();
    request.headers.remove("Via");
    request.headers.remove("v");
    for (offset, value) in values.into_iter().enumerate() {
        let place = (at + offset).min(request.headers.0.len());
        request.headers.0.insert(place, crate::wire::header::Header::new("Via", value));
    }
    Some(back)
}

fn set(params: &mut Vec<(String, Option<String>)>, name: &str, value: String) {
    match params.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some((_, slot)) => *slot = Some(value),
        None => params.push((name.to_owned(), Some(value))),
    }
}

/// The usual reason phrase.
pub(super) fn reason(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        420 => "Bad Extension",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        489 => "Bad Event",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "Version Not Supported",
        513 => "Message Too Large",
        _ => "Refused",
    }
}
