//! What the switch delivers, and to whom (RFC 7701, 4, 5.2 and 6).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;

use super::chunks::delivered;
use super::responses::asked;
use super::{Bench, Rule};
use crate::judge::trace::{Delivery, Direction, Session, Trace, has_token};
use crate::wire::cpim::{CpimDefect, CpimMessage};
use crate::wire::sdp::Media;
use crate::wire::uri::{SipUri, Uri};
use crate::wire::{Defect, Parsed};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-CHAT-001",
        purpose: "Message/CPIM is the outermost type of everything the room sends.",
        requirements: &[
            "RFC7701-5.2-22",
            "RFC7701-4-15",
            "RFC7701-5.2-7",
            "RFC7701-6.1-1",
            "RFC3862-2.1-1",
            "RFC4975-8.6-16",
        ],
        level: "MUST",
        judge: wrapped,
    },
    Rule {
        id: "RULE-CHAT-002",
        purpose: "Every message from the switch says in its wrapper from whom it is and to whom.",
        requirements: &[
            "RFC7701-5.2-32",
            "RFC7701-5.2-33",
            "RFC7701-3-4",
            "RFC7701-3-5",
            "RFC7701-6.1-53",
            "RFC3862-3-3",
            "RFC3862-3.6-1",
            "RFC3862-4-4",
            "RFC4975-13-14",
        ],
        level: "MUST",
        judge: addressed,
    },
    Rule {
        id: "RULE-CHAT-003",
        purpose: "A copy is, octet for octet, the message that its sender sent.",
        requirements: &[
            "RFC7701-6.1-22",
            "RFC7701-6.2-27",
            "RFC7701-6.1-23",
            "RFC7701-6.1-31",
            "RFC7701-4-11",
            "RFC4975-7.1-20",
            "RFC3862-2.2-1",
            "RFC3862-2.2-19",
            "RFC3862-2.2-20",
            "RFC3862-6-3",
            "RFC3862-6-4",
            "RFC3862-9-1",
            "RFC3862-9-3",
            "RFC4975-14.3-2",
            "RFC4975-14.5-4",
        ],
        level: "MUST NOT",
        judge: identical,
    },
    Rule {
        id: "RULE-CHAT-004",
        purpose: "No copy returns to the session that the message came from.",
        requirements: &["RFC7701-6.1-20"],
        level: "MUST NOT",
        judge: no_copy_to_sender,
    },
    Rule {
        id: "RULE-CHAT-005",
        purpose: "A private message reaches nobody but the participant it is addressed to.",
        requirements: &["RFC7701-4-23"],
        level: "MUST NOT",
        judge: private_stays_private,
    },
    Rule {
        id: "RULE-CHAT-006",
        purpose: "A private message is not passed to an endpoint without support for private messages.",
        requirements: &["RFC7701-6.2-24"],
        level: "MUST NOT",
        judge: private_support,
    },
    Rule {
        id: "RULE-CHAT-007",
        purpose: "A message that was refused is delivered to nobody.",
        requirements: &[
            "RFC7701-6.3-9",
            "RFC7701-6.3-5",
            "RFC7701-6.2-15",
            "RFC7701-6.1-18",
            "RFC7701-6.2-11",
            "RFC7701-6.2-24",
        ],
        level: "MUST NOT",
        judge: refused_is_not_delivered,
    },
    Rule {
        id: "RULE-CHAT-008",
        purpose: "A message to the room is not refused with 404 or 428, which are about a recipient.",
        requirements: &["RFC7701-6.2-16", "RFC7701-6.2-20"],
        level: "MUST NOT",
        judge: codes_of_recipients,
    },
    Rule {
        id: "RULE-CHAT-009",
        purpose: "A message whose wrapped type an endpoint does not accept is not passed to it.",
        requirements: &["RFC7701-6.1-26", "RFC4975-8.6-15"],
        level: "SHOULD NOT",
        judge: accepted_type,
    },
    Rule {
        id: "RULE-CHAT-010",
        purpose: "A room that grants nicknames has announced them in its SDP.",
        requirements: &["RFC7701-7.1-5"],
        level: "SHOULD",
        judge: nicknames_announced,
    },
    Rule {
        id: "RULE-CHAT-011",
        purpose: "What the room itself says keeps the three blocks of Message/CPIM.",
        requirements: &[
            "RFC7701-5.2-22",
            "RFC3862-2-2",
            "RFC3862-2-3",
            "RFC3862-2.4-2",
            "RFC3862-4.1-1",
            "RFC3862-4.2-1",
            "RFC3862-2.2-3",
            "RFC3862-2.2-4",
            "RFC3862-2.2-10",
            "RFC3862-2.2-12",
            "RFC3862-2.3.1-2",
        ],
        level: "SHOULD",
        judge: own_wrapper,
    },
];

