//! Rooms and their policies (RFC 7701, 4.1), as a configuration file writes them.

use serde::{Deserialize, Serialize};

use crate::wire::uri::{SipUri, Uri};

/// A user of a room that authenticates with digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DigestUser {
    /// The user name of the credentials; also the user part of the identity that they prove.
    pub username: String,
    /// The password.
    pub password: String,
}

/// What one room allows and how it behaves (RFC 7701, 4.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RoomPolicy {
    /// The user part of the room's SIP URI.
    pub name: String,
    /// Further URIs that name the room.
    pub aliases: Vec<String>,
    /// What the room is about, for the conference description.
    pub subject: Option<String>,
    /// Whether nicknames are accepted.
    pub nicknames: bool,
    /// Whether private messages are accepted.
    pub private_messages: bool,
    /// Words that no user can have as nickname.
    pub reserved_nicknames: Vec<String>,
    /// Seconds during which a nickname out of use stays with its last holder.
    pub nickname_quarantine: f64,
    /// Most octets of a nickname.
    pub nickname_max_octets: usize,
    /// Whether one user may be in the room from several endpoints at a time.
    pub simultaneous_access: bool,
    /// Whether only MSRP over TLS is accepted.
    pub force_tls: bool,
    /// Media types accepted inside Message/CPIM; `*` for all.
    pub accept_wrapped_types: Vec<String>,
    /// Most octets of a message, wrapper included.
    pub max_size: Option<u64>,
    /// Seconds that the switch waits for the next chunk of a message.
    pub chunk_reception_timer: f64,
    /// Regular messages larger than this are discarded for a congested session; 0 discards all.
    pub max_message_size_when_congested: u64,
    /// Whether the room ends when its creator leaves.
    pub deleted_with_creator: bool,
    /// Those who may join with digest credentials; without this key nobody is asked for any.
    pub digest_users: Option<Vec<DigestUser>>,
    /// Digest algorithms to challenge with, most wanted first.
    pub digest_algorithms: Vec<String>,
    /// The host in the MSRP URIs of the room's sessions without TLS, in place of the switch's address.
    pub msrp_host: Option<String>,
    /// Seconds that the focus lets pass before it answers an INVITE.
    pub answer_delay: f64,
    /// Whether an endpoint that does not know RFC 7701 is told where it is (RFC 7701, 11).
    pub notices: bool,
    /// Least seconds between two notifications of a roster subscription (RFC 4575, 3.10).
    pub roster_interval: f64,
}

impl Default for RoomPolicy {
    fn default() -> Self {
        Self {
            name: "room".to_owned(),
            aliases: Vec::new(),
            subject: None,
            nicknames: true,
            private_messages: true,
            reserved_nicknames: Vec::new(),
            nickname_quarantine: 60.0,
            nickname_max_octets: 1023,
            simultaneous_access: true,
            force_tls: false,
            accept_wrapped_types: vec!["*".to_owned()],
            max_size: None,
            chunk_reception_timer: 540.0,
            max_message_size_when_congested: 0,
            deleted_with_creator: false,
            digest_users: None,
            digest_algorithms: vec!["SHA-256".to_owned(), "MD5".to_owned()],
            msrp_host: None,
            answer_delay: 0.0,
            notices: true,
            roster_interval: 5.0,
        }
    }
}

impl RoomPolicy {
    /// A room of this name with the defaults.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The chat-tokens of the room's `chatroom` attribute (RFC 7701, 8).
    pub fn chat_tokens(&self) -> Vec<String> {
        let mut tokens = Vec::new();
        if self.nicknames {
            tokens.push("nickname".to_owned());
        }
        if self.private_messages {
            tokens.push("private-messages".to_owned());
        }
        tokens
    }

    /// The room's URI at this host.
    pub fn uri(&self, host: &str, port: Option<u16>) -> SipUri {
        SipUri::new(Some(&self.name), host, port)
    }

