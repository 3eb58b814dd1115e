//! Who in a capture is the implementation under test, and whose each message is.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use super::pieces::{Piece, What};
use crate::wire::msrp::MsrpMessage;
use crate::wire::sdp::SessionDescription;
use crate::wire::sip::{SipMessage, Start};
use crate::wire::uri::{MsrpUri, SipUri};

/// An address of the implementation under test, as its user says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// All its sockets.
    Host(IpAddr),
    /// One socket.
    Socket(SocketAddr),
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let socket = text.parse().map(Self::Socket);
        let host = || text.trim_start_matches('[').trim_end_matches(']').parse().map(Self::Host);
        socket
            .or_else(|_| host())
            .map_err(|_| "write an IP address, or one with a port, such as 192.0.2.1:5060".to_owned())
    }
}

impl Address {
    fn covers(&self, end: SocketAddr) -> bool {
        match self {
            Self::Host(host) => *host == end.ip(),
            Self::Socket(socket) => *socket == end,
        }
    }
}

/// What tells who the implementation under test is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The user.
    Told,
    /// `isfocus` in its Contact (RFC 4579, 5.2).
    Isfocus,
    /// It is invited to MSRP sessions, subscribed to for its conference state, or sends that.
    Invited,
    /// It is asked for nicknames.
    Nicknames,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Told => "as told",
            Self::Isfocus => "by isfocus in its Contact",
            Self::Invited => "by the direction of INVITE and SUBSCRIBE",
            Self::Nicknames => "by the direction of NICKNAME",
        })
    }
}

/// What is known of the implementation under test and its sessions.
#[derive(Debug, Default)]
pub(super) struct Roles {
    /// Its sockets, for SIP and for MSRP.
    pub(super) sockets: BTreeSet<SocketAddr>,
    told: Vec<Address>,
    /// Tags that it gave, with their Call-ID.
    tags: HashSet<(String, String)>,
    /// URIs of MSRP sessions: whether they are its own, and whose session it is.
    paths: Vec<(MsrpUri, bool, String)>,
    by_session: HashMap<Option<String>, Vec<usize>>,
}

/// Nobody can be told to be the implementation under test; with those who may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Undecided(pub(super) Vec<SocketAddr>);

/// A lane of which the messages are known.
pub(super) type Cut = Vec<Piece>;

/// Who the implementation under test is; none if nothing here is about a chat room.
pub(super) fn find(sip: &[Cut], msrp: &[Cut], told: &[Address]) -> Result<Option<(Roles, Basis)>, Undecided> {
    let all = || sip.iter().chain(msrp).flatten();
    if !told.is_empty() {
        let ends = all().flat_map(|piece| [piece.from, piece.to]);
        let sockets: BTreeSet<_> = ends.filter(|end| told.iter().any(|told| told.covers(*end))).collect();
        let roles = Roles { sockets, told: told.to_vec(), ..Roles::default() };
        return Ok((!roles.sockets.is_empty()).then_some((roles, Basis::Told)));
    }
    let messages = || {
        sip.iter().flatten().filter_map(|piece| match &piece.what {
            What::Sip(message, _) => Some((piece, &**message)),
            _ => None,
        })
    };
    let with = |sockets| Roles { sockets, ..Roles::default() };
    // Whoever passes a Contact on gets it first; the focus does not.
    let focus = || messages().filter(|(_, message)| is_focus(message));
    let passed: BTreeSet<_> = focus().map(|(piece, _)| piece.to).collect();
    let sockets: BTreeSet<_> = focus().map(|(piece, _)| piece.from).filter(|from| !passed.contains(from)).collect();
    if !sockets.is_empty() {
        return Ok(Some((with(sockets), Basis::Isfocus)));
    }
    let (mut asked, mut asking) = (BTreeSet::new(), BTreeSet::new());
    for (piece, message) in messages() {
        match message.method() {
            Some("INVITE") if is_initial(message) && !paths(message).is_empty() => {
                asked.insert(piece.to);
                asking.insert(piece.from);
            }
            Some("SUBSCRIBE") if is_conference(message) => {
                asked.insert(piece.to);
                asking.insert(piece.from);
            }
            Some("NOTIFY") if is_conference(message) => {
                asked.insert(piece.from);
                asking.insert(piece.to);
            }
            _ => {}
        }
    }
    let basis = if asked.is_empty() { Basis::Nicknames } else { Basis::Invited };
    if asked.is_empty() {
        for piece in msrp.iter().flatten() {
            if let What::Msrp(message, _) = &piece.what
                && message.method() == Some("NICKNAME")
            {
                asked.insert(piece.to);
                asking.insert(piece.from);
            }
        }
    }
    if asked.is_disjoint(&asking) && !asked.is_empty() {
        return Ok(Some((with(asked), basis)));
    }
    let candidates: BTreeSet<_> = match asked.is_empty() {
        true => all().flat_map(|piece| [piece.from, piece.to]).collect(),
        false => asked.union(&asking).copied().collect(),
    };
    if candidates.is_empty() { Ok(None) } else { Err(Undecided(candidates.into_iter().collect())) }
}

fn is_focus(message: &SipMessage) -> bool {
    message.contacts().iter().any(|contact| contact.params.has("isfocus"))
}

fn is_initial(message: &SipMessage) -> bool {
    message.to().is_none_or(|to| to.tag().is_none())
}

fn is_conference(message: &SipMessage) -> bool {
    let event = message.header("Event").unwrap_or_default();
    event.split(';').next().is_some_and(|package| package.trim().eq_ignore_ascii_case("conference"))
}

