//! Captures as conversations: datagrams and reassembled streams, without any protocol knowledge of the library's own.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use pcap_file::pcapng::{Block, PcapNgReader};

/// The capture files, by name: those of the repository first, then those beside it.
pub fn captures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in [root.join("captures"), root.join("../shared/captures")] {
        let entries = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
        for path in entries.filter(|path| path.extension().is_some_and(|extension| extension == "pcapng")) {
            if found.iter().all(|known| known.file_name() != path.file_name()) {
                found.push(path);
            }
        }
    }
    found.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
    found
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

/// One direction of a TCP connection.
struct Stream {
    direction: Direction,
    /// What came without a gap.
    octets: Vec<u8>,
    /// Sequence number of the first octet.
    first: u32,
    /// What came ahead of a gap, by its distance from the first octet.
    ahead: BTreeMap<usize, Vec<u8>>,
}

impl Stream {
    /// Octets behind a gap that was never filled.
    fn lost(&self) -> usize {
        self.ahead.values().map(Vec::len).sum()
    }

    fn add(&mut self, sequence: u32, payload: &[u8]) {
        // Streams here are far shorter than half of the sequence space: what looks older than the start is no data.
        let distance = sequence.wrapping_sub(self.first) as usize;
        if payload.is_empty() || distance > u32::MAX as usize / 2 {
            return;
        }
        self.ahead.insert(distance, payload.to_vec());
        while let Some(entry) = self.ahead.first_entry() {
            let begun = *entry.key();
            if begun > self.octets.len() {
                break;
            }
            let segment = entry.remove();
            self.octets.extend_from_slice(segment.get(self.octets.len() - begun..).unwrap_or_default());
        }
    }
}

/// What one packet shows of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The payload of a datagram.
    Datagram(Vec<u8>),
    /// New octets of a stream.
    Octets(Vec<u8>),
    /// The SYN of a stream.
    Opened,
    /// The FIN or RST of a stream.
    Closed,
}

/// The packets of a capture in their order, each with its time since the first one. Streams must have come in order.
#[allow(dead_code)]
pub fn sights(path: &Path) -> Vec<(Duration, Direction, Sight)> {
    let mut reader = PcapNgReader::new(File::open(path).unwrap()).unwrap();
    let mut found: Vec<(Duration, Direction, Sight)> = Vec::new();
    let mut next: BTreeMap<Direction, u32> = BTreeMap::new();
    let mut start = None;
    while let Some(block) = reader.next_block() {
        let Block::EnhancedPacket(packet) = block.unwrap() else { continue };
        let sliced = SlicedPacket::from_ethernet(&packet.data).unwrap();
        let at = packet.timestamp.saturating_sub(*start.get_or_insert(packet.timestamp));
        match &sliced.transport {
            Some(TransportSlice::Udp(udp)) => {
                let direction = direction(&sliced, udp.source_port(), udp.destination_port());
                found.push((at, direction, Sight::Datagram(udp.payload().to_vec())));
            }
            Some(TransportSlice::Tcp(tcp)) => {
                let direction = direction(&sliced, tcp.source_port(), tcp.destination_port());
                if tcp.syn() {
                    next.insert(direction, tcp.sequence_number().wrapping_add(1));
                    if !tcp.ack() {
                        found.push((at, direction, Sight::Opened));
                    }
                }
                let expected = next.entry(direction).or_insert(tcp.sequence_number());
                if !tcp.payload().is_empty() && tcp.sequence_number() == *expected {
                    *expected = expected.wrapping_add(tcp.payload().len() as u32);
                    found.push((at, direction, Sight::Octets(tcp.payload().to_vec())));
                }
                assert!(tcp.sequence_number().wrapping_sub(*expected) as i32 <= 0, "a gap: {direction}");
                if tcp.fin() {
                    *expected = expected.wrapping_add(1);
                }
                if tcp.fin() || tcp.rst() {
                    found.push((at, direction, Sight::Closed));
                }
            }
            _ => {}
        }
    }
    found
}

