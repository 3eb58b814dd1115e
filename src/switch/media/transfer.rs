//! SEND: the chunks of a message on their way through the switch.
//!
//! Distribution starts as soon as the Message/CPIM headers are there (RFC 7701, 6.1); until the last chunk the switch
//! keeps the Message-ID and the recipients, no longer than the chunk reception timer allows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::coverage::{Coverage, MOST_RANGES};
use super::distribution::Copy;
use super::request::{Refusal, unreadable};
use super::session::{Content, Piece};
use super::{Media, seconds};
use crate::port::{Connection, Moment};
use crate::switch::SessionId;
use crate::switch::fault::Fault;
use crate::wire::cpim;
use crate::wire::msrp::{ByteRange, FailureReport, Flag, Framed, MsrpMessage};

/// The farthest octet of a message that anybody can mean seriously; keeps sums of positions in range.
const FARTHEST: u64 = 1 << 62;

/// The wrapper of a private message, which a REPORT about it repeats (RFC 7701, 6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrapper {
    /// The value of From.
    pub(super) from: Bytes,
    /// The value of To.
    pub(super) to: Bytes,
}

/// What a sender wants to be told, and where.
#[derive(Clone, Debug)]
pub(super) struct ReportModel {
    /// From-Path as the sender wrote it.
    pub(super) path: String,
    pub(super) success: bool,
    /// Whether there was a Success-Report "no"; only a fault makes a difference of it.
    pub(super) declined: bool,
    pub(super) failure: FailureReport,
    pub(super) private: Option<Wrapper>,
}

#[derive(Debug)]
enum Stage {
    /// The Message/CPIM headers are not complete (interpretation T34): what came in order, and what came too early.
    Collecting { prefix: Vec<u8>, held: BTreeMap<u64, (Bytes, Flag)> },
    /// Chunks go to these copies as they come.
    Forwarding(Vec<Copy>),
}

/// A message of which chunks are missing.
#[derive(Debug)]
pub(super) struct Transfer {
    pub(super) deadline: Moment,
    pub(super) reports: ReportModel,
    stage: Stage,
    content: Arc<Content>,
    coverage: Coverage,
    /// Length of the message, once the chunk flagged `$` has told it.
    total: Option<u64>,
    announced: Option<u64>,
}

/// A stretch of a message.
struct Stretch {
    start: u64,
    body: Bytes,
    flag: Flag,
}

impl Media {
    /// Serves a SEND of a session that is bound to the connection.
    pub(super) fn send(&mut self, now: Moment, connection: Connection, session: SessionId, framed: &Framed) {
        let message = &framed.message;
        if self.is_duplicate(session, message) && self.faults.has(Fault::DuplicateUnanswered) {
            return;
        }
        let announced = message.byte_range().and_then(|range| range.total).unwrap_or_default();
        if announced > 1 << 31 && self.faults.has(Fault::HugeTotalFatal) {
            return self.abandon(now, connection, "out of memory");
        }
        match self.accept(now, session, framed) {
            Err(refusal) => {
                // To the room only: what is reported about a private message has a form of its own.
                if matches!(refusal.status, 403 | 415)
                    && message.success_report()
                    && self.faults.has(Fault::RefusalReportedAsSuccess)
                {
                    let length = message.body.as_ref().map_or(0, |body| body.len() as u64);
                    let id = message.message_id().unwrap_or_default();
                    self.report(session, &report_model(message), &id, 200, "OK", (1, length, length));
                }
                self.refuse(now, connection, Some(session), message, refusal);
                if refusal.status == 428 && self.faults.has(Fault::PrivateMessage428YetDelivered) {
                    self.deliver_nevertheless(now, session, message);
                }
                if let Some(id) = message.message_id() {
                    self.abort_transfer(now, session, &id);
                }
            }
            Ok(ready) => {
                self.respond(connection, Some(session), message, 200, "OK");
                if let (Some(ready), Some(id)) = (ready, message.message_id()) {
                    self.forward(now, session, &id, ready);
                }
            }
        }
    }

    /// For [`Fault::DuplicateUnanswered`].
    fn is_duplicate(&mut self, session: SessionId, message: &MsrpMessage) -> bool {
        if !self.faults.keeps_for(Fault::DuplicateUnanswered) {
            return false;
        }
        let whole = message.flag == Flag::Complete && message.body.is_some();
        let key = message.message_id().filter(|_| whole && message.byte_range().is_some_and(|range| range.start == 1));
        let Some(state) = self.sessions.get_mut(&session) else { return false };
        key.is_some_and(|id| !state.seen.insert(id))
    }

