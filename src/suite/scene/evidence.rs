//! From the transcript to the octets that a finding rests on.

use bytes::Bytes;
use memchr::memmem;

use super::Scene;
use crate::judge::verdict::Evidence;
use crate::transcript::{Crossing, Transcript};
use crate::wire::Span;

/// No more octets than these of one message are kept as evidence.
const MOST: usize = 4096;

impl Scene {
    /// The MSRP request with this transaction, as it was sent.
    pub fn request_evidence(&self, caption: &str, transaction: &str) -> Vec<Evidence> {
        self.stage.as_ref().map_or_else(Vec::new, |stage| {
            let transcript = stage.transcript();
            find_msrp(&transcript, caption, transaction, true)
        })
    }
}

/// A message of the other side, its first line decisive.
pub fn received(caption: &str, octets: Bytes) -> Evidence {
    let line = memchr::memchr(b'\n', &octets).map_or(octets.len(), |end| end + 1);
    Evidence {
        caption: caption.to_owned(),
        event: None,
        octets: octets.slice(..octets.len().min(MOST)),
        decisive: Some(Span { start: 0, end: line.min(MOST) }),
    }
}

fn find_msrp(transcript: &Transcript, caption: &str, transaction: &str, sent: bool) -> Vec<Evidence> {
    let start = format!("MSRP {transaction} ");
    let end = format!("-------{transaction}");
    for (index, event) in transcript.events.iter().enumerate().rev() {
        let octets = match (&event.crossing, sent) {
            (Crossing::Sent(octets), true) | (Crossing::Received(octets), false) => octets,
            _ => continue,
        };
        if let Some(from) = memmem::find(octets, start.as_bytes()) {
            let rest = octets.slice(from..);
            let length = memmem::find(&rest, end.as_bytes())
                .map_or(rest.len(), |at| (at + end.len() + 3).min(rest.len()))
                .min(MOST);
            return vec![Evidence {
                caption: caption.to_owned(),
                event: Some(index),
                octets: rest.slice(..length),
                decisive: None,
            }];
        }
    }
    Vec::new()
}
