//! What the room itself says, as a faulty switch wraps it (RFC 3862).

use bytes::Bytes;

use super::{Fault, FaultSet, inserted, replaced};

/// The wrapper as a faulty switch writes it.
pub(in crate::switch) fn own(faults: FaultSet, octets: Bytes) -> Bytes {
    faults.spoil(octets, spoilt)
}

fn spoilt(octets: Bytes, fault: Fault) -> Bytes {
    let with = |octets: Bytes, line: &str| inserted(octets, "To:", line);
    match fault {
        Fault::NoticeHeaderUnspaced => replaced(octets, "\r\nTo: ", "\r\nTo:"),
        Fault::NoticeNameWithBlank => with(octets, "Room Mood: fine"),
        Fault::NoticeHeaderFolded => with(octets, "Subject: a notice\r\n of the room"),
        Fault::NoticeBareLineEnd => replaced(octets, "\r\nTo: ", "\nTo: "),
        Fault::NoticeControlRaw => with(octets, "Subject: ring \u{7} the bell"),
        Fault::NoticeLatin1 => {
            let at = super::find(&octets, b"\r\nTo:").unwrap_or_default();
            let (before, behind) = octets.split_at(at);
            [before, b"\r\nSubject: caf\xe9", behind].concat().into()
        }
        Fault::NoticeBackslashBare => with(octets, "Subject: C:\\xyzzy"),
        Fault::NoticeEscapeNeedless => with(octets, "Subject: \\u0041 notice"),
        Fault::NoticeQuoteBare => replaced(octets, "\r\nTo: ", "\r\nTo: \"All \"of\" you\" "),
        Fault::NoticeSubjectTwice => with(octets, "Subject: one\r\nSubject: two"),
        Fault::NoticePrefixUndeclared => with(octets, "Room.Mood: fine"),
        Fault::NoticeNamespaceRelative => with(octets, "NS: Room <mood#fine>"),
        Fault::NoticeDateOfMail => with(octets, "DateTime: Fri, 27 Nov 2026 01:02:03 GMT"),
        Fault::NoticeSubjectParameterEmpty => with(octets, "Subject:;lang= a notice"),
        Fault::NoticeRequireWithBlanks => with(octets, "Require: Subject DateTime"),
        Fault::NoticeNamesLowercase => replaced(octets, "\r\nTo: ", "\r\nto: "),
        _ => octets,
    }
}
