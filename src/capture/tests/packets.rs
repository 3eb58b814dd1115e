//! IP: versions, fragments, and frames that were not captured whole.

use super::*;
use crate::capture::Silence;

use etherparse::{IpFragOffset, IpNumber, Ipv4Header, Ipv6FragmentHeader, Ipv6Header};
use pcap_file::pcap::RawPcapPacket;

/// A datagram with its header, but for the IP header.
fn datagram(octets: &[u8]) -> Vec<u8> {
    udp(1, 2, octets).split_off(14 + 20)
}

fn ipv4_fragment(identification: u16, part: &[u8], offset: usize, more: bool) -> Vec<u8> {
    let mut header = Ipv4Header::new(part.len() as u16, 64, IpNumber::UDP, [10, 0, 0, 1], [10, 0, 0, 2]).unwrap();
    header.dont_fragment = false;
    header.identification = identification;
    header.more_fragments = more;
    header.fragment_offset = IpFragOffset::try_new((offset / 8) as u16).unwrap();
    [&header.to_bytes()[..], part].concat()
}

fn ipv6_fragment(identification: u32, part: &[u8], offset: usize, more: bool) -> Vec<u8> {
    let offset = IpFragOffset::try_new((offset / 8) as u16).unwrap();
    let fragment = Ipv6FragmentHeader::new(IpNumber::UDP, offset, more, identification);
    let mut source = [0; 16];
    source[15] = 1;
    let header = Ipv6Header {
        payload_length: (8 + part.len()) as u16,
        next_header: IpNumber::IPV6_FRAGMENTATION_HEADER,
        source,
        ..Ipv6Header::default()
    };
    [&header.to_bytes()[..], &fragment.to_bytes(), part].concat()
}

#[test]
fn fragments_are_put_together_in_any_order() {
    let one = datagram(b"the first datagram is long");
    let two = datagram(b"the second one is long too");
    for fragment in [
        |id: u16, part: &[u8], offset, more| ipv4_fragment(id, part, offset, more),
        |id: u16, part: &[u8], offset, more| ipv6_fragment(id.into(), part, offset, more),
    ] {
        let frames = [
            fragment(7, &one[16..], 16, false),
            fragment(8, &two[..16], 0, true),
            fragment(7, &one[..8], 0, true),
            fragment(7, &one[8..16], 8, true),
            fragment(8, &two[16..], 16, false),
            fragment(9, &two[..16], 0, true),
        ];
        let file = pcap(DataLink::RAW, &frames);
        assert_eq!(lines(&file), ["4 udp 1>2: the first datagram is long", "5 udp 1>2: the second one is long too"]);
        let mut sightings = Sightings::open(&file[..]).unwrap();
        assert_eq!(sightings.by_ref().count(), 2);
        assert_eq!(sightings.silent().into_iter().collect::<Vec<_>>(), [(Silence::Incomplete, 1)]);
    }
}

#[test]
fn incomplete_packets_are_bounded() {
    let part = datagram(b"something");
    let frames: Vec<_> = (0..1000).map(|id| ipv4_fragment(id, &part[..16], 0, true)).collect();
    let file = pcap(DataLink::RAW, &frames);
    let mut sightings = Sightings::open(&file[..]).unwrap();
    assert_eq!(sightings.by_ref().count(), 0);
    assert_eq!(sightings.silent()[&Silence::Incomplete], 1000);
    assert_eq!(sightings.frames(), 1000);
}

#[test]
fn padding_is_no_payload() {
    let mut short = udp(1, 2, b"x");
    short.resize(64, 0);
    let mut empty = tcp(1, 2, 1, "A", b"");
    empty.resize(64, 0);
    assert_eq!(lines(&ethernet(&[short, empty])), ["1 udp 1>2: x"]);
}

/// Records of which only so many octets were kept.
fn snapped(frames: &[(Vec<u8>, usize)]) -> Vec<u8> {
    let mut writer = PcapWriter::new(Vec::new()).unwrap();
    for (frame, kept) in frames {
        let data = frame[..*kept].into();
        let record =
            RawPcapPacket { ts_sec: 1, ts_frac: 0, incl_len: *kept as u32, orig_len: frame.len() as u32, data };
        writer.write_raw_packet(&record).unwrap();
    }
    writer.into_writer()
}

#[test]
fn what_was_cut_off_a_frame_is_missing() {
    const UDP: usize = 14 + 20 + 8;
    const TCP: usize = 14 + 20 + 20;
    let file = snapped(&[
        (udp(1, 2, b"datagram"), UDP + 4),
        (tcp(1, 2, 1, "A", b"segment"), TCP + 3),
        (tcp(1, 2, 8, "A", b"next"), TCP + 4),
        (tcp(1, 2, 12, "A", b"header"), TCP - 1),
        (tcp(1, 2, 18, "FA", b"end"), TCP),
        (udp(1, 2, b"gone"), 14 + 20 + 3),
    ]);
    assert_eq!(
        lines(&file),
        [
            "1 udp 1>2: data and 4 missing",
            "2 #1 1>2: seg",
            "2 #1 1>2: 4 lost",
            "3 #1 1>2: next",
            "5 #1 1>2: 6 lost",
            "5 #1 1>2: 3 lost",
            "5 #1 1>2: closed"
        ]
    );
    let mut sightings = Sightings::open(&file[..]).unwrap();
    sightings.by_ref().for_each(drop);
    assert_eq!(sightings.silent()[&Silence::Damaged], 2);
}

#[test]
fn a_link_layer_that_is_not_known_is_counted() {
    let file = pcap(DataLink::IEEE802_11, &[udp(1, 2, b"x"), udp(1, 2, b"y")]);
    let mut sightings = Sightings::open(&file[..]).unwrap();
    assert_eq!(sightings.by_ref().count(), 0);
    assert_eq!(sightings.silent()[&Silence::UnknownLink(105)], 2);
}
