//! Broken servers: whatever the implementation under test does, a run ends by itself, with a report and one sentence.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// Far more than any of these runs may take.
const AT_MOST: Duration = Duration::from_secs(120);

/// What a run left behind.
struct Outcome {
    status: Option<i32>,
    shown: String,
    report: Value,
}

impl Outcome {
    fn sentence(&self) -> &str {
        self.report["ended_early"].as_str().unwrap_or_default()
    }

    /// The number of cases that were started.
    fn ran(&self) -> u64 {
        ["pass", "advisory", "fail", "inconclusive", "error"]
            .iter()
            .map(|verdict| self.report["summary"][verdict].as_u64().unwrap())
            .sum()
    }
}

struct Running {
    child: Child,
    report: PathBuf,
}

/// Starts the whole suite against a target, with short timers.
fn start(name: &str, address: SocketAddr, transport: &str) -> Running {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (profile, report) = (folder.join(format!("{name}.yaml")), folder.join(format!("{name}.json")));
    let text =
        format!("name: {name}\nroom: sip:room@{address};transport={transport}\ntimers: {{ response: 1, roster: 1 }}\n");
    std::fs::write(&profile, text).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_msrpspec"))
        .args(["run", "--seed", "7", "--iut"])
        .arg(profile)
        .args(["--report", "terminal", "--report"])
        .arg(format!("json={}", report.display()))
        .env("NO_COLOR", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    Running { child, report }
}

impl Running {
    fn end(self) -> Outcome {
        let Self { mut child, report } = self;
        let (send, over) = mpsc::channel::<()>();
        let id = child.id();
        // Only a run that hangs is ended, so that the test fails instead of hanging with it.
        let guard = thread::spawn(move || {
            if over.recv_timeout(AT_MOST) == Err(mpsc::RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let errors = thread::spawn(move || {
            let mut text = String::new();
            errors.read_to_string(&mut text).map(|_| text)
        });
        let mut shown = String::new();
        child.stdout.take().unwrap().read_to_string(&mut shown).unwrap();
        shown += &errors.join().unwrap().unwrap();
        let status = child.wait().unwrap().code();
        let _ = send.send(());
        guard.join().unwrap();
        assert!(status.is_some(), "the run did not end by itself:\n{shown}");
        let text = std::fs::read_to_string(&report).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{shown}\n{text}"));
        let schema = serde_json::from_str(msrpspec::report::json::SCHEMA).unwrap();
        let schema = jsonschema::validator_for(&schema).unwrap();
        if let Err(error) = schema.validate(&report) {
            panic!("the report is not as its schema says: {error}");
        }
        for word in ["panicked", "RUST_BACKTRACE", "unwrap()"] {
            assert!(!shown.contains(word), "{shown}");
        }
        Outcome { status, shown, report }
    }
}

fn run(name: &str, address: SocketAddr, transport: &str) -> Outcome {
    start(name, address, transport).end()
}

/// One that nobody answers: no case is started, and it is said in one sentence that begins and goes on like this.
fn nobody(outcome: &Outcome, sentence: &str) {
    assert_eq!(outcome.status, Some(3), "{}", outcome.shown);
    assert_eq!(outcome.ran(), 0);
    assert!(outcome.sentence().contains(sentence), "'{}' in '{}'", sentence, outcome.sentence());
    assert!(outcome.shown.contains(sentence), "{}", outcome.shown);
    assert!(outcome.sentence().contains("cases were not started"), "{}", outcome.sentence());
}

/// One that answers, but lets nobody into the room: the run is given up, and says why.
fn given_up(outcome: &Outcome, sentence: &str) {
    assert!(matches!(outcome.status, Some(1 | 3)), "{:?}\n{}", outcome.status, outcome.shown);
    assert!(outcome.ran() > 0, "{}", outcome.shown);
    assert!(outcome.sentence().contains(sentence), "'{}' in '{}'", sentence, outcome.sentence());
    assert!(outcome.shown.contains(sentence), "{}", outcome.shown);
}

/// A SIP server over UDP; what it returns is sent back.
fn udp(answer: impl Fn(&str) -> Vec<Vec<u8>> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 65536];
        while let Ok((count, from)) = socket.recv_from(&mut buffer) {
            for octets in answer(&String::from_utf8_lossy(&buffer[..count])) {
                let _ = socket.send_to(&octets, from);
            }
        }
    });
    address
}

/// A server over TCP that does this with each connection.
fn tcp(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// A SIP server over TCP; what it returns is sent back.
fn sip_tcp(answer: impl Fn(&str) -> Vec<Vec<u8>> + Clone + Send + 'static) -> SocketAddr {
    tcp(move |mut stream| {
        let mut octets = Vec::new();
        let mut buffer = [0; 65536];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            octets.extend_from_slice(&buffer[..count]);
            while let Some(head) = octets.windows(4).position(|four| four == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&octets[..head]).into_owned();
                let body = header(&text, "Content-Length").and_then(|it| it.parse::<usize>().ok()).unwrap_or(0);
                if octets.len() < head + 4 + body {
                    break;
                }
                octets.drain(..head + 4 + body);
                for response in answer(&text) {
                    let _ = stream.write_all(&response);
                }
            }
        }
    })
}

