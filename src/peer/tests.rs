//! The participant against literal octets: what it puts on the wire, and what it makes of what comes.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use super::*;
use crate::port::{Connection, Input, Machine, Moment, Output, Protocol};
use crate::wire::edit::Edit;
use crate::wire::msrp::MsrpMessage;
use crate::wire::sdp::SessionDescription;
use crate::wire::sip::SipMessage;
use crate::wire::uri::SipUri;

const ROOM: &str = "sip:room@192.0.2.9:5070";

fn at(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn ms(count: u64) -> Moment {
    Duration::from_millis(count)
}

/// A participant without network: the test is the other side.
struct Scene {
    alice: Participant,
    now: Moment,
}

impl Scene {
    fn new() -> Self {
        let identity = Identity {
            name: "Alice".into(),
            aor: SipUri::parse("sip:alice@example.com").unwrap(),
            display_name: Some("Alice \"A\"".into()),
            credentials: Some(("alice".into(), "secret".into())),
        };
        let route = Route {
            transport: Transport::Udp,
            next_hop: at("192.0.2.9:5070"),
            server_name: "192.0.2.9".into(),
            room: SipUri::parse(ROOM).unwrap(),
        };
        let place = Place {
            sip: at("192.0.2.1:5062"),
            msrp: at("192.0.2.1:7777"),
            msrps: Some(at("192.0.2.1:7778")),
            fingerprint: Some("SHA-256 AA:BB".into()),
        };
        let alice = Participant::new(identity, route, place, Timers::default(), ChaCha12Rng::seed_from_u64(1));
        Self { alice, now: ms(0) }
    }

    fn outputs(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.alice.poll_output()).collect()
    }

    fn datagrams(&mut self) -> Vec<(SocketAddr, String)> {
        self.outputs()
            .into_iter()
            .filter_map(|output| match output {
                Output::Datagram { to, octets } => Some((to, String::from_utf8(octets.to_vec()).unwrap())),
                _ => None,
            })
            .collect()
    }

    fn written(&mut self) -> String {
        let octets: Vec<u8> = self
            .outputs()
            .into_iter()
            .flat_map(|output| match output {
                Output::Write { octets, .. } => octets.to_vec(),
                _ => Vec::new(),
            })
            .collect();
        String::from_utf8(octets).unwrap()
    }

    fn datagram(&mut self, text: &str) {
        let octets = Bytes::from(text.to_owned());
        self.alice.handle_input(self.now, Input::Datagram { from: at("192.0.2.9:5070"), octets });
    }

    fn octets(&mut self, connection: Connection, text: &str) {
        let octets = Bytes::from(text.to_owned());
        self.alice.handle_input(self.now, Input::Octets { connection, octets });
    }

    fn tick(&mut self, to: Moment) {
        self.now = to;
        self.alice.handle_timeout(to);
    }

    /// An established call with its MSRP stream up and the first SEND answered.
    fn joined() -> (Self, CallId, Connection) {
        let mut scene = Self::new();
        let call = scene.alice.invite(scene.now, InviteOptions::default());
        let (_, invite) = scene.datagrams().remove(0);
        scene.datagram(&accepted(&invite, "77"));
        let connection = scene
            .outputs()
            .iter()
            .find_map(|output| match output {
                Output::Connect { connection, to, .. } if *to == at("192.0.2.9:2855") => Some(*connection),
                _ => None,
            })
            .unwrap();
        let (local, remote) = (at("192.0.2.1:40000"), at("192.0.2.9:2855"));
        let protocol = Protocol::Msrp;
        let connected = Input::Connected { connection, protocol, local, remote, secured: false };
        scene.alice.handle_input(scene.now, connected);
        let first = scene.written();
        let tid = first.split(' ').nth(1).unwrap().to_owned();
        assert!(!scene.alice.session(call).unwrap().is_joined());
        scene.octets(
            connection,
            &format!(
                "MSRP {tid} 200 OK\r\nTo-Path: {}\r\nFrom-Path: msrp://192.0.2.9:2855/iau39;tcp\r\n-------{tid}$\r\n",
                scene.path(call)
            ),
        );
        assert!(scene.alice.session(call).unwrap().is_joined());
        (scene, call, connection)
    }

    fn path(&self, call: CallId) -> String {
        self.alice.session(call).unwrap().local_path.to_string()
    }
}

