//! A stream cut into messages (RFC 4975, 7.1 and 9).

use bytes::{Bytes, BytesMut};

use super::parse::build;
use super::scan::Scanner;
use super::{MsrpDefect, MsrpMessage};
use crate::wire::{Defect, Parsed};

/// Bounds for a [`Framer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FramerLimits {
    /// Most octets that the first line and the headers may take.
    pub headers: usize,
    /// Most octets of a body.
    pub body: usize,
}

impl Default for FramerLimits {
    fn default() -> Self {
        Self { headers: 64 * 1024, body: 8 * 1024 * 1024 }
    }
}

/// Why a stream cannot be framed any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FramingError {
    /// The stream does not start with `MSRP tid ...`: the octets up to the first wrong one, or the first line, escaped.
    #[error("not the start of an MSRP message: {0}")]
    NotMsrp(String),
    /// The headers exceed the bound.
    #[error("header block over {0} octets")]
    HeadersTooLong(usize),
    /// The body exceeds the bound.
    #[error("body over {0} octets without an end-line")]
    BodyTooLong(usize),
}

/// Cuts a stream into messages, however it is segmented. After an error it stays in error.
///
/// It gives up what it can of its bound by `next_message`: whoever pushes should take messages out between pushes.
#[derive(Clone, Debug)]
pub struct Framer {
    limits: FramerLimits,
    buffer: BytesMut,
    scanner: Scanner,
    error: Option<FramingError>,
}

impl Framer {
    /// A framer at the start of a stream.
    pub fn new(limits: FramerLimits) -> Self {
        Self { limits, buffer: BytesMut::new(), scanner: Scanner::default(), error: None }
    }

    /// Adds octets of the stream. After an error they are dropped.
    pub fn push(&mut self, octets: &[u8]) {
        if self.error.is_none() {
            self.buffer.extend_from_slice(octets);
        }
    }

    /// The next complete message, with its octets.
    pub fn next_message(&mut self) -> Option<Result<Framed, FramingError>> {
        if let Some(error) = &self.error {
            return Some(Err(error.clone()));
        }
        match self.scanner.advance(&self.buffer, self.limits)? {
            Ok(layout) => {
                self.scanner = Scanner::default();
                let octets = self.buffer.split_to(layout.end_line.end).freeze();
                let Parsed { tree: message, defects } = build(&octets, &layout);
                Some(Ok(Framed { message, defects, octets }))
            }
            Err(error) => {
                self.error = Some(error.clone());
                Some(Err(error))
            }
        }
    }

    /// Whether nothing has come of a message whose end has not.
    pub fn is_between(&self) -> bool {
        self.buffer.is_empty() || memchr::memmem::find(&self.buffer, b"\r\n-------").is_some()
    }

    /// What has been pushed and not yet been given out.
    pub fn pending(&self) -> &[u8] {
        &self.buffer
    }
}

/// A message cut out of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framed {
    /// The tree.
    pub message: MsrpMessage,
    /// What is wrong with it.
    pub defects: Vec<Defect<MsrpDefect>>,
    /// Its octets.
    pub octets: Bytes,
}
