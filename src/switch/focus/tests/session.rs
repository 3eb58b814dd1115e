//! Joining, changing and leaving a session.

use std::time::Duration;

use super::*;
use crate::switch::fault::Fault;

#[test]
fn joining_gets_the_answer_that_rfc_7701_wants() {
    let mut bench = Bench::new();
    let ok = bench.ask(ALICE, &invite("room", "alice", 1, ""));
    assert_eq!(ok.status(), Some(200));
    let contact = ok.header("Contact").unwrap();
    assert_eq!(
        contact,
        "<sip:room@127.0.0.1:5060>;methods=\"INVITE,ACK,CANCEL,BYE,OPTIONS,SUBSCRIBE,NOTIFY\";automata;isfocus;message;\
         event=\"conference\""
    );
    assert_eq!(ok.header("Allow-Events").as_deref(), Some("conference"));
    assert!(ok.to().unwrap().tag().is_some_and(|tag| tag.len() >= 8));
    assert_eq!(ok.header("Via").as_deref(), Some("SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK-alice-1-invite"));
    let sdp = body(&ok);
    let lines: Vec<&str> = sdp.split("\r\n").collect();
    assert!(lines.contains(&"m=message 2855 TCP/MSRP *"), "{sdp}");
    assert!(lines.contains(&"a=accept-types:message/cpim"), "{sdp}");
    assert!(lines.contains(&"a=accept-wrapped-types:*"), "{sdp}");
    assert!(lines.contains(&"a=chatroom:nickname private-messages"), "{sdp}");
    assert!(lines.contains(&"c=IN IP4 127.0.0.1"), "{sdp}");
    assert!(lines.iter().any(|line| line.starts_with("a=path:msrp://127.0.0.1:2855/")), "{sdp}");
    assert!(lines.contains(&"a=setup:passive"), "each answer has it (RFC 6135, 4.2.1): {sdp}");
}

#[test]
fn policies_show_in_the_chatroom_attribute() {
    let mut bench = Bench::new();
    for (room, line) in [("noprivate", "a=chatroom:nickname\r\n"), ("nonick", "a=chatroom:private-messages\r\n")] {
        let more = format!("Call-ID: {room}\n");
        assert!(body(&bench.ask(ALICE, &invite(room, "alice", 1, &more))).contains(line));
    }
    let mut bare = RoomPolicy::named("bare");
    bare.nicknames = false;
    bare.private_messages = false;
    bare.max_size = Some(9000);
    let sdp = body(&Bench::room(bare).ask(ALICE, &invite("bare", "alice", 1, "")));
    assert!(sdp.contains("a=chatroom\r\n") && sdp.contains("a=max-size:9000\r\n"), "{sdp}");
}

#[test]
fn setup_is_answered_by_rfc_6135() {
    for (offered, answered) in [("active", "passive"), ("actpass", "passive"), ("passive", "active")] {
        let offer = format!("{OFFER}a=setup:{offered}\n");
        let text = request("INVITE", "sip:room@127.0.0.1", "alice", 1, "Content-Type: application/sdp\n", &offer);
        let sdp = body(&Bench::new().ask(ALICE, &text));
        assert!(sdp.contains(&format!("a=setup:{answered}\r\n")), "{offered}: {sdp}");
    }
}

#[test]
fn a_second_stream_is_declined_in_its_place() {
    let offer = OFFER.replace("m=message", "m=audio 49170 RTP/AVP 0\nm=message");
    let text = request("INVITE", "sip:room@127.0.0.1", "alice", 1, "Content-Type: application/sdp\n", &offer);
    let sdp = body(&Bench::new().ask(ALICE, &text));
    let media: Vec<&str> = sdp.split("\r\n").filter(|line| line.starts_with("m=")).collect();
    assert_eq!(media, ["m=audio 0 RTP/AVP 0", "m=message 2855 TCP/MSRP *"]);
}

