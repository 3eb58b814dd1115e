//! Cutting a stream into messages.

use bytes::{Bytes, BytesMut};

use super::lines;
use super::parse::{self, Carrier};
use super::{SipDefect, SipMessage, long_name};
use crate::wire::Defect;

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
    /// What is wrong with it; spans count from the start of `octets`.
    pub defects: Vec<Defect<SipDefect>>,
    /// Its octets, with the empty lines before it (RFC 3261, 7.5).
    pub octets: Bytes,
}

/// How far the search for the next message has come. Offsets count from the start of the buffer.
#[derive(Clone, Debug)]
enum Progress {
    /// Among the empty lines before a start line; so many octets of them are known.
    Lead(usize),
    /// In the header block of a message that starts at `start`.
    Head {
        start: usize,
        /// Start of the line that is being looked at.
        line: usize,
        /// Up to here there is no line feed after `line`.
        searched: usize,
    },
    /// The message that starts at `start` ends at `end`.
    Body { start: usize, end: usize },
    /// Nothing more can be read.
    Failed(FramingError),
}

/// Cuts a stream into messages by Content-Length (RFC 3261, 18.3); skips CRLFs between messages. After an error it
/// stays in error and takes no more octets.
///
/// A missing Content-Length counts as 0 and is a defect. Empty lines before a message are kept with it; they count
/// against a bound of their own, as large as that of a message.
#[derive(Clone, Debug)]
pub struct Framer {
    limit: usize,
    buffer: BytesMut,
    progress: Progress,
}

impl Framer {
    /// A framer at the start of a stream that refuses messages over `limit` octets.
    pub fn new(limit: usize) -> Self {
        Self { limit, buffer: BytesMut::new(), progress: Progress::Lead(0) }
    }

    /// Adds octets of the stream.
    pub fn push(&mut self, octets: &[u8]) {
        if !matches!(self.progress, Progress::Failed(_)) {
            self.buffer.extend_from_slice(octets);
        }
    }

    /// The next complete message.
    pub fn next_message(&mut self) -> Option<Result<Framed, FramingError>> {
        loop {
            let step = match self.progress.clone() {
                Progress::Lead(known) => self.skip_empty_lines(known),
                Progress::Head { start, line, searched } => self.find_head_end(start, line, searched),
                Progress::Body { start, end } => {
                    if self.buffer.len() < end {
                        return None;
                    }
                    let octets = self.buffer.split_to(end).freeze();
                    self.progress = Progress::Lead(0);
                    let parsed = parse::message(&octets, start, Carrier::Stream);
                    return Some(Ok(Framed { message: parsed.tree, defects: parsed.defects, octets }));
                }
                Progress::Failed(error) => return Some(Err(error)),
            };
            match step {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => self.progress = Progress::Failed(error),
            }
        }
    }

    /// What has been pushed and not yet been given out.
    pub fn pending(&self) -> &[u8] {
        &self.buffer
    }

    /// `Ok(true)`: there is a step forward; `Ok(false)`: more octets are needed.
    fn skip_empty_lines(&mut self, known: usize) -> Result<bool, FramingError> {
        let rest = self.buffer.get(known..).unwrap_or_default();
        let lead = known + lines::leading_empty_lines(rest);
        if lead > self.limit {
            return Err(FramingError::TooLong(self.limit));
        }
        let Some(&first) = self.buffer.get(lead) else {
            self.progress = Progress::Lead(lead);
            return Ok(false);
        };
        if !lines::is_token(&[first]) {
            return Err(FramingError::NotSip(excerpt(&[first])));
        }
        self.progress = Progress::Head { start: lead, line: lead, searched: lead };
        Ok(true)
    }

    fn find_head_end(&mut self, start: usize, mut line: usize, mut searched: usize) -> Result<bool, FramingError> {
        let bound = start.saturating_add(self.limit);
        let window = self.buffer.get(..self.buffer.len().min(bound)).unwrap_or_default();
        while let Some(found) = memchr::memchr(b'\n', window.get(searched..).unwrap_or_default()) {
            let newline = searched + found;
            let text = window.get(line..newline).unwrap_or_default();
            let text = text.strip_suffix(b"\r").unwrap_or(text);
            if line == start && !parse::starts_like_sip(text) {
                return Err(FramingError::NotSip(excerpt(text)));
            }
            line = newline + 1;
            searched = line;
            if text.is_empty() {
                let length = announced(window.get(start..line).unwrap_or_default())?;
                let end = line.saturating_add(length);
                if end > bound {
                    return Err(FramingError::TooLong(self.limit));
                }
                self.progress = Progress::Body { start, end };
                return Ok(true);
            }
        }
        if self.buffer.len() > bound {
            return Err(FramingError::TooLong(self.limit));
        }
        self.progress = Progress::Head { start, line, searched: window.len() };
        Ok(false)
    }
}

/// The length that the first Content-Length of a complete header block announces; 0 without one.
fn announced(head: &[u8]) -> Result<usize, FramingError> {
    let mut at = lines::line(head, 0).next();
    while at < head.len() {
        let whole = lines::folded(head, at);
        let text = head.get(whole.text.clone()).unwrap_or_default();
        if let Some(name) = lines::name(text)
            && long_name(name).eq_ignore_ascii_case(b"Content-Length")
        {
            let colon = memchr::memchr(b':', text).unwrap_or(text.len());
            let value = text.get(colon + 1..).unwrap_or_default();
            return lines::number(value).ok_or(FramingError::BadContentLength);
        }
        at = whole.next();
    }
    Ok(0)
}

/// The start of a line for an error message.
fn excerpt(line: &[u8]) -> String {
    line.get(..line.len().min(60)).unwrap_or_default().escape_ascii().to_string()
}
