//! What holds for a whole run.

use std::sync::Arc;
use std::time::Duration;

use super::bundled::BundledOptions;
use super::profile::{Hops, Profile};
use crate::runtime::{Clock, Link};

/// The bound on one case over sockets, unless told.
pub const TIMEOUT_OVER_SOCKETS: Duration = Duration::from_secs(30);
/// The bound on one case in memory, unless told: time is virtual there, and cases may sit out SIP's 64*T1.
pub const TIMEOUT_IN_MEMORY: Duration = Duration::from_secs(90);

/// What holds for a whole run.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// The implementation under test.
    pub profile: Arc<Profile>,
    /// Where its rooms are reached, resolved before anything was sent.
    pub hops: Hops,
    /// Seed of all randomness; mix it with the case id ([`RunSettings::seed_of`]).
    pub seed: u64,
    /// Bound on one case, from the opening of its scene to its last step.
    pub timeout: Duration,
    /// How many cases run at once; at least 1.
    pub jobs: usize,
    /// How often the plan runs; at least 1.
    pub repeat: usize,
    /// Start no further case once one has failed.
    pub fail_fast: bool,
    /// An advisory counts as fail.
    pub strict: bool,
    /// Passing cases keep their transcript too: only a report that shows it needs it, and it takes memory.
    pub transcripts: bool,
    /// The implementation under test is the bundled switch.
    pub bundled: bool,
    /// The network that leads to it.
    pub link: Link,
    /// Each case meets a bundled switch of its own, in a network in memory of its own, started like this: what it comes to
    /// depends on the seed and on nothing that other cases did.
    pub apart: Option<BundledOptions>,
    /// The time since the start of the run.
    pub clock: Clock,
}

impl RunSettings {
    /// A seed for one case in one repetition: stable when other cases come and go.
    pub fn seed_of(&self, case_id: &str, repetition: usize) -> u64 {
        // FNV-1a: the same on every machine and in every release, unlike the standard library's hasher.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let parts = [&self.seed.to_le_bytes()[..], case_id.as_bytes(), &(repetition as u64).to_le_bytes()[..]];
        for octet in parts.concat() {
            hash = (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        hash
    }
}
