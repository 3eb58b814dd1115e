//! Offer and answer (RFC 3264; RFC 4975, 8; RFC 6135; RFC 7701, 5.2 and 8) for the one stream that a room has.

use bytes::Bytes;

use super::respond::Refusal;
use crate::port::Security;
use crate::switch::PeerMedia;
use crate::switch::config::RoomPolicy;
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::sdp::{Media, SessionDescription, Setup};
use crate::wire::uri::MsrpUri;

/// The only wrapper that a chat room knows (RFC 7701, 5.2).
const WRAPPER: &str = "message/cpim";

/// Why an offer without that wrapper is refused.
const NO_WRAPPER: &str = "a=accept-types lacks message/cpim";

/// A description from the peer that the focus can go along with.
#[derive(Clone, Debug)]
pub(super) struct Acceptable {
    /// All media descriptions, in their order.
    pub media: Vec<Media>,
    /// The place of the one that is taken.
    pub taken: usize,
    /// Whether it is over TLS.
    pub secure: bool,
    /// What our answer says about who connects; `None`: nothing, which only a fault does.
    pub setup: Option<Setup>,
    /// What the MSRP side needs to know.
    pub peer: PeerMedia,
    /// The value of the t-line, which the answer repeats (RFC 3264, 6).
    time: Option<Bytes>,
    /// The value of the o-line, for [`Fault::OriginEchoed`].
    origin: Option<String>,
}

/// Our side of a session's description (RFC 3264, 8: the version counts up when the rest changes).
#[derive(Clone, Debug)]
pub(super) struct LocalDescription {
    id: u64,
    version: u64,
    body: Vec<u8>,
    /// The streams: each keeps its place as long as the session lives (RFC 3264, 8).
    streams: Vec<Media>,
    /// The place of the room's stream.
    taken: usize,
}

/// An offer that closes the room's stream.
pub(super) struct Closing {
    media: Vec<Media>,
    time: Option<Bytes>,
}

/// What a description of ours is made of.
pub(super) struct Ours<'a> {
    pub policy: &'a RoomPolicy,
    pub path: &'a MsrpUri,
    pub fingerprint: Option<&'a str>,
    pub faults: FaultSet,
}

/// What the focus judges a description of the peer by.
pub(super) struct Terms<'a> {
    pub policy: &'a RoomPolicy,
    pub tls_possible: bool,
    pub agent: &'a str,
    pub faults: FaultSet,
}

/// Which side of an exchange the peer's description is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is an offer.
    Offer,
    /// It answers an offer of ours.
    Answer,
}

/// Judges a description of the peer; refused with 488 and the reason in words.
pub(super) fn examine(body: &Bytes, role: Role, terms: &Terms) -> Result<Acceptable, Refusal> {
    let description = SessionDescription::parse(body.clone()).tree;
    if let Some(why) = unreadable(&description, terms.faults) {
        return Err(Refusal::new(488).because(terms.agent, why));
    }
    let mut media = description.media();
    let session = || description.lines.iter().take_while(|line| line.kind != b'm');
    let is_of_session =
        |direction: &String| session().any(|line| String::from_utf8_lossy(&line.value) == direction.as_str());
    let overlooked = || media.iter().filter_map(|media| media.direction.as_ref()).any(is_of_session);
    if terms.faults.has_when(Fault::SessionDirectionOverlooked, overlooked) {
        for media in &mut media {
            media.direction = media.direction.take().filter(|direction| !is_of_session(direction));
        }
    }
    let time = time(&description);
    let origin = description.origin();
    let mut cause = "no m=message line over MSRP";
    for (taken, candidate) in media.iter().enumerate() {
        if !candidate.is_msrp() || (candidate.port == 0 && !terms.faults.has(Fault::ClosedStreamOpened)) {
            continue;
        }
        match usable(candidate, role, terms) {
            Ok((secure, setup, peer)) => {
                return Ok(Acceptable { media, taken, secure, setup, peer, time, origin });
            }
            Err(why) => cause = why,
        }
    }
    if terms.faults.has(Fault::EmptyOfferAccepted) && media.is_empty() {
        media.push(Media { port: 9, ..Media::default() });
        return Ok(Acceptable { media, taken: 0, secure: false, setup: None, peer: nobody(), time, origin });
    }
    if terms.faults.has(Fault::AudioAccepted) && !media.is_empty() && !media.iter().any(Media::is_msrp) {
        return Ok(Acceptable { media, taken: 0, secure: false, setup: None, peer: nobody(), time, origin });
    }
    let unusable = terms.faults.has(Fault::UnusableTypes403) && cause == NO_WRAPPER;
    Err(Refusal::new(if unusable { 403 } else { 488 }).because(terms.agent, cause))
}

