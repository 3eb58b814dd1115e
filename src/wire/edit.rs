//! Deliberate damage: what a tester does to a well-formed message before it is sent.

use bytes::Bytes;

use super::header::Headers;

/// One change to a message. Nothing checks that the result is sensible: that is the point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Remove every header of this name.
    Drop(String),
    /// Write the first header of this name twice.
    Duplicate(String),
    /// Give the first header of this name another value, octet for octet; append it where it is missing.
    Replace(String, Bytes),
    /// Insert a raw line (its line end included) before the header of this name, or at the end of the headers.
    Insert(Option<String>, Bytes),
}

impl Edit {
    /// Carries out the change.
    pub fn apply(&self, headers: &mut Headers) {
        let _ = headers;
        todo!()
    }
}
