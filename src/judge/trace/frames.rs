//! From events to messages.

use std::collections::HashMap;

use bytes::Bytes;

use super::{Direction, Leftover, Message, Observed, Place, Trace};
use crate::port::Protocol;
use crate::transcript::{Crossing, PcoId, Transcript, Transport};
use crate::wire::{msrp, sip};

/// Most octets of a SIP message on a stream.
const SIP_LIMIT: usize = 1024 * 1024;
/// Most octets kept of what cannot be decoded.
const GARBAGE_KEPT: usize = 16 * 1024;

enum Decoder {
    Sip(Box<sip::Framer>),
    Msrp(Box<msrp::Framer>),
    Lost,
}

impl Decoder {
    fn new(protocol: Protocol) -> Self {
        match protocol {
            Protocol::Sip => Self::Sip(Box::new(sip::Framer::new(SIP_LIMIT))),
            Protocol::Msrp => Self::Msrp(Box::new(msrp::Framer::new(msrp::FramerLimits::default()))),
        }
    }

    fn push(&mut self, octets: &[u8]) {
        match self {
            Self::Sip(framer) => framer.push(octets),
            Self::Msrp(framer) => framer.push(octets),
            Self::Lost => {}
        }
    }

    fn next(&mut self) -> Option<(Message, Bytes)> {
        let reason = match self {
            Self::Lost => return None,
            Self::Sip(framer) => match framer.next_message()? {
                Ok(framed) => return Some((Message::Sip(framed.message, framed.defects), framed.octets)),
                Err(error) => error.to_string(),
            },
            Self::Msrp(framer) => match framer.next_message()? {
                Ok(framed) => return Some((Message::Msrp(framed.message, framed.defects), framed.octets)),
                Err(error) => error.to_string(),
            },
        };
        let octets = kept(self.pending());
        *self = Self::Lost;
        Some((Message::Garbage(octets.clone(), reason), octets))
    }

    fn pending(&self) -> &[u8] {
        match self {
            Self::Sip(framer) => framer.pending(),
            Self::Msrp(framer) => framer.pending(),
            Self::Lost => &[],
        }
    }
}

fn kept(octets: &[u8]) -> Bytes {
    Bytes::copy_from_slice(octets.get(..octets.len().min(GARBAGE_KEPT)).unwrap_or_default())
}

/// Cuts the events of a transcript into messages.
pub(super) fn decode(transcript: &Transcript) -> Trace {
    let mut trace = Trace {
        places: transcript
            .pcos
            .iter()
            .map(|pco| Place {
                participant: pco.participant.clone(),
                protocol: pco.protocol,
                transport: pco.transport,
                closed: None,
                whole: false,
            })
            .collect(),
        end: transcript.events.last().map(|event| event.at).unwrap_or_default(),
        ..Trace::default()
    };
    let mut decoders: HashMap<(PcoId, Direction), Decoder> = HashMap::new();
    for (index, event) in transcript.events.iter().enumerate() {
        let Some(pco) = transcript.pcos.get(event.pco.0) else { continue };
        let (direction, octets) = match &event.crossing {
            Crossing::Sent(octets) => (Direction::ToIut, octets),
            Crossing::Received(octets) => (Direction::FromIut, octets),
            Crossing::Opened => {
                if let Some(place) = trace.places.get_mut(event.pco.0) {
                    place.whole = true;
                }
                continue;
            }
            Crossing::Omitted { sent, .. } => {
                // What follows cannot be cut into messages, and what is missing cannot be held against anybody.
                let direction = if *sent { Direction::ToIut } else { Direction::FromIut };
                decoders.insert((event.pco, direction), Decoder::Lost);
                trace.leftovers.push(Leftover { pco: event.pco, direction, octets: Bytes::new(), garbled: true });
                if let Some(place) = trace.places.get_mut(event.pco.0) {
                    place.closed.get_or_insert(event.at);
                    place.whole = false;
                }
                continue;
            }
            Crossing::ClosedByTester | Crossing::ClosedByIut => {
                if let Some(place) = trace.places.get_mut(event.pco.0) {
                    place.closed.get_or_insert(event.at);
                }
                continue;
            }
        };
        let note = |trace: &mut Trace, message: Message, octets: Bytes| {
            if let Message::Garbage(octets, _) = &message {
                trace.leftovers.push(Leftover { pco: event.pco, direction, octets: octets.clone(), garbled: true });
            }
            trace.observed.push(Observed {
                at: event.at,
                event: index,
                pco: event.pco,
                participant: pco.participant.clone(),
                direction,
                message,
                octets,
            });
        };
        if pco.transport == Transport::Udp {
            if let Some((message, octets)) = datagram(octets) {
                note(&mut trace, message, octets);
            }
            continue;
        }
        let decoder = decoders.entry((event.pco, direction)).or_insert_with(|| Decoder::new(pco.protocol));
        decoder.push(octets);
        while let Some((message, octets)) = decoder.next() {
            let whole = trace.places.get(event.pco.0).is_some_and(|place| place.whole);
            if let (Message::Garbage(octets, _), false) = (&message, whole) {
                // The trace began within a message, which nobody can be blamed for.
                trace.leftovers.push(Leftover { pco: event.pco, direction, octets: octets.clone(), garbled: true });
                continue;
            }
            note(&mut trace, message, octets);
        }
    }
    let mut rest: Vec<Leftover> = decoders
        .iter()
        .filter(|(_, decoder)| !decoder.pending().is_empty())
        .map(|((pco, direction), decoder)| Leftover {
            pco: *pco,
            direction: *direction,
            octets: Bytes::copy_from_slice(decoder.pending()),
            garbled: false,
        })
        .collect();
    rest.sort_by_key(|left| (left.pco, left.direction == Direction::FromIut));
    trace.leftovers.extend(rest);
    trace
}

/// A datagram that holds only line ends or zeros keeps a NAT binding alive (RFC 5626, 3.5) and is no message.
fn datagram(octets: &Bytes) -> Option<(Message, Bytes)> {
    if octets.iter().all(|octet| matches!(octet, b'\r' | b'\n' | 0)) {
        return None;
    }
    match sip::SipMessage::parse_datagram(octets.clone()) {
        Some(parsed) => Some((Message::Sip(parsed.tree, parsed.defects), octets.clone())),
        None => Some((Message::Garbage(kept(octets), "not the start of a SIP message".to_owned()), octets.clone())),
    }
}
