//! SIP (RFC 3261), the session descriptions (RFC 4566) and conference documents (RFC 4575) in it.

use bytes::Bytes;

use super::{Fault, edited, find, inserted, replaced, without};

/// The messages that a faulty switch sends instead of this one.
pub(super) fn spoilt(octets: Bytes, fault: Fault) -> Vec<Bytes> {
    let has = |pattern: &str| find(&octets, pattern.as_bytes()).is_some();
    let response = octets.starts_with(b"SIP/2.0 ");
    let to_invite = has(" INVITE\r\n") && response;
    let fine = octets.starts_with(b"SIP/2.0 2");
    let refusal = response && matches!(octets.get(8), Some(b'4'..=b'6'));
    match fault {
        Fault::OptionsUnanswered if response && has(" OPTIONS\r\n") => return Vec::new(),
        Fault::OptionsRinging if fine && has(" OPTIONS\r\n") => {
            return vec![replaced(octets.clone(), "SIP/2.0 200 OK", "SIP/2.0 180 Ringing"), octets];
        }
        Fault::TwoFinalResponses if refusal && to_invite => {
            return vec![octets.clone(), edited_start(octets, "SIP/2.0 500 Server Internal Error")];
        }
        Fault::FirstNotificationWithheld if octets.starts_with(b"NOTIFY ") && has("state=\"full\" version=") => {
            return Vec::new();
        }
        _ => {}
    }
    let spoilt = match fault {
        Fault::ResponseToAnother if response => {
            edited(octets, "From:", |line| Some(line.replacen("sip:", "sip:not-", 1)))
        }
        Fault::ToTagMissing if refusal => {
            edited(octets, "To:", |line| line.split_once(";tag=").map(|(before, _)| before.to_owned()))
        }
        Fault::TwoContacts if fine && to_invite => inserted(octets, "Allow:", "Contact: <sip:second@127.0.0.1>"),
        Fault::ReinviteAnswerEmpty if fine && to_invite => {
            let head = find(&octets, b"\r\n\r\n").and_then(|end| octets.get(..end + 4)).unwrap_or(&octets);
            let head = without(Bytes::copy_from_slice(head), "Content-Type:");
            edited(head, "Content-Length:", |_| Some("Content-Length: 0".to_owned()))
        }
        Fault::AllowMissing if octets.starts_with(b"SIP/2.0 405") => without(octets, "Allow:"),
        Fault::AllowMissing if octets.starts_with(b"SIP/2.0 420") => without(octets, "Unsupported:"),
        Fault::ExtensionRequired if fine && to_invite => inserted(octets, "Allow:", "Require: precondition"),
        Fault::TimestampForgotten if octets.starts_with(b"SIP/2.0 100") => without(octets, "Timestamp:"),
        Fault::AllowWithoutCancel => edited(octets, "Allow:", |line| Some(line.replace(" CANCEL,", ""))),
        Fault::AllowTooMuch if response => edited(octets, "Allow:", |line| Some(format!("{line}, MESSAGE, PUBLISH"))),
        Fault::UnsupportedOther => edited(octets, "Unsupported:", |line| Some(format!("{line}, timer"))),
        Fault::CancelChallenged if response && has(" CANCEL\r\n") => inserted(
            edited_start(octets, "SIP/2.0 401 Unauthorized"),
            "Content-Length:",
            "WWW-Authenticate: Digest realm=\"room\", nonce=\"abcdef0123\", qop=\"auth\"",
        ),
        Fault::CancelTerminated if fine && has(" CANCEL\r\n") => edited_start(octets, "SIP/2.0 487 Request Terminated"),
        Fault::ContentTypeMissing if octets.starts_with(b"NOTIFY ") => without(octets, "Content-Type:"),
        Fault::MaxForwardsMissing if !response => without(octets, "Max-Forwards:"),
        Fault::CseqStandsStill if octets.starts_with(b"NOTIFY ") => {
            edited(octets, "CSeq:", |_| Some("CSeq: 1 NOTIFY".to_owned()))
        }
        Fault::RequestToNobody if !response => {
            let method = octets.split(|octet| *octet == b' ').next().unwrap_or_default();
            let method = String::from_utf8_lossy(method).into_owned();
            edited_start(octets, &format!("{method} sip:nobody@127.0.0.1 SIP/2.0"))
        }
        Fault::SubscriptionStateBare => {
            edited(octets, "Subscription-State: active", |_| Some("Subscription-State: active".to_owned()))
        }
        Fault::SubscribeWithoutExpires if fine && has(" SUBSCRIBE\r\n") => without(octets, "Expires:"),
        Fault::RosterOtherType => {
            replaced(octets, "application/conference-info+xml\r\nContent-Length", "text/xml\r\nContent-Length")
        }
        _ if has("Content-Type: application/sdp\r\n") => description(octets, fault),
        _ if has("<conference-info") => document(octets, fault),
        _ => octets,
    };
    vec![spoilt]
}

