//! A machine that echoes, on real loopback sockets.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use super::*;
use crate::port::{Connection, Input, Machine, Moment, Output, Protocol, Security};
use crate::transcript::{Crossing, Transcript};

const LONG: Duration = Duration::from_secs(20);

/// Sends back what comes; closes a stream after `quit`; counts what was taken; can be told to stop reading.
#[derive(Default)]
pub(super) struct Echo {
    pub(super) inputs: Vec<Input>,
    pub(super) outputs: VecDeque<Output>,
    pub(super) taken: usize,
    pub(super) unread: Vec<Connection>,
    pub(super) silent: bool,
    pub(super) alarm: Option<Moment>,
    pub(super) rung: bool,
}

impl Machine for Echo {
    fn handle_input(&mut self, _now: Moment, input: Input) {
        match &input {
            Input::Datagram { from, octets } => {
                self.outputs.push_back(Output::Datagram { to: *from, octets: octets.clone() });
            }
            Input::Octets { connection, octets } if !self.silent => {
                self.outputs.push_back(Output::Write { connection: *connection, octets: octets.clone() });
                if octets.ends_with(b"quit") {
                    self.outputs.push_back(Output::Close { connection: *connection });
                }
            }
            Input::Taken { count, .. } => self.taken += count,
            _ => {}
        }
        self.inputs.push(input);
    }

    fn handle_timeout(&mut self, now: Moment) {
        if self.alarm.is_some_and(|alarm| alarm <= now) {
            self.alarm = None;
            self.rung = true;
        }
    }

    fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    fn poll_timeout(&self) -> Option<Moment> {
        self.alarm
    }

    fn unread(&self) -> &[Connection] {
        &self.unread
    }
}

pub(super) fn any() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

pub(super) struct Running {
    pub(super) echo: Arc<Mutex<Echo>>,
    pub(super) driver: Driver,
}

impl Running {
    fn start(ports: Ports) -> Self {
        Self::on(Link::Sockets, ports)
    }

    pub(super) fn on(link: Link, ports: Ports) -> Self {
        let echo = Arc::new(Mutex::new(Echo::default()));
        let driver = drive(echo.clone(), link, Clock::start(), ports);
        Self { echo, driver }
    }

    pub(super) fn tell(&self, command: impl FnOnce(&mut Echo)) {
        command(&mut self.echo.lock().unwrap());
        self.driver.wake();
    }

    pub(super) async fn until<T>(&self, mut wanted: impl FnMut(&Echo) -> Option<T>) -> T {
        let mut stirred = self.driver.stirred();
        let found = async {
            loop {
                stirred.mark_unchanged();
                if let Some(found) = wanted(&self.echo.lock().unwrap()) {
                    return found;
                }
                stirred.changed().await.unwrap();
            }
        };
        tokio::time::timeout(LONG, found).await.unwrap()
    }
}

async fn tls_house(identity: &TlsIdentity) -> (Running, SocketAddr) {
    let listener = Link::Sockets.listen(any(), Protocol::Msrp, Some(identity.server())).await.unwrap();
    let address = listener.local();
    (Running::start(Ports { listeners: vec![listener], ..Ports::default() }), address)
}

/// What becomes of a TLS connection to `to`.
async fn tls_attempt(trust: Trust, to: SocketAddr, fingerprint: Option<&str>) -> Input {
    let client = Running::start(Ports { client_tls: Some(ClientTls::new(trust).unwrap()), ..Ports::default() });
    let connection = Connection::opened(0);
    let security = Security::Tls { server_name: "127.0.0.1".to_owned(), fingerprint: fingerprint.map(str::to_owned) };
    client.tell(|echo| echo.outputs.push_back(Output::Connect { connection, protocol: Protocol::Msrp, to, security }));
    client.until(|echo| echo.inputs.first().cloned()).await
}