#[test]
fn a_2xx_repeats_until_its_ack() {
    let mut bench = Bench::new();
    let ok = bench.ask(ALICE, &invite("room", "alice", 1, ""));
    let again = bench.pass(Duration::from_millis(1600));
    assert_eq!(again.len(), 2, "after T1 and 2*T1");
    assert_eq!(again[0].message.octets(), ok.octets());
    assert!(bench.send(ALICE, &within(&ok, "ACK", "alice", 1, "", "")).is_empty());
    assert!(bench.pass(Duration::from_secs(60)).is_empty());
}

#[test]
fn a_2xx_without_ack_ends_in_bye() {
    let mut bench = Bench::new();
    bench.ask(ALICE, &invite("room", "alice", 1, ""));
    let sent = bench.pass(Duration::from_secs(32));
    let bye = &sent.last().unwrap().message;
    assert_eq!(bye.method(), Some("BYE"));
    assert_eq!(bye.header("From").unwrap().split(";tag=").next(), Some("<sip:room@127.0.0.1:5060>"));
    assert_eq!(bye.header("To").as_deref(), Some("\"alice of test\" <sip:alice@example.com>;tag=tag-alice"));
    assert_eq!(sent.iter().filter(|sent| sent.message.status() == Some(200)).count(), 10);
    let bye = bye.clone();
    bench.answer(ALICE, &bye, 200);
    assert!(bench.switch.is_idle());
}

#[test]
fn a_retransmitted_invite_makes_no_second_session() {
    let mut bench = Bench::new();
    let text = invite("room", "alice", 1, "");
    bench.ask(ALICE, &text);
    assert!(bench.send(ALICE, &text).is_empty(), "the 2xx repeats by its own timer (RFC 6026)");
}

#[test]
fn bye_ends_the_session_and_the_dialog() {
    let mut bench = Bench::new();
    let ok = bench.join("room", "alice", ALICE, "");
    let bye = within(&ok, "BYE", "alice", 2, "", "");
    assert_eq!(bench.status(ALICE, &bye), 200);
    assert_eq!(bench.status(ALICE, &bye), 200, "a retransmission gets the same answer");
    assert_eq!(bench.status(ALICE, &within(&ok, "BYE", "alice", 3, "", "")), 481);
    assert!(bench.switch.is_idle());
}

#[test]
fn a_late_offer_is_answered_in_the_ack() {
    let mut bench = Bench::new();
    let text = request("INVITE", "sip:room@127.0.0.1", "alice", 1, "", "");
    let ok = bench.ask(ALICE, &text);
    let sdp = body(&ok);
    assert!(sdp.contains("m=message 2855 TCP/MSRP *\r\n") && sdp.contains("a=setup:actpass\r\n"), "{sdp}");
    let answer = format!("{OFFER}a=setup:active\n");
    let ack = within(&ok, "ACK", "alice", 1, "Content-Type: application/sdp\n", &answer);
    assert!(bench.send(ALICE, &ack).is_empty());
    assert_eq!(bench.status(ALICE, &within(&ok, "BYE", "alice", 2, "", "")), 200);
}

#[test]
fn a_late_offer_without_answer_ends_in_bye() {
    let mut bench = Bench::new();
    let ok = bench.ask(ALICE, &request("INVITE", "sip:room@127.0.0.1", "alice", 1, "", ""));
    let sent = bench.ask(ALICE, &within(&ok, "ACK", "alice", 1, "", ""));
    assert_eq!(sent.method(), Some("BYE"));
}

#[test]
fn a_reinvite_keeps_session_id_and_version_when_nothing_changed() {
    let mut bench = Bench::new();
    let first = bench.join("room", "alice", ALICE, "");
    let origin = |ok: &SipMessage| body(ok).lines().find(|line| line.starts_with("o=")).unwrap().to_owned();
    let offer = OFFER.replace("a=chatroom:nickname private-messages\n", "");
    let again = within(&first, "INVITE", "alice", 2, "Content-Type: application/sdp\n", &offer);
    let second = bench.ask(ALICE, &again);
    assert_eq!(second.status(), Some(200));
    assert_eq!(origin(&second), origin(&first));
    assert_eq!(body(&second), body(&first));
    bench.send(ALICE, &within(&first, "ACK", "alice", 2, "", ""));
    let offer = format!("{OFFER}a=sendonly\n");
    let again = within(&first, "INVITE", "alice", 3, "Content-Type: application/sdp\n", &offer);
    let third = bench.ask(ALICE, &again);
    assert!(body(&third).contains("a=recvonly\r\n"));
    let parts = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (parts(&origin(&first)), parts(&origin(&third)));
    assert_eq!(after[1], before[1], "the session id stays");
    assert_eq!(after[2].parse::<u64>().unwrap(), before[2].parse::<u64>().unwrap() + 1);
}

