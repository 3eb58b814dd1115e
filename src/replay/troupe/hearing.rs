//! What the switch says to the participants of a script.

use std::net::SocketAddr;

use bytes::Bytes;

use super::{Surplus, Troupe};
use crate::port::{Connection, Output, Protocol, Security};
use crate::replay::live;
use crate::replay::meaning::{Names, Roster};
use crate::replay::script::Meaning;
use crate::wire::msrp::{FailureReport, Framer, FramerLimits, MsrpMessage};
use crate::wire::sdp::{SessionDescription, Setup};
use crate::wire::sip::SipMessage;

impl Troupe {
    pub(super) fn sip(&mut self, message: &SipMessage) {
        let call = message.call_id().and_then(|id| self.calls.iter().position(|call| call.call_id == id));
        match message.status() {
            Some(status) => {
                if let Some(call) = call {
                    self.sip_answer(call, status, message);
                }
            }
            None => self.sip_asked(call, message),
        }
    }

    fn sip_answer(&mut self, call: usize, status: u16, message: &SipMessage) {
        let branch = message.vias().first().and_then(|via| via.branch()).unwrap_or_default().to_owned();
        let Some(pending) = self.pending.get_mut(&branch) else { return };
        pending.done = true;
        let (step, request) = (pending.step, pending.message.clone());
        if status < 200 {
            return;
        }
        let invite = request.method() == Some("INVITE");
        if matches!(status, 401 | 407) {
            self.challenges.insert(call, (message.clone(), 0));
        }
        if let Some(live) = self.calls.get_mut(call).filter(|_| status < 300)
            && matches!(request.method(), Some("INVITE" | "SUBSCRIBE"))
        {
            if live.other_tag.is_none() {
                live.route = message.values("Record-Route").into_iter().rev().collect();
            }
            live.other_tag = message.to().and_then(|to| to.tag().map(str::to_owned));
            live.target = message.contacts().first().map(|contact| contact.uri.clone()).or(live.target.take());
        }
        if invite {
            let fresh = self.word("z9hG4bK");
            if let Some(live) = self.calls.get(call) {
                let octets = live::ack(&request, message, live, &fresh).octets();
                self.outputs.push_back(Output::Datagram { to: self.direction.hop, octets });
            }
        }
        if !self.answers.contains_key(&step) && invite {
            match status {
                200..300 => self.described(call, &message.body),
                401 | 407 => {}
                _ if self.calls.get(call).is_some_and(|live| live.other_tag.is_none()) => {
                    self.dead.insert(call);
                }
                _ => {}
            }
        }
        self.answered(step, call, status);
    }

    /// Takes the description of the switch's end, and connects where that is our part (RFC 4975, 5.4; RFC 6135).
    fn described(&mut self, call: usize, body: &Bytes) {
        let media = SessionDescription::parse(body.clone()).tree.media();
        let Some(media) = media.into_iter().find(|media| !media.path.is_empty() && media.port != 0) else { return };
        let Some(live) = self.calls.get_mut(call) else { return };
        live.other_path = media.path.clone();
        let Some(line) = self.lines.get_mut(call).filter(|line| line.connection.is_none()) else { return };
        if media.setup == Some(Setup::Active) {
            return;
        }
        let Some(first) = media.path.first() else { return };
        let ip = first.host.trim_start_matches('[').trim_end_matches(']').parse();
        let Ok(ip) = ip else {
            self.dead.insert(call);
            return;
        };
        self.opened += 1;
        let connection = Connection::opened(self.opened);
        line.connection = Some(connection);
        self.connections.insert(connection, call);
        let to = SocketAddr::new(ip, first.port.unwrap_or(2855));
        self.outputs.push_back(Output::Connect { connection, protocol: Protocol::Msrp, to, security: Security::Plain });
    }