/// Why a description cannot be read at all; what means nothing to a room is overlooked (RFC 8866, 5).
fn unreadable(description: &SessionDescription, faults: FaultSet) -> Option<&'static str> {
    let has = |test: &dyn Fn(u8, &[u8]) -> bool| description.lines.iter().any(|line| test(line.kind, &line.value));
    if has(&|kind, _| kind != 0 && !b"vosiuepcbtrzkam".contains(&kind)) && !faults.has(Fault::UnknownLineSkipped) {
        return Some("a line of a type that nobody knows");
    }
    if has(&|kind, value| kind == b'a' && value.starts_with(b"x-")) && faults.has(Fault::UnknownAttributeRefused) {
        return Some("an unknown attribute");
    }
    if has(&|kind, _| matches!(kind, b'e' | b'p')) && faults.has(Fault::ContactLinesRefused) {
        return Some("an unknown line");
    }
    if has(&|kind, value| kind == b'b' && value.starts_with(b"X-")) && faults.has(Fault::UnknownBandwidthRefused) {
        return Some("an unknown kind of bandwidth");
    }
    if has(&|kind, _| kind == b'k') && faults.has(Fault::KeyLineRefused) {
        return Some("an unknown line");
    }
    if has(&|kind, value| b"si".contains(&kind) && !value.is_ascii()) && faults.has(Fault::OtherScriptsRefused) {
        return Some("a character beyond ASCII");
    }
    if description.lines.iter().any(|line| line.line_end.len() == 1) && faults.has(Fault::BareLineFeedRefused) {
        return Some("a line without an end");
    }
    let session = description.lines.iter().take_while(|line| line.kind != b'm');
    let address = session.filter(|line| line.kind == b'c').map(|line| line.value.clone()).next();
    if address.is_none_or(|address| address.ends_with(b" 192.0.2.1")) && faults.has(Fault::SessionAddressFirst) {
        return Some("an address that cannot be reached");
    }
    None
}

/// The streams of an offer that closes the room's stream with port 0, and offers no other one (RFC 3264, 8.2).
pub(super) fn closing(body: &Bytes, before: &LocalDescription, faults: FaultSet) -> Option<Closing> {
    let description = SessionDescription::parse(body.clone()).tree;
    if unreadable(&description, faults).is_some() {
        return None;
    }
    let time = time(&description);
    let media = description.media();
    let ours = media.get(before.taken)?;
    if faults.has(Fault::ClosedStreamOpened) {
        return None;
    }
    if faults.has(Fault::StreamSwapUnnoticed) && !media.iter().any(Media::is_msrp) {
        return Some(Closing { media, time });
    }
    (ours.is_msrp() && ours.port == 0 && media.iter().all(|media| !media.is_msrp() || media.port == 0))
        .then_some(Closing { media, time })
}

/// The answer to such an offer.
pub(super) fn closed(ours: &Ours, offer: &Closing, before: &LocalDescription) -> LocalDescription {
    let lines = offer.media.iter().map(declined).collect();
    describe(ours, lines, before.taken, offer.time.as_ref(), Some(before), 0)
}

/// The value of the t-line.
fn time(description: &SessionDescription) -> Option<Bytes> {
    description.lines.iter().find(|line| line.kind == b't').map(|line| line.value.clone())
}