/// The value of a header, found as text.
fn value<'a>(message: &'a str, name: &str) -> &'a str {
    let line = message.lines().find(|line| line.starts_with(&format!("{name}: "))).unwrap();
    line.split_once(": ").unwrap().1
}

fn response(request: &str, status: &str, tag: &str, more: &str) -> String {
    format!(
        "SIP/2.0 {status}\r\nVia: {}\r\nFrom: {}\r\nTo: {};tag={tag}\r\nCall-ID: {}\r\nCSeq: {}\r\n{more}",
        value(request, "Via"),
        value(request, "From"),
        value(request, "To"),
        value(request, "Call-ID"),
        value(request, "CSeq")
    )
}

fn accepted(invite: &str, tag: &str) -> String {
    let sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=message 2855 TCP/MSRP *\r\n\
               a=path:msrp://192.0.2.9:2855/iau39;tcp\r\na=accept-types:message/cpim\r\na=setup:passive\r\na=chatroom\r\n";
    let more = format!(
        "Contact: <sip:room@192.0.2.9:5071>;isfocus\r\nContent-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
        sdp.len()
    );
    response(invite, "200 OK", tag, &more)
}

#[test]
fn an_invite_says_what_rfc_7701_wants() {
    let mut scene = Scene::new();
    let privacy = InviteOptions { privacy: Some("id".into()), ..InviteOptions::default() };
    scene.alice.invite(scene.now, privacy);
    let (to, invite) = scene.datagrams().remove(0);
    assert_eq!(to, at("192.0.2.9:5070"));
    assert!(
        invite.starts_with("INVITE sip:room@192.0.2.9:5070 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK")
    );
    assert!(value(&invite, "From").starts_with("\"Alice \\\"A\\\"\" <sip:alice@example.com>;tag="));
    assert_eq!(value(&invite, "To"), "<sip:room@192.0.2.9:5070>");
    assert_eq!(value(&invite, "Contact"), "<sip:alice@192.0.2.1:5062>");
    assert_eq!(value(&invite, "Privacy"), "id");
    let body = invite.split_once("\r\n\r\n").unwrap().1;
    assert!(body.contains("\r\nc=IN IP4 192.0.2.1\r\n"));
    assert!(body.contains("\r\nm=message 7777 TCP/MSRP *\r\na=path:msrp://192.0.2.1:7777/"));
    assert!(body.contains("\r\na=accept-types:message/cpim\r\na=accept-wrapped-types:*\r\n"));
    assert!(body.contains("\r\na=chatroom:nickname private-messages\r\n"));
    let parsed = SipMessage::parse_datagram(Bytes::from(invite.clone())).unwrap();
    assert_eq!(parsed.defects, []);
    assert_eq!(SessionDescription::parse(parsed.tree.body).defects, []);
}

#[test]
fn a_request_over_udp_is_sent_again_until_something_comes_and_given_up_at_last() {
    let mut scene = Scene::new();
    let call = scene.alice.invite(scene.now, InviteOptions::default());
    let first = scene.datagrams();
    assert_eq!(scene.alice.poll_timeout(), Some(ms(500)));
    for due in [500, 1500, 3500] {
        assert_eq!(scene.alice.poll_timeout(), Some(ms(due)));
        scene.tick(ms(due));
        assert_eq!(scene.datagrams(), first);
    }
    let options = scene.alice.options(scene.now);
    scene.datagrams();
    scene.datagram(&response(&first[0].1, "100 Trying", "", "Content-Length: 0\r\n\r\n"));
    // Timer E from 3500 on: 500, 1000, 2000, 4000, 4000, ...; the INVITE is silent now.
    for due in [4000, 5000, 7000, 11_000, 15_000] {
        assert_eq!(scene.alice.poll_timeout(), Some(ms(due)));
        scene.tick(ms(due));
        let sent = scene.datagrams();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].1.starts_with("OPTIONS "));
    }
    scene.tick(ms(35_500));
    assert!(scene.alice.timed_out(options));
    assert_eq!(scene.alice.session(call).unwrap().state, CallState::Calling);
}