fn description(octets: Bytes, fault: Fault) -> Bytes {
    match fault {
        Fault::SessionNameMissing => with_body(octets, |body| without(body, "s=")),
        Fault::AnswerWithoutTypes => with_body(octets, |body| without(body, "a=accept-types:")),
        Fault::FormatNotStar => with_body(octets, |body| replaced(body, "MSRP *\r\n", "MSRP 98\r\n")),
        Fault::PortNotOfPath => with_body(octets, |body| {
            edited(body, "m=message", |line| {
                let mut words: Vec<_> = line.split(' ').collect();
                if let Some(port) = words.get_mut(1) {
                    *port = "9";
                }
                Some(words.join(" "))
            })
        }),
        Fault::ChatTokenTwice => with_body(octets, |body| replaced(body, "a=chatroom:", "a=chatroom:nickname ")),
        Fault::ChatroomOfSession => with_body(octets, |body| inserted(body, "m=", "a=chatroom")),
        Fault::ChatTokenCapital => with_body(octets, |body| replaced(body, "chatroom:nickname", "chatroom:Nickname")),
        Fault::SetupUndecided if octets.starts_with(b"SIP/2.0") => {
            with_body(octets, |body| edited(body, "a=setup:", |_| Some("a=setup:actpass".to_owned())))
        }
        _ => octets,
    }
}

fn document(octets: Bytes, fault: Fault) -> Bytes {
    match fault {
        Fault::RosterCutOff => with_body(octets, |body| replaced(body, "</conference-info>", "")),
        Fault::UserCountZero => with_body(octets, |body| {
            let count = |name: &str| find(&body, name.as_bytes());
            let (Some(start), Some(end)) = (count("<user-count>"), count("</user-count>")) else { return body };
            let (before, behind) = (body.get(..start).unwrap_or_default(), body.get(end..).unwrap_or_default());
            [before, b"<user-count>0", behind].concat().into()
        }),
        Fault::PartialWithinFull if find(&octets, b"state=\"full\" version=").is_some() => with_body(octets, |body| {
            let Some(at) = find(&body, b"<user entity=") else { return body };
            let (before, behind) = body.split_at(at);
            let behind = replaced(Bytes::copy_from_slice(behind), "state=\"full\"", "state=\"partial\"");
            [before, &behind[..]].concat().into()
        }),
        _ => with_body(octets, |body| super::conference::spoilt(body, fault)),
    }
}

/// With another body, and the length that it has.
fn with_body(octets: Bytes, edit: impl Fn(Bytes) -> Bytes) -> Bytes {
    let Some(end) = find(&octets, b"\r\n\r\n") else { return octets };
    let (head, body) = octets.split_at(end + 4);
    let body = edit(Bytes::copy_from_slice(body));
    let length = format!("Content-Length: {}", body.len());
    let head = edited(Bytes::copy_from_slice(head), "Content-Length:", |_| Some(length.clone()));
    [&head[..], &body[..]].concat().into()
}

fn edited_start(octets: Bytes, line: &str) -> Bytes {
    let end = find(&octets, b"\r\n").unwrap_or(octets.len());
    [line.as_bytes(), octets.get(end..).unwrap_or_default()].concat().into()
}
