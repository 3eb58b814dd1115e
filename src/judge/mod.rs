//! Requirement catalogue, rules, the weight of expectations, verdicts. Judges observed octets only: it knows nothing of the
//! switch's insides or the peer's intent.

pub mod brief;
pub mod catalogue;
pub mod nickname;
pub mod record;
pub mod rules;
pub mod trace;
pub mod verdict;
pub mod weight;
