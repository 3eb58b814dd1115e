//! Both halves together: what is agreed in SIP works in MSRP, and what happens in MSRP shows in SIP.

use std::time::Duration;

use super::faults::SHOWN_BY_MSRP;
use super::*;
use crate::wire::conference_info::ConferenceInfo;

/// An MSRP connection of a participant that has joined, bound by its first SEND.
fn bind(bench: &mut Bench, n: u64, ok: &SipMessage) -> (Connection, String) {
    let sdp = body(ok);
    let path = sdp.lines().find_map(|line| line.strip_prefix("a=path:")).unwrap().to_owned();
    let connection = Connection::accepted(n);
    let (local, remote) = (address("127.0.0.1:2855"), address("127.0.0.1:41000"));
    let input = Input::Connected { connection, protocol: Protocol::Msrp, local, remote, secured: false };
    bench.switch.handle_input(bench.now, input);
    let answers = msrp(bench, connection, &path, "bind0001", "SEND", "Message-ID: first\n");
    assert!(answers[0].starts_with("MSRP bind0001 200"), "{answers:?}");
    (connection, path)
}

fn msrp(bench: &mut Bench, to: Connection, path: &str, id: &str, method: &str, more: &str) -> Vec<String> {
    let text = format!(
        "MSRP {id} {method}\nTo-Path: {path}\nFrom-Path: msrp://127.0.0.1:7654/jshA7weztas;tcp\n{more}-------{id}$\n"
    );
    let octets = Bytes::from(crlf(&text));
    bench.switch.handle_input(bench.now, Input::Octets { connection: to, octets });
    let mut written = Vec::new();
    while let Some(output) = bench.switch.poll_output() {
        match output {
            Output::Write { octets, .. } | Output::Datagram { octets, .. } => {
                written.push(String::from_utf8(octets.to_vec()).unwrap());
            }
            Output::Connect { .. } | Output::Close { .. } => {}
        }
    }
    written
}

#[test]
fn a_nickname_of_msrp_stands_in_the_roster() {
    let mut bench = Bench::new();
    let ok = bench.join("room", "alice", ALICE, "");
    let (connection, path) = bind(&mut bench, 1, &ok);
    let subscribe = within(&ok, "SUBSCRIBE", "alice", 2, "Event: conference\n", "");
    let notify = bench.send(ALICE, &subscribe).remove(1).message;
    bench.answer(ALICE, &notify, 200);
    bench.pass(Duration::from_secs(1));
    let written = msrp(&mut bench, connection, &path, "nick0001", "NICKNAME", "Use-Nickname: \"Alice the great\"\n");
    assert!(written.iter().any(|text| text.starts_with("MSRP nick0001 200")), "{written:?}");
    let notify = written.iter().find(|text| text.starts_with("NOTIFY")).unwrap();
    let (_, xml) = notify.split_once("\r\n\r\n").unwrap();
    let roster = ConferenceInfo::parse(xml.as_bytes()).unwrap().tree;
    assert_eq!(roster.users[0].nickname.as_ref().map(|(name, _)| name.as_str()), Some("Alice the great"));
}

#[test]
fn a_lost_connection_ends_the_dialog_unless_the_peer_leaves_first() {
    let mut bench = Bench::new();
    let ok = bench.join("room", "alice", ALICE, "");
    let (connection, _) = bind(&mut bench, 1, &ok);
    bench.switch.handle_input(bench.now, Input::Closed { connection });
    assert!(bench.sent().is_empty(), "the peer's BYE may be on its way");
    let sent = bench.pass(Duration::from_millis(500));
    assert_eq!(sent[0].message.method(), Some("BYE"));

    let mut bench = Bench::new();
    let ok = bench.join("room", "alice", ALICE, "");
    let (connection, _) = bind(&mut bench, 1, &ok);
    bench.switch.handle_input(bench.now, Input::Closed { connection });
    assert_eq!(bench.status(ALICE, &within(&ok, "BYE", "alice", 2, "", "")), 200);
    assert!(bench.pass(Duration::from_secs(60)).is_empty());
}

