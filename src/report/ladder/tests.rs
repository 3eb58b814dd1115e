use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;

use super::{Ladder, Selection, Way, render, svg};
use crate::judge::record::RuleRecord;
use crate::judge::verdict::{Evidence, Finding, Verdict};
use crate::port::Protocol;
use crate::transcript::{Crossing, Pco, PcoId, Transcript, Transport};

const OFFER: &str = "v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=message 7001 TCP/MSRP *\n\
                     a=path:msrp://127.0.0.1:7001/NAME;tcp\na=accept-types:message/cpim\n";
const ANSWER: &str = "v=0\no=- 2 2 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\nm=message 2855 TCP/MSRP *\n\
                      a=path:msrp://127.0.0.1:2855/room-NAME;tcp\na=accept-types:message/cpim\n\
                      a=chatroom:nickname private-messages\n";

/// A transcript that is written by hand, an event every ten milliseconds.
#[derive(Default)]
struct Script {
    transcript: Transcript,
    at: Duration,
}

impl Script {
    fn pco(&mut self, name: &str, protocol: Protocol) -> PcoId {
        let known = |pco: &Pco| pco.participant == name && pco.protocol == protocol;
        if let Some(known) = self.transcript.pcos.iter().position(known) {
            return PcoId(known);
        }
        let transport = if protocol == Protocol::Sip { Transport::Udp } else { Transport::Tcp };
        let (local, remote) = ("127.0.0.1:7001".parse().unwrap(), "127.0.0.1:5080".parse().unwrap());
        self.transcript.open(Pco { participant: name.to_owned(), protocol, transport, local, remote: Some(remote) })
    }

    fn note(&mut self, name: &str, protocol: Protocol, crossing: Crossing) -> &mut Self {
        let pco = self.pco(name, protocol);
        self.at += Duration::from_millis(10);
        self.transcript.note(self.at, pco, crossing);
        self
    }

    /// `>` to the switch, `<` from it.
    fn octets(&mut self, name: &str, protocol: Protocol, way: char, octets: &[u8]) -> &mut Self {
        let octets = Bytes::copy_from_slice(octets);
        self.note(name, protocol, if way == '>' { Crossing::Sent(octets) } else { Crossing::Received(octets) })
    }

    /// A message of the call of a participant.
    fn sip(&mut self, name: &str, way: char, start: &str, number: u32, more: &str, body: &str) -> &mut Self {
        let method = match start.strip_prefix("SIP/2.0 ") {
            Some(_) => more.lines().next().unwrap_or_default().to_owned(),
            None => start.split(' ').next().unwrap().to_owned(),
        };
        let more = if start.starts_with("SIP/2.0 ") { more.split_once('\n').unwrap_or_default().1 } else { more };
        let body = body.replace('\n', "\r\n");
        let tag = if start.starts_with("INVITE") { "" } else { ";tag=room" };
        let text = format!(
            "{start}\nVia: SIP/2.0/UDP 127.0.0.1:7001;branch=z9hG4bK{name}{number}{method}\nMax-Forwards: 70\n\
             From: <sip:{name}@127.0.0.1>;tag={name}\nTo: <sip:room@127.0.0.1>{tag}\nCall-ID: call-of-{name}\n\
             CSeq: {number} {method}\nContact: <sip:{name}@127.0.0.1:7001>\n{more}Content-Length: {}\n\n",
            body.len()
        );
        let text = text.replace('\n', "\r\n") + &body;
        self.octets(name, Protocol::Sip, way, text.as_bytes())
    }

    fn joins(&mut self, name: &str) -> &mut Self {
        let sdp = "Content-Type: application/sdp\n";
        self.sip(name, '>', "INVITE sip:room@127.0.0.1 SIP/2.0", 1, sdp, &OFFER.replace("NAME", name));
        let answer = format!("INVITE\n{sdp}");
        self.sip(name, '<', "SIP/2.0 200 OK", 1, &answer, &ANSWER.replace("NAME", name));
        self.sip(name, '>', "ACK sip:room@127.0.0.1 SIP/2.0", 1, "", "")
    }

