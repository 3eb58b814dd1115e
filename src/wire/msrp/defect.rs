//! What an MSRP message alone can do wrong.

/// A violation that an MSRP message alone can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MsrpDefect {
    /// A first line with other than single spaces between its parts, or with a method or comment off the grammar.
    MalformedStart,
    /// A header line that is not a name, `: ` and a value without control characters.
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
    /// Message-ID missing in REPORT, or in SEND with a body: one without is no chunk of a message (RFC 4975, 7.1.1).
    MissingMessageId,
    /// A malformed Message-ID.
    MalformedMessageId,
    /// A malformed Byte-Range.
    MalformedByteRange,
    /// Byte-Range and body of a SEND disagree in length, or the last chunk does not end where the total says (RFC 4975,
    /// 7.1.1).
    ByteRangeLength,
    /// Success-Report or Failure-Report with an unknown value, or on a method that must not have it.
    ReportHeader,
    /// REPORT without Status, or a malformed one.
    MalformedStatus,
    /// A body without Content-Type, or Content-Type or another MIME header without body.
    ContentTypeMismatch,
    /// A Content-Type that does not start with `type/subtype`.
    MalformedContentType,
    /// A blank line directly before the end-line: neither no body nor an empty one (RFC 4975, 7.1).
    BlankLineBeforeEndLine,
    /// Content-Type is not the last header (RFC 4975, 7.1).
    ContentTypeNotLast,
    /// NICKNAME without Use-Nickname (RFC 7701, 7.1).
    MissingNickname,
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
