//! Octets to [`SipMessage`].

use bytes::Bytes;

use super::lines::{self, Line};
use super::{SipDefect, SipMessage, Start, check};
use crate::wire::header::{Header, Headers};
use crate::wire::uri::Uri;
use crate::wire::{Defect, Parsed, Span};

/// What a message came in by: it decides where the body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// The packet's end bounds the body (RFC 3261, 18.3).
    Datagram,
    /// Content-Length bounds the body; the framer has cut there.
    Stream,
}

/// Defects in the making.
pub(super) type Defects = Vec<Defect<SipDefect>>;

/// Notes a defect.
pub(super) fn note(defects: &mut Defects, kind: SipDefect, start: usize, end: usize) {
    defects.push(Defect { kind, span: Span { start, end } });
}

/// Reads a datagram; `None` when it does not start like SIP.
pub(super) fn datagram(octets: Bytes) -> Option<Parsed<SipMessage, SipDefect>> {
    let lead = lines::leading_empty_lines(&octets);
    let first = lines::line(&octets, lead);
    if !starts_like_sip(octets.get(first.text.clone())?) {
        return None;
    }
    let mut parsed = message(&octets, lead, Carrier::Datagram);
    if lead > 0 {
        parsed.tree.raw_start = Some(octets.slice(..first.next()));
        parsed.defects.insert(0, Defect { kind: SipDefect::LeadingEmptyLine, span: Span { start: 0, end: lead } });
    }
    Some(parsed)
}

/// Whether a first line could be meant as SIP: it names a SIP version, or asks something of a URI.
pub(super) fn starts_like_sip(line: &[u8]) -> bool {
    let mut parts = line.split(|octet| matches!(octet, b' ' | b'\t')).filter(|part| !part.is_empty());
    let Some(first) = parts.next() else { return false };
    if is_version_like(first) {
        return true;
    }
    let mut second = true;
    for part in parts {
        if is_version_like(part) {
            return true;
        }
        if second && [&b"sip:"[..], b"sips:", b"tel:", b"im:"].iter().any(|scheme| starts_with(part, scheme)) {
            return true;
        }
        second = false;
    }
    false
}

fn is_version_like(part: &[u8]) -> bool {
    starts_with(part, b"SIP/")
}

fn starts_with(text: &[u8], prefix: &[u8]) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// Reads the message that starts at `from` and fills the rest of `octets`. Spans count from the start of `octets`.
pub(super) fn message(octets: &Bytes, from: usize, carrier: Carrier) -> Parsed<SipMessage, SipDefect> {
    let mut defects = Defects::new();
    let first = lines::line(octets, from);
    let (start, canonical) = start_line(octets, &first, &mut defects);
    line_ends(octets, &first, &mut defects);
    let raw_start = (!canonical).then(|| octets.slice(first.text.start..first.next()));

    let (headers, spans, blank) = header_lines(octets, first.next(), &mut defects);
    if blank.line_end.is_empty() {
        note(&mut defects, SipDefect::MissingEmptyLine, blank.text.start, blank.text.end);
    } else if blank.line_end.len() == 1 {
        note(&mut defects, SipDefect::BareLineEnd, blank.line_end.start, blank.line_end.end);
    }
    let raw_blank = (blank.line_end.len() != 2).then(|| octets.slice(blank.line_end.clone()));
    let rest = octets.slice(blank.next()..);
    let mut tree = SipMessage { start, raw_start, headers, raw_blank, body: rest, tail: Bytes::new() };
    check::message(&tree, &spans, blank.text.start, &mut defects);
    body(&mut tree, &spans, octets.len(), carrier, &mut defects);
    defects.sort_by_key(|defect| defect.span);
    Parsed { tree, defects }
}

/// Reads the first line; also tells whether its canonical writing gives it back.
fn start_line(octets: &[u8], first: &Line, defects: &mut Defects) -> (Start, bool) {
    let line = octets.get(first.text.clone()).unwrap_or_default();
    let whole = octets.get(first.text.start..first.next()).unwrap_or_default();
    let text = String::from_utf8_lossy(line);
    if matches!(text, std::borrow::Cow::Owned(_)) {
        note(defects, SipDefect::BadUtf8, first.text.start, first.text.end);
    }
    let start = if is_version_like(text.trim_start().as_bytes()) {
        status_line(&text, first, defects)
    } else {
        request_line(&text, first, defects)
    };
    let canonical = start.line().as_bytes() == whole;
    (start, canonical)
}

