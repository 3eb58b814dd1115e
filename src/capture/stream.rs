//! TCP: segments to streams.
//!
//! What is ahead of a gap waits for the gap to be filled, within bounds; then the gap is declared lost. What comes twice is
//! taken as it came first.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;

use bytes::Bytes;

use super::packet::Segment;
use super::{Flow, Sight, Sighting};
use crate::port::Moment;

/// Most octets of one direction of a connection that wait behind a gap.
const MOST_WAITING: usize = 1024 * 1024;
/// Most segments of it.
const MOST_SEGMENTS: usize = 2048;
/// Most octets of all connections that wait.
const MOST_WAITING_IN_ALL: usize = 16 * 1024 * 1024;
/// Most connections that are remembered. Of more, those go that were silent longest.
const MOST_CONNECTIONS: usize = 16 * 1024;
/// A segment that is further away than any window belongs to another connection, whose SYN was not captured.
const FAR: i64 = 64 * 1024 * 1024;

/// When and where something was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) frame: u64,
    pub(super) at: Moment,
}

/// All connections of a capture.
#[derive(Debug, Default)]
pub(super) struct Streams {
    connections: HashMap<Ends, Connection>,
    begun: u64,
    waiting: usize,
}

/// The ends of a connection, the lower one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Ends(SocketAddr, SocketAddr);

#[derive(Debug)]
struct Connection {
    id: u64,
    touched: u64,
    lower: Half,
    higher: Half,
}

/// One direction.
#[derive(Debug)]
struct Half {
    flow: Flow,
    from: SocketAddr,
    to: SocketAddr,
    /// The sequence number of the first octet, from the SYN.
    first: Option<u32>,
    /// The sequence number that comes next.
    next: Option<u32>,
    /// How many octets are past.
    position: i64,
    waiting: BTreeMap<i64, Waiting>,
    waiting_octets: usize,
    /// Where the stream ends, and where that was said.
    end: Option<(i64, Mark)>,
    closed: bool,
}

/// Octets behind a gap.
#[derive(Debug)]
struct Waiting {
    octets: Bytes,
    missing: usize,
    mark: Mark,
}

impl Streams {
    /// Takes a segment; what it shows goes to `shown`.
    pub(super) fn take(&mut self, segment: &Segment<'_>, mark: Mark, shown: &mut VecDeque<Sighting>) {
        let Segment { from, to, .. } = *segment;
        let ends = if from <= to { Ends(from, to) } else { Ends(to, from) };
        if segment.rst {
            self.reset(ends, segment, mark, shown);
            return;
        }
        if self.is_other_connection(ends, segment) {
            self.end(ends, shown);
        }
        if !self.connections.contains_key(&ends) {
            if !segment.syn && segment.octets.is_empty() && segment.missing == 0 {
                // Where no octet was seen there is nothing to close.
                return;
            }
            self.begin(ends, segment, mark, shown);
        }
        let Some(connection) = self.connections.get_mut(&ends) else { return };
        connection.touched = mark.frame;
        let half = connection.half(from);
        let before = half.waiting_octets;
        let mut sequence = segment.sequence;
        if segment.syn {
            sequence = sequence.wrapping_add(1);
            half.first.get_or_insert(sequence);
            half.next.get_or_insert(sequence);
        }
        half.take(sequence, segment, mark, shown);
        let others = self.waiting.saturating_sub(before);
        while half.waiting_octets > MOST_WAITING
            || half.waiting.len() > MOST_SEGMENTS
            || (half.waiting_octets > 0 && half.waiting_octets + others > MOST_WAITING_IN_ALL)
        {
            half.give_up_gap(shown);
        }
        self.waiting = others + half.waiting_octets;
    }

    /// The capture ends.
    pub(super) fn finish(&mut self, shown: &mut VecDeque<Sighting>) {
        let mut rest: Vec<Connection> = self.connections.drain().map(|(_, connection)| connection).collect();
        rest.sort_by_key(|connection| connection.id);
        for mut connection in rest {
            connection.lower.end_here(shown);
            connection.higher.end_here(shown);
        }
        self.waiting = 0;
    }

