//! MSRP (RFC 4975 with NICKNAME of RFC 7701 and AUTH of RFC 4976): messages, framing, header values.

use bytes::Bytes;

use super::edit::Edit;
use super::header::Headers;
use super::uri::MsrpUri;
use super::{Defect, Parsed};

/// A violation that an MSRP message alone can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MsrpDefect {
    /// A header line without `: `.
    MalformedHeader,
    /// A line not ended by CRLF.
    BareLineEnd,
    /// A transaction identifier off the `ident` grammar (length 4 to 32, RFC 4975, 9).
    MalformedTransaction,
    /// The first header is not To-Path.
    ToPathNotFirst,
    /// The second header is not From-Path.
    FromPathNotSecond,
    /// To-Path or From-Path that cannot be read.
    MalformedPath,
    /// A header that must stand once is repeated.
    RepeatedHeader(String),
    /// Message-ID missing in SEND or REPORT.
    MissingMessageId,
    /// A malformed Message-ID.
    MalformedMessageId,
    /// A malformed Byte-Range.
    MalformedByteRange,
    /// Byte-Range and body disagree in length (RFC 4975, 7.1.1).
    ByteRangeLength,
    /// Success-Report or Failure-Report with an unknown value, or on a method that must not have it.
    ReportHeader,
    /// REPORT without Status, or a malformed one.
    MalformedStatus,
    /// A body without Content-Type, or Content-Type without body.
    ContentTypeMismatch,
    /// Content-Type is not the last header (RFC 4975, 7.1).
    ContentTypeNotLast,
    /// Use-Nickname off its grammar (RFC 7701, 7.1).
    MalformedNickname,
    /// A body in a response (RFC 4975, 9).
    BodyInResponse,
    /// A body over 10240 octets in a non-SEND request (RFC 4975, 7.1).
    OversizedNonSendBody,
    /// A continuation flag other than `$` where only that is allowed.
    WrongFlag,
    /// Octets that are not UTF-8 in a header.
    BadUtf8,
    /// A body over 2048 octets in a chunk that announces its end (RFC 4975, 7.1.1).
    NotInterruptible,
}

/// The continuation flag of the end-line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// `$`: the message is complete.
    Complete,
    /// `+`: more chunks will come.
    More,
    /// `#`: the message is aborted.
    Aborted,
}

impl Flag {
    /// The octet on the wire.
    pub fn octet(self) -> u8 {
        match self {
            Self::Complete => b'$',
            Self::More => b'+',
            Self::Aborted => b'#',
        }
    }
}

/// The first line. The parts are as written; `raw` keeps a line that the parts alone would not give back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// `MSRP tid METHOD`.
    Request {
        /// The method, e.g. `SEND`.
        method: String,
    },
    /// `MSRP tid 200 OK`.
    Response {
        /// The status code.
        status: u16,
        /// The comment, if any.
        comment: Option<String>,
    },
}

/// Byte-Range: `start-end/total`, a star being `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// Position of the first octet, counted from 1.
    pub start: u64,
    /// Position of the last octet.
    pub end: Option<u64>,
    /// Length of the whole message.
    pub total: Option<u64>,
}

impl std::str::FromStr for ByteRange {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let _ = text;
        todo!()
    }
}

impl std::fmt::Display for ByteRange {
    fn fmt(&self, _f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}

/// Failure-Report (RFC 4975, 7.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FailureReport {
    /// `yes`, also when the header is missing.
    #[default]
    Yes,
    /// `no`: neither responses nor failure reports.
    No,
    /// `partial`: only failures are told.
    Partial,
}

/// An MSRP request (a chunk) or response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MsrpMessage {
    /// The transaction identifier.
    pub transaction: String,
    /// What kind of message it is.
    pub start: Start,
    /// The first line, line end included, where it is not the canonical writing of `transaction` and `start`.
    pub raw_start: Option<Bytes>,
    /// The headers, Content-Type included.
    pub headers: Headers,
    /// The body without the CRLF before the end-line; `None`: there is no blank line and no body.
    pub body: Option<Bytes>,
    /// What separates headers and body, and body and end-line, where it is not CRLF.
    pub raw_separators: Option<(Bytes, Bytes)>,
    /// The flag of the end-line.
    pub flag: Flag,
    /// The end-line, where it is not the canonical one.
    pub raw_end: Option<Bytes>,
}

impl MsrpMessage {
    /// A request without headers or body, flagged complete.
    pub fn request(transaction: &str, method: &str) -> Self {
        let _ = (transaction, method);
        todo!()
    }

    /// A response without headers.
    pub fn response(transaction: &str, status: u16, comment: &str) -> Self {
        let _ = (transaction, status, comment);
        todo!()
    }

