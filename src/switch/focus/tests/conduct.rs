//! Transactions and transport.

use std::time::Duration;

use super::*;

#[test]
fn a_slow_room_says_trying_and_answers_later() {
    let mut bench = Bench::new();
    let text = invite("slow", "alice", 1, "");
    let trying = bench.ask(ALICE, &text);
    assert_eq!(trying.status(), Some(100));
    assert!(trying.to().unwrap().tag().is_none());
    assert_eq!(bench.status(ALICE, &text), 100, "a retransmission gets the last response again");
    assert!(bench.pass(Duration::from_millis(699)).is_empty());
    let sent = bench.pass(Duration::from_millis(1));
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].message.status(), Some(200));
}

#[test]
fn cancel_takes_an_invite_back() {
    let mut bench = Bench::new();
    let text = invite("slow", "alice", 1, "");
    bench.ask(ALICE, &text);
    let cancel =
        text.replace("INVITE", "CANCEL").split("Content-Type").next().unwrap().to_owned() + "Content-Length: 0\r\n\r\n";
    let sent = bench.send(ALICE, &cancel);
    assert_eq!(sent.len(), 2);
    let (to_cancel, to_invite) = (&sent[0].message, &sent[1].message);
    assert_eq!((to_cancel.status(), to_cancel.cseq().unwrap().method.as_str()), (Some(200), "CANCEL"));
    assert_eq!((to_invite.status(), to_invite.cseq().unwrap().method.as_str()), (Some(487), "INVITE"));
    assert_eq!(to_cancel.header("To"), to_invite.header("To"), "the same To tag in both");
    let again = bench.pass(Duration::from_millis(500));
    assert_eq!(again.len(), 1, "timer G repeats the 487");
    let ack = text.replace("INVITE sip", "ACK sip").replace("1 INVITE", "1 ACK");
    assert!(bench.send(ALICE, &ack).is_empty());
    assert!(bench.pass(Duration::from_secs(40)).is_empty());
    assert!(bench.switch.is_idle());
}

#[test]
fn a_cancel_that_matches_nothing_gets_481() {
    let text = request("CANCEL", "sip:room@127.0.0.1", "alice", 1, "", "");
    assert_eq!(Bench::new().status(ALICE, &text), 481);
}

#[test]
fn a_cancel_after_the_final_response_changes_nothing() {
    let mut bench = Bench::new();
    let text = invite("room", "alice", 1, "");
    let ok = bench.ask(ALICE, &text);
    let cancel = text.replace("INVITE", "CANCEL");
    assert_eq!(bench.status(ALICE, &cancel), 200);
    bench.send(ALICE, &within(&ok, "ACK", "alice", 1, "", ""));
    assert_eq!(bench.status(ALICE, &within(&ok, "BYE", "alice", 2, "", "")), 200);
}

#[test]
fn a_reinvite_during_a_reinvite_gets_500_with_retry_after() {
    let mut bench = Bench::new();
    bench.ask(ALICE, &invite("slow", "alice", 1, ""));
    let ok = bench.pass(Duration::from_millis(700)).remove(0).message;
    bench.send(ALICE, &within(&ok, "ACK", "alice", 1, "", ""));
    let sdp = "Content-Type: application/sdp\n";
    assert_eq!(bench.status(ALICE, &within(&ok, "INVITE", "alice", 2, sdp, OFFER)), 100);
    let second = bench.ask(ALICE, &within(&ok, "INVITE", "alice", 3, sdp, OFFER));
    assert_eq!(second.status(), Some(500));
    assert!(second.header("Retry-After").is_some());
}

#[test]
fn a_refused_invite_repeats_its_response_until_the_ack() {
    let mut bench = Bench::new();
    assert_eq!(bench.status(ALICE, &invite("nowhere", "alice", 1, "")), 404);
    assert_eq!(bench.pass(Duration::from_millis(3500)).len(), 3, "T1, 2*T1, 4*T1");
    let ack = invite("nowhere", "alice", 1, "").replace("INVITE sip", "ACK sip").replace("1 INVITE", "1 ACK");
    bench.send(ALICE, &ack);
    assert!(bench.pass(Duration::from_secs(60)).is_empty());
}

