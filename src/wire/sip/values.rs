//! Header values: name-addr, Via, CSeq, lists.

use std::fmt;

use super::lines::is_token;
use crate::wire::uri::{Params, SipUri, Uri};

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
    /// Reads one value. Display names off the grammar that leave no doubt about the URI are taken.
    pub fn parse(text: &str) -> Option<Self> {
        name_addr(text).map(|(value, _)| value)
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

impl fmt::Display for NameAddr {
    /// Always with brackets, so that parameters cannot be taken for the URI's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.display_name {
            write!(f, "\"{}\" ", name.replace('\\', "\\\\").replace('"', "\\\""))?;
        }
        write!(f, "<{}>{}", self.uri, self.params)
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
        via(text).map(|(value, _)| value)
    }

    /// The `branch` parameter.
    pub fn branch(&self) -> Option<&str> {
        self.params.value("branch")
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SIP/2.0/{} {}", self.transport, self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.params)
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

impl CSeq {
    /// Reads one value; a number beyond 32 bits is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split_ascii_whitespace();
        let (number, method) = (parts.next()?, parts.next()?);
        let plain = number.bytes().all(|octet| octet.is_ascii_digit()) && is_token(method.as_bytes());
        if parts.next().is_some() || !plain {
            return None;
        }
        Some(Self { number: number.parse().ok()?, method: method.to_owned() })
    }
}

impl fmt::Display for CSeq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.method)
    }
}

/// The elements of a comma-separated list, trimmed, empty ones left out; commas in quotes and angle brackets do not
/// separate.
pub fn split_list(text: &str) -> Vec<String> {
    split_raw(text).into_iter().filter(|element| !element.is_empty()).map(str::to_owned).collect()
}

/// As [`split_list`], empty elements kept.
pub(super) fn split_raw(text: &str) -> Vec<&str> {
    split_outside(text, b',', true)
}

/// Splits at a separator outside quoted strings and, if wanted, angle brackets.
fn split_outside(text: &str, separator: u8, brackets: bool) -> Vec<&str> {
    let mut elements = Vec::new();
    let (mut quoted, mut escaped, mut bracketed) = (false, false, false);
    let mut start = 0;
    for (at, octet) in text.bytes().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' if !bracketed => quoted = !quoted,
            _ if quoted => {}
            b'<' if brackets => bracketed = true,
            b'>' => bracketed = false,
            _ if octet == separator && !bracketed => {
                elements.push(text.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    elements.push(text.get(start..).unwrap_or_default().trim());
    elements
}

/// Reads a name-addr or addr-spec with header parameters; also tells whether it keeps the grammar to the letter.
pub(super) fn name_addr(text: &str) -> Option<(NameAddr, bool)> {
    let text = text.trim();
    let (display_name, mut strict, rest) = match text.strip_prefix('"') {
        Some(quoted) => {
            let (name, rest) = quoted_string(quoted)?;
            (Some(name), true, rest.trim_start())
        }
        None => match text.find('<') {
            // A parameter of the addr-spec form may hold the bracket in quotes.
            Some(open) if !text.get(..open)?.contains([';', '"']) => {
                let (name, rest) = text.split_at(open);
                let strict = name.split_ascii_whitespace().all(|word| is_token(word.as_bytes()));
                (Some(name.trim().to_owned()).filter(|name| !name.is_empty()), strict, rest)
            }
            _ => return addr_spec(text),
        },
    };
    let (uri, after) = rest.strip_prefix('<')?.split_once('>')?;
    let trimmed = uri.trim();
    strict &= trimmed.len() == uri.len() && Uri::parse(trimmed).is_ok();
    let (params, params_strict) = header_params(after)?;
    let value = NameAddr { display_name, uri: trimmed.to_owned(), params };
    has_scheme(trimmed).then_some((value, strict && params_strict))
}

/// Without brackets what follows a semicolon belongs to the header (RFC 3261, 20.10).
fn addr_spec(text: &str) -> Option<(NameAddr, bool)> {
    let end = text.find(';').unwrap_or(text.len());
    let (uri, after) = text.split_at(end);
    let uri = uri.trim_end();
    if !has_scheme(uri) || uri.contains([' ', '\t', '"', '<', '>']) {
        return None;
    }
    let (params, strict) = header_params(after)?;
    let strict = strict && !uri.contains(['?', ',']) && Uri::parse(uri).is_ok();
    Some((NameAddr { display_name: None, uri: uri.to_owned(), params }, strict))
}

fn has_scheme(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
            && !rest.is_empty()
    })
}

/// The content of a quoted string whose opening quote has been taken, escapes removed, and what follows it.
fn quoted_string(text: &str) -> Option<(String, &str)> {
    let mut content = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((content, text.get(at + 1..)?)),
            '\\' => content.push(chars.next()?.1),
            _ => content.push(c),
        }
    }
    None
}

/// Reads `;name=value` parameters of a header; also tells whether they keep the grammar of generic-param.
fn header_params(text: &str) -> Option<(Params, bool)> {
    let mut params = Params::default();
    let mut strict = true;
    let text = text.trim();
    if text.is_empty() {
        return Some((params, strict));
    }
    for element in split_outside(text.strip_prefix(';')?, b';', false) {
        let (name, value) = match element.split_once('=') {
            Some((name, value)) => (name.trim_end(), Some(value.trim_start())),
            None => (element, None),
        };
        if name.is_empty() && value.is_none() {
            strict = false;
            continue;
        }
        strict &= is_token(name.as_bytes()) && value.is_none_or(is_generic_value);
        params.push(name, value);
    }
    Some((params, strict))
}

/// token, host or quoted-string (RFC 3261, 25.1: gen-value); IPv6 also without brackets, as in `received`.
fn is_generic_value(value: &str) -> bool {
    if let Some(quoted) = value.strip_prefix('"') {
        return quoted_string(quoted).is_some_and(|(_, rest)| rest.is_empty());
    }
    !value.is_empty() && value.split([':', '[', ']']).all(|part| part.is_empty() || is_token(part.as_bytes()))
}

/// Reads a Via value; also tells whether it keeps the grammar to the letter.
pub(super) fn via(text: &str) -> Option<(Via, bool)> {
    let end = text.find(';').unwrap_or(text.len());
    let (head, after) = text.split_at(end);
    let mut parts = head.splitn(3, '/');
    let (protocol, version, rest) = (parts.next()?.trim(), parts.next()?.trim(), parts.next()?.trim());
    let (transport, sent_by) = rest.split_once(|c: char| c.is_ascii_whitespace())?;
    let sent_by = sent_by.trim();
    let (host, port) = if sent_by.starts_with('[') {
        let (address, port) = sent_by.split_once(']')?;
        (sent_by.get(..=address.len())?, port.trim_start())
    } else {
        let end = sent_by.find(':').unwrap_or(sent_by.len());
        let (host, port) = sent_by.split_at(end);
        (host.trim_end(), port)
    };
    let port = match port.strip_prefix(':').map(str::trim_start) {
        None if port.is_empty() => None,
        None => return None,
        Some(digits) if digits.bytes().all(|octet| octet.is_ascii_digit()) => Some(digits.parse().ok()?),
        Some(_) => return None,
    };
    if host.is_empty() || host.contains(|c: char| c.is_ascii_whitespace()) {
        return None;
    }
    let (params, strict) = header_params(after)?;
    let strict = strict
        && [protocol, version, transport].iter().all(|part| is_token(part.as_bytes()))
        && crate::wire::uri::is_host(host);
    Some((Via { transport: transport.to_owned(), host: host.to_owned(), port, params }, strict))
}
