//! Reading profiles, strictly: whoever misspells a key must hear of it, not get a run with other settings.

use std::path::Path;
use std::time::Duration;

use serde_yaml::{Mapping, Value};

use super::hops::{NextHop, SipTransport};
use super::locate::locate;
use super::{Claim, Credentials, LogicalRoom, Profile, Role, RoomEntry, Timers, TlsTrust};
use crate::suite::lint::nearest;
use crate::suite::yaml::{self, Trouble, YamlError};
use crate::wire::Span;
use crate::wire::uri::SipUri;

const KEYS: [&str; 11] = [
    "name",
    "role",
    "room",
    "next-hop",
    "domain",
    "rooms",
    "credentials",
    "reserved-nicknames",
    "claims",
    "timers",
    "tls",
];

impl Profile {
    /// Reads a profile from a file. Paths within it count from its folder.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn load(file: &str) -> Result<Self, YamlError> {
        let text = yaml::read(file)?;
        let profile = Self::parse(file, &text)?;
        if let Some(ca) = &profile.tls.ca
            && let Err(cause) = std::fs::File::open(ca)
        {
            let what = format!("the file '{}'", ca.display());
            let reader = Reader { file, text: &text };
            return Err(reader.error(&["tls", "ca"], Trouble::Unreadable { what, cause: cause.to_string() }));
        }
        Ok(profile)
    }

    /// Reads a profile from its text; `file` is its name in errors and the place that paths in it count from.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, YamlError> {
        let reader = Reader { file, text };
        let document: Value = serde_yaml::from_str(text).map_err(|cause| reader.not_yaml(&cause))?;
        reader.profile(&document)
    }
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
}

type Read<T> = Result<T, YamlError>;

