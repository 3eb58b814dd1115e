//! Messages in chunks (RFC 7701, 6.1; RFC 4975, 7.3.1).

use super::*;

/// One chunk of `text`, octets `from` to `to` (not included), counted from 0.
fn chunk(world: &mut World, party: &Party, id: &str, text: &str, from: usize, to: usize, flag: char) -> String {
    world.request(
        party,
        "SEND",
        &format!(
            "Message-ID: test{id}\r\nByte-Range: {}-{to}/{}\r\nContent-Type: message/cpim\r\n",
            from + 1,
            text.len()
        ),
        Some(&text[from..to]),
        flag,
    )
}

/// Range, flag and body of the SENDs that arrived.
fn pieces(world: &mut World, party: &Party) -> Vec<(String, u8, String)> {
    let messages = world.take(party.connection);
    messages
        .iter()
        .filter(|message| message.method() == Some("SEND"))
        .map(|send| {
            let body = String::from_utf8(send.body.clone().unwrap_or_default().to_vec()).unwrap();
            (send.header("Byte-Range").unwrap(), send.flag.octet(), body)
        })
        .collect()
}

#[test]
fn chunks_are_passed_on_as_they_come_with_one_message_id_a_copy() {
    let mut world = World::new(open_room());
    let (alice, bob, carol) = (world.join("alice", 1), world.join("bob", 2), world.join("carol", 3));
    let text = cpim(&alice.aor, ROOM, &"lorem ipsum ".repeat(20));
    let length = text.len();
    chunk(&mut world, &alice, "m1", &text, 0, 150, '+');
    assert_eq!(world.statuses(&alice), [200]);
    let first = world.take(bob.connection);
    assert_eq!(first.len(), 1, "before the message is complete");
    chunk(&mut world, &alice, "m1", &text, 150, length, '$');
    assert_eq!(world.statuses(&alice), [200]);
    let second = world.take(bob.connection);
    assert_eq!(first[0].message_id(), second[0].message_id());
    assert_ne!(first[0].transaction, second[0].transaction);
    assert_eq!(first[0].header("Byte-Range"), Some(format!("1-150/{length}")));
    assert_eq!(second[0].header("Byte-Range"), Some(format!("151-{length}/{length}")));
    assert_eq!((first[0].flag.octet(), second[0].flag.octet()), (b'+', b'$'));
    let whole = [first[0].body.clone().unwrap(), second[0].body.clone().unwrap()].concat();
    assert_eq!(whole, text.as_bytes());
    assert_eq!(world.heard(&carol).concat(), text);
}

#[test]
fn interleaved_messages_keep_apart() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let (one, two) = (cpim(&alice.aor, ROOM, "11111111"), cpim(&alice.aor, ROOM, "22222222"));
    let cut = one.len() - 4;
    for (text, id, from, to, flag) in [
        (&one, "m1", 0, cut, '+'),
        (&two, "m2", 0, cut, '+'),
        (&one, "m1", cut, one.len(), '$'),
        (&two, "m2", cut, two.len(), '$'),
    ] {
        chunk(&mut world, &alice, id, text, from, to, flag);
    }
    let sends = world.take(bob.connection);
    let of = |at: usize| {
        let id = sends[at].message_id();
        let parts = sends.iter().filter(|send| send.message_id() == id);
        String::from_utf8(parts.flat_map(|send| send.body.clone().unwrap().to_vec()).collect()).unwrap()
    };
    assert_eq!((of(0), of(1)), (one, two));
}

#[test]
fn headers_cut_across_chunks_are_collected_first() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, "hello there");
    let inner = text.find("Content-Type").unwrap() + 5;
    for (from, to) in [(0, 10), (10, inner)] {
        chunk(&mut world, &alice, "m1", &text, from, to, '+');
        assert_eq!(world.statuses(&alice), [200]);
        assert_eq!(pieces(&mut world, &bob), []);
    }
    chunk(&mut world, &alice, "m1", &text, inner, text.len() - 2, '+');
    let passed = pieces(&mut world, &bob);
    assert_eq!(passed, [(format!("1-{}/{}", text.len() - 2, text.len()), b'+', text[..text.len() - 2].to_owned())]);
    chunk(&mut world, &alice, "m1", &text, text.len() - 2, text.len(), '$');
    assert_eq!(pieces(&mut world, &bob)[0].2, "re");
}

#[test]
fn a_refusal_comes_with_the_chunk_that_completes_the_headers() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, "sip:nobody@example.com", "hello there");
    let end = text.len();
    chunk(&mut world, &alice, "m1", &text, 0, 20, '+');
    assert_eq!(world.statuses(&alice), [200]);
    chunk(&mut world, &alice, "m1", &text, 20, end - 3, '+');
    assert_eq!(world.statuses(&alice), [404]);
    chunk(&mut world, &alice, "m1", &text, end - 3, end, '$');
    assert_eq!(world.statuses(&alice), [413], "its state is gone");
    assert_eq!(pieces(&mut world, &bob), []);
}