#[test]
fn a_refusal_is_acknowledged_in_its_transaction_each_time_it_comes() {
    let mut scene = Scene::new();
    let call = scene.alice.invite(scene.now, InviteOptions::default());
    let (_, invite) = scene.datagrams().remove(0);
    let busy = response(&invite, "486 Busy Here", "x1", "Content-Length: 0\r\n\r\n");
    for _ in 0..2 {
        scene.datagram(&busy);
        let sent = scene.datagrams();
        assert_eq!(sent.len(), 1);
        let ack = &sent[0].1;
        assert!(ack.starts_with("ACK sip:room@192.0.2.9:5070 SIP/2.0\r\n"));
        assert_eq!(value(ack, "Via"), value(&invite, "Via"));
        assert_eq!(value(ack, "To"), "<sip:room@192.0.2.9:5070>;tag=x1");
        assert_eq!(value(ack, "CSeq"), value(&invite, "CSeq").replace("INVITE", "ACK"));
    }
    assert_eq!(scene.alice.session(call).unwrap().state, CallState::Refused(486));
    assert_eq!(scene.alice.poll_timeout(), None);
}

#[test]
fn an_acceptance_is_acknowledged_at_the_contact_each_time_it_comes() {
    let mut scene = Scene::new();
    let call = scene.alice.invite(scene.now, InviteOptions::default());
    let (_, invite) = scene.datagrams().remove(0);
    scene.datagram(&accepted(&invite, "77"));
    let ack = scene.datagrams();
    assert_eq!(ack[0].0, at("192.0.2.9:5071"));
    assert!(ack[0].1.starts_with("ACK sip:room@192.0.2.9:5071 SIP/2.0\r\n"));
    assert_ne!(value(&ack[0].1, "Via"), value(&invite, "Via"));
    scene.datagram(&accepted(&invite, "77"));
    assert_eq!(scene.datagrams(), ack);
    scene.alice.conduct_mut().acks = false;
    let session = scene.alice.session(call).unwrap();
    assert_eq!(session.state, CallState::Established);
    assert!(session.contact.as_ref().unwrap().params.has("isfocus"));
    let bye = scene.alice.bye(scene.now, call).unwrap();
    let (to, text) = scene.datagrams().remove(0);
    assert_eq!(to, at("192.0.2.9:5071"));
    assert!(text.starts_with("BYE sip:room@192.0.2.9:5071 SIP/2.0\r\n"));
    assert_eq!(value(&text, "To"), "<sip:room@192.0.2.9:5070>;tag=77");
    assert!(scene.alice.final_response(bye).is_none());
}

#[test]
fn a_challenge_is_answered_with_the_response_of_rfc_7616() {
    let mut scene = Scene::new();
    scene.alice.conduct_mut().retransmits = false;
    let key = scene.alice.options(scene.now);
    let (_, first) = scene.datagrams().remove(0);
    let challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=MD5\r\nContent-Length: 0\r\n\r\n";
    scene.datagram(&response(&first, "401 Unauthorized", "1", challenge));
    let (_, second) = scene.datagrams().remove(0);
    // MD5(MD5("alice:r:secret") ":n1:" MD5("OPTIONS:sip:room@192.0.2.9:5070")), by another program.
    let credentials = value(&second, "Authorization");
    assert!(credentials.contains("response=\"d82cba0809fa0736724b966d91b707ad\""), "{credentials}");
    assert_ne!(value(&first, "Via"), value(&second, "Via"));
    assert_ne!(value(&first, "CSeq"), value(&second, "CSeq"));
    // Refused again: that is the answer then.
    scene.datagram(&response(&second, "401 Unauthorized", "1", challenge));
    assert_eq!(scene.datagrams(), []);
    assert_eq!(scene.alice.final_response(key).unwrap().status(), Some(401));
    assert_eq!(scene.alice.sip_responses(key).len(), 2);
}

