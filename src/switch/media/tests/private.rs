//! Private messages.

use super::*;
use crate::switch::fault::Fault;

fn incapable(peer: &mut PeerMedia) {
    peer.chatroom = Some(vec!["nickname".to_owned()]);
}

#[test]
fn a_private_message_reaches_its_recipient_alone() {
    let mut world = World::new(open_room());
    let (alice, bob, carol) = (world.join("alice", 1), world.join("bob", 2), world.join("carol", 3));
    let text = cpim(&alice.aor, &bob.aor, "psst");
    world.say(&alice, "p1", &text);
    assert_eq!(world.statuses(&alice), [200]);
    assert_eq!(world.heard(&bob), [text]);
    assert_eq!(world.heard(&carol).len(), 0);
}

#[test]
fn policy_then_recipient_then_capability() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let bob = world.join_as("bob", membership("bob", 2), incapable);
    let unaware = world.join_as("old", membership("old", 3), |peer| peer.chatroom = None);
    world.take(unaware.connection);
    for (status, to) in [(428, &*bob.aor), (428, &*unaware.aor), (404, "sip:nobody@example.com")] {
        world.say(&alice, "p", &cpim(&alice.aor, to, "psst"));
        assert_eq!(world.statuses(&alice), [status], "to {to}");
        assert_eq!((world.heard(&bob).len(), world.heard(&unaware).len()), (0, 0));
    }
    let mut world = World::new(RoomPolicy { private_messages: false, ..open_room() });
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    world.say(&alice, "p", &cpim(&alice.aor, &bob.aor, "psst"));
    assert_eq!(world.statuses(&alice), [403]);
    assert_eq!(world.heard(&bob).len(), 0);
}

#[test]
fn of_several_endpoints_only_the_capable_ones_get_it() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let phone = world.join_as("bob", membership("bob", 2), incapable);
    let (desk, tablet) = (world.join("bob", 2), world.join("bob", 2));
    world.say(&alice, "p", &cpim(&alice.aor, &desk.aor, "psst"));
    assert_eq!(world.statuses(&alice), [200]);
    assert_eq!((world.heard(&phone).len(), world.heard(&desk).len(), world.heard(&tablet).len()), (0, 1, 1));
}

#[test]
fn capabilities_follow_the_latest_sdp() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let mut media = peer(&bob.path);
    media.chatroom = None;
    world.media.update(world.now, bob.session, media.clone());
    world.say(&alice, "p", &cpim(&alice.aor, &bob.aor, "psst"));
    assert_eq!((world.statuses(&alice), world.heard(&bob).len()), (vec![428], 0));
    media.chatroom = Some(vec!["private-messages".to_owned(), "com.example.more".to_owned()]);
    world.media.update(world.now, bob.session, media);
    world.say(&alice, "p", &cpim(&alice.aor, &bob.aor, "psst"));
    assert_eq!((world.statuses(&alice), world.heard(&bob).len()), (vec![200], 1));
}

#[test]
fn an_anonymous_participant_is_known_by_its_anonymous_uri_only() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let anonymous = "sip:anon1@anonymous.invalid";
    let who = Membership { uris: vec![Uri::parse(anonymous).unwrap()], ..membership("bob", 2) };
    let bob = world.join_as("bob", who, |_| {});
    world.say(&alice, "p1", &cpim(&alice.aor, "sip:bob@example.com", "psst"));
    assert_eq!((world.statuses(&alice), world.heard(&bob).len()), (vec![404], 0));
    world.say(&alice, "p2", &cpim(&alice.aor, anonymous, "psst"));
    assert_eq!((world.statuses(&alice), world.heard(&bob).len()), (vec![200], 1));
    world.say(&bob, "m1", &cpim("sip:bob@example.com", ROOM, "with the real address"));
    assert_eq!((world.statuses(&bob), world.heard(&alice).len()), (vec![403], 0));
}

#[test]
fn another_room_is_another_world() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    let elsewhere = Membership { room: RoomId(1), ..membership("bob", 2) };
    let (session, _) = world.media.allocate(RoomId(1), false);
    world.media.establish(world.now, session, elsewhere, peer("msrp://192.0.2.9:4000/x;tcp"));
    world.say(&alice, "p", &cpim(&alice.aor, "sip:bob@example.com", "psst"));
    assert_eq!(world.statuses(&alice), [404]);
}

#[test]
fn to_oneself_nothing_comes_back() {
    let mut world = World::new(open_room());
    let alice = world.join("alice", 1);
    world.say(&alice, "p", &cpim(&alice.aor, &alice.aor, "note to self"));
    assert_eq!(world.statuses(&alice), [200]);
}

#[test]
fn faults_of_private_messages() {
    let mut world = World::with(open_room(), Fault::PrivateMessageBroadcast.into(), |_| {});
    let (alice, bob, carol) = (world.join("alice", 1), world.join("bob", 2), world.join("carol", 3));
    world.say(&alice, "p", &cpim(&alice.aor, &bob.aor, "psst"));
    assert_eq!((world.heard(&bob).len(), world.heard(&carol).len()), (1, 1));

    let mut world = World::with(open_room(), Fault::PrivateMessage428YetDelivered.into(), |_| {});
    let alice = world.join("alice", 1);
    let bob = world.join_as("bob", membership("bob", 2), incapable);
    world.say(&alice, "p", &cpim(&alice.aor, &bob.aor, "psst"));
    assert_eq!((world.statuses(&alice), world.heard(&bob).len()), (vec![428], 1));

    let mut world = World::with(open_room(), Fault::UnknownRecipient403.into(), |_| {});
    let alice = world.join("alice", 1);
    world.say(&alice, "p", &cpim(&alice.aor, "sip:nobody@example.com", "psst"));
    assert_eq!(world.statuses(&alice), [403]);
}