#[test]
fn an_unknown_continuation_is_stopped() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, "hello there");
    chunk(&mut world, &alice, "m1", &text, 30, text.len(), '$');
    assert_eq!(world.statuses(&alice), [413]);
    assert_eq!(pieces(&mut world, &bob), []);
}

#[test]
fn later_chunks_go_to_those_who_had_the_first_and_are_still_there() {
    let mut world = World::new(open_room());
    let (alice, bob, carol) = (world.join("alice", 1), world.join("bob", 2), world.join("carol", 3));
    let text = cpim(&alice.aor, ROOM, "hello there");
    let cut = text.len() - 5;
    chunk(&mut world, &alice, "m1", &text, 0, cut, '+');
    let dave = world.join("dave", 4);
    world.media.release(world.now, carol.session);
    world.settle();
    world.take(carol.connection);
    world.take(alice.connection);
    chunk(&mut world, &alice, "m1", &text, cut, text.len(), '$');
    assert_eq!(world.statuses(&alice), [200]);
    assert_eq!(world.heard(&bob).concat(), text);
    assert_eq!(world.heard(&dave).len() + world.heard(&carol).len(), 0);
}

#[test]
fn the_chunk_reception_timer_aborts_and_starts_anew_with_each_chunk() {
    let mut world = World::new(RoomPolicy { chunk_reception_timer: 10.0, ..open_room() });
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, "hello there");
    let cut = text.len() - 5;
    chunk(&mut world, &alice, "m1", &text, 0, cut, '+');
    world.wait(9.0);
    chunk(&mut world, &alice, "m1", &text, cut, cut + 2, '+');
    world.wait(9.0);
    assert_eq!(world.statuses(&alice), [200, 200]);
    assert_eq!(pieces(&mut world, &bob).len(), 2);
    world.wait(1.1);
    assert_eq!(pieces(&mut world, &bob), [(format!("{}-*/{}", cut + 3, text.len()), b'#', String::new())]);
    let told = world.take(alice.connection);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].method(), told[0].report_status()), (Some("REPORT"), Some(413)));
    assert_eq!(told[0].header("Byte-Range"), Some(format!("1-{}/{}", cut + 2, text.len())));
    chunk(&mut world, &alice, "m1", &text, cut + 2, text.len(), '$');
    assert_eq!(world.statuses(&alice), [413]);
    assert_eq!(pieces(&mut world, &bob), []);
    assert_eq!(world.media.poll_timeout(), None);
}

#[test]
fn the_senders_abort_and_its_leaving_reach_the_recipients_as_aborts() {
    for leave in [false, true] {
        let mut world = World::new(open_room());
        let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
        let text = cpim(&alice.aor, ROOM, "hello there");
        let cut = text.len() - 5;
        chunk(&mut world, &alice, "m1", &text, 0, cut, '+');
        let id = world.take(bob.connection)[0].message_id();
        if leave {
            world.input(Input::Closed { connection: alice.connection });
        } else {
            chunk(&mut world, &alice, "m1", &text, cut, cut + 2, '#');
            assert_eq!(world.statuses(&alice), [200, 200]);
        }
        let last = world.take(bob.connection);
        assert_eq!(last.len(), 1);
        assert_eq!((last[0].flag.octet(), last[0].message_id()), (b'#', id));
        assert_eq!(last[0].body.as_deref(), Some(if leave { "".as_bytes() } else { &text.as_bytes()[cut..cut + 2] }));
    }
}

#[test]
fn a_large_chunk_is_cut_into_pieces_of_2048() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, &"0123456789".repeat(500));
    world.request(
        &alice,
        "SEND",
        &format!("Message-ID: testm1\r\nByte-Range: 1-*/{}\r\nContent-Type: message/cpim\r\n", text.len()),
        Some(&text),
        '$',
    );
    assert_eq!(world.statuses(&alice), [200]);
    let got = pieces(&mut world, &bob);
    let total = text.len();
    let ranges: Vec<_> = got.iter().map(|(range, flag, _)| (range.as_str(), *flag)).collect();
    assert_eq!(
        ranges,
        [
            (&*format!("1-2048/{total}"), b'+'),
            (&*format!("2049-4096/{total}"), b'+'),
            (&*format!("4097-{total}/{total}"), b'$')
        ]
    );
    assert_eq!(got.into_iter().map(|(_, _, body)| body).collect::<String>(), text);
}