    /// For the faults that refuse what others take.
    fn pedantry(&self, message: &MsrpMessage) -> Option<Refusal> {
        let range = message.byte_range();
        let short = message.body.as_ref().is_some_and(|body| body.len() <= 2048);
        let mime = |name: &[u8]| name.starts_with(b"Content-") && !name.eq_ignore_ascii_case(b"Content-Type");
        if self.faults.has_when(Fault::MimeHeadersRefused, || message.headers.0.iter().any(|header| mime(&header.name)))
        {
            return Some(Refusal::new(400, "Unknown MIME Header"));
        }
        if range.is_none() && self.faults.has(Fault::RangeRequired) {
            return Some(Refusal::new(400, "Byte-Range Missing"));
        }
        let length = message.body.as_ref().map_or(0, |body| body.len() as u64);
        let claimed = range.and_then(|range| Some((range.end? + 1).saturating_sub(range.start)));
        if self.faults.has_when(Fault::RangeClaimChecked, || claimed.is_some_and(|claimed| claimed != length)) {
            return Some(Refusal::new(400, "Byte-Range Does Not Fit"));
        }
        if self.faults.has_when(Fault::OpenTotalRefused, || range.is_some_and(|range| range.total.is_none())) {
            return Some(Refusal::new(400, "Total Missing"));
        }
        let star = range.is_some_and(|range| range.end.is_none());
        (short && star && self.faults.has(Fault::ShortStarRefused)).then_some(Refusal::new(400, "Range-End Missing"))
    }

