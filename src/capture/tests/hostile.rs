//! Any input: nothing panics, nothing is made up, and what is read does not hang on how it was cut.

use std::io::Read;

use proptest::prelude::*;

use super::*;

/// A capture with a bit of everything.
fn sample() -> Vec<u8> {
    let mut vlan = udp(1, 2, b"tagged");
    vlan.splice(12..12, [0x81, 0, 0, 5]);
    ethernet(&[
        udp(1, 2, b"OPTIONS sip:a@b SIP/2.0\r\n\r\n"),
        tcp(1, 2, 999, "S", b""),
        tcp(2, 1, 4999, "SA", b""),
        tcp(1, 2, 1000, "A", b"MSRP a SEND\r\n"),
        tcp(1, 2, 1020, "A", b"-------a$\r\n"),
        tcp(1, 2, 1013, "A", b"Header"),
        vlan,
        tcp(2, 1, 5000, "FA", b"bye"),
        tcp(1, 2, 1031, "R", b""),
    ])
}

/// Hands out a few octets at a time.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = into.len().min(7);
        self.0.read(into.get_mut(..length).unwrap_or_default())
    }
}

#[test]
fn a_slow_file_reads_the_same() {
    let file = sample();
    let slowly: Vec<_> = Sightings::open(Trickle(&file)).unwrap().map(Result::unwrap).collect();
    assert_eq!(slowly, read(&file).0);
}

fn octets_of(seen: &[Sighting]) -> usize {
    let of = |one: &Sighting| match &one.sight {
        Sight::Datagram { octets, .. } | Sight::Octets(octets) => octets.len(),
        _ => 0,
    };
    seen.iter().map(of).sum()
}

proptest! {
    #[test]
    fn random_octets_do_no_harm(octets: Vec<u8>, magic in 0..4_usize) {
        let heads: [&[u8]; 4] = [
            &[],
            &[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0],
            &[10, 13, 13, 10, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255,
                28, 0, 0, 0],
            &[0xa1, 0xb2, 0x3c, 0x4d],
        ];
        read(&[heads[magic], &octets].concat());
    }

    #[test]
    fn random_frames_do_no_harm(
        frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..8),
        link in prop::sample::select(vec![0_u32, 1, 12, 101, 108, 113, 228, 276, 105]),
    ) {
        read(&pcap(DataLink::from(link), &frames));
    }

    #[test]
    fn a_changed_capture_does_no_harm(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        let mut file = sample();
        for (at, octet) in changes {
            *at.get_mut(&mut file) = octet;
        }
        let (seen, _) = read(&file);
        prop_assert!(octets_of(&seen) <= file.len());
    }

    #[test]
    fn changed_packets_do_no_harm(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((14..60_usize, any::<u8>()), 1..6),
        link in prop::sample::select(vec![DataLink::RAW, DataLink::ETHERNET]),
    ) {
        let mut frames = vec![
            tcp(1, 2, 999, "S", b""),
            tcp(1, 2, 1000, "A", b"MSRP a SEND\r\n"),
            tcp(1, 2, 1013, "FA", b"MSRP b SEND\r\n"),
            udp(1, 2, b"a datagram"),
            tcp(1, 2, 1013, "A", b"again"),
        ];
        let frame = which.get_mut(&mut frames);
        for (at, octet) in changes {
            if let Some(place) = frame.get_mut(at) {
                *place = octet;
            }
        }
        if link == DataLink::RAW {
            frames.iter_mut().for_each(|frame| drop(frame.drain(..14)));
        }
        read(&pcap(link, &frames));
    }

    /// Whatever a network does to segments: the stream is what was sent, once.
    #[test]
    fn segments_in_any_order_make_the_stream(
        cuts in prop::collection::vec((0..400_usize, 1..60_usize), 0..20),
        order in Just((0..40_usize).collect::<Vec<_>>()).prop_shuffle(),
        first: u32,
    ) {
        let text: Vec<u8> = (0..400_usize).map(|at| (at % 251) as u8).collect();
        let regular = (0..20).map(|number| (number * 20, 20));
        let pieces: Vec<(usize, usize)> = regular.chain(cuts).collect();
        let mut frames = vec![tcp(1, 2, first.wrapping_sub(1), "S", b"")];
        let mut taken: Vec<(usize, (usize, usize))> = order.into_iter().zip(pieces).collect();
        taken.sort_unstable();
        for (_, (at, length)) in taken {
            let piece = &text[at..(at + length).min(text.len())];
            frames.push(tcp(1, 2, first.wrapping_add(at as u32), "A", piece));
        }
        let (seen, error) = read(&ethernet(&frames));
        prop_assert!(error.is_none());
        let mut stream = Vec::new();
        for one in &seen {
            match &one.sight {
                Sight::Octets(octets) => stream.extend_from_slice(octets),
                Sight::Opened => {}
                other => prop_assert!(false, "{:?}", other),
            }
        }
        prop_assert_eq!(stream, text);
        prop_assert!(seen.is_sorted_by_key(|one| one.turn));
    }
}
