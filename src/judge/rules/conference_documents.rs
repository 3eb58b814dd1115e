//! What conference state documents are made of (RFC 4575, 4 and 5): read element by element, beside the tree of `wire`.
//!
//! Much of a document is optional. These rules say how it has to look where it is there.

use std::collections::HashSet;

use roxmltree::{Document, Node, ParsingOptions};

use super::chat::same_uri;
use super::roster::{documents, told};
use super::{Bench, Rule};
use crate::judge::trace::{Notification, Trace};
use crate::judge::verdict::Verdict;
use crate::wire::conference_info::{ConferenceInfo, NAMESPACE, State};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-EVENT-001",
        purpose: "A conference document is XML 1.0 in UTF-8.",
        requirements: &["RFC4575-4.1-3", "RFC4575-4.1-2"],
        level: "MUST",
        judge: encoding,
    },
    Rule {
        id: "RULE-EVENT-002",
        purpose: "Elements of a conference document have only the attributes of the schema, state and version among them.",
        requirements: &["RFC4575-4.4-3", "RFC4575-4.3-1", "RFC4575-6-2", "RFC6501-6-1"],
        level: "MUST",
        judge: attributes,
    },
    Rule {
        id: "RULE-EVENT-003",
        purpose: "Elements that can repeat have a key, and each key once among siblings.",
        requirements: &[
            "RFC4575-4.5-2",
            "RFC4575-4.5-1",
            "RFC4575-4.5-5",
            "RFC4575-5.7-1",
            "RFC4575-5.8-1",
            "RFC4575-5.3.1-2",
            "RFC4575-5.3.2-2",
            "RFC4575-5.3.4-1",
        ],
        level: "MUST",
        judge: keys,
    },
    Rule {
        id: "RULE-EVENT-004",
        purpose: "A deleted element is empty.",
        requirements: &["RFC4575-4.4-9"],
        level: "SHOULD NOT",
        judge: deleted_is_empty,
    },
    Rule {
        id: "RULE-EVENT-005",
        purpose: "A user keeps the spelling of its entity from one document to the next.",
        requirements: &["RFC4575-4.5-3"],
        level: "MUST",
        judge: spelling,
    },
    Rule {
        id: "RULE-EVENT-006",
        purpose: "A key is no relative URI and has no blanks around it.",
        requirements: &["RFC4575-4.5-4"],
        level: "RECOMMENDED",
        judge: key_form,
    },
    Rule {
        id: "RULE-EVENT-007",
        purpose: "The URIs of the conference and of its services have a purpose.",
        requirements: &["RFC4575-5.3.1-5", "RFC4575-5.3.2-4"],
        level: "SHOULD",
        judge: purposes,
    },
    Rule {
        id: "RULE-EVENT-008",
        purpose: "A medium is of a type that SDP knows, and its status one of the four directions.",
        requirements: &["RFC4575-5.8.2-1", "RFC4575-5.8.5-1", "RFC4575-5.3.4-2", "RFC4575-5.3.4-3"],
        level: "MUST",
        judge: media,
    },
    Rule {
        id: "RULE-EVENT-009",
        purpose: "The label of a stream is that of an available medium, and no other stream of the endpoint has it.",
        requirements: &["RFC4575-5.8.3-2", "RFC4575-5.8.3-1"],
        level: "MUST",
        judge: labels,
    },
    Rule {
        id: "RULE-EVENT-010",
        purpose: "Joining and leaving are told with times in UTC and reasons in the form of RFC 3326.",
        requirements: &["RFC4575-5.7.5-2", "RFC4575-5.7.7-2", "RFC4575-5.7.5-3", "RFC4575-5.7.7-3"],
        level: "SHOULD",
        judge: executions,
    },
];

/// The attributes without a name space that the schema has, by element (RFC 4575, 6).
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("conference-info", &["entity", "state", "version"]),
    ("users", &["state"]),
    // A nickname without a name space has a rule of its own (T52).
    ("user", &["entity", "state", "nickname"]),
    ("endpoint", &["entity", "state"]),
    ("media", &["id"]),
    ("sidebars-by-ref", &["state"]),
    ("sidebars-by-val", &["state"]),
];

