//! Which session a request is for, what makes it unreadable, and responses (RFC 4975, 7.2 and 7.3).

use super::Media;
use super::connection::join;
use super::session::{Binding, Session};
use crate::port::{Connection, Moment};
use crate::switch::SessionId;
use crate::switch::fault::Fault;
use crate::wire::msrp::{FailureReport, Framed, MsrpDefect, MsrpMessage, Start};
use crate::wire::uri::MsrpUri;

/// Most requests kept for a session whose offer and answer are not complete yet.
const MOST_EARLY: usize = 16;

/// Longest of them.
const LONGEST_EARLY: usize = 64 * 1024;

/// Why a request is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) comment: &'static str,
}

impl Refusal {
    pub(super) const fn new(status: u16, comment: &'static str) -> Self {
        Self { status, comment }
    }
}

impl Media {
    pub(super) fn message(&mut self, now: Moment, connection: Connection, mut framed: Framed) {
        if let Some(body) = &framed.message.body
            && let Some(end) = self.misread_end(body)
        {
            framed.message.body = Some(body.slice(..end));
        }
        match &framed.message.start {
            Start::Response { status, .. } => {
                let unknown = framed.message.headers.0.len() > 2 && self.faults.has(Fault::ResponseHeaderUnknown);
                let (transaction, status) = (framed.message.transaction.clone(), if unknown { 481 } else { *status });
                self.response(now, connection, &transaction, status);
            }
            Start::Request { method } if method == "REPORT" => self.report_received(now, connection, &framed.message),
            Start::Request { .. } => self.request(now, connection, framed),
        }
    }

    /// Where a faulty framing sees the end of a body.
    fn misread_end(&self, body: &[u8]) -> Option<usize> {
        let hyphens = || memchr::memmem::find(body, b"\r\n------");
        let start = || memchr::memmem::find(body, b"\r\nMSRP ");
        let by_hyphens = hyphens().filter(|_| self.faults.has(Fault::EndLineByHyphens));
        by_hyphens.or_else(|| start().filter(|_| self.faults.has(Fault::StartLineInBody)))
    }

    /// For [`Fault::SessionCheckedLate`]: what is refused whatever the session.
    fn prejudged(&self, message: &MsrpMessage) -> Option<Refusal> {
        let unwrapped = message.media_type().is_some_and(|kind| kind != "message/cpim");
        let refusal = match message.method() {
            Some("SEND") if unwrapped => Refusal::new(415, "Not Message/CPIM"),
            Some("SEND" | "NICKNAME") => return None,
            _ => Refusal::new(501, "Method Not Understood"),
        };
        self.faults.has(Fault::SessionCheckedLate).then_some(refusal)
    }

    fn request(&mut self, now: Moment, connection: Connection, framed: Framed) {
        if !self.faults.is_idle()
            && let Some(refusal) = self.prejudged(&framed.message)
        {
            return self.refuse(now, connection, None, &framed.message, refusal);
        }
        let session = match self.addressed(connection, &framed.message) {
            Ok(session) => session,
            Err(refusal) => return self.refuse(now, connection, None, &framed.message, refusal),
        };
        let Some(state) = self.sessions.get_mut(&session) else { return };
        if state.who.is_none() {
            // The endpoint was faster than the signalling: the request waits for establish().
            if state.early.len() < MOST_EARLY && framed.octets.len() < LONGEST_EARLY {
                state.early.push((connection, framed));
            }
            return;
        }
        self.serve(now, connection, session, &framed);
    }

    fn serve(&mut self, now: Moment, connection: Connection, session: SessionId, framed: &Framed) {
        let message = &framed.message;
        let mut method = message.method().unwrap_or_default();
        let otherwise = |name: &str| method != name && method.eq_ignore_ascii_case(name);
        if self.faults.has_when(Fault::MethodCaseIgnored, || otherwise("NICKNAME")) {
            method = "NICKNAME";
        }
        if self.faults.has_when(Fault::SendCaseIgnored, || method != "SEND" && method.eq_ignore_ascii_case("SEND")) {
            method = "SEND";
        }
        if !matches!(method, "SEND" | "NICKNAME")
            || (method == "NICKNAME" && self.faults.has(Fault::NicknameMethodUnknown))
        {
            let malformed = self.faults.has(Fault::UnknownMethodMalformed) && method != "NICKNAME";
            let refusal = if malformed {
                Refusal::new(400, "Malformed Start Line")
            } else {
                Refusal::new(501, "Method Not Understood")
            };
            return self.refuse(now, connection, Some(session), message, refusal);
        }
        if self.sessions.get(&session).is_some_and(|state| state.binding != Binding::Bound(connection)) {
            self.bind(now, session, connection);
            if message.body.is_some() && self.faults.has(Fault::FirstContentDropped) {
                return self.respond(connection, Some(session), message, 200, "OK");
            }
        }
        if method == "SEND" {
            self.send(now, connection, session, framed);
        } else {
            self.nickname(now, connection, session, framed);
        }
        self.welcome(now, session);
        self.pump_session(now, session);
        if self.is_clogged(connection) {
            self.abandon(now, connection, "the endpoint does not read its responses");
        }
    }

