//! The participants' side of a recording as a script: what each of them sent, and what had come before it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::meaning::{Assembly, Content, Names, Roster};
use crate::port::{Moment, Protocol};
use crate::transcript::{Crossing, Transcript};
use crate::wire::msrp::MsrpMessage;
use crate::wire::sdp::SessionDescription;
use crate::wire::sip::SipMessage;

/// A SIP dialog, or the attempt at one, that a participant began: known by its Call-ID.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    /// The participant, as its URI.
    pub(super) participant: String,
    /// The room's user part, as it was called.
    pub(super) room: Option<String>,
    /// Whether it began with INVITE.
    pub(super) invited: bool,
    /// The MSRP session that the participant offered.
    pub(super) session: Option<String>,
}

/// A request of a participant.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// A SIP request.
    Sip(SipMessage),
    /// An MSRP request.
    Msrp(MsrpMessage),
}

/// A request with its place.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) at: Moment,
    pub(super) frame: u64,
    pub(super) call: usize,
    pub(super) act: Act,
}

/// What the recorded switch did, by meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It answered a step with a final status.
    Answer { step: usize, status: u16 },
    /// It delivered a message.
    Delivery { message: String, content: Content },
    /// It reported on a participant's message, told by its content.
    Report { about: String, status: u16 },
    /// It ended the dialog, or asked for something in it.
    Request { method: String },
    /// Its roster had come to this when the participant left; later states of the recording are as good.
    Roster { settled: Roster, later: Vec<Roster> },
}

/// What the recorded switch did, with its place.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub(super) frame: u64,
    pub(super) call: usize,
    /// How many steps came before it.
    pub(super) position: usize,
    pub(super) meaning: Meaning,
}

/// A recording, ready to be acted.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub(super) calls: Vec<Call>,
    pub(super) steps: Vec<Step>,
    pub(super) expected: Vec<Expected>,
    /// What each participant's message said, by call and Message-ID: a part of it that names it.
    pub(super) said: HashMap<(usize, String), Content>,
    /// Participants of whose traffic something is missing: nothing can be more than was recorded.
    pub(super) patchy: HashSet<String>,
    /// What of the recording cannot be acted, and why.
    pub remarks: Vec<String>,
}

impl Script {
    /// Makes a script of a recording's transcript; `frames` holds the first and the last frame of each event.
    pub fn of(transcript: &Transcript, frames: &[[u64; 2]]) -> Self {
        let mut reader = Reader::default();
        for (index, event) in transcript.events.iter().enumerate() {
            let Some(pco) = transcript.pcos.get(event.pco.0) else { continue };
            let frame = frames.get(index).map_or(0, |[first, _]| *first);
            let (octets, sent) = match &event.crossing {
                Crossing::Sent(octets) => (octets.clone(), true),
                Crossing::Received(octets) => (octets.clone(), false),
                Crossing::Omitted { .. } => {
                    reader.gaps += 1;
                    reader.script.patchy.insert(pco.participant.clone());
                    continue;
                }
                _ => continue,
            };
            match pco.protocol {
                Protocol::Sip => match SipMessage::parse_datagram(octets) {
                    Some(parsed) if sent => reader.sip_sent(event.at, frame, &pco.participant, parsed.tree),
                    Some(parsed) => reader.sip_received(frame, &parsed.tree),
                    None => reader.unreadable += usize::from(sent),
                },
                Protocol::Msrp => match MsrpMessage::parse(octets) {
                    Some(parsed) if sent => reader.msrp_sent(event.at, frame, parsed.tree),
                    Some(parsed) => reader.msrp_received(frame, &parsed.tree),
                    None => reader.unreadable += usize::from(sent),
                },
            }
        }
        reader.finish()
    }

    /// How many requests there are to act.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether nobody in the recording joins a room.
    pub fn is_empty(&self) -> bool {
        !self.calls.iter().any(|call| call.invited) || self.steps.is_empty()
    }

    /// How many steps there were when the recorded switch was last heard: what it did about later ones is not known.
    pub(super) fn last_heard(&self) -> usize {
        let heard = self.expected.iter().filter(|one| !matches!(one.meaning, Meaning::Roster { .. }));
        heard.map(|one| one.position).max().unwrap_or_default()
    }

