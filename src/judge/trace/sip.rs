//! SIP transactions (RFC 3261, 17).

use std::collections::HashMap;

use super::{Direction, Trace};
use crate::wire::sip::SipMessage;

/// A SIP request with its repetitions and responses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipTransaction {
    /// Which way the request went.
    pub direction: Direction,
    /// Its method.
    pub method: String,
    /// Whose PCO it crossed.
    pub participant: String,
    /// The request and its retransmissions: indices of messages.
    pub requests: Vec<usize>,
    /// All responses, retransmissions included: indices of messages.
    pub responses: Vec<usize>,
    /// Whether something about the request makes judgements on its answers unsafe: it has defects, or its branch is
    /// shared with another request.
    pub doubtful: bool,
}

impl SipTransaction {
    /// The index of the (first) request.
    pub fn request(&self) -> usize {
        self.requests.first().copied().unwrap_or_default()
    }

    /// The index and status of the first final response.
    pub fn final_response(&self, trace: &Trace) -> Option<(usize, u16)> {
        self.responses.iter().find_map(|index| {
            let status = trace.sip_at(*index)?.status()?;
            (status >= 200).then_some((*index, status))
        })
    }

    /// The index of the first 2xx response.
    pub fn success(&self, trace: &Trace) -> Option<usize> {
        self.final_response(trace).filter(|(_, status)| (200..300).contains(status)).map(|(index, _)| index)
    }
}

fn branch(message: &SipMessage) -> String {
    message.vias().first().and_then(|via| via.branch().map(str::to_owned)).unwrap_or_default()
}

fn sequence(message: &SipMessage) -> (String, u32) {
    (message.call_id().unwrap_or_default(), message.cseq().map_or(0, |cseq| cseq.number))
}

/// Groups requests and responses. A response goes to the request with its branch and method; where the branch is
/// unknown, to the one with its Call-ID and CSeq, so that a rule can say what is wrong with its Via.
pub(super) fn correlate(trace: &mut Trace) {
    let mut transactions: Vec<SipTransaction> = Vec::new();
    let mut by_branch: HashMap<(Direction, String, String), usize> = HashMap::new();
    let mut by_sequence: HashMap<(Direction, String, u32, String), usize> = HashMap::new();
    for (index, observed) in trace.observed.iter().enumerate() {
        let Some(message) = observed.sip() else { continue };
        let Some(method) = message.method() else { continue };
        let key = (observed.direction, branch(message), method.to_owned());
        if let Some(known) = by_branch.get(&key)
            && let Some(transaction) = transactions.get_mut(*known)
        {
            let first = transaction.request();
            let same = trace.observed.get(first).and_then(|first| first.sip()).map(sequence) == Some(sequence(message));
            transaction.doubtful |= !same || key.1.is_empty();
            transaction.requests.push(index);
            continue;
        }
        let (call_id, number) = sequence(message);
        by_branch.insert(key, transactions.len());
        by_sequence.entry((observed.direction, call_id, number, method.to_owned())).or_insert(transactions.len());
        transactions.push(SipTransaction {
            direction: observed.direction,
            method: method.to_owned(),
            participant: observed.participant.clone(),
            requests: vec![index],
            responses: Vec::new(),
            doubtful: !observed.dependable(),
        });
    }
    for (index, observed) in trace.observed.iter().enumerate() {
        let Some(message) = observed.sip() else { continue };
        if message.status().is_none() {
            continue;
        }
        let Some(method) = message.cseq().map(|cseq| cseq.method) else { continue };
        let direction = observed.direction.reverse();
        let (call_id, number) = sequence(message);
        let found = by_branch
            .get(&(direction, branch(message), method.clone()))
            .or_else(|| by_sequence.get(&(direction, call_id, number, method)));
        if let Some(transaction) = found.and_then(|found| transactions.get_mut(*found)) {
            transaction.responses.push(index);
        }
    }
    trace.sip = transactions;
}
