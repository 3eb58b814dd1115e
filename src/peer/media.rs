//! The MSRP session of a call: requests sent, requests answered (RFC 4975, 7; RFC 7701, 6 and 7).

use std::ops::Range;

use bytes::Bytes;

use super::log::SeenKind;
use super::options::{Chunks, SendOptions};
use super::participant::{CallId, Participant, SendFacts, Session};
use crate::port::{Connection, Moment};
use crate::wire::cpim::CpimMessage;
use crate::wire::header::Header;
use crate::wire::msrp::{ByteRange, FailureReport, Flag, MsrpMessage};
use crate::wire::uri::MsrpUri;

/// The Byte-Range of a request without body (RFC 4975, 7.1.1).
const NO_BODY: &str = "1-0/0";
/// Chunks over this length must be interruptible, and say so by a star (RFC 4975, 7.1.1).
const UNINTERRUPTED: usize = 2048;

impl Participant {
    /// Sends a message.
    pub fn send(&mut self, now: Moment, call: CallId, options: SendOptions) -> Option<SendFacts> {
        let _ = now;
        let session = self.sessions.get(call.0)?;
        let connection = session.connection?;
        let to_path = options.to_path.clone().unwrap_or_else(|| written(&session.remote_path));
        let from_path = options.from_path.clone().unwrap_or_else(|| self.announced_path(call));
        let message_id = options.message_id.clone().unwrap_or_else(|| self.ids.message_id());
        let (content_type, body) = match options.body.clone() {
            Some(whole) => whole,
            None => (Some("message/cpim".to_owned()), Some(self.wrap(&options))),
        };
        let length = body.as_ref().map_or(0, Bytes::len);
        let ranges: Vec<Range<usize>> =
            if body.is_some() { cut(&options.chunks, length) } else { std::iter::once(0..0).collect() };
        let end = options.stop_after.map_or(usize::MAX, |count| options.skip.saturating_add(count)).min(ranges.len());
        let mut transactions = Vec::new();
        for (index, range) in ranges.iter().enumerate().take(end).skip(options.skip) {
            let transaction = self.ids.transaction();
            let flag = match () {
                () if options.abort && index + 1 == end => Flag::Aborted,
                () if options.stop_after.is_some() || index + 1 < ranges.len() => Flag::More,
                () => Flag::Complete,
            };
            let mut chunk = MsrpMessage::request(&transaction, "SEND")
                .with("To-Path", to_path.clone())
                .with("From-Path", from_path.clone())
                .with("Message-ID", message_id.clone());
            if let Some(value) = &options.success_report {
                chunk = chunk.with("Success-Report", value.clone());
            }
            if let Some(value) = &options.failure_report {
                chunk = chunk.with("Failure-Report", value.clone());
            }
            if let Some(body) = &body {
                chunk = chunk.with("Byte-Range", byte_range(range, length).to_string());
                if let Some(content_type) = &content_type {
                    chunk = chunk.with("Content-Type", content_type.clone());
                }
                chunk.body = Some(body.get(range.clone()).map(Bytes::copy_from_slice).unwrap_or_default());
            } else {
                chunk = chunk.with("Byte-Range", NO_BODY);
                if let Some(content_type) = &content_type {
                    chunk = chunk.with("Content-Type", content_type.clone());
                }
            }
            let chunk = chunk.flagged(flag).edited(&options.edits);
            self.write_stream(connection, chunk.octets());
            transactions.push(transaction);
        }
        Some(SendFacts { message_id, transactions, body: body.unwrap_or_default() })
    }

    fn wrap(&self, options: &SendOptions) -> Bytes {
        if let Some(raw) = &options.raw_cpim {
            return raw.clone();
        }
        let from = options.from.clone().unwrap_or_else(|| self.identity.aor.to_string());
        let to = options.to.clone().unwrap_or_else(|| self.route.room.bare().to_string());
        let mut cpim =
            CpimMessage::new(&bracketed(&from), &bracketed(&to), &options.content_type, options.content.clone());
        for (name, value) in &options.cpim_headers {
            cpim.headers.push(name, value.clone());
        }
        for edit in &options.cpim_edits {
            edit.apply(&mut cpim.headers);
        }
        cpim.octets()
    }

    /// NICKNAME with this Use-Nickname value, octet for octet (quotes are the caller's); the transaction.
    pub fn nickname(&mut self, now: Moment, call: CallId, value: &[u8]) -> Option<String> {
        let request = MsrpMessage::request("", "NICKNAME").with("Use-Nickname", Bytes::copy_from_slice(value));
        self.msrp_request(now, call, request)
    }

