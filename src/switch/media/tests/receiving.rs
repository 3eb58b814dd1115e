//! What the switch makes of requests and of refusals (RFC 4975, 7.3 and 10): rightly, and with each fault.

use super::*;
use crate::switch::fault::Fault;

fn proves(fault: Fault, shows: impl Fn(&mut World) -> bool) {
    let mut sound = World::new(open_room());
    assert!(!shows(&mut sound), "{fault} shows in a sound switch");
    let mut faulty = World::with(open_room(), fault.into(), |_| {});
    assert!(shows(&mut faulty), "{fault} does not show");
}

/// What is answered to a SEND of a whole message with this Byte-Range line, or without any.
fn answered(world: &mut World, alice: &Party, id: &str, range: Option<&str>) -> Vec<u16> {
    let text = cpim(&alice.aor, ROOM, "hello");
    let range = range.map(|range| format!("Byte-Range: {range}\r\n")).unwrap_or_default();
    let lines = format!("Message-ID: test{id}\r\n{range}Content-Type: message/cpim\r\n");
    world.request(alice, "SEND", &lines, Some(&text), '$');
    world.statuses(alice)
}

/// Sends half of a message; gives the whole of it.
fn half(world: &mut World, alice: &Party, success: &str, total: &str) -> String {
    let text = cpim(&alice.aor, ROOM, &"half ".repeat(40));
    let lines = format!("Message-ID: halved01\r\n{success}Byte-Range: 1-150/{total}\r\nContent-Type: message/cpim\r\n");
    world.request(alice, "SEND", &lines, Some(&text[..150]), '+');
    assert_eq!(world.statuses(alice), [200]);
    text
}

/// Sends the rest from this octet on, counted from 0.
fn rest(world: &mut World, alice: &Party, text: &str, from: usize) -> Vec<MsrpMessage> {
    let range = format!("{}-{}/*", from + 1, text.len());
    let lines = format!("Message-ID: halved01\r\nByte-Range: {range}\r\nContent-Type: message/cpim\r\n");
    world.request(alice, "SEND", &lines, Some(&text[from..]), '$');
    world.take(alice.connection)
}

/// The endpoint refuses what has come to it.
fn refuses(world: &mut World, party: &Party, status: u16) {
    for send in world.take(party.connection) {
        let response = MsrpMessage::response(&send.transaction, status, "No")
            .with("To-Path", party.switch.clone())
            .with("From-Path", party.path.clone());
        world.octets(party.connection, &response.octets());
    }
}

fn reports(world: &mut World, party: &Party, id: &str, status: u16) {
    let lines = format!("Message-ID: {id}\r\nByte-Range: 1-10/10\r\nStatus: 000 {status}\r\n");
    world.request(party, "REPORT", &lines, None, '$');
}

#[test]
fn faults_of_to_path() {
    proves(Fault::SessionCheckedLate, |world| {
        let alice = world.join("alice", 1);
        let nowhere = Party { switch: "msrp://192.0.2.1:2855/nowhere;tcp".to_owned(), ..alice };
        world.request(&nowhere, "WHISTLE", "", None, '$');
        world.statuses(&nowhere) == [501]
    });
    proves(Fault::FirstUriCounts, |world| {
        let alice = world.join("alice", 1);
        let beyond = Party { switch: format!("{} msrp://a.example.com:1/b;tcp", alice.switch), ..alice };
        world.say(&beyond, "m1", &cpim(&beyond.aor, ROOM, "hello"));
        world.statuses(&beyond) == [200]
    });
    proves(Fault::UnknownSessionAlwaysTold, |world| {
        let alice = world.join("alice", 1);
        let nowhere = Party { switch: "msrp://192.0.2.1:2855/nowhere;tcp".to_owned(), ..alice };
        world.request(&nowhere, "SEND", "Message-ID: test1\r\nFailure-Report: no\r\n", None, '$');
        world.statuses(&nowhere) == [481]
    });
}

