//! Blocks and lines of a Message/CPIM object, and its defects.

use std::ops::Range;

use bytes::Bytes;
use memchr::memchr;

use super::{Address, CONTENT_TYPE, CRLF, CpimDefect, CpimMessage, is_name_octet, namespace_of};
use crate::wire::header::{Header, Headers, without_line_end};
use crate::wire::{Defect, Parsed, Span};

/// The names of RFC 3862, section 4.
const NAMES: [&str; 7] = ["From", "To", "cc", "DateTime", "Subject", "NS", "Require"];

/// The extent of the header block that starts here, its blank line included; `None`: no blank line ends it.
pub(super) fn block(octets: &[u8], start: usize) -> Option<Range<usize>> {
    let mut line = start;
    loop {
        let end = line + memchr(b'\n', octets.get(line..)?)? + 1;
        if without_line_end(octets.get(line..end)?).is_empty() {
            return Some(start..end);
        }
        line = end;
    }
}

/// Whether Content-Type is among the headers of the block (interpretation T12).
pub(super) fn has_content_type(octets: &[u8], block: Range<usize>) -> bool {
    lines(octets, block).any(|line| {
        let line = octets.get(line).unwrap_or_default();
        let name = line.split(|octet| *octet == b':').next().unwrap_or_default();
        name.len() < line.len() && name.trim_ascii_end().eq_ignore_ascii_case(CONTENT_TYPE.as_bytes())
    })
}

/// The MIME header block; without a blank line (RFC 2045 allows an entity to end with its headers) only if it is beyond
/// doubt one.
fn mime_block(octets: &[u8], start: usize) -> Option<Range<usize>> {
    let rest = start..octets.len();
    block(octets, start).or_else(|| {
        let headers_only = lines(octets, rest.clone()).all(|line| {
            let line = octets.get(line).unwrap_or_default();
            line.ends_with(b"\n") && line.contains(&b':')
        });
        (headers_only && has_content_type(octets, rest.clone())).then_some(rest)
    })
}

/// The lines of a block, line ends included.
fn lines(octets: &[u8], block: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut next = block.start;
    std::iter::from_fn(move || {
        let line = next;
        let rest = octets.get(line..block.end).filter(|rest| !rest.is_empty())?;
        next = memchr(b'\n', rest).map_or(block.end, |at| line + at + 1);
        Some(line..next)
    })
}

struct Defects(Vec<Defect<CpimDefect>>);

impl Defects {
    fn add(&mut self, kind: CpimDefect, at: Range<usize>) {
        self.0.push(Defect { kind, span: Span { start: at.start, end: at.end } });
    }
}

/// Never fails; see [`CpimMessage::parse`].
pub(super) fn parse(octets: &Bytes) -> Parsed<CpimMessage, CpimDefect> {
    let mut defects = Defects(Vec::new());
    let whole = octets.len();
    let ended = block(octets, 0);
    if ended.is_none() {
        defects.add(CpimDefect::Unterminated, 0..whole);
    }
    let (headers, blank) = headers_of(octets, ended.unwrap_or(0..whole), &mut defects);
    let start = blank.end;
    let glued = headers.get(CONTENT_TYPE).is_some();
    let mime = if glued || start == whole { None } else { mime_block(octets, start) };
    let (mime_headers, mime_blank) = match mime {
        Some(mime) => headers_of(octets, mime, &mut defects),
        None => (Headers::default(), start..start),
    };
    let tree = CpimMessage {
        headers,
        blank: octets.slice(blank.clone()),
        mime_headers,
        mime_blank: octets.slice(mime_blank.clone()),
        content: octets.slice(mime_blank.end..),
    };
    check(&tree, blank.start..mime_blank.end, &mut defects);
    defects.0.sort_by_key(|defect| defect.span);
    Parsed { tree, defects: defects.0 }
}

/// The headers of a block and the place of its blank line.
fn headers_of(octets: &Bytes, block: Range<usize>, defects: &mut Defects) -> (Headers, Range<usize>) {
    let mut headers = Headers::default();
    let mut blank = block.end..block.end;
    for line in lines(octets, block) {
        let raw = octets.get(line.clone()).unwrap_or_default();
        if !raw.ends_with(CRLF) {
            defects.add(CpimDefect::BareLineEnd, line.clone());
        }
        if without_line_end(raw).is_empty() {
            blank = line;
            continue;
        }
        let header = Header::from_part(octets, line.clone());
        if std::str::from_utf8(raw).is_err() {
            defects.add(CpimDefect::BadUtf8, line.clone());
        }
        if header.name.is_empty() {
            defects.add(CpimDefect::MalformedHeader, line);
        }
        headers.0.push(header);
    }
    (headers, blank)
}

fn check(tree: &CpimMessage, after_headers: Range<usize>, defects: &mut Defects) {
    let (mut froms, mut tos) = (0, 0);
    let mut start = 0;
    for (header, name) in tree.named() {
        let line = start..start + header.length();
        start = line.end;
        match name {
            Some("From") => froms += 1,
            Some("To") => tos += 1,
            Some(name) if !NAMES.contains(&name) && NAMES.iter().any(|known| known.eq_ignore_ascii_case(name)) => {
                defects.add(CpimDefect::HeaderCase, line.clone());
            }
            _ => {}
        }
        if name == Some("From") && froms > 1 {
            defects.add(CpimDefect::RepeatedFrom, line.clone());
        }
        if matches!(name, Some("From" | "To" | "cc")) && Address::parse(&header.text()).is_none() {
            defects.add(CpimDefect::MalformedAddress, line.clone());
        }
        if (name == Some("NS") || &*header.name == b"NS") && namespace_of(header).is_none() {
            defects.add(CpimDefect::MalformedNamespace, line.clone());
        }
        if header.is(CONTENT_TYPE) {
            defects.add(CpimDefect::Glued, line);
        } else if !header.name.is_empty() {
            check_line(header, line, defects);
        }
    }
    if froms == 0 {
        defects.add(CpimDefect::MissingFrom, 0..start);
    }
    if tos == 0 {
        defects.add(CpimDefect::MissingTo, 0..start);
    }
    if tree.content_media_type().is_none() {
        defects.add(CpimDefect::MissingContentType, after_headers);
    }
}

/// The line of a CPIM header against RFC 3862, 2.2 and 3.6.
fn check_line(header: &Header, line: Range<usize>, defects: &mut Defects) {
    let (name, value) = (header.name.trim_ascii(), header.value.trim_ascii());
    if !is_header_name(name) || value.iter().any(u8::is_ascii_control) {
        defects.add(CpimDefect::MalformedHeader, line.clone());
    }
    let parameters = &*header.separator == b":" && header.value.starts_with(b";");
    let spaced = parameters || &*header.separator == b": ";
    if !spaced || name.len() < header.name.len() || value.len() < header.value.len() {
        defects.add(CpimDefect::HeaderSpacing, line);
    }
}

/// `[ Name-prefix "." ] Name`.
fn is_header_name(name: &[u8]) -> bool {
    let mut parts = name.split(|octet| *octet == b'.');
    parts.clone().count() <= 2 && parts.all(|part| !part.is_empty() && part.iter().copied().all(is_name_octet))
}
