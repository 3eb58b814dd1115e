//! The scripted participants that act on an implementation under test.
//!
//! A [`Participant`] is a [`crate::port::Machine`]: a SIP user agent and MSRP endpoint of its own, sharing only the wire
//! codecs with the switch. By itself it does what any endpoint must (acknowledge, answer, report), as far as its
//! [`Conduct`] says; everything else happens by command, and every command can be damaged. Whatever it sees stands in its
//! log ([`Participant::seen`]).

mod answers;
mod assembly;
mod call;
mod dialog;
mod digest;
mod ids;
mod liberties;
mod log;
mod media;
mod options;
mod participant;
mod streams;
mod subscription;
mod transaction;

#[cfg(test)]
mod tests;

pub use ids::Ids;
pub use log::{Chunk, Delivered, Seen, SeenKind};
pub use options::{
    Announced, Chunks, Conduct, DigestDamage, Identity, InviteOptions, Offer, Place, RequestOptions, Rewrite, Route,
    SendOptions, Timers, Transport,
};
pub use participant::{CallId, CallState, Participant, RequestKey, SendFacts, Session, SubscriptionId};
