//! What a participant answers to SIP requests of the focus (RFC 3261, 8.2 and 17.2).

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

use super::call::ALLOW;
use super::log::SeenKind;
use super::options::Transport;
use super::participant::{CallId, CallState, Participant};
use crate::port::{Connection, Moment, Output};
use crate::wire::sip::{SipMessage, Via};

/// Answers kept for retransmitted requests.
const REMEMBERED: usize = 256;

/// Where a request came from, and so where its response goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    Datagram(SocketAddr),
    Stream(Connection),
}

/// A request that was answered (or deliberately not).
#[derive(Clone, Debug)]
pub(super) struct Answered {
    branch: String,
    method: String,
    response: Option<Bytes>,
}

/// A 2xx to a re-INVITE, sent again until the ACK comes (RFC 3261, 13.3.1.4).
#[derive(Clone, Debug)]
pub(super) struct Unacknowledged {
    call: CallId,
    number: u32,
    response: Bytes,
    origin: (Origin, SocketAddr),
    resend: (Moment, Duration),
    give_up: Moment,
}

impl Participant {
    pub(super) fn take_request(&mut self, now: Moment, message: SipMessage, octets: Bytes, origin: Origin) {
        let method = message.method().unwrap_or_default().to_owned();
        let branch = message.vias().first().and_then(Via::branch).unwrap_or_default().to_owned();
        let call = self.calls.iter().position(|call| call.dialog.owns(&message)).map(CallId);
        let earlier = self
            .answered
            .iter()
            .find(|answered| !branch.is_empty() && answered.branch == branch && answered.method == method)
            .cloned();
        let again = earlier.is_some();
        self.see(now, SeenKind::SipRequest { call, again, message: message.clone(), octets });
        if let Some(earlier) = earlier {
            if let Some(response) = earlier.response {
                self.reply(&message, origin, response);
            }
            return;
        }
        if self.is_reflected(&branch) {
            return;
        }
        if method == "ACK" {
            let number = message.cseq().map(|cseq| cseq.number);
            self.unacknowledged.retain(|sent| Some(sent.call) != call || Some(sent.number) != number);
            return;
        }
        let response = self.answer(now, call, &method, &message, origin);
        if self.answered.len() >= REMEMBERED {
            self.answered.pop_front();
        }
        self.answered.push_back(Answered { branch, method, response: response.clone() });
        if let Some(response) = response {
            self.reply(&message, origin, response);
        }
    }

    fn answer(
        &mut self,
        now: Moment,
        call: Option<CallId>,
        method: &str,
        request: &SipMessage,
        origin: Origin,
    ) -> Option<Bytes> {
        let subscription = if method == "NOTIFY" { self.subscription_of(request) } else { None };
        let (status, reason) = match (method, call) {
            ("NOTIFY", _) => match subscription {
                Some(_) => (self.conduct.notify_status, "OK"),
                None => (481, "Subscription Does Not Exist"),
            },
            ("OPTIONS", _) | ("BYE" | "INFO" | "MESSAGE" | "INVITE", Some(_)) => (200, "OK"),
            ("BYE" | "INFO", None) => (481, "Call/Transaction Does Not Exist"),
            ("CANCEL", _) => (481, "Call/Transaction Does Not Exist"),
            ("INVITE", None) => (480, "Temporarily Unavailable"),
            _ => (405, "Method Not Allowed"),
        };
        if let Some(subscription) = subscription {
            self.take_notify(now, subscription, request);
        }
        if method == "BYE"
            && let Some(call) = call
        {
            if !self.conduct.keeps_streams {
                self.finish_media(call);
            }
            if let Some(session) = self.sessions.get_mut(call.0) {
                session.bye_received = true;
                session.state = CallState::Ended;
            }
        }
        if !self.conduct.answers_sip {
            return None;
        }
        let mut response = self.response_to(request, status, reason, origin);
        if matches!(method, "OPTIONS" | "INVITE") || status == 405 {
            response = response.with("Allow", ALLOW);
        }
        if method == "INVITE"
            && status == 200
            && let Some(call) = call
        {
            return self.answer_re_invite(now, call, request, response, origin);
        }
        Some(response.without_body().octets())
    }

