//! The knock: before a run, one participant calls at the default room. It tells whether anybody is there at all, and
//! what the room announces where the profile is silent.

use std::collections::BTreeMap;
use std::time::Duration;

use super::observe::Stop;
use super::profile::{Claim, Hop, Profile};
use super::settings::RunSettings;
use super::stage::{Actor, Stage, StageError, StageSettings, StageTls};
use crate::peer::{
    self, CallId, CallState, Identity, InviteOptions, Offer, Participant, Seen, SeenKind, SendOptions, Session,
};
use crate::port::{Moment, Protocol};
use crate::runtime::{Clock, Link, fresh_seed};
use crate::wire::sdp::Media;
use crate::wire::sip::SipMessage;
use crate::wire::uri::SipUri;

/// How long the visitor may take to leave.
const LEAVING: Duration = Duration::from_secs(2);

/// Whether the room can be tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The visitor was in the room.
    Joined,
    /// Somebody answers, but the visitor did not get into the room; one sentence without a full stop.
    NotJoined(String),
    /// Nobody answers; one sentence without a full stop.
    Nobody(String),
}

/// What the knock brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knock {
    /// Whether anybody is there.
    pub outcome: Outcome,
    /// What the room announces, as far as the profile does not say it.
    pub learned: BTreeMap<Claim, bool>,
    /// The same for people, and where the room contradicts the profile.
    pub remarks: Vec<String>,
}

/// Knocks at the default room and leaves it again.
///
/// No wait in it is longer than the profile's response timer, and a stop ends it at once.
pub async fn knock(settings: &RunSettings, stop: &Stop) -> Knock {
    let mut knock = Knock { outcome: Outcome::Joined, learned: BTreeMap::new(), remarks: Vec::new() };
    // A room that lives on would take the same identifiers for a request that loops (RFC 3261, 8.2.2.2).
    let seed = if matches!(settings.link, Link::Memory(_)) { settings.seed } else { fresh_seed() };
    let visit = match Visit::begin(
        settings.link.clone(),
        &settings.profile,
        &settings.hops.default,
        settings.clock,
        seed,
    )
    .await
    {
        Ok(visit) => visit,
        Err(error) => {
            knock.outcome = Outcome::NotJoined(format!("nobody can be sent to the room: {error}"));
            return knock;
        }
    };
    tokio::select! {
        () = look_around(&visit, &settings.profile, &mut knock) => {}
        _ = stop.asked() => {}
    }
    visit.leave().await;
    knock
}

/// Knocks in the middle of a run, when nothing has come of many cases: why nobody can talk there any more, if so.
pub async fn deaf(settings: &RunSettings, stop: &Stop) -> Option<String> {
    let hop = &settings.hops.default;
    let visit = Visit::begin(settings.link.clone(), &settings.profile, hop, settings.clock, fresh_seed()).await.ok()?;
    let found = async {
        let call = visit.invite(Offer::default()).await;
        match visit.outcome(call) {
            Outcome::Joined if visit.is_heard(call).await => None,
            Outcome::Joined => {
                let waited = visit.patience.as_secs_f64();
                Some(format!("a visitor can still join, but no SEND is answered within {waited} s"))
            }
            Outcome::NotJoined(why) | Outcome::Nobody(why) => Some(why),
        }
    };
    let found = tokio::select! {
        found = found => found,
        _ = stop.asked() => None,
    };
    visit.leave().await;
    found
}

async fn look_around(visit: &Visit, profile: &Profile, knock: &mut Knock) {
    let call = visit.invite(Offer::default()).await;
    knock.outcome = visit.outcome(call);
    let session = visit.session(call);
    let Some(media) = session.and_then(|session| session.remote_media) else { return };
    for (claim, token) in [(Claim::Nicknames, "nickname"), (Claim::PrivateMessages, "private-messages")] {
        let announced = announces(&media, token);
        let words = if announced { "announces" } else { "does not announce" };
        let said = format!("the room's SDP {words} the chat token '{token}'");
        match profile.claim(claim) {
            None => knock.learn(claim, announced, &said),
            Some(true) if !announced => {
                knock.remarks.push(format!("{claim} is claimed by the profile, but {said}"));
            }
            Some(false) if announced => {
                knock.remarks.push(format!("{claim} is denied by the profile, but {said}"));
            }
            Some(_) => {}
        }
    }
    if knock.outcome == Outcome::Joined && profile.claim(Claim::ConferenceEvent).is_none() {
        match visit.subscribe().await {
            Some(status) => {
                let said = format!("SUBSCRIBE to the conference event package is answered with {status}");
                knock.learn(Claim::ConferenceEvent, status < 300, &said);
            }
            None => knock.remarks.push("SUBSCRIBE to the conference event package is not answered".to_owned()),
        }
    }
}

