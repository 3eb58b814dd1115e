//! One MSRP session of one endpoint, and what waits to be sent on it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::transfer::Transfer;
use crate::port::{Connection, Moment};
use crate::switch::{Membership, PeerMedia, RoomId};
use crate::wire::msrp::{Flag, Framed};
use crate::wire::uri::MsrpUri;

/// Which stream a session uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// The URI is given out, offer and answer are not complete.
    Idle,
    /// The endpoint has to connect.
    Waiting,
    /// The switch is connecting.
    Connecting(Connection),
    /// Requests of the session come and go on this stream.
    Bound(Connection),
    /// The stream is gone.
    Lost,
}

/// What kind of content the chunks of a message have: the MIME headers of the original, as they came.
#[derive(Debug)]
pub(super) struct Content {
    /// `Content-Disposition` and the like, in their order.
    pub(super) others: Vec<(String, Bytes)>,
    /// The value of Content-Type.
    pub(super) content_type: Bytes,
    /// Whether the copy asks its recipient for success reports; only a fault does.
    pub(super) success_report: bool,
}

/// A chunk that waits to be sent.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) message_id: Arc<str>,
    /// Position of the first octet, from 1.
    pub(super) start: u64,
    pub(super) total: Option<u64>,
    pub(super) body: Bytes,
    pub(super) content: Arc<Content>,
    pub(super) flag: Flag,
}

impl Piece {
    /// What the piece counts for in the queue's bound: its headers cost memory as well.
    pub(super) fn weight(&self) -> usize {
        self.body.len() + 256
    }
}

/// A request of ours without its response.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) transaction: String,
    pub(super) message_id: Arc<str>,
    pub(super) deadline: Moment,
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) room: RoomId,
    pub(super) local: MsrpUri,
    pub(super) who: Option<Membership>,
    pub(super) peer: Option<PeerMedia>,
    pub(super) binding: Binding,
    /// Requests that came before offer and answer were complete.
    pub(super) early: Vec<(Connection, Framed)>,
    pub(super) welcomed: bool,
    pub(super) queue: VecDeque<Piece>,
    pub(super) queued: usize,
    pub(super) pending: VecDeque<Pending>,
    pub(super) congested_since: Option<Moment>,
    /// Messages withheld since the last notice about it.
    pub(super) withheld: u64,
    /// Message-IDs of whole messages from this endpoint; for [`crate::switch::fault::Fault::DuplicateUnanswered`] only.
    pub(super) seen: BTreeSet<String>,
    /// Message-IDs of what was refused; for [`crate::switch::fault::Fault::RefusedIdRemembered`] only.
    pub(super) refused_ids: BTreeSet<String>,
    /// What kind of content the latest copies to this endpoint had, by Message-ID.
    kinds: VecDeque<(Arc<str>, String)>,
    /// Wrapped types that the endpoint has answered with 415.
    pub(super) refused_kinds: BTreeSet<String>,
    /// Incomplete messages from this endpoint, by Message-ID.
    pub(super) transfers: BTreeMap<String, Transfer>,
}

impl Session {
    pub(super) fn new(room: RoomId, local: MsrpUri) -> Self {
        Self {
            room,
            local,
            who: None,
            peer: None,
            binding: Binding::Idle,
            early: Vec::new(),
            welcomed: false,
            queue: VecDeque::new(),
            queued: 0,
            pending: VecDeque::new(),
            congested_since: None,
            withheld: 0,
            seen: BTreeSet::new(),
            refused_ids: BTreeSet::new(),
            kinds: VecDeque::new(),
            refused_kinds: BTreeSet::new(),
            transfers: BTreeMap::new(),
        }
    }

    /// Remembers what kind of content a copy has, as long as its recipient may refuse it.
    pub(super) fn remember_kind(&mut self, message_id: &Arc<str>, kind: &str) {
        const KEPT: usize = 64;
        if self.kinds.len() >= KEPT {
            self.kinds.pop_front();
        }
        self.kinds.push_back((message_id.clone(), kind.to_owned()));
    }

    /// The endpoint does not understand what a copy is (RFC 4975, 10.6).
    pub(super) fn refuse_kind(&mut self, message_id: &str) {
        const KEPT: usize = 32;
        let known = self.kinds.iter().find(|(id, _)| &**id == message_id);
        if let Some((_, kind)) = known
            && self.refused_kinds.len() < KEPT
        {
            self.refused_kinds.insert(kind.clone());
        }
    }

    pub(super) fn push(&mut self, piece: Piece) {
        self.queued += piece.weight();
        self.queue.push_back(piece);
    }

    pub(super) fn pop(&mut self) -> Option<Piece> {
        let piece = self.queue.pop_front()?;
        self.queued = self.queued.saturating_sub(piece.weight());
        Some(piece)
    }

    pub(super) fn clear_queue(&mut self) {
        self.queue.clear();
        self.queued = 0;
        self.pending.clear();
    }

    /// Takes the waiting pieces of a message out; gives the first one.
    pub(super) fn purge(&mut self, message_id: &str) -> Option<Piece> {
        let at = self.queue.iter().position(|piece| &*piece.message_id == message_id)?;
        let first = self.queue.remove(at);
        self.queue.retain(|piece| &*piece.message_id != message_id);
        self.queued = self.queue.iter().map(Piece::weight).sum();
        first
    }

    /// Whether regular messages can be copied to this endpoint.
    pub(super) fn receives(&self) -> bool {
        self.binding != Binding::Lost && self.who.is_some() && self.peer.as_ref().is_some_and(|peer| peer.receives)
    }

    /// Whether the endpoint declared private messages (RFC 7701, 8).
    pub(super) fn takes_private(&self) -> bool {
        self.peer.as_ref().is_some_and(|peer| {
            peer.chatroom
                .as_ref()
                .is_some_and(|tokens| tokens.iter().any(|token| token.eq_ignore_ascii_case("private-messages")))
        })
    }

    pub(super) fn next_deadline(&self, patience: Duration) -> Option<Moment> {
        let transfers = self.transfers.values().map(|transfer| transfer.deadline).min();
        let pending = self.pending.front().map(|pending| pending.deadline);
        let congestion = self.congested_since.map(|since| since + patience);
        [transfers, pending, congestion].into_iter().flatten().min()
    }
}
