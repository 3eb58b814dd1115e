//! What is written is read back, by us and as packets.

use std::time::Duration;

use super::super::{CaptureWriter, Comment, Flow, Sight, Sightings};
use crate::port::{Moment, Protocol};
use crate::transcript::{Crossing, Pco, PcoId, Transcript, Transport};

const EPOCH: Duration = Duration::from_secs(1_700_000_000);

fn pco(transcript: &mut Transcript, transport: Transport, local: u16) -> PcoId {
    let (protocol, participant) = (Protocol::Msrp, "Alice".to_owned());
    let (local, remote) = (([127, 0, 0, 1], local).into(), Some(([127, 0, 0, 1], 2855).into()));
    transcript.open(Pco { participant, protocol, transport, local, remote })
}

fn ms(millis: u64) -> Moment {
    Moment::from_millis(millis)
}

fn read(octets: &[u8]) -> Vec<(Moment, Flow, Sight)> {
    let sightings = Sightings::open(octets).unwrap();
    sightings.map(Result::unwrap).map(|sighting| (sighting.at, sighting.flow, sighting.sight)).collect()
}

#[test]
fn a_stream_comes_back_octet_for_octet_with_its_begin_and_end() {
    let mut transcript = Transcript::default();
    let stream = pco(&mut transcript, Transport::Tcp, 5000);
    let long = bytes::Bytes::from(vec![b'x'; 4000]);
    transcript.note(ms(1), stream, Crossing::Opened);
    transcript.note(ms(2), stream, Crossing::Sent("hello".into()));
    transcript.note(ms(3), stream, Crossing::Received(long.clone()));
    transcript.note(ms(4), stream, Crossing::Omitted { sent: true, octets: 7 });
    transcript.note(ms(5), stream, Crossing::Sent("behind the gap".into()));
    transcript.note(ms(6), stream, Crossing::ClosedByIut);
    let mut writer = CaptureWriter::new(Vec::new(), EPOCH).unwrap();
    writer.take(&transcript, &[Comment { event: 1, text: "a greeting".to_owned() }]);
    let file = writer.finish().unwrap();
    assert!(memchr::memmem::find(&file, b"a greeting").is_some());
    let seen = read(&file);
    let octets = |from: u64, to: u64| -> Vec<u8> {
        let within = |at: &Moment| (ms(from - 1)..=ms(to - 1)).contains(at);
        let parts = seen.iter().filter(|(at, _, _)| within(at)).filter_map(|(_, _, sight)| match sight {
            Sight::Octets(octets) => Some(octets.to_vec()),
            _ => None,
        });
        parts.collect::<Vec<_>>().concat()
    };
    assert_eq!(seen.iter().filter(|(_, _, sight)| *sight == Sight::Opened).count(), 1);
    assert_eq!(octets(2, 2), b"hello");
    assert_eq!(octets(3, 3), long);
    assert!(seen.iter().any(|(_, _, sight)| *sight == Sight::Lost { octets: 7 }), "{seen:?}");
    assert_eq!(octets(5, 5), b"behind the gap");
    assert!(seen.iter().any(|(_, _, sight)| *sight == Sight::Closed));
}

#[test]
fn the_frames_of_several_cases_stand_in_the_order_of_time() {
    let datagram = |at: u64, local: u16| {
        let mut transcript = Transcript::default();
        let datagrams = pco(&mut transcript, Transport::Udp, local);
        transcript.note(ms(at), datagrams, Crossing::Sent(at.to_string().into()));
        transcript.note(ms(at + 100), datagrams, Crossing::Received((at + 100).to_string().into()));
        transcript
    };
    let mut writer = CaptureWriter::new(Vec::new(), EPOCH).unwrap();
    writer.take(&datagram(20, 5001), &[]);
    // A case that began at 10 is still running.
    writer.settle(ms(10)).unwrap();
    writer.take(&datagram(10, 5002), &[]);
    writer.settle(ms(115)).unwrap();
    writer.take(&datagram(115, 5003), &[]);
    let seen = read(&writer.finish().unwrap());
    let texts: Vec<String> = seen
        .iter()
        .map(|(_, _, sight)| match sight {
            Sight::Datagram { octets, missing: 0 } => String::from_utf8_lossy(octets).into_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(texts, ["10", "20", "110", "115", "120", "215"]);
}

#[test]
fn the_same_ports_again_are_another_connection() {
    let mut writer = CaptureWriter::new(Vec::new(), EPOCH).unwrap();
    for at in [1, 50] {
        let mut transcript = Transcript::default();
        let stream = pco(&mut transcript, Transport::Tcp, 5000);
        transcript.note(ms(at), stream, Crossing::Opened);
        transcript.note(ms(at + 1), stream, Crossing::Sent("the same".into()));
        transcript.note(ms(at + 2), stream, Crossing::ClosedByTester);
        writer.take(&transcript, &[]);
    }
    let seen = read(&writer.finish().unwrap());
    let flows: std::collections::BTreeSet<Flow> = seen.iter().map(|(_, flow, _)| *flow).collect();
    let same = |sight: &Sight| *sight == Sight::Octets("the same".into());
    assert_eq!((flows.len(), seen.iter().filter(|(_, _, sight)| same(sight)).count()), (2, 2));
}
