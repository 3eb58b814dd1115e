//! What goes without saying becomes part of another row. A marked row never does.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;

use super::drafts::Draft;
use crate::judge::trace::{Direction, Trace};
use crate::transcript::PcoId;
use crate::wire::msrp::{Flag, MsrpMessage};

/// Folds responses into their requests, then retransmissions and keep-alives into the first of them.
pub(super) fn fold(drafts: &mut Vec<Draft>, trace: &Trace) {
    responses(drafts, trace);
    let mut folding = Folding::default();
    let mut gone = HashSet::new();
    for index in 0..drafts.len() {
        let Some(draft) = drafts.get(index) else { continue };
        let Some(target) = folding.target(index, draft, trace).filter(|_| draft.row.marks.is_empty()) else { continue };
        let at = draft.row.at;
        gone.insert(index);
        if let Some(first) = drafts.get_mut(target) {
            first.row.count += 1;
            first.row.until = at;
        }
    }
    let mut index = 0;
    drafts.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
}

/// A SEND whose only response is a 200 takes it into its row.
fn responses(drafts: &mut Vec<Draft>, trace: &Trace) {
    let unmarked = drafts.iter().filter(|draft| draft.row.marks.is_empty()).filter_map(|draft| draft.message);
    let unmarked: HashSet<usize> = unmarked.collect();
    let mut folded = HashSet::new();
    for draft in drafts.iter_mut() {
        let Some(message) = draft.message else { continue };
        if trace.msrp_at(message).and_then(MsrpMessage::method) != Some("SEND") {
            continue;
        }
        let Some([response]) = trace.exchange_of(message).map(|exchange| exchange.responses.as_slice()) else {
            continue;
        };
        let is_200 = trace.msrp_at(*response).and_then(MsrpMessage::status) == Some(200);
        if is_200 && unmarked.contains(response) {
            draft.row.answered = true;
            folded.insert(*response);
        }
    }
    drafts.retain(|draft| draft.message.is_none_or(|message| !folded.contains(&message)));
}

/// Whether a request is a SEND that carries nothing and is whole.
pub(super) fn is_keep_alive(message: &MsrpMessage) -> bool {
    let at_start = message.byte_range().is_none_or(|range| range.start <= 1);
    message.method() == Some("SEND")
        && message.flag == Flag::Complete
        && message.body.as_ref().is_none_or(Bytes::is_empty)
        && at_start
}

#[derive(Default)]
struct Folding {
    sip: HashMap<(PcoId, Direction, Bytes), usize>,
    /// By PCO: the rows that further keep-alives go to, one for each direction, answered and not.
    keep_alives: HashMap<PcoId, HashMap<(Direction, bool), usize>>,
}

impl Folding {
    /// The earlier row that this one repeats.
    fn target(&mut self, index: usize, draft: &Draft, trace: &Trace) -> Option<usize> {
        let observed = draft.message.and_then(|message| trace.observed.get(message));
        if let Some(observed) = observed.filter(|observed| observed.sip().is_some()) {
            let key = (observed.pco, observed.direction, observed.octets.clone());
            let first = *self.sip.entry(key).or_insert(index);
            return (first != index).then_some(first);
        }
        match observed.filter(|observed| observed.msrp().is_some_and(is_keep_alive)) {
            Some(observed) => {
                let run = self.keep_alives.entry(draft.pco).or_default();
                let first = *run.entry((observed.direction, draft.row.answered)).or_insert(index);
                (first != index).then_some(first)
            }
            None => {
                self.keep_alives.remove(&draft.pco);
                None
            }
        }
    }
}