impl Reader<'_> {
    fn profile(&self, document: &Value) -> Read<Profile> {
        let empty = Mapping::new();
        let top = match document {
            Value::Null => &empty,
            other => other.as_mapping().ok_or_else(|| {
                let (key, found) = ("the profile".to_owned(), kind(other));
                self.error(&[], Trouble::WrongType { key, found, wanted: "keys with values".to_owned() })
            })?,
        };
        self.known(top, &[], &KEYS)?;
        let room = match top.get("room") {
            None => return Err(self.error(&[], missing_key("room".to_owned()))),
            Some(value) => self.uri(value, &["room"])?,
        };
        let mut profile = Profile::for_target(room);
        for (key, value) in self.entries(top, &[])? {
            let path = [key];
            match key {
                "name" => profile.name = self.text(value, &path)?.to_owned(),
                "role" => profile.role = self.word(value, &path, Role::from_word, Role::ALL)?,
                "next-hop" => profile.next_hop = Some(self.next_hop(value)?),
                "domain" => profile.domain = self.text(value, &path)?.to_owned(),
                "rooms" => self.rooms(value, &mut profile)?,
                "credentials" => self.credentials(value, &mut profile)?,
                "reserved-nicknames" => profile.reserved_nicknames = self.texts(value, &path)?,
                "claims" => self.claims(value, &mut profile)?,
                "timers" => profile.timers = self.timers(value)?,
                "tls" => profile.tls = self.tls(value)?,
                _ => {}
            }
        }
        Ok(profile)
    }

    fn next_hop(&self, value: &Value) -> Read<NextHop> {
        let text = self.text(value, &["next-hop"])?;
        let bad = |nearest| {
            let wanted = "a next hop like 127.0.0.1:5080;transport=tcp".to_owned();
            self.error(&["next-hop"], Trouble::BadValue { value: text.to_owned(), wanted, nearest })
        };
        // A next hop reads like the host part of a URI.
        let uri = SipUri::parse(&format!("sip:{text}")).map_err(|_| bad(None))?;
        let only_transport = uri.params.0.iter().all(|(name, _)| name.eq_ignore_ascii_case("transport"));
        if uri.user.is_some() || uri.headers.is_some() || uri.host.is_empty() || !only_transport {
            return Err(bad(None));
        }
        let transport = match uri.params.value("transport") {
            None => SipTransport::Udp,
            Some(token) => {
                let near = || nearest(token, ["udp", "tcp", "tls"]);
                SipTransport::from_token(token).ok_or_else(|| bad(near()))?
            }
        };
        Ok(NextHop { host: uri.host, port: uri.port, transport })
    }

    fn rooms(&self, value: &Value, profile: &mut Profile) -> Read<()> {
        let words: Vec<_> = LogicalRoom::ALL.iter().map(|room| room.word()).collect();
        let rooms = self.mapping(value, &["rooms"])?;
        self.known(rooms, &["rooms"], &words)?;
        for (key, value) in self.entries(rooms, &["rooms"])? {
            let Some(room) = LogicalRoom::from_word(key) else { continue };
            let path = ["rooms", key];
            let entry = if let Some(entry) = value.as_mapping() {
                self.known(entry, &path, &["uri", "seconds"])?;
                let missing = || self.error(&path, missing_key(format!("rooms.{key}.uri")));
                let uri = self.uri(entry.get("uri").ok_or_else(missing)?, &["rooms", key, "uri"])?;
                let seconds = entry.get("seconds").map(|value| self.whole(value, &["rooms", key, "seconds"]));
                RoomEntry { uri, seconds: seconds.transpose()? }
            } else {
                RoomEntry { uri: self.uri(value, &path)?, seconds: None }
            };
            profile.rooms.insert(room, entry);
        }
        Ok(())
    }

    fn credentials(&self, value: &Value, profile: &mut Profile) -> Read<()> {
        for (participant, value) in self.entries(self.mapping(value, &["credentials"])?, &["credentials"])? {
            let path = ["credentials", participant];
            let entry = self.mapping(value, &path)?;
            self.known(entry, &path, &["username", "password"])?;
            let field = |key| {
                let missing = || self.error(&path, missing_key(format!("credentials.{participant}.{key}")));
                let value = entry.get(key).ok_or_else(missing)?;
                self.text(value, &["credentials", participant, key]).map(str::to_owned)
            };
            let credentials = Credentials { username: field("username")?, password: field("password")? };
            profile.credentials.insert(participant.to_lowercase(), credentials);
        }
        Ok(())
    }

    fn claims(&self, value: &Value, profile: &mut Profile) -> Read<()> {
        let words: Vec<_> = Claim::ALL.iter().map(|claim| claim.word()).collect();
        let claims = self.mapping(value, &["claims"])?;
        self.known(claims, &["claims"], &words)?;
        for (key, value) in self.entries(claims, &["claims"])? {
            if let Some(claim) = Claim::from_word(key) {
                profile.claims.insert(claim, self.truth(value, &["claims", key])?);
            }
        }
        Ok(())
    }

    fn timers(&self, value: &Value) -> Read<Timers> {
        let timers = self.mapping(value, &["timers"])?;
        self.known(timers, &["timers"], &["response", "roster"])?;
        let seconds = |key, default| timers.get(key).map_or(Ok(default), |value| self.seconds(value, &["timers", key]));
        let default = Timers::default();
        Ok(Timers { response: seconds("response", default.response)?, roster: seconds("roster", default.roster)? })
    }

    fn tls(&self, value: &Value) -> Read<TlsTrust> {
        let tls = self.mapping(value, &["tls"])?;
        self.known(tls, &["tls"], &["ca", "insecure"])?;
        let ca = tls.get("ca").map(|value| self.text(value, &["tls", "ca"])).transpose()?;
        let insecure = tls.get("insecure").map(|value| self.truth(value, &["tls", "insecure"])).transpose()?;
        let folder = Path::new(self.file).parent().unwrap_or(Path::new(""));
        Ok(TlsTrust { ca: ca.map(|ca| folder.join(ca)), insecure: insecure.unwrap_or(false) })
    }

    fn uri(&self, value: &Value, path: &[&str]) -> Read<SipUri> {
        let text = self.text(value, path)?;
        SipUri::parse(text).map_err(|cause| self.error(path, cause.into()))
    }

    fn text<'v>(&self, value: &'v Value, path: &[&str]) -> Read<&'v str> {
        value.as_str().ok_or_else(|| self.wrong(value, path, "a text, in quotes if it looks like a number"))
    }

    fn texts(&self, value: &Value, path: &[&str]) -> Read<Vec<String>> {
        let wrong = || self.wrong(value, path, "a list of texts such as [admin, root]");
        let list = value.as_sequence().ok_or_else(wrong)?;
        list.iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(wrong)).collect()
    }

    fn truth(&self, value: &Value, path: &[&str]) -> Read<bool> {
        value.as_bool().ok_or_else(|| self.wrong(value, path, "true or false"))
    }

    fn whole(&self, value: &Value, path: &[&str]) -> Read<u64> {
        value.as_u64().ok_or_else(|| self.wrong(value, path, "a whole number of seconds"))
    }

    fn seconds(&self, value: &Value, path: &[&str]) -> Read<Duration> {
        let seconds = value.as_f64().filter(|seconds| *seconds > 0.0);
        let wrong = || self.wrong(value, path, "a number of seconds above 0");
        seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).ok_or_else(wrong)
    }

    fn word<T: Copy + std::fmt::Display>(
        &self,
        value: &Value,
        path: &[&str],
        read: fn(&str) -> Option<T>,
        all: &[T],
    ) -> Read<T> {
        let text = self.text(value, path)?;
        read(text).ok_or_else(|| {
            let words: Vec<_> = all.iter().map(T::to_string).collect();
            let nearest = nearest(text, words.iter().map(String::as_str));
            let wanted = format!("one of {}", words.join(", "));
            self.error(path, Trouble::BadValue { value: text.to_owned(), wanted, nearest })
        })
    }

    fn mapping<'v>(&self, value: &'v Value, path: &[&str]) -> Read<&'v Mapping> {
        value.as_mapping().ok_or_else(|| self.wrong(value, path, "keys with values"))
    }

    fn entries<'v>(&self, mapping: &'v Mapping, path: &[&str]) -> Read<Vec<(&'v str, &'v Value)>> {
        let entry = |(key, value): (&'v Value, &'v Value)| match key.as_str() {
            Some(key) => Ok((key, value)),
            None => Err(self.wrong(key, path, "a text as key")),
        };
        mapping.iter().map(entry).collect()
    }

    fn known(&self, mapping: &Mapping, path: &[&str], keys: &[&str]) -> Read<()> {
        for (key, _) in self.entries(mapping, path)? {
            if !keys.contains(&key) {
                let place = match path {
                    [] => "in the profile".to_owned(),
                    path => format!("under '{}'", path.join(".")),
                };
                let nearest = nearest(key, keys.iter().copied());
                let full: Vec<_> = path.iter().copied().chain([key]).collect();
                return Err(self.error(
                    &full,
                    Trouble::UnknownKey {
                        key: key.to_owned(),
                        place,
                        nearest,
                        reference: "the documentation of the IUT profile",
                    },
                ));
            }
        }
        Ok(())
    }

    fn wrong(&self, value: &Value, path: &[&str], wanted: &str) -> YamlError {
        let (key, found) = (path.join("."), kind(value));
        self.error(path, Trouble::WrongType { key, found, wanted: wanted.to_owned() })
    }

    fn not_yaml(&self, cause: &serde_yaml::Error) -> YamlError {
        let text = cause.to_string();
        let text = text.split(" at line ").next().unwrap_or(&text).to_owned();
        let index = cause.location().map(|location| location.index().min(self.text.len()));
        self.at(index.map(|index| Span { start: index, end: index }), Trouble::NotYaml(text))
    }

    fn error(&self, path: &[&str], trouble: Trouble) -> YamlError {
        // What is wrong with a key is shown at the key, everything else at the value.
        let at_key = matches!(trouble, Trouble::UnknownKey { .. });
        self.at(locate(self.text, path, at_key), trouble)
    }

    fn at(&self, span: Option<Span>, trouble: Trouble) -> YamlError {
        let place = span.map(|span| crate::suite::lint::place(self.text, span.start));
        YamlError { file: self.file.to_owned(), text: self.text.to_owned(), span, place, trouble: Box::new(trouble) }
    }
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(truth) => format!("the truth value {truth}"),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the text '{text}'"),
        Value::Sequence(_) => "a list".to_owned(),
        Value::Mapping(_) => "a set of keys".to_owned(),
        Value::Tagged(_) => "a tagged value".to_owned(),
    }
}

fn missing_key(key: impl Into<String>) -> Trouble {
    let key = key.into();
    Trouble::MissingKey { example: format!("{key}: sip:room@127.0.0.1:5080"), key }
}
