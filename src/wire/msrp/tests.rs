//! Literal octets, written from the grammar of RFC 4975, 9.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::wire::edit::Edit;
use crate::wire::uri::MsrpUri;

const TO: &str = "To-Path: msrp://bob.example.com:8888/9di4eae923wzd;tcp\r\n";
const FROM: &str = "From-Path: msrp://alice.example.com:7777/iau39soe2843z;tcp\r\n";

/// A message of the two paths, some more lines up to the end-line, and the flag.
fn written(first: &str, rest: &str, flag: char) -> Vec<u8> {
    let transaction = first.split(' ').nth(1).unwrap();
    format!("{first}\r\n{TO}{FROM}{rest}-------{transaction}{flag}\r\n").into_bytes()
}

fn parsed(octets: impl Into<Vec<u8>>) -> (MsrpMessage, Vec<MsrpDefect>) {
    let octets = Bytes::from(octets.into());
    let shown = octets.escape_ascii().to_string();
    let parsed = MsrpMessage::parse(octets.clone()).unwrap_or_else(|| panic!("not framed: {shown}"));
    assert_eq!(parsed.tree.octets().escape_ascii().to_string(), shown, "no octet is lost");
    for defect in &parsed.defects {
        assert!(defect.span.start <= defect.span.end && defect.span.end <= octets.len(), "{defect:?}");
    }
    (parsed.tree, parsed.defects.into_iter().map(|defect| defect.kind).collect())
}

fn defects(octets: impl Into<Vec<u8>>) -> Vec<MsrpDefect> {
    parsed(octets).1
}

const SEND: &str =
    "Message-ID: 12339sdqwer\r\nByte-Range: 1-16/16\r\nContent-Type: text/plain\r\n\r\nHi, I'm Alice!\r\n\r\n";

#[test]
fn a_send_comes_apart() {
    let (message, defects) = parsed(written("MSRP a786hjs2 SEND", SEND, '$'));
    assert_eq!(defects, []);
    assert_eq!(message.transaction, "a786hjs2");
    assert_eq!(message.method(), Some("SEND"));
    assert_eq!(message.status(), None);
    assert_eq!(message.to_path(), [MsrpUri::new(false, "bob.example.com", 8888, "9di4eae923wzd")]);
    assert_eq!(message.from_path(), [MsrpUri::new(false, "alice.example.com", 7777, "iau39soe2843z")]);
    assert_eq!(message.message_id().as_deref(), Some("12339sdqwer"));
    assert_eq!(message.byte_range(), Some(ByteRange { start: 1, end: Some(16), total: Some(16) }));
    assert_eq!(message.media_type().as_deref(), Some("text/plain"));
    assert_eq!(message.body.as_deref(), Some(&b"Hi, I'm Alice!\r\n"[..]));
    assert_eq!(
        (message.flag, message.failure_report(), message.success_report()),
        (Flag::Complete, FailureReport::Yes, false)
    );
    assert_eq!((message.raw_start, message.raw_separators, message.raw_end), (None, None, None));
}

#[test]
fn what_is_built_is_what_is_written() {
    let request = MsrpMessage::request("d93kswow", "SEND")
        .with("To-Path", "msrp://bob.example.com:8888/9di4eae923wzd;tcp")
        .with("From-Path", "msrp://alice.example.com:7777/iau39soe2843z;tcp")
        .with("Message-ID", "12339sdqwer")
        .with_body("text/plain", "a\r\nb")
        .flagged(Flag::More);
    let rest = "Message-ID: 12339sdqwer\r\nContent-Type: text/plain\r\n\r\na\r\nb\r\n";
    assert_eq!(request.octets(), written("MSRP d93kswow SEND", rest, '+'));
    assert_eq!(parsed(request.octets()), (request.clone(), vec![]));

    let broken = request.edited(&[
        Edit::Drop("Message-ID".into()),
        Edit::Replace("From-Path".into(), Bytes::from_static(b"\xff")),
        Edit::Insert(Some("Content-Type".into()), Bytes::from_static(b"junk\n")),
    ]);
    let octets = broken.octets();
    assert_eq!(
        octets.escape_ascii().to_string(),
        r"MSRP d93kswow SEND\r\nTo-Path: msrp://bob.example.com:8888/9di4eae923wzd;tcp\r\nFrom-Path: \xff\r\njunk\nContent-Type: text/plain\r\n\r\na\r\nb\r\n-------d93kswow+\r\n"
    );
    assert_eq!(
        defects(octets),
        [MsrpDefect::MissingMessageId, MsrpDefect::BadUtf8, MsrpDefect::BareLineEnd, MsrpDefect::MalformedHeader]
    );

    let response = MsrpMessage::response("d93kswow", 200, "OK");
    assert_eq!(response.octets(), &b"MSRP d93kswow 200 OK\r\n-------d93kswow$\r\n"[..]);
    assert_eq!(MsrpMessage::response("abcd", 481, "").octets(), &b"MSRP abcd 481\r\n-------abcd$\r\n"[..]);
}