fn header<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    message.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

fn response(request: &str, status: &str, sdp: &str) -> Vec<u8> {
    let mut out = format!("SIP/2.0 {status}\r\n");
    for name in ["Via", "From", "Call-ID", "CSeq"] {
        out += &format!("{name}: {}\r\n", header(request, name).unwrap_or_default());
    }
    let to = header(request, "To").unwrap_or_default();
    let tag = if to.contains(";tag=") { "" } else { ";tag=broken" };
    let uri = request.split(' ').nth(1).unwrap_or_default();
    out += &format!("To: {to}{tag}\r\nContact: <{uri}>;isfocus\r\n");
    if !sdp.is_empty() {
        out += "Content-Type: application/sdp\r\n";
    }
    out += &format!("Content-Length: {}\r\n\r\n{sdp}", sdp.len());
    out.into_bytes()
}

/// 200 to everything, and to INVITE with this SDP.
fn accepting(request: &str, sdp: &str) -> Vec<Vec<u8>> {
    match request.split(' ').next() {
        Some("ACK") => Vec::new(),
        Some("INVITE") => vec![response(request, "200 OK", sdp)],
        _ => vec![response(request, "200 OK", "")],
    }
}

fn sdp(msrp: SocketAddr, more: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=message {port} TCP/MSRP *\r\n\
         a=path:msrp://127.0.0.1:{port}/brokenbrokenbroken;tcp\r\na=accept-types:message/cpim\r\n\
         a=accept-wrapped-types:*\r\na=setup:passive\r\na=chatroom:nickname private-messages\r\n{more}",
        port = msrp.port()
    )
}

/// An address at which nobody listens.
fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Reads until the other end closes, and answers nothing.
fn read_only(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    while matches!(stream.read(&mut buffer), Ok(1..)) {}
}

fn close_after_first_octets(mut stream: TcpStream) {
    let _ = stream.read(&mut [0; 16]);
}

/// Answers the first MSRP request of a connection with 200 and no other.
fn first_word_only(mut stream: TcpStream) {
    let mut request = String::new();
    let mut buffer = [0; 4096];
    while !request.contains("$\r\n") {
        let Ok(count @ 1..) = stream.read(&mut buffer) else { return };
        request += &String::from_utf8_lossy(&buffer[..count]);
    }
    let transaction = request.split(' ').nth(1).unwrap_or_default();
    let (to, from) =
        (header(&request, "From-Path").unwrap_or_default(), header(&request, "To-Path").unwrap_or_default());
    let answer =
        format!("MSRP {transaction} 200 OK\r\nTo-Path: {to}\r\nFrom-Path: {from}\r\n-------{transaction}$\r\n");
    let _ = stream.write_all(answer.as_bytes());
    read_only(stream);
}

#[test]
fn lets_everybody_join_and_says_nothing_more() {
    let deaf = tcp(first_word_only);
    let outcome = run("deaf", udp(move |request| accepting(request, &sdp(deaf, ""))), "udp");
    given_up(&outcome, "the room has stopped answering: a visitor can still join, but no SEND is answered within 1 s");
}

#[test]
fn nobody_listens() {
    nobody(&run("nobody-udp", closed(), "udp"), "nobody answers at udp 127.0.0.1:");
    let outcome = run("nobody-tcp", closed(), "tcp");
    nobody(&outcome, "nobody answers at tcp 127.0.0.1:");
    assert!(outcome.sentence().contains("is the switch running?"), "{}", outcome.sentence());
}

