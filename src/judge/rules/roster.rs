//! Conference state documents of the focus (RFC 4575; RFC 7701, 5.2 and 7.4).

use std::collections::HashMap;

use super::chat::same_uri;
use super::{Bench, Rule};
use crate::judge::trace::{CONFERENCE_INFO, Direction, Notification, Subscription, Trace};
use crate::judge::verdict::{Evidence, Verdict};
use crate::transcript::Transport;
use crate::wire::Parsed;
use crate::wire::conference_info::{ConferenceInfo, ConferenceInfoDefect, Endpoint, NicknameForm, State, User};
use crate::wire::sip::NameAddr;
use crate::wire::uri::SipUri;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-ROSTER-001",
        purpose: "A conference document is well-formed and valid.",
        requirements: &[
            "RFC7701-7.4-1",
            "RFC4575-4.1-1",
            "RFC4575-4.1-2",
            "RFC4575-4.1-3",
            "RFC4575-4.2-1",
            "RFC4575-4.3-2",
            "RFC4575-4.4-4",
            "RFC4575-5.1-1",
            "RFC4575-5.2-1",
            "RFC4575-5.2-4",
            "RFC4575-5.2-9",
            "RFC4575-5.2-10",
            "RFC4575-5.3-2",
            "RFC4575-5.5-1",
            "RFC4575-5.7.3-1",
            "RFC4575-5.8-1",
            "RFC4575-6-1",
            "RFC4575-6-2",
            "RFC4575-3.4-2",
            "RFC6501-4.1-1",
            "RFC6501-4.6-1",
        ],
        level: "MUST",
        judge: valid,
    },
    Rule {
        id: "RULE-ROSTER-002",
        purpose: "The body of a conference NOTIFY is of a type that the subscriber accepts.",
        requirements: &["RFC7701-7.4-1", "RFC4575-3.4-1", "RFC4575-3.4-3"],
        level: "MUST",
        judge: body_type,
    },
    Rule {
        id: "RULE-ROSTER-003",
        purpose: "Versions grow with the notifications of a subscription, by one for a partial one.",
        requirements: &["RFC7701-7.4-1", "RFC4575-5.2-5", "RFC4575-5.2-6", "RFC4575-5.2-7", "RFC6501-4.1-1"],
        level: "MUST",
        judge: versions,
    },
    Rule {
        id: "RULE-ROSTER-004",
        purpose: "The first document of a subscription is full.",
        requirements: &["RFC7701-7.4-1", "RFC7701-7.4-4", "RFC4575-3.2-3", "RFC4575-5.2-3"],
        level: "MUST",
        judge: first_is_full,
    },
    Rule {
        id: "RULE-ROSTER-005",
        purpose: "The entity of the documents is the conference, the same throughout a subscription.",
        requirements: &["RFC7701-5.1-2", "RFC4575-5.2-2", "RFC6501-4.1-2"],
        level: "MUST",
        judge: entity,
    },
    Rule {
        id: "RULE-ROSTER-006",
        purpose: "Every user has an entity of its own.",
        requirements: &[
            "RFC7701-4-13",
            "RFC7701-7.4-1",
            "RFC4575-5.6-3",
            "RFC4575-5.6-5",
            "RFC4575-4.5-1",
            "RFC4575-4.5-2",
            "RFC6501-4.6.5-1",
        ],
        level: "MUST",
        judge: users,
    },
    Rule {
        id: "RULE-ROSTER-007",
        purpose: "A nickname is the attribute 'nickname' of the user in the name space of XCON.",
        requirements: &["RFC7701-7.4-7", "RFC6501-3.2-1", "RFC6501-4.6.3-2", "RFC6501-5-1", "RFC6501-5-2"],
        level: "MUST",
        judge: nickname_form,
    },
    Rule {
        id: "RULE-ROSTER-008",
        purpose: "No two users of a room have the same nickname.",
        requirements: &["RFC7701-7-8", "RFC7701-7-5", "RFC7701-11-14"],
        level: "MUST",
        judge: nicknames_unique,
    },
    Rule {
        id: "RULE-ROSTER-009",
        purpose: "user-count is not below the number of users shown.",
        requirements: &["RFC7701-7.4-4", "RFC4575-5.5.1-1", "RFC4575-5.5.1-2"],
        level: "SHOULD",
        judge: user_count,
    },
    Rule {
        id: "RULE-ROSTER-010",
        purpose: "Under a full parent every state is full.",
        requirements: &["RFC7701-7.4-1", "RFC4575-4.4-6", "RFC4575-4.4-7", "RFC4575-4.4-5", "RFC6501-4.6.5-1"],
        level: "MUST",
        judge: consistent_states,
    },
    Rule {
        id: "RULE-ROSTER-011",
        purpose: "The address of a participant that asked for privacy stands in no conference document.",
        requirements: &["RFC7701-5.2-37", "RFC7701-6.1-13", "RFC4575-8.2-4", "RFC4575-5.7.9-1", "RFC6501-4.6.5.1-2"],
        level: "MUST NOT",
        judge: privacy,
    },
];

