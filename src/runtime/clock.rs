//! Time and fresh randomness at the start of a run: the only place where they enter.

use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::port::Moment;

/// The time since the start of a run. Follows the time of the Tokio runtime, which a test may pause.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: tokio::time::Instant,
}

impl Clock {
    /// Starts a clock at zero.
    #[allow(clippy::disallowed_methods)]
    pub fn start() -> Self {
        Self { start: tokio::time::Instant::now() }
    }

    /// The time since the start.
    pub fn now(&self) -> Moment {
        self.start.elapsed()
    }

    /// When `moment` is, for Tokio's timers.
    pub fn at(&self, moment: Moment) -> tokio::time::Instant {
        self.start + moment
    }
}

/// Seconds since the Unix epoch.
#[allow(clippy::disallowed_methods)]
pub fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// A seed nobody chose, small enough to be read aloud.
pub fn fresh_seed() -> u64 {
    std::collections::hash_map::RandomState::new().build_hasher().finish() & 0xffff_ffff
}
