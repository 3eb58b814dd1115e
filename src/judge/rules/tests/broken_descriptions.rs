//! For the rules of session descriptions, offers and answers: changes to the good transcript that they must condemn.

use super::script::Change::{self, *};
use crate::judge::verdict::Verdict::{self, Advisory, Fail, Pass};

const ALICE: &str = "o=focus 1 1 IN IP4 127.0.0.1";
const AGAIN: &str = "o=focus 1 2 IN IP4 127.0.0.1";

pub const TABLE: &[(&str, Verdict, &[Change])] = &[
    ("RULE-SDP-060", Fail, &[In("alice-200", "v=0", "v=1")]),
    ("RULE-SDP-060", Fail, &[In("alice-200", "v=0\n", "")]),
    ("RULE-SDP-061", Fail, &[In("alice-200", ALICE, "o=focus 1 1 IN IP6 127.0.0.1")]),
    ("RULE-SDP-061", Fail, &[In("alice-200", "c=IN IP4 127.0.0.1", "c=IN IP4 ::1")]),
    ("RULE-SDP-061", Fail, &[In("alice-200", "c=IN IP4", "c=TN IP4")]),
    ("RULE-SDP-062", Fail, &[In("alice-200", "c=IN IP4 127.0.0.1", "c=IN IP4 224.2.36.42")]),
    ("RULE-SDP-062", Fail, &[In("alice-200", "c=IN IP4 127.0.0.1", "c=IN IP4 127.0.0.1/127")]),
    ("RULE-SDP-063", Fail, &[In("bob-200", "chat.example.org", "b\u{fc}cher.example.org")]),
    ("RULE-SDP-063", Fail, &[In("bob-200", "chat.example.org", "chat..org")]),
    ("RULE-SDP-064", Fail, &[In("alice-200", "s=-", "s=caf\u{e9} BADOCTET")]),
    ("RULE-SDP-065", Advisory, &[In("bob-200", "t=0 0", "t=2873397496 2873404696")]),
    ("RULE-SDP-066", Advisory, &[In("alice-200", "s=-", "s=The room")]),
    ("RULE-SDP-067", Advisory, &[In("alice-200", "t=0 0", "t=0 0\nk=prompt")]),
    ("RULE-SDP-068", Advisory, &[In("alice-200", "a=setup", "a=sendrecv\na=recvonly\na=setup")]),
    ("RULE-SDP-069", Fail, &[In("alice-200", ALICE, "o=focus 9223372036854775808 1 IN IP4 127.0.0.1")]),
    ("RULE-SDP-069", Fail, &[In("alice-200", ALICE, "o=focus 1 4611686018427387903 IN IP4 127.0.0.1")]),
    ("RULE-SDP-070", Fail, &[In("alice-200", ALICE, "o=alice 1 1 IN IP4 127.0.0.1")]),
    ("RULE-SDP-071", Fail, &[In("alice-200", "t=0 0", "t=0 1")]),
    ("RULE-SDP-072", Fail, &[In("alice-reinvite-200", "m=audio 0", "m=audio 49170")]),
    ("RULE-SDP-073", Advisory, &[In("alice-reinvite-200", "o=focus 1 2", "o=focus 7 2")]),
    ("RULE-SDP-073", Fail, &[In("bob-reinvite-200", "o=focus 2 1", "o=focus 7 1")]),
    ("RULE-SDP-074", Advisory, &[In("alice-reinvite-200", AGAIN, "o=focus 1 0 IN IP4 127.0.0.1")]),
    ("RULE-SDP-074", Advisory, &[In("alice-reinvite-200", AGAIN, "o=focus 1 9 IN IP4 127.0.0.1")]),
    (
        "RULE-SDP-074",
        Fail,
        &[In("bob-reinvite-200", "actpass", "passive"), In("bob-reinvite-200", "o=focus 2 1", "o=focus 2 9")],
    ),
    ("RULE-SDP-075", Fail, &[In("alice-reinvite-200", AGAIN, ALICE)]),
    ("RULE-SDP-075", Fail, &[In("bob-reinvite-200", "actpass", "passive")]),
    ("RULE-SDP-076", Fail, &[In("bob-200", "m=message", "m=audio 0 RTP/AVP 0\nm=message")]),
    ("RULE-SDP-076", Fail, &[In("bob-reinvite-200", "m=message", "m=audio 0 RTP/AVP 0\nm=message")]),
    ("RULE-SDP-077", Advisory, &[In("carol-200", "o=focus 3 1", "o=focus 1 1")]),
    ("RULE-SDP-078", Advisory, &[In("alice-200", "a=setup", "a=sendonly\na=setup")]),
    ("RULE-SDP-078", Advisory, &[In("bob-200", "a=setup", "a=recvonly\na=setup")]),
    (
        "RULE-SDP-079",
        Fail,
        &[Again(
            "bob-200",
            "bob-reinvite-200",
            "bob.sip",
            &[
                ("SIP/2.0 200 OK", "INVITE sip:bob@127.0.0.1:6002 SIP/2.0\nMax-Forwards: 70"),
                ("CSeq: 2", "CSeq: 77"),
                ("Kbob3", "Kfocus1"),
                ("From: <sip:bob@127.0.0.1>;tag=bobtag", "X-To: <sip:bob@127.0.0.1>;tag=bobtag"),
                ("To: <sip:room@127.0.0.1:5080>;tag=focusbob", "From: <sip:room@127.0.0.1:5080>;tag=focusbob"),
                ("X-To", "To"),
            ],
        )],
    ),
];

/// What looks like a fault and is none.
pub const TOLERATED: &[(&str, Verdict, &[Change])] = &[
    ("RULE-SDP-061", Pass, &[In("alice-200", ALICE, "o=focus 1 1 IN IP6 chat.example.org")]),
    (
        "RULE-SDP-064",
        Pass,
        &[In("alice-200", "t=0 0", "t=0 0\na=charset:ISO-8859-1"), In("alice-200", "s=-", "s=BADOCTET")],
    ),
    ("RULE-SDP-066", Pass, &[In("alice-200", "s=-", "s= -")]),
    // A time that is not 0 0 is the offerer's.
    ("RULE-SDP-071", Pass, &[In("alice-invite", "t=0 0", "t=1 2"), In("alice-200", "t=0 0", "t=1 2")]),
    ("RULE-SDP-071", Pass, &[In("alice-invite", "t=0 0\n", "")]),
    (
        "RULE-SDP-078",
        Pass,
        &[In("alice-invite", "a=setup", "a=recvonly\na=setup"), In("alice-200", "a=setup", "a=sendonly\na=setup")],
    ),
];
