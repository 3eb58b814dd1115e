//! Subscriptions to a room's roster (RFC 6665, 4.2; RFC 4575, 3).

use crate::port::Moment;
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::sip::SipMessage;

use super::dialog::DialogId;
use super::respond::{ALLOW_EVENTS, CONFERENCE_INFO, Refusal};
use super::roster::Snapshot;

/// A subscription's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SubscriptionId(pub u64);

/// One subscription.
#[derive(Debug)]
pub(super) struct Subscription {
    /// The dialog it lives in.
    pub dialog: DialogId,
    /// The room's place.
    pub room: usize,
    /// The `id` parameter of Event, which tells subscriptions of one dialog apart.
    pub event_id: Option<String>,
    /// The conference URI as the subscriber wrote it.
    pub entity: String,
    /// When it ends.
    pub expires: Moment,
    /// The version of the next document.
    pub version: u32,
    /// What the last document left the subscriber with.
    pub told: Option<Snapshot>,
    /// Whether the next document has to be a full one.
    pub full_due: bool,
    /// Whether something has changed since.
    pub dirty: bool,
    /// Whether a NOTIFY waits for its response; the next one waits for that.
    pub in_flight: bool,
    /// Before this nothing but an answer to a SUBSCRIBE is sent (RFC 4575, 3.10).
    pub not_before: Moment,
}

/// What a SUBSCRIBE asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    /// The `id` parameter of Event.
    pub event_id: Option<String>,
    /// Seconds, if given.
    pub expires: Option<u64>,
}

impl Wish {
    /// Reads Event, Accept and Expires.
    pub fn read(request: &SipMessage, faults: FaultSet) -> Result<Self, Refusal> {
        let bad_event = || Refusal::new(489).with("Allow-Events", ALLOW_EVENTS);
        let event = request.header("Event").ok_or_else(bad_event)?;
        let mut parts = event.split(';').map(str::trim);
        // Package names are compared by octets, case included (RFC 6665, 7.2.1).
        if parts.next() != Some(ALLOW_EVENTS) && !faults.has(Fault::PackageIgnored) {
            return Err(bad_event());
        }
        let event_id = parts
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("id"))
            .map(|(_, value)| value.trim().to_owned());
        let accepts = request.values("Accept");
        if accepts.is_empty() && faults.has(Fault::AcceptDemanded) {
            return Err(Refusal::new(406).with("Accept", CONFERENCE_INFO));
        }
        if !faults.has(Fault::AcceptIgnored)
            && !accepts.is_empty()
            && !accepts.iter().any(|range| covers(range, CONFERENCE_INFO))
        {
            return Err(Refusal::new(406).with("Accept", CONFERENCE_INFO));
        }
        let expires = match request.header("Expires") {
            None => None,
            Some(text) => {
                let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
                if !digits {
                    return Err(Refusal::new(400));
                }
                Some(text.parse().unwrap_or(u64::from(u32::MAX)))
            }
        };
        Ok(Self { event_id, expires })
    }
}

/// Whether a range of an Accept header covers a media type.
pub(super) fn covers(range: &str, media_type: &str) -> bool {
    let range = range.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let kind = media_type.split('/').next().unwrap_or_default();
    range == media_type || range == "*/*" || range == format!("{kind}/*")
}
