//! Message/CPIM (RFC 3862): the wrapper that tells regular from private messages in a chat room.
//!
//! Two forms are read: the three blocks of RFC 3862, 2.1, and the glued one of the examples in RFC 4975 and RFC 7701,
//! where the content's MIME headers stand in the CPIM header block.

mod address;
mod parse;

use bytes::Bytes;

pub use address::Address;
use address::bracketed;

use super::Parsed;
use super::header::{Header, Headers};

const CRLF: &[u8] = b"\r\n";
/// The namespace of the headers of RFC 3862 (3862, 4), which is also the default one.
const CPIM_NAMESPACE: &str = "urn:ietf:params:cpim-headers:";
const CONTENT_TYPE: &str = "Content-Type";

/// A violation that a CPIM message alone can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CpimDefect {
    /// A line of a header block without colon, or with an empty name, or a CPIM header with a name off the grammar or a
    /// control character in its value (RFC 3862, 3.6).
    MalformedHeader,
    /// Other than one space after the colon (and parameters) of a CPIM header, or blanks at an end of its line (RFC 3862,
    /// 2.2).
    HeaderSpacing,
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
        let mut headers = Headers::default();
        headers.push("From", from.to_owned());
        headers.push("To", to.to_owned());
        let mut mime_headers = Headers::default();
        mime_headers.push(CONTENT_TYPE, content_type.to_owned());
        let blank = Bytes::from_static(CRLF);
        Self { headers, blank: blank.clone(), mime_headers, mime_blank: blank, content: content.into() }
    }

    /// Reads a complete object. Never fails: what cannot be understood is kept and named in the defects.
    pub fn parse(octets: Bytes) -> Parsed<Self, CpimDefect> {
        parse::parse(&octets)
    }

    /// The From headers (RFC 3862, 4.1: by exact case, or by a prefix bound to the CPIM namespace); malformed values
    /// give an [`Address`] with the raw value as URI.
    pub fn froms(&self) -> Vec<Address> {
        self.addresses("From")
    }

    /// The To headers, each counted by itself (interpretation T20); malformed values give an [`Address`] with the raw
    /// value as URI.
    pub fn tos(&self) -> Vec<Address> {
        self.addresses("To")
    }

    fn addresses(&self, name: &str) -> Vec<Address> {
        let named = self.named().filter(|(_, local)| *local == Some(name));
        let address = |value: &str| Address::parse(value).unwrap_or_else(|| malformed(value));
        named.map(|(header, _)| address(&header.text())).collect()
    }

    /// The message headers, each with its name where it belongs to the CPIM namespace (RFC 3862, 3.4).
    fn named(&self) -> impl Iterator<Item = (&Header, Option<&str>)> {
        let mut prefixes: Vec<&str> = Vec::new();
        let mut default = true;
        self.headers.0.iter().map(move |header| {
            let name = std::str::from_utf8(&header.name).unwrap_or_default();
            let local = match name.split_once('.') {
                Some((prefix, local)) => prefixes.contains(&prefix).then_some(local),
                None => default.then_some(name),
            };
            // NS itself is recognised whatever the default namespace: nothing else could ever change it back.
            let declared = if name == "NS" || local == Some("NS") { namespace_of(header) } else { None };
            match declared {
                Some(("", uri)) => default = uri == CPIM_NAMESPACE,
                Some((prefix, uri)) => {
                    prefixes.retain(|known| *known != prefix);
                    if uri == CPIM_NAMESPACE {
                        prefixes.push(prefix);
                    }
                }
                None => {}
            }
            (header, local)
        })
    }

    /// The content's Content-Type value from whichever block has it, without parameters, in lower case.
    pub fn content_media_type(&self) -> Option<String> {
        let header = self.headers.get(CONTENT_TYPE).or_else(|| self.mime_headers.get(CONTENT_TYPE))?;
        Some(header.text().split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// Whether Content-Type stands among the CPIM headers (T12).
    pub fn is_glued(&self) -> bool {
        self.headers.get(CONTENT_TYPE).is_some()
    }

    /// The object, octet for octet.
    pub fn octets(&self) -> Bytes {
        let mut out = Vec::with_capacity(self.content.len() + 256);
        self.headers.0.iter().for_each(|header| header.write(&mut out));
        out.extend_from_slice(&self.blank);
        self.mime_headers.0.iter().for_each(|header| header.write(&mut out));
        out.extend_from_slice(&self.mime_blank);
        out.extend_from_slice(&self.content);
        out.into()
    }
}

fn malformed(value: &str) -> Address {
    Address { formal_name: None, uri: value.to_owned() }
}

/// `[ Name-prefix ] "<" URI ">"`, a blank before the bracket tolerated (interpretation T19).
fn namespace_of(header: &Header) -> Option<(&str, &str)> {
    let (prefix, uri) = bracketed(std::str::from_utf8(&header.value).ok()?)?;
    let prefix = prefix.trim_matches([' ', '\t']);
    prefix.bytes().all(is_name_octet).then_some((prefix, uri))
}

/// `NAMECHAR` of RFC 3862, 3.6.
fn is_name_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-^_`|~".contains(&octet)
}

/// How many octets the wrapper's headers take at the start of a message that may still be incomplete: to the end of the
/// blank line that ends the CPIM header block, *and* of the MIME header block where there is one. `None`: not all of
/// them have come yet.
pub fn header_length(prefix: &[u8]) -> Option<usize> {
    let first = parse::block(prefix, 0)?;
    if parse::has_content_type(prefix, first.clone()) {
        return Some(first.end);
    }
    parse::block(prefix, first.end).map(|second| second.end)
}

#[cfg(test)]
mod tests;
