//! Octets to a document.

use std::collections::HashSet;
use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};

use super::{
    ConferenceInfo, ConferenceInfoDefect, Endpoint, EndpointDialog, MalformedXml, NAMESPACE, NicknameForm, State,
    UriEntry, User, XCON_NAMESPACE,
};
use crate::wire::{Defect, Parsed, Span};

/// The longest document that is read, in octets.
const LONGEST: usize = 1 << 20;
/// The most `=` that may follow one `<`, and the most `xmlns` in a document: the XML reader compares every attribute of
/// an element with every other, and every namespace with those around it, so a hostile document must not have more.
const MOST_ATTRIBUTES: usize = 4096;

const CONFERENCE_CHILDREN: &[&str] =
    &["conference-description", "host-info", "conference-state", "users", "sidebars-by-ref", "sidebars-by-val"];
const DESCRIPTION_CHILDREN: &[&str] = &[
    "display-text",
    "subject",
    "free-text",
    "keywords",
    "conf-uris",
    "service-uris",
    "maximum-user-count",
    "available-media",
];
const STATE_CHILDREN: &[&str] = &["user-count", "active", "locked"];
const USERS_CHILDREN: &[&str] = &["user"];
const USER_CHILDREN: &[&str] = &["display-text", "associated-aors", "roles", "languages", "cascaded-focus", "endpoint"];
const ENDPOINT_CHILDREN: &[&str] = &[
    "display-text",
    "referred",
    "status",
    "joining-method",
    "joining-info",
    "disconnection-method",
    "disconnection-info",
    "media",
    "call-info",
];
const MEDIA_CHILDREN: &[&str] = &["display-text", "type", "label", "src-id", "status"];

const ENDPOINT_STATUS: &[&str] = &[
    "pending",
    "dialing-out",
    "dialing-in",
    "alerting",
    "on-hold",
    "connected",
    "muted-via-focus",
    "disconnecting",
    "disconnected",
];
const JOINING_METHOD: &[&str] = &["dialed-in", "dialed-out", "focus-owner"];

impl ConferenceInfo {
    /// Reads a document of at most 1 MiB. Elements are known by namespace, not by prefix; where the root has another
    /// namespace than RFC 4575's, its children are looked for in that one.
    ///
    /// # Errors
    ///
    /// When the text is not UTF-8, not well-formed, has a document type declaration, or is beyond the bounds.
    pub fn parse(octets: &[u8]) -> Result<Parsed<Self, ConferenceInfoDefect>, MalformedXml> {
        let text = within_bounds(octets)?;
        let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
        let document = Document::parse_with_options(text, options).map_err(|cause| MalformedXml(cause.to_string()))?;
        let mut reader = Reader { text, defects: Vec::new() };
        let tree = reader.conference(document.root_element());
        reader.defects.sort_by_key(|defect| defect.span);
        Ok(Parsed { tree, defects: reader.defects })
    }
}

fn within_bounds(octets: &[u8]) -> Result<&str, MalformedXml> {
    if octets.len() > LONGEST {
        return Err(MalformedXml(format!("{} octets, more than {LONGEST}", octets.len())));
    }
    let crowded =
        octets.split(|octet| *octet == b'<').any(|tag| memchr::memchr_iter(b'=', tag).nth(MOST_ATTRIBUTES).is_some());
    if crowded || memchr::memmem::find_iter(octets, b"xmlns").nth(MOST_ATTRIBUTES).is_some() {
        return Err(MalformedXml(format!("more than {MOST_ATTRIBUTES} attributes or namespaces")));
    }
    std::str::from_utf8(octets).map_err(|cause| MalformedXml(cause.to_string()))
}

struct Reader<'a> {
    text: &'a str,
    defects: Vec<Defect<ConferenceInfoDefect>>,
}

