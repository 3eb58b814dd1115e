//! SDP (RFC 8866) as lossless lines, and the view of an MSRP media description (RFC 4975, 8; RFC 6135; RFC 7701, 8).

use std::borrow::Cow;

use bytes::{BufMut, Bytes, BytesMut};

use super::Parsed;
use super::uri::MsrpUri;

mod check;
mod grammar;
mod media;
#[cfg(test)]
mod tests;

/// A violation that a session description alone can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SdpDefect {
    /// A line that is not `<letter>=<value>`, or whose value is empty.
    MalformedLine,
    /// A type letter that RFC 8866, 9 does not know.
    UnknownLine(char),
    /// NUL or a lone CR within a value (RFC 8866, 9: byte-string).
    ForbiddenOctet,
    /// A line not ended by CRLF.
    BareLineEnd,
    /// A mandatory line is missing (`v`, `o`, `s`, `t`; `c` when an accepted media has none at either level).
    MissingLine(char),
    /// Lines out of the order of RFC 8866, 9.
    LineOrder,
    /// A line that may stand once in its section stands there again.
    RepeatedLine(char),
    /// An o-line without its six fields (RFC 8866, 5.2).
    MalformedOrigin,
    /// A c-line without its three fields (RFC 8866, 5.7).
    MalformedConnection,
    /// A t-line without its two numbers (RFC 8866, 5.9).
    MalformedTime,
    /// An m-line that cannot be read.
    MalformedMedia,
    /// A path that cannot be read.
    MalformedPath,
    /// A URI of the path has no explicit port (RFC 4975, 8.2).
    PathWithoutPort,
    /// An MSRP m-line without path (RFC 4975, 8.2).
    MissingPath,
    /// An MSRP m-line without accept-types (RFC 4975, 8.6).
    MissingAcceptTypes,
    /// A malformed format list in accept-types or accept-wrapped-types.
    MalformedFormatList,
    /// Blanks before the first entry of a format list, which interpretation T72 tolerates; the list is read without them.
    PaddedFormatList,
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
    /// A `setup` that RFC 4145, 4 does not know.
    MalformedSetup,
    /// An attribute of MSRP twice under one m-line; the first is the one that is read.
    RepeatedAttribute,
    /// An attribute of MSRP, or a token of `chatroom`, in other than lower case (T02).
    AttributeCase,
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
    /// Port; 0 rejects. Also 0 when it cannot be read.
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
    /// `a=label` and others: name and value in order, every attribute under this m-line that no field above holds
    /// (an unreadable or repeated one too).
    pub attributes: Vec<(String, Option<String>)>,
}

impl Line {
    /// Writes the line, octet for octet.
    fn write(&self, out: &mut BytesMut) {
        if self.kind != 0 {
            out.put_u8(self.kind);
            out.put_u8(b'=');
        }
        out.put_slice(&self.value);
        out.put_slice(&self.line_end);
    }

    /// How many octets stand before the value.
    fn value_offset(&self) -> usize {
        if self.kind == 0 { 0 } else { 2 }
    }

    /// Length without the line end.
    fn length(&self) -> usize {
        self.value_offset() + self.value.len()
    }

    /// The value as text.
    fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.value)
    }

    /// Name and value of an a-line, in octets.
    fn attribute(&self) -> Option<(&[u8], Option<&[u8]>)> {
        if self.kind != b'a' {
            return None;
        }
        Some(match memchr::memchr(b':', &self.value) {
            Some(colon) => (self.value.get(..colon)?, self.value.get(colon + 1..)),
            None => (&self.value, None),
        })
    }
}

impl SessionDescription {
    /// Reads a description. Never fails: defects name what is wrong.
    pub fn parse(octets: Bytes) -> Parsed<Self, SdpDefect> {
        let tree = Self { lines: split(&octets) };
        let defects = check::defects(&tree);
        Parsed { tree, defects }
    }

