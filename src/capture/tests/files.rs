//! Files: formats, byte orders, sections, and where they break off.

use super::*;
use crate::capture::{FileTrouble, Frames};

use pcap_file::Endianness;
use pcap_file::pcapng::PcapNgWriter;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption};
use pcap_file::pcapng::blocks::simple_packet::SimplePacketBlock;
use pcap_file::pcapng::blocks::unknown::UnknownBlock;

const START: u64 = 1_700_000_000;

#[test]
fn pcap_of_both_resolutions_and_byte_orders() {
    for endianness in [Endianness::Big, Endianness::Little] {
        for ts_resolution in [TsResolution::MicroSecond, TsResolution::NanoSecond] {
            let header = PcapHeader { endianness, ts_resolution, ..PcapHeader::default() };
            let mut writer = PcapWriter::with_header(Vec::new(), header).unwrap();
            for (text, late) in [(&b"one"[..], 0), (b"two", 1500)] {
                let frame = udp(1, 2, text);
                let time = Duration::from_secs(START) + Duration::from_micros(late);
                writer.write_packet(&PcapPacket::new(time, frame.len() as u32, &frame)).unwrap();
            }
            let file = writer.into_writer();
            assert_eq!(lines(&file), ["1 udp 1>2: one", "2 udp 1>2: two"]);
            assert_eq!(read(&file).0[1].at, Duration::from_micros(1500), "{endianness:?} {ts_resolution:?}");
            let mut sightings = Sightings::open(&file[..]).unwrap();
            sightings.by_ref().for_each(drop);
            assert_eq!(sightings.start(), Some(Duration::from_secs(START)));
        }
    }
}

fn interface(link: DataLink, resolution: Option<u8>, offset: Option<u64>) -> InterfaceDescriptionBlock<'static> {
    let options = [
        Some(InterfaceDescriptionOption::IfName("eth0".into())),
        resolution.map(InterfaceDescriptionOption::IfTsResol),
        offset.map(InterfaceDescriptionOption::IfTsOffset),
    ];
    InterfaceDescriptionBlock { linktype: link, snaplen: 0, options: options.into_iter().flatten().collect() }
}

/// The writer takes a duration's nanoseconds for ticks.
fn packet(interface_id: u32, ticks: u64, frame: &[u8]) -> EnhancedPacketBlock<'_> {
    let options = vec![EnhancedPacketOption::Comment("a comment".into())];
    let timestamp = Duration::from_nanos(ticks);
    EnhancedPacketBlock { interface_id, timestamp, original_len: frame.len() as u32, data: frame.into(), options }
}

fn ng(endianness: Endianness) -> PcapNgWriter<Vec<u8>> {
    PcapNgWriter::with_endianness(Vec::new(), endianness).unwrap()
}

#[test]
fn pcapng_with_interfaces_of_their_own_clocks_and_sections() {
    for endianness in [Endianness::Big, Endianness::Little] {
        let mut file = Vec::new();
        for section in 0..2_u64 {
            let mut writer = ng(endianness);
            writer.write_pcapng_block(interface(DataLink::ETHERNET, None, None)).unwrap();
            writer.write_pcapng_block(interface(DataLink::RAW, Some(9), None)).unwrap();
            writer.write_pcapng_block(interface(DataLink::ETHERNET, Some(3), Some(START))).unwrap();
            let late = section * 10;
            let frame = udp(1, 2, b"micro");
            writer.write_pcapng_block(packet(0, START * 1_000_000 + late * 1000, &frame)).unwrap();
            let frame = udp(1, 2, b"nano").split_off(14);
            writer.write_pcapng_block(packet(1, START * 1_000_000_000 + (late + 1) * 1_000_000, &frame)).unwrap();
            let frame = udp(1, 2, b"milli");
            writer.write_pcapng_block(packet(2, late + 2, &frame)).unwrap();
            let data = (&frame[..]).into();
            writer.write_pcapng_block(SimplePacketBlock { original_len: frame.len() as u32, data }).unwrap();
            file.extend(writer.into_inner());
        }
        let (seen, error) = read(&file);
        assert!(error.is_none(), "{error:?}");
        let times: Vec<_> = seen.iter().map(|one| (one.frame, one.at.as_millis())).collect();
        assert_eq!(times, [(1, 0), (2, 1), (3, 2), (4, 2), (5, 10), (6, 11), (7, 12), (8, 12)], "{endianness:?}");
    }
}

#[test]
fn sections_of_different_byte_orders() {
    let frame = udp(1, 2, b"x");
    let mut file = Vec::new();
    for endianness in [Endianness::Big, Endianness::Little, Endianness::Big] {
        let mut writer = ng(endianness);
        writer.write_pcapng_block(interface(DataLink::ETHERNET, None, None)).unwrap();
        writer.write_pcapng_block(packet(0, 5, &frame)).unwrap();
        file.extend(writer.into_inner());
    }
    assert_eq!(lines(&file), ["1 udp 1>2: x", "2 udp 1>2: x", "3 udp 1>2: x"]);
}

/// A block as the format has it, little-endian.
fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let length = (12 + body.len().next_multiple_of(4)) as u32;
    let mut block = [kind.to_le_bytes(), length.to_le_bytes()].concat();
    block.extend(body);
    block.resize(length as usize - 4, 0);
    block.extend(length.to_le_bytes());
    block
}

