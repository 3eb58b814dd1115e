//! Writes down what crosses the points of control and observation.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::port::{Connection, Moment, Protocol};
use crate::transcript::{Crossing, Pco, PcoId, Transcript, Transport};

/// How many octets one participant's recorder keeps; what comes later is only counted.
const BOUND: usize = 64 * 1024 * 1024;

/// Writes down what crosses the points of control and observation of one participant.
#[derive(Clone, Debug)]
pub struct Recorder {
    participant: String,
    transcript: Arc<Mutex<Transcript>>,
    left: usize,
    datagrams: Option<PcoId>,
    streams: BTreeMap<Connection, PcoId>,
}

impl Recorder {
    /// Records for `participant` into a transcript that others may share.
    pub fn new(participant: &str, transcript: Arc<Mutex<Transcript>>) -> Self {
        Self { participant: participant.to_owned(), transcript, left: BOUND, datagrams: None, streams: BTreeMap::new() }
    }

    /// Keeps at most so many octets.
    #[must_use]
    pub fn bounded(mut self, octets: usize) -> Self {
        self.left = octets;
        self
    }

    pub(super) fn datagrams_bound(&mut self, local: SocketAddr) {
        let pco = self.pco(Protocol::Sip, Transport::Udp, local, None);
        self.datagrams = Some(self.with(|transcript| transcript.open(pco)));
    }

    pub(super) fn datagram(&mut self, at: Moment, sent: bool, remote: SocketAddr, octets: &Bytes) {
        let Some(id) = self.datagrams else { return };
        self.with(|transcript| {
            if let Some(pco) = transcript.pcos.get_mut(id.0) {
                pco.remote.get_or_insert(remote);
            }
        });
        self.octets(at, id, sent, octets);
    }

    pub(super) fn opened(
        &mut self,
        at: Moment,
        connection: Connection,
        protocol: Protocol,
        ends: (SocketAddr, SocketAddr),
        secured: bool,
    ) {
        let transport = if secured { Transport::Tls } else { Transport::Tcp };
        let pco = self.pco(protocol, transport, ends.0, Some(ends.1));
        let id = self.with(|transcript| {
            let id = transcript.open(pco);
            transcript.note(at, id, Crossing::Opened);
            id
        });
        self.streams.insert(connection, id);
    }

    pub(super) fn stream(&mut self, at: Moment, connection: Connection, sent: bool, octets: &Bytes) {
        if let Some(id) = self.streams.get(&connection).copied() {
            self.octets(at, id, sent, octets);
        }
    }

    pub(super) fn closed(&mut self, at: Moment, connection: Connection, by_tester: bool) {
        if let Some(id) = self.streams.remove(&connection) {
            let crossing = if by_tester { Crossing::ClosedByTester } else { Crossing::ClosedByIut };
            self.with(|transcript| transcript.note(at, id, crossing));
        }
    }

    fn octets(&mut self, at: Moment, id: PcoId, sent: bool, octets: &Bytes) {
        let crossing = match self.left.checked_sub(octets.len()) {
            Some(left) => {
                self.left = left;
                if sent { Crossing::Sent(octets.clone()) } else { Crossing::Received(octets.clone()) }
            }
            None => {
                // Once something was left out, nothing later is kept: a record with holes in it would mislead.
                self.left = 0;
                Crossing::Omitted { sent, octets: octets.len() }
            }
        };
        self.with(|transcript| transcript.note(at, id, crossing));
    }

    fn pco(&self, protocol: Protocol, transport: Transport, local: SocketAddr, remote: Option<SocketAddr>) -> Pco {
        Pco { participant: self.participant.clone(), protocol, transport, local, remote }
    }

    fn with<R>(&self, write: impl FnOnce(&mut Transcript) -> R) -> R {
        write(&mut self.transcript.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