fn direction(packet: &SlicedPacket<'_>, source: u16, destination: u16) -> Direction {
    let (from, to): (IpAddr, IpAddr) = match &packet.net {
        Some(NetSlice::Ipv4(ip)) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        Some(NetSlice::Ipv6(ip)) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
        other => panic!("neither IPv4 nor IPv6: {other:?}"),
    };
    Direction { from: SocketAddr::new(from, source), to: SocketAddr::new(to, destination) }
}

/// Reads a capture.
#[allow(dead_code)]
pub fn read(path: &Path) -> Conversations {
    let mut reader = PcapNgReader::new(File::open(path).unwrap()).unwrap();
    let mut packets = Packets::default();
    while let Some(block) = reader.next_block() {
        if let Block::EnhancedPacket(packet) = block.unwrap() {
            assert_eq!(packet.original_len as usize, packet.data.len(), "captured whole");
            packets.take(&packet.data);
        }
    }
    for stream in &packets.streams {
        assert_eq!(stream.lost(), 0, "octets behind a gap: {}", stream.direction);
    }
    let streams = packets.streams.into_iter().map(|stream| (stream.direction, stream.octets)).collect();
    Conversations { datagrams: packets.datagrams, streams }
}

#[derive(Default)]
struct Packets {
    datagrams: Vec<(Direction, Vec<u8>)>,
    streams: Vec<Stream>,
}

impl Packets {
    fn take(&mut self, frame: &[u8]) {
        let packet = SlicedPacket::from_ethernet(frame).unwrap();
        let (from, to): (IpAddr, IpAddr) = match &packet.net {
            Some(NetSlice::Ipv4(ip)) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
            Some(NetSlice::Ipv6(ip)) => (ip.header().source_addr().into(), ip.header().destination_addr().into()),
            _ => return,
        };
        let direction = |source, destination| Direction {
            from: SocketAddr::new(from, source),
            to: SocketAddr::new(to, destination),
        };
        match &packet.transport {
            Some(TransportSlice::Udp(udp)) => {
                let direction = direction(udp.source_port(), udp.destination_port());
                self.datagrams.push((direction, udp.payload().to_vec()));
            }
            Some(TransportSlice::Tcp(tcp)) => {
                let direction = direction(tcp.source_port(), tcp.destination_port());
                let started = tcp.syn().then(|| tcp.sequence_number().wrapping_add(1));
                let stream = self.stream(direction, started, tcp.sequence_number());
                stream.add(tcp.sequence_number(), tcp.payload());
            }
            _ => {}
        }
    }

    /// The newest stream of this direction; a SYN with a sequence number of its own starts another one.
    fn stream(&mut self, direction: Direction, started: Option<u32>, sequence: u32) -> &mut Stream {
        let known = self.streams.iter().rposition(|stream| stream.direction == direction);
        let at = match known {
            Some(at) if started.is_none_or(|first| first == self.streams[at].first) => at,
            _ => {
                let first = started.unwrap_or(sequence);
                self.streams.push(Stream { direction, octets: Vec::new(), first, ahead: BTreeMap::new() });
                self.streams.len() - 1
            }
        };
        &mut self.streams[at]
    }
}

#[test]
fn segments_out_of_order_make_one_stream() {
    let address = SocketAddr::from(([127, 0, 0, 1], 1));
    let direction = Direction { from: address, to: address };
    let mut stream = Stream { direction, octets: Vec::new(), first: u32::MAX - 1, ahead: BTreeMap::new() };
    stream.add(u32::MAX - 2, b"keep-alive");
    stream.add(1, b"de");
    assert_eq!((stream.octets.as_slice(), stream.lost()), (&b""[..], 2));
    stream.add(u32::MAX - 1, b"abc");
    stream.add(u32::MAX, b"bcdef");
    stream.add(u32::MAX - 1, b"a");
    assert_eq!((stream.octets.as_slice(), stream.lost()), (&b"abcdef"[..], 0));
}
