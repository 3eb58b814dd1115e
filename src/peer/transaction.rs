//! Client transactions (RFC 3261, 17.1): sending, sending again, giving up, credentials, acknowledging.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;

use super::digest::Digests;
use super::log::SeenKind;
use super::options::Transport;
use super::participant::{CallId, Participant, RequestKey, SubscriptionId};
use crate::port::Moment;
use crate::wire::edit::Edit;
use crate::wire::sip::{SipMessage, Via};

/// How often a request is sent again with credentials before the refusal is taken for an answer: once for the
/// challenge, once more for a stale nonce.
const ATTEMPTS: u8 = 2;

/// What a request was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Invite(CallId),
    Bye(CallId),
    Subscribe(SubscriptionId),
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Trying,
    Proceeding,
    Done,
    TimedOut,
}

/// A request, with all its repetitions.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) purpose: Purpose,
    /// Before the edits: what a repetition with credentials is made from.
    base: SipMessage,
    edits: Vec<Edit>,
    pub(super) sent: SipMessage,
    octets: Bytes,
    /// The branch of each repetition.
    branches: Vec<String>,
    pub(super) to: SocketAddr,
    pub(super) progress: Progress,
    resend: Option<(Moment, Duration)>,
    give_up: Option<Moment>,
    attempts: u8,
    /// The last ACK for a 2xx, for retransmissions of it.
    pub(super) ack: Option<(SocketAddr, Bytes)>,
    /// A CANCEL waits for the first provisional response.
    pub(super) cancel_wanted: bool,
}

impl Request {
    /// The CSeq number as it was meant, before edits.
    pub(super) fn number(&self) -> Option<u32> {
        self.base.cseq().map(|cseq| cseq.number)
    }

    fn is_invite(&self) -> bool {
        self.method == "INVITE"
    }
}

impl Participant {
    /// Sends a request for the first time. `base` has no Via yet.
    pub(super) fn launch(
        &mut self,
        now: Moment,
        purpose: Purpose,
        base: SipMessage,
        edits: Vec<Edit>,
        to: SocketAddr,
    ) -> RequestKey {
        let branch = self.new_branch();
        self.launch_on_branch(now, purpose, base, edits, to, branch)
    }

    fn launch_on_branch(
        &mut self,
        now: Moment,
        purpose: Purpose,
        mut base: SipMessage,
        edits: Vec<Edit>,
        to: SocketAddr,
        branch: String,
    ) -> RequestKey {
        base.headers.0.insert(0, crate::wire::header::Header::new("Via", self.via(&branch)));
        let sent = base.clone().edited(&edits);
        let octets = sent.octets();
        self.requests.push(Request {
            method: base.method().unwrap_or_default().to_owned(),
            purpose,
            base,
            edits,
            sent,
            octets,
            branches: vec![branch],
            to,
            progress: Progress::Trying,
            resend: None,
            give_up: None,
            attempts: 0,
            ack: None,
            cancel_wanted: false,
        });
        let key = RequestKey(self.requests.len() - 1);
        self.start(now, key);
        key
    }

    fn start(&mut self, now: Moment, key: RequestKey) {
        let (timers, udp) = (self.timers, self.route.transport == Transport::Udp);
        let retransmits = self.conduct.retransmits && udp;
        let Some(request) = self.requests.get_mut(key.0) else { return };
        request.progress = Progress::Trying;
        request.resend = retransmits.then(|| (now + timers.t1, timers.t1));
        request.give_up = Some(now + timers.t1 * 64);
        let (to, octets) = (request.to, request.octets.clone());
        self.transmit(to, octets);
    }

    /// CANCEL goes on the branch of the INVITE (RFC 3261, 9.1).
    pub(super) fn launch_cancel(&mut self, now: Moment, invite: RequestKey) -> Option<RequestKey> {
        let branch = self.requests.get(invite.0)?.branches.last()?.clone();
        self.launch_cancel_on(now, invite, branch)
    }

    /// CANCEL on a branch of the scenario's choice.
    pub(super) fn launch_cancel_on(&mut self, now: Moment, invite: RequestKey, branch: String) -> Option<RequestKey> {
        let request = self.requests.get(invite.0)?;
        let (number, to) = (request.number()?, request.to);
        let crate::wire::sip::Start::Request { uri, .. } = &request.base.start else { return None };
        let mut cancel = SipMessage::request("CANCEL", uri);
        for name in ["Max-Forwards", "Route", "From", "To", "Call-ID"] {
            cancel.headers.0.extend(request.base.headers.all(name).cloned());
        }
        for (name, value) in &self.conduct.cancel_headers {
            cancel = cancel.with(name, value.clone());
        }
        cancel = cancel.with("CSeq", format!("{number} CANCEL")).without_body();
        Some(self.launch_on_branch(now, Purpose::Other, cancel, Vec::new(), to, branch))
    }

