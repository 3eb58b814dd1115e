//! Captures made here, whole and broken. The packets are built by etherparse and the files by the writers of pcap-file, so
//! that what is read was not written by the code under test.

mod files;
mod hostile;
mod packets;
mod recording;
mod streams;
mod writing;

use std::time::Duration;

use etherparse::{PacketBuilder, TcpHeader};
use pcap_file::pcap::{PcapHeader, PcapPacket, PcapWriter};
use pcap_file::{DataLink, TsResolution};

use super::{FileError, Flow, Sight, Sighting, Sightings};

/// Ports of the two ends: 1 and 2, whose addresses are 10.0.0.1 and 10.0.0.2.
fn udp(from: u8, to: u8, octets: &[u8]) -> Vec<u8> {
    let builder = PacketBuilder::ethernet2([1; 6], [2; 6]).ipv4([10, 0, 0, from], [10, 0, 0, to], 64);
    let mut frame = Vec::new();
    builder.udp(from.into(), to.into()).write(&mut frame, octets).unwrap();
    frame
}

/// A segment with these flags: `S`, `A`, `F`, `R`.
fn tcp(from: u8, to: u8, sequence: u32, flags: &str, octets: &[u8]) -> Vec<u8> {
    let mut header = TcpHeader::new(from.into(), to.into(), sequence, 1000);
    header.syn = flags.contains('S');
    header.ack = flags.contains('A');
    header.fin = flags.contains('F');
    header.rst = flags.contains('R');
    let builder = PacketBuilder::ethernet2([1; 6], [2; 6]).ipv4([10, 0, 0, from], [10, 0, 0, to], 64);
    let mut frame = Vec::new();
    builder.tcp_header(header).write(&mut frame, octets).unwrap();
    frame
}

/// A pcap file with a frame a millisecond.
fn pcap(link: DataLink, frames: &[Vec<u8>]) -> Vec<u8> {
    let header = PcapHeader { datalink: link, ts_resolution: TsResolution::NanoSecond, ..PcapHeader::default() };
    let mut writer = PcapWriter::with_header(Vec::new(), header).unwrap();
    for (frame, number) in frames.iter().zip(1..) {
        let packet = PcapPacket::new(Duration::from_millis(number), frame.len() as u32, frame);
        writer.write_packet(&packet).unwrap();
    }
    writer.into_writer()
}

fn ethernet(frames: &[Vec<u8>]) -> Vec<u8> {
    pcap(DataLink::ETHERNET, frames)
}

fn read(file: &[u8]) -> (Vec<Sighting>, Option<FileError>) {
    let mut sightings = match Sightings::open(file) {
        Ok(sightings) => sightings,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let mut seen = Vec::new();
    for sighting in sightings.by_ref() {
        match sighting {
            Ok(sighting) => seen.push(sighting),
            Err(error) => {
                assert!(sightings.next().is_none(), "an error is the last item");
                return (seen, Some(error));
            }
        }
    }
    (seen, None)
}

/// A line a sighting: frame, turn if it differs, connection, direction, and what it is.
fn lines(file: &[u8]) -> Vec<String> {
    let (seen, error) = read(file);
    let mut lines: Vec<String> = seen.iter().map(line).collect();
    lines.extend(error.map(|error| error.to_string()));
    lines
}

fn line(sighting: &Sighting) -> String {
    let Sighting { frame, turn, from, to, .. } = sighting;
    let place = if frame == turn { frame.to_string() } else { format!("{frame} in turn {turn}") };
    let flow = match sighting.flow {
        Flow::Udp => "udp".to_owned(),
        Flow::Tcp(number) => format!("#{number}"),
    };
    let what = match &sighting.sight {
        Sight::Datagram { octets, missing: 0 } => octets.escape_ascii().to_string(),
        Sight::Datagram { octets, missing } => format!("{} and {missing} missing", octets.escape_ascii()),
        Sight::Opened => "opened".to_owned(),
        Sight::Octets(octets) => octets.escape_ascii().to_string(),
        Sight::Lost { octets } => format!("{octets} lost"),
        Sight::Closed => "closed".to_owned(),
    };
    format!("{place} {flow} {}>{}: {what}", from.port(), to.port())
}
