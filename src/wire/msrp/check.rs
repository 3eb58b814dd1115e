//! What the headers, the body and the flag of one message owe each other.

use std::ops::Range;

use super::parse::Defects;
use super::scan::Layout;
use super::values::status_of;
use super::{ByteRange, FailureReport, Flag, MsrpDefect, MsrpMessage, is_ident, parse_nickname};
use crate::wire::header::Header;
use crate::wire::uri::MsrpUri;

/// A body over this must be interruptible (RFC 4975, 7.1.1).
const INTERRUPTIBLE_OVER: usize = 2048;
/// Longest body of a request other than SEND (RFC 4975, 7.1).
const LONGEST_NON_SEND_BODY: usize = 10240;

const TO_PATH: &str = "To-Path";
const FROM_PATH: &str = "From-Path";
const MESSAGE_ID: &str = "Message-ID";
const SUCCESS_REPORT: &str = "Success-Report";
const FAILURE_REPORT: &str = "Failure-Report";
const BYTE_RANGE: &str = "Byte-Range";
const STATUS: &str = "Status";
const CONTENT_TYPE: &str = "Content-Type";
const USE_NICKNAME: &str = "Use-Nickname";

/// The headers that a message has at most once.
const SINGLE: [&str; 9] =
    [TO_PATH, FROM_PATH, MESSAGE_ID, SUCCESS_REPORT, FAILURE_REPORT, BYTE_RANGE, STATUS, CONTENT_TYPE, USE_NICKNAME];

/// Adds what a reader who sees this message alone can object to.
pub(super) fn check(message: &MsrpMessage, layout: &Layout, defects: &mut Defects) {
    let method = message.method();
    let mut seen = [false; SINGLE.len()];
    let mut start = layout.headers.start;
    for header in &message.headers.0 {
        let line = start..start + header.length();
        start = line.end;
        let known = SINGLE.iter().position(|name| header.is(name));
        if let Some((name, seen)) = known.and_then(|at| Some((*SINGLE.get(at)?, seen.get_mut(at)?))) {
            if *seen {
                defects.add(MsrpDefect::RepeatedHeader(name.to_owned()), line.clone());
            }
            *seen = true;
            check_value(name, header, method, &line, defects);
        } else if is_mime(header) && method.is_some() && message.body.is_none() {
            defects.add(MsrpDefect::ContentTypeMismatch, line);
        }
    }
    check_order(message, layout, defects);
    check_presence(message, layout, seen, defects);
    check_body(message, layout, defects);
}

fn is_mime(header: &Header) -> bool {
    header.name.get(..8).is_some_and(|prefix| prefix.eq_ignore_ascii_case(b"Content-"))
}

fn check_value(name: &str, header: &Header, method: Option<&str>, line: &Range<usize>, defects: &mut Defects) {
    // Where the grammar of the value is fixed it has no blank to spare. Anything but a colon and blanks has been noted.
    if header.separator.len() > 2 && header.separator.starts_with(b": ") {
        defects.add(MsrpDefect::MalformedHeader, line.clone());
    }
    // Bad UTF-8 has been noted with the line; a nickname is judged by its octets.
    let text = std::str::from_utf8(&header.value).ok();
    let broken = match (name, text) {
        (USE_NICKNAME, _) => parse_nickname(&header.value).is_err().then_some(MsrpDefect::MalformedNickname),
        (_, None) => None,
        (TO_PATH | FROM_PATH, Some(text)) => (!MsrpUri::is_path(text)).then_some(MsrpDefect::MalformedPath),
        (MESSAGE_ID, Some(text)) => (!is_ident(text)).then_some(MsrpDefect::MalformedMessageId),
        (BYTE_RANGE, Some(text)) => {
            let sound = text.parse::<ByteRange>().is_ok_and(|range| range.start > 0);
            (!sound).then_some(MsrpDefect::MalformedByteRange)
        }
        (STATUS, Some(text)) => status_of(text).is_none().then_some(MsrpDefect::MalformedStatus),
        (CONTENT_TYPE, Some(text)) => (!is_media_type(text)).then_some(MsrpDefect::MalformedContentType),
        (SUCCESS_REPORT | FAILURE_REPORT, Some(text)) => {
            let known = FailureReport::of_value(text);
            let sound = known.is_some_and(|value| name == FAILURE_REPORT || value != FailureReport::Partial);
            // RFC 4975, 7.1.2 and RFC 7701, 7.1.
            let forbidden = matches!(method, Some("REPORT" | "NICKNAME"));
            (forbidden || !sound).then_some(MsrpDefect::ReportHeader)
        }
        _ => None,
    };
    if let Some(kind) = broken {
        defects.add(kind, line.clone());
    }
}

