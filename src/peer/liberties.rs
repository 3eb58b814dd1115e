//! What a scenario has a participant do beside the usual course of dialogs and transactions (RFC 3261, 9, 12 and 17).

use super::participant::{CallId, Participant, RequestKey};
use crate::port::Moment;

impl Participant {
    /// Sends the octets of a request once more, as its retransmission.
    pub fn repeat(&mut self, key: RequestKey) {
        let Some((to, octets)) = self.requests.get(key.0).map(|request| (request.to, request.sent.octets())) else {
            return;
        };
        self.transmit(to, octets);
    }

    /// CANCEL for the pending INVITE of `call` with everything right but the branch: it belongs to no transaction.
    pub fn cancel_elsewhere(&mut self, now: Moment, call: CallId) -> Option<RequestKey> {
        let invite = self.sessions.get(call.0)?.invite;
        let branch = self.new_branch();
        self.launch_cancel_on(now, invite, branch)
    }

    /// Leaves out CSeq numbers in the dialog of `call` (RFC 3261, 12.2.2: a gap is no error).
    pub fn leave_out_numbers(&mut self, call: CallId, how_many: u32) {
        if let Some(state) = self.calls.get_mut(call.0) {
            state.dialog.sequence = state.dialog.sequence.saturating_add(how_many);
        }
    }

    /// The CSeq number of the last request in the dialog of `call`.
    pub fn last_number(&self, call: CallId) -> Option<u32> {
        self.calls.get(call.0).map(|state| state.dialog.sequence)
    }

    /// The value of our Via with a branch of the scenario's choice.
    pub fn via_on(&self, branch: &str) -> String {
        self.via(branch)
    }

    /// A Contact value that differs from the usual one in its user part alone.
    pub fn contact_as(&self, user: &str) -> String {
        let contact = self.contact();
        match contact.split_once(':').zip(contact.split_once('@')) {
            Some(((scheme, _), (_, rest))) => format!("{scheme}:{user}@{rest}"),
            None => contact,
        }
    }
}
