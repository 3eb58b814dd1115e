//! How heavy an unmet expectation weighs: what turns "this is not what was expected" into a verdict.

use super::verdict::Verdict;

/// Where in a test case something was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The preamble (`Given`): the situation that the test purpose needs.
    Preamble,
    /// The stimulus (`When`).
    Stimulus,
    /// The expectation (`Then`).
    Expectation,
}

/// The verdict for an expectation that was not met.
///
/// In the preamble the purpose was never reached: inconclusive. Later, the level of the case decides: a requirement that
/// only recommends or permits gives an advisory, every other one a fail; prose that binds without a keyword binds.
///
/// ```
/// use msrpspec::judge::verdict::Verdict;
/// use msrpspec::judge::weight::{Phase, weigh};
///
/// assert_eq!(weigh(Phase::Expectation, "MUST"), Verdict::Fail);
/// assert_eq!(weigh(Phase::Expectation, "SHOULD"), Verdict::Advisory);
/// assert_eq!(weigh(Phase::Preamble, "MUST"), Verdict::Inconclusive);
/// ```
pub fn weigh(phase: Phase, level: &str) -> Verdict {
    match (phase, level) {
        (Phase::Preamble, _) => Verdict::Inconclusive,
        (_, "SHOULD" | "SHOULD NOT" | "RECOMMENDED" | "MAY") => Verdict::Advisory,
        _ => Verdict::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preamble_never_condemns_and_a_recommendation_only_advises() {
        assert_eq!(weigh(Phase::Preamble, "MUST"), Verdict::Inconclusive);
        assert_eq!(weigh(Phase::Expectation, "SHOULD"), Verdict::Advisory);
        assert_eq!(weigh(Phase::Expectation, "MAY"), Verdict::Advisory);
        assert_eq!(weigh(Phase::Expectation, "MUST NOT"), Verdict::Fail);
        assert_eq!(weigh(Phase::Stimulus, "PROSE"), Verdict::Fail);
    }
}