    /// An MSRP message on the session of a participant; `rest` is what follows the paths.
    fn msrp(&mut self, name: &str, way: char, start: &str, rest: &str, flag: char) -> &mut Self {
        let (own, room) =
            (format!("msrp://127.0.0.1:7001/{name};tcp"), format!("msrp://127.0.0.1:2855/room-{name};tcp"));
        let (to, from) = if way == '>' { (room, own) } else { (own, room) };
        let id = start.split(' ').next().unwrap();
        let text = format!("MSRP {start}\nTo-Path: {to}\nFrom-Path: {from}\n{rest}-------{id}{flag}\n");
        self.octets(name, Protocol::Msrp, way, text.replace('\n', "\r\n").as_bytes())
    }

    fn says(&mut self, name: &str, id: &str, to: &str, text: &str) -> &mut Self {
        let rest = format!(
            "Message-ID: m{id}\nContent-Type: message/cpim\n\nFrom: <sip:{name}@127.0.0.1>\nTo: <{to}>\n\n\
             Content-Type: text/plain\n\n{text}\n"
        );
        self.msrp(name, '>', &format!("{id} SEND"), &rest, '$')
    }

    fn ladder(&self, selection: &Selection) -> Ladder {
        Ladder::of(&self.transcript, &[], &[], selection)
    }

    fn texts(&self) -> Vec<String> {
        texts(&self.ladder(&Selection::default()))
    }
}

fn texts(ladder: &Ladder) -> Vec<String> {
    let sign = |way: Way| way.points_right().map_or('-', |right| if right { '>' } else { '<' });
    ladder.rows.iter().map(|row| format!("{} {}", sign(row.way), row.text())).collect()
}

fn plain(ladder: &Ladder, width: usize) -> String {
    anstream::adapter::strip_str(&render(ladder, width)).to_string()
}

const ROOM: &str = "sip:room@127.0.0.1";

#[test]
fn sip_is_told_by_its_methods_and_bodies() {
    let mut script = Script::default();
    script.joins("alice");
    let roster = "<?xml version=\"1.0\"?>\n<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" \
                  entity=\"sip:room@127.0.0.1\" state=\"partial\" version=\"7\"/>\n";
    let event = "Event: conference\n";
    let subscribe = format!("{event}Expires: 600\n");
    script.sip("alice", '>', "SUBSCRIBE sip:room@127.0.0.1 SIP/2.0", 2, &subscribe, "");
    let notify = format!("{event}Subscription-State: active\nContent-Type: application/conference-info+xml\n");
    script.sip("alice", '<', "NOTIFY sip:alice@127.0.0.1 SIP/2.0", 1, &notify, roster);
    script.sip("alice", '<', "NOTIFY sip:alice@127.0.0.1 SIP/2.0", 2, &notify, "<broken");
    let last = format!("{event}Subscription-State: terminated;reason=noresource\n");
    script.sip("alice", '<', "NOTIFY sip:alice@127.0.0.1 SIP/2.0", 3, &last, "");
    script.sip("alice", '>', "BYE sip:room@127.0.0.1 SIP/2.0", 3, "", "");
    script.sip("alice", '<', "SIP/2.0 481 Call/Transaction Does Not Exist", 3, "BYE\n", "");
    assert_eq!(
        script.texts(),
        [
            "> INVITE, SDP offer",
            "< 200 OK (INVITE), SDP answer",
            "> ACK",
            "> SUBSCRIBE, conference, expires 600",
            "< NOTIFY, conference version 7 partial",
            "< NOTIFY, conference document that is no XML",
            "< NOTIFY, terminated",
            "> BYE",
            "< 481 Call/Transaction Does Not Exist (BYE)",
        ]
    );
}

