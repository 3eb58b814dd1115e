//! Writing profiles, for `probe`.

use serde_yaml::{Mapping, Value};

use super::{Profile, RoomEntry};

impl Profile {
    /// The profile as YAML that [`Profile::parse`] reads back.
    pub fn to_yaml(&self) -> String {
        let mut top = Mapping::new();
        put(&mut top, "name", self.name.as_str());
        put(&mut top, "role", self.role.word());
        put(&mut top, "room", self.room.to_string());
        if let Some(hop) = &self.next_hop {
            put(&mut top, "next-hop", hop.to_string());
        }
        put(&mut top, "domain", self.domain.as_str());
        let room = |entry: &RoomEntry| -> Value {
            let uri = entry.uri.to_string();
            match entry.seconds {
                None => uri.into(),
                Some(seconds) => mapping([("uri", uri.into()), ("seconds", seconds.into())]),
            }
        };
        put_all(&mut top, "rooms", self.rooms.iter().map(|(name, entry)| (name.word(), room(entry))));
        let credentials = self.credentials.iter().map(|(name, one)| {
            let fields = [("username", one.username.as_str().into()), ("password", one.password.as_str().into())];
            (name.as_str(), mapping(fields))
        });
        put_all(&mut top, "credentials", credentials);
        if !self.reserved_nicknames.is_empty() {
            put(&mut top, "reserved-nicknames", self.reserved_nicknames.clone());
        }
        put_all(&mut top, "claims", self.claims.iter().map(|(claim, said)| (claim.word(), (*said).into())));
        let seconds = |duration: std::time::Duration| -> Value {
            if duration.subsec_nanos() == 0 { duration.as_secs().into() } else { duration.as_secs_f64().into() }
        };
        let timers = [("response", seconds(self.timers.response)), ("roster", seconds(self.timers.roster))];
        put(&mut top, "timers", mapping(timers));
        let ca = self.tls.ca.iter().map(|ca| ("ca", ca.to_string_lossy().into_owned().into()));
        let insecure = self.tls.insecure.then(|| ("insecure", true.into()));
        put_all(&mut top, "tls", ca.chain(insecure));
        // A mapping of texts, numbers and truth values can always be written.
        serde_yaml::to_string(&top).unwrap_or_default()
    }
}

fn put(mapping: &mut Mapping, key: &str, value: impl Into<Value>) {
    mapping.insert(key.into(), value.into());
}

fn put_all<'k>(top: &mut Mapping, key: &str, entries: impl Iterator<Item = (&'k str, Value)>) {
    let inner = mapping(entries);
    if inner.as_mapping().is_some_and(|inner| !inner.is_empty()) {
        put(top, key, inner);
    }
}

fn mapping<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::Mapping(entries.into_iter().map(|(key, value)| (Value::from(key), value)).collect())
}
