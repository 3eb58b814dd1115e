//! The rows before anything is left out: a row for each message, connection event and gap.

use super::labels::Labels;
use super::selection::Selection;
use super::{Row, Way};
use crate::judge::trace::{Direction, Message, Trace};
use crate::report::json::label;
use crate::transcript::{Crossing, Event, PcoId, Transcript};

/// A row, and what it is of.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) row: Row,
    pub(super) pco: PcoId,
    /// The event of the transcript.
    pub(super) event: usize,
    /// The message of the trace, if it is one: index.
    pub(super) message: Option<usize>,
}

/// All rows, in the order of the events.
pub(super) fn of(transcript: &Transcript, trace: &Trace, frames: &[[u64; 2]]) -> Vec<Draft> {
    let labels = Labels::of(trace);
    let mut messages = trace.observed.iter().enumerate().peekable();
    let mut drafts = Vec::new();
    for (index, event) in transcript.events.iter().enumerate() {
        let draft = |way, label, message| Draft {
            row: Row {
                at: event.at,
                frame: frames.get(index).map(|[_, last]| *last),
                lane: 0,
                way,
                label,
                answered: false,
                count: 1,
                until: event.at,
                marks: Vec::new(),
            },
            pco: event.pco,
            event: index,
            message,
        };
        if let Some((way, label)) = connection(transcript, event) {
            drafts.push(draft(way, label, None));
        }
        while let Some((number, observed)) = messages.next_if(|(_, observed)| observed.event <= index) {
            let way = match observed.direction {
                Direction::ToIut => Way::ToSwitch,
                Direction::FromIut => Way::FromSwitch,
            };
            drafts.push(draft(way, labels.label(number), Some(number)));
        }
    }
    drafts
}

fn connection(transcript: &Transcript, event: &Event) -> Option<(Way, String)> {
    let pco = transcript.pcos.get(event.pco.0)?;
    // What stands behind the name of the participant.
    let kind = label(pco).rsplit(' ').next().unwrap_or_default().to_owned();
    Some(match &event.crossing {
        Crossing::Opened => {
            let remote = pco.remote.map(|remote| format!(" to {remote}")).unwrap_or_default();
            (Way::Between, format!("{kind} connection opened, {}{remote}", pco.local))
        }
        Crossing::ClosedByTester => (Way::ClosedToSwitch, format!("{kind} connection closed, {}", pco.local)),
        Crossing::ClosedByIut => (Way::ClosedFromSwitch, format!("{kind} connection closed, {}", pco.local)),
        // The way on which nothing was lost is noted as well, for nothing behind a gap is judged.
        Crossing::Omitted { octets: 0, .. } => return None,
        Crossing::Omitted { sent, octets } => {
            let way = if *sent { Way::ToSwitch } else { Way::FromSwitch };
            (way, format!("{kind}: {octets} octets are not there, and what follows is not read"))
        }
        Crossing::Sent(_) | Crossing::Received(_) => return None,
    })
}

/// What crossed and is in no row.
pub(super) fn unread(transcript: &Transcript, trace: &Trace, selection: &Selection) -> Vec<String> {
    let shown = |octets: &[u8]| {
        trace.observed.iter().any(|observed| match &observed.message {
            Message::Garbage(garbage, _) => garbage.as_ref() == octets,
            _ => false,
        })
    };
    let mut remarks = Vec::new();
    for left in &trace.leftovers {
        let Some(pco) = transcript.pcos.get(left.pco.0) else { continue };
        if left.octets.is_empty() || !selection.has_participant(&pco.participant) || left.garbled && shown(&left.octets)
        {
            continue;
        }
        let way = if left.direction == Direction::ToIut { "to" } else { "from" };
        let what =
            if left.garbled { "the end of a message whose beginning is not there" } else { "an unfinished message" };
        remarks.push(format!("not shown: {what}, {way} the switch ({})", label(pco)));
    }
    remarks
}
