//! Captures: written, of a run ([`CaptureWriter`]), and read, of what somebody recorded of the traffic of others.
//!
//! Files are pcap or pcapng; packets are taken out of the usual link layers, fragments are put together, TCP segments
//! become streams ([`Sightings`]), and what of it is SIP or MSRP becomes a transcript ([`Recording`]), in the order in which
//! it could be read by those whom it was for. A file is read piece by piece, and every buffer has a bound. What a capture
//! lacks is reported as lost, never guessed.

mod file;
mod frame;
mod link;
mod packet;
mod pcapng;
mod pieces;
mod recording;
mod roles;
mod stream;
#[cfg(test)]
mod tests;
mod traffic;
mod window;
mod write;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io::Read;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

pub use file::{FileError, FileTrouble, Frame, Frames, MOST_CAPTURED};
pub use recording::{Recording, RecordingError};
pub use roles::{Address, Basis};
pub use write::{CaptureWriter, Comment};

use self::link::Carried;
use self::packet::{Datagram, Fragments, Payload, Transported};
use self::stream::{Mark, Streams};
use crate::port::Moment;

/// Something that a capture shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// When it was captured, from the time of the first frame. Octets that waited for others before them: when those came.
    pub at: Moment,
    /// The frame in which it stands, as Wireshark counts.
    pub frame: u64,
    /// The frame with which its receiver could read it: that of a segment which closed a gap before it, else its own.
    /// What was lost has the frame that showed it. Sightings that are told late stand in order when sorted by this.
    pub turn: u64,
    /// What it belongs to.
    pub flow: Flow,
    /// Who sent it.
    pub from: SocketAddr,
    /// Whom it is for.
    pub to: SocketAddr,
    /// What it is.
    pub sight: Sight,
}

/// What a sighting belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// UDP between two sockets.
    Udp,
    /// A TCP connection, numbered as they began.
    Tcp(u64),
}

/// What is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// A datagram.
    Datagram {
        /// Its payload.
        octets: Bytes,
        /// How many octets at its end were not captured.
        missing: usize,
    },
    /// A connection is opened by its sender. A stream whose beginning was not captured has none of these.
    Opened,
    /// The next octets of a stream.
    Octets(Bytes),
    /// So many octets of a stream were not captured.
    Lost {
        /// How many.
        octets: u64,
    },
    /// The sender closes its direction, or resets the connection.
    Closed,
}

/// Why a frame tells nothing, though it might have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Silence {
    /// Its link layer, of this number in the registry of LINKTYPE_ values, is not known here.
    UnknownLink(u16),
    /// It was cut short before its payload, or its headers are none.
    Damaged,
    /// A fragment of a packet that was not captured whole.
    Incomplete,
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownLink(link) => write!(f, "of the link layer {link}, which is not known here"),
            Self::Damaged => f.write_str("cut short or damaged in their headers"),
            Self::Incomplete => f.write_str("of packets that were not captured with all their fragments"),
        }
    }
}

/// The sightings of a capture. An error is the last item; what was seen before it is all there.
#[derive(Debug)]
pub struct Sightings<R> {
    frames: Frames<R>,
    fragments: Fragments,
    streams: Streams,
    ready: VecDeque<Sighting>,
    broken: Option<FileError>,
    ended: bool,
    start: Option<Duration>,
    latest: Moment,
    seen: u64,
    silent: BTreeMap<Silence, u64>,
}

impl<R: Read> Sightings<R> {
    /// Begins to read a capture.
    ///
    /// # Errors
    /// If the file is none.
    pub fn open(reader: R) -> Result<Self, FileError> {
        Ok(Self {
            frames: Frames::open(reader)?,
            fragments: Fragments::default(),
            streams: Streams::default(),
            ready: VecDeque::new(),
            broken: None,
            ended: false,
            start: None,
            latest: Moment::ZERO,
            seen: 0,
            silent: BTreeMap::new(),
        })
    }

    /// The time of the first frame that has one, since the Unix epoch.
    pub fn start(&self) -> Option<Duration> {
        self.start
    }

    /// How many frames were read.
    pub fn frames(&self) -> u64 {
        self.seen
    }

    /// How many frames told nothing, and why; of incomplete packets, how many there are.
    pub fn silent(&self) -> BTreeMap<Silence, u64> {
        let mut silent = self.silent.clone();
        let incomplete = self.fragments.never_whole();
        if incomplete > 0 {
            silent.insert(Silence::Incomplete, incomplete);
        }
        silent
    }

    /// Reads a frame; `false`: there is none any more.
    fn read_on(&mut self) -> bool {
        let frame = match self.frames.next_frame() {
            None => return false,
            Some(Err(error)) => {
                self.broken = Some(error);
                return false;
            }
            Some(Ok(frame)) => frame,
        };
        self.seen = frame.number;
        if let Some(time) = frame.time {
            self.latest = time.saturating_sub(*self.start.get_or_insert(time));
        }
        let mark = Mark { frame: frame.number, at: self.latest };
        let silence = match link::carried(frame.link, frame.octets) {
            Carried::Ip(packet) => look_at(packet, mark, &mut self.fragments, &mut self.streams, &mut self.ready).err(),
            Carried::Other => None,
            Carried::CutShort => Some(Silence::Damaged),
            Carried::UnknownLink => Some(Silence::UnknownLink(frame.link)),
        };
        if let Some(silence) = silence {
            *self.silent.entry(silence).or_default() += 1;
        }
        true
    }
}

fn look_at(
    packet: &[u8],
    mark: Mark,
    fragments: &mut Fragments,
    streams: &mut Streams,
    ready: &mut VecDeque<Sighting>,
) -> Result<(), Silence> {
    let payload = Payload::of(packet).map_err(|_| Silence::Damaged)?;
    let completed;
    let payload = if payload.is_fragment() {
        let Some(octets) = fragments.take(&payload) else { return Ok(()) };
        completed = octets;
        packet::whole(&payload, &completed)
    } else {
        payload
    };
    match payload.transported().map_err(|_| Silence::Damaged)? {
        Transported::Datagram(Datagram { from, to, octets, missing }) => {
            let sight = Sight::Datagram { octets: Bytes::copy_from_slice(octets), missing };
            let Mark { at, frame } = mark;
            ready.push_back(Sighting { at, frame, turn: frame, flow: Flow::Udp, from, to, sight });
        }
        Transported::Segment(segment) => streams.take(&segment, mark, ready),
        Transported::Other => {}
    }
    Ok(())
}

impl<R: Read> Iterator for Sightings<R> {
    type Item = Result<Sighting, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(sighting) = self.ready.pop_front() {
                return Some(Ok(sighting));
            }
            if self.ended {
                return self.broken.take().map(Err);
            }
            if !self.read_on() {
                self.ended = true;
                self.streams.finish(&mut self.ready);
            }
        }
    }
}
