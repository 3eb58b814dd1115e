//! Fresh identifiers of enough randomness (RFC 4975, 7.1: at least 64 bits; 14.1: 80 for session ids).

use rand::RngExt;
use rand_chacha::ChaCha12Rng;

// Both cases of some letters: identifiers are compared with their case, and whoever folds it must be seen.
const LETTERS: &[u8; 32] = b"abcdefghKLMNPQRSTUvwxyz123456789";

/// A source of identifiers, a function of its seed.
#[derive(Clone, Debug)]
pub struct Ids(ChaCha12Rng);

impl Ids {
    /// Identifiers drawn from `rng`.
    pub fn new(rng: ChaCha12Rng) -> Self {
        Self(rng)
    }

    /// A transaction identifier: 80 random bits in 16 letters and digits.
    pub fn transaction(&mut self) -> String {
        self.letters(16)
    }

    /// A Message-ID: 100 random bits.
    pub fn message_id(&mut self) -> String {
        self.letters(20)
    }

    /// An MSRP session id: 100 random bits.
    pub fn session_id(&mut self) -> String {
        self.letters(20)
    }

    /// A SIP tag or the unique part of a branch or Call-ID: 80 random bits.
    pub fn tag(&mut self) -> String {
        self.letters(16)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0.random_range(0..bound.max(1))
    }

    fn letters(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| {
                let index = self.0.random_range(0..LETTERS.len());
                char::from(LETTERS.get(index).copied().unwrap_or(b'a'))
            })
            .collect()
    }
}
