//! The bundled switch and scripted participants on loopback sockets: what is said in the room arrives, octet for octet.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use msrpspec::peer::{
    CallId, CallState, Chunks, DigestDamage, Identity, InviteOptions, Offer, RequestOptions, SendOptions, Timers,
    Transport,
};
use msrpspec::port::Protocol;
use msrpspec::runtime::{Clock, Driver, Link, Ports, TlsIdentity, drive, rng_for};
use msrpspec::suite::stage::{Actor, Stage, StageSettings, StageTls};
use msrpspec::switch::config::SwitchConfig;
use msrpspec::switch::fault::FaultSet;
use msrpspec::switch::{Switch, SwitchSettings};
use msrpspec::transcript::{Crossing, Event};
use msrpspec::wire::sdp::Setup;
use msrpspec::wire::uri::SipUri;

const SOON: Duration = Duration::from_secs(10);

/// A running switch; gone when dropped.
struct House {
    clock: Clock,
    udp: SocketAddr,
    tcp: SocketAddr,
    tls: SocketAddr,
    switch: Arc<Mutex<Switch>>,
    _driver: Driver,
}

async fn open_house() -> House {
    let (link, clock) = (Link::Sockets, Clock::start());
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let identity = TlsIdentity::self_signed(&["127.0.0.1".to_owned()]).unwrap();
    let datagrams = link.bind_datagrams(any).await.unwrap();
    let sip = link.listen(any, Protocol::Sip, None).await.unwrap();
    let sips = link.listen(any, Protocol::Sip, Some(identity.server())).await.unwrap();
    let msrp = link.listen(any, Protocol::Msrp, None).await.unwrap();
    let msrps = link.listen(any, Protocol::Msrp, Some(identity.server())).await.unwrap();
    let (udp, tcp, tls) = (datagrams.local(), sip.local(), sips.local());
    let settings = SwitchSettings {
        msrp_tls: Some(msrps.local()),
        tls_fingerprint: Some(identity.fingerprint().to_owned()),
        ..SwitchSettings::new(udp, tcp, msrp.local())
    };
    let switch = Switch::new(SwitchConfig::bundled(), settings, FaultSet::none(), rng_for(7, "switch"));
    let ports = Ports { datagrams: Some(datagrams), listeners: vec![sip, sips, msrp, msrps], ..Ports::default() };
    let switch = Arc::new(Mutex::new(switch));
    let driver = drive(switch.clone(), link, clock, ports);
    House { clock, udp, tcp, tls, switch, _driver: driver }
}

fn stage(house: &House, transport: Transport) -> Stage {
    let next_hop = match transport {
        Transport::Udp => house.udp,
        Transport::Tcp => house.tcp,
        Transport::Tls => house.tls,
    };
    let settings = StageSettings {
        next_hop,
        transport,
        room: SipUri::new(Some("room"), "127.0.0.1", Some(next_hop.port())),
        timers: Timers::default(),
        seed: 42,
        tls: StageTls { ca: None, insecure: true },
    };
    Stage::new(Link::Sockets, house.clock, settings).unwrap()
}

fn identity(name: &str) -> Identity {
    let user = name.to_lowercase();
    Identity {
        name: name.to_owned(),
        aor: SipUri::new(Some(&user), "127.0.0.1", None),
        display_name: Some(name.to_owned()),
        credentials: Some((user.clone(), format!("{user}-secret"))),
    }
}

async fn join(house: &House, stage: &Stage, name: &str, options: InviteOptions) -> Actor {
    let actor = stage.admit(identity(name)).await.unwrap();
    let call = actor.act(|participant, now| participant.invite(now, options));
    let joined = actor.wait(SOON, |participant| participant.session(call).filter(|s| s.is_joined()).map(|_| ())).await;
    if joined.is_err() {
        let log: Vec<_> = std::iter::from_fn(|| house.switch.lock().unwrap().poll_log()).collect();
        panic!(
            "{name} did not join, says the switch: {log:#?}; saw {:#?}",
            actor.look(|participant| participant.seen().to_vec())
        );
    }
    actor
}

