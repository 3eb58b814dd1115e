//! The participant: commands in, observations out.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use rand_chacha::ChaCha12Rng;

use super::answers::{Answered, Origin, Unacknowledged};
use super::assembly::Assembly;
use super::call::Call;
use super::digest::Digests;
use super::ids::Ids;
use super::log::{Delivered, Seen, SeenKind};
use super::options::{Conduct, Identity, Place, RequestOptions, Route, Timers};
use super::streams::{Stream, excerpt};
use super::subscription::Subscription;
use super::transaction::{Progress, Purpose, Request};
use crate::port::{Connection, Input, Machine, Moment, Output};
use crate::wire::conference_info::ConferenceInfo;
use crate::wire::msrp::MsrpMessage;
use crate::wire::sdp::Media;
use crate::wire::sip::{NameAddr, SipMessage, Start};
use crate::wire::uri::{MsrpUri, SipUri};

/// One INVITE dialog (attempt) of a participant, from 0 in the order of the INVITEs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub usize);

/// One SIP request as the scenario meant it: a repetition with credentials keeps the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestKey(pub usize);

/// One subscription to the conference state, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubscriptionId(pub usize);

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    /// INVITE sent, no final response yet.
    Calling,
    /// 2xx came (and was acknowledged, if so conducted).
    Established,
    /// Another final response came.
    Refused(u16),
    /// No final response came in time.
    TimedOut,
    /// BYE was sent or received.
    Ended,
}

/// What is known of a call and its MSRP session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Where it stands.
    pub state: CallState,
    /// The key of the latest INVITE.
    pub invite: RequestKey,
    /// Call-ID.
    pub call_id: String,
    /// Our tag.
    pub local_tag: String,
    /// The other side's tag.
    pub remote_tag: Option<String>,
    /// The Contact of the 2xx: remote target, with `isfocus` among its parameters.
    pub contact: Option<NameAddr>,
    /// Our MSRP URI.
    pub local_path: MsrpUri,
    /// Those that we had before: what was sent to them before our offer of another one arrived is still taken (RFC 3264,
    /// 8.3.1).
    pub former_paths: Vec<MsrpUri>,
    /// The other side's path, leftmost first; empty before it is known.
    pub remote_path: Vec<MsrpUri>,
    /// The latest SDP of the other side, octet for octet.
    pub remote_sdp: Option<Bytes>,
    /// The MSRP media description in it.
    pub remote_media: Option<Media>,
    /// The stream that carries the session.
    pub connection: Option<Connection>,
    /// The transaction of the first SEND.
    pub first_send: Option<String>,
    /// The status with which the first SEND was answered.
    pub first_send_status: Option<u16>,
    /// Whether the other side ended the dialog with BYE.
    pub bye_received: bool,
}

impl Session {
    /// Whether messages can flow: established, connected, and the first SEND answered with 200 if it was ours to send.
    pub fn is_joined(&self) -> bool {
        self.state == CallState::Established
            && self.connection.is_some()
            && (self.first_send.is_none() || self.first_send_status == Some(200))
    }
}

/// What a command to send a message put on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendFacts {
    /// Message-ID.
    pub message_id: String,
    /// The transaction of each chunk, in order.
    pub transactions: Vec<String>,
    /// The whole body of the message (before it was cut): what others must get byte for byte.
    pub body: Bytes,
}

/// A scripted participant. Commands take effect at once, on the outside by [`Machine::poll_output`].
#[derive(Debug)]
pub struct Participant {
    pub(super) identity: Identity,
    pub(super) route: Route,
    pub(super) place: Place,
    pub(super) timers: Timers,
    pub(super) ids: Ids,
    pub(super) conduct: Conduct,
    pub(super) outputs: VecDeque<Output>,
    seen: Vec<Seen>,
    /// Octets of the messages in the log.
    seen_octets: usize,
    /// Transactions, by [`RequestKey`].
    pub(super) requests: Vec<Request>,
    pub(super) digests: Digests,
    /// By [`CallId`], like `calls`.
    pub(super) sessions: Vec<Session>,
    pub(super) calls: Vec<Call>,
    /// By [`SubscriptionId`].
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) latest_roster: Option<SubscriptionId>,
    pub(super) answered: VecDeque<Answered>,
    pub(super) unacknowledged: Vec<Unacknowledged>,
    pub(super) streams: BTreeMap<Connection, Stream>,
    pub(super) opened_streams: u64,
    pub(super) sip_stream: Option<Connection>,
    pub(super) unread: Vec<Connection>,
    pub(super) assembly: Assembly,
}

