//! The faults, a table for each part of the standards. Each table hands its rows on to the next one, and the last
//! hands all of them to the macro that makes the enum.

#[macro_use]
mod media;
#[macro_use]
mod focus;
#[macro_use]
mod slips;
#[macro_use]
pub(super) mod msrp;
#[macro_use]
pub(super) mod cpim;
#[macro_use]
pub(super) mod roster;
#[macro_use]
pub(super) mod sip;
#[macro_use]
pub(super) mod sdp;
#[macro_use]
pub(super) mod dialogs;
#[macro_use]
pub(super) mod setup;
#[macro_use]
pub(super) mod syntax;
#[macro_use]
pub(super) mod comparison;
#[macro_use]
pub(super) mod robustness;
