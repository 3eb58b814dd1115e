//! The participants of a script, played by one machine: each request when what had come before it in the recording has
//! come, or was waited for long enough.

mod hearing;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

use super::digest;
use super::live::{self, LiveCall, Place};
use super::meaning::{Assembly, Content, Roster};
use super::script::{Act, Meaning, Script};
use crate::port::{Connection, Input, Machine, Moment, Output};
use crate::wire::conference_info::ConferenceInfo;
use crate::wire::msrp::{Framer, MsrpMessage};
use crate::wire::sip::SipMessage;
use crate::wire::uri::{MsrpUri, SipUri, host_of};

/// Retransmission of requests over UDP: T1, and how often (RFC 3261, 17.1).
const T1: Duration = Duration::from_millis(500);
const RETRANSMISSIONS: u32 = 5;
/// How long the switch must be silent at the end, so that what it sends too much is seen.
const QUIET: Duration = Duration::from_millis(300);
/// After so many waits in vain, one after the other, the switch is not waited for any more.
const VAIN: u32 = 3;
/// Most things kept that the recorded switch did not do.
const SURPLUS: usize = 1000;

/// How a script is to be acted.
#[derive(Clone, Debug)]
pub struct Direction {
    /// The room of each call of the script, by the user part under which it was called; else [`Direction::room`].
    pub rooms: HashMap<String, SipUri>,
    /// The room.
    pub room: SipUri,
    /// Where SIP goes, over UDP.
    pub hop: SocketAddr,
    /// The participants' end.
    pub place: Place,
    /// How long something that came in the recording is waited for.
    pub patience: Duration,
    /// Passwords by user name, for digest authentication.
    pub passwords: HashMap<String, String>,
    /// Whether requests keep the distances in time of the recording.
    pub paced: bool,
    /// Seed of identifiers.
    pub seed: u64,
}

/// What came of something that the recorded switch did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Open,
    Met,
    /// Waited for in vain; may still come.
    Late,
    /// Answered, with another status.
    Other(u16),
}

/// Something that the recorded switch did not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Surplus {
    Answer { step: usize, status: u16 },
    Delivery { call: usize, content: Content },
    Report { call: usize, about: String, status: u16 },
    Request { call: usize, method: String },
    Closed { call: usize },
}

/// A SIP request on its way.
#[derive(Debug)]
struct Pending {
    step: usize,
    message: SipMessage,
    next: Moment,
    sent: u32,
    done: bool,
}

/// How far an MSRP session has come.
#[derive(Debug, Default)]
struct Line {
    connection: Option<Connection>,
    waiting: Vec<Bytes>,
    up: bool,
    gone: bool,
}

/// The participants of a script.
#[derive(Debug)]
pub struct Troupe {
    pub(super) script: Script,
    direction: Direction,
    pub(super) calls: Vec<LiveCall>,
    lines: Vec<Line>,
    pub(super) fates: Vec<Fate>,
    pub(super) surplus: Vec<Surplus>,
    /// How much came that the recording ended too early to show.
    pub(super) unseen: usize,
    /// Calls that cannot go on, because the INVITE or the connection came to nothing.
    pub(super) dead: HashSet<usize>,
    pub(super) rosters: HashMap<usize, Roster>,
    pub(super) answers: HashMap<usize, u16>,
    /// Users whose passwords would be needed.
    pub(super) locked_out: BTreeSet<String>,
    /// The latest challenge in each call, and how often it was answered.
    challenges: HashMap<usize, (SipMessage, u32)>,
    /// Whether anything came at all.
    pub(super) heard: bool,
    states: HashMap<usize, ConferenceInfo>,
    noted: HashSet<usize>,
    ended: HashSet<usize>,
    next: usize,
    /// How many waits in a row were in vain.
    in_vain: u32,
    begun: Option<Moment>,
    since: Moment,
    last_input: Moment,
    done: bool,
    pending: HashMap<String, Pending>,
    msrp_steps: HashMap<String, usize>,
    /// Own Message-IDs, recorded to live, and back.
    ids: HashMap<(usize, String), String>,
    recorded_ids: HashMap<String, String>,
    /// Message-IDs of the switch, recorded to live.
    other_ids: HashMap<(usize, String), String>,
    shifts: HashMap<(usize, String), i64>,
    connections: HashMap<Connection, usize>,
    accepted: HashMap<Connection, Framer>,
    heard_asks: HashSet<(String, String)>,
    deliveries: Assembly,
    outputs: VecDeque<Output>,
    opened: u64,
    fresh: u64,
}