/// The log ends at so many observations, or so many octets of messages.
const LOG: (usize, usize) = (100_000, 256 * 1024 * 1024);

/// Commands of SIP. See also [`Participant::invite`] and [`Participant::subscribe`].
impl Participant {
    /// A participant at `place`, with nothing done yet.
    pub fn new(identity: Identity, route: Route, place: Place, timers: Timers, rng: ChaCha12Rng) -> Self {
        Self {
            identity,
            route,
            place,
            timers,
            ids: Ids::new(rng),
            conduct: Conduct::default(),
            outputs: VecDeque::new(),
            seen: Vec::new(),
            seen_octets: 0,
            requests: Vec::new(),
            digests: Digests::default(),
            sessions: Vec::new(),
            calls: Vec::new(),
            subscriptions: Vec::new(),
            latest_roster: None,
            answered: VecDeque::new(),
            unacknowledged: Vec::new(),
            streams: BTreeMap::new(),
            opened_streams: 0,
            sip_stream: None,
            unread: Vec::new(),
            assembly: Assembly::default(),
        }
    }

    /// Who this is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Where this participant can be reached.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The room of the route.
    pub fn room(&self) -> &SipUri {
        &self.route.room
    }

    /// What its SIP goes over.
    pub fn transport(&self) -> super::options::Transport {
        self.route.transport
    }

    /// What it does by itself.
    pub fn conduct(&self) -> &Conduct {
        &self.conduct
    }

    /// What it does by itself, to be changed.
    pub fn conduct_mut(&mut self) -> &mut Conduct {
        &mut self.conduct
    }

    /// CANCEL of the pending INVITE of `call`. Before the first provisional response it must not be sent (RFC 3261, 9.1):
    /// then it is kept back until that comes, and there is no key for it yet. `None` also when no INVITE is pending.
    pub fn cancel(&mut self, now: Moment, call: CallId) -> Option<RequestKey> {
        let invite = self.sessions.get(call.0)?.invite;
        let request = self.requests.get_mut(invite.0)?;
        match request.progress {
            Progress::Trying => {
                request.cancel_wanted = true;
                None
            }
            Progress::Proceeding => self.launch_cancel(now, invite),
            Progress::Done | Progress::TimedOut => None,
        }
    }

    /// CANCEL for the latest INVITE of `call` whatever its state: for the inopportune ones.
    pub fn cancel_regardless(&mut self, now: Moment, call: CallId) -> Option<RequestKey> {
        let invite = self.sessions.get(call.0)?.invite;
        self.launch_cancel(now, invite)
    }

    /// BYE in the dialog of `call`; `None` when there is no dialog. The MSRP stream is closed when it is answered.
    pub fn bye(&mut self, now: Moment, call: CallId) -> Option<RequestKey> {
        let key = self.in_call(now, call, Purpose::Bye(call), "BYE", RequestOptions::default())?;
        self.sessions.get_mut(call.0)?.state = CallState::Ended;
        Some(key)
    }

    /// A request of any method in the dialog of `call`; `None` when there is no dialog.
    pub fn request_in_call(
        &mut self,
        now: Moment,
        call: CallId,
        method: &str,
        options: RequestOptions,
    ) -> Option<RequestKey> {
        self.in_call(now, call, Purpose::Other, method, options)
    }

    fn in_call(
        &mut self,
        now: Moment,
        call: CallId,
        purpose: Purpose,
        method: &str,
        options: RequestOptions,
    ) -> Option<RequestKey> {
        let state = self.calls.get_mut(call.0)?;
        if !state.dialog.is_confirmed() {
            return None;
        }
        let request = state.dialog.request(method);
        let dialog = state.dialog.clone();
        let to = self.hop(&dialog);
        Some(self.launch_with(now, purpose, request, options, to))
    }

    /// A request of any method outside a dialog, e.g. OPTIONS.
    pub fn request(&mut self, now: Moment, method: &str, options: RequestOptions) -> RequestKey {
        let mut dialog = self.new_dialog(None, None, options.request_uri.as_deref());
        let request = dialog.request(method).with("Contact", self.contact());
        self.launch_with(now, Purpose::Other, request, options, self.route.next_hop)
    }

