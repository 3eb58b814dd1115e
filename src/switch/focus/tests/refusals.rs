//! Each status code where it belongs.

use super::*;

const ROOM: &str = "sip:room@127.0.0.1:5060";

#[test]
fn methods_and_addresses() {
    let cases = [
        ("REGISTER", ROOM, 405),
        ("MESSAGE", ROOM, 405),
        ("INFO", ROOM, 405),
        ("NICKNAME", ROOM, 501),
        ("OPTIONS", "sip:nowhere@127.0.0.1", 404),
        ("OPTIONS", "tel:+358401234567", 416),
        ("OPTIONS", "sip:127.0.0.1", 200),
        ("OPTIONS", "sip:%72oom@127.0.0.1", 200),
        ("OPTIONS", "sips:room@127.0.0.1", 200),
        ("BYE", ROOM, 481),
    ];
    for (method, uri, status) in cases {
        let response = Bench::new().ask(ALICE, &request(method, uri, "alice", 1, "", ""));
        assert_eq!(response.status(), Some(status), "{method} {uri}");
        if status == 405 || status == 200 {
            let allow = response.values("Allow");
            assert_eq!(allow, ["INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "SUBSCRIBE"]);
        }
    }
}

#[test]
fn options_tells_what_the_focus_can() {
    let mut bench = Bench::new();
    let ok = bench.ask(ALICE, &request("OPTIONS", ROOM, "alice", 1, "", ""));
    assert!(ok.contacts()[0].params.has("isfocus"));
    assert_eq!(ok.header("Accept").as_deref(), Some("application/sdp"));
    assert_eq!(ok.header("Allow-Events").as_deref(), Some("conference"));
    let joined = bench.join("room", "alice", ALICE, "");
    assert_eq!(bench.status(ALICE, &within(&joined, "OPTIONS", "alice", 2, "", "")), 200);
}

#[test]
fn headers_and_bodies() {
    let sdp = "Content-Type: application/sdp\n";
    let cases = [
        (invite("room", "alice", 1, "Require: nothing-known, 100rel\n"), 420, "Unsupported", "nothing-known, 100rel"),
        (request("INVITE", ROOM, "alice", 1, "Content-Type: text/plain\n", "hello"), 415, "Accept", "application/sdp"),
        (
            request("INVITE", ROOM, "alice", 1, &format!("{sdp}Content-Encoding: gzip\n"), OFFER),
            415,
            "Accept-Encoding",
            "identity",
        ),
        (invite("room", "alice", 1, "Accept: text/plain\n"), 406, "Accept", "application/sdp"),
        (request("SUBSCRIBE", ROOM, "alice", 1, "Event: presence\n", ""), 489, "Allow-Events", "conference"),
        (request("SUBSCRIBE", ROOM, "alice", 1, "", ""), 489, "Allow-Events", "conference"),
        (
            request("SUBSCRIBE", ROOM, "alice", 1, "Event: conference\nAccept: application/pidf+xml\n", ""),
            406,
            "Accept",
            "application/conference-info+xml",
        ),
    ];
    for (text, status, name, value) in cases {
        let response = Bench::new().ask(ALICE, &text);
        assert_eq!(response.status(), Some(status), "{text}");
        assert_eq!(response.header(name).as_deref(), Some(value));
    }
}

#[test]
fn malformed_requests() {
    let good = invite("room", "alice", 1, "");
    let without =
        |name: &str| good.split("\r\n").filter(|line| !line.starts_with(name)).collect::<Vec<_>>().join("\r\n");
    for text in [
        without("From:"),
        without("To:"),
        without("Call-ID:"),
        without("CSeq:"),
        without("Contact:"),
        good.replace("CSeq: 1 INVITE", "CSeq: 1 OPTIONS"),
        good.replace("CSeq: 1 INVITE", "CSeq: one INVITE"),
        good.replace("Call-ID: call-alice", "Call-ID: call-alice\r\nCall-ID: other"),
    ] {
        assert_eq!(Bench::new().status(ALICE, &text), 400, "{text}");
    }
    assert_eq!(Bench::new().status(ALICE, &without("Max-Forwards:")), 200, "RFC 2543 had it optional");
    assert_eq!(Bench::new().status(ALICE, &good.replace("Max-Forwards: 70", "Max-Forwards: 0")), 200);
    assert_eq!(Bench::new().status(ALICE, &good.replacen("SIP/2.0", "SIP/7.0", 1)), 505);
    let long = good.replace("Max-Forwards", &format!("Subject: {}\r\nMax-Forwards", "x".repeat(64 * 1024)));
    assert_eq!(Bench::new().status(ALICE, &long), 513);
}

#[test]
fn offers_that_a_room_cannot_accept() {
    let sdp = "Content-Type: application/sdp\n";
    let refused = [
        ("room", OFFER.replace("message/cpim text/plain", "text/plain")),
        ("room", OFFER.replace("m=message", "m=audio")),
        ("room", OFFER.replace("TCP/MSRP", "TCP/TLS/MSRP")),
        ("room", OFFER.replace("m=message 7654", "m=message 0")),
        ("room", OFFER.replace("a=path:msrp://127.0.0.1:7654/jshA7weztas;tcp\n", "")),
        ("room", OFFER.replace("msrp://", "http://")),
        ("room", "hello".to_owned()),
        ("secret", OFFER.to_owned()),
    ];
    for (room, offer) in refused {
        let text = request("INVITE", &format!("sip:{room}@127.0.0.1"), "alice", 1, sdp, &offer);
        let response = Bench::new().ask(ALICE, &text);
        assert_eq!(response.status(), Some(488), "{room} {offer}");
        assert!(response.header("Warning").unwrap().starts_with("399 127.0.0.1:5060 \""));
    }
    let accepted = [
        OFFER.replace("message/cpim", "Message/CPIM"),
        OFFER.replace("message/cpim text/plain", "*"),
        OFFER.replace("message/cpim text/plain", "message/*"),
        OFFER.replace("t=0 0\n", ""),
    ];
    for offer in accepted {
        let text = request("INVITE", ROOM, "alice", 1, sdp, &offer);
        assert_eq!(Bench::new().status(ALICE, &text), 200, "{offer}");
    }
}

#[test]
fn tls_rooms_mirror_the_protocol_and_show_the_fingerprint() {
    let mut bench = Bench::with(SwitchConfig::bundled(), FaultSet::none(), |settings| {
        settings.msrp_tls = Some(address("127.0.0.1:2856"));
        settings.tls_fingerprint = Some("SHA-256 AA:BB".to_owned());
    });
    let offer = OFFER.replace("TCP/MSRP", "TCP/TLS/MSRP").replace("msrp:", "msrps:");
    let text = request("INVITE", "sip:secret@127.0.0.1", "alice", 1, "Content-Type: application/sdp\n", &offer);
    let answer = body(&bench.ask(ALICE, &text));
    assert!(answer.contains("m=message 2856 TCP/TLS/MSRP *\r\n"), "{answer}");
    assert!(answer.contains("a=path:msrps://127.0.0.1:2856/"), "{answer}");
    assert!(answer.contains("a=fingerprint:SHA-256 AA:BB\r\n"), "{answer}");
    let late = bench.ask(BOB, &request("INVITE", "sip:secret@127.0.0.1", "bob", 1, "", ""));
    assert!(body(&late).contains("TCP/TLS/MSRP"), "the focus offers what the room wants");
}

#[test]
fn dialogs_and_sequence_numbers() {
    let mut bench = Bench::new();
    let ok = bench.ask(ALICE, &invite("room", "alice", 7, ""));
    bench.send(ALICE, &within(&ok, "ACK", "alice", 7, "", ""));
    assert_eq!(bench.status(ALICE, &within(&ok, "OPTIONS", "alice", 6, "", "")), 500);
    assert_eq!(bench.status(ALICE, &within(&ok, "OPTIONS", "alice", 99, "", "")), 200, "a gap is no error");
    assert_eq!(bench.status(ALICE, &within(&ok, "INFO", "alice", 100, "", "")), 405);
    let stray = within(&ok, "BYE", "alice", 101, "", "").replace("Call-ID: ", "Call-ID: not-");
    assert_eq!(bench.status(ALICE, &stray), 481);
    assert_eq!(bench.status(ALICE, &within(&ok, "BYE", "alice", 102, "", "")), 200);
}

#[test]
fn a_request_that_comes_twice_by_different_ways_is_merged() {
    let mut bench = Bench::new();
    let text = invite("room", "alice", 1, "");
    assert_eq!(bench.status(ALICE, &text), 200);
    assert_eq!(bench.status(ALICE, &text.replace("z9hG4bK-", "z9hG4bK-other-")), 482);
}

#[test]
fn a_single_endpoint_room_refuses_the_second_device() {
    let mut bench = Bench::new();
    let ok = bench.join("single", "alice", ALICE, "");
    let second = invite("single", "alice", 2, "Call-ID: second-device\n");
    assert_eq!(bench.status(ALICE, &second), 403);
    assert_eq!(bench.status(BOB, &invite("single", "bob", 1, "")), 200);
    bench.ask(ALICE, &within(&ok, "BYE", "alice", 3, "", ""));
    let later = invite("single", "alice", 4, "Call-ID: later\n");
    assert_eq!(bench.status(ALICE, &later), 200);
}

#[test]
fn bounds_are_answered_with_503() {
    let mut bench = Bench::with(SwitchConfig::bundled(), FaultSet::none(), |settings| settings.limits.dialogs = 1);
    bench.join("room", "alice", ALICE, "");
    let refused = bench.ask(BOB, &invite("room", "bob", 1, ""));
    assert_eq!(refused.status(), Some(503));
    assert!(refused.header("Retry-After").is_some());
}