#[test]
fn responses_need_no_extra_header_and_may_have_some() {
    for (first, comment) in [
        ("MSRP a786hjs2 200 OK", Some("OK")),
        ("MSRP a786hjs2 200", None),
        ("MSRP a786hjs2 200 ", Some("")),
        ("MSRP a786hjs2 200  x", Some(" x")),
    ] {
        let (message, defects) = parsed(written(first, "", '$'));
        assert_eq!(defects, [], "{first}");
        assert_eq!(message.start, Start::Response { status: 200, comment: comment.map(str::to_owned) });
        assert_eq!((message.method(), message.status(), &message.body), (None, Some(200), &None));
    }
    assert_eq!(defects(written("MSRP a786hjs2 200 OK", "Message-ID: 12339sdqwer\r\nByte-Range: 1-9/9\r\n", '$')), []);
    assert_eq!(defects(written("MSRP a786hjs2 200 OK", "", '+')), [MsrpDefect::WrongFlag]);
    let body = "Content-Type: text/plain\r\n\r\nx\r\n";
    assert_eq!(defects(written("MSRP a786hjs2 200 OK", body, '$')), [MsrpDefect::BodyInResponse]);
}

#[test]
fn first_lines_off_the_grammar() {
    for (first, method) in [
        ("MSRP a786hjs2 send", "send"),
        ("MSRP a786hjs2 SEND ", "SEND"),
        ("MSRP a786hjs2  SEND", "SEND"),
        ("MSRP a786hjs2 SEND twice", "SEND"),
        ("MSRP a786hjs2 2000", "2000"),
        ("MSRP a786hjs2 20", "20"),
    ] {
        let (message, defects) = parsed(written(first, "", '$'));
        assert_eq!((message.method(), defects), (Some(method), vec![MsrpDefect::MalformedStart]), "{first}");
    }
    assert_eq!(defects(written("MSRP abc AUTH", "", '$')), [MsrpDefect::MalformedTransaction]);
    assert_eq!(parsed(written("MSRP abcd FUTURE", "X: y\r\n", '$')).1, []);
    let (message, defects) = parsed(b"MSRP ab\xffcd SEND\n-------ab\xffcd#\r\n".to_vec());
    assert_eq!((message.transaction.as_str(), message.flag), ("ab\u{fffd}cd", Flag::Aborted));
    assert!(defects.contains(&MsrpDefect::BadUtf8) && defects.contains(&MsrpDefect::BareLineEnd), "{defects:?}");
}

#[test]
fn headers_off_the_grammar() {
    use MsrpDefect::*;
    let with = |lines: &str| defects(written("MSRP a786hjs2 SEND", lines, '$'));
    assert_eq!(with(""), []);
    assert_eq!(with("message-id: 12339sdqwer\r\nX-Other:   spaced  \r\n"), []);
    assert_eq!(with("Message-ID: abc\r\n"), [MalformedMessageId]);
    assert_eq!(with("Message-ID:  abcd\r\n"), [MalformedHeader]);
    assert_eq!(with("Message-ID:abcd\r\n"), [MalformedHeader]);
    assert_eq!(with("Message-ID : abcd\r\n"), [MalformedHeader]);
    assert_eq!(with("Message-ID: abcd \r\n"), [MalformedMessageId]);
    assert_eq!(with("Message-ID: abcd\r\nMESSAGE-ID: abcd\r\n"), [RepeatedHeader("Message-ID".into())]);
    assert_eq!(with("X: a\u{7}b\r\n"), [MalformedHeader]);
    assert_eq!(with("X: a\rb\r\n"), [MalformedHeader]);
    assert_eq!(with("no colon\r\n"), [MalformedHeader]);
    assert_eq!(with("X: y\n"), [BareLineEnd]);
    assert_eq!(with("Byte-Range: 1-0/0\r\n"), []);
    assert_eq!(with("Byte-Range: 0-0/0\r\n"), [MalformedByteRange, ByteRangeLength]);
    assert_eq!(with("Byte-Range: 1-5/5\r\n"), [ByteRangeLength]);
    assert_eq!(with("Byte-Range: one\r\n"), [MalformedByteRange]);
    assert_eq!(with("Success-Report: yes\r\nFailure-Report: partial\r\n"), []);
    assert_eq!(with("Success-Report: partial\r\nFailure-Report: maybe\r\n"), [ReportHeader, ReportHeader]);
    assert_eq!(with("Content-Type: text/plain\r\n"), [ContentTypeMismatch]);
    assert_eq!(with("Content-ID: <1@x>\r\n"), [ContentTypeMismatch]);
    assert_eq!(with("\r\n"), [BlankLineBeforeEndLine]);
    let message = |lines: &str| with(&format!("Message-ID: 12339sdqwer\r\n{lines}"));
    assert_eq!(message("\r\nx\r\n"), [ContentTypeMismatch]);
    assert_eq!(message("Content-Type: text/plain\r\nX: y\r\n\r\nx\r\n"), [ContentTypeNotLast]);
    assert_eq!(message("Content-Type: plain\r\n\r\nx\r\n"), [MalformedContentType]);
    assert_eq!(message("Content-Type: text/plain\r\n\nx\r\n"), [BareLineEnd]);
    assert_eq!(with("Content-Type: text/plain\r\n\r\nx\r\n"), [MissingMessageId]);
}

