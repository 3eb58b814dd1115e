//! The tree of one message whose extent is known, and the defects of its lines.

use std::ops::Range;

use bytes::Bytes;
use memchr::memchr;

use super::check::{check, is_token};
use super::scan::{Layout, Scanner};
use super::{FramerLimits, MsrpDefect, MsrpMessage, Start, is_ident};
use crate::wire::header::{Header, Headers, without_line_end};
use crate::wire::{Defect, Parsed, Span};

const CRLF: &[u8] = b"\r\n";

/// One message that fills the octets.
pub(super) fn parse_whole(octets: Bytes) -> Option<Parsed<MsrpMessage, MsrpDefect>> {
    let unbounded = FramerLimits { headers: usize::MAX, body: usize::MAX };
    let layout = Scanner::default().advance(&octets, unbounded)?.ok()?;
    (layout.end_line.end == octets.len()).then(|| build(&octets, &layout))
}

/// The tree over octets that the scanner has measured.
pub(super) fn build(octets: &Bytes, layout: &Layout) -> Parsed<MsrpMessage, MsrpDefect> {
    let mut defects = Defects(Vec::new());
    let first = parse_start(octets, layout, &mut defects);
    let headers = parse_headers(octets, layout.headers.clone(), &mut defects);
    let raw_separators = layout.body.as_ref().and_then(|body| separators(octets, layout, body, &mut defects));
    let end_line = part(octets, layout.end_line.clone());
    if !end_line.ends_with(CRLF) {
        defects.add(MsrpDefect::BareLineEnd, layout.end_line.clone());
    }
    let canonical = end_line.ends_with(CRLF) && first.transaction_as_written;
    let tree = MsrpMessage {
        transaction: first.transaction,
        start: first.start,
        raw_start: first.raw,
        headers,
        body: layout.body.clone().map(|body| octets.slice(body)),
        raw_separators,
        flag: layout.flag,
        raw_end: (!canonical).then(|| octets.slice(layout.end_line.clone())),
    };
    check(&tree, layout, &mut defects);
    defects.0.sort_by_key(|defect| defect.span);
    Parsed { tree, defects: defects.0 }
}

/// Defects found so far.
pub(super) struct Defects(Vec<Defect<MsrpDefect>>);

impl Defects {
    pub(super) fn add(&mut self, kind: MsrpDefect, at: Range<usize>) {
        self.0.push(Defect { kind, span: Span { start: at.start, end: at.end } });
    }
}

fn part(octets: &Bytes, range: Range<usize>) -> &[u8] {
    octets.get(range).unwrap_or_default()
}

struct FirstLine {
    transaction: String,
    transaction_as_written: bool,
    start: Start,
    raw: Option<Bytes>,
}

fn parse_start(octets: &Bytes, layout: &Layout, defects: &mut Defects) -> FirstLine {
    let extent = 0..layout.headers.start;
    let line = part(octets, extent.clone());
    let content = without_line_end(line);
    let ended = line.ends_with(CRLF);
    if !ended {
        defects.add(MsrpDefect::BareLineEnd, extent.clone());
    }
    let legible = std::str::from_utf8(content).is_ok();
    if !legible {
        defects.add(MsrpDefect::BadUtf8, extent.clone());
    }
    let raw_transaction = part(octets, layout.transaction.clone());
    let transaction = String::from_utf8_lossy(raw_transaction).into_owned();
    if !is_ident(&transaction) {
        defects.add(MsrpDefect::MalformedTransaction, layout.transaction.clone());
    }
    let rest = content.get(layout.transaction.end..).unwrap_or_default();
    let blanks = rest.iter().take_while(|octet| **octet == b' ').count();
    let words = rest.get(blanks..).unwrap_or_default();
    let (word, tail) = words.split_at(memchr(b' ', words).unwrap_or(words.len()));
    let spaced = layout.transaction.start == 5 && blanks == 1;
    let (start, sound, exact) = match three_digits(word) {
        Some(status) => {
            let comment = tail.strip_prefix(b" ").map(|comment| String::from_utf8_lossy(comment).into_owned());
            let sound = comment.as_deref().is_none_or(is_plain_text);
            (Start::Response { status, comment }, sound, true)
        }
        None => {
            let sound = word.iter().all(u8::is_ascii_uppercase) && tail.is_empty();
            (Start::Request { method: String::from_utf8_lossy(word).into_owned() }, sound, tail.is_empty())
        }
    };
    if !(spaced && sound) {
        defects.add(MsrpDefect::MalformedStart, extent.clone());
    }
    let canonical = spaced && exact && legible && ended;
    let transaction_as_written = transaction.as_bytes() == raw_transaction;
    FirstLine { transaction, transaction_as_written, start, raw: (!canonical).then(|| octets.slice(extent)) }
}

fn three_digits(word: &[u8]) -> Option<u16> {
    let digit = |octet: &u8| octet.is_ascii_digit().then(|| u16::from(octet - b'0'));
    match word {
        [hundreds, tens, ones] => Some(100 * digit(hundreds)? + 10 * digit(tens)? + digit(ones)?),
        _ => None,
    }
}

/// `utf8text`: no control characters but HTAB.
fn is_plain_text(text: &str) -> bool {
    text.bytes().all(|octet| octet == b'\t' || (octet >= 0x20 && octet != 0x7f))
}

fn parse_headers(octets: &Bytes, extent: Range<usize>, defects: &mut Defects) -> Headers {
    let mut headers = Vec::with_capacity(8);
    let mut line = extent.start;
    while line < extent.end {
        let end = memchr(b'\n', part(octets, line..extent.end)).map_or(extent.end, |at| line + at + 1);
        let header = Header::from_part(octets, line..end);
        if header.line_end != CRLF {
            defects.add(MsrpDefect::BareLineEnd, line..end);
        }
        match std::str::from_utf8(&header.value) {
            Ok(value) if is_token(&header.name) && header.separator.starts_with(b": ") && is_plain_text(value) => {}
            Ok(_) => defects.add(MsrpDefect::MalformedHeader, line..end),
            Err(_) => defects.add(MsrpDefect::BadUtf8, line..end),
        }
        headers.push(header);
        line = end;
    }
    Headers(headers)
}

fn separators(octets: &Bytes, layout: &Layout, body: &Range<usize>, defects: &mut Defects) -> Option<(Bytes, Bytes)> {
    let before = layout.headers.end..body.start;
    let after = body.end..layout.end_line.start;
    let usual = part(octets, before.clone()) == CRLF && part(octets, after.clone()) == CRLF;
    if part(octets, before.clone()) != CRLF {
        defects.add(MsrpDefect::BareLineEnd, before.clone());
    }
    if after.is_empty() {
        defects.add(MsrpDefect::BlankLineBeforeEndLine, before.clone());
    }
    (!usual).then(|| (octets.slice(before), octets.slice(after)))
}