    /// Takes a chunk in, or says why not. Gives what can be forwarded now, with its transfer already stored.
    fn accept(&mut self, now: Moment, session: SessionId, framed: &Framed) -> Result<Option<Stretch>, Refusal> {
        const STOP: Refusal = Refusal::new(413, "Stop Sending This Message");
        let message = &framed.message;
        let id = message.message_id().unwrap_or_default();
        let pedantry = || self.pedantry(message).or_else(|| self.syntax_pedantry(message));
        if let Some(mut refusal) = unreadable(framed).or_else(pedantry) {
            if self.faults.has(Fault::StatusOfTheHouse) {
                refusal.status = 499;
            }
            if self.faults.keeps_for(Fault::RefusedIdRemembered)
                && let Some(state) = self.sessions.get_mut(&session)
            {
                state.refused_ids.insert(id);
            }
            return Err(refusal);
        }
        if self.sessions.get(&session).is_some_and(|state| state.refused_ids.contains(&id))
            && self.faults.has(Fault::RefusedIdRemembered)
        {
            return Err(Refusal::new(400, "Refused Before"));
        }
        let known = self.sessions.get(&session).is_some_and(|state| state.transfers.contains_key(&id));
        let flag = message.flag;
        let range = message.byte_range();
        let content = message.headers.get("Content-Type").is_some();
        let Some(body) = message.body.clone().filter(|body| content || !body.is_empty()) else {
            if self.faults.has(Fault::BodilessRefused) {
                return Err(Refusal::new(415, "Not Message/CPIM"));
            }
            return Ok(self.bodiless(session, message, &id, known));
        };
        if id.is_empty() {
            return Err(Refusal::new(400, "Message-ID Missing"));
        }
        let start = range.map_or(1, |range| range.start);
        if start > FARTHEST && self.faults.has(Fault::OutOfBounds423) {
            return Err(Refusal::new(423, "Byte-Range Out Of Bounds"));
        }
        if start == 0 || start > FARTHEST || (known && range.is_none()) {
            return Err(Refusal::new(400, "Byte-Range Missing Or Wrong"));
        }
        if !known {
            if flag == Flag::Aborted {
                return Ok(None);
            }
            if start > 1 && self.faults.has(Fault::OrphanChunkDistributed) {
                self.distribute_unwrapped(now, session, message, &body);
                return Ok(None);
            }
            if start > 1 && self.faults.has(Fault::LateChunk408) {
                return Err(Refusal::new(408, "Too Late"));
            }
            if start > 1 {
                return Err(STOP);
            }
            let wrapped = message.media_type().as_deref() == Some("message/cpim");
            if !wrapped && self.faults.has(Fault::UnwrappedDistributed) {
                self.distribute_unwrapped(now, session, message, &body);
                return Ok(None);
            }
            if !wrapped {
                return Err(Refusal::new(415, "Not Message/CPIM"));
            }
        }
        if self.faults.has_when(Fault::LeaverEndsMessage, || self.somebody_left(session, &id)) {
            return Err(STOP);
        }
        if known && start > 1 && self.faults.has(Fault::ContinuationRefused) {
            return Err(Refusal::new(415, "Not Message/CPIM"));
        }
        self.check_size(session, range, start + body.len() as u64 - 1)?;
        let timer = self.chunk_timer(session, !known && start == 1 && flag == Flag::Complete);
        if !known {
            self.start_transfer(now + timer, session, &id, message)?;
        }
        let (bound, faults) = (self.settings.wrapper_bound, self.faults);
        if flag != Flag::Aborted && self.private_is_over(session, &id) {
            return Err(STOP);
        }
        let state = self.sessions.get_mut(&session).ok_or(STOP)?;
        let transfer = state.transfers.get_mut(&id).ok_or(STOP)?;
        transfer.deadline = now + timer;
        let stretch = match &mut transfer.stage {
            Stage::Forwarding(_)
                if start > transfer.coverage.contiguous() + 1 && self.faults.has(Fault::GapRefused) =>
            {
                return Err(Refusal::new(400, "Chunk Out Of Order"));
            }
            Stage::Forwarding(_) if self.faults.has(Fault::OverlapKept) => {
                let next = transfer.coverage.contiguous() + 1;
                let known = usize::try_from(next.saturating_sub(start)).unwrap_or(usize::MAX).min(body.len());
                return Ok(Some(Stretch { start: start + known as u64, body: body.slice(known..), flag }));
            }
            Stage::Forwarding(_) => return Ok(Some(Stretch { start, body, flag })),
            Stage::Collecting { .. } if flag == Flag::Aborted => {
                state.transfers.remove(&id);
                return Ok(None);
            }
            Stage::Collecting { prefix, held } => {
                let next = prefix.len() as u64 + 1;
                let waiting: usize = held.values().map(|(body, _)| body.len()).sum();
                if start > next {
                    if waiting + body.len() > bound * 4 || held.len() >= MOST_RANGES {
                        return Err(STOP);
                    }
                    held.insert(start, (body, flag));
                    return Ok(None);
                }
                if start < next {
                    return Err(Refusal::new(400, "Chunks Overlap"));
                }
                prefix.extend_from_slice(&body);
                let mut flag = flag;
                while let Some((body, held_flag)) = held.remove(&(prefix.len() as u64 + 1)) {
                    prefix.extend_from_slice(&body);
                    flag = held_flag;
                }
                let length = match cpim::header_length(prefix) {
                    Some(_) if flag != Flag::Complete && faults.has(Fault::DistributionAfterCompletion) => {
                        return Ok(None);
                    }
                    Some(length) => length,
                    None if flag == Flag::Complete => prefix.len(),
                    None if faults.has(Fault::CutHeadersRefused) => {
                        return Err(Refusal::new(403, "From Is Not The Sender"));
                    }
                    None if prefix.len() > bound => return Err(STOP),
                    None => return Ok(None),
                };
                (Bytes::from(std::mem::take(prefix)), length, flag)
            }
        };
        let (prefix, length, flag) = stretch;
        let announced = transfer.announced;
        let decision = self.decide(session, &id, &prefix.slice(..length.min(prefix.len())), announced)?;
        let kind = if decision.private.is_some() { "private" } else { "to the room" };
        self.note(now, format!("session {} sends {id}, {kind}, {} copies", session.0, decision.copies.len()));
        if let Some(transfer) = self.sessions.get_mut(&session).and_then(|state| state.transfers.get_mut(&id)) {
            transfer.reports.private = decision.private;
            let held = match std::mem::replace(&mut transfer.stage, Stage::Forwarding(decision.copies)) {
                Stage::Collecting { held, .. } => held,
                Stage::Forwarding(_) => BTreeMap::new(),
            };
            // Chunks beyond a gap were held only while nobody knew where they belong.
            let early: Vec<Stretch> =
                held.into_iter().map(|(start, (body, flag))| Stretch { start, body, flag }).collect();
            if !early.is_empty() {
                self.forward(now, session, &id, Stretch { start: 1, body: prefix, flag });
                for stretch in early {
                    self.forward(now, session, &id, stretch);
                }
                return Ok(None);
            }
        }
        Ok(Some(Stretch { start: 1, body: prefix, flag }))
    }

