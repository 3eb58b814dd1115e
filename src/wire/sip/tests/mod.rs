//! Literal octets, most of them the torture messages of RFC 4475.

mod framing;
mod messages;
mod torture;
mod values;

use bytes::Bytes;

use super::{SipDefect, SipMessage};
use crate::wire::Parsed;

/// Reads a datagram that must be SIP and must come back octet for octet.
fn read(octets: &[u8]) -> Parsed<SipMessage, SipDefect> {
    let octets = Bytes::copy_from_slice(octets);
    let parsed = SipMessage::parse_datagram(octets.clone()).expect("SIP");
    assert_eq!(parsed.tree.octets(), octets, "lost octets");
    for defect in &parsed.defects {
        assert!(defect.span.start <= defect.span.end && defect.span.end <= octets.len(), "{defect:?}");
    }
    parsed
}

/// The kinds of defects, in their order.
fn kinds(parsed: &Parsed<SipMessage, SipDefect>) -> Vec<SipDefect> {
    parsed.defects.iter().map(|defect| defect.kind.clone()).collect()
}

/// Line feeds to CRLF: how the literals here are written.
fn crlf(text: &str) -> Vec<u8> {
    text.replace('\n', "\r\n").into_bytes()
}

/// A request without fault.
const PLAIN: &str = "MESSAGE sip:bob@example.com SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1\nMax-Forwards: 70\nTo: <sip:bob@example.com>\nFrom: \"Alice\" <sip:alice@example.com>;tag=1\nCall-ID: a@b\nCSeq: 1 MESSAGE\nContent-Type: text/plain\nContent-Length: 5\n\nhello";
