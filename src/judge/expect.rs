//! What the steps of a scenario expect, judged: each function takes what came and gives the finding against it, if any.
//!
//! The functions know no peer and wait for nothing. Whoever calls them has made sure that what is not there was not
//! sent (by a sentinel, or by the end of a timer of the RFC), and fills in the requirement.

use bytes::Bytes;

use super::verdict::{Evidence, Finding, Verdict};
use crate::wire::Span;
use crate::wire::conference_info::{ConferenceInfo, NicknameForm, State};
use crate::wire::uri::Uri;

/// Which status codes pass and which are tolerated; any other one fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusTable<'a> {
    /// Codes that the clause demands or leaves open.
    pub pass: &'a [u16],
    /// Codes that an interpretation tolerates.
    pub warn: &'a [u16],
}

/// Octets that crossed, as a step knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What they are: `the response to Bob's NICKNAME`.
    pub caption: String,
    /// The (last) transcript event that carried them.
    pub event: Option<usize>,
    /// The message.
    pub octets: Bytes,
}

impl Seen {
    fn evidence(&self, decisive: Option<Span>) -> Evidence {
        Evidence { caption: self.caption.clone(), event: self.event, octets: self.octets.clone(), decisive }
    }

    fn first_line(&self) -> Span {
        Span { start: 0, end: memchr::memchr(b'\n', &self.octets).map_or(self.octets.len(), |end| end + 1) }
    }
}

fn finding(verdict: Verdict, expected: String, observed: String, evidence: Vec<Evidence>) -> Option<Finding> {
    Some(Finding { verdict, requirement: None, expected, observed, evidence })
}

fn listed(codes: &[u16]) -> String {
    codes.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
}

/// Judges the status of a response, or its absence, which fails. `clause` says where the expectation comes from:
/// `RFC 7701, 7.1`.
pub fn status(table: StatusTable<'_>, observed: Option<(u16, &Seen)>, clause: &str) -> Option<Finding> {
    let expected = format!("{} ({clause})", listed(table.pass));
    match observed {
        None => finding(Verdict::Fail, expected, "no response".to_owned(), Vec::new()),
        Some((status, _)) if table.pass.contains(&status) => None,
        Some((status, seen)) => {
            let verdict = if table.warn.contains(&status) { Verdict::Advisory } else { Verdict::Fail };
            finding(verdict, expected, status.to_string(), vec![seen.evidence(Some(seen.first_line()))])
        }
    }
}

/// Judges that no response came where none may.
pub fn silence(observed: Option<(u16, &Seen)>, clause: &str) -> Option<Finding> {
    let (status, seen) = observed?;
    let evidence = vec![seen.evidence(Some(seen.first_line()))];
    finding(Verdict::Fail, format!("no response ({clause})"), status.to_string(), evidence)
}

/// Judges that what was delivered is, octet for octet, what was sent. Both are contents (Message/CPIM objects) put
/// together from their chunks; `received` is `None` where nothing of the message came.
pub fn delivered_identical(sent: &Seen, received: Option<&Seen>, clause: &str) -> Option<Finding> {
    let Some(received) = received else {
        let expected = format!("delivery of the message ({clause})");
        return finding(Verdict::Fail, expected, "nothing came".to_owned(), vec![sent.evidence(None)]);
    };
    let (own, other) = (&sent.octets, &received.octets);
    if own == other {
        return None;
    }
    let common = own.iter().zip(other).take_while(|(own, other)| own == other).count();
    let tail = own
        .iter()
        .skip(common)
        .rev()
        .zip(other.iter().skip(common).rev())
        .take_while(|(own, other)| own == other)
        .count();
    let part = |octets: &Bytes| Some(Span { start: common, end: octets.len().saturating_sub(tail).max(common) });
    finding(
        Verdict::Fail,
        format!("the content as it was sent, octet for octet ({clause})"),
        format!("another content from octet {} on", common + 1),
        vec![sent.evidence(part(own)), received.evidence(part(other))],
    )
}

