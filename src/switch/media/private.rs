//! Who gets a private message (RFC 7701, 6.2).

use std::sync::Arc;

use super::Media;
use super::distribution::Copy;
use super::request::Refusal;
use super::session::Session;
use super::transfer::content_of;
use crate::port::Moment;
use crate::switch::SessionId;
use crate::switch::fault::Fault;
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::MsrpMessage;
use crate::wire::uri::Uri;

impl Media {
    /// The sessions mapped to the URI in To that support private messages. The room's policy comes first
    /// (interpretation T24), then the recipient, then its capabilities. An anonymous participant is known by its
    /// anonymous URI only (T27), because its membership has no other.
    pub(super) fn private_recipients(
        &self,
        sender: SessionId,
        to: &Uri,
        wrapped: Option<&str>,
    ) -> Result<Vec<SessionId>, Refusal> {
        let Some(room) = self.sessions.get(&sender).map(|session| session.room) else { return Ok(Vec::new()) };
        let allowed = self.policy(room).is_some_and(|policy| policy.private_messages);
        if !allowed && !self.faults.has(Fault::PrivatePolicyIgnored) {
            return Err(Refusal::new(403, "No Private Messages In This Room"));
        }
        let mut mapped = self.mapped(sender, to);
        if self.faults.has(Fault::WhisperByNickname) {
            mapped = self.by_nickname(sender, to).unwrap_or(mapped);
        }
        let unaware = self
            .sessions
            .get(&sender)
            .and_then(|state| state.peer.as_ref())
            .is_some_and(|peer| peer.chatroom.is_none());
        if (self.faults.has(Fault::UnawareWhisperBroadcast) && unaware)
            || (self.faults.has(Fault::OwnUriMeansRoom) && mapped.contains(&sender))
        {
            return Ok(self.everybody_but(sender));
        }
        if self.faults.has(Fault::PrivateSwallowed) && !mapped.is_empty() {
            return Ok(Vec::new());
        }
        if self.faults.has(Fault::PrivateAlwaysRefused) && !mapped.is_empty() {
            return Err(Refusal::new(428, "Recipient Has No Private Messages"));
        }
        if mapped.is_empty() {
            if self.faults.has(Fault::UnknownRecipient403) {
                return Err(Refusal::new(403, "Recipient Unknown"));
            }
            if self.faults.has(Fault::UnknownRecipientBroadcast) {
                return Ok(self.everybody_but(sender));
            }
            return Err(Refusal::new(404, "Recipient Unknown"));
        }
        let capable: Vec<SessionId> = mapped
            .into_iter()
            .filter(|id| {
                let known = |session: &Session| session.takes_private() || self.faults.has(Fault::EverybodyCapable);
                self.sessions.get(id).is_some_and(|session| known(session) && session.receives())
            })
            .collect();
        if capable.is_empty() && self.faults.has(Fault::IncapableRecipient404) {
            return Err(Refusal::new(404, "Recipient Unknown"));
        }
        if capable.is_empty() {
            return Err(Refusal::new(428, "Recipient Has No Private Messages"));
        }
        if self.faults.has(Fault::PrivateMessageBroadcast) {
            return Ok(self.everybody_but(sender));
        }
        // A message to oneself goes to one's other endpoints: no session ever gets back what came from it.
        let mut others: Vec<SessionId> = capable.into_iter().filter(|id| *id != sender).collect();
        if self.faults.has(Fault::PrivateToOneEndpoint) {
            others.truncate(1);
        }
        if !others.is_empty() && !others.iter().any(|id| self.accepts(*id, wrapped, None)) {
            return Err(Refusal::new(415, "Wrapped Media Type Not Accepted By The Recipient"));
        }
        Ok(others)
    }

    /// [`Fault::PrivateMessage428YetDelivered`].
    pub(super) fn deliver_nevertheless(&mut self, now: Moment, sender: SessionId, message: &MsrpMessage) {
        let Some(body) = message.body.clone() else { return };
        let cpim = CpimMessage::parse(body.clone()).tree;
        let Some(to) = cpim.tos().first().and_then(|to| Uri::parse(&to.uri).ok()) else { return };
        let content = Arc::new(content_of(message, false));
        for session in self.mapped(sender, &to) {
            let message_id: Arc<str> = self.token(16).into();
            let mut copy = Copy { session, message_id, next: 1, stopped: false };
            self.copy_chunk(now, &mut copy, 1, Some(body.len() as u64), &body, message.flag, &content);
        }
    }

    /// [`Fault::WhisperByNickname`]: the sessions of the user whose nickname is the user part of a URI.
    fn by_nickname(&self, sender: SessionId, to: &Uri) -> Option<Vec<SessionId>> {
        let Uri::Sip(uri) = to else { return None };
        let room = self.sessions.get(&sender)?.room;
        let holder = self.rooms.get(room.0)?.nicknames.holder_of(uri.user.as_deref()?)?;
        let of_holder =
            |session: &Session| session.room == room && session.who.as_ref().is_some_and(|who| who.user == holder);
        Some(self.sessions.iter().filter(|(_, session)| of_holder(session)).map(|(id, _)| *id).collect())
    }

    /// The sessions of the sender's room that are known by a URI.
    fn mapped(&self, sender: SessionId, to: &Uri) -> Vec<SessionId> {
        let room = self.sessions.get(&sender).map(|session| session.room);
        self.sessions
            .iter()
            .filter(|(_, session)| {
                (Some(session.room) == room || self.faults.has(Fault::RecipientOfAnyRoom))
                    && session.who.as_ref().is_some_and(|who| who.uris.iter().any(|uri| uri.same_resource(to)))
            })
            .map(|(id, _)| *id)
            .collect()
    }
}
