//! Server and client transactions (RFC 3261, 17; RFC 6026; RFC 4320): retransmissions stop here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::settings::Timers;
use super::transport::{Flow, Transport};
use crate::port::Moment;
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::sip::SipMessage;

/// A server transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ServerId(u64);

/// A client transaction, by the number in its branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ClientId(u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ServerState {
    /// No final response yet.
    Proceeding,
    /// A final response is sent; for INVITE: 300 to 699, waiting for ACK.
    Completed,
    /// INVITE: the ACK came.
    Confirmed,
    /// INVITE: a 2xx was sent, the transaction only absorbs retransmissions (RFC 6026, 7.1).
    Accepted,
}

#[derive(Debug)]
struct Server {
    key: String,
    origin: String,
    request: Arc<SipMessage>,
    flow: Flow,
    local_tag: String,
    invite: bool,
    state: ServerState,
    last: Option<Bytes>,
    /// Timer G: when, and the interval after that.
    retransmit: Option<(Moment, Duration)>,
    /// Timers H, I, J, L.
    end: Option<Moment>,
}

#[derive(Debug)]
struct Client<P> {
    branch: String,
    method: String,
    flow: Flow,
    octets: Bytes,
    purpose: P,
    /// Timer E: when, and the interval after that.
    retransmit: Option<(Moment, Duration)>,
    proceeding: bool,
    /// Timer F.
    end: Moment,
}

/// What an incoming request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// The first of its transaction.
    New(ServerId),
    /// A retransmission, answered again where an answer exists.
    Retransmission,
}

/// All transactions. `P` says what a client transaction was for.
#[derive(Debug)]
pub(super) struct Transactions<P> {
    timers: Timers,
    faults: FaultSet,
    servers: BTreeMap<ServerId, Server>,
    keys: BTreeMap<String, ServerId>,
    origins: BTreeMap<String, ServerId>,
    clients: BTreeMap<ClientId, Client<P>>,
    branches: BTreeMap<String, ClientId>,
    deadlines: BTreeSet<(Moment, Who)>,
    counter: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Server(ServerId),
    Client(ClientId),
}

impl<P> Transactions<P> {
    pub fn new(timers: Timers, faults: FaultSet) -> Self {
        Self {
            timers,
            faults,
            servers: BTreeMap::new(),
            keys: BTreeMap::new(),
            origins: BTreeMap::new(),
            clients: BTreeMap::new(),
            branches: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            counter: 0,
        }
    }

    fn key_of(&self, request: &SipMessage, method: &str) -> Option<String> {
        server_key(request, method, self.faults.has(Fault::TransactionByBranchAlone))
    }

    /// How many server transactions there are.
    pub fn servers(&self) -> usize {
        self.servers.len()
    }

    /// Whether no request of ours waits for its response.
    pub fn has_no_clients(&self) -> bool {
        self.clients.is_empty()
    }

    pub fn poll_timeout(&self) -> Option<Moment> {
        self.deadlines.first().map(|(when, _)| *when)
    }

    /// Sorts an incoming request other than ACK into its transaction; `local_tag` is the To tag of its responses.
    pub fn receive(
        &mut self,
        request: &SipMessage,
        flow: Flow,
        local_tag: String,
        transport: &mut Transport,
    ) -> Option<Arrival> {
        let method = request.method()?;
        let key = self.key_of(request, method)?;
        if let Some(server) = self.keys.get(&key).and_then(|id| self.servers.get(id)) {
            let silent = matches!(server.state, ServerState::Accepted | ServerState::Confirmed)
                || (server.invite && self.faults.has(Fault::RepeatedInviteIgnored));
            if let Some(octets) = server.last.clone().filter(|_| !silent) {
                transport.send(&server.flow, octets);
            }
            return Some(Arrival::Retransmission);
        }
        let id = ServerId(self.counter);
        self.counter += 1;
        let origin = origin(request);
        self.keys.insert(key.clone(), id);
        self.origins.entry(origin.clone()).or_insert(id);
        self.servers.insert(
            id,
            Server {
                key,
                origin,
                request: Arc::new(request.clone()),
                flow,
                local_tag,
                invite: method == "INVITE",
                state: ServerState::Proceeding,
                last: None,
                retransmit: None,
                end: None,
            },
        );
        Some(Arrival::New(id))
    }

    /// Whether another transaction holds the same request that came another way (RFC 3261, 8.2.2.2).
    pub fn is_merged(&self, id: ServerId) -> bool {
        self.servers.get(&id).and_then(|server| self.origins.get(&server.origin)).is_some_and(|first| *first != id)
    }

    /// The request, its flow and the To tag of its responses.
    pub fn server(&self, id: ServerId) -> Option<(Arc<SipMessage>, Flow, String)> {
        self.servers.get(&id).map(|server| (Arc::clone(&server.request), server.flow, server.local_tag.clone()))
    }

