//! A capture as a transcript, as if the participants in it had been the tester's.

use std::collections::BTreeSet;
use std::io::Read;
use std::net::SocketAddr;
use std::time::Duration;

use super::pieces::{self, Piece, What};
use super::roles::{self, Address, Basis, Cut, Undecided};
use super::traffic::{Hidden, Lane, Traffic};
use super::{FileError, Flow, Sightings};
use crate::port::{Moment, Protocol};
use crate::transcript::{Crossing, Pco, PcoId, Transcript, Transport};

/// Octets of one lane that the transcript cannot hold against anybody: nothing behind them can be read.
const NOTHING_MORE: [bool; 2] = [true, false];

/// What a capture holds of the traffic between participants and the implementation under test.
#[derive(Debug, Default)]
pub struct Recording {
    /// The traffic.
    pub transcript: Transcript,
    /// Of each event, the frames with its first and its last octet.
    pub frames: Vec<[u64; 2]>,
    /// How many frames the capture has, as far as it could be read.
    pub frame_count: u64,
    /// The time of the first frame, since the Unix epoch.
    pub start: Option<Duration>,
    /// The sockets of the implementation under test.
    pub iut: Vec<SocketAddr>,
    /// How it is known that they are.
    pub basis: Option<Basis>,
    /// The participants, as their URIs.
    pub participants: Vec<String>,
    /// What the reader should know of what was not judged.
    pub remarks: Vec<String>,
    /// Where the capture breaks off, and why.
    pub broken: Option<FileError>,
}

/// Why a capture cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file is no capture.
    #[error(transparent)]
    File(#[from] FileError),
    /// Nobody is told to be the implementation under test.
    #[error("it cannot be told who is the switch: {}", list(.0))]
    Undecided(Vec<SocketAddr>),
}

fn list(ends: &[SocketAddr]) -> String {
    let shown: Vec<String> = ends.iter().take(8).map(ToString::to_string).collect();
    let more = if ends.len() > shown.len() { ", ..." } else { "" };
    format!("{}{more}", shown.join(", "))
}

impl Recording {
    /// Reads a capture. `told`: the addresses of the implementation under test, if its user knows them better.
    ///
    /// # Errors
    /// If the file is no capture, or it cannot be told who is the implementation under test.
    pub fn of<R: Read>(reader: R, told: &[Address]) -> Result<Self, RecordingError> {
        let mut sightings = Sightings::open(reader)?;
        let traffic = Traffic::of(&mut sightings);
        let mut recording = Self {
            frame_count: sightings.frames(),
            start: sightings.start(),
            broken: traffic.broken,
            ..Self::default()
        };
        for (silence, count) in sightings.silent() {
            recording.remarks.push(format!("not read: {count} {silence}"));
        }
        recording.hidden(&traffic.hidden, traffic.hidden_count);
        let cut = |lane: Lane| (lane.flow, pieces::of(lane, Protocol::Sip));
        let (sip_flows, sip): (Vec<Flow>, Vec<Cut>) = traffic.sip.into_iter().map(cut).unzip();
        let msrp: Vec<Cut> = traffic.msrp.into_iter().map(|lane| pieces::of(lane, Protocol::Msrp)).collect();
        let found = roles::find(&sip, &msrp, told).map_err(|Undecided(ends)| RecordingError::Undecided(ends))?;
        let Some((mut roles, basis)) = found else {
            let heard = !sip.is_empty() || !msrp.is_empty();
            if heard {
                recording.remarks.push("no SIP or MSRP to or from the address that was told".to_owned());
            }
            return Ok(recording);
        };
        recording.basis = Some(basis);
        let mut oriented: Vec<(Cut, SocketAddr, Protocol, Transport)> = Vec::new();
        let mut left: Vec<(Flow, Cut)> = Vec::new();
        for (flow, mut lane) in sip_flows.into_iter().zip(sip) {
            match roles.sip_end(&lane) {
                Some(iut) => {
                    roles.attribute_sip(&mut lane, iut);
                    oriented.push((lane, iut, Protocol::Sip, transport(flow)));
                }
                None => left.push((flow, lane)),
            }
        }
        // Now that its dialogs are known, connections that it opened from other sockets can be told.
        for (flow, mut lane) in left {
            match roles.sip_end(&lane).filter(|_| flow != Flow::Udp) {
                Some(iut) => {
                    roles.attribute_sip(&mut lane, iut);
                    oriented.push((lane, iut, Protocol::Sip, transport(flow)));
                }
                None => recording.left_out("SIP", &lane),
            }
        }
        for mut lane in msrp {
            match roles.msrp_end(&lane) {
                Some(iut) => {
                    roles.attribute_msrp(&mut lane);
                    oriented.push((lane, iut, Protocol::Msrp, Transport::Tcp));
                }
                None => recording.left_out("MSRP", &lane),
            }
        }
        recording.iut = roles.sockets.iter().copied().collect();
        recording.write(oriented);
        Ok(recording)
    }