fn usable(media: &Media, role: Role, terms: &Terms) -> Result<(bool, Option<Setup>, PeerMedia), &'static str> {
    let secure = media.protocol.eq_ignore_ascii_case("TCP/TLS/MSRP");
    if secure && !terms.tls_possible {
        return Err("this switch has no TLS");
    }
    if terms.policy.force_tls && !secure && !terms.faults.has(Fault::PlainAcceptedInTlsRoom) {
        return Err("this room wants TCP/TLS/MSRP");
    }
    let Some(nearest) = media.path.first() else { return Err("no readable a=path") };
    let further = !nearest.params.0.is_empty() && terms.faults.has(Fault::PathParameterRefused);
    if further || (nearest.userinfo.is_some() && terms.faults.has(Fault::PathUserRefused)) {
        return Err("no readable a=path");
    }
    if nearest.secure != secure {
        return Err("the scheme of a=path does not fit the protocol");
    }
    let accept_types = media.accept_types.clone().ok_or("no a=accept-types")?;
    let accept_types = known_formats(accept_types, terms.faults);
    let by_letter = || accept_types.iter().any(|kind| kind == WRAPPER || kind == "*");
    let listed = Media::list_accepts(&accept_types, WRAPPER)
        && !terms.faults.has_when(Fault::CpimCaseSensitive, || !by_letter());
    if !listed && !terms.faults.has(Fault::OfferWithoutCpimAccepted) {
        return Err(NO_WRAPPER);
    }
    let known = |token: &String| ["nickname", "private-messages"].contains(&token.as_str());
    match &media.chatroom {
        None if terms.faults.has(Fault::UnawareRefused) => return Err("no a=chatroom"),
        Some(tokens) if !tokens.iter().all(known) && terms.faults.has(Fault::UnknownChatTokenRefused) => {
            return Err("an unknown chat token");
        }
        _ => {}
    }
    if let Some(why) = refused_by_fault(media, terms.faults) {
        return Err(why);
    }
    let (setup, active) = who_connects(media.setup, role, terms.faults);
    let connect = active.then(|| {
        if secure && terms.faults.has(Fault::CertificateUnchecked) {
            Security::Unproven { server_name: nearest.host.clone() }
        } else if secure {
            Security::Tls { server_name: nearest.host.clone(), fingerprint: media.fingerprint.clone() }
        } else {
            Security::Plain
        }
    });
    let direction = media.direction.as_deref().unwrap_or("sendrecv");
    let types_known = role == Role::Offer || !terms.faults.has(Fault::AnswerTypesIgnored);
    let mut path = media.path.clone();
    if let Some(first) = path.first_mut()
        && connect.is_some()
        && first.port != Some(media.port)
        && terms.faults.has(Fault::ConnectsByMediaLine)
    {
        first.port = Some(media.port);
    }
    let peer = PeerMedia {
        path,
        accept_types,
        accept_wrapped_types: media
            .accept_wrapped_types
            .clone()
            .filter(|_| types_known)
            .map(|types| known_formats(types, terms.faults)),
        max_size: media.max_size.filter(|_| !terms.faults.has(Fault::MaxSizeIgnored)),
        chatroom: media.chatroom.clone(),
        connect,
        fingerprint: media.fingerprint.clone(),
        receives: receives(direction, terms.faults),
    };
    Ok((secure, setup, peer))
}

/// Whether copies of messages go to who has this direction (RFC 4975, 8.9).
fn receives(direction: &str, faults: FaultSet) -> bool {
    let muted = ["sendonly", "inactive"].iter().any(|word| direction.eq_ignore_ascii_case(word));
    let deaf = direction.eq_ignore_ascii_case("recvonly") && faults.has(Fault::OneWayIsMute);
    (!muted || faults.has(Fault::HoldIgnored)) && !deaf
}

/// A list of formats; with [`Fault::FormatParametersCompared`], without those that have a parameter.
fn known_formats(types: Vec<String>, faults: FaultSet) -> Vec<String> {
    let known = |entry: &String| !entry.contains(';') || !faults.has(Fault::FormatParametersCompared);
    types.into_iter().filter(known).collect()
}

