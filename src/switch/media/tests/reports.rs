//! Report models, REPORTs, responses (RFC 4975, 7; RFC 7701, 6.3).

use super::*;
use crate::switch::fault::Fault;

fn send(world: &mut World, party: &Party, reports: &str, text: &str) -> String {
    let lines =
        format!("Message-ID: testm1\r\n{reports}Byte-Range: 1-{0}/{0}\r\nContent-Type: message/cpim\r\n", text.len());
    world.request(party, "SEND", &lines, Some(text), '$')
}

#[test]
fn failure_report_says_whether_there_is_a_response() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let good = cpim(&alice.aor, ROOM, "hi");
    let bad = cpim(&bob.aor, ROOM, "hi");
    for (value, on_good, on_bad) in
        [("yes", vec![200], vec![403]), ("partial", vec![], vec![403]), ("no", vec![], vec![])]
    {
        let header = format!("Failure-Report: {value}\r\n");
        send(&mut world, &alice, &header, &good);
        assert_eq!(world.statuses(&alice), on_good, "{value}");
        assert_eq!(world.heard(&bob).len(), 1);
        send(&mut world, &alice, &header, &bad);
        assert_eq!(world.statuses(&alice), on_bad, "{value}");
        assert_eq!(world.heard(&bob).len(), 0);
    }
    let strange = Party { switch: "msrp://192.0.2.1:2855/unknown;tcp".to_owned(), ..alice.clone() };
    send(&mut world, &strange, "Failure-Report: no\r\n", &good);
    assert_eq!(world.statuses(&alice), Vec::<u16>::new(), "not even 481");
}

#[test]
fn a_success_report_covers_every_octet_once_and_comes_from_the_switch() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, "hello");
    let (cut, end) = (text.len() - 3, text.len());
    for (from, to, flag) in [(0, cut, '+'), (cut, end, '$')] {
        let lines = format!(
            "Message-ID: testm1\r\nSuccess-Report: yes\r\nByte-Range: {}-{to}/{end}\r\nContent-Type: message/cpim\r\n",
            from + 1
        );
        world.request(&alice, "SEND", &lines, Some(&text[from..to]), flag);
    }
    let got = world.take(alice.connection);
    assert_eq!(got.iter().map(MsrpMessage::status).collect::<Vec<_>>(), [Some(200), Some(200), None]);
    let tid = &got[2].transaction;
    assert_eq!(
        String::from_utf8_lossy(&got[2].octets()),
        format!(
            "MSRP {tid} REPORT\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: testm1\r\nByte-Range: 1-{end}/{end}\r\n\
             Status: 000 200 OK\r\n-------{tid}$\r\n",
            alice.path, alice.switch
        )
    );
    assert!(world.take(bob.connection).iter().all(|send| send.headers.get("Success-Report").is_none()));
}

#[test]
fn a_report_goes_back_through_the_relays() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let text = cpim(&alice.aor, ROOM, "hi");
    let path = format!("msrp://relay.example.com:1/r;tcp {}", alice.path);
    world.feed(
        &alice,
        &format!(
            "MSRP trelay01 SEND\r\nTo-Path: {}\r\nFrom-Path: {path}\r\nMessage-ID: testm1\r\nSuccess-Report: yes\r\n\
             Content-Type: message/cpim\r\n\r\n{text}\r\n-------trelay01$\r\n",
            alice.switch
        ),
    );
    let got = world.take(alice.connection);
    assert_eq!(got[0].header("To-Path").as_deref(), Some("msrp://relay.example.com:1/r;tcp"), "the previous hop only");
    assert_eq!(got[1].header("To-Path"), Some(path));
}

#[test]
fn a_refused_message_is_not_reported_as_success() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    send(&mut world, &alice, "Success-Report: yes\r\n", &cpim(&alice.aor, "sip:nobody@example.com", "hi"));
    assert_eq!(world.statuses(&alice), [404]);
}

#[test]
fn a_report_about_a_private_message_repeats_from_and_to() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = format!(
        "From: Alice <{}>\r\nTo: <{};transport=tcp>\r\n\r\nContent-Type: text/plain\r\n\r\npsst",
        alice.aor, bob.aor
    );
    send(&mut world, &alice, "Success-Report: yes\r\n", &text);
    let got = world.take(alice.connection);
    assert_eq!((got[0].status(), got[1].report_status()), (Some(200), Some(200)));
    assert_eq!(got[1].media_type().as_deref(), Some("message/cpim"));
    let body = String::from_utf8(got[1].body.clone().unwrap().to_vec()).unwrap();
    let wrapper = format!("From: Alice <{}>\r\nTo: <{};transport=tcp>\r\n\r\n", alice.aor, bob.aor);
    assert!(body.starts_with(&wrapper), "{body}");
}

fn report(party: &Party, id: &str, status: u16) -> String {
    format!(
        "MSRP treport1 REPORT\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: {id}\r\nByte-Range: 1-2/2\r\n\
         Status: 000 {status} OK\r\n-------treport1$\r\n",
        party.switch, party.path
    )
}

#[test]
fn a_receivers_report_is_neither_answered_nor_passed_on() {
    for (faults, forwarded) in [(FaultSet::none(), 0), (Fault::ReceiverReportsForwarded.into(), 1)] {
        let mut world = World::with(open_room(), faults, |_| {});
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
        let copy = world.take(bob.connection)[0].message_id().unwrap();
        world.take(alice.connection);
        world.feed(&bob, &report(&bob, &copy, 200));
        world.feed(&bob, &report(&bob, "never-seen", 200));
        assert_eq!(world.take(bob.connection).len(), 0);
        let got = world.take(alice.connection);
        assert_eq!(got.len(), forwarded);
        assert!(got.iter().all(|report| report.message_id().as_deref() == Some("testm1")));
    }
}

#[test]
fn an_endpoint_that_does_not_answer_is_lost_after_30_seconds() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    world.answering = false;
    world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
    world.wait(29.9);
    assert!(world.media.is_bound(bob.session));
    world.wait(0.2);
    assert!(!world.media.is_bound(bob.session));
    let lost = world
        .events
        .iter()
        .filter(|event| matches!(event, MediaEvent::Lost { session, .. } if *session == bob.session));
    assert_eq!(lost.count(), 1);
    assert!(world.media.is_bound(alice.session));
}

#[test]
fn an_endpoint_that_knows_no_such_session_is_lost_at_once() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    world.answering = false;
    world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
    let tid = world.take(bob.connection)[0].transaction.clone();
    world.feed(
        &bob,
        &format!("MSRP {tid} 481\r\nTo-Path: {}\r\nFrom-Path: {}\r\n-------{tid}$\r\n", bob.switch, bob.path),
    );
    assert!(!world.media.is_bound(bob.session));
    assert_eq!(world.closed, [bob.connection]);
}