impl Reader<'_> {
    fn report(&mut self, kind: ConferenceInfoDefect, range: Range<usize>) {
        self.defects.push(Defect { kind, span: Span { start: range.start, end: range.end } });
    }

    fn conference(&mut self, root: Node<'_, '_>) -> ConferenceInfo {
        if !root.has_tag_name((NAMESPACE, "conference-info")) {
            self.report(ConferenceInfoDefect::WrongRoot, self.name_range(root));
        }
        if root.attribute("entity").is_none() {
            self.report(ConferenceInfoDefect::MissingEntity, self.name_range(root));
        }
        if root.attribute("version").is_none() {
            self.report(ConferenceInfoDefect::MissingVersion, self.name_range(root));
        }
        self.order(root, CONFERENCE_CHILDREN);
        let state = self.state(root, None);
        let mut info = ConferenceInfo {
            entity: root.attribute("entity").unwrap_or_default().to_owned(),
            state,
            version: root.attribute_node("version").and_then(|version| {
                let number = number(version.value());
                if number.is_none() {
                    self.report(ConferenceInfoDefect::BadNumber, version.range());
                }
                number
            }),
            ..ConferenceInfo::default()
        };
        if let Some(description) = self.child(root, "conference-description", state) {
            self.order(description, DESCRIPTION_CHILDREN);
            info.subject = child(description, "subject").map(text);
            info.conf_uris = entries(description, "conf-uris");
            info.service_uris = entries(description, "service-uris");
        }
        if let Some(conference_state) = child(root, "conference-state") {
            self.order(conference_state, STATE_CHILDREN);
            info.user_count = child(conference_state, "user-count").and_then(|count| self.count(count));
            info.active = child(conference_state, "active").and_then(truth);
            info.locked = child(conference_state, "locked").and_then(truth);
        }
        if let Some(users) = self.child(root, "users", state) {
            self.users(users, &mut info);
        }
        info
    }

    fn count(&mut self, node: Node<'_, '_>) -> Option<u32> {
        let number = number(&text(node));
        if number.is_none() {
            self.report(ConferenceInfoDefect::BadNumber, node.range());
        }
        number
    }

    fn users(&mut self, users: Node<'_, '_>, info: &mut ConferenceInfo) {
        self.order(users, USERS_CHILDREN);
        let state = self.state(users, Some(info.state));
        info.users_state = Some(state);
        let mut seen = HashSet::new();
        for node in children(users, "user") {
            match node.attribute("entity") {
                None => self.report(ConferenceInfoDefect::MissingUserEntity, self.name_range(node)),
                Some(entity) if !seen.insert(entity) => {
                    self.report(ConferenceInfoDefect::RepeatedUser, self.name_range(node));
                }
                Some(_) => {}
            }
            let user = self.user(node, state);
            info.users.push(user);
        }
    }

    fn user(&mut self, node: Node<'_, '_>, parent: State) -> User {
        self.order(node, USER_CHILDREN);
        let state = self.state(node, Some(parent));
        let mut seen = HashSet::new();
        let mut endpoints = Vec::new();
        for endpoint in children(node, "endpoint") {
            if endpoint.attribute("entity").is_some_and(|entity| !seen.insert(entity)) {
                self.report(ConferenceInfoDefect::RepeatedEndpoint, self.name_range(endpoint));
            }
            endpoints.push(self.endpoint(endpoint, state));
        }
        User {
            entity: node.attribute("entity").unwrap_or_default().to_owned(),
            state,
            display_text: child(node, "display-text").map(text),
            nickname: self.nickname(node),
            endpoints,
        }
    }

    /// The nickname in the best form there is; every other form is a defect (T52).
    fn nickname(&mut self, user: Node<'_, '_>) -> Option<(String, NicknameForm)> {
        let qualified = user.attribute((XCON_NAMESPACE, "nickname")).map(str::to_owned);
        let unqualified = user
            .attributes()
            .find(|attribute| attribute.name() == "nickname" && attribute.namespace().is_none())
            .map(|attribute| (attribute.value().to_owned(), attribute.range()));
        let element = user
            .children()
            .find(|child| child.is_element() && child.tag_name().name() == "nickname")
            .map(|child| (text(child), child.range()));
        if let Some((_, range)) = &unqualified {
            self.report(ConferenceInfoDefect::NicknameForm(NicknameForm::Unqualified), range.clone());
        }
        if let Some((_, range)) = &element {
            self.report(ConferenceInfoDefect::NicknameForm(NicknameForm::Element), range.clone());
        }
        qualified
            .map(|nickname| (nickname, NicknameForm::Qualified))
            .or_else(|| unqualified.map(|(nickname, _)| (nickname, NicknameForm::Unqualified)))
            .or_else(|| element.map(|(nickname, _)| (nickname, NicknameForm::Element)))
    }

    fn endpoint(&mut self, node: Node<'_, '_>, parent: State) -> Endpoint {
        self.order(node, ENDPOINT_CHILDREN);
        let state = self.state(node, Some(parent));
        let mut media = Vec::new();
        for stream in children(node, "media") {
            self.order(stream, MEDIA_CHILDREN);
            if stream.attribute("id").is_none() {
                self.report(ConferenceInfoDefect::MissingMediaId, self.name_range(stream));
            }
            media.push(child(stream, "type").map(text).unwrap_or_default());
        }
        Endpoint {
            entity: node.attribute("entity").unwrap_or_default().to_owned(),
            state,
            status: self.enumerated(node, "status", ENDPOINT_STATUS),
            joining_method: self.enumerated(node, "joining-method", JOINING_METHOD),
            disconnection_method: child(node, "disconnection-method").map(text),
            media,
            dialog: child(node, "call-info").and_then(|info| child(info, "sip")).map(|sip| {
                let part = |name| child(sip, name).map(text).unwrap_or_default();
                EndpointDialog { call_id: part("call-id"), from_tag: part("from-tag"), to_tag: part("to-tag") }
            }),
        }
    }

    fn enumerated(&mut self, parent: Node<'_, '_>, name: &'static str, values: &[&str]) -> Option<String> {
        let node = child(parent, name)?;
        let value = text(node);
        if !values.contains(&value.as_str()) {
            self.report(ConferenceInfoDefect::NotInEnumeration(name), node.range());
        }
        Some(value)
    }

    /// A child that a full document must have.
    fn child<'a, 'i>(&mut self, node: Node<'a, 'i>, name: &'static str, state: State) -> Option<Node<'a, 'i>> {
        let found = child(node, name);
        if found.is_none() && state == State::Full {
            self.report(ConferenceInfoDefect::MissingElement(name), self.name_range(node));
        }
        found
    }

    fn state(&mut self, node: Node<'_, '_>, parent: Option<State>) -> State {
        let Some(attribute) = node.attribute_node("state") else { return State::Full };
        let state = match attribute.value() {
            "full" => State::Full,
            "partial" => State::Partial,
            "deleted" => State::Deleted,
            _ => {
                self.report(ConferenceInfoDefect::BadState, attribute.range());
                State::Full
            }
        };
        if parent == Some(State::Full) && state != State::Full {
            self.report(ConferenceInfoDefect::InconsistentState, attribute.range());
        }
        state
    }

    /// The children against the sequence of the schema; elements of other namespaces come last.
    fn order(&mut self, node: Node<'_, '_>, sequence: &[&str]) {
        let mut furthest = 0;
        for child in node.children().filter(Node::is_element) {
            let own = child.tag_name().namespace() == node.tag_name().namespace();
            let rank = match sequence.iter().position(|name| *name == child.tag_name().name()) {
                Some(rank) if own => rank,
                None if own => {
                    self.report(ConferenceInfoDefect::UnexpectedElement, self.name_range(child));
                    continue;
                }
                _ => sequence.len(),
            };
            if rank < furthest {
                self.report(ConferenceInfoDefect::ElementOrder, self.name_range(child));
            }
            furthest = furthest.max(rank);
        }
    }

    /// `<name` of an element.
    fn name_range(&self, node: Node<'_, '_>) -> Range<usize> {
        let range = node.range();
        let tag = self.text.get(range.clone()).unwrap_or_default();
        let length = tag.find(|end: char| end.is_whitespace() || matches!(end, '>' | '/')).unwrap_or(tag.len());
        range.start..range.start + length
    }
}

/// The children of a name, in the namespace of their parent.
fn children<'a, 'i>(node: Node<'a, 'i>, name: &str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| {
        child.is_element()
            && child.tag_name().name() == name
            && child.tag_name().namespace() == node.tag_name().namespace()
    })
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// All text directly in an element, comments and the like passed over.
fn entries(description: Node<'_, '_>, name: &str) -> Vec<UriEntry> {
    let Some(list) = child(description, name) else { return Vec::new() };
    children(list, "entry")
        .map(|entry| UriEntry {
            uri: child(entry, "uri").map(text).unwrap_or_default().trim().to_owned(),
            purpose: child(entry, "purpose").map(text).map(|purpose| purpose.trim().to_owned()),
        })
        .collect()
}

/// A boolean of XML Schema.
fn truth(node: Node<'_, '_>) -> Option<bool> {
    match text(node).trim() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

fn text(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|child| child.text()).collect()
}

/// `xs:unsignedInt`, blanks around it allowed.
fn number(text: &str) -> Option<u32> {
    text.trim_matches([' ', '\t', '\r', '\n']).parse().ok()
}
