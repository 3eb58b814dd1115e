//! TCP: what goes wrong in networks and in captures of them.

use super::*;

const SYN: u32 = 999;
const FIRST: u32 = 1000;

fn whole() -> Vec<Vec<u8>> {
    vec![tcp(1, 2, SYN, "S", b""), tcp(2, 1, 4999, "SA", b""), tcp(1, 2, FIRST, "A", b"")]
}

fn after_handshake(frames: &[Vec<u8>]) -> Vec<String> {
    lines(&ethernet(&[&whole()[..], frames].concat())).split_off(1)
}

#[test]
fn a_connection_from_its_opening_to_its_end() {
    let frames = [
        &whole()[..],
        &[
            tcp(1, 2, 1000, "A", b"hello"),
            tcp(2, 1, 5000, "A", b"hi"),
            tcp(1, 2, 1005, "FA", b"bye"),
            tcp(2, 1, 5002, "A", b""),
            tcp(2, 1, 5002, "FA", b""),
            tcp(1, 2, 1009, "A", b""),
        ],
    ];
    assert_eq!(
        lines(&ethernet(&frames.concat())),
        [
            "1 #1 1>2: opened",
            "4 #1 1>2: hello",
            "5 #1 2>1: hi",
            "6 #1 1>2: bye",
            "6 #1 1>2: closed",
            "8 #1 2>1: closed"
        ]
    );
}

#[test]
fn segments_out_of_order_wait_for_those_before_them() {
    let seen = after_handshake(&[
        tcp(1, 2, 1004, "A", b"ef"),
        tcp(1, 2, 1002, "A", b"cd"),
        tcp(2, 1, 5000, "A", b"meanwhile"),
        tcp(1, 2, 1000, "A", b"ab"),
    ]);
    assert_eq!(seen, ["6 #1 2>1: meanwhile", "7 #1 1>2: ab", "5 in turn 7 #1 1>2: cd", "4 in turn 7 #1 1>2: ef"]);
}

#[test]
fn what_comes_twice_counts_once() {
    let seen = after_handshake(&[
        tcp(1, 2, 1000, "A", b"abc"),
        tcp(1, 2, 1000, "A", b"abc"),
        tcp(1, 2, 999, "A", b"x"),
        tcp(1, 2, 1001, "A", b"BCde"),
        tcp(1, 2, SYN, "S", b""),
        tcp(1, 2, 1007, "A", b"hi"),
        tcp(1, 2, 1006, "A", b"ghijk"),
        tcp(1, 2, 1004, "A", b"ef"),
        tcp(1, 2, 1005, "A", b"f"),
    ]);
    assert_eq!(seen, ["4 #1 1>2: abc", "7 #1 1>2: de", "11 #1 1>2: f", "10 in turn 11 #1 1>2: ghijk"]);
}

#[test]
fn the_sequence_numbers_may_wrap() {
    let frames = [
        tcp(1, 2, u32::MAX - 2, "S", b""),
        tcp(1, 2, 2, "A", b"ef"),
        tcp(1, 2, u32::MAX - 1, "A", b"abcd"),
        tcp(1, 2, u32::MAX, "A", b"bcdefgh"),
    ];
    assert_eq!(
        lines(&ethernet(&frames)),
        ["1 #1 1>2: opened", "3 #1 1>2: abcd", "2 in turn 3 #1 1>2: ef", "4 #1 1>2: gh"]
    );
}

#[test]
fn a_gap_that_nothing_fills_is_lost() {
    let seen = after_handshake(&[
        tcp(1, 2, 1000, "A", b"abc"),
        tcp(1, 2, 1010, "A", b"klm"),
        tcp(2, 1, 5000, "A", b"answer"),
        tcp(1, 2, 1015, "FA", b"p"),
    ]);
    assert_eq!(
        seen,
        [
            "4 #1 1>2: abc",
            "6 #1 2>1: answer",
            "5 #1 1>2: 7 lost",
            "5 #1 1>2: klm",
            "7 #1 1>2: 2 lost",
            "7 #1 1>2: p",
            "7 #1 1>2: closed"
        ]
    );
}

#[test]
fn a_last_segment_that_is_missing_is_lost() {
    let seen = after_handshake(&[tcp(1, 2, 1000, "A", b"abc"), tcp(1, 2, 1007, "FA", b"")]);
    assert_eq!(seen, ["4 #1 1>2: abc", "5 #1 1>2: 4 lost", "5 #1 1>2: closed"]);
}