/// The MSRP paths of the session description in a message, each leftmost first.
fn paths(message: &SipMessage) -> Vec<Vec<MsrpUri>> {
    if message.media_type().as_deref() != Some("application/sdp") {
        return Vec::new();
    }
    let media = SessionDescription::parse(message.body.clone()).tree.media();
    media.into_iter().map(|media| media.path).filter(|path| !path.is_empty()).collect()
}

fn socket(uri: &MsrpUri) -> Option<SocketAddr> {
    let host: IpAddr = uri.host.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    Some(SocketAddr::new(host, uri.port.unwrap_or(2855)))
}

impl Roles {
    fn is_iut(&self, end: SocketAddr) -> bool {
        self.sockets.contains(&end) || self.told.iter().any(|told| told.covers(end))
    }

    /// Which end of a lane is the implementation under test, if one is and not both.
    fn end_of(&self, lane: &Cut) -> Option<SocketAddr> {
        let first = lane.first()?;
        match (self.is_iut(first.from), self.is_iut(first.to)) {
            (true, false) => Some(first.from),
            (false, true) => Some(first.to),
            _ => None,
        }
    }

    /// The end of a SIP lane that is the implementation under test, by its socket or, where it opened a connection from
    /// another one, by its dialogs.
    pub(super) fn sip_end(&self, lane: &Cut) -> Option<SocketAddr> {
        self.end_of(lane).or_else(|| {
            lane.iter().find_map(|piece| {
                let What::Sip(message, _) = &piece.what else { return None };
                let tagged = |tag: Option<&str>| {
                    let key = (message.call_id().unwrap_or_default(), tag.unwrap_or_default().to_owned());
                    !key.1.is_empty() && self.tags.contains(&key)
                };
                let (from, to) = (message.from()?, message.to()?);
                let request = matches!(message.start, Start::Request { .. });
                let (caller, callee) = if request { (piece.from, piece.to) } else { (piece.to, piece.from) };
                match (tagged(from.tag()), tagged(to.tag())) {
                    (true, false) => Some(caller),
                    (false, true) => Some(callee),
                    _ => None,
                }
            })
        })
    }

    /// Names the participant of each message of a SIP lane, and learns sessions and tags from them.
    pub(super) fn attribute_sip(&mut self, lane: &mut Cut, iut: SocketAddr) {
        for piece in lane {
            let What::Sip(message, _) = &piece.what else { continue };
            let (from, to) = (message.from(), message.to());
            let request = matches!(message.start, Start::Request { .. });
            let sent_by_iut = piece.from == iut;
            let (own, other) = if sent_by_iut == request { (from, to) } else { (to, from) };
            if let (Some(tag), Some(call_id)) = (own.as_ref().and_then(|own| own.tag()), message.call_id()) {
                self.tags.insert((call_id, tag.to_owned()));
            }
            let Some(name) = other.map(|other| name(&other.uri)) else { continue };
            for path in paths(message) {
                if let Some(last) = path.last() {
                    self.learn(last, sent_by_iut, &name);
                }
            }
            piece.participant = Some(name);
        }
    }

    fn learn(&mut self, uri: &MsrpUri, own: bool, name: &str) {
        if let Some(socket) = socket(uri).filter(|_| own) {
            self.sockets.insert(socket);
        }
        if self.known(uri).is_none() {
            self.by_session.entry(uri.session_id.clone()).or_default().push(self.paths.len());
            self.paths.push((uri.clone(), own, name.to_owned()));
        }
    }

    fn known(&self, uri: &MsrpUri) -> Option<(bool, &str)> {
        let among = self.by_session.get(&uri.session_id)?;
        let known = among.iter().filter_map(|index| self.paths.get(*index)).find(|(known, _, _)| known.equivalent(uri));
        known.map(|(_, own, name)| (*own, name.as_str()))
    }

    /// The end of an MSRP lane that is the implementation under test: by its socket, or by the URIs of its sessions where
    /// no relay is between.
    pub(super) fn msrp_end(&self, lane: &Cut) -> Option<SocketAddr> {
        self.end_of(lane).or_else(|| {
            lane.iter().find_map(|piece| {
                let What::Msrp(message, _) = &piece.what else { return None };
                let (to, from) = (message.to_path(), message.from_path());
                let ([to], [from]) = (to.as_slice(), from.as_slice()) else { return None };
                match (self.known(from), self.known(to)) {
                    (Some((true, _)), Some((false, _))) => Some(piece.from),
                    (Some((false, _)), Some((true, _))) => Some(piece.to),
                    _ => None,
                }
            })
        })
    }

    /// Names the participant of each message of an MSRP lane.
    pub(super) fn attribute_msrp(&self, lane: &mut Cut) {
        for piece in lane {
            if let What::Msrp(message, _) = &piece.what {
                piece.participant = self.session_of(message).map(str::to_owned);
            }
        }
    }

    fn session_of(&self, message: &MsrpMessage) -> Option<&str> {
        let (to, from) = (message.to_path(), message.from_path());
        let known = |uri: Option<&MsrpUri>| uri.and_then(|uri| self.known(uri)).map(|(_, name)| name);
        known(from.last()).or_else(|| known(to.last())).or_else(|| known(to.first())).or_else(|| known(from.first()))
    }
}

/// A participant's name: its address of record, without port and parameters.
fn name(uri: &str) -> String {
    match SipUri::parse(uri) {
        Ok(SipUri { secure, user, host, .. }) => {
            let scheme = if secure { "sips" } else { "sip" };
            let user = user.map(|user| format!("{user}@")).unwrap_or_default();
            format!("{scheme}:{user}{host}")
        }
        Err(_) => uri.chars().take(100).collect(),
    }
}
