//! The conference focus: SIP transactions, dialogs, offer/answer, roster (RFC 7701, 5; RFC 4353; RFC 4575).

mod admission;
mod authentication;
mod dialog;
mod inspection;
mod joining;
mod leaving;
mod misreading;
mod notifier;
mod offer_answer;
mod respond;
mod roster;
pub mod settings;
mod subscription;
#[cfg(test)]
mod tests;
mod transaction;
mod transport;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use rand::Rng;
use rand_chacha::ChaCha12Rng;

use self::authentication::Authenticator;
use self::dialog::{Dialog, DialogId, DialogKey};
use self::joining::{Late, Session};
use self::respond::{ALLOW, ALLOW_EVENTS, Refusal};
use self::roster::Room;
use self::settings::SwitchSettings;
use self::subscription::{Subscription, SubscriptionId};
use self::transaction::{Arrival, ServerId, Transactions};
use self::transport::{Flow, Transport};
use super::SessionId;
use super::config::SwitchConfig;
use super::fault::{Fault, FaultSet};
use super::media::{Media, MediaEvent};
use crate::port::{Connection, Input, Moment, Output, Protocol};
use crate::wire::Defect;
use crate::wire::sip::{SipDefect, SipMessage};

/// Lines of the log that wait to be fetched.
const MOST_LOG: usize = 10_000;

/// Octets of a request that a datagram can still carry beside its Via. The path's MTU is not known here; on loopback it
/// is that of a datagram.
const LONGEST_DATAGRAM: usize = 65_000;

/// What a request of ours was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Bye,
    Notify(SubscriptionId),
}

/// What waits for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Alarm {
    /// The 2xx of this dialog is not acknowledged.
    Acknowledgement(DialogId),
    /// This INVITE is to be answered.
    Answer(ServerId),
    /// The MSRP session of this dialog was lost a while ago.
    Lost(DialogId),
    /// A notification is allowed again, or the subscription ends.
    Subscription(SubscriptionId),
}

/// A request in the hands of the focus.
#[derive(Clone, Debug)]
struct Incoming {
    id: ServerId,
    message: Arc<SipMessage>,
    flow: Flow,
    local_tag: String,
}

/// The focus of all rooms.
#[derive(Debug)]
pub struct Focus {
    settings: SwitchSettings,
    domains: SwitchConfig,
    faults: FaultSet,
    rng: ChaCha12Rng,
    rooms: Vec<Room>,
    transport: Transport,
    transactions: Transactions<Purpose>,
    authenticator: Authenticator,
    dialogs: BTreeMap<DialogId, Dialog>,
    dialog_keys: BTreeMap<DialogKey, DialogId>,
    sessions: BTreeMap<DialogId, Session>,
    session_dialogs: BTreeMap<SessionId, DialogId>,
    subscriptions: BTreeMap<SubscriptionId, Subscription>,
    late: BTreeMap<ServerId, Late>,
    agenda: BTreeSet<(Moment, Alarm)>,
    counter: u64,
    shutting_down: bool,
    /// For faults that hostile input brings to light: everybody is about to be dropped.
    deaf: bool,
    log: VecDeque<String>,
}

impl Focus {
    /// A focus for the rooms of the configuration.
    pub fn new(config: &SwitchConfig, settings: SwitchSettings, faults: FaultSet, rng: ChaCha12Rng) -> Self {
        let rooms = config.rooms.iter().map(|policy| Room::new(policy.clone(), faults)).collect();
        Self {
            domains: config.clone(),
            faults,
            rng,
            rooms,
            transport: Transport::new(settings.limits.streams, settings.limits.message, faults),
            transactions: Transactions::new(settings.timers, faults),
            authenticator: Authenticator::new(settings.timers.nonce, faults),
            dialogs: BTreeMap::new(),
            dialog_keys: BTreeMap::new(),
            sessions: BTreeMap::new(),
            session_dialogs: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            late: BTreeMap::new(),
            agenda: BTreeSet::new(),
            counter: 0,
            shutting_down: false,
            deaf: false,
            log: VecDeque::new(),
            settings,
        }
    }

