//! The focus as its peers see it: literal SIP in, octets out, the clock in the test's hand.

mod admission;
mod conduct;
mod descriptions;
mod faults;
mod hostile;
mod misreading;
mod refusals;
mod roster;
mod session;
mod setup;
mod whole;

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use crate::port::{Connection, Input, Machine, Moment, Output, Protocol};
use crate::switch::config::{RoomPolicy, SwitchConfig};
use crate::switch::fault::FaultSet;
use crate::switch::{Switch, SwitchSettings};
use crate::wire::sip::SipMessage;

pub(super) const ALICE: &str = "127.0.0.1:5070";
pub(super) const BOB: &str = "127.0.0.1:5071";

pub(super) const OFFER: &str = "v=0\no=alice 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=message 7654 TCP/MSRP *\n\
     a=accept-types:message/cpim text/plain\na=path:msrp://127.0.0.1:7654/jshA7weztas;tcp\n\
     a=chatroom:nickname private-messages\n";

/// A switch with its clock, and everything it has sent that nobody has looked at yet.
pub(super) struct Bench {
    pub switch: Switch,
    pub now: Moment,
}

/// A SIP message with the address or stream it went to.
#[derive(Debug)]
pub(super) struct Sent {
    pub to: Option<SocketAddr>,
    pub connection: Option<Connection>,
    pub message: SipMessage,
}

pub(super) fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

/// Line ends as the wire has them.
pub(super) fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// A request with the usual headers; `more` are whole lines, `body` brings its Content-Length.
pub(super) fn request(method: &str, uri: &str, who: &str, cseq: u32, more: &str, body: &str) -> String {
    let body = crlf(body);
    let port = if who == "bob" { 5071 } else { 5070 };
    let to = if more.contains("To: ") { String::new() } else { "To: <sip:room@127.0.0.1:5060>\n".to_owned() };
    let from = if more.contains("From: ") {
        String::new()
    } else {
        format!("From: \"{who} of test\" <sip:{who}@example.com>;tag=tag-{who}\n")
    };
    let contact =
        if more.contains("Contact: ") { String::new() } else { format!("Contact: <sip:{who}@127.0.0.1:{port}>\n") };
    let call = if more.contains("Call-ID: ") { String::new() } else { format!("Call-ID: call-{who}\n") };
    let other_call = more.lines().find_map(|line| line.strip_prefix("Call-ID: ")).map(|call| format!("-{call}"));
    let other_call = other_call.unwrap_or_default();
    let head = crlf(&format!(
        "{method} {uri} SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK-{who}-{cseq}-{}{other_call}\nMax-Forwards: 70\n\
         {from}{to}{call}CSeq: {cseq} {method}\n{contact}{more}Content-Length: {}\n\n",
        method.to_lowercase(),
        body.len()
    ));
    head + &body
}

/// An INVITE to a room of the default bench, with an offer.
pub(super) fn invite(room: &str, who: &str, cseq: u32, more: &str) -> String {
    let uri = format!("sip:{room}@127.0.0.1:5060");
    request("INVITE", &uri, who, cseq, &format!("Content-Type: application/sdp\n{more}"), OFFER)
}

impl Bench {
    pub fn new() -> Self {
        Self::with(SwitchConfig::bundled(), FaultSet::none(), |_| {})
    }

    pub fn with(config: SwitchConfig, faults: FaultSet, change: impl FnOnce(&mut SwitchSettings)) -> Self {
        let at = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let mut settings = SwitchSettings::new(at(5060), at(5060), at(2855));
        change(&mut settings);
        let rng = ChaCha12Rng::seed_from_u64(7);
        Self { switch: Switch::new(config, settings, faults, rng), now: Duration::from_secs(1) }
    }

    pub fn room(policy: RoomPolicy) -> Self {
        let config = SwitchConfig { rooms: vec![policy], ..SwitchConfig::bundled() };
        Self::with(config, FaultSet::none(), |_| {})
    }