pub(super) type Read<'a> = (&'a Subscription, &'a Notification, &'a Parsed<ConferenceInfo, ConferenceInfoDefect>);

/// The documents that are XML, by subscription and CSeq.
pub(super) fn documents(trace: &Trace) -> impl Iterator<Item = Read<'_>> {
    trace.subscriptions.iter().flat_map(|subscription| {
        subscription.notifications.iter().filter_map(move |notification| match &notification.document {
            Some(Ok(document)) => Some((subscription, notification, document)),
            _ => None,
        })
    })
}

pub(super) fn told(trace: &Trace, notification: &Notification) -> Vec<Evidence> {
    let mut evidence = trace.evidence(notification.index, "the NOTIFY");
    let length = evidence.octets.len();
    let body = trace.sip_at(notification.index).map_or(0, |message| message.body.len());
    evidence.decisive = Some(crate::wire::Span { start: length.saturating_sub(body), end: length });
    vec![evidence]
}

fn condemn(trace: &Trace, bench: &mut Bench, weigh: fn(&ConferenceInfoDefect) -> Option<(Verdict, &'static str)>) {
    for (_, notification, document) in documents(trace) {
        bench.observe();
        for defect in &document.defects {
            let Some((verdict, expected)) = weigh(&defect.kind) else { continue };
            let mut evidence = told(trace, notification);
            if let Some(evidence) = evidence.first_mut()
                && let Some(body) = evidence.decisive
            {
                let part = crate::wire::Span {
                    start: body.start + defect.span.start,
                    end: (body.start + defect.span.end).min(body.end),
                };
                evidence.decisive = Some(part);
            }
            bench.find(verdict, expected.to_owned(), format!("{:?}", defect.kind), evidence);
        }
    }
}

fn valid(trace: &Trace, bench: &mut Bench) {
    for notification in trace.subscriptions.iter().flat_map(|subscription| &subscription.notifications) {
        if let Some(Err(error)) = &notification.document {
            bench.observe();
            bench.fail("a well-formed document (RFC 4575, 4.1)", error.to_string(), told(trace, notification));
        }
    }
    condemn(trace, bench, |kind| match kind {
        ConferenceInfoDefect::WrongRoot => {
            Some((Verdict::Fail, "conference-info in urn:ietf:params:xml:ns:conference-info (RFC 4575, 4.2 and 5.2)"))
        }
        ConferenceInfoDefect::MissingEntity => Some((Verdict::Fail, "entity on conference-info (RFC 4575, 5.2)")),
        ConferenceInfoDefect::MissingVersion => {
            Some((Verdict::Fail, "version on conference-info (RFC 4575, 4.3; T74)"))
        }
        ConferenceInfoDefect::BadNumber => Some((Verdict::Fail, "numbers in range (RFC 4575, 6)")),
        ConferenceInfoDefect::BadState => Some((Verdict::Fail, "state full, partial or deleted (RFC 4575, 4.4)")),
        ConferenceInfoDefect::ElementOrder => {
            Some((Verdict::Fail, "elements in the schema's order (RFC 4575, 4.1 and 6)"))
        }
        ConferenceInfoDefect::UnexpectedElement => {
            Some((Verdict::Fail, "elements of the schema at their place (RFC 4575, 4.1 and 6)"))
        }
        ConferenceInfoDefect::MissingElement(_) => {
            Some((Verdict::Fail, "conference-description and users in a full document (RFC 4575, 5.2; T74)"))
        }
        ConferenceInfoDefect::RepeatedEndpoint => Some((Verdict::Fail, "each endpoint once (RFC 4575, 4.5)")),
        ConferenceInfoDefect::MissingMediaId => Some((Verdict::Fail, "id on media (RFC 4575, 5.8)")),
        ConferenceInfoDefect::NotInEnumeration(_) => {
            Some((Verdict::Fail, "values of the schema (RFC 4575, 4.1 and 6)"))
        }
        _ => None,
    });
}

fn body_type(trace: &Trace, bench: &mut Bench) {
    for subscription in &trace.subscriptions {
        let accepts: Vec<String> = subscription
            .subscribe
            .and_then(|subscribe| trace.sip.get(subscribe))
            .and_then(|transaction| trace.sip_at(transaction.request()))
            .map(|request| request.values("Accept"))
            .unwrap_or_default();
        for notification in &subscription.notifications {
            let Some(message) = trace.sip_at(notification.index) else { continue };
            if notification.package != "conference" || message.body.is_empty() {
                continue;
            }
            bench.observe();
            let media_type = message.media_type().unwrap_or_default();
            let accepted = accepts.iter().any(|entry| {
                let entry = entry.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                let family = media_type.split('/').next().unwrap_or_default();
                entry == media_type || entry == "*/*" || entry == format!("{family}/*")
            });
            if media_type != CONFERENCE_INFO && !accepted {
                bench.fail(
                    format!("{CONFERENCE_INFO}, or a type of the SUBSCRIBE's Accept (RFC 4575, 3.4)"),
                    media_type,
                    vec![trace.evidence_header(notification.index, "the NOTIFY", "Content-Type")],
                );
            }
        }
    }
}

/// Only neighbours by CSeq are compared: where one is missing, nothing follows.
fn versions(trace: &Trace, bench: &mut Bench) {
    for subscription in &trace.subscriptions {
        for pair in subscription.notifications.windows(2) {
            let [earlier, later] = pair else { continue };
            let (Some(Ok(before)), Some(Ok(after))) = (&earlier.document, &later.document) else { continue };
            let (Some(old), Some(new)) = (before.tree.version, after.tree.version) else { continue };
            // What the subscriber did not take may be told again.
            let taken = trace.sip.get(earlier.transaction).is_some_and(|told| told.success(trace).is_some());
            if later.cseq != earlier.cseq.wrapping_add(1) || !taken {
                continue;
            }
            bench.observe();
            let expected = match after.tree.state {
                State::Partial if new != old.wrapping_add(1) => {
                    format!("version {} (RFC 4575, 5.2)", old.wrapping_add(1))
                }
                _ if new < old && old != u32::MAX => format!("a version not below {old} (RFC 4575, 5.2)"),
                _ if new == old && changed(&before.tree, &after.tree) => {
                    format!("a version above {old}, as the state changed (RFC 4575, 5.2)")
                }
                _ => continue,
            };
            let mut evidence = told(trace, earlier);
            evidence.extend(told(trace, later));
            bench.fail(expected, format!("version {new}"), evidence);
        }
    }
}

/// Whether two full documents show other users or nicknames. A full one may repeat the version of a partial one, and
/// what that had told cannot be compared here.
fn changed(before: &ConferenceInfo, after: &ConferenceInfo) -> bool {
    let roster = |document: &ConferenceInfo| {
        let mut users: Vec<_> = document
            .users
            .iter()
            .map(|user| (user.entity.clone(), user.nickname.as_ref().map(|(nickname, _)| nickname.clone())))
            .collect();
        users.sort();
        users
    };
    before.state == State::Full && after.state == State::Full && roster(before) != roster(after)
}

/// Over UDP the first NOTIFY may have been lost, so that is only advised against.
fn first_is_full(trace: &Trace, bench: &mut Bench) {
    for subscription in &trace.subscriptions {
        let Some(first) = subscription.notifications.first().filter(|first| first.state == "active") else { continue };
        let Some(Ok(document)) = &first.document else { continue };
        let Some(subscribe) = subscription.subscribe.and_then(|subscribe| trace.sip.get(subscribe)) else { continue };
        let initial =
            trace.sip_at(subscribe.request()).and_then(|request| request.to()).is_some_and(|to| to.tag().is_none());
        if subscribe.doubtful || !initial {
            continue;
        }
        bench.observe();
        if document.tree.state == State::Full {
            continue;
        }
        let expected = "full state in the first notification (RFC 4575, 3.2 and 4.6)";
        let datagrams = trace
            .observed
            .get(first.index)
            .is_none_or(|observed| trace.transport(observed.pco) == Some(Transport::Udp));
        let observed = format!("state {:?}", document.tree.state);
        if datagrams {
            bench.advise(expected, observed, told(trace, first));
        } else {
            bench.fail(expected, observed, told(trace, first));
        }
    }
}

/// A room may have several URIs, so another one than that subscribed to is merely remarked on.
fn entity(trace: &Trace, bench: &mut Bench) {
    let mut known: HashMap<(&str, &str), &str> = HashMap::new();
    for (subscription, notification, document) in documents(trace) {
        let entity = document.tree.entity.as_str();
        if entity.is_empty() {
            continue;
        }
        bench.observe();
        let key = (subscription.call_id.as_str(), subscription.iut_tag.as_str());
        match known.get(&key) {
            Some(before) if !same_uri(before, entity) => bench.fail(
                format!("the same conference, '{before}' (RFC 4575, 5.2)"),
                format!("'{entity}'"),
                told(trace, notification),
            ),
            Some(_) => {}
            None => {
                known.insert(key, entity);
                if let Some(room) = subscription.room.as_ref().filter(|room| !same_uri(room, entity)) {
                    bench.advise(
                        format!("the URI subscribed to, '{room}' (RFC 4575, 5.2)"),
                        format!("'{entity}'"),
                        told(trace, notification),
                    );
                }
            }
        }
    }
}

fn users(trace: &Trace, bench: &mut Bench) {
    condemn(trace, bench, |kind| match kind {
        ConferenceInfoDefect::MissingUserEntity => Some((Verdict::Fail, "entity on user (RFC 4575, 5.6; T74)")),
        ConferenceInfoDefect::RepeatedUser => Some((Verdict::Fail, "each user once (RFC 4575, 4.5 and 5.6)")),
        _ => None,
    });
}

fn nickname_form(trace: &Trace, bench: &mut Bench) {
    for (_, notification, document) in documents(trace) {
        for user in document.tree.users.iter().filter(|user| user.nickname.is_some()) {
            bench.observe();
            let Some((nickname, form)) = &user.nickname else { continue };
            let expected = "{urn:ietf:params:xml:ns:xcon-conference-info}nickname on user (RFC 7701, 7.4; T52)";
            let observed = format!("{form:?} nickname '{nickname}'");
            match form {
                NicknameForm::Qualified => {}
                NicknameForm::Unqualified => bench.advise(expected, observed, told(trace, notification)),
                NicknameForm::Element => bench.fail(expected, observed, told(trace, notification)),
            }
        }
    }
}

/// Compared by letter case of ASCII at most: what RFC 8266 makes of the rest is left to the cases (T46).
fn nicknames_unique(trace: &Trace, bench: &mut Bench) {
    for subscription in &trace.subscriptions {
        let mut state: Option<ConferenceInfo> = None;
        for notification in &subscription.notifications {
            let Some(Ok(document)) = &notification.document else {
                continue;
            };
            let current = if document.tree.state == State::Full {
                document.tree.clone()
            } else {
                let Some(mut known) = state.take() else { continue };
                if !known.apply(&document.tree) {
                    continue;
                }
                known
            };
            let mut holders: HashMap<String, &str> = HashMap::new();
            let present = |user: &&User| {
                let gone = |endpoint: &Endpoint| endpoint.status.as_deref() == Some("disconnected");
                user.state != State::Deleted && (user.endpoints.is_empty() || !user.endpoints.iter().all(gone))
            };
            for user in current.users.iter().filter(present) {
                let Some((nickname, _)) = user.nickname.as_ref().filter(|(nickname, _)| !nickname.is_empty()) else {
                    continue;
                };
                bench.observe();
                let Some(other) = holders.insert(nickname.trim().to_ascii_lowercase(), &user.entity) else { continue };
                if !same_uri(other, &user.entity) {
                    bench.fail(
                        "a nickname that stands for one user (RFC 7701, 7 and 7.1)",
                        format!("'{nickname}' for '{other}' and for '{}'", user.entity),
                        told(trace, notification),
                    );
                }
            }
            state = Some(current);
        }
    }
}

fn user_count(trace: &Trace, bench: &mut Bench) {
    for (_, notification, document) in documents(trace) {
        let Some(count) = document.tree.user_count.filter(|_| document.tree.state == State::Full) else { continue };
        bench.observe();
        let shown = document.tree.users.iter().filter(|user| user.state != State::Deleted).count();
        if (count as usize) < shown {
            bench.advise(
                format!("user-count {shown} or more (RFC 4575, 5.5.1)"),
                count.to_string(),
                told(trace, notification),
            );
        }
    }
}

fn consistent_states(trace: &Trace, bench: &mut Bench) {
    condemn(trace, bench, |kind| {
        matches!(kind, ConferenceInfoDefect::InconsistentState)
            .then_some((Verdict::Fail, "the state of a child as its parent allows (RFC 4575, 4.4)"))
    });
}

/// `user` asks to hide the From, `id` the asserted identity (RFC 3323, 4.2; RFC 3325, 9.3). A From beside `id` where
/// nothing is asserted is the only URI whose privacy can be meant, but not to the letter of RFC 3325: its exposure is
/// advised against. Whoever is also there without asking for privacy has shown the address himself.
fn privacy(trace: &Trace, bench: &mut Bench) {
    let mut hidden: Vec<String> = Vec::new();
    let mut meant: Vec<String> = Vec::new();
    let mut shown: Vec<String> = Vec::new();
    for transaction in &trace.sip {
        if transaction.direction != Direction::ToIut || transaction.method != "INVITE" {
            continue;
        }
        let Some(request) = trace.sip_at(transaction.request()) else { continue };
        let wishes: Vec<String> = request
            .values("Privacy")
            .iter()
            .flat_map(|value| value.split(';'))
            .map(|wish| wish.trim().to_ascii_lowercase())
            .collect();
        let from = request.from().map(|from| from.uri);
        let asserted = ["P-Asserted-Identity", "P-Preferred-Identity"]
            .iter()
            .flat_map(|name| request.values(name))
            .filter_map(|value| NameAddr::parse(&value))
            .map(|identity| identity.uri)
            .collect::<Vec<_>>();
        let id = wishes.iter().any(|wish| wish == "id");
        match wishes.iter().any(|wish| wish == "user") {
            true => hidden.extend(from),
            false if id && asserted.is_empty() => meant.extend(from),
            false => shown.extend(from),
        }
        match id {
            true => hidden.extend(asserted),
            false => shown.extend(asserted),
        }
    }
    let own = |address: &String| {
        !shown.iter().any(|other| same_uri(other, address))
            && SipUri::parse(address).is_ok_and(|uri| {
                let host = uri.host.to_ascii_lowercase();
                uri.user.is_some() && !host.ends_with(".invalid") && host != "invalid"
            })
    };
    hidden.retain(own);
    meant.retain(own);
    if hidden.is_empty() && meant.is_empty() {
        return;
    }
    for (_, notification, document) in documents(trace) {
        bench.observe();
        let entities = document.tree.users.iter().flat_map(|user| {
            std::iter::once(&user.entity).chain(user.endpoints.iter().map(|endpoint| &endpoint.entity))
        });
        for entity in entities {
            let known = |addresses: &[String]| addresses.iter().any(|address| same_uri(address, entity));
            let verdict = match (known(&hidden), known(&meant)) {
                (true, _) => Verdict::Fail,
                (false, true) => Verdict::Advisory,
                (false, false) => continue,
            };
            bench.find(
                verdict,
                "an anonymous URI for whoever asked for privacy (RFC 7701, 5.2; RFC 4575, 8)".to_owned(),
                format!("'{entity}'"),
                told(trace, notification),
            );
        }
    }
}
