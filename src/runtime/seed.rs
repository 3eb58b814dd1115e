//! Where randomness comes from: one seed for a run, and a generator of its own for every label under it.

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use sha2::{Digest, Sha256};

/// A seed from the operating system.
#[expect(clippy::disallowed_methods, reason = "this is the place that draws randomness")]
pub fn fresh_seed() -> u64 {
    rand::random()
}

/// The generator for `label` in the run with this seed: the same pair gives the same numbers on every machine and in
/// every version.
pub fn rng_for(seed: u64, label: &str) -> ChaCha12Rng {
    let mut hash = Sha256::new();
    hash.update(seed.to_be_bytes());
    hash.update(label.as_bytes());
    ChaCha12Rng::from_seed(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::rng_for;

    #[test]
    fn labels_and_seeds_tell_generators_apart_and_nothing_else_does() {
        let draw = |seed, label| rng_for(seed, label).next_u64();
        assert_eq!(draw(1, "alice"), draw(1, "alice"));
        assert_ne!(draw(1, "alice"), draw(1, "bob"));
        assert_ne!(draw(1, "alice"), draw(2, "alice"));
    }
}