/// Judges that a message reached none of those whose deliveries are given. What was caused is told from others' noise by
/// `nonce`, a text unique to the message.
pub fn not_delivered(nonce: &[u8], deliveries: &[(&str, &Seen)], clause: &str) -> Option<Finding> {
    let hit = deliveries.iter().find_map(|(participant, seen)| {
        let start = memchr::memmem::find(&seen.octets, nonce).filter(|_| !nonce.is_empty())?;
        Some((*participant, seen, Span { start, end: start + nonce.len() }))
    });
    let (participant, seen, span) = hit?;
    finding(
        Verdict::Fail,
        format!("no delivery to {participant} ({clause})"),
        format!("{participant} got the message"),
        vec![seen.evidence(Some(span))],
    )
}

fn same(one: &str, other: &str) -> bool {
    match (Uri::parse(one), Uri::parse(other)) {
        (Ok(one), Ok(other)) => one.same_resource(&other),
        _ => one == other,
    }
}

/// What a roster shall show of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// The user is there, under whatever nickname.
    Present,
    /// The user is not there.
    Absent,
    /// The user is there without nickname.
    WithoutNickname,
    /// The user is there under one of these nicknames: as sent, or as RFC 8266 enforces it (T47).
    Nickname(&'a [&'a str]),
}

