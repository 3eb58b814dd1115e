//! What a state machine takes from a network and gives to it.
//!
//! The bundled switch and the scripted peer are pure state machines: they own no socket, no clock and no source of
//! randomness. [`crate::runtime`] carries their [`Output`]s to a network and feeds its [`Input`]s back, with the time.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

/// A moment, counted from the start of the run. Never wall-clock time: a run over the in-memory link has its own.
pub type Moment = Duration;

/// A byte stream, named by whoever opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Connection(u64);

impl Connection {
    const ACCEPTED: u64 = 1 << 63;

    /// The `n`th connection that the state machine itself asked for.
    pub const fn opened(n: u64) -> Self {
        Self(n & !Self::ACCEPTED)
    }

    /// The `n`th connection that the network accepted for the state machine.
    pub const fn accepted(n: u64) -> Self {
        Self(n | Self::ACCEPTED)
    }

    /// Whether the network accepted it for the state machine.
    pub const fn is_accepted(self) -> bool {
        self.0 & Self::ACCEPTED != 0
    }
}

impl std::fmt::Display for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 & Self::ACCEPTED {
            0 => write!(f, "connection {} (ours)", self.0),
            _ => write!(f, "connection {}", self.0 & !Self::ACCEPTED),
        }
    }
}

/// Which protocol a stream was opened for: SIP and MSRP listen on ports of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// RFC 3261.
    Sip,
    /// RFC 4975.
    Msrp,
}

/// How a stream is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// Plain TCP.
    Plain,
    /// TLS, with the name that the peer's certificate is checked against.
    Tls {
        /// Host name or address literal.
        server_name: String,
        /// The fingerprint that the peer announced in its SDP (`a=fingerprint`, RFC 4975, 14.4), if any: then it
        /// decides instead of a certification authority.
        fingerprint: Option<String>,
    },
    /// TLS with whoever answers, its certificate unlooked at: what a faulty implementation does.
    Unproven {
        /// Host name or address literal.
        server_name: String,
    },
}

impl Security {
    /// Whether there is TLS.
    pub fn is_tls(&self) -> bool {
        !matches!(self, Self::Plain)
    }
}

/// What the network tells a state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A SIP datagram came in.
    Datagram {
        /// Source address.
        from: SocketAddr,
        /// The whole payload.
        octets: Bytes,
    },
    /// A stream is ready, because the peer connected or because an [`Output::Connect`] succeeded.
    Connected {
        /// Its name.
        connection: Connection,
        /// What it carries.
        protocol: Protocol,
        /// Our end.
        local: SocketAddr,
        /// The peer's end.
        remote: SocketAddr,
        /// Whether TLS protects it.
        secured: bool,
    },
    /// An [`Output::Connect`] came to nothing.
    ConnectFailed {
        /// The name given in the request.
        connection: Connection,
        /// The cause in words.
        reason: String,
    },
    /// Octets arrived on a stream, cut anywhere.
    Octets {
        /// The stream.
        connection: Connection,
        /// What arrived.
        octets: Bytes,
    },
    /// The network took this many of the octets written earlier: what a congestion mark is computed from.
    Taken {
        /// The stream.
        connection: Connection,
        /// How many octets left our buffer.
        count: usize,
    },
    /// The stream is gone, closed by the peer or broken.
    Closed {
        /// The stream.
        connection: Connection,
    },
}

/// What a state machine asks of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send a SIP datagram.
    Datagram {
        /// Destination.
        to: SocketAddr,
        /// The whole payload.
        octets: Bytes,
    },
    /// Open a stream.
    Connect {
        /// The name it shall have.
        connection: Connection,
        /// What it will carry.
        protocol: Protocol,
        /// Destination.
        to: SocketAddr,
        /// Plain or TLS.
        security: Security,
    },
    /// Write to a stream; the network buffers without bound, the state machine bounds by [`Input::Taken`].
    Write {
        /// The stream.
        connection: Connection,
        /// What to write.
        octets: Bytes,
    },
    /// Close a stream once what was written has left.
    Close {
        /// The stream.
        connection: Connection,
    },
}

/// A protocol entity without sockets or clock.
pub trait Machine {
    /// Takes what the network brought.
    fn handle_input(&mut self, now: Moment, input: Input);
    /// Lets timers that are due fire.
    fn handle_timeout(&mut self, now: Moment);
    /// The next thing to give to the network, until there is none.
    fn poll_output(&mut self) -> Option<Output>;
    /// When [`Machine::handle_timeout`] wants to be called next.
    fn poll_timeout(&self) -> Option<Moment>;
    /// Streams that nothing shall be read from for now, so that the other end feels back-pressure.
    fn unread(&self) -> &[Connection] {
        &[]
    }
}