#[test]
fn paths_come_first_and_are_uris() {
    use MsrpDefect::*;
    let with = |lines: &str| defects(format!("MSRP abcd SEND\r\n{lines}-------abcd$\r\n"));
    assert_eq!(with(""), [ToPathNotFirst, FromPathNotSecond]);
    assert_eq!(with(&format!("{FROM}{TO}")), [ToPathNotFirst, FromPathNotSecond]);
    assert_eq!(with(&format!("{TO}X: y\r\n{FROM}")), [FromPathNotSecond]);
    assert_eq!(with(&format!("{TO}{FROM}{TO}")), [RepeatedHeader("To-Path".into())]);
    assert_eq!(with(&format!("{TO}From-Path: sip:alice@example.com\r\n")), [MalformedPath]);
    assert_eq!(with(&format!("{TO}From-Path: msrp://a:1/b;tcp  msrp://a:1/c;tcp\r\n")), [MalformedPath]);
    assert_eq!(with(&format!("{TO}From-Path: msrp://a:1/b;tcp msrp://a:1/c;tcp\r\n")), []);
}

#[test]
fn ranges_and_bodies_agree() {
    use MsrpDefect::*;
    let with = |range: &str, body: &str, flag| {
        let rest = format!("Message-ID: 12339sdqwer\r\nByte-Range: {range}\r\nContent-Type: a/b\r\n\r\n{body}\r\n");
        defects(written("MSRP a786hjs2 SEND", &rest, flag))
    };
    assert_eq!(with("1-4/4", "abcd", '$'), []);
    assert_eq!(with("1-4/*", "abcd", '$'), []);
    assert_eq!(with("1-*/8", "abcd", '+'), []);
    assert_eq!(with("5-*/8", "efgh", '$'), []);
    assert_eq!(with("1-0/0", "", '$'), []);
    assert_eq!(with("1-6/6", "abcd", '$'), [ByteRangeLength], "the CRLF before the end-line is no body");
    assert_eq!(with("1-*/8", "abcd", '$'), [ByteRangeLength], "the last chunk does not reach the total");
    assert_eq!(with("6-*/8", "efgh", '+'), [ByteRangeLength], "beyond the total");
    assert_eq!(with("1-*/8", "ab", '#'), []);
    let long = "x".repeat(2049);
    assert_eq!(with("1-2049/2049", &long, '$'), [NotInterruptible]);
    assert_eq!(with("1-*/2049", &long, '$'), []);
}

#[test]
fn reports_and_nicknames() {
    use MsrpDefect::*;
    let report = |lines: &str, flag| defects(written("MSRP dkei38sd REPORT", lines, flag));
    assert_eq!(report("Message-ID: 12339sdqwer\r\nByte-Range: 1-106/106\r\nStatus: 000 200 OK\r\n", '$'), []);
    assert_eq!(report("Message-ID: 12339sdqwer\r\nStatus: 000 413\r\n", '+'), [WrongFlag]);
    assert_eq!(report("Byte-Range: 1-*/*\r\n", '$'), [MissingMessageId, MalformedStatus]);
    assert_eq!(report("Message-ID: abcd\r\nStatus: 200 OK\r\n", '$'), [MalformedStatus]);
    assert_eq!(report("Message-ID: abcd\r\nStatus: 000 200\r\nFailure-Report: no\r\n", '$'), [ReportHeader]);

    let nickname = |lines: &str| defects(written("MSRP dkei38sd NICKNAME", lines, '$'));
    assert_eq!(nickname("Use-Nickname: \"Alice the great\"\r\n"), []);
    assert_eq!(nickname("Use-Nickname: \"\"\r\n"), []);
    assert_eq!(nickname("Use-Nickname: \"Bob\r\n"), [MalformedNickname]);
    assert_eq!(nickname(""), [MissingNickname]);
    assert_eq!(nickname("Use-Nickname: \"a\"\r\nSuccess-Report: no\r\n"), [ReportHeader]);
    let body = format!("Use-Nickname: \"a\"\r\nContent-Type: a/b\r\n\r\n{}\r\n", "x".repeat(10241));
    assert_eq!(nickname(&body), [OversizedNonSendBody]);
    let (message, _) = parsed(written("MSRP dkei38sd REPORT", "Status: 000 408 x\r\n", '$'));
    assert_eq!(message.report_status(), Some(408));
    let (message, _) = parsed(written("MSRP dkei38sd REPORT", "Status: 001 408 x\r\n", '$'));
    assert_eq!(message.report_status(), None);
}

#[test]
fn spans_point_at_the_line() {
    let octets = written("MSRP abcd SEND", "X: y\r\nByte-Range: 1-2/3\r\n", '$');
    let parsed = MsrpMessage::parse(octets.clone().into()).unwrap();
    let [defect] = parsed.defects.as_slice() else { panic!("{:?}", parsed.defects) };
    assert_eq!(&octets[defect.span.start..defect.span.end], b"Byte-Range: 1-2/3\r\n");
}

mod framing;
mod trees;
