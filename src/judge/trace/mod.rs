//! A transcript decoded: the messages that crossed, and what belongs together among them.
//!
//! The tester breaks rules on purpose, so nothing here assumes that its octets make sense. Where a correlation hangs on
//! octets that are not dependable, it says so (`doubtful`) and the rules leave it alone: a false alarm is the worst bug.

mod dialogs;
mod frames;
mod media;
mod sessions;
mod sip;
mod subscriptions;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use bytes::Bytes;

pub use dialogs::Dialog;
pub use media::{Chunk, Delivery, Exchange};
pub use sessions::{Description, Negotiation, Session, Terms, has_token};
pub use sip::SipTransaction;
pub use subscriptions::{CONFERENCE_INFO, Document, Notification, Subscription};

use super::verdict::Evidence;
use crate::port::{Moment, Protocol};
use crate::transcript::{PcoId, Transcript, Transport};
use crate::wire::msrp::{MsrpDefect, MsrpMessage};
use crate::wire::sip::{SipDefect, SipMessage};
use crate::wire::{Defect, Span};

/// Which way octets went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The tester sent them.
    ToIut,
    /// The implementation under test sent them.
    FromIut,
}

impl Direction {
    /// The other way.
    pub fn reverse(self) -> Self {
        match self {
            Self::ToIut => Self::FromIut,
            Self::FromIut => Self::ToIut,
        }
    }
}

/// A message, or what could not be read as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A SIP message and what is wrong with it.
    Sip(SipMessage, Vec<Defect<SipDefect>>),
    /// An MSRP message and what is wrong with it.
    Msrp(MsrpMessage, Vec<Defect<MsrpDefect>>),
    /// Octets that are neither, cut to a bound, and why. Nothing after them on the same stream is decoded.
    Garbage(Bytes, String),
}

/// A message that crossed a PCO.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// When its last octet crossed.
    pub at: Moment,
    /// Index of the transcript event with its last octet.
    pub event: usize,
    /// Where.
    pub pco: PcoId,
    /// Whose PCO that is.
    pub participant: String,
    /// Which way.
    pub direction: Direction,
    /// What it is.
    pub message: Message,
    /// Its octets.
    pub octets: Bytes,
}

impl Observed {
    /// The SIP message, if it is one.
    pub fn sip(&self) -> Option<&SipMessage> {
        match &self.message {
            Message::Sip(message, _) => Some(message),
            _ => None,
        }
    }

    /// The MSRP message, if it is one.
    pub fn msrp(&self) -> Option<&MsrpMessage> {
        match &self.message {
            Message::Msrp(message, _) => Some(message),
            _ => None,
        }
    }

    /// Whether correlations and judgements about answers may rest on this message: it is free of defects that could
    /// make a receiver see another message than we do.
    pub fn dependable(&self) -> bool {
        match &self.message {
            Message::Sip(_, defects) => defects.is_empty(),
            Message::Msrp(_, defects) => defects.iter().all(|defect| {
                matches!(
                    defect.kind,
                    MsrpDefect::MalformedNickname
                        | MsrpDefect::MissingNickname
                        | MsrpDefect::MissingMessageId
                        | MsrpDefect::ReportHeader
                        | MsrpDefect::ByteRangeLength
                        | MsrpDefect::OversizedNonSendBody
                        | MsrpDefect::NotInterruptible
                )
            }),
            Message::Garbage(..) => false,
        }
    }
}

/// One direction of one stream, as far as it could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Where.
    pub pco: PcoId,
    /// Which way.
    pub direction: Direction,
    /// What was there: the beginning of a message that the end of the trace cut off, or garbage.
    pub octets: Bytes,
    /// Whether it is garbage and hides what came after it.
    pub garbled: bool,
}

/// What is known of a PCO beside its messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose it is.
    pub participant: String,
    /// What it carries.
    pub protocol: Protocol,
    /// What carries it.
    pub transport: Transport,
    /// When it was closed, by either side.
    pub closed: Option<Moment>,
    /// Whether the trace has its opening: where it has not, requests may have crossed before the trace began.
    pub whole: bool,
}

/// A decoded transcript.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The PCOs, by [`PcoId`].
    pub places: Vec<Place>,
    /// The messages, in the order in which their last octets crossed.
    pub observed: Vec<Observed>,
    /// What was left of the streams.
    pub leftovers: Vec<Leftover>,
    /// SIP transactions, in the order of their first messages.
    pub sip: Vec<SipTransaction>,
    /// Dialogs.
    pub dialogs: Vec<Dialog>,
    /// Offer/answer exchanges.
    pub negotiations: Vec<Negotiation>,
    /// MSRP sessions.
    pub sessions: Vec<Session>,
    /// MSRP requests with their responses.
    pub exchanges: Vec<Exchange>,
    /// MSRP responses of the implementation under test that belong to no request of the tester: indices of messages.
    pub strays: Vec<usize>,
    /// MSRP messages put together from their chunks.
    pub deliveries: Vec<Delivery>,
    /// Subscriptions with their notifications.
    pub subscriptions: Vec<Subscription>,
    /// When the last event happened.
    pub end: Moment,
    by_request: HashMap<usize, usize>,
}