    /// A re-INVITE of the focus: an offer gets an answer, no offer gets ours.
    fn answer_re_invite(
        &mut self,
        now: Moment,
        call: CallId,
        request: &SipMessage,
        response: SipMessage,
        origin: Origin,
    ) -> Option<Bytes> {
        let body = if request.body.is_empty() {
            let offer = self.calls.get(call.0)?.options.answer.clone();
            self.describe(call, &offer, offer.tls, offer.setup)
        } else {
            self.learn_description(call, request.body.clone());
            self.answer_for(call)
        };
        self.calls.get_mut(call.0)?.dialog.refresh_target(request);
        let response = response.with("Contact", self.contact());
        let octets = match body {
            Some(body) => response.with_body("application/sdp", body),
            None => response.without_body(),
        }
        .octets();
        let number = request.cseq().map(|cseq| cseq.number).unwrap_or_default();
        let to = destination(request, origin);
        let resend = (now + self.timers.t1, self.timers.t1);
        let give_up = now + self.timers.t1 * 64;
        let response = octets.clone();
        self.unacknowledged.push(Unacknowledged { call, number, response, origin: (origin, to), resend, give_up });
        Some(octets)
    }

    fn response_to(&mut self, request: &SipMessage, status: u16, reason: &str, origin: Origin) -> SipMessage {
        let mut response = SipMessage::response(status, reason);
        for (index, mut via) in request.vias().into_iter().enumerate() {
            if index == 0
                && let Origin::Datagram(from) = origin
            {
                // RFC 3261, 18.2.1, and RFC 3581, 4.
                let wants_port = via.params.has("rport");
                if wants_port {
                    via.params.0.retain(|(name, _)| !name.eq_ignore_ascii_case("rport"));
                    via.params.push("rport", Some(&from.port().to_string()));
                }
                if wants_port || via.host != from.ip().to_string() {
                    via.params.0.retain(|(name, _)| !name.eq_ignore_ascii_case("received"));
                    via.params.push("received", Some(&from.ip().to_string()));
                }
            }
            response = response.with("Via", via.to_string());
        }
        for route in request.values("Record-Route") {
            response = response.with("Record-Route", route);
        }
        let mut to = request.header("To").unwrap_or_default();
        if request.to().is_none_or(|to| to.tag().is_none()) {
            to = format!("{to};tag={}", self.ids.tag());
        }
        response
            .with("From", request.header("From").unwrap_or_default())
            .with("To", to)
            .with("Call-ID", request.call_id().unwrap_or_default())
            .with("CSeq", request.header("CSeq").unwrap_or_default())
    }

    fn reply(&mut self, request: &SipMessage, origin: Origin, octets: Bytes) {
        self.reply_to(origin, destination(request, origin), octets);
    }

    fn reply_to(&mut self, origin: Origin, to: SocketAddr, octets: Bytes) {
        match origin {
            Origin::Datagram(_) => self.outputs.push_back(Output::Datagram { to, octets }),
            Origin::Stream(connection) => self.write_stream(connection, octets),
        }
    }

    pub(super) fn fire_unacknowledged(&mut self, now: Moment) {
        let t2 = self.timers.t2;
        self.unacknowledged.retain(|sent| sent.give_up > now);
        let mut due = Vec::new();
        for sent in &mut self.unacknowledged {
            if sent.resend.0 <= now {
                let next = (sent.resend.1 * 2).min(t2);
                sent.resend = (now + next, next);
                due.push((sent.origin, sent.response.clone()));
            }
        }
        for ((origin, to), response) in due {
            self.reply_to(origin, to, response);
        }
    }

    pub(super) fn next_unacknowledged(&self) -> Option<Moment> {
        self.unacknowledged.iter().map(|sent| sent.resend.0.min(sent.give_up)).min()
    }

    /// Sends a SIP request: as a datagram, or over the stream to the next hop, which is opened if need be.
    pub(super) fn transmit(&mut self, to: SocketAddr, octets: Bytes) {
        if self.route.transport == Transport::Udp {
            self.outputs.push_back(Output::Datagram { to, octets });
            return;
        }
        let connection = match self.sip_stream {
            Some(connection) => connection,
            None => self.open_sip_stream(),
        };
        self.write_stream(connection, octets);
    }
}

/// Where the response to a datagram goes (RFC 3261, 18.2.2; RFC 3581, 4).
fn destination(request: &SipMessage, origin: Origin) -> SocketAddr {
    match origin {
        Origin::Datagram(from) => match request.vias().first() {
            Some(via) if !via.params.has("rport") => SocketAddr::new(from.ip(), via.port.unwrap_or(5060)),
            _ => from,
        },
        // Not used for streams: the response goes back on the same one.
        Origin::Stream(_) => SocketAddr::from(([0, 0, 0, 0], 0)),
    }
}