    /// Whether a request is one of our own that came back. To answer it would be to answer ourselves: a server that
    /// returns whatever it gets would then seem to have said what we said.
    pub(super) fn is_reflected(&self, branch: &str) -> bool {
        self.requests.iter().any(|request| request.branches.iter().any(|own| own == branch))
    }

    pub(super) fn new_branch(&mut self) -> String {
        format!("z9hG4bK{}", self.ids.tag())
    }

    pub(super) fn via(&self, branch: &str) -> String {
        format!("SIP/2.0/{} {};branch={branch};rport", self.route.transport.token(), self.place.sip)
    }

    /// A response came in: finds its request, notes it, and does what the transaction demands.
    pub(super) fn take_response(&mut self, now: Moment, message: SipMessage, octets: Bytes) {
        let key = self.request_of(&message);
        let status = message.status().unwrap_or_default();
        let retried = match key {
            Some(key) if status == 401 || status == 407 => self.retry_with_credentials(now, key, &message),
            _ => false,
        };
        self.see(now, SeenKind::SipResponse { key, retried, message: message.clone(), octets });
        let Some(key) = key else { return };
        let Some(request) = self.requests.get_mut(key.0) else { return };
        // An answer to a repetition that was given up for a later one changes nothing any more.
        let current = message.vias().first().and_then(Via::branch).is_none_or(|branch| {
            request.branches.last().is_some_and(|last| last == branch) || !request.branches.iter().any(|b| b == branch)
        });
        if retried || !current {
            if request.is_invite() && status >= 300 {
                self.acknowledge_refusal(key, &message);
            }
            return;
        }
        if status < 200 {
            self.take_provisional(now, key);
            return;
        }
        let first = request.progress != Progress::Done;
        request.progress = Progress::Done;
        request.resend = None;
        request.give_up = None;
        let (invite, purpose) = (request.is_invite(), request.purpose);
        if invite && status >= 300 {
            self.acknowledge_refusal(key, &message);
        }
        match purpose {
            Purpose::Invite(call) => self.take_invite_answer(now, call, key, first, &message),
            Purpose::Bye(call) if first && !self.conduct.keeps_streams => self.finish_media(call),
            Purpose::Subscribe(subscription) if first => self.take_subscribe_answer(subscription, &message),
            Purpose::Bye(_) | Purpose::Subscribe(_) | Purpose::Other => {}
        }
    }

    fn take_provisional(&mut self, now: Moment, key: RequestKey) {
        let t2 = self.timers.t2;
        let Some(request) = self.requests.get_mut(key.0) else { return };
        if !matches!(request.progress, Progress::Trying | Progress::Proceeding) {
            return;
        }
        request.progress = Progress::Proceeding;
        if request.is_invite() {
            // From here on the callee may take its time (RFC 3261, 17.1.1.2).
            request.resend = None;
            request.give_up = None;
        } else if let Some((_, interval)) = &mut request.resend {
            *interval = t2;
        }
        let cancel = std::mem::take(&mut request.cancel_wanted);
        if cancel {
            self.launch_cancel(now, key);
        }
    }

    /// By branch and method (RFC 3261, 17.1.3); by Call-ID and CSeq where a damaged request cannot be answered with the
    /// right branch.
    fn request_of(&self, message: &SipMessage) -> Option<RequestKey> {
        let cseq = message.cseq();
        let vias = message.vias();
        let branch = vias.first().and_then(Via::branch);
        let by_branch = self.requests.iter().rposition(|request| {
            branch.is_some_and(|branch| request.branches.iter().any(|own| own == branch))
                && cseq.as_ref().is_none_or(|cseq| cseq.method == request.method)
        });
        let by_call = || {
            let (call_id, cseq) = (message.call_id()?, cseq.as_ref()?);
            self.requests.iter().rposition(|request| {
                request.method == cseq.method
                    && request.number() == Some(cseq.number)
                    && request.base.call_id().as_ref() == Some(&call_id)
            })
        };
        by_branch.or_else(by_call).map(RequestKey)
    }

