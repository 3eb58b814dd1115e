//! Sessions and connections (RFC 4975, 5.4 and 7.3).

use super::*;
use crate::port::Security;

fn raw(to: &str, from: &str, method: &str) -> String {
    format!("MSRP traw0001 {method}\r\nTo-Path: {to}\r\nFrom-Path: {from}\r\nMessage-ID: test1\r\n-------traw0001$\r\n")
}

#[test]
fn a_request_for_no_session_gets_481() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let bob = world.join("bob", 2);
    for to in [
        "msrp://192.0.2.1:2855/unknown;tcp".to_owned(),
        format!("{} {}", alice.switch, alice.switch),
        alice.switch.replace("msrp:", "msrps:"),
        alice.switch.replace(":2855", ":2856"),
        alice.switch.to_lowercase().replace("msrp://192.0.2.1:2855/", "msrp://192.0.2.1:2855/x"),
    ] {
        world.feed(&alice, &raw(&to, &alice.path, "SEND"));
        assert_eq!(world.statuses(&alice), [481], "{to}");
    }
    world.feed(&bob, &raw(&alice.switch, &alice.path, "SEND"));
    assert_eq!(world.statuses(&bob), [506], "bound to another connection");
    world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "still there"));
    assert_eq!(world.statuses(&alice), [200]);
    world.media.release(world.now, alice.session);
    world.settle();
    assert_eq!(world.closed, [alice.connection]);
    world.take(bob.connection);
    world.feed(&bob, &raw(&alice.switch, &alice.path, "SEND"));
    assert_eq!(world.statuses(&bob), [481]);
}

#[test]
fn unknown_methods_get_501_all_the_way_back() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let path = format!("msrp://relay.example.com:1/r;tcp {}", alice.path);
    for method in ["AUTH", "FROBNICATE", "send"] {
        world.feed(&alice, &raw(&alice.switch, &path, method));
        let answers = world.take(alice.connection);
        assert_eq!(answers[0].status(), Some(501), "{method}");
    }
    world.feed(&alice, &raw(&alice.switch, &path, "FROBNICATE"));
    assert_eq!(world.take(alice.connection)[0].header("To-Path"), Some(path));
}

#[test]
fn what_cannot_be_read_gets_400_and_the_session_lives() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, "hi");
    for lines in [
        "Content-Type: message/cpim\r\n",
        "Message-ID: test1\r\nByte-Range: x\r\nContent-Type: message/cpim\r\n",
        "Message-ID: test1\r\nByte-Range: 0-1/1\r\nContent-Type: message/cpim\r\n",
        "Message-ID: test1\r\nMessage-ID: test2\r\nContent-Type: message/cpim\r\n",
        "Message-ID: test1\r\nFailure-Report: perhaps\r\nContent-Type: message/cpim\r\n",
        "Message-ID: test1\r\nno colon here\r\nContent-Type: message/cpim\r\n",
    ] {
        world.request(&alice, "SEND", lines, Some(&text), '$');
        assert_eq!(world.statuses(&alice), [400], "{lines}");
    }
    assert_eq!(world.heard(&bob).len(), 0);
    world.say(&alice, "m1", &text);
    assert_eq!((world.statuses(&alice), world.heard(&bob).len()), (vec![200], 1));
}

#[test]
fn several_sessions_share_a_connection() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let bob = world.enter("bob", membership("bob", 2), alice.connection, |_| {});
    world.hello(&bob);
    let text = cpim(&alice.aor, ROOM, "hi");
    world.say(&alice, "m1", &text);
    let got = world.take(alice.connection);
    assert_eq!((got[0].status(), got[1].header("To-Path")), (Some(200), Some(bob.path.clone())));
    world.media.release(world.now, alice.session);
    world.settle();
    assert_eq!(world.closed, [], "bob is still on it");
    world.media.release(world.now, bob.session);
    world.settle();
    assert_eq!(world.closed, [alice.connection]);
}

#[test]
fn octets_may_come_one_by_one() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, "slowly");
    let request = format!(
        "MSRP tslow001 SEND\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: test1\r\nContent-Type: message/cpim\r\n\r\n{text}\r\n-------tslow001$\r\n",
        alice.switch, alice.path
    );
    for octet in request.as_bytes() {
        world.octets(alice.connection, &[*octet]);
    }
    assert_eq!((world.statuses(&alice), world.heard(&bob)), (vec![200], vec![text]));
}

