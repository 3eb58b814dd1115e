//! The conference event package.

use std::time::Duration;

use super::*;
use crate::switch::fault::Fault;
use crate::wire::conference_info::{ConferenceInfo, State};

const SUBSCRIBE: &str = "Event: conference\nCall-ID: watch\nFrom: <sip:eve@example.com>;tag=eve\n";

fn subscribe(bench: &mut Bench, more: &str) -> (SipMessage, SipMessage) {
    let text = request("SUBSCRIBE", "sip:room@127.0.0.1:5060", "bob", 1, &format!("{SUBSCRIBE}{more}"), "");
    let mut sent = bench.send(BOB, &text);
    assert_eq!(sent.len(), 2, "{sent:#?}");
    let notify = sent.pop().unwrap().message;
    (sent.pop().unwrap().message, notify)
}

fn document(notify: &SipMessage) -> ConferenceInfo {
    assert_eq!(notify.method(), Some("NOTIFY"));
    let parsed = ConferenceInfo::parse(&notify.body).unwrap();
    assert!(parsed.defects.is_empty(), "{:?}", parsed.defects);
    parsed.tree
}

fn only(sent: Vec<Sent>) -> SipMessage {
    let mut notifies: Vec<SipMessage> =
        sent.into_iter().map(|sent| sent.message).filter(|message| message.method() == Some("NOTIFY")).collect();
    assert_eq!(notifies.len(), 1, "{notifies:#?}");
    notifies.remove(0)
}

#[test]
fn a_subscription_starts_with_the_whole_roster() {
    let mut bench = Bench::new();
    bench.join("room", "alice", ALICE, "");
    let (ok, notify) = subscribe(&mut bench, "");
    assert_eq!(ok.status(), Some(200));
    assert_eq!(ok.header("Expires").as_deref(), Some("3600"));
    assert_eq!(notify.header("Event").as_deref(), Some("conference"));
    assert_eq!(notify.header("Subscription-State").as_deref(), Some("active;expires=3600"));
    assert_eq!(notify.header("Content-Type").as_deref(), Some("application/conference-info+xml"));
    assert_eq!(notify.from().unwrap().tag(), ok.to().unwrap().tag());
    let roster = document(&notify);
    assert_eq!((roster.state, roster.entity.as_str()), (State::Full, "sip:room@127.0.0.1:5060"));
    assert_eq!(roster.user_count, Some(1));
    let alice = &roster.users[0];
    assert_eq!(alice.entity, "sip:alice@example.com");
    assert_eq!(alice.display_text.as_deref(), Some("alice of test"));
    assert_eq!(alice.endpoints[0].entity, "sip:alice@127.0.0.1:5070");
    assert_eq!(alice.endpoints[0].status.as_deref(), Some("connected"));
}

#[test]
fn changes_come_with_the_next_version_and_not_faster_than_the_interval() {
    let mut bench = Bench::new();
    let alice = bench.join("room", "alice", ALICE, "");
    bench.join("room", "carol", ALICE, "");
    let (_, notify) = subscribe(&mut bench, "");
    let mut state = document(&notify);
    let first = state.version.unwrap();
    bench.answer(BOB, &notify, 200);
    bench.join("room", "dave", ALICE, "");
    bench.ask(ALICE, &within(&alice, "BYE", "alice", 2, "", ""));
    let notify = only(bench.pass(Duration::from_millis(100)));
    let update = document(&notify);
    assert_eq!(update.version, Some(first + 1));
    assert!(state.apply(&update));
    let names: Vec<_> = state.users.iter().map(|user| user.entity.as_str()).collect();
    assert_eq!(names, ["sip:carol@example.com", "sip:dave@example.com"]);
    assert_eq!(state.user_count, Some(2));
}

#[test]
fn one_newcomer_among_many_is_told_in_part() {
    let mut bench = Bench::new();
    for who in ["alice", "carol", "dave"] {
        bench.join("room", who, ALICE, "");
    }
    let (_, notify) = subscribe(&mut bench, "");
    bench.answer(BOB, &notify, 200);
    bench.pass(Duration::from_secs(1));
    let sent = bench.send(ALICE, &invite("room", "erin", 1, ""));
    let update = document(&only(sent));
    assert_eq!((update.state, update.users_state), (State::Partial, Some(State::Partial)));
    assert_eq!((update.users.len(), update.user_count), (1, Some(4)));
}

#[test]
fn nothing_is_sent_while_a_notify_is_unanswered() {
    let mut bench = Bench::new();
    let (_, notify) = subscribe(&mut bench, "");
    bench.join("room", "alice", ALICE, "");
    let again = bench.pass(Duration::from_millis(500));
    assert_eq!(only(again).octets(), notify.octets(), "only the retransmission");
    let update = only(bench.answer(BOB, &notify, 200));
    assert_eq!(document(&update).users.len(), 1);
}