#[test]
fn messages_are_chunked_as_told_and_conform() {
    let (mut scene, call, _) = Scene::joined();
    let path = scene.path(call);
    let options = SendOptions { chunks: Chunks::Of(100), ..SendOptions::text("x".repeat(150)) };
    let facts = scene.alice.send(scene.now, call, options).unwrap();
    let wire = scene.written();
    let head = "From: <sip:alice@example.com>\r\nTo: <sip:room@192.0.2.9:5070>\r\n\r\nContent-Type: text/plain\r\n\r\n";
    assert_eq!(facts.body, format!("{head}{}", "x".repeat(150)));
    let total = facts.body.len();
    let body = String::from_utf8(facts.body.to_vec()).unwrap();
    let mut wanted = String::new();
    for (index, tid) in facts.transactions.iter().enumerate() {
        let (start, end) = (index * 100, total.min(index * 100 + 100));
        let flag = if end == total { '$' } else { '+' };
        wanted += &format!(
            "MSRP {tid} SEND\r\nTo-Path: msrp://192.0.2.9:2855/iau39;tcp\r\nFrom-Path: {path}\r\nMessage-ID: {}\r\n\
             Byte-Range: {}-{end}/{total}\r\nContent-Type: message/cpim\r\n\r\n{}\r\n-------{tid}{flag}\r\n",
            facts.message_id,
            start + 1,
            &body[start..end]
        );
    }
    assert_eq!(wire, wanted);

    let long = SendOptions { success_report: Some("yes".into()), ..SendOptions::text("y".repeat(3000)) };
    scene.alice.send(scene.now, call, long);
    let parsed = MsrpMessage::parse(Bytes::from(scene.written())).unwrap();
    assert_eq!(parsed.defects, []);
    assert!(parsed.tree.header("Byte-Range").unwrap().starts_with("1-*/"));
    scene.alice.send(scene.now, call, SendOptions::bodiless());
    let parsed = MsrpMessage::parse(Bytes::from(scene.written())).unwrap();
    assert_eq!((parsed.defects, parsed.tree.body), (vec![], None));
}

#[test]
fn damage_is_done_as_told() {
    let (mut scene, call, _) = Scene::joined();
    let options = SendOptions {
        chunks: Chunks::Ranges(vec![0..4, 2..10]),
        skip: 1,
        abort: true,
        edits: vec![Edit::Drop("Message-ID".into())],
        body: Some((Some("text/plain".into()), Some(Bytes::from_static(b"0123456789")))),
        ..SendOptions::default()
    };
    let facts = scene.alice.send(scene.now, call, options).unwrap();
    let wire = scene.written();
    let tid = &facts.transactions[0];
    assert_eq!(facts.transactions.len(), 1);
    assert!(wire.ends_with(&format!(
        "\r\nByte-Range: 3-10/10\r\nContent-Type: text/plain\r\n\r\n23456789\r\n-------{tid}#\r\n"
    )));
    assert!(!wire.contains("Message-ID"));
    scene.alice.nickname(scene.now, call, b"\"Al\\q");
    assert!(scene.written().contains("\r\nUse-Nickname: \"Al\\q\r\n"));
}

#[test]
fn who_offers_another_path_is_still_found_under_the_former_one() {
    let (mut scene, call, connection) = Scene::joined();
    let former = scene.path(call);
    let mut options = InviteOptions::default();
    options.answer.fresh_path = true;
    options.offer = Some(options.answer.clone());
    scene.alice.re_invite(scene.now, call, options).unwrap();
    assert_ne!(scene.path(call), former);
    for path in [former, scene.path(call)] {
        let send = format!(
            "MSRP aaaa1111 SEND\r\nTo-Path: {path}\r\nFrom-Path: msrp://192.0.2.9:2855/iau39;tcp\r\nMessage-ID: m1\r\n\
             Byte-Range: 1-0/0\r\n-------aaaa1111$\r\n"
        );
        scene.written();
        scene.octets(connection, &send);
        let answer = scene.written();
        assert!(answer.starts_with("MSRP aaaa1111 200 ") && answer.contains(&format!("From-Path: {path}\r\n")));
    }
}