#[test]
fn what_waits_behind_a_gap_is_bounded() {
    let segment = vec![b'x'; 1400];
    let mut frames = whole();
    for number in 0..800 {
        frames.push(tcp(1, 2, FIRST + 1400 * (number + 1), "A", &segment));
    }
    frames.push(tcp(2, 1, 5000, "A", b"last"));
    let (seen, _) = read(&ethernet(&frames));
    let lost = seen.iter().position(|one| one.sight == Sight::Lost { octets: 1400 }).unwrap();
    let last = seen.iter().position(|one| one.from.port() == 2).unwrap();
    assert_eq!((seen[lost].frame, lost < last), (4, true), "it is not held until the end");
    let octets: usize =
        seen.iter().map(|one| if let Sight::Octets(octets) = &one.sight { octets.len() } else { 0 }).sum();
    assert_eq!(octets, 800 * 1400 + 4);

    let mut frames = whole();
    for number in 0..3000 {
        frames.push(tcp(1, 2, FIRST + 2 * number + 2, "A", b"x"));
    }
    let (seen, _) = read(&ethernet(&frames));
    assert_eq!(seen.iter().filter(|one| matches!(one.sight, Sight::Lost { .. })).count(), 3000);
}

#[test]
fn a_stream_may_begin_in_its_middle() {
    let frames = [
        tcp(2, 1, 7000, "A", b""),
        tcp(1, 2, 3000, "A", b"middle"),
        tcp(1, 2, 2990, "A", b"before, and mid"),
        tcp(2, 1, 7000, "A", b"answer"),
        tcp(2, 1, 7006, "R", b""),
        tcp(3, 4, 1, "R", b""),
        tcp(3, 4, 1, "FA", b""),
    ];
    assert_eq!(lines(&ethernet(&frames)), ["2 #1 1>2: middle", "4 #1 2>1: answer", "5 #1 2>1: closed"]);
}

#[test]
fn a_new_syn_on_the_same_ports_is_another_connection() {
    let again = [
        tcp(1, 2, 1000, "A", b"abc"),
        tcp(1, 2, 1009, "A", b"jk"),
        tcp(1, 2, 70_000, "S", b""),
        tcp(2, 1, 90_000, "SA", b""),
        tcp(1, 2, 70_001, "A", b"new"),
        tcp(2, 1, 90_001, "A", b"welcome"),
    ];
    assert_eq!(
        after_handshake(&again),
        ["4 #1 1>2: abc", "5 #1 1>2: 6 lost", "5 #1 1>2: jk", "6 #2 1>2: opened", "8 #2 1>2: new", "9 #2 2>1: welcome"]
    );
}

#[test]
fn an_answer_to_a_syn_that_was_not_captured_opens_too() {
    let mut answer = TcpHeader::new(2, 1, 90_000, 1000);
    (answer.syn, answer.ack, answer.acknowledgment_number) = (true, true, 70_001);
    let mut frame = Vec::new();
    let builder = PacketBuilder::ethernet2([1; 6], [2; 6]).ipv4([10, 0, 0, 2], [10, 0, 0, 1], 64);
    builder.tcp_header(answer).write(&mut frame, &[]).unwrap();
    let frames = [frame, tcp(1, 2, 70_004, "A", b"def"), tcp(1, 2, 70_001, "A", b"abc")];
    assert_eq!(lines(&ethernet(&frames)), ["1 #1 1>2: opened", "3 #1 1>2: abc", "2 in turn 3 #1 1>2: def"]);
}

#[test]
fn ports_used_anew_without_a_syn_are_another_connection() {
    let seen = after_handshake(&[tcp(1, 2, 1000, "A", b"abc"), tcp(1, 2, 2_000_000_000, "A", b"far")]);
    assert_eq!(seen, ["4 #1 1>2: abc", "5 #2 1>2: far"]);
}

#[test]
fn a_reset_closes_once_and_what_waited_is_told() {
    let seen = after_handshake(&[
        tcp(1, 2, 1002, "A", b"cd"),
        tcp(2, 1, 5000, "R", b""),
        tcp(2, 1, 5000, "R", b""),
        tcp(1, 2, 1004, "FA", b""),
    ]);
    assert_eq!(seen, ["4 #1 1>2: 2 lost", "4 #1 1>2: cd", "5 #1 2>1: closed", "7 #1 1>2: closed"]);
}

#[test]
fn connections_are_forgotten_when_there_are_too_many() {
    let mut frames = Vec::new();
    for number in 0..40_000_u32 {
        let [_, _, high, low] = number.to_be_bytes();
        let builder = PacketBuilder::ethernet2([1; 6], [2; 6]).ipv4([10, 1, high, low], [10, 0, 0, 2], 64);
        let mut frame = Vec::new();
        builder.tcp(1, 2, 7, 7).write(&mut frame, b"x").unwrap();
        frames.push(frame);
    }
    let (seen, error) = read(&ethernet(&frames));
    assert!(error.is_none());
    assert_eq!(seen.len(), 40_000);
}