impl Trace {
    /// Decodes a transcript. Takes any octets.
    pub fn of(transcript: &Transcript) -> Self {
        let mut trace = frames::decode(transcript);
        sip::correlate(&mut trace);
        dialogs::correlate(&mut trace);
        sessions::correlate(&mut trace);
        media::correlate(&mut trace);
        subscriptions::correlate(&mut trace);
        trace
    }

    /// A message as SIP.
    pub fn sip_at(&self, index: usize) -> Option<&SipMessage> {
        self.observed.get(index)?.sip()
    }

    /// A message as MSRP.
    pub fn msrp_at(&self, index: usize) -> Option<&MsrpMessage> {
        self.observed.get(index)?.msrp()
    }

    /// The exchange that an MSRP request opened.
    pub fn exchange_of(&self, request: usize) -> Option<&Exchange> {
        self.by_request.get(&request).and_then(|index| self.exchanges.get(*index))
    }

    /// Whether octets of the tester went out of the decoder's sight on this PCO.
    pub fn garbled(&self, pco: PcoId, direction: Direction) -> bool {
        self.leftovers.iter().any(|left| left.garbled && left.pco == pco && left.direction == direction)
    }

    /// Whether every MSRP connection of a participant was seen from its opening.
    pub fn whole(&self, participant: &str) -> bool {
        let mut places = self.places.iter().filter(|place| place.participant == participant);
        places.all(|place| place.protocol != Protocol::Msrp || place.whole)
    }

    /// Whether octets went out of the decoder's sight on any connection of a participant.
    pub fn garbled_at(&self, participant: &str, direction: Direction) -> bool {
        let here = |pco: PcoId| self.places.get(pco.0).is_none_or(|place| place.participant == participant);
        self.leftovers.iter().any(|left| left.garbled && left.direction == direction && here(left.pco))
    }

    /// Whether octets of the tester went out of the decoder's sight on any MSRP connection.
    pub fn any_garbled(&self, direction: Direction) -> bool {
        self.leftovers.iter().any(|left| left.garbled && left.direction == direction)
    }

    /// Whether the octets stand in something that a stream was left with.
    pub fn left_with(&self, pco: PcoId, direction: Direction, needle: &[u8]) -> bool {
        self.leftovers
            .iter()
            .filter(|left| left.pco == pco && left.direction == direction)
            .any(|left| memchr::memmem::find(&left.octets, needle).is_some())
    }

    /// What carries a PCO.
    pub fn transport(&self, pco: PcoId) -> Option<Transport> {
        self.places.get(pco.0).map(|place| place.transport)
    }

    /// A message as evidence.
    pub fn evidence(&self, index: usize, caption: impl Into<String>) -> Evidence {
        let observed = self.observed.get(index);
        Evidence {
            caption: caption.into(),
            event: observed.map(|observed| observed.event),
            octets: observed.map(|observed| observed.octets.clone()).unwrap_or_default(),
            decisive: None,
        }
    }

    /// A message as evidence, with one of its header lines as the decisive part.
    pub fn evidence_header(&self, index: usize, caption: impl Into<String>, header: &str) -> Evidence {
        let mut evidence = self.evidence(index, caption);
        evidence.decisive = header_line(&evidence.octets, header);
        evidence
    }

    /// A message as evidence, with its first line as the decisive part.
    pub fn evidence_start(&self, index: usize, caption: impl Into<String>) -> Evidence {
        let mut evidence = self.evidence(index, caption);
        let end = memchr::memchr(b'\n', &evidence.octets).map_or(evidence.octets.len(), |end| end + 1);
        evidence.decisive = Some(Span { start: 0, end });
        evidence
    }

    /// A message as evidence, with its last line as the decisive part.
    pub fn evidence_end(&self, index: usize, caption: impl Into<String>) -> Evidence {
        let mut evidence = self.evidence(index, caption);
        let end = evidence.octets.len();
        let start = evidence
            .octets
            .get(..end.saturating_sub(2))
            .and_then(|octets| memchr::memrchr(b'\n', octets))
            .map_or(0, |start| start + 1);
        evidence.decisive = Some(Span { start, end });
        evidence
    }

    /// A message as evidence, with a span of it as the decisive part.
    pub fn evidence_span(&self, index: usize, caption: impl Into<String>, span: Span) -> Evidence {
        let mut evidence = self.evidence(index, caption);
        let length = evidence.octets.len();
        let end = span.end.min(length);
        evidence.decisive = Some(Span { start: span.start.min(end), end });
        evidence
    }
}

/// Where the first header line of this name stands, its line end included.
pub fn header_line(octets: &[u8], name: &str) -> Option<Span> {
    let mut start = 0;
    while start < octets.len() {
        let rest = octets.get(start..)?;
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line = rest.get(..length)?;
        let colon = line.get(name.len()).copied();
        if line.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes()))
            && matches!(colon, Some(b':' | b' '))
        {
            return Some(Span { start, end: start + length });
        }
        start += length;
    }
    None
}
