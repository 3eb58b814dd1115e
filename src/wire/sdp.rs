//! SDP (RFC 8866) as lossless lines, and the view of an MSRP media description (RFC 4975, 8; RFC 6135; RFC 7701, 8).

use bytes::Bytes;

use super::Parsed;
use super::uri::MsrpUri;

/// A violation that a session description alone can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SdpDefect {
    /// A line that is not `<letter>=<value>`.
    MalformedLine,
    /// A line not ended by CRLF.
    BareLineEnd,
    /// A mandatory line is missing (`v`, `o`, `s`, `t`).
    MissingLine(char),
    /// Lines out of the order of RFC 8866, 9.
    LineOrder,
    /// An m-line that cannot be read.
    MalformedMedia,
    /// A path that cannot be read.
    MalformedPath,
    /// An MSRP m-line without path (RFC 4975, 8.2).
    MissingPath,
    /// An MSRP m-line without accept-types (RFC 4975, 8.6).
    MissingAcceptTypes,
    /// A malformed format list in accept-types or accept-wrapped-types.
    MalformedFormatList,
    /// Port of the m-line and of the path differ (RFC 4975, 8.1), other than active port 9 (T10).
    PortMismatch,
    /// The connection address is not the host of the path (RFC 4975, 8.1).
    AddressMismatch,
    /// The format list of the m-line is not `*`.
    FormatNotStar,
    /// A chat-token given twice (RFC 7701, 8).
    RepeatedChatToken,
    /// A `chatroom` attribute off its grammar: empty list, double spaces (T04).
    MalformedChatroom,
    /// `chatroom` at session level (RFC 7701, 8: media level).
    ChatroomAtSessionLevel,
    /// `max-size` that is not a number.
    MalformedMaxSize,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The letter before `=`; 0 for a line that has none.
    pub kind: u8,
    /// What follows `=` (or the whole malformed line).
    pub value: Bytes,
    /// What ended the line.
    pub line_end: Bytes,
}

/// A session description: its lines, nothing lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionDescription {
    /// All lines in order.
    pub lines: Vec<Line>,
}

/// The `setup` attribute (RFC 4145, RFC 6135).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Will connect.
    Active,
    /// Will listen.
    Passive,
    /// Either.
    Actpass,
    /// Not now.
    Holdconn,
}

/// An m-line and the attributes under it, as far as MSRP cares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    /// `message`, `audio`, ...
    pub media: String,
    /// Port; 0 rejects.
    pub port: u16,
    /// `TCP/MSRP`, `TCP/TLS/MSRP`, ...
    pub protocol: String,
    /// Format list as written.
    pub formats: String,
    /// The connection address that applies (media level, else session level): `IP4 127.0.0.1`'s address part.
    pub address: Option<String>,
    /// `a=path`, leftmost first; empty when missing or malformed.
    pub path: Vec<MsrpUri>,
    /// `a=accept-types`, each entry as written; `None` when the attribute is missing.
    pub accept_types: Option<Vec<String>>,
    /// `a=accept-wrapped-types`.
    pub accept_wrapped_types: Option<Vec<String>>,
    /// `a=max-size`.
    pub max_size: Option<u64>,
    /// `a=chatroom`: `None` when missing, `Some` with the tokens (maybe none) when there.
    pub chatroom: Option<Vec<String>>,
    /// `a=setup`.
    pub setup: Option<Setup>,
    /// `a=fingerprint` as written: `SHA-256 AA:BB:...`.
    pub fingerprint: Option<String>,
    /// `sendrecv`, `sendonly`, `recvonly` or `inactive`, at whichever level applies.
    pub direction: Option<String>,
    /// `a=label`, other attributes: name and value in order, everything under this m-line.
    pub attributes: Vec<(String, Option<String>)>,
}

impl Media {
    /// Whether this is `m=message` over MSRP, plain or TLS.
    pub fn is_msrp(&self) -> bool {
        todo!()
    }

    /// Whether a media type is acceptable by `types` (accept-types or accept-wrapped-types): by name without case and
    /// parameters, by `type/*`, by `*`.
    pub fn list_accepts(types: &[String], media_type: &str) -> bool {
        let _ = (types, media_type);
        todo!()
    }
}

impl SessionDescription {
    /// Reads a description. Never fails: defects name what is wrong.
    pub fn parse(octets: Bytes) -> Parsed<Self, SdpDefect> {
        let _ = octets;
        todo!()
    }

    /// Starts a description: `v=`, `o=`, `s=-`, `c=`, `t=0 0`. `username` goes into the o-line.
    pub fn new(username: &str, session_id: u64, version: u64, address: &str) -> Self {
        let _ = (username, session_id, version, address);
        todo!()
    }

    /// Appends a line.
    pub fn push(&mut self, kind: char, value: impl Into<Bytes>) {
        let _ = (kind, value.into());
        todo!()
    }

    /// Appends an m-line with its attributes in the usual order (path, accept-types, accept-wrapped-types, max-size,
    /// setup, chatroom, fingerprint, direction, then the rest); `attributes` are written as they are.
    pub fn push_media(&mut self, media: &Media) {
        let _ = media;
        todo!()
    }

    /// The media descriptions, in order.
    pub fn media(&self) -> Vec<Media> {
        todo!()
    }

    /// The o-line's value.
    pub fn origin(&self) -> Option<String> {
        todo!()
    }

    /// The description, octet for octet.
    pub fn octets(&self) -> Bytes {
        todo!()
    }
}
