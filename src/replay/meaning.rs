//! What messages mean, apart from identifiers and addresses: the terms in which two switches are compared.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;

use crate::wire::conference_info::ConferenceInfo;
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::{Flag, MsrpMessage};
use crate::wire::uri::SipUri;

/// Most octets kept of unfinished messages of one side: what exceeds it is not compared.
const UNFINISHED: usize = 64 * 1024 * 1024;

/// How a recording or a live room names the room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names<'a> {
    /// The user part of its URI.
    pub(super) room: Option<&'a str>,
}

impl Names<'_> {
    /// A URI by whom it names: the room, whatever its host, or a user.
    pub(super) fn plain(&self, uri: &str) -> String {
        match SipUri::parse(uri) {
            Ok(uri) if uri.user.as_deref() == self.room => "the room".to_owned(),
            Ok(uri) => format!("{}@{}", uri.user.unwrap_or_default(), uri.host).to_ascii_lowercase(),
            Err(_) => uri.to_owned(),
        }
    }
}

/// What a message says, to whom and from whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) media_type: String,
    pub(super) words: Bytes,
}

impl Content {
    fn of(body: Bytes, media_type: &str, names: &Names<'_>) -> Self {
        if media_type != "message/cpim" {
            return Self { from: String::new(), to: Vec::new(), media_type: media_type.to_owned(), words: body };
        }
        let cpim = CpimMessage::parse(body).tree;
        let plain = |addresses: Vec<crate::wire::cpim::Address>| addresses.into_iter().map(|one| names.plain(&one.uri));
        Self {
            from: plain(cpim.froms()).next().unwrap_or_default(),
            to: plain(cpim.tos()).collect(),
            media_type: cpim.content_media_type().unwrap_or_default(),
            words: cpim.content,
        }
    }

    /// Whether both say the same, from whomever.
    pub(super) fn same_words(&self, other: &Self) -> bool {
        self.words == other.words && self.media_type == other.media_type
    }

    /// The beginning of what it says, for people.
    pub(super) fn brief(&self) -> String {
        const LETTERS: usize = 40;
        if !self.media_type.starts_with("text/") {
            return format!("a message of the type {}", self.media_type);
        }
        let text = String::from_utf8_lossy(&self.words);
        let mut brief: String = text.chars().take(LETTERS).collect();
        if brief.len() < text.len() {
            brief.push_str("...");
        }
        format!("\"{}\"", brief.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"))
    }
}

/// Puts chunks together.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    open: HashMap<(usize, String), BTreeMap<u64, Bytes>>,
    held: usize,
}

impl Assembly {
    /// Takes a SEND; gives the content when its message is complete. One without body says nothing.
    pub(super) fn take(&mut self, call: usize, message: &MsrpMessage, names: &Names<'_>) -> Option<Content> {
        let body = message.body.clone().filter(|_| message.method() == Some("SEND"))?;
        let key = (call, message.message_id()?);
        let start = message.byte_range().map_or(1, |range| range.start);
        if self.held.saturating_add(body.len()) > UNFINISHED {
            return None;
        }
        self.held += body.len();
        if let Some(before) = self.open.entry(key.clone()).or_default().insert(start, body) {
            self.held = self.held.saturating_sub(before.len());
        }
        if message.flag == Flag::More {
            return None;
        }
        let pieces = self.open.remove(&key)?;
        self.held = self.held.saturating_sub(pieces.values().map(Bytes::len).sum());
        let whole: Vec<u8> = pieces.values().flat_map(|piece| piece.iter().copied()).collect();
        let complete = message.flag == Flag::Complete && !whole.is_empty();
        complete.then(|| Content::of(whole.into(), &message.media_type().unwrap_or_default(), names))
    }
}

/// Who is in a room, with nicknames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Roster(pub(super) BTreeMap<String, Option<String>>);

impl Roster {
    /// The roster after a NOTIFY with this body, if it tells one.
    pub(super) fn after(state: &mut ConferenceInfo, body: &[u8], names: &Names<'_>) -> Option<Self> {
        let document = ConferenceInfo::parse(body).ok()?.tree;
        if !state.apply(&document) {
            return None;
        }
        let one = |user: &crate::wire::conference_info::User| {
            (names.plain(&user.entity), user.nickname.as_ref().map(|(nickname, _)| nickname.clone()))
        };
        Some(Self(state.users.iter().map(one).collect()))
    }

    /// In which entries two rosters differ: who, and both nicknames, the outer option being presence.
    pub(super) fn differences<'a>(&'a self, other: &'a Self) -> Vec<(&'a str, Entry<'a>, Entry<'a>)> {
        let all: std::collections::BTreeSet<&String> = self.0.keys().chain(other.0.keys()).collect();
        let pairs = all.into_iter().map(|who| (who.as_str(), self.0.get(who), other.0.get(who)));
        pairs.filter(|(_, recorded, live)| recorded != live).collect()
    }
}

/// An entry of a roster: `None` for who is not in it.
pub(super) type Entry<'a> = Option<&'a Option<String>>;
