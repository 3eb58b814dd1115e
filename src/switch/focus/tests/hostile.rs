//! Octets that nobody should send.

use std::time::Duration;

use rand::Rng;

use super::*;

/// Damages a message: octets changed, removed, doubled, cut off.
fn damage(text: &str, rng: &mut ChaCha12Rng) -> Vec<u8> {
    let mut octets = text.as_bytes().to_vec();
    for _ in 0..=rng.next_u32() % 4 {
        if octets.is_empty() {
            break;
        }
        let at = rng.next_u32() as usize % octets.len();
        let to = (at + 1 + rng.next_u32() as usize % 20).min(octets.len());
        match rng.next_u32() % 5 {
            0 => octets[at] = (rng.next_u32() % 256) as u8,
            1 => drop(octets.drain(at..to)),
            2 => {
                let piece = octets[at..to].to_vec();
                octets.splice(at..at, piece);
            }
            3 => octets.truncate(at),
            _ => octets[at] = b"\r\n;,<>\":@=/ %\0"[rng.next_u32() as usize % 14],
        }
    }
    octets
}

#[test]
fn damaged_messages_neither_break_nor_stay() {
    let mut rng = ChaCha12Rng::seed_from_u64(11);
    let mut bench = Bench::new();
    let ok = bench.join("room", "alice", ALICE, "");
    let watch = request("SUBSCRIBE", "sip:room@127.0.0.1:5060", "bob", 1, "Event: conference\nExpires: 60\n", "");
    let seeds = [
        invite("room", "bob", 1, "Record-Route: <sip:127.0.0.1:5090;lr>\nPrivacy: id\nRequire: x\n"),
        invite("auth", "bob", 1, "Authorization: Digest username=\"a\", realm=\"auth\", nonce=\"x\", nc=1\n"),
        request("INVITE", "sip:room@127.0.0.1", "bob", 1, "", ""),
        watch,
        within(&ok, "INVITE", "alice", 2, "Content-Type: application/sdp\n", OFFER),
        within(&ok, "OPTIONS", "alice", 3, "", ""),
        within(&ok, "ACK", "alice", 1, "Content-Type: application/sdp\n", OFFER),
    ];
    for round in 0..3000u64 {
        let seed = &seeds[(round % 7) as usize];
        let octets = Bytes::from(damage(seed, &mut rng));
        if round % 3 == 0 {
            let connection = bench.connect(round, "127.0.0.1:40000");
            bench.switch.handle_input(bench.now, Input::Octets { connection, octets });
            bench.switch.handle_input(bench.now, Input::Closed { connection });
        } else {
            bench.switch.handle_input(bench.now, Input::Datagram { from: address(BOB), octets });
        }
        while bench.switch.poll_output().is_some() {}
    }
    bench.switch.shut_down(bench.now);
    let end = bench.now + Duration::from_secs(200);
    while let Some(next) = bench.switch.poll_timeout().filter(|next| *next <= end) {
        bench.now = bench.now.max(next);
        bench.switch.handle_timeout(bench.now);
        while bench.switch.poll_output().is_some() {}
    }
    assert!(bench.switch.is_idle(), "nothing of it stays");
}

#[test]
fn a_message_too_long_for_a_stream_closes_it() {
    let mut bench = Bench::new();
    let stream = bench.connect(1, "127.0.0.1:40000");
    let octets = Bytes::from(format!("OPTIONS sip:room@127.0.0.1 SIP/2.0\r\nSubject: {}", "x".repeat(300 * 1024)));
    bench.switch.handle_input(bench.now, Input::Octets { connection: stream, octets });
    assert_eq!(bench.switch.poll_output(), Some(Output::Close { connection: stream }));
}
