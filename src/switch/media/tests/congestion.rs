//! Those who read too slowly (RFC 7701, 6.4).

use super::*;

const BOUND: usize = 16 * 1024;

fn narrow() -> World {
    World::with(RoomPolicy { chunk_reception_timer: 1000.0, ..open_room() }, FaultSet::none(), |settings| {
        settings.queue_bound = BOUND;
        settings.window = 4096;
        settings.transaction_timeout = Duration::from_secs(1000);
    })
}

#[test]
fn a_slow_reader_stalls_nobody_and_costs_bounded_memory() {
    let mut world = narrow();
    let (alice, slow, quick) = (world.join("alice", 1), world.join("slow", 2), world.join("quick", 3));
    world.stuck.push(slow.connection);
    let text = cpim(&alice.aor, ROOM, &"x".repeat(1000));
    for number in 0..100 {
        world.say(&alice, &format!("m{number}"), &text);
        assert_eq!(world.statuses(&alice), [200]);
    }
    assert_eq!(world.heard(&quick).len(), 100);
    let queued = world.media.sessions[&slow.session].queued;
    assert!(queued <= BOUND && world.held(slow.connection) <= 4096 + 2048, "{queued}");

    world.unstick(slow.connection);
    let heard = world.heard(&slow);
    let regular = heard.iter().filter(|body| **body == text).count();
    assert!((5..100).contains(&regular), "{regular} of 100, each of them whole");
    let notices: Vec<_> = heard.iter().filter(|body| body.starts_with(&format!("From: <{ROOM}>"))).collect();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].contains(&format!("{} message(s)", 100 - regular)), "{}", notices[0]);
    world.say(&alice, "again", &text);
    assert_eq!(world.heard(&slow), [text]);
}

#[test]
fn a_message_that_fills_the_queue_is_cut_with_an_abort() {
    let mut world = narrow();
    let (alice, slow) = (world.join("alice", 1), world.join("slow", 2));
    world.stuck.push(slow.connection);
    let text = cpim(&alice.aor, ROOM, &"x".repeat(40_000));
    let total = text.len();
    for (at, part) in text.as_bytes().chunks(2000).enumerate() {
        let (from, to) = (at * 2000, at * 2000 + part.len());
        let flag = if to == total { '$' } else { '+' };
        let lines =
            format!("Message-ID: test1\r\nByte-Range: {}-{to}/{total}\r\nContent-Type: message/cpim\r\n", from + 1);
        world.request(&alice, "SEND", &lines, Some(std::str::from_utf8(part).unwrap()), flag);
        assert_eq!(world.statuses(&alice), [200]);
    }
    world.unstick(slow.connection);
    let got = world.take(slow.connection);
    let flags: Vec<u8> = got
        .iter()
        .filter(|send| send.method() == Some("SEND") && send.message_id() == got[0].message_id())
        .map(|send| send.flag.octet())
        .collect();
    assert_eq!(flags.iter().filter(|flag| **flag == b'#').count(), 1);
    assert_eq!((flags.last(), flags.contains(&b'$')), (Some(&b'#'), false));
}

#[test]
fn a_private_message_to_a_full_queue_is_refused_and_one_that_fills_it_is_reported() {
    let mut world = narrow();
    let (alice, slow) = (world.join("alice", 1), world.join("slow", 2));
    world.stuck.push(slow.connection);
    let text = cpim(&alice.aor, &slow.aor, &"x".repeat(40_000));
    let total = text.len();
    let mut statuses = Vec::new();
    let mut reports = Vec::new();
    for (at, part) in text.as_bytes().chunks(4000).enumerate() {
        let (from, to) = (at * 4000, at * 4000 + part.len());
        let flag = if to == total { '$' } else { '+' };
        let lines =
            format!("Message-ID: test1\r\nByte-Range: {}-{to}/{total}\r\nContent-Type: message/cpim\r\n", from + 1);
        world.request(&alice, "SEND", &lines, Some(std::str::from_utf8(part).unwrap()), flag);
        for told in world.take(alice.connection) {
            statuses.extend(told.status());
            reports.extend(told.report_status());
        }
    }
    assert_eq!(reports, [413]);
    assert_eq!((statuses.first(), statuses.last()), (Some(&200), Some(&413)), "{statuses:?}");
    for number in 0..30 {
        world.say(&alice, &format!("p{number}"), &cpim(&alice.aor, &slow.aor, &"x".repeat(1000)));
    }
    assert_eq!(world.statuses(&alice).last(), Some(&413));
}

#[test]
fn a_session_congested_for_minutes_is_given_up() {
    let mut world = narrow();
    let (alice, slow) = (world.join("alice", 1), world.join("slow", 2));
    world.stuck.push(slow.connection);
    for number in 0..30 {
        world.say(&alice, &format!("m{number}"), &cpim(&alice.aor, ROOM, &"x".repeat(1000)));
    }
    world.wait(179.0);
    assert!(world.media.is_bound(slow.session));
    world.wait(2.0);
    assert!(!world.media.is_bound(slow.session));
    assert_eq!(world.closed, [slow.connection]);
    assert!(
        world.events.iter().any(|event| matches!(event, MediaEvent::Lost { session, .. } if *session == slow.session))
    );
}

#[test]
fn who_never_reads_its_responses_is_cut_off() {
    let mut world = narrow();
    let alice = world.join("alice", 1);
    world.stuck.push(alice.connection);
    for _ in 0..1000 {
        if !world.closed.is_empty() {
            break;
        }
        world.request(&alice, "SEND", "Message-ID: test1\r\n", None, '$');
    }
    assert_eq!(world.closed, [alice.connection]);
}