/// Whether two URIs name the same resource; texts that are no URIs are compared to the letter.
pub(super) fn same_uri(one: &str, other: &str) -> bool {
    match (Uri::parse(one), Uri::parse(other)) {
        (Ok(one), Ok(other)) => one.same_resource(&other),
        _ => one == other,
    }
}

/// Whether a URI is beyond doubt not the room's: another user or host than that of every URI the room is known by.
pub fn clearly_not_room(trace: &Trace, session: &Session, uri: &str) -> bool {
    let Ok(uri) = SipUri::parse(uri) else {
        return matches!(Uri::parse(uri), Ok(Uri::Tel(_) | Uri::Im(_))) && SipUri::parse(&session.room).is_ok();
    };
    let same = |other: &str| {
        SipUri::parse(other).is_ok_and(|other| other.user == uri.user && other.host.eq_ignore_ascii_case(&uri.host))
    };
    let contact = trace
        .dialogs
        .get(session.dialog)
        .and_then(|dialog| trace.sip_at(dialog.created))
        .is_some_and(|response| response.contacts().iter().any(|contact| same(&contact.uri)));
    let entity = trace
        .subscriptions
        .iter()
        .flat_map(|subscription| &subscription.notifications)
        .filter_map(|notification| notification.document.as_ref()?.as_ref().ok())
        .any(|document| same(&document.tree.entity));
    !same(&session.room) && !contact && !entity
}

/// A message that crossed whole, with its wrapper.
pub(super) struct Post<'a> {
    pub(super) delivery: &'a Delivery,
    pub(super) session: &'a Session,
    pub(super) wrapper: &'a Parsed<CpimMessage, CpimDefect>,
}

impl Post<'_> {
    pub(super) fn from(&self) -> Option<String> {
        match self.wrapper.tree.froms().as_slice() {
            [from] => Some(from.uri.clone()),
            _ => None,
        }
    }

    fn to(&self) -> Option<String> {
        match self.wrapper.tree.tos().as_slice() {
            [to] => Some(to.uri.clone()),
            _ => None,
        }
    }
}

pub(super) fn posts(trace: &Trace, direction: Direction) -> Vec<Post<'_>> {
    trace
        .deliveries
        .iter()
        .filter(|delivery| delivery.direction == direction && !delivery.disorderly)
        .filter_map(|delivery| {
            let session = trace.sessions.get(delivery.session?)?;
            Some(Post { delivery, session, wrapper: delivery.wrapper.as_ref()? })
        })
        .collect()
}

/// Ordered, so that findings come in the same order every time.
fn by_content<'a, 'b>(posts: &'a [Post<'b>]) -> BTreeMap<&'a Bytes, Vec<&'a Post<'b>>> {
    let mut map: BTreeMap<&Bytes, Vec<&Post<'b>>> = BTreeMap::new();
    for post in posts {
        map.entry(&post.delivery.content).or_default().push(post);
    }
    map
}

