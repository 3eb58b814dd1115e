//! MSRP transactions and the messages that their chunks add up to (RFC 4975, 7).

use std::collections::HashMap;

use bytes::Bytes;

use super::{Direction, Trace};
use crate::transcript::PcoId;
use crate::wire::Parsed;
use crate::wire::cpim::{CpimDefect, CpimMessage};
use crate::wire::msrp::Flag;
use crate::wire::uri::MsrpUri;

/// An MSRP request with its responses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The request: index of a message.
    pub request: usize,
    /// Which way it went.
    pub direction: Direction,
    /// Its To-Path, as far as it can be read.
    pub to_path: Vec<MsrpUri>,
    /// Its From-Path, as far as it can be read.
    pub from_path: Vec<MsrpUri>,
    /// Its responses, in order: indices of messages.
    pub responses: Vec<usize>,
    /// The session it belongs to by both its paths: index into [`Trace::sessions`].
    pub session: Option<usize>,
    /// Whether its responses are those of a relay: a SEND through one is answered hop by hop, and AUTH is answered by
    /// the relay itself (RFC 4976, 5 and 6; interpretation T71).
    pub relayed: bool,
    /// Whether judgements on its answers are unsafe: it has defects, shares its transaction id with another request on
    /// the connection, or the connection was garbled.
    pub doubtful: bool,
}

/// A chunk of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The SEND: index of a message.
    pub index: usize,
    /// Position of its first octet, counted from 1.
    pub start: u64,
    /// Number of octets of its body.
    pub length: u64,
    /// Its flag.
    pub flag: Flag,
    /// Whether it has a Byte-Range that can be read.
    pub ranged: bool,
}

impl Chunk {
    /// Position of its last octet; one less than `start` for an empty body.
    pub fn end(&self) -> u64 {
        self.start.saturating_add(self.length).saturating_sub(1)
    }
}

/// A message, put together from the bodies of its SEND requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Where.
    pub pco: PcoId,
    /// Which way.
    pub direction: Direction,
    /// The session: index into [`Trace::sessions`].
    pub session: Option<usize>,
    /// Message-ID; empty when there was none.
    pub message_id: String,
    /// Content-Type of the first chunk, without parameters, in lower case.
    pub media_type: Option<String>,
    /// Its chunks, in the order in which they crossed.
    pub chunks: Vec<Chunk>,
    /// The octets from the first on, as far as they came without a gap.
    pub content: Bytes,
    /// Its Message/CPIM wrapper, if it came whole and its Content-Type says that it has one.
    pub wrapper: Option<Parsed<CpimMessage, CpimDefect>>,
    /// Whether all of it came.
    pub complete: bool,
    /// Whether a chunk aborted it.
    pub aborted: bool,
    /// Whether the Message-ID had been used up by an earlier message that was complete or aborted.
    pub reused: bool,
    /// Whether chunks came out of order, with gaps or overlaps, or with defects.
    pub disorderly: bool,
    /// Whether it came through a relay, which may cut, join and reorder chunks (RFC 4975, 7.1.1; RFC 4976, 6.1).
    pub relayed: bool,
}

impl Delivery {
    /// The message with its first chunk: index.
    pub fn first(&self) -> usize {
        self.chunks.first().map_or(0, |chunk| chunk.index)
    }

    /// The message with its last chunk: index.
    pub fn last(&self) -> usize {
        self.chunks.last().map_or(0, |chunk| chunk.index)
    }
}

/// Groups requests with responses and chunks with messages.
pub(super) fn correlate(trace: &mut Trace) {
    exchanges(trace);
    trace.by_request = trace.exchanges.iter().enumerate().map(|(index, known)| (known.request, index)).collect();
    deliveries(trace);
}

fn exchanges(trace: &mut Trace) {
    let mut found: Vec<Exchange> = Vec::new();
    let mut by_transaction: HashMap<(PcoId, Direction, &str), Vec<usize>> = HashMap::new();
    for (index, observed) in trace.observed.iter().enumerate() {
        let Some(message) = observed.msrp() else { continue };
        if message.method().is_none() {
            continue;
        }
        let (to, from) = (message.to_path(), message.from_path());
        let session = match (observed.direction, to.last(), from.last()) {
            (_, None, _) | (_, _, None) => None,
            (Direction::ToIut, to, from) => trace.session_by(observed.pco, from, to),
            (Direction::FromIut, to, from) => trace.session_by(observed.pco, to, from),
        };
        by_transaction.entry((observed.pco, observed.direction, &message.transaction)).or_default().push(found.len());
        found.push(Exchange {
            request: index,
            direction: observed.direction,
            responses: Vec::new(),
            session,
            relayed: match message.method() {
                Some("SEND") => to.len() > 1,
                method => method == Some("AUTH"),
            },
            doubtful: !observed.dependable() || trace.garbled(observed.pco, observed.direction),
            to_path: to,
            from_path: from,
        });
    }
    for group in by_transaction.values().filter(|group| group.len() > 1) {
        for index in group {
            if let Some(exchange) = found.get_mut(*index) {
                exchange.doubtful = true;
            }
        }
    }
    let mut strays = Vec::new();
    for (index, observed) in trace.observed.iter().enumerate() {
        let Some(message) = observed.msrp() else { continue };
        if message.status().is_none() {
            continue;
        }
        let group = by_transaction.get(&(observed.pco, observed.direction.reverse(), message.transaction.as_str()));
        let open = group.and_then(|group| {
            let unanswered =
                group.iter().find(|index| found.get(**index).is_some_and(|exchange| exchange.responses.is_empty()));
            unanswered.or(group.last()).copied()
        });
        match open.and_then(|open| found.get_mut(open)) {
            Some(exchange) => exchange.responses.push(index),
            None if observed.direction == Direction::FromIut => strays.push(index),
            None => {}
        }
    }
    trace.exchanges = found;
    trace.strays = strays;
}

