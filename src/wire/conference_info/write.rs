//! A document to XML.

use std::borrow::Cow;
use std::io;

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use quick_xml::name::QName;

use super::{ConferenceInfo, Endpoint, NAMESPACE, NicknameForm, State, UriEntry, User, XCON_NAMESPACE};

impl State {
    /// The word of the `state` attribute.
    pub fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::Deleted => "deleted",
        }
    }
}

impl ConferenceInfo {
    /// Writes a document, in the order of the schema. A full one has a `conference-description` also when there is no
    /// subject (RFC 4575, 5.2). Characters that XML 1.0 forbids are replaced by U+FFFD.
    pub fn to_xml(&self) -> String {
        let mut out = Out(Writer::new_with_indent(Vec::new(), b' ', 1));
        // A Vec takes every write.
        let _ = out.document(self);
        String::from_utf8_lossy(&out.0.into_inner()).into_owned()
    }
}

type Attributes<'a> = Vec<(&'a str, &'a str)>;

struct Out(Writer<Vec<u8>>);

impl Out {
    fn document(&mut self, info: &ConferenceInfo) -> io::Result<()> {
        self.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let version = info.version.map(|version| version.to_string());
        let mut attributes: Attributes<'_> = vec![("xmlns", NAMESPACE)];
        if info.users.iter().any(|user| user.nickname.is_some()) {
            attributes.push(("xmlns:xcon", XCON_NAMESPACE));
        }
        attributes.push(("entity", &info.entity));
        attributes.push(("state", info.state.word()));
        if let Some(version) = &version {
            attributes.push(("version", version));
        }
        self.element("conference-info", &attributes, |out| out.conference(info))
    }

    fn conference(&mut self, info: &ConferenceInfo) -> io::Result<()> {
        if info.subject.is_some() || info.state == State::Full {
            self.element("conference-description", &[], |out| {
                out.optional("subject", info.subject.as_deref())?;
                out.entries("conf-uris", &info.conf_uris)?;
                out.entries("service-uris", &info.service_uris)
            })?;
        }
        let count = info.user_count.map(|count| count.to_string());
        if count.is_some() || info.active.is_some() || info.locked.is_some() {
            self.element("conference-state", &[], |out| {
                out.optional("user-count", count.as_deref())?;
                out.optional("active", info.active.map(|active| if active { "true" } else { "false" }))?;
                out.optional("locked", info.locked.map(|locked| if locked { "true" } else { "false" }))
            })?;
        }
        if info.users_state.is_some() || !info.users.is_empty() {
            let state = info.users_state.filter(|state| *state != State::Full);
            let attributes: Attributes<'_> = state.map(|state| ("state", state.word())).into_iter().collect();
            self.element("users", &attributes, |out| info.users.iter().try_for_each(|user| out.user(user)))?;
        }
        Ok(())
    }

    fn entries(&mut self, name: &str, entries: &[UriEntry]) -> io::Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        self.element(name, &[], |out| {
            entries.iter().try_for_each(|entry| {
                out.element("entry", &[], |out| {
                    out.optional("uri", Some(&entry.uri))?;
                    out.optional("purpose", entry.purpose.as_deref())
                })
            })
        })
    }

    fn user(&mut self, user: &User) -> io::Result<()> {
        let mut attributes: Attributes<'_> = vec![("entity", &user.entity), ("state", user.state.word())];
        match &user.nickname {
            Some((nickname, NicknameForm::Qualified)) => attributes.push(("xcon:nickname", nickname)),
            Some((nickname, NicknameForm::Unqualified)) => attributes.push(("nickname", nickname)),
            Some((_, NicknameForm::Element)) | None => {}
        }
        self.element("user", &attributes, |out| {
            out.optional("display-text", user.display_text.as_deref())?;
            user.endpoints.iter().try_for_each(|endpoint| out.endpoint(endpoint))?;
            match &user.nickname {
                Some((nickname, NicknameForm::Element)) => out.optional("xcon:nickname", Some(nickname)),
                _ => Ok(()),
            }
        })
    }

    fn endpoint(&mut self, endpoint: &Endpoint) -> io::Result<()> {
        let attributes = [("entity", endpoint.entity.as_str()), ("state", endpoint.state.word())];
        self.element("endpoint", &attributes, |out| {
            out.optional("status", endpoint.status.as_deref())?;
            out.optional("joining-method", endpoint.joining_method.as_deref())?;
            out.optional("disconnection-method", endpoint.disconnection_method.as_deref())?;
            for (media, id) in endpoint.media.iter().zip(1..) {
                let id: u32 = id;
                out.element("media", &[("id", &id.to_string())], |out| out.optional("type", Some(media)))?;
            }
            let Some(dialog) = &endpoint.dialog else { return Ok(()) };
            out.element("call-info", &[], |out| {
                out.element("sip", &[], |out| {
                    out.optional("call-id", Some(&dialog.call_id))?;
                    out.optional("from-tag", Some(&dialog.from_tag))?;
                    out.optional("to-tag", Some(&dialog.to_tag))
                })
            })
        })
    }

    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut start = BytesStart::new(name);
        for (name, value) in attributes {
            start.push_attribute(Attribute { key: QName(name), value: Cow::Owned(escape(value)) });
        }
        self.0.write_event(Event::Start(start))?;
        content(self)?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    fn optional(&mut self, name: &str, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text else { return Ok(()) };
        self.0.write_event(Event::Start(BytesStart::new(name)))?;
        self.0.write_event(Event::Text(BytesText::from_escaped(escape(text))))?;
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }
}

/// Character references for what markup, or the normalization of line ends and attribute values, would take away
/// (XML 1.0, 2.4, 2.11 and 3.3.3); U+FFFD for what no document can hold (2.2).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
    }
    escaped
}
