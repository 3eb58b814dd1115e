//! Nicknames: who holds which, and the NICKNAME method (RFC 7701, 7; RFC 8266).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::comparison::key_of;
use super::request::{Refusal, unreadable};
use super::session::Session;
use super::{Media, MediaEvent, seconds};
use crate::port::{Connection, Moment};
use crate::switch::config::RoomPolicy;
use crate::switch::fault::{Fault, FaultSet};
use crate::switch::{RoomId, SessionId, UserId};
use crate::wire::header::Header;
use crate::wire::msrp::{Flag, Framed, MsrpMessage, parse_nickname};
use crate::wire::uri::Uri;

#[derive(Debug)]
struct Holding {
    user: UserId,
    /// As the user wrote it.
    text: String,
    /// The sessions that asked for it: no other session of the user has it (RFC 7701, 7.1).
    sessions: BTreeSet<SessionId>,
    /// The later, the higher.
    granted: u64,
}

#[derive(Debug)]
struct Kept {
    user: UserId,
    until: Moment,
}

/// The nicknames of one room. Two that are equal by RFC 8266 have one key.
#[derive(Debug)]
pub(super) struct Nicknames {
    quarantine: Duration,
    faults: FaultSet,
    /// For [`Fault::RefusalIsFinal`].
    refused: BTreeSet<SessionId>,
    /// For [`Fault::NicknameOnceHeld403`].
    once_held: BTreeMap<String, UserId>,
    /// For [`Fault::RemovalIsFinal`].
    removed: BTreeSet<SessionId>,
    reserved: Vec<String>,
    held: BTreeMap<String, Holding>,
    kept: BTreeMap<String, Kept>,
    grants: u64,
}

/// Why a nickname is not granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    /// It is none, or nothing is left of it after preparation.
    Malformed,
    /// It is a reserved word.
    Reserved,
    /// Another user has it.
    Taken,
    /// Another user had it and may still come back for it.
    Quarantined,
    /// Only a fault says so: the user may not have it, whoever has it.
    Forbidden,
}

