//! Dialogs (RFC 3261, 12).

use std::collections::HashMap;

use super::{Direction, Trace};

/// A dialog that a 2xx response made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// Call-ID.
    pub call_id: String,
    /// The tester's tag.
    pub tester_tag: String,
    /// The tag of the implementation under test.
    pub iut_tag: String,
    /// Whose it is.
    pub participant: String,
    /// `INVITE`, `SUBSCRIBE`: what made it.
    pub method: String,
    /// The transaction that made it: index into [`Trace::sip`].
    pub transaction: usize,
    /// The 2xx that made it: index of a message.
    pub created: usize,
    /// The first BYE in it, from either side: index of a message.
    pub ended: Option<usize>,
    /// The tester's URI when it was made: From of its request, or To of ours.
    pub user: String,
    /// The other side's URI: the Request-URI of the tester's request.
    pub room: String,
    /// The transactions of INVITE and UPDATE in it, in order: indices into [`Trace::sip`].
    pub offers: Vec<usize>,
}

/// Finds the dialogs and what belongs to them.
pub(super) fn correlate(trace: &mut Trace) {
    let mut dialogs: Vec<Dialog> = Vec::new();
    let mut known: HashMap<(String, String, String), usize> = HashMap::new();
    for (transaction_index, transaction) in trace.sip.iter().enumerate() {
        let Some(request) = trace.sip_at(transaction.request()) else { continue };
        let call_id = request.call_id().unwrap_or_default();
        let from = request.from();
        let to = request.to();
        let tag = |value: &Option<crate::wire::sip::NameAddr>| {
            value.as_ref().and_then(|value| value.tag()).unwrap_or_default().to_owned()
        };
        let in_dialog = |to_tag: String| match transaction.direction {
            Direction::ToIut => (call_id.clone(), tag(&from), to_tag),
            Direction::FromIut => (call_id.clone(), to_tag, tag(&from)),
        };
        let mid_dialog = known.get(&in_dialog(tag(&to))).copied();
        match transaction.method.as_str() {
            "BYE" => {
                if let Some(dialog) = mid_dialog.and_then(|found| dialogs.get_mut(found)) {
                    dialog.ended.get_or_insert(transaction.request());
                }
            }
            "INVITE" | "UPDATE" if mid_dialog.is_some() => {
                if let Some(dialog) = mid_dialog.and_then(|found| dialogs.get_mut(found)) {
                    dialog.offers.push(transaction_index);
                }
            }
            "INVITE" | "SUBSCRIBE" if mid_dialog.is_none() => {
                let Some(created) = transaction.success(trace) else { continue };
                let Some(response_to) = trace.sip_at(created).and_then(|response| response.to()) else { continue };
                let key = in_dialog(response_to.tag().unwrap_or_default().to_owned());
                let (user, room) = match transaction.direction {
                    Direction::ToIut => (&from, &to),
                    Direction::FromIut => (&to, &from),
                };
                let uri = |value: &Option<crate::wire::sip::NameAddr>| {
                    value.as_ref().map(|value| value.uri.clone()).unwrap_or_default()
                };
                let target = match (&request.start, transaction.direction) {
                    (crate::wire::sip::Start::Request { uri, .. }, Direction::ToIut) => uri.clone(),
                    _ => uri(room),
                };
                known.insert(key.clone(), dialogs.len());
                dialogs.push(Dialog {
                    call_id: key.0,
                    tester_tag: key.1,
                    iut_tag: key.2,
                    participant: transaction.participant.clone(),
                    method: transaction.method.clone(),
                    transaction: transaction_index,
                    created,
                    ended: None,
                    user: uri(user),
                    room: target,
                    offers: if transaction.method == "INVITE" { vec![transaction_index] } else { Vec::new() },
                });
            }
            _ => {}
        }
    }
    trace.dialogs = dialogs;
}
