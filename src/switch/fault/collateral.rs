//! What faults take down beside the requirements that they break, and why it cannot be otherwise.

mod focus;
mod media;
mod slips;

use super::Fault;
use super::table::{comparison, cpim, dialogs, msrp, robustness, roster, sdp, setup, sip, syntax};

/// What else goes red under a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collateral {
    /// Requirements whose cases and rules may be red too.
    pub requirements: Requirements,
    /// Why the fault cannot leave them alone.
    pub why: &'static str,
}

/// Which requirements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirements {
    /// These.
    These(&'static [&'static str]),
    /// Any: nothing works under this fault.
    Everything,
}

impl Collateral {
    /// Whether it covers one of these requirements.
    pub fn covers<'a>(&self, requirements: impl IntoIterator<Item = &'a str>) -> bool {
        match self.requirements {
            Requirements::Everything => true,
            Requirements::These(these) => requirements.into_iter().any(|one| these.contains(&one)),
        }
    }
}

impl Fault {
    /// What else the fault takes down; `None`: nothing.
    pub fn collateral(self) -> Option<Collateral> {
        TABLES
            .iter()
            .copied()
            .flatten()
            .find(|(fault, _, _)| *fault == self)
            .map(|(_, requirements, why)| Collateral { requirements: *requirements, why })
    }
}

const TABLES: &[&[(Fault, Requirements, &str)]] = &[
    media::ROWS,
    focus::ROWS,
    slips::ROWS,
    msrp::COLLATERAL,
    cpim::COLLATERAL,
    roster::COLLATERAL,
    sip::COLLATERAL,
    sdp::COLLATERAL,
    dialogs::COLLATERAL,
    setup::COLLATERAL,
    syntax::COLLATERAL,
    comparison::COLLATERAL,
    robustness::COLLATERAL,
];
