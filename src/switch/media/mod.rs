//! The MSRP switch: connections, sessions, distribution, private messages, nicknames (RFC 7701, 6 and 7).
//!
//! | file | what it holds |
//! |---|---|
//! | `connection` | streams: framing, the write window, which sessions are bound to which stream |
//! | `session` | one MSRP session of one endpoint and its outgoing queue |
//! | `request` | which session a request is for, what makes it unreadable, responses |
//! | `transfer` | SEND: chunks of a message on their way through the switch |
//! | `coverage` | which octets of a message have come |
//! | `distribution` | who gets a message: the checks on the Message/CPIM wrapper, and the copies |
//! | `private` | who gets a private message |
//! | `comparison` | when two nicknames are the same |
//! | `nicknames` | the nickname table and NICKNAME |
//! | `reports` | REPORTs and responses, sent and received |
//! | `notices` | what the room itself says |
//! | `overload` | what faults let hostile input do |
//! | `congestion` | what happens to those who read too slowly |

mod comparison;
mod congestion;
mod connection;
mod coverage;
mod distribution;
mod misreading;
mod nicknames;
mod notices;
mod overload;
mod private;
mod reports;
mod request;
mod session;
mod syntax;
mod transfer;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use rand::Rng;
use rand_chacha::ChaCha12Rng;

use super::config::RoomPolicy;
use super::fault::{Fault, FaultSet};
use super::{Membership, PeerMedia, RoomId, SessionId, UserId};
use crate::port::{Connection, Input, Machine, Moment, Output, Protocol};
use crate::wire::msrp::FramerLimits;
use crate::wire::uri::{MsrpUri, SipUri, Uri};

use connection::Link;
use nicknames::Nicknames;
use session::{Binding, Session};

/// What the MSRP side tells the focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// A user's nickname changed (`None`: it was given up): the roster must tell.
    Nickname {
        /// The room.
        room: RoomId,
        /// The user.
        user: UserId,
        /// The nickname as the user wrote it.
        nickname: Option<String>,
    },
    /// A session is lost (connection closed, TLS failure, congestion): its dialog should end.
    Lost {
        /// The session.
        session: SessionId,
        /// The cause in words.
        reason: String,
    },
    /// A session has its connection: messages can flow.
    Bound {
        /// The session.
        session: SessionId,
    },
}

/// Where the switch listens, and its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaSettings {
    /// Host name or address in the switch's MSRP URIs.
    pub host: String,
    /// Port of MSRP over TCP.
    pub port: u16,
    /// Port of MSRP over TLS; the plain one when there is none.
    pub tls_port: Option<u16>,
    /// Host and port under which the rooms' SIP URIs are known; the first one signs what the room itself says.
    /// More can be added with [`Media::add_room_uri`].
    pub authorities: Vec<(String, Option<u16>)>,
    /// Octets that may wait for a session. At 80 percent the session counts as congested (RFC 7701, 6.4).
    pub queue_bound: usize,
    /// Octets written to a stream and not yet taken by the network, above which messages wait in their queues.
    pub window: usize,
    /// How long a session may stay congested before it is given up.
    pub congestion_patience: Duration,
    /// How long a response may take (RFC 4975, 7.1.1).
    pub transaction_timeout: Duration,
    /// Messages of one session that may be incomplete at a time.
    pub transfers_per_session: usize,
    /// Octets of a message that may come before its Message/CPIM headers are complete.
    pub wrapper_bound: usize,
    /// What the framing of a stream may take.
    pub framing: FramerLimits,
}

impl Default for MediaSettings {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 2855,
            tls_port: None,
            authorities: Vec::new(),
            queue_bound: 4 * 1024 * 1024,
            window: 64 * 1024,
            congestion_patience: Duration::from_secs(180),
            transaction_timeout: Duration::from_secs(30),
            transfers_per_session: 64,
            wrapper_bound: 16 * 1024,
            framing: FramerLimits::default(),
        }
    }
}