    /// The INVITE that a CANCEL means (RFC 3261, 9.2), and whether it has its final response.
    pub fn cancelled_by(&self, cancel: &SipMessage) -> Option<(ServerId, bool)> {
        let by_call_id = || {
            let call_id = cancel.call_id()?;
            let same = |server: &Server| server.invite && server.request.call_id().as_ref() == Some(&call_id);
            self.servers.iter().find(|(_, server)| same(server)).map(|(id, _)| id)
        };
        let found = self.keys.get(&self.key_of(cancel, "INVITE")?);
        let id = *found.or_else(|| by_call_id().filter(|_| self.faults.has(Fault::CancelByCallId)))?;
        let server = self.servers.get(&id)?;
        Some((id, server.state != ServerState::Proceeding))
    }

    /// Sends a response.
    pub fn respond(&mut self, now: Moment, id: ServerId, response: &SipMessage, transport: &mut Transport) {
        let Some(server) = self.servers.get_mut(&id) else { return };
        let status = response.status().unwrap_or(500);
        let octets = response.octets();
        if !transport.is_open(&server.flow) {
            // RFC 3261, 18.2.2: a response whose connection is gone goes to the sender's address over a new one.
            server.flow = transport.open(server.flow.remote);
        }
        if server.flow.reliable() && !server.flow.secured && self.faults.has(Fault::ResponseOnNewConnection) {
            let port = server.request.vias().first().and_then(|via| via.port).unwrap_or(5060);
            server.flow = transport.open(std::net::SocketAddr::new(server.flow.remote.ip(), port));
        }
        transport.send(&server.flow, octets.clone());
        server.last = Some(octets);
        if status < 200 {
            return;
        }
        let reliable = server.flow.reliable();
        server.end = Some(now + self.timers.give_up());
        if !server.invite {
            server.state = ServerState::Completed;
            if reliable || self.faults.has(Fault::ByeAgainUnknown) {
                server.end = Some(now);
            }
        } else if status < 300 {
            server.state = ServerState::Accepted;
        } else {
            server.state = ServerState::Completed;
            let once = self.faults.has(Fault::RefusalSentOnce);
            if (!reliable && !once) || (reliable && self.faults.has(Fault::RefusalAgainOverTcp)) {
                server.retransmit = Some((now + self.timers.t1, self.timers.t1));
            }
        }
        Self::note(&mut self.deadlines, id, server);
    }

    /// Takes an ACK to a response from 300 upwards; `false` when it belongs to no such transaction.
    pub fn acknowledge(&mut self, now: Moment, ack: &SipMessage) -> bool {
        let Some(id) = self.key_of(ack, "INVITE").and_then(|key| self.keys.get(&key).copied()) else { return false };
        let Some(server) = self.servers.get_mut(&id) else { return false };
        match server.state {
            ServerState::Completed if self.faults.has(Fault::RefusalAckOverlooked) => true,
            ServerState::Completed => {
                server.state = ServerState::Confirmed;
                server.retransmit = None;
                let linger = if server.flow.reliable() { Duration::ZERO } else { self.timers.t4 };
                server.end = Some(now + linger);
                Self::note(&mut self.deadlines, id, server);
                true
            }
            ServerState::Confirmed => true,
            ServerState::Proceeding | ServerState::Accepted => false,
        }
    }

    /// Sends a request of ours.
    pub fn request(
        &mut self,
        now: Moment,
        branch: String,
        request: &SipMessage,
        flow: Flow,
        purpose: P,
        transport: &mut Transport,
    ) {
        let id = ClientId(self.counter);
        self.counter += 1;
        let octets = request.octets();
        transport.send(&flow, octets.clone());
        let repeats = !flow.reliable() && !self.faults.has(Fault::NotifySentOnce);
        let retransmit = repeats.then(|| (now + self.timers.t1, self.timers.t1));
        let client = Client {
            branch: branch.clone(),
            method: request.method().unwrap_or_default().to_owned(),
            flow,
            octets,
            purpose,
            retransmit,
            proceeding: false,
            end: now + self.timers.give_up(),
        };
        let next = client.retransmit.map_or(client.end, |(when, _)| when.min(client.end));
        self.deadlines.insert((next, Who::Client(id)));
        self.branches.insert(branch, id);
        self.clients.insert(id, client);
    }

    /// Takes a response; gives the purpose of the request that it ends.
    pub fn response(&mut self, response: &SipMessage) -> Option<P> {
        let branch = response.vias().first()?.branch()?.to_owned();
        let id = *self.branches.get(&branch)?;
        let client = self.clients.get_mut(&id)?;
        if response.cseq()?.method != client.method {
            return None;
        }
        if response.status()? < 200 {
            client.proceeding = true;
            return None;
        }
        self.forget_client(id).map(|client| client.purpose)
    }

