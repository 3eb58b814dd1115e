//! Rules: invariants that every transcript is judged by, whatever the scenario was about.
//!
//! A rule judges what the implementation under test sent and takes the tester's octets as stimulus. It condemns only
//! what no defensible reading allows; what a SHOULD or a tolerant interpretation stands against is advisory.

mod bench;
mod chat;
mod chunks;
mod conference_documents;
mod description_lines;
mod dialogs;
mod msrp_form;
mod offer_answer;
mod own_wrappers;
mod reports;
mod requests;
mod responses;
mod roster;
mod session_descriptions;
mod session_setup;
mod sip_fields;
mod sip_messages;
mod sip_responses;
mod status_codes;

pub use bench::{Bench, RuleBench};
pub use chat::clearly_not_room;

use std::sync::LazyLock;

use super::trace::Trace;

/// An invariant.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable id: `RULE-MSRP-007`.
    pub id: &'static str,
    /// What it demands, one sentence.
    pub purpose: &'static str,
    /// Requirement ids it is bound to, the most specific one first.
    pub requirements: &'static [&'static str],
    /// Strength of the requirement: `MUST`, `SHOULD`.
    pub level: &'static str,
    /// Looks for occasions in a trace, counts them and notes what was wrong.
    pub judge: fn(&Trace, &mut Bench),
}

static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rooms = [
        responses::RULES,
        reports::RULES,
        requests::RULES,
        chunks::RULES,
        msrp_form::RULES,
        status_codes::RULES,
        chat::RULES,
        own_wrappers::RULES,
        session_descriptions::RULES,
        description_lines::RULES,
        offer_answer::RULES,
        session_setup::RULES,
        sip_responses::RULES,
        sip_messages::RULES,
        dialogs::RULES,
        sip_fields::RULES,
        roster::RULES,
        conference_documents::RULES,
    ];
    rooms.concat()
});

/// All rules: MSRP, chat, SDP, SIP, roster.
pub fn all() -> &'static [Rule] {
    &ALL
}

#[cfg(test)]
mod tests;
