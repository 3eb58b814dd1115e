//! The one clock of a run.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::port::Moment;

/// Counts from the start of the run. Rests on tokio's clock, so that paused time works for an in-memory link.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: tokio::time::Instant,
}

impl Clock {
    /// A clock that starts now. Needs no runtime, except under tokio's paused time.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
    pub fn start() -> Self {
        Self { start: tokio::time::Instant::now() }
    }

    /// The time since the start.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
    pub fn now(&self) -> Moment {
        tokio::time::Instant::now().saturating_duration_since(self.start)
    }

    /// Waits until a moment; returns at once when it has passed.
    pub async fn sleep_until(&self, moment: Moment) {
        // A moment too far away to be represented never comes.
        match self.start.checked_add(moment) {
            Some(instant) => tokio::time::sleep_until(instant).await,
            None => std::future::pending().await,
        }
    }

    /// Seconds since the Unix epoch, for reports only.
    #[expect(clippy::disallowed_methods, reason = "this is the place that reads the clock")]
    pub fn unix_seconds() -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
    }
}
