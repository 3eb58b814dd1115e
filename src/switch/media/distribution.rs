//! Who gets a message: the checks on the Message/CPIM wrapper in their order (interpretation T23), and the copies.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;

use super::Media;
use super::misreading::misread;
use super::request::Refusal;
use super::session::{Content, Piece};
use super::transfer::Wrapper;
use crate::port::Moment;
use crate::switch::SessionId;
use crate::switch::fault::Fault;
use crate::wire::cpim::{Address, CpimDefect, CpimMessage};
use crate::wire::msrp::Flag;
use crate::wire::sdp;
use crate::wire::uri::Uri;

/// Most octets of a chunk that announces its end (RFC 4975, 7.1.1).
const CHUNK: usize = 2048;

/// A message on its way to one recipient.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    pub(super) session: SessionId,
    pub(super) message_id: Arc<str>,
    /// Position behind the last octet that was queued; 1: nothing was.
    pub(super) next: u64,
    /// No further chunk goes to this recipient.
    pub(super) stopped: bool,
}

/// What the headers of a message say about its way.
pub(super) struct Decision {
    pub(super) copies: Vec<Copy>,
    /// The wrapper, if the message is private.
    pub(super) private: Option<Wrapper>,
}

impl Media {
    /// Reads the headers of the wrapper: From, then To, then what the room and the recipients accept.
    pub(super) fn decide(
        &mut self,
        sender: SessionId,
        id: &str,
        headers: &Bytes,
        announced: Option<u64>,
    ) -> Result<Decision, Refusal> {
        let parsed = CpimMessage::parse(headers.clone());
        let cpim = &if self.faults.is_idle() { parsed.tree } else { misread(self.faults, parsed.tree)? };
        let repeated = parsed.defects.iter().any(|defect| defect.kind == CpimDefect::RepeatedFrom);
        let malformed = repeated || is_malformed(cpim, "From") || cpim.froms().len() != 1;
        let tolerated = malformed && self.faults.has(Fault::MalformedFromAccepted);
        if (repeated || !self.signs_rightly(sender, cpim)) && !tolerated && !self.faults.has(Fault::ForeignFromAccepted)
        {
            return Err(Refusal::new(403, "From Is Not The Sender"));
        }
        let mut tos = cpim.tos();
        if tos.is_empty() && self.faults.has(Fault::MissingToMeansRoom) {
            let room = self.sessions.get(&sender).and_then(|session| self.rooms.get(session.room.0));
            let uri = room.and_then(|room| room.uris.first()).map(ToString::to_string).unwrap_or_default();
            tos.push(Address { formal_name: None, uri });
        }
        if let Some(header) = cpim.headers.0.iter().find(|header| header.name == "cc")
            && self.faults.has(Fault::CcDeliveredPrivately)
            && let Some(address) = Address::parse(&header.text())
        {
            tos = vec![address];
        }
        let to = match tos.as_slice() {
            [to] => to,
            [to, ..] if self.faults.has(Fault::SeveralToAccepted) => to,
            [] => return Err(Refusal::new(404, "To Missing")),
            _ => return Err(Refusal::new(403, "More Than One To")),
        };
        const UNRESOLVED: Refusal = Refusal::new(404, "To Cannot Be Resolved");
        let to = Uri::parse(&to.uri).map_err(|_| UNRESOLVED)?;
        if is_malformed(cpim, "To") {
            return Err(UNRESOLVED);
        }
        let wrapped = cpim.content_media_type();
        if self.faults.has_when(Fault::CpimRequireHeeded, || cpim.headers.get("Require").is_some()) {
            return Ok(Decision { copies: Vec::new(), private: None });
        }
        let (recipients, private) = if self.is_room(sender, &to) {
            if self.faults.has_when(Fault::SlowRecipientStopsAll, || self.somebody_is_slow(sender)) {
                return Err(Refusal::new(413, "A Recipient Is Slow"));
            }
            let peer = self.sessions.get(&sender).and_then(|session| session.peer.as_ref());
            if self.faults.has_when(Fault::UnawareUnheard, || peer.is_some_and(|peer| peer.chatroom.is_none())) {
                return Err(Refusal::new(403, "No Chat Room Client"));
            }
            let swallowed = self.faults.has(Fault::RegularSwallowed);
            (if swallowed { Vec::new() } else { self.everybody_but(sender) }, None)
        } else {
            let recipients = self.private_recipients(sender, &to, wrapped.as_deref())?;
            (recipients, Some(wrapper_of(cpim)))
        };
        if !self.room_accepts(sender, wrapped.as_deref()) {
            return Err(Refusal::new(415, "Wrapped Media Type Not Accepted"));
        }
        let regular = private.is_none();
        let full =
            |id: &SessionId| self.sessions.get(id).is_some_and(|state| state.queued >= self.settings.queue_bound);
        if !regular && !recipients.is_empty() && recipients.iter().all(full) {
            return Err(Refusal::new(413, "Recipient Congested"));
        }
        let mut copies = Vec::with_capacity(recipients.len());
        for session in recipients {
            let fits = self.accepts(session, wrapped.as_deref(), announced);
            if !fits || (regular && self.withholds(session, announced)) {
                continue;
            }
            let message_id: Arc<str> = self.token(16).into();
            self.remember_origin(sender, id, &message_id);
            if let Some(state) = self.sessions.get_mut(&session) {
                state.remember_kind(&message_id, wrapped.as_deref().unwrap_or("text/plain"));
            }
            copies.push(Copy { session, message_id, next: 1, stopped: false });
        }
        Ok(Decision { copies, private })
    }