impl Troupe {
    /// Participants who have not begun.
    pub fn new(script: Script, direction: Direction) -> Self {
        let mut fresh = 0;
        let mut word = |prefix: &str| {
            fresh += 1;
            identifier(direction.seed, prefix, fresh)
        };
        let place = direction.place;
        let call = |call: &super::script::Call| LiveCall {
            room: call.room.as_ref().and_then(|room| direction.rooms.get(room)).unwrap_or(&direction.room).clone(),
            call_id: format!("{}@{}", word("replay"), host_of(place.sip.ip())),
            own_tag: word("t"),
            other_tag: None,
            target: None,
            route: Vec::new(),
            own_path: MsrpUri::new(false, &host_of(place.msrp.ip()), place.msrp.port(), &word("s")),
            other_path: Vec::new(),
            described: Bytes::new(),
        };
        let calls: Vec<_> = script.calls.iter().map(call).collect();
        Self {
            lines: calls.iter().map(|_| Line::default()).collect(),
            calls,
            fates: vec![Fate::Open; script.expected.len()],
            script,
            direction,
            surplus: Vec::new(),
            unseen: 0,
            dead: HashSet::new(),
            rosters: HashMap::new(),
            answers: HashMap::new(),
            locked_out: BTreeSet::new(),
            challenges: HashMap::new(),
            heard: false,
            states: HashMap::new(),
            noted: HashSet::new(),
            ended: HashSet::new(),
            next: 0,
            in_vain: 0,
            begun: None,
            since: Moment::ZERO,
            last_input: Moment::ZERO,
            done: false,
            pending: HashMap::new(),
            msrp_steps: HashMap::new(),
            ids: HashMap::new(),
            recorded_ids: HashMap::new(),
            other_ids: HashMap::new(),
            shifts: HashMap::new(),
            connections: HashMap::new(),
            accepted: HashMap::new(),
            heard_asks: HashSet::new(),
            deliveries: Assembly::default(),
            outputs: VecDeque::new(),
            opened: 0,
            fresh,
        }
    }

    /// Whether all has been acted and waited for.
    pub fn is_done(&self) -> bool {
        self.done
    }

    fn word(&mut self, prefix: &str) -> String {
        self.fresh += 1;
        identifier(self.direction.seed, prefix, self.fresh)
    }

    /// Acts what may be acted.
    fn go_on(&mut self, now: Moment) {
        if self.begun.is_none() {
            self.begun = Some(now);
            self.since = now;
            self.last_input = now;
        }
        while !self.done {
            if self.awaited(self.next) {
                if now < self.since + self.patience() {
                    return;
                }
                self.give_up(self.next);
            }
            // Nothing overtakes what waits for its connection.
            if self.unsent(self.next) && now < self.since + self.patience() {
                return;
            }
            let Some(step) = self.script.steps.get(self.next) else {
                // A switch that is never silent does not keep us for ever.
                self.done = now >= self.last_input + QUIET || now >= self.since + self.direction.patience.max(QUIET);
                return;
            };
            if self.due().is_some_and(|due| now < due) {
                return;
            }
            let (index, call, act) = (self.next, step.call, step.act.clone());
            self.next += 1;
            self.since = now;
            if self.dead.contains(&call) {
                continue;
            }
            match act {
                Act::Sip(message) => self.send_sip(now, index, call, &message),
                Act::Msrp(message) => self.send_msrp(index, call, &message),
            }
        }
    }

    /// How long something is waited for: hardly, once the switch has let so many in a row be waited for in vain.
    fn patience(&self) -> Duration {
        if self.in_vain < VAIN { self.direction.patience } else { self.direction.patience.min(QUIET) }
    }

    /// When the next step is due by the recording, if that counts.
    fn due(&self) -> Option<Moment> {
        let first = self.script.steps.first()?.at;
        let at = self.script.steps.get(self.next)?.at;
        Some(self.begun? + at.saturating_sub(first)).filter(|_| self.direction.paced)
    }

