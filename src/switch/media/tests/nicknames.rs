//! NICKNAME (RFC 7701, 7).

use super::*;
use crate::switch::fault::Fault;

fn shown(world: &World, user: u64) -> Option<&str> {
    world.media.nickname_of(RoomId(0), UserId(user))
}

#[test]
fn a_nickname_is_granted_shown_and_refused_to_others() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    assert_eq!(world.nickname(&alice, "\"Alice the great\""), [200]);
    assert_eq!(shown(&world, 1), Some("Alice the great"));
    let told = MediaEvent::Nickname { room: RoomId(0), user: UserId(1), nickname: Some("Alice the great".to_owned()) };
    assert_eq!(world.events.iter().filter(|event| **event == told).count(), 1);
    assert_eq!(world.nickname(&bob, "\"Alice the great\""), [425]);
    assert_eq!(shown(&world, 2), None);
    assert_eq!(world.nickname(&alice, "\"Alice the great\""), [200], "one's own again");
    assert_eq!(world.nickname(&bob, "\"Bob\""), [200], "a refusal is no end");
    assert_eq!(world.nickname(&bob, "\"aDMIN\""), [425], "reserved");
    assert_eq!(shown(&world, 2), Some("Bob"));
}

/// The table of interpretation T46 as far as it is decided, and what RFC 8266 says of blanks.
#[test]
fn equality_is_that_of_rfc_8266() {
    for (held, asked, status) in [
        ("Foo", "foo", 425),
        ("\u{ff26}\u{ff4f}\u{ff4f}", "Foo", 425),
        ("a\u{a0}b", "a b", 425),
        ("  a   b ", "a b", 425),
        ("\u{2163}", "IV", 425),
        ("\u{fb01}", "fi", 425),
        ("e\u{301}", "\u{e9}", 425),
        ("\u{3c3}", "\u{3c2}", 200),
        ("BOY", "B0Y", 200),
        ("\u{130}", "i", 200),
    ] {
        let mut world = World::new(open_room());
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        assert_eq!(world.nickname(&alice, &format!("\"{held}\"")), [200], "{held}");
        assert_eq!(world.nickname(&bob, &format!("\"{asked}\"")), [status], "{held} and {asked}");
        assert_eq!(shown(&world, 1), Some(held), "as the user wrote it");
    }
}

#[test]
fn malformed_values_get_424_and_leave_the_present_nickname() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    assert_eq!(world.nickname(&alice, "\"x\""), [200]);
    let long = format!("\"{}\"", "n".repeat(1024));
    for value in [
        "",
        "Bob",
        "\"Bob",
        "Bob\"",
        "\"Bob\" again",
        "\"B\"ob\"",
        "\"B\\ob\"",
        "\"\\\"",
        "\"   \"",
        "\"a\u{7}b\"",
        &long,
    ] {
        assert_eq!(world.nickname(&alice, value), [424], "{value}");
        assert_eq!(shown(&world, 1), Some("x"));
    }
    assert_eq!(world.nickname(&alice, &format!("\"{}\"", "n".repeat(1023))), [200]);
    assert_eq!(world.nickname(&alice, r#""a \"b\" \\c""#), [200]);
    assert_eq!(shown(&world, 1), Some(r#"a "b" \c"#));

    world.request(&alice, "NICKNAME", "", None, '$');
    assert_eq!(world.statuses(&alice), [424]);
    world.request(&alice, "NICKNAME", "Use-Nickname: \"a\"\r\nUse-Nickname: \"a\"\r\n", None, '$');
    assert_eq!(world.statuses(&alice), [424]);
    world.request(&alice, "NICKNAME", "X-Other: 1\r\nuse-nickname: \"found\"\r\n", None, '$');
    assert_eq!(world.statuses(&alice), [200]);
    assert_eq!(shown(&world, 1), Some("found"));
}

#[test]
fn octets_that_are_not_utf8_are_malformed() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let mut request =
        format!("MSRP tbad0001 NICKNAME\r\nTo-Path: {}\r\nFrom-Path: {}\r\nUse-Nickname: \"", alice.switch, alice.path)
            .into_bytes();
    request.extend_from_slice(b"\xc3\x28\"\r\n-------tbad0001$\r\n");
    world.octets(alice.connection, &request);
    assert_eq!(world.statuses(&alice), [424]);
}

#[test]
fn policy_comes_before_form() {
    let mut world = World::new(RoomPolicy { nicknames: false, ..open_room() });
    let alice = world.join("alice", 1);
    for value in ["\"x\"", "x", "\"\""] {
        assert_eq!(world.nickname(&alice, value), [403], "{value}");
    }
}

#[test]
fn the_response_goes_the_whole_way_back_and_always_comes() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    world.feed(
        &alice,
        &format!(
            "MSRP tnick001 NICKNAME\r\nTo-Path: {}\r\nFrom-Path: msrp://relay.example.com:1/r;tcp {}\r\n\
             Use-Nickname: \"x\"\r\n-------tnick001$\r\n",
            alice.switch, alice.path
        ),
    );
    let answers = world.take(alice.connection);
    assert_eq!(
        String::from_utf8_lossy(&answers[0].octets()),
        format!(
            "MSRP tnick001 200 OK\r\nTo-Path: msrp://relay.example.com:1/r;tcp {}\r\nFrom-Path: {}\r\n-------tnick001$\r\n",
            alice.path, alice.switch
        )
    );
    world.request(&alice, "NICKNAME", "Failure-Report: no\r\nUse-Nickname: \"x\"\r\n", None, '$');
    assert_eq!(world.statuses(&alice), [400]);
    world.request(&alice, "nickname", "Use-Nickname: \"x\"\r\n", None, '$');
    assert_eq!(world.statuses(&alice), [501]);
}

#[test]
fn a_change_releases_the_old_one_only_when_it_succeeds() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    assert_eq!(world.nickname(&alice, "\"old\""), [200]);
    assert_eq!(world.nickname(&bob, "\"taken\""), [200]);
    assert_eq!(world.nickname(&alice, "\"TAKEN\""), [425]);
    assert_eq!(shown(&world, 1), Some("old"));
    assert_eq!(world.nickname(&bob, "\"old\""), [425]);
    assert_eq!(world.nickname(&alice, "\"new\""), [200]);
    assert_eq!(world.nickname(&bob, "\"old\""), [200]);
    assert_eq!((shown(&world, 1), shown(&world, 2)), (Some("new"), Some("old")));
}

