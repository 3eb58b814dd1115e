//! Where the switch listens and how long it waits.

use std::net::SocketAddr;
use std::time::Duration;

/// Addresses and timers of a [`crate::switch::Switch`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchSettings {
    /// Where SIP datagrams arrive.
    pub sip_udp: SocketAddr,
    /// Where SIP streams are accepted.
    pub sip_tcp: SocketAddr,
    /// Where plain MSRP streams are accepted.
    pub msrp: SocketAddr,
    /// Where MSRP over TLS is accepted; without it offers of `TCP/TLS/MSRP` are refused.
    pub msrp_tls: Option<SocketAddr>,
    /// The fingerprint of the TLS certificate as SDP writes it: `SHA-256 AA:BB:...` (RFC 4975, 14.4).
    pub tls_fingerprint: Option<String>,
    /// Durations.
    pub timers: Timers,
    /// Bounds.
    pub limits: Limits,
}

impl SwitchSettings {
    /// Settings for one address of a host, with the ports given; everything else by default.
    pub fn new(sip_udp: SocketAddr, sip_tcp: SocketAddr, msrp: SocketAddr) -> Self {
        Self {
            sip_udp,
            sip_tcp,
            msrp,
            msrp_tls: None,
            tls_fingerprint: None,
            timers: Timers::default(),
            limits: Limits::default(),
        }
    }
}

/// SIP timers (RFC 3261, 17.1.1.1) and what the focus adds to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timers {
    /// Round-trip estimate: first retransmission interval.
    pub t1: Duration,
    /// Longest retransmission interval.
    pub t2: Duration,
    /// How long an octet may stay in the network.
    pub t4: Duration,
    /// How long a nonce is good before it counts as stale (RFC 7616, 3.3).
    pub nonce: Duration,
    /// Longest subscription, also the default (RFC 4575, 3.3: 3600 s).
    pub subscription: Duration,
}

impl Timers {
    /// `64*T1`: when a transaction is given up.
    pub fn give_up(&self) -> Duration {
        self.t1.saturating_mul(64)
    }
}

impl Default for Timers {
    fn default() -> Self {
        Self {
            t1: Duration::from_millis(500),
            t2: Duration::from_secs(4),
            t4: Duration::from_secs(5),
            nonce: Duration::from_secs(300),
            subscription: Duration::from_secs(3600),
        }
    }
}

/// How much the focus holds at once; what exceeds it gets 503 or 513.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Server transactions.
    pub transactions: usize,
    /// Dialogs.
    pub dialogs: usize,
    /// Subscriptions.
    pub subscriptions: usize,
    /// SIP streams.
    pub streams: usize,
    /// Octets of one request that is still answered (513 beyond).
    pub request: usize,
    /// Octets of one message that a stream may carry; beyond it the stream is closed.
    pub message: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            transactions: 20_000,
            dialogs: 10_000,
            subscriptions: 10_000,
            streams: 10_000,
            request: 64 * 1024,
            message: 256 * 1024,
        }
    }
}