#[test]
fn chunks_are_put_together_answered_and_reported() {
    let (mut scene, call, connection) = Scene::joined();
    let path = scene.path(call);
    let head = |tid: &str, range: &str, more: &str| {
        format!(
            "MSRP {tid} SEND\r\nTo-Path: {path}\r\nFrom-Path: msrp://192.0.2.9:2855/iau39;tcp msrp://far:1/x;tcp\r\n\
             Message-ID: m1\r\nByte-Range: {range}\r\n{more}Content-Type: text/plain\r\n\r\n"
        )
    };
    let answer = |tid: &str| {
        format!(
            "MSRP {tid} 200 OK\r\nTo-Path: msrp://192.0.2.9:2855/iau39;tcp\r\nFrom-Path: {path}\r\n-------{tid}$\r\n"
        )
    };
    // The end first, then the beginning, cut in the middle of a line.
    let second = format!("{}world\r\n-------bbbb2222$\r\n", head("bbbb2222", "7-11/11", "Success-Report: yes\r\n"));
    scene.octets(connection, &second[..50]);
    assert_eq!(scene.written(), "");
    scene.octets(connection, &second[50..]);
    assert_eq!(scene.written(), answer("bbbb2222"));
    assert!(!scene.alice.messages()[0].complete);
    let first = format!("{}hello \r\n-------aaaa1111+\r\n", head("aaaa1111", "1-6/11", "Success-Report: yes\r\n"));
    scene.octets(connection, &first);
    let wire = scene.written();
    let report = wire.strip_prefix(&answer("aaaa1111")).unwrap();
    let tid = report.split(' ').nth(1).unwrap();
    assert_eq!(
        report,
        format!(
            "MSRP {tid} REPORT\r\nTo-Path: msrp://192.0.2.9:2855/iau39;tcp msrp://far:1/x;tcp\r\nFrom-Path: {path}\r\n\
             Message-ID: m1\r\nByte-Range: 1-11/11\r\nStatus: 000 200 OK\r\n-------{tid}$\r\n"
        )
    );
    let message = &scene.alice.messages()[0];
    assert_eq!((message.complete, &message.body[..], message.chunks.len()), (true, &b"hello world"[..], 2));

    // Silence where the sender wants silence; 481 for sessions that are none of ours.
    scene.octets(
        connection,
        &format!("{}!\r\n-------cccc3333$\r\n", head("cccc3333", "1-1/1", "Failure-Report: no\r\n")),
    );
    assert_eq!(scene.written(), "");
    let stray = "MSRP dddd4444 SEND\r\nTo-Path: msrp://192.0.2.1:7777/other;tcp\r\nFrom-Path: msrp://192.0.2.9:2855/iau39;tcp\r\n\
                 Message-ID: m9\r\n-------dddd4444$\r\n";
    scene.octets(connection, stray);
    assert!(scene.written().starts_with("MSRP dddd4444 481 "));
    // An aborted message stays visible, with what came of it.
    scene.octets(connection, &format!("{}half\r\n-------eeee5555#\r\n", head("eeee5555", "1-4/100", "")));
    let last = scene.alice.messages().last().unwrap();
    assert_eq!((last.aborted, last.complete, &last.body[..]), (true, false, &b"half"[..]));
}

#[test]
fn garbage_on_the_msrp_stream_is_noted_once_and_harms_nothing() {
    let (mut scene, call, connection) = Scene::joined();
    let mark = scene.alice.mark();
    scene.octets(connection, "HTTP/1.1 200 OK\r\n\r\n");
    scene.octets(connection, "more of it\r\n");
    let seen = scene.alice.seen_since(mark);
    assert_eq!(seen.len(), 1);
    assert!(matches!(&seen[0].what, SeenKind::MsrpGarbage { octets, .. } if octets.starts_with(b"HTTP/1.1")));
    scene.alice.handle_input(scene.now, Input::Closed { connection });
    assert!(!scene.alice.session(call).unwrap().is_joined());
    assert_eq!(scene.alice.send(scene.now, call, SendOptions::text("x")), None);
}

