//! Whatever comes in, the switch neither panics nor sends anything that its own codec objects to (the world checks
//! every octet the switch writes).

use proptest::prelude::*;

use super::*;

fn valid_stream(party: &Party) -> String {
    let text = cpim(&party.aor, ROOM, "hello there, this is long enough to be cut");
    let (cut, total) = (30, text.len());
    let head = |tid: &str, method: &str| {
        format!("MSRP {tid} {method}\r\nTo-Path: {}\r\nFrom-Path: {}\r\n", party.switch, party.path)
    };
    let chunk = |tid: &str, from: usize, to: usize, flag: char| {
        format!(
            "{}Message-ID: fuzz1\r\nSuccess-Report: yes\r\nByte-Range: {}-{to}/{total}\r\nContent-Type: message/cpim\r\n\r\n{}\r\n-------{tid}{flag}\r\n",
            head(tid, "SEND"),
            from + 1,
            &text[from..to]
        )
    };
    [
        chunk("tfuz0001", 0, cut, '+'),
        chunk("tfuz0002", cut, total - 4, '+'),
        format!("{}Use-Nickname: \"fuzz\"\r\n-------tfuz0003$\r\n", head("tfuz0003", "NICKNAME")),
        chunk("tfuz0004", total - 4, total, '$'),
        format!("{}Message-ID: fuzz2\r\nStatus: 000 413 no\r\n-------tfuz0005$\r\n", head("tfuz0005", "REPORT")),
        format!(
            "MSRP tfuz0006 200 OK\r\nTo-Path: {}\r\nFrom-Path: {}\r\n-------tfuz0006$\r\n",
            party.switch, party.path
        ),
    ]
    .concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_streams_do_no_harm(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 0..12),
        digits in any::<u64>(),
        cuts in 1_usize..200,
    ) {
        let mut world = World::new(RoomPolicy { max_size: Some(1 << 40), ..open_room() });
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        let mut stream = valid_stream(&alice).replace("Byte-Range: 31-", &format!("Byte-Range: {digits}-")).into_bytes();
        if digits % 2 == 0 {
            stream = valid_stream(&alice).into_bytes();
        }
        for (place, octet, kind) in changes {
            let at = place.index(stream.len().max(1));
            match kind {
                0 => stream.insert(at, octet),
                1 if at < stream.len() => { stream.remove(at); }
                2 => stream.truncate(stream.len() - at.min(3)),
                _ => if let Some(place) = stream.get_mut(at) { *place = octet },
            }
        }
        for part in stream.chunks(cuts) {
            world.octets(alice.connection, part);
        }
        world.wait(600.0);
        world.take(bob.connection);
        let carol = world.join("carol", 3);
        world.say(&carol, "after", &cpim(&carol.aor, ROOM, "the room goes on"));
        prop_assert_eq!(world.statuses(&carol), [200]);
        if world.media.is_bound(bob.session) {
            prop_assert_eq!(world.heard(&bob).len(), 1);
        }
    }
}