#[tokio::test]
async fn datagrams_and_streams_are_carried_and_recorded() {
    let link = Link::Sockets;
    let transcript = Arc::new(Mutex::new(Transcript::default()));
    let datagrams = link.bind_datagrams(any()).await.unwrap();
    let listener = link.listen(any(), Protocol::Msrp, None).await.unwrap();
    let (udp, tcp) = (datagrams.local(), listener.local());
    let running = Running::start(Ports {
        datagrams: Some(datagrams),
        listeners: vec![listener],
        recorder: Some(Recorder::new("Alice", transcript.clone()).bounded(15)),
        ..Ports::default()
    });

    let socket = UdpSocket::bind(any()).await.unwrap();
    socket.send_to(b"ping", udp).await.unwrap();
    let mut buffer = [0; 64];
    let (count, from) = socket.recv_from(&mut buffer).await.unwrap();
    assert_eq!((&buffer[..count], from), (&b"ping"[..], udp));

    let mut stream = TcpStream::connect(tcp).await.unwrap();
    stream.write_all(b"quit").await.unwrap();
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.unwrap();
    assert_eq!(all, b"quit");
    let connected = running.until(|echo| echo.inputs.iter().find(|i| matches!(i, Input::Connected { .. })).cloned());
    let connection = Connection::accepted(0);
    let (local, remote) = (tcp, stream.local_addr().unwrap());
    let wanted = Input::Connected { connection, protocol: Protocol::Msrp, local, remote, secured: false };
    assert_eq!(connected.await, wanted);

    let transcript = transcript.lock().unwrap().clone();
    let crossings: Vec<_> = transcript.events.iter().map(|event| (event.pco.0, event.crossing.clone())).collect();
    let octets = |text: &'static [u8]| Bytes::from_static(text);
    assert_eq!(
        crossings,
        [
            (0, Crossing::Received(octets(b"ping"))),
            (0, Crossing::Sent(octets(b"ping"))),
            (1, Crossing::Opened),
            (1, Crossing::Received(octets(b"quit"))),
            // 12 of 15 octets are taken: there is no room for four more.
            (1, Crossing::Omitted { sent: true, octets: 4 }),
            (1, Crossing::ClosedByTester),
        ]
    );
    assert_eq!(transcript.pcos[0].remote, Some(socket.local_addr().unwrap()));
    assert_eq!(transcript.pcos[1].participant, "Alice");
}

#[tokio::test]
async fn what_the_kernel_took_is_told_and_stopping_to_read_holds_the_sender() {
    let link = Link::Sockets;
    let listener = link.listen(any(), Protocol::Msrp, None).await.unwrap();
    let to = listener.local();
    let server = Running::start(Ports { listeners: vec![listener], ..Ports::default() });
    let client = Running::start(Ports::default());
    let connection = Connection::opened(3);
    client.tell(|echo| {
        let (protocol, security) = (Protocol::Msrp, Security::Plain);
        echo.outputs.push_back(Output::Connect { connection, protocol, to, security });
    });
    let accepted = Connection::accepted(0);
    server.until(|echo| (!echo.inputs.is_empty()).then_some(())).await;
    server.tell(|echo| {
        echo.unread = vec![accepted];
        echo.silent = true;
    });
    // More than the buffers of both ends can hold.
    let block = Bytes::from(vec![b'x'; 1024 * 1024]);
    let blocks = 64;
    client.tell(|echo| {
        for _ in 0..blocks {
            echo.outputs.push_back(Output::Write { connection, octets: block.clone() });
        }
    });
    client.until(|echo| (echo.taken > 0).then_some(())).await;
    assert!(client.echo.lock().unwrap().taken < blocks * block.len());
    server.tell(|echo| echo.unread.clear());
    let all = blocks * block.len();
    server
        .until(|echo| {
            let got: usize =
                echo.inputs.iter().map(|i| if let Input::Octets { octets, .. } = i { octets.len() } else { 0 }).sum();
            (got == all).then_some(())
        })
        .await;
    client.until(|echo| (echo.taken == all).then_some(())).await;
}

#[tokio::test]
async fn refused_connections_say_so() {
    let free = Link::Sockets.listen(any(), Protocol::Msrp, None).await.unwrap().local();
    let client = Running::start(Ports::default());
    let connection = Connection::opened(0);
    client.tell(|echo| {
        let (protocol, security) = (Protocol::Msrp, Security::Plain);
        echo.outputs.push_back(Output::Connect { connection, protocol, to: free, security });
    });
    let input = client.until(|echo| echo.inputs.first().cloned()).await;
    assert!(matches!(input, Input::ConnectFailed { reason, .. } if reason.contains(&free.to_string())));
}

