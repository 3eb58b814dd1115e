//! The tree of an MSRP message, and its way back to octets.

use bytes::Bytes;

use super::parse::parse_whole;
use super::{ByteRange, FailureReport, MsrpDefect};
use crate::wire::Parsed;
use crate::wire::edit::Edit;
use crate::wire::header::Headers;
use crate::wire::uri::MsrpUri;

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
        Self::starting(transaction, Start::Request { method: method.to_owned() })
    }

    /// A response without headers; an empty comment is left out.
    pub fn response(transaction: &str, status: u16, comment: &str) -> Self {
        let comment = Some(comment.to_owned()).filter(|comment| !comment.is_empty());
        Self::starting(transaction, Start::Response { status, comment })
    }

    fn starting(transaction: &str, start: Start) -> Self {
        Self {
            transaction: transaction.to_owned(),
            start,
            raw_start: None,
            headers: Headers::default(),
            body: None,
            raw_separators: None,
            flag: Flag::Complete,
            raw_end: None,
        }
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
    ///
    /// ```
    /// use msrpspec::wire::msrp::MsrpMessage;
    ///
    /// let octets = "MSRP d93k 425 Nickname reserved or already in use\r\n\
    ///               To-Path: msrp://client.example.com:7654/jshA7we;tcp\r\n\
    ///               From-Path: msrp://chat.example.com:5678/jshA7we;tcp\r\n\
    ///               -------d93k$\r\n";
    /// let parsed = MsrpMessage::parse(octets.into()).unwrap();
    /// assert_eq!(parsed.tree.status(), Some(425));
    /// assert!(parsed.defects.is_empty());
    /// assert_eq!(parsed.tree.octets(), octets);
    /// ```
    pub fn parse(octets: Bytes) -> Option<Parsed<Self, MsrpDefect>> {
        parse_whole(octets)
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
        self.path("To-Path")
    }

    /// From-Path, leftmost first; empty when missing or malformed.
    pub fn from_path(&self) -> Vec<MsrpUri> {
        self.path("From-Path")
    }

    fn path(&self, name: &str) -> Vec<MsrpUri> {
        self.headers.get(name).and_then(|header| MsrpUri::parse_path(&header.text()).ok()).unwrap_or_default()
    }

    /// Message-ID.
    pub fn message_id(&self) -> Option<String> {
        self.header("Message-ID")
    }

    /// Byte-Range; `None` when missing or malformed.
    pub fn byte_range(&self) -> Option<ByteRange> {
        self.headers.get("Byte-Range")?.text().parse().ok()
    }

    /// Failure-Report with its default, which an unknown value gives too.
    pub fn failure_report(&self) -> FailureReport {
        let header = self.headers.get("Failure-Report");
        header.and_then(|header| FailureReport::of_value(&header.text())).unwrap_or_default()
    }

    /// Whether success reports are asked for.
    pub fn success_report(&self) -> bool {
        self.headers.get("Success-Report").is_some_and(|header| header.text().eq_ignore_ascii_case("yes"))
    }

    /// The status code of a Status header (`000 200 OK`); `None` when missing, malformed or of another namespace.
    pub fn report_status(&self) -> Option<u16> {
        let text = self.headers.get("Status")?.text();
        let (namespace, status) = super::values::status_of(&text)?;
        (namespace == "000").then_some(status)
    }

    /// Content-Type without parameters, in lower case.
    pub fn media_type(&self) -> Option<String> {
        let text = self.headers.get("Content-Type")?.text();
        Some(text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The message, octet for octet.
    pub fn octets(&self) -> Bytes {
        let headers: usize = self.headers.0.iter().map(|header| header.length()).sum();
        let body = self.body.as_ref().map_or(0, Bytes::len);
        let mut out = Vec::with_capacity(headers + body + 2 * self.transaction.len() + 64);
        self.write_start(&mut out);
        self.headers.0.iter().for_each(|header| header.write(&mut out));
        if let Some(body) = &self.body {
            let (before, after) = match &self.raw_separators {
                Some((before, after)) => (before.as_ref(), after.as_ref()),
                None => (CRLF, CRLF),
            };
            out.extend_from_slice(before);
            out.extend_from_slice(body);
            out.extend_from_slice(after);
        }
        self.write_end(&mut out);
        out.into()
    }

    fn write_start(&self, out: &mut Vec<u8>) {
        if let Some(raw) = &self.raw_start {
            return out.extend_from_slice(raw);
        }
        out.extend_from_slice(b"MSRP ");
        out.extend_from_slice(self.transaction.as_bytes());
        out.push(b' ');
        match &self.start {
            Start::Request { method } => out.extend_from_slice(method.as_bytes()),
            Start::Response { status, comment } => {
                out.extend_from_slice(format!("{status:03}").as_bytes());
                if let Some(comment) = comment {
                    out.push(b' ');
                    out.extend_from_slice(comment.as_bytes());
                }
            }
        }
        out.extend_from_slice(CRLF);
    }

    fn write_end(&self, out: &mut Vec<u8>) {
        if let Some(raw) = &self.raw_end {
            return out.extend_from_slice(raw);
        }
        out.extend_from_slice(HYPHENS);
        out.extend_from_slice(self.transaction.as_bytes());
        out.push(self.flag.octet());
        out.extend_from_slice(CRLF);
    }
}

const CRLF: &[u8] = b"\r\n";
const HYPHENS: &[u8] = b"-------";
