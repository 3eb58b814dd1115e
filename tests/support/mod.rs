//! Captures as conversations: datagrams and whole streams.

use std::fmt;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use msrpspec::capture::{Flow, Sight, Sighting, Sightings};

/// The captures of implementations that are not this project's, by name.
const FOREIGN: [&str; 2] = ["kamailio-relay", "sylkserver-two-clients"];

/// The captures of other implementations.
pub fn captures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    FOREIGN.iter().map(|name| folder.join(format!("{name}.pcapng"))).collect()
}

/// One direction between two sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Direction {
    pub from: SocketAddr,
    pub to: SocketAddr,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

/// What went over the wire, in the order of its first packets.
#[allow(dead_code, reason = "each test binary uses its own part")]
#[derive(Debug, Default)]
pub struct Conversations {
    pub datagrams: Vec<(Direction, Vec<u8>)>,
    pub streams: Vec<(Direction, Vec<u8>)>,
}

/// What a capture shows. It must be whole.
pub fn sightings(path: &Path) -> Vec<Sighting> {
    let mut sightings = Sightings::open(File::open(path).unwrap()).unwrap();
    let seen: Vec<Sighting> = sightings.by_ref().map(Result::unwrap).collect();
    assert!(sightings.silent().is_empty(), "{:?}", sightings.silent());
    for one in &seen {
        let lost = matches!(one.sight, Sight::Lost { .. }) || matches!(one.sight, Sight::Datagram { missing: 1.., .. });
        assert!(!lost, "{one:?}");
    }
    seen
}

/// Reads a capture.
#[allow(dead_code)]
pub fn read(path: &Path) -> Conversations {
    let mut conversations = Conversations::default();
    let mut streams: Vec<(Flow, Direction, Vec<u8>)> = Vec::new();
    for Sighting { flow, from, to, sight, .. } in sightings(path) {
        let direction = Direction { from, to };
        match sight {
            Sight::Datagram { octets, .. } => conversations.datagrams.push((direction, octets.to_vec())),
            Sight::Octets(octets) => {
                match streams.iter_mut().find(|(known, way, _)| (*known, *way) == (flow, direction)) {
                    Some((_, _, stream)) => stream.extend_from_slice(&octets),
                    None => streams.push((flow, direction, octets.to_vec())),
                }
            }
            Sight::Opened => {
                // Both directions, in the order in which they would be seen.
                streams.push((flow, direction, Vec::new()));
                streams.push((flow, Direction { from: to, to: from }, Vec::new()));
            }
            Sight::Lost { .. } | Sight::Closed => {}
        }
    }
    conversations.streams = streams.into_iter().map(|(_, direction, stream)| (direction, stream)).collect();
    conversations
}
