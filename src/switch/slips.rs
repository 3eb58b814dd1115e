//! Slips of the pen: the faults that spoil a message where it is written, whoever wrote it. One arm a fault; nothing
//! happens to a switch without faults.

use bytes::Bytes;

use super::fault::{Fault, FaultSet};

mod conference;
pub(super) mod cpim;
mod msrp;
mod sdp;
mod sip;
#[cfg(test)]
mod tests;

pub(super) use sdp::description;

/// An MSRP message as it leaves, mostly as it is.
pub(super) fn msrp(faults: FaultSet, octets: Bytes) -> Bytes {
    if faults.is_idle() { octets } else { faults.spoil(octets, msrp::spoilt) }
}

/// A SIP message as it leaves: mostly itself, but none or two under some faults.
pub(super) fn sip(faults: FaultSet, octets: Bytes) -> Vec<Bytes> {
    if faults.is_idle() {
        return vec![octets];
    }
    faults.spoil(vec![octets], |all, fault| all.into_iter().flat_map(|one| sip::spoilt(one, fault)).collect())
}

/// The first place of a pattern.
fn find(text: &[u8], pattern: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, pattern)
}

/// With the first occurrence of a pattern replaced; as it was if there is none.
fn replaced(text: Bytes, pattern: &str, by: &str) -> Bytes {
    let Some(at) = find(&text, pattern.as_bytes()) else { return text };
    let (before, behind) = text.split_at(at);
    [before, by.as_bytes(), behind.get(pattern.len()..).unwrap_or_default()].concat().into()
}

/// With a line put before the first line that starts like this.
fn inserted(text: Bytes, before: &str, line: &str) -> Bytes {
    replaced(text, &format!("\r\n{before}"), &format!("\r\n{line}\r\n{before}"))
}

/// Without the first line that starts like this.
fn without(text: Bytes, start: &str) -> Bytes {
    edited(text, start, |_| None)
}

/// With the first line that starts like this as an edit makes it; without it for `None`.
fn edited(text: Bytes, start: &str, edit: impl Fn(&str) -> Option<String>) -> Bytes {
    let Some(at) = find(&text, format!("\r\n{start}").as_bytes()) else { return text };
    let (before, rest) = text.split_at(at + 2);
    let end = find(rest, b"\r\n").unwrap_or(rest.len());
    let (line, behind) = rest.split_at(end);
    match edit(&String::from_utf8_lossy(line)) {
        Some(line) => [before, line.as_bytes(), behind].concat().into(),
        None => [before, behind.get(2..).unwrap_or_default()].concat().into(),
    }
}
