//! Where one condition of a rule ends and the next begins: changes to the good transcript that differ in a single point
//! from what a rule lets pass, or condemns.

use super::broken::{REFUSED_TO_CAROL, SHORT_CHUNKS, TO_CAROL};
use super::script::Change::{self, *};
use crate::judge::verdict::Verdict::{self, Advisory, Fail, Inconclusive, Pass};

const ALICE_ELSEWHERE: Change = In("alice-hello-report", "7001/alicesession", "7001/elsewhere");
const SECOND_ANSWER_UNREADABLE: Change =
    In("alice-reinvite-200", "Content-Type: application/sdp", "Content-Type: text/plain");
/// Twelve octets: as short as a content may be by which a message is known again.
const TWELVE: [Change; 3] = [
    In("alice-hello", "hello room, says Alice once", "hello room 1"),
    In("bob-hello", "hello room, says Alice once", "hello room 1"),
    In("carol-hello", "hello room, says Alice once", "hello room 1"),
];

pub const TABLE: &[(&str, Verdict, &[Change])] = &[
    // Each defect of a message by itself.
    ("RULE-MSRP-020", Fail, &[In("bob-hello", "To-Path: ", "X-First: 1\nTo-Path: ")]),
    ("RULE-MSRP-020", Fail, &[In("bob-hello", "From-Path: ", "X-Second: 1\nFrom-Path: ")]),
    ("RULE-MSRP-020", Fail, &[In("bob-hello", "From-Path: msrp://", "From-Path: msrp:/")]),
    (
        "RULE-MSRP-020",
        Fail,
        &[In("bob-hello", "Message-ID: msghello0001\n", "Message-ID: msghello0001\nMessage-ID: msghello0001\n")],
    ),
    ("RULE-MSRP-020", Fail, &[In("alice-late-report", "413 Stop\n", "413 Stop\n\n")]),
    ("RULE-MSRP-020", Fail, &[In("alice-late-report", "switchtid0022xyz", "abc")]),
    ("RULE-MSRP-020", Fail, &[In("alice-late-report", "0022xyz REPORT", "0022xyz  REPORT")]),
    ("RULE-MSRP-020", Fail, &[In("alice-late-report", "Message-ID: msglate0001\n", "Message-ID: msglate0001BARELF\n")]),
    // A participant whose sessions are not all known is left alone, the others are not.
    ("RULE-MSRP-022", Fail, &[ALICE_ELSEWHERE]),
    ("RULE-MSRP-022", Pass, &[ALICE_ELSEWHERE, SECOND_ANSWER_UNREADABLE]),
    ("RULE-MSRP-022", Fail, &[In("bob-hello", "7002/bobsession", "7002/elsewhere"), SECOND_ANSWER_UNREADABLE]),
    // An INVITE that forked has made a dialog that is not known here; a 200 that came twice has not.
    (
        "RULE-MSRP-022",
        Pass,
        &[ALICE_ELSEWHERE, Again("alice-200", "alice-200", "alice.sip", &[("tag=focusalice", "tag=focusother")])],
    ),
    ("RULE-MSRP-022", Fail, &[ALICE_ELSEWHERE, Again("alice-200", "alice-200", "alice.sip", &[])]),
    // A failure report on a message in chunks says which one.
    (
        "RULE-MSRP-014",
        Fail,
        &[Again(
            "alice-long-2-200",
            "alice-late-report",
            "alice.msrp",
            &[("msglate0001", "msglong0001"), ("switchtid0022", "switchtid0092"), ("Byte-Range: 1-118/118\n", "")],
        )],
    ),
    ("RULE-MSRP-050", Fail, &[In("alice-200", "127.0.0.1:2855/switch", "127.0.0.1/switch")]),
    ("RULE-MSRP-050", Pass, &[In("alice-200", "127.0.0.1:2855/switch", "a.example.invalid/switch")]),
    // Something else went between the short chunks.
    (
        "RULE-MSRP-052",
        Pass,
        &[
            SHORT_CHUNKS[0],
            SHORT_CHUNKS[1],
            SHORT_CHUNKS[2],
            Again("bob-hello", "bob-notice", "bob.msrp", &[("switchtid0029xyz", "switchtid0096xyz")]),
        ],
    ),
    // What went to somebody else did not go between them.
    (
        "RULE-MSRP-052",
        Advisory,
        &[
            SHORT_CHUNKS[0],
            SHORT_CHUNKS[1],
            SHORT_CHUNKS[2],
            Again("bob-hello", "carol-quiet", "carol.msrp", &[("switchtid0017xyz", "switchtid0095xyz")]),
        ],
    ),
    // 400 is a refusal too.
    ("RULE-MSRP-053", Fail, &[In("alice-hello-answer", "200 OK", "400 Bad")]),
    ("RULE-MSRP-053", Pass, &[In("alice-hello-answer", "200 OK", "399 Odd")]),
    // A total that the tester made up may be passed on.
    (
        "RULE-MSRP-046",
        Inconclusive,
        &[
            In("alice-hello", "1-LEN/LEN", "1-*/500"),
            In("bob-hello", "1-LEN/LEN", "1-*/500"),
            In("carol-hello", "1-LEN/LEN", "1-*/500"),
        ],
    ),
    (
        "RULE-CHAT-002",
        Fail,
        &[In(
            "bob-hello",
            "From: <sip:alice@127.0.0.1>\n",
            "From: <sip:alice@127.0.0.1>\nFrom: <sip:alice@127.0.0.1>\n",
        )],
    ),
    // Twelve octets are enough to know a message again, under another wrapper or cut off; eleven are not.
    ("RULE-CHAT-003", Pass, &TWELVE),
    (
        "RULE-CHAT-003",
        Fail,
        &[
            TWELVE[0],
            TWELVE[1],
            TWELVE[2],
            In("bob-hello", "To: <sip:room@127.0.0.1:5080>", "To: Room <sip:room@127.0.0.1:5080>"),
        ],
    ),
    // A participant is known by the identity that its INVITE asserts.
    (
        "RULE-CHAT-005",
        Fail,
        &[
            In("bob-invite", "Contact:", "P-Asserted-Identity: <sip:robert@127.0.0.1>\nContact:"),
            In("alice-private", "To: <sip:bob@", "To: <sip:robert@"),
            In("bob-private", "To: <sip:bob@", "To: <sip:robert@"),
            Again("bob-private", "bob-private", "carol.msrp", TO_CAROL),
        ],
    ),
    // An anonymous URI is nobody's that is known here, but it is not two participants'.
    (
        "RULE-CHAT-005",
        Fail,
        &[
            In("alice-private", "To: <sip:bob@127.0.0.1>", "To: <sip:anonymous9@anonymous.invalid>"),
            In("bob-private", "To: <sip:bob@127.0.0.1>", "To: <sip:anonymous9@anonymous.invalid>"),
            Again("bob-private", "bob-private", "carol.msrp", TO_CAROL),
        ],
    ),
    (
        "RULE-CHAT-005",
        Pass,
        &[
            In("alice-private", "To: <sip:bob@127.0.0.1>", "To: <sip:anonymous9@anonymous.invalid>"),
            In("bob-private", "To: <sip:bob@127.0.0.1>", "To: <sip:anonymous9@anonymous.invalid>"),
        ],
    ),
    // A URI of a scheme that nobody here understands may be one of the room's.
    (
        "RULE-CHAT-005",
        Pass,
        &[
            In("alice-hello", "To: <sip:room@127.0.0.1:5080>", "To: <urn:x:room>"),
            In("bob-hello", "To: <sip:room@127.0.0.1:5080>", "To: <urn:x:room>"),
            In("carol-hello", "To: <sip:room@127.0.0.1:5080>", "To: <urn:x:room>"),
        ],
    ),
    // With 415 some may accept what others refuse (T26); with 404 nobody gets it.
    (
        "RULE-CHAT-007",
        Advisory,
        &[
            In("alice-refused-answer", "428 Private messages not supported", "415 Type"),
            Again("alice-refused-answer", "carol-hello", "carol.msrp", REFUSED_AT_CAROL),
        ],
    ),
    (
        "RULE-CHAT-007",
        Fail,
        &[
            In("alice-refused-answer", "428 Private messages not supported", "404 Unknown"),
            Again("alice-refused-answer", "carol-hello", "carol.msrp", REFUSED_AT_CAROL),
        ],
    ),
    // The room by a URI with a parameter of its own may be another one to the switch (T14).
    (
        "RULE-CHAT-008",
        Pass,
        &[
            In("alice-hello", "To: <sip:room@127.0.0.1:5080>", "To: <sip:room@127.0.0.1:5080;x=1>"),
            In("alice-hello-answer", "200 OK", "404 Gone"),
        ],
    ),
    ("RULE-CHAT-008", Fail, &[In("alice-hello-answer", "200 OK", "404 Gone")]),
    // Entries have attributes in two places only.
    (
        "RULE-EVENT-002",
        Pass,
        &[In(
            "notify-1",
            "</users>",
            "</users><sidebars-by-val><entry entity=\"sip:side@127.0.0.1\" state=\"full\" version=\"1\"/></sidebars-by-val>",
        )],
    ),
    (
        "RULE-EVENT-002",
        Pass,
        &[In("notify-1", "</subject>", "</subject><available-media><entry label=\"1\"/></available-media>")],
    ),
    ("RULE-EVENT-002", Fail, &[In("notify-1", "</subject>", "</subject><conf-uris><entry label=\"1\"/></conf-uris>")]),
    (
        "RULE-EVENT-002",
        Fail,
        &[In("notify-1", "</subject>", "</subject><conf-uris><entry entity=\"sip:x@h\"/></conf-uris>")],
    ),
    // Two ends that hit upon the same id, told apart by the version.
    ("RULE-SDP-070", Advisory, &[In("alice-200", "o=focus 1 1 IN IP4 127.0.0.1", "o=alice 1 2 IN IP4 127.0.0.1")]),
    // No key at all, and one that is relative.
    ("RULE-EVENT-006", Advisory, &[In("notify-1", "sip:alice@127.0.0.1;ep=1", "")]),
    ("RULE-EVENT-006", Advisory, &[In("notify-1", "sip:alice@127.0.0.1;ep=1", "/alice")]),
    // A reason without a protocol, and one with an empty parameter.
    (
        "RULE-EVENT-010",
        Advisory,
        &[In("notify-1", "<status>", "<joining-info><reason>;cause=200</reason></joining-info><status>")],
    ),
    (
        "RULE-EVENT-010",
        Advisory,
        &[In("notify-1", "<status>", "<joining-info><reason>SIP;;cause=200</reason></joining-info><status>")],
    ),
    (
        "RULE-EVENT-010",
        Advisory,
        &[In("notify-1", "<status>", "<joining-info><reason>two words;cause=200</reason></joining-info><status>")],
    ),
    // Prefixes that are declared, a whole date, a language, a list: all as RFC 3862 has them. The glued form is not
    // judged here (T12), nor is what the room passes on of others.
    (
        "RULE-CPIM-004",
        Pass,
        &[In("bob-notice", "To: <sip:bob", "NS: Room <urn:x:mood>\nRoom.Mood: fine\nTo: <sip:bob")],
    ),
    (
        "RULE-CPIM-005",
        Pass,
        &[In(
            "bob-notice",
            "To: <sip:bob",
            "DateTime: 2026-11-27T01:02:03.5+01:00\nSubject:;lang=de-CH gruezi\nRequire: A, B.C\nTo: <sip:bob",
        )],
    ),
    (
        "RULE-CPIM-001",
        Pass,
        &[In("bob-notice", "127.0.0.1>\n\nContent-Type: text/plain\n", "127.0.0.1>\nContent-Type: text/plainBARELF\n")],
    ),
    ("RULE-CPIM-001", Pass, &[In("bob-hello", "To: <sip:room", "Mood:fine\nTo: <sip:room")]),
];

/// The refused message, made from one that Carol got.
const REFUSED_AT_CAROL: &[(&str, &str)] =
    &[("switchtid0008xyz", "switchtid0099xyz"), REFUSED_TO_CAROL[1], REFUSED_TO_CAROL[2], REFUSED_TO_CAROL[3]];
