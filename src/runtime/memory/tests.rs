//! The network in memory, with a machine that echoes at either end.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;

use super::{FIRST_PORT, Memory};
use crate::port::{Connection, Input, Output, Protocol, Security};
use crate::runtime::tests::{Running, any};
use crate::runtime::{BindError, ClientTls, Clock, Link, Ports, Recorder, TlsIdentity, Trust};
use crate::transcript::{Crossing, Transcript};

const OURS: Connection = Connection::opened(3);

fn link(seed: u64) -> Link {
    Link::Memory(Memory::new(seed))
}

async fn house(link: &Link, identity: Option<&TlsIdentity>) -> (Running, SocketAddr) {
    let listener = link.listen(any(), Protocol::Msrp, identity.map(TlsIdentity::server)).await.unwrap();
    let address = listener.local();
    (Running::on(link.clone(), Ports { listeners: vec![listener], ..Ports::default() }), address)
}

fn call(client: &Running, to: SocketAddr, security: Security) {
    client.tell(|echo| {
        echo.silent = true;
        echo.outputs.push_back(Output::Connect { connection: OURS, protocol: Protocol::Msrp, to, security });
    });
}

fn octets_of(inputs: &[Input]) -> Vec<Bytes> {
    let octets = |input: &Input| if let Input::Octets { octets, .. } = input { Some(octets.clone()) } else { None };
    inputs.iter().filter_map(octets).collect()
}

/// How the echo of ten messages came back: each piece with the moment of its arrival.
async fn conversation(seed: u64) -> Vec<(Duration, Bytes)> {
    let link = link(seed);
    let (_server, to) = house(&link, None).await;
    let transcript = Arc::new(Mutex::new(Transcript::default()));
    let recorder = Some(Recorder::new("Alice", transcript.clone()));
    let client = Running::on(link, Ports { recorder, ..Ports::default() });
    call(&client, to, Security::Plain);
    let all: Vec<Bytes> = (0..10_u8).map(|n| Bytes::from(vec![b'0' + n; 100])).collect();
    client.tell(|echo| {
        echo.outputs.extend(all.iter().map(|octets| Output::Write { connection: OURS, octets: octets.clone() }));
    });
    let got = client.until(|echo| {
        let got = octets_of(&echo.inputs).concat();
        (got.len() >= 1000).then_some(got)
    });
    assert_eq!(got.await, all.concat(), "nothing overtakes and nothing is lost");
    let transcript = transcript.lock().unwrap().clone();
    let received = transcript.events.into_iter().filter_map(|event| match event.crossing {
        Crossing::Received(octets) => Some((event.at, octets)),
        _ => None,
    });
    received.collect()
}