    /// Takes what the network brought for SIP.
    pub fn handle_input(&mut self, now: Moment, input: Input, media: &mut Media) {
        match input {
            Input::Datagram { from, octets } => {
                if let Some(parsed) = SipMessage::parse_datagram(octets.clone()) {
                    let flow = Flow::datagram(from);
                    self.handle_message(now, flow, parsed.tree, &parsed.defects, octets.len(), media);
                }
            }
            Input::Connected { connection, protocol: Protocol::Sip, remote, secured, .. } => {
                self.transport.connected(connection, remote, secured);
            }
            Input::Connected { .. } | Input::Taken { .. } => {}
            Input::Octets { connection, octets } => self.handle_octets(now, connection, &octets, media),
            Input::ConnectFailed { connection, .. } | Input::Closed { connection } => {
                self.deaf |= self.faults.has(Fault::TruncatedSipDeafens) && self.transport.is_in_a_message(connection);
                self.drop_everyone_if_deaf(now, media);
                self.transport.closed(connection);
                for purpose in self.transactions.stream_failed(connection) {
                    self.unanswered(purpose);
                }
            }
        }
    }

    /// Lets due timers fire.
    pub fn handle_timeout(&mut self, now: Moment, media: &mut Media) {
        for purpose in self.transactions.handle_timeout(now, &mut self.transport) {
            self.unanswered(purpose);
        }
        while let Some((when, alarm)) = self.agenda.first().copied().filter(|(when, _)| *when <= now) {
            self.agenda.remove(&(when, alarm));
            match alarm {
                Alarm::Acknowledgement(dialog) => self.acknowledgement_missing(now, dialog, media),
                Alarm::Lost(dialog) => {
                    if self.sessions.get(&dialog).is_some_and(|session| session.lost) {
                        self.hang_up(now, dialog, media);
                    }
                }
                Alarm::Answer(id) => self.answer_late(now, id, media),
                Alarm::Subscription(id) => self.subscription_due(now, id),
            }
        }
    }

    /// Takes what the MSRP side has to say.
    pub fn handle_media_event(&mut self, now: Moment, event: MediaEvent) {
        match event {
            MediaEvent::Nickname { room, user, nickname } => {
                let Some(known) = self.rooms.get_mut(room.0) else { return };
                if known.set_nickname(user, nickname) {
                    self.roster_changed(now, room.0);
                }
            }
            MediaEvent::Bound { session } => {
                let dialog = self.session_dialogs.get(&session);
                if let Some(session) = dialog.and_then(|dialog| self.sessions.get_mut(dialog)) {
                    session.lost = false;
                }
            }
            MediaEvent::Lost { session, reason } => {
                let Some(dialog) = self.session_dialogs.get(&session).copied() else { return };
                if let Some(session) = self.sessions.get_mut(&dialog) {
                    session.lost = true;
                }
                self.note(format_args!("session lost: {reason}"));
                // A peer that closes its connection and then leaves has its BYE on the way; one that wants the session
                // back has a re-INVITE (RFC 4975, 5.4).
                self.agenda.insert((now + self.settings.timers.t1, Alarm::Lost(dialog)));
            }
        }
    }

