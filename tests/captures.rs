//! Traffic of other people's implementations: every octet of it is accounted for, and what is wrong with it is pinned
//! down in a snapshot.

mod support;

use std::fmt::Write;

use bytes::Bytes;
use msrpspec::wire::cpim::CpimMessage;
use msrpspec::wire::msrp::{Framer, FramerLimits, Start};

use support::{Conversations, captures, read};

#[test]
fn msrp_streams_are_framed_without_a_rest() {
    let captures = captures();
    if captures.is_empty() {
        eprintln!("skipped: no captures here");
    }
    for path in captures {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let conversations = read(&path);
        let listing = msrp_listing(&conversations);
        assert!(!listing.is_empty(), "{name} has MSRP traffic");
        insta::assert_snapshot!(name, listing);
    }
}

/// A line a message, and one for each of its defects.
fn msrp_listing(conversations: &Conversations) -> String {
    let mut listing = String::new();
    for stream in conversations.streams.iter().filter(|stream| stream.octets.starts_with(b"MSRP ")) {
        assert_eq!(stream.lost(), 0, "{}", stream.direction);
        writeln!(listing, "{}", stream.direction).unwrap();
        let mut framer = Framer::new(FramerLimits::default());
        let mut framed_octets = Vec::new();
        // The cut is arbitrary; a prime so that it falls everywhere.
        for piece in stream.octets.chunks(61) {
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
        assert_eq!(framer.pending(), b"", "{}", stream.direction);
        assert_eq!(framed_octets, stream.octets, "{}", stream.direction);
    }
    listing
}

fn cpim_listing(octets: Bytes, listing: &mut String) {
    let parsed = CpimMessage::parse(octets.clone());
    assert_eq!(parsed.tree.octets(), octets);
    let uris = |addresses: Vec<msrpspec::wire::cpim::Address>| {
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
