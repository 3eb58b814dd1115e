//! A network in memory: datagrams and streams between the machines of one process, on virtual time.
//!
//! Everything that a real network leaves open is drawn from the seed: latency, where a stream is cut into segments, how
//! segments of different connections interleave. Within one stream, and from one datagram socket to another, nothing
//! overtakes and nothing is lost. A network belongs to one runtime of the current-thread flavour whose clock is paused:
//! time then advances when everybody waits.

mod carriers;
mod pipe;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use sha2::{Digest, Sha256};
use tokio::sync::{Notify, oneshot};

use self::carriers::Queue;
pub(super) use self::carriers::{MemoryDatagrams, MemoryListener};
use self::pipe::{MemoryStream, Pipe};
use super::clock::Clock;
use super::link::Stream;
use super::seed::rng_for;
use super::tls::{ClientTls, ServerTls};
use crate::port::{Moment, Security};

/// Ports are handed out in order from here to the last one, then from here again.
const FIRST_PORT: u16 = 10_000;
/// How long something is on its way, in microseconds.
const LATENCY: std::ops::RangeInclusive<u64> = 100..=3000;

/// The network. It is gone, with all that is still on its way, when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Memory(Arc<Postman>);

/// Ends the delivery with the network.
#[derive(Debug)]
struct Postman {
    net: Arc<Net>,
    round: tokio::task::AbortHandle,
}

impl Drop for Postman {
    fn drop(&mut self) {
        self.round.abort();
        // What is on its way may hold the network.
        let left = std::mem::take(&mut self.net.lock().due);
        drop(left);
    }
}

/// What streams and sockets share.
#[derive(Debug)]
struct Net {
    seed: u64,
    clock: Clock,
    state: Mutex<State>,
    /// Something is due earlier than all that was known.
    hurry: Notify,
}

#[derive(Debug)]
struct State {
    rng: ChaCha12Rng,
    next_port: u16,
    /// What is on its way, by the moment of its arrival, then in the order in which it was sent.
    due: BTreeMap<(Moment, u64), Cargo>,
    sent: u64,
    pipes: u64,
    mailboxes: BTreeMap<SocketAddr, Arc<Queue<(Bytes, SocketAddr)>>>,
    listeners: BTreeMap<SocketAddr, Ear>,
    /// When the last datagram from one socket to another arrives.
    last_datagram: BTreeMap<(SocketAddr, SocketAddr), Moment>,
}

/// A listening socket, as the network sees it.
#[derive(Debug)]
struct Ear {
    queue: Arc<Queue<Stream>>,
    tls: Option<ServerTls>,
}

/// What is on its way.
enum Cargo {
    Datagram { to: SocketAddr, from: SocketAddr, octets: Bytes },
    Segment { pipe: Arc<Pipe>, octets: Bytes },
    End { pipe: Arc<Pipe> },
    Call { to: SocketAddr, stream: Stream },
    Answer(oneshot::Sender<()>),
}

impl std::fmt::Debug for Cargo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Datagram { .. } => "Datagram",
            Self::Segment { .. } => "Segment",
            Self::End { .. } => "End",
            Self::Call { .. } => "Call",
            Self::Answer(_) => "Answer",
        })
    }
}

impl Memory {
    /// A network of its own, empty, whose conduct is a function of the seed. Must be called within a runtime.
    pub fn new(seed: u64) -> Self {
        let net = Arc::new(Net {
            seed,
            clock: Clock::start(),
            state: Mutex::new(State {
                rng: rng_for(seed, "network"),
                next_port: FIRST_PORT,
                due: BTreeMap::new(),
                sent: 0,
                pipes: 0,
                mailboxes: BTreeMap::new(),
                listeners: BTreeMap::new(),
                last_datagram: BTreeMap::new(),
            }),
            hurry: Notify::new(),
        });
        let round = tokio::spawn(deliver(net.clone())).abort_handle();
        Self(Arc::new(Postman { net, round }))
    }

