//! Octets to lossless trees and back.
//!
//! Every parser gives a tree *and* the defects it met, and loses no octet: `parse(octets).tree.octets() == octets`.
//! Every builder writes what it is told, and an [`edit::Edit`] list may break it afterwards: nothing validates on send.

pub mod auth;
pub mod conference_info;
pub mod cpim;
pub mod edit;
pub mod header;
pub mod msrp;
mod msrp_uri;
pub mod sdp;
pub mod sip;
pub mod uri;

/// A half-open range of octets within what was parsed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First octet.
    pub start: usize,
    /// One past the last octet.
    pub end: usize,
}

/// A violation of a grammar or of a rule that one message alone can break, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect<K> {
    /// Which one.
    pub kind: K,
    /// Where, in octets of the parsed input.
    pub span: Span,
}

/// A tree and what was wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed<T, K> {
    /// The message; nothing of the input is lost in it.
    pub tree: T,
    /// Violations, in the order of their spans.
    pub defects: Vec<Defect<K>>,
}
