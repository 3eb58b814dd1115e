//! SIP (RFC 3261): messages, framing over streams, header values.

use bytes::Bytes;

use super::edit::Edit;
use super::header::Headers;
use super::uri::{Params, SipUri};
use super::{Defect, Parsed};

/// A violation that a SIP message alone can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SipDefect {
    /// A header line without colon.
    MalformedHeader,
    /// A line not ended by CRLF.
    BareLineEnd,
    /// A start line with other than single spaces between its parts, or parts missing.
    MalformedStartLine,
    /// Not `SIP/2.0`.
    Version,
    /// A Request-URI that cannot be read.
    MalformedRequestUri,
    /// A mandatory header is missing (RFC 3261, 8.1.1).
    MissingHeader(&'static str),
    /// A header that must stand once is repeated.
    RepeatedHeader(&'static str),
    /// A value that cannot be read.
    MalformedValue(&'static str),
    /// CSeq names another method than the request line.
    CSeqMethod,
    /// Content-Length says more than there is (datagram).
    BodyTooShort,
    /// Content-Length says less than there is (datagram); the rest is kept in the body's tail.
    BodyTooLong,
    /// Content-Length missing on a stream.
    MissingContentLength,
    /// Octets that are not UTF-8 in a header.
    BadUtf8,
}

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// `INVITE sip:... SIP/2.0`.
    Request {
        /// The method.
        method: String,
        /// The Request-URI as written.
        uri: String,
    },
    /// `SIP/2.0 200 OK`.
    Response {
        /// The status code.
        status: u16,
        /// The reason phrase.
        reason: String,
    },
}

/// A SIP request or response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipMessage {
    /// What kind of message it is.
    pub start: Start,
    /// The first line, line end included, where it is not the canonical writing of `start` with `SIP/2.0`.
    pub raw_start: Option<Bytes>,
    /// The headers: compact names, folding and repetitions as they came.
    pub headers: Headers,
    /// What separates headers and body, where it is not CRLF.
    pub raw_blank: Option<Bytes>,
    /// The body.
    pub body: Bytes,
    /// Octets of a datagram after the body that Content-Length announced.
    pub tail: Bytes,
}

/// `[display-name] <uri>;params` or `uri;params`: From, To, Contact, Route, Record-Route, P-Asserted-Identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddr {
    /// Display name, quotes and escapes removed.
    pub display_name: Option<String>,
    /// The URI as written between the brackets (any scheme).
    pub uri: String,
    /// Header parameters (`tag`, `isfocus`, `q`, ...).
    pub params: Params,
}

impl NameAddr {
    /// Reads one value.
    pub fn parse(text: &str) -> Option<Self> {
        let _ = text;
        todo!()
    }

    /// The URI as a SIP URI.
    pub fn sip_uri(&self) -> Option<SipUri> {
        SipUri::parse(&self.uri).ok()
    }

    /// The `tag` parameter.
    pub fn tag(&self) -> Option<&str> {
        self.params.value("tag")
    }
}

/// A Via value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// `UDP`, `TCP`, `TLS`.
    pub transport: String,
    /// Sent-by host.
    pub host: String,
    /// Sent-by port.
    pub port: Option<u16>,
    /// `branch`, `received`, `rport`, ...
    pub params: Params,
}

impl Via {
    /// Reads one value.
    pub fn parse(text: &str) -> Option<Self> {
        let _ = text;
        todo!()
    }

    /// The `branch` parameter.
    pub fn branch(&self) -> Option<&str> {
        self.params.value("branch")
    }
}

impl std::fmt::Display for Via {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}

/// A CSeq value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CSeq {
    /// Sequence number.
    pub number: u32,
    /// Method.
    pub method: String,
}

impl SipMessage {
    /// A request without headers.
    pub fn request(method: &str, uri: &str) -> Self {
        let _ = (method, uri);
        todo!()
    }

    /// A response without headers.
    pub fn response(status: u16, reason: &str) -> Self {
        let _ = (status, reason);
        todo!()
    }