impl Knock {
    fn learn(&mut self, claim: Claim, there: bool, why: &str) {
        self.learned.insert(claim, there);
        self.remarks.push(format!("learned: {claim}: {there} ({why})"));
    }
}

/// Whether a media description has a chat-token; tokens are read as interpretation T02 has it, in any case.
pub(super) fn announces(media: &Media, token: &str) -> bool {
    media.chatroom.iter().flatten().any(|one| one.eq_ignore_ascii_case(token))
}

/// One participant who calls at a room to see what it is like.
#[derive(Debug)]
pub(super) struct Visit {
    stage: Stage,
    actor: Actor,
    hop: Hop,
    patience: Duration,
}

impl Visit {
    /// Brings the visitor on stage; nothing is sent yet.
    pub(super) async fn begin(
        link: Link,
        profile: &Profile,
        hop: &Hop,
        clock: Clock,
        seed: u64,
    ) -> Result<Self, StageError> {
        let settings = StageSettings {
            next_hop: hop.address,
            transport: hop.transport.into(),
            room: profile.room.clone(),
            timers: peer::Timers::default(),
            seed,
            tls: StageTls { ca: profile.tls.ca.clone(), insecure: profile.tls.insecure },
        };
        let stage = Stage::new(link, clock, settings)?;
        let user = format!("visitor-{:06}", seed % 1_000_000);
        let aor = SipUri::new(Some(&user), &profile.domain, None);
        let identity = Identity { name: "Visitor".to_owned(), aor, display_name: None, credentials: None };
        let route = peer::Route {
            transport: hop.transport.into(),
            next_hop: hop.address,
            server_name: hop.server_name.clone(),
            room: profile.room.clone(),
        };
        let actor = stage.admit_on(identity, route).await?;
        Ok(Self { stage, actor, hop: hop.clone(), patience: profile.timers.response })
    }

    /// Leaves whatever was joined.
    pub(super) async fn leave(self) {
        self.stage.leave_all(LEAVING).await;
    }

    /// Lets the visitor do something.
    pub(super) fn act<R>(&self, action: impl FnOnce(&mut Participant, Moment) -> R) -> R {
        self.actor.act(action)
    }

    /// Looks at a call.
    pub(super) fn session(&self, call: CallId) -> Option<Session> {
        self.actor.look(|participant| participant.session(call).cloned())
    }

    /// The final response to a request, if it comes in time.
    pub(super) async fn answer(&self, key: peer::RequestKey) -> Option<SipMessage> {
        let mark = self.actor.look(Participant::mark);
        let seen = self.actor.wait(self.patience, |participant| {
            let response = participant.final_response(key).cloned();
            (response.is_some() || participant.timed_out(key) || is_cut_off(participant, mark)).then_some(response)
        });
        seen.await.ok().flatten()
    }

    /// Calls the room, and waits until the session works or it is clear that it will not.
    pub(super) async fn invite(&self, offer: Offer) -> CallId {
        let options = InviteOptions { offer: Some(offer), ..InviteOptions::default() };
        let mark = self.actor.look(Participant::mark);
        let call = self.actor.act(|participant, now| participant.invite(now, options));
        let settled = self.actor.wait(self.patience, |participant| {
            let session = participant.session(call)?;
            let over = match session.state {
                CallState::Calling => is_cut_off(participant, mark),
                CallState::Established => !carries_msrp(session) || session.first_send_status.is_some(),
                CallState::Refused(_) | CallState::TimedOut | CallState::Ended => true,
            };
            let lost = session.state == CallState::Established && msrp_trouble(participant).is_some();
            (session.is_joined() || over || lost).then_some(())
        });
        // Whoever never settles is described by what is there.
        let _ = settled.await;
        call
    }

    /// Whether a SEND is answered, whatever the answer is. It has no body: there is nothing that others would have to
    /// hear (interpretation T31).
    async fn is_heard(&self, call: CallId) -> bool {
        let options = SendOptions { body: Some((None, None)), ..SendOptions::default() };
        let sent = self.actor.act(|participant, now| participant.send(now, call, options));
        let Some(transaction) = sent.and_then(|facts| facts.transactions.into_iter().next()) else { return false };
        let answered = |participant: &Participant| (!participant.responses_to(&transaction).is_empty()).then_some(());
        self.actor.wait(self.patience, answered).await.is_ok()
    }