/// What stands before the first slash of a registered media type or is a media of SDP (RFC 4566, 8.2.1; RFC 6466).
const MEDIA: &[&str] = &["audio", "video", "text", "application", "message", "image"];

const DIRECTIONS: &[&str] = &["sendrecv", "sendonly", "recvonly", "inactive"];

/// Every conference document that is XML, with its body.
fn each<'a>(trace: &'a Trace, mut judge: impl FnMut(&'a Notification, &Document<'a>)) {
    for (_, notification, _) in documents(trace) {
        let Some(text) = body(trace, notification).and_then(|body| std::str::from_utf8(body).ok()) else { continue };
        let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
        if let Ok(document) = Document::parse_with_options(text, options) {
            judge(notification, &document);
        }
    }
}

fn body<'a>(trace: &'a Trace, notification: &Notification) -> Option<&'a [u8]> {
    trace.sip_at(notification.index).map(|message| &message.body[..])
}

/// An element of the name space of RFC 4575.
fn is(node: &Node<'_, '_>, name: &str) -> bool {
    node.has_tag_name((NAMESPACE, name))
}

fn elements<'a, 'i>(document: &'a Document<'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    document.descendants().filter(move |node| is(node, name))
}

fn children<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| is(child, name))
}

/// The text of a child, as it stands.
fn text<'a>(node: Node<'a, '_>, name: &'static str) -> Option<&'a str> {
    children(node, name).next().map(|child| child.text().unwrap_or_default())
}

fn encoding(trace: &Trace, bench: &mut Bench) {
    for notification in trace.subscriptions.iter().flat_map(|subscription| &subscription.notifications) {
        let Some(body) = body(trace, notification).filter(|_| notification.document.is_some()) else { continue };
        bench.observe();
        if std::str::from_utf8(body).is_err() {
            bench.fail("UTF-8 (RFC 4575, 4.1)", "octets that are none", told(trace, notification));
            continue;
        }
        let head = String::from_utf8_lossy(body);
        let Some(declaration) = head.trim_start_matches('\u{FEFF}').strip_prefix("<?xml") else { continue };
        let declaration = declaration.split("?>").next().unwrap_or_default();
        let said = |name: &str| {
            let value = declaration.split_once(name)?.1.trim_start().strip_prefix('=')?.trim_start();
            let quote = value.chars().next()?;
            value.get(1..)?.split(quote).next().map(str::to_ascii_lowercase)
        };
        if let Some(version) = said("version").filter(|version| version != "1.0") {
            bench.fail("XML 1.0 (RFC 4575, 4.1)", format!("XML {version}"), told(trace, notification));
        }
        let Some(encoding) = said("encoding").filter(|encoding| encoding != "utf-8") else { continue };
        // What is in ASCII is in UTF-8, whatever it is called.
        let verdict = if body.is_ascii() { Verdict::Advisory } else { Verdict::Fail };
        bench.find(verdict, "UTF-8 (RFC 4575, 4.1)".to_owned(), encoding, told(trace, notification));
    }
}

fn attributes(trace: &Trace, bench: &mut Bench) {
    each(trace, |notification, document| {
        bench.observe();
        for node in document.descendants().filter(|node| node.tag_name().namespace() == Some(NAMESPACE)) {
            let name = node.tag_name().name();
            // A medium that is available is known by its label.
            let labelled = name == "entry" && node.parent().is_some_and(|parent| is(&parent, "available-media"));
            let sidebar = name == "entry" && node.parent().is_some_and(|parent| is(&parent, "sidebars-by-val"));
            let known = match ATTRIBUTES.iter().find(|(element, _)| *element == name) {
                Some((_, attributes)) => *attributes,
                None if labelled => &["label"][..],
                None if sidebar => &["entity", "state", "version"][..],
                None => &[],
            };
            for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
                if !known.contains(&attribute.name()) {
                    let observed = format!("{}=\"{}\" on {name}", attribute.name(), attribute.value());
                    let expected = "attributes of the schema, or of another name space (RFC 4575, 4.3, 4.4 and 6)";
                    bench.fail(expected, observed, told(trace, notification));
                }
            }
        }
    });
}