impl Nicknames {
    pub(super) fn new(policy: &RoomPolicy, faults: FaultSet) -> Self {
        Self {
            quarantine: seconds(policy.nickname_quarantine),
            faults,
            refused: BTreeSet::new(),
            once_held: BTreeMap::new(),
            removed: BTreeSet::new(),
            reserved: policy.reserved_nicknames.clone(),
            held: BTreeMap::new(),
            kept: BTreeMap::new(),
            grants: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.held.clear();
        self.kept.clear();
    }

    /// The latest nickname that the user still holds.
    pub(super) fn shown(&self, user: UserId) -> Option<&str> {
        let of_user = self.held.values().filter(|holding| holding.user == user);
        of_user.max_by_key(|holding| holding.granted).map(|holding| holding.text.as_str())
    }

    /// Gives a session a nickname. The one it had is released only if the new one is granted (RFC 7701, 7.2).
    pub(super) fn request(
        &mut self,
        now: Moment,
        user: UserId,
        session: SessionId,
        text: &str,
        conflicts: bool,
    ) -> Result<(), Denied> {
        self.kept.retain(|_, kept| kept.until > now);
        let trusted = self.holds_any(session) && self.faults.has(Fault::ChangeUnprepared);
        let read_with = if trusted { self.faults.with(Fault::DisallowedGranted) } else { self.faults };
        let mut key = match key_of(text, read_with) {
            Some(key) => key,
            None if self.faults.has(Fault::BlanksGranted) && text.trim().is_empty() => text.to_owned(),
            None if self.faults.has(Fault::ForeignBlanksAlone) && is_foreign_blank(text) => text.to_owned(),
            None => {
                if self.faults.has(Fault::RefusedHeld) {
                    self.release(now, session);
                    self.hold(user, session, text.to_owned(), text);
                }
                return Err(Denied::Malformed);
            }
        };
        if self.is_reserved(&key) && !self.faults.has(Fault::ReservedNicknameGranted) {
            return Err(Denied::Reserved);
        }
        if !self.faults.is_idle() {
            self.check_of_faults(&key, user, session)?;
        }
        if self.held.get(&key).is_some_and(|holding| holding.user != user) {
            if !conflicts {
                return Err(Denied::Taken);
            }
            key = format!("{key}\0{}", user.0);
        }
        let shut_out = self.faults.has(Fault::FormerHolderShutOut);
        if self.kept.get(&key).is_some_and(|kept| kept.user != user || shut_out) {
            return Err(Denied::Quarantined);
        }
        if !self.held.get(&key).is_some_and(|holding| holding.sessions.contains(&session))
            && !self.faults.has(Fault::OldNicknameNeverReleased)
        {
            self.release(now, session);
        }
        self.kept.remove(&key);
        if self.faults.has(Fault::NicknameOnceHeld403) {
            self.once_held.insert(key.clone(), user);
        }
        if self.faults.has(Fault::HeldUnprepared) {
            key = text.to_lowercase();
        }
        self.hold(user, session, key, text);
        Ok(())
    }

    fn hold(&mut self, user: UserId, session: SessionId, key: String, text: &str) {
        self.grants += 1;
        let holding = self.held.entry(key).or_insert_with(|| Holding {
            user,
            text: String::new(),
            sessions: BTreeSet::new(),
            granted: 0,
        });
        if !(self.faults.has(Fault::CaseChangeIgnored) && holding.sessions.contains(&session)) {
            holding.text = text.to_owned();
        }
        if self.faults.has(Fault::LookAlikesMerged) {
            holding.text = without_zero_between_letters(&holding.text);
        }
        if self.faults.has(Fault::SmallLettersShown) {
            holding.text = holding.text.to_lowercase();
        }
        holding.granted = self.grants;
        holding.sessions.insert(session);
    }

    fn is_reserved(&self, key: &str) -> bool {
        self.reserved.iter().any(|word| key_of(word, self.faults).as_deref() == Some(key))
    }

    pub(super) fn holds_any(&self, session: SessionId) -> bool {
        self.held.values().any(|holding| holding.sessions.contains(&session))
    }

    /// [`Fault::WhisperByNickname`]: who holds exactly this nickname.
    pub(super) fn holder_of(&self, text: &str) -> Option<UserId> {
        self.held.values().find(|holding| holding.text == text).map(|holding| holding.user)
    }

    /// Takes a session's nickname away; what nobody holds any more goes into quarantine.
    pub(super) fn release(&mut self, now: Moment, session: SessionId) {
        let key = self.held.iter().find(|(_, holding)| holding.sessions.contains(&session)).map(|(key, _)| key.clone());
        let Some(key) = key else { return };
        let Some(holding) = self.held.get_mut(&key) else { return };
        holding.sessions.remove(&session);
        if holding.sessions.is_empty() {
            let user = holding.user;
            self.held.remove(&key);
            if !self.quarantine.is_zero() && !self.faults.has(Fault::QuarantineIgnored) {
                self.forget_oldest(user);
                self.kept.insert(key, Kept { user, until: now + self.quarantine });
            }
        }
    }
}

impl Nicknames {
    /// [`Fault::NicknameAutoAssigned`]: the nickname of a session goes to others as well.
    fn share(&mut self, session: SessionId, others: Vec<SessionId>) {
        for other in others.iter().filter(|other| **other != session) {
            self.held.values_mut().for_each(|holding| {
                holding.sessions.remove(other);
            });
        }
        if let Some(holding) = self.held.values_mut().find(|holding| holding.sessions.contains(&session)) {
            holding.sessions.extend(others);
        }
    }

    /// [`Fault::NicknameAutoAssigned`]: a session that has just come gets the nickname of its user.
    pub(super) fn share_with_newcomer(&mut self, user: UserId, session: SessionId) {
        let of_user = self.held.values_mut().filter(|holding| holding.user == user);
        if let Some(holding) = of_user.max_by_key(|holding| holding.granted) {
            holding.sessions.insert(session);
        }
    }