#[test]
fn the_empty_string_removes() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    assert_eq!(world.nickname(&alice, "\"\""), [200], "nothing held");
    assert_eq!(world.nickname(&alice, "\"x\""), [200]);
    assert_eq!(world.nickname(&alice, "\"\""), [200]);
    assert_eq!(shown(&world, 1), None);
    let told = MediaEvent::Nickname { room: RoomId(0), user: UserId(1), nickname: None };
    assert_eq!(world.events.iter().filter(|event| **event == told).count(), 1);
    assert_eq!(world.nickname(&bob, "\"x\""), [200]);
}

#[test]
fn a_second_endpoint_has_a_nickname_only_if_it_asked_for_it() {
    let mut world = World::new(open_room());
    let (phone, desk, bob) = (world.join("alice", 1), world.join("alice", 1), world.join("bob", 2));
    assert_eq!(world.nickname(&phone, "\"x\""), [200]);
    assert_eq!(world.nickname(&phone, "\"\""), [200]);
    assert_eq!(world.nickname(&bob, "\"x\""), [200], "the silent endpoint did not have it");
    assert_eq!(world.nickname(&phone, "\"y\""), [200]);
    assert_eq!(world.nickname(&desk, "\"Y\""), [200], "the same user may");
    assert_eq!(world.nickname(&phone, "\"\""), [200]);
    assert_eq!(world.nickname(&bob, "\"y\""), [425], "the second endpoint still holds it");
    world.media.release(world.now, desk.session);
    assert_eq!(world.nickname(&bob, "\"y\""), [200]);
}

#[test]
fn leaving_frees_and_quarantine_keeps_for_the_last_holder() {
    let mut world = World::new(RoomPolicy { nickname_quarantine: 2.0, ..open_room() });
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    assert_eq!(world.nickname(&alice, "\"x\""), [200]);
    world.media.release(world.now, alice.session);
    assert_eq!(shown(&world, 1), None);
    world.wait(1.9);
    assert_eq!(world.nickname(&bob, "\"X\""), [425]);
    let again = world.join("alice", 1);
    assert_eq!(world.nickname(&again, "\"x\""), [200], "the last holder comes back");
    assert_eq!(world.nickname(&again, "\"z\""), [200]);
    assert_eq!(world.nickname(&bob, "\"x\""), [425], "a change puts it into quarantine as well");
    world.wait(2.1);
    assert_eq!(world.nickname(&bob, "\"x\""), [200]);
}

#[test]
fn a_deleted_room_forgets() {
    let mut world = World::new(RoomPolicy { nickname_quarantine: 60.0, ..open_room() });
    let alice = world.join("alice", 1);
    assert_eq!(world.nickname(&alice, "\"x\""), [200]);
    world.media.delete_room(world.now, RoomId(0));
    world.settle();
    assert_eq!(world.closed, [alice.connection]);
    let bob = world.join("bob", 2);
    assert_eq!(world.nickname(&bob, "\"x\""), [200]);
}

#[test]
fn faults_of_nicknames() {
    let mut world = World::with(open_room(), Fault::NicknameConflictAccepted.into(), |_| {});
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    assert_eq!(world.nickname(&alice, "\"x\""), [200]);
    assert_eq!(world.nickname(&bob, "\"x\""), [200]);
    assert_eq!((shown(&world, 1), shown(&world, 2)), (Some("x"), Some("x")));

    let mut world = World::with(open_room(), Fault::NicknameCaseSensitive.into(), |_| {});
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    assert_eq!(world.nickname(&alice, "\"Foo\""), [200]);
    assert_eq!(world.nickname(&bob, "\"foo\""), [200]);
    assert_eq!(world.nickname(&bob, "\"Foo\""), [425]);
}