/// What pcap-file itself stumbles over: a time zone of four octets, and comments that are no UTF-8.
#[test]
fn options_that_others_refuse_do_no_harm() {
    let zone = [&[1, 0, 0, 0, 0, 0, 0, 0][..], &[10, 0, 4, 0, 1, 2, 3, 4], &[2, 0, 1, 0, 0xff, 0, 0, 0]].concat();
    let frame = udp(1, 2, b"x");
    let mut body = [[0_u32, 0, 5].map(u32::to_le_bytes).concat(), vec![]].concat();
    body.extend([frame.len() as u32; 2].map(u32::to_le_bytes).concat());
    body.extend(&frame);
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend([1, 0, 1, 0, 0xff, 0, 0, 0]);
    let file = [ng(Endianness::Little).into_inner(), block(1, &zone), block(6, &body)].concat();
    assert_eq!(lines(&file), ["1 udp 1>2: x"]);
}

/// As `tshark` 4.0 numbers the frames of the same file.
#[test]
fn blocks_without_packets_are_numbered_as_wireshark_does() {
    let mut writer = ng(Endianness::Little);
    writer.write_pcapng_block(interface(DataLink::ETHERNET, None, None)).unwrap();
    let frame = udp(1, 2, b"x");
    for kind in [4, 0x1234_5678] {
        writer.write_pcapng_block(UnknownBlock::new(kind, 8, &[0; 8])).unwrap();
    }
    writer.write_pcapng_block(packet(0, 1, &frame)).unwrap();
    let mut file = writer.into_inner();
    file.extend(block(9, b"__REALTIME_TIMESTAMP=1\n"));
    file.extend(block(0x0bad, &[0, 0, 0x7f, 1, 1, 2, 3, 4]));
    file.extend(block(6, &packet_body(&frame)));
    assert_eq!(lines(&file), ["1 udp 1>2: x", "4 udp 1>2: x"]);
}

fn packet_body(frame: &[u8]) -> Vec<u8> {
    let length = frame.len() as u32;
    [&[0, 0, 1, length, length].map(u32::to_le_bytes).concat()[..], frame].concat()
}

#[test]
fn the_obsolete_packet_block_is_read() {
    let frame = udp(1, 2, b"old");
    let mut writer = ng(Endianness::Little);
    writer.write_pcapng_block(interface(DataLink::ETHERNET, None, None)).unwrap();
    let file = [writer.into_inner(), block(2, &packet_body(&frame))].concat();
    assert_eq!(lines(&file), ["1 udp 1>2: old"]);
}

#[test]
fn a_file_that_breaks_off_says_where() {
    let frames = [udp(1, 2, b"one"), udp(1, 2, b"two")];
    let pcap = ethernet(&frames);
    let second = 24 + 16 + frames[0].len();
    for cut in second + 1..pcap.len() {
        let (seen, error) = read(&pcap[..cut]);
        let error = error.unwrap();
        assert_eq!((seen.len(), error.offset, error.frames), (1, second as u64, 1), "{cut}");
        assert!(matches!(error.trouble, FileTrouble::Cut(_)));
    }
    assert_eq!(lines(&pcap[..second]).len(), 1, "at the end of a record it is just shorter");

    let mut writer = ng(Endianness::Little);
    writer.write_pcapng_block(interface(DataLink::ETHERNET, None, None)).unwrap();
    writer.write_pcapng_block(packet(0, 1, &frames[0])).unwrap();
    let before = writer.get_ref().len();
    writer.write_pcapng_block(packet(0, 2, &frames[1])).unwrap();
    let ng = writer.into_inner();
    for cut in before + 1..ng.len() {
        let (seen, error) = read(&ng[..cut]);
        assert_eq!((seen.len(), error.unwrap().offset), (1, before as u64), "{cut}");
    }
    assert_eq!(
        lines(&ng[..ng.len() - 1])[1],
        format!("at offset {before}, behind frame 1: the file ends within a block")
    );
}

#[test]
fn what_is_no_capture_is_said_at_once() {
    let trouble = |file: &[u8]| Frames::open(file).unwrap_err().trouble.to_string();
    assert_eq!(trouble(b""), "this is neither pcap nor pcapng");
    assert_eq!(trouble(b"MSRP a786hjs2 SEND"), "this is neither pcap nor pcapng");
    assert_eq!(trouble(b"\x1f\x8b\x08\x00"), "this is compressed (gzip): unpack it first");
    assert_eq!(trouble(&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0]), "the file ends within the header of the file");
}

#[test]
fn impossible_lengths_are_refused_and_not_obeyed() {
    let mut pcap = ethernet(&[udp(1, 2, b"one")]);
    let good = pcap.len();
    pcap.extend([1_u32, 1, u32::MAX, u32::MAX].map(u32::to_ne_bytes).concat());
    assert_eq!(
        lines(&pcap)[1],
        format!("at offset {good}, behind frame 1: a frame is said to have 4294967295 octets, and 1048576 is the most")
    );
    let start = ng(Endianness::Little).into_inner();
    let told = |length: u32, kind: u32| {
        let block = [kind, length, 1, 0, length].map(u32::to_le_bytes).concat();
        lines(&[&start[..], &block].concat()).remove(0)
    };
    assert!(told(0xffff_fff0, 6).contains("a block is said to have 4294967280 octets"));
    assert!(told(0xffff_fff0, 77).ends_with("the file ends within a block"));
    assert!(told(8, 6).contains("shorter than any block"));
    assert!(told(21, 6).contains("no multiple of 4"));
    assert!(told(16, 77).contains("16 octets at its beginning and 0 at its end"));
    assert!(told(20, 6).contains("interface 1, which was not described"));
}