/// A file beside the room (RFC 5547; T80) is no chat, and where the session is unknown it may be one.
fn wrapped(trace: &Trace, bench: &mut Bench) {
    for delivery in delivered(trace) {
        let session = delivery.session.and_then(|session| trace.sessions.get(session));
        if session.is_none_or(|session| session.terms.iter().any(|terms| terms.tester.is_file() || terms.iut.is_file()))
        {
            continue;
        }
        for chunk in &delivery.chunks {
            let Some(media_type) = trace.msrp_at(chunk.index).and_then(|send| send.media_type()) else { continue };
            bench.observe();
            if media_type != "message/cpim" {
                bench.fail(
                    "Content-Type: message/cpim (RFC 7701, 5.2)",
                    format!("Content-Type: {media_type}"),
                    vec![trace.evidence_header(chunk.index, "the SEND", "Content-Type")],
                );
            }
        }
    }
}

fn addressed(trace: &Trace, bench: &mut Bench) {
    for delivery in delivered(trace).filter(|delivery| !delivery.disorderly) {
        let Some(wrapper) = &delivery.wrapper else { continue };
        bench.observe();
        for defect in &wrapper.defects {
            let what = match defect.kind {
                CpimDefect::MissingFrom => "no From",
                CpimDefect::MissingTo => "no To",
                CpimDefect::RepeatedFrom => "more than one From",
                _ => continue,
            };
            bench.fail(
                "one From and a To in the wrapper (RFC 4975, 13; RFC 7701, 5.2; T21, T22)",
                what,
                vec![trace.evidence(delivery.first(), "the message")],
            );
        }
    }
}

/// Shortest content by which two messages are taken for the same one.
const TELLING: usize = 12;

/// Whoever got the true copy got another message of the same words beside it, from a device that is not in this
/// transcript. Only messages whose author is a participant of this transcript are compared, and only for sessions that existed when
/// they were sent: history and notices of a room have their own form.
fn identical(trace: &Trace, bench: &mut Bench) {
    // What cannot be read may be the true original of what its author is said to have written.
    let unread = |post: &Post<'_>| {
        let here = |pco: crate::transcript::PcoId| {
            trace.places.get(pco.0).is_none_or(|place| place.participant == post.session.participant)
        };
        trace.leftovers.iter().any(|left| left.direction == Direction::ToIut && here(left.pco))
    };
    let sent = posts(trace, Direction::ToIut);
    let contents: HashSet<&Bytes> = sent.iter().map(|post| &post.delivery.content).collect();
    let received = posts(trace, Direction::FromIut);
    let true_copies: HashSet<(Option<usize>, &Bytes)> =
        received.iter().map(|copy| (copy.delivery.session, &copy.delivery.content)).collect();
    for copy in &received {
        if contents.contains(&copy.delivery.content) {
            bench.observe();
            continue;
        }
        let Some(from) = copy.from() else { continue };
        let original = sent.iter().find(|post| {
            same_uri(&post.session.user, &from)
                && !same_uri(&from, &copy.session.room)
                && post.from().is_some_and(|own| same_uri(&own, &from))
                && copy.session.since < post.delivery.first()
                && post.delivery.first() < copy.delivery.last()
                && !true_copies.contains(&(copy.delivery.session, &post.delivery.content))
                && derived(copy, post)
                && !unread(post)
        });
        let Some(original) = original else { continue };
        bench.observe();
        bench.fail(
            "the content as the sender sent it, octet for octet (RFC 7701, 6.1 and 6.2)",
            "another content",
            vec![
                trace.evidence(original.delivery.first(), format!("what {} sent", original.session.participant)),
                trace.evidence(copy.delivery.first(), format!("what {} got", copy.session.participant)),
            ],
        );
    }
}

/// Whether a delivered message must have been made from a sent one: same id, same payload under another wrapper, the
/// payload with something around it, or its beginning given out as the whole.
fn derived(copy: &Post<'_>, original: &Post<'_>) -> bool {
    let (got, sent) = (&copy.wrapper.tree.content, &original.wrapper.tree.content);
    let same_id = !copy.delivery.message_id.is_empty() && copy.delivery.message_id == original.delivery.message_id;
    let payload = sent.len() >= TELLING && memchr::memmem::find(got, sent).is_some();
    let cut = got.len() >= TELLING && original.delivery.content.starts_with(&copy.delivery.content);
    same_id || payload || cut
}

