//! Who gets a private message (RFC 7701, 6.2).

use super::Media;
use super::request::Refusal;
use crate::switch::SessionId;
use crate::switch::fault::Fault;
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
        if !self.policy(room).is_some_and(|policy| policy.private_messages) {
            return Err(Refusal::new(403, "No Private Messages In This Room"));
        }
        let mapped: Vec<SessionId> = self
            .sessions
            .iter()
            .filter(|(_, session)| {
                session.room == room
                    && session.who.as_ref().is_some_and(|who| who.uris.iter().any(|uri| uri.same_resource(to)))
            })
            .map(|(id, _)| *id)
            .collect();
        if mapped.is_empty() {
            if self.faults.has(Fault::UnknownRecipient403) {
                return Err(Refusal::new(403, "Recipient Unknown"));
            }
            return Err(Refusal::new(404, "Recipient Unknown"));
        }
        let capable: Vec<SessionId> = mapped
            .into_iter()
            .filter(|id| self.sessions.get(id).is_some_and(|session| session.takes_private() && session.receives()))
            .collect();
        if capable.is_empty() {
            return Err(Refusal::new(428, "Recipient Has No Private Messages"));
        }
        if self.faults.has(Fault::PrivateMessageBroadcast) {
            return Ok(self.everybody_but(sender));
        }
        // A message to oneself goes to one's other endpoints: no session ever gets back what came from it.
        let others: Vec<SessionId> = capable.into_iter().filter(|id| *id != sender).collect();
        if !others.is_empty() && !others.iter().any(|id| self.accepts(*id, wrapped, None)) {
            return Err(Refusal::new(415, "Wrapped Media Type Not Accepted By The Recipient"));
        }
        Ok(others)
    }
}
