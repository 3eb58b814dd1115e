//! What a scenario tells a participant to do: identities, offers, messages, and how they are to be damaged.

use std::net::SocketAddr;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;

use crate::wire::edit::Edit;
use crate::wire::sdp::Setup;
use crate::wire::uri::SipUri;

/// Who a participant is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name in the scenario: `Alice`.
    pub name: String,
    /// The address of record: From of SIP requests, and of CPIM unless told otherwise.
    pub aor: SipUri,
    /// Display name for the SIP From header.
    pub display_name: Option<String>,
    /// User name and password for digest authentication.
    pub credentials: Option<(String, String)>,
}

/// The transport under a participant's SIP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Datagrams.
    Udp,
    /// A stream.
    Tcp,
    /// A stream under TLS.
    Tls,
}

impl Transport {
    /// As it stands in Via.
    pub fn token(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
        }
    }
}

/// The way to the implementation under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// What SIP goes over.
    pub transport: Transport,
    /// Where SIP requests go, whatever their Request-URI says.
    pub next_hop: SocketAddr,
    /// The name that the next hop's certificate must bear, under TLS.
    pub server_name: String,
    /// The room: Request-URI, SIP To and CPIM To unless told otherwise.
    pub room: SipUri,
}

/// Where the participant can be reached; the runtime knows once it has bound sockets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// For Via and Contact.
    pub sip: SocketAddr,
    /// The MSRP listener without TLS.
    pub msrp: SocketAddr,
    /// The MSRP listener under TLS.
    pub msrps: Option<SocketAddr>,
    /// The fingerprint of the participant's own certificate, as in SDP.
    pub fingerprint: Option<String>,
}

/// SIP's timer values (RFC 3261, table 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timers {
    /// Round trip estimate; first retransmission interval.
    pub t1: Duration,
    /// Longest retransmission interval.
    pub t2: Duration,
    /// How long a message stays in the network.
    pub t4: Duration,
}

impl Default for Timers {
    fn default() -> Self {
        Self { t1: Duration::from_millis(500), t2: Duration::from_secs(4), t4: Duration::from_secs(5) }
    }
}

/// What SDP says about a participant's certificate (RFC 4975, 14.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Announced {
    /// Its fingerprint.
    #[default]
    Own,
    /// The fingerprint of another one.
    Foreign,
    /// Nothing.
    Nothing,
}

/// What an INVITE offers for MSRP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// `a=accept-types` entries.
    pub accept_types: Vec<String>,
    /// `a=accept-wrapped-types` entries.
    pub accept_wrapped_types: Option<Vec<String>>,
    /// Tokens of `a=chatroom`; `None`: no such attribute (an endpoint that does not know RFC 7701).
    pub chatroom: Option<Vec<String>>,
    /// `a=setup`; `None`: no such attribute.
    pub setup: Option<Setup>,
    /// `a=max-size`.
    pub max_size: Option<u64>,
    /// MSRP over TLS (`TCP/TLS/MSRP`, `msrps:`).
    pub tls: bool,
    /// What `a=fingerprint` says of our certificate, under TLS.
    pub fingerprint: Announced,
    /// The value of `a=path`, in place of the right one; `{path}` in it stands for our own URI, so that URIs of relays
    /// can be put before it, and `{path-with-user}` for our own URI with a userinfo. It is also the From-Path of messages, unless they say otherwise.
    pub path: Option<String>,
    /// A new session-id for our own URI, where the session had one already.
    pub fresh_path: bool,
    /// The port of the m-line, in place of the path's.
    pub port: Option<u16>,
    /// `sendrecv`, `sendonly`, `recvonly`, `inactive`; `None`: no such attribute.
    pub direction: Option<String>,
    /// Attributes to append to the media description: `name` or `name:value`.
    pub attributes: Vec<String>,
    /// Lines to append to the whole description, without line ends: other media.
    pub append: Vec<String>,
    /// The whole body in place of everything else; `{path}`, `{host}` and `{port}` stand for our own, `{id}` and
    /// `{version}` for the numbers of the o-line.
    pub raw: Option<Bytes>,
    /// Changes to the lines of the description, done last and one after the other.
    pub rewrites: Vec<Rewrite>,
    /// The version is that of the description before (RFC 3264, 8).
    pub same_version: bool,
}