#[test]
fn our_requests_repeat_until_64_t1() {
    let mut bench = Bench::new();
    bench.join("room", "alice", ALICE, "");
    bench.switch.shut_down(bench.now);
    assert_eq!(bench.sent().len(), 1);
    // 0.5, 1.5, 3.5, then every 4 s until 31.5 (RFC 3261, 17.1.2.2).
    assert_eq!(bench.pass(Duration::from_secs(33)).len(), 10);
    assert!(bench.switch.is_idle());
}

#[test]
fn rport_and_received_tell_where_the_request_came_from() {
    let mut bench = Bench::new();
    let text = request("OPTIONS", "sip:room@127.0.0.1", "alice", 1, "", "")
        .replace("127.0.0.1:5070;branch", "client.example.com:5070;rport;branch");
    let sent = bench.send("127.0.0.1:6666", &text);
    assert_eq!(sent[0].to, Some(address("127.0.0.1:6666")));
    let via = sent[0].message.vias().remove(0);
    assert_eq!((via.params.value("rport"), via.params.value("received")), (Some("6666"), Some("127.0.0.1")));
    let text = text.replace(";rport", "").replace("alice-1", "alice-2");
    let sent = bench.send("127.0.0.1:6666", &text);
    assert_eq!(sent[0].to, Some(address("127.0.0.1:5070")), "without rport: the port of sent-by");
    assert_eq!(sent[0].message.vias()[0].params.value("received"), Some("127.0.0.1"));
}

#[test]
fn a_stream_carries_requests_cut_anywhere_and_bye_comes_back_on_it() {
    let mut bench = Bench::new();
    let stream = bench.connect(1, "127.0.0.1:40000");
    let text = invite("room", "alice", 1, "Contact: <sip:alice@127.0.0.1:5099;transport=tcp>\n")
        .replace("SIP/2.0/UDP", "SIP/2.0/TCP");
    let (head, tail) = text.split_at(200);
    assert!(bench.write(stream, head).is_empty());
    let sent = bench.write(stream, tail);
    assert_eq!(sent.len(), 1);
    assert_eq!((sent[0].message.status(), sent[0].connection), (Some(200), Some(stream)));
    let contact = sent[0].message.contacts().remove(0).uri;
    assert_eq!(contact, "sip:room@127.0.0.1:5060;transport=tcp");
    let ack = within(&sent[0].message, "ACK", "alice", 1, "", "");
    bench.write(stream, &ack);
    bench.switch.shut_down(bench.now);
    let sent = bench.sent();
    assert_eq!((sent[0].message.method(), sent[0].connection), (Some("BYE"), Some(stream)));
    assert!(sent[0].message.header("Via").unwrap().starts_with("SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK"));
}

#[test]
fn a_closed_stream_is_opened_again_for_the_bye() {
    let mut bench = Bench::new();
    let stream = bench.connect(1, "127.0.0.1:40000");
    let text = invite("room", "alice", 1, "Contact: <sip:alice@127.0.0.1:5099;transport=tcp>\n");
    let ok = bench.write(stream, &text).remove(0).message;
    bench.write(stream, &within(&ok, "ACK", "alice", 1, "", ""));
    bench.switch.handle_input(bench.now, Input::Closed { connection: stream });
    bench.switch.shut_down(bench.now);
    let Some(Output::Connect { connection, to, protocol, .. }) = bench.switch.poll_output() else {
        panic!("a connection is wanted")
    };
    assert_eq!((to, protocol), (address("127.0.0.1:5099"), Protocol::Sip));
    let ready = Input::Connected { connection, protocol, local: to, remote: to, secured: false };
    bench.switch.handle_input(bench.now, ready);
    assert_eq!(bench.sent()[0].message.method(), Some("BYE"));
}

