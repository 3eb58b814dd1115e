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
