//! SIP (RFC 3261): messages, framing over streams, header values.

use bytes::Bytes;

use super::Parsed;
use super::edit::Edit;
use super::header::{Header, Headers};

mod check;
mod framer;
mod lines;
mod names;
mod parse;
#[cfg(test)]
mod tests;
mod values;

pub use framer::{Framed, Framer, FramingError};
pub use names::long_name;
pub use values::{CSeq, NameAddr, Via, split_list};

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
    /// A Request-URI that cannot be read, or a SIP URI with headers, which must not stand there (RFC 3261, 19.1.1).
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
    /// Octets that are not UTF-8 in the start line or a header.
    BadUtf8,
    /// No empty line after the headers of a datagram (RFC 3261, 7).
    MissingEmptyLine,
    /// Empty lines before the start line of a datagram; only streams may have them (RFC 3261, 7.5).
    LeadingEmptyLine,
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

impl SipMessage {
    /// A request without headers.
    pub fn request(method: &str, uri: &str) -> Self {
        Self::starting(Start::Request { method: method.to_owned(), uri: uri.to_owned() })
    }

    /// A response without headers.
    pub fn response(status: u16, reason: &str) -> Self {
        Self::starting(Start::Response { status, reason: reason.to_owned() })
    }

    fn starting(start: Start) -> Self {
        Self {
            start,
            raw_start: None,
            headers: Headers::default(),
            raw_blank: None,
            body: Bytes::new(),
            tail: Bytes::new(),
        }
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
        parse::datagram(octets)
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

    /// The header lines of this name, long or compact (RFC 3261, 7.3.3), in order.
    pub fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Header> {
        let wanted = long_name(name.as_bytes()).to_vec();
        self.headers.0.iter().filter(move |header| long_name(&header.name).eq_ignore_ascii_case(&wanted))
    }

    /// The unfolded, trimmed text of the first header of this name, long or compact.
    pub fn header(&self, name: &str) -> Option<String> {
        self.lines(name).next().map(|header| header.text().into_owned())
    }

    /// All values of a header that may be a comma-separated list, over all its lines, long or compact name; commas in
    /// quotes and angle brackets do not separate. Empty elements are left out.
    pub fn values(&self, name: &str) -> Vec<String> {
        self.lines(name).flat_map(|header| split_list(&header.text())).collect()
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
        self.header("CSeq").and_then(|value| CSeq::parse(&value))
    }

    /// Content-Type without parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("Content-Type")?;
        let media_type = value.split(';').next().unwrap_or_default();
        Some(media_type.chars().filter(|c| !c.is_ascii_whitespace()).collect::<String>().to_ascii_lowercase())
    }

    /// The message, octet for octet.
    pub fn octets(&self) -> Bytes {
        let mut out = Vec::with_capacity(512 + self.body.len() + self.tail.len());
        match &self.raw_start {
            Some(raw) => out.extend_from_slice(raw),
            None => out.extend_from_slice(self.start.line().as_bytes()),
        }
        for header in &self.headers.0 {
            header.write(&mut out);
        }
        out.extend_from_slice(self.raw_blank.as_deref().unwrap_or(b"\r\n"));
        out.extend_from_slice(&self.body);
        out.extend_from_slice(&self.tail);
        out.into()
    }
}

impl Start {
    /// The canonical first line, CRLF included.
    pub fn line(&self) -> String {
        match self {
            Self::Request { method, uri } => format!("{method} {uri} SIP/2.0\r\n"),
            Self::Response { status, reason } => format!("SIP/2.0 {status:03} {reason}\r\n"),
        }
    }
}
