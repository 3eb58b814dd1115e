//! How a participant joins and changes its session (RFC 3261, 13.3 and 14.2; RFC 7701, 5.2).

use std::time::Duration;

use bytes::Bytes;

use super::admission::{self, Identity};
use super::dialog::{Dialog, DialogId};
use super::offer_answer::{self, Acceptable, LocalDescription, Ours, Role, Terms};
use super::respond::{self, ACCEPT, Refusal};
use super::transaction::ServerId;
use super::transport::Flow;
use super::{Alarm, Focus, Incoming, Purpose};
use crate::port::Moment;
use crate::switch::config::RoomPolicy;
use crate::switch::fault::Fault;
use crate::switch::media::Media;
use crate::switch::{Membership, RoomId, SessionId, UserId};
use crate::wire::sip::{SipMessage, Start};
use crate::wire::uri::{MsrpUri, Uri};

/// The INVITE usage of a dialog.
#[derive(Debug)]
pub(super) struct Session {
    pub room: usize,
    pub session: SessionId,
    identity: Identity,
    contact: String,
    path: MsrpUri,
    secure: bool,
    local: LocalDescription,
    /// Who it is in the room, once offer and answer are complete.
    pub user: Option<UserId>,
    /// An offer of ours is out: the ACK brings the answer.
    offered: bool,
    awaiting: Option<Awaiting>,
    /// The chat tokens at the start, for [`Fault::ChatroomUpdateIgnored`].
    chatroom: Option<Vec<String>>,
    /// What was accepted, until the ACK, for [`Fault::AckAwaited`].
    held: Option<Acceptable>,
    /// The offer that was accepted last, for faults of later ones.
    theirs: Option<Bytes>,
    /// The MSRP side has lost its connection.
    pub lost: bool,
}

/// A 2xx that repeats until its ACK comes (RFC 3261, 13.3.1.4).
#[derive(Debug)]
struct Awaiting {
    cseq: u32,
    octets: Bytes,
    flow: Flow,
    next: Moment,
    interval: Duration,
    end: Moment,
}

/// An INVITE that is answered after a while.
#[derive(Debug)]
pub(super) struct Late {
    pub incoming: Incoming,
    kind: LateKind,
}

#[derive(Debug)]
enum LateKind {
    Join { room: usize, identity: Identity },
    Change { dialog: DialogId },
}

impl Late {
    /// The dialog whose re-INVITE this is.
    pub fn dialog(&self) -> Option<DialogId> {
        match self.kind {
            LateKind::Change { dialog } => Some(dialog),
            LateKind::Join { .. } => None,
        }
    }
}

impl Focus {
    /// An INVITE outside of dialogs.
    pub(super) fn invite(
        &mut self,
        now: Moment,
        incoming: &Incoming,
        room: usize,
        media: &mut Media,
    ) -> Result<(), Refusal> {
        let message = &incoming.message;
        if message.contacts().first().and_then(|contact| contact.sip_uri()).is_none() {
            return Err(Refusal::new(400).because(&self.agent(), "Contact is missing or cannot be read"));
        }
        if self.dialogs.len() >= self.settings.limits.dialogs {
            return Err(Refusal::new(503).with("Retry-After", "30"));
        }
        let policy = self.policy(room)?;
        let username = self.authenticator.check(now, &policy, message, &mut self.rng)?;
        self.check_headers(incoming, "INVITE")?;
        let mut identity = admission::identify(message, username.as_deref(), &self.settings.sip_udp.ip().to_string())?;
        if identity.is_anonymous && self.faults.has(Fault::AnonymousRefused) {
            return Err(Refusal::new(403));
        }
        identity.private = identity.is_anonymous || (identity.private && !self.faults.has(Fault::PrivacyIgnored));
        if self.faults.has_when(Fault::ReturnRefused, || {
            self.rooms.get(room).is_some_and(|room| room.knows(&identity) && !room.is_present(&identity))
        }) {
            return Err(Refusal::new(403));
        }
        if self.answered_late(now, incoming, &policy, LateKind::Join { room, identity: identity.clone() }) {
            return Ok(());
        }
        self.join(now, incoming, room, identity, media)
    }

