//! MSRP (RFC 4975 with NICKNAME of RFC 7701 and AUTH of RFC 4976): messages, framing, header values.
//!
//! A message ends where a line holds seven hyphens, its own transaction identifier and a continuation flag; there is no
//! length in front. `scan` finds that line however the stream is cut, `parse` makes the tree and names the defects,
//! `framer` does both for a stream.

mod check;
mod defect;
mod framer;
mod message;
mod nickname;
mod parse;
mod scan;
mod values;

pub use defect::MsrpDefect;
pub use framer::{Framed, Framer, FramerLimits, FramingError};
pub use message::{Flag, MsrpMessage, Start};
pub use nickname::{NicknameSyntax, parse_nickname, quote_nickname};
pub use values::{ByteRange, FailureReport, is_ident};

#[cfg(test)]
mod tests;
