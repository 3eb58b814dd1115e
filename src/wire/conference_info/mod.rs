//! Conference state documents (RFC 4575, application/conference-info+xml) with the nickname of RFC 6501 (RFC 7701, 7.4).

mod read;
mod state;
#[cfg(test)]
mod tests;
mod write;

/// Namespace of RFC 4575.
pub const NAMESPACE: &str = "urn:ietf:params:xml:ns:conference-info";
/// Namespace of RFC 6501, in which the `nickname` attribute stands on a user (interpretation T52).
pub const XCON_NAMESPACE: &str = "urn:ietf:params:xml:ns:xcon-conference-info";

/// The `state` attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum State {
    /// The whole element; also the default when the attribute is missing (RFC 4575, 5.2).
    #[default]
    Full,
    /// Only what changed.
    Partial,
    /// The element is gone.
    Deleted,
}

/// In which form a nickname stands in a document (interpretation T52).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NicknameForm {
    /// `xcon:nickname`, the only one valid by both schemas.
    Qualified,
    /// An attribute `nickname` without namespace.
    Unqualified,
    /// A child element.
    Element,
}

/// A `user` element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The `entity` attribute.
    pub entity: String,
    /// The `state` attribute.
    pub state: State,
    /// `display-text`.
    pub display_text: Option<String>,
    /// The nickname and how it is written.
    pub nickname: Option<(String, NicknameForm)>,
    /// `endpoint` children.
    pub endpoints: Vec<Endpoint>,
}

/// An `endpoint` element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// The `entity` attribute.
    pub entity: String,
    /// The `state` attribute.
    pub state: State,
    /// `status`: connected, disconnected, ...
    pub status: Option<String>,
    /// `joining-method`.
    pub joining_method: Option<String>,
    /// `disconnection-method`.
    pub disconnection_method: Option<String>,
    /// `type` of each `media` child; empty for one without.
    pub media: Vec<String>,
    /// `call-info/sip`.
    pub dialog: Option<EndpointDialog>,
}

/// The dialog of an endpoint, as `call-info` tells it (RFC 4575, 5.7.9).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointDialog {
    /// `call-id`.
    pub call_id: String,
    /// `from-tag`.
    pub from_tag: String,
    /// `to-tag`.
    pub to_tag: String,
}

/// An entry of `conf-uris` or `service-uris` (RFC 4575, 5.3.1 and 5.3.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UriEntry {
    /// `uri`.
    pub uri: String,
    /// `purpose`.
    pub purpose: Option<String>,
}

/// A `conference-info` document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConferenceInfo {
    /// The `entity` attribute: the conference URI.
    pub entity: String,
    /// The `state` attribute.
    pub state: State,
    /// The `version` attribute.
    pub version: Option<u32>,
    /// `conference-description/subject`.
    pub subject: Option<String>,
    /// `conference-description/conf-uris`.
    pub conf_uris: Vec<UriEntry>,
    /// `conference-description/service-uris`.
    pub service_uris: Vec<UriEntry>,
    /// `conference-state/user-count`.
    pub user_count: Option<u32>,
    /// `conference-state/active`.
    pub active: Option<bool>,
    /// `conference-state/locked`.
    pub locked: Option<bool>,
    /// The `state` attribute of `users`; `None` when there is no such element.
    pub users_state: Option<State>,
    /// `user` elements.
    pub users: Vec<User>,
}

/// A violation that a document alone can show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConferenceInfoDefect {
    /// The root is not conference-info in the namespace of RFC 4575.
    WrongRoot,
    /// No `entity` on conference-info.
    MissingEntity,
    /// No `version` (RFC 4575, 4.4 by prose, though the schema has it optional: T74).
    MissingVersion,
    /// A number that is none, or out of range.
    BadNumber,
    /// A `state` that is not full, partial or deleted.
    BadState,
    /// A user without `entity` (T74).
    MissingUserEntity,
    /// The same user twice.
    RepeatedUser,
    /// A nickname in another form than `xcon:nickname` (T52).
    NicknameForm(NicknameForm),
    /// Elements out of the order of the schema.
    ElementOrder,
    /// An element of the namespace of RFC 4575 where its schema has none of that name.
    UnexpectedElement,
    /// A full document without an element that it must have (RFC 4575, 5.2).
    MissingElement(&'static str),
    /// A child that is partial or deleted under a full parent (RFC 4575, 4.4).
    InconsistentState,
    /// The same endpoint twice under one user (RFC 4575, 4.5).
    RepeatedEndpoint,
    /// A `media` without `id` (RFC 4575, 5.8).
    MissingMediaId,
    /// The text of this element is not in its enumeration.
    NotInEnumeration(&'static str),
}

/// The text is not well-formed XML, or uses what we do not read (DTD).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed XML document: {0}")]
pub struct MalformedXml(pub String);