    /// A request of any kind; the transaction, which is a fresh one unless the request has one already. To-Path and
    /// From-Path of the session are put in front of the other headers, unless the request has its own. For NICKNAME
    /// without its header, REPORTs, unknown methods.
    pub fn msrp_request(&mut self, now: Moment, call: CallId, message: MsrpMessage) -> Option<String> {
        let _ = now;
        let session = self.sessions.get(call.0)?;
        let connection = session.connection?;
        let (to_path, from_path) = (written(&session.remote_path), self.announced_path(call));
        let mut whole = message;
        if whole.transaction.is_empty() {
            whole.transaction = self.ids.transaction();
        }
        for (place, name, path) in [(0, "To-Path", to_path), (1, "From-Path", from_path)] {
            if whole.headers.get(name).is_none() {
                whole.headers.0.insert(place.min(whole.headers.0.len()), Header::new(name, path));
            }
        }
        self.write_stream(connection, whole.octets());
        Some(whole.transaction)
    }

    /// Octets as they are on the stream of the call.
    pub fn raw_msrp(&mut self, now: Moment, call: CallId, octets: Bytes) -> Option<()> {
        let _ = now;
        let connection = self.sessions.get(call.0)?.connection?;
        self.write_stream(connection, octets);
        Some(())
    }

    /// A fresh transaction identifier, for messages that the caller writes.
    pub fn new_transaction(&mut self) -> String {
        self.ids.transaction()
    }

    /// A fresh token of 80 random bits, for tags, branches and Call-IDs in SIP that the caller writes.
    pub fn new_token(&mut self) -> String {
        self.ids.tag()
    }

    /// A bodiless SEND for the session of `call` on any stream, e.g. for 506 (RFC 4975, 5.4); the transaction.
    pub fn first_send_on(&mut self, now: Moment, call: CallId, connection: Connection) -> Option<String> {
        let _ = now;
        let session = self.sessions.get(call.0)?;
        let (to_path, from_path) = (written(&session.remote_path), self.announced_path(call));
        let (transaction, message_id) = (self.ids.transaction(), self.ids.message_id());
        let send = MsrpMessage::request(&transaction, "SEND")
            .with("To-Path", to_path)
            .with("From-Path", from_path)
            .with("Message-ID", message_id)
            .with("Byte-Range", NO_BODY);
        self.write_stream(connection, send.octets());
        Some(transaction)
    }

    /// The stream for the session is there, and opening it was ours.
    pub(super) fn media_connected(&mut self, now: Moment, call: CallId, connection: Connection) {
        let (Some(session), Some(state)) = (self.sessions.get_mut(call.0), self.calls.get_mut(call.0)) else { return };
        state.connecting = None;
        session.connection = Some(connection);
        if !state.options.without_first_send {
            let transaction = self.first_send_on(now, call, connection);
            if let Some(session) = self.sessions.get_mut(call.0) {
                session.first_send = transaction;
                session.first_send_status = None;
            }
        }
    }

    /// A message came in on a stream.
    pub(super) fn take_msrp(&mut self, now: Moment, connection: Connection, message: MsrpMessage, octets: Bytes) {
        if let Some(status) = message.status() {
            let first = |sent: &Option<String>| sent.as_deref() == Some(message.transaction.as_str());
            for session in self.sessions.iter_mut().filter(|session| first(&session.first_send)) {
                session.first_send_status.get_or_insert(status);
            }
            self.see(now, SeenKind::MsrpResponse { connection, message, octets });
            return;
        }
        let call = self.session_of(&message);
        self.see(now, SeenKind::MsrpRequest { connection, call, message: message.clone(), octets });
        if let Some(session) = call.and_then(|call| self.sessions.get_mut(call.0)) {
            // The active side shows which session a stream is for by its first request (RFC 4975, 5.4).
            session.connection.get_or_insert(connection);
        }
        match message.method().unwrap_or_default() {
            "SEND" => self.take_send(now, connection, call, &message),
            "REPORT" => {}
            _ => self.respond(connection, &message, 501, "Method not understood"),
        }
    }

    /// What our SDP gives as our path.
    pub fn announced_path(&self, call: CallId) -> String {
        let own = self.sessions.get(call.0).map(|session| session.local_path.to_string()).unwrap_or_default();
        let options = self.calls.get(call.0).map(|state| &state.options);
        let described = options.map(|options| options.offer.as_ref().unwrap_or(&options.answer));
        match described.and_then(|offer| offer.path.as_ref()) {
            Some(written) => super::call::with_path(written, &own),
            None => own,
        }
    }

