//! Digest authentication and privacy.

use std::time::Duration;

use super::*;
use crate::wire::auth::{Algorithm, DigestInput, DigestParams};
use crate::wire::conference_info::ConferenceInfo;

const AUTH: &str = "sip:auth@127.0.0.1:5060";

struct Attempt<'a> {
    challenge: &'a DigestParams,
    username: &'a str,
    password: &'a str,
    nc: &'a str,
    uri: &'a str,
}

fn authorization(attempt: &Attempt) -> String {
    let get = |name| attempt.challenge.get(name).unwrap();
    let algorithm = if get("algorithm") == "MD5" { Algorithm::Md5 } else { Algorithm::Sha256 };
    let response = DigestInput {
        algorithm,
        username: attempt.username,
        realm: get("realm"),
        password: attempt.password,
        method: "INVITE",
        uri: attempt.uri,
        nonce: get("nonce"),
        qop: Some((attempt.nc, "0a4f113b")),
    }
    .response();
    format!(
        "Authorization: Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{}\", response=\"{response}\", \
         algorithm={}, cnonce=\"0a4f113b\", qop=auth, nc={}\n",
        attempt.username,
        get("realm"),
        get("nonce"),
        attempt.uri,
        get("algorithm"),
        attempt.nc
    )
}

fn challenges(response: &SipMessage) -> Vec<DigestParams> {
    assert_eq!(response.status(), Some(401));
    response.headers.all("WWW-Authenticate").map(|header| DigestParams::parse(&header.text()).unwrap()).collect()
}

fn good(challenge: &DigestParams) -> Attempt<'_> {
    Attempt { challenge, username: "alice", password: "alice-secret", nc: "00000001", uri: AUTH }
}

#[test]
fn both_algorithms_open_the_door() {
    let mut bench = Bench::new();
    let offered = challenges(&bench.ask(ALICE, &invite("auth", "alice", 1, "")));
    let algorithms: Vec<_> = offered.iter().map(|challenge| challenge.get("algorithm").unwrap()).collect();
    assert_eq!(algorithms, ["SHA-256", "MD5"]);
    assert!(offered.iter().all(|challenge| challenge.get("qop") == Some("auth")));
    for challenge in &offered {
        let mut bench = Bench::new();
        // The same seed gives the same nonce.
        bench.ask(ALICE, &invite("auth", "alice", 1, ""));
        let text = invite("auth", "alice", 2, &authorization(&good(challenge)));
        assert_eq!(bench.status(ALICE, &text), 200, "{challenge:?}");
    }
}

#[test]
fn a_published_response_is_what_we_compute() {
    // RFC 2617, 3.5.
    let response = DigestInput {
        algorithm: Algorithm::Md5,
        username: "Mufasa",
        realm: "testrealm@host.com",
        password: "Circle Of Life",
        method: "GET",
        uri: "/dir/index.html",
        nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        qop: Some(("00000001", "0a4f113b")),
    };
    assert_eq!(response.response(), "6629fae49393a05397450978507c4ef1");
}

#[test]
fn wrong_credentials_are_challenged_again() {
    let mut bench = Bench::new();
    let challenge = challenges(&bench.ask(ALICE, &invite("auth", "alice", 1, ""))).remove(0);
    let wrong = [
        authorization(&Attempt { password: "wrong", ..good(&challenge) }),
        authorization(&Attempt { username: "mallory", ..good(&challenge) }),
        authorization(&Attempt { uri: "sip:other@127.0.0.1", ..good(&challenge) }),
        authorization(&Attempt { nc: "1", ..good(&challenge) }),
        authorization(&good(&challenge)).replace("qop=auth, ", ""),
    ];
    for (n, credentials) in wrong.iter().enumerate() {
        let cseq = 10 + u32::try_from(n).unwrap();
        let again = challenges(&bench.ask(ALICE, &invite("auth", "alice", cseq, credentials)));
        assert!(again[0].get("stale").is_none(), "{credentials}");
    }
    let text = invite("auth", "alice", 30, &authorization(&good(&challenge)));
    assert_eq!(bench.status(ALICE, &text), 200, "the first nonce is still good");
}

#[test]
fn an_old_nonce_or_a_used_count_is_stale() {
    let mut bench = Bench::new();
    let challenge = challenges(&bench.ask(ALICE, &invite("auth", "alice", 1, ""))).remove(0);
    let credentials = authorization(&good(&challenge));
    assert_eq!(bench.status(ALICE, &invite("auth", "alice", 2, &credentials)), 200);
    let replay = invite("auth", "alice", 3, &format!("{credentials}Call-ID: replay\n"));
    assert_eq!(challenges(&bench.ask(ALICE, &replay))[0].get("stale"), Some("true"));
    bench.pass(Duration::from_secs(301));
    let late = authorization(&Attempt { nc: "00000002", ..good(&challenge) });
    let late = invite("auth", "alice", 4, &format!("{late}Call-ID: late\n"));
    assert_eq!(challenges(&bench.ask(ALICE, &late))[0].get("stale"), Some("true"));
}

