//! Header lines, shared by SIP, MSRP and CPIM: `Name: value` with every octet kept.

use std::borrow::Cow;

use bytes::Bytes;

/// One header line as it stands on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name in the case it came in, without blanks around it.
    pub name: Bytes,
    /// Colon and white space between name and value; empty where the line has no colon.
    pub separator: Bytes,
    /// The raw value: folding (SIP) and trailing blanks kept.
    pub value: Bytes,
    /// What ended the line: CRLF, or what stood in its place.
    pub line_end: Bytes,
}

impl Header {
    /// A header in canonical form: `Name: value` CRLF.
    pub fn new(name: &str, value: impl Into<Bytes>) -> Self {
        let _ = (name, value.into());
        todo!()
    }

    /// Whether the name is this one, compared without case.
    pub fn is(&self, name: &str) -> bool {
        let _ = name;
        todo!()
    }

    /// The value as text: unfolded, blanks at both ends trimmed, bad UTF-8 replaced.
    pub fn text(&self) -> Cow<'_, str> {
        todo!()
    }

    /// Appends the line to `out`, octet for octet.
    pub fn write(&self, out: &mut Vec<u8>) {
        let _ = out;
        todo!()
    }
}

/// Header lines in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<Header>);

impl Headers {
    /// The first header of this name.
    pub fn get(&self, name: &str) -> Option<&Header> {
        self.0.iter().find(|header| header.is(name))
    }

    /// All headers of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Header> {
        self.0.iter().filter(move |header| header.is(name))
    }

    /// Appends a canonical header line.
    pub fn push(&mut self, name: &str, value: impl Into<Bytes>) {
        self.0.push(Header::new(name, value));
    }

    /// Replaces the value of the first header of this name, or appends one.
    pub fn set(&mut self, name: &str, value: impl Into<Bytes>) {
        let _ = (name, value.into());
        todo!()
    }

    /// Removes all headers of this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|header| !header.is(name));
    }
}
