//! Streams: framing, the write window, and which sessions are bound to which stream (RFC 4975, 5.4).

use std::collections::{BTreeSet, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::overload::Strain;
use super::session::{Binding, Pending, Piece, Session};
use super::{Media, MediaEvent};
use crate::port::{Connection, Moment, Output, Protocol, Security};
use crate::switch::SessionId;
use crate::switch::fault::Fault;
use crate::switch::slips;
use crate::wire::msrp::{ByteRange, Flag, Framer, MsrpMessage};
use crate::wire::uri::MsrpUri;

/// The port of MSRP where a URI has none (RFC 4975, 15.4).
const DEFAULT_PORT: u16 = 2855;

/// Most responses that may be outstanding on a session before its queue waits.
const MOST_PENDING: usize = 4096;

pub(super) struct Link {
    /// Connected, not only being connected.
    pub(super) ready: bool,
    pub(super) secured: bool,
    framer: Framer,
    /// When octets came last; for [`Fault::RequestMayNotPause`] only.
    heard: Moment,
    /// What faults of robustness count.
    pub(super) strain: Strain,
    /// Written and not yet taken by the network.
    unsent: usize,
    /// Bound sessions.
    pub(super) sessions: BTreeSet<SessionId>,
    /// Sessions with something to send, in turn.
    sending: VecDeque<SessionId>,
    /// The session whose message is unfinished on the stream; for [`Fault::OneMessageAtATime`] only.
    unfinished: Option<SessionId>,
    /// Host, port and scheme that the switch connected to, for other sessions to use.
    target: Option<(String, u16, bool)>,
}

impl Media {
    pub(super) fn connected(&mut self, now: Moment, connection: Connection, remote: SocketAddr, secured: bool) {
        let framing = self.settings.framing;
        let asked_for = self.links.contains_key(&connection);
        let link = self.links.entry(connection).or_insert_with(|| Link::new(Framer::new(framing)));
        link.ready = true;
        link.secured = secured;
        self.note(now, format!("{connection} with {remote}{}", if secured { " over TLS" } else { "" }));
        let waiting: Vec<SessionId> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.binding == Binding::Connecting(connection))
            .map(|(id, _)| *id)
            .collect();
        for session in waiting {
            self.open_session(now, session, connection);
        }
        if !asked_for {
            self.bind_the_waiting(now, connection);
        }
        if asked_for {
            self.close_if_unused(connection);
        }
    }

    /// For [`Fault::SpeaksBeforeBound`].
    fn bind_the_waiting(&mut self, now: Moment, connection: Connection) {
        if !self.faults.keeps_for(Fault::SpeaksBeforeBound) {
            return;
        }
        let mut waiting =
            self.sessions.iter().filter(|(_, state)| state.binding == Binding::Waiting && state.who.is_some());
        if let (Some((session, _)), None) = (waiting.next(), waiting.next())
            && self.faults.has(Fault::SpeaksBeforeBound)
        {
            let session = *session;
            self.bind(now, session, connection);
            self.pump_session(now, session);
        }
    }

    /// For [`Fault::LateOfferUnbound`].
    pub fn forget_uri(&mut self, session: SessionId) {
        if let Some(part) = self.sessions.get(&session).and_then(|state| state.local.session_id.as_ref()) {
            self.by_session_part.remove(part);
        }
    }

    /// For [`Fault::ConnectsAsPassive`] and [`Fault::LaterOfferConnects`].
    pub fn connect_uncalled(&mut self, session: SessionId) {
        let Some(path) = self.sessions.get(&session).and_then(|state| state.peer.as_ref()).map(|peer| &peer.path)
        else {
            return;
        };
        let Some(first) = path.first().filter(|first| !first.secure) else { return };
        let Some(to) = address_of(first, first.port.unwrap_or(DEFAULT_PORT)) else { return };
        let connection = Connection::opened(self.connections_made);
        self.connections_made += 1;
        self.links.insert(connection, Link::new(Framer::new(self.settings.framing)));
        self.outputs.push_back(Output::Connect { connection, protocol: Protocol::Msrp, to, security: Security::Plain });
    }

    /// For [`Fault::LostSessionElsewhere`]: the stream of another session of the same user.
    fn substitute(&self, session: SessionId) -> Option<Connection> {
        let uris = |state: &Session| state.who.as_ref().map(|who| who.uris.clone());
        let lost = uris(self.sessions.get(&session)?)?;
        self.sessions.values().find_map(|state| match state.binding {
            Binding::Bound(other) if self.links.contains_key(&other) && uris(state).as_ref() == Some(&lost) => {
                Some(other)
            }
            _ => None,
        })
    }

    /// Connects, or takes a stream to the same host, port and scheme that is there already.
    pub(super) fn connect_if_active(&mut self, now: Moment, session: SessionId) {
        let Some(state) = self.sessions.get(&session) else { return };
        if matches!(state.binding, Binding::Bound(_) | Binding::Connecting(_)) {
            return;
        }
        let Some(peer) = &state.peer else { return };
        let last = peer.path.len() > 1 && self.faults.has(Fault::ConnectsToLast);
        let next = if last { peer.path.last() } else { peer.path.first() };
        let (Some(security), Some(first)) = (peer.connect.clone(), next.cloned()) else {
            if self.faults.has(Fault::ConnectsAsPassive) {
                self.connect_uncalled(session);
            }
            return;
        };
        if self.faults.has(Fault::ActiveNeverConnects) {
            return;
        }
        let port = first.port.unwrap_or(DEFAULT_PORT);
        let target = (first.host.to_ascii_lowercase(), port, first.secure);
        // A fingerprint speaks of one endpoint only: such a stream is not shared.
        let pinned = matches!(&security, Security::Tls { fingerprint: Some(_), .. });
        let known = self
            .links
            .iter()
            .find(|(_, link)| !pinned && link.target.as_ref() == Some(&target))
            .filter(|_| !self.faults.has(Fault::ConnectionNotReused))
            .map(|(connection, link)| (*connection, link.ready));
        if let Some((connection, ready)) = known {
            if ready {
                self.open_session(now, session, connection);
            } else {
                self.set_binding(session, Binding::Connecting(connection));
            }
            return;
        }
        let Some(address) = address_of(&first, port) else {
            self.lose(now, session, &format!("{} is no address to connect to", first.host));
            return;
        };
        let connection = Connection::opened(self.connections_made);
        self.connections_made += 1;
        let mut link = Link::new(Framer::new(self.settings.framing));
        link.target = Some(target).filter(|_| !pinned);
        self.links.insert(connection, link);
        self.set_binding(session, Binding::Connecting(connection));
        self.outputs.push_back(Output::Connect { connection, protocol: Protocol::Msrp, to: address, security });
    }

    /// As the active side: binds and sends the first SEND at once (RFC 4975, 5.4).
    fn open_session(&mut self, now: Moment, session: SessionId, connection: Connection) {
        self.bind(now, session, connection);
        if self.faults.has(Fault::ActiveSaysNothing) {
            return;
        }
        let message_id: Arc<str> = self.token(16).into();
        let transaction = self.token(11);
        let Some(state) = self.sessions.get_mut(&session) else { return };
        let Some(peer) = &state.peer else { return };
        let request = MsrpMessage::request(&transaction, "SEND")
            .with("To-Path", join(&peer.path))
            .with("From-Path", state.local.to_string())
            .with("Message-ID", message_id.to_string())
            .with("Byte-Range", "1-0/0");
        let deadline = now + self.settings.transaction_timeout;
        state.pending.push_back(Pending { transaction, message_id, deadline });
        self.write(connection, request.octets());
        self.welcome(now, session);
        self.pump(now, connection);
    }

    /// Ties a session to a stream.
    pub(super) fn bind(&mut self, now: Moment, session: SessionId, connection: Connection) {
        let previous = self.sessions.get(&session).map(|state| state.binding);
        self.set_binding(session, Binding::Bound(connection));
        if let Some(link) = self.links.get_mut(&connection) {
            link.sessions.insert(session);
        }
        if let Some(Binding::Connecting(other)) = previous
            && other != connection
        {
            self.close_if_unused(other);
        }
        self.note(now, format!("session {} bound to {connection}", session.0));
        self.events.push_back(MediaEvent::Bound { session });
    }

    /// Unties a session from its stream, and closes the stream if that was its last one.
    pub(super) fn unbind(&mut self, session: SessionId) {
        let Some(state) = self.sessions.get_mut(&session) else { return };
        let binding = std::mem::replace(&mut state.binding, Binding::Lost);
        state.clear_queue();
        state.congested_since = None;
        if let Binding::Bound(connection) | Binding::Connecting(connection) = binding {
            if let Some(link) = self.links.get_mut(&connection) {
                link.sessions.remove(&session);
            }
            self.close_if_unused(connection);
        }
    }

    /// Gives a session up and tells the focus.
    pub(super) fn lose(&mut self, now: Moment, session: SessionId, reason: &str) {
        if self.sessions.get(&session).is_none_or(|state| state.binding == Binding::Lost) {
            return;
        }
        self.note(now, format!("session {} lost: {reason}", session.0));
        self.abort_transfers_of(now, session);
        self.unbind(session);
        self.events.push_back(MediaEvent::Lost { session, reason: reason.to_owned() });
    }

    pub(super) fn link_gone(&mut self, now: Moment, connection: Connection, reason: &str) {
        let Some(link) = self.links.remove(&connection) else { return };
        let in_a_request = !link.framer.pending().is_empty();
        let sessions: Vec<SessionId> = self
            .sessions
            .iter()
            .filter(
                |(_, session)| matches!(session.binding, Binding::Bound(c) | Binding::Connecting(c) if c == connection),
            )
            .map(|(id, _)| *id)
            .collect();
        self.note(now, format!("{connection} gone: {reason}"));
        if self.faults.has(Fault::BrokenConnectionEndsRoom)
            || (in_a_request && self.faults.has(Fault::HalfRequestEndsRoom))
        {
            self.end_rooms_of(now, &sessions, reason);
        }
        for session in sessions {
            if self.faults.has(Fault::LostSessionElsewhere)
                && let Some(other) = self.substitute(session)
            {
                self.bind(now, session, other);
                continue;
            }
            self.lose(now, session, reason);
        }
    }

    /// Closes a stream from our side; its sessions are lost.
    pub(super) fn abandon(&mut self, now: Moment, connection: Connection, reason: &str) {
        if self.links.contains_key(&connection) {
            self.outputs.push_back(Output::Close { connection });
            self.link_gone(now, connection, reason);
        }
    }

    fn close_if_unused(&mut self, connection: Connection) {
        let used = self
            .sessions
            .values()
            .any(|session| matches!(session.binding, Binding::Bound(c) | Binding::Connecting(c) if c == connection));
        if !used && self.links.remove(&connection).is_some() {
            self.outputs.push_back(Output::Close { connection });
        }
    }

    pub(super) fn received(&mut self, now: Moment, connection: Connection, octets: &[u8]) {
        let octets = self.misspelt(octets);
        let Some(link) = self.links.get_mut(&connection) else { return };
        let paused = now.saturating_sub(link.heard) > Duration::from_millis(250);
        if paused && self.faults.has(Fault::RequestMayNotPause) {
            link.framer = Framer::new(self.settings.framing);
        }
        link.heard = now;
        if link.strain.deaf {
            return;
        }
        link.framer.push(&octets);
        link.strain.segments += 1;
        self.take_messages(now, connection);
    }

    /// Serves what has come completely.
    fn take_messages(&mut self, now: Moment, connection: Connection) {
        let mut count = 0;
        while let Some(link) = self.links.get_mut(&connection) {
            match link.framer.next_message() {
                None => break,
                Some(Ok(framed)) => {
                    count += 1;
                    if self.faults.is_idle() || !self.succumbs(now, connection, &framed, count) {
                        self.message(now, connection, framed);
                    }
                    if let Some(link) = self.links.get_mut(&connection) {
                        link.strain.segments = 0;
                    }
                }
                Some(Err(error)) => {
                    let lines = memchr::memchr_iter(b'\n', link.framer.pending()).count();
                    if !self.faults.is_idle() && self.succumbs_to_excess(now, connection, &error, lines) {
                        return;
                    }
                    self.abandon(now, connection, &error.to_string());
                    break;
                }
            }
        }
    }

    pub(super) fn taken(&mut self, now: Moment, connection: Connection, count: usize) {
        if let Some(link) = self.links.get_mut(&connection) {
            link.unsent = link.unsent.saturating_sub(count);
        }
        self.pump(now, connection);
    }

    /// Writes at once: responses and REPORTs, which come before waiting messages (RFC 4975, 7.1.1).
    pub(super) fn write(&mut self, connection: Connection, octets: Bytes) {
        if let Some(link) = self.links.get_mut(&connection) {
            let octets = slips::msrp(self.faults, octets);
            link.unsent += octets.len();
            self.outputs.push_back(Output::Write { connection, octets });
        }
    }

    /// Whether a stream has taken so little for so much that even responses must not pile up any more.
    pub(super) fn is_clogged(&self, connection: Connection) -> bool {
        let most = self.settings.window + self.settings.queue_bound;
        self.links.get(&connection).is_some_and(|link| link.unsent > most)
    }

    /// Lets a bound session send what waits for it.
    pub(super) fn pump_session(&mut self, now: Moment, session: SessionId) {
        if let Some(Binding::Bound(connection)) = self.sessions.get(&session).map(|state| state.binding) {
            if let Some(link) = self.links.get_mut(&connection)
                && !link.sending.contains(&session)
            {
                link.sending.push_back(session);
            }
            self.pump(now, connection);
        }
    }

    /// Sends waiting pieces while the window has room, one piece of each session in turn.
    pub(super) fn pump(&mut self, now: Moment, connection: Connection) {
        let window = self.settings.window;
        let mut touched = BTreeSet::new();
        while let Some(link) = self.links.get_mut(&connection) {
            if !link.ready || link.unsent >= window {
                break;
            }
            let next = match link.unfinished {
                Some(only) if self.faults.has(Fault::OneMessageAtATime) => {
                    let place = link.sending.iter().position(|session| *session == only);
                    place.and_then(|place| link.sending.remove(place))
                }
                _ => link.sending.pop_front(),
            };
            let Some(session) = next else { break };
            let Some(state) = self.sessions.get_mut(&session) else { continue };
            if state.binding != Binding::Bound(connection) || state.pending.len() >= MOST_PENDING {
                continue;
            }
            let Some(piece) = state.pop() else { continue };
            self.send_piece(now, session, connection, &piece);
            touched.insert(session);
            if let Some(link) = self.links.get_mut(&connection) {
                link.sending.push_back(session);
            }
        }
        for session in touched {
            self.relieve(now, session);
        }
    }

    fn send_piece(&mut self, now: Moment, session: SessionId, connection: Connection, piece: &Piece) {
        let mut transaction = self.token(11);
        // The end-line must not stand in the body (RFC 4975, 7.1).
        while memchr::memmem::find(&piece.body, format!("-------{transaction}").as_bytes()).is_some() {
            transaction = self.token(11);
        }
        if let Some(link) = self.links.get_mut(&connection) {
            link.unfinished = (piece.flag == Flag::More).then_some(session);
        }
        let Some(state) = self.sessions.get_mut(&session) else { return };
        if self.faults.has(Fault::TransactionIdOfSession) {
            let part = state.local.session_id.as_deref().unwrap_or_default();
            transaction = part.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        }
        let Some(peer) = &state.peer else { return };
        let path = match peer.path.as_slice() {
            [first, _, ..] if self.faults.has(Fault::RelayPathCut) => std::slice::from_ref(first),
            [_, .., last] if self.faults.has(Fault::RelaysSkipped) => std::slice::from_ref(last),
            whole => whole,
        };
        let to_path = match join(path) {
            path if self.faults.has_when(Fault::SessionSignsLost, || path.contains(['~', '+', '='])) => {
                path.replace(['~', '+', '='], "")
            }
            path => path,
        };
        let length = piece.body.len() as u64;
        // An empty chunk has no last octet.
        let end = if length == 0 && piece.start > 1 { None } else { Some(piece.start + length - 1) };
        let range = ByteRange { start: piece.start, end, total: piece.total };
        let mut request = MsrpMessage::request(&transaction, "SEND")
            .with("To-Path", to_path)
            .with("From-Path", state.local.to_string())
            .with("Message-ID", piece.message_id.to_string())
            .with("Byte-Range", range.to_string());
        if piece.content.success_report {
            request = request.with("Success-Report", "yes");
        }
        for (name, value) in &piece.content.others {
            request = request.with(name, value.clone());
        }
        request = request.with("Content-Type", piece.content.content_type.clone()).flagged(piece.flag);
        request.body = Some(piece.body.clone());
        let deadline = now + self.settings.transaction_timeout;
        state.pending.push_back(Pending { transaction, message_id: piece.message_id.clone(), deadline });
        self.write(connection, request.octets());
    }

    fn set_binding(&mut self, session: SessionId, binding: Binding) {
        if let Some(state) = self.sessions.get_mut(&session) {
            state.binding = binding;
        }
    }
}

impl Link {
    fn new(framer: Framer) -> Self {
        Self {
            ready: false,
            secured: false,
            framer,
            heard: Moment::ZERO,
            strain: Strain::default(),
            unsent: 0,
            sessions: BTreeSet::new(),
            sending: VecDeque::new(),
            unfinished: None,
            target: None,
        }
    }
}

/// A path as To-Path wants it.
pub(super) fn join(path: &[MsrpUri]) -> String {
    path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// The address of a URI with an address literal; names would need a resolver, but for the one name that means us.
fn address_of(uri: &MsrpUri, port: u16) -> Option<SocketAddr> {
    let host = uri.host.trim_start_matches('[').trim_end_matches(']');
    if host.eq_ignore_ascii_case("localhost") {
        return Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    host.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, port))
}