#[test]
fn a_private_participant_may_sign_with_its_anonymous_uri_only() {
    let mut bench = Bench::new();
    let ok = bench.join("room", "alice", ALICE, "Privacy: id\n");
    let (connection, path) = bind(&mut bench, 1, &ok);
    let send = |from: &str| {
        format!(
            "Message-ID: message-1\nByte-Range: 1-*/*\nContent-Type: message/cpim\n\nFrom: <{from}>\nTo: \
             <sip:room@127.0.0.1:5060>\n\nContent-Type: text/plain\n\nhello\n"
        )
    };
    let refused = msrp(&mut bench, connection, &path, "real0001", "SEND", &send("sip:alice@example.com"));
    assert!(refused[0].starts_with("MSRP real0001 403"), "{refused:?}");
    let text = request("SUBSCRIBE", "sip:room@127.0.0.1:5060", "bob", 1, "Event: conference\nExpires: 0\n", "");
    let notify = bench.send(BOB, &text).remove(1).message;
    let entity = ConferenceInfo::parse(&notify.body).unwrap().tree.users[0].entity.clone();
    let accepted = msrp(&mut bench, connection, &path, "anon0001", "SEND", &send(&entity));
    assert!(accepted[0].starts_with("MSRP anon0001 200"), "{accepted:?}");
}

#[test]
fn the_passive_offerer_is_connected_to() {
    let mut bench = Bench::new();
    let offer = format!("{OFFER}a=setup:passive\n");
    let text = request("INVITE", "sip:room@127.0.0.1", "alice", 1, "Content-Type: application/sdp\n", &offer);
    bench.switch.handle_input(bench.now, Input::Datagram { from: address(ALICE), octets: Bytes::from(text) });
    let mut connects = Vec::new();
    while let Some(output) = bench.switch.poll_output() {
        if let Output::Connect { protocol, to, .. } = output {
            connects.push((protocol, to));
        }
    }
    assert_eq!(connects, [(Protocol::Msrp, address("127.0.0.1:7654"))]);
}

#[test]
fn a_late_answer_without_setup_makes_the_focus_connect() {
    let mut bench = Bench::new();
    let ok = bench.ask(ALICE, &request("INVITE", "sip:room@127.0.0.1", "alice", 1, "", ""));
    let ack = within(&ok, "ACK", "alice", 1, "Content-Type: application/sdp\n", OFFER);
    bench.switch.handle_input(bench.now, Input::Datagram { from: address(ALICE), octets: Bytes::from(ack) });
    assert!(matches!(bench.switch.poll_output(), Some(Output::Connect { protocol: Protocol::Msrp, .. })));
}

