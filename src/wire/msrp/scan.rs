//! Where a message ends: the line scanner under [`super::Framer`].
//!
//! It never looks at an octet twice, but for the few that a line start may share with the next segment, so a stream costs
//! linear work however it is cut.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::{memchr, memmem};

use super::{Flag, FramerLimits, FramingError};
use crate::wire::header::without_line_end;

const PROTOCOL: &[u8] = b"MSRP ";
const HYPHENS: &[u8] = b"-------";
const LINE_OF_HYPHENS: &[u8] = b"\r\n-------";

static BODY_END: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(LINE_OF_HYPHENS));

/// Where the parts of a complete message stand, counted from its first octet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// The transaction identifier in the first line.
    pub transaction: Range<usize>,
    /// The header lines, and with that the end of the first line.
    pub headers: Range<usize>,
    /// The body, from after the blank line to before the CRLF of the end-line; `None`: no blank line.
    pub body: Option<Range<usize>>,
    /// The end-line, its line end included; its end is the message's.
    pub end_line: Range<usize>,
    /// The flag in it.
    pub flag: Flag,
}

/// How far a message has been read.
#[derive(Clone, Debug, Default)]
pub(super) struct Scanner {
    stage: Stage,
    /// Octets before this one need not be looked at again.
    seen: usize,
}

#[derive(Clone, Debug, Default)]
enum Stage {
    #[default]
    Protocol,
    Start,
    Headers {
        transaction: Range<usize>,
        headers: usize,
        line: usize,
    },
    Body {
        transaction: Range<usize>,
        headers: Range<usize>,
        body: usize,
    },
}

enum EndLine {
    Here(Flag),
    NotHere,
    Unknown,
}

impl Scanner {
    /// Goes on reading a message that starts at the first octet of `octets`, which may only have grown since the last
    /// call. `None`: its end has not come yet.
    pub fn advance(&mut self, octets: &[u8], limits: FramerLimits) -> Option<Result<Layout, FramingError>> {
        loop {
            match &self.stage {
                Stage::Protocol => {
                    let common = octets.iter().zip(PROTOCOL).take_while(|(here, wanted)| here == wanted).count();
                    if common == PROTOCOL.len() {
                        self.stage = Stage::Start;
                    } else {
                        // Up to the first wrong octet only: the error must not depend on how the stream was cut.
                        let wrong = octets.get(..=common)?;
                        return Some(Err(FramingError::NotMsrp(wrong.escape_ascii().to_string())));
                    }
                }
                Stage::Start => {
                    let end = match self.line_end(octets, limits)? {
                        Ok(end) => end,
                        Err(error) => return Some(Err(error)),
                    };
                    let Some(transaction) = transaction_of(octets.get(..end)?) else {
                        let line = without_line_end(octets.get(..end)?);
                        let shown = line.get(..SHOWN).unwrap_or(line);
                        return Some(Err(FramingError::NotMsrp(shown.escape_ascii().to_string())));
                    };
                    self.stage = Stage::Headers { transaction, headers: end, line: end };
                }
                Stage::Headers { transaction, headers, line } => {
                    let (transaction, headers, line) = (transaction.clone(), *headers, *line);
                    let end = match self.line_end(octets, limits)? {
                        Ok(end) => end,
                        Err(error) => return Some(Err(error)),
                    };
                    let content = without_line_end(octets.get(line..end)?);
                    if content.is_empty() {
                        self.stage = Stage::Body { transaction, headers: headers..line, body: end };
                    } else if let Some(flag) = flag_of(content, octets.get(transaction.clone())?) {
                        let headers = headers..line;
                        return Some(Ok(Layout { transaction, headers, body: None, end_line: line..end, flag }));
                    } else {
                        self.stage = Stage::Headers { transaction, headers, line: end };
                    }
                }
                Stage::Body { transaction, headers, body } => {
                    let found = self.body_end(octets, octets.get(transaction.clone())?, *body);
                    let body_end = match &found {
                        Ok((body, ..)) => body.end,
                        Err(seen) => *seen,
                    };
                    if body_end.saturating_sub(*body) > limits.body {
                        return Some(Err(FramingError::BodyTooLong(limits.body)));
                    }
                    match found {
                        Ok((body, end_line, flag)) => {
                            let (transaction, headers) = (transaction.clone(), headers.clone());
                            return Some(Ok(Layout { transaction, headers, body: Some(body), end_line, flag }));
                        }
                        Err(seen) => {
                            self.seen = seen;
                            return None;
                        }
                    }
                }
            }
        }
    }