    fn retry_with_credentials(&mut self, now: Moment, key: RequestKey, challenge: &SipMessage) -> bool {
        if !self.conduct.authenticates {
            return false;
        }
        let Some((user, password)) = self.identity.credentials.clone() else { return false };
        let (branch, cnonce) = (self.new_branch(), self.ids.tag());
        let via = self.via(&branch);
        let damage = self.conduct.digest_damage;
        let Some(request) = self.requests.get_mut(key.0) else { return false };
        let done = matches!(request.progress, Progress::Done | Progress::TimedOut);
        let answers_last = challenge
            .vias()
            .first()
            .and_then(Via::branch)
            .is_some_and(|branch| request.branches.last().is_some_and(|last| last == branch));
        if done || !answers_last || request.attempts >= ATTEMPTS {
            return false;
        }
        let Some(number) = request.number().and_then(|number| number.checked_add(1)) else { return false };
        let crate::wire::sip::Start::Request { uri, method } = request.base.start.clone() else { return false };
        let stale = Digests::is_stale(challenge);
        if request.attempts > 0 && !stale {
            return false;
        }
        let Some((name, value)) = self.digests.answer(challenge, (&user, &password), (&method, &uri), &cnonce, damage)
        else {
            return false;
        };
        request.attempts += 1;
        request.base.headers.set("Via", via);
        request.base.headers.set("CSeq", format!("{number} {method}"));
        request.base.headers.remove(name);
        // Before the headers that describe the body.
        let place = request.base.headers.0.iter().position(|header| header.is("Content-Type"));
        let place = place.or_else(|| request.base.headers.0.iter().position(|header| header.is("Content-Length")));
        let place = place.unwrap_or(request.base.headers.0.len());
        request.base.headers.0.insert(place, crate::wire::header::Header::new(name, value));
        request.sent = request.base.clone().edited(&request.edits);
        request.octets = request.sent.octets();
        request.branches.push(branch);
        if let Some(call_id) = request.base.call_id() {
            self.advance_sequence(&call_id, number);
        }
        self.start(now, key);
        true
    }

    /// ACK to a final response other than 2xx: part of the INVITE's transaction (RFC 3261, 17.1.1.3).
    fn acknowledge_refusal(&mut self, key: RequestKey, response: &SipMessage) {
        if !self.conduct.acks {
            return;
        }
        let Some(request) = self.requests.get(key.0) else { return };
        let crate::wire::sip::Start::Request { uri, .. } = &request.base.start else { return };
        let number = response.cseq().map(|cseq| cseq.number).or_else(|| request.number()).unwrap_or_default();
        let mut ack = SipMessage::request("ACK", uri);
        // The Via of the repetition that is being refused.
        let branch = response.vias().first().and_then(|via| via.branch().map(str::to_owned));
        let branch = branch.filter(|branch| request.branches.contains(branch));
        let branch = branch.or_else(|| request.branches.last().cloned()).unwrap_or_default();
        ack = ack.with("Via", self.via(&branch));
        for name in ["Max-Forwards", "Route", "From"] {
            ack.headers.0.extend(request.base.headers.all(name).cloned());
        }
        let to = response.header("To").or_else(|| request.base.header("To")).unwrap_or_default();
        ack = ack.with("To", to);
        ack.headers.0.extend(request.base.headers.get("Call-ID").cloned());
        let ack = ack.with("CSeq", format!("{number} ACK")).without_body();
        let (to, octets) = (request.to, ack.octets());
        self.transmit(to, octets);
    }

    pub(super) fn fire_transactions(&mut self, now: Moment) {
        for index in 0..self.requests.len() {
            let Some(request) = self.requests.get_mut(index) else { break };
            if request.give_up.is_some_and(|at| at <= now) {
                self.give_up(now, RequestKey(index));
            } else if let Some((at, interval)) = request.resend
                && at <= now
            {
                // Timer A doubles without bound (B ends it), timer E up to T2.
                let doubled = interval * 2;
                let next = if request.is_invite() { doubled } else { doubled.min(self.timers.t2) };
                request.resend = Some((now + next, next));
                let (to, octets) = (request.to, request.octets.clone());
                self.transmit(to, octets);
            }
        }
    }

    /// No answer in time, or no way to send.
    pub(super) fn give_up(&mut self, now: Moment, key: RequestKey) {
        let Some(request) = self.requests.get_mut(key.0) else { return };
        if matches!(request.progress, Progress::Done | Progress::TimedOut) {
            return;
        }
        request.progress = Progress::TimedOut;
        request.resend = None;
        request.give_up = None;
        let purpose = request.purpose;
        self.see(now, SeenKind::SipTimeout { key });
        match purpose {
            Purpose::Invite(call) => self.invite_timed_out(call),
            Purpose::Bye(call) => self.finish_media(call),
            Purpose::Subscribe(_) | Purpose::Other => {}
        }
    }

    /// The earliest timer of any transaction.
    pub(super) fn next_transaction_timer(&self) -> Option<Moment> {
        self.requests
            .iter()
            .flat_map(|request| request.give_up.into_iter().chain(request.resend.map(|(at, _)| at)))
            .min()
    }
}
