//! The participants of a script, played by one machine: each request when what had come before it in the recording has
//! come, or was waited for long enough.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

use super::digest;
use super::live::{self, LiveCall, Place};
use super::meaning::{Assembly, Content, Names, Roster};
use super::script::{Act, Meaning, Script};
use crate::port::{Connection, Input, Machine, Moment, Output, Protocol, Security};
use crate::wire::conference_info::ConferenceInfo;
use crate::wire::msrp::{FailureReport, Framer, FramerLimits, MsrpMessage};
use crate::wire::sdp::{SessionDescription, Setup};
use crate::wire::sip::SipMessage;
use crate::wire::uri::{MsrpUri, SipUri};

/// Retransmission of requests over UDP: T1, and how often (RFC 3261, 17.1).
const T1: Duration = Duration::from_millis(500);
const RETRANSMISSIONS: u32 = 5;
/// How long the switch must be silent at the end, so that what it sends too much is seen.
const QUIET: Duration = Duration::from_millis(300);
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
            call_id: format!("{}@{}", word("replay"), live::host(place.sip.ip())),
            own_tag: word("t"),
            other_tag: None,
            target: None,
            route: Vec::new(),
            own_path: MsrpUri::new(false, &live::host(place.msrp.ip()), place.msrp.port(), &word("s")),
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
                if now < self.since + self.direction.patience {
                    return;
                }
                self.give_up(self.next);
            }
            // Nothing overtakes what waits for its connection.
            if self.unsent(self.next) && now < self.since + self.direction.patience {
                return;
            }
            let Some(step) = self.script.steps.get(self.next) else {
                self.done = now >= self.last_input + QUIET;
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
            self.settle(index, Fate::Met);
        }
        found
    }

    fn too_much(&mut self, surplus: Surplus) {
        if self.surplus.len() < SURPLUS {
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

    fn sip(&mut self, now: Moment, message: &SipMessage) {
        let call = message.call_id().and_then(|id| self.calls.iter().position(|call| call.call_id == id));
        match message.status() {
            Some(status) => {
                if let Some(call) = call {
                    self.sip_answer(now, call, status, message);
                }
            }
            None => self.sip_asked(call, message),
        }
    }

    fn sip_answer(&mut self, now: Moment, call: usize, status: u16, message: &SipMessage) {
        let branch = message.vias().first().and_then(|via| via.branch()).unwrap_or_default().to_owned();
        let Some(pending) = self.pending.get_mut(&branch) else { return };
        pending.done = true;
        let (step, request) = (pending.step, pending.message.clone());
        if status < 200 {
            return;
        }
        let invite = request.method() == Some("INVITE");
        if matches!(status, 401 | 407) {
            self.challenges.insert(call, (message.clone(), 0));
        }
        if let Some(live) = self.calls.get_mut(call).filter(|_| status < 300)
            && matches!(request.method(), Some("INVITE" | "SUBSCRIBE"))
        {
            if live.other_tag.is_none() {
                live.route = message.values("Record-Route").into_iter().rev().collect();
            }
            live.other_tag = message.to().and_then(|to| to.tag().map(str::to_owned));
            live.target = message.contacts().first().map(|contact| contact.uri.clone()).or(live.target.take());
        }
        if invite {
            let fresh = self.word("z9hG4bK");
            if let Some(live) = self.calls.get(call) {
                let octets = live::ack(&request, message, live, &fresh).octets();
                self.outputs.push_back(Output::Datagram { to: self.direction.hop, octets });
            }
        }
        if !self.answers.contains_key(&step) && invite {
            match status {
                200..300 => self.described(now, call, &message.body),
                401 | 407 => {}
                _ if self.calls.get(call).is_some_and(|live| live.other_tag.is_none()) => {
                    self.dead.insert(call);
                }
                _ => {}
            }
        }
        self.answered(step, call, status);
    }

    /// Takes the description of the switch's end, and connects where that is our part (RFC 4975, 5.4; RFC 6135).
    fn described(&mut self, _now: Moment, call: usize, body: &Bytes) {
        let media = SessionDescription::parse(body.clone()).tree.media();
        let Some(media) = media.into_iter().find(|media| !media.path.is_empty() && media.port != 0) else { return };
        let Some(live) = self.calls.get_mut(call) else { return };
        live.other_path = media.path.clone();
        let Some(line) = self.lines.get_mut(call).filter(|line| line.connection.is_none()) else { return };
        if media.setup == Some(Setup::Active) {
            return;
        }
        let Some(first) = media.path.first() else { return };
        let ip = first.host.trim_start_matches('[').trim_end_matches(']').parse();
        let Ok(ip) = ip else {
            self.dead.insert(call);
            return;
        };
        self.opened += 1;
        let connection = Connection::opened(self.opened);
        line.connection = Some(connection);
        self.connections.insert(connection, call);
        let to = SocketAddr::new(ip, first.port.unwrap_or(2855));
        self.outputs.push_back(Output::Connect { connection, protocol: Protocol::Msrp, to, security: Security::Plain });
    }

    fn sip_asked(&mut self, call: Option<usize>, message: &SipMessage) {
        let Some(method) = message.method().filter(|method| *method != "ACK") else { return };
        let branch = message.vias().first().and_then(|via| via.branch()).unwrap_or_default().to_owned();
        let first = self.heard_asks.insert((branch, method.to_owned()));
        let status = if call.is_some() { 200 } else { 481 };
        let live = call.and_then(|call| self.calls.get(call));
        let response = live::sip_response(message, status, live, self.direction.place);
        self.outputs.push_back(Output::Datagram { to: self.direction.hop, octets: response.octets() });
        let Some(call) = call.filter(|_| first) else { return };
        match method {
            "NOTIFY" => {
                if self.noted.insert(call) {
                    self.meet(call, |meaning| matches!(meaning, Meaning::Request { method } if method == "NOTIFY"));
                }
                let room = self.calls.get(call).and_then(|call| call.room.user.clone());
                let state = self.states.entry(call).or_default();
                if let Some(roster) = Roster::after(state, &message.body, &Names { room: room.as_deref() }) {
                    self.rosters.insert(call, roster);
                }
            }
            "OPTIONS" | "CANCEL" => {}
            method => {
                if method == "BYE" {
                    self.ended.insert(call);
                }
                let is = |meaning: &Meaning| matches!(meaning, Meaning::Request { method: of } if of == method);
                if self.meet(call, is).is_none() {
                    self.too_much(Surplus::Request { call, method: method.to_owned() });
                }
            }
        }
    }

    fn msrp(&mut self, connection: Connection, message: &MsrpMessage) {
        let session = message.to_path().last().and_then(|uri| uri.session_id.clone());
        let call = self.calls.iter().position(|call| call.own_path.session_id == session);
        let Some(call) = call.or_else(|| self.connections.get(&connection).copied()) else { return };
        if let Some(line) = self.lines.get_mut(call).filter(|line| line.connection.is_none()) {
            line.connection = Some(connection);
            self.connections.insert(connection, call);
            self.flush(call);
        }
        if let Some(status) = message.status() {
            if let Some(step) = self.msrp_steps.get(&message.transaction).copied() {
                self.answered(step, call, status);
            }
            return;
        }
        let id = message.message_id().unwrap_or_default();
        if let Some(status) = message.report_status().filter(|_| message.method() == Some("REPORT")) {
            let about = self.recorded_ids.get(&id).cloned().unwrap_or(id);
            let is = |meaning: &Meaning| *meaning == Meaning::Report { about: about.clone(), status };
            let again = self.script.expected.iter().any(|known| known.call == call && is(&known.meaning));
            if self.meet(call, is).is_none() && !again {
                self.too_much(Surplus::Report { call, about, status });
            }
            return;
        }
        let status = if message.method() == Some("SEND") { 200 } else { 501 };
        if status != 200 || message.failure_report() == FailureReport::Yes {
            let octets = live::msrp_response(message, status).octets();
            self.outputs.push_back(Output::Write { connection, octets });
        }
        let room = self.calls.get(call).and_then(|call| call.room.user.clone());
        let Some(content) = self.deliveries.take(call, message, &Names { room: room.as_deref() }) else { return };
        let found =
            self.meet(call, |meaning| matches!(meaning, Meaning::Delivery { content: of, .. } if *of == content));
        match found.and_then(|index| self.script.expected.get(index)).map(|expected| &expected.meaning) {
            Some(Meaning::Delivery { message: recorded, .. }) => {
                self.other_ids.insert((call, recorded.clone()), id);
            }
            _ if self.script.said.values().any(|said| said.same_words(&content)) => {
                self.too_much(Surplus::Delivery { call, content });
            }
            // Words of the switch's own are its own business.
            _ => {}
        }
    }

    fn flush(&mut self, call: usize) {
        let Some(line) = self.lines.get_mut(call) else { return };
        line.up = true;
        for octets in std::mem::take(&mut line.waiting) {
            self.write(call, octets);
        }
    }

    fn read(&mut self, connection: Connection, octets: &[u8]) {
        let framer = self.accepted.entry(connection).or_insert_with(|| Framer::new(FramerLimits::default()));
        framer.push(octets);
        let mut messages = Vec::new();
        while let Some(Ok(framed)) = framer.next_message() {
            messages.push(framed.message);
        }
        for message in messages {
            self.msrp(connection, &message);
        }
    }

    fn closed(&mut self, connection: Connection) {
        self.accepted.remove(&connection);
        let Some(call) = self.connections.remove(&connection) else { return };
        let gone = self.lines.get_mut(call).is_some_and(|line| !std::mem::replace(&mut line.gone, true));
        if gone && !self.ended.contains(&call) {
            self.dead.insert(call);
            self.too_much(Surplus::Closed { call });
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
                    self.sip(now, &parsed.tree);
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
        let quiet = (self.next >= self.script.steps.len()).then_some(self.last_input + QUIET);
        let mut open = self.script.expected.iter().zip(&self.fates);
        let open = open.any(|(one, fate)| one.position <= self.next && *fate == Fate::Open);
        let waits = open || self.unsent(self.next);
        let patience = waits.then_some(self.since + self.direction.patience);
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