    /// A stream came to nothing: the requests on it failed as if nobody had answered.
    pub fn stream_failed(&mut self, flow_stream: crate::port::Connection) -> Vec<P> {
        let lost: Vec<ClientId> = self
            .clients
            .iter()
            .filter(|(_, client)| client.flow.stream == Some(flow_stream))
            .map(|(id, _)| *id)
            .collect();
        lost.into_iter().filter_map(|id| self.forget_client(id)).map(|client| client.purpose).collect()
    }

    /// Lets due timers fire; gives the purposes of requests that nobody answered.
    pub fn handle_timeout(&mut self, now: Moment, transport: &mut Transport) -> Vec<P> {
        let mut unanswered = Vec::new();
        while let Some((when, who)) = self.deadlines.first().copied() {
            if when > now {
                break;
            }
            self.deadlines.pop_first();
            match who {
                Who::Server(id) => self.server_timeout(now, id, transport),
                Who::Client(id) => {
                    if let Some(purpose) = self.client_timeout(now, id, transport) {
                        unanswered.push(purpose);
                    }
                }
            }
        }
        unanswered
    }

    fn server_timeout(&mut self, now: Moment, id: ServerId, transport: &mut Transport) {
        let Some(server) = self.servers.get_mut(&id) else { return };
        if server.end.is_some_and(|end| end <= now) {
            let (key, origin) = (server.key.clone(), server.origin.clone());
            self.servers.remove(&id);
            self.keys.remove(&key);
            if self.origins.get(&origin) == Some(&id) {
                self.origins.remove(&origin);
            }
            return;
        }
        if let Some((when, interval)) = server.retransmit
            && when <= now
        {
            if let Some(octets) = server.last.clone() {
                transport.send(&server.flow, octets);
            }
            let interval = (interval * 2).min(self.timers.t2);
            server.retransmit = Some((now + interval, interval));
        }
        Self::note(&mut self.deadlines, id, server);
    }

    fn client_timeout(&mut self, now: Moment, id: ClientId, transport: &mut Transport) -> Option<P> {
        let client = self.clients.get_mut(&id)?;
        if client.end <= now {
            return self.forget_client(id).map(|client| client.purpose);
        }
        if let Some((when, interval)) = client.retransmit
            && when <= now
        {
            transport.send(&client.flow, client.octets.clone());
            let interval = if client.proceeding { self.timers.t2 } else { (interval * 2).min(self.timers.t2) };
            client.retransmit = Some((now + interval, interval));
        }
        let next = client.retransmit.map_or(client.end, |(when, _)| when.min(client.end));
        self.deadlines.insert((next, Who::Client(id)));
        None
    }

    fn forget_client(&mut self, id: ClientId) -> Option<Client<P>> {
        let client = self.clients.remove(&id)?;
        self.branches.remove(&client.branch);
        Some(client)
    }

    fn note(deadlines: &mut BTreeSet<(Moment, Who)>, id: ServerId, server: &Server) {
        let next = match (server.retransmit, server.end) {
            (Some((when, _)), Some(end)) => Some(when.min(end)),
            (Some((when, _)), None) => Some(when),
            (None, end) => end,
        };
        if let Some(next) = next {
            deadlines.insert((next, Who::Server(id)));
        }
    }
}

/// What requests of one transaction share (RFC 3261, 17.2.3): the topmost branch and sent-by, or for a sender of before
/// RFC 3261 the headers themselves.
fn server_key(request: &SipMessage, method: &str, branch_alone: bool) -> Option<String> {
    let top = request.values("Via").into_iter().next()?;
    let vias = request.vias();
    let via = vias.first()?;
    match via.branch().filter(|branch| branch.to_ascii_lowercase().starts_with("z9hg4bk")) {
        Some(branch) if branch_alone => Some(format!("{}|{method}", branch.to_ascii_lowercase())),
        Some(branch) => {
            let port = via.port.map(|port| port.to_string()).unwrap_or_default();
            Some(format!("{}|{}:{port}|{method}", branch.to_ascii_lowercase(), via.host.to_ascii_lowercase()))
        }
        None => Some(format!("{top}|{}|{method}", origin(request))),
    }
}

/// From tag, Call-ID and CSeq: one request, whatever way it came.
fn origin(request: &SipMessage) -> String {
    let tag = request.from().and_then(|from| from.tag().map(str::to_owned)).unwrap_or_default();
    let number = request.cseq().map(|cseq| cseq.number).unwrap_or_default();
    let method = request.cseq().map(|cseq| cseq.method).filter(|method| method != "ACK").unwrap_or_default();
    // CANCEL and ACK repeat the INVITE's number: without its method they would count as merged with it.
    let method = if method.is_empty() { "INVITE".to_owned() } else { method };
    format!("{tag}|{}|{number}|{method}", request.call_id().unwrap_or_default())
}
