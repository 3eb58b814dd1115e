//! The view of one media description.

use super::{Line, Media, Setup, grammar};
use crate::wire::uri::MsrpUri;

/// The attributes with a field in [`Media`] that stand at media level alone.
const MEDIA_LEVEL: [&str; 5] = ["path", "accept-types", "accept-wrapped-types", "max-size", "chatroom"];
const DIRECTIONS: [&str; 4] = ["sendrecv", "sendonly", "recvonly", "inactive"];

impl Setup {
    /// The word of RFC 4145, 4.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Passive => "passive",
            Self::Actpass => "actpass",
            Self::Holdconn => "holdconn",
        }
    }

    /// Reads the word, in any case.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Active, Self::Passive, Self::Actpass, Self::Holdconn]
            .into_iter()
            .find(|setup| setup.word().eq_ignore_ascii_case(word))
    }
}

impl Media {
    /// Whether a file is transferred here (RFC 5547), instead of chat.
    pub fn is_file(&self) -> bool {
        self.attributes.iter().any(|(name, _)| name.eq_ignore_ascii_case("file-selector"))
    }

    /// Whether this is `m=message` over MSRP, plain or TLS.
    pub fn is_msrp(&self) -> bool {
        self.media.eq_ignore_ascii_case("message")
            && ["TCP/MSRP", "TCP/TLS/MSRP"].iter().any(|protocol| self.protocol.eq_ignore_ascii_case(protocol))
    }

    /// Whether a media type is acceptable by `types` (accept-types or accept-wrapped-types): by name without case and
    /// parameters, by `type/*`, by `*` (which `*/*` is taken for).
    pub fn list_accepts(types: &[String], media_type: &str) -> bool {
        let wanted = type_name(media_type);
        let Some((wanted_type, wanted_subtype)) = wanted.split_once('/') else { return false };
        types.iter().map(|entry| type_name(entry)).any(|entry| match entry.split_once('/') {
            None => entry == "*",
            Some(("*", "*")) => true,
            Some((entry_type, entry_subtype)) => {
                entry_type.eq_ignore_ascii_case(wanted_type)
                    && (entry_subtype == "*" || entry_subtype.eq_ignore_ascii_case(wanted_subtype))
            }
        })
    }

    /// Reads the lines of a media description, its m-line first, and what holds for it from the session level.
    pub(super) fn read(lines: &[Line], session: &[&Line]) -> Self {
        let mut media = Self::default();
        for line in lines {
            match line.kind {
                b'm' => media.read_media_line(&line.value),
                b'c' if media.address.is_none() => media.address = connection_address(line),
                b'a' => media.read_attribute(line),
                _ => {}
            }
        }
        media.inherit(session);
        media
    }

    fn read_media_line(&mut self, value: &[u8]) {
        let (media, port, protocol, formats) = grammar::media_fields(value);
        self.media = lossy(media);
        self.port = grammar::port(port).unwrap_or(0);
        self.protocol = lossy(protocol);
        self.formats = lossy(formats);
    }

    fn read_attribute(&mut self, line: &Line) {
        let Some((name, value)) = line.attribute() else { return };
        let name = lossy(name);
        if !self.take_attribute(&name, value) {
            self.attributes.push((name, value.map(lossy)));
        }
    }

    /// Puts an attribute into its field; `false` if it has none, cannot be read or is there already.
    fn take_attribute(&mut self, name: &str, value: Option<&[u8]>) -> bool {
        match (name.to_ascii_lowercase().as_str(), value) {
            ("path", Some(value)) if self.path.is_empty() => {
                self.path = read_path(value).unwrap_or_default();
                !self.path.is_empty()
            }
            ("accept-types", Some(value)) => fill(&mut self.accept_types, read_formats(value)),
            ("accept-wrapped-types", Some(value)) => fill(&mut self.accept_wrapped_types, read_formats(value)),
            ("max-size", Some(value)) => fill(&mut self.max_size, grammar::max_size(value)),
            ("chatroom", value) => fill(&mut self.chatroom, Some(read_chatroom(value.unwrap_or_default()))),
            (name, value) => self.take_inheritable(name, value),
        }
    }

    /// The same for the attributes that may stand at either level (RFC 4145, 4; RFC 8122, 5; RFC 8866, 6.7).
    fn take_inheritable(&mut self, name: &str, value: Option<&[u8]>) -> bool {
        match (name, value) {
            ("setup", Some(value)) => fill(&mut self.setup, Setup::read(&lossy(value))),
            ("fingerprint", Some(value)) => self.take_fingerprint(lossy(value)),
            (name, None) if DIRECTIONS.contains(&name) => fill(&mut self.direction, Some(name.to_owned())),
            _ => false,
        }
    }

