//! YAML scenarios: a script in the field's words becomes a case of the same steps that feature files use, so that there
//! is one implementation of every action and one judgement of every expectation.

mod actions;
mod expectations;
pub mod keys;
mod load;
mod participants;
mod sends;

use std::net::SocketAddr;

pub use load::{Loader, is_load_profile};

use super::plan::Case;
use crate::switch::flaw::Flaw;

/// The JSON Schema of scenarios, for editors.
pub const SCHEMA: &str = include_str!("scenario.schema.json");

/// A scenario that can be played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its steps, and what reports call it.
    pub case: Case,
    /// The tester is the room: who is tested is a client.
    pub room: Option<ActAsRoom>,
}

/// The room that the tester plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActAsRoom {
    /// Where it listens for SIP.
    pub sip: SocketAddr,
    /// Where it listens for MSRP.
    pub msrp: SocketAddr,
    /// How it misbehaves.
    pub faults: Vec<Flaw>,
}