/// Why a stream is refused that nothing is wrong with.
fn refused_by_fault(media: &Media, faults: FaultSet) -> Option<&'static str> {
    let mirrors = |uri: &MsrpUri| {
        let host = uri.host.trim_matches(['[', ']']);
        uri.port == Some(media.port)
            && media.address.as_deref().is_none_or(|address| address.eq_ignore_ascii_case(host))
    };
    let has_connection = |value: &str| {
        let told = |(name, text): &(String, Option<String>)| name == "connection" && text.as_deref() == Some(value);
        media.attributes.iter().any(told)
    };
    if !media.path.iter().any(mirrors) && faults.has(Fault::MirrorDemanded) {
        return Some("the m-line and the c-line do not fit the path");
    }
    if media.setup.is_none() && faults.has(Fault::SetupDemanded) {
        return Some("no a=setup");
    }
    if media.setup == Some(Setup::Holdconn) && faults.has(Fault::HoldconnRefused) {
        return Some("nobody would connect");
    }
    if has_connection("existing") && faults.has(Fault::ConnectionAttributeObeyed) {
        return Some("there is no existing connection");
    }
    None
}

/// The peer of a stream that was not offered, for [`Fault::AudioAccepted`].
fn nobody() -> PeerMedia {
    PeerMedia {
        path: Vec::new(),
        accept_types: vec![WRAPPER.to_owned()],
        accept_wrapped_types: None,
        max_size: None,
        chatroom: None,
        connect: None,
        fingerprint: None,
        receives: false,
    }
}

/// What we say about `setup`, which each answer has (RFC 6135, 4.2.1), and whether we connect. Without COMEDIA the
/// offerer connects (RFC 4975, 5.4; RFC 6135, 5; interpretations T11 and T76); `holdconn` counts as nothing.
fn who_connects(theirs: Option<Setup>, role: Role, faults: FaultSet) -> (Option<Setup>, bool) {
    match (role, theirs) {
        (Role::Offer, None) if faults.has(Fault::SetupMirrored) => (None, false),
        (Role::Offer, Some(Setup::Holdconn)) if faults.has(Fault::HoldconnAnswered) => (theirs, false),
        (Role::Offer, Some(Setup::Active | Setup::Actpass)) => (Some(Setup::Passive), false),
        (Role::Offer, Some(Setup::Passive)) => (Some(Setup::Active), true),
        (Role::Offer, None | Some(Setup::Holdconn)) => (Some(Setup::Passive), false),
        (Role::Answer, Some(Setup::Active)) => (Some(Setup::Passive), false),
        (Role::Answer, _) => (Some(Setup::Active), true),
    }
}