    /// Of several fingerprints the first of a hash that is still trusted counts (RFC 8122, 5).
    fn take_fingerprint(&mut self, value: String) -> bool {
        const TRUSTED: [&str; 3] = ["sha-256", "sha-384", "sha-512"];
        let trusted = |value: &str| {
            let hash = value.split(' ').next().unwrap_or_default();
            TRUSTED.iter().any(|one| one.eq_ignore_ascii_case(hash))
        };
        match &mut self.fingerprint {
            Some(present) if !trusted(present) && trusted(&value) => {
                let weaker = std::mem::replace(present, value);
                self.attributes.push(("fingerprint".to_owned(), Some(weaker)));
                true
            }
            field => fill(field, Some(value)),
        }
    }

    fn inherit(&mut self, session: &[&Line]) {
        if self.address.is_none() {
            self.address = session.iter().find(|line| line.kind == b'c').and_then(|line| connection_address(line));
        }
        for (name, value) in session.iter().filter_map(|line| line.attribute()) {
            self.take_inheritable(&lossy(name).to_ascii_lowercase(), value);
        }
    }

    /// What [`super::SessionDescription::push_media`] writes as a-lines.
    pub(super) fn written_attributes(&self) -> Vec<(String, Option<String>)> {
        let path: Vec<String> = self.path.iter().map(ToString::to_string).collect();
        let valued = [
            ("path", (!path.is_empty()).then(|| path.join(" "))),
            ("accept-types", self.accept_types.as_ref().map(|types| types.join(" "))),
            ("accept-wrapped-types", self.accept_wrapped_types.as_ref().map(|types| types.join(" "))),
            ("max-size", self.max_size.map(|size| size.to_string())),
            ("setup", self.setup.map(|setup| setup.word().to_owned())),
        ];
        let mut written: Vec<(String, Option<String>)> = valued
            .into_iter()
            .filter(|(_, value)| value.is_some())
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        if let Some(tokens) = &self.chatroom {
            written.push(("chatroom".to_owned(), (!tokens.is_empty()).then(|| tokens.join(" "))));
        }
        if let Some(fingerprint) = &self.fingerprint {
            written.push(("fingerprint".to_owned(), Some(fingerprint.clone())));
        }
        if let Some(direction) = &self.direction {
            written.push((direction.clone(), None));
        }
        written.extend(self.attributes.iter().cloned());
        written
    }
}

/// The third field of a c-line.
pub(super) fn connection_address(line: &Line) -> Option<String> {
    line.value.split(|octet| *octet == b' ').nth(2).filter(|address| !address.is_empty()).map(lossy)
}

/// A path; `None` when it cannot be read.
pub(super) fn read_path(value: &[u8]) -> Option<Vec<MsrpUri>> {
    MsrpUri::parse_path(std::str::from_utf8(value).ok()?).ok()
}

/// Whether a name, in lower case, is one of an attribute that [`Media`] has a field for.
pub(super) fn is_own_attribute(name: &str) -> bool {
    MEDIA_LEVEL.contains(&name) || ["setup", "fingerprint"].contains(&name) || DIRECTIONS.contains(&name)
}

/// Whether the values of an attribute, its name in lower case, have a grammar that is checked.
pub(super) fn is_checked_attribute(name: &str) -> bool {
    MEDIA_LEVEL.contains(&name) || name == "setup"
}

fn read_formats(value: &[u8]) -> Option<Vec<String>> {
    let entries = grammar::format_entries(value);
    Some(entries.into_iter().filter(|(_, entry)| !entry.is_empty()).map(|(_, entry)| lossy(entry)).collect())
}

fn read_chatroom(value: &[u8]) -> Vec<String> {
    grammar::chat_tokens(value)
        .into_iter()
        .filter(|(_, token)| !token.is_empty())
        .map(|(_, token)| lossy(token))
        .collect()
}

/// Fills a field that is still empty; `false` when nothing was filled in.
fn fill<T>(field: &mut Option<T>, value: Option<T>) -> bool {
    if field.is_some() || value.is_none() {
        return false;
    }
    *field = value;
    true
}

/// The name of a media type without its parameters.
fn type_name(entry: &str) -> &str {
    entry.split(';').next().unwrap_or_default().trim()
}

fn lossy(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}