    /// What faults refuse beyond the standard.
    fn check_of_faults(&mut self, key: &str, user: UserId, session: SessionId) -> Result<(), Denied> {
        if self.once_held.get(key).is_some_and(|former| *former != user) {
            return Err(Denied::Forbidden);
        }
        if self.faults.has(Fault::RemovalIsFinal) && self.removed.contains(&session) {
            return Err(Denied::Forbidden);
        }
        if self.faults.has(Fault::NicknameReturnRefused) && self.kept.get(key).is_some_and(|kept| kept.user == user) {
            return Err(Denied::Forbidden);
        }
        let alike = |(held, holding): (&String, &Holding)| holding.user != user && nearly_equal(held, key);
        if self.faults.has(Fault::NicknamesComparedLoosely) && self.held.iter().any(alike) {
            return Err(Denied::Taken);
        }
        Ok(())
    }

    /// For [`Fault::SecondDeviceNickname403`].
    fn is_of_another_session(&self, text: &str, user: UserId, session: SessionId) -> bool {
        let held = key_of(text, self.faults).and_then(|key| self.held.get(&key));
        held.is_some_and(|holding| holding.user == user && !holding.sessions.contains(&session))
    }

    /// For [`Fault::RefusalIsFinal`]: whether the session has been refused before; from now on it has.
    fn was_refused(&mut self, session: SessionId, now_refused: bool) -> bool {
        let before = self.refused.contains(&session);
        if now_refused {
            self.refused.insert(session);
        }
        before
    }

    /// One user keeps no more than a few words from the others by taking one after the other.
    fn forget_oldest(&mut self, user: UserId) {
        const KEPT_PER_USER: usize = 16;
        let of_user = self.kept.iter().filter(|(_, kept)| kept.user == user);
        if of_user.clone().count() >= KEPT_PER_USER
            && let Some(oldest) = of_user.min_by_key(|(_, kept)| kept.until).map(|(key, _)| key.clone())
        {
            self.kept.remove(&oldest);
        }
    }
}

/// For [`Fault::ForeignBlanksAlone`]: blanks, and not those of ASCII alone.
fn is_foreign_blank(text: &str) -> bool {
    text.trim().is_empty() && !text.trim_matches(' ').is_empty()
}

/// For [`Fault::NicknamesComparedLoosely`]: the same first word, or no more than one letter that differs.
fn nearly_equal(one: &str, other: &str) -> bool {
    let differing = one.chars().zip(other.chars()).filter(|(one, other)| one != other).count();
    let as_long = one.chars().count() == other.chars().count();
    (as_long && differing <= 1) || one.split(' ').next() == other.split(' ').next()
}

/// For [`Fault::LookAlikesMerged`].
fn without_zero_between_letters(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_letter = |place: Option<usize>| place.and_then(|at| letters.get(at)).is_some_and(|c| c.is_alphabetic());
    let merged = |(at, letter): (usize, &char)| match letter {
        '0' if is_letter(at.checked_sub(1)) && is_letter(Some(at + 1)) => 'O',
        letter => *letter,
    };
    letters.iter().enumerate().map(merged).collect()
}

impl Media {
    /// Serves a NICKNAME of a session that is bound to the connection.
    pub(super) fn nickname(&mut self, now: Moment, connection: Connection, session: SessionId, framed: &Framed) {
        let mut outcome = self.change_nickname(now, session, framed);
        if self.faults.has(Fault::RefusalIsFinal)
            && let Some(room) = self.sessions.get(&session).map(|state| state.room)
            && let Some(room) = self.rooms.get_mut(room.0)
            && room.nicknames.was_refused(session, outcome.is_err())
        {
            outcome = Err(Refusal::new(425, "Refused Before"));
        }
        match outcome {
            Ok(()) => self.respond(connection, Some(session), &framed.message, 200, "OK"),
            Err(refusal) => self.refuse(now, connection, Some(session), &framed.message, refusal),
        }
    }

