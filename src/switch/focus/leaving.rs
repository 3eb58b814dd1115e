//! How a session ends: BYE from either side, CANCEL before it began, and the end of a room (RFC 3261, 9.2 and 15; RFC
//! 7701, 5.3).

use super::dialog::DialogId;
use super::respond::{self, Refusal};
use super::{Focus, Incoming, Purpose};
use crate::port::Moment;
use crate::switch::RoomId;
use crate::switch::fault::Fault;
use crate::switch::media::Media;

impl Focus {
    /// The peer leaves.
    pub(super) fn bye(
        &mut self,
        now: Moment,
        incoming: &Incoming,
        dialog: DialogId,
        media: &mut Media,
    ) -> Result<(), Refusal> {
        if !self.sessions.contains_key(&dialog) {
            return Err(Refusal::new(481));
        }
        let response = respond::response(&incoming.message, 200, &incoming.local_tag).without_body();
        self.transactions.respond(now, incoming.id, &response, &mut self.transport);
        // RFC 3261, 15.1.2: what is still pending in the dialog ends with 487.
        let pending: Vec<_> =
            self.late.iter().filter(|(_, late)| late.dialog() == Some(dialog)).map(|(id, _)| *id).collect();
        for id in pending {
            self.late.remove(&id);
            if !self.faults.has(Fault::PendingAtByeForgotten) {
                let status = if self.faults.has(Fault::PendingAtByeUnavailable) { 480 } else { 487 };
                self.refuse(now, id, Refusal::new(status));
            }
        }
        self.end_session(now, dialog, media, true);
        Ok(())
    }

    /// The peer takes an INVITE back.
    pub(super) fn cancel(&mut self, now: Moment, incoming: &Incoming, media: &mut Media) -> Result<(), Refusal> {
        let nothing = if self.faults.has(Fault::CancelOfNothingTaken) { 200 } else { 481 };
        let found = self.transactions.cancelled_by(&incoming.message);
        let (id, answered) = found.ok_or_else(|| Refusal::new(nothing))?;
        let tag = self.transactions.server(id).map_or_else(|| incoming.local_tag.clone(), |(_, _, tag)| tag);
        let response = respond::response(&incoming.message, 200, &tag).without_body();
        self.transactions.respond(now, incoming.id, &response, &mut self.transport);
        if !answered && !self.faults.has(Fault::CancelIgnored) && self.late.remove(&id).is_some() {
            self.refuse(now, id, Refusal::new(487));
        }
        if answered && self.faults.has(Fault::CancelEndsSession) {
            let call_id = incoming.message.call_id().unwrap_or_default();
            let dialog = self.dialogs.iter().find(|(_, dialog)| dialog.key.0 == call_id && dialog.has_session);
            if let Some(dialog) = dialog.map(|(id, _)| *id) {
                self.hang_up(now, dialog, media);
            }
        }
        Ok(())
    }

    /// What [`Focus::hang_up`] must not do: [`Fault::AbandonedHearsOn`].
    pub(super) fn hang_up_keeping_media(&mut self, now: Moment, dialog: DialogId, media: &mut Media) {
        self.send_within(now, dialog, "BYE", Purpose::Bye, |request| request.without_body());
        self.end_session(now, dialog, media, false);
    }

    /// The focus ends a session.
    pub(super) fn hang_up(&mut self, now: Moment, dialog: DialogId, media: &mut Media) {
        if !self.sessions.contains_key(&dialog) {
            return;
        }
        self.send_within(now, dialog, "BYE", Purpose::Bye, |request| request.without_body());
        self.end_session(now, dialog, media, true);
    }

    fn end_session(&mut self, now: Moment, dialog: DialogId, media: &mut Media, releases: bool) {
        let Some(session) = self.sessions.remove(&dialog) else { return };
        self.session_dialogs.remove(&session.session);
        if let Some(known) = self.dialogs.get_mut(&dialog) {
            known.has_session = false;
        }
        let room_ends = self.rooms.get(session.room).is_some_and(|room| room.is_temporary() && room.creator.is_none());
        let kept = !releases
            || self.faults.has(Fault::LeaverKeptInRoom)
            || (room_ends && self.faults.has(Fault::DeletedRoomKeepsSessions));
        if !kept {
            media.release(now, session.session);
        }
        let Some(user) = session.user else {
            self.settle_dialog(dialog);
            return;
        };
        let Some(room) = self.rooms.get_mut(session.room) else { return };
        let gone = room.leave(user, session.session);
        let ends = gone && room.is_temporary() && room.creator == Some(user);
        let line = format!("{}: a participant left, {} in the room", room.policy.name, room.len());
        self.note(format_args!("{line}"));
        if !self.faults.has_when(Fault::LeaversNotNotified, || self.is_watched(session.room)) {
            self.roster_changed(now, session.room);
        }
        self.settle_dialog(dialog);
        if ends {
            self.delete_room(now, session.room, media);
        }
    }

    fn delete_room(&mut self, now: Moment, at: usize, media: &mut Media) {
        let Some(room) = self.rooms.get_mut(at) else { return };
        room.delete();
        let line = format!("{}: the creator left, the room is deleted", room.policy.name);
        self.note(format_args!("{line}"));
        let subscriptions: Vec<_> =
            self.subscriptions.iter().filter(|(_, subscription)| subscription.room == at).map(|(id, _)| *id).collect();
        for id in subscriptions {
            self.end_subscription(now, id, "noresource");
        }
        if !self.faults.has(Fault::DeletedRoomKeepsDialogs) {
            self.empty_room(now, at, media);
        }
        if !self.faults.has(Fault::DeletedRoomKeepsSessions) {
            media.delete_room(now, RoomId(at));
        }
    }

    /// Sends everybody in a room home.
    pub(super) fn empty_room(&mut self, now: Moment, at: usize, media: &mut Media) {
        let dialogs: Vec<_> =
            self.sessions.iter().filter(|(_, session)| session.room == at).map(|(id, _)| *id).collect();
        for dialog in dialogs {
            self.hang_up(now, dialog, media);
        }
    }
}