fn no_copy_to_sender(trace: &Trace, bench: &mut Bench) {
    let sent = posts(trace, Direction::ToIut);
    let sent = by_content(&sent);
    let received = posts(trace, Direction::FromIut);
    let received = by_content(&received);
    for (content, originals) in &sent {
        let [original] = originals.as_slice() else { continue };
        let to_self = original.to().is_none_or(|to| same_uri(&to, &original.session.user));
        if to_self {
            continue;
        }
        let copies = received.get(content).map(Vec::as_slice).unwrap_or_default();
        if !copies.is_empty() {
            bench.observe();
        }
        for copy in copies.iter().filter(|copy| copy.delivery.session == original.delivery.session) {
            bench.fail(
                "no copy on the session that the message came from (RFC 7701, 6.1; T29)",
                format!("{} got the message back", copy.session.participant),
                vec![
                    trace.evidence(original.delivery.first(), "the message"),
                    trace.evidence(copy.delivery.first(), "the copy"),
                ],
            );
        }
    }
}

/// Whether the participant of a session may be known by this URI: it signed its INVITE with it, or asserts it there.
fn known_as(trace: &Trace, session: &Session, uri: &str) -> bool {
    let asserted = trace
        .dialogs
        .get(session.dialog)
        .and_then(|dialog| trace.sip.get(dialog.transaction))
        .and_then(|transaction| trace.sip_at(transaction.request()))
        .is_some_and(|invite| {
            ["P-Asserted-Identity", "P-Preferred-Identity"]
                .iter()
                .flat_map(|name| invite.values(name))
                .filter_map(|value| crate::wire::sip::NameAddr::parse(&value))
                .any(|identity| same_uri(&identity.uri, uri))
        });
    asserted || same_uri(&session.user, uri)
}

fn private_stays_private(trace: &Trace, bench: &mut Bench) {
    let sent = posts(trace, Direction::ToIut);
    let sent = by_content(&sent);
    let received = posts(trace, Direction::FromIut);
    let received = by_content(&received);
    for (content, originals) in &sent {
        let [original] = originals.as_slice() else { continue };
        let Some(to) = original.to().filter(|to| clearly_not_room(trace, original.session, to)) else { continue };
        let addressee_known = trace.sessions.iter().any(|session| known_as(trace, session, &to));
        let copies = received.get(content).map(Vec::as_slice).unwrap_or_default();
        let others: Vec<_> = copies
            .iter()
            .filter(|copy| !known_as(trace, copy.session, &to) && !same_uri(&copy.session.user, &original.session.user))
            .collect();
        if !copies.is_empty() {
            bench.observe();
        }
        let users: HashSet<&str> = others.iter().map(|copy| copy.session.user.as_str()).collect();
        // A To that is nobody's here may be an anonymous URI, but it is that of one participant.
        let Some(other) = others.first().filter(|_| addressee_known || users.len() > 1) else { continue };
        bench.fail(
            format!("delivery to '{to}' alone (RFC 7701, 4 and 6.2)"),
            format!("{} got it, too", other.session.participant),
            vec![
                trace.evidence(original.delivery.first(), "the private message"),
                trace.evidence(other.delivery.first(), "the copy"),
            ],
        );
    }
}

fn private_support(trace: &Trace, bench: &mut Bench) {
    let sent = posts(trace, Direction::ToIut);
    let sent = by_content(&sent);
    for copy in posts(trace, Direction::FromIut) {
        // A copy to the author's other devices goes to no recipient (T29).
        let Some([original]) = sent.get(&copy.delivery.content).map(Vec::as_slice) else { continue };
        let private = original.to().is_some_and(|to| clearly_not_room(trace, original.session, &to));
        if !private || same_uri(&copy.session.user, &original.session.user) {
            continue;
        }
        bench.observe();
        let supported = copy
            .session
            .terms_between(original.delivery.first(), copy.delivery.first())
            .any(|terms| has_token(&terms.tester, "private-messages"));
        if !supported {
            bench.fail(
                "no private message to an endpoint whose SDP lacks 'private-messages' (RFC 7701, 6.2; T25)",
                format!("{} got one", copy.session.participant),
                vec![
                    trace.evidence(original.delivery.first(), "the private message"),
                    trace.evidence(copy.delivery.first(), "the copy"),
                ],
            );
        }
    }
}