    /// Whether the segment cannot belong to the connection that is known between these ends.
    fn is_other_connection(&self, ends: Ends, segment: &Segment<'_>) -> bool {
        let Some(connection) = self.connections.get(&ends) else { return false };
        let half = connection.half_of(segment.from);
        if segment.syn {
            let first = segment.sequence.wrapping_add(1);
            // The answer to a SYN is the first that its side says.
            return half.first != Some(first) && (half.first.is_some() || half.position > 0 || half.next.is_some());
        }
        half.next.is_some_and(|next| {
            let distance = i64::from(segment.sequence.wrapping_sub(next).cast_signed());
            let length = (segment.octets.len() + segment.missing) as i64;
            length > 0 && !(-FAR..=FAR).contains(&distance)
        })
    }

    fn begin(&mut self, ends: Ends, segment: &Segment<'_>, mark: Mark, shown: &mut VecDeque<Sighting>) {
        if self.connections.len() >= MOST_CONNECTIONS {
            self.forget_silent(shown);
        }
        self.begun += 1;
        let flow = Flow::Tcp(self.begun);
        let (lower, higher) = (Half::new(flow, ends.0, ends.1), Half::new(flow, ends.1, ends.0));
        let mut connection = Connection { id: self.begun, touched: mark.frame, lower, higher };
        if segment.syn {
            // Who answers a SYN tells where the other side began.
            let opener = if segment.acknowledged.is_some() { segment.to } else { segment.from };
            let half = connection.half(opener);
            if let Some(acknowledged) = segment.acknowledged {
                half.first = Some(acknowledged);
                half.next = Some(acknowledged);
            }
            shown.push_back(half.sighting(mark, mark.frame, Sight::Opened));
        }
        self.connections.insert(ends, connection);
    }

    fn end(&mut self, ends: Ends, shown: &mut VecDeque<Sighting>) {
        if let Some(mut connection) = self.connections.remove(&ends) {
            let waiting = connection.lower.waiting_octets + connection.higher.waiting_octets;
            self.waiting = self.waiting.saturating_sub(waiting);
            connection.lower.end_here(shown);
            connection.higher.end_here(shown);
        }
    }

    fn reset(&mut self, ends: Ends, segment: &Segment<'_>, mark: Mark, shown: &mut VecDeque<Sighting>) {
        let Some(connection) = self.connections.get_mut(&ends) else { return };
        let waiting = connection.lower.waiting_octets + connection.higher.waiting_octets;
        self.waiting = self.waiting.saturating_sub(waiting);
        connection.touched = mark.frame;
        connection.lower.end_here(shown);
        connection.higher.end_here(shown);
        let half = connection.half(segment.from);
        if !half.closed {
            half.closed = true;
            shown.push_back(half.sighting(mark, mark.frame, Sight::Closed));
        }
    }

    fn forget_silent(&mut self, shown: &mut VecDeque<Sighting>) {
        let mut by_age: Vec<(u64, Ends)> =
            self.connections.iter().map(|(ends, connection)| (connection.touched, *ends)).collect();
        by_age.sort_unstable_by_key(|(touched, _)| *touched);
        for (_, ends) in by_age.into_iter().take(MOST_CONNECTIONS / 4) {
            self.end(ends, shown);
        }
    }
}

impl Connection {
    fn half(&mut self, from: SocketAddr) -> &mut Half {
        if self.lower.from == from { &mut self.lower } else { &mut self.higher }
    }

    fn half_of(&self, from: SocketAddr) -> &Half {
        if self.lower.from == from { &self.lower } else { &self.higher }
    }
}

impl Half {
    fn new(flow: Flow, from: SocketAddr, to: SocketAddr) -> Self {
        Self {
            flow,
            from,
            to,
            first: None,
            next: None,
            position: 0,
            waiting: BTreeMap::new(),
            waiting_octets: 0,
            end: None,
            closed: false,
        }
    }

    fn sighting(&self, mark: Mark, turn: u64, sight: Sight) -> Sighting {
        let Self { flow, from, to, .. } = *self;
        Sighting { at: mark.at, frame: mark.frame, turn, flow, from, to, sight }
    }

