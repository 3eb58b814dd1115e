//! The IUT profile: what an implementation claims to support (ICS) and what is needed to reach it (IXIT).

mod hops;
mod load;
mod locate;
mod save;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

pub use hops::{Hop, Hops, NextHop, SipTransport, Unreachable};

use crate::wire::uri::SipUri;

/// What kind of entity is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A chat room: conference focus and MSRP switch.
    Switch,
    /// A chat client.
    Client,
    /// An MSRP relay.
    Relay,
}

/// A policy that a case needs a room for; the profile maps it to a URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogicalRoom {
    /// Private messages are refused.
    PrivateMessagesOff,
    /// Nicknames are refused.
    NicknamesOff,
    /// Whoever joins must authenticate.
    Digest,
    /// Only text/plain may be sent.
    TextPlainOnly,
    /// A nickname stays reserved for some seconds after its holder left.
    NicknameQuarantine,
    /// A user joins with one endpoint only.
    SingleEndpoint,
    /// An unfinished message is given up after some seconds.
    ChunkTimer,
    /// The room ends when its creator leaves.
    DeletedWithCreator,
    /// Answers late, so that CANCEL can be tried.
    SlowAnswer,
    /// Reached over TLS only.
    TlsOnly,
}

/// An optional capability that a profile claims or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// Messages to one participant (RFC 7701, 6.2).
    PrivateMessages,
    /// NICKNAME (RFC 7701, 7).
    Nicknames,
    /// Roster by conference event package (RFC 4575).
    ConferenceEvent,
    /// SIP digest authentication.
    Digest,
    /// SIP and MSRP over TLS.
    Tls,
}

/// A room of the implementation under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomEntry {
    /// Its URI.
    pub uri: SipUri,
    /// The duration of its policy, where the policy has one.
    pub seconds: Option<u64>,
}

/// A user of the digest room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
}

/// How long the tester waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timers {
    /// For a response on either protocol.
    pub response: Duration,
    /// For a roster change to be notified.
    pub roster: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self { response: Duration::from_secs(5), roster: Duration::from_secs(8) }
    }
}

/// How the tester checks the certificate of the implementation under test.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsTrust {
    /// PEM file with the authorities to trust, already resolved against the profile's folder.
    pub ca: Option<PathBuf>,
    /// Accept any certificate.
    pub insecure: bool,
}

/// The IUT profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name and version, for the report.
    pub name: String,
    /// What kind of entity it is.
    pub role: Role,
    /// The default room.
    pub room: SipUri,
    /// Where SIP requests are sent instead of to the room's host.
    pub next_hop: Option<NextHop>,
    /// Host part of the participants' URIs.
    pub domain: String,
    /// The rooms with a special policy.
    pub rooms: BTreeMap<LogicalRoom, RoomEntry>,
    /// The users of the digest room, by participant name in lower case.
    pub credentials: BTreeMap<String, Credentials>,
    /// Nicknames that the room refuses with 425.
    pub reserved_nicknames: Vec<String>,
    /// What is claimed (`Some(true)`), denied (`Some(false)`) or to be learned (absent).
    pub claims: BTreeMap<Claim, bool>,
    /// How long the tester waits.
    pub timers: Timers,
    /// Certificate checks.
    pub tls: TlsTrust,
}

impl Profile {
    /// A profile that knows nothing but a room (`--target`).
    pub fn for_target(room: SipUri) -> Self {
        Self::for_target_named(&room.to_string(), room)
    }

    /// A profile that knows nothing but a room and a name.
    pub fn for_target_named(name: &str, room: SipUri) -> Self {
        Self {
            name: name.to_owned(),
            role: Role::Switch,
            next_hop: None,
            domain: room.host.clone(),
            room,
            rooms: BTreeMap::new(),
            credentials: BTreeMap::new(),
            reserved_nicknames: Vec::new(),
            claims: BTreeMap::new(),
            timers: Timers::default(),
            tls: TlsTrust::default(),
        }
    }

    /// The room of a policy; `None` stands for the default room.
    pub fn room_uri(&self, room: Option<LogicalRoom>) -> Option<&SipUri> {
        match room {
            None => Some(&self.room),
            Some(room) => self.rooms.get(&room).map(|entry| &entry.uri),
        }
    }

    /// What the profile says about a capability.
    pub fn claim(&self, claim: Claim) -> Option<bool> {
        self.claims.get(&claim).copied()
    }
}

/// An enumeration whose members have a name in files.
macro_rules! words {
    ($kind:ident { $($member:ident = $word:literal),+ $(,)? }) => {
        impl $kind {
            /// Every member, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// The name in profiles and tags.
            pub fn word(self) -> &'static str {
                match self { $(Self::$member => $word),+ }
            }

            /// The member of that name.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$member),)+ _ => None }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words!(Role { Switch = "switch", Client = "client", Relay = "relay" });
words!(LogicalRoom {
    PrivateMessagesOff = "private-messages-off",
    NicknamesOff = "nicknames-off",
    Digest = "digest",
    TextPlainOnly = "text-plain-only",
    NicknameQuarantine = "nickname-quarantine",
    SingleEndpoint = "single-endpoint",
    ChunkTimer = "chunk-timer",
    DeletedWithCreator = "deleted-with-creator",
    SlowAnswer = "slow-answer",
    TlsOnly = "tls-only",
});
words!(Claim {
    PrivateMessages = "private-messages",
    Nicknames = "nicknames",
    ConferenceEvent = "conference-event",
    Digest = "digest",
    Tls = "tls",
});