    /// Answers an INVITE whose delay is over.
    pub(super) fn answer_late(&mut self, now: Moment, id: ServerId, media: &mut Media) {
        let Some(Late { incoming, kind }) = self.late.remove(&id) else { return };
        let outcome = match kind {
            LateKind::Join { room, identity } => self.join(now, &incoming, room, identity, media),
            LateKind::Change { dialog } => self.change(now, &incoming, dialog, media),
        };
        if let Err(refusal) = outcome {
            self.refuse(now, id, refusal);
        }
    }

    /// A re-INVITE.
    pub(super) fn invite_again(
        &mut self,
        now: Moment,
        incoming: &Incoming,
        dialog: DialogId,
        media: &mut Media,
    ) -> Result<(), Refusal> {
        let session = self.sessions.get(&dialog).ok_or_else(|| Refusal::new(481))?;
        let pending = self.late.values().any(|late| late.dialog() == Some(dialog));
        if pending && self.faults.has(Fault::SecondReinviteBare) {
            return Err(Refusal::new(500));
        }
        if pending && !self.faults.has(Fault::SecondReinviteTaken) {
            // RFC 3261, 14.2: the one before has no final response yet.
            return Err(Refusal::new(500).with("Retry-After", "1"));
        }
        if session.offered {
            // Our offer has no answer yet: no second one may cross it (RFC 3264, 4).
            return Err(Refusal::new(491));
        }
        let policy = self.policy(session.room)?;
        if self.answered_late(now, incoming, &policy, LateKind::Change { dialog }) {
            return Ok(());
        }
        self.change(now, incoming, dialog, media)
    }

    /// An ACK within a dialog: the 2xx arrived, and a late offer has its answer.
    pub(super) fn acknowledged(&mut self, now: Moment, ack: &SipMessage, media: &mut Media) {
        let Some(dialog) = Dialog::key_of(ack).and_then(|key| self.dialog_keys.get(&key).copied()) else { return };
        let number = ack.cseq().map(|cseq| cseq.number);
        let Some(session) = self.sessions.get_mut(&dialog) else { return };
        if session.awaiting.as_ref().map(|awaiting| awaiting.cseq) != number {
            return;
        }
        if self.faults.has(Fault::AckOverlooked) {
            if let Some(awaiting) = &mut session.awaiting {
                awaiting.end += Duration::from_secs(3600);
            }
        } else {
            session.awaiting = None;
        }
        if let Some(held) = session.held.take() {
            self.established(now, dialog, held, media);
            return;
        }
        if !session.offered {
            return;
        }
        session.offered = false;
        let (room, anew, id) = (session.room, session.user.is_some(), session.session);
        let answer = sdp(ack).and_then(|body| {
            let policy = self.policy(room).ok()?;
            offer_answer::examine(&body, Role::Answer, &self.terms(&policy, &self.agent())).ok()
        });
        match answer {
            Some(accepted) if self.sessions.get(&dialog).is_some_and(|session| session.secure == accepted.secure) => {
                self.established(now, dialog, accepted, media);
                if anew && self.faults.has(Fault::LaterOfferConnects) {
                    media.connect_uncalled(id);
                }
                if !anew && self.faults.has(Fault::LateOfferUnbound) {
                    media.forget_uri(id);
                }
            }
            _ => {
                self.note(format_args!("the ACK brought no usable answer"));
                self.hang_up(now, dialog, media);
            }
        }
    }

    /// Repeats a 2xx, or gives up.
    pub(super) fn acknowledgement_missing(&mut self, now: Moment, dialog: DialogId, media: &mut Media) {
        let longest = self.settings.timers.t2;
        let faults = self.faults;
        let Some(awaiting) = self.sessions.get_mut(&dialog).and_then(|session| session.awaiting.as_mut()) else {
            return;
        };
        if awaiting.end <= now {
            self.note(format_args!("no ACK for a 2xx: the session ends"));
            self.acknowledgement_given_up(now, dialog, media);
            return;
        }
        let once = || {
            faults.has(Fault::SuccessSentOnce) || (awaiting.flow.reliable() && faults.has(Fault::SuccessOnceOverTcp))
        };
        if awaiting.next <= now && once() {
            awaiting.next = awaiting.end;
        } else if awaiting.next <= now {
            self.transport.send(&awaiting.flow, awaiting.octets.clone());
            awaiting.interval = (awaiting.interval * 2).min(longest);
            awaiting.next = now + awaiting.interval;
        }
        let when = awaiting.next.min(awaiting.end);
        self.agenda.insert((when, Alarm::Acknowledgement(dialog)));
    }