    /// The next thing to give to the network.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.transport.poll_output()
    }

    /// When [`Focus::handle_timeout`] wants to be called next.
    pub fn poll_timeout(&self) -> Option<Moment> {
        let own = self.agenda.first().map(|(when, _)| *when);
        [own, self.transactions.poll_timeout()].into_iter().flatten().min()
    }

    /// The next line of the log.
    pub fn poll_log(&mut self) -> Option<String> {
        self.log.pop_front()
    }

    /// Ends every session and subscription; new requests get 503 from now on.
    pub fn shut_down(&mut self, now: Moment, media: &mut Media) {
        self.shutting_down = true;
        for (id, _) in std::mem::take(&mut self.late) {
            self.refuse(now, id, Refusal::new(503));
        }
        for id in self.subscriptions.keys().copied().collect::<Vec<_>>() {
            self.end_subscription(now, id, "deactivated");
        }
        for dialog in self.sessions.keys().copied().collect::<Vec<_>>() {
            self.hang_up(now, dialog, media);
        }
    }

    /// Whether nothing is going on: no session, no subscription, no request of ours without its response.
    pub fn is_idle(&self) -> bool {
        self.sessions.is_empty()
            && self.subscriptions.is_empty()
            && self.late.is_empty()
            && self.transactions.has_no_clients()
    }

    fn handle_octets(&mut self, now: Moment, connection: Connection, octets: &[u8], media: &mut Media) {
        self.transport.received(connection, octets);
        while let Some(next) = self.transport.next_message(connection) {
            match next {
                Ok((flow, framed)) => {
                    if framed.octets.starts_with(b"\r\n") && self.faults.has(Fault::EmptyLinesRefused) {
                        self.transport.close(connection);
                        break;
                    }
                    let length = framed.octets.len();
                    self.handle_message(now, flow, framed.message, &framed.defects, length, media);
                }
                Err(error) => {
                    self.note(format_args!("a SIP stream cannot be read on: {error}"));
                    self.deaf |= self.faults.has(Fault::SipStreamErrorDeafens);
                    self.drop_everyone_if_deaf(now, media);
                    break;
                }
            }
        }
    }

    /// For faults that hostile input brings to light: ends every session.
    fn drop_everyone_if_deaf(&mut self, now: Moment, media: &mut Media) {
        if std::mem::take(&mut self.deaf) {
            for dialog in self.sessions.keys().copied().collect::<Vec<_>>() {
                self.hang_up(now, dialog, media);
            }
        }
    }

    /// Whether a fault keeps a request from being served.
    fn succumbs(&mut self, message: &SipMessage) -> bool {
        let strange = |it: &crate::wire::header::Header| {
            it.value.contains(&0) || std::str::from_utf8(&it.value).is_err() || it.value.starts_with(b"-")
        };
        self.deaf |= (message.headers.0.iter().any(strange) || message.headers.0.len() > 1000)
            && self.faults.has(Fault::StrangeOctetsDeafen);
        let lines = memchr::memchr_iter(b'\n', &message.body).count();
        let long_number = |line: &[u8]| line.len() > 40 && line.starts_with(b"m=message ");
        self.deaf
            || (lines > 500 && self.faults.has(Fault::DescriptionFloodUnanswered))
            || (message.body.split(|octet| *octet == b'\n').any(long_number)
                && self.faults.has(Fault::DescriptionNumberUnanswered))
    }

    fn handle_message(
        &mut self,
        now: Moment,
        flow: Flow,
        mut message: SipMessage,
        defects: &[Defect<SipDefect>],
        length: usize,
        media: &mut Media,
    ) {
        let Some(method) = message.method().map(str::to_owned) else {
            self.handle_response(now, &message);
            return;
        };
        if !self.faults.is_idle() && self.succumbs(&message) {
            self.drop_everyone_if_deaf(now, media);
            return;
        }
        let Some(back) = respond::complete_via(&mut message, flow, self.faults) else { return };
        if method == "ACK" {
            if self.faults.has(Fault::AckAnswered) {
                let answer = respond::response(&message, 200, "").without_body();
                self.transport.send(&back, answer.octets());
            }
            if !self.transactions.acknowledge(now, &message) {
                self.acknowledged(now, &message, media);
            }
            return;
        }
        self.overlook(&mut message);
        let local_tag = match message.to().and_then(|to| to.tag().map(str::to_owned)) {
            Some(tag) => tag,
            None if self.faults.has(Fault::ShortTags) => self.token().split_off(12),
            None => self.token(),
        };
        if self.transactions.servers() >= self.settings.limits.transactions {
            let refused = respond::response(&message, 503, &local_tag).with("Retry-After", "5").without_body();
            self.transport.send(&back, refused.octets());
            return;
        }
        let Some(Arrival::New(id)) = self.transactions.receive(&message, back, local_tag.clone(), &mut self.transport)
        else {
            return;
        };
        let incoming = Incoming { id, message: Arc::new(message), flow, local_tag };
        let outcome = self
            .inspect(&incoming, &method, defects, length)
            .and_then(|room| self.conduct(now, &incoming, &method, room, media));
        if let Err(refusal) = outcome {
            self.refuse(now, id, refusal);
        }
    }

    fn conduct(
        &mut self,
        now: Moment,
        incoming: &Incoming,
        method: &str,
        room: Option<usize>,
        media: &mut Media,
    ) -> Result<(), Refusal> {
        if method == "CANCEL" {
            return self.cancel(now, incoming, media);
        }
        let within = incoming.message.to().is_some_and(|to| to.tag().is_some());
        if within {
            let dialog = self.find_dialog(incoming)?;
            return match method {
                "INVITE" if self.faults.has(Fault::ReinviteRefused) => Err(Refusal::new(488)),
                "OPTIONS" if self.faults.has(Fault::OptionsInDialogRefused) => Err(Refusal::new(481)),
                "BYE" if self.faults.has(Fault::ByeRefused) => Err(Refusal::new(500)),
                "INVITE" => {
                    let outcome = self.invite_again(now, incoming, dialog, media);
                    let unacceptable = outcome.as_ref().is_err_and(|refusal| refusal.status == 488);
                    if unacceptable && self.faults.has(Fault::RefusedReinviteEnds) {
                        self.hang_up(now, dialog, media);
                    }
                    if unacceptable && self.faults.has(Fault::UnusableReofferLost) {
                        return Err(Refusal::new(481));
                    }
                    outcome
                }
                "BYE" => self.bye(now, incoming, dialog, media),
                "SUBSCRIBE" => self.subscribe_within(now, incoming, dialog),
                _ => self.options(now, incoming, self.dialogs.get(&dialog).map(|known| known.room_name.clone())),
            };
        }
        if self.shutting_down {
            return Err(Refusal::new(503));
        }
        match (method, room) {
            ("INVITE", Some(room)) => self.invite(now, incoming, room, media),
            ("SUBSCRIBE", Some(room)) => self.subscribe(now, incoming, room),
            ("OPTIONS", _) if self.faults.has(Fault::OptionsInDialogsOnly) => Err(Refusal::new(404)),
            ("OPTIONS", room) => {
                let name = room.and_then(|room| self.rooms.get(room)).map(|room| room.policy.name.clone());
                self.options(now, incoming, name)
            }
            ("BYE", _) => Err(Refusal::new(481)),
            _ => Err(Refusal::new(404)),
        }
    }

    /// The dialog of a request, with its CSeq checked and counted (RFC 3261, 12.2.2).
    fn find_dialog(&mut self, incoming: &Incoming) -> Result<DialogId, Refusal> {
        let key = Dialog::key_of(&incoming.message).ok_or_else(|| Refusal::new(400))?;
        let unknown = || Refusal::new(if self.faults.has(Fault::UnknownDialogTaken) { 404 } else { 481 });
        let same_call = || self.dialog_keys.iter().find(|(known, _)| known.0 == key.0).map(|(_, id)| id);
        let found = self.dialog_keys.get(&key);
        let found = found.or_else(|| same_call().filter(|_| self.faults.has(Fault::DialogByCallId)));
        let id = *found.ok_or_else(unknown)?;
        let dialog = self.dialogs.get_mut(&id).ok_or_else(|| Refusal::new(481))?;
        let number = incoming.message.cseq().map(|cseq| cseq.number).unwrap_or_default();
        let gap = number > dialog.remote_cseq.saturating_add(1) && self.faults.has(Fault::NumberGapRefused);
        if gap || (number < dialog.remote_cseq && !self.faults.has(Fault::OldNumbersTaken)) {
            return Err(Refusal::new(500));
        }
        let counted = dialog.remote_cseq.saturating_add(1);
        let forgotten = number != counted && self.faults.has(Fault::GapForgotten);
        dialog.remote_cseq = if forgotten { counted } else { number };
        Ok(id)
    }

    fn options(&mut self, now: Moment, incoming: &Incoming, room_name: Option<String>) -> Result<(), Refusal> {
        let mut response = self.ok(incoming, &room_name.unwrap_or_default()).without_body();
        if self.faults.has(Fault::OptionsTellNothing) {
            for name in ["Accept", "Accept-Encoding", "Accept-Language"] {
                response.headers.remove(name);
            }
        }
        self.transactions.respond(now, incoming.id, &response, &mut self.transport);
        Ok(())
    }

    /// A 200 that tells what the focus can (RFC 3261, 11.2; RFC 7701, 9.1).
    fn ok(&self, incoming: &Incoming, room_name: &str) -> SipMessage {
        respond::response(&incoming.message, 200, &incoming.local_tag)
            .with("Contact", self.contact(&incoming.flow, room_name))
            .with("Allow", ALLOW)
            .with("Supported", "")
            .with("Allow-Events", ALLOW_EVENTS)
            .with("Accept", respond::ACCEPT)
            .with("Accept-Encoding", "identity")
            // Reason phrases are all there is of a language (RFC 3261, 11.2).
            .with("Accept-Language", "en")
    }

    fn contact(&self, flow: &Flow, room_name: &str) -> String {
        dialog::contact(&self.settings, flow, room_name, self.faults.has(Fault::IsfocusInsideBrackets))
    }

    fn refuse(&mut self, now: Moment, id: ServerId, refusal: Refusal) {
        let Some((request, _, tag)) = self.transactions.server(id) else { return };
        let mut response = respond::response(&request, refusal.status, &tag);
        let unexplained = refusal.status == 488 && self.faults.has(Fault::RefusalUnexplained);
        for (name, value) in refusal.headers.into_iter().filter(|(name, _)| !unexplained || *name != "Warning") {
            response.headers.push(name, value);
        }
        self.note(format_args!("{} refused with {}", request.method().unwrap_or("?"), refusal.status));
        self.transactions.respond(now, id, &response.without_body(), &mut self.transport);
    }

    /// Sends a request of ours within a dialog; `finish` adds the headers and body of its own.
    fn send_within(
        &mut self,
        now: Moment,
        dialog: DialogId,
        method: &str,
        purpose: Purpose,
        finish: impl FnOnce(SipMessage) -> SipMessage,
    ) {
        let cookie = if self.faults.has(Fault::BranchWithoutCookie) { "" } else { "z9hG4bK" };
        let branch = format!("{cookie}{}", self.token());
        let Some(known) = self.dialogs.get_mut(&dialog) else { return };
        let mut flow = known.way(&mut self.transport);
        let mut request = finish(known.request(method));
        if !flow.reliable() && request.octets().len() > LONGEST_DATAGRAM {
            // RFC 3261, 18.1.1: what is too long for a datagram goes over a stream.
            flow = self.transport.open(flow.remote);
        }
        let via = dialog::via(&self.settings, &flow, &branch);
        request.headers.0.insert(0, crate::wire::header::Header::new("Via", via));
        self.transactions.request(now, branch, &request, flow, purpose, &mut self.transport);
    }

    fn handle_response(&mut self, now: Moment, response: &SipMessage) {
        match self.transactions.response(response) {
            Some(Purpose::Notify(id)) => self.notified(now, id, response.status().unwrap_or(500)),
            Some(Purpose::Bye) | None => {}
        }
    }

    /// A request of ours got no response.
    fn unanswered(&mut self, purpose: Purpose) {
        if let Purpose::Notify(id) = purpose {
            self.note(format_args!("a subscriber does not answer: subscription removed"));
            self.drop_subscription(id);
        }
    }

    fn add_dialog(&mut self, dialog: Dialog) -> DialogId {
        let id = DialogId(self.next());
        self.dialog_keys.insert(dialog.key.clone(), id);
        self.dialogs.insert(id, dialog);
        id
    }

    /// Forgets a dialog that no usage needs any more (RFC 6665, 4.4; RFC 5057).
    fn settle_dialog(&mut self, id: DialogId) {
        if self.dialogs.get(&id).is_some_and(|dialog| !dialog.has_session && dialog.subscriptions == 0)
            && let Some(dialog) = self.dialogs.remove(&id)
        {
            self.dialog_keys.remove(&dialog.key);
        }
    }

    fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// A tag or branch nobody can guess (RFC 3261, 19.3).
    fn token(&mut self) -> String {
        format!("{:016x}", self.rng.next_u64())
    }

    /// How this focus calls itself in Warning headers.
    fn agent(&self) -> String {
        self.settings.sip_udp.to_string()
    }

    fn note(&mut self, line: std::fmt::Arguments) {
        if self.log.len() < MOST_LOG {
            self.log.push_back(line.to_string());
        }
    }
}

/// The body of a request, if it has one.
fn body(message: &SipMessage) -> Option<Bytes> {
    (!message.body.is_empty()).then(|| message.body.clone())
}
