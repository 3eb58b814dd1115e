//! What of a capture is SIP or MSRP, and what can be seen to be hidden by TLS.

use std::collections::HashMap;
use std::io::Read;
use std::net::SocketAddr;

use bytes::Bytes;
use memchr::memmem;

use super::{FileError, Flow, Sight, Sighting, Sightings};

/// Most octets of a stream that are looked at to tell what it carries.
const LOOKED_AT: usize = 64 * 1024;
/// Most octets of all streams of which it is not told yet.
const UNTOLD: usize = 32 * 1024 * 1024;
/// Most TLS connections that are named.
const NAMED: usize = 20;

/// One UDP relation between two sockets, or one TCP connection.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) flow: Flow,
    pub(super) ends: [SocketAddr; 2],
    pub(super) sightings: Vec<Sighting>,
}

/// A TLS connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The frame with its first octets.
    pub frame: u64,
    /// Who sent them.
    pub from: SocketAddr,
    /// Who got them.
    pub to: SocketAddr,
}

/// The traffic of a capture, sorted.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    pub(super) sip: Vec<Lane>,
    pub(super) msrp: Vec<Lane>,
    pub(super) hidden: Vec<Hidden>,
    pub(super) hidden_count: usize,
    pub(super) broken: Option<FileError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Sip,
    Msrp,
    Tls,
}

#[derive(Debug)]
enum State {
    Untold(Lane, usize),
    /// Index of its lane.
    Sip(usize),
    Msrp(usize),
    PassedOver,
}

impl Traffic {
    /// Sorts what a capture shows, to its end or as far as it can be read.
    pub(super) fn of<R: Read>(sightings: &mut Sightings<R>) -> Self {
        let mut traffic = Self::default();
        let mut relations: HashMap<[SocketAddr; 2], usize> = HashMap::new();
        let mut states: HashMap<Flow, State> = HashMap::new();
        let mut untold = 0;
        for sighting in sightings {
            match sighting {
                Err(error) => traffic.broken = Some(error),
                Ok(sighting) if sighting.flow == Flow::Udp => traffic.datagram(sighting, &mut relations),
                Ok(sighting) => traffic.stream(sighting, &mut states, &mut untold),
            }
        }
        traffic
    }

    fn datagram(&mut self, sighting: Sighting, relations: &mut HashMap<[SocketAddr; 2], usize>) {
        let Sight::Datagram { octets, .. } = &sighting.sight else { return };
        let mut ends = [sighting.from, sighting.to];
        ends.sort_unstable();
        let known = relations.get(&ends).copied();
        if known.is_none() && is_sip(octets) {
            relations.insert(ends, self.sip.len());
            self.sip.push(Lane { flow: Flow::Udp, ends, sightings: Vec::new() });
        }
        // Between two SIP sockets there may also be STUN (RFC 5389, 6), whose first octet is none of a text.
        let text = octets.first().is_some_and(|first| matches!(first, b'\r' | b'\n' | b' '..=b'~'));
        let lane = known.or_else(|| relations.get(&ends).copied()).and_then(|lane| self.sip.get_mut(lane));
        if let Some(lane) = lane.filter(|_| text) {
            lane.sightings.push(sighting);
        }
    }

    fn stream(&mut self, sighting: Sighting, states: &mut HashMap<Flow, State>, untold: &mut usize) {
        let state = states.entry(sighting.flow).or_insert_with(|| {
            let (flow, ends) = (sighting.flow, [sighting.from, sighting.to]);
            State::Untold(Lane { flow, ends, sightings: Vec::new() }, 0)
        });
        match state {
            State::PassedOver => {}
            State::Sip(lane) => {
                self.sip.get_mut(*lane).into_iter().for_each(|lane| lane.sightings.push(sighting.clone()))
            }
            State::Msrp(lane) => {
                self.msrp.get_mut(*lane).into_iter().for_each(|lane| lane.sightings.push(sighting.clone()));
            }
            State::Untold(lane, held) => {
                let octets = match &sighting.sight {
                    Sight::Octets(octets) => octets.clone(),
                    _ => Bytes::new(),
                };
                *held += octets.len();
                *untold += octets.len();
                let Sighting { frame, from, to, .. } = sighting;
                lane.sightings.push(sighting);
                let content = content(&octets);
                if content.is_none() && *held < LOOKED_AT && *untold < UNTOLD {
                    return;
                }
                *untold = untold.saturating_sub(*held);
                let State::Untold(lane, _) = std::mem::replace(state, State::PassedOver) else { return };
                match content {
                    Some(Content::Sip) => {
                        *state = State::Sip(self.sip.len());
                        self.sip.push(lane);
                    }
                    Some(Content::Msrp) => {
                        *state = State::Msrp(self.msrp.len());
                        self.msrp.push(lane);
                    }
                    Some(Content::Tls) => {
                        self.hidden_count += 1;
                        if self.hidden.len() < NAMED {
                            self.hidden.push(Hidden { frame, from, to });
                        }
                    }
                    None => {}
                }
            }
        }
    }
}

/// What octets of a stream are, if they show it: at their beginning, or, where the capture began within something, later.
fn content(octets: &[u8]) -> Option<Content> {
    if let [20..=23, 3, 0..=4, ..] = octets {
        return Some(Content::Tls);
    }
    let text = octets.trim_ascii_start();
    if text.starts_with(b"MSRP ") {
        return Some(Content::Msrp);
    }
    if is_sip(text) {
        return Some(Content::Sip);
    }
    if memmem::find(text, b"\nMSRP ").is_some() {
        return Some(Content::Msrp);
    }
    let later = memmem::find(text, b" SIP/2.0\r\n").is_some() || memmem::find(text, b"\nSIP/2.0 ").is_some();
    later.then_some(Content::Sip)
}

/// Whether octets begin with a request line or status line of SIP.
fn is_sip(octets: &[u8]) -> bool {
    let text = octets.trim_ascii_start();
    let line = text.split(|octet| *octet == b'\n').next().unwrap_or_default().trim_ascii_end();
    if line.starts_with(b"SIP/2.0 ") {
        return true;
    }
    let method = line.split(|octet| *octet == b' ').next().unwrap_or_default();
    !method.is_empty() && method.iter().all(u8::is_ascii_graphic) && line.ends_with(b" SIP/2.0")
}