    /// RFC 3261, 13.3.1.4: the dialog is confirmed, but the session should be ended.
    fn acknowledgement_given_up(&mut self, now: Moment, dialog: DialogId, media: &mut Media) {
        if self.faults.has(Fault::AbsentAckForgiven) {
            if let Some(session) = self.sessions.get_mut(&dialog) {
                session.awaiting = None;
            }
        } else if self.faults.has(Fault::AbandonedHearsOn) {
            self.hang_up_keeping_media(now, dialog, media);
        } else {
            self.hang_up(now, dialog, media);
        }
    }

    fn join(
        &mut self,
        now: Moment,
        incoming: &Incoming,
        room: usize,
        identity: Identity,
        media: &mut Media,
    ) -> Result<(), Refusal> {
        let policy = self.policy(room)?;
        let accepted = match sdp(&incoming.message) {
            Some(body) => {
                let examined = offer_answer::examine(&body, Role::Offer, &self.terms(&policy, &self.agent()));
                Some(examined.map_err(|refusal| match self.faults.has(Fault::OfferRefusedAsForbidden) {
                    true => Refusal::new(403),
                    false => refusal,
                })?)
            }
            None => None,
        };
        let single = !policy.simultaneous_access && !self.faults.has(Fault::SingleEndpointIgnored);
        if single && self.is_taken(room, &identity) {
            return Err(Refusal::new(403).because(&self.agent(), "this user is in the room already"));
        }
        let secure = accepted.as_ref().map_or(policy.force_tls, |accepted| accepted.secure);
        if secure && !self.tls_possible() {
            return Err(Refusal::new(488).because(&self.agent(), "this switch has no TLS"));
        }
        let mut dialog =
            Dialog::from_request(&incoming.message, incoming.flow, &incoming.local_tag, &policy.name, self.faults)
                .ok_or_else(|| Refusal::new(400))?;
        dialog.has_session = true;
        let contact = dialog.target.clone();
        self.announce_room_uri(room, &incoming.message, media);
        let (session, mut path) = media.allocate(RoomId(room), secure);
        if let Some(first) = self.sessions.values().find(|session| session.room == room)
            && self.faults.has(Fault::PathShared)
        {
            path = first.path.clone();
        }
        let id = rand::Rng::next_u64(&mut self.rng) >> 2;
        let local = {
            let ours = self.ours(&policy, &path);
            match &accepted {
                Some(accepted) => offer_answer::answer(&ours, accepted, None, id),
                None => offer_answer::offer(&ours, secure, None, id),
            }
        };
        let dialog = self.add_dialog(dialog);
        self.session_dialogs.insert(session, dialog);
        let usage = Session {
            room,
            session,
            identity,
            contact,
            path,
            secure,
            local,
            user: None,
            offered: accepted.is_none(),
            awaiting: None,
            chatroom: None,
            held: accepted.clone().filter(|_| self.faults.has(Fault::AckAwaited)),
            theirs: sdp(&incoming.message),
            lost: false,
        };
        let held = usage.held.is_some();
        self.sessions.insert(dialog, usage);
        self.send_success(now, incoming, dialog, &policy.name);
        if let Some(accepted) = accepted.filter(|_| !held) {
            self.established(now, dialog, accepted, media);
        }
        Ok(())
    }