fn status_line(text: &str, first: &Line, defects: &mut Defects) -> Start {
    let (at, end) = (first.text.start, first.text.end);
    let trimmed = text.trim_start_matches([' ', '\t']);
    let version_end = trimmed.find([' ', '\t']).unwrap_or(trimmed.len());
    let (version, rest) = trimmed.split_at(version_end);
    if version != "SIP/2.0" {
        note(defects, SipDefect::Version, at, end.min(at + version.len()));
    }
    let code_and_reason = rest.trim_start_matches([' ', '\t']);
    let code_end = code_and_reason.find([' ', '\t']).unwrap_or(code_and_reason.len());
    let (code, reason) = code_and_reason.split_at(code_end);
    let digits = code.len() == 3 && code.bytes().all(|octet| octet.is_ascii_digit());
    let status = if digits { code.parse().unwrap_or(0) } else { 0 };
    let reason = reason.strip_prefix([' ', '\t']).map_or(reason, |stripped| stripped);
    let start = Start::Response { status, reason: reason.to_owned() };
    let exact = format!("{version} {code} {reason}") == text;
    if !exact || !(100..700).contains(&status) {
        note(defects, SipDefect::MalformedStartLine, at, end);
    }
    start
}

fn request_line(text: &str, first: &Line, defects: &mut Defects) -> Start {
    let (at, end) = (first.text.start, first.text.end);
    let trimmed = text.trim_matches([' ', '\t']);
    let method_end = trimmed.find([' ', '\t']).unwrap_or(trimmed.len());
    let (method, rest) = trimmed.split_at(method_end);
    let (uri, version) = match rest.rfind([' ', '\t']) {
        Some(last) if is_version_like(rest.get(last + 1..).unwrap_or_default().as_bytes()) => rest.split_at(last),
        _ => (rest, ""),
    };
    let version = version.trim_start_matches([' ', '\t']);
    let uri = uri.trim_matches([' ', '\t']);
    if format!("{method} {uri} {version}") != text || uri.is_empty() || !lines::is_token(method.as_bytes()) {
        note(defects, SipDefect::MalformedStartLine, at, end);
    }
    if !version.is_empty() && version != "SIP/2.0" {
        note(defects, SipDefect::Version, end.saturating_sub(version.len()).max(at), end);
    }
    let fit = match Uri::parse(uri) {
        Ok(Uri::Sip(uri)) => uri.headers.is_none(),
        Ok(_) => true,
        Err(_) => false,
    };
    if !uri.is_empty() && !fit {
        let offset = at + method.len().min(end - at);
        note(defects, SipDefect::MalformedRequestUri, offset, end);
    }
    Start::Request { method: method.to_owned(), uri: uri.to_owned() }
}

/// Reads header lines up to the empty line, which comes back with them.
fn header_lines(octets: &Bytes, from: usize, defects: &mut Defects) -> (Headers, Vec<Span>, Line) {
    let mut headers = Vec::new();
    let mut spans = Vec::new();
    let mut at = from;
    loop {
        let next = lines::line(octets, at);
        if next.text.is_empty() {
            return (Headers(headers), spans, next);
        }
        let whole = lines::folded(octets, at);
        headers.push(header(octets, &whole, defects));
        spans.push(Span { start: whole.text.start, end: whole.next() });
        at = whole.next();
    }
}

fn header(octets: &Bytes, whole: &Line, defects: &mut Defects) -> Header {
    let (start, end) = (whole.text.start, whole.text.end);
    let text = octets.get(start..end).unwrap_or_default();
    line_ends(octets, whole, defects);
    if std::str::from_utf8(text).is_err() {
        note(defects, SipDefect::BadUtf8, start, end);
    }
    if !lines::name(text).is_some_and(lines::is_token) {
        note(defects, SipDefect::MalformedHeader, start, end);
    }
    Header::from_line(&octets.slice(start..whole.next()))
}

/// Notes line ends other than CRLF, and carriage returns that end nothing.
fn line_ends(octets: &[u8], whole: &Line, defects: &mut Defects) {
    let text = octets.get(whole.text.clone()).unwrap_or_default();
    for at in memchr::memchr2_iter(b'\r', b'\n', text) {
        let lone = match text.get(at) {
            Some(b'\r') => text.get(at + 1) != Some(&b'\n'),
            _ => at.checked_sub(1).and_then(|before| text.get(before)) != Some(&b'\r'),
        };
        if lone {
            note(defects, SipDefect::BareLineEnd, whole.text.start + at, whole.text.start + at + 1);
        }
    }
    if whole.line_end.len() != 2 {
        note(defects, SipDefect::BareLineEnd, whole.line_end.start, whole.line_end.end);
    }
}

/// Lets Content-Length divide what follows the headers into body and tail.
fn body(tree: &mut SipMessage, spans: &[Span], end: usize, carrier: Carrier, defects: &mut Defects) {
    let start = end - tree.body.len();
    let announced = tree
        .headers
        .0
        .iter()
        .zip(spans)
        .find(|(header, _)| super::long_name(&header.name).eq_ignore_ascii_case(b"Content-Length"))
        .map(|(header, span)| (lines::number(header.text().as_bytes()), *span));
    match announced {
        None if carrier == Carrier::Stream => note(defects, SipDefect::MissingContentLength, start, start),
        Some((Some(length), span)) if length > tree.body.len() => {
            note(defects, SipDefect::BodyTooShort, span.start, span.end);
        }
        Some((Some(length), _)) if length < tree.body.len() => {
            note(defects, SipDefect::BodyTooLong, start + length, end);
            tree.tail = tree.body.split_off(length);
        }
        _ => {}
    }
}