    pub(super) fn names(&self, call: usize) -> Names<'_> {
        Names { room: self.calls.get(call).and_then(|call| call.room.as_deref()) }
    }
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Reader {
    script: Script,
    by_call_id: HashMap<String, usize>,
    by_session: HashMap<String, usize>,
    /// Requests in SIP by Call-ID, branch and method; in MSRP by call and transaction.
    sip_steps: HashMap<(usize, String, String), usize>,
    msrp_steps: HashMap<(usize, String), usize>,
    /// For answers that go to a relay, or by a wrong path: the latest of each transaction.
    by_transaction: HashMap<String, usize>,
    answered: HashSet<usize>,
    asked: HashSet<(usize, String)>,
    own: Assembly,
    others: Assembly,
    rosters: BTreeMap<usize, Vec<(u64, usize, Roster)>>,
    states: HashMap<usize, crate::wire::conference_info::ConferenceInfo>,
    left: HashMap<usize, usize>,
    gaps: usize,
    unreadable: usize,
    homeless: usize,
    relayed: usize,
    behind: usize,
}

impl Reader {
    fn step(&mut self, at: Moment, frame: u64, call: usize, act: Act) -> usize {
        self.script.steps.push(Step { at, frame, call, act });
        self.script.steps.len() - 1
    }

    fn expect(&mut self, frame: u64, call: usize, meaning: Meaning) {
        let position = self.script.steps.len();
        self.script.expected.push(Expected { frame, call, position, meaning });
    }

    fn sip_sent(&mut self, at: Moment, frame: u64, participant: &str, message: SipMessage) {
        let (Some(call_id), Some(method)) = (message.call_id(), message.method().map(str::to_owned)) else {
            return;
        };
        let begins =
            matches!(method.as_str(), "INVITE" | "SUBSCRIBE") && message.to().is_some_and(|to| to.tag().is_none());
        let call = match self.by_call_id.get(&call_id) {
            Some(call) => *call,
            None if begins => {
                let room = message.to().and_then(|to| to.sip_uri()).and_then(|uri| uri.user);
                let invited = method == "INVITE";
                self.script.calls.push(Call { participant: participant.to_owned(), room, invited, session: None });
                self.by_call_id.insert(call_id, self.script.calls.len() - 1);
                self.script.calls.len() - 1
            }
            None => {
                self.homeless += usize::from(method != "ACK");
                return;
            }
        };
        if let Some(session) = session_offered(&message) {
            self.by_session.insert(session.clone(), call);
            if let Some(call) = self.script.calls.get_mut(call) {
                call.session = Some(session);
            }
        }
        if method == "ACK" {
            // Acknowledged is what comes, not what came.
            return;
        }
        let branch = message.vias().first().and_then(|via| via.branch()).unwrap_or_default().to_owned();
        let key = (call, branch, method.clone());
        if self.sip_steps.contains_key(&key) {
            return;
        }
        let over = message.header("Expires").is_some_and(|expires| expires.trim() == "0");
        let position = self.script.steps.len();
        if method == "BYE" {
            let participant = self.script.calls.get(call).map(|call| call.participant.clone());
            for (index, other) in self.script.calls.iter().enumerate() {
                if Some(&other.participant) == participant.as_ref() {
                    self.left.entry(index).or_insert(position);
                }
            }
        } else if method == "SUBSCRIBE" && over && !begins {
            self.left.entry(call).or_insert(position);
        }
        let step = self.step(at, frame, call, Act::Sip(message));
        self.sip_steps.insert(key, step);
    }

    fn sip_received(&mut self, frame: u64, message: &SipMessage) {
        let call = message.call_id().and_then(|id| self.by_call_id.get(&id).copied());
        let Some(call) = call else { return };
        let branch = message.vias().first().and_then(|via| via.branch()).unwrap_or_default().to_owned();
        if let Some(status) = message.status() {
            let Some(method) = message.cseq().map(|cseq| cseq.method) else { return };
            if let Some(step) = self.sip_steps.get(&(call, branch, method)).copied()
                && status >= 200
                && self.answered.insert(step)
            {
                self.expect(frame, call, Meaning::Answer { step, status });
            }
            return;
        }
        let Some(method) = message.method().filter(|_| self.asked.insert((call, branch))) else { return };
        match method {
            "NOTIFY" => {
                if !self.states.contains_key(&call) {
                    self.expect(frame, call, Meaning::Request { method: "NOTIFY".to_owned() });
                }
                let state = self.states.entry(call).or_default();
                if let Some(roster) = Roster::after(state, &message.body, &self.script.names(call)) {
                    let position = self.script.steps.len();
                    self.rosters.entry(call).or_default().push((frame, position, roster));
                }
            }
            "ACK" | "CANCEL" | "OPTIONS" => {}
            method => self.expect(frame, call, Meaning::Request { method: method.to_owned() }),
        }
    }

