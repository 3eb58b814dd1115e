//! MSRP (RFC 4975).

use bytes::Bytes;

use super::{Fault, edited, find, inserted, replaced, without};

/// The message as a faulty switch writes it.
pub(super) fn spoilt(octets: Bytes, fault: Fault) -> Bytes {
    let first = octets.split(|octet| *octet == b'\r').next().unwrap_or_default();
    let kind = match first {
        line if line.ends_with(b" SEND") => Kind::Send,
        line if line.ends_with(b" REPORT") => Kind::Report,
        _ => Kind::Response,
    };
    match kind {
        Kind::Response => response(octets, fault),
        Kind::Report => report(octets, fault),
        Kind::Send => send(octets, fault),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Send,
    Report,
    Response,
}

fn response(octets: Bytes, fault: Fault) -> Bytes {
    let first = octets.split(|octet| *octet == b'\r').next().unwrap_or_default().to_vec();
    let code = |code: &str| find(&first, format!(" {code} ").as_bytes()).is_some();
    match fault {
        Fault::ResponseTwice => [&octets[..], &octets[..]].concat().into(),
        Fault::ResponseFromForeignPath => foreign_from_path(octets),
        Fault::ResponseUnfinished => flagged(octets, b'$', b'+'),
        Fault::MalformedNicknameUnanswered if code("424") => Bytes::new(),
        Fault::SessionUnknownAccepted if code("481") => replaced(octets, " 481 ", " 200 "),
        Fault::MethodUnknownAccepted if code("501") => replaced(octets, " 501 ", " 200 "),
        Fault::RefusalsUnsaid => ["403", "404", "428"]
            .iter()
            .filter(|one| code(one))
            .fold(octets, |octets, refusal| replaced(octets, &format!(" {refusal} "), " 200 ")),
        Fault::RefusalWith424 if code("415") => replaced(octets, " 415 ", " 424 "),
        Fault::HeaderNotUtf8 => match find(&octets, b"\r\n-------") {
            Some(at) => {
                let (before, behind) = octets.split_at(at);
                [before, b"\r\nX-Server: Gr\xfc\xdfe", behind].concat().into()
            }
            None => octets,
        },
        _ => octets,
    }
}

fn report(octets: Bytes, fault: Fault) -> Bytes {
    match fault {
        Fault::ReportOnNothing => replaced(octets, "\r\nMessage-ID: ", "\r\nMessage-ID: no"),
        Fault::FailureReportWithoutRange if find(&octets, b"\r\nStatus: 000 200").is_none() => {
            without(octets, "Byte-Range:")
        }
        Fault::PrivateReportMisaddressed => {
            let octets = replaced(octets, "\r\nFrom: ", "\r\nSwap: ");
            let octets = replaced(octets, "\r\nTo: ", "\r\nFrom: ");
            replaced(octets, "\r\nSwap: ", "\r\nTo: ")
        }
        Fault::ReportWantsReport => inserted(octets, "Status:", "Success-Report: yes"),
        fault => common(octets, fault),
    }
}

fn send(octets: Bytes, fault: Fault) -> Bytes {
    let later = find(&octets, b"\r\nByte-Range: 1-").is_none();
    match fault {
        Fault::MessageIdMalformed => replaced(octets, "\r\nMessage-ID: ", "\r\nMessage-ID: ="),
        Fault::ContentTypeNotLast => edited(octets, "Content-Type:", |line| Some(format!("{line}\r\nX-After: 1"))),
        Fault::ByteRangeBeyondBody => range(octets, |start, end, total| (start, end.map(|end| end + 1), total)),
        Fault::ByteRangeTotalWrong => range(octets, |start, end, total| (start, end, total.map(|total| total + 1))),
        Fault::ByteRangeOverlaps if later => range(octets, |start, end, total| (start - 1, end, total)),
        Fault::ByteRangeOnlyFirst if later => without(octets, "Byte-Range:"),
        Fault::LastChunkTwice if octets.ends_with(b"$\r\n") => [&octets[..], &octets[..]].concat().into(),
        Fault::FailureReportUndefined => inserted(octets, "Byte-Range:", "Failure-Report: maybe"),
        Fault::NicknameInMessages => inserted(octets, "Byte-Range:", "Use-Nickname: \"somebody\""),
        Fault::LaterChunksWantReports if later => inserted(octets, "Byte-Range:", "Success-Report: yes"),
        Fault::MessageIdConstant => edited(octets, "Message-ID:", |_| Some("Message-ID: 1234567890abcdef".to_owned())),
        Fault::TransferEncodingStated => inserted(octets, "Content-Type:", "Content-Transfer-Encoding: binary"),
        Fault::OutermostTypeText => replaced(octets, "Content-Type: message/cpim", "Content-Type: text/plain"),
        fault => common(octets, fault),
    }
}

fn common(octets: Bytes, fault: Fault) -> Bytes {
    match fault {
        Fault::PathsExchanged => {
            let octets = replaced(octets, "\r\nTo-Path:", "\r\nSwap-Path:");
            let octets = replaced(octets, "\r\nFrom-Path:", "\r\nTo-Path:");
            let octets = replaced(octets, "\r\nSwap-Path:", "\r\nFrom-Path:");
            exchanged(octets)
        }
        Fault::RequestFromForeignPath => foreign_from_path(octets),
        Fault::TransactionIdShort => {
            let id = octets.split(|octet| *octet == b' ').nth(1).map(|id| String::from_utf8_lossy(id).into_owned());
            let Some((id, short)) = id.as_deref().and_then(|id| Some((id, id.get(..4)?))) else { return octets };
            let octets = replaced(octets, &format!("MSRP {id} "), &format!("MSRP {short} "));
            replaced(octets, &format!("\r\n-------{id}"), &format!("\r\n-------{short}"))
        }
        _ => octets,
    }
}

/// With the values of the two path headers, which have each other's names, exchanged.
fn exchanged(octets: Bytes) -> Bytes {
    let value = |name: &str| {
        let at = find(&octets, format!("\r\n{name}").as_bytes())? + 2 + name.len();
        let rest = octets.get(at..)?;
        Some(String::from_utf8_lossy(rest.get(..find(rest, b"\r\n")?)?).into_owned())
    };
    let (Some(from), Some(to)) = (value("From-Path:"), value("To-Path:")) else { return octets };
    let octets = edited(octets, "From-Path:", |_| Some(format!("From-Path:{to}")));
    edited(octets, "To-Path:", |_| Some(format!("To-Path:{from}")))
}

fn foreign_from_path(octets: Bytes) -> Bytes {
    edited(octets, "From-Path:", |line| Some(line.replacen(";tcp", "x;tcp", 1)))
}

fn flagged(octets: Bytes, from: u8, to: u8) -> Bytes {
    match octets.strip_suffix(&[from, b'\r', b'\n']) {
        Some(before) => [before, &[to], b"\r\n"].concat().into(),
        None => octets,
    }
}

type Range = (u64, Option<u64>, Option<u64>);

fn range(octets: Bytes, edit: impl Fn(u64, Option<u64>, Option<u64>) -> Range) -> Bytes {
    edited(octets, "Byte-Range:", |line| {
        let read = || {
            let (start, rest) = line.strip_prefix("Byte-Range:")?.trim().split_once('-')?;
            let (end, total) = rest.split_once('/')?;
            Some((start.parse::<u64>().ok()?, end.parse().ok(), total.parse().ok()))
        };
        let Some((start, end, total)) = read() else { return Some(line.to_owned()) };
        let (start, end, total) = edit(start, end, total);
        let word = |number: Option<u64>| number.map_or("*".to_owned(), |number| number.to_string());
        Some(format!("Byte-Range: {start}-{}/{}", word(end), word(total)))
    })
}
