//! A recording acted again, and what another switch does otherwise.
//!
//! A [`Script`] is the participants' side of a recording. A [`Troupe`] acts it, octets as their clients wrote them but with
//! live identifiers and addresses, each request once what had come before it has come. What came is then compared with what
//! had come by meaning: status codes, deliveries by content, reports, requests of the focus, the roster ([`Outcome`]).

mod compare;
mod digest;
mod live;
mod meaning;
mod script;
mod troupe;

pub use compare::{Difference, Outcome};
pub use live::Place;
pub use script::Script;
pub use troupe::{Direction, Troupe};