#[test]
fn a_reinvite_without_offer_gets_one_and_a_second_one_waits() {
    let mut bench = Bench::new();
    let ok = bench.join("room", "alice", ALICE, "");
    let again = bench.ask(ALICE, &within(&ok, "INVITE", "alice", 2, "", ""));
    assert!(body(&again).contains("a=setup:actpass\r\n"));
    let crossing = within(&ok, "INVITE", "alice", 3, "Content-Type: application/sdp\n", OFFER);
    assert_eq!(bench.status(ALICE, &crossing), 491);
    let ack = within(&ok, "ACK", "alice", 2, "Content-Type: application/sdp\n", OFFER);
    assert!(bench.send(ALICE, &ack).is_empty());
}

#[test]
fn an_unacceptable_reinvite_leaves_the_session() {
    let mut bench = Bench::new();
    let ok = bench.join("room", "alice", ALICE, "");
    let offer = OFFER.replace("message/cpim ", "");
    let again = within(&ok, "INVITE", "alice", 2, "Content-Type: application/sdp\n", &offer);
    assert_eq!(bench.status(ALICE, &again), 488);
    assert_eq!(bench.status(ALICE, &within(&ok, "BYE", "alice", 3, "", "")), 200);
}

#[test]
fn the_room_ends_with_its_creator_and_starts_anew() {
    let mut bench = Bench::new();
    let alice = bench.join("temp", "alice", ALICE, "");
    bench.join("temp", "bob", BOB, "");
    let sent = bench.send(ALICE, &within(&alice, "BYE", "alice", 2, "", ""));
    assert_eq!(sent[0].message.status(), Some(200));
    let bye = sent.iter().find(|sent| sent.message.method() == Some("BYE")).unwrap();
    assert_eq!(bye.to, Some(address(BOB)));
    let bye = bye.message.clone();
    bench.answer(BOB, &bye, 200);
    assert!(bench.switch.is_idle());
    let more = "Call-ID: later\n";
    let bob = bench.join("temp", "bob", BOB, more);
    bench.join("temp", "alice", ALICE, more);
    let sent = bench.send(BOB, &within(&bob, "BYE", "bob", 2, "", ""));
    assert!(sent.iter().any(|sent| sent.message.method() == Some("BYE")), "bob is the creator now");
}

#[test]
fn shutting_down_says_goodbye_to_all() {
    let mut bench = Bench::new();
    bench.join("room", "alice", ALICE, "");
    bench.join("room", "bob", BOB, "");
    bench.switch.shut_down(bench.now);
    let sent = bench.sent();
    assert_eq!(sent.iter().filter(|sent| sent.message.method() == Some("BYE")).count(), 2);
    assert!(!bench.switch.is_idle(), "two BYE without response");
    assert_eq!(bench.status(ALICE, &invite("room", "carol", 1, "")), 503);
    for bye in sent {
        bench.answer(ALICE, &bye.message, 200);
    }
    assert!(bench.switch.is_idle());
}

#[test]
fn faults_show_in_contact_and_answer() {
    let faults = FaultSet::from(Fault::IsfocusInsideBrackets).with(Fault::AnswerTwoAcceptTypes);
    let ok = Bench::with(SwitchConfig::bundled(), faults, |_| {}).ask(ALICE, &invite("room", "alice", 1, ""));
    assert!(!ok.contacts()[0].params.has("isfocus"));
    assert!(body(&ok).contains("a=accept-types:message/cpim text/plain\r\n"));
}