#[test]
fn msrp_is_told_by_what_it_carries() {
    let mut script = Script::default();
    script.joins("alice");
    let before = script.texts().len();
    script.note("alice", Protocol::Msrp, Crossing::Opened);
    script.says("alice", "aaaa", ROOM, "hello everybody");
    script.says("alice", "bbbb", "sip:bob@127.0.0.1", "psst");
    script.msrp("alice", '>', "cccc NICKNAME", "Use-Nickname: \"Alice \\\"the great\\\"\"\n", '$');
    script.msrp("alice", '<', "cccc 425 Nickname reserved", "", '$');
    script.msrp("alice", '>', "dddd NICKNAME", "Use-Nickname: Alice\n", '$');
    script.msrp("alice", '<', "eeee REPORT", "Message-ID: maaaa\nByte-Range: 1-123/123\nStatus: 000 200 OK\n", '$');
    let wrapped = "From: <sip:alice@127.0.0.1>\nTo: <sip:room@127.0.0.1>\n\nContent-Type: text/plain\n\n";
    let length = wrapped.replace('\n', "\r\n").len();
    let first = format!("Message-ID: m1\nByte-Range: 1-*/90\nContent-Type: message/cpim\n\n{wrapped}one\n");
    script.msrp("alice", '>', "ffff SEND", &first, '+');
    let next = format!("Message-ID: m1\nByte-Range: {}-*/90\nContent-Type: message/cpim\n\ntwo\n", length + 4);
    script.msrp("alice", '>', "gggg SEND", &next, '#');
    script.msrp("alice", '>', "hhhh SEND", "Message-ID: m2\nContent-Type: image/png\n\n0123456789\n", '$');
    script.note("alice", Protocol::Msrp, Crossing::ClosedByIut);
    assert_eq!(
        script.texts()[before..],
        [
            "- MSRP/TCP connection opened, 127.0.0.1:7001 to 127.0.0.1:5080",
            "> SEND text/plain \"hello everybody\"",
            "> SEND private to bob@127.0.0.1 text/plain \"psst\"",
            "> NICKNAME \"Alice \"the great\"\"",
            "< 425 (NICKNAME)",
            "> NICKNAME Alice",
            "< REPORT 200 1-123/123",
            "> SEND text/plain \"one\" 1-*/90 +",
            &format!("> SEND message/cpim continued {}-*/90 #", length + 4),
            "> SEND image/png (10 octets)",
            "< MSRP/TCP connection closed, 127.0.0.1:7001",
        ]
    );
}

fn keep_alives(script: &mut Script) {
    script.joins("alice");
    for id in ["k111", "k222", "k333"] {
        script.msrp("alice", '>', &format!("{id} SEND"), &format!("Message-ID: {id}\n"), '$');
        script.msrp("alice", '<', &format!("{id} 200 OK"), "", '$');
    }
    script.says("alice", "aaaa", ROOM, "hello").msrp("alice", '<', "aaaa 200 OK", "", '$');
    script.says("alice", "bbbb", ROOM, "too much").msrp("alice", '<', "bbbb 413", "", '$');
    script.msrp("alice", '>', "k444 SEND", "Message-ID: k444\n", '$');
    for _ in 0..3 {
        script.sip("alice", '>', "BYE sip:room@127.0.0.1 SIP/2.0", 2, "", "");
    }
}

#[test]
fn what_goes_without_saying_is_folded() {
    let mut script = Script::default();
    keep_alives(&mut script);
    assert_eq!(
        script.texts()[3..],
        [
            "> SEND without body ×3 to 0.080 s → 200",
            "> SEND text/plain \"hello\" → 200",
            "> SEND text/plain \"too much\"",
            "< 413 (SEND)",
            "> SEND without body",
            "> BYE ×3 to 0.170 s",
        ]
    );
    let all = script.ladder(&Selection { all: true, ..Selection::default() });
    assert_eq!(all.rows.len(), script.transcript.events.len());
    assert!(texts(&all).contains(&"< 200 (SEND)".to_owned()));
}

fn rule(verdict: Verdict, finding_count: usize, events: &[(usize, Bytes)]) -> RuleRecord {
    let evidence = events.iter().map(|(event, octets)| Evidence {
        caption: String::new(),
        event: Some(*event),
        octets: octets.clone(),
        decisive: None,
    });
    let finding = Finding {
        verdict,
        requirement: None,
        expected: "a & b".to_owned(),
        observed: "<\x1b[2J>".to_owned(),
        evidence: evidence.collect(),
    };
    RuleRecord {
        id: format!("RULE-{}", verdict.word().to_uppercase()),
        purpose: "Something holds.".to_owned(),
        requirements: Vec::new(),
        level: "MUST".to_owned(),
        observations: 1,
        verdict,
        reason: String::new(),
        findings: vec![("CASE".to_owned(), finding)],
        finding_count,
    }
}