fn refused_is_not_delivered(trace: &Trace, bench: &mut Bench) {
    let mut times: HashMap<&Bytes, usize> = HashMap::new();
    for delivery in trace.deliveries.iter().filter(|delivery| delivery.direction == Direction::ToIut) {
        *times.entry(&delivery.content).or_default() += 1;
    }
    let mut received: HashMap<&Bytes, Vec<&Delivery>> = HashMap::new();
    for delivery in delivered(trace).filter(|delivery| delivery.complete) {
        received.entry(&delivery.content).or_default().push(delivery);
    }
    for original in trace.deliveries.iter().filter(|delivery| delivery.direction == Direction::ToIut) {
        if !original.complete || original.disorderly || original.content.len() < TELLING {
            continue;
        }
        let refusal = original.chunks.iter().find_map(|chunk| {
            let exchange = trace.exchange_of(chunk.index).filter(|exchange| !exchange.relayed)?;
            let response = exchange.responses.first().copied()?;
            let status = trace.msrp_at(response)?.status()?;
            matches!(status, 403 | 404 | 415 | 428).then_some((response, status))
        });
        let Some((response, status)) = refusal else { continue };
        if times.get(&original.content).copied() != Some(1) {
            continue;
        }
        bench.observe();
        for copy in received.get(&original.content).map(Vec::as_slice).unwrap_or_default() {
            let session = copy.session.and_then(|session| trace.sessions.get(session));
            let evidence = vec![
                trace.evidence(original.first(), "the message"),
                trace.evidence_start(response, "the refusal"),
                trace.evidence(copy.first(), "the copy"),
            ];
            let who = session.map_or("somebody", |session| session.participant.as_str());
            let capable = session.is_some_and(|session| {
                session
                    .terms_between(original.first(), copy.first())
                    .any(|terms| has_token(&terms.tester, "private-messages"))
            });
            let expected = format!("no delivery of a message refused with {status} (RFC 7701, 6)");
            let wrapped = original.media_type.as_deref() == Some("message/cpim");
            if status == 415 && wrapped {
                // Some recipients may accept the wrapped type and others not (RFC 7701, 6.1; T26).
                bench.advise(expected, format!("{who} got it"), evidence);
            } else if status == 428 && capable {
                bench.advise(expected, format!("{who} got it on a capable session (T25)"), evidence);
            } else {
                bench.fail(expected, format!("{who} got it"), evidence);
            }
        }
    }
}

fn codes_of_recipients(trace: &Trace, bench: &mut Bench) {
    for post in posts(trace, Direction::ToIut) {
        let ([chunk], true) = (post.delivery.chunks.as_slice(), post.wrapper.defects.is_empty()) else { continue };
        let to_room = post.to().is_some_and(|to| plainly_room(&to, &post.session.room));
        let signed = post.from().is_some_and(|from| same_uri(&from, &post.session.user));
        let Some(exchange) = trace.exchange_of(chunk.index).filter(|_| to_room && signed) else { continue };
        let Some(response) = exchange.responses.first().copied().filter(|_| !exchange.doubtful && !exchange.relayed)
        else {
            continue;
        };
        bench.observe();
        let status = trace.msrp_at(response).and_then(|response| response.status()).unwrap_or_default();
        if matches!(status, 404 | 428) {
            bench.fail(
                "another status than 404 or 428 for a message to the room (RFC 7701, 6.2 and 10.3)",
                status.to_string(),
                vec![
                    trace.evidence(chunk.index, "the message to the room"),
                    trace.evidence_start(response, "the response"),
                ],
            );
        }
    }
}