    fn sip_asked(&mut self, call: Option<usize>, message: &SipMessage) {
        let Some(method) = message.method().filter(|method| *method != "ACK") else { return };
        let branch = message.vias().first().and_then(|via| via.branch()).unwrap_or_default().to_owned();
        let first = self.heard_asks.insert((branch, method.to_owned()));
        let status = if call.is_some() { 200 } else { 481 };
        let live = call.and_then(|call| self.calls.get(call));
        let response = live::sip_response(message, status, live, self.direction.place);
        self.outputs.push_back(Output::Datagram { to: self.direction.hop, octets: response.octets() });
        let Some(call) = call.filter(|_| first) else { return };
        match method {
            "NOTIFY" => {
                if self.noted.insert(call) {
                    self.meet(call, |meaning| matches!(meaning, Meaning::Request { method } if method == "NOTIFY"));
                }
                let room = self.calls.get(call).and_then(|call| call.room.user.clone());
                let state = self.states.entry(call).or_default();
                if let Some(roster) = Roster::after(state, &message.body, &Names { room: room.as_deref() }) {
                    self.rosters.insert(call, roster);
                }
            }
            "OPTIONS" | "CANCEL" => {}
            method => {
                if method == "BYE" {
                    self.ended.insert(call);
                }
                let is = |meaning: &Meaning| matches!(meaning, Meaning::Request { method: of } if of == method);
                if self.meet(call, is).is_none() {
                    self.too_much(Surplus::Request { call, method: method.to_owned() });
                }
            }
        }
    }

    fn msrp(&mut self, connection: Connection, message: &MsrpMessage) {
        let session = message.to_path().last().and_then(|uri| uri.session_id.clone());
        let call = self.calls.iter().position(|call| call.own_path.session_id == session);
        let Some(call) = call.or_else(|| self.connections.get(&connection).copied()) else { return };
        if let Some(line) = self.lines.get_mut(call).filter(|line| line.connection.is_none()) {
            line.connection = Some(connection);
            self.connections.insert(connection, call);
            self.flush(call);
        }
        if let Some(status) = message.status() {
            if let Some(step) = self.msrp_steps.get(&message.transaction).copied() {
                self.answered(step, call, status);
            }
            return;
        }
        let id = message.message_id().unwrap_or_default();
        if let Some(status) = message.report_status().filter(|_| message.method() == Some("REPORT")) {
            let about = self.recorded_ids.get(&id).cloned().unwrap_or(id);
            let is = |meaning: &Meaning| *meaning == Meaning::Report { about: about.clone(), status };
            let again = self.script.expected.iter().any(|known| known.call == call && is(&known.meaning));
            if self.meet(call, is).is_none() && !again {
                self.too_much(Surplus::Report { call, about, status });
            }
            return;
        }
        let status = if message.method() == Some("SEND") { 200 } else { 501 };
        if status != 200 || message.failure_report() == FailureReport::Yes {
            let octets = live::msrp_response(message, status).octets();
            self.outputs.push_back(Output::Write { connection, octets });
        }
        let room = self.calls.get(call).and_then(|call| call.room.user.clone());
        let Some(content) = self.deliveries.take(call, message, &Names { room: room.as_deref() }) else { return };
        let found =
            self.meet(call, |meaning| matches!(meaning, Meaning::Delivery { content: of, .. } if *of == content));
        match found.and_then(|index| self.script.expected.get(index)).map(|expected| &expected.meaning) {
            Some(Meaning::Delivery { message: recorded, .. }) => {
                self.other_ids.insert((call, recorded.clone()), id);
            }
            _ if self.script.said.values().any(|said| said.same_words(&content)) => {
                self.too_much(Surplus::Delivery { call, content });
            }
            // Words of the switch's own are its own business.
            _ => {}
        }
    }

    pub(super) fn flush(&mut self, call: usize) {
        let Some(line) = self.lines.get_mut(call) else { return };
        line.up = true;
        for octets in std::mem::take(&mut line.waiting) {
            self.write(call, octets);
        }
    }

    pub(super) fn read(&mut self, connection: Connection, octets: &[u8]) {
        let framer = self.accepted.entry(connection).or_insert_with(|| Framer::new(FramerLimits::default()));
        framer.push(octets);
        let mut messages = Vec::new();
        while let Some(Ok(framed)) = framer.next_message() {
            messages.push(framed.message);
        }
        for message in messages {
            self.msrp(connection, &message);
        }
    }

    pub(super) fn closed(&mut self, connection: Connection) {
        self.accepted.remove(&connection);
        let Some(call) = self.connections.remove(&connection) else { return };
        let gone = self.lines.get_mut(call).is_some_and(|line| !std::mem::replace(&mut line.gone, true));
        if gone && !self.ended.contains(&call) {
            self.dead.insert(call);
            self.too_much(Surplus::Closed { call });
        }
    }
}
