//! The bundled switch as implementation under test: the seam between the command line and switch and runtime.

use super::profile::{Profile, SipTransport};
use crate::switch::fault::Fault;

/// How the bundled switch is to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundledOptions {
    /// The transport of its rooms' URIs.
    pub transport: SipTransport,
    /// The faults that it shall show.
    pub faults: Vec<Fault>,
    /// Seed of its randomness.
    pub seed: u64,
}

/// A bundled switch that is up; it ends when this is dropped.
#[derive(Debug)]
pub struct BundledTarget {
    /// How to reach it.
    pub profile: Profile,
}

/// Why the bundled switch did not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The network refused.
    #[error("the bundled switch cannot start: {0}")]
    Network(String),
}

/// Starts the bundled switch on loopback sockets. Must be called within a Tokio runtime.
///
/// # Errors
/// Why it did not start.
pub async fn start(_options: &BundledOptions) -> Result<BundledTarget, StartError> {
    Err(StartError::Network("it is not part of this build".to_owned()))
}