    /// A SEND without body is traffic, not content (interpretation T31): nobody gets a copy.
    fn bodiless(&mut self, session: SessionId, message: &MsrpMessage, id: &str, known: bool) -> Option<Stretch> {
        if known && message.flag == Flag::Aborted {
            let start = message.byte_range().map_or(0, |range| range.start);
            return Some(Stretch { start, body: Bytes::new(), flag: Flag::Aborted });
        }
        if !known && message.flag == Flag::Complete && message.success_report() {
            let model = report_model(message);
            self.report(session, &model, id, 200, "OK", (1, 0, 0));
        }
        None
    }

    /// Whether nobody is left who could take the rest of a private message.
    fn private_is_over(&self, session: SessionId, id: &str) -> bool {
        let transfer = self.sessions.get(&session).and_then(|state| state.transfers.get(id));
        let Some(Transfer { reports, stage: Stage::Forwarding(copies), .. }) = transfer else { return false };
        reports.private.is_some()
            && !copies.is_empty()
            && copies.iter().all(|copy| copy.stopped || !self.sessions.contains_key(&copy.session))
    }

    /// For [`Fault::LeaverEndsMessage`].
    fn somebody_left(&self, session: SessionId, id: &str) -> bool {
        let transfer = self.sessions.get(&session).and_then(|state| state.transfers.get(id));
        let Some(Transfer { stage: Stage::Forwarding(copies), .. }) = transfer else { return false };
        copies.iter().any(|copy| !self.sessions.contains_key(&copy.session))
    }

    fn check_size(&self, session: SessionId, range: Option<ByteRange>, end: u64) -> Result<(), Refusal> {
        let policy = self.sessions.get(&session).and_then(|state| self.policy(state.room));
        let Some(most) = policy.and_then(|policy| policy.max_size) else { return Ok(()) };
        let announced = range.and_then(|range| range.total).unwrap_or(0);
        if announced.max(end) > most { Err(Refusal::new(413, "Message Too Large")) } else { Ok(()) }
    }

    fn chunk_timer(&self, session: SessionId, whole: bool) -> Duration {
        let policy = self.sessions.get(&session).and_then(|state| self.policy(state.room));
        // What is here as a whole waits for nothing.
        if !whole && self.faults.has(Fault::ChunkTimerIgnored) {
            return Duration::from_secs(1 << 30);
        }
        if !whole && self.faults.has(Fault::ChunkTimerTooShort) {
            return Duration::from_secs(1);
        }
        policy.map_or(Duration::from_secs(540), |policy| seconds(policy.chunk_reception_timer))
    }

    fn start_transfer(
        &mut self,
        deadline: Moment,
        session: SessionId,
        id: &str,
        message: &MsrpMessage,
    ) -> Result<(), Refusal> {
        let ask = message.success_report() && self.faults.has(Fault::ReceiverReportsForwarded);
        let shown = self.faults.has(Fault::SenderPathShown);
        let most = self.settings.transfers_per_session;
        let state = self.sessions.get_mut(&session).ok_or(Refusal::new(481, "No Such Session"))?;
        if state.transfers.len() >= most {
            return Err(Refusal::new(413, "Too Many Messages At A Time"));
        }
        let announced = message.byte_range().and_then(|range| range.total);
        let mut content = content_of(message, ask);
        if shown {
            content.others.push(("X-From-Path".to_owned(), message.header("From-Path").unwrap_or_default().into()));
        }
        let transfer = Transfer {
            deadline,
            reports: report_model(message),
            stage: Stage::Collecting { prefix: Vec::new(), held: BTreeMap::new() },
            content: Arc::new(content),
            coverage: Coverage::default(),
            total: None,
            announced,
        };
        state.transfers.insert(id.to_owned(), transfer);
        Ok(())
    }

