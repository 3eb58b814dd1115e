//! The participant: commands in, observations out.

use std::collections::VecDeque;

use bytes::Bytes;
use rand_chacha::ChaCha12Rng;

use super::Ids;
use super::log::{Delivered, Seen};
use super::options::{Conduct, Identity, InviteOptions, Place, RequestOptions, Route, SendOptions, Timers};
use crate::port::{Connection, Input, Machine, Moment, Output};
use crate::wire::conference_info::ConferenceInfo;
use crate::wire::msrp::MsrpMessage;
use crate::wire::sdp::Media;
use crate::wire::sip::{NameAddr, SipMessage};
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

/// A scripted participant. All commands take effect at once on the outside of [`Machine::poll_output`].
#[derive(Debug)]
pub struct Participant {
    identity: Identity,
    conduct: Conduct,
    outputs: VecDeque<Output>,
    seen: Vec<Seen>,
    sessions: Vec<Session>,
}

/// Commands of SIP.
impl Participant {
    /// A participant at `place`, with nothing done yet.
    pub fn new(identity: Identity, route: Route, place: Place, timers: Timers, rng: ChaCha12Rng) -> Self {
        let _ = (route, place, timers, Ids::new(rng));
        Self { identity, conduct: Conduct::default(), outputs: VecDeque::new(), seen: Vec::new(), sessions: Vec::new() }
    }

    /// Who this is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The room of the route.
    pub fn room(&self) -> &SipUri {
        todo!()
    }

    /// What it does by itself.
    pub fn conduct_mut(&mut self) -> &mut Conduct {
        &mut self.conduct
    }

    /// Calls the room. The new call becomes the current one ([`Participant::current_call`]); unless told otherwise the
    /// MSRP session is opened as soon as the 2xx is there, with a bodiless SEND by the active side (RFC 4975, 5.4).
    pub fn invite(&mut self, now: Moment, options: InviteOptions) -> CallId {
        let _ = (now, options);
        todo!()
    }

    /// A re-INVITE in the dialog of `call`; `None` when there is no dialog.
    pub fn re_invite(&mut self, now: Moment, call: CallId, options: InviteOptions) -> Option<RequestKey> {
        let _ = (now, call, options);
        todo!()
    }

    /// CANCEL of the pending INVITE of `call`, once a provisional response has come (RFC 3261, 9.1; before, it is kept
    /// back until then); `None` when no INVITE is pending.
    pub fn cancel(&mut self, now: Moment, call: CallId) -> Option<RequestKey> {
        let _ = (now, call);
        todo!()
    }

    /// BYE in the dialog of `call`; `None` when there is no dialog. The MSRP stream is closed when it is answered.
    pub fn bye(&mut self, now: Moment, call: CallId) -> Option<RequestKey> {
        let _ = (now, call);
        todo!()
    }

    /// A request of any method in the dialog of `call`; `None` when there is no dialog.
    pub fn request_in_call(
        &mut self,
        now: Moment,
        call: CallId,
        method: &str,
        options: RequestOptions,
    ) -> Option<RequestKey> {
        let _ = (now, call, method, options);
        todo!()
    }

    /// A request of any method outside a dialog, e.g. OPTIONS.
    pub fn request(&mut self, now: Moment, method: &str, options: RequestOptions) -> RequestKey {
        let _ = (now, method, options);
        todo!()
    }

    /// OPTIONS to the room, outside a dialog.
    pub fn options(&mut self, now: Moment) -> RequestKey {
        self.request(now, "OPTIONS", RequestOptions::default())
    }

    /// SUBSCRIBE to the conference event package, in a dialog of its own; `expires` in seconds.
    pub fn subscribe(&mut self, now: Moment, expires: u32, options: RequestOptions) -> SubscriptionId {
        let _ = (now, expires, options);
        todo!()
    }

    /// SUBSCRIBE again in the dialog of a subscription; 0 ends it. `None` when there is no dialog.
    pub fn refresh(&mut self, now: Moment, subscription: SubscriptionId, expires: u32) -> Option<RequestKey> {
        let _ = (now, subscription, expires);
        todo!()
    }

    /// Asks once for the roster: SUBSCRIBE with `Expires: 0` in a dialog of its own (RFC 6665, 4.4.3).
    pub fn fetch_roster(&mut self, now: Moment) -> SubscriptionId {
        self.subscribe(now, 0, RequestOptions::default())
    }

    /// Sends octets as they are to the next hop.
    pub fn raw_sip(&mut self, now: Moment, octets: Bytes) {
        let _ = (now, octets);
        todo!()
    }
}

/// Commands of MSRP. Each goes to the stream of the call and does nothing (`None`) while it has none.
impl Participant {
    /// Sends a message.
    pub fn send(&mut self, now: Moment, call: CallId, options: SendOptions) -> Option<SendFacts> {
        let _ = (now, call, options);
        todo!()
    }