    /// Policy first (RFC 7701, 7.1), then the value's form, then that of the request, then who has the nickname.
    fn change_nickname(&mut self, now: Moment, session: SessionId, framed: &Framed) -> Result<(), Refusal> {
        const MALFORMED: Refusal = Refusal::new(424, "Malformed Nickname");
        let gone = Refusal::new(481, "No Such Session");
        let message = &framed.message;
        let state = self.sessions.get(&session).ok_or(gone)?;
        let (room, user) = (state.room, state.who.as_ref().ok_or(gone)?.user);
        let policy = self.policy(room).ok_or(gone)?;
        let faults = self.faults;
        if !policy.nicknames && !faults.has(Fault::NicknamePolicyIgnored) {
            return Err(Refusal::new(403, "No Nicknames In This Room"));
        }
        let mut values = message.headers.all("Use-Nickname").filter(|header| self.sees(message, header));
        let header = match (values.next(), values.next()) {
            (Some(header), None) => header,
            _ if faults.has(Fault::NicknameHeaderOptional) => return Ok(()),
            _ => return Err(MALFORMED),
        };
        let text = match parse_nickname(&header.value) {
            Err(_) if faults.has(Fault::NicknameUnquotedAccepted) => header.text().into_owned(),
            Err(_) if faults.has(Fault::ControlCharactersDropped) && header.text().contains(char::is_control) => {
                header.text().trim_matches('"').replace(char::is_control, "")
            }
            Ok(_) if faults.has(Fault::NicknameEscapesKept) => header.text().trim_matches('"').to_owned(),
            Ok(text) if faults.has(Fault::NicknameAsciiOnly) && !text.is_ascii() => return Err(MALFORMED),
            read => read.map_err(|_| MALFORMED)?,
        };
        let borne = faults.has(Fault::ControlCharactersDropped) && header.text().contains(char::is_control);
        if let Some(refusal) = unreadable(framed).filter(|_| !borne) {
            return Err(refusal);
        }
        if message.flag != Flag::Complete {
            return Err(Refusal::new(400, "NICKNAME Has No Chunks"));
        }
        if message.headers.get("Success-Report").is_some() || message.headers.get("Failure-Report").is_some() {
            return Err(Refusal::new(400, "NICKNAME Must Not Ask For Reports"));
        }
        if text.len() > policy.nickname_max_octets && !faults.has(Fault::NicknameLengthUnchecked) {
            return Err(MALFORMED);
        }
        if faults.has(Fault::LongWordRefused) && text.len() >= 24 && !text.contains(' ') {
            return Err(MALFORMED);
        }
        let conflicts = faults.has(Fault::NicknameConflictAccepted);
        let endpoints =
            if faults.has(Fault::NicknameAutoAssigned) { self.endpoints_of(room, user) } else { Vec::new() };
        let Some(nicknames) = self.rooms.get_mut(room.0).map(|room| &mut room.nicknames) else { return Err(gone) };
        let before = nicknames.shown(user).map(str::to_owned);
        if text.is_empty() {
            // The empty string removes (RFC 7701, 7.3; interpretation T38).
            if faults.has(Fault::NicknameRemovalRefused) {
                return Err(MALFORMED);
            }
            if !faults.has(Fault::RemovedNicknameKept) {
                nicknames.release(now, session);
            }
            if faults.has(Fault::RemovalIsFinal) {
                nicknames.removed.insert(session);
            }
        } else if faults.has(Fault::SecondDeviceNickname403) && nicknames.is_of_another_session(&text, user, session) {
            return Err(Refusal::new(403, "One Endpoint A Nickname"));
        } else if faults.has(Fault::OwnNicknameRefused) && before.as_ref() == Some(&text) {
            return Err(Refusal::new(425, "Nickname Already In Use"));
        } else if let Err(denied) = nicknames.request(now, user, session, &text, conflicts) {
            if faults.has(Fault::OldNicknameReleasedOnFailure) {
                nicknames.release(now, session);
                self.tell_nickname(room, user, before);
            } else if faults.has(Fault::RefusedHeld) {
                self.tell_nickname(room, user, before);
            }
            return Err(match denied {
                Denied::Malformed => MALFORMED,
                Denied::Reserved => Refusal::new(425, "Nickname Reserved"),
                Denied::Forbidden => Refusal::new(403, "Not For You"),
                _ if faults.has(Fault::NicknameConflict403) => Refusal::new(403, "Nickname Already In Use"),
                Denied::Taken | Denied::Quarantined => Refusal::new(425, "Nickname Already In Use"),
            });
        } else if faults.has(Fault::NicknameAutoAssigned) {
            nicknames.share(session, endpoints);
        }
        self.note(now, format!("session {} has the nickname {text:?}", session.0));
        self.tell_nickname(room, user, before);
        Ok(())
    }