/// A room as the switch sees it.
struct Room {
    policy: RoomPolicy,
    uris: Vec<Uri>,
    nicknames: Nicknames,
}

/// The MSRP switch of all rooms, without sockets or clock.
pub struct Media {
    settings: MediaSettings,
    faults: FaultSet,
    rng: ChaCha12Rng,
    rooms: Vec<Room>,
    sessions: BTreeMap<SessionId, Session>,
    by_session_part: HashMap<String, SessionId>,
    links: BTreeMap<Connection, Link>,
    sessions_made: u64,
    connections_made: u64,
    outputs: VecDeque<Output>,
    events: VecDeque<MediaEvent>,
    log: VecDeque<String>,
    /// For [`Fault::OldPathKept`] only: the path that each participant had first.
    first_paths: BTreeMap<(RoomId, String), Vec<MsrpUri>>,
    /// For [`Fault::ReceiverReportsForwarded`] only: copy's Message-ID to sender and its Message-ID.
    origins: BTreeMap<String, (SessionId, String)>,
}

impl Media {
    /// A switch with these rooms; [`RoomId`]s are their places.
    pub fn new(rooms: Vec<RoomPolicy>, settings: MediaSettings, faults: FaultSet, rng: ChaCha12Rng) -> Self {
        let rooms = rooms
            .into_iter()
            .map(|policy| {
                let mut uris: Vec<Uri> = settings
                    .authorities
                    .iter()
                    .map(|(host, port)| Uri::Sip(SipUri::new(Some(&policy.name), host, *port)))
                    .collect();
                uris.extend(policy.aliases.iter().filter_map(|alias| Uri::parse(alias).ok()));
                let nicknames = Nicknames::new(&policy, faults);
                Room { policy, uris, nicknames }
            })
            .collect();
        Self {
            settings,
            faults,
            rng,
            rooms,
            sessions: BTreeMap::new(),
            by_session_part: HashMap::new(),
            links: BTreeMap::new(),
            sessions_made: 0,
            connections_made: 0,
            outputs: VecDeque::new(),
            events: VecDeque::new(),
            log: VecDeque::new(),
            first_paths: BTreeMap::new(),
            origins: BTreeMap::new(),
        }
    }

    /// A further URI by which a room is known, e.g. the one that an INVITE was sent to.
    pub fn add_room_uri(&mut self, room: RoomId, uri: Uri) {
        if let Some(room) = self.rooms.get_mut(room.0)
            && !room.uris.iter().any(|known| known.same_resource(&uri))
        {
            room.uris.push(uri);
        }
    }

    /// Where the switch listens. For ports known only after the start.
    pub fn settings_mut(&mut self) -> &mut MediaSettings {
        &mut self.settings
    }

    /// Starts a session: gives the URI that the focus puts into its SDP. The session part has 120 bits of randomness
    /// (RFC 4975, 14.1 asks for 80).
    pub fn allocate(&mut self, room: RoomId, secure: bool) -> (SessionId, MsrpUri) {
        self.sessions_made += 1;
        let id = SessionId(self.sessions_made);
        let part = match () {
            () if self.faults.has(Fault::SessionIdShort) => self.token(8),
            () if self.faults.has(Fault::SessionIdCounted) => format!("session{:013}", self.sessions_made),
            () => self.token(20),
        };
        let port = if secure { self.settings.tls_port.unwrap_or(self.settings.port) } else { self.settings.port };
        let named = self.policy(room).and_then(|policy| policy.msrp_host.clone()).filter(|_| !secure);
        let host = named.unwrap_or_else(|| self.settings.host.clone());
        let mut local = MsrpUri::new(secure, &host, port, &part);
        if self.faults.has(Fault::PathWithPassword) {
            local.userinfo = Some("switch:secret".to_owned());
        }
        self.by_session_part.insert(part, id);
        self.sessions.insert(id, Session::new(room, local.clone()));
        (id, local)
    }