    fn validate(&self) -> Result<(), ConfigError> {
        let room = || self.name.clone();
        if self.name.is_empty() || self.name.chars().any(|c| c.is_whitespace() || "@<>\"".contains(c)) {
            return Err(ConfigError::RoomName { name: room() });
        }
        for (key, seconds) in [
            ("nickname-quarantine", self.nickname_quarantine),
            ("chunk-reception-timer", self.chunk_reception_timer),
            ("answer-delay", self.answer_delay),
            ("roster-interval", self.roster_interval),
        ] {
            if !seconds.is_finite() || !(0.0..=1.0e9).contains(&seconds) {
                return Err(ConfigError::Seconds { room: room(), key });
            }
        }
        if self.nickname_max_octets == 0 || self.nickname_max_octets > 1023 {
            return Err(ConfigError::NicknameLength { room: room(), octets: self.nickname_max_octets });
        }
        if self.accept_wrapped_types.is_empty() {
            return Err(ConfigError::NoWrappedTypes { room: room() });
        }
        for alias in &self.aliases {
            if Uri::parse(alias).is_err() {
                return Err(ConfigError::Alias { room: room(), alias: alias.clone() });
            }
        }
        for algorithm in &self.digest_algorithms {
            if !["MD5", "SHA-256"].contains(&algorithm.as_str()) {
                return Err(ConfigError::Algorithm { room: room(), algorithm: algorithm.clone() });
            }
        }
        if self.digest_users.is_some() && self.digest_algorithms.is_empty() {
            return Err(ConfigError::NoAlgorithm { room: room() });
        }
        Ok(())
    }
}

/// The whole switch: which hosts it serves and which rooms it has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SwitchConfig {
    /// Host parts under which the rooms are known, besides the addresses the switch listens on; `*` for any.
    pub domains: Vec<String>,
    /// The rooms.
    pub rooms: Vec<RoomPolicy>,
}

impl Default for SwitchConfig {
    fn default() -> Self {
        Self::shipped()
    }
}

impl SwitchConfig {
    /// A room for every policy that the suite can ask for, with the timers that the RFCs recommend wherever a case does
    /// not have to wait for one of them.
    pub fn shipped() -> Self {
        Self::with_rooms(RoomPolicy::default().roster_interval)
    }

    /// The rooms of [`SwitchConfig::shipped`] with notifications at short intervals, so that a run of the suite is short.
    pub fn bundled() -> Self {
        Self::with_rooms(0.1)
    }

    fn with_rooms(roster_interval: f64) -> Self {
        let base = |name: &str| RoomPolicy {
            // A nickname is free again at once, except where the quarantine itself is the subject.
            nickname_quarantine: 0.0,
            roster_interval,
            reserved_nicknames: vec!["admin".to_owned()],
            ..RoomPolicy::named(name)
        };
        let user = |name: &str| DigestUser { username: name.to_owned(), password: format!("{name}-secret") };
        let rooms = vec![
            base("room"),
            RoomPolicy { private_messages: false, ..base("noprivate") },
            RoomPolicy { nicknames: false, msrp_host: Some("localhost".to_owned()), ..base("nonick") },
            RoomPolicy { digest_users: Some(vec![user("alice"), user("bob")]), ..base("auth") },
            RoomPolicy { accept_wrapped_types: vec!["text/plain".to_owned()], ..base("textonly") },
            RoomPolicy { nickname_quarantine: 2.0, ..base("quarantine") },
            RoomPolicy { simultaneous_access: false, ..base("single") },
            RoomPolicy { chunk_reception_timer: 1.0, ..base("shorttimer") },
            RoomPolicy { deleted_with_creator: true, ..base("temp") },
            RoomPolicy { answer_delay: 0.7, ..base("slow") },
            RoomPolicy { force_tls: true, ..base("secret") },
        ];
        Self { domains: vec!["*".to_owned()], rooms }
    }

    /// Reads and checks a YAML configuration.
    pub fn from_yaml(text: &str) -> Result<Self, ConfigError> {
        let config: Self = serde_yaml::from_str(text).map_err(|error| ConfigError::Syntax {
            place: error.location().map(|at| (at.line(), at.column())),
            text: error.to_string(),
        })?;
        config.validate()?;
        Ok(config)
    }

    /// Checks what the types alone do not.
    pub fn validate(&self) -> Result<(), ConfigError> {
        if self.rooms.is_empty() {
            return Err(ConfigError::NoRooms);
        }
        for (index, room) in self.rooms.iter().enumerate() {
            room.validate()?;
            if self.rooms.iter().take(index).any(|other| other.name == room.name) {
                return Err(ConfigError::RepeatedRoom { name: room.name.clone() });
            }
        }
        Ok(())
    }

    /// Whether a host part of a room's URI is one of ours by configuration.
    pub fn serves(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| domain == "*" || domain.eq_ignore_ascii_case(host))
    }
}