/// Judges the state that a subscriber has put together from its notifications. `seen` is the last NOTIFY.
pub fn roster_shows(
    roster: &ConferenceInfo,
    entity: &str,
    shown: Shown<'_>,
    seen: Option<&Seen>,
    clause: &str,
) -> Option<Finding> {
    let user = roster.users.iter().find(|user| user.state != State::Deleted && same(&user.entity, entity));
    let evidence = || seen.map(|seen| seen.evidence(None)).into_iter().collect::<Vec<_>>();
    let nickname = user.and_then(|user| user.nickname.as_ref()).filter(|(nickname, _)| !nickname.is_empty());
    let observed = match (user, nickname) {
        (None, _) => format!("no user '{entity}'"),
        (Some(_), None) => format!("'{entity}' without nickname"),
        (Some(_), Some((nickname, _))) => format!("'{entity}' as '{nickname}'"),
    };
    let fail =
        |expected: String| finding(Verdict::Fail, format!("{expected} ({clause})"), observed.clone(), evidence());
    match shown {
        Shown::Present if user.is_none() => fail(format!("'{entity}' in the roster")),
        Shown::Absent if user.is_some() => fail(format!("no user '{entity}' in the roster")),
        Shown::WithoutNickname if user.is_none() || nickname.is_some() => fail(format!("'{entity}' without nickname")),
        Shown::Nickname(allowed) => {
            let expected = format!("'{entity}' as '{}'", allowed.join("' or '"));
            match nickname {
                Some((nickname, form)) if allowed.contains(&nickname.as_str()) => match form {
                    NicknameForm::Qualified => None,
                    NicknameForm::Unqualified => finding(
                        Verdict::Advisory,
                        format!("the nickname in the name space of XCON ({clause}; T52)"),
                        "an attribute without name space".to_owned(),
                        evidence(),
                    ),
                    NicknameForm::Element => fail(format!("{expected}, as an attribute")),
                },
                // Lower-cased display is merely against RFC 8266, 2.4 (T47).
                Some((nickname, _)) if allowed.iter().any(|one| one.to_lowercase() == *nickname) => {
                    finding(Verdict::Advisory, format!("{expected} ({clause}; T47)"), observed.clone(), evidence())
                }
                _ => fail(expected),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::conference_info::User;

    fn seen(text: &str) -> Seen {
        Seen { caption: "it".to_owned(), event: None, octets: Bytes::copy_from_slice(text.as_bytes()) }
    }

    #[test]
    fn a_status_is_passed_tolerated_or_condemned() {
        let table = StatusTable { pass: &[424, 400], warn: &[425] };
        let response = seen("MSRP abcd 424 Malformed\r\nTo-Path: x\r\n");
        let verdict =
            |status| super::status(table, Some((status, &response)), "RFC 7701, 7.1").map(|finding| finding.verdict);
        assert_eq!(verdict(424), None);
        assert_eq!(verdict(425), Some(Verdict::Advisory));
        assert_eq!(verdict(200), Some(Verdict::Fail));
        let absent = super::status(table, None, "RFC 7701, 7.1").unwrap();
        assert_eq!((absent.verdict, absent.expected.as_str()), (Verdict::Fail, "424 or 400 (RFC 7701, 7.1)"));
    }

    #[test]
    fn a_changed_copy_is_condemned_with_the_octets_that_differ() {
        let finding = delivered_identical(&seen("From: <a>\r\n\r\nhello"), Some(&seen("From: <b>\r\n\r\nhello")), "x");
        let finding = finding.unwrap();
        assert_eq!(finding.evidence[0].decisive, Some(Span { start: 7, end: 8 }));
        assert_eq!(finding.evidence[1].decisive, Some(Span { start: 7, end: 8 }));
        assert_eq!(delivered_identical(&seen("hello"), Some(&seen("hello")), "x"), None);
        assert!(delivered_identical(&seen("hello"), None, "x").is_some());
        let longer = delivered_identical(&seen("hello"), Some(&seen("hello!")), "x").unwrap();
        assert_eq!(longer.evidence[1].decisive, Some(Span { start: 5, end: 6 }));
    }

    #[test]
    fn a_delivery_is_found_by_its_nonce_only() {
        let (noise, hit) = (seen("welcome"), seen("hello nonce-77 there"));
        assert_eq!(not_delivered(b"nonce-77", &[("Bob", &noise)], "x"), None);
        let finding = not_delivered(b"nonce-77", &[("Bob", &noise), ("Carol", &hit)], "x").unwrap();
        assert_eq!(finding.observed, "Carol got the message");
        assert_eq!(finding.evidence[0].decisive, Some(Span { start: 6, end: 14 }));
    }

    #[test]
    fn a_roster_is_judged_by_user_and_nickname() {
        let user = |entity: &str, nickname: Option<(&str, NicknameForm)>| User {
            entity: entity.to_owned(),
            nickname: nickname.map(|(nickname, form)| (nickname.to_owned(), form)),
            ..User::default()
        };
        let roster = ConferenceInfo {
            users: vec![
                user("sip:alice@example.com", Some(("Foo", NicknameForm::Qualified))),
                user("sip:bob@example.com", None),
                user("sip:carol@example.com", Some(("Baz", NicknameForm::Unqualified))),
            ],
            ..ConferenceInfo::default()
        };
        let verdict = |entity, shown| roster_shows(&roster, entity, shown, None, "x").map(|finding| finding.verdict);
        assert_eq!(verdict("sip:alice@EXAMPLE.com", Shown::Nickname(&["Foo"])), None);
        assert_eq!(verdict("sip:alice@example.com", Shown::Nickname(&["FOO"])), Some(Verdict::Fail));
        assert_eq!(verdict("sip:alice@example.com", Shown::WithoutNickname), Some(Verdict::Fail));
        assert_eq!(verdict("sip:bob@example.com", Shown::WithoutNickname), None);
        assert_eq!(verdict("sip:bob@example.com", Shown::Absent), Some(Verdict::Fail));
        assert_eq!(verdict("sip:dan@example.com", Shown::Present), Some(Verdict::Fail));
        assert_eq!(verdict("sip:dan@example.com", Shown::Absent), None);
        assert_eq!(verdict("sip:carol@example.com", Shown::Nickname(&["Baz"])), Some(Verdict::Advisory));
    }
}
