//! What hostile input does to a switch with faults: nothing of this happens in a sound one.

use super::Media;
use crate::port::{Connection, Moment};
use crate::switch::SessionId;
use crate::switch::fault::Fault;
use crate::wire::msrp::{Framed, FramingError};

/// What is counted on a stream for the sake of faults.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Strain {
    /// Nothing that comes is read any more.
    pub(super) deaf: bool,
    /// Segments since the last complete message.
    pub(super) segments: usize,
    /// NICKNAMEs so far.
    nicknames: usize,
}

impl Media {
    /// Whether a fault lets a message do its harm instead of being served. `place`: which one it is of those that came at
    /// once.
    pub(super) fn succumbs(&mut self, now: Moment, connection: Connection, framed: &Framed, place: usize) -> bool {
        let faults = self.faults;
        let message = &framed.message;
        let body = message.body.as_deref().unwrap_or_default();
        let head = framed.octets.get(..framed.octets.len() - body.len()).unwrap_or_default();
        let paths = ["To-Path", "From-Path"].map(|name| message.header(name).unwrap_or_default());
        let counted = |needle: &[u8]| memchr::memmem::find_iter(body, needle).count();
        let ends_room = (paths.iter().any(|path| path.split(' ').count() > 500)
            && faults.has(Fault::PathFloodEndsRoom))
            || (message
                .headers
                .0
                .iter()
                .any(|it| it.name.starts_with(b"X-") && std::str::from_utf8(&it.value).is_err())
                && faults.has(Fault::StrangeOctetsEndRoom))
            || (message.header("Byte-Range").is_some_and(|range| has_long_number(&range))
                && faults.has(Fault::NumberOverflowEndsRoom))
            || (is_long_wrapper(body) && faults.has(Fault::WrapperFloodEndsRoom))
            || (counted(b"Content-Type: message/cpim") > 50 && faults.has(Fault::NestedWrappersEndRoom));
        if ends_room {
            let sessions = self.links.get(&connection).map(|link| link.sessions.iter().copied().collect::<Vec<_>>());
            self.end_rooms_of(now, &sessions.unwrap_or_default(), "overload");
            return true;
        }
        let Some(link) = self.links.get_mut(&connection) else { return false };
        if head.contains(&0) && faults.has(Fault::NulStopsReading) {
            link.strain.deaf = true;
            return true;
        }
        if message.method() == Some("NICKNAME") {
            link.strain.nicknames += 1;
        }
        let long_line = message.transaction.len() > 5000
            || message.headers.get("Message-ID").is_some_and(|header| header.value.len() > 5000);
        (long_line && faults.has(Fault::LongLineUnanswered))
            || ((counted(b"\r\n-------") >= 100 || counted(b"\r\n\r\n") > 1000)
                && faults.has(Fault::FalseEndsUnanswered))
            || (link.strain.segments > 100 && faults.has(Fault::SegmentsCounted))
            || (place > 32 && faults.has(Fault::PipelineCut))
            || (link.strain.nicknames > 300 && faults.has(Fault::NicknameFloodUnanswered))
    }

    /// Whether a fault lets what cannot be framed do its harm instead of costing the connection. `lines`: how many of them
    /// have come.
    pub(super) fn succumbs_to_excess(
        &mut self,
        now: Moment,
        connection: Connection,
        error: &FramingError,
        lines: usize,
    ) -> bool {
        let faults = self.faults;
        let sessions: Vec<SessionId> =
            self.links.get(&connection).map(|link| link.sessions.iter().copied().collect()).unwrap_or_default();
        match error {
            FramingError::HeadersTooLong(_) if lines < 16 && faults.has(Fault::LongLineUnanswered) => true,
            FramingError::HeadersTooLong(_) if lines > 500 && faults.has(Fault::HeaderFloodEndsRoom) => {
                self.end_rooms_of(now, &sessions, "overload");
                false
            }
            FramingError::NotMsrp(_) if faults.has(Fault::GarbageEndsRooms) && sessions.is_empty() => {
                let all: Vec<SessionId> = self.sessions.keys().copied().collect();
                self.end_rooms_of(now, &all, "garbage");
                false
            }
            _ => false,
        }
    }

    /// Every session of the rooms of these sessions is lost.
    pub(super) fn end_rooms_of(&mut self, now: Moment, sessions: &[SessionId], reason: &str) {
        let rooms: Vec<_> = sessions.iter().filter_map(|id| Some(self.sessions.get(id)?.room)).collect();
        let all: Vec<_> =
            self.sessions.iter().filter(|(_, state)| rooms.contains(&state.room)).map(|(id, _)| *id).collect();
        for session in all {
            self.lose(now, session, reason);
        }
    }
}

/// A number that 64 bits may not hold.
fn has_long_number(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() >= 19)
}

/// More than 500 header lines, or more than 20,000 octets of them.
fn is_long_wrapper(body: &[u8]) -> bool {
    let head = memchr::memmem::find(body, b"\r\n\r\n").unwrap_or(body.len());
    let head = body.get(..head).unwrap_or_default();
    head.starts_with(b"From:") && (head.len() > 20_000 || memchr::memchr_iter(b'\n', head).count() > 500)
}