async fn a_message_arrives(transport: Transport, offer: Offer) {
    let house = open_house().await;
    let stage = stage(&house, transport);
    let options = InviteOptions { offer: Some(offer), ..InviteOptions::default() };
    let alice = join(&house, &stage, "Alice", options.clone()).await;
    let bob = join(&house, &stage, "Bob", options).await;

    let call = alice.look(|alice| alice.current_call()).unwrap();
    let text = SendOptions {
        content_type: "text/plain; charset=utf-8".to_owned(),
        cpim_headers: vec![("DateTime".to_owned(), "2026-11-22T20:30:00Z".to_owned())],
        chunks: Chunks::Of(57),
        ..SendOptions::text("Grüße, and a line that looks like an end:\r\n-------abc$\r\n")
    };
    let sent = alice.act(|alice, now| alice.send(now, call, text)).unwrap();
    assert!(sent.transactions.len() > 2);

    let got = bob
        .wait(SOON, |bob| {
            bob.messages()
                .iter()
                .find(|m| m.complete && m.cpim.as_ref().is_some_and(|c| c.content.starts_with(b"Gr")))
                .cloned()
        })
        .await
        .unwrap_or_else(|_| panic!("Bob saw {:#?}", bob.look(|bob| bob.seen().to_vec())));
    assert_eq!(got.body, sent.body);

    for transaction in &sent.transactions {
        let status = alice
            .wait(SOON, |alice| alice.responses_to(transaction).first().and_then(|response| response.status()))
            .await
            .unwrap();
        assert_eq!(status, 200);
    }
    assert_eq!(alice.look(|alice| alice.messages().iter().filter(|m| m.body == sent.body).count()), 0);

    let subscription = bob.act(|bob, now| bob.subscribe(now, 600, RequestOptions::default()));
    let users = bob
        .wait(SOON, |bob| bob.roster_of(subscription).filter(|roster| roster.users.len() == 2).cloned())
        .await
        .unwrap();
    assert!(users.users.iter().any(|user| user.entity.contains("alice@")));

    stage.leave_all(SOON).await;
    assert!(bob.look(|bob| bob.is_terminated(subscription)));
    assert_eq!(alice.look(|alice| alice.session(call).map(|session| session.state)), Some(CallState::Ended));

    // The record has what Alice sent on her MSRP connection, as Bob's body proves by other means.
    let transcript = stage.transcript();
    let mut octets = Vec::new();
    for event in &transcript.events {
        let pco = &transcript.pcos[event.pco.0];
        if let (Protocol::Msrp, "Alice", Crossing::Sent(sent)) =
            (pco.protocol, pco.participant.as_str(), &event.crossing)
        {
            octets.extend_from_slice(sent);
        }
    }
    let recorded = String::from_utf8_lossy(&octets).into_owned();
    assert!(sent.transactions.iter().all(|tid| recorded.contains(&format!("MSRP {tid} SEND\r\nTo-Path: msrp"))));
    let closed = |event: &&Event| matches!(event.crossing, Crossing::ClosedByTester | Crossing::ClosedByIut);
    let streams = transcript.pcos.iter().filter(|pco| pco.transport != msrpspec::transcript::Transport::Udp).count();
    assert_eq!(transcript.events.iter().filter(closed).count(), streams);
}

#[tokio::test]
async fn a_message_arrives_with_sip_over_udp() {
    a_message_arrives(Transport::Udp, Offer::default()).await;
}

#[tokio::test]
async fn a_message_arrives_with_sip_over_tcp() {
    a_message_arrives(Transport::Tcp, Offer::default()).await;
}

#[tokio::test]
async fn a_message_arrives_with_sip_and_msrp_over_tls() {
    a_message_arrives(Transport::Tls, Offer { tls: true, ..Offer::default() }).await;
}

/// Says something and waits until the other has it.
async fn talks(from: &Actor, to: &Actor, text: &str) {
    let call = from.look(|from| from.current_call()).unwrap();
    let sent = from.act(|from, now| from.send(now, call, SendOptions::text(text))).unwrap();
    let has_it = |to: &msrpspec::peer::Participant| to.messages().iter().any(|m| m.complete && m.body == sent.body);
    let got = to.wait(SOON, |to| has_it(to).then_some(())).await;
    assert!(got.is_ok(), "'{text}' did not arrive; the sender saw {:#?}", from.look(|from| from.seen().to_vec()));
}

#[tokio::test]
async fn the_focus_offers_when_the_invite_does_not() {
    let house = open_house().await;
    let stage = stage(&house, Transport::Udp);
    let alice = join(&house, &stage, "Alice", InviteOptions { offer: None, ..InviteOptions::default() }).await;
    let bob = join(&house, &stage, "Bob", InviteOptions::default()).await;
    talks(&alice, &bob, "from the late one").await;
    talks(&bob, &alice, "to the late one").await;
}

#[tokio::test]
async fn the_switch_connects_to_a_passive_participant() {
    let house = open_house().await;
    let stage = stage(&house, Transport::Tcp);
    let passive = Offer { setup: Some(Setup::Passive), ..Offer::default() };
    let alice = join(&house, &stage, "Alice", InviteOptions { offer: Some(passive), ..InviteOptions::default() }).await;
    let bob = join(&house, &stage, "Bob", InviteOptions::default()).await;
    talks(&alice, &bob, "from the passive one").await;
    talks(&bob, &alice, "to the passive one").await;
    assert!(alice.look(|alice| alice.session(CallId(0)).is_some_and(|session| session.first_send.is_none())));
}

