//! Plain wreckage: servers that are broken as a whole, where a [`super::fault::Fault`] breaks one requirement. It stands
//! around the switch; nothing within the switch knows of it.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use super::machine::Switch;
use crate::port::{Connection, Input, Machine, Moment, Output, Protocol};

mod flood;
#[cfg(test)]
mod tests;

use self::flood::Flood;

/// A way to be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wreckage {
    /// Accepts datagrams and connections and never says anything.
    Null,
    /// Takes part in SIP and closes each MSRP connection as soon as it is up.
    CloseAfterInvite,
    /// Sends back what comes in.
    Echo,
    /// Answers everything with octets that mean nothing.
    Garbage,
    /// Lets everybody join and says nothing more.
    SilentAfterJoin,
    /// Says everything just before nobody waits for it any more.
    Slow,
    /// Sends valid messages without end to everybody who joined, and answers nothing.
    Flood,
}

impl Wreckage {
    /// Every wreckage.
    pub const ALL: &'static [Self] = &[
        Self::Null,
        Self::CloseAfterInvite,
        Self::Echo,
        Self::Garbage,
        Self::SilentAfterJoin,
        Self::Slow,
        Self::Flood,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::CloseAfterInvite => "close-after-invite",
            Self::Echo => "echo",
            Self::Garbage => "garbage",
            Self::SilentAfterJoin => "silent-after-join",
            Self::Slow => "slow",
            Self::Flood => "flood",
        }
    }

    /// Whether an INVITE is answered in time: then a case that asks for no more than that may pass.
    pub fn answers_invite(self) -> bool {
        match self {
            Self::Null | Self::Echo | Self::Garbage => false,
            Self::CloseAfterInvite | Self::SilentAfterJoin | Self::Slow | Self::Flood => true,
        }
    }

    /// What the wrecked switch does, in one line.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Null => "accepts datagrams and connections and never says anything",
            Self::CloseAfterInvite => "answers INVITE and closes the MSRP connection at once",
            Self::Echo => "sends back what comes in",
            Self::Garbage => "answers everything with octets that mean nothing",
            Self::SilentAfterJoin => "lets everybody join and says nothing more",
            Self::Slow => "says everything 4.5 seconds late",
            Self::Flood => "answers no MSRP request and sends valid messages without end",
        }
    }
}

impl fmt::Display for Wreckage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How late the slow one is: a profile that says nothing waits 5 s for a response.
const LATE: Duration = Duration::from_millis(4500);

/// Neither SIP nor MSRP nor UTF-8; the last line looks like the beginning of a response and has no end.
const GARBAGE: &[u8] = b"\x00\xff\xfe\x80 garbage \x1b[2J\r\n\r\n:::\r\nMSRP \xc3\x28 999\r\n";

/// A switch, or what is left of it.
pub struct Wrecked {
    switch: Switch,
    wreckage: Option<Wreckage>,
    streams: BTreeMap<Connection, Stream>,
    flood: Flood,
    /// What is to be said, and when.
    outputs: VecDeque<(Moment, Output)>,
    now: Moment,
}

#[derive(Debug)]
struct Stream {
    protocol: Protocol,
    /// Whether the other side has said something.
    greeted: bool,
    /// Whether we have.
    answered: bool,
}

impl Wrecked {
    /// A switch that is broken in this way; whole if there is none.
    pub fn new(switch: Switch, wreckage: Option<Wreckage>) -> Self {
        Self {
            switch,
            wreckage,
            streams: BTreeMap::new(),
            flood: Flood::default(),
            outputs: VecDeque::new(),
            now: Moment::ZERO,
        }
    }

    /// Ends every session and subscription, as [`Switch::shut_down`] does.
    pub fn shut_down(&mut self, now: Moment) {
        self.switch.shut_down(now);
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.switch.is_idle()
    }

    /// The next line of the log.
    pub fn poll_log(&mut self) -> Option<String> {
        self.switch.poll_log()
    }