    /// Passes a stretch of a message on to its copies, and ends the transfer with its last one.
    fn forward(&mut self, now: Moment, session: SessionId, id: &str, stretch: Stretch) {
        let Some(state) = self.sessions.get_mut(&session) else { return };
        let Some(mut transfer) = state.transfers.remove(id) else { return };
        let end = (stretch.start + stretch.body.len() as u64).saturating_sub(1);
        if stretch.flag == Flag::Complete {
            transfer.total = Some(end);
        }
        let total = transfer.total.or(transfer.announced.filter(|total| *total >= end));
        let (mut body, mut total) = (stretch.body.clone(), total);
        if stretch.flag == Flag::Complete && self.faults.has(Fault::CpimModified) {
            body = [&body[..], b"\r\n"].concat().into();
            total = Some(end + 2);
        }
        if stretch.start == 1
            && self.faults.has(Fault::FromReplaced)
            && let Some(rest) = memchr::memchr(b'\n', &body)
            && let Some(room) = self.sessions.get(&session).and_then(|state| self.rooms.get(state.room.0))
            && let Some(uri) = room.uris.first()
        {
            body = [format!("From: <{uri}>\r\n").as_bytes(), body.get(rest + 1..).unwrap_or_default()].concat().into();
            total = total.filter(|_| stretch.flag == Flag::Complete).map(|_| body.len() as u64);
        }
        if stretch.flag == Flag::Complete
            && transfer.reports.private.is_none()
            && self.faults.has_when(Fault::NicknameLapses, || self.has_nickname(session))
        {
            self.release_nickname(now, session);
        }
        let late = stretch.start > 1 && self.faults.has(Fault::ContinuationToNewcomer);
        let everybody = if late { self.everybody_but(session) } else { Vec::new() };
        if let Stage::Forwarding(copies) = &mut transfer.stage {
            for session in everybody {
                if !copies.iter().any(|copy| copy.session == session) {
                    let message_id: Arc<str> = self.token(16).into();
                    copies.push(Copy { session, message_id, next: 1, stopped: false });
                }
            }
            for copy in copies.iter_mut() {
                if stretch.flag == Flag::Aborted && stretch.body.is_empty() {
                    self.abort_copy(now, copy, total, &transfer.content);
                } else {
                    self.copy_chunk(now, copy, stretch.start, total, &body, stretch.flag, &transfer.content);
                }
            }
        }
        if stretch.flag != Flag::Aborted && transfer.is_cut_off() {
            // Its chunk was answered with 200 before the recipient's queue was found full.
            if transfer.reports.failure != FailureReport::No {
                let range = (stretch.start, end, total.unwrap_or(end));
                self.report(session, &transfer.reports, id, 413, "Recipient Congested", range);
            }
            return;
        }
        if stretch.flag == Flag::Aborted {
            self.note(now, format!("{id} aborted by its sender"));
            return;
        }
        let bounded = transfer.coverage.add(stretch.start, stretch.body.len() as u64);
        let other = |announced: &u64| transfer.total.is_some_and(|total| total != *announced);
        let believed = transfer.announced.filter(|announced| other(announced) && self.faults.has(Fault::TotalBelieved));
        if let Some(total) = transfer.total
            && transfer.coverage.is_whole(believed.unwrap_or(total))
        {
            let silenced =
                transfer.reports.failure != FailureReport::Yes && self.faults.has(Fault::SuccessNeedsFailureYes);
            let wanted = transfer.reports.success && !silenced;
            let mistaken = transfer.reports.declined && self.faults.has(Fault::UnaskedSuccessDespiteNo);
            if wanted || mistaken || self.faults.has(Fault::SuccessReportUnasked) {
                self.report(session, &transfer.reports, id, 200, "OK", (1, total, total));
            }
            return;
        }
        if bounded && let Some(state) = self.sessions.get_mut(&session) {
            state.transfers.insert(id.to_owned(), transfer);
        } else {
            self.cut(now, &mut transfer);
        }
    }

    /// [`Fault::UnwrappedDistributed`].
    fn distribute_unwrapped(&mut self, now: Moment, session: SessionId, message: &MsrpMessage, body: &Bytes) {
        let content = Arc::new(content_of(message, false));
        for session in self.everybody_but(session) {
            let message_id: Arc<str> = self.token(16).into();
            let mut copy = Copy { session, message_id, next: 1, stopped: false };
            self.copy_chunk(now, &mut copy, 1, Some(body.len() as u64), body, message.flag, &content);
        }
    }

    /// Gives a message up; those who have a part of it get an abort chunk (RFC 7701, 6.1).
    pub(super) fn abort_transfer(&mut self, now: Moment, session: SessionId, id: &str) {
        let transfer = self.sessions.get_mut(&session).and_then(|state| state.transfers.remove(id));
        if let Some(mut transfer) = transfer {
            self.cut(now, &mut transfer);
        }
    }

    /// Gives up what a session has begun to send: it leaves, or its connection is gone.
    pub(super) fn abort_transfers_of(&mut self, now: Moment, session: SessionId) {
        let Some(state) = self.sessions.get_mut(&session) else { return };
        for (id, mut transfer) in std::mem::take(&mut state.transfers) {
            self.cut(now, &mut transfer);
            if self.faults.has(Fault::ReportAfterEnd) {
                let received = transfer.coverage.contiguous();
                self.report(session, &transfer.reports, &id, 413, "Session Ended", (1, received, received));
            }
        }
    }