#[test]
fn a_subscription_follows_full_and_partial_state() {
    let mut scene = Scene::new();
    let id = scene.alice.subscribe(scene.now, 600, RequestOptions::default());
    let (_, subscribe) = scene.datagrams().remove(0);
    assert_eq!((value(&subscribe, "Event"), value(&subscribe, "Expires")), ("conference", "600"));
    let notify = |number: u32, state: &str, body: &str| {
        format!(
            "NOTIFY sip:alice@192.0.2.1:5062 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKn{number}\r\n\
             Max-Forwards: 70\r\nFrom: <sip:room@192.0.2.9:5070>;tag=s9\r\nTo: {}\r\nCall-ID: {}\r\n\
             CSeq: {number} NOTIFY\r\nContact: <sip:room@192.0.2.9:5070>\r\nEvent: conference\r\n\
             Subscription-State: {state}\r\nContent-Type: application/conference-info+xml\r\nContent-Length: {}\r\n\r\n{body}",
            value(&subscribe, "From"),
            value(&subscribe, "Call-ID"),
            body.len()
        )
    };
    let document = |version: u32, state: &str, users: &str| {
        format!(
            "<conference-info xmlns=\"urn:ietf:params:xml:ns:conference-info\" entity=\"sip:room@192.0.2.9:5070\" \
             state=\"{state}\" version=\"{version}\"><users state=\"partial\">{users}</users></conference-info>"
        )
    };
    // The first NOTIFY overtakes the 200 to SUBSCRIBE.
    let full = document(1, "full", "<user entity=\"sip:alice@example.com\" state=\"full\"/>");
    let first = notify(1, "active;expires=600", &full);
    scene.datagram(&first);
    let answer = scene.datagrams();
    assert!(answer[0].1.starts_with("SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKn1"));
    assert_eq!(answer[0].0, at("192.0.2.9:5070"));
    scene.datagram(&response(&subscribe, "200 OK", "s9", "Expires: 600\r\nContent-Length: 0\r\n\r\n"));
    // A retransmission gets the same answer and counts once.
    scene.datagram(&first);
    assert_eq!(scene.datagrams(), answer);
    assert_eq!((scene.alice.notifies(id).len(), scene.alice.documents(id).len()), (1, 1));
    let joined = document(2, "partial", "<user entity=\"sip:bob@example.com\" state=\"full\"/>");
    scene.datagram(&notify(2, "active;expires=600", &joined));
    let entities = |alice: &Participant| -> Vec<String> {
        alice.roster().unwrap().users.iter().map(|user| user.entity.clone()).collect()
    };
    assert_eq!(entities(&scene.alice), ["sip:alice@example.com", "sip:bob@example.com"]);
    scene.datagrams();
    // A version was missed: full state is asked for.
    scene.datagram(&notify(3, "active;expires=600", &document(4, "partial", "")));
    let sent = scene.datagrams();
    assert!(sent.iter().any(
        |(_, text)| text.starts_with("SUBSCRIBE sip:room@192.0.2.9:5070 ") && value(text, "To").ends_with("tag=s9")
    ));
    scene.datagram(&notify(4, "terminated;reason=timeout", &document(5, "full", "")));
    assert!(scene.alice.is_terminated(id));
    assert_eq!(scene.alice.refresh(scene.now, id, 600), None);

    let stray = first.replace("Call-ID: ", "Call-ID: x").replace("z9hG4bKn1", "z9hG4bKother");
    scene.datagrams();
    scene.datagram(&stray);
    assert!(scene.datagrams()[0].1.starts_with("SIP/2.0 481 "));
}