    fn launch_with(
        &mut self,
        now: Moment,
        purpose: Purpose,
        mut request: SipMessage,
        options: RequestOptions,
        to: std::net::SocketAddr,
    ) -> RequestKey {
        if let (Start::Request { uri, .. }, Some(wanted)) = (&mut request.start, options.request_uri) {
            *uri = wanted;
        }
        if let (Start::Request { method, uri }, Some(version)) = (&request.start, options.version) {
            request.raw_start = Some(format!("{method} {uri} {version}\r\n").into());
        }
        for (name, value) in options.headers {
            request = request.with(&name, value);
        }
        let request = match options.body {
            Some((content_type, body)) => request.with_body(&content_type, body),
            None => request.without_body(),
        };
        self.launch(now, purpose, request, options.edits, to)
    }

    /// OPTIONS to the room, outside a dialog.
    pub fn options(&mut self, now: Moment) -> RequestKey {
        let accept = vec![("Accept".to_owned(), "application/sdp".to_owned())];
        self.request(now, "OPTIONS", RequestOptions { headers: accept, ..RequestOptions::default() })
    }

    /// Asks once for the roster: SUBSCRIBE with `Expires: 0` in a dialog of its own (RFC 6665, 4.4.3).
    pub fn fetch_roster(&mut self, now: Moment) -> SubscriptionId {
        self.subscribe(now, 0, RequestOptions::default())
    }

    /// Sends octets as they are to the next hop.
    pub fn raw_sip(&mut self, now: Moment, octets: Bytes) {
        let _ = now;
        self.transmit(self.route.next_hop, octets);
    }

    pub(super) fn take_sip(&mut self, now: Moment, message: SipMessage, octets: Bytes, origin: Origin) {
        match message.start {
            Start::Request { .. } => self.take_request(now, message, octets, origin),
            Start::Response { .. } => self.take_response(now, message, octets),
        }
    }

    pub(super) fn see(&mut self, at: Moment, what: SeenKind) {
        let octets = match &what {
            SeenKind::SipResponse { octets, .. }
            | SeenKind::SipRequest { octets, .. }
            | SeenKind::SipGarbage { octets, .. }
            | SeenKind::MsrpResponse { octets, .. }
            | SeenKind::MsrpRequest { octets, .. }
            | SeenKind::MsrpGarbage { octets, .. } => octets.len(),
            _ => 0,
        };
        if matches!(self.seen.last(), Some(Seen { what: SeenKind::Full, .. })) {
            return;
        }
        self.seen_octets = self.seen_octets.saturating_add(octets);
        let full = self.seen.len() >= LOG.0 || self.seen_octets > LOG.1;
        self.seen.push(Seen { at, what: if full { SeenKind::Full } else { what } });
    }
}

/// Observations.
impl Participant {
    /// The call that was made last.
    pub fn current_call(&self) -> Option<CallId> {
        self.sessions.len().checked_sub(1).map(CallId)
    }

    /// A call and its session.
    pub fn session(&self, call: CallId) -> Option<&Session> {
        self.sessions.get(call.0)
    }

    /// All calls.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// Everything seen so far, in order.
    pub fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// How many observations there are: a mark for [`Participant::seen_since`].
    pub fn mark(&self) -> usize {
        self.seen.len()
    }

    /// The observations after a mark.
    pub fn seen_since(&self, mark: usize) -> &[Seen] {
        self.seen.get(mark..).unwrap_or_default()
    }

    /// All responses to a SIP request, in order, provisional ones and retransmissions included.
    pub fn sip_responses(&self, key: RequestKey) -> Vec<&SipMessage> {
        self.responses_with_retries(key).map(|(message, _)| message).collect()
    }

    /// The first final response to a SIP request that was not answered by a repetition with credentials.
    pub fn final_response(&self, key: RequestKey) -> Option<&SipMessage> {
        self.responses_with_retries(key)
            .find(|(message, retried)| !retried && message.status().is_some_and(|status| status >= 200))
            .map(|(message, _)| message)
    }

    /// Whether a SIP request ran into timer B or F.
    pub fn timed_out(&self, key: RequestKey) -> bool {
        self.requests.get(key.0).is_some_and(|request| request.progress == Progress::TimedOut)
    }

    /// The request as it was sent last.
    pub fn sent_request(&self, key: RequestKey) -> Option<&SipMessage> {
        self.requests.get(key.0).map(|request| &request.sent)
    }

    /// SIP requests of a method received (retransmissions left out), in order.
    pub fn sip_requests(&self, method: &str) -> Vec<&SipMessage> {
        self.seen
            .iter()
            .filter_map(|seen| match &seen.what {
                SeenKind::SipRequest { message, again: false, .. } if message.method() == Some(method) => Some(message),
                _ => None,
            })
            .collect()
    }