    /// Serves what came before offer and answer were complete.
    pub(super) fn replay_early(&mut self, now: Moment, session: SessionId) {
        let Some(state) = self.sessions.get_mut(&session) else { return };
        for (connection, framed) in std::mem::take(&mut state.early) {
            if !self.links.contains_key(&connection) {
                continue;
            }
            match self.addressed(connection, &framed.message) {
                Ok(session) => self.serve(now, connection, session, &framed),
                Err(refusal) => self.refuse(now, connection, None, &framed.message, refusal),
            }
        }
    }

    /// The session that a request is for. To-Path must have exactly one URI, that of a session which is not in use on
    /// another connection (RFC 4975, 7.3 and 5.4).
    pub(super) fn addressed(&self, connection: Connection, message: &MsrpMessage) -> Result<SessionId, Refusal> {
        const UNKNOWN: Refusal = Refusal::new(481, "No Such Session");
        let path = message.to_path();
        let uri = match path.as_slice() {
            [uri] => uri,
            [uri, ..] if self.faults.has(Fault::FirstUriCounts) => uri,
            [.., uri] if self.faults.has(Fault::PathGrows) => uri,
            [] => return Err(Refusal::new(400, "Unreadable To-Path")),
            _ => return Err(UNKNOWN),
        };
        let id = match uri.session_id.as_ref().and_then(|part| self.by_session_part.get(part)) {
            None if self.faults.has(Fault::SessionIdAlone) => self.by_any_means(connection, uri),
            found => found,
        };
        let id = id.ok_or(UNKNOWN)?;
        let same = |session: &&Session| {
            let by_letter = || message.header("To-Path").is_some_and(|written| written == session.local.to_string());
            if self.faults.has_when(Fault::MsrpUriByLetter, || !by_letter()) {
                return false;
            }
            session.local.equivalent(uri) || self.faults.has(Fault::SessionIdAlone)
        };
        let session = self.sessions.get(id).filter(same).ok_or(UNKNOWN)?;
        let secured = self.links.get(&connection).is_some_and(|link| link.secured);
        let must = session.local.secure || self.policy(session.room).is_some_and(|policy| policy.force_tls);
        if must && !secured {
            return Err(UNKNOWN);
        }
        match session.binding {
            Binding::Bound(bound) if bound != connection && !self.faults.has(Fault::LatestConnectionWins) => {
                Err(Refusal::new(506, "Session Bound To Another Connection"))
            }
            Binding::Lost if !self.faults.has(Fault::LostSessionRevived) => Err(UNKNOWN),
            _ => Ok(*id),
        }
    }

    /// For [`Fault::SessionIdAlone`].
    fn by_any_means(&self, connection: Connection, uri: &MsrpUri) -> Option<&SessionId> {
        match &uri.session_id {
            Some(part) => {
                let part = part.rsplit('/').next().unwrap_or(part);
                self.by_session_part.iter().find(|(known, _)| known.eq_ignore_ascii_case(part)).map(|(_, id)| id)
            }
            None => self.links.get(&connection)?.sessions.first(),
        }
    }

    pub(super) fn refuse(
        &mut self,
        now: Moment,
        connection: Connection,
        session: Option<SessionId>,
        message: &MsrpMessage,
        refusal: Refusal,
    ) {
        let method = message.method().unwrap_or_default().to_owned();
        self.note(now, format!("{method} {} refused: {} {}", message.transaction, refusal.status, refusal.comment));
        self.respond(connection, session, message, refusal.status, refusal.comment);
    }