/// The room's URI as it was invited, with no parameter but transport (T14).
fn plainly_room(uri: &str, room: &str) -> bool {
    let (Ok(uri), Ok(room)) = (SipUri::parse(uri), SipUri::parse(room)) else { return false };
    let plain = |uri: &SipUri| {
        uri.headers.is_none() && uri.params.0.iter().all(|(name, _)| name.eq_ignore_ascii_case("transport"))
    };
    uri.same_resource(&room) && plain(&uri) && plain(&room)
}

/// A message may cross with the offer that changes the types: for so long the former ones still hold. It is T1, what a
/// round trip takes at most (RFC 3261, 17.1.1.1).
const CROSSING: Duration = Duration::from_millis(500);

fn accepted_type(trace: &Trace, bench: &mut Bench) {
    for copy in posts(trace, Direction::FromIut) {
        let Some(media_type) = copy.wrapper.tree.content_media_type() else { continue };
        let first = copy.delivery.first();
        let at = trace.observed.get(first).map(|message| message.at).unwrap_or_default();
        let crossing = trace.observed.iter().take(first).rev().take_while(|earlier| earlier.at + CROSSING > at).count();
        let mut lists = copy
            .session
            .terms_between(first - crossing, first)
            .filter_map(|terms| {
                Some((terms.tester.accept_wrapped_types.as_ref()?, terms.tester.accept_types.as_ref()?))
            })
            .peekable();
        if lists.peek().is_none() {
            continue;
        }
        bench.observe();
        let accepted = lists
            .any(|(wrapped, top)| Media::list_accepts(wrapped, &media_type) || Media::list_accepts(top, &media_type));
        if !accepted {
            bench.advise(
                "only wrapped types of the recipient's accept-wrapped-types (RFC 7701, 6.1: SHOULD NOT; T26)",
                format!("{} got {media_type}", copy.session.participant),
                vec![trace.evidence(copy.delivery.first(), "the message")],
            );
        }
    }
}

fn nicknames_announced(trace: &Trace, bench: &mut Bench) {
    for (exchange, request) in asked(trace) {
        let granted = request.method() == Some("NICKNAME")
            && exchange
                .responses
                .iter()
                .any(|response| trace.msrp_at(*response).and_then(|response| response.status()) == Some(200));
        let Some(session) = exchange.session.and_then(|session| trace.sessions.get(session)) else { continue };
        if !granted {
            continue;
        }
        bench.observe();
        let announced = session
            .terms_between(exchange.request, exchange.request)
            .any(|terms| has_token(&terms.iut, "nickname") || has_token(&terms.iut, "nicknames"));
        if !announced {
            bench.advise(
                "the token 'nickname' in the chatroom attribute of a room that grants nicknames (RFC 7701, 7.1 and 8)",
                "a nickname granted without it",
                vec![trace.evidence(exchange.request, "the NICKNAME")],
            );
        }
    }
}

fn own_wrapper(trace: &Trace, bench: &mut Bench) {
    for post in posts(trace, Direction::FromIut) {
        if !post.from().is_some_and(|from| same_uri(&from, &post.session.room)) {
            continue;
        }
        bench.observe();
        let telling = |defect: &&Defect<CpimDefect>| {
            matches!(
                defect.kind,
                CpimDefect::Glued
                    | CpimDefect::MalformedHeader
                    | CpimDefect::BareLineEnd
                    | CpimDefect::Unterminated
                    | CpimDefect::MalformedAddress
                    | CpimDefect::MissingContentType
            )
        };
        if let Some(defect) = post.wrapper.defects.iter().find(telling) {
            bench.advise(
                "CPIM headers, blank line, MIME headers, blank line, content (RFC 3862, 2.1; T12)",
                format!("{:?}", defect.kind),
                vec![trace.evidence(post.delivery.first(), "the message of the room")],
            );
        }
    }
}