    fn hidden(&mut self, named: &[Hidden], count: usize) {
        for Hidden { frame, from, to } in named {
            self.remarks.push(format!("not readable: TLS between {from} and {to}, from frame {frame} on"));
        }
        if count > named.len() {
            self.remarks.push(format!("not readable: {} further TLS connections", count - named.len()));
        }
    }

    fn left_out(&mut self, protocol: &str, lane: &Cut) {
        if let Some(Piece { from, to, frames: [first, _], .. }) = lane.first() {
            let who = "neither end, or either, is the switch";
            self.remarks.push(format!("not judged: {protocol} between {from} and {to}, from frame {first} on: {who}"));
        }
    }

    /// Writes the transcript: a PCO for each participant of a lane, events in the order in which they crossed.
    fn write(&mut self, oriented: Vec<(Cut, SocketAddr, Protocol, Transport)>) {
        let mut events: Vec<(u64, Moment, PcoId, Crossing, [u64; 2])> = Vec::new();
        let mut participants = BTreeSet::new();
        for (mut lane, iut, protocol, transport) in oriented {
            let Some(first) = lane.first() else { continue };
            let local = if first.from == iut { first.to } else { first.from };
            // What is not known to be somebody's is of whoever spoke before, or else first.
            let mut name = lane.iter().find_map(|piece| piece.participant.clone()).unwrap_or_else(|| local.to_string());
            let mut names: Vec<(String, PcoId)> = Vec::new();
            for piece in &mut lane {
                name = piece.participant.take().unwrap_or(name);
                if names.iter().all(|(known, _)| *known != name) {
                    let participant = name.clone();
                    let pco = Pco { participant, protocol, transport, local, remote: Some(iut) };
                    names.push((name.clone(), self.transcript.open(pco)));
                }
                piece.participant = Some(name.clone());
            }
            participants.extend(names.iter().map(|(name, _)| name.clone()));
            for Piece { at, frames, turn, from, what, participant, .. } in lane {
                let sent = from != iut;
                let own = names.iter().filter(|(name, _)| Some(name) == participant.as_ref());
                let mut note = |pco: PcoId, crossing| events.push((turn, at, pco, crossing, frames));
                match what {
                    What::Sip(_, octets) | What::Msrp(_, octets) | What::Raw(octets) => {
                        let crossing = if sent { Crossing::Sent(octets) } else { Crossing::Received(octets) };
                        own.for_each(|(_, pco)| note(*pco, crossing.clone()));
                    }
                    What::Opened => names.iter().for_each(|(_, pco)| note(*pco, Crossing::Opened)),
                    What::Closed => {
                        let crossing = if sent { Crossing::ClosedByTester } else { Crossing::ClosedByIut };
                        names.iter().for_each(|(_, pco)| note(*pco, crossing.clone()));
                    }
                    What::Lost(octets) => {
                        // What was lost may have been asked for, or answered, on the other way.
                        for ((_, pco), sent_by) in names.iter().flat_map(|name| NOTHING_MORE.map(|way| (name, way))) {
                            let octets = if sent_by == sent { octets as usize } else { 0 };
                            note(*pco, Crossing::Omitted { sent: sent_by, octets });
                        }
                        let [frame, _] = frames;
                        let direction = if sent { "to" } else { "from" };
                        self.remarks.push(format!(
                            "a gap: {octets} octets {direction} the switch before frame {frame} were not captured; \
                             nothing is held against what follows between {local} and {iut}"
                        ));
                    }
                }
            }
        }
        events.sort_by_key(|(turn, ..)| *turn);
        let mut latest = Moment::ZERO;
        for (_, at, pco, crossing, frames) in events {
            latest = latest.max(at);
            self.transcript.note(latest, pco, crossing);
            self.frames.push(frames);
        }
        self.participants = participants.into_iter().collect();
        const REMARKS: usize = 40;
        if self.remarks.len() > REMARKS {
            let more = self.remarks.len() - REMARKS;
            self.remarks.truncate(REMARKS);
            self.remarks.push(format!("and {more} remarks more"));
        }
    }
}

fn transport(flow: Flow) -> Transport {
    if flow == Flow::Udp { Transport::Udp } else { Transport::Tcp }
}