    /// Answers a request on the connection it came by, as far as its Failure-Report wants an answer. NICKNAME has no
    /// such header and always gets one (interpretation T43).
    pub(super) fn respond(
        &mut self,
        connection: Connection,
        session: Option<SessionId>,
        message: &MsrpMessage,
        status: u16,
        comment: &str,
    ) {
        let method = message.method().unwrap_or_default();
        let wanted = match message.failure_report() {
            _ if method == "NICKNAME" => true,
            _ if message.header("Success-Report").is_some_and(|value| value == "no")
                && self.faults.has(Fault::SuccessReportNoMisread) =>
            {
                false
            }
            _ if message.header("Failure-Report").is_some() && self.faults.has(Fault::FailureReportYesMisread) => false,
            FailureReport::Yes => true,
            _ if self.faults.has(Fault::ResponseDespiteNo) => true,
            _ if status == 481 && self.faults.has(Fault::UnknownSessionAlwaysTold) => true,
            FailureReport::Partial => status != 200,
            FailureReport::No => false,
        };
        if !wanted || message.transaction.is_empty() {
            return;
        }
        let known = session.and_then(|session| self.sessions.get(&session));
        // Written as the request wrote it: SEND goes back to the previous hop only, anything else all the way.
        let back = match message.header("From-Path").filter(|path| MsrpUri::parse_path(path).is_ok()) {
            Some(path) => path,
            None => match known.and_then(|state| state.peer.as_ref()) {
                Some(peer) => join(&peer.path),
                None => return,
            },
        };
        let hop = back.contains(' ')
            && ((method == "SEND" && !self.faults.has(Fault::SendResponseAllTheWay))
                || (method == "NICKNAME" && self.faults.has(Fault::NicknameResponseLeftmost)));
        let back = if hop { back.split(' ').next().unwrap_or_default().to_owned() } else { back };
        let own = match (known, message.to_path().first()) {
            (Some(state), _) => state.local.to_string(),
            (None, Some(uri)) => uri.to_string(),
            // No session can be read from the request: the switch answers as a host.
            (None, None) => format!("msrp://{}:{};tcp", self.settings.host, self.settings.port),
        };
        let transaction = if self.faults.has(Fault::ResponseTransactionAltered) {
            message.transaction.to_ascii_lowercase()
        } else {
            message.transaction.clone()
        };
        let response =
            MsrpMessage::response(&transaction, status, comment).with("To-Path", back).with("From-Path", own);
        self.write(connection, response.octets());
    }
}

/// Whether something about a request makes it unintelligible (400), and what. What has a status of its own or can be
/// lived with (interpretations T57, T59) does not count.
pub(super) fn unreadable(framed: &Framed) -> Option<Refusal> {
    let nickname = framed.message.method() == Some("NICKNAME");
    let complaint = |defect: &MsrpDefect| match defect {
        MsrpDefect::MalformedHeader => Some("Malformed Header"),
        MsrpDefect::BareLineEnd => Some("Line Without CRLF"),
        MsrpDefect::MalformedTransaction => Some("Malformed Transaction Identifier"),
        MsrpDefect::ToPathNotFirst => Some("To-Path Is Not First"),
        MsrpDefect::FromPathNotSecond => Some("From-Path Is Not Second"),
        MsrpDefect::MalformedPath => Some("Malformed Path"),
        MsrpDefect::RepeatedHeader(name) if !name.eq_ignore_ascii_case("Use-Nickname") => Some("Repeated Header"),
        MsrpDefect::MissingMessageId if !nickname => Some("Message-ID Missing"),
        MsrpDefect::MalformedMessageId => Some("Malformed Message-ID"),
        MsrpDefect::MalformedByteRange => Some("Malformed Byte-Range"),
        MsrpDefect::ReportHeader => Some("Malformed Report Header"),
        MsrpDefect::OversizedNonSendBody => Some("Body Too Long"),
        MsrpDefect::WrongFlag => Some("Wrong Continuation Flag"),
        MsrpDefect::BadUtf8 if !nickname => Some("Not UTF-8"),
        MsrpDefect::ContentTypeMismatch if framed.message.body.is_none() => Some("Content-Type Without Body"),
        _ => None,
    };
    let comment = framed.defects.iter().find_map(|defect| complaint(&defect.kind))?;
    Some(Refusal::new(400, comment))
}
