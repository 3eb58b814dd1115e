//! REPORTs and responses, sent and received (RFC 4975, 7.1.2 to 7.1.4 and 7.3.2; RFC 7701, 6.3).

use bytes::Bytes;

use super::Media;
use super::connection::join;
use super::session::Binding;
use super::transfer::ReportModel;
use crate::port::{Connection, Moment};
use crate::switch::SessionId;
use crate::switch::fault::Fault;
use crate::wire::msrp::{ByteRange, FailureReport, MsrpMessage};

impl Media {
    /// Sends a sender the switch's own REPORT on a range of its message: first octet, last octet, length. About a
    /// private message it carries a wrapper with the original From and To (RFC 7701, 6.2; interpretation T35).
    pub(super) fn report(
        &mut self,
        session: SessionId,
        model: &ReportModel,
        message_id: &str,
        status: u16,
        comment: &str,
        (first, last, total): (u64, u64, u64),
    ) {
        let transaction = self.token(11);
        let Some(state) = self.sessions.get(&session) else { return };
        let Binding::Bound(connection) = state.binding else { return };
        let range = ByteRange { start: first, end: Some(last), total: Some(total) };
        let mut report = MsrpMessage::request(&transaction, "REPORT")
            .with("To-Path", model.path.clone())
            .with("From-Path", state.local.to_string())
            .with("Message-ID", message_id.to_owned())
            .with("Byte-Range", range.to_string())
            .with("Status", format!("000 {status} {comment}"));
        if let Some(wrapper) = &model.private
            && !self.faults.has(Fault::PrivateReportUnwrapped)
        {
            let parts: [&[u8]; 5] = [b"From: ", &wrapper.from, b"\r\nTo: ", &wrapper.to, b"\r\n\r\n"];
            let mut body = parts.concat();
            body.extend_from_slice(b"Content-Type: text/plain\r\n\r\n");
            report = report.with_body("message/cpim", Bytes::from(body));
        }
        let octets = report.octets();
        let deaf = state.peer.as_ref().is_some_and(|peer| !peer.receives);
        if status == 200 && self.faults.has(Fault::NoSuccessReport)
            || deaf && self.faults.has(Fault::SendonlyUnreported)
        {
            return;
        }
        if self.faults.has(Fault::SuccessReportTwice) {
            self.write(connection, octets.clone());
        }
        self.write(connection, octets);
    }

    /// A REPORT never gets an answer (RFC 4975, 7.1.2) and is never passed on (RFC 7701, 6.3). A failure in it is read
    /// as the same failure in a response would be.
    pub(super) fn report_received(&mut self, now: Moment, connection: Connection, report: &MsrpMessage) {
        let Ok(session) = self.addressed(connection, report) else { return };
        let (Some(id), Some(status)) = (report.message_id(), report.report_status()) else { return };
        if self.sessions.get(&session).is_none_or(|state| state.binding != Binding::Bound(connection)) {
            return;
        }
        self.note(now, format!("session {} reports {status} on {id}", session.0));
        if report.body.is_some() && self.faults.has(Fault::ReportBodyAnswered) {
            self.respond(connection, Some(session), report, 400, "REPORT With Body");
        }
        if self.faults.has(Fault::ReportAnswered) {
            self.respond(connection, Some(session), report, 200, "OK");
        }
        if self.faults.has(Fault::ReceiverReportsForwarded) {
            self.pass_report_on(report, &id);
        }
        if self.faults.has(Fault::ReportByReport) {
            self.acknowledge(session, report, &id);
        }
        if (200..300).contains(&status) || self.faults.has(Fault::ReportUnheeded) {
            return;
        }
        // A range that was lost fails the session (RFC 4975, 7.3.2); what else is refused does so as in a response.
        if status == 408 {
            self.lose(now, session, "a part of a message was lost on the way");
        } else {
            self.refused(now, session, &id, status);
        }
    }

    /// For [`Fault::ReportByReport`].
    fn acknowledge(&mut self, session: SessionId, report: &MsrpMessage, id: &str) {
        let length = report.byte_range().and_then(|range| range.end).unwrap_or(1);
        let path = report.header("From-Path").unwrap_or_default();
        let model = ReportModel { path, success: true, declined: false, failure: FailureReport::Yes, private: None };
        self.report(session, &model, id, 200, "OK", (1, length, length));
    }