    /// The one address there is.
    pub(super) const fn address() -> IpAddr {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    }

    /// A fingerprint for an identity that is only declared: a function of the seed and of what it is for.
    pub(super) fn fingerprint(&self, names: &[String]) -> String {
        let mut hash = Sha256::new();
        hash.update(self.0.net.seed.to_be_bytes());
        for name in names {
            hash.update(name.as_bytes());
        }
        let pairs: Vec<String> = hash.finalize().iter().map(|octet| format!("{octet:02X}")).collect();
        format!("SHA-256 {}", pairs.join(":"))
    }

    pub(super) fn bind_datagrams(&self, wanted: SocketAddr) -> io::Result<(SocketAddr, MemoryDatagrams)> {
        let net = &self.0.net;
        let mut state = net.lock();
        let local = state.address(wanted, |state, address| state.mailboxes.contains_key(address))?;
        let mailbox = Arc::new(Queue::default());
        state.mailboxes.insert(local, mailbox.clone());
        Ok((local, MemoryDatagrams { net: net.clone(), local, mailbox }))
    }

    pub(super) fn listen(
        &self,
        wanted: SocketAddr,
        tls: Option<ServerTls>,
    ) -> io::Result<(SocketAddr, MemoryListener)> {
        let net = &self.0.net;
        let mut state = net.lock();
        let local = state.address(wanted, |state, address| state.listeners.contains_key(address))?;
        let queue = Arc::new(Queue::default());
        state.listeners.insert(local, Ear { queue: queue.clone(), tls });
        Ok((local, MemoryListener { net: net.clone(), local, queue }))
    }

    /// Opens a stream. TLS is not spoken, only believed in: where a handshake would fail, this does.
    pub(super) async fn connect(
        &self,
        to: SocketAddr,
        security: &Security,
        tls: Option<&ClientTls>,
    ) -> Result<Stream, String> {
        let (answered, outcome) = self.0.net.call(to, security, tls);
        let _ = answered.await;
        outcome
    }
}

impl Net {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something on its way, to arrive no earlier than `after`; gives the moment of its arrival.
    fn send(&self, cargo: Cargo, latency: Duration, after: Moment) -> Moment {
        let mut state = self.lock();
        self.post(&mut state, cargo, latency, after)
    }

    fn post(&self, state: &mut State, cargo: Cargo, latency: Duration, after: Moment) -> Moment {
        let at = (self.clock.now() + latency).max(after);
        let is_first = state.due.first_key_value().is_none_or(|((first, _), _)| at < *first);
        state.sent += 1;
        state.due.insert((at, state.sent), cargo);
        if is_first {
            self.hurry.notify_one();
        }
        at
    }

    /// The beginning of a stream: what says that the answer is here, and the answer.
    fn call(
        self: &Arc<Self>,
        to: SocketAddr,
        security: &Security,
        tls: Option<&ClientTls>,
    ) -> (oneshot::Receiver<()>, Result<Stream, String>) {
        let (answer, answered) = oneshot::channel();
        let mut state = self.lock();
        let latency = latency(&mut state.rng);
        let outcome = state.agree(to, security, tls).map(|serves_tls| {
            let local = SocketAddr::new(Memory::address(), state.port());
            let (ours, theirs) = self.streams(&mut state);
            let ours = Stream { octets: Box::new(ours), local, remote: to };
            let theirs = Stream { octets: Box::new(theirs), local: to, remote: local };
            // In clear text to a listener that wants TLS: its handshake fails, and nobody there hears of it.
            if serves_tls != security.is_tls() {
                return (ours, Some(theirs));
            }
            self.post(&mut state, Cargo::Call { to, stream: theirs }, latency, Moment::ZERO);
            (ours, None)
        });
        self.post(&mut state, Cargo::Answer(answer), latency, Moment::ZERO);
        // To drop a stream takes the lock.
        drop(state);
        (answered, outcome.map(|(ours, _)| ours))
    }