/// The answer to an acceptable offer: every stream in its place, those we do not take with port 0 (RFC 3264, 6).
pub(super) fn answer(
    ours: &Ours,
    accepted: &Acceptable,
    before: Option<&LocalDescription>,
    id: u64,
) -> LocalDescription {
    let lines = accepted
        .media
        .iter()
        .enumerate()
        .filter(|(place, _)| *place == accepted.taken || !ours.faults.has(Fault::DeclinedStreamDropped))
        .map(|(place, theirs)| {
            if place != accepted.taken {
                let mut media = declined(theirs);
                if ours.faults.has(Fault::UnknownStreamAccepted) {
                    media.port = 49152;
                }
                media.chatroom = ours.faults.has(Fault::ChatroomUnderAudio).then(|| ours.policy.chat_tokens());
                let port = accepted.media.get(accepted.taken).map(|taken| taken.port);
                if ours.faults.has(Fault::StreamsByPort) && theirs.is_msrp() && Some(theirs.port) == port {
                    media = stream(ours, accepted.secure, accepted.setup, None);
                }
                return media;
            }
            let direction = match theirs.direction.as_deref().map(str::to_ascii_lowercase).as_deref() {
                Some(_) if ours.faults.has(Fault::DirectionUnanswered) => None,
                Some("sendonly") if ours.faults.has(Fault::HoldReturned) => Some("inactive".to_owned()),
                Some("sendonly") => Some("recvonly".to_owned()),
                Some("recvonly") => Some("sendonly".to_owned()),
                Some("inactive") => Some("inactive".to_owned()),
                _ => None,
            };
            let mut media = stream(ours, accepted.secure, accepted.setup, direction);
            if before.is_some() && ours.faults.has(Fault::PathGrows) {
                media.path.push(ours.path.clone());
            }
            if theirs.setup == Some(Setup::Actpass) && ours.faults.has(Fault::ActpassInVain) {
                media.port = 9;
                media.path.iter_mut().for_each(|uri| uri.port = Some(9));
            }
            let offered =
                |token: &String| accepted.peer.chatroom.as_ref().is_some_and(|offered| offered.contains(token));
            if let Some(tokens) = &mut media.chatroom
                && ours.faults.has_when(Fault::ChatroomNegotiated, || !tokens.iter().all(offered))
            {
                tokens.retain(offered);
            }
            if before.is_some() && ours.faults.has(Fault::ChatroomOnlyAtFirst) {
                media.chatroom = None;
            }
            media
        })
        .collect();
    let mut description = describe(ours, lines, accepted.taken, accepted.time.as_ref(), before, id);
    if let Some(origin) = accepted.origin.as_ref().filter(|_| ours.faults.has(Fault::OriginEchoed)) {
        description.echo(origin);
    }
    if !description.streams.iter().all(Media::is_msrp) && ours.faults.has(Fault::MixedOfferUnanswered) {
        description.body.clear();
    }
    description
}

/// Our offer: in a 200 to an INVITE without one (RFC 3261, 13.3.1.4), or again in a re-INVITE without one.
pub(super) fn offer(ours: &Ours, secure: bool, before: Option<&LocalDescription>, id: u64) -> LocalDescription {
    let passive = ours.faults.has(Fault::LateOfferPassive);
    let setup = if passive { Setup::Passive } else { Setup::Actpass };
    let mut media = stream(ours, secure, Some(setup), None);
    if ours.faults.has(Fault::LateOfferWithoutCpim) {
        media.accept_types = Some(vec!["text/plain".to_owned()]);
    }
    if ours.faults.has(Fault::OfferOneWay) {
        media.direction = Some("recvonly".to_owned());
    }
    // Every stream there ever was keeps its line (RFC 3264, 8).
    let taken = before.map_or(0, |before| before.taken);
    let mut lines: Vec<Media> = before.map(|before| before.streams.iter().map(declined).collect()).unwrap_or_default();
    match lines.get_mut(taken) {
        Some(line) if !ours.faults.has(Fault::ClosedLinesForgotten) => *line = media,
        _ => return describe(ours, vec![media], 0, None, before, id),
    }
    describe(ours, lines, taken, None, before, id)
}

impl LocalDescription {
    /// The body to send.
    pub fn octets(&self) -> Bytes {
        Bytes::copy_from_slice(&self.body)
    }

    /// Whether it has a stream for a chat, open or not.
    pub fn has_chat(&self) -> bool {
        self.streams.iter().any(Media::is_msrp)
    }

    /// Whether it has more streams than another one.
    pub fn outgrows(&self, other: &Self) -> bool {
        self.streams.len() > other.streams.len()
    }

    /// For [`Fault::AddedStreamDropped`]: the last stream is not there.
    pub fn drop_last(&mut self) {
        let mut description = SessionDescription::parse(self.octets()).tree;
        let last = description.lines.iter().rposition(|line| line.kind == b'm');
        description.lines.truncate(last.unwrap_or(description.lines.len()));
        self.body = description.octets().to_vec();
    }

    /// For [`Fault::OriginEchoed`].
    fn echo(&mut self, origin: &str) {
        let mut description = SessionDescription::parse(self.octets()).tree;
        for line in description.lines.iter_mut().filter(|line| line.kind == b'o') {
            line.value = Bytes::copy_from_slice(origin.as_bytes());
        }
        self.body = description.octets().to_vec();
    }
}