#[test]
fn faults_of_byte_range() {
    let single = |fault, range: Option<&'static str>, status: u16| {
        proves(fault, |world| {
            let alice = world.join("alice", 1);
            answered(world, &alice, "m1", range) == [status]
        });
    };
    single(Fault::RangeRequired, None, 400);
    single(Fault::RangeClaimChecked, Some("1-3/3"), 400);
    single(Fault::StatusOfTheHouse, Some("one-two/3"), 499);
    single(Fault::LateChunk408, Some("90-99/99"), 408);
    single(Fault::OutOfBounds423, Some("9223372036854775000-*/*"), 423);
    proves(Fault::HugeTotalFatal, |world| {
        let alice = world.join("alice", 1);
        answered(world, &alice, "m1", Some("1-*/4294967296")) != [200] || !world.closed.is_empty()
    });
}

#[test]
fn faults_of_messages() {
    proves(Fault::RefusedIdRemembered, |world| {
        let alice = world.join("alice", 1);
        assert_eq!(answered(world, &alice, "m1", Some("one-two/3")), [400]);
        answered(world, &alice, "m1", None) == [400]
    });
    proves(Fault::TotalBelieved, |world| {
        let alice = world.join("alice", 1);
        let text = half(world, &alice, "Success-Report: yes\r\n", "9999");
        rest(world, &alice, &text, 150).len() == 1
    });
    proves(Fault::OverlapKept, |world| {
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        let text = half(world, &alice, "", "*");
        rest(world, &alice, &text, 140);
        world.heard(&bob)[1] == text[150..]
    });
    proves(Fault::MultipartRefused, |world| {
        let alice = world.join("alice", 1);
        let text = cpim(&alice.aor, ROOM, "--b--").replace("text/plain", "multipart/mixed; boundary=b");
        world.say(&alice, "m1", &text);
        world.statuses(&alice) == [415]
    });
    proves(Fault::RequestMayNotPause, |world| {
        let alice = world.join("alice", 1);
        world.feed(&alice, "MSRP");
        world.wait(1.0);
        world.feed(
            &alice,
            &format!(
                " t1234567 SEND\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: test\r\n-------t1234567$\r\n",
                alice.switch, alice.path
            ),
        );
        world.take(alice.connection).is_empty()
    });
}

#[test]
fn faults_of_refusals() {
    let refused = |fault, status: u16| {
        proves(fault, |world| {
            let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
            world.answering = false;
            let text = half(world, &alice, "", "*");
            refuses(world, &bob, status);
            world.take(bob.connection);
            rest(world, &alice, &text, 150);
            !world.heard(&bob).is_empty()
        });
    };
    refused(Fault::RefusalUnheeded, 413);
    proves(Fault::DeniedSessionKept, |world| {
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        world.answering = false;
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "one"));
        refuses(world, &bob, 481);
        world.say(&alice, "m2", &cpim(&alice.aor, ROOM, "two"));
        !world.heard(&bob).is_empty()
    });
    let lost = |world: &World| world.events.iter().any(|event| matches!(event, MediaEvent::Lost { .. }));
    proves(Fault::RefusalEndsSession, |world| {
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        world.answering = false;
        half(world, &alice, "", "*");
        refuses(world, &bob, 413);
        lost(world)
    });
    proves(Fault::ReportUnheeded, |world| {
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        half(world, &alice, "", "*");
        let id = world.take(bob.connection)[0].message_id().unwrap();
        reports(world, &bob, &id, 408);
        !lost(world)
    });
    proves(Fault::RefusedTypeSentAgain, |world| {
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        world.answering = false;
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "one"));
        refuses(world, &bob, 415);
        world.say(&alice, "m2", &cpim(&alice.aor, ROOM, "two"));
        !world.heard(&bob).is_empty()
    });
    proves(Fault::ReportByReport, |world| {
        let bob = world.join("bob", 2);
        reports(world, &bob, "whatever", 200);
        !world.take(bob.connection).is_empty()
    });
}

#[test]
fn faults_of_session_ids() {
    proves(Fault::SessionIdShort, |world| world.join("alice", 1).switch.len() < "msrp://192.0.2.1:2855/".len() + 14);
    proves(Fault::SessionIdCounted, |world| world.join("alice", 1).switch.contains("session0000"));
}