    /// What the switch gets to know.
    fn take(&mut self, now: Moment, wreckage: Wreckage, input: Input) {
        match wreckage {
            Wreckage::Null => {}
            Wreckage::Echo => self.answer(now, input, |octets| octets),
            Wreckage::Garbage => self.answer(now, input, |_| Bytes::from_static(GARBAGE)),
            Wreckage::Slow => self.switch.handle_input(now, input),
            Wreckage::CloseAfterInvite => match input {
                Input::Connected { connection, protocol: Protocol::Msrp, .. } => {
                    self.outputs.push_back((now, Output::Close { connection }));
                }
                input => self.switch.handle_input(now, input),
            },
            Wreckage::SilentAfterJoin => match &input {
                Input::Datagram { octets, .. } if !joins(octets) => {}
                Input::Octets { connection, octets } if self.knows_enough(*connection, octets) => {}
                _ => self.switch.handle_input(now, input),
            },
            Wreckage::Flood => match &input {
                Input::Octets { connection, octets } if self.is_msrp(*connection) => {
                    self.flood.greeted(now, *connection, octets);
                }
                Input::Taken { connection, count } if self.is_msrp(*connection) => {
                    self.flood.taken(*connection, *count);
                }
                Input::Closed { connection } => {
                    self.flood.closed(*connection);
                    self.switch.handle_input(now, input);
                }
                _ => self.switch.handle_input(now, input),
            },
        }
    }

    fn answer(&mut self, now: Moment, input: Input, what: impl Fn(Bytes) -> Bytes) {
        match input {
            Input::Datagram { from, octets } => {
                self.outputs.push_back((now, Output::Datagram { to: from, octets: what(octets) }));
            }
            Input::Octets { connection, octets } => {
                self.outputs.push_back((now, Output::Write { connection, octets: what(octets) }));
            }
            _ => {}
        }
    }

    fn is_msrp(&self, connection: Connection) -> bool {
        self.streams.get(&connection).is_some_and(|stream| stream.protocol == Protocol::Msrp)
    }

    /// Whether what a stream brings comes after the join: after the first SEND of MSRP, or no INVITE or ACK of SIP.
    fn knows_enough(&mut self, connection: Connection, octets: &[u8]) -> bool {
        match self.streams.get_mut(&connection) {
            Some(stream) if stream.protocol == Protocol::Msrp => std::mem::replace(&mut stream.greeted, true),
            _ => !joins(octets),
        }
    }

    fn note(&mut self, input: &Input) {
        match input {
            Input::Connected { connection, protocol, .. } => {
                let stream = Stream { protocol: *protocol, greeted: false, answered: false };
                self.streams.insert(*connection, stream);
            }
            Input::Closed { connection } | Input::ConnectFailed { connection, .. } => {
                self.streams.remove(connection);
            }
            _ => {}
        }
    }

    /// Takes over what the switch has to say.
    fn drain(&mut self, now: Moment) {
        self.now = now;
        let due = if self.wreckage == Some(Wreckage::Slow) { now + LATE } else { now };
        while let Some(output) = self.switch.poll_output() {
            if self.is_let_out(&output) {
                self.outputs.push_back((due, output));
            }
        }
        if self.wreckage == Some(Wreckage::Flood) {
            self.outputs.extend(self.flood.burst(now).into_iter().map(|output| (now, output)));
        }
    }

    fn is_let_out(&mut self, output: &Output) -> bool {
        let Output::Write { connection, .. } = output else { return true };
        match (self.wreckage, self.streams.get_mut(connection)) {
            (Some(Wreckage::SilentAfterJoin), Some(stream)) if stream.protocol == Protocol::Msrp => {
                !std::mem::replace(&mut stream.answered, true)
            }
            (Some(Wreckage::Flood), Some(stream)) => stream.protocol == Protocol::Sip,
            _ => true,
        }
    }
}

/// Whether a SIP message is one of those by which somebody joins.
fn joins(octets: &[u8]) -> bool {
    octets.starts_with(b"INVITE ") || octets.starts_with(b"ACK ")
}

impl Machine for Wrecked {
    fn handle_input(&mut self, now: Moment, input: Input) {
        let Some(wreckage) = self.wreckage else { return self.switch.handle_input(now, input) };
        self.note(&input);
        self.take(now, wreckage, input);
        self.drain(now);
    }

    fn handle_timeout(&mut self, now: Moment) {
        self.switch.handle_timeout(now);
        if self.wreckage.is_some() {
            self.drain(now);
        }
    }

    fn poll_output(&mut self) -> Option<Output> {
        if self.wreckage.is_none() {
            return self.switch.poll_output();
        }
        let (due, _) = self.outputs.front()?;
        if *due > self.now {
            return None;
        }
        self.outputs.pop_front().map(|(_, output)| output)
    }

    fn poll_timeout(&self) -> Option<Moment> {
        let Some(wreckage) = self.wreckage else { return self.switch.poll_timeout() };
        let own = (wreckage == Wreckage::Flood).then(|| self.flood.next()).flatten();
        let late = self.outputs.front().map(|(due, _)| *due);
        [self.switch.poll_timeout(), own, late].into_iter().flatten().min()
    }

    fn unread(&self) -> &[Connection] {
        self.switch.unread()
    }
}
