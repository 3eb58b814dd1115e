//! For every rule, changes to the good transcript that it must condemn, or advise against.

use super::script::Change::{self, *};
use crate::judge::verdict::Verdict::{self, Advisory, Fail, Inconclusive, Pass};

const CONTACT: &str = "Contact: <sip:room@127.0.0.1:5080;transport=tcp>;isfocus\n";
const TO_ALICE: &[(&str, &str)] =
    &[("127.0.0.1:7002/bobsession", "127.0.0.1:7001/alicesession"), ("switchbobsession", "switchalicesession")];
pub const TO_CAROL: &[(&str, &str)] =
    &[("127.0.0.1:7002/bobsession", "127.0.0.1:7003/carolsession"), ("switchbobsession", "switchcarolsession")];
/// A copy of the message that was refused, made from one that was delivered.
pub const REFUSED_TO_CAROL: &[(&str, &str)] = &[
    ("switchtid0008xyz", "switchtid0099xyz"),
    ("<sip:room@127.0.0.1:5080>", "<sip:anonymous1@anonymous.invalid>"),
    ("hello room, says Alice once", "a private word to Carol"),
    ("msghello0001", "msgrefused0001"),
];

/// A copy of a message that came whole, in two chunks.
pub const SHORT_CHUNKS: &[Change] = &[
    Again(
        "bob-hello",
        "bob-hello",
        "bob.msrp",
        &[
            ("switchtid0007xyz", "switchtid0097xyz"),
            ("1-LEN/LEN", "108-117/117"),
            (
                "From: <sip:alice@127.0.0.1>\nTo: <sip:room@127.0.0.1:5080>\n\nContent-Type: text/plain\n\nhello room, says ",
                "",
            ),
        ],
    ),
    In("bob-hello", "1-LEN/LEN", "1-107/117"),
    In("bob-hello", "Alice once\n-------switchtid0007xyz$", "\n-------switchtid0007xyz+"),
];

