//! The part of a file that is looked at. The file is never held whole.

use std::io::{self, Read};

/// How much is read at once.
const PIECE: usize = 256 * 1024;

/// Octets of a file from some offset on. It grows to what is asked of it and no further; callers bound what they ask.
#[derive(Debug)]
pub(super) struct Window<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
}

impl<R: Read> Window<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, end: 0, offset: 0 }
    }

    /// Where in the file the window begins.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// What is in sight.
    pub(super) fn octets(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads until so many octets are in sight; `false`: the file ends before.
    pub(super) fn reach(&mut self, length: usize) -> io::Result<bool> {
        if self.end - self.start >= length {
            return Ok(true);
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < length.max(PIECE) {
            self.buffer.resize(length.max(PIECE), 0);
        }
        while self.end < length {
            let free = self.buffer.get_mut(self.end..).unwrap_or_default();
            match self.reader.read(free) {
                Ok(0) => return Ok(false),
                Ok(count) => self.end += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// Moves on by octets that are in sight.
    pub(super) fn advance(&mut self, length: usize) {
        let length = length.min(self.end - self.start);
        self.start += length;
        self.offset += length as u64;
    }

    /// Moves on by any number of octets, which are not kept; `false`: the file ends before.
    pub(super) fn skip(&mut self, mut length: u64) -> io::Result<bool> {
        while length > 0 {
            if !self.reach(1)? {
                return Ok(false);
            }
            let step = length.min((self.end - self.start) as u64);
            self.advance(step as usize);
            length -= step;
        }
        Ok(true)
    }
}