    /// Tells who stands behind a session and what its SDP said, once offer and answer are both known. Connects if the
    /// switch is the active side.
    pub fn establish(&mut self, now: Moment, session: SessionId, who: Membership, peer: PeerMedia) {
        let peer = self.as_before(session, &who, peer);
        let Some(state) = self.sessions.get_mut(&session) else { return };
        let line = format!("{} enters by session {}", who.shown_as, session.0);
        let (room, user) = (who.room, who.user);
        state.who = Some(who);
        state.peer = Some(peer);
        if state.binding == Binding::Idle {
            state.binding = Binding::Waiting;
        }
        self.note(now, line);
        if let Some(room) = self.rooms.get_mut(room.0)
            && self.faults.has_when(Fault::NicknameAutoAssigned, || room.nicknames.shown(user).is_some())
        {
            room.nicknames.share_with_newcomer(user, session);
        }
        if self.faults.has(Fault::NicknameByDefault) {
            self.nickname_by_default(now, session);
        }
        self.connect_if_active(now, session);
        self.replay_early(now, session);
        self.welcome(now, session);
        self.pump_session(now, session);
    }

    /// For [`Fault::OldPathKept`]: who comes back is thought to be where it was, if no session of its is there any more.
    fn as_before(&mut self, session: SessionId, who: &Membership, mut peer: PeerMedia) -> PeerMedia {
        if self.faults.keeps_for(Fault::OldPathKept) {
            let there = self.sessions.iter().any(|(id, state)| {
                *id != session
                    && state.binding != Binding::Lost
                    && state.who.as_ref().is_some_and(|known| known.uris == who.uris)
            });
            let name = (who.room, format!("{:?}", who.uris));
            let path = self.first_paths.entry(name).or_insert_with(|| peer.path.clone());
            if !there && peer.path != *path && self.faults.has(Fault::OldPathKept) {
                peer.path.clone_from(path);
            }
        }
        peer
    }

    /// Takes what a later offer or answer of the endpoint says: capabilities may come and go (RFC 7701, 8), the path
    /// may change, a lost connection may be made anew.
    pub fn update(&mut self, now: Moment, session: SessionId, peer: PeerMedia) {
        let Some(state) = self.sessions.get_mut(&session) else { return };
        let before = state.peer.replace(peer);
        if self.faults.has(Fault::CapabilitiesNeverUpdated)
            && let (Some(before), Some(peer)) = (before.clone(), state.peer.as_mut())
        {
            peer.chatroom = before.chatroom;
        } else if self.faults.has(Fault::TypesNeverUpdated)
            && let (Some(before), Some(peer)) = (before.clone(), state.peer.as_mut())
        {
            peer.accept_wrapped_types = before.accept_wrapped_types;
        } else if self.faults.has(Fault::PathNeverUpdated)
            && let (Some(before), Some(peer)) = (before, state.peer.as_mut())
        {
            peer.path = before.path;
        }
        if state.binding == Binding::Lost {
            state.binding = Binding::Waiting;
        }
        self.note(now, format!("session {} renegotiated", session.0));
        self.connect_if_active(now, session);
        self.pump_session(now, session);
    }

    /// Takes a stream out of use: nothing is sent for it, and its requests meet no session, until [`Media::update`]
    /// describes it anew (RFC 3264, 8.2).
    pub fn suspend(&mut self, now: Moment, session: SessionId) {
        self.abort_transfers_of(now, session);
        self.unbind(session);
        self.note(now, format!("session {} suspended", session.0));
    }

