//! What a peer's description means for what goes to it (RFC 4975, 8), with and without faults.

use super::*;
use crate::switch::fault::Fault;

fn world(faults: FaultSet) -> World {
    World::with(open_room(), faults, |_| {})
}

#[test]
fn a_max_size_counts_for_the_whole_message() {
    let heard = |faults: FaultSet| {
        let mut world = world(faults);
        let alice = world.join("alice", 1);
        let bob = world.join_as("bob", membership("bob", 2), |peer| peer.max_size = Some(150));
        world.take(bob.connection);
        let text = cpim(&alice.aor, ROOM, &"x".repeat(100));
        let lines = |range: &str| {
            format!("Message-ID: message1\r\nByte-Range: {range}/{}\r\nContent-Type: message/cpim\r\n", text.len())
        };
        world.request(&alice, "SEND", &lines("1-150"), Some(&text[..150]), '+');
        world.request(&alice, "SEND", &lines(&format!("151-{}", text.len())), Some(&text[150..]), '$');
        world.take(bob.connection).iter().any(|message| message.method() == Some("SEND"))
    };
    assert!(!heard(FaultSet::none()) && heard(Fault::MaxSizePerChunk.into()));
}

#[test]
fn a_later_path_counts() {
    let reached = |faults: FaultSet| {
        let mut world = world(faults);
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        world.take(bob.connection);
        world.media.update(world.now, bob.session, peer("msrp://192.0.2.2:7777/an0therpl4ce;tcp"));
        world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
        let came = world.take(bob.connection);
        came.iter().any(|message| message.header("To-Path").is_some_and(|path| path.contains("an0therpl4ce")))
    };
    assert!(reached(FaultSet::none()) && !reached(Fault::PathNeverUpdated.into()));
}

#[test]
fn what_may_come_bare_may_come_wrapped() {
    let mut world = world(FaultSet::none());
    let alice = world.join("alice", 1);
    let bob = world.join_as("bob", membership("bob", 2), |peer| {
        peer.accept_types.push("text/plain".to_owned());
        peer.accept_wrapped_types = Some(vec!["text/html".to_owned()]);
    });
    world.say(&alice, "m1", &cpim(&alice.aor, ROOM, "hi"));
    assert_eq!(world.heard(&bob).len(), 1);
}
