//! Losslessness, accessors, building.

use proptest::prelude::*;

use super::super::SipDefect::*;
use super::*;
use crate::wire::edit::Edit;

#[test]
fn built_messages_have_these_octets() {
    let request = SipMessage::request("BYE", "sip:a@b").with("Call-ID", "1").without_body();
    assert_eq!(&request.octets()[..], b"BYE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n");
    let response = SipMessage::response(486, "Busy Here")
        .with_body("text/plain", "no")
        .edited(&[Edit::Drop("Content-Type".into())]);
    assert_eq!(&response.octets()[..], b"SIP/2.0 486 Busy Here\r\nContent-Length: 2\r\n\r\nno");
}

#[test]
fn odd_line_ends_and_bad_utf8_stay() {
    let parsed = read(&crlf(PLAIN).iter().copied().filter(|octet| *octet != b'\r').collect::<Vec<_>>());
    assert_eq!(kinds(&parsed), vec![BareLineEnd; 10]);
    assert_eq!(&parsed.tree.body[..], b"hello");
    let mut octets = crlf(PLAIN);
    let at = octets.windows(5).position(|window| window == b"Alice").unwrap();
    octets[at] = 0xff;
    let parsed = read(&octets);
    assert_eq!(kinds(&parsed), [BadUtf8]);
    assert_eq!(parsed.tree.from().unwrap().display_name.as_deref(), Some("\u{fffd}lice"));
    let parsed = read(&[b"\r\n\r\n".as_slice(), &crlf(PLAIN)].concat());
    assert_eq!(kinds(&parsed), [LeadingEmptyLine]);
    let (head, _) = PLAIN.split_once("\n\n").unwrap();
    assert_eq!(kinds(&read(&crlf(&format!("{head}\n")))), [BodyTooShort, MissingEmptyLine]);
}

#[test]
fn what_is_not_sip_is_none() {
    for octets in [&b""[..], b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"MSRP a SEND\r\n", b"\x00\x01\x02\x03"] {
        assert!(SipMessage::parse_datagram(Bytes::copy_from_slice(octets)).is_none(), "{octets:?}");
    }
}

#[test]
fn a_list_over_lines_and_compact_names() {
    let message = SipMessage::response(200, "OK")
        .with("k", "timer, 100rel")
        .with("Supported", "path")
        .with("m", "\"A, <B>\" <sip:a,b@c;x=1,2>;methods=\"INVITE,BYE\";isfocus,, sip:d@e");
    assert_eq!(message.values("supported"), ["timer", "100rel", "path"]);
    let contacts = message.contacts();
    assert_eq!(contacts.len(), 2);
    assert_eq!(contacts[0].display_name.as_deref(), Some("A, <B>"));
    assert_eq!(contacts[0].uri, "sip:a,b@c;x=1,2");
    assert_eq!(contacts[0].params.value("methods"), Some("INVITE,BYE"));
    assert!(contacts[0].params.has("ISFOCUS"));
    assert_eq!(contacts[1].uri, "sip:d@e");
}

#[test]
fn the_tree_of_a_plain_request() {
    insta::assert_debug_snapshot!(read(&crlf(PLAIN)));
}

#[test]
fn ten_thousand_headers_and_a_header_of_commas() {
    let mut octets = crlf("OPTIONS sip:a@b SIP/2.0\n");
    for n in 0..10_000 {
        octets.extend_from_slice(format!("X-{n}: v\r\n").as_bytes());
    }
    octets
        .extend_from_slice(format!("Via: {}\r\nRoute: {}\r\n\r\n", ",".repeat(60_000), "<".repeat(60_000)).as_bytes());
    let parsed = read(&octets);
    assert_eq!(parsed.tree.headers.0.len(), 10_002);
    assert!(parsed.tree.vias().is_empty());
}