/// Nicknames, whispers, leaving and the end of a room, as all peers see them.
fn talk(faults: FaultSet) -> Vec<String> {
    let mut bench = Bench::with(SwitchConfig::bundled(), faults, |_| {});
    let mut seen = Vec::new();
    let alice = bench.join("room", "alice", ALICE, "");
    let bob = bench.join("room", "bob", BOB, "");
    let carol = bench.join("room", "carol", BOB, "Privacy: id\n");
    let (from_alice, path) = bind(&mut bench, 1, &alice);
    bind(&mut bench, 2, &bob);
    bind(&mut bench, 3, &carol);
    let dave = bench.join("room", "dave", BOB, "From: <sip:x7f3q@anonymous.invalid>;tag=dave\n");
    let (from_dave, dave_path) = bind(&mut bench, 5, &dave);
    let watch = within(&alice, "SUBSCRIBE", "alice", 2, "Event: conference\n", "");
    let notify = bench.send(ALICE, &watch).remove(1).message;
    bench.answer(ALICE, &notify, 200);
    bench.pass(Duration::from_secs(1));
    for (n, nickname) in ["First", "Second", ""].iter().enumerate() {
        let header = format!("Use-Nickname: \"{nickname}\"\n");
        let written = msrp(&mut bench, from_alice, &path, &format!("nick000{n}"), "NICKNAME", &header);
        for text in &written {
            if let Some(parsed) =
                SipMessage::parse_datagram(Bytes::from(text.clone())).filter(|_| text.starts_with("NOT"))
            {
                bench.answer(ALICE, &parsed.tree, 200);
            }
        }
        seen.extend(written);
        bench.pass(Duration::from_secs(1));
    }
    let offer = OFFER.replace("a=chatroom:nickname private-messages\n", "");
    bench.send(BOB, &within(&bob, "INVITE", "bob", 2, "Content-Type: application/sdp\n", &offer));
    bench.send(BOB, &within(&bob, "ACK", "bob", 2, "", ""));
    let fetch = request("SUBSCRIBE", "sip:room@127.0.0.1:5060", "eve", 1, "Event: conference\nExpires: 0\n", "");
    let fetched = bench.send(BOB, &fetch);
    let notify = fetched.iter().find(|sent| body(&sent.message).contains("anonymous-")).unwrap();
    let roster = ConferenceInfo::parse(&notify.message.body).unwrap().tree;
    let hidden = roster.users.iter().find(|user| user.entity.contains(":anonymous-")).unwrap().entity.clone();
    let say = |to: &str| {
        let id: String = to.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
        format!(
            "Message-ID: {id}\nByte-Range: 1-*/*\nContent-Type: message/cpim\n\nFrom: \
             <sip:alice@example.com>\nTo: <sip:{to}>\n\nContent-Type: text/plain\n\nhello\n"
        )
    };
    let hidden = hidden.trim_start_matches("sip:").to_owned();
    for (n, to) in ["bob@example.com", "carol@example.com", &hidden].iter().enumerate() {
        seen.extend(msrp(&mut bench, from_alice, &path, &format!("pm00000{n}"), "SEND", &say(to)));
    }
    bench.send(BOB, &within(&bob, "INVITE", "bob", 3, "Content-Type: application/sdp\n", OFFER));
    bench.send(BOB, &within(&bob, "ACK", "bob", 3, "", ""));
    seen.extend(msrp(&mut bench, from_alice, &path, "back0001", "SEND", &say("bob@example.com")));
    let signed = say("room@127.0.0.1:5060").replace("alice@example.com", "x7f3q@anonymous.invalid");
    seen.extend(msrp(&mut bench, from_dave, &dave_path, "dave0001", "SEND", &signed));
    bench.send(BOB, &within(&bob, "BYE", "bob", 4, "", ""));
    seen.extend(msrp(&mut bench, from_alice, &path, "room0001", "SEND", &say("room@127.0.0.1:5060")));
    let alice = bench.join("temp", "alice", ALICE, "Call-ID: temp-1\n");
    let bob = bench.join("temp", "bob", BOB, "Call-ID: temp-2\n");
    let (from_bob, path) = bind(&mut bench, 4, &bob);
    bench.send(ALICE, &within(&alice, "BYE", "alice", 2, "", ""));
    seen.extend(msrp(&mut bench, from_bob, &path, "after001", "SEND", "Message-ID: after\n"));
    bench.switch.handle_input(bench.now, Input::Closed { connection: from_dave });
    let sent = bench.pass(Duration::from_secs(1));
    seen.extend(sent.iter().map(|sent| String::from_utf8_lossy(&sent.message.octets()).into_owned()));
    seen
}

#[test]
fn each_fault_of_the_seam_changes_what_peers_see() {
    let right = talk(FaultSet::none());
    for start in [
        "MSRP nick0002 200",
        "MSRP pm000000 428",
        "MSRP pm000001 404",
        "MSRP pm000002 200",
        "MSRP back0001 200",
        "MSRP dave0001 200",
        "MSRP room0001 200",
    ] {
        assert!(right.iter().any(|text| text.starts_with(start)), "{start} in {right:#?}");
    }
    let idle: Vec<&str> =
        SHOWN_BY_MSRP.iter().filter(|fault| talk(FaultSet::from(**fault)) == right).map(|fault| fault.name()).collect();
    assert_eq!(idle, Vec::<&str>::new(), "faults without effect");
}