#[tokio::test]
async fn two_sessions_share_a_connection() {
    let house = open_house().await;
    let stage = stage(&house, Transport::Udp);
    let bob = join(&house, &stage, "Bob", InviteOptions::default()).await;
    let alice = join(&house, &stage, "Alice", InviteOptions::default()).await;
    let other_room = format!("sip:textonly@127.0.0.1:{}", house.udp.port());
    let options = InviteOptions { request_uri: Some(other_room), share_connection: true, ..InviteOptions::default() };
    let second = alice.act(|alice, now| alice.invite(now, options));
    alice.wait(SOON, |alice| alice.session(second).filter(|session| session.is_joined()).map(|_| ())).await.unwrap();
    let connections = alice.look(|alice| alice.sessions().iter().map(|session| session.connection).collect::<Vec<_>>());
    assert_eq!(connections.len(), 2);
    assert_eq!(connections[0], connections[1]);
    // Leaving one room leaves the other's stream alone.
    let bye = alice.act(|alice, now| alice.bye(now, second)).unwrap();
    alice.wait(SOON, |alice| alice.final_response(bye).map(|_| ())).await.unwrap();
    let sent = alice.act(|alice, now| alice.send(now, CallId(0), SendOptions::text("still here"))).unwrap();
    bob.wait(SOON, |bob| bob.messages().iter().any(|m| m.body == sent.body).then_some(())).await.unwrap();
}

#[tokio::test]
async fn credentials_open_the_digest_room_and_wrong_ones_do_not() {
    let house = open_house().await;
    let stage = stage(&house, Transport::Udp);
    let auth = SipUri::new(Some("auth"), "127.0.0.1", Some(house.udp.port()));
    let alice = stage.admit_to(identity("Alice"), auth.clone()).await.unwrap();
    let call = alice.act(|alice, now| alice.invite(now, InviteOptions::default()));
    alice.wait(SOON, |alice| alice.session(call).filter(|session| session.is_joined()).map(|_| ())).await.unwrap();
    let statuses = alice.look(|alice| {
        let invite = alice.session(call).unwrap().invite;
        let statuses = alice.sip_responses(invite).iter().filter_map(|response| response.status()).collect::<Vec<_>>();
        (statuses.contains(&401) || statuses.contains(&407), alice.final_response(invite).unwrap().status())
    });
    assert_eq!(statuses, (true, Some(200)));
    for damage in [DigestDamage::WrongResponse, DigestDamage::WrongPassword, DigestDamage::WrongNonce] {
        let name = format!("Bob {damage:?}");
        let bob = Identity { name, ..identity("Bob") };
        let bob = stage.admit_to(bob, auth.clone()).await.unwrap();
        bob.act(|bob, _| bob.conduct_mut().digest_damage = Some(damage));
        let call = bob.act(|bob, now| bob.invite(now, InviteOptions::default()));
        let state = bob
            .wait(SOON, |bob| bob.session(call).map(|s| s.state).filter(|state| *state != CallState::Calling))
            .await
            .unwrap();
        assert!(matches!(state, CallState::Refused(401 | 403 | 407)), "{damage:?}: {state:?}");
    }
}

#[tokio::test]
async fn a_pending_invite_is_cancelled() {
    let house = open_house().await;
    let stage = stage(&house, Transport::Udp);
    let slow = SipUri::new(Some("slow"), "127.0.0.1", Some(house.udp.port()));
    let alice = stage.admit_to(identity("Alice"), slow).await.unwrap();
    let call = alice.act(|alice, now| alice.invite(now, InviteOptions::default()));
    // Before any provisional response: it is kept back until one comes.
    assert_eq!(alice.act(|alice, now| alice.cancel(now, call)), None);
    let state = alice
        .wait(SOON, |alice| alice.session(call).map(|s| s.state).filter(|state| *state != CallState::Calling))
        .await
        .unwrap();
    assert_eq!(state, CallState::Refused(487));
}

#[tokio::test]
async fn a_session_lives_through_a_re_invite() {
    let house = open_house().await;
    let stage = stage(&house, Transport::Udp);
    let alice = join(&house, &stage, "Alice", InviteOptions::default()).await;
    let bob = join(&house, &stage, "Bob", InviteOptions::default()).await;
    let bare = InviteOptions { offer: Some(Offer { chatroom: None, ..Offer::default() }), ..InviteOptions::default() };
    let renewed = bob.act(|bob, now| bob.re_invite(now, CallId(0), bare)).unwrap();
    let status = bob.wait(SOON, |bob| bob.final_response(renewed).and_then(|r| r.status())).await.unwrap();
    assert_eq!(status, 200);
    talks(&alice, &bob, "after the renewal").await;
    talks(&bob, &alice, "and back").await;
}