#[test]
fn a_refresh_gets_full_state_with_the_next_version() {
    let mut bench = Bench::new();
    bench.join("room", "alice", ALICE, "");
    let (ok, notify) = subscribe(&mut bench, "Expires: 60\n");
    bench.answer(BOB, &notify, 200);
    let refresh = within(&ok, "SUBSCRIBE", "bob", 2, "Event: conference\nExpires: 120\n", "");
    let sent = bench.send(BOB, &refresh);
    assert_eq!(sent[0].message.header("Expires").as_deref(), Some("120"));
    let second = only(sent);
    let roster = document(&second);
    assert_eq!((roster.state, roster.version), (State::Full, document(&notify).version.map(|version| version + 1)));
    assert_eq!(second.cseq().unwrap().number, notify.cseq().unwrap().number + 1);
}

#[test]
fn a_subscription_ends_by_wish_by_time_and_by_refusal() {
    let mut bench = Bench::new();
    let (ok, notify) = subscribe(&mut bench, "Expires: 60\n");
    bench.answer(BOB, &notify, 200);
    let last = only(bench.pass(Duration::from_secs(60)));
    assert_eq!(last.header("Subscription-State").as_deref(), Some("terminated;reason=timeout"));
    bench.answer(BOB, &last, 200);
    assert!(bench.switch.is_idle());
    let refresh = within(&ok, "SUBSCRIBE", "bob", 2, "Event: conference\n", "");
    assert_eq!(bench.status(BOB, &refresh), 481);

    let mut bench = Bench::new();
    let (ok, notify) = subscribe(&mut bench, "");
    bench.answer(BOB, &notify, 200);
    let sent = bench.send(BOB, &within(&ok, "SUBSCRIBE", "bob", 2, "Event: conference\nExpires: 0\n", ""));
    assert!(only(sent).header("Subscription-State").unwrap().starts_with("terminated"));

    let mut bench = Bench::new();
    let (_, notify) = subscribe(&mut bench, "");
    bench.answer(BOB, &notify, 481);
    assert!(bench.switch.is_idle());
}

#[test]
fn a_subscriber_that_never_answers_is_forgotten() {
    let mut bench = Bench::new();
    subscribe(&mut bench, "");
    bench.pass(Duration::from_secs(33));
    assert!(bench.switch.is_idle());
}

#[test]
fn a_subscription_in_the_dialog_of_the_session_outlives_it() {
    let mut bench = Bench::new();
    let alice = bench.join("room", "alice", ALICE, "");
    let notify = only(bench.send(ALICE, &within(&alice, "SUBSCRIBE", "alice", 2, "Event: conference;id=7\n", "")));
    assert_eq!(notify.header("Event").as_deref(), Some("conference;id=7"));
    assert_eq!(notify.call_id(), alice.call_id());
    bench.answer(ALICE, &notify, 200);
    bench.pass(Duration::from_secs(1));
    let sent = bench.send(ALICE, &within(&alice, "BYE", "alice", 3, "", ""));
    assert_eq!(document(&only(sent)).user_count, Some(0));
}

#[test]
fn the_end_of_a_room_ends_its_subscriptions() {
    let mut bench = Bench::new();
    let alice = bench.join("temp", "alice", ALICE, "");
    let notify = only(bench.send(ALICE, &within(&alice, "SUBSCRIBE", "alice", 2, "Event: conference\n", "")));
    bench.answer(ALICE, &notify, 200);
    let sent = bench.send(ALICE, &within(&alice, "BYE", "alice", 3, "", ""));
    let states: Vec<_> = sent.iter().filter_map(|sent| sent.message.header("Subscription-State")).collect();
    assert!(states.contains(&"terminated;reason=noresource".to_owned()), "{states:?}");
}

#[test]
fn the_fault_repeats_the_version() {
    let faults = FaultSet::from(Fault::RosterVersionRepeated);
    let mut bench = Bench::with(SwitchConfig::bundled(), faults, |_| {});
    let (_, first) = subscribe(&mut bench, "");
    bench.answer(BOB, &first, 200);
    bench.pass(Duration::from_secs(1));
    let second = only(bench.send(ALICE, &invite("room", "alice", 1, "")));
    assert_eq!(document(&first).version, document(&second).version);
}

#[test]
fn a_roster_too_long_for_a_datagram_goes_over_a_stream() {
    let mut bench = Bench::new();
    for n in 0..250 {
        bench.join("room", &format!("somebody-with-a-rather-long-name-{n}"), ALICE, "");
    }
    let text = request("SUBSCRIBE", "sip:room@127.0.0.1:5060", "bob", 1, SUBSCRIBE, "");
    bench.switch.handle_input(bench.now, Input::Datagram { from: address(BOB), octets: Bytes::from(text) });
    let outputs: Vec<Output> = std::iter::from_fn(|| bench.switch.poll_output()).collect();
    let Some(Output::Connect { connection, protocol, to, .. }) = outputs.last().cloned() else {
        panic!("a stream is wanted: {}", outputs.len())
    };
    assert_eq!(to, address(BOB));
    let ready = Input::Connected { connection, protocol, local: to, remote: to, secured: false };
    bench.switch.handle_input(bench.now, ready);
    let notify = only(bench.sent());
    assert!(notify.header("Via").unwrap().starts_with("SIP/2.0/TCP "));
    assert_eq!(document(&notify).users.len(), 250);
}
