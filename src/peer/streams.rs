//! The streams of a participant: opening, cutting into messages, closing.

use std::net::SocketAddr;

use bytes::Bytes;

use super::answers::Origin;
use super::log::SeenKind;
use super::options::Transport;
use super::participant::{CallId, Participant, RequestKey};
use crate::port::{Connection, Moment, Output, Protocol, Security};
use crate::wire::{msrp, sip};

/// The longest SIP message that is taken from a stream.
const SIP_MESSAGE: usize = 1024 * 1024;
/// Octets that may wait for the network before nothing more is read that could ask for an answer.
const UNSENT: usize = 16 * 1024 * 1024;
/// Octets of what cannot be read that are kept for the log.
const EXCERPT: usize = 2048;

/// A stream that is open or being opened.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    protocol: Protocol,
    open: bool,
    framing: Framing,
    /// Written before it was open.
    waiting: Vec<Bytes>,
    /// Octets written that the network has not taken.
    unsent: usize,
    /// Nothing is read for now, because the scenario wants it so.
    stopped: bool,
}

#[derive(Clone, Debug)]
enum Framing {
    Sip(sip::Framer),
    Msrp(msrp::Framer),
    /// What comes makes no sense; nothing more is read from it.
    Lost,
}

impl Stream {
    fn new(protocol: Protocol, open: bool) -> Self {
        let framing = match protocol {
            Protocol::Sip => Framing::Sip(sip::Framer::new(SIP_MESSAGE)),
            Protocol::Msrp => Framing::Msrp(msrp::Framer::new(msrp::FramerLimits::default())),
        };
        Self { protocol, open, framing, waiting: Vec::new(), unsent: 0, stopped: false }
    }
}

impl Participant {
    /// Octets as they are on any stream.
    pub fn raw_on(&mut self, now: Moment, connection: Connection, octets: Bytes) {
        let _ = now;
        self.write_stream(connection, octets);
    }

    /// Closes a stream without a word.
    pub fn close(&mut self, now: Moment, connection: Connection) {
        let _ = now;
        self.close_stream(connection);
        for session in self.sessions.iter_mut().filter(|session| session.connection == Some(connection)) {
            session.connection = None;
        }
    }

    /// Stops taking octets from the stream of the call (the network's buffers fill up), or takes them again.
    pub fn stop_reading(&mut self, call: CallId, stop: bool) {
        let Some(connection) = self.sessions.get(call.0).and_then(|session| session.connection) else { return };
        if let Some(stream) = self.streams.get_mut(&connection) {
            stream.stopped = stop;
        }
        self.weigh(connection);
    }

    /// Whether the stream is to be read from: not while the scenario forbids it, and not while the other side makes us
    /// answer without taking the answers.
    fn weigh(&mut self, connection: Connection) {
        let unread = self.streams.get(&connection).is_some_and(|stream| stream.stopped || stream.unsent > UNSENT);
        if unread != self.unread.contains(&connection) {
            self.unread.retain(|other| *other != connection);
            if unread {
                self.unread.push(connection);
            }
        }
    }

    pub(super) fn taken(&mut self, connection: Connection, count: usize) {
        if let Some(stream) = self.streams.get_mut(&connection) {
            stream.unsent = stream.unsent.saturating_sub(count);
            self.weigh(connection);
        }
    }

    /// Whether a stream is up.
    pub fn is_open(&self, connection: Connection) -> bool {
        self.streams.get(&connection).is_some_and(|stream| stream.open)
    }

    pub(super) fn open_stream(&mut self, protocol: Protocol, to: SocketAddr, security: Security) -> Connection {
        let connection = Connection::opened(self.opened_streams);
        self.opened_streams += 1;
        self.streams.insert(connection, Stream::new(protocol, false));
        self.outputs.push_back(Output::Connect { connection, protocol, to, security });
        connection
    }

    /// Opens another stream to the next hop, for SIP that is none; nothing is sent on it.
    pub fn open_another_sip_stream(&mut self, now: Moment) -> Connection {
        let _ = now;
        let security = self.sip_security();
        self.open_stream(Protocol::Sip, self.route.next_hop, security)
    }

    fn sip_security(&self) -> Security {
        match self.route.transport {
            Transport::Tls => Security::Tls { server_name: self.route.server_name.clone(), fingerprint: None },
            Transport::Tcp | Transport::Udp => Security::Plain,
        }
    }