    /// Whether something is still waited for that came before a step.
    fn awaited(&mut self, step: usize) -> bool {
        for index in 0..self.script.expected.len() {
            let Some(expected) = self.script.expected.get(index) else { continue };
            if expected.position > step || self.fates.get(index) != Some(&Fate::Open) {
                continue;
            }
            if self.dead.contains(&expected.call) {
                self.settle(index, Fate::Late);
            } else if let Meaning::Roster { settled, later } = &expected.meaning {
                let now = self.rosters.get(&expected.call);
                if now.is_some_and(|now| now == settled || later.contains(now)) {
                    self.settle(index, Fate::Met);
                } else {
                    return true;
                }
            } else {
                return true;
            }
        }
        false
    }

    /// Whether a SIP request would overtake MSRP requests of its call.
    fn unsent(&self, step: usize) -> bool {
        let Some(step) = self.script.steps.get(step).filter(|step| matches!(step.act, Act::Sip(_))) else {
            return false;
        };
        let waits = self.lines.get(step.call).is_some_and(|line| !line.waiting.is_empty());
        waits && !self.dead.contains(&step.call)
    }

    fn give_up(&mut self, step: usize) {
        for index in 0..self.script.expected.len() {
            let before = self.script.expected.get(index).is_some_and(|expected| expected.position <= step);
            if before && self.fates.get(index) == Some(&Fate::Open) {
                self.settle(index, Fate::Late);
            }
        }
        self.in_vain += 1;
    }

    fn settle(&mut self, expected: usize, fate: Fate) {
        if let Some(known) = self.fates.get_mut(expected) {
            *known = fate;
        }
    }

    /// Ticks off what the switch did; `false` if the recorded one did not.
    fn meet(&mut self, call: usize, is: impl Fn(&Meaning) -> bool) -> Option<usize> {
        let open = |fate: Option<&Fate>| matches!(fate, Some(Fate::Open | Fate::Late));
        let all = self.script.expected.iter().enumerate();
        let mut fitting = all
            .filter(|(index, expected)| expected.call == call && open(self.fates.get(*index)) && is(&expected.meaning));
        let found = fitting.next().map(|(index, _)| index);
        if let Some(index) = found {
            self.in_vain = 0;
            self.settle(index, Fate::Met);
        }
        found
    }

    fn too_much(&mut self, surplus: Surplus) {
        if self.next > self.script.last_heard() {
            self.unseen += 1;
        } else if self.surplus.len() < SURPLUS {
            self.surplus.push(surplus);
        }
    }

    fn answered(&mut self, step: usize, call: usize, status: u16) {
        if self.answers.insert(step, status).is_some() {
            return;
        }
        let found = self.meet(call, |meaning| matches!(meaning, Meaning::Answer { step: of, .. } if *of == step));
        match found.and_then(|index| Some((index, &self.script.expected.get(index)?.meaning))) {
            Some((_, Meaning::Answer { status: recorded, .. })) if *recorded == status => {}
            Some((index, _)) => self.settle(index, Fate::Other(status)),
            None => self.too_much(Surplus::Answer { step, status }),
        }
    }

    fn send_sip(&mut self, now: Moment, step: usize, call: usize, recorded: &SipMessage) {
        let branch = self.word("z9hG4bK");
        let (Some(script), Some(live_call)) = (self.script.calls.get(call), self.calls.get_mut(call)) else { return };
        let mut message = live::sip_request(recorded, script, live_call, self.direction.place, &branch);
        if let Some(user) = digest::user_of(recorded)
            && let Some((challenge, count)) = self.challenges.get_mut(&call)
        {
            let Some(password) = self.direction.passwords.get(&user) else {
                self.locked_out.insert(user);
                self.dead.insert(call);
                return;
            };
            // Credentials that were refused shall be refused again.
            let refused = self.script.expected.iter().any(|expected| {
                matches!(expected.meaning, Meaning::Answer { step: of, status: 401 | 403 | 407 } if of == step)
            });
            let password = if refused { format!("not {password}") } else { password.clone() };
            *count += 1;
            let credentials = digest::answer(challenge, &message, (&user, &password), *count, &branch);
            let place = message.headers.0.len().min(2);
            credentials.into_iter().for_each(|header| message.headers.0.insert(place, header));
        }
        if recorded.method() == Some("BYE") {
            self.ended.insert(call);
        }
        self.outputs.push_back(Output::Datagram { to: self.direction.hop, octets: message.octets() });
        self.pending.insert(branch, Pending { step, message, next: now + T1, sent: 1, done: false });
    }