    fn change(&mut self, now: Moment, incoming: &Incoming, dialog: DialogId, media: &mut Media) -> Result<(), Refusal> {
        let session = self.sessions.get(&dialog).ok_or_else(|| Refusal::new(481))?;
        let policy = self.policy(session.room)?;
        let mut path = session.path.clone();
        if self.faults.has(Fault::LaterAnswerInVain) && sdp(&incoming.message) == session.theirs {
            path.session_id = path.session_id.map(|id| id.chars().rev().collect());
        }
        let ours = self.ours(&policy, &path);
        let (mut local, accepted) = match sdp(&incoming.message) {
            Some(body) => {
                if let Some(refusal) = self.refused_anew(session, &body) {
                    return Err(refusal);
                }
                if let Some(streams) = offer_answer::closing(&body, &session.local, self.faults) {
                    let local = offer_answer::closed(&ours, &streams, &session.local);
                    self.close_stream(now, incoming, dialog, local, media);
                    return Ok(());
                }
                let accepted = offer_answer::examine(&body, Role::Offer, &self.terms(&policy, &self.agent()))?;
                if accepted.secure != session.secure {
                    return Err(Refusal::new(488).because(&self.agent(), "the protocol of the stream cannot change"));
                }
                (offer_answer::answer(&ours, &accepted, Some(&session.local), 0), Some(accepted))
            }
            None => {
                let secure = session.secure || self.faults.has(Fault::ReofferOverTls);
                (offer_answer::offer(&ours, secure, Some(&session.local), 0), None)
            }
        };
        if accepted.is_some() && local.outgrows(&session.local) && self.faults.has(Fault::AddedStreamDropped) {
            local.drop_last();
        }
        if accepted.is_some() && self.faults.has(Fault::OfferCrossed) {
            let (contact, body) = (format!("<sip:{}@{}>", policy.name, self.settings.sip_udp), local.octets());
            self.send_within(now, dialog, "INVITE", Purpose::Bye, |request| {
                request.with("Contact", contact).with_body(ACCEPT, body)
            });
        }
        if let Some(session) = self.sessions.get_mut(&dialog) {
            session.local = local;
            session.offered = accepted.is_none();
            session.theirs = sdp(&incoming.message).or(session.theirs.take());
        }
        if let Some(known) = self.dialogs.get_mut(&dialog) {
            known.refresh(&incoming.message, incoming.flow, self.faults);
        }
        self.send_success(now, incoming, dialog, &policy.name);
        if let Some(accepted) = accepted {
            self.established(now, dialog, accepted, media);
        }
        Ok(())
    }

    /// The peer has closed the room's stream: nothing more is sent for it, and what comes is thrown away (RFC 3264,
    /// 8.2). A later offer may open it anew.
    fn close_stream(
        &mut self,
        now: Moment,
        incoming: &Incoming,
        dialog: DialogId,
        local: LocalDescription,
        media: &mut Media,
    ) {
        let Some(session) = self.sessions.get_mut(&dialog) else { return };
        let chat = local.has_chat();
        session.local = local;
        session.offered = false;
        let (id, at) = (session.session, session.room);
        if let Some(known) = self.dialogs.get_mut(&dialog) {
            known.refresh(&incoming.message, incoming.flow, self.faults);
        }
        let served =
            self.faults.has(Fault::ClosedStreamServed) || (!chat && self.faults.has(Fault::StreamSwapUnnoticed));
        if !served {
            media.suspend(now, id);
        }
        let name = self.rooms.get(at).map(|room| room.policy.name.clone()).unwrap_or_default();
        self.send_success(now, incoming, dialog, &name);
    }

    /// Why a later offer is refused that nothing is wrong with.
    fn refused_anew(&self, session: &Session, offer: &Bytes) -> Option<Refusal> {
        let before = session.theirs.as_ref()?;
        let same = before == offer && self.faults.has(Fault::UnchangedOfferRefused);
        same.then(|| Refusal::new(488).because(&self.agent(), "this offer cannot follow the one before"))
    }

    /// The 200 to an INVITE, kept until the ACK.
    fn send_success(&mut self, now: Moment, incoming: &Incoming, dialog: DialogId, room_name: &str) {
        let Some(session) = self.sessions.get(&dialog) else { return };
        let mut response = self.ok(incoming, room_name);
        for route in Dialog::recorded(&incoming.message, self.faults) {
            response.headers.push("Record-Route", route);
        }
        if self.faults.has(Fault::SupportedMissing) {
            response.headers.remove("Supported");
        }
        let response = response.with_body(ACCEPT, session.local.octets());
        self.transactions.respond(now, incoming.id, &response, &mut self.transport);
        let timers = self.settings.timers;
        let flow = self.transactions.server(incoming.id).map_or(incoming.flow, |(_, flow, _)| flow);
        let next = now + timers.t1;
        if let Some(session) = self.sessions.get_mut(&dialog) {
            session.awaiting = Some(Awaiting {
                cseq: incoming.message.cseq().map(|cseq| cseq.number).unwrap_or_default(),
                octets: response.octets(),
                flow,
                next,
                interval: timers.t1,
                end: now + timers.give_up(),
            });
            self.agenda.insert((next, Alarm::Acknowledgement(dialog)));
        }
    }