#[tokio::test]
async fn a_fingerprint_lets_in_the_right_certificate_only() {
    let ours = TlsIdentity::self_signed(&["127.0.0.1".to_owned()]).unwrap();
    let other = TlsIdentity::self_signed(&["127.0.0.1".to_owned()]).unwrap();
    assert_eq!(ours.fingerprint().len(), "SHA-256 ".len() + 32 * 3 - 1);
    let (server, address) = tls_house(&ours).await;
    let good = tls_attempt(Trust::Nobody, address, Some(ours.fingerprint())).await;
    assert!(matches!(good, Input::Connected { secured: true, .. }), "{good:?}");
    let lower = ours.fingerprint().to_lowercase();
    assert!(matches!(tls_attempt(Trust::Nobody, address, Some(&lower)).await, Input::Connected { .. }));
    // Neither the wrong fingerprint nor an unknown hash is healed by trusting anybody.
    for wrong in [other.fingerprint(), "SHA-1 AA:BB", "nonsense"] {
        let failed = tls_attempt(Trust::Anybody, address, Some(wrong)).await;
        assert!(matches!(failed, Input::ConnectFailed { .. }), "{wrong}: {failed:?}");
    }
    drop(server);
}

#[tokio::test]
async fn an_authority_or_nobody_or_anybody_is_trusted_as_told() {
    let folder = std::env::temp_dir().join(format!("msrpspec-tls-{}", fresh_seed()));
    std::fs::create_dir(&folder).unwrap();
    let identity = TlsIdentity::self_signed(&["127.0.0.1".to_owned()]).unwrap();
    let ca = folder.join("ca.pem");
    std::fs::write(&ca, identity.certificate_pem()).unwrap();
    let (_server, address) = tls_house(&identity).await;
    assert!(matches!(tls_attempt(Trust::Authority(ca), address, None).await, Input::Connected { .. }));
    assert!(matches!(tls_attempt(Trust::Anybody, address, None).await, Input::Connected { .. }));
    assert!(matches!(tls_attempt(Trust::Nobody, address, None).await, Input::ConnectFailed { .. }));
    let other = TlsIdentity::self_signed(&["127.0.0.1".to_owned()]).unwrap();
    let strange = folder.join("other.pem");
    std::fs::write(&strange, other.certificate_pem()).unwrap();
    assert!(matches!(tls_attempt(Trust::Authority(strange), address, None).await, Input::ConnectFailed { .. }));
    let empty = folder.join("empty.pem");
    std::fs::write(&empty, "").unwrap();
    let error = ClientTls::new(Trust::Authority(empty.clone())).unwrap_err().to_string();
    assert!(error.contains("empty.pem"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let link = Link::Sockets;
    let listener = link.listen(any(), Protocol::Sip, None).await.unwrap();
    let error = link.listen(listener.local(), Protocol::Sip, None).await.unwrap_err();
    assert!(matches!(error, BindError::InUse { what: "TCP", address } if address == listener.local()));
    assert!(error.to_string().contains(&listener.local().to_string()));
    let datagrams = link.bind_datagrams(any()).await.unwrap();
    let error = link.bind_datagrams(datagrams.local()).await.unwrap_err();
    assert!(matches!(error, BindError::InUse { what: "UDP", .. }));
    let foreign = "192.0.2.1:0".parse().unwrap();
    assert!(matches!(link.bind_datagrams(foreign).await.unwrap_err(), BindError::NotOurs { .. }));
}

#[tokio::test(start_paused = true)]
async fn timers_fire_in_virtual_time() {
    let running = Running::start(Ports::default());
    running.tell(|echo| echo.alarm = Some(Duration::from_secs(3600)));
    let waited = async {
        let mut stirred = running.driver.stirred();
        while !running.echo.lock().unwrap().rung {
            stirred.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(3700), waited).await.unwrap();
}

#[tokio::test]
async fn a_stopped_driver_lets_last_words_leave_and_a_dropped_one_lets_go_of_its_sockets() {
    let link = Link::Sockets;
    let listener = link.listen(any(), Protocol::Msrp, None).await.unwrap();
    let address = listener.local();
    let running = Running::start(Ports { listeners: vec![listener], ..Ports::default() });
    let mut stream = TcpStream::connect(address).await.unwrap();
    running.until(|echo| (!echo.inputs.is_empty()).then_some(())).await;
    let connection = Connection::accepted(0);
    let farewell = Bytes::from(vec![b'f'; 300_000]);
    let octets = farewell.clone();
    running.echo.lock().unwrap().outputs.push_back(Output::Write { connection, octets });
    let mut all = Vec::new();
    let (_, read) = tokio::join!(running.driver.stop(LONG), stream.read_to_end(&mut all));
    read.unwrap();
    assert_eq!(all, farewell);
    assert!(link.listen(address, Protocol::Msrp, None).await.is_ok());
}