    /// The response to a request of ours.
    pub(super) fn response(&mut self, now: Moment, connection: Connection, transaction: &str, status: u16) {
        let Some(link) = self.links.get(&connection) else { return };
        let found = link.sessions.iter().find_map(|session| {
            let pending = &self.sessions.get(session)?.pending;
            let place = pending.iter().position(|pending| pending.transaction == transaction)?;
            Some((*session, place))
        });
        let Some((session, place)) = found else { return };
        let pending = self.sessions.get_mut(&session).and_then(|state| state.pending.remove(place));
        let Some(pending) = pending else { return };
        if !(200..300).contains(&status) {
            if self.faults.has(Fault::RecipientRefusalReported) {
                self.report_refusal(&pending.message_id, status);
            }
            let unheeded = self.faults.has(Fault::RefusalUnheeded) && !matches!(status, 481 | 506);
            if !unheeded {
                self.refused(now, session, &pending.message_id, status);
            }
        }
        self.pump_session(now, session);
    }

    /// An endpoint refuses what it was sent: one message, or the session as such.
    fn refused(&mut self, now: Moment, session: SessionId, message_id: &str, status: u16) {
        self.note(now, format!("session {} refuses {message_id} with {status}", session.0));
        if status == 415
            && let Some(state) = self.sessions.get_mut(&session)
        {
            state.refuse_kind(message_id);
        }
        let over = match status {
            481 | 506 => !self.faults.has(Fault::DeniedSessionKept),
            413 => self.faults.has(Fault::RefusalEndsSession),
            _ => false,
        };
        if over {
            self.lose(now, session, &format!("the endpoint answered {status}"));
        } else {
            self.stop_copy(now, session, message_id);
        }
    }

    /// No response within 30 seconds: the endpoint is gone (RFC 4975, 7.1.1).
    pub(super) fn expire_transactions(&mut self, now: Moment) {
        let due: Vec<SessionId> = self
            .sessions
            .iter()
            .filter(|(_, state)| state.pending.front().is_some_and(|pending| pending.deadline <= now))
            .map(|(session, _)| *session)
            .collect();
        for session in due {
            self.lose(now, session, "a request got no response in time");
        }
    }

    /// For [`Fault::ReceiverReportsForwarded`] and [`Fault::RecipientRefusalReported`]: whose message a copy is.
    pub(super) fn remember_origin(&mut self, sender: SessionId, original: &str, copy: &str) {
        const KEPT: usize = 10_000;
        if self.faults.keeps_for(Fault::ReceiverReportsForwarded)
            || self.faults.keeps_for(Fault::RecipientRefusalReported)
        {
            if self.origins.len() >= KEPT {
                self.origins.pop_first();
            }
            self.origins.insert(copy.to_owned(), (sender, original.to_owned()));
        }
    }

    fn report_refusal(&mut self, copy: &str, status: u16) {
        let Some((sender, original)) = self.origins.get(copy).cloned() else { return };
        let peer = self.sessions.get(&sender).and_then(|state| state.peer.as_ref());
        let Some(path) = peer.map(|peer| join(&peer.path)) else { return };
        let model = ReportModel { path, success: true, declined: false, failure: FailureReport::Yes, private: None };
        self.report(sender, &model, &original, status, "Refused", (1, 1, 1));
    }

    fn pass_report_on(&mut self, report: &MsrpMessage, copy: &str) {
        let Some((sender, original)) = self.origins.get(copy).cloned() else { return };
        let transaction = self.token(11);
        let Some(state) = self.sessions.get(&sender) else { return };
        let (Binding::Bound(connection), Some(peer)) = (state.binding, &state.peer) else { return };
        let mut passed = MsrpMessage::request(&transaction, "REPORT")
            .with("To-Path", join(&peer.path))
            .with("From-Path", state.local.to_string())
            .with("Message-ID", original);
        for name in ["Byte-Range", "Status"] {
            if let Some(value) = report.header(name) {
                passed = passed.with(name, value);
            }
        }
        self.write(connection, passed.octets());
    }
}