/// A change to the lines of a description. A line is found by how it starts; the first one counts. `{address}` in a
/// new line stands for network, type and address of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// After a line comes a new one.
    After(String, String),
    /// In place of a line comes another one.
    Instead(String, String),
    /// A line and all that follow are left out.
    Cut(String),
    /// Lines end with LF alone.
    BareLineFeeds,
}

impl Default for Offer {
    /// What a client that knows RFC 7701 offers: Message/CPIM around anything, nicknames and private messages.
    fn default() -> Self {
        Self {
            accept_types: vec!["message/cpim".into()],
            accept_wrapped_types: Some(vec!["*".into()]),
            chatroom: Some(vec!["nickname".into(), "private-messages".into()]),
            setup: Some(Setup::Active),
            max_size: None,
            tls: false,
            fingerprint: Announced::Own,
            path: None,
            fresh_path: false,
            port: None,
            direction: None,
            attributes: Vec::new(),
            append: Vec::new(),
            raw: None,
            rewrites: Vec::new(),
            same_version: false,
        }
    }
}

/// How an INVITE (or re-INVITE) is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteOptions {
    /// The offer; `None`: no body, so that the focus has to offer and the ACK carries [`InviteOptions::answer`].
    pub offer: Option<Offer>,
    /// What an offer of the focus is answered with (late offer).
    pub answer: Offer,
    /// The value of a Privacy header (RFC 3323).
    pub privacy: Option<String>,
    /// Request-URI in place of the room's (or of the remote target).
    pub request_uri: Option<String>,
    /// From header value without tag, in place of the identity's.
    pub from: Option<String>,
    /// To header value, in place of the room's.
    pub to: Option<String>,
    /// Headers to append.
    pub headers: Vec<(String, String)>,
    /// Damage to the headers, done last.
    pub edits: Vec<Edit>,
    /// Carry this session over the MSRP connection that another call of this participant uses, if the path leads to the
    /// same place (RFC 4975, 5.4).
    pub share_connection: bool,
    /// Do not connect and do not send the first SEND, though active.
    pub without_media: bool,
    /// Connect, but do not send the first SEND.
    pub without_first_send: bool,
}

impl Default for InviteOptions {
    fn default() -> Self {
        Self {
            offer: Some(Offer::default()),
            answer: Offer::default(),
            privacy: None,
            request_uri: None,
            from: None,
            to: None,
            headers: Vec::new(),
            edits: Vec::new(),
            share_connection: false,
            without_media: false,
            without_first_send: false,
        }
    }
}

/// How any other SIP request is to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestOptions {
    /// Request-URI in place of the default one.
    pub request_uri: Option<String>,
    /// Headers to append.
    pub headers: Vec<(String, String)>,
    /// Content-Type and body.
    pub body: Option<(String, Bytes)>,
    /// The SIP version in place of `SIP/2.0`.
    pub version: Option<String>,
    /// Damage to the headers, done last.
    pub edits: Vec<Edit>,
}

/// Into how many chunks a message is cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Chunks {
    /// One.
    #[default]
    Whole,
    /// As many as needed, of this many octets each.
    Of(usize),
    /// These ranges of the body, from 0, in this order; they may overlap or leave gaps.
    Ranges(Vec<Range<usize>>),
}