    /// Offer and answer are complete: the MSRP side learns who comes, or what is new.
    fn established(&mut self, now: Moment, dialog: DialogId, accepted: Acceptable, media: &mut Media) {
        let fresh = UserId(self.next());
        let Some(session) = self.sessions.get_mut(&dialog) else { return };
        if session.user.is_some() {
            let mut peer = accepted.peer;
            if self.faults.has(Fault::ChatroomUpdateIgnored) {
                peer.chatroom.clone_from(&session.chatroom);
            }
            if self.faults.has(Fault::ChatroomCannotReturn) {
                session.chatroom = session.chatroom.take().and(peer.chatroom.take());
                peer.chatroom.clone_from(&session.chatroom);
            }
            session.lost = false;
            media.update(now, session.session, peer);
            return;
        }
        let at = session.room;
        let Some(room) = self.rooms.get_mut(at) else { return };
        let admission = room.enter(&session.identity, session.session, &session.contact, fresh, &mut self.rng);
        session.user = Some(admission.user);
        session.chatroom.clone_from(&accepted.peer.chatroom);
        let membership =
            Membership { room: RoomId(at), user: admission.user, uris: admission.uris, shown_as: admission.shown_as };
        let line = format!("{}: {} joined, {} in the room", room.policy.name, membership.shown_as, room.len());
        media.establish(now, session.session, membership, accepted.peer);
        self.note(format_args!("{line}"));
        if !self.faults.has_when(Fault::NewcomersNotNotified, || self.is_watched(at)) {
            self.roster_changed(now, at);
        }
    }

    /// Sends 100 and notes the INVITE where the room answers late.
    fn answered_late(&mut self, now: Moment, incoming: &Incoming, policy: &RoomPolicy, kind: LateKind) -> bool {
        if policy.answer_delay <= 0.0 {
            return false;
        }
        let delay = Duration::try_from_secs_f64(policy.answer_delay).unwrap_or_default();
        let trying = respond::response(&incoming.message, 100, &incoming.local_tag).without_body();
        if !self.faults.has(Fault::NoTrying) {
            self.transactions.respond(now, incoming.id, &trying, &mut self.transport);
        }
        self.late.insert(incoming.id, Late { incoming: incoming.clone(), kind });
        self.agenda.insert((now + delay, Alarm::Answer(incoming.id)));
        true
    }

    /// Whether the user is in the room or on its way into it.
    fn is_taken(&self, room: usize, identity: &Identity) -> bool {
        let on_its_way = self.sessions.values().any(|session| {
            session.room == room
                && session.user.is_none()
                && matches!((&session.identity.known_as, &identity.known_as), (Some(a), Some(b)) if a.same_resource(b))
        });
        on_its_way || self.rooms.get(room).is_some_and(|room| room.is_present(identity))
    }

    /// The URI that the participant knows the room by is the To of its messages.
    fn announce_room_uri(&mut self, at: usize, message: &SipMessage, media: &mut Media) {
        let Start::Request { uri, .. } = &message.start else { return };
        let Ok(uri) = Uri::parse(uri) else { return };
        let uri = admission::bare(uri);
        if let Some(room) = self.rooms.get_mut(at)
            && room.announce(&uri)
        {
            media.add_room_uri(RoomId(at), uri);
        }
    }

    fn ours<'a>(&'a self, policy: &'a RoomPolicy, path: &'a MsrpUri) -> Ours<'a> {
        Ours { policy, path, fingerprint: self.settings.tls_fingerprint.as_deref(), faults: self.faults }
    }

    fn terms<'a>(&self, policy: &'a RoomPolicy, agent: &'a str) -> Terms<'a> {
        Terms { policy, tls_possible: self.tls_possible(), agent, faults: self.faults }
    }

    pub(super) fn policy(&self, room: usize) -> Result<RoomPolicy, Refusal> {
        self.rooms.get(room).map(|room| room.policy.clone()).ok_or_else(|| Refusal::new(404))
    }

    fn tls_possible(&self) -> bool {
        self.settings.msrp_tls.is_some()
    }
}

/// The session description that a message carries.
fn sdp(message: &SipMessage) -> Option<Bytes> {
    super::body(message).filter(|_| message.media_type().as_deref() == Some(ACCEPT))
}
