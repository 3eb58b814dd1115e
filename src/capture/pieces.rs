//! The messages of a lane, each with the frames it stands in. Which rule they keep is not asked here.

use std::net::SocketAddr;

use bytes::Bytes;

use super::traffic::Lane;
use super::{Flow, Sight, Sighting};
use crate::port::{Moment, Protocol};
use crate::wire::msrp::{self, MsrpMessage};
use crate::wire::sip::{self, SipMessage};

/// Most octets of a SIP message on a stream.
const SIP_LIMIT: usize = 1024 * 1024;

/// A message, or something else that happens on a lane.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) at: Moment,
    /// The frames with its first and with its last octet.
    pub(super) frames: [u64; 2],
    pub(super) turn: u64,
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) what: What,
    /// Whose it is, once that is known.
    pub(super) participant: Option<String>,
}

#[derive(Debug)]
pub(super) enum What {
    Opened,
    Closed,
    /// Octets that were not captured.
    Lost(u64),
    Sip(Box<SipMessage>, Bytes),
    Msrp(Box<MsrpMessage>, Bytes),
    /// Octets that are no message, or not all of one.
    Raw(Bytes),
}

enum Framer {
    Sip(Box<sip::Framer>),
    Msrp(Box<msrp::Framer>),
    /// Nothing is cut into messages any more.
    Raw,
}

/// One direction of a stream.
struct Cutter {
    from: SocketAddr,
    framer: Framer,
    /// The frame with the first octet of what is not complete yet.
    begun: Option<u64>,
    last: Option<Sighting>,
}

/// Cuts a lane into messages.
pub(super) fn of(lane: Lane, protocol: Protocol) -> Vec<Piece> {
    if lane.flow == Flow::Udp {
        return lane.sightings.into_iter().flat_map(datagram).collect();
    }
    let mut pieces = Vec::new();
    let mut cutters = lane.ends.map(|from| Cutter::new(from, protocol));
    for sighting in lane.sightings {
        match &sighting.sight {
            Sight::Octets(octets) => {
                let octets = octets.clone();
                let cutter = cutters.iter_mut().find(|cutter| cutter.from == sighting.from);
                cutter.into_iter().for_each(|cutter| cutter.cut(&octets, &sighting, &mut pieces));
            }
            Sight::Opened => pieces.push(piece(&sighting, sighting.frame, What::Opened)),
            Sight::Closed => pieces.push(piece(&sighting, sighting.frame, What::Closed)),
            Sight::Lost { octets } => {
                let cutter = cutters.iter_mut().find(|cutter| cutter.from == sighting.from);
                cutter.into_iter().for_each(|cutter| cutter.framer = Framer::Raw);
                pieces.push(piece(&sighting, sighting.frame, What::Lost(*octets)));
            }
            Sight::Datagram { .. } => {}
        }
    }
    for cutter in cutters {
        let rest = Bytes::copy_from_slice(cutter.framer.pending());
        if let (false, Some(last)) = (rest.is_empty(), &cutter.last) {
            pieces.push(piece(last, cutter.begun.unwrap_or(last.frame), What::Raw(rest)));
        }
    }
    pieces
}

fn piece(sighting: &Sighting, begun: u64, what: What) -> Piece {
    let Sighting { at, frame, turn, from, to, .. } = *sighting;
    Piece { at, frames: [begun, frame], turn, from, to, what, participant: None }
}

fn datagram(sighting: Sighting) -> Vec<Piece> {
    let Sight::Datagram { octets, missing } = &sighting.sight else { return Vec::new() };
    if *missing > 0 {
        return vec![piece(&sighting, sighting.frame, What::Lost((octets.len() + missing) as u64))];
    }
    let what = match SipMessage::parse_datagram(octets.clone()) {
        Some(parsed) => What::Sip(Box::new(parsed.tree), octets.clone()),
        None => What::Raw(octets.clone()),
    };
    vec![piece(&sighting, sighting.frame, what)]
}

impl Cutter {
    fn new(from: SocketAddr, protocol: Protocol) -> Self {
        let framer = match protocol {
            Protocol::Sip => Framer::Sip(Box::new(sip::Framer::new(SIP_LIMIT))),
            Protocol::Msrp => Framer::Msrp(Box::new(msrp::Framer::new(msrp::FramerLimits::default()))),
        };
        Self { from, framer, begun: None, last: None }
    }

    fn cut(&mut self, octets: &Bytes, sighting: &Sighting, pieces: &mut Vec<Piece>) {
        if matches!(self.framer, Framer::Raw) {
            pieces.push(piece(sighting, sighting.frame, What::Raw(octets.clone())));
            return;
        }
        self.framer.push(octets);
        let mut begun = self.begun.unwrap_or(sighting.frame);
        while let Some(what) = self.framer.next() {
            pieces.push(piece(sighting, begun, what));
            begun = sighting.frame;
        }
        self.begun = (!self.framer.pending().is_empty()).then_some(begun);
        self.last = Some(sighting.clone());
    }
}

impl Framer {
    fn push(&mut self, octets: &[u8]) {
        match self {
            Self::Sip(framer) => framer.push(octets),
            Self::Msrp(framer) => framer.push(octets),
            Self::Raw => {}
        }
    }

    fn next(&mut self) -> Option<What> {
        let framed = match self {
            Self::Sip(framer) => {
                framer.next_message()?.map(|framed| What::Sip(Box::new(framed.message), framed.octets)).ok()
            }
            Self::Msrp(framer) => {
                framer.next_message()?.map(|framed| What::Msrp(Box::new(framed.message), framed.octets)).ok()
            }
            Self::Raw => return None,
        };
        Some(framed.unwrap_or_else(|| {
            let rest = Bytes::copy_from_slice(self.pending());
            *self = Self::Raw;
            What::Raw(rest)
        }))
    }

    fn pending(&self) -> &[u8] {
        match self {
            Self::Sip(framer) => framer.pending(),
            Self::Msrp(framer) => framer.pending(),
            Self::Raw => &[],
        }
    }
}