    /// NICKNAME with this Use-Nickname value, octet for octet (quotes are the caller's); the transaction.
    pub fn nickname(&mut self, now: Moment, call: CallId, value: &[u8]) -> Option<String> {
        let _ = (now, call, value);
        todo!()
    }

    /// A request of any kind with To-Path and From-Path of the session put in front of the other headers; the
    /// transaction. For NICKNAME without its header, REPORTs, unknown methods.
    pub fn msrp_request(&mut self, now: Moment, call: CallId, message: MsrpMessage) -> Option<String> {
        let _ = (now, call, message);
        todo!()
    }

    /// Octets as they are on the stream of the call.
    pub fn raw_msrp(&mut self, now: Moment, call: CallId, octets: Bytes) -> Option<()> {
        let _ = (now, call, octets);
        todo!()
    }

    /// Octets as they are on any stream.
    pub fn raw_on(&mut self, now: Moment, connection: Connection, octets: Bytes) {
        let _ = (now, connection, octets);
        todo!()
    }

    /// A fresh transaction identifier, for messages that the caller writes.
    pub fn new_transaction(&mut self) -> String {
        todo!()
    }

    /// Opens another stream to where the call's path leads.
    pub fn open_second(&mut self, now: Moment, call: CallId) -> Option<Connection> {
        let _ = (now, call);
        todo!()
    }

    /// A bodiless SEND for the session of `call` on any stream, e.g. for 506 (RFC 4975, 5.4); the transaction.
    pub fn first_send_on(&mut self, now: Moment, call: CallId, connection: Connection) -> Option<String> {
        let _ = (now, call, connection);
        todo!()
    }

    /// Closes a stream without a word.
    pub fn close(&mut self, now: Moment, connection: Connection) {
        let _ = (now, connection);
        todo!()
    }

    /// Stops taking octets from the stream of the call (the network's buffers fill up), or takes them again.
    pub fn stop_reading(&mut self, call: CallId, stop: bool) {
        let _ = (call, stop);
        todo!()
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
        let _ = key;
        todo!()
    }

    /// The first final response to a SIP request that was not answered by a repetition with credentials.
    pub fn final_response(&self, key: RequestKey) -> Option<&SipMessage> {
        let _ = key;
        todo!()
    }

    /// Whether a SIP request ran into timer B or F.
    pub fn timed_out(&self, key: RequestKey) -> bool {
        let _ = key;
        todo!()
    }

    /// The request as it was sent last.
    pub fn sent_request(&self, key: RequestKey) -> Option<&SipMessage> {
        let _ = key;
        todo!()
    }

    /// SIP requests of a method received (retransmissions left out), in order.
    pub fn sip_requests(&self, method: &str) -> Vec<&SipMessage> {
        let _ = method;
        todo!()
    }

    /// The MSRP responses to a transaction, in order.
    pub fn responses_to(&self, transaction: &str) -> Vec<&MsrpMessage> {
        let _ = transaction;
        todo!()
    }

    /// The REPORTs about a message.
    pub fn reports_about(&self, message_id: &str) -> Vec<&MsrpMessage> {
        let _ = message_id;
        todo!()
    }

    /// Messages that came with SENDs with a body, complete or not, in the order of their first chunks.
    pub fn messages(&self) -> &[Delivered] {
        todo!()
    }

    /// The conference state of the latest subscription that got any, put together as RFC 4575, 4.6 says.
    pub fn roster(&self) -> Option<&ConferenceInfo> {
        todo!()
    }

    /// The conference state of one subscription.
    pub fn roster_of(&self, subscription: SubscriptionId) -> Option<&ConferenceInfo> {
        let _ = subscription;
        todo!()
    }

    /// The key of the latest SUBSCRIBE of a subscription.
    pub fn subscribe_request(&self, subscription: SubscriptionId) -> Option<RequestKey> {
        let _ = subscription;
        todo!()
    }

    /// The NOTIFYs of a subscription, in order, retransmissions left out.
    pub fn notifies(&self, subscription: SubscriptionId) -> Vec<&SipMessage> {
        let _ = subscription;
        todo!()
    }

    /// The conference-info documents of a subscription's NOTIFYs, in order, each as it came.
    pub fn documents(&self, subscription: SubscriptionId) -> &[ConferenceInfo] {
        let _ = subscription;
        todo!()
    }

    /// Whether a stream is up.
    pub fn is_open(&self, connection: Connection) -> bool {
        let _ = connection;
        todo!()
    }
}

impl Machine for Participant {
    fn handle_input(&mut self, now: Moment, input: Input) {
        let _ = (now, input);
        todo!()
    }

    fn handle_timeout(&mut self, now: Moment) {
        let _ = now;
        todo!()
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn poll_timeout(&self) -> Option<Moment> {
        todo!()
    }
}
