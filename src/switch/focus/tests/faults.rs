//! Every fault of this half shows on the wire.

use std::time::Duration;

use super::*;
use crate::switch::fault::Fault;
use crate::wire::auth::{Algorithm, DigestInput, DigestParams};

/// Faults of the focus that only MSRP traffic shows: `whole` looks at them.
pub(super) const SHOWN_BY_MSRP: [Fault; 11] = [
    Fault::AnonymousRealUriKept,
    Fault::AnonymousFromUnknown,
    Fault::AnonymousUriUnknown,
    Fault::ChatroomCannotReturn,
    Fault::ChatroomUpdateIgnored,
    Fault::LeaverKeptInRoom,
    Fault::DeletedRoomKeepsSessions,
    Fault::NicknamesNotShown,
    Fault::NicknameAsElement,
    Fault::NicknameChangeNotShown,
    Fault::NicknameRemovalNotShown,
];

/// The first and the last fault of the focus in the order of the enum.
const OURS: (Fault, Fault) = (Fault::CpimCaseSensitive, Fault::RosterVersionRepeated);

struct Script {
    bench: Bench,
    seen: String,
}

impl Script {
    fn tell(&mut self, from: &str, text: &str) -> Option<SipMessage> {
        let sent = self.bench.send(from, text);
        self.take(sent)
    }

    fn wait(&mut self) {
        let sent = self.bench.pass(Duration::from_millis(800));
        self.take(sent);
    }

    /// Notes what was sent, answers requests, acknowledges 2xx to INVITE; gives the last response.
    fn take(&mut self, sent: Vec<Sent>) -> Option<SipMessage> {
        let mut last = None;
        let mut queue = sent;
        while !queue.is_empty() {
            let next = queue.remove(0);
            self.seen += &format!("{:?} {}\n", next.to, String::from_utf8_lossy(&next.message.octets()));
            if next.message.method().is_some() {
                let to = next.to.map_or_else(|| BOB.to_owned(), |to| to.to_string());
                queue.extend(self.bench.answer(&to, &next.message, 200));
            } else {
                last = Some(next.message);
            }
        }
        last
    }

    fn join(&mut self, room: &str, who: &str, from: &str, more: &str) -> Option<SipMessage> {
        let response = self.tell(from, &invite(room, who, 1, more))?;
        if response.status() == Some(200) {
            self.tell(from, &within(&response, "ACK", who, 1, "", ""));
        }
        Some(response)
    }
}