#[test]
fn a_bye_of_the_focus_ends_call_and_stream() {
    let (mut scene, call, connection) = Scene::joined();
    let ack_from = scene.alice.session(call).unwrap().local_tag.clone();
    let bye = format!(
        "BYE sip:alice@192.0.2.1:5062 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKbye;rport\r\n\
         Max-Forwards: 70\r\nFrom: <sip:room@192.0.2.9:5070>;tag=77\r\nTo: <sip:alice@example.com>;tag={ack_from}\r\n\
         Call-ID: {}\r\nCSeq: 9 BYE\r\nContent-Length: 0\r\n\r\n",
        scene.alice.session(call).unwrap().call_id
    );
    scene.datagram(&bye.replace("tag=77", "tag=78").replace("z9hG4bKbye", "z9hG4bKwrong"));
    assert!(scene.datagrams()[0].1.starts_with("SIP/2.0 481 "));
    assert!(scene.alice.session(call).unwrap().is_joined());
    scene.datagram(&bye);
    let outputs = scene.outputs();
    assert!(outputs.contains(&Output::Close { connection }));
    let answer = outputs.iter().find_map(|output| match output {
        Output::Datagram { octets, .. } => Some(String::from_utf8(octets.to_vec()).unwrap()),
        _ => None,
    });
    assert!(answer.unwrap().contains(";rport=5070;received=192.0.2.9\r\n"));
    let session = scene.alice.session(call).unwrap();
    assert_eq!((session.state, session.bye_received), (CallState::Ended, true));
}

#[test]
fn who_does_not_take_our_answers_is_not_read_any_further() {
    let (mut scene, call, connection) = Scene::joined();
    scene.alice.stop_reading(call, true);
    assert_eq!(scene.alice.unread(), [connection]);
    scene.alice.stop_reading(call, false);
    assert_eq!(scene.alice.unread(), []);
    let big = Bytes::from(vec![b'x'; 17 * 1024 * 1024]);
    scene.alice.raw_msrp(scene.now, call, big.clone()).unwrap();
    assert_eq!(scene.alice.unread(), [connection]);
    scene.alice.handle_input(scene.now, Input::Taken { connection, count: big.len() });
    assert_eq!(scene.alice.unread(), []);
}

#[test]
fn absurd_ranges_take_no_memory() {
    let (mut scene, call, connection) = Scene::joined();
    let path = scene.path(call);
    for (index, range) in ["18446744073709551615-*/*", "4000000000-4000000001/4000000001", "0-0/0"].iter().enumerate() {
        let send = format!(
            "MSRP hhhh{index}zzz SEND\r\nTo-Path: {path}\r\nFrom-Path: msrp://192.0.2.9:2855/iau39;tcp\r\n\
             Message-ID: h{index}\r\nByte-Range: {range}\r\nContent-Type: text/plain\r\n\r\nab\r\n-------hhhh{index}zzz$\r\n"
        );
        scene.octets(connection, &send);
    }
    let lengths: Vec<_> =
        scene.alice.messages().iter().map(|m| (m.message_id.clone(), m.body.len(), m.complete)).collect();
    assert_eq!(lengths[..2], [("h0".to_owned(), 0, false), ("h1".to_owned(), 0, false)]);
    assert_eq!(lengths.len(), 3);
}

/// An echo must not be answered: the answer would come back as the answer to our own request.
#[test]
fn a_request_of_our_own_that_comes_back_is_not_answered() {
    let mut scene = Scene::new();
    let call = scene.alice.invite(scene.now, InviteOptions::default());
    let (_, invite) = scene.datagrams().remove(0);
    scene.datagram(&invite);
    assert!(scene.datagrams().is_empty());
    assert_eq!(scene.alice.session(call).unwrap().state, CallState::Calling);
    // Another one of the same shape is.
    let branch = value(&invite, "Via").split("branch=").nth(1).unwrap().split(';').next().unwrap().to_owned();
    scene.datagram(&invite.replace(&branch, "z9hG4bKsomebodyelse"));
    assert_eq!(scene.datagrams().len(), 1);
}