    /// Appends a header line.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Bytes>) -> Self {
        self.headers.push(name, value);
        self
    }

    /// Appends Content-Type, sets the body and appends Content-Length.
    #[must_use]
    pub fn with_body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        self.headers.push("Content-Type", content_type.to_owned());
        self.headers.push("Content-Length", body.len().to_string());
        self.body = body;
        self
    }

    /// Appends `Content-Length: 0`.
    #[must_use]
    pub fn without_body(mut self) -> Self {
        self.headers.push("Content-Length", "0");
        self
    }

    /// Breaks the headers as told.
    #[must_use]
    pub fn edited(mut self, edits: &[Edit]) -> Self {
        for edit in edits {
            edit.apply(&mut self.headers);
        }
        self
    }

    /// Reads a datagram; `None` when it does not even start like SIP.
    pub fn parse_datagram(octets: Bytes) -> Option<Parsed<Self, SipDefect>> {
        let _ = octets;
        todo!()
    }

    /// The method of a request.
    pub fn method(&self) -> Option<&str> {
        match &self.start {
            Start::Request { method, .. } => Some(method),
            Start::Response { .. } => None,
        }
    }

    /// The status code of a response.
    pub fn status(&self) -> Option<u16> {
        match &self.start {
            Start::Response { status, .. } => Some(*status),
            Start::Request { .. } => None,
        }
    }

    /// The unfolded, trimmed text of the first header of this name, long or compact.
    pub fn header(&self, name: &str) -> Option<String> {
        let _ = name;
        todo!()
    }

    /// All values of a header that may be a comma-separated list, over all its lines, long or compact name; commas in
    /// quotes and angle brackets do not separate.
    pub fn values(&self, name: &str) -> Vec<String> {
        let _ = name;
        todo!()
    }

    /// The Via values, topmost first.
    pub fn vias(&self) -> Vec<Via> {
        self.values("Via").iter().filter_map(|value| Via::parse(value)).collect()
    }

    /// From.
    pub fn from(&self) -> Option<NameAddr> {
        self.header("From").and_then(|value| NameAddr::parse(&value))
    }

    /// To.
    pub fn to(&self) -> Option<NameAddr> {
        self.header("To").and_then(|value| NameAddr::parse(&value))
    }

    /// Contact values.
    pub fn contacts(&self) -> Vec<NameAddr> {
        self.values("Contact").iter().filter_map(|value| NameAddr::parse(value)).collect()
    }

    /// Call-ID.
    pub fn call_id(&self) -> Option<String> {
        self.header("Call-ID")
    }

    /// CSeq.
    pub fn cseq(&self) -> Option<CSeq> {
        todo!()
    }

    /// Content-Type without parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        todo!()
    }

    /// The message, octet for octet.
    pub fn octets(&self) -> Bytes {
        todo!()
    }
}

/// Why a SIP stream cannot be framed any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FramingError {
    /// The stream does not start like SIP.
    #[error("not the start of a SIP message: {0}")]
    NotSip(String),
    /// A message exceeds the bound.
    #[error("message over {0} octets")]
    TooLong(usize),
    /// Content-Length that is no number.
    #[error("Content-Length is no number")]
    BadContentLength,
}

/// A message cut out of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framed {
    /// The tree.
    pub message: SipMessage,
    /// What is wrong with it.
    pub defects: Vec<Defect<SipDefect>>,
    /// Its octets, with the empty lines before it (RFC 3261, 7.5).
    pub octets: Bytes,
}

/// Cuts a stream into messages by Content-Length (RFC 3261, 18.3); skips CRLFs between messages.
#[derive(Clone, Debug)]
pub struct Framer {
    #[allow(dead_code)]
    limit: usize,
}

impl Framer {
    /// A framer at the start of a stream that refuses messages over `limit` octets.
    pub fn new(limit: usize) -> Self {
        Self { limit }
    }

    /// Adds octets of the stream.
    pub fn push(&mut self, octets: &[u8]) {
        let _ = octets;
        todo!()
    }

    /// The next complete message.
    pub fn next_message(&mut self) -> Option<Result<Framed, FramingError>> {
        todo!()
    }

    /// What has been pushed and not yet been given out.
    pub fn pending(&self) -> &[u8] {
        todo!()
    }
}