#[test]
fn the_from_has_to_be_the_user_of_the_credentials() {
    let mut bench = Bench::new();
    let challenge = challenges(&bench.ask(ALICE, &invite("auth", "alice", 1, ""))).remove(0);
    let borrowed = authorization(&Attempt { username: "bob", password: "bob-secret", ..good(&challenge) });
    assert_eq!(bench.status(ALICE, &invite("auth", "alice", 2, &borrowed)), 403);
}

fn roster(bench: &mut Bench, cseq: u32) -> ConferenceInfo {
    let more =
        format!("Event: conference\nExpires: 0\nCall-ID: fetch-{cseq}\nFrom: <sip:eve@example.com>;tag=e{cseq}\n");
    let sent = bench.send(BOB, &request("SUBSCRIBE", "sip:room@127.0.0.1:5060", "bob", cseq, &more, ""));
    let notify = sent.iter().find(|sent| sent.message.method() == Some("NOTIFY")).unwrap().message.clone();
    bench.answer(BOB, &notify, 200);
    ConferenceInfo::parse(&notify.body).unwrap().tree
}

#[test]
fn privacy_hides_the_address_and_the_name() {
    let mut bench = Bench::new();
    bench.join("room", "alice", ALICE, "Privacy: id;critical\n");
    let document = roster(&mut bench, 1);
    assert_eq!(document.users.len(), 1);
    let user = &document.users[0];
    assert!(user.entity.starts_with("sip:anonymous-") && user.entity.ends_with("@anonymous.invalid"), "{user:?}");
    assert!(!document.to_xml().contains("alice"), "{}", document.to_xml());
}

#[test]
fn two_anonymous_participants_are_two() {
    let mut bench = Bench::new();
    for (who, from) in [("alice", ALICE), ("bob", BOB)] {
        let more = format!("From: \"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=an-{who}\n");
        bench.join("room", who, from, &more);
    }
    let document = roster(&mut bench, 1);
    assert_eq!(document.user_count, Some(2));
    assert_ne!(document.users[0].entity, document.users[1].entity);
}

#[test]
fn a_pseudonym_of_ones_own_is_kept() {
    let mut bench = Bench::new();
    bench.join("room", "alice", ALICE, "From: <sip:x7f3q@anonymous.invalid>;tag=p\n");
    assert_eq!(roster(&mut bench, 1).users[0].entity, "sip:x7f3q@anonymous.invalid");
}

#[test]
fn two_devices_of_one_user_are_one_user() {
    let mut bench = Bench::new();
    bench.join("room", "alice", ALICE, "");
    bench.join("room", "alice", ALICE, "Call-ID: second\nContact: <sip:alice@127.0.0.1:5080>\n");
    let document = roster(&mut bench, 1);
    assert_eq!((document.users.len(), document.users[0].endpoints.len()), (1, 2));
}

fn identity(more: &str, username: Option<&str>) -> Result<crate::switch::focus::admission::Identity, u16> {
    let text = invite("room", "alice", 1, more);
    let message = SipMessage::parse_datagram(Bytes::from(text)).unwrap().tree;
    crate::switch::focus::admission::identify(&message, username, "127.0.0.1").map_err(|refusal| refusal.status)
}

fn uris(more: &str, username: Option<&str>) -> Vec<String> {
    identity(more, username).unwrap().uris.iter().map(ToString::to_string).collect()
}

#[test]
fn asserted_identities_are_further_names() {
    let asserted = "P-Asserted-Identity: \"Alice\" <sip:alice@home.example.net>, <tel:+358401234567>\n";
    assert_eq!(uris(asserted, None), ["sip:alice@example.com", "sip:alice@home.example.net", "tel:+358401234567"]);
    assert_eq!(uris(asserted, Some("alice")), ["sip:alice@example.com"], "digest has proved one of them only");
}

#[test]
fn an_anonymous_from_with_credentials_is_still_the_user() {
    let from = "From: <sip:anonymous@anonymous.invalid>;tag=a\n";
    let identity = identity(from, Some("alice")).unwrap();
    assert!(identity.private && identity.is_anonymous);
    assert_eq!(identity.known_as.unwrap().to_string(), "sip:alice@127.0.0.1");
    assert!(identity.uris.is_empty());
}

#[test]
fn privacy_none_asks_for_nothing() {
    assert!(!identity("Privacy: none\n", None).unwrap().private);
    assert!(identity("Privacy: user;critical\n", None).unwrap().private);
    assert_eq!(identity("From: <sip:bob@example.com>;tag=a\n", Some("alice")).map(|_| ()), Err(403));
}
