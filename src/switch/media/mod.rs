//! The MSRP switch: connections, sessions, distribution, private messages, nicknames (RFC 7701, 6 and 7).

use super::{RoomId, SessionId, UserId};

/// What the MSRP side tells the focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// A user's nickname changed (`None`: it was given up): the roster must tell.
    Nickname {
        /// The room.
        room: RoomId,
        /// The user.
        user: UserId,
        /// The nickname as the user wrote it.
        nickname: Option<String>,
    },
    /// A session is lost (connection closed, TLS failure, congestion): its dialog should end.
    Lost {
        /// The session.
        session: SessionId,
        /// The cause in words.
        reason: String,
    },
}

use super::{Membership, PeerMedia, config::RoomPolicy, fault::FaultSet};
use crate::port::{Input, Moment, Output};
use crate::wire::uri::{MsrpUri, Uri};

/// Placeholder.
#[derive(Default)]
pub struct MediaSettings {
    pub host: String,
    pub port: u16,
    pub tls_port: Option<u16>,
    pub authorities: Vec<(String, Option<u16>)>,
}
/// Placeholder.
pub struct Media(u64, MediaSettings);
impl Media {
    pub fn new(_: Vec<RoomPolicy>, s: MediaSettings, _: FaultSet, _: rand_chacha::ChaCha12Rng) -> Self {
        Self(0, s)
    }
    pub fn add_room_uri(&mut self, _: RoomId, _: Uri) {}
    pub fn allocate(&mut self, _: RoomId, secure: bool) -> (SessionId, MsrpUri) {
        self.0 += 1;
        (SessionId(self.0), MsrpUri::new(secure, &self.1.host, self.1.port, &format!("session{}", self.0)))
    }
    pub fn establish(&mut self, _: Moment, _: SessionId, _: Membership, _: PeerMedia) {}
    pub fn update(&mut self, _: Moment, _: SessionId, _: PeerMedia) {}
    pub fn release(&mut self, _: Moment, _: SessionId) {}
    pub fn delete_room(&mut self, _: Moment, _: RoomId) {}
    pub fn poll_event(&mut self) -> Option<MediaEvent> {
        None
    }
    pub fn poll_log(&mut self) -> Option<String> {
        None
    }
}
impl crate::port::Machine for Media {
    fn handle_input(&mut self, _: Moment, _: Input) {}
    fn handle_timeout(&mut self, _: Moment) {}
    fn poll_output(&mut self) -> Option<Output> {
        None
    }
    fn poll_timeout(&self) -> Option<Moment> {
        None
    }
}