/// A bit of everything; the seed is the same, so two runs differ only by what the switch decides.
fn run(faults: FaultSet) -> String {
    let bench = Bench::with(SwitchConfig::bundled(), faults, |settings| {
        settings.msrp_tls = Some(address("127.0.0.1:2856"));
        settings.tls_fingerprint = Some("SHA-256 AA:BB".to_owned());
    });
    let mut script = Script { bench, seen: String::new() };
    let sdp = "Content-Type: application/sdp\n";
    let watch = "Event: conference\nCall-ID: watch\nFrom: <sip:eve@example.com>;tag=eve\n";
    let alice = script.join("room", "alice", ALICE, "").unwrap();
    script.tell(BOB, &request("SUBSCRIBE", "sip:room@127.0.0.1:5060", "bob", 1, watch, ""));
    script.wait();
    let second = script.join("room", "alice", ALICE, "Call-ID: second\nContact: <sip:alice@127.0.0.1:5080>\n");
    script.wait();
    let carol = script.join("room", "carol", ALICE, "Privacy: id\n");
    script.join("room", "dave", ALICE, "From: <sip:anonymous@anonymous.invalid>;tag=dave\n");
    script.wait();
    script.tell(ALICE, &within(&alice, "OPTIONS", "alice", 2, "", ""));
    let again = within(&alice, "INVITE", "alice", 3, sdp, &OFFER.replace("nickname ", ""));
    if script.tell(ALICE, &again).is_some_and(|response| response.status() == Some(200)) {
        script.tell(ALICE, &within(&alice, "ACK", "alice", 3, "", ""));
    }
    for (n, (room, offer)) in [
        ("room", OFFER.replace("message/cpim text/plain", "text/plain")),
        ("room", OFFER.replace("message/cpim", "Message/CPIM")),
        ("room", OFFER.replace("m=message 7654 TCP/MSRP *", "m=audio 7654 RTP/AVP 0")),
        ("room", OFFER.replace("m=message", "m=video 7000 RTP/AVP 31\nm=message")),
        ("room", OFFER.replace("a=chatroom:nickname private-messages\n", "a=chatroom\n")),
        ("room", OFFER.replace("a=chatroom:nickname private-messages\n", "")),
        ("room", OFFER.replace("private-messages", "com.example.chat.foo")),
        ("nonick", OFFER.to_owned()),
        ("textonly", OFFER.to_owned()),
        ("secret", OFFER.to_owned()),
        ("secret", OFFER.replace("TCP/MSRP", "TCP/TLS/MSRP").replace("msrp:", "msrps:")),
        ("nowhere", OFFER.to_owned()),
        ("room", String::new()),
    ]
    .into_iter()
    .enumerate()
    {
        let more = format!("{}Call-ID: offer-{n}\n", if offer.is_empty() { "" } else { sdp });
        script.tell(ALICE, &request("INVITE", &format!("sip:{room}@127.0.0.1:5060"), "erin", 1, &more, &offer));
    }
    script.join("single", "alice", ALICE, "Call-ID: single-1\n");
    script.join("single", "alice", ALICE, "Call-ID: single-2\n");
    credentials(&mut script);
    let slow = invite("slow", "alice", 1, "Call-ID: slow\n");
    script.tell(ALICE, &slow);
    script.tell(ALICE, &slow.replace("INVITE", "CANCEL"));
    script.wait();
    let creator = script.join("temp", "alice", ALICE, "Call-ID: temp-1\n").unwrap();
    script.join("temp", "bob", BOB, "Call-ID: temp-2\n");
    script.tell(ALICE, &within(&creator, "BYE", "alice", 2, "", ""));
    for dialog in [second, carol, Some(alice)].into_iter().flatten() {
        script.tell(ALICE, &within(&dialog, "BYE", "alice", 9, "", ""));
        script.wait();
    }
    script.join("room", "alice", ALICE, "Call-ID: returned\n");
    script.wait();
    script.seen
}

/// Joins the digest room with the right password, a wrong one, and as somebody unknown.
fn credentials(script: &mut Script) {
    let users = [("alice", "alice-secret"), ("bob", "bob-secret"), ("alice", "wrong"), ("mallory", "mallory-secret")];
    for (n, (username, password)) in users.into_iter().enumerate() {
        let call = format!("Call-ID: auth-{n}\n");
        let Some(challenge) = script.tell(ALICE, &invite("auth", username, 1, &call)) else { continue };
        let params = challenge.headers.get("WWW-Authenticate").and_then(|header| DigestParams::parse(&header.text()));
        let nonce = params.as_ref().and_then(|params| params.get("nonce")).unwrap_or("none").to_owned();
        let uri = "sip:auth@127.0.0.1:5060";
        let input = DigestInput {
            algorithm: Algorithm::Sha256,
            username,
            realm: "auth",
            password,
            method: "INVITE",
            uri,
            nonce: &nonce,
            qop: Some(("00000001", "c")),
        };
        let response = input.response();
        let more = format!(
            "{call}Authorization: Digest username=\"{username}\", realm=\"auth\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{response}\", algorithm=SHA-256, cnonce=\"c\", qop=auth, nc=00000001\n"
        );
        script.tell(ALICE, &invite("auth", username, 2, &more));
    }
}

#[test]
fn each_fault_changes_what_peers_see() {
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