#[test]
fn what_is_held_against_a_message_is_marked_and_never_folded() {
    let mut script = Script::default();
    keep_alives(&mut script);
    // The second keep-alive, the response to the third, and the last repetition of BYE.
    let octets = |event: usize| match &script.transcript.events[event].crossing {
        Crossing::Sent(octets) | Crossing::Received(octets) => octets.clone(),
        other => panic!("{other:?}"),
    };
    let at = |event| (event, octets(event));
    let last = script.transcript.events.len() - 1;
    let rules = [rule(Verdict::Advisory, 25, &[at(5), at(last)]), rule(Verdict::Fail, 1, &[at(5), at(8)])];
    let frames: Vec<[u64; 2]> = (0..script.transcript.events.len() as u64).map(|frame| [frame, frame + 100]).collect();
    let ladder = Ladder::of(&script.transcript, &frames, &rules, &Selection::default());
    let marked: Vec<_> = ladder.rows.iter().filter(|row| !row.marks.is_empty()).collect();
    let frames: Vec<_> = marked.iter().map(|row| (row.frame, row.verdict(), row.marks.len())).collect();
    let (fail, advisory) = (Some(Verdict::Fail), Some(Verdict::Advisory));
    assert_eq!(frames, [(Some(105), fail, 2), (Some(108), fail, 1), (Some(100 + last as u64), advisory, 1)]);
    let text = plain(&ladder, 100);
    assert!(text.contains("✗ SEND without body → 200 RULE-FAIL"), "{text}");
    assert!(text.contains("✗ 200 (SEND) RULE-FAIL"), "{text}");
    assert!(text.contains("! BYE"), "{text}");
    assert!(text.contains("✗ RULE-FAIL Something holds. (frames 105, 108)\n! RULE-ADVISORY"), "{text}");
    assert!(text.contains("remark: RULE-ADVISORY: 25 findings, of which 1 are marked"), "{text}");
    let picture = svg(&ladder, "it");
    assert!(picture.contains(r"expected a &amp; b; observed &lt;\x1b[2J&gt;</title>"), "{picture}");
}

#[test]
fn several_messages_in_one_event_are_told_apart() {
    let mut both = Vec::new();
    for id in ["one1", "two2"] {
        let text = format!(
            "MSRP {id} 400\r\nTo-Path: msrp://a.b:1/c;tcp\r\nFrom-Path: msrp://d.e:1/f;tcp\r\n-------{id}$\r\n"
        );
        both.push(text.into_bytes());
    }
    let mut script = Script::default();
    script.octets("alice", Protocol::Msrp, '<', &both.concat());
    let marked = |octets: Bytes| {
        let rules = [rule(Verdict::Fail, 1, &[(0, octets)])];
        let ladder = Ladder::of(&script.transcript, &[], &rules, &Selection::default());
        ladder.rows.iter().map(|row| row.verdict().is_some()).collect::<Vec<_>>()
    };
    assert_eq!(marked(Bytes::from(both[1].clone())), [false, true]);
    assert_eq!(marked(Bytes::from_static(b"what was put together")), [true, true]);
}