    fn send_msrp(&mut self, step: usize, call: usize, recorded: &MsrpMessage) {
        let transaction = self.word("r");
        let fresh = self.word("m");
        let report = recorded.method() == Some("REPORT");
        let id = recorded.message_id().map(|id| match report {
            true => self.other_ids.get(&(call, id.clone())).cloned().unwrap_or(id),
            false => self.ids.entry((call, id)).or_insert(fresh).clone(),
        });
        let recorded_id = recorded.message_id().unwrap_or_default();
        if let Some(id) = id.clone().filter(|_| !report) {
            self.recorded_ids.insert(id, recorded_id.clone());
        }
        let shift = self.shifts.entry((call, recorded_id)).or_default();
        let (Some(script), Some(live_call)) = (self.script.calls.get(call), self.calls.get(call)) else { return };
        let message = live::msrp_request(recorded, script, live_call, (&transaction, id.as_deref()), shift);
        self.msrp_steps.insert(transaction, step);
        self.write(call, message.octets());
    }

    fn write(&mut self, call: usize, octets: Bytes) {
        let Some(line) = self.lines.get_mut(call) else { return };
        match line.connection.filter(|_| line.up) {
            Some(connection) => self.outputs.push_back(Output::Write { connection, octets }),
            None => line.waiting.push(octets),
        }
    }
}

impl Machine for Troupe {
    fn handle_input(&mut self, now: Moment, input: Input) {
        self.last_input = now;
        match input {
            Input::Datagram { octets, .. } => {
                if let Some(parsed) = SipMessage::parse_datagram(octets) {
                    self.heard = true;
                    self.sip(&parsed.tree);
                }
            }
            Input::Connected { connection, .. } => {
                if let Some(call) = self.connections.get(&connection).copied() {
                    self.flush(call);
                }
            }
            Input::ConnectFailed { connection, .. } | Input::Closed { connection } => self.closed(connection),
            Input::Octets { connection, octets } => self.read(connection, &octets),
            Input::Taken { .. } => {}
        }
        self.go_on(now);
    }

    fn handle_timeout(&mut self, now: Moment) {
        let mut again = Vec::new();
        for pending in self.pending.values_mut() {
            if !pending.done && pending.sent <= RETRANSMISSIONS && now >= pending.next {
                pending.next = now + T1 * 2_u32.pow(pending.sent);
                pending.sent += 1;
                again.push(pending.message.octets());
            }
        }
        for octets in again {
            self.outputs.push_back(Output::Datagram { to: self.direction.hop, octets });
        }
        self.go_on(now);
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn poll_timeout(&self) -> Option<Moment> {
        if self.done {
            return None;
        }
        let Some(_) = self.begun else { return Some(Moment::ZERO) };
        let again = self.pending.values().filter(|one| !one.done && one.sent <= RETRANSMISSIONS).map(|one| one.next);
        let end = (self.last_input + QUIET).min(self.since + self.direction.patience.max(QUIET));
        let quiet = (self.next >= self.script.steps.len()).then_some(end);
        let mut open = self.script.expected.iter().zip(&self.fates);
        let open = open.any(|(one, fate)| one.position <= self.next && *fate == Fate::Open);
        let waits = open || self.unsent(self.next);
        let patience = waits.then_some(self.since + self.patience());
        let due = self.due().filter(|_| !waits);
        again.chain(quiet.filter(|_| !waits)).chain(patience).chain(due).min()
    }
}

/// An identifier that MSRP and SIP take anywhere, different for each number.
fn identifier(seed: u64, prefix: &str, number: u64) -> String {
    // Multiplied by an odd number, numbers stay apart; spread, they do not look alike.
    let mixed = (seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    format!("{prefix}{mixed:016x}")
}