/// How a message is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendOptions {
    /// The URI of the CPIM To header; `None`: the room.
    pub to: Option<String>,
    /// The URI of the CPIM From header; `None`: the identity's.
    pub from: Option<String>,
    /// CPIM headers to append after From and To.
    pub cpim_headers: Vec<(String, String)>,
    /// The wrapped Content-Type.
    pub content_type: String,
    /// The wrapped content.
    pub content: Bytes,
    /// Damage to the CPIM headers.
    pub cpim_edits: Vec<Edit>,
    /// The whole CPIM object in place of all the above.
    pub raw_cpim: Option<Bytes>,
    /// The body of the SEND with its own Content-Type in place of CPIM: `(None, None)` is a bodiless SEND,
    /// `(None, Some)` a body without Content-Type.
    pub body: Option<(Option<String>, Option<Bytes>)>,
    /// Success-Report, if the header shall be there.
    pub success_report: Option<String>,
    /// Failure-Report, if the header shall be there.
    pub failure_report: Option<String>,
    /// Message-ID in place of a fresh one.
    pub message_id: Option<String>,
    /// To-Path in place of the session's.
    pub to_path: Option<String>,
    /// From-Path in place of the session's.
    pub from_path: Option<String>,
    /// How it is cut.
    pub chunks: Chunks,
    /// Leave out so many chunks at the start: they were sent before, or never.
    pub skip: usize,
    /// Send so many chunks only: the message stays incomplete (every chunk sent keeps its `+`).
    pub stop_after: Option<usize>,
    /// End the last chunk that is sent with `#`.
    pub abort: bool,
    /// Damage to the MSRP headers of every chunk.
    pub edits: Vec<Edit>,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self {
            to: None,
            from: None,
            cpim_headers: Vec::new(),
            content_type: "text/plain".into(),
            content: Bytes::new(),
            cpim_edits: Vec::new(),
            raw_cpim: None,
            body: None,
            success_report: None,
            failure_report: None,
            message_id: None,
            to_path: None,
            from_path: None,
            chunks: Chunks::Whole,
            skip: 0,
            stop_after: None,
            abort: false,
            edits: Vec::new(),
        }
    }
}

impl SendOptions {
    /// A text to the room.
    pub fn text(text: impl Into<String>) -> Self {
        Self { content: Bytes::from(text.into()), ..Self::default() }
    }

    /// A private text to whoever has this URI.
    pub fn private(to: impl Into<String>, text: impl Into<String>) -> Self {
        Self { to: Some(to.into()), ..Self::text(text) }
    }

    /// A SEND without body (RFC 4975, 5.4).
    pub fn bodiless() -> Self {
        Self { body: Some((None, None)), ..Self::default() }
    }
}

/// What a participant does by itself. Everything is on at first: a well-behaved endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conduct {
    /// ACK to final responses of INVITE.
    pub acks: bool,
    /// 401 and 407 are answered with credentials, if there are any.
    pub authenticates: bool,
    /// Damage to the digest response: see [`DigestDamage`].
    pub digest_damage: Option<DigestDamage>,
    /// SIP requests from the focus (BYE, NOTIFY, OPTIONS, INFO, re-INVITE) get their response.
    pub answers_sip: bool,
    /// NOTIFY is answered with this status in place of 200.
    pub notify_status: u16,
    /// SENDs get their response, as Failure-Report wants it.
    pub answers_sends: bool,
    /// The status for SENDs, comment included: `200 OK`.
    pub send_status: (u16, String),
    /// Headers that the responses to SENDs have besides.
    pub send_response_headers: Vec<(String, String)>,
    /// Success reports are sent when asked for.
    pub reports: bool,
    /// A REPORT with this status for every complete message, asked for or not.
    pub unasked_report: Option<u16>,
    /// Requests over UDP are sent again until answered.
    pub retransmits: bool,
    /// Headers that a CANCEL has besides.
    pub cancel_headers: Vec<(String, String)>,
    /// The MSRP stream stays open after a BYE, so that what still comes can be seen.
    pub keeps_streams: bool,
}

impl Default for Conduct {
    fn default() -> Self {
        Self {
            acks: true,
            authenticates: true,
            digest_damage: None,
            answers_sip: true,
            notify_status: 200,
            answers_sends: true,
            send_status: (200, "OK".into()),
            send_response_headers: Vec::new(),
            reports: true,
            unasked_report: None,
            retransmits: true,
            cancel_headers: Vec::new(),
            keeps_streams: false,
        }
    }
}

/// A deliberate fault in the answer to a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestDamage {
    /// One digit of `response` is wrong.
    WrongResponse,
    /// The password is wrong.
    WrongPassword,
    /// The nonce is not the one of the challenge.
    WrongNonce,
    /// The response is computed for another method than that of the request.
    OtherMethod,
    /// The realm, also that of the computation, is not the one of the challenge.
    OtherRealm,
    /// The nonce count is not the one of the computation.
    OtherCount,
    /// The nonce count is one that was used before (`00000001` again).
    ReplayedCount,
}