/// The elements that repeat below a container, each with its key.
fn keyed(document: &Document<'_>) -> Vec<(&'static str, Vec<Option<String>>)> {
    let attribute = |node: Node<'_, '_>, name: &str| node.attribute(name).map(str::to_owned);
    let mut found = Vec::new();
    for users in elements(document, "users") {
        found.push(("entity of user", children(users, "user").map(|user| attribute(user, "entity")).collect()));
    }
    for user in elements(document, "user") {
        found.push(("entity of endpoint", children(user, "endpoint").map(|it| attribute(it, "entity")).collect()));
    }
    for endpoint in elements(document, "endpoint") {
        found.push(("id of media", children(endpoint, "media").map(|it| attribute(it, "id")).collect()));
    }
    for (container, what) in [
        ("conf-uris", "uri of conf-uris"),
        ("service-uris", "uri of service-uris"),
        ("sidebars-by-ref", "uri of sidebars"),
    ] {
        for list in elements(document, container) {
            let uri = |entry| text(entry, "uri").map(|uri| uri.trim().to_owned());
            found.push((what, children(list, "entry").map(uri).collect()));
        }
    }
    for list in elements(document, "available-media") {
        found.push(("label of available-media", children(list, "entry").map(|it| attribute(it, "label")).collect()));
    }
    found
}

fn keys(trace: &Trace, bench: &mut Bench) {
    each(trace, |notification, document| {
        bench.observe();
        for (what, keys) in keyed(document) {
            let mut seen = HashSet::new();
            for key in &keys {
                let observed = match key {
                    None => format!("an element without {what}"),
                    Some(key) if !seen.insert(key) => format!("{what} twice: '{key}'"),
                    Some(_) => continue,
                };
                let expected = format!("each {what} once (RFC 4575, 4.5)");
                bench.fail(expected, observed, told(trace, notification));
            }
        }
    });
}

fn deleted_is_empty(trace: &Trace, bench: &mut Bench) {
    each(trace, |notification, document| {
        bench.observe();
        // The root says with it that the conference is over (RFC 4575, 5.2), and has children that it must have.
        let below = document.descendants().filter(|node| *node != document.root_element());
        for node in below.filter(|node| node.attribute("state") == Some("deleted") && node.has_children()) {
            if node.children().any(|child| child.is_element()) {
                bench.advise(
                    "a deleted element without content (RFC 4575, 4.4)",
                    format!("content in {}", node.tag_name().name()),
                    told(trace, notification),
                );
            }
        }
    });
}

/// Between two full documents a user may have left and come back under another spelling; a partial one that has a
/// second spelling of somebody who is not taken out makes two users of one.
fn spelling(trace: &Trace, bench: &mut Bench) {
    for subscription in &trace.subscriptions {
        let mut state: Option<ConferenceInfo> = None;
        for notification in &subscription.notifications {
            let Some(Ok(document)) = &notification.document else { continue };
            let document = &document.tree;
            bench.observe();
            let Some(mut known) = state.take().filter(|_| document.state != State::Full) else {
                state = Some(document.clone()).filter(|document| document.state == State::Full);
                continue;
            };
            let stays = |entity: &str| {
                let named = document.users.iter().find(|user| user.entity == entity);
                named.is_none_or(|user| user.state != State::Deleted)
            };
            for user in document
                .users
                .iter()
                .filter(|user| document.users_state == Some(State::Partial) && user.state != State::Deleted)
            {
                let other = known
                    .users
                    .iter()
                    .find(|other| other.entity != user.entity && same_uri(&other.entity, &user.entity));
                let already = known.users.iter().any(|other| other.entity == user.entity);
                if let Some(other) = other.filter(|other| !already && stays(&other.entity)) {
                    bench.fail(
                        format!("'{}' as before (RFC 4575, 4.5)", other.entity),
                        format!("'{}'", user.entity),
                        told(trace, notification),
                    );
                }
            }
            state = known.apply(document).then_some(known);
        }
    }
}

