//! Puts chunks together (RFC 4975, 7.3.1).

use bytes::Bytes;

use super::log::{Chunk, Delivered};
use super::participant::CallId;
use crate::port::{Connection, Moment};
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::{Flag, MsrpMessage};

/// The longest message that is put together; octets beyond are not kept.
const MESSAGE: usize = 16 * 1024 * 1024;
/// Up to this length the body of an unfinished message can be seen.
const VISIBLE: usize = 64 * 1024;
/// So many messages, and so many octets of messages that have ended, are kept; later ones are in the log only, as far as
/// that goes.
const KEPT: (usize, usize) = (50_000, 256 * 1024 * 1024);
/// Octets kept of all messages that are not complete.
const UNFINISHED: usize = 64 * 1024 * 1024;

/// Messages in the order of their first chunks.
#[derive(Clone, Debug, Default)]
pub(super) struct Assembly {
    pub(super) messages: Vec<Delivered>,
    parts: Vec<Part>,
    held: usize,
    kept: usize,
}

/// A message that has not ended.
#[derive(Clone, Debug)]
struct Part {
    index: usize,
    octets: Vec<u8>,
    /// What has come, as disjoint ranges in order.
    covered: Vec<(usize, usize)>,
    /// Where the message ends, once a chunk flagged `$` said so.
    end: Option<usize>,
}

impl Assembly {
    /// Takes a SEND with a body. Gives the message when this chunk completes it.
    pub(super) fn take(
        &mut self,
        at: Moment,
        call: Option<CallId>,
        connection: Connection,
        send: &MsrpMessage,
        body: &Bytes,
    ) -> Option<&Delivered> {
        let message_id = send.message_id().unwrap_or_default();
        let same = |part: &Part, messages: &[Delivered]| {
            messages.get(part.index).is_some_and(|message| message.call == call && message.message_id == message_id)
        };
        let position = match self.parts.iter().position(|part| same(part, &self.messages)) {
            Some(position) => position,
            None if self.messages.len() >= KEPT.0 || self.kept > KEPT.1 => return None,
            None => {
                self.messages.push(Delivered {
                    at,
                    ended_at: None,
                    call,
                    connection,
                    message_id,
                    content_type: None,
                    body: Bytes::new(),
                    chunks: Vec::new(),
                    complete: false,
                    aborted: false,
                    success_report: false,
                    cpim: None,
                });
                let index = self.messages.len() - 1;
                self.parts.push(Part { index, octets: Vec::new(), covered: Vec::new(), end: None });
                self.parts.len() - 1
            }
        };
        let part = self.parts.get_mut(position)?;
        let message = self.messages.get_mut(part.index)?;
        let range = send.byte_range();
        message.chunks.push(Chunk {
            at,
            transaction: send.transaction.clone(),
            range,
            length: body.len(),
            flag: send.flag,
        });
        message.success_report |= send.success_report();
        if message.content_type.is_none() {
            message.content_type = send.header("Content-Type");
        }
        let start = range.map_or(1, |range| range.start).saturating_sub(1);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let end = start.saturating_add(body.len());
        let before = part.octets.len();
        part.place(start, body, UNFINISHED.saturating_sub(self.held));
        self.held += part.octets.len() - before;
        match send.flag {
            Flag::More => {}
            Flag::Aborted => message.aborted = true,
            Flag::Complete => part.end = Some(end),
        }
        let complete = part.end.is_some_and(|end| end == 0 || part.covered.first() == Some(&(0, end)));
        if !complete && !message.aborted {
            // What is there so far can be looked at, as long as that costs little.
            if part.octets.len() <= VISIBLE {
                message.body = Bytes::copy_from_slice(&part.octets);
            }
            return None;
        }
        let part = self.parts.remove(position);
        self.held -= part.octets.len();
        self.kept = self.kept.saturating_add(part.octets.len());
        let message = self.messages.get_mut(part.index)?;
        message.body = Bytes::from(part.octets);
        message.ended_at = Some(at);
        message.complete = complete;
        if complete && is_cpim(message.content_type.as_deref()) {
            message.cpim = Some(CpimMessage::parse(message.body.clone()).tree);
        }
        complete.then_some(&*message)
    }
}

impl Part {
    fn place(&mut self, start: usize, body: &[u8], room: usize) {
        let end = start.saturating_add(body.len());
        let growth = end.saturating_sub(self.octets.len());
        if body.is_empty() || end > MESSAGE || growth > room {
            return;
        }
        if self.octets.len() < end {
            self.octets.resize(end, 0);
        }
        if let Some(place) = self.octets.get_mut(start..end) {
            place.copy_from_slice(body);
        }
        self.covered.push((start, end));
        self.covered.sort_unstable();
        let mut joined: Vec<(usize, usize)> = Vec::with_capacity(self.covered.len());
        for (start, end) in self.covered.drain(..) {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        self.covered = joined;
    }
}

fn is_cpim(content_type: Option<&str>) -> bool {
    content_type
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("message/cpim"))
}