/// `type/subtype`, whatever parameters follow.
fn is_media_type(text: &str) -> bool {
    let plain = text.split(';').next().unwrap_or_default().trim_end_matches([' ', '\t']);
    plain.split_once('/').is_some_and(|(kind, subtype)| is_token(kind.as_bytes()) && is_token(subtype.as_bytes()))
}

/// `token` of RFC 4975, 9.
pub(super) fn is_token(octets: &[u8]) -> bool {
    let allowed = |octet: &u8| matches!(octet, 0x21 | 0x23..=0x27 | 0x2a..=0x2b | 0x2d..=0x2e | 0x30..=0x39 | 0x41..=0x5a | 0x5e..=0x7e);
    !octets.is_empty() && octets.iter().all(allowed)
}

fn check_order(message: &MsrpMessage, layout: &Layout, defects: &mut Defects) {
    let headers = &message.headers.0;
    let line = |index: usize| {
        let start = layout.headers.start + headers.iter().take(index).map(Header::length).sum::<usize>();
        start..start + headers.get(index).map_or(0, Header::length)
    };
    if !headers.first().is_some_and(|header| header.is(TO_PATH)) {
        defects.add(MsrpDefect::ToPathNotFirst, line(0));
    }
    if !headers.get(1).is_some_and(|header| header.is(FROM_PATH)) {
        defects.add(MsrpDefect::FromPathNotSecond, line(1));
    }
    let content_type = headers.iter().position(|header| header.is(CONTENT_TYPE));
    if let Some(at) = content_type.filter(|at| message.body.is_some() && at + 1 < headers.len()) {
        defects.add(MsrpDefect::ContentTypeNotLast, line(at));
    }
    if let Some(at) = content_type.filter(|_| message.body.is_none() && message.method().is_some()) {
        defects.add(MsrpDefect::ContentTypeMismatch, line(at));
    }
}

fn check_presence(message: &MsrpMessage, layout: &Layout, seen: [bool; SINGLE.len()], defects: &mut Defects) {
    let has = |name: &str| SINGLE.iter().zip(seen).any(|(known, seen)| seen && *known == name);
    let first_line = 0..layout.headers.start;
    let method = message.method();
    let chunk = method == Some("SEND") && has_body(layout);
    if (chunk || method == Some("REPORT")) && !has(MESSAGE_ID) {
        defects.add(MsrpDefect::MissingMessageId, first_line.clone());
    }
    if method == Some("REPORT") && !has(STATUS) {
        defects.add(MsrpDefect::MalformedStatus, first_line.clone());
    }
    if method == Some("NICKNAME") && !has(USE_NICKNAME) {
        defects.add(MsrpDefect::MissingNickname, first_line);
    }
    if message.flag != Flag::Complete && method != Some("SEND") {
        defects.add(MsrpDefect::WrongFlag, layout.end_line.clone());
    }
}

/// A blank line right before the end-line is a defect of its own, and no body.
fn has_body(layout: &Layout) -> bool {
    layout.body.as_ref().is_some_and(|body| body.end < layout.end_line.start)
}

fn check_body(message: &MsrpMessage, layout: &Layout, defects: &mut Defects) {
    let extent = layout.body.clone().unwrap_or(layout.end_line.start..layout.end_line.start);
    let length = extent.len();
    match message.method() {
        None if message.body.is_some() => defects.add(MsrpDefect::BodyInResponse, extent),
        None => {}
        Some(method) => {
            if has_body(layout) && message.headers.get(CONTENT_TYPE).is_none() {
                defects.add(MsrpDefect::ContentTypeMismatch, extent.clone());
            }
            if method == "SEND" {
                check_range(message, layout, length, defects);
            } else if length > LONGEST_NON_SEND_BODY {
                defects.add(MsrpDefect::OversizedNonSendBody, extent);
            }
        }
    }
}

fn check_range(message: &MsrpMessage, layout: &Layout, length: usize, defects: &mut Defects) {
    let Some(range) = message.byte_range() else { return };
    let mut start = layout.headers.start;
    let mut line = start..start;
    for header in &message.headers.0 {
        line = start..start + header.length();
        start = line.end;
        if header.is(BYTE_RANGE) {
            break;
        }
    }
    let last = u64::try_from(length).ok().and_then(|length| range.start.checked_add(length)?.checked_sub(1));
    let end_agrees = range.end.is_none() || range.end == last;
    let total_agrees = match (range.total, message.flag) {
        (None, _) => true,
        (total, Flag::Complete) => last == total,
        (total, _) => last <= total,
    };
    if !(end_agrees && total_agrees) {
        defects.add(MsrpDefect::ByteRangeLength, line.clone());
    }
    if length > INTERRUPTIBLE_OVER && range.end.is_some() {
        defects.add(MsrpDefect::NotInterruptible, line);
    }
}
