//! Where the rooms of a profile are reached.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};

use super::{LogicalRoom, Profile};
use crate::wire::uri::SipUri;

/// How SIP requests travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SipTransport {
    /// Datagrams.
    Udp,
    /// Stream.
    Tcp,
    /// Stream under TLS.
    Tls,
}

impl SipTransport {
    /// The token of the `transport` URI parameter (RFC 3261, 19.1.1).
    pub fn token(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
            Self::Tls => "tls",
        }
    }

    /// The transport of that token, in any case.
    pub fn from_token(token: &str) -> Option<Self> {
        [Self::Udp, Self::Tcp, Self::Tls].into_iter().find(|one| one.token().eq_ignore_ascii_case(token))
    }

    fn default_port(self) -> u16 {
        if self == Self::Tls { 5061 } else { 5060 }
    }
}

/// A next hop as a profile writes it: `127.0.0.1:5080;transport=tcp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextHop {
    /// Host name or address; IPv6 literals with their brackets.
    pub host: String,
    /// Explicit port.
    pub port: Option<u16>,
    /// Transport; UDP if the profile says nothing.
    pub transport: SipTransport,
}

impl fmt::Display for NextHop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, ";transport={}", self.transport.token())
    }
}

/// A resolved next hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Where to send.
    pub address: SocketAddr,
    /// How.
    pub transport: SipTransport,
    /// The name that a certificate is checked against.
    pub server_name: String,
}

/// The resolved next hops of every room of a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hops {
    /// Of the default room.
    pub default: Hop,
    /// Of the rooms with a special policy.
    pub rooms: BTreeMap<LogicalRoom, Hop>,
}

impl Hops {
    /// The hop of a room; `None` stands for the default room.
    pub fn of(&self, room: Option<LogicalRoom>) -> Option<&Hop> {
        match room {
            None => Some(&self.default),
            Some(room) => self.rooms.get(&room),
        }
    }
}

/// A host that has no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the host '{host}' of {whose} has no address: {cause}")]
pub struct Unreachable {
    /// The host.
    pub host: String,
    /// Where it is named: `the room sip:room@chat.example`.
    pub whose: String,
    /// What the resolver said.
    pub cause: String,
}

impl Profile {
    /// Finds the addresses of every room; asks the resolver, sends nothing to the implementation under test.
    ///
    /// The profile's next hop counts for every room, except that a `sips:` room is never sent to a hop without TLS: it
    /// is then reached at its own host.
    ///
    /// # Errors
    /// The first host without an address.
    pub fn resolve(&self) -> Result<Hops, Unreachable> {
        let rooms = self.rooms.iter().map(|(room, entry)| Ok((*room, self.hop_of(&entry.uri)?)));
        Ok(Hops { default: self.hop_of(&self.room)?, rooms: rooms.collect::<Result<_, Unreachable>>()? })
    }

    fn hop_of(&self, room: &SipUri) -> Result<Hop, Unreachable> {
        if let Some(hop) = &self.next_hop
            && (!room.secure || hop.transport == SipTransport::Tls)
        {
            return resolve(&hop.host, hop.port, hop.transport, || format!("the next hop {hop}"));
        }
        let asked = room.params.value("transport").and_then(SipTransport::from_token);
        let transport = if room.secure { SipTransport::Tls } else { asked.unwrap_or(SipTransport::Udp) };
        resolve(&room.host, room.port, transport, || format!("the room {room}"))
    }
}

fn resolve(
    host: &str,
    port: Option<u16>,
    transport: SipTransport,
    whose: impl Fn() -> String,
) -> Result<Hop, Unreachable> {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    let unreachable = |cause: String| Unreachable { host: host.to_owned(), whose: whose(), cause };
    let mut addresses = (name, port.unwrap_or(transport.default_port()))
        .to_socket_addrs()
        .map_err(|error| unreachable(error.to_string()))?;
    let address = addresses.next().ok_or_else(|| unreachable("the resolver knows none".to_owned()))?;
    Ok(Hop { address, transport, server_name: name.to_owned() })
}

impl From<SipTransport> for crate::peer::Transport {
    fn from(transport: SipTransport) -> Self {
        match transport {
            SipTransport::Udp => Self::Udp,
            SipTransport::Tcp => Self::Tcp,
            SipTransport::Tls => Self::Tls,
        }
    }
}