    /// Ends a session: its nickname goes, its unfinished messages are aborted, its connection is closed if no other
    /// session uses it.
    pub fn release(&mut self, now: Moment, session: SessionId) {
        if !self.sessions.contains_key(&session) {
            return;
        }
        self.abort_transfers_of(now, session);
        self.release_nickname(now, session);
        if self.faults.has(Fault::LeaverStillServed) {
            return;
        }
        let shared = self.sessions.get(&session).map(|state| state.binding);
        self.unbind(session);
        if let Some(Binding::Bound(connection)) = shared
            && self.links.get(&connection).is_some_and(|link| !link.sessions.is_empty())
            && self.faults.has(Fault::SharedConnectionClosed)
        {
            self.abandon(now, connection, "a session ended");
        }
        if let Some(state) = self.sessions.remove(&session) {
            if let Some(part) = &state.local.session_id {
                self.by_session_part.remove(part);
            }
            self.note(now, format!("session {} ends", session.0));
        }
    }

    /// Ends all sessions of a room and forgets its nicknames (RFC 7701, 5.3).
    pub fn delete_room(&mut self, now: Moment, room: RoomId) {
        let sessions: Vec<SessionId> =
            self.sessions.iter().filter(|(_, session)| session.room == room).map(|(id, _)| *id).collect();
        for session in sessions {
            self.release(now, session);
        }
        if let Some(room) = self.rooms.get_mut(room.0) {
            room.nicknames.clear();
        }
    }

    /// Whether the session has its connection.
    pub fn is_bound(&self, session: SessionId) -> bool {
        self.sessions.get(&session).is_some_and(|session| matches!(session.binding, Binding::Bound(_)))
    }

    /// The nickname that the roster shows for a user, as the user wrote it.
    pub fn nickname_of(&self, room: RoomId, user: UserId) -> Option<&str> {
        self.rooms.get(room.0)?.nicknames.shown(user)
    }

    /// What the focus should know, oldest first.
    pub fn poll_event(&mut self) -> Option<MediaEvent> {
        self.events.pop_front()
    }

    /// What happened, a line an event, oldest first. The last thousands are kept.
    pub fn poll_log(&mut self) -> Option<String> {
        self.log.pop_front()
    }

    fn policy(&self, room: RoomId) -> Option<&RoomPolicy> {
        self.rooms.get(room.0).map(|room| &room.policy)
    }

    fn note(&mut self, now: Moment, line: String) {
        const KEPT: usize = 4096;
        if self.log.len() >= KEPT {
            self.log.pop_front();
        }
        self.log.push_back(format!("{:9.3} msrp {line}", now.as_secs_f64()));
    }

    /// Letters and digits with six bits of randomness each; the first one is alphanumeric, as `ident` wants.
    fn token(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
        let mut token = String::with_capacity(length);
        for place in 0..length {
            let mut value = (self.rng.next_u32() >> 26) as usize;
            while place == 0 && value >= 62 {
                value = (self.rng.next_u32() >> 26) as usize;
            }
            token.push(char::from(*ALPHABET.get(value).unwrap_or(&b'0')));
        }
        token
    }
}

/// A duration of the configuration; what is no duration counts as none.
fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

impl Machine for Media {
    fn handle_input(&mut self, now: Moment, input: Input) {
        match input {
            Input::Connected { connection, protocol: Protocol::Msrp, remote, secured, .. } => {
                self.connected(now, connection, remote, secured);
            }
            Input::ConnectFailed { connection, reason } => self.link_gone(now, connection, &reason),
            Input::Octets { connection, octets } => self.received(now, connection, &octets),
            Input::Taken { connection, count } => self.taken(now, connection, count),
            Input::Closed { connection } => self.link_gone(now, connection, "the connection was closed"),
            Input::Datagram { .. } | Input::Connected { .. } => {}
        }
    }

    fn handle_timeout(&mut self, now: Moment) {
        self.expire_transfers(now);
        self.expire_transactions(now);
        self.expire_congestion(now);
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn poll_timeout(&self) -> Option<Moment> {
        let patience = self.settings.congestion_patience;
        self.sessions.values().filter_map(|session| session.next_deadline(patience)).min()
    }
}
