//! Which rows are shown.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::Call;
use super::drafts::Draft;
use crate::judge::trace::{Session, Trace};
use crate::transcript::{PcoId, Transcript};

/// What of a flow is to be shown; the default is everything, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Texts of which one is in the participant's URI, in any letter case; empty: all participants.
    pub participants: Vec<String>,
    /// The number of an MSRP session, from 1.
    pub session: Option<usize>,
    /// A text in the Call-ID, in any letter case.
    pub call_id: Option<String>,
    /// Nothing before this.
    pub from: Option<Duration>,
    /// Nothing after this.
    pub to: Option<Duration>,
    /// Nothing is folded.
    pub all: bool,
}

impl Selection {
    pub(super) fn has_participant(&self, name: &str) -> bool {
        self.participants.is_empty() || self.participants.iter().any(|wanted| contains(name, wanted))
    }

    fn has_time(&self, at: Duration) -> bool {
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at <= to)
    }

    /// Takes away the rows that are not selected; the sessions that are.
    pub(super) fn apply(&self, transcript: &Transcript, trace: &Trace, drafts: &mut Vec<Draft>) -> Vec<(usize, Call)> {
        let calls: Vec<Call> = trace.sessions.iter().map(|session| call(trace, session)).collect();
        let wanted: Vec<usize> = (0..calls.len())
            .filter(|index| {
                self.session.is_none_or(|number| number == index + 1)
                    && calls.get(*index).is_some_and(|call| self.has_call_id(&call.call_id))
            })
            .collect();
        let by_call = self.session.is_some() || self.call_id.is_some();
        let sessions = sessions_of(trace);
        let of_call = |message: usize| match trace.observed.get(message).map(|one| (one.sip(), one.msrp())) {
            Some((Some(sip), _)) => {
                let call_id = sip.call_id().unwrap_or_default();
                let session = |index: &usize| calls.get(*index).is_some_and(|call| call.call_id == call_id);
                self.has_call_id(&call_id) && (self.session.is_none() || wanted.iter().any(session))
            }
            Some((_, Some(_))) => sessions.get(&message).is_some_and(|session| wanted.contains(session)),
            _ => false,
        };
        if by_call {
            let messages = drafts.iter().filter_map(|draft| Some((draft.message?, draft.pco)));
            let chosen: Vec<(usize, PcoId)> = messages.filter(|(message, _)| of_call(*message)).collect();
            // Of connections, those that carry any of it.
            let pcos: HashSet<PcoId> = chosen.iter().map(|(_, pco)| *pco).collect();
            let messages: HashSet<usize> = chosen.iter().map(|(message, _)| *message).collect();
            drafts.retain(|draft| match draft.message {
                Some(message) => messages.contains(&message),
                None => pcos.contains(&draft.pco),
            });
        }
        drafts.retain(|draft| {
            let pco = transcript.pcos.get(draft.pco.0);
            self.has_time(draft.row.at) && pco.is_some_and(|pco| self.has_participant(&pco.participant))
        });
        let listed = |index: usize| Some((index + 1, calls.get(index)?.clone()));
        let listed = wanted.into_iter().filter_map(listed);
        listed.filter(|(_, call)| self.has_participant(&call.participant)).collect()
    }

    fn has_call_id(&self, call_id: &str) -> bool {
        self.call_id.as_ref().is_none_or(|wanted| contains(call_id, wanted))
    }
}

fn contains(text: &str, wanted: &str) -> bool {
    text.to_lowercase().contains(&wanted.to_lowercase())
}

fn call(trace: &Trace, session: &Session) -> Call {
    let dialog = trace.dialogs.get(session.dialog);
    Call {
        participant: session.participant.clone(),
        room: session.room.clone(),
        call_id: dialog.map(|dialog| dialog.call_id.clone()).unwrap_or_default(),
    }
}

/// Of MSRP messages, the session that they belong to.
fn sessions_of(trace: &Trace) -> HashMap<usize, usize> {
    let mut sessions = HashMap::new();
    for exchange in &trace.exchanges {
        let Some(session) = exchange.session else { continue };
        for message in std::iter::once(&exchange.request).chain(&exchange.responses) {
            sessions.insert(*message, session);
        }
    }
    sessions
}
