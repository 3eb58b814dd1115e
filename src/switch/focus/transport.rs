//! SIP transport (RFC 3261, 18): datagrams, streams and their framing.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytes::Bytes;

use crate::port::{Connection, Output, Protocol, Security};
use crate::switch::fault::{Fault, FaultSet};
use crate::switch::slips;
use crate::wire::sip::{Framed, Framer, FramingError};

/// Connections that the focus opens are counted from here, far away from those of the MSRP side.
const FIRST_CONNECTION: u64 = 1 << 40;

/// Octets that wait for a stream to come up; more are dropped, the transaction runs into its timer.
const MOST_WAITING: usize = 1024 * 1024;

/// The way a message came, and the way its answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Flow {
    /// The peer's address.
    pub remote: SocketAddr,
    /// The stream, unless it is a datagram.
    pub stream: Option<Connection>,
    /// Whether TLS protects the stream.
    pub secured: bool,
}

impl Flow {
    /// A datagram's way.
    pub fn datagram(remote: SocketAddr) -> Self {
        Self { remote, stream: None, secured: false }
    }

    /// Whether nothing has to be retransmitted on it.
    pub fn reliable(&self) -> bool {
        self.stream.is_some()
    }

    /// The token of Via.
    pub fn transport(&self) -> &'static str {
        match (self.stream, self.secured) {
            (None, _) => "UDP",
            (Some(_), false) => "TCP",
            (Some(_), true) => "TLS",
        }
    }
}

#[derive(Debug)]
struct Stream {
    flow: Flow,
    ready: bool,
    framer: Framer,
    waiting: Vec<Bytes>,
    waiting_octets: usize,
}

/// Streams by name, and what shall go out.
#[derive(Debug)]
pub(super) struct Transport {
    streams: BTreeMap<Connection, Stream>,
    outputs: VecDeque<Output>,
    opened: u64,
    most_streams: usize,
    longest_message: usize,
    faults: FaultSet,
}

impl Transport {
    pub fn new(most_streams: usize, longest_message: usize, faults: FaultSet) -> Self {
        Self { streams: BTreeMap::new(), outputs: VecDeque::new(), opened: 0, most_streams, longest_message, faults }
    }

    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// A stream is ready: accepted, or opened by [`Transport::open`].
    pub fn connected(&mut self, connection: Connection, remote: SocketAddr, secured: bool) {
        if let Some(stream) = self.streams.get_mut(&connection) {
            stream.ready = true;
            for octets in stream.waiting.drain(..) {
                self.outputs.push_back(Output::Write { connection, octets });
            }
            stream.waiting_octets = 0;
        } else if self.streams.len() >= self.most_streams || (!secured && self.faults.has(Fault::TcpDeaf)) {
            self.outputs.push_back(Output::Close { connection });
        } else {
            let flow = Flow { remote, stream: Some(connection), secured };
            self.insert(connection, flow, true);
        }
    }

    /// Whether a message has come in part.
    pub fn is_in_a_message(&self, connection: Connection) -> bool {
        self.streams.get(&connection).is_some_and(|stream| !stream.framer.pending().is_empty())
    }

    /// A stream is gone.
    pub fn closed(&mut self, connection: Connection) {
        self.streams.remove(&connection);
    }

    /// Takes octets of a stream; [`Transport::next_message`] gives the messages.
    pub fn received(&mut self, connection: Connection, octets: &[u8]) {
        if let Some(stream) = self.streams.get_mut(&connection) {
            stream.framer.push(octets);
        }
    }

    /// Closes a stream.
    pub fn close(&mut self, connection: Connection) {
        self.streams.remove(&connection);
        self.outputs.push_back(Output::Close { connection });
    }

    /// The next complete message of a stream. A stream that cannot be framed is closed.
    pub fn next_message(&mut self, connection: Connection) -> Option<Result<(Flow, Framed), FramingError>> {
        let stream = self.streams.get_mut(&connection)?;
        match stream.framer.next_message()? {
            Ok(framed) => Some(Ok((stream.flow, framed))),
            Err(error) => {
                self.close(connection);
                Some(Err(error))
            }
        }
    }

    /// Whether the flow can still carry octets.
    pub fn is_open(&self, flow: &Flow) -> bool {
        flow.stream.is_none_or(|connection| self.streams.contains_key(&connection))
    }

    /// A stream to an address: one that is there, or a new one.
    pub fn open(&mut self, remote: SocketAddr) -> Flow {
        if let Some(stream) = self.streams.values().find(|stream| stream.flow.remote == remote && !stream.flow.secured)
        {
            return stream.flow;
        }
        let connection = Connection::opened(FIRST_CONNECTION + self.opened);
        self.opened += 1;
        let flow = Flow { remote, stream: Some(connection), secured: false };
        self.insert(connection, flow, false);
        self.outputs.push_back(Output::Connect {
            connection,
            protocol: Protocol::Sip,
            to: remote,
            security: Security::Plain,
        });
        flow
    }

    /// Sends a message; over a stream that is gone nothing happens.
    pub fn send(&mut self, flow: &Flow, octets: Bytes) {
        for octets in slips::sip(self.faults, octets) {
            self.send_as_is(flow, octets);
        }
    }

    fn send_as_is(&mut self, flow: &Flow, octets: Bytes) {
        let Some(connection) = flow.stream else {
            self.outputs.push_back(Output::Datagram { to: flow.remote, octets });
            return;
        };
        let Some(stream) = self.streams.get_mut(&connection) else { return };
        if stream.ready {
            self.outputs.push_back(Output::Write { connection, octets });
        } else if stream.waiting_octets + octets.len() <= MOST_WAITING {
            stream.waiting_octets += octets.len();
            stream.waiting.push(octets);
        }
    }

    fn insert(&mut self, connection: Connection, flow: Flow, ready: bool) {
        let framer = Framer::new(self.longest_message);
        let stream = Stream { flow, ready, framer, waiting: Vec::new(), waiting_octets: 0 };
        self.streams.insert(connection, stream);
    }
}

/// The address that a host part stands for. Names are not resolved: `None` for all but `localhost`.
pub(super) fn literal_address(host: &str) -> Option<IpAddr> {
    if host.eq_ignore_ascii_case("localhost") {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}
