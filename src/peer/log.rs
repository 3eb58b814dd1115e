//! What a participant saw, in order: the material of every expectation.

use std::net::SocketAddr;

use bytes::Bytes;

use super::CallId;
use super::RequestKey;
use crate::port::{Connection, Moment, Protocol};
use crate::wire::msrp::{ByteRange, Flag, MsrpMessage};
use crate::wire::sip::SipMessage;

/// One observation.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When.
    pub at: Moment,
    /// What.
    pub what: SeenKind,
}

/// What was observed.
#[derive(Clone, Debug)]
pub enum SeenKind {
    /// A SIP response.
    SipResponse {
        /// The request it answers, by branch; `None`: it answers nothing we sent.
        key: Option<RequestKey>,
        /// Whether the participant sent the request again with credentials because of it.
        retried: bool,
        /// The message.
        message: SipMessage,
        /// Its octets.
        octets: Bytes,
    },
    /// A SIP request, first time or retransmission.
    SipRequest {
        /// The call whose dialog it is in.
        call: Option<CallId>,
        /// Whether the same transaction was seen before.
        again: bool,
        /// The message.
        message: SipMessage,
        /// Its octets.
        octets: Bytes,
    },
    /// No final response came in time (timer B or F), or the transport failed.
    SipTimeout {
        /// The request.
        key: RequestKey,
    },
    /// Something on the SIP port that is not SIP.
    SipGarbage {
        /// What is wrong with it.
        reason: String,
        /// The octets, up to a bound.
        octets: Bytes,
    },
    /// An MSRP response.
    MsrpResponse {
        /// The stream.
        connection: Connection,
        /// The message.
        message: MsrpMessage,
        /// Its octets.
        octets: Bytes,
    },
    /// An MSRP request: a SEND chunk, REPORT, NICKNAME, ...
    MsrpRequest {
        /// The stream.
        connection: Connection,
        /// The session whose URI its To-Path starts with.
        call: Option<CallId>,
        /// The message.
        message: MsrpMessage,
        /// Its octets.
        octets: Bytes,
    },
    /// An MSRP stream that cannot be read any further.
    MsrpGarbage {
        /// The stream.
        connection: Connection,
        /// What is wrong with it.
        reason: String,
        /// The octets, up to a bound.
        octets: Bytes,
    },
    /// A stream came up.
    Connected {
        /// The stream.
        connection: Connection,
        /// What it carries.
        protocol: Protocol,
        /// The other end.
        remote: SocketAddr,
        /// Whether TLS protects it.
        secured: bool,
    },
    /// A stream could not be opened.
    ConnectFailed {
        /// The stream.
        connection: Connection,
        /// The cause in words.
        reason: String,
    },
    /// A stream was closed by the other side, or broke.
    Closed {
        /// The stream.
        connection: Connection,
        /// What it carried.
        protocol: Protocol,
    },
    /// The log is full: later observations are lost.
    Full,
}

/// A chunk of a [`Delivered`] message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// When it came.
    pub at: Moment,
    /// Its transaction identifier.
    pub transaction: String,
    /// Byte-Range, if there was a valid one.
    pub range: Option<ByteRange>,
    /// How many octets it carried.
    pub length: usize,
    /// Its flag.
    pub flag: Flag,
}

/// A message put together from SENDs with one Message-ID on one session, complete or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// When its first chunk came.
    pub at: Moment,
    /// When it became complete or was aborted.
    pub ended_at: Option<Moment>,
    /// The session.
    pub call: Option<CallId>,
    /// The stream of the first chunk.
    pub connection: Connection,
    /// Message-ID.
    pub message_id: String,
    /// Content-Type value, with parameters, of the first chunk that had one.
    pub content_type: Option<String>,
    /// The octets of the body, each chunk at the place its Byte-Range names. Gaps are zeros. Over 64 KiB only once the
    /// message has ended.
    pub body: Bytes,
    /// The chunks, in the order in which they came.
    pub chunks: Vec<Chunk>,
    /// Whether all octets have come and the last chunk was flagged `$`.
    pub complete: bool,
    /// Whether a chunk was flagged `#`.
    pub aborted: bool,
    /// Whether a success report was asked for.
    pub success_report: bool,
    /// The wrapper, once the message is complete and of type message/cpim.
    pub cpim: Option<crate::wire::cpim::CpimMessage>,
}