#[test]
fn selections_narrow_each_other_down() {
    let mut script = Script::default();
    script.joins("alice").joins("bob").note("alice", Protocol::Msrp, Crossing::Opened);
    script.says("alice", "aaaa", ROOM, "hello").says("bob", "bbbb", ROOM, "hi");
    script.note("bob", Protocol::Msrp, Crossing::ClosedByTester);
    let count = |selection: &Selection| script.ladder(selection).rows.len();
    let of = |name: &str| Selection { participants: vec![name.to_owned()], ..Selection::default() };
    let everything = count(&Selection::default());
    assert_eq!((everything, count(&of("ALI")), count(&of("bob")), count(&of("carol"))), (10, 5, 5, 0));
    let session = |number| Selection { session: Some(number), ..Selection::default() };
    assert_eq!([0, 1, 2, 3].map(|number| count(&session(number))), [0, 5, 5, 0]);
    let call = |text: &str| Selection { call_id: Some(text.to_owned()), ..Selection::default() };
    assert_eq!((count(&call("of-Alice")), count(&call("call")), count(&call("nothing"))), (5, 9 + 1, 0));
    assert_eq!(count(&Selection { session: Some(1), ..of("bob") }), 0);
    let ms = |ms| Some(Duration::from_millis(ms));
    assert_eq!(count(&Selection { from: ms(30), to: ms(50), ..Selection::default() }), 3);
    assert_eq!(count(&Selection { from: ms(50), to: ms(30), ..Selection::default() }), 0);
    let nothing = script.ladder(&of("carol"));
    assert_eq!(
        nothing.stock.sentence(),
        "the capture has 2 participants: alice, bob; 2 sessions; 10 rows from 0.010 s to 0.100 s"
    );
    assert_eq!(script.ladder(&session(2)).sessions[0].0, 2);
    assert_eq!(Ladder::default().stock.sentence(), "the capture shows nothing between participants and a switch");
}

#[test]
fn arrows_go_between_the_participant_and_the_switch() {
    let mut script = Script::default();
    script.joins("alice").joins("bob").note("alice", Protocol::Msrp, Crossing::Opened);
    script.note("bob", Protocol::Msrp, Crossing::ClosedByIut);
    let text = plain(&script.ladder(&Selection::default()), 80);
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(['│', '├'])).collect();
    assert!(lines[0].ends_with("├──────┼─────>│   INVITE, SDP offer"), "{text}");
    assert!(lines[1].ends_with("│<─────┼──────┤   200 OK (INVITE), SDP answer"), "{text}");
    assert!(lines[3].ends_with("│      ├─────>│   INVITE, SDP offer"), "{text}");
    assert!(lines[6].contains("├┄┄┄┄┄┄┼┄┄┄┄┄┄┤   MSRP/TCP connection opened"), "{text}");
    assert!(lines[7].contains("│      │<┄┄┄┄┄┤   MSRP/TCP connection closed"), "{text}");
}

fn crowd(count: usize) -> Ladder {
    let mut script = Script::default();
    for number in 0..count {
        script.joins(&format!("participant-number-{number}"));
    }
    script.ladder(&Selection::default())
}

#[test]
fn any_number_of_participants_fits_any_width() {
    for count in [0, 1, 2, 3, 7, 40] {
        let ladder = crowd(count);
        for width in (0..=140).chain([1000]) {
            let text = plain(&ladder, width);
            let flow = text.lines().filter(|line| line.contains("  ") && !line.contains("who, to"));
            let widest = flow.map(super::columns::cells).max().unwrap_or_default();
            assert!(widest <= width.max(46), "{count} in {width}: {text}");
        }
    }
    let text = plain(&crowd(40), 100);
    assert_eq!(text.matches("   time  frame").count(), 3, "{text}");
    assert!(text.contains("and 32 sessions more"), "{text}");
    let text = plain(&crowd(3), 60);
    assert!(text.contains("pa…0 pa…1 pa…2 switch"), "{text}");
}