    /// Starts a description: `v=`, `o=`, `s=-`, `c=`, `t=0 0`. `username` goes into the o-line; `-` if it is empty.
    pub fn new(username: &str, session_id: u64, version: u64, address: &str) -> Self {
        let username = if username.is_empty() { "-" } else { username };
        let connection = connection(address);
        let mut description = Self::default();
        description.push('v', "0");
        description.push('o', format!("{username} {session_id} {version} {connection}"));
        description.push('s', "-");
        description.push('c', connection);
        description.push('t', "0 0");
        description
    }

    /// Appends a line, ended by CRLF. A `kind` beyond ASCII makes a line without letter.
    pub fn push(&mut self, kind: char, value: impl Into<Bytes>) {
        let kind = u8::try_from(kind).ok().filter(u8::is_ascii).unwrap_or(0);
        self.lines.push(Line { kind, value: value.into(), line_end: Bytes::from_static(b"\r\n") });
    }

    /// Appends an m-line with its attributes in the usual order (path, accept-types, accept-wrapped-types, max-size,
    /// setup, chatroom, fingerprint, direction, then the rest); `attributes` are written as they are, also such as
    /// repeat a field. A c-line is written where `address` is not the one of the session level.
    pub fn push_media(&mut self, media: &Media) {
        let session_address = self.session_lines().find(|line| line.kind == b'c').and_then(media::connection_address);
        let mut m = format!("{} {} {}", media.media, media.port, media.protocol);
        if !media.formats.is_empty() {
            m.push(' ');
            m.push_str(&media.formats);
        }
        self.push('m', m);
        if let Some(address) = media.address.as_ref().filter(|address| session_address.as_ref() != Some(*address)) {
            self.push('c', connection(address));
        }
        for (name, value) in media.written_attributes() {
            self.push('a', value.map_or_else(|| name.clone(), |value| format!("{name}:{value}")));
        }
    }

    /// The media descriptions, in order.
    pub fn media(&self) -> Vec<Media> {
        let session: Vec<&Line> = self.session_lines().collect();
        self.media_sections().map(|lines| Media::read(lines, &session)).collect()
    }

    /// The o-line's value.
    pub fn origin(&self) -> Option<String> {
        self.session_lines().find(|line| line.kind == b'o').map(|line| line.text().into_owned())
    }

    /// The description, octet for octet.
    pub fn octets(&self) -> Bytes {
        let mut out = BytesMut::new();
        for line in &self.lines {
            line.write(&mut out);
        }
        out.freeze()
    }

    /// The lines before the first m-line.
    fn session_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().take_while(|line| line.kind != b'm')
    }

    /// Each m-line with the lines under it.
    fn media_sections(&self) -> impl Iterator<Item = &[Line]> {
        let first = self.lines.iter().position(|line| line.kind == b'm').unwrap_or(self.lines.len());
        self.lines.get(first..).unwrap_or_default().chunk_by(|_, next| next.kind != b'm')
    }
}

/// `IN IP4 address`, or IP6 for an IPv6 address, whose brackets (if any) have no place here.
fn connection(address: &str) -> String {
    let bare = address.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(address);
    let kind = if bare.parse::<std::net::Ipv6Addr>().is_ok() { "IP6" } else { "IP4" };
    format!("IN {kind} {bare}")
}

/// The lines, ended by CRLF or LF; what follows the last end is a line without one.
fn split(octets: &Bytes) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < octets.len() {
        let rest = octets.slice(start..);
        let (length, ended) = match memchr::memchr(b'\n', &rest) {
            Some(at) if at > 0 && rest.get(at - 1) == Some(&b'\r') => (at - 1, at + 1),
            Some(at) => (at, at + 1),
            None => (rest.len(), rest.len()),
        };
        let line = rest.slice(..length);
        let letter = match line.first_chunk() {
            Some([letter, b'=']) if letter.is_ascii_alphabetic() => Some(*letter),
            _ => None,
        };
        let (kind, value) = letter.map_or((0, line.clone()), |letter| (letter, line.slice(2..)));
        lines.push(Line { kind, value, line_end: rest.slice(length..ended) });
        start += ended;
    }
    lines
}
