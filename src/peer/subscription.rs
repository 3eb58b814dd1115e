//! Subscriptions to the conference state (RFC 6665, RFC 4575).

use super::call::ALLOW;
use super::dialog::Dialog;
use super::options::RequestOptions;
use super::participant::{Participant, RequestKey, SubscriptionId};
use super::transaction::Purpose;
use crate::port::Moment;
use crate::wire::conference_info::{ConferenceInfo, State};
use crate::wire::sip::SipMessage;

/// How often full state is asked for because a version was missed: an implementation that gets versions wrong shall not
/// keep us busy for ever.
const REPAIRS: u8 = 3;
/// Documents kept of one subscription.
const DOCUMENTS: usize = 10_000;

/// A subscription and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) dialog: Dialog,
    /// The latest SUBSCRIBE.
    pub(super) request: RequestKey,
    expires: u32,
    /// The state as the documents give it.
    pub(super) state: Option<ConferenceInfo>,
    pub(super) documents: Vec<ConferenceInfo>,
    /// A NOTIFY said `terminated`, or the SUBSCRIBE was refused.
    pub(super) terminated: bool,
    repairs: u8,
}

impl Participant {
    /// SUBSCRIBE to the conference event package, in a dialog of its own; `expires` in seconds.
    pub fn subscribe(&mut self, now: Moment, expires: u32, options: RequestOptions) -> SubscriptionId {
        let id = SubscriptionId(self.subscriptions.len());
        let mut dialog = self.new_dialog(None, None, options.request_uri.as_deref());
        let request = dialog.request("SUBSCRIBE");
        let key = RequestKey(self.requests.len());
        self.subscriptions.push(Subscription {
            dialog,
            request: key,
            expires,
            state: None,
            documents: Vec::new(),
            terminated: false,
            repairs: 0,
        });
        self.send_subscribe(now, id, request, expires, options);
        id
    }

    /// SUBSCRIBE again in the dialog of a subscription; 0 ends it. `None` when there is no dialog.
    pub fn refresh(&mut self, now: Moment, subscription: SubscriptionId, expires: u32) -> Option<RequestKey> {
        let state = self.subscriptions.get_mut(subscription.0)?;
        if !state.dialog.is_confirmed() || state.terminated {
            return None;
        }
        let request = state.dialog.request("SUBSCRIBE");
        state.expires = expires;
        Some(self.send_subscribe(now, subscription, request, expires, RequestOptions::default()))
    }

    fn send_subscribe(
        &mut self,
        now: Moment,
        id: SubscriptionId,
        request: SipMessage,
        expires: u32,
        options: RequestOptions,
    ) -> RequestKey {
        let mut request = request
            .with("Contact", self.contact())
            .with("Event", "conference")
            .with("Expires", expires.to_string())
            .with("Accept", "application/conference-info+xml")
            .with("Allow", ALLOW);
        for (name, value) in &options.headers {
            request = request.with(name, value.clone());
        }
        let request = match options.body {
            Some((content_type, body)) => request.with_body(&content_type, body),
            None => request.without_body(),
        };
        let to = match self.subscriptions.get(id.0) {
            Some(state) => self.hop(&state.dialog),
            None => self.route.next_hop,
        };
        let key = self.launch(now, Purpose::Subscribe(id), request, options.edits, to);
        if let Some(state) = self.subscriptions.get_mut(id.0) {
            state.request = key;
        }
        key
    }

    pub(super) fn take_subscribe_answer(&mut self, id: SubscriptionId, response: &SipMessage) {
        let Some(state) = self.subscriptions.get_mut(id.0) else { return };
        match response.status().unwrap_or_default() {
            200..300 if !state.dialog.is_confirmed() => state.dialog.confirm_by_response(response),
            200..300 => state.dialog.refresh_target(response),
            _ if !state.dialog.is_confirmed() => state.terminated = true,
            481 => state.terminated = true,
            _ => {}
        }
    }

    /// The subscription that a NOTIFY belongs to.
    pub(super) fn subscription_of(&self, notify: &SipMessage) -> Option<SubscriptionId> {
        self.subscriptions.iter().position(|state| state.dialog.owns(notify)).map(SubscriptionId)
    }

    pub(super) fn take_notify(&mut self, now: Moment, id: SubscriptionId, notify: &SipMessage) {
        let Some(subscription) = self.subscriptions.get_mut(id.0) else { return };
        if subscription.dialog.is_confirmed() {
            subscription.dialog.refresh_target(notify);
        } else {
            subscription.dialog.confirm_by_request(notify);
        }
        let state = notify.header("Subscription-State").unwrap_or_default();
        if state.to_ascii_lowercase().trim_start().starts_with("terminated") {
            subscription.terminated = true;
        }
        if notify.media_type().as_deref() != Some("application/conference-info+xml") {
            return;
        }
        let Ok(parsed) = ConferenceInfo::parse(&notify.body) else { return };
        let document = parsed.tree;
        if subscription.documents.len() < DOCUMENTS {
            subscription.documents.push(document.clone());
        }
        let whole = match &mut subscription.state {
            Some(state) => state.apply(&document),
            None if document.state == State::Full => {
                subscription.state = Some(document);
                true
            }
            None => false,
        };
        if !whole && subscription.expires > 0 && !subscription.terminated && subscription.repairs < REPAIRS {
            subscription.repairs += 1;
            let expires = subscription.expires;
            self.refresh(now, id, expires);
        }
        self.latest_roster = Some(id);
    }
}
