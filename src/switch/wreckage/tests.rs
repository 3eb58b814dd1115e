use super::*;
use crate::switch::config::SwitchConfig;
use crate::switch::fault::FaultSet;
use crate::switch::focus::settings::SwitchSettings;
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

const FROM: &str = "127.0.0.1:5060";
const SECOND: Moment = Moment::from_secs(1);

fn wrecked(wreckage: Wreckage) -> Wrecked {
    let address = |port: u16| std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let settings = SwitchSettings::new(address(5070), address(5070), address(2855));
    let rng = ChaCha12Rng::seed_from_u64(1);
    Wrecked::new(Switch::new(SwitchConfig::bundled(), settings, FaultSet::none(), rng), Some(wreckage))
}

fn options() -> Input {
    let text = "OPTIONS sip:room@127.0.0.1:5070 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1\r\n\
        Max-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:room@127.0.0.1:5070>\r\nCall-ID: 1\r\n\
        CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n";
    Input::Datagram { from: FROM.parse().unwrap(), octets: Bytes::from_static(text.as_bytes()) }
}

fn connected(machine: &mut Wrecked, protocol: Protocol) -> Connection {
    let connection = Connection::accepted(1);
    let (local, remote) = ("127.0.0.1:2855".parse().unwrap(), FROM.parse().unwrap());
    machine.handle_input(SECOND, Input::Connected { connection, protocol, local, remote, secured: false });
    connection
}

fn said(machine: &mut Wrecked) -> Vec<Output> {
    std::iter::from_fn(|| machine.poll_output()).collect()
}

#[test]
fn the_null_server_says_nothing() {
    let mut machine = wrecked(Wreckage::Null);
    machine.handle_input(SECOND, options());
    connected(&mut machine, Protocol::Msrp);
    assert_eq!(said(&mut machine), []);
}

#[test]
fn the_echo_says_what_it_hears() {
    let mut machine = wrecked(Wreckage::Echo);
    let Input::Datagram { from, octets } = options() else { unreachable!() };
    machine.handle_input(SECOND, options());
    assert_eq!(said(&mut machine), [Output::Datagram { to: from, octets }]);
}

#[test]
fn the_slow_one_answers_late_but_answers() {
    let mut machine = wrecked(Wreckage::Slow);
    machine.handle_input(SECOND, options());
    assert_eq!(said(&mut machine), []);
    assert_eq!(machine.poll_timeout(), Some(SECOND + LATE));
    machine.handle_timeout(SECOND + LATE);
    let said = said(&mut machine);
    assert!(matches!(&said[..], [Output::Datagram { octets, .. }] if octets.starts_with(b"SIP/2.0 200 ")), "{said:?}");
}

#[test]
fn an_msrp_connection_is_closed_at_once() {
    let mut machine = wrecked(Wreckage::CloseAfterInvite);
    let connection = connected(&mut machine, Protocol::Msrp);
    assert_eq!(said(&mut machine), [Output::Close { connection }]);
}

#[test]
fn who_is_silent_after_the_join_hears_no_options() {
    let mut machine = wrecked(Wreckage::SilentAfterJoin);
    machine.handle_input(SECOND, options());
    assert_eq!(said(&mut machine), []);
}

#[test]
fn the_flood_goes_on_and_is_no_faster_than_the_network() {
    let mut machine = wrecked(Wreckage::Flood);
    let connection = connected(&mut machine, Protocol::Msrp);
    let hello = b"MSRP 1234 SEND\r\nTo-Path: msrp://127.0.0.1:2855/s;tcp\r\nFrom-Path: msrp://127.0.0.1:9/a;tcp\r\n\
        Message-ID: 1\r\nByte-Range: 1-0/0\r\n-------1234$\r\n";
    machine.handle_input(SECOND, Input::Octets { connection, octets: Bytes::from_static(hello) });
    let first = said(&mut machine);
    let [Output::Write { octets, .. }, ..] = &first[..] else { panic!("{first:?}") };
    let text = std::str::from_utf8(octets).unwrap();
    let start = "MSRP flood00000001 SEND\r\nTo-Path: msrp://127.0.0.1:9/a;tcp\r\n\
        From-Path: msrp://127.0.0.1:2855/s;tcp\r\n";
    assert!(text.starts_with(start), "{text}");
    let mut written = 0;
    for burst in 1..2000_u32 {
        machine.handle_timeout(SECOND + flood_pace() * burst);
        let burst: usize = said(&mut machine)
            .iter()
            .map(|output| match output {
                Output::Write { octets, .. } => octets.len(),
                _ => 0,
            })
            .sum();
        written += burst;
    }
    assert!((60_000..70_000).contains(&written), "nothing is taken: {written}");
    machine.handle_input(SECOND * 60, Input::Taken { connection, count: 10_000 });
    assert!(!said(&mut machine).is_empty());
}

fn flood_pace() -> Duration {
    Duration::from_millis(20)
}
