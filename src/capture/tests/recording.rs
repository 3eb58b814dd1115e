//! From captures to transcripts: who is the switch, and whose each message is.

use super::*;
use crate::capture::{Address, Recording, RecordingError};
use crate::transcript::Crossing;

/// The switch is 9, or 8 for MSRP; participants are 1 and 2.
const SWITCH: u8 = 9;

fn sdp(host: u8, session: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 10.0.0.{host}\r\ns=-\r\nc=IN IP4 10.0.0.{host}\r\nt=0 0\r\nm=message {host} TCP/MSRP *\r\n\
         a=accept-types:message/cpim\r\na=path:msrp://10.0.0.{host}:{host}/{session};tcp\r\n"
    )
}

fn sip(first: &str, user: &str, call: &str, method: &str, contact: &str, body: &str) -> Vec<u8> {
    let content = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
    let tag = if first.starts_with("SIP") { ";tag=room" } else { "" };
    format!(
        "{first}\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK{call}\r\nFrom: <sip:{user}@example.com;x=y>;tag=t{user}\r\n\
         To: <sip:room@example.com>{tag}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n{contact}{content}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// An INVITE and its answer.
fn join(from: u8, user: &str, isfocus: bool) -> Vec<Vec<u8>> {
    let contact = if isfocus { "Contact: <sip:10.0.0.9>;isfocus\r\n" } else { "Contact: <sip:10.0.0.9>\r\n" };
    let invite = "INVITE sip:room@example.com SIP/2.0";
    vec![
        udp(from, SWITCH, &sip(invite, user, user, "INVITE", "", &sdp(from, user))),
        udp(SWITCH, from, &sip("SIP/2.0 200 OK", user, user, "INVITE", contact, &sdp(8, &format!("s{user}")))),
    ]
}

fn send(id: &str, to: (u8, &str), from: (u8, &str)) -> Vec<u8> {
    let uri = |(host, session): (u8, &str)| format!("msrp://10.0.0.{host}:{host}/{session};tcp");
    format!(
        "MSRP {id} SEND\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: {id}\r\n-------{id}$\r\n",
        uri(to),
        uri(from)
    )
    .into_bytes()
}

/// A line an event: frames, participant, what.
fn told(recording: &Recording) -> Vec<String> {
    let first_line = |octets: &[u8]| octets.split(|octet| *octet == b'\r').next().unwrap().escape_ascii().to_string();
    let line = |(event, [first, last]): (&crate::transcript::Event, &[u64; 2])| {
        let frames = if first == last { first.to_string() } else { format!("{first}-{last}") };
        let pco = &recording.transcript.pcos[event.pco.0];
        let what = match &event.crossing {
            Crossing::Sent(octets) => format!("> {}", first_line(octets)),
            Crossing::Received(octets) => format!("< {}", first_line(octets)),
            other => format!("{other:?}"),
        };
        format!("{frames} {} {what}", pco.participant)
    };
    recording.transcript.events.iter().zip(&recording.frames).map(line).collect()
}

fn record(frames: &[Vec<u8>]) -> Recording {
    Recording::of(&ethernet(frames)[..], &[]).unwrap()
}

#[test]
fn participants_are_told_apart_though_they_share_sockets() {
    // One proxy and one relay of connections for both.
    let segment = [send("aaaa", (8, "salice"), (1, "alice")), send("bbbb", (8, "sbob"), (1, "bob"))].concat();
    let (early, late) = segment.split_at(70);
    let frames = [
        join(1, "alice", true),
        join(1, "bob", true),
        vec![
            tcp(1, 8, 9, "S", b""),
            tcp(1, 8, 10, "A", early),
            tcp(1, 8, 80, "A", late),
            tcp(8, 1, 700, "A", b"MSRP bbbb 200 OK\r\nTo-Path: msrp://10.0.0.1:1/bob;tcp\r\nFrom-Path: msrp://10.0.0.8:8/sbob;tcp\r\n-------bbbb$\r\n"),
            tcp(1, 8, 10 + segment.len() as u32, "FA", b""),
        ],
    ];
    let recording = record(&frames.concat());
    assert_eq!(recording.participants, ["sip:alice@example.com", "sip:bob@example.com"]);
    assert_eq!(recording.remarks, Vec::<String>::new());
    assert_eq!(
        told(&recording),
        [
            "1 sip:alice@example.com > INVITE sip:room@example.com SIP/2.0",
            "2 sip:alice@example.com < SIP/2.0 200 OK",
            "3 sip:bob@example.com > INVITE sip:room@example.com SIP/2.0",
            "4 sip:bob@example.com < SIP/2.0 200 OK",
            "5 sip:alice@example.com Opened",
            "5 sip:bob@example.com Opened",
            "6-7 sip:alice@example.com > MSRP aaaa SEND",
            "7 sip:bob@example.com > MSRP bbbb SEND",
            "8 sip:bob@example.com < MSRP bbbb 200 OK",
            "9 sip:alice@example.com ClosedByTester",
            "9 sip:bob@example.com ClosedByTester"
        ]
    );
}

#[test]
fn a_gap_hides_what_follows_on_both_ways() {
    let message = send("aaaa", (8, "salice"), (1, "alice"));
    let frames = [
        join(1, "alice", true),
        vec![
            tcp(1, 8, 9, "S", b""),
            tcp(1, 8, 10, "A", &message),
            tcp(1, 8, 15 + message.len() as u32, "A", &message),
            tcp(8, 1, 700, "A", b"MSRP zzzz 200 OK\r\n"),
        ],
    ];
    let recording = record(&frames.concat());
    let lines = told(&recording);
    assert_eq!(lines[4], "5 sip:alice@example.com Omitted { sent: true, octets: 5 }");
    assert_eq!(lines[5], "5 sip:alice@example.com Omitted { sent: false, octets: 0 }");
    let remark = "a gap: 5 octets to the switch before frame 5";
    assert!(recording.remarks[0].starts_with(remark), "{:?}", recording.remarks);
}

#[test]
fn the_switch_is_found_by_who_is_invited_if_nothing_better_is_there() {
    use crate::capture::Basis;
    let recording = record(&[join(1, "alice", false), join(2, "bob", false)].concat());
    assert_eq!(recording.basis, Some(Basis::Invited));
    assert_eq!(recording.iut, ["10.0.0.8:8".parse().unwrap(), "10.0.0.9:9".parse().unwrap()]);
    let nickname = b"MSRP aaaa NICKNAME\r\nTo-Path: msrp://10.0.0.8:8/s;tcp\r\nFrom-Path: msrp://10.0.0.1:1/a;tcp\r\n-------aaaa$\r\n";
    let recording = record(&[tcp(1, 8, 10, "A", nickname)]);
    assert_eq!(recording.basis, Some(Basis::Nicknames));
    assert_eq!(told(&recording), ["1 10.0.0.1:1 > MSRP aaaa NICKNAME"]);
}

#[test]
fn nobody_is_judged_on_a_guess() {
    // 9 invites, too: a proxy, or a room that dials out.
    let invite = sip("INVITE sip:bob@example.com SIP/2.0", "carol", "c", "INVITE", "", &sdp(9, "c"));
    let frames = [join(1, "alice", false), vec![udp(9, 2, &invite)]].concat();
    let error = Recording::of(&ethernet(&frames)[..], &[]).unwrap_err();
    let RecordingError::Undecided(ends) = &error else { panic!("{error}") };
    assert_eq!(ends.len(), 3);
    let told = Recording::of(&ethernet(&frames)[..], &["10.0.0.9:9".parse().unwrap()]).unwrap();
    assert_eq!(told.participants, ["sip:alice@example.com", "sip:room@example.com"]);
    let host: Address = "10.0.0.9".parse().unwrap();
    assert_eq!(Recording::of(&ethernet(&frames)[..], &[host]).unwrap().participants, told.participants);

    let send = send("aaaa", (8, "s"), (1, "a"));
    let alone = Recording::of(&ethernet(&[tcp(1, 8, 10, "A", &send)])[..], &[]);
    assert!(matches!(alone, Err(RecordingError::Undecided(_))), "a SEND tells nothing");
}

#[test]
fn what_lies_beyond_a_proxy_or_relay_is_left_out() {
    let invite = sip("INVITE sip:room@example.com SIP/2.0", "alice", "alice", "INVITE", "", &sdp(1, "alice"));
    let frames = [
        vec![udp(7, 3, &invite)],
        join(3, "alice", true),
        vec![
            udp(3, 7, &sip("SIP/2.0 200 OK", "alice", "alice", "INVITE", "Contact: <sip:10.0.0.9>;isfocus\r\n", "")),
            tcp(1, 5, 10, "A", &send("aaaa", (5, "relay"), (1, "alice"))),
        ],
    ];
    let recording = record(&frames.concat());
    assert_eq!(recording.iut, ["10.0.0.8:8".parse().unwrap(), "10.0.0.9:9".parse().unwrap()]);
    assert_eq!(told(&recording).len(), 2);
    assert_eq!(recording.remarks.len(), 2, "{:?}", recording.remarks);
}

#[test]
fn tls_is_named_and_other_traffic_passed_over() {
    let mut frames = join(1, "alice", true);
    frames.push(tcp(1, 8, 10, "A", &[22, 3, 1, 0, 5, 1, 0, 0, 1, 3]));
    frames.push(tcp(1, 80, 10, "A", b"GET / HTTP/1.1\r\n\r\n"));
    frames.push(udp(1, 53, &[0x12, 0x34, 1, 0]));
    frames.push(udp(1, SWITCH, &[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]));
    let recording = record(&frames);
    assert_eq!(recording.remarks, ["not readable: TLS between 10.0.0.1:1 and 10.0.0.8:8, from frame 3 on"]);
    assert_eq!(told(&recording).len(), 2);
}
