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

/// A description from the peer that the focus can go along with.
#[derive(Clone, Debug)]
pub(super) struct Acceptable {
    /// All media descriptions, in their order.
    pub media: Vec<Media>,
    /// The place of the one that is taken.
    pub taken: usize,
    /// Whether it is over TLS.
    pub secure: bool,
    /// What our answer says about who connects; `None`: nothing, as the offer (RFC 6135, 5).
    pub setup: Option<Setup>,
    /// What the MSRP side needs to know.
    pub peer: PeerMedia,
}

/// Our side of a session's description (RFC 3264, 8: the version counts up when the rest changes).
#[derive(Clone, Debug)]
pub(super) struct LocalDescription {
    id: u64,
    version: u64,
    body: Vec<u8>,
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
    let media = description.media();
    let mut cause = "no m=message line over MSRP";
    for (taken, candidate) in media.iter().enumerate() {
        if !candidate.is_msrp() || candidate.port == 0 {
            continue;
        }
        match usable(candidate, role, terms) {
            Ok((secure, setup, peer)) => return Ok(Acceptable { media, taken, secure, setup, peer }),
            Err(why) => cause = why,
        }
    }
    if terms.faults.has(Fault::AudioAccepted) && !media.is_empty() && !media.iter().any(Media::is_msrp) {
        return Ok(Acceptable { media, taken: 0, secure: false, setup: None, peer: nobody() });
    }
    Err(Refusal::new(488).because(terms.agent, cause))
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
    let listed = if terms.faults.has(Fault::CpimCaseSensitive) {
        accept_types.iter().any(|kind| kind == WRAPPER || kind == "*")
    } else {
        Media::list_accepts(&accept_types, WRAPPER)
    };
    if !listed && !terms.faults.has(Fault::OfferWithoutCpimAccepted) {
        return Err("a=accept-types lacks message/cpim");
    }
    let known = |token: &String| ["nickname", "private-messages"].contains(&token.as_str());
    match &media.chatroom {
        None if terms.faults.has(Fault::UnawareRefused) => return Err("no a=chatroom"),
        Some(tokens) if terms.faults.has(Fault::UnknownChatTokenRefused) && !tokens.iter().all(known) => {
            return Err("an unknown chat token");
        }
        _ => {}
    }
    let (setup, active) = who_connects(media.setup, role);
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
    let peer = PeerMedia {
        path: media.path.clone(),
        accept_types,
        accept_wrapped_types: media.accept_wrapped_types.clone(),
        max_size: media.max_size,
        chatroom: media.chatroom.clone(),
        connect,
        fingerprint: media.fingerprint.clone(),
        receives: !direction.eq_ignore_ascii_case("sendonly") && !direction.eq_ignore_ascii_case("inactive"),
    };
    Ok((secure, setup, peer))
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

/// What we say about `setup`, and whether we connect. Without COMEDIA the offerer connects (RFC 4975, 5.4; RFC 6135, 5;
/// interpretations T11 and T76); `holdconn` counts as nothing (RFC 6135, 4.2.1).
fn who_connects(theirs: Option<Setup>, role: Role) -> (Option<Setup>, bool) {
    match (role, theirs) {
        (Role::Offer, Some(Setup::Active | Setup::Actpass)) => (Some(Setup::Passive), false),
        (Role::Offer, Some(Setup::Passive)) => (Some(Setup::Active), true),
        (Role::Offer, None | Some(Setup::Holdconn)) => (None, false),
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
                media.chatroom = ours.faults.has(Fault::ChatroomUnderAudio).then(|| ours.policy.chat_tokens());
                return media;
            }
            let direction = match theirs.direction.as_deref().map(str::to_ascii_lowercase).as_deref() {
                Some("sendonly") => Some("recvonly".to_owned()),
                Some("recvonly") => Some("sendonly".to_owned()),
                Some("inactive") => Some("inactive".to_owned()),
                _ => None,
            };
            let mut media = stream(ours, accepted.secure, accepted.setup, direction);
            if ours.faults.has(Fault::ChatroomNegotiated) {
                let offered = accepted.peer.chatroom.clone().unwrap_or_default();
                media.chatroom =
                    media.chatroom.map(|tokens| tokens.into_iter().filter(|token| offered.contains(token)).collect());
            }
            if ours.faults.has(Fault::ChatroomOnlyAtFirst) && before.is_some() {
                media.chatroom = None;
            }
            media
        })
        .collect();
    describe(ours, lines, before, id)
}

/// Our offer: in a 200 to an INVITE without one (RFC 3261, 13.3.1.4), or again in a re-INVITE without one.
pub(super) fn offer(ours: &Ours, secure: bool, before: Option<&LocalDescription>, id: u64) -> LocalDescription {
    let mut media = stream(ours, secure, Some(Setup::Actpass), None);
    if ours.faults.has(Fault::LateOfferWithoutCpim) {
        media.accept_types = Some(vec!["text/plain".to_owned()]);
    }
    describe(ours, vec![media], before, id)
}

impl LocalDescription {
    /// The body to send.
    pub fn octets(&self) -> Bytes {
        Bytes::copy_from_slice(&self.body)
    }
}

fn stream(ours: &Ours, secure: bool, setup: Option<Setup>, direction: Option<String>) -> Media {
    let mut accept_types = vec![WRAPPER.to_owned()];
    if ours.faults.has(Fault::AnswerTwoAcceptTypes) {
        accept_types.push("text/plain".to_owned());
    }
    let chatroom = if ours.faults.has(Fault::ChatroomMissing) {
        None
    } else if ours.faults.has(Fault::ChatroomIgnoresPolicy) {
        Some(vec!["nickname".to_owned(), "private-messages".to_owned()])
    } else {
        Some(ours.policy.chat_tokens())
    };
    let wrapped_types = if ours.faults.has(Fault::WrappedTypesHidden) {
        vec!["*".to_owned()]
    } else {
        ours.policy.accept_wrapped_types.clone()
    };
    let secure = secure && !ours.faults.has(Fault::TlsAnsweredPlain);
    Media {
        media: "message".to_owned(),
        port: ours.path.port.unwrap_or(2855),
        protocol: if secure { "TCP/TLS/MSRP" } else { "TCP/MSRP" }.to_owned(),
        formats: "*".to_owned(),
        path: vec![ours.path.clone()],
        accept_types: Some(accept_types),
        accept_wrapped_types: Some(wrapped_types).filter(|types| !types.is_empty()),
        max_size: ours.policy.max_size,
        chatroom,
        setup,
        fingerprint: ours.fingerprint.filter(|_| secure).map(str::to_owned),
        direction,
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

fn describe(ours: &Ours, lines: Vec<Media>, before: Option<&LocalDescription>, id: u64) -> LocalDescription {
    let write = |id: u64, version: u64| {
        let mut description = SessionDescription::new("-", id, version, ours.path.host.trim_matches(['[', ']']));
        for media in &lines {
            description.push_media(media);
        }
        description.octets().to_vec()
    };
    match before {
        None => LocalDescription { id, version: 1, body: write(id, 1) },
        Some(before) => {
            let same = write(before.id, before.version);
            if same == before.body {
                return before.clone();
            }
            let version = before.version + 1;
            LocalDescription { id: before.id, version, body: write(before.id, version) }
        }
    }
}