    /// Sends a datagram and gives what comes back at once.
    pub fn send(&mut self, from: &str, text: &str) -> Vec<Sent> {
        let octets = Bytes::from(text.to_owned());
        self.switch.handle_input(self.now, Input::Datagram { from: address(from), octets });
        self.sent()
    }

    /// Sends a datagram that has exactly one answer.
    pub fn ask(&mut self, from: &str, text: &str) -> SipMessage {
        let mut sent = self.send(from, text);
        assert_eq!(sent.len(), 1, "one answer to {text}: {sent:#?}");
        sent.remove(0).message
    }

    pub fn status(&mut self, from: &str, text: &str) -> u16 {
        self.ask(from, text).status().unwrap()
    }

    pub fn sent(&mut self) -> Vec<Sent> {
        let mut sent = Vec::new();
        while let Some(output) = self.switch.poll_output() {
            let (to, connection, octets) = match output {
                Output::Datagram { to, octets } => (Some(to), None, octets),
                Output::Write { connection, octets } => (None, Some(connection), octets),
                Output::Connect { .. } | Output::Close { .. } => continue,
            };
            if let Some(parsed) = SipMessage::parse_datagram(octets) {
                // A 400 can only repeat the headers that its request had, as they were.
                let excused = parsed.tree.status() == Some(400);
                assert!(excused || parsed.defects.is_empty(), "{:?} in {:?}", parsed.defects, parsed.tree);
                sent.push(Sent { to, connection, message: parsed.tree });
            }
        }
        sent
    }

    /// Moves the clock, stopping at every timer on the way.
    pub fn pass(&mut self, span: Duration) -> Vec<Sent> {
        let end = self.now + span;
        let mut sent = Vec::new();
        while let Some(next) = self.switch.poll_timeout().filter(|next| *next <= end) {
            self.now = self.now.max(next);
            self.switch.handle_timeout(self.now);
            sent.extend(self.sent());
        }
        self.now = end;
        sent
    }

    /// Joins, acknowledges and gives the 200.
    pub fn join(&mut self, room: &str, who: &str, from: &str, more: &str) -> SipMessage {
        let ok = self.ask(from, &invite(room, who, 1, more));
        assert_eq!(ok.status(), Some(200), "{ok:?}");
        let acknowledgement = within(&ok, "ACK", who, 1, "", "");
        assert!(self.send(from, &acknowledgement).is_empty());
        ok
    }

    pub fn connect(&mut self, n: u64, remote: &str) -> Connection {
        let connection = Connection::accepted(n);
        let local = address("127.0.0.1:5060");
        let input =
            Input::Connected { connection, protocol: Protocol::Sip, local, remote: address(remote), secured: false };
        self.switch.handle_input(self.now, input);
        connection
    }

    pub fn write(&mut self, connection: Connection, octets: &str) -> Vec<Sent> {
        let octets = Bytes::from(octets.to_owned());
        self.switch.handle_input(self.now, Input::Octets { connection, octets });
        self.sent()
    }

    /// The response to a request of the switch.
    pub fn answer(&mut self, from: &str, request: &SipMessage, status: u16) -> Vec<Sent> {
        let mut text = format!("SIP/2.0 {status} Whatever\r\n");
        for name in ["Via", "From", "To", "Call-ID", "CSeq"] {
            text += &format!("{name}: {}\r\n", request.header(name).unwrap());
        }
        text += "Content-Length: 0\r\n\r\n";
        self.send(from, &text)
    }
}

/// A request within the dialog that a 2xx made.
pub(super) fn within(ok: &SipMessage, method: &str, who: &str, cseq: u32, more: &str, body: &str) -> String {
    let contact = ok.contacts()[0].uri.clone();
    let dialog = format!(
        "From: {}\nTo: {}\nCall-ID: {}\n{more}",
        ok.header("From").unwrap(),
        ok.header("To").unwrap(),
        ok.call_id().unwrap()
    );
    request(method, &contact, who, cseq, &dialog, body)
}

pub(super) fn body(message: &SipMessage) -> String {
    String::from_utf8(message.body.to_vec()).unwrap()
}