    fn streams(self: &Arc<Self>, state: &mut State) -> (MemoryStream, MemoryStream) {
        let mut pipe = || {
            state.pipes += 1;
            Arc::new(Pipe::new(rng_for(self.seed, &format!("pipe {}", state.pipes))))
        };
        let (one, other) = (pipe(), pipe());
        (MemoryStream::new(self.clone(), one.clone(), other.clone()), MemoryStream::new(self.clone(), other, one))
    }
}

impl State {
    fn port(&mut self) -> u16 {
        let port = self.next_port;
        self.next_port = port.checked_add(1).unwrap_or(FIRST_PORT);
        port
    }

    /// The address to bind to: the wanted one, or one with the next free port.
    fn address(&mut self, wanted: SocketAddr, is_taken: impl Fn(&Self, &SocketAddr) -> bool) -> io::Result<SocketAddr> {
        if wanted.ip() != Memory::address() {
            return Err(ErrorKind::AddrNotAvailable.into());
        }
        if wanted.port() != 0 {
            return if is_taken(self, &wanted) { Err(ErrorKind::AddrInUse.into()) } else { Ok(wanted) };
        }
        for _ in FIRST_PORT..=u16::MAX {
            let address = SocketAddr::new(wanted.ip(), self.port());
            // A port is one port, whatever the protocol: transcripts are easier to read.
            if !self.mailboxes.contains_key(&address) && !self.listeners.contains_key(&address) {
                return Ok(address);
            }
        }
        Err(ErrorKind::AddrInUse.into())
    }

    /// What connecting comes to: whether the listener serves TLS.
    fn agree(&self, to: SocketAddr, security: &Security, tls: Option<&ClientTls>) -> Result<bool, String> {
        let ear = self.listeners.get(&to).ok_or_else(|| format!("{to}: connection refused"))?;
        let fingerprint = match security {
            Security::Plain => return Ok(ear.tls.is_some()),
            Security::Tls { fingerprint, .. } => Some(fingerprint),
            Security::Unproven { .. } => None,
        };
        let tls = tls.ok_or("TLS is not set up on our side")?;
        let served = ear.tls.as_ref().ok_or("TLS: the other end does not speak it")?;
        if let Some(fingerprint) = fingerprint {
            tls.believes(fingerprint.as_deref(), served.fingerprint())?;
        }
        Ok(true)
    }
}

fn latency(rng: &mut ChaCha12Rng) -> Duration {
    Duration::from_micros(rng.random_range(LATENCY))
}

/// Hands over what has arrived, for as long as the network exists.
async fn deliver(net: Arc<Net>) {
    loop {
        let next = loop {
            let now = net.clock.now();
            let cargo = {
                let mut state = net.lock();
                match state.due.first_key_value() {
                    Some(((at, _), _)) if *at <= now => state.due.pop_first(),
                    Some(((at, _), _)) => break Some(*at),
                    None => break None,
                }
            };
            if let Some((_, cargo)) = cargo {
                net.hand_over(cargo);
            }
        };
        match next {
            Some(at) => tokio::select! {
                biased;
                () = net.hurry.notified() => {}
                () = net.clock.sleep_until(at) => {}
            },
            None => net.hurry.notified().await,
        }
    }
}

impl Net {
    fn hand_over(&self, cargo: Cargo) {
        match cargo {
            Cargo::Datagram { to, from, octets } => {
                let mailbox = self.lock().mailboxes.get(&to).cloned();
                // Nobody there: lost, as datagrams may be.
                if let Some(mailbox) = mailbox {
                    mailbox.put((octets, from));
                }
            }
            Cargo::Segment { pipe, octets } => pipe.arrive(octets),
            Cargo::End { pipe } => pipe.end(),
            Cargo::Call { to, stream } => {
                let queue = self.lock().listeners.get(&to).map(|ear| ear.queue.clone());
                // The listener went away meanwhile: the stream is closed.
                if let Some(queue) = queue {
                    queue.put(stream);
                }
            }
            Cargo::Answer(answer) => {
                let _ = answer.send(());
            }
        }
    }
}