    /// Appends a header line.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Bytes>) -> Self {
        self.headers.push(name, value);
        self
    }

    /// Appends Content-Type and sets the body.
    #[must_use]
    pub fn with_body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.headers.push("Content-Type", content_type.to_owned());
        self.body = Some(body.into());
        self
    }

    /// Sets the continuation flag.
    #[must_use]
    pub fn flagged(mut self, flag: Flag) -> Self {
        self.flag = flag;
        self
    }

    /// Breaks the headers as told.
    #[must_use]
    pub fn edited(mut self, edits: &[Edit]) -> Self {
        for edit in edits {
            edit.apply(&mut self.headers);
        }
        self
    }

    /// Reads exactly one message that fills `octets`; `None` when it does not.
    pub fn parse(octets: Bytes) -> Option<Parsed<Self, MsrpDefect>> {
        let _ = octets;
        todo!()
    }

    /// The method of a request.
    pub fn method(&self) -> Option<&str> {
        match &self.start {
            Start::Request { method } => Some(method),
            Start::Response { .. } => None,
        }
    }

    /// The status code of a response.
    pub fn status(&self) -> Option<u16> {
        match &self.start {
            Start::Response { status, .. } => Some(*status),
            Start::Request { .. } => None,
        }
    }

    /// The trimmed text of the first header of this name.
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|header| header.text().into_owned())
    }

    /// To-Path, leftmost first; empty when missing or malformed.
    pub fn to_path(&self) -> Vec<MsrpUri> {
        todo!()
    }

    /// From-Path, leftmost first; empty when missing or malformed.
    pub fn from_path(&self) -> Vec<MsrpUri> {
        todo!()
    }

    /// Message-ID.
    pub fn message_id(&self) -> Option<String> {
        self.header("Message-ID")
    }

    /// Byte-Range; `None` when missing or malformed.
    pub fn byte_range(&self) -> Option<ByteRange> {
        todo!()
    }

    /// Failure-Report with its default.
    pub fn failure_report(&self) -> FailureReport {
        todo!()
    }

    /// Whether success reports are asked for.
    pub fn success_report(&self) -> bool {
        todo!()
    }

    /// The status code of a Status header (`000 200 OK`).
    pub fn report_status(&self) -> Option<u16> {
        todo!()
    }

    /// Content-Type without parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        todo!()
    }

    /// The message, octet for octet.
    pub fn octets(&self) -> Bytes {
        todo!()
    }
}

/// Why a Use-Nickname value is no nickname (RFC 7701, 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NicknameSyntax {
    /// Not in double quotes, or something after the closing quote.
    #[error("not a quoted string")]
    Unquoted,
    /// A backslash that escapes neither a quote nor a backslash.
    #[error("a backslash that escapes nothing")]
    BadEscape,
    /// An octet outside `qdtext`.
    #[error("an octet that a quoted string must not hold")]
    BadOctet,
    /// Not UTF-8.
    #[error("not UTF-8")]
    BadUtf8,
}

/// Reads the value of Use-Nickname: the quoted string's content with escapes removed, empty for `""`. Length is not
/// judged here (interpretation T40).
pub fn parse_nickname(value: &[u8]) -> Result<String, NicknameSyntax> {
    let _ = value;
    todo!()
}

/// Writes a Use-Nickname value: quotes around, quote and backslash escaped.
pub fn quote_nickname(nickname: &str) -> String {
    let _ = nickname;
    todo!()
}

/// Bounds for a [`Framer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FramerLimits {
    /// Most octets that the first line and the headers may take.
    pub headers: usize,
    /// Most octets of a body.
    pub body: usize,
}

impl Default for FramerLimits {
    fn default() -> Self {
        Self { headers: 64 * 1024, body: 8 * 1024 * 1024 }
    }
}

/// Why a stream cannot be framed any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FramingError {
    /// The stream does not start with `MSRP tid ...`.
    #[error("not the start of an MSRP message: {0}")]
    NotMsrp(String),
    /// The headers exceed the bound.
    #[error("header block over {0} octets")]
    HeadersTooLong(usize),
    /// The body exceeds the bound.
    #[error("body over {0} octets without an end-line")]
    BodyTooLong(usize),
}

/// Cuts a stream into messages, however it is segmented. After an error it stays in error.
#[derive(Clone, Debug)]
pub struct Framer {
    #[allow(dead_code)]
    limits: FramerLimits,
}

impl Framer {
    /// A framer at the start of a stream.
    pub fn new(limits: FramerLimits) -> Self {
        Self { limits }
    }

    /// Adds octets of the stream.
    pub fn push(&mut self, octets: &[u8]) {
        let _ = octets;
        todo!()
    }

    /// The next complete message, with its octets.
    pub fn next_message(&mut self) -> Option<Result<Framed, FramingError>> {
        todo!()
    }

    /// What has been pushed and not yet been given out.
    pub fn pending(&self) -> &[u8] {
        todo!()
    }
}

/// A message cut out of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framed {
    /// The tree.
    pub message: MsrpMessage,
    /// What is wrong with it.
    pub defects: Vec<Defect<MsrpDefect>>,
    /// Its octets.
    pub octets: Bytes,
}
