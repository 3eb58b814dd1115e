//! Traffic of other people's implementations: every octet of it is accounted for, and what is wrong with it is pinned
//! down in a snapshot.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fmt::Write;

use bytes::Bytes;
use msrpspec::wire::Defect;
use msrpspec::wire::cpim::{Address, CpimMessage};
use msrpspec::wire::msrp::{Framer, FramerLimits, Start};
use msrpspec::wire::sip::{Framer as SipFramer, SipDefect, SipMessage};

use support::{Conversations, captures, read};

#[test]
fn msrp_streams_are_framed_without_a_rest() {
    for_each_capture("msrp", msrp_listing);
}

#[test]
fn sip_messages_are_read_without_a_rest() {
    for_each_capture("sip", sip_listing);
}

#[test]
fn all_traffic_is_one_of_the_two() {
    for path in captures() {
        let Conversations { datagrams, streams } = read(&path);
        let payloads = datagrams.iter().chain(&streams);
        for (direction, octets) in payloads.filter(|(_, octets)| !octets.is_empty()) {
            assert!(is_msrp(octets) || is_sip(octets), "{direction}: {}", octets.escape_ascii());
        }
    }
}

fn for_each_capture(protocol: &str, listing: fn(&Conversations) -> String) {
    let captures = captures();
    if captures.is_empty() {
        eprintln!("skipped: no captures here");
    }
    for path in captures {
        let name = format!("{}-{protocol}", path.file_stem().unwrap().to_string_lossy());
        let listing = listing(&read(&path));
        assert!(!listing.is_empty(), "{name}: no traffic");
        insta::assert_snapshot!(name, listing);
    }
}

fn is_msrp(octets: &[u8]) -> bool {
    octets.starts_with(b"MSRP ")
}

fn is_sip(octets: &[u8]) -> bool {
    let first_line = octets.split(|octet| *octet == b'\n').next().unwrap_or_default();
    first_line.starts_with(b"SIP/2.0 ") || first_line.trim_ascii_end().ends_with(b" SIP/2.0")
}

/// A line a message, and one for each of its defects.
fn sip_listing(conversations: &Conversations) -> String {
    let mut listing = String::new();
    for (direction, octets) in conversations.datagrams.iter().filter(|(_, octets)| is_sip(octets)) {
        let octets = Bytes::copy_from_slice(octets);
        let parsed = SipMessage::parse_datagram(octets.clone()).unwrap();
        assert_eq!(parsed.tree.octets(), octets, "{direction}");
        sip_line(&parsed.tree, &parsed.defects, &octets, &mut listing);
    }
    for (direction, octets) in conversations.streams.iter().filter(|(_, octets)| is_sip(octets)) {
        let mut framer = SipFramer::new(65536);
        let mut framed_octets = Vec::new();
        for piece in octets.chunks(61) {
            framer.push(piece);
            while let Some(framed) = framer.next_message() {
                let framed = framed.unwrap();
                framed_octets.extend_from_slice(&framed.octets);
                sip_line(&framed.message, &framed.defects, &framed.octets, &mut listing);
            }
        }
        framed_octets.extend_from_slice(framer.pending());
        assert_eq!(&framed_octets, octets, "{direction}");
        assert!(framer.pending().iter().all(u8::is_ascii_whitespace), "{direction}");
    }
    listing
}

fn sip_line(message: &SipMessage, defects: &[Defect<SipDefect>], octets: &[u8], listing: &mut String) {
    let line = message.start.line();
    let first_line = line.trim_end();
    let cseq = message.cseq().unwrap();
    let body = match message.media_type() {
        Some(media_type) => format!(", {} octets of {media_type}", message.body.len()),
        None => String::new(),
    };
    writeln!(listing, "{first_line} ({} {}){body}", cseq.number, cseq.method).unwrap();
    for defect in defects {
        let part = &octets[defect.span.start..defect.span.end];
        writeln!(listing, "  {:?}: {}", defect.kind, part.escape_ascii()).unwrap();
    }
}

/// A line a message, and one for each of its defects.
fn msrp_listing(conversations: &Conversations) -> String {
    let mut listing = String::new();
    for (direction, octets) in conversations.streams.iter().filter(|(_, octets)| is_msrp(octets)) {
        writeln!(listing, "{direction}").unwrap();
        let mut framer = Framer::new(FramerLimits::default());
        let mut framed_octets = Vec::new();
        // The cut is arbitrary; a prime so that it falls everywhere.
        for piece in octets.chunks(61) {
            framer.push(piece);
            while let Some(framed) = framer.next_message() {
                let framed = framed.unwrap();
                assert_eq!(framed.message.octets(), framed.octets);
                framed_octets.extend_from_slice(&framed.octets);
                let start = match &framed.message.start {
                    Start::Request { method } => method.clone(),
                    Start::Response { status, comment } => format!("{status} {}", comment.as_deref().unwrap_or("")),
                };
                let body = framed.message.body.clone();
                write!(listing, "  {} {start}", framed.message.transaction).unwrap();
                match &body {
                    Some(body) => {
                        let media_type = framed.message.media_type().unwrap_or_default();
                        writeln!(listing, ", {} octets of {media_type}", body.len()).unwrap();
                    }
                    None => listing.push('\n'),
                }
                for defect in &framed.defects {
                    let part = &framed.octets[defect.span.start..defect.span.end];
                    writeln!(listing, "    {:?}: {}", defect.kind, part.escape_ascii()).unwrap();
                }
                if framed.message.media_type().as_deref() == Some("message/cpim") {
                    cpim_listing(body.unwrap_or_default(), &mut listing);
                }
            }
        }
        assert_eq!(framer.pending(), b"", "{direction}");
        assert_eq!(&framed_octets, octets, "{direction}");
    }
    listing
}

fn cpim_listing(octets: Bytes, listing: &mut String) {
    let parsed = CpimMessage::parse(octets.clone());
    assert_eq!(parsed.tree.octets(), octets);
    let uris = |addresses: Vec<Address>| {
        addresses.into_iter().map(|address| format!("<{}>", address.uri)).collect::<Vec<_>>().join(" ")
    };
    let (froms, tos) = (uris(parsed.tree.froms()), uris(parsed.tree.tos()));
    let media_type = parsed.tree.content_media_type().unwrap_or_default();
    let length = parsed.tree.content.len();
    writeln!(listing, "    from {froms} to {tos}, {length} octets of {media_type}").unwrap();
    for defect in &parsed.defects {
        let part = &octets[defect.span.start..defect.span.end];
        writeln!(listing, "    {:?}: {}", defect.kind, part.escape_ascii()).unwrap();
    }
}
