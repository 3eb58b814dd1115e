//! Requirement catalogue, rules, expectations and verdicts. Judges observed octets only: it knows nothing of the
//! switch's insides or the peer's intent.

pub mod brief;
pub mod catalogue;
pub mod expect;
pub mod nickname;
pub mod record;
pub mod rules;
pub mod trace;
pub mod verdict;
pub mod weight;
