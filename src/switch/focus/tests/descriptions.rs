//! Offers, answers and session descriptions: what the focus does with them, and that each fault of it shows.

use super::*;
use crate::switch::fault::Fault;

/// Faults that only MSRP traffic shows: the cases of the suite look at them.
const SHOWN_BY_MSRP: [Fault; 6] = [
    Fault::ClosedStreamServed,
    Fault::HoldIgnored,
    Fault::AckAwaited,
    Fault::TypesNeverUpdated,
    Fault::AnswerTypesIgnored,
    Fault::PathNeverUpdated,
];

/// The first and the last fault of the table.
const OURS: (Fault, Fault) = (Fault::OriginEchoed, Fault::PathNeverUpdated);

const AUDIO: &str = "m=audio 49170 RTP/AVP 0\n";

fn call(bench: &mut Bench, who: &str, offer: &str) -> SipMessage {
    let kind = "Content-Type: application/sdp\n";
    let kind = if offer.is_empty() { "" } else { kind };
    let answer = bench.ask(ALICE, &request("INVITE", "sip:room@127.0.0.1:5060", who, 1, kind, offer));
    let sdp = if offer.is_empty() { "Content-Type: application/sdp\n" } else { "" };
    if answer.status() == Some(200) {
        bench.send(ALICE, &within(&answer, "ACK", who, 1, sdp, if offer.is_empty() { OFFER } else { "" }));
    }
    answer
}

/// A re-INVITE, acknowledged; the last response, and all that came.
fn again(bench: &mut Bench, ok: &SipMessage, who: &str, cseq: u32, offer: &str) -> (SipMessage, String) {
    let kind = if offer.is_empty() { "" } else { "Content-Type: application/sdp\n" };
    let sent = bench.send(ALICE, &within(ok, "INVITE", who, cseq, kind, offer));
    let seen: String = sent.iter().map(|sent| String::from_utf8_lossy(&sent.message.octets()).into_owned()).collect();
    let answer = sent.into_iter().map(|sent| sent.message).find(|message| message.status().is_some()).unwrap();
    if answer.status() == Some(200) {
        let (sdp, body) = if offer.is_empty() { ("Content-Type: application/sdp\n", OFFER) } else { ("", "") };
        bench.send(ALICE, &within(ok, "ACK", who, cseq, sdp, body));
    }
    (answer, seen)
}

/// A bit of everything; the seed is the same, so two runs differ only by what the switch decides.
fn run(faults: FaultSet) -> String {
    let mut bench = Bench::with(SwitchConfig::bundled(), faults, |_| {});
    let mut seen = String::new();
    let mut note = |message: &SipMessage| {
        seen += &format!("{:?}\n{}", message.start, String::from_utf8_lossy(&message.body));
    };
    let head = OFFER.split("m=").next().unwrap();
    let direction = |word: &str| format!("{OFFER}a={word}\n");
    let offers = [
        String::new(),
        head.to_owned(),
        OFFER.replace("t=0 0", "t=3034423619 0"),
        OFFER.replace("m=message 7654", "m=message 0"),
        format!("{OFFER}{AUDIO}"),
        direction("sendonly"),
        direction("recvonly"),
        direction("inactive"),
        OFFER.replace("t=0 0", "t=0 0\na=sendonly"),
        OFFER.replace("t=0 0", "t=0 0\nk=clear:secret"),
        OFFER.replace("t=0 0", "t=0 0\ny=what"),
        OFFER.replace("t=0 0", "t=0 0\na=x-what"),
        OFFER.replace("c=IN", "e=alice@example.com\nc=IN"),
        OFFER.replace("t=0 0", "b=X-YZ:128\nt=0 0"),
        OFFER.replace("s=-", "s=\u{e9}"),
        OFFER.replace("c=IN IP4 127.0.0.1\n", "").replace("TCP/MSRP *\n", "TCP/MSRP *\nc=IN IP4 127.0.0.1\n"),
    ];
    for (index, offer) in offers.iter().enumerate() {
        note(&call(&mut bench, &format!("guest{index}"), offer));
    }
    let bare = request("INVITE", "sip:room@127.0.0.1:5060", "bare", 1, "Content-Type: application/sdp\n", OFFER);
    let (head, body) = bare.split_once("\r\n\r\n").unwrap();
    let body = body.replace("\r\n", "\n");
    let head: Vec<&str> = head.lines().filter(|line| !line.starts_with("Content-Length")).collect();
    note(&bench.ask(ALICE, &format!("{}\r\nContent-Length: {}\r\n\r\n{body}", head.join("\r\n"), body.len())));
    let ok = call(&mut bench, "alice", &format!("{OFFER}{AUDIO}"));
    let later = [
        OFFER.to_owned(),
        OFFER.to_owned(),
        format!("{OFFER}{AUDIO}{AUDIO}"),
        String::new(),
        direction("sendonly"),
        format!("{}{AUDIO}", OFFER.split("m=").next().unwrap()),
        OFFER.replace("m=message 7654", "m=message 0"),
    ];
    for (index, offer) in (2..).zip(&later) {
        let (answer, all) = again(&mut bench, &ok, "alice", index, offer);
        note(&answer);
        seen_all(&mut note, &all, &answer);
    }
    seen
}

/// Notes what came beside the answer.
fn seen_all(note: &mut impl FnMut(&SipMessage), all: &str, answer: &SipMessage) {
    if all.matches("INVITE sip:").count() > 0 {
        note(answer);
    }
}

#[test]
fn each_fault_of_descriptions_changes_what_peers_see() {
    let right = run(FaultSet::none());
    assert_eq!(right, run(FaultSet::none()), "two runs with one seed are the same");
    let idle: Vec<&str> = Fault::ALL
        .iter()
        .filter(|fault| (OURS.0..=OURS.1).contains(fault) && !SHOWN_BY_MSRP.contains(fault))
        .filter(|fault| run(FaultSet::from(**fault)) == right)
        .map(|fault| fault.name())
        .collect();
    assert_eq!(idle, Vec::<&str>::new(), "faults without effect");
}

#[test]
fn the_time_of_the_offer_is_the_time_of_the_answer() {
    let answer = call(&mut Bench::new(), "alice", &OFFER.replace("t=0 0", "t=3034423619 0"));
    assert!(body(&answer).contains("\r\nt=3034423619 0\r\n"));
}

#[test]
fn a_closed_stream_keeps_its_line_and_can_be_opened_again() {
    let mut bench = Bench::new();
    let ok = call(&mut bench, "alice", &format!("{OFFER}{AUDIO}"));
    let closed = OFFER.replace("m=message 7654", "m=message 0");
    let (answer, _) = again(&mut bench, &ok, "alice", 2, &format!("{closed}{AUDIO}"));
    assert_eq!(answer.status(), Some(200));
    assert!(body(&answer).contains("m=message 0 ") && body(&answer).contains("m=audio 0 "), "{}", body(&answer));
    let (answer, _) = again(&mut bench, &ok, "alice", 3, &format!("{OFFER}{AUDIO}"));
    assert!(body(&answer).contains("m=message 2855 ") && body(&answer).contains(" 3 IN IP4"), "{}", body(&answer));
    let (offer, _) = again(&mut bench, &ok, "alice", 4, "");
    assert!(body(&offer).contains("m=message 2855 ") && body(&offer).contains("m=audio 0 "), "{}", body(&offer));
}

#[test]
fn a_line_that_nobody_knows_spoils_the_description() {
    let answer = call(&mut Bench::new(), "alice", &OFFER.replace("t=0 0", "t=0 0\ny=what"));
    assert_eq!(answer.status(), Some(488));
}
