//! Verdicts and the findings behind them (ISO/IEC 9646).

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::wire::Span;

/// The verdict of a test case or rule; the worst finding wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Not run, because the IUT does not claim it or the profile lacks a room; never a pass.
    NotApplicable,
    /// The purpose was reached and nothing was broken.
    Pass,
    /// A SHOULD was not met, or a deviation was seen that the interpretations tolerate.
    Advisory,
    /// The purpose was never reached.
    Inconclusive,
    /// A MUST was broken, seen in octets.
    Fail,
    /// Our own fault.
    Error,
}

impl Verdict {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
            Self::Advisory => "advisory",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

/// A piece of the transcript that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What it is: `the response to Bob's NICKNAME`.
    pub caption: String,
    /// Index of the (last) transcript event that carried it, if it crossed a PCO.
    pub event: Option<usize>,
    /// The message.
    pub octets: Bytes,
    /// The part of it that decided.
    pub decisive: Option<Span>,
}

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The verdict that this finding alone gives.
    pub verdict: Verdict,
    /// The requirement at stake: `RFC7701-7.1-16`.
    pub requirement: Option<String>,
    /// What was expected, with its clause: `425 (RFC 7701, 7.1)`.
    pub expected: String,
    /// What came instead.
    pub observed: String,
    /// The octets.
    pub evidence: Vec<Evidence>,
}