#[test]
fn names_are_cut_by_the_cells_they_take() {
    use super::columns::{captions, cells, cut, shortened};
    assert_eq!((cut("愛愛愛", 6), cut("愛愛愛", 5), cut("abc", 2)), ("愛愛愛".into(), "愛愛…".into(), "a…".into()));
    assert_eq!((shortened("alexander", 6), shortened("alexander", 9)), ("ale…er".into(), "alexander".into()));
    assert_eq!((shortened("alexander", 1), shortened("alexander", 0)), ("…".into(), "…".into()));
    let piled = format!("a{}", "\u{301}".repeat(1000));
    assert!(cut(&piled, 10).chars().count() <= 41 && cells(&cut(&piled, 10)) <= 10);
    let names = |names: &[&str]| captions(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    assert_eq!(names(&["sip:a@x", "sips:b@x"]), ["a", "b"]);
    assert_eq!(names(&["sip:a@x", "sip:a@y"]), ["a@x", "a@y"]);
}

/// The only control sequences are our own, and the picture is XML.
fn harmless(ladder: &Ladder) {
    let coloured = render(ladder, 100);
    let ours = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap();
    let text = ours.replace_all(&coloured, "");
    let picture = svg(ladder, "a \x1b <capture>");
    for text in [&text, picture.as_str()] {
        let control = text.chars().find(|character| character.is_control() && *character != '\n');
        assert_eq!(control, None, "{text}");
        assert!(!text.contains(['\u{202e}', '\u{feff}', '\u{fffe}']), "{text}");
    }
    let document = roxmltree::Document::parse(&picture).unwrap();
    let elements = document.descendants().filter(|node| node.is_element());
    let mut names: Vec<&str> = elements.map(|node| node.tag_name().name()).collect();
    names.sort_unstable();
    names.dedup();
    let known = ["defs", "g", "line", "marker", "path", "rect", "svg", "text", "title"];
    assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
}

#[test]
fn hostile_messages_reach_no_reader_raw() {
    let evil = "\x1b]0;owned\x07\x1b[2J\u{202e}\u{9b}31m\u{feff}\u{fffe}]]><script>alert(1)</script>&evil;";
    let mut script = Script::default();
    script.joins("alice").says("alice", "aaaa", ROOM, evil).says("alice", "bbbb", &format!("sip:{evil}"), "x");
    script.msrp("alice", '>', "cccc NICKNAME", &format!("Use-Nickname: \"{evil}\"\n"), '$');
    script.msrp("alice", '>', "dddd SEND", &format!("Message-ID: m\nContent-Type: {evil}\n\nx\n"), '$');
    script.msrp("alice", '<', "eeee REPORT", &format!("Message-ID: m\nStatus: {evil}\nByte-Range: {evil}\n"), '$');
    script.msrp("alice", '<', &format!("ffff {evil}"), "", '$');
    script.sip("alice", '<', &format!("SIP/2.0 200 {evil}"), 9, "BYE\n", "");
    script.sip("alice", '>', &format!("{evil} sip:a@b SIP/2.0"), 9, &format!("Event: {evil}\n"), "");
    script.sip("alice", '>', "SUBSCRIBE sip:a@b SIP/2.0", 9, &format!("Event: {evil}\nExpires: {evil}\n"), "");
    script.octets(evil, Protocol::Sip, '>', evil.as_bytes());
    script.octets(evil, Protocol::Msrp, '>', evil.as_bytes());
    let ladder = script.ladder(&Selection::default());
    harmless(&ladder);
    let text = plain(&ladder, 200);
    assert!(text.contains(r#"SEND text/plain "\x1b]0;owned\x07\x1b[2J\xe2\x80\xae\xc2\x9b31m"#), "{text}");
    assert!(!ladder.stock.sentence().contains('\x1b'));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_octets_do_harm(streams: Vec<(bool, bool, Vec<u8>)>, whole: Vec<(u8, Vec<u8>)>, width in 0_usize..200) {
        let mut script = Script::default();
        for (sip, sent, octets) in streams {
            let protocol = if sip { Protocol::Sip } else { Protocol::Msrp };
            script.octets("mallory", protocol, if sent { '>' } else { '<' }, &octets);
        }
        script.joins("alice");
        for (shape, octets) in whole {
            let around = match shape % 3 {
                0 => ["MSRP abcd SEND\r\nTo-Path: msrp://a:1/b;tcp\r\nFrom-Path: msrp://c:1/d;tcp\r\nMessage-ID: 1\r\n\
                       Content-Type: text/plain\r\n\r\n", "\r\n-------abcd$\r\n"],
                1 => ["MSRP abcd NICKNAME\r\nUse-Nickname: ", "\r\n-------abcd$\r\n"],
                _ => ["SUBSCRIBE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nEvent: ", "\r\nContent-Length: 0\r\n\r\n"],
            };
            let protocol = if shape % 3 == 2 { Protocol::Sip } else { Protocol::Msrp };
            let octets = [around[0].as_bytes(), &octets, around[1].as_bytes()].concat();
            script.octets("alice", protocol, '>', &octets);
        }
        let ladder = script.ladder(&Selection::default());
        let _ = render(&ladder, width);
        harmless(&ladder);
    }
}
