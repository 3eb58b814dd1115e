//! Message/CPIM (RFC 3862): the wrapper that tells regular from private messages in a chat room.
//!
//! Two forms are read: the three blocks of RFC 3862, 2.1, and the glued one of the examples in RFC 4975 and RFC 7701,
//! where the content's MIME headers stand in the CPIM header block.

use bytes::Bytes;

use super::header::Headers;
use super::{Parsed, Span};

/// A violation that a CPIM message alone can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CpimDefect {
    /// A line of a header block without colon, or with an empty name.
    MalformedHeader,
    /// A line not ended by CRLF.
    BareLineEnd,
    /// Content-Type stands in the CPIM header block instead of one of its own (RFC 3862, 2.1).
    Glued,
    /// No blank line ends the CPIM headers.
    Unterminated,
    /// No From header.
    MissingFrom,
    /// No To header.
    MissingTo,
    /// More than one From header.
    RepeatedFrom,
    /// A From, To or cc value that is not `[Formal-name] "<" URI ">"`.
    MalformedAddress,
    /// An NS header that cannot be read.
    MalformedNamespace,
    /// A header name that differs from one of RFC 3862 in case only (names are case-sensitive).
    HeaderCase,
    /// The content has no MIME Content-Type.
    MissingContentType,
    /// Octets that are not UTF-8 in a header.
    BadUtf8,
}

/// A From, To or cc value: `[Formal-name] "<" URI ">"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The formal name with quotes and escapes removed.
    pub formal_name: Option<String>,
    /// What stands between the brackets.
    pub uri: String,
}

impl Address {
    /// Reads a header value; the URI is in the bracketed part outside quotes.
    pub fn parse(value: &str) -> Option<Self> {
        let _ = value;
        todo!()
    }
}

/// A Message/CPIM object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpimMessage {
    /// The message headers, in order, in the case they came in.
    pub headers: Headers,
    /// The blank line after them (empty when missing).
    pub blank: Bytes,
    /// The MIME headers of the content; empty in the glued form, where they are among `headers`.
    pub mime_headers: Headers,
    /// The blank line after the MIME headers (empty when missing or glued).
    pub mime_blank: Bytes,
    /// The content.
    pub content: Bytes,
}

impl CpimMessage {
    /// A message in the form of RFC 3862: From, To, blank line, Content-Type, blank line, content. `from` and `to` are
    /// header values, e.g. `<sip:alice@example.com>`.
    pub fn new(from: &str, to: &str, content_type: &str, content: impl Into<Bytes>) -> Self {
        let _ = (from, to, content_type, content.into());
        todo!()
    }

    /// Reads a complete object. Never fails: what cannot be understood is kept and named in the defects.
    pub fn parse(octets: Bytes) -> Parsed<Self, CpimDefect> {
        let _ = (octets, Span::default());
        todo!()
    }

    /// The From headers (RFC 3862, 4.1: by exact case, or by a prefix bound to the CPIM namespace).
    pub fn froms(&self) -> Vec<Address> {
        todo!()
    }

    /// The To headers, each counted by itself (interpretation T20); malformed values give an [`Address`] with the raw
    /// value as URI.
    pub fn tos(&self) -> Vec<Address> {
        todo!()
    }

    /// The content's Content-Type value from whichever block has it, without parameters, in lower case.
    pub fn content_media_type(&self) -> Option<String> {
        todo!()
    }

    /// Whether Content-Type stands among the CPIM headers (T12).
    pub fn is_glued(&self) -> bool {
        todo!()
    }

    /// The object, octet for octet.
    pub fn octets(&self) -> Bytes {
        todo!()
    }
}

/// How many octets the wrapper's headers take at the start of a message that may still be incomplete: to the end of the
/// blank line that ends the CPIM header block, *and* of the MIME header block where there is one. `None`: not all of
/// them have come yet.
pub fn header_length(prefix: &[u8]) -> Option<usize> {
    let _ = prefix;
    todo!()
}