    /// Whether the session has a hold on a nickname.
    pub(super) fn has_nickname(&self, session: SessionId) -> bool {
        let room = self.sessions.get(&session).and_then(|state| self.rooms.get(state.room.0));
        room.is_some_and(|room| room.nicknames.holds_any(session))
    }

    /// A session ends, and its hold on a nickname with it.
    pub(super) fn release_nickname(&mut self, now: Moment, session: SessionId) {
        let Some(state) = self.sessions.get(&session) else { return };
        let (room, Some(user)) = (state.room, state.who.as_ref().map(|who| who.user)) else { return };
        let Some(nicknames) = self.rooms.get_mut(room.0).map(|room| &mut room.nicknames) else { return };
        let before = nicknames.shown(user).map(str::to_owned);
        if !nicknames.holds_any(session) || !self.faults.has(Fault::NicknameOutlivesSession) {
            nicknames.release(now, session);
        }
        self.tell_nickname(room, user, before);
    }

    /// Whether a header counts; always, but for two faults.
    fn sees(&self, message: &MsrpMessage, header: &Header) -> bool {
        let third = message.headers.0.get(2).is_some_and(|third| std::ptr::eq(third, header));
        (third || !self.faults.has(Fault::NicknameHeaderThird))
            && (header.name == "Use-Nickname" || !self.faults.has(Fault::NicknameHeaderCase))
    }

    /// [`Fault::NicknameByDefault`].
    pub(super) fn nickname_by_default(&mut self, now: Moment, session: SessionId) {
        let Some(state) = self.sessions.get(&session) else { return };
        let (room, Some(who)) = (state.room, &state.who) else { return };
        let (user, Some(Uri::Sip(uri))) = (who.user, who.uris.first()) else { return };
        let Some(text) = uri.user.clone() else { return };
        let before = self.nickname_of(room, user).map(str::to_owned);
        if before.is_none()
            && let Some(room) = self.rooms.get_mut(room.0)
        {
            let _ = room.nicknames.request(now, user, session, &text, false);
        }
        self.tell_nickname(room, user, before);
    }

    /// For [`Fault::NicknameAutoAssigned`].
    fn endpoints_of(&self, room: RoomId, user: UserId) -> Vec<SessionId> {
        let of_user =
            |session: &Session| session.room == room && session.who.as_ref().is_some_and(|who| who.user == user);
        self.sessions.iter().filter(|(_, session)| of_user(session)).map(|(id, _)| *id).collect()
    }

    fn tell_nickname(&mut self, room: RoomId, user: UserId, before: Option<String>) {
        let nickname = self.nickname_of(room, user).map(str::to_owned);
        if nickname != before && !self.faults.has(Fault::NicknameNotTold) {
            self.events.push_back(MediaEvent::Nickname { room, user, nickname });
        }
    }
}