pub const TABLE: &[(&str, Verdict, &[Change])] = &[
    ("RULE-MSRP-001", Fail, &[In("alice-hello-answer", "testertid0006xyz", "testertid0006xy")]),
    ("RULE-MSRP-002", Fail, &[Answer("bob-hello", "alice-hello", "200 OK")]),
    ("RULE-MSRP-002", Fail, &[Answer("bob-nick-424", "bob-nick", "424 Malformed")]),
    ("RULE-MSRP-003", Fail, &[In("alice-hello-answer", "7001/alicesession", "7001/somebodyelse")]),
    ("RULE-MSRP-004", Fail, &[In("alice-hello-answer", "switchalice", "stranger")]),
    ("RULE-MSRP-005", Fail, &[In("alice-hello-answer", "xyz$", "xyz+")]),
    ("RULE-MSRP-006", Fail, &[Answer("alice-quiet", "alice-quiet", "403 Forbidden")]),
    ("RULE-MSRP-007", Fail, &[Answer("alice-partial", "alice-partial", "200 OK")]),
    ("RULE-MSRP-008", Fail, &[Answer("bob-hello-receipt", "bob-hello-receipt", "200 OK")]),
    ("RULE-MSRP-009", Fail, &[Drop("bob-nick-424"), Wait("alice-bye", 40)]),
    ("RULE-MSRP-010", Fail, &[In("bob-nick-424", "424 Malformed", "404 Not found")]),
    ("RULE-MSRP-010", Fail, &[In("alice-hello-answer", "200 OK", "425 Taken")]),
    ("RULE-MSRP-010", Fail, &[In("bob-nick-424", "424 Malformed", "501 Unknown method")]),
    ("RULE-MSRP-011", Fail, &[In("alice-hello-report", "msghello0001", "msgother0001")]),
    ("RULE-MSRP-012", Fail, &[In("alice-hello", "Success-Report: yes", "Success-Report: no")]),
    ("RULE-MSRP-013", Fail, &[In("alice-late", "Byte-Range", "Failure-Report: no\nByte-Range")]),
    ("RULE-MSRP-014", Advisory, &[In("alice-late-report", "Byte-Range: ", "X-Range: ")]),
    ("RULE-MSRP-015", Fail, &[Again("alice-hello-report", "alice-hello-report", "alice.msrp", &[("0009", "0098")])]),
    ("RULE-MSRP-015", Fail, &[In("alice-hello-report", "Byte-Range: 1-", "Byte-Range: 1-9")]),
    ("RULE-MSRP-016", Fail, &[In("alice-private-report", "sip:alice@", "sip:mallory@")]),
    ("RULE-MSRP-020", Fail, &[In("bob-hello", "To-Path: ", "To-Path:")]),
    ("RULE-MSRP-020", Fail, &[In("bob-hello", "MSRP switch", "MRSP switch")]),
    ("RULE-MSRP-021", Fail, &[In("bob-hello", "Byte-Range", "X-Note: BADOCTET\nByte-Range")]),
    ("RULE-MSRP-022", Fail, &[In("bob-hello", "7002/bobsession", "7002/elsewhere")]),
    ("RULE-MSRP-023", Fail, &[In("bob-hello", "switchbobsession", "elsewhere")]),
    ("RULE-MSRP-024", Advisory, &[In("bob-quiet", "switchtid0016xyz", "switchtid0007xyz")]),
    ("RULE-MSRP-024", Fail, &[Drop("bob-hello-200"), In("bob-quiet", "switchtid0016xyz", "switchtid0007xyz")]),
    ("RULE-MSRP-025", Advisory, &[Everywhere("switchtid", "s")]),
    ("RULE-MSRP-026", Fail, &[In("bob-hello", "Message-ID: msghello0001\n", "")]),
    ("RULE-MSRP-026", Fail, &[In("bob-hello", "Message-ID: msghello0001", "Message-ID: a@b")]),
    (
        "RULE-MSRP-027",
        Fail,
        &[In("bob-hello", "Content-Type: message/cpim\n", "Content-Type: message/cpim\nX-Last: no\n")],
    ),
    ("RULE-MSRP-028", Fail, &[In("bob-hello", "1-LEN/LEN", "1-3/LEN")]),
    ("RULE-MSRP-029", Fail, &[In("bob-notice", "1-*/LEN", "1-LEN/LEN")]),
    ("RULE-MSRP-030", Fail, &[In("alice-hello-report", "Status: 000 200 OK\n", "")]),
    ("RULE-MSRP-030", Fail, &[In("alice-hello-report", "Status:", "Failure-Report: no\nStatus:")]),
    ("RULE-MSRP-031", Fail, &[In("bob-hello", "Byte-Range", "Failure-Report: maybe\nByte-Range")]),
    ("RULE-MSRP-032", Advisory, &[In("bob-hello", "Byte-Range", "Use-Nickname: \"Ally\"\nByte-Range")]),
    ("RULE-MSRP-040", Fail, &[In("bob-long-2", "Byte-Range: 151-212/212\n", "")]),
    ("RULE-MSRP-040", Advisory, &[In("bob-hello", "Byte-Range: 1-LEN/LEN\n", "")]),
    ("RULE-MSRP-041", Fail, &[In("bob-long-2", "151-212/212", "141-202/212")]),
    ("RULE-MSRP-042", Fail, &[In("bob-long-1", "xyz+", "xyz$")]),
    ("RULE-MSRP-043", Advisory, &[Drop("bob-long-1")]),
    ("RULE-MSRP-044", Fail, &[In("bob-long-2", "Byte-Range", "Failure-Report: no\nByte-Range")]),
    ("RULE-MSRP-045", Fail, &[In("bob-private", "msgprivate0001", "msghello0001")]),
    ("RULE-MSRP-046", Fail, &[In("bob-long-2", "151-212/212", "151-212/300")]),
    ("RULE-MSRP-050", Fail, &[In("alice-200", "a=path:msrp://", "a=path:msrp://room:secret@")]),
    (
        "RULE-MSRP-051",
        Fail,
        &[In(
            "bob-hello",
            "Content-Type: message/cpim\n",
            "Content-Transfer-Encoding: 8bit\nContent-Type: message/cpim\n",
        )],
    ),
    ("RULE-MSRP-052", Advisory, SHORT_CHUNKS),
    ("RULE-MSRP-053", Fail, &[In("alice-hello-answer", "200 OK", "413 Stop")]),
    ("RULE-SIP-050", Fail, &[In("notify-2", "To: <sip:alice@127.0.0.1>", "To: <sip:alice@127.0.0.1:6001>")]),
    ("RULE-SIP-050", Fail, &[In("notify-2", "From: <sip:room@", "From: <sip:hall@")]),
    ("RULE-SIP-050", Fail, &[In("notify-2", "tag=alicesub", "tag=alicetag")]),
    ("RULE-SIP-050", Fail, &[In("notify-2", "Call-ID: call-alice-sub", "Call-ID: call-of-another")]),
    ("RULE-SIP-050", Fail, &[In("focus-options", "tag=focusalice", "tag=focusother")]),
    ("RULE-SIP-051", Advisory, &[In("notify-2", "CSeq: 11", "CSeq: 12")]),
    ("RULE-SIP-052", Fail, &[In("focus-options", "Route: <sip:127.0.0.1:6001;lr>\n", "")]),
    ("RULE-SIP-053", Advisory, &[In("bob-200", "Supported: norefersub\n", "")]),
    ("RULE-SIP-054", Advisory, &[In("alice-audio-488", "Warning:", "X-Warning:")]),
    ("RULE-SIP-055", Fail, &[Everywhere("tag=focusbob", "tag=focusalice")]),
    ("RULE-SIP-055", Fail, &[Everywhere("tag=focusbob", "tag=7")]),
    ("RULE-SIP-056", Fail, &[Again("alice-bye-200", "alice-bye-200", "alice.second.sip", &[("OK", "OK")])]),
    ("RULE-MSRP-060", Advisory, &[In("alice-hello-answer", "200 OK", "299 Fine")]),
    ("RULE-MSRP-060", Advisory, &[In("alice-hello-report", "000 200", "000 299")]),
    ("RULE-MSRP-061", Fail, &[In("alice-hello-answer", "200 OK", "408 Too late")]),
    ("RULE-MSRP-061", Advisory, &[In("alice-hello-answer", "200 OK", "423 Out of bounds")]),
    ("RULE-MSRP-062", Fail, &[Everywhere("session0001", "")]),
    (
        "RULE-MSRP-062",
        Fail,
        &[
            Everywhere("switchalicesession0001", "switchsession0000000001"),
            Everywhere("switchbobsession0001", "switchsession0000000002"),
            Everywhere("switchcarolsession0001", "switchsession0000000003"),
        ],
    ),
    ("RULE-CHAT-001", Fail, &[In("bob-hello", "Content-Type: message/cpim", "Content-Type: text/x-cpim")]),
    ("RULE-CHAT-002", Fail, &[In("bob-notice", "From: <sip:room@127.0.0.1:5080>\n", "")]),
    ("RULE-CHAT-002", Fail, &[In("bob-hello", "To: <sip:room@127.0.0.1:5080>\n", "")]),
    ("RULE-CHAT-003", Fail, &[In("bob-hello", "hello room", "HELLO room")]),
    (
        "RULE-CHAT-003",
        Fail,
        &[
            In("bob-hello", "\n\nContent-Type: text", "\nDateTime: now\n\nContent-Type: text"),
            In("bob-hello", "msghello", "msgown"),
        ],
    ),
    (
        "RULE-CHAT-003",
        Fail,
        &[In("bob-hello", "hello room, says Alice once", "hello room, says"), In("bob-hello", "msghello", "msgown")],
    ),
    ("RULE-CHAT-004", Fail, &[Again("alice-hello-answer", "bob-hello", "alice.msrp", TO_ALICE)]),
    ("RULE-CHAT-005", Fail, &[Again("alice-private-answer", "bob-private", "carol.msrp", TO_CAROL)]),
    (
        "RULE-CHAT-006",
        Fail,
        &[
            In("alice-refused-answer", "428 Private messages not supported", "200 OK"),
            Again("alice-refused-answer", "carol-hello", "carol.msrp", REFUSED_TO_CAROL),
        ],
    ),
    ("RULE-CHAT-007", Fail, &[Again("alice-refused-answer", "carol-hello", "carol.msrp", REFUSED_TO_CAROL)]),
    ("RULE-CHAT-008", Fail, &[In("alice-hello-answer", "200 OK", "428 No private messages")]),
    ("RULE-CHAT-008", Fail, &[In("alice-hello-answer", "200 OK", "404 Unknown")]),
    (
        "RULE-CHAT-009",
        Advisory,
        &[In("alice-hello", "text/plain", "text/html"), In("bob-hello", "text/plain", "text/html")],
    ),
    ("RULE-CHAT-010", Advisory, &[In("alice-200", ":nickname private-messages", ":private-messages")]),
    ("RULE-CHAT-011", Advisory, &[In("bob-notice", "127.0.0.1>\n\nContent-Type", "127.0.0.1>\nContent-Type")]),
    ("RULE-CPIM-001", Fail, &[In("bob-notice", "To: <sip:bob", "To:<sip:bob")]),
    ("RULE-CPIM-001", Fail, &[In("bob-notice", "To: <sip:bob", "Subject: a\n b\nTo: <sip:bob")]),
    ("RULE-CPIM-001", Fail, &[In("bob-notice", "To: <sip:bob@127.0.0.1>\n", "To: <sip:bob@127.0.0.1>BARELF\n")]),
    ("RULE-CPIM-002", Fail, &[In("bob-notice", "To: <sip:bob", "Subject: BADOCTET\nTo: <sip:bob")]),
    ("RULE-CPIM-003", Fail, &[In("bob-notice", "To: <sip:bob", "Subject: C:\\xyzzy\nTo: <sip:bob")]),
    ("RULE-CPIM-003", Fail, &[In("bob-notice", "To: <sip:bob", "To: \"a \"b\" c\" <sip:bob")]),
    ("RULE-CPIM-004", Fail, &[In("bob-notice", "To: <sip:bob", "Room.Mood: fine\nTo: <sip:bob")]),
    ("RULE-CPIM-004", Fail, &[In("bob-notice", "To: <sip:bob", "NS: Room <mood>\nTo: <sip:bob")]),
    ("RULE-CPIM-006", Fail, &[In("bob-notice", "To: <sip:bob", "Subject: a\nSubject: b\nTo: <sip:bob")]),
    ("RULE-CPIM-005", Fail, &[In("bob-notice", "To: <sip:bob", "DateTime: today\nTo: <sip:bob")]),
    ("RULE-CPIM-005", Fail, &[In("bob-notice", "To: <sip:bob", "Subject:;lang= x\nTo: <sip:bob")]),
    ("RULE-CPIM-005", Fail, &[In("bob-notice", "To: <sip:bob", "Require: A B\nTo: <sip:bob")]),
    ("RULE-SDP-001", Fail, &[In("alice-200", "s=-\n", "")]),
    ("RULE-SDP-001", Advisory, &[In("alice-200", "t=0 0\n", "")]),
    ("RULE-SDP-002", Fail, &[In("alice-200", "a=accept-types:message/cpim", "a=accept-types:message/cpim text/plain")]),
    ("RULE-SDP-003", Fail, &[In("bob-200", "a=accept-types:message/cpim", "a=accept-types:text/plain")]),
    ("RULE-SDP-004", Fail, &[In("alice-200", "a=accept-types:message/cpim\n", "")]),
    ("RULE-SDP-005", Fail, &[In("alice-200", "TCP/MSRP *", "TCP/MSRP 98")]),
    ("RULE-SDP-006", Advisory, &[In("alice-200", "m=message 2855", "m=message 2856")]),
    ("RULE-SDP-007", Fail, &[In("alice-200", "msrp://", "msrps://")]),
    ("RULE-SDP-008", Fail, &[In("alice-200", ":nickname private", ":nickname nickname private")]),
    ("RULE-SDP-009", Fail, &[In("alice-200", "t=0 0\n", "t=0 0\na=chatroom\n")]),
    ("RULE-SDP-010", Advisory, &[In("alice-200", ":nickname private", ":nicknames private")]),
    ("RULE-SDP-010", Advisory, &[In("alice-200", ":nickname private", ":nickname  private")]),
    ("RULE-SDP-011", Advisory, &[In("alice-200", "m=message", "m=audio 0 RTP/AVP 0\na=chatroom\nm=message")]),
    ("RULE-SDP-012", Advisory, &[In("alice-reinvite-200", "a=chatroom:nickname private-messages\n", "")]),
    ("RULE-SDP-013", Fail, &[In("alice-200", "m=message", "m=audio 0 RTP/AVP 0\nm=message")]),
    ("RULE-SDP-014", Fail, &[In("bob-200", "switchbobsession", "switchalicesession")]),
    ("RULE-SDP-015", Fail, &[In("alice-200", "a=setup:passive", "a=setup:active")]),
    ("RULE-SDP-015", Fail, &[In("alice-reinvite", "a=setup:active", "a=setup:active\na=sendonly")]),
    (
        "RULE-SDP-005",
        Fail,
        &[In("alice-200", "0001;tcp\na=accept", "0001;tcp  msrp://127.0.0.1:2855/x0001;tcp\na=accept")],
    ),
    ("RULE-SDP-040", Advisory, &[In("alice-200", "a=path:", "a=path:msrp://relay.example.com:2855/r3l4y;tcp ")]),
    ("RULE-SDP-041", Advisory, &[In("alice-200", "TCP/MSRP", "TCP/TLS/MSRP")]),
    ("RULE-SDP-041", Fail, &[In("bob-200", "TCP/MSRP", "MSRP/TCP")]),
    ("RULE-SDP-041", Advisory, &[In("alice-200", "TCP/MSRP", "tcp/msrp")]),
    ("RULE-SDP-043", Fail, &[In("bob-reinvite-200", "o=focus 2 1", "o=focus 2 2")]),
    ("RULE-SDP-044", Advisory, &[In("alice-200", "wrapped-types:", "wrapped-types:message/CPIM ")]),
    ("RULE-SDP-045", Advisory, &[In("alice-200", "a=setup:passive\n", "")]),
    ("RULE-SDP-046", Fail, &[In("alice-200", "a=setup:passive", "a=setup:holdconn")]),
    ("RULE-SDP-047", Fail, &[In("bob-200", "a=setup:actpass", "a=setup:passive")]),
    ("RULE-SDP-048", Advisory, &[In("alice-200", "a=setup:passive", "a=setup:passive\na=connection:new")]),
    ("RULE-SIP-001", Fail, &[In("alice-bye-200", "Call-ID: call-alice", "Call-ID: call-other")]),
    ("RULE-SIP-001", Fail, &[In("alice-bye-200", "z9hG4bKalice6", "z9hG4bKalice7")]),
    ("RULE-SIP-001", Fail, &[In("alice-bye-200", "From: <sip:alice@", "From: <sip:bob@")]),
    ("RULE-SIP-002", Fail, &[In("bob-publish-answer", ";tag=focuspublish", "")]),
    ("RULE-SIP-002", Fail, &[In("alice-bye-200", ";tag=focusalice", ";tag=another")]),
    (
        "RULE-SIP-003",
        Fail,
        &[Again("bob-publish-answer", "bob-publish-answer", "bob.sip", &[("405 Method Not Allowed", "500 Oops")])],
    ),
    (
        "RULE-SIP-004",
        Fail,
        &[Again(
            "alice-ack",
            "alice-200",
            "alice.sip",
            &[("CSeq: 2 INVITE", "CSeq: 2 ACK"), ("z9hG4bKalice2", "z9hG4bKalice3")],
        )],
    ),
    ("RULE-SIP-005", Fail, &[Drop("bob-options-answer"), Wait("alice-bye", 40)]),
    ("RULE-SIP-006", Fail, &[In("alice-200", CONTACT, "")]),
    ("RULE-SIP-006", Fail, &[In("alice-200", "Record-Route: <sip:127.0.0.1:6001;lr>\n", "")]),
    ("RULE-SIP-007", Fail, &[In("alice-200", ";isfocus", "")]),
    ("RULE-SIP-007", Fail, &[In("alice-200", ";transport=tcp>;isfocus", ";transport=tcp;isfocus>")]),
    ("RULE-SIP-008", Fail, &[In("carol-200", "Content-Length: LEN", "Content-Length: 0")]),
    ("RULE-SIP-009", Fail, &[In("bob-publish-answer", "Allow:", "X-Allow:")]),
    ("RULE-SIP-009", Fail, &[In("bob-options-answer", "Unsupported:", "X-Unsupported:")]),
    ("RULE-SIP-010", Fail, &[In("alice-401", ", nonce=\"abcdef0123\"", "")]),
    (
        "RULE-SIP-011",
        Advisory,
        &[Again("bob-options", "bob-options-answer", "bob.sip", &[("420 Bad Extension", "180 Ringing")])],
    ),
    ("RULE-SIP-012", Fail, &[In("alice-200", "Record-Route", "Require: 100rel\nRecord-Route")]),
    ("RULE-SIP-030", Fail, &[In("notify-1", "branch=z9hG4bK", "branch=")]),
    ("RULE-SIP-031", Fail, &[In("alice-100", "Timestamp: 54.21 0.5\n", "")]),
    ("RULE-SIP-031", Fail, &[In("alice-100", "54.21", "12.34")]),
    ("RULE-SIP-032", Fail, &[In("bob-publish-answer", " CANCEL,", "")]),
    ("RULE-SIP-033", Advisory, &[In("bob-publish-answer", "SUBSCRIBE", "SUBSCRIBE, PUBLISH")]),
    ("RULE-SIP-034", Fail, &[In("bob-options-answer", "Unsupported: teleport", "Unsupported: teleport, timer")]),
    ("RULE-SIP-035", Fail, &[In("notify-1", "Content-Type:", "X-Type:")]),
    ("RULE-SIP-036", Fail, &[In("bob-cancel-answer", "481 Call/Transaction Does Not Exist", "401 Unauthorized")]),
    ("RULE-SIP-036", Fail, &[In("bob-cancel-answer", "481 Call/Transaction Does Not Exist", "487 Terminated")]),
    ("RULE-SIP-037", Fail, &[In("alice-401", "WWW-", "WWW-Authenticate: Basic realm=\"room\"\nWWW-")]),
    ("RULE-SIP-038", Fail, &[In("alice-401", ", qop=\"auth\"", "")]),
    ("RULE-SIP-020", Fail, &[In("bob-publish-answer", "Allow:", "Allow")]),
    ("RULE-SIP-020", Fail, &[In("notify-1", "Max-Forwards: 70\n", "")]),
    ("RULE-SIP-021", Fail, &[In("notify-2", "CSeq: 11", "CSeq: 10")]),
    ("RULE-SIP-021", Fail, &[In("notify-2", "CSeq: 11", "CSeq: 9")]),
    ("RULE-SIP-022", Fail, &[In("notify-1", "NOTIFY sip:alice@127.0.0.1:6001", "NOTIFY sip:alice@127.0.0.1:6999")]),
    ("RULE-SIP-023", Fail, &[In("notify-1", "Event: conference\n", "")]),
    ("RULE-SIP-023", Advisory, &[In("notify-1", "active;expires=600", "active")]),
    ("RULE-SIP-024", Fail, &[In("alice-subscribe-200", "Expires: 600\n", "")]),
    ("RULE-SIP-024", Fail, &[In("alice-subscribe-200", "Expires: 600", "Expires: 900")]),
    (
        "RULE-SIP-025",
        Fail,
        &[Drop("notify-1"), Drop("notify-1-200"), Drop("notify-2"), Drop("notify-2-200"), Wait("alice-bye", 40)],
    ),
    ("RULE-ROSTER-001", Fail, &[In("notify-1", " version=\"1\"", "")]),
    ("RULE-ROSTER-001", Fail, &[In("notify-1", "</users>", "")]),
    ("RULE-ROSTER-002", Fail, &[In("notify-1", "application/conference-info+xml", "application/xml")]),
    ("RULE-ROSTER-003", Fail, &[In("notify-2", "version=\"2\"", "version=\"4\"")]),
    ("RULE-ROSTER-003", Fail, &[In("notify-2", "version=\"2\"", "version=\"1\"")]),
    ("RULE-ROSTER-004", Fail, &[In("notify-1", "state=\"full\" version", "state=\"partial\" version")]),
    ("RULE-ROSTER-005", Fail, &[In("notify-2", "entity=\"sip:room@", "entity=\"sip:other@")]),
    (
        "RULE-ROSTER-005",
        Advisory,
        &[
            In("notify-1", "entity=\"sip:room@", "entity=\"sip:other@"),
            In("notify-2", "entity=\"sip:room@", "entity=\"sip:other@"),
        ],
    ),
    ("RULE-ROSTER-006", Fail, &[In("notify-1", "entity=\"sip:bob@127.0.0.1\"", "entity=\"sip:alice@127.0.0.1\"")]),
    ("RULE-ROSTER-007", Advisory, &[In("notify-2", "xcon:nickname", "nickname")]),
    ("RULE-ROSTER-008", Fail, &[In("notify-2", "Bobby", "ally")]),
    ("RULE-ROSTER-009", Advisory, &[In("notify-1", "<user-count>3", "<user-count>2")]),
    (
        "RULE-ROSTER-010",
        Fail,
        &[In("notify-1", "\"sip:bob@127.0.0.1\" state=\"full\"", "\"sip:bob@127.0.0.1\" state=\"partial\"")],
    ),
    ("RULE-ROSTER-011", Fail, &[In("notify-1", "sip:anonymous1@anonymous.invalid", "sip:carol@127.0.0.1")]),
    ("RULE-EVENT-001", Advisory, &[In("notify-1", "encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"")]),
    ("RULE-EVENT-001", Fail, &[In("notify-1", "xml version=\"1.0\"", "xml version=\"1.1\"")]),
    ("RULE-EVENT-001", Fail, &[In("notify-1", "Ally", "Allé"), In("notify-1", "UTF-8", "ISO-8859-1")]),
    ("RULE-EVENT-002", Fail, &[In("notify-1", "<conference-state>", "<conference-state version=\"1\">")]),
    ("RULE-EVENT-003", Fail, &[In("notify-1", "<endpoint entity=\"sip:bob@127.0.0.1;ep=1\">", "<endpoint>")]),
    ("RULE-EVENT-003", Fail, &[In("notify-1", "<status>", "<media id=\"1\"/><media id=\"1\"/><status>")]),
    ("RULE-EVENT-004", Advisory, &[In("notify-2", "state=\"full\" xcon", "state=\"deleted\" xcon")]),
    ("RULE-EVENT-005", Fail, &[In("notify-2", "user entity=\"sip:bob", "user entity=\"SIP:bob")]),
    ("RULE-EVENT-006", Advisory, &[In("notify-1", "sip:alice@127.0.0.1;ep=1", " sip:alice@127.0.0.1;ep=1")]),
    (
        "RULE-EVENT-007",
        Advisory,
        &[In("notify-1", "</subject>", "</subject><conf-uris><entry><uri>sip:room@h</uri></entry></conf-uris>")],
    ),
    ("RULE-EVENT-008", Fail, &[In("notify-1", "<status>", "<media id=\"1\"><type>msrp</type></media><status>")]),
    (
        "RULE-EVENT-009",
        Fail,
        &[
            In("notify-1", "</subject>", "</subject><available-media><entry label=\"1\"/></available-media>"),
            In("notify-1", "<status>", "<media id=\"1\"><label>2</label></media><status>"),
        ],
    ),
    (
        "RULE-EVENT-010",
        Advisory,
        &[In("notify-1", "<status>", "<joining-info><when>2026-11-26T12:00:00+01:00</when></joining-info><status>")],
    ),
];

const FORKED: &[(&str, &str)] = &[("405 Method Not Allowed", "500 Oops"), ("focuspublish", "otherbranch")];
const SAME_WORDS: &[(&str, &str)] = &[
    ("switchtid0007xyz", "switchtid0097xyz"),
    ("msghello0001", "msgother0001"),
    ("To: <sip:room", "To: \"The room\" <sip:room"),
];

/// Changes that look like faults and are none, or none of this implementation's, with what the rule says at most.
pub const TOLERATED: &[(&str, Verdict, &[Change])] = &[
    // A relay answers a SEND by itself (T71).
    (
        "RULE-MSRP-004",
        Pass,
        &[
            In("alice-hello", "To-Path: ", "To-Path: msrp://relay.example:2855/relay;tcp "),
            In("alice-hello-answer", "127.0.0.1:2855/switchalicesession0001", "relay.example:2855/relay"),
        ],
    ),
    // A relay moves its URI from To-Path to From-Path.
    ("RULE-MSRP-022", Pass, BEHIND_RELAY),
    ("RULE-MSRP-023", Pass, BEHIND_RELAY),
    ("RULE-MSRP-006", Advisory, &[Answer("alice-quiet", "alice-quiet", "481 No session")]),
    ("RULE-MSRP-016", Advisory, &[In("alice-private-report", "message/cpim", "text/plain")]),
    ("RULE-MSRP-026", Pass, &[In("bob-hello", "msghello0001", "a@b"), In("alice-hello", "msghello0001", "a@b")]),
    (
        "RULE-MSRP-031",
        Inconclusive,
        &[
            In("bob-hello", "Byte-Range", "Failure-Report: maybe\nByte-Range"),
            In("alice-hello", "Byte-Range", "Failure-Report: maybe\nByte-Range"),
        ],
    ),
    // The same words from a device outside the transcript.
    ("RULE-CHAT-003", Pass, &[Again("bob-hello", "bob-hello", "bob.msrp", SAME_WORDS)]),
    // A file beside the room (T80).
    (
        "RULE-CHAT-001",
        Pass,
        &[
            In("bob-200", "a=setup", "a=file-selector:size:1\na=setup"),
            In("bob-hello", "Content-Type: message/cpim", "Content-Type: image/png"),
        ],
    ),
    (
        "RULE-SDP-002",
        Pass,
        &[In("alice-200", "a=accept-types:message/cpim", "a=accept-types:image/png\na=file-selector:size:1")],
    ),
    // No chat, no room.
    ("RULE-SIP-007", Pass, &[In("alice-200", ";isfocus", ""), In("alice-200", "m=message 2855", "m=message 0")]),
    // Proxies fork, and add routes.
    ("RULE-SIP-002", Advisory, &[Again("bob-publish-answer", "bob-publish-answer", "bob.sip", FORKED)]),
    ("RULE-SIP-003", Pass, &[Again("bob-publish-answer", "bob-publish-answer", "bob.sip", FORKED)]),
    ("RULE-SIP-006", Pass, &[In("alice-200", "Record-Route: ", "Record-Route: <sip:10.0.0.1;lr>, ")]),
    // A single datagram may be lost.
    ("RULE-SIP-005", Pass, &[Drop("carol-200"), Drop("carol-ack"), Wait("alice-bye", 40)]),
    // What was not answered is tried again.
    ("RULE-SIP-021", Pass, &[In("notify-2", "CSeq: 11", "CSeq: 10"), Drop("notify-1-200")]),
    ("RULE-ROSTER-003", Inconclusive, &[In("notify-2", "version=\"2\"", "version=\"1\""), Drop("notify-1-200")]),
    // A trace that begins with the refresh of a subscription.
    (
        "RULE-ROSTER-004",
        Inconclusive,
        &[
            In("notify-1", "state=\"full\" version", "state=\"partial\" version"),
            In("alice-subscribe", "To: <sip:room@127.0.0.1:5080>", "To: <sip:room@127.0.0.1:5080>;tag=known"),
        ],
    ),
    // A user who is taken out comes back under another spelling; the root of a conference that is over has children.
    (
        "RULE-EVENT-005",
        Pass,
        &[
            In(
                "notify-2",
                "<users state=\"partial\">",
                "<users state=\"partial\"><user entity=\"sip:bob@127.0.0.1\" state=\"deleted\"/>",
            ),
            In(
                "notify-2",
                "user entity=\"sip:bob@127.0.0.1\" state=\"full\"",
                "user entity=\"SIP:bob@127.0.0.1\" state=\"full\"",
            ),
        ],
    ),
    ("RULE-EVENT-004", Pass, &[In("notify-1", "state=\"full\" version", "state=\"deleted\" version")]),
    // Attributes of other name spaces, and what XML adds by itself.
    ("RULE-EVENT-002", Pass, &[In("notify-1", "<subject>", "<subject xml:lang=\"en\">")]),
    (
        "RULE-EVENT-010",
        Pass,
        &[In(
            "notify-1",
            "<status>",
            "<joining-info><when>2026-11-26T12:00:00Z</when><reason>Reason: SIP;cause=200;text=\"OK\"</reason></joining-info><status>",
        )],
    ),
    (
        "RULE-ROSTER-011",
        Advisory,
        &[
            In("carol-invite", "Privacy: user", "Privacy: id"),
            In("notify-1", "sip:anonymous1@anonymous.invalid", "sip:carol@127.0.0.1"),
        ],
    ),
];

const BEHIND_RELAY: &[Change] = &[
    In("bob-ack", "a=path:", "a=path:msrp://relay.example:2855/relay;tcp "),
    Everywhere(
        "From-Path: msrp://127.0.0.1:2855/switchbob",
        "From-Path: msrp://relay.example:2855/relay;tcp msrp://127.0.0.1:2855/switchbob",
    ),
];
