//! What was said, and how it is recognised when it arrives.

use bytes::Bytes;

use crate::peer::{Delivered, SendFacts};

/// The mark stands within so many octets of the content, after the wrapper: large bodies are not searched again and again.
const BEGINNING: usize = 16 * 1024;

/// What was sent, for evidence and for following chunks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stimulus {
    /// Message-ID.
    pub message_id: String,
    /// The transactions, one a chunk.
    pub transactions: Vec<String>,
    /// The whole body.
    pub body: Bytes,
}

/// A message of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// Who said it.
    pub by: String,
    /// To whom it was whispered; `None`: to the room.
    pub to: Option<String>,
    /// A text that occurs in this message only.
    pub mark: Bytes,
    /// What went out.
    pub stimulus: Stimulus,
    /// How many octets of the body have been sent so far, of a message that is sent in parts.
    pub sent: usize,
}

impl From<SendFacts> for Stimulus {
    fn from(facts: SendFacts) -> Self {
        Self { message_id: facts.message_id, transactions: facts.transactions, body: facts.body }
    }
}

impl Utterance {
    /// Whether a delivered message, whole or in part, is this one. A part is recognised by the mark, which stands near
    /// the beginning of the content.
    pub fn is(&self, delivered: &Delivered) -> bool {
        let beginning = delivered.body.get(..BEGINNING).unwrap_or(&delivered.body);
        contains(beginning, &self.mark)
    }

    /// Whether it has arrived whole and unaborted.
    pub fn is_whole(&self, delivered: &Delivered) -> bool {
        self.is(delivered) && delivered.complete && !delivered.aborted
    }

    /// Whether a delivered message carries any part of this one: the mark, or a stretch of the body beyond it.
    pub fn is_part(&self, delivered: &Delivered) -> bool {
        self.is(delivered)
            || (delivered.body.len() >= 64
                && delivered
                    .body
                    .windows(64)
                    .next_back()
                    .is_some_and(|tail| tail.iter().any(|octet| *octet != 0) && contains(&self.stimulus.body, tail)))
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}