/// What is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Not YAML, an unknown key or a value of the wrong type; the text names place and key.
    #[error("{text}")]
    Syntax {
        /// What is wrong.
        text: String,
        /// Line and column, from 1.
        place: Option<(usize, usize)>,
    },
    /// There is no room.
    #[error("no rooms: a switch needs at least one")]
    NoRooms,
    /// Two rooms have the same name.
    #[error("room '{name}' stands twice")]
    RepeatedRoom {
        /// The name.
        name: String,
    },
    /// A name that is no user part of a SIP URI.
    #[error("'{name}' cannot be the user part of a room's URI")]
    RoomName {
        /// The name.
        name: String,
    },
    /// A time that is negative or not a number.
    #[error("room '{room}': {key} must be a number of seconds, 0 or more")]
    Seconds {
        /// The room.
        room: String,
        /// The key.
        key: &'static str,
    },
    /// A nickname length outside 1 to 1023 (RFC 7701, 7.1).
    #[error("room '{room}': nickname-max-octets is {octets}, but must be from 1 to 1023")]
    NicknameLength {
        /// The room.
        room: String,
        /// The value.
        octets: usize,
    },
    /// An empty list of wrapped types.
    #[error("room '{room}': accept-wrapped-types is empty; write \"*\" for all")]
    NoWrappedTypes {
        /// The room.
        room: String,
    },
    /// An alias that is no URI.
    #[error("room '{room}': the alias '{alias}' is no URI")]
    Alias {
        /// The room.
        room: String,
        /// The alias.
        alias: String,
    },
    /// An unknown digest algorithm.
    #[error("room '{room}': digest algorithm '{algorithm}' is neither MD5 nor SHA-256")]
    Algorithm {
        /// The room.
        room: String,
        /// The value.
        algorithm: String,
    },
    /// Digest users, but no algorithm.
    #[error("room '{room}': digest-users need at least one of digest-algorithms")]
    NoAlgorithm {
        /// The room.
        room: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gets_the_defaults_where_it_is_silent() {
        let config = SwitchConfig::from_yaml(
            "rooms:\n  - name: lounge\n    private-messages: false\n    reserved-nicknames: [root]\n",
        )
        .unwrap();
        let room = &config.rooms[0];
        assert_eq!(room.name, "lounge");
        assert!(!room.private_messages);
        assert!(room.nicknames);
        assert_eq!(room.reserved_nicknames, ["root"]);
        assert_eq!(room.chunk_reception_timer, 540.0);
        assert_eq!(room.chat_tokens(), ["nickname"]);
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = SwitchConfig::from_yaml("rooms:\n  - name: lounge\n    nicknamse: false\n").unwrap_err();
        assert!(error.to_string().contains("nicknamse"), "{error}");
    }

    #[test]
    fn contradictions_are_refused() {
        let twice = SwitchConfig::from_yaml("rooms: [{name: a}, {name: a}]").unwrap_err();
        assert_eq!(twice, ConfigError::RepeatedRoom { name: "a".to_owned() });
        assert_eq!(SwitchConfig::from_yaml("rooms: []").unwrap_err(), ConfigError::NoRooms);
        let long = SwitchConfig::from_yaml("rooms: [{name: a, nickname-max-octets: 1024}]").unwrap_err();
        assert_eq!(long, ConfigError::NicknameLength { room: "a".to_owned(), octets: 1024 });
        let late = SwitchConfig::from_yaml("rooms: [{name: a, chunk-reception-timer: -1}]").unwrap_err();
        assert_eq!(late, ConfigError::Seconds { room: "a".to_owned(), key: "chunk-reception-timer" });
    }

    #[test]
    fn the_bundled_rooms_are_those_of_the_profile() {
        let config = SwitchConfig::bundled();
        assert_eq!(config.validate(), Ok(()));
        let names: Vec<_> = config.rooms.iter().map(|room| room.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "room",
                "noprivate",
                "nonick",
                "auth",
                "textonly",
                "quarantine",
                "single",
                "shorttimer",
                "temp",
                "slow",
                "secret"
            ]
        );
        let shipped = SwitchConfig::shipped();
        assert_eq!(shipped.validate(), Ok(()));
        assert!(shipped.rooms.iter().all(|room| room.roster_interval == 5.0));
        let timers = shipped.rooms.iter().map(|room| room.chunk_reception_timer);
        assert_eq!(timers.filter(|seconds| *seconds != 540.0).collect::<Vec<_>>(), [1.0]);
    }
}