    /// Whether From has one URI by which the room knows the sender (RFC 7701, 6.3; interpretation T28).
    fn signs_rightly(&self, sender: SessionId, cpim: &CpimMessage) -> bool {
        if is_malformed(cpim, "From") {
            return false;
        }
        let froms = cpim.froms();
        let [from] = froms.as_slice() else { return false };
        let Ok(from) = Uri::parse(&from.uri) else { return false };
        let who = self.sessions.get(&sender).and_then(|session| session.who.as_ref());
        who.is_some_and(|who| who.uris.iter().any(|known| known.same_resource(&from)))
    }

    fn is_room(&self, sender: SessionId, to: &Uri) -> bool {
        let room = self.sessions.get(&sender).and_then(|session| self.rooms.get(session.room.0));
        let differs = || !room.is_some_and(|room| room.uris.iter().any(|known| known.to_string() == to.to_string()));
        if self.faults.has_when(Fault::RoomUriByLetter, differs) {
            return false;
        }
        room.is_some_and(|room| room.uris.iter().any(|known| known.same_resource(to)))
    }

    /// Every session of the room but the one the message came from, the author's other endpoints included
    /// (interpretation T29).
    pub(super) fn everybody_but(&self, sender: SessionId) -> Vec<SessionId> {
        let Some(room) = self.sessions.get(&sender).map(|session| session.room) else { return Vec::new() };
        let echo = self.faults.has(Fault::OwnCopyEchoed);
        let elsewhere = || self.sessions.values().any(|session| session.room != room && session.receives());
        let mixed = self.faults.has_when(Fault::RoomsMixed, elsewhere);
        let mut everybody: Vec<SessionId> = self
            .sessions
            .iter()
            .filter(|(id, session)| (mixed || session.room == room) && session.receives() && (echo || **id != sender))
            .map(|(id, _)| *id)
            .collect();
        let user = |id: &SessionId| self.sessions.get(id).and_then(|session| session.who.as_ref()).map(|who| who.user);
        let twice = || everybody.iter().map(user).collect::<BTreeSet<_>>().len() < everybody.len();
        if self.faults.has_when(Fault::SecondEndpointForgotten, twice) {
            let mut seen = BTreeSet::new();
            everybody.retain(|id| seen.insert(user(id)));
        }
        everybody
    }

    /// For [`Fault::SlowRecipientStopsAll`].
    fn somebody_is_slow(&self, sender: SessionId) -> bool {
        self.everybody_but(sender)
            .iter()
            .filter_map(|id| self.sessions.get(id))
            .any(|state| state.pending.len() > 4 || state.queued > 64 * 1024)
    }

    fn room_accepts(&self, sender: SessionId, wrapped: Option<&str>) -> bool {
        let policy = self.sessions.get(&sender).and_then(|session| self.policy(session.room));
        if self.faults.has_when(Fault::StarMeansText, || wrapped.is_some_and(|wrapped| !wrapped.starts_with("text/"))) {
            return false;
        }
        if self
            .faults
            .has_when(Fault::MultipartRefused, || wrapped.is_some_and(|wrapped| wrapped.starts_with("multipart/")))
        {
            return false;
        }
        if self.faults.has_when(Fault::HtmlRefused, || wrapped == Some("text/html")) {
            return false;
        }
        policy.is_some_and(|policy| {
            sdp::Media::list_accepts(&policy.accept_wrapped_types, wrapped.unwrap_or("text/plain"))
        }) || self.faults.has(Fault::RoomTypesIgnored)
    }

