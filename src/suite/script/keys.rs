//! The keys of scenarios: what the parser knows, and what the schema must know.

/// At the top of a scenario.
pub const SCENARIO: &[&str] = &["scenario", "about", "room", "act-as-room", "variables", "participants", "steps"];
/// At the top of a fragment.
pub const FRAGMENT: &[&str] = &["fragment", "about", "steps"];
/// Under `act-as-room`.
pub const ACT_AS_ROOM: &[&str] = &["sip", "msrp", "faults"];
/// Under a participant.
pub const PARTICIPANT: &[&str] = &[
    "user",
    "display-name",
    "username",
    "password",
    "transport",
    "chatroom",
    "accept-types",
    "accept-wrapped-types",
    "setup",
    "direction",
    "max-size",
    "tls",
    "count",
];
/// The actions: each step has one of them.
pub const ACTIONS: &[&str] = &[
    "join",
    "rejoin",
    "leave",
    "lose-connection",
    "stop-reading",
    "stop-answering",
    "nickname",
    "remove-nickname",
    "race-for-nickname",
    "say",
    "whisper",
    "chunked",
    "interrupt",
    "talk-in-turns",
    "subscribe",
    "report",
    "send",
    "pause",
    "wait",
    "expect",
    "parallel",
    "repeat",
    "include",
    "sentence",
];
/// What may stand beside each action.
pub const BESIDE: &[(&str, &[&str])] = &[
    ("join", &["how", "expect"]),
    ("nickname", &["by", "expect"]),
    ("race-for-nickname", &["by"]),
    ("say", &["by", "as", "header", "edits", "expect"]),
    ("whisper", &["by", "to", "header", "expect"]),
    ("chunked", &["by", "to", "expect"]),
    ("report", &["by"]),
    ("send", &["by", "expect"]),
    ("wait", &["by", "within"]),
    ("sentence", &["text"]),
];
/// Under `chunked`.
pub const CHUNKED: &[&str] = &["octets", "chunk"];
/// Under `send`: exactly one of them.
pub const SEND: &[&str] = &["request", "octets", "half", "rest", "piecemeal"];
/// Under `piecemeal`.
pub const PIECEMEAL: &[&str] = &["octets", "pieces", "pause"];
/// Under an entry of `edits`: exactly one of them.
pub const EDITS: &[&str] = &["drop", "duplicate", "replace", "insert"];
/// Under `expect`.
pub const EXPECT: &[&str] = &[
    "status",
    "of",
    "received-by",
    "exactly",
    "not-received-by",
    "received-by-nobody",
    "partly-received-by",
    "roster",
    "notified",
    "reported-to",
    "not-reported-to",
    "still-talking",
    "ended",
    "one-granted",
    "capture",
];
/// Under `wait`: exactly one of them.
pub const WAIT: &[&str] = &["participants", "present", "absent", "message"];
/// Under `repeat`.
pub const REPEAT: &[&str] = &["times", "steps"];

/// What may stand beside an action.
pub fn beside(action: &str) -> &'static [&'static str] {
    BESIDE.iter().find(|(name, _)| *name == action).map_or(&[], |(_, keys)| keys)
}
