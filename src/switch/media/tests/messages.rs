//! Regular messages: who gets a copy, what a copy is, and the order of the refusals.

use super::*;
use crate::switch::fault::Fault;

#[test]
fn a_message_to_the_room_reaches_all_others_octet_for_octet() {
    let mut world = World::new(open_room());
    let (alice, bob, carol) = (world.join("alice", 1), world.join("bob", 2), world.join("carol", 3));
    let text = format!(
        "From: <{}>\r\nTo: <{ROOM};transport=tcp>\r\ncc: <sip:x@y>\r\nX-Odd:  blanks \r\n\r\n\
         Content-type: text/plain; charset=utf-8\r\n\r\nhällo\r\n\r\n-------t0000001$\r\n",
        alice.aor
    );
    let transaction = world.say(&alice, "m1", &text);
    let answers = world.take(alice.connection);
    assert_eq!(answers.len(), 1);
    assert_eq!(
        String::from_utf8_lossy(&answers[0].octets()),
        format!(
            "MSRP {transaction} 200 OK\r\nTo-Path: {}\r\nFrom-Path: {}\r\n-------{transaction}$\r\n",
            alice.path, alice.switch
        )
    );
    for other in [&bob, &carol] {
        let copies = world.take(other.connection);
        assert_eq!(copies.len(), 1);
        assert_eq!(copies[0].body.as_deref(), Some(text.as_bytes()));
        assert_eq!(copies[0].header("To-Path"), Some(other.path.clone()));
        assert_eq!(copies[0].header("From-Path"), Some(other.switch.clone()));
        assert_eq!(copies[0].header("Byte-Range"), Some(format!("1-{0}/{0}", text.len())));
        assert_ne!(copies[0].message_id().as_deref(), Some("testm1"));
        assert!(copies[0].headers.get("Failure-Report").is_none() && copies[0].headers.get("Success-Report").is_none());
    }
}

#[test]
fn the_glued_form_is_distributed_as_it_came() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = format!("From: <{}>\r\nTo: <{ROOM}>\r\nContent-Type: text/plain\r\n\r\nhello", alice.aor);
    world.say(&alice, "m1", &text);
    assert_eq!(world.heard(&bob), [text]);
}

/// Status and what the other one hears, for one message.
fn outcome(world: &mut World, from: &Party, other: &Party, text: &str) -> (Vec<u16>, usize) {
    world.say(from, "m", text);
    (world.statuses(from), world.heard(other).len())
}

#[test]
fn the_wrapper_is_checked_from_first_then_to() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let stranger = "sip:mallory@example.com";
    let inner = "\r\nContent-Type: text/plain\r\n\r\nx";
    let (me, other) = (alice.aor.clone(), bob.aor.clone());
    for (status, text) in [
        (403, cpim(&other, ROOM, "as another participant")),
        (403, cpim(stranger, ROOM, "as nobody")),
        (403, cpim(stranger, stranger, "bad From, unknown To")),
        (403, cpim("sip:Alice@example.com", ROOM, "the user part has case")),
        (403, format!("To: <{ROOM}>\r\n{inner}")),
        (403, format!("From: <{me}>\r\nFrom: <{me}>\r\nTo: <{ROOM}>\r\n{inner}")),
        (403, format!("From: \"<{me}>\" <{other}>\r\nTo: <{ROOM}>\r\n{inner}")),
        (403, format!("From: <{me}>\r\nTo: <{ROOM}>\r\nTo: <{ROOM}>\r\n{inner}")),
        (403, format!("From: <{me}>\r\nTo: <{ROOM}>\r\nTo: <{stranger}>\r\n{inner}")),
        (403, format!("From: <{me}>\r\nTo: <{other}>\r\nTo: <{other}>\r\n{inner}")),
        (404, format!("From: <{me}>\r\n{inner}")),
        (404, cpim(&me, stranger, "unknown To")),
        (404, cpim(&me, "not a uri", "unresolvable To")),
        (403, format!("From: {me}\r\nTo: <{ROOM}>\r\n{inner}")),
        (404, format!("From: <{me}>\r\nTo: {ROOM}\r\n{inner}")),
    ] {
        assert_eq!(outcome(&mut world, &alice, &bob, &text), (vec![status], 0), "{text}");
    }
    let good = cpim("sip:alice@EXAMPLE.com", "sip:room@Chat.Example.COM", "hosts have no case");
    assert_eq!(outcome(&mut world, &alice, &bob, &good), (vec![200], 1));
}

#[test]
fn without_a_wrapper_415_but_not_without_a_body() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let send = |world: &mut World, lines: &str, body: Option<&str>| {
        world.request(&alice, "SEND", lines, body, '$');
        (world.statuses(&alice), world.heard(&bob).len())
    };
    let plain = "Message-ID: testp1\r\nByte-Range: 1-5/5\r\nContent-Type: text/plain\r\n";
    assert_eq!(send(&mut world, plain, Some("hello")), (vec![415], 0));
    let multipart = "Message-ID: testp2\r\nByte-Range: 1-5/5\r\nContent-Type: multipart/mixed;boundary=x\r\n";
    assert_eq!(send(&mut world, multipart, Some("hello")), (vec![415], 0));
    let empty = "Message-ID: testp3\r\nByte-Range: 1-0/0\r\nContent-Type: text/plain\r\n";
    assert_eq!(send(&mut world, empty, Some("")), (vec![415], 0));
    assert_eq!(send(&mut world, "Message-ID: testp4\r\nByte-Range: 1-0/0\r\n", None), (vec![200], 0));
    let any_case = "Message-ID: testp5\r\nContent-Type: Message/CPIM\r\n";
    let text = cpim(&alice.aor, ROOM, "hi");
    assert_eq!(send(&mut world, any_case, Some(&text)), (vec![200], 1));
}

