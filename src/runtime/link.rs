//! Carries state machines to a network.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use super::clock::Clock;
use super::tls::ClientTls;
use crate::port::{Machine, Protocol};
use crate::transcript::Transcript;

/// A socket cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody else has the port.
    #[error("{what} {address} is in use; stop what listens there or choose another port (0 takes a free one)")]
    InUse {
        /// `UDP`, `TCP`.
        what: &'static str,
        /// The address asked for.
        address: SocketAddr,
    },
    /// The address is not one of this host's.
    #[error("{what} {address} is no address of this host; choose one that is, or 0.0.0.0 for all")]
    NotOurs {
        /// `UDP`, `TCP`.
        what: &'static str,
        /// The address asked for.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {what} {address}: {cause}")]
    Other {
        /// `UDP`, `TCP`.
        what: &'static str,
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system says.
        cause: std::io::Error,
    },
}

/// The network that machines are carried to.
#[derive(Clone, Debug)]
pub enum Link {
    /// The operating system's sockets.
    Sockets,
}

/// A bound SIP datagram socket.
#[derive(Debug)]
pub struct Datagrams {}

impl Datagrams {
    /// Where it is bound; the port is never 0.
    pub fn local(&self) -> SocketAddr {
        todo!()
    }
}

/// A listening stream socket.
#[derive(Debug)]
pub struct Listener {}

impl Listener {
    /// Where it is bound; the port is never 0.
    pub fn local(&self) -> SocketAddr {
        todo!()
    }
}

impl Link {
    /// Binds a datagram socket; port 0 takes a free one.
    pub async fn bind_datagrams(&self, address: SocketAddr) -> Result<Datagrams, BindError> {
        let _ = address;
        todo!()
    }

    /// Listens for streams that carry `protocol`, under TLS when there is a configuration; port 0 takes a free one.
    pub async fn listen(
        &self,
        address: SocketAddr,
        protocol: Protocol,
        tls: Option<Arc<rustls::ServerConfig>>,
    ) -> Result<Listener, BindError> {
        let _ = (address, protocol, tls);
        todo!()
    }
}

/// What a machine has of the network.
#[derive(Debug, Default)]
pub struct Ports {
    /// The SIP datagram socket, if it speaks SIP over UDP.
    pub datagrams: Option<Datagrams>,
    /// Where it listens for streams.
    pub listeners: Vec<Listener>,
    /// How it opens TLS streams; without it they fail.
    pub client_tls: Option<ClientTls>,
    /// Who writes down what crosses.
    pub recorder: Option<Recorder>,
}

/// Writes down what crosses the points of control and observation of one participant.
#[derive(Clone, Debug)]
pub struct Recorder {}

impl Recorder {
    /// Records for `participant` into a transcript that others may share.
    pub fn new(participant: &str, transcript: Arc<Mutex<Transcript>>) -> Self {
        let _ = (participant, transcript);
        todo!()
    }
}

/// A machine on its way: stops, with all its sockets, when dropped.
#[derive(Debug)]
pub struct Driver {}

impl Driver {
    /// Says that the machine was given a command: its outputs and timers are looked at again.
    pub fn wake(&self) {
        todo!()
    }

    /// Resolves after the machine has been given an input or a timeout since the last call: what it knows may be new.
    pub async fn stirred(&self) {
        todo!()
    }
}

/// Starts to carry a machine: a task of its own, until the [`Driver`] is dropped.
pub fn drive<M: Machine + Send + 'static>(machine: Arc<Mutex<M>>, link: Link, clock: Clock, ports: Ports) -> Driver {
    let _ = (machine, link, clock, ports);
    todo!()
}