    /// The MSRP responses to a transaction, in order.
    pub fn responses_to(&self, transaction: &str) -> Vec<&MsrpMessage> {
        self.seen
            .iter()
            .filter_map(|seen| match &seen.what {
                SeenKind::MsrpResponse { message, .. } if message.transaction == transaction => Some(message),
                _ => None,
            })
            .collect()
    }

    /// The REPORTs about a message.
    pub fn reports_about(&self, message_id: &str) -> Vec<&MsrpMessage> {
        self.seen
            .iter()
            .filter_map(|seen| match &seen.what {
                SeenKind::MsrpRequest { message, .. }
                    if message.method() == Some("REPORT") && message.message_id().as_deref() == Some(message_id) =>
                {
                    Some(message)
                }
                _ => None,
            })
            .collect()
    }

    /// Messages that came with SENDs with a body, complete or not, in the order of their first chunks.
    pub fn messages(&self) -> &[Delivered] {
        &self.assembly.messages
    }

    /// The conference state of the latest subscription that got any, put together as RFC 4575, 4.6 says.
    pub fn roster(&self) -> Option<&ConferenceInfo> {
        self.latest_roster.and_then(|subscription| self.roster_of(subscription))
    }

    /// The conference state of one subscription.
    pub fn roster_of(&self, subscription: SubscriptionId) -> Option<&ConferenceInfo> {
        self.subscriptions.get(subscription.0)?.state.as_ref()
    }

    /// The key of the latest SUBSCRIBE of a subscription.
    pub fn subscribe_request(&self, subscription: SubscriptionId) -> Option<RequestKey> {
        self.subscriptions.get(subscription.0).map(|state| state.request)
    }

    /// The NOTIFYs of a subscription, in order, retransmissions left out.
    pub fn notifies(&self, subscription: SubscriptionId) -> Vec<&SipMessage> {
        let Some(state) = self.subscriptions.get(subscription.0) else { return Vec::new() };
        let mut notifies = self.sip_requests("NOTIFY");
        notifies.retain(|notify| state.dialog.owns(notify));
        notifies
    }

    /// The conference-info documents of a subscription's NOTIFYs, in order, each as it came.
    pub fn documents(&self, subscription: SubscriptionId) -> &[ConferenceInfo] {
        self.subscriptions.get(subscription.0).map(|state| state.documents.as_slice()).unwrap_or_default()
    }

    /// Whether a subscription is over: refused, or ended by a NOTIFY.
    pub fn is_terminated(&self, subscription: SubscriptionId) -> bool {
        self.subscriptions.get(subscription.0).is_none_or(|state| state.terminated)
    }

    /// All subscriptions.
    pub fn subscriptions(&self) -> impl Iterator<Item = SubscriptionId> + use<> {
        (0..self.subscriptions.len()).map(SubscriptionId)
    }

    fn responses_with_retries(&self, key: RequestKey) -> impl Iterator<Item = (&SipMessage, bool)> {
        self.seen.iter().filter_map(move |seen| match &seen.what {
            SeenKind::SipResponse { key: Some(of), retried, message, .. } if *of == key => Some((message, *retried)),
            _ => None,
        })
    }
}

impl Machine for Participant {
    fn handle_input(&mut self, now: Moment, input: Input) {
        match input {
            Input::Datagram { from, octets } => match SipMessage::parse_datagram(octets.clone()) {
                Some(parsed) => self.take_sip(now, parsed.tree, octets, Origin::Datagram(from)),
                // Empty lines keep a binding alive (RFC 5626, 3.5.1) and mean nothing.
                None if octets.iter().all(u8::is_ascii_whitespace) => {}
                None => {
                    let reason = "not the start of a SIP message".to_owned();
                    self.see(now, SeenKind::SipGarbage { reason, octets: excerpt(&octets) });
                }
            },
            Input::Connected { connection, protocol, remote, secured, .. } => {
                self.stream_connected(now, connection, protocol, remote, secured);
            }
            Input::ConnectFailed { connection, reason } => self.stream_lost(now, connection, Some(reason)),
            Input::Octets { connection, octets } => self.take_octets(now, connection, &octets),
            Input::Taken { connection, count } => self.taken(connection, count),
            Input::Closed { connection } => self.stream_lost(now, connection, None),
        }
    }

    fn handle_timeout(&mut self, now: Moment) {
        self.fire_transactions(now);
        self.fire_unacknowledged(now);
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn poll_timeout(&self) -> Option<Moment> {
        self.next_transaction_timer().into_iter().chain(self.next_unacknowledged()).min()
    }

    fn unread(&self) -> &[Connection] {
        &self.unread
    }
}