#[test]
fn a_wrapped_type_outside_the_policy_is_refused_and_outside_a_recipients_list_not_copied() {
    let mut world = World::new(RoomPolicy { accept_wrapped_types: vec!["text/*".to_owned()], ..open_room() });
    let alice = world.join("alice", 1);
    let plain = world.join_as("bob", membership("bob", 2), |peer| {
        peer.accept_wrapped_types = Some(vec!["text/plain".to_owned()]);
    });
    let silent = world.join_as("carol", membership("carol", 3), |peer| peer.accept_wrapped_types = None);
    let of = |kind: &str| format!("From: <{}>\r\nTo: <{ROOM}>\r\n\r\nContent-Type: {kind}\r\n\r\nx", alice.aor);
    world.say(&alice, "m1", &of("image/png"));
    assert_eq!(world.statuses(&alice), [415]);
    world.say(&alice, "m2", &of("text/html"));
    assert_eq!(world.statuses(&alice), [200]);
    assert_eq!(world.heard(&plain).len(), 0);
    assert_eq!(world.heard(&silent), [of("text/html")]);
}

#[test]
fn a_room_with_a_limit_refuses_what_is_larger_and_a_recipients_hint_counts_for_it_alone() {
    let mut world = World::new(RoomPolicy { max_size: Some(200), ..open_room() });
    let alice = world.join("alice", 1);
    let small = world.join_as("bob", membership("bob", 2), |peer| peer.max_size = Some(150));
    let large = world.join("carol", 3);
    world.say(&alice, "m1", &cpim(&alice.aor, ROOM, &"x".repeat(200)));
    assert_eq!(world.statuses(&alice), [413]);
    let text = cpim(&alice.aor, ROOM, &"x".repeat(40));
    assert!((150..200).contains(&text.len()));
    world.say(&alice, "m2", &text);
    assert_eq!(world.statuses(&alice), [200]);
    assert_eq!((world.heard(&small).len(), world.heard(&large).len()), (0, 1));
}

#[test]
fn a_second_endpoint_of_the_author_gets_a_copy_and_the_sending_one_none() {
    let mut world = World::new(open_room());
    let (phone, desk) = (world.join("alice", 1), world.join("alice", 1));
    world.say(&phone, "m1", &cpim(&phone.aor, ROOM, "hi"));
    assert_eq!(world.statuses(&phone), [200]);
    assert_eq!(world.heard(&desk).len(), 1);
}

#[test]
fn an_endpoint_on_hold_gets_nothing_until_it_comes_back() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let mut media = peer(&bob.path);
    media.receives = false;
    world.media.update(world.now, bob.session, media.clone());
    world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "one"));
    assert_eq!(world.heard(&bob).len(), 0);
    media.receives = true;
    world.media.update(world.now, bob.session, media);
    let two = cpim(&alice.aor, ROOM, "two");
    world.say(&alice, "m2", &two);
    assert_eq!(world.heard(&bob), [two]);
}

#[test]
fn an_unaware_endpoint_is_told_of_the_room_and_of_who_is_there() {
    let mut world = World::new(open_room());
    world.join("alice", 1);
    let anonymous = Membership {
        uris: vec![Uri::parse("sip:anon1@anonymous.invalid").unwrap()],
        shown_as: "sip:anon1@anonymous.invalid".to_owned(),
        ..membership("hidden", 2)
    };
    world.join_as("hidden", anonymous, |_| {});
    let connection = world.accept(false);
    let old = world.enter("old", membership("old", 3), connection, |peer| peer.chatroom = None);
    assert_eq!(world.take(connection).len(), 0, "nothing before the connection is bound");
    world.request(&old, "SEND", "Message-ID: hello\r\n", None, '$');
    let said = world.take(connection);
    assert_eq!(said[0].status(), Some(200));
    let texts: Vec<String> =
        said[1..].iter().map(|send| String::from_utf8_lossy(send.body.as_ref().unwrap()).into_owned()).collect();
    assert_eq!(texts.len(), 2);
    for text in &texts {
        assert!(text.starts_with(&format!("From: <{ROOM}>\r\nTo: <{ROOM}>\r\n\r\nContent-Type: text/plain\r\n\r\n")));
    }
    assert!(texts[1].contains("sip:alice@example.com") && texts[1].contains("sip:anon1@anonymous.invalid"));
    assert!(!texts[1].contains("hidden@"));
}

#[test]
fn an_unaware_endpoint_may_talk_to_the_room() {
    let mut world = World::new(RoomPolicy { notices: false, ..open_room() });
    let alice = world.join("alice", 1);
    let old = world.join_as("old", membership("old", 3), |peer| peer.chatroom = None);
    world.say(&old, "m1", &cpim(&old.aor, ROOM, "hi"));
    assert_eq!(world.statuses(&old), [200]);
    assert_eq!(world.heard(&alice).len(), 1);
}

#[test]
fn faults_own_copy() {
    let mut world = World::with(open_room(), Fault::OwnCopyEchoed.into(), |_| {});
    let (alice, _bob) = (world.join("alice", 1), world.join("bob", 2));
    world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
    assert_eq!(world.heard(&alice).len(), 1);
}
