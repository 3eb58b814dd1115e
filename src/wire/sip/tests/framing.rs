//! Streams cut anywhere.

use proptest::prelude::*;

use super::super::{Framed, Framer, FramingError};
use super::*;

fn stream() -> Vec<u8> {
    let mut octets = b"\r\n\r\n".to_vec();
    octets.extend(crlf(PLAIN));
    octets.extend(crlf("SIP/2.0 200 OK\nl : 3\nSubject: a\n b\n\nabc\n\n\n"));
    octets.extend(crlf("OPTIONS sip:a@b SIP/2.0\nX: 1\n\n"));
    octets
}

fn frames(pieces: &[&[u8]]) -> (Vec<Result<Framed, FramingError>>, Vec<u8>) {
    let mut framer = Framer::new(1000);
    let mut frames = Vec::new();
    for piece in pieces {
        framer.push(piece);
        while let Some(frame) = framer.next_message() {
            let failed = frame.is_err();
            frames.push(frame);
            if failed {
                return (frames, framer.pending().to_vec());
            }
        }
    }
    (frames, framer.pending().to_vec())
}

#[test]
fn three_messages_with_keep_alives_between() {
    let octets = stream();
    let (frames, pending) = frames(&[&octets, b"\r\n\r\n"]);
    let frames: Vec<_> = frames.into_iter().map(Result::unwrap).collect();
    assert_eq!(pending, b"\r\n\r\n");
    assert_eq!(frames.len(), 3);
    assert_eq!(frames.iter().flat_map(|frame| frame.octets.to_vec()).collect::<Vec<_>>(), octets);
    assert!(frames[0].octets.starts_with(b"\r\n\r\nMESSAGE"));
    assert_eq!(frames[0].message.octets(), crlf(PLAIN));
    assert_eq!(frames[0].defects, []);
    assert_eq!(&frames[1].message.body[..], b"abc");
    assert!(frames[2].octets.starts_with(b"\r\n\r\n\r\nOPTIONS"));
    assert!(frames[2].defects.iter().any(|defect| defect.kind == SipDefect::MissingContentLength));
}

#[test]
fn errors_last_and_do_not_depend_on_the_cut() {
    let long = [b"OPTIONS sip:a@b SIP/2.0\r\nX: ".as_slice(), &[b'a'; 2000]].concat();
    let cases: [(&[u8], FramingError); 7] = [
        (b"BYE sip:a@b SIP/2.0\r\nl: 18446744073709551621\r\n\r\nhello", FramingError::TooLong(1000)),
        (b"MSRP abcd SEND\r\n", FramingError::NotSip("MSRP abcd SEND".into())),
        (b"\x16\x03\x01", FramingError::NotSip("\\x16".into())),
        (b"BYE sip:a@b SIP/2.0\r\nContent-Length: x\r\n\r\n", FramingError::BadContentLength),
        (b"BYE sip:a@b SIP/2.0\r\nContent-Length: 999\r\n\r\n", FramingError::TooLong(1000)),
        (b"BYE sip:a@b SIP/2.0\r\nl: 99999999999999999999999\r\n\r\n", FramingError::TooLong(1000)),
        (&long, FramingError::TooLong(1000)),
    ];
    for (octets, error) in cases {
        let whole = frames(&[octets]).0;
        assert_eq!(whole, [Err(error.clone())]);
        let single: Vec<_> = octets.chunks(1).collect();
        assert_eq!(frames(&single).0, whole);
        let mut framer = Framer::new(1000);
        framer.push(octets);
        assert_eq!(framer.next_message(), Some(Err(error.clone())));
        framer.push(&crlf(PLAIN));
        assert_eq!(framer.next_message(), Some(Err(error)));
    }
}

proptest! {
    #[test]
    fn cuts_change_nothing(cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let octets = stream();
        let mut places: Vec<_> = cuts.iter().map(|cut| cut.index(octets.len())).collect();
        places.extend([0, octets.len()]);
        places.sort_unstable();
        let pieces: Vec<_> = places.windows(2).map(|pair| &octets[pair[0]..pair[1]]).collect();
        prop_assert_eq!(frames(&pieces), frames(&[&octets]));
    }

    #[test]
    fn noise_is_framed_alike_however_cut(noise in "[\r\n A:/sSiIpP0-9.lL ]{0,80}", size in 1_usize..9) {
        let octets = [b"A sip:a SIP/2.0\r\n".as_slice(), noise.as_bytes()].concat();
        let pieces: Vec<_> = octets.chunks(size).collect();
        prop_assert_eq!(frames(&pieces).0, frames(&[&octets]).0);
    }
}

#[test]
fn spans_count_from_the_start_of_the_octets() {
    let octets = [b"\r\n\r\n".to_vec(), crlf("BYE sip:a@b SIP/2.0\nCSeq: x\n\n")].concat();
    let (frames, _) = frames(&[&octets]);
    insta::assert_debug_snapshot!(frames);
}

#[test]
fn endless_empty_lines_are_bounded() {
    let mut framer = Framer::new(1000);
    framer.push(&b"\r\n".repeat(500));
    assert_eq!(framer.next_message(), None);
    assert_eq!(framer.pending().len(), 1000);
    framer.push(b"\r\n");
    assert_eq!(framer.next_message(), Some(Err(FramingError::TooLong(1000))));
}