    fn msrp_sent(&mut self, at: Moment, frame: u64, message: MsrpMessage) {
        let Some(method) = message.method().map(str::to_owned) else { return };
        if method == "AUTH" {
            self.relayed += 1;
            return;
        }
        let session = message.from_path().last().and_then(|uri| uri.session_id.clone());
        let call = session.and_then(|session| self.by_session.get(&session).copied());
        let Some(call) = call else {
            self.homeless += 1;
            return;
        };
        let transaction = message.transaction.clone();
        self.behind += usize::from(message.from_path().len() > 1);
        if let Some(content) = self.own.take(call, &message, &self.script.names(call)) {
            self.script.said.insert((call, message.message_id().unwrap_or_default()), content);
        }
        let step = self.step(at, frame, call, Act::Msrp(message));
        self.by_transaction.insert(transaction.clone(), step);
        self.msrp_steps.insert((call, transaction), step);
    }

    fn msrp_received(&mut self, frame: u64, message: &MsrpMessage) {
        let session = message.to_path().last().and_then(|uri| uri.session_id.clone());
        let call = session.and_then(|session| self.by_session.get(&session).copied());
        if let Some(status) = message.status() {
            let own = call.and_then(|call| self.msrp_steps.get(&(call, message.transaction.clone())));
            let step = own.or_else(|| self.by_transaction.get(&message.transaction)).copied();
            let Some(step) = step.filter(|step| self.answered.insert(*step)) else { return };
            let Some(call) = self.script.steps.get(step).map(|step| step.call) else { return };
            self.expect(frame, call, Meaning::Answer { step, status });
            return;
        }
        let Some(call) = call else { return };
        let id = message.message_id().unwrap_or_default();
        if let Some(status) = message.report_status() {
            let known = self
                .script
                .expected
                .iter()
                .any(|known| known.call == call && known.meaning == Meaning::Report { about: id.clone(), status });
            if !known {
                self.expect(frame, call, Meaning::Report { about: id, status });
            }
        } else if let Some(content) = self.others.take(call, message, &self.script.names(call)) {
            self.expect(frame, call, Meaning::Delivery { message: id, content });
        }
    }

    fn finish(mut self) -> Script {
        for (call, states) in std::mem::take(&mut self.rosters) {
            let end = self.left.get(&call).copied().unwrap_or(self.script.steps.len());
            let Some(last) = states.iter().rposition(|(_, position, _)| *position <= end) else { continue };
            let later = states.iter().skip(last + 1).map(|(_, _, roster)| roster.clone()).collect();
            if let Some((frame, _, settled)) = states.into_iter().nth(last) {
                let meaning = Meaning::Roster { settled, later };
                self.script.expected.push(Expected { frame, call, position: end, meaning });
            }
        }
        // Messages that only the switch itself wrote are its own business.
        let said: Vec<Content> = self.script.said.values().cloned().collect();
        self.script.expected.retain(|expected| match &expected.meaning {
            Meaning::Delivery { content, .. } => said.iter().any(|said| said.same_words(content)),
            _ => true,
        });
        let mut remark = |count: usize, what: &str| {
            if count > 0 {
                self.script.remarks.push(format!("{count} {what}"));
            }
        };
        remark(self.gaps, "gaps in the capture: what was lost in them is neither acted nor compared");
        remark(self.unreadable, "times the participants sent what is no message; it is left out");
        remark(self.homeless, "requests whose INVITE or SUBSCRIBE was not captured are left out");
        remark(self.behind, "requests came by relays; they go straight to the switch now");
        remark(self.relayed, "requests to relays are left out: participants connect to the switch");
        self.script
    }
}

/// The identifier of the MSRP session in the session description of a message.
pub(super) fn session_offered(message: &SipMessage) -> Option<String> {
    if message.body.is_empty() {
        return None;
    }
    let media = SessionDescription::parse(message.body.clone()).tree.media();
    media.iter().filter_map(|media| media.path.last()).find_map(|uri| uri.session_id.clone())
}