    pub(super) fn open_sip_stream(&mut self) -> Connection {
        let security = self.sip_security();
        let connection = self.open_stream(Protocol::Sip, self.route.next_hop, security);
        self.sip_stream = Some(connection);
        connection
    }

    pub(super) fn write_stream(&mut self, connection: Connection, octets: Bytes) {
        match self.streams.get_mut(&connection) {
            Some(stream) if stream.open => {
                stream.unsent = stream.unsent.saturating_add(octets.len());
                self.outputs.push_back(Output::Write { connection, octets });
                self.weigh(connection);
            }
            Some(stream) => stream.waiting.push(octets),
            None => {}
        }
    }

    pub(super) fn close_stream(&mut self, connection: Connection) {
        if self.streams.remove(&connection).is_some() {
            self.unread.retain(|unread| *unread != connection);
            self.outputs.push_back(Output::Close { connection });
        }
    }

    pub(super) fn stream_connected(
        &mut self,
        now: Moment,
        connection: Connection,
        protocol: Protocol,
        remote: SocketAddr,
        secured: bool,
    ) {
        self.see(now, SeenKind::Connected { connection, protocol, remote, secured });
        let stream = self.streams.entry(connection).or_insert_with(|| Stream::new(protocol, true));
        stream.open = true;
        for octets in std::mem::take(&mut stream.waiting) {
            self.write_stream(connection, octets);
        }
        let call = self.calls.iter().position(|call| call.connecting == Some(connection));
        if let Some(call) = call {
            self.media_connected(now, CallId(call), connection);
        }
    }

    /// A stream is gone, or never came to be.
    pub(super) fn stream_lost(&mut self, now: Moment, connection: Connection, failure: Option<String>) {
        let Some(stream) = self.streams.remove(&connection) else { return };
        self.unread.retain(|unread| *unread != connection);
        let failed = failure.is_some();
        let protocol = stream.protocol;
        self.see(
            now,
            match failure {
                Some(reason) => SeenKind::ConnectFailed { connection, reason },
                None => SeenKind::Closed { connection, protocol },
            },
        );
        for call in &mut self.calls {
            if call.connecting == Some(connection) {
                call.connecting = None;
            }
        }
        for session in self.sessions.iter_mut().filter(|session| session.connection == Some(connection)) {
            session.connection = None;
        }
        if self.sip_stream == Some(connection) {
            self.sip_stream = None;
            if failed {
                for index in 0..self.requests.len() {
                    self.give_up(now, RequestKey(index));
                }
            }
        }
    }

    /// Nothing that still comes can be read as messages: it stays with whoever sends it.
    fn read_no_more(&mut self, connection: Connection) {
        if let Some(stream) = self.streams.get_mut(&connection) {
            stream.stopped = true;
        }
        self.weigh(connection);
    }

    pub(super) fn take_octets(&mut self, now: Moment, connection: Connection, octets: &[u8]) {
        let Some(stream) = self.streams.get_mut(&connection) else { return };
        match &mut stream.framing {
            Framing::Sip(framer) => framer.push(octets),
            Framing::Msrp(framer) => framer.push(octets),
            Framing::Lost => return,
        }
        // A message may close the stream that it came on.
        while let Some(stream) = self.streams.get_mut(&connection) {
            match &mut stream.framing {
                Framing::Sip(framer) => match framer.next_message() {
                    None => return,
                    Some(Ok(framed)) => {
                        self.take_sip(now, framed.message, framed.octets, Origin::Stream(connection));
                    }
                    Some(Err(error)) => {
                        let octets = excerpt(framer.pending());
                        stream.framing = Framing::Lost;
                        self.read_no_more(connection);
                        self.see(now, SeenKind::SipGarbage { reason: error.to_string(), octets });
                    }
                },
                Framing::Msrp(framer) => match framer.next_message() {
                    None => return,
                    Some(Ok(framed)) => self.take_msrp(now, connection, framed.message, framed.octets),
                    Some(Err(error)) => {
                        let octets = excerpt(framer.pending());
                        stream.framing = Framing::Lost;
                        self.read_no_more(connection);
                        self.see(now, SeenKind::MsrpGarbage { connection, reason: error.to_string(), octets });
                    }
                },
                Framing::Lost => return,
            }
        }
    }
}

pub(super) fn excerpt(octets: &[u8]) -> Bytes {
    Bytes::copy_from_slice(octets.get(..octets.len().min(EXCERPT)).unwrap_or_default())
}