#[test]
fn a_wrong_total_is_put_right_and_no_reason_to_refuse() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, "hi");
    let lines =
        format!("Message-ID: testm1\r\nByte-Range: 1-{0}/{0}\r\nContent-Type: message/cpim\r\n", text.len() + 2);
    world.request(&alice, "SEND", &lines, Some(&text), '$');
    assert_eq!(world.statuses(&alice), [200]);
    assert_eq!(pieces(&mut world, &bob)[0].0, format!("1-{0}/{0}", text.len()));
}

#[test]
fn chunks_out_of_order_are_put_where_they_belong() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, &"lorem ipsum ".repeat(20));
    let (cut, end) = (text.len() - 100, text.len());
    chunk(&mut world, &alice, "m1", &text, 0, 10, '+');
    chunk(&mut world, &alice, "m1", &text, cut, end, '$');
    assert_eq!(world.statuses(&alice), [200, 200]);
    assert_eq!(pieces(&mut world, &bob), []);
    chunk(&mut world, &alice, "m1", &text, 10, cut, '+');
    assert_eq!(world.statuses(&alice), [200]);
    let got = pieces(&mut world, &bob);
    assert_eq!(got.iter().map(|(_, _, body)| body.as_str()).collect::<String>(), text);
    assert_eq!(got.last().unwrap().1, b'$');
    assert_eq!(world.media.poll_timeout(), None, "the message is complete");
}

#[test]
fn incomplete_messages_are_bounded_in_number_and_wrappers_in_size() {
    let mut world = World::with(open_room(), FaultSet::none(), |settings| {
        settings.transfers_per_session = 2;
        settings.wrapper_bound = 100;
    });
    let alice = world.join("alice", 1);
    let text = format!("From: <{}>\r\nX: {}", alice.aor, "x".repeat(200));
    for (id, status) in [("m1", 200), ("m2", 200), ("m3", 413)] {
        chunk(&mut world, &alice, id, &text, 0, 20, '+');
        assert_eq!(world.statuses(&alice), [status]);
    }
    chunk(&mut world, &alice, "m1", &text, 20, 150, '+');
    assert_eq!(world.statuses(&alice), [413]);
}

#[test]
fn a_recipient_that_refuses_gets_no_more_of_the_message_and_the_others_do() {
    let mut world = World::new(open_room());
    let (alice, bob, carol) = (world.join("alice", 1), world.join("bob", 2), world.join("carol", 3));
    world.answering = false;
    let text = cpim(&alice.aor, ROOM, "hello there");
    let cut = text.len() - 5;
    chunk(&mut world, &alice, "m1", &text, 0, cut, '+');
    let first = world.take(bob.connection);
    let refusal = format!(
        "MSRP {0} 413 Enough\r\nTo-Path: {1}\r\nFrom-Path: {2}\r\n-------{0}$\r\n",
        first[0].transaction, bob.switch, bob.path
    );
    world.feed(&bob, &refusal);
    assert_eq!(pieces(&mut world, &bob), [(format!("{}-*/{}", cut + 1, text.len()), b'#', String::new())]);
    chunk(&mut world, &alice, "m1", &text, cut, text.len(), '$');
    assert_eq!(pieces(&mut world, &bob), []);
    assert_eq!(world.heard(&carol).concat(), text);
}

#[test]
fn no_copy_has_its_end_line_in_its_body() {
    let mut world = World::new(open_room());
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    let text = cpim(&alice.aor, ROOM, "-------t9999999$\r\n-------");
    world.say(&alice, "m1", &text);
    assert_eq!(world.heard(&bob), [text]);
}

#[test]
fn a_refusal_while_the_end_of_a_message_waits_ends_it_properly() {
    let mut world = World::with(open_room(), FaultSet::none(), |settings| settings.window = 3000);
    let (alice, bob) = (world.join("alice", 1), world.join("bob", 2));
    world.stuck.push(bob.connection);
    world.say(&alice, "m1", &cpim(&alice.aor, ROOM, &"x".repeat(20_000)));
    let begun = world.take(bob.connection);
    let refusal = format!(
        "MSRP {0} 413 Enough\r\nTo-Path: {1}\r\nFrom-Path: {2}\r\n-------{0}$\r\n",
        begun[0].transaction, bob.switch, bob.path
    );
    world.feed(&bob, &refusal);
    world.unstick(bob.connection);
    let rest = world.take(bob.connection);
    assert_eq!(rest.len(), 1);
    assert_eq!((rest[0].flag.octet(), rest[0].message_id()), (b'#', begun[0].message_id()));
    assert_eq!(rest[0].byte_range().unwrap().start, 2048 * begun.len() as u64 + 1);
}
