//! Messages without end, as fast as the network takes them.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use crate::port::{Connection, Moment, Output};

/// So often a burst is sent.
const PACE: Duration = Duration::from_millis(20);
/// So many messages make a burst.
const BURST: usize = 8;
/// No more octets than this wait in the network's buffer of one stream.
const AHEAD: usize = 64 * 1024;
/// What is kept of a first request: its paths stand at its beginning.
const HEAD: usize = 4096;

/// The streams that are flooded.
#[derive(Debug, Default)]
pub(super) struct Flood {
    victims: BTreeMap<Connection, Victim>,
    next: Option<Moment>,
    /// How many messages there were.
    count: u64,
}

#[derive(Debug, Default)]
struct Victim {
    /// The beginning of what it said, until its paths are known.
    head: Vec<u8>,
    /// Its path and ours.
    paths: Option<(String, String)>,
    /// Octets that the network has not taken yet.
    ahead: usize,
}

impl Flood {
    /// Somebody said something: the paths of the session are learned from it.
    pub(super) fn greeted(&mut self, now: Moment, connection: Connection, octets: &[u8]) {
        let victim = self.victims.entry(connection).or_default();
        if victim.paths.is_none() {
            let room = HEAD.saturating_sub(victim.head.len());
            victim.head.extend(octets.iter().take(room));
            let text = String::from_utf8_lossy(&victim.head).into_owned();
            let header =
                |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(|it| it.trim().to_owned());
            if let (Some(to), Some(from)) = (header("To-Path:"), header("From-Path:"))
                && text.contains("\r\n-------")
            {
                victim.paths = Some((from, to));
                victim.head = Vec::new();
                self.next.get_or_insert(now);
            }
        }
    }

    pub(super) fn taken(&mut self, connection: Connection, count: usize) {
        if let Some(victim) = self.victims.get_mut(&connection) {
            victim.ahead = victim.ahead.saturating_sub(count);
        }
    }

    pub(super) fn closed(&mut self, connection: Connection) {
        self.victims.remove(&connection);
        if self.victims.is_empty() {
            self.next = None;
        }
    }

    /// When the next burst is due.
    pub(super) fn next(&self) -> Option<Moment> {
        self.next
    }

    /// The burst that is due, if one is.
    pub(super) fn burst(&mut self, now: Moment) -> Vec<Output> {
        if self.next.is_none_or(|next| next > now) {
            return Vec::new();
        }
        self.next = Some(now + PACE);
        let mut outputs = Vec::new();
        for (connection, victim) in &mut self.victims {
            let Some((to, from)) = &victim.paths else { continue };
            for _ in 0..BURST {
                if victim.ahead > AHEAD {
                    break;
                }
                self.count += 1;
                let octets = message(self.count, to, from);
                victim.ahead += octets.len();
                outputs.push(Output::Write { connection: *connection, octets });
            }
        }
        outputs
    }
}

/// A message that nobody need answer (RFC 4975, 7.1.2: Failure-Report no).
fn message(number: u64, to: &str, from: &str) -> Bytes {
    let body = format!(
        "From: <sip:flood@example.invalid>\r\nTo: <sip:room@example.invalid>\r\n\r\n\
         Content-Type: text/plain\r\n\r\nand one more, {number}"
    );
    let length = body.len();
    Bytes::from(format!(
        "MSRP flood{number:08} SEND\r\nTo-Path: {to}\r\nFrom-Path: {from}\r\nMessage-ID: more{number:08}\r\n\
         Byte-Range: 1-{length}/{length}\r\nFailure-Report: no\r\nContent-Type: message/cpim\r\n\r\n{body}\r\n\
         -------flood{number:08}$\r\n"
    ))
}