    fn cut(&mut self, now: Moment, transfer: &mut Transfer) {
        let total = transfer.total.or(transfer.announced);
        if let Stage::Forwarding(copies) = &mut transfer.stage {
            for copy in copies.iter_mut() {
                self.abort_copy(now, copy, total, &transfer.content);
            }
        }
    }

    /// The chunk reception timer (RFC 7701, 6.1): the message counts as aborted, its state is discarded.
    pub(super) fn expire_transfers(&mut self, now: Moment) {
        let due: Vec<(SessionId, String)> = self
            .sessions
            .iter()
            .flat_map(|(session, state)| {
                let late = state.transfers.iter().filter(|(_, transfer)| transfer.deadline <= now);
                late.map(|(id, _)| (*session, id.clone()))
            })
            .collect();
        for (session, id) in due {
            self.note(now, format!("{id} aborted: no further chunk came in time"));
            let transfer = self.sessions.get_mut(&session).and_then(|state| state.transfers.remove(&id));
            let Some(mut transfer) = transfer else { continue };
            self.cut(now, &mut transfer);
            if self.faults.has(Fault::AbortSentToAll) {
                self.abort_for_all(now, session, &transfer);
            }
            // Its chunks were answered with 200, and yet the message was never delivered as a whole.
            let received = transfer.coverage.contiguous();
            if transfer.reports.failure == FailureReport::Yes && received > 0 {
                let total = transfer.total.or(transfer.announced).unwrap_or(received);
                self.report(session, &transfer.reports, &id, 413, "Chunk Reception Timeout", (1, received, total));
            }
        }
    }

    /// [`Fault::AbortSentToAll`].
    fn abort_for_all(&mut self, now: Moment, sender: SessionId, transfer: &Transfer) {
        for session in self.everybody_but(sender) {
            let message_id: Arc<str> = self.token(16).into();
            let mut copy = Copy { session, message_id, next: 1, stopped: false };
            self.copy_chunk(now, &mut copy, 1, None, &Bytes::new(), Flag::Aborted, &transfer.content);
        }
    }

    /// A recipient wants no more of a message: its further chunks are withheld from it alone.
    pub(super) fn stop_copy(&mut self, now: Moment, recipient: SessionId, message_id: &str) {
        let found = self.sessions.iter_mut().find_map(|(_, state)| {
            state.transfers.values_mut().find_map(|transfer| {
                let total = transfer.total.or(transfer.announced);
                let content = transfer.content.clone();
                let Stage::Forwarding(copies) = &mut transfer.stage else { return None };
                let copy =
                    copies.iter_mut().find(|copy| copy.session == recipient && &*copy.message_id == message_id)?;
                let stopped = copy.clone();
                copy.stopped = true;
                Some((stopped, total, content))
            })
        });
        if let Some((mut copy, total, content)) = found {
            self.abort_copy(now, &mut copy, total, &content);
        } else if let Some(state) = self.sessions.get_mut(&recipient)
            && let Some(first) = state.purge(message_id)
            && first.start > 1
        {
            // Complete on our side, but its end still waited: the part that is on the wire gets another one.
            state.push(Piece { body: Bytes::new(), flag: Flag::Aborted, ..first });
            self.pump_session(now, recipient);
        }
    }
}

impl Transfer {
    /// Whether it is a private message none of whose copies can be completed.
    fn is_cut_off(&self) -> bool {
        let Stage::Forwarding(copies) = &self.stage else { return false };
        self.reports.private.is_some() && !copies.is_empty() && copies.iter().all(|copy| copy.stopped)
    }
}

fn report_model(message: &MsrpMessage) -> ReportModel {
    ReportModel {
        path: message.header("From-Path").unwrap_or_default(),
        success: message.success_report(),
        declined: message.header("Success-Report").is_some_and(|value| value == "no"),
        failure: message.failure_report(),
        private: None,
    }
}

/// The MIME headers of a SEND.
pub(super) fn content_of(message: &MsrpMessage, success_report: bool) -> Content {
    let mut others = Vec::new();
    let mut content_type = Bytes::from_static(b"message/cpim");
    for header in &message.headers.0 {
        let name = String::from_utf8_lossy(&header.name);
        if header.is("Content-Type") {
            content_type = header.value.clone();
        } else if name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("Content-")) {
            others.push((name.into_owned(), header.value.clone()));
        }
    }
    Content { others, content_type, success_report }
}