#[test]
fn garbage_costs_the_connection_and_the_room_goes_on() {
    let mut world = World::new(open_room());
    let (alice, bob, carol) = (world.join("alice", 1), world.join("bob", 2), world.join("carol", 3));
    world.feed(&alice, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_eq!(world.closed, [alice.connection]);
    assert!(
        world.events.iter().any(|event| matches!(event, MediaEvent::Lost { session, .. } if *session == alice.session))
    );
    world.say(&bob, "m1", &cpim(&bob.aor, ROOM, "hi"));
    assert_eq!(world.heard(&carol).len(), 1);
}

#[test]
fn messages_wait_for_an_endpoint_that_is_about_to_connect() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let connection = world.accept(false);
    let bob = world.enter("bob", membership("bob", 2), connection, |_| {});
    let text = cpim(&alice.aor, ROOM, "hi");
    world.say(&alice, "m1", &text);
    assert_eq!(world.take(connection).len(), 0);
    world.request(&bob, "NICKNAME", "Use-Nickname: \"b\"\r\n", None, '$');
    let got = world.take(connection);
    assert_eq!((got[0].status(), got[1].body.as_deref()), (Some(200), Some(text.as_bytes())));
}

#[test]
fn a_request_faster_than_the_signalling_is_served_later() {
    let mut world = World::new(open_room());
    let connection = world.accept(false);
    let (session, uri) = world.media.allocate(RoomId(0), false);
    let path = "msrp://192.0.2.9:4000/early;tcp";
    world.octets(connection, raw(&uri.to_string(), path, "SEND").as_bytes());
    assert_eq!(world.take(connection).len(), 0);
    world.media.establish(world.now, session, membership("bob", 2), peer(path));
    world.settle();
    assert_eq!(world.take(connection)[0].status(), Some(200));
    assert!(world.media.is_bound(session));
}

#[test]
fn the_active_side_connects_once_and_sends_at_once() {
    let mut world = World::new(open_room());
    let connect = |peer: &mut PeerMedia| peer.connect = Some(Security::Plain);
    let unused = Connection::accepted(99);
    let one = world.enter("alice", membership("alice", 1), unused, connect);
    let two = world.enter("bob", membership("bob", 2), unused, connect);
    assert_eq!(world.connects.len(), 1, "one connection to the same host, port and scheme");
    let connection = world.connects[0];
    world.input(Input::Connected {
        connection,
        protocol: Protocol::Msrp,
        local: "192.0.2.1:5000".parse().unwrap(),
        remote: "192.0.2.9:4000".parse().unwrap(),
        secured: false,
    });
    let first = world.take(connection);
    assert_eq!(first.len(), 2);
    for (send, party) in first.iter().zip([&one, &two]) {
        assert_eq!(
            (send.method(), send.body.as_ref(), send.header("To-Path")),
            (Some("SEND"), None, Some(party.path.clone()))
        );
        assert!(world.media.is_bound(party.session));
    }
    let three = world.enter("carol", membership("carol", 3), unused, connect);
    assert_eq!((world.connects.len(), world.media.is_bound(three.session)), (1, true));
}

#[test]
fn a_connection_that_cannot_be_made_loses_its_sessions() {
    let mut world = World::new(open_room());
    let connect = |peer: &mut PeerMedia| peer.connect = Some(Security::Plain);
    let alice = world.enter("alice", membership("alice", 1), Connection::accepted(99), connect);
    world.input(Input::ConnectFailed { connection: world.connects[0], reason: "refused".to_owned() });
    assert_eq!(world.events, [MediaEvent::Lost { session: alice.session, reason: "refused".to_owned() }]);
}

#[test]
fn a_secure_session_needs_tls() {
    let mut world = World::new(RoomPolicy { force_tls: true, ..open_room() });
    let (session, uri) = world.media.allocate(RoomId(0), true);
    assert!(uri.to_string().starts_with("msrps://"));
    world.media.establish(world.now, session, membership("bob", 2), peer("msrps://192.0.2.9:4000/s;tcp"));
    let (plain, secured) = (world.accept(false), world.accept(true));
    let request = raw(&uri.to_string(), "msrps://192.0.2.9:4000/s;tcp", "SEND");
    world.octets(plain, request.as_bytes());
    assert_eq!(world.take(plain)[0].status(), Some(481));
    world.octets(secured, request.as_bytes());
    assert_eq!(world.take(secured)[0].status(), Some(200));
}

#[test]
fn session_uris_differ_and_are_hard_to_guess() {
    let mut world = World::new(open_room());
    let parts: Vec<String> = (0..200).map(|_| world.media.allocate(RoomId(0), false).1.session_id.unwrap()).collect();
    let distinct: std::collections::BTreeSet<&String> = parts.iter().collect();
    assert_eq!(distinct.len(), parts.len());
    assert!(parts.iter().all(|part| part.len() >= 14), "80 bits at 6 bits a character");
}