#[test]
fn record_route_becomes_the_route_set() {
    let mut bench = Bench::new();
    let routes = "Record-Route: <sip:127.0.0.1:5090;lr>, <sip:127.0.0.1:5091;lr>\n";
    let ok = bench.join("room", "alice", ALICE, routes);
    assert_eq!(ok.values("Record-Route"), ["<sip:127.0.0.1:5090;lr>", "<sip:127.0.0.1:5091;lr>"]);
    bench.switch.shut_down(bench.now);
    let sent = bench.sent().remove(0);
    assert_eq!(sent.to, Some(address("127.0.0.1:5090")));
    assert_eq!(sent.message.values("Route"), ["<sip:127.0.0.1:5090;lr>", "<sip:127.0.0.1:5091;lr>"]);
    assert!(sent.message.octets().starts_with(b"BYE sip:alice@127.0.0.1:5070 SIP/2.0\r\n"));
}

#[test]
fn junk_is_borne_in_silence() {
    let mut bench = Bench::new();
    for junk in ["\r\n\r\n", "hello", "INVITE sip:room@127.0.0.1 SIP/2.0\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n"] {
        assert!(bench.send(ALICE, junk).is_empty(), "{junk}");
    }
    let stream = bench.connect(1, "127.0.0.1:40000");
    bench.write(stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(bench.status(ALICE, &invite("room", "alice", 1, "")), 200);
}

#[test]
fn a_strict_router_becomes_the_request_uri() {
    let mut bench = Bench::new();
    bench.join("room", "alice", ALICE, "Record-Route: <sip:127.0.0.1:5090>, <sip:127.0.0.1:5091;lr>\n");
    bench.switch.shut_down(bench.now);
    let sent = bench.sent().remove(0);
    assert!(sent.message.octets().starts_with(b"BYE sip:127.0.0.1:5090 SIP/2.0\r\n"));
    assert_eq!(sent.message.values("Route"), ["<sip:127.0.0.1:5091;lr>", "<sip:alice@127.0.0.1:5070>"]);
}

#[test]
fn a_cancelled_reinvite_leaves_the_session() {
    let mut bench = Bench::new();
    bench.ask(ALICE, &invite("slow", "alice", 1, ""));
    let ok = bench.pass(Duration::from_millis(700)).remove(0).message;
    bench.send(ALICE, &within(&ok, "ACK", "alice", 1, "", ""));
    let again = within(&ok, "INVITE", "alice", 2, "Content-Type: application/sdp\n", OFFER);
    assert_eq!(bench.status(ALICE, &again), 100);
    let sent = bench.send(ALICE, &again.replace("INVITE", "CANCEL"));
    assert_eq!(sent.iter().filter_map(|sent| sent.message.status()).collect::<Vec<_>>(), [200, 487]);
    assert_eq!(bench.status(ALICE, &within(&ok, "BYE", "alice", 3, "", "")), 200);
}

#[test]
fn a_bye_ends_a_pending_reinvite() {
    let mut bench = Bench::new();
    bench.ask(ALICE, &invite("slow", "alice", 1, ""));
    let ok = bench.pass(Duration::from_millis(700)).remove(0).message;
    bench.send(ALICE, &within(&ok, "ACK", "alice", 1, "", ""));
    bench.send(ALICE, &within(&ok, "INVITE", "alice", 2, "Content-Type: application/sdp\n", OFFER));
    let sent = bench.send(ALICE, &within(&ok, "BYE", "alice", 3, "", ""));
    assert_eq!(sent.iter().filter_map(|sent| sent.message.status()).collect::<Vec<_>>(), [200, 487]);
}

#[test]
fn a_2xx_over_a_stream_repeats_too() {
    let mut bench = Bench::new();
    let stream = bench.connect(1, "127.0.0.1:40000");
    bench.write(stream, &invite("room", "alice", 1, ""));
    assert_eq!(bench.pass(Duration::from_millis(500)).len(), 1, "RFC 3261, 13.3.1.4: end to end");
}

#[test]
fn shorter_timers_shorten_everything() {
    let mut bench = Bench::with(SwitchConfig::bundled(), FaultSet::none(), |settings| {
        settings.timers.t1 = Duration::from_millis(10);
    });
    bench.ask(ALICE, &invite("room", "alice", 1, ""));
    let sent = bench.pass(Duration::from_millis(640));
    assert_eq!(sent.last().unwrap().message.method(), Some("BYE"), "64*T1");
}