#[tokio::test(start_paused = true)]
async fn the_seed_decides_where_streams_are_cut_and_when_they_arrive() {
    let mut pieces = Vec::new();
    for seed in 0..10 {
        let once = conversation(seed).await;
        assert_eq!(conversation(seed).await, once);
        assert_ne!(conversation(seed + 1).await, once);
        pieces.extend(once);
    }
    // Cut within messages, and several read as one.
    assert!(pieces.iter().any(|(_, piece)| piece.len() % 100 != 0));
    let holds_two = |piece: &Bytes| piece.first() != piece.last();
    assert!(pieces.iter().any(|(_, piece)| holds_two(piece)));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_holds_the_writer() {
    let link = link(1);
    let (server, to) = house(&link, None).await;
    let client = Running::on(link, Ports::default());
    call(&client, to, Security::Plain);
    server.until(|echo| (!echo.inputs.is_empty()).then_some(())).await;
    server.tell(|echo| {
        echo.unread = vec![Connection::accepted(0)];
        echo.silent = true;
    });
    let (blocks, block) = (64, Bytes::from(vec![b'x'; 10_000]));
    client.tell(|echo| {
        let write = || Output::Write { connection: OURS, octets: block.clone() };
        echo.outputs.extend(std::iter::repeat_with(write).take(blocks));
    });
    tokio::time::sleep(Duration::from_secs(60)).await;
    // Six blocks fit into 65536 octets; not one more is taken, however long one waits.
    assert_eq!(client.echo.lock().unwrap().taken, 60_000);
    server.tell(|echo| echo.unread.clear());
    client.until(|echo| (echo.taken == blocks * block.len()).then_some(())).await;
    let all = server.until(|echo| {
        let got: usize = octets_of(&echo.inputs).iter().map(Bytes::len).sum();
        (got == blocks * block.len()).then_some(())
    });
    all.await;
}

#[tokio::test(start_paused = true)]
async fn datagrams_come_in_order_and_only_to_who_is_there() {
    let link = link(5);
    let (ours, theirs) = (link.bind_datagrams(any()).await.unwrap(), link.bind_datagrams(any()).await.unwrap());
    assert_eq!((ours.local().port(), theirs.local().port()), (FIRST_PORT, FIRST_PORT + 1));
    let to = theirs.local();
    for n in 0..50_u8 {
        ours.try_send(&Bytes::from(vec![n]), to).unwrap();
    }
    for n in 0..50_u8 {
        let (octets, from) = theirs.receive(&mut Vec::new()).await.unwrap();
        assert_eq!((octets.as_ref(), from), (&[n][..], ours.local()));
    }
    drop(theirs);
    ours.try_send(&Bytes::from_static(b"lost"), to).unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let again = link.bind_datagrams(to).await.unwrap();
    let silence = tokio::time::timeout(Duration::from_secs(1), again.receive(&mut Vec::new())).await;
    assert!(silence.is_err());
}

#[tokio::test(start_paused = true)]
async fn addresses_are_refused_as_sockets_refuse_them() {
    let link = link(1);
    let listener = link.listen(any(), Protocol::Sip, None).await.unwrap();
    let error = link.listen(listener.local(), Protocol::Sip, None).await.unwrap_err();
    assert!(matches!(error, BindError::InUse { what: "TCP", address } if address == listener.local()));
    let foreign = "192.0.2.1:0".parse().unwrap();
    assert!(matches!(link.bind_datagrams(foreign).await.unwrap_err(), BindError::NotOurs { .. }));
    let free = listener.local();
    drop(listener);
    let client = Running::on(link, Ports::default());
    call(&client, free, Security::Plain);
    let input = client.until(|echo| echo.inputs.first().cloned()).await;
    assert!(matches!(input, Input::ConnectFailed { reason, .. } if reason.contains(&free.to_string())));
}

/// What becomes of a TLS connection to `to`.
async fn tls_attempt(link: &Link, trust: Trust, to: SocketAddr, fingerprint: Option<&str>) -> Input {
    let ports = Ports { client_tls: Some(ClientTls::new(trust).unwrap()), ..Ports::default() };
    let client = Running::on(link.clone(), ports);
    let fingerprint = fingerprint.map(str::to_owned);
    call(&client, to, Security::Tls { server_name: "127.0.0.1".to_owned(), fingerprint });
    client.until(|echo| echo.inputs.first().cloned()).await
}

#[tokio::test(start_paused = true)]
async fn declared_identities_are_believed_by_the_rules_of_real_ones() {
    let link = link(1);
    let names = ["127.0.0.1".to_owned()];
    let identity = link.identity(&names).unwrap();
    assert_eq!(identity.fingerprint(), link.identity(&names).unwrap().fingerprint());
    assert_eq!(identity.fingerprint().len(), "SHA-256 ".len() + 32 * 3 - 1);
    let (server, to) = house(&link, Some(&identity)).await;
    let lower = identity.fingerprint().to_lowercase();
    for (trust, fingerprint) in [(Trust::Nobody, Some(lower.as_str())), (Trust::Anybody, None)] {
        let good = tls_attempt(&link, trust, to, fingerprint).await;
        assert!(matches!(good, Input::Connected { secured: true, .. }), "{good:?}");
    }
    server.until(|echo| (echo.inputs.len() >= 2).then_some(())).await;
    assert!(matches!(server.echo.lock().unwrap().inputs[0], Input::Connected { secured: true, .. }));
    let before = server.echo.lock().unwrap().inputs.len();

    let other = link.identity(&["other".to_owned()]).unwrap();
    assert!(matches!(tls_attempt(&link, Trust::Nobody, to, None).await, Input::ConnectFailed { .. }));
    for wrong in [other.fingerprint(), "SHA-1 AA:BB", "nonsense"] {
        let failed = tls_attempt(&link, Trust::Anybody, to, Some(wrong)).await;
        assert!(matches!(failed, Input::ConnectFailed { .. }), "{wrong}: {failed:?}");
    }
    let (plain, clear) = house(&link, None).await;
    assert!(matches!(tls_attempt(&link, Trust::Anybody, clear, None).await, Input::ConnectFailed { .. }));
    assert!(plain.echo.lock().unwrap().inputs.is_empty());

    // In clear text to who wants TLS: connected, then closed; the machine there never hears of it.
    let client = Running::on(link.clone(), Ports::default());
    call(&client, to, Security::Plain);
    client.until(|echo| echo.inputs.contains(&Input::Closed { connection: OURS }).then_some(())).await;
    let inputs = server.echo.lock().unwrap().inputs.clone();
    let connected = |input: &&Input| matches!(input, Input::Connected { .. });
    assert_eq!(inputs.iter().filter(connected).count(), 2, "{before}: {inputs:?}");
}

#[tokio::test(start_paused = true)]
async fn last_words_arrive_before_the_end() {
    let link = link(9);
    let (server, to) = house(&link, None).await;
    let client = Running::on(link, Ports::default());
    call(&client, to, Security::Plain);
    let farewell = Bytes::from(vec![b'f'; 300_000]);
    client.tell(|echo| {
        echo.outputs.push_back(Output::Write { connection: OURS, octets: farewell.clone() });
        echo.outputs.push_back(Output::Close { connection: OURS });
    });
    server.tell(|echo| echo.silent = true);
    let closed = Input::Closed { connection: Connection::accepted(0) };
    let inputs = server.until(|echo| (echo.inputs.last() == Some(&closed)).then(|| echo.inputs.clone())).await;
    assert_eq!(octets_of(&inputs).concat(), farewell);
}

#[tokio::test(start_paused = true)]
async fn the_longest_timers_of_the_protocols_cost_nothing() {
    let clock = Clock::start();
    let (server, _) = house(&link(1), None).await;
    server.tell(|echo| echo.alarm = Some(Duration::from_secs(540)));
    let mut stirred = server.driver.stirred();
    while !server.echo.lock().unwrap().rung {
        stirred.changed().await.unwrap();
    }
    assert_eq!(clock.now().as_secs(), 540);
}