proptest! {
    #[test]
    fn no_octets_make_it_panic(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        let octets = Bytes::from([b"A sip:a SIP/2.0\r\n".as_slice(), &octets].concat());
        let parsed = SipMessage::parse_datagram(octets.clone()).unwrap();
        prop_assert_eq!(parsed.tree.octets(), octets);
    }

    #[test]
    fn damage_loses_nothing(damage in prop::collection::vec((any::<prop::sample::Index>(), "[\r\n :;,<>\"/@\\x00\\xffa]"), 1..8)) {
        let mut octets = crlf(PLAIN);
        for (place, by) in damage {
            let at = place.index(octets.len());
            octets.splice(at..at + 1, by.bytes());
        }
        let octets = Bytes::from(octets);
        if let Some(parsed) = SipMessage::parse_datagram(octets.clone()) {
            let message = parsed.tree;
            prop_assert_eq!(message.octets(), octets);
            let _ = (message.vias(), message.from(), message.to(), message.contacts(), message.cseq(), message.media_type());
        }
    }
}

#[test]
fn compact_names_stand_for_these() {
    let registered = [
        ("a", "Accept-Contact"),
        ("b", "Referred-By"),
        ("c", "Content-Type"),
        ("d", "Request-Disposition"),
        ("e", "Content-Encoding"),
        ("f", "From"),
        ("i", "Call-ID"),
        ("j", "Reject-Contact"),
        ("k", "Supported"),
        ("l", "Content-Length"),
        ("m", "Contact"),
        ("o", "Event"),
        ("r", "Refer-To"),
        ("s", "Subject"),
        ("t", "To"),
        ("u", "Allow-Events"),
        ("v", "Via"),
        ("x", "Session-Expires"),
        ("y", "Identity"),
    ];
    let message = registered.iter().fold(SipMessage::response(200, "OK"), |message, (compact, long)| {
        message.with(&compact.to_uppercase(), (*long).to_owned())
    });
    for (compact, long) in registered {
        assert_eq!(message.header(&long.to_lowercase()).as_deref(), Some(long));
        assert_eq!(message.header(compact).as_deref(), Some(long));
    }
    assert_eq!(message.header("z"), None);
}

#[test]
fn headers_that_stand_once() {
    let once = [
        "Call-ID",
        "Content-Disposition",
        "Content-Length",
        "Content-Type",
        "CSeq",
        "Date",
        "Event",
        "Expires",
        "From",
        "Max-Forwards",
        "MIME-Version",
        "Min-Expires",
        "Min-SE",
        "Organization",
        "Priority",
        "Refer-To",
        "Reply-To",
        "Retry-After",
        "Server",
        "Session-Expires",
        "Subject",
        "Subscription-State",
        "To",
        "User-Agent",
    ];
    for name in once {
        let parsed = read(&crlf(&format!("BYE sip:a@b SIP/2.0\n{name}: 1\nX: y\n{name}: 1\n\n")));
        assert!(kinds(&parsed).contains(&RepeatedHeader(name)), "{name}");
    }
    for name in ["Via", "Contact", "Route", "Record-Route", "Supported", "WWW-Authenticate", "Allow", "Accept", "X-Own"]
    {
        let parsed = read(&crlf(&format!("BYE sip:a@b SIP/2.0\n{name}: 1\n{name}: 1\n\n")));
        assert!(!kinds(&parsed).iter().any(|kind| matches!(kind, RepeatedHeader(_))), "{name}");
    }
}

#[test]
fn folding_by_tabs_and_lines_of_blanks() {
    let parsed = read(&crlf(&PLAIN.replace("Call-ID: a@b", "Subject: one\n\ttwo\n \n  three\nCall-ID: a@b")));
    assert_eq!(kinds(&parsed), []);
    let subject = parsed.tree.header("s").unwrap();
    assert_eq!(subject.split_whitespace().collect::<Vec<_>>(), ["one", "two", "three"]);
    let raw = parsed.tree.headers.get("Subject").unwrap();
    assert_eq!(&raw.value[..], b"one\r\n\ttwo\r\n \r\n  three");
}

#[test]
fn an_answered_invite_names_its_contact() {
    let answer = |status: &str, method: &str| {
        let (_, rest) = PLAIN.split_once('\n').unwrap();
        kinds(&read(&crlf(&format!("SIP/2.0 {status}\n{}", rest.replace("MESSAGE", method)))))
    };
    assert_eq!(answer("200 OK", "INVITE"), [MissingHeader("Contact")]);
    assert_eq!(answer("200 OK", "BYE"), []);
    assert_eq!(answer("486 Busy Here", "INVITE"), []);
}
