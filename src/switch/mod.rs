//! The bundled reference switch (RFC 7701): focus, MSRP switch, roster and nicknames, as one pure state machine.
//!
//! [`focus`] speaks SIP, [`media`] speaks MSRP; they meet only in [`SessionId`], [`Membership`], [`PeerMedia`] and
//! [`media::MediaEvent`], the interface that RFC 7701, 5.2 leaves open.

pub mod config;
pub mod fault;
pub mod flaw;
pub mod focus;
pub mod machine;
pub mod media;
mod slips;
pub mod wreckage;

pub use focus::settings::{Limits, SwitchSettings, Timers};
pub use machine::Switch;

use crate::port::Security;
use crate::wire::uri::{MsrpUri, Uri};

/// A room, by its place in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoomId(pub usize);

/// A user in a room, whatever the number of endpoints: the focus gives the same number to the same identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserId(pub u64);

/// One MSRP session of one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// Who stands behind a session, as the focus learned it (RFC 7701, 5.2: the switch must know the URIs of its
/// participants).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The room that was joined.
    pub room: RoomId,
    /// The user.
    pub user: UserId,
    /// Every URI by which the participant may sign and be addressed; for one who wants privacy only the anonymous ones.
    pub uris: Vec<Uri>,
    /// Display name or URI for texts to people.
    pub shown_as: String,
}

/// What the endpoint's SDP says about its MSRP session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerMedia {
    /// The whole `a=path`, leftmost first.
    pub path: Vec<MsrpUri>,
    /// `a=accept-types`.
    pub accept_types: Vec<String>,
    /// `a=accept-wrapped-types`, if given.
    pub accept_wrapped_types: Option<Vec<String>>,
    /// `a=max-size`, if given.
    pub max_size: Option<u64>,
    /// Tokens of `a=chatroom`; `None`: the endpoint does not know RFC 7701 (section 8).
    pub chatroom: Option<Vec<String>>,
    /// Whether the switch is the active side and has to connect, and how.
    pub connect: Option<Security>,
    /// The fingerprint the endpoint announced, which its TLS certificate must match.
    pub fingerprint: Option<String>,
    /// Whether the session may carry messages to this endpoint (not `sendonly` or `inactive` on its side).
    pub receives: bool,
}