    /// Whether a recipient can take a message by what its SDP said (RFC 7701, 6.1).
    pub(super) fn accepts(&self, session: SessionId, wrapped: Option<&str>, announced: Option<u64>) -> bool {
        let Some(state) = self.sessions.get(&session) else { return false };
        let Some(peer) = &state.peer else { return false };
        let wrapped = wrapped.unwrap_or("text/plain");
        // Who has answered 415 is sent no more of that kind (RFC 4975, 10.6).
        if state.refused_kinds.contains(wrapped) && !self.faults.has(Fault::RefusedTypeSentAgain) {
            return false;
        }
        let wrapper = peer.accept_types.is_empty() || sdp::Media::list_accepts(&peer.accept_types, "message/cpim");
        let inner = peer.accept_wrapped_types.as_ref().is_none_or(|types| sdp::Media::list_accepts(types, wrapped))
            // What may come bare may come wrapped (RFC 4975, 8.6).
            || sdp::Media::list_accepts(&peer.accept_types, wrapped)
            || self.faults.has(Fault::RecipientTypesIgnored);
        let size = peer.max_size.is_none_or(|most| announced.is_none_or(|size| size <= most))
            || self.faults.has(Fault::MaxSizePerChunk);
        wrapper && inner && size
    }

    /// Queues a stretch of a message for one recipient, in chunks of at most 2048 octets.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn copy_chunk(
        &mut self,
        now: Moment,
        copy: &mut Copy,
        start: u64,
        total: Option<u64>,
        body: &Bytes,
        flag: Flag,
        content: &Arc<Content>,
    ) {
        if copy.stopped {
            return;
        }
        let bound = self.settings.queue_bound;
        let Some(state) = self.sessions.get_mut(&copy.session) else {
            copy.stopped = true;
            return;
        };
        let end = start + body.len() as u64 - u64::from(!body.is_empty());
        let too_large = state.peer.as_ref().and_then(|peer| peer.max_size).is_some_and(|most| {
            let size = if self.faults.has(Fault::MaxSizePerChunk) { body.len() as u64 } else { end };
            size > most
        });
        if !state.receives() || too_large || state.queued >= bound {
            if state.queued >= bound {
                state.withheld += 1;
            }
            return self.abort_copy(now, copy, total, content);
        }
        if start > 1 && self.faults.has(Fault::MessageIdPerChunk) {
            copy.message_id = self.token(16).into();
        }
        let Some(state) = self.sessions.get_mut(&copy.session) else { return };
        let last_flag = match flag {
            Flag::Aborted if self.faults.has(Fault::AbortAsComplete) => Flag::Complete,
            flag => flag,
        };
        let mut at = 0;
        loop {
            let most = match body.len() {
                length if length > CHUNK && self.faults.has(Fault::LongChunksHeldTogether) => 8 * CHUNK,
                length if length > CHUNK / 4 && self.faults.has(Fault::SmallChunks) => CHUNK / 4,
                _ => CHUNK,
            };
            let to = body.len().min(at + most);
            let last = to == body.len();
            state.push(Piece {
                message_id: copy.message_id.clone(),
                start: start + at as u64,
                total,
                body: body.slice(at..to),
                content: content.clone(),
                flag: if last { last_flag } else { Flag::More },
            });
            at = to;
            if last {
                break;
            }
        }
        copy.next = copy.next.max(start + body.len() as u64);
        if flag != Flag::More {
            copy.stopped = flag == Flag::Aborted;
        }
        self.mark(now, copy.session);
        self.pump_session(now, copy.session);
    }

    /// Ends a message before its end: what waits is taken back, and if a part is on the wire an empty chunk flagged
    /// `#` follows it.
    pub(super) fn abort_copy(&mut self, now: Moment, copy: &mut Copy, total: Option<u64>, content: &Arc<Content>) {
        if copy.stopped {
            return;
        }
        copy.stopped = true;
        let Some(state) = self.sessions.get_mut(&copy.session) else { return };
        let next = state.purge(&copy.message_id).map_or(copy.next, |piece| piece.start);
        if next > 1 {
            state.push(Piece {
                message_id: copy.message_id.clone(),
                start: next,
                total: total.filter(|total| *total >= next),
                body: Bytes::new(),
                content: content.clone(),
                flag: if self.faults.has(Fault::AbortAsComplete) { Flag::Complete } else { Flag::Aborted },
            });
        }
        self.pump_session(now, copy.session);
    }
}

/// Whether a header of this name is off the grammar of RFC 3862, 4.1: brackets around the URI are not optional.
fn is_malformed(cpim: &CpimMessage, name: &str) -> bool {
    let mut lines = cpim.headers.0.iter().filter(|header| header.name == name.as_bytes());
    lines.any(|header| Address::parse(&header.text()).is_none())
}

/// The values of From and To as the sender wrote them.
fn wrapper_of(cpim: &CpimMessage) -> Wrapper {
    let value = |name: &str, fallback: String| {
        let header = cpim.headers.0.iter().find(|header| header.name == name.as_bytes());
        header.map_or_else(|| Bytes::from(fallback), |header| header.value.clone())
    };
    let first =
        |addresses: Vec<Address>| addresses.first().map(|address| format!("<{}>", address.uri)).unwrap_or_default();
    Wrapper { from: value("From", first(cpim.froms())), to: value("To", first(cpim.tos())) }
}
