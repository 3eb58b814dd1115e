//! What happens to those who read too slowly (RFC 7701, 6.4). Their queues are bounded, so nobody else waits.

use super::Media;
use super::session::Binding;
use crate::port::Moment;
use crate::switch::SessionId;

impl Media {
    /// Marks a session whose queue is filled to 80 percent as congested.
    pub(super) fn mark(&mut self, now: Moment, session: SessionId) {
        let bound = self.settings.queue_bound;
        let Some(state) = self.sessions.get_mut(&session) else { return };
        if state.congested_since.is_none() && state.queued >= bound / 5 * 4 {
            state.congested_since = Some(now);
            self.note(now, format!("session {} is congested", session.0));
        }
    }

    /// Whether a new regular message is withheld from a session because it is congested. Counted, to be told later.
    pub(super) fn withholds(&mut self, session: SessionId, announced: Option<u64>) -> bool {
        let policy = self.sessions.get(&session).and_then(|state| self.policy(state.room));
        let allowed = policy.map_or(0, |policy| policy.max_message_size_when_congested);
        let Some(state) = self.sessions.get_mut(&session) else { return true };
        let withheld = state.congested_since.is_some() && announced.is_none_or(|size| size > allowed);
        state.withheld += u64::from(withheld);
        withheld
    }

    /// Takes the mark away once half of the queue is free again, and tells what was withheld.
    pub(super) fn relieve(&mut self, now: Moment, session: SessionId) {
        let bound = self.settings.queue_bound;
        let Some(state) = self.sessions.get_mut(&session) else { return };
        if state.queued > bound / 2 {
            return;
        }
        let recovered = state.congested_since.take().is_some();
        let withheld = std::mem::take(&mut state.withheld);
        if recovered {
            self.note(now, format!("session {} is no longer congested", session.0));
        }
        if withheld > 0 {
            let text = format!("Your connection was congested: {withheld} message(s) of this room did not reach you.");
            self.say(now, session, &text);
        }
    }

    /// Gives up sessions that have been congested for too long, with their connection.
    pub(super) fn expire_congestion(&mut self, now: Moment) {
        let patience = self.settings.congestion_patience;
        let due: Vec<(SessionId, Binding)> = self
            .sessions
            .iter()
            .filter(|(_, state)| state.congested_since.is_some_and(|since| since + patience <= now))
            .map(|(session, state)| (*session, state.binding))
            .collect();
        for (session, binding) in due {
            if let Binding::Bound(connection) = binding {
                self.abandon(now, connection, "congested for too long");
            } else {
                self.lose(now, session, "congested for too long");
            }
        }
    }
}