    fn take(&mut self, sequence: u32, segment: &Segment<'_>, mark: Mark, shown: &mut VecDeque<Sighting>) {
        let length = (segment.octets.len() + segment.missing) as i64;
        if self.next.is_none() && length == 0 {
            // The sequence number of a keep-alive is not where the stream goes on: it tells of a FIN at most.
            if segment.fin && !self.closed {
                self.closed = true;
                shown.push_back(self.sighting(mark, mark.frame, Sight::Closed));
            }
            return;
        }
        let next = *self.next.get_or_insert(sequence);
        let distance = i64::from(sequence.wrapping_sub(next).cast_signed());
        if !(-FAR..=FAR).contains(&distance) {
            return;
        }
        let begin = self.position.saturating_add(distance);
        let end = begin.saturating_add(length);
        if end > self.position && self.end.is_none_or(|(last, _)| begin < last) {
            let known = (self.position - begin).max(0) as usize;
            let octets = segment.octets.get(known..).unwrap_or_default();
            let missing = segment.missing.saturating_sub(known.saturating_sub(segment.octets.len()));
            let waiting = Waiting { octets: Bytes::copy_from_slice(octets), missing, mark };
            self.wait(begin.max(self.position), waiting);
            self.go_on(Some(mark), shown);
        }
        if segment.fin && self.end.is_none() {
            self.end = Some((end, mark));
        }
        self.close_at_end(shown);
    }

    fn wait(&mut self, begin: i64, waiting: Waiting) {
        let length = waiting.octets.len() + waiting.missing;
        match self.waiting.get(&begin) {
            Some(known) if known.octets.len() + known.missing >= length => {}
            _ => {
                self.waiting_octets += waiting.octets.len();
                if let Some(shorter) = self.waiting.insert(begin, waiting) {
                    self.waiting_octets -= shorter.octets.len();
                }
            }
        }
    }

    /// Hands out what no gap lies before. `filled` is the segment that closed the gap, if one did.
    fn go_on(&mut self, filled: Option<Mark>, shown: &mut VecDeque<Sighting>) {
        while let Some(entry) = self.waiting.first_entry() {
            if *entry.key() > self.position {
                break;
            }
            let (begin, Waiting { octets, missing, mark }) = entry.remove_entry();
            self.waiting_octets -= octets.len();
            let known = (self.position - begin).max(0) as usize;
            let end = begin.saturating_add((octets.len() + missing) as i64);
            let (turn, at) = filled.map_or((mark.frame, mark.at), |filled| (filled.frame, filled.at));
            let mark = Mark { at, ..mark };
            if known < octets.len() {
                let octets = octets.slice(known..);
                self.pass(octets.len() as i64);
                shown.push_back(self.sighting(mark, turn, Sight::Octets(octets)));
            }
            self.lose(end, mark, turn, shown);
        }
    }

    /// Everything up to a position is lost.
    fn lose(&mut self, end: i64, mark: Mark, turn: u64, shown: &mut VecDeque<Sighting>) {
        let lost = end.saturating_sub(self.position);
        if lost > 0 {
            self.pass(lost);
            shown.push_back(self.sighting(mark, turn, Sight::Lost { octets: lost.unsigned_abs() }));
        }
    }

    fn pass(&mut self, octets: i64) {
        self.position = self.position.saturating_add(octets);
        self.next = self.next.map(|next| next.wrapping_add(octets as u32));
    }

    /// Nothing will fill the first gap.
    fn give_up_gap(&mut self, shown: &mut VecDeque<Sighting>) {
        let Some((begin, mark)) = self.waiting.first_key_value().map(|(begin, waiting)| (*begin, waiting.mark)) else {
            return;
        };
        self.lose(begin, mark, mark.frame, shown);
        self.go_on(None, shown);
        self.close_at_end(shown);
    }

    fn close_at_end(&mut self, shown: &mut VecDeque<Sighting>) {
        if let Some((end, mark)) = self.end
            && !self.closed
            && self.position >= end
        {
            self.closed = true;
            shown.push_back(self.sighting(mark, mark.frame, Sight::Closed));
        }
    }

    /// Nothing more will come.
    fn end_here(&mut self, shown: &mut VecDeque<Sighting>) {
        while !self.waiting.is_empty() {
            self.give_up_gap(shown);
        }
        if let Some((end, mark)) = self.end.filter(|_| !self.closed) {
            self.lose(end, mark, mark.frame, shown);
            self.close_at_end(shown);
        }
    }
}