    /// The session that a request is for, by the first URI of its To-Path (RFC 4975, 7.3). Where our SDP has relays in
    /// front of us, which we then play ourselves, by the last.
    fn session_of(&self, message: &MsrpMessage) -> Option<CallId> {
        let path = message.to_path();
        let (first, last) = (path.first()?, path.last()?);
        let leads_to = |session: &Session, own: &MsrpUri| {
            std::iter::once(&session.local_path).chain(&session.former_paths).any(|path| path.equivalent(own))
        };
        let by = |own: &MsrpUri| self.sessions.iter().rposition(|session| leads_to(session, own));
        let behind_relays = |call: &usize| self.announced_path(CallId(*call)).contains(' ');
        by(first).or_else(|| by(last).filter(behind_relays)).map(CallId)
    }

    fn take_send(&mut self, now: Moment, connection: Connection, call: Option<CallId>, send: &MsrpMessage) {
        let Some(session) = call.and_then(|call| self.sessions.get(call.0)) else {
            self.respond(connection, send, 481, "No such session");
            return;
        };
        // A session lives on one stream (RFC 4975, 5.4).
        if session.connection.is_some_and(|bound| bound != connection) {
            self.respond(connection, send, 506, "Session is bound to another connection");
            return;
        }
        let (status, comment) = self.conduct.send_status.clone();
        let unasked = self.conduct.unasked_report;
        let report = match &send.body {
            None => None,
            Some(body) => self
                .assembly
                .take(now, call, connection, send, body)
                .filter(|message| message.success_report || unasked.is_some())
                .map(|message| (message.message_id.clone(), message.body.len())),
        };
        self.respond(connection, send, status, &comment);
        if let Some((message_id, length)) = report
            && self.conduct.reports
            && status == 200
        {
            self.report(connection, send, &message_id, length, unasked.unwrap_or(200));
        }
    }

    fn respond(&mut self, connection: Connection, request: &MsrpMessage, status: u16, comment: &str) {
        let wanted = match request.failure_report() {
            FailureReport::Yes => true,
            FailureReport::No => false,
            FailureReport::Partial => status != 200,
        };
        if !self.conduct.answers_sends || !wanted {
            return;
        }
        let mut to_path = request.from_path();
        if request.method() == Some("SEND") {
            to_path.truncate(1);
        }
        let from_path = request.to_path().into_iter().next().map(|own| own.to_string()).unwrap_or_default();
        let mut response = MsrpMessage::response(&request.transaction, status, comment)
            .with("To-Path", written(&to_path))
            .with("From-Path", from_path);
        for (name, value) in &self.conduct.send_response_headers {
            response = response.with(name, value.clone());
        }
        self.write_stream(connection, response.octets());
    }

    fn report(&mut self, connection: Connection, send: &MsrpMessage, message_id: &str, length: usize, status: u16) {
        let from_path = send.to_path().into_iter().next().map(|own| own.to_string()).unwrap_or_default();
        let transaction = self.ids.transaction();
        let report = MsrpMessage::request(&transaction, "REPORT")
            .with("To-Path", written(&send.from_path()))
            .with("From-Path", from_path)
            .with("Message-ID", message_id.to_owned())
            .with("Byte-Range", format!("1-{length}/{length}"))
            .with("Status", if status == 200 { "000 200 OK".to_owned() } else { format!("000 {status}") });
        self.write_stream(connection, report.octets());
    }
}

fn written(path: &[MsrpUri]) -> String {
    path.iter().map(MsrpUri::to_string).collect::<Vec<_>>().join(" ")
}

fn bracketed(uri: &str) -> String {
    if uri.contains('<') { uri.to_owned() } else { format!("<{uri}>") }
}

fn cut(chunks: &Chunks, length: usize) -> Vec<Range<usize>> {
    match chunks {
        Chunks::Whole => std::iter::once(0..length).collect(),
        Chunks::Of(size) if length > 0 => {
            let size = (*size).max(1);
            (0..length).step_by(size).map(|start| start..length.min(start + size)).collect()
        }
        Chunks::Of(_) => std::iter::once(0..0).collect(),
        Chunks::Ranges(ranges) => ranges
            .iter()
            .map(|range| {
                let start = range.start.min(length);
                start..range.end.clamp(start, length)
            })
            .collect(),
    }
}

fn byte_range(range: &Range<usize>, length: usize) -> ByteRange {
    let number = |position: usize| u64::try_from(position).unwrap_or(u64::MAX);
    let end = (range.len() <= UNINTERRUPTED).then(|| number(range.end));
    ByteRange { start: number(range.start) + 1, end, total: Some(number(length)) }
}