    /// The end of the line that is being read, within the bound of the header block.
    fn line_end(&mut self, octets: &[u8], limits: FramerLimits) -> Option<Result<usize, FramingError>> {
        let end = memchr(b'\n', octets.get(self.seen..)?).map(|at| self.seen + at + 1);
        self.seen = end.unwrap_or(octets.len());
        if self.seen > limits.headers {
            return Some(Err(FramingError::HeadersTooLong(limits.headers)));
        }
        end.map(Ok)
    }

    /// Body, end-line and flag, or else the place up to which there is certainly no end of the body.
    fn body_end(
        &self,
        octets: &[u8],
        transaction: &[u8],
        body: usize,
    ) -> Result<(Range<usize>, Range<usize>, Flag), usize> {
        let length = HYPHENS.len() + transaction.len() + 3;
        if self.seen == body {
            // Where a sender forgot the CRLF of an empty body, the blank line takes its place.
            match end_line_at(octets, body, transaction) {
                EndLine::Here(flag) => return Ok((body..body, body..body + length, flag)),
                EndLine::Unknown => return Err(body),
                EndLine::NotHere => {}
            }
        }
        let mut seen = self.seen;
        while let Some(found) = octets.get(seen..).and_then(|rest| BODY_END.find(rest)) {
            let (at, line) = (seen + found, seen + found + 2);
            match end_line_at(octets, line, transaction) {
                EndLine::Here(flag) => return Ok((body..at, line..line + length, flag)),
                EndLine::Unknown => return Err(at),
                EndLine::NotHere => seen = line,
            }
        }
        Err(seen.max(octets.len().saturating_sub(LINE_OF_HYPHENS.len() - 1)))
    }
}

const SHOWN: usize = 80;

/// The second word of a first line that has at least three.
fn transaction_of(line: &[u8]) -> Option<Range<usize>> {
    let content = without_line_end(line);
    let start = PROTOCOL.len() + content.get(PROTOCOL.len()..)?.iter().position(|octet| *octet != b' ')?;
    let end = start + memchr(b' ', content.get(start..)?)?;
    content.get(end..)?.iter().any(|octet| *octet != b' ').then_some(start..end)
}

fn flag_of(content: &[u8], transaction: &[u8]) -> Option<Flag> {
    match content.strip_prefix(HYPHENS)?.strip_prefix(transaction)? {
        b"$" => Some(Flag::Complete),
        b"+" => Some(Flag::More),
        b"#" => Some(Flag::Aborted),
        _ => None,
    }
}

/// Whether an end-line with its CRLF stands here; decided only when there are octets enough for one.
fn end_line_at(octets: &[u8], line: usize, transaction: &[u8]) -> EndLine {
    let length = HYPHENS.len() + transaction.len() + 3;
    let Some(candidate) = octets.get(line..line + length) else {
        let begun = octets.get(line..).unwrap_or_default();
        let possible = begun.iter().zip(HYPHENS).all(|(here, wanted)| here == wanted);
        return if possible { EndLine::Unknown } else { EndLine::NotHere };
    };
    match candidate.strip_suffix(b"\r\n").and_then(|content| flag_of(content, transaction)) {
        Some(flag) => EndLine::Here(flag),
        None => EndLine::NotHere,
    }
}
