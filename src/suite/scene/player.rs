//! One participant of a case: the actor on stage and what the steps remember of it.

use crate::peer::{CallId, CallState, RequestKey, SubscriptionId};
use crate::suite::profile::LogicalRoom;
use crate::suite::stage::Actor;

/// What a participant asked for last, and where the answer will be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing yet.
    Nothing,
    /// An MSRP request, by its transactions (one a chunk).
    Msrp(Vec<String>),
    /// A SIP request.
    Sip(RequestKey),
}

/// A participant of the case.
#[derive(Debug)]
pub struct Player {
    /// Name in the scenario: `Alice`, `Bob's second device`.
    pub name: String,
    /// The actor.
    pub actor: Actor,
    /// The room it is in or calls.
    pub room: Option<LogicalRoom>,
    /// The URI by which it signs: address of record, or anonymous URI.
    pub uri: String,
    /// Its real address of record, which anonymity must hide.
    pub aor: String,
    /// Its call, once it has called.
    pub call: Option<CallId>,
    /// Its last MSRP request.
    pub asked: Asked,
    /// Its last SIP request.
    pub asked_sip: Asked,
    /// The SIP request before that, where the two are sent at once.
    pub asked_before: Option<RequestKey>,
    /// Its BYE, if it sent one.
    pub bye: Option<RequestKey>,
    /// Its standing subscription to the roster.
    pub watching: Option<SubscriptionId>,
    /// How many NOTIFYs that subscription had brought before it was refreshed.
    pub notified_before: usize,
    /// Whether plain text reaches it: not so for one that accepts only pictures, reads nothing or lost its connection.
    pub hears_text: bool,
    /// Whether it has been in the room, its session in place.
    pub was_in: bool,
    /// Whether its last request was refused in a way that is tolerated.
    pub refused_tolerably: bool,
    /// Whether it still has its MSRP stream as far as the tester is concerned.
    pub connected: bool,
    /// A second session in another room: the call.
    pub second_call: Option<CallId>,
    /// The path of the switch before the last re-INVITE that changed something.
    pub former_path: Option<String>,
    /// The nickname it asked for last.
    pub wanted_nickname: Option<String>,
    /// What is still to come of a request that it has begun.
    pub withheld: Vec<u8>,
    /// A connection beside those of its session and its SIP.
    pub new_connection: Option<crate::port::Connection>,
    /// What the Call-ID of its last message over that has in it.
    pub torture_call_id: String,
}

impl Player {
    /// A participant that has done nothing yet.
    pub fn new(actor: Actor, room: Option<LogicalRoom>, aor: String) -> Self {
        Self {
            name: actor.name().to_owned(),
            actor,
            room,
            uri: aor.clone(),
            aor,
            call: None,
            asked: Asked::Nothing,
            asked_sip: Asked::Nothing,
            asked_before: None,
            bye: None,
            watching: None,
            notified_before: 0,
            hears_text: true,
            was_in: false,
            refused_tolerably: false,
            connected: true,
            second_call: None,
            former_path: None,
            wanted_nickname: None,
            withheld: Vec::new(),
            new_connection: None,
            torture_call_id: String::new(),
        }
    }

    /// Whether it is in the room, with a session that works.
    pub fn is_present(&self) -> bool {
        self.connected
            && self.bye.is_none()
            && self.call.is_some_and(|call| {
                self.actor.look(|participant| participant.session(call).is_some_and(|session| session.is_joined()))
            })
    }

    /// Whether its session was in place, nothing in the case ended it, and it is gone all the same.
    pub fn is_lost(&self) -> bool {
        let cut_off = || self.actor.look(|participant| crate::suite::expectation::is_cut_off(participant, self.call));
        self.was_in && self.connected && self.bye.is_none() && self.hears_text && (!self.is_present() || cut_off())
    }

    /// Whether its call was accepted and not ended.
    pub fn is_established(&self) -> bool {
        self.call.is_some_and(|call| {
            self.actor.look(|participant| {
                participant.session(call).is_some_and(|session| session.state == CallState::Established)
            })
        })
    }

    /// The URI without scheme, for texts that name it.
    pub fn user(&self) -> &str {
        let rest = self.aor.split_once(':').map_or(self.aor.as_str(), |(_, rest)| rest);
        rest.split_once('@').map_or(rest, |(user, _)| user)
    }

    /// The host part of its address.
    pub fn host(&self) -> &str {
        self.aor.split_once('@').map_or("", |(_, host)| host)
    }
}
