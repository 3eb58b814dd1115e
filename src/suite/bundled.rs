//! The bundled switch as implementation under test: the seam between the command line and switch and runtime.

use super::profile::{Profile, SipTransport};

/// How the bundled switch is to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundledOptions {
    /// The transport of its rooms' URIs.
    pub transport: SipTransport,
    /// Names of the faults it shall show.
    pub faults: Vec<String>,
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
    /// There is no such fault.
    #[error("there is no fault named '{name}'")]
    UnknownFault {
        /// The name asked for.
        name: String,
        /// The nearest known one.
        nearest: Option<String>,
    },
    /// The network refused.
    #[error("the bundled switch cannot start: {0}")]
    Network(String),
}

/// Starts the bundled switch on loopback sockets.
///
/// # Errors
/// Why it did not start.
pub async fn start(_options: &BundledOptions) -> Result<BundledTarget, StartError> {
    Err(StartError::Network("it is not part of this build".to_owned()))
}