#[test]
fn accepts_or_receives_and_says_nothing() {
    nobody(&run("silent-udp", udp(|_| Vec::new()), "udp"), "no response to INVITE within 1 s");
    nobody(&run("silent-tcp", tcp(read_only), "tcp"), "no response to INVITE within 1 s");
}

#[test]
fn closes_each_connection_after_the_first_octets() {
    nobody(&run("closing-tcp", tcp(close_after_first_octets), "tcp"), "closes the connection without an answer");
}

#[test]
fn answers_everything_with_500() {
    fn broken(request: &str) -> Vec<Vec<u8>> {
        if request.starts_with("ACK") { Vec::new() } else { vec![response(request, "500 Broken", "")] }
    }
    given_up(&run("500-udp", udp(broken), "udp"), "is answered with 500");
    given_up(&run("500-tcp", sip_tcp(broken), "tcp"), "is answered with 500");
}

#[test]
fn answers_with_garbage() {
    let garbage = |_: &str| vec![vec![0xff, 0x00, b'\r', b'\n', 0x80], b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()];
    nobody(&run("garbage-udp", udp(garbage), "udp"), "does not speak SIP");
    nobody(&run("garbage-tcp", sip_tcp(garbage), "tcp"), "does not speak SIP");
}

#[test]
fn answers_only_what_nobody_asked() {
    let other = |request: &str| {
        let changed = request.replace("z9hG4bK", "z9hG4bKother").replace("Call-ID: ", "Call-ID: other");
        vec![response(&changed, "200 OK", "")]
    };
    given_up(&run("stranger-udp", udp(other), "udp"), "answers no request of ours");
}

#[test]
fn accepts_the_call_but_msrp_is_silent_or_closed() {
    let silent = tcp(read_only);
    let outcome = run("msrp-silent", udp(move |request| accepting(request, &sdp(silent, ""))), "udp");
    given_up(&outcome, "the first SEND is not answered within 1 s");
    let nobody = closed();
    let outcome = run("msrp-closed", udp(move |request| accepting(request, &sdp(nobody, ""))), "udp");
    given_up(&outcome, "MSRP cannot connect to");
    let closing = tcp(close_after_first_octets);
    let outcome = run("msrp-closing", sip_tcp(move |request| accepting(request, &sdp(closing, ""))), "tcp");
    given_up(&outcome, "the MSRP connection is closed at once");
}

#[test]
fn accepts_the_call_but_msrp_is_garbage_or_endless() {
    let garbage = tcp(|mut stream| {
        let _ = stream.write_all(b"\xff\xfe\x00 this is not MSRP\r\n\r\n\r\n");
        read_only(stream);
    });
    given_up(
        &run("msrp-garbage", udp(move |request| accepting(request, &sdp(garbage, ""))), "udp"),
        "is accepted, but",
    );
    let endless = tcp(|mut stream| while stream.write_all(&[b'x'; 4096]).is_ok() {});
    given_up(
        &run("msrp-endless", udp(move |request| accepting(request, &sdp(endless, ""))), "udp"),
        "is accepted, but",
    );
}

#[test]
fn accepts_the_call_with_a_hostile_description() {
    let silent = tcp(read_only);
    let long = format!("a=x:{}\r\n", "y".repeat(64 * 1024));
    let outcome = run("sdp-long", sip_tcp(move |request| accepting(request, &sdp(silent, &long))), "tcp");
    given_up(&outcome, "is accepted, but");
    let many = "a=z\r\n".repeat(10_000);
    let outcome = run("sdp-many", sip_tcp(move |request| accepting(request, &sdp(silent, &many))), "tcp");
    given_up(&outcome, "is accepted, but");
    let outcome = run("sdp-none", udp(|request| accepting(request, "")), "udp");
    given_up(&outcome, "its SDP has no MSRP stream");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_goodbye_and_reports() {
    let silent = tcp(read_only);
    let (send, requests) = mpsc::channel();
    let server = udp(move |request| {
        let _ = send.send(request.split(' ').next().unwrap_or_default().to_owned());
        accepting(request, &sdp(silent, ""))
    });
    let running = start("interrupted", server, "udp");
    let next = || requests.recv_timeout(AT_MOST).unwrap();
    while next() != "ACK" {}
    let status = Command::new("kill").args(["-INT", &running.child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let outcome = running.end();
    assert_eq!(outcome.status, Some(3), "{}", outcome.shown);
    assert!(outcome.sentence().starts_with("interrupted"), "{}", outcome.sentence());
    assert!(requests.try_iter().any(|method| method == "BYE"));
}
