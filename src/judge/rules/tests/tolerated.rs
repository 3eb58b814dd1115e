//! Changes to the good transcript that no rule may condemn.

use super::script::Change::{self, *};

pub const LIST: &[&[Change]] = &[
    // Extra headers and other comments in responses (T57, T66), header names in any case (T56).
    &[In("alice-hello-answer", "-------", "Message-ID: msghello0001\n-------")],
    &[In("alice-hello-answer", "200 OK", "200")],
    &[In("alice-hello-answer", "To-Path", "TO-PATH")],
    // Open ranges (T63), a first chunk without one.
    &[In("bob-hello", "1-LEN/LEN", "1-*/*")],
    &[In("bob-hello", "Byte-Range: 1-LEN/LEN\n", "")],
    // Reports that tell more and more of a message (T36).
    &[
        In("alice-hello-report", "Byte-Range: 1-117/117", "Byte-Range: 1-20/117"),
        Again("alice-hello-report", "alice-hello-report", "alice.msrp", &[("0009", "0098"), ("1-20/", "1-117/")]),
    ],
    // The sender's own fault is passed on as it came: the glued form (T12), a cc in another case (T17).
    &[
        In("alice-hello", "5080>\n\nContent-Type", "5080>\nContent-Type"),
        In("bob-hello", "5080>\n\nContent-Type", "5080>\nContent-Type"),
        In("carol-hello", "5080>\n\nContent-Type", "5080>\nContent-Type"),
        In("alice-hello-report", "1-117/117", "1-115/115"),
    ],
    // Only some get it: who is not there when the trace ends was perhaps slow.
    &[Drop("carol-hello"), Drop("carol-hello-200")],
    // A first chunk answered late, or not at all within the trace.
    &[Drop("alice-long-1-200")],
    &[Drop("bob-nick-424")],
    // The switch cuts anew.
    &[
        In("bob-hello", "1-LEN/LEN", "1-*/LEN"),
        In("bob-hello", "Message-ID", "Success-Report: yes\nMessage-ID"),
        In("bob-hello", "msghello0001", "ownid77700001"),
    ],
    // A status that is not 428 for a private message without support (T24), a notice to one user (T22).
    &[In("alice-refused-answer", "428 Private messages not supported", "403 Forbidden")],
    &[In("bob-notice", "To: <sip:bob@127.0.0.1>", "To: <sip:room@127.0.0.1:5080>")],
    // What the grammar of CPIM allows to a notice: a declared prefix, escapes that are needed, a zone, a name in quotes,
    // MIME headers folded by the rules of MIME.
    &[In("bob-notice", "To: <sip:bob", "NS: r <urn:x>\nr.Mood: calm\nRequire: r.Mood,Subject\nTo: \"Bob\" <sip:bob")],
    &[In(
        "bob-notice",
        "To: <sip:bob",
        "Subject:;lang=en a \\\\ b\nDateTime: 2026-01-15T12:00:00.5-05:00\nTo: <sip:bob",
    )],
    &[In("bob-notice", "Content-Type: text/plain", "Content-Type: text/plain;\n charset=utf-8")],
    // Others' noise: a message of somebody who is not in the transcript, with text like ours.
    &[In("bob-notice", "From: <sip:room@127.0.0.1:5080>", "From: <sip:dan@127.0.0.1>")],
    // History for who came late is not a copy.
    &[In("bob-notice", "Welcome. FILLER", "hello room, says Alice once FILLER")],
    // The tester's own damage: garbage, a request without From-Path, a repeated id, a wrong length.
    &[In("alice-quiet", "MSRP testertid0015xyz SEND", "GARBAGE"), Drop("alice-late-report")],
    &[In("alice-hello", "From-Path: msrp://127.0.0.1:7001/alicesession0001;tcp\n", ""), Drop("alice-hello-report")],
    &[In("alice-partial", "testertid0018xyz", "testertid0006xyz")],
    &[
        In("alice-hello", "1-LEN/LEN", "1-4/9"),
        In("bob-hello", "1-LEN/LEN", "1-*/9"),
        In("carol-hello", "1-LEN/LEN", "1-*/9"),
    ],
    &[In("alice-hello", "1-LEN/LEN", "1-119/119"), In("alice-hello-report", "1-117/117", "1-119/119")],
    &[In("bob-nick", "NICKNAME", "nickname")],
    // A removal, two devices, a refusal to a stranger: all within the codes.
    &[In("bob-nick", "\"Bob", "\"\""), In("bob-nick-424", "424 Malformed", "200 OK")],
    // SDP: extra lines, case, wildcard offers, no chatroom in a later answer (T02, T03, T06).
    &[In("alice-200", "a=accept-types:message/cpim", "a=accept-types:Message/CPIM")],
    &[In("bob-200", "a=accept-types:message/cpim", "a=accept-types:*")],
    &[In("alice-200", "a=setup:passive\n", "")],
    &[In("alice-200", "a=chatroom:nickname private-messages", "a=chatroom:nickname private-messages com.example.x")],
    &[In("alice-200", "t=0 0\n", "")],
    &[In("alice-invite", "m=message 7001", "m=message 9")],
    &[In("alice-invite", "t=0 0\n", "")],
    // SIP: folding, compact names, display names, received and rport, a Contact with more parameters.
    &[In("alice-bye-200", "branch=z9hG4bKalice6", "branch=z9hG4bKalice6;received=127.0.0.1;rport=6001")],
    &[In("alice-bye-200", "Call-ID:", "i:"), In("alice-bye-200", "From:", "f:")],
    &[In("alice-200", ";isfocus", ";isfocus;audio;methods=\"INVITE,BYE\"")],
    &[Again("alice-200", "alice-200", "alice.sip", &[])],
    &[In("bob-publish-answer", "405 Method Not Allowed", "501 Not Implemented")],
    // Roster: no version step where nothing changed, a full one after a partial one, more users than shown.
    &[In("notify-1", "<user-count>3", "<user-count>33")],
    &[Again(
        "notify-2-200",
        "notify-1",
        "alice.sip",
        &[("CSeq: 10", "CSeq: 12"), ("Knotify1", "Knotify3"), ("version=\"1\"", "version=\"2\"")],
    )],
    &[In("notify-2", "CSeq: 11", "CSeq: 13"), In("notify-2", "version=\"2\"", "version=\"5\"")],
    &[Again("notify-1", "notify-1", "alice.sip", &[])],
];