fn key_form(trace: &Trace, bench: &mut Bench) {
    each(trace, |notification, document| {
        bench.observe();
        let entities = document.descendants().filter(|node| is(node, "user") || is(node, "endpoint"));
        let mut keys: Vec<&str> = entities.filter_map(|node| node.attribute("entity")).collect();
        let uris = elements(document, "entry").flat_map(|entry| children(entry, "uri"));
        keys.extend(uris.filter_map(|uri| uri.text()));
        for key in keys {
            let trimmed = key.trim();
            // The entity of an endpoint is any text to the schema, so only what begins like a path is a relative URI.
            let relative = trimmed.is_empty() || trimmed.starts_with(['/', '?', '#', '.']);
            if relative || trimmed.len() != key.len() {
                bench.advise(
                    "an absolute URI without blanks around it (RFC 4575, 4.5)",
                    format!("'{key}'"),
                    told(trace, notification),
                );
            }
        }
    });
}

fn purposes(trace: &Trace, bench: &mut Bench) {
    each(trace, |notification, document| {
        bench.observe();
        let lists = document.descendants().filter(|node| is(node, "conf-uris") || is(node, "service-uris"));
        for entry in lists.flat_map(|list| children(list, "entry")) {
            if text(entry, "purpose").is_none_or(|purpose| purpose.trim().is_empty()) {
                let uri = text(entry, "uri").unwrap_or_default();
                let expected = "a purpose of each URI (RFC 4575, 5.3.1 and 5.3.2)";
                bench.advise(expected, format!("none of '{uri}'"), told(trace, notification));
            }
        }
    });
}

fn media(trace: &Trace, bench: &mut Bench) {
    each(trace, |notification, document| {
        bench.observe();
        let available = elements(document, "available-media").flat_map(|list| children(list, "entry"));
        for medium in available.chain(elements(document, "media")) {
            for (part, values) in [("type", MEDIA), ("status", DIRECTIONS)] {
                // Tokens of SDP are compared octet for octet; letter case is let pass.
                let Some(value) = text(medium, part).map(str::trim) else { continue };
                if !values.iter().any(|known| known.eq_ignore_ascii_case(value)) {
                    bench.fail(
                        format!("{part} {} (RFC 4575, 5.3.4 and 5.8)", values.join(", ")),
                        format!("'{value}'"),
                        told(trace, notification),
                    );
                }
            }
        }
    });
}

fn labels(trace: &Trace, bench: &mut Bench) {
    each(trace, |notification, document| {
        bench.observe();
        let list = elements(document, "available-media").next();
        let available: Option<Vec<&str>> =
            list.map(|list| children(list, "entry").filter_map(|entry| entry.attribute("label")).collect());
        for endpoint in elements(document, "endpoint") {
            let mut seen = HashSet::new();
            for label in children(endpoint, "media").filter_map(|stream| text(stream, "label")) {
                let label = label.trim();
                if available.as_ref().is_some_and(|available| !available.contains(&label)) {
                    let expected = "a label of available-media (RFC 4575, 5.8.3)";
                    bench.fail(expected, format!("'{label}'"), told(trace, notification));
                }
                if !seen.insert(label) {
                    let expected = "a label for each stream (RFC 4575, 5.8.3)";
                    bench.fail(expected, format!("'{label}' twice"), told(trace, notification));
                }
            }
        }
    });
}

fn executions(trace: &Trace, bench: &mut Bench) {
    each(trace, |notification, document| {
        bench.observe();
        let infos = document.descendants().filter(|node| is(node, "joining-info") || is(node, "disconnection-info"));
        for info in infos {
            let name = info.tag_name().name();
            if let Some(when) = text(info, "when").map(str::trim)
                && !(when.ends_with('Z') || when.ends_with("+00:00") || when.ends_with("-00:00"))
            {
                let expected = format!("a time in UTC in {name} (RFC 4575, 5.7.5 and 5.7.7)");
                bench.advise(expected, format!("'{when}'"), told(trace, notification));
            }
            // Reason: protocol *(; parameter) (RFC 3326, 2), with or without the name of the header.
            if let Some(reason) = text(info, "reason").map(str::trim) {
                let value = reason.strip_prefix("Reason:").unwrap_or(reason).trim();
                let protocol = value.split(';').next().unwrap_or_default().trim();
                let token = |text: &str| !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_graphic());
                if !token(protocol) || value.split(';').skip(1).any(|part| part.trim().is_empty()) {
                    let expected = format!("a reason as RFC 3326 writes it in {name} (RFC 4575, 5.7.5 and 5.7.7)");
                    bench.advise(expected, format!("'{reason}'"), told(trace, notification));
                }
            }
        }
    });
}