fn deliveries(trace: &mut Trace) {
    let mut found: Vec<Delivery> = Vec::new();
    let mut bodies: Vec<Vec<Bytes>> = Vec::new();
    let mut open: HashMap<(PcoId, Direction, String, String), usize> = HashMap::new();
    for exchange in &trace.exchanges {
        let Some(observed) = trace.observed.get(exchange.request) else { continue };
        let Some(message) = observed.msrp() else { continue };
        let (Some("SEND"), Some(body)) = (message.method(), message.body.as_ref()) else { continue };
        let range = message.byte_range();
        let chunk = Chunk {
            index: exchange.request,
            start: range.map_or(1, |range| range.start),
            length: body.len() as u64,
            flag: message.flag,
            ranged: range.is_some(),
        };
        let message_id = message.message_id().unwrap_or_default();
        let target = exchange.to_path.last().map(ToString::to_string).unwrap_or_default();
        let key = (observed.pco, observed.direction, target, message_id.clone());
        let known = open.get(&key).copied();
        let used_up = known
            .and_then(|known| found.get(known))
            .is_some_and(|known| known.chunks.iter().any(|chunk| chunk.flag != Flag::More) || message_id.is_empty());
        match known.filter(|_| !(used_up && chunk.start <= 1)) {
            Some(known) => {
                if let Some(delivery) = found.get_mut(known) {
                    delivery.chunks.push(chunk);
                    delivery.disorderly |= exchange.doubtful;
                }
                if let Some(bodies) = bodies.get_mut(known) {
                    bodies.push(body.clone());
                }
            }
            None => {
                open.insert(key, found.len());
                bodies.push(vec![body.clone()]);
                found.push(Delivery {
                    pco: observed.pco,
                    direction: observed.direction,
                    session: exchange.session,
                    message_id,
                    media_type: message.media_type(),
                    chunks: vec![chunk],
                    content: Bytes::new(),
                    wrapper: None,
                    complete: false,
                    aborted: false,
                    reused: used_up,
                    relayed: exchange.from_path.len() > 1,
                    disorderly: exchange.doubtful,
                });
            }
        }
    }
    for (delivery, bodies) in found.iter_mut().zip(&bodies) {
        assemble(delivery, bodies);
        if delivery.complete && delivery.media_type.as_deref() == Some("message/cpim") {
            delivery.wrapper = Some(CpimMessage::parse(delivery.content.clone()));
        }
    }
    trace.deliveries = found;
}

/// Puts the bodies where their ranges say; where chunks overlap, the later one counts (RFC 4975, 7.3.1).
fn assemble(delivery: &mut Delivery, bodies: &[Bytes]) {
    delivery.aborted = delivery.chunks.iter().any(|chunk| chunk.flag == Flag::Aborted);
    let mut next = 1;
    for chunk in &delivery.chunks {
        delivery.disorderly |= chunk.start != next;
        next = chunk.end().saturating_add(1);
    }
    if let ([chunk], [body]) = (delivery.chunks.as_slice(), bodies) {
        if chunk.start <= 1 {
            delivery.content = body.clone();
            delivery.complete = chunk.flag == Flag::Complete;
        }
        return;
    }
    let mut order: Vec<(&Chunk, &Bytes)> = delivery.chunks.iter().zip(bodies).collect();
    order.sort_by_key(|(chunk, _)| chunk.start);
    let mut content: Vec<u8> = Vec::new();
    let mut whole = true;
    for (chunk, body) in order {
        let Ok(start) = usize::try_from(chunk.start.saturating_sub(1)) else { break };
        if start > content.len() {
            whole = false;
            break;
        }
        let overlap = (content.len() - start).min(body.len());
        for (place, octet) in content.iter_mut().skip(start).zip(body.iter()) {
            *place = *octet;
        }
        content.extend_from_slice(body.get(overlap..).unwrap_or_default());
    }
    let end = delivery.chunks.iter().find(|chunk| chunk.flag == Flag::Complete).map(Chunk::end);
    delivery.complete = whole && end == Some(content.len() as u64);
    delivery.content = Bytes::from(content);
}