fn stream(ours: &Ours, secure: bool, setup: Option<Setup>, direction: Option<String>) -> Media {
    let mut accept_types = vec![WRAPPER.to_owned()];
    if ours.faults.has(Fault::AnswerTwoAcceptTypes) {
        accept_types.push("text/plain".to_owned());
    }
    let chatroom = if ours.faults.has(Fault::ChatroomMissing) {
        None
    } else {
        let all = vec!["nickname".to_owned(), "private-messages".to_owned()];
        let tokens = ours.policy.chat_tokens();
        Some(if tokens != all && ours.faults.has(Fault::ChatroomIgnoresPolicy) { all } else { tokens })
    };
    let mut wrapped_types = ours.policy.accept_wrapped_types.clone();
    if wrapped_types != ["*"] && ours.faults.has(Fault::WrappedTypesHidden) {
        wrapped_types = vec!["*".to_owned()];
    }
    if wrapped_types == ["*"] && ours.faults.has(Fault::WrappedTypesRepeated) {
        wrapped_types.push(WRAPPER.to_owned());
    }
    let secure = secure && !ours.faults.has(Fault::TlsAnsweredPlain);
    let protocol = if secure { "TCP/TLS/MSRP" } else { "TCP/MSRP" };
    let lower = ours.faults.has(Fault::ProtocolInLowerCase);
    let connection = ("connection".to_owned(), Some("new".to_owned()));
    let connection = ours.faults.has(Fault::ConnectionAttributeSent).then_some(connection);
    Media {
        media: "message".to_owned(),
        port: ours.path.port.unwrap_or(2855),
        protocol: if lower { protocol.to_lowercase() } else { protocol.to_owned() },
        formats: "*".to_owned(),
        path: vec![ours.path.clone()],
        accept_types: Some(accept_types),
        accept_wrapped_types: Some(wrapped_types).filter(|types| !types.is_empty()),
        max_size: ours.policy.max_size,
        chatroom,
        setup,
        fingerprint: ours
            .fingerprint
            .filter(|_| secure && !ours.faults.has(Fault::FingerprintUnstated))
            .map(str::to_owned),
        direction,
        attributes: connection.into_iter().collect(),
        ..Media::default()
    }
}

fn declined(theirs: &Media) -> Media {
    Media {
        media: theirs.media.clone(),
        port: 0,
        protocol: theirs.protocol.clone(),
        formats: theirs.formats.clone(),
        ..Media::default()
    }
}

fn describe(
    ours: &Ours,
    lines: Vec<Media>,
    taken: usize,
    time: Option<&Bytes>,
    before: Option<&LocalDescription>,
    id: u64,
) -> LocalDescription {
    let write = |id: u64, version: u64| {
        let mut description = SessionDescription::new("-", id, version, ours.path.host.trim_matches(['[', ']']));
        for media in &lines {
            description.push_media(media);
        }
        if let Some(time) = time.filter(|time| time.as_ref() != b"0 0" && !ours.faults.has(Fault::TimeNotRepeated)) {
            for line in description.lines.iter_mut().filter(|line| line.kind == b't') {
                line.value = time.clone();
            }
        }
        crate::switch::slips::description(ours.faults, time.is_none(), &mut description);
        description.octets().to_vec()
    };
    let id = if ours.faults.has(Fault::OriginShared) { 1 } else { id };
    let unchanged = |before: &&LocalDescription| {
        write(before.id, before.version) == before.body && !ours.faults.has(Fault::OriginAlwaysNew)
    };
    let (id, version) = match before {
        None => (id, 1),
        Some(before) if unchanged(&before) => return before.clone(),
        Some(before) if ours.faults.has(Fault::SdpVersionStandsStill) => (before.id, before.version),
        Some(before) if ours.faults.has(Fault::SdpVersionLeaps) => (before.id, before.version + 10),
        Some(before) if ours.faults.has(Fault::SdpIdRenewed) => (before.id + 1, before.version + 1),
        Some(before) => (before.id, before.version + 1),
    };
    LocalDescription { id, version, body: write(id, version), streams: lines, taken }
}
