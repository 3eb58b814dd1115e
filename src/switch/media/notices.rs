//! What the room itself says (RFC 7701, 6.4 and 11): regular messages from the room's URI to the room's URI.

use std::sync::Arc;

use bytes::Bytes;

use super::distribution::Copy;
use super::session::{Binding, Content};
use super::{Media, wrapper};
use crate::port::Moment;
use crate::switch::fault::Fault;
use crate::switch::{SessionId, UserId};
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::Flag;

impl Media {
    /// Tells an endpoint that does not know RFC 7701 that it is in a room, and with whom (interpretation T79).
    pub(super) fn welcome(&mut self, now: Moment, session: SessionId) {
        let Some(state) = self.sessions.get_mut(&session) else { return };
        let ready = matches!(state.binding, Binding::Bound(_)) && state.who.is_some() && !state.welcomed;
        let (true, Some(peer)) = (ready, &state.peer) else { return };
        let unaware = peer.chatroom.is_none();
        state.welcomed = true;
        let room = state.room;
        if !unaware || self.faults.has(Fault::UnawareNotTold) || !self.policy(room).is_some_and(|policy| policy.notices)
        {
            return;
        }
        let roster = self.roster_text(session);
        self.say(now, session, "This is a chat room: what you send to its address is distributed to all participants.");
        self.say(now, session, &roster);
    }

    /// The participants by the names that the focus allows to be shown, each user once.
    fn roster_text(&self, session: SessionId) -> String {
        let room = self.sessions.get(&session).map(|state| state.room);
        let mut seen: Vec<(UserId, &str)> = Vec::new();
        for state in self.sessions.values().filter(|state| Some(state.room) == room) {
            if let Some(who) = &state.who
                && !seen.iter().any(|(user, name)| *user == who.user && *name == who.shown_as)
            {
                seen.push((who.user, &who.shown_as));
            }
        }
        let names: Vec<&str> = seen.into_iter().map(|(_, name)| name).collect();
        format!("Participants: {}", names.join(", "))
    }

    /// Sends one endpoint a text from the room.
    pub(super) fn say(&mut self, now: Moment, session: SessionId, text: &str) {
        if !self.accepts(session, Some("text/plain"), None) {
            return;
        }
        let room = self.sessions.get(&session).and_then(|state| self.rooms.get(state.room.0));
        let Some(uri) = room.and_then(|room| room.uris.first()) else { return };
        let address = format!("<{uri}>");
        let mut body = CpimMessage::new(&address, &address, "text/plain", text.to_owned()).octets();
        if self.faults.has(Fault::NoticeUnaddressed) {
            body = Bytes::from(format!("From: {address}\r\n\r\nContent-Type: text/plain\r\n\r\n{text}"));
        }
        if self.faults.has(Fault::NoticeBlocksMissing) {
            body = Bytes::from(format!("From: {address}\r\nTo: {address}\r\n\r\n{text}"));
        }
        let body = wrapper::spoilt(self.faults, body);
        let content = Arc::new(Content {
            others: Vec::new(),
            content_type: Bytes::from_static(b"message/cpim"),
            success_report: false,
        });
        let message_id: Arc<str> = self.token(16).into();
        let mut copy = Copy { session, message_id, next: 1, stopped: false };
        self.copy_chunk(now, &mut copy, 1, Some(body.len() as u64), &body, Flag::Complete, &content);
    }
}