    /// The status with which SUBSCRIBE is answered.
    pub(super) async fn subscribe(&self) -> Option<u16> {
        let key = self.actor.act(|participant, now| {
            let subscription = participant.fetch_roster(now);
            participant.subscribe_request(subscription)
        })?;
        self.answer(key).await?.status()
    }

    /// What became of a call.
    pub(super) fn outcome(&self, call: CallId) -> Outcome {
        self.actor.look(|participant| match participant.session(call) {
            Some(session) if session.is_joined() => Outcome::Joined,
            Some(session) => self.failure(participant, session),
            None => Outcome::NotJoined("no INVITE could be sent".to_owned()),
        })
    }

    fn failure(&self, participant: &Participant, session: &Session) -> Outcome {
        let waited = self.patience.as_secs_f64();
        let room = participant.room();
        let why = match session.state {
            CallState::Refused(status) => {
                let hint = match status {
                    401 | 407 => "; a room that asks for credentials belongs under 'rooms: digest' in the IUT profile",
                    404 | 604 => "; is this the name of a room?",
                    _ => "",
                };
                format!("the INVITE to {room} is answered with {status}{hint}")
            }
            CallState::Ended => format!("the session in {room} was ended with BYE at once"),
            CallState::Calling | CallState::TimedOut => {
                if participant.seen().iter().any(|seen| matches!(seen.what, SeenKind::SipResponse { key: None, .. })) {
                    "what comes back from the room answers no request of ours (neither the branch in Via nor the Call-ID)".to_owned()
                } else if !participant.sip_responses(session.invite).is_empty() {
                    format!("the INVITE to {room} has no final answer within {waited} s")
                } else {
                    return Outcome::Nobody(self.nobody(participant));
                }
            }
            CallState::Established => {
                let trouble = if !carries_msrp(session) {
                    "its SDP has no MSRP stream".to_owned()
                } else if let Some(status) = session.first_send_status {
                    format!("the first SEND is answered with {status}")
                } else if let Some(trouble) = msrp_trouble(participant) {
                    trouble
                } else if session.connection.is_none() {
                    format!("there is no MSRP connection within {waited} s")
                } else {
                    format!("the first SEND is not answered within {waited} s")
                };
                format!("the INVITE to {room} is accepted, but {trouble}")
            }
        };
        Outcome::NotJoined(why)
    }

    fn nobody(&self, participant: &Participant) -> String {
        let at = format!("{} {}", self.hop.transport.token(), self.hop.address);
        let mut garbage = None;
        let mut closed = false;
        for seen in participant.seen() {
            match &seen.what {
                SeenKind::ConnectFailed { reason, .. } => {
                    let address = format!("{}: ", self.hop.address);
                    let reason = reason.strip_prefix(&address).unwrap_or(reason);
                    return format!("nobody answers at {at}: {reason}; is the switch running?");
                }
                SeenKind::SipGarbage { reason, .. } => garbage = Some(reason),
                SeenKind::Closed { protocol: Protocol::Sip, .. } => closed = true,
                _ => {}
            }
        }
        if let Some(reason) = garbage {
            return format!("what answers at {at} does not speak SIP: {reason}");
        }
        let waited = self.patience.as_secs_f64();
        match closed {
            true => format!("the switch at {at} closes the connection without an answer to the INVITE"),
            false => format!("nobody answers at {at}: no response to INVITE within {waited} s; is the switch running?"),
        }
    }
}

fn carries_msrp(session: &Session) -> bool {
    session.remote_media.as_ref().is_some_and(|media| media.is_msrp() && media.port != 0)
}

/// Whether a SIP stream was closed after a mark.
fn is_cut_off(participant: &Participant, mark: usize) -> bool {
    let closed = |seen: &Seen| matches!(seen.what, SeenKind::Closed { protocol: Protocol::Sip, .. });
    participant.seen_since(mark).iter().any(closed)
}

/// Why the MSRP stream of an accepted call does not work.
fn msrp_trouble(participant: &Participant) -> Option<String> {
    participant.seen().iter().find_map(|seen| match &seen.what {
        SeenKind::ConnectFailed { reason, .. } => Some(format!("MSRP cannot connect to {reason}")),
        SeenKind::Closed { protocol: Protocol::Msrp, .. } => Some("the MSRP connection is closed at once".to_owned()),
        SeenKind::MsrpGarbage { reason, .. } => {
            Some(format!("what comes over the MSRP connection is not MSRP: {reason}"))
        }
        _ => None,
    })
}
