//! Subscriptions to the conference event package (RFC 6665, RFC 4575) and what they were told.

use std::collections::HashMap;

use super::{Direction, Trace};
use crate::wire::Parsed;
use crate::wire::conference_info::{ConferenceInfo, ConferenceInfoDefect, MalformedXml};

/// The document of a notification.
pub type Document = Result<Parsed<ConferenceInfo, ConferenceInfoDefect>, MalformedXml>;

/// A NOTIFY, retransmissions left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The message: index.
    pub index: usize,
    /// Its transaction: index into [`Trace::sip`].
    pub transaction: usize,
    /// Number of its CSeq.
    pub cseq: u32,
    /// Event, package name only, in lower case.
    pub package: String,
    /// Subscription-State, the state only, in lower case.
    pub state: String,
    /// The document, if its body is application/conference-info+xml.
    pub document: Option<Document>,
}

/// The notifications that came in one dialog from one notifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Call-ID.
    pub call_id: String,
    /// The notifier's tag.
    pub iut_tag: String,
    /// The subscriber's tag.
    pub tester_tag: String,
    /// Whose it is.
    pub participant: String,
    /// The first SUBSCRIBE: index into [`Trace::sip`].
    pub subscribe: Option<usize>,
    /// The URI that was subscribed to.
    pub room: Option<String>,
    /// The notifications, by CSeq: datagrams may overtake each other.
    pub notifications: Vec<Notification>,
}

/// The media type of conference state documents.
pub const CONFERENCE_INFO: &str = "application/conference-info+xml";

fn token(value: Option<String>) -> String {
    value.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Groups notifications by subscription.
pub(super) fn correlate(trace: &mut Trace) {
    let mut found: Vec<Subscription> = Vec::new();
    let mut known: HashMap<(String, String, String), usize> = HashMap::new();
    for (index, transaction) in trace.sip.iter().enumerate() {
        if transaction.direction != Direction::FromIut || transaction.method != "NOTIFY" {
            continue;
        }
        let Some(message) = trace.sip_at(transaction.request()) else { continue };
        let tag = |value: Option<crate::wire::sip::NameAddr>| {
            value.as_ref().and_then(|value| value.tag()).unwrap_or_default().to_owned()
        };
        let key = (message.call_id().unwrap_or_default(), tag(message.from()), tag(message.to()));
        let document = (message.media_type().as_deref() == Some(CONFERENCE_INFO) && !message.body.is_empty())
            .then(|| ConferenceInfo::parse(&message.body));
        let notification = Notification {
            index: transaction.request(),
            transaction: index,
            cseq: message.cseq().map_or(0, |cseq| cseq.number),
            package: token(message.header("Event")),
            state: token(message.header("Subscription-State")),
            document,
        };
        let place = *known.entry(key.clone()).or_insert(found.len());
        if let Some(subscription) = found.get_mut(place) {
            subscription.notifications.push(notification);
            continue;
        }
        let subscribe = trace.sip.iter().position(|transaction| {
            transaction.direction == Direction::ToIut
                && transaction.method == "SUBSCRIBE"
                && trace.sip_at(transaction.request()).is_some_and(|request| {
                    request.call_id().as_deref() == Some(key.0.as_str()) && tag(request.from()) == key.2
                })
        });
        let room = subscribe
            .and_then(|subscribe| trace.sip.get(subscribe))
            .and_then(|transaction| trace.sip_at(transaction.request()))
            .and_then(|request| match &request.start {
                crate::wire::sip::Start::Request { uri, .. } => Some(uri.clone()),
                crate::wire::sip::Start::Response { .. } => None,
            });
        found.push(Subscription {
            call_id: key.0,
            iut_tag: key.1,
            tester_tag: key.2,
            participant: transaction.participant.clone(),
            subscribe,
            room,
            notifications: vec![notification],
        });
    }
    for subscription in &mut found {
        subscription.notifications.sort_by_key(|notification| notification.cseq);
    }
    trace.subscriptions = found;
}
