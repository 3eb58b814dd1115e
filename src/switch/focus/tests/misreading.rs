//! What faulty focuses misread, refuse or let in (RFC 3261, 7, 8.2 and 22): each beside the right one.

use super::*;
use crate::switch::fault::Fault;

const ROOM: &str = "sip:room@127.0.0.1:5060";

fn faulty(fault: Fault) -> Bench {
    Bench::with(SwitchConfig::bundled(), FaultSet::none().with(fault), |_| {})
}

#[test]
fn the_right_focus_reads_what_the_faulty_one_does_not() {
    let sdp = "Content-Type: application/sdp\n";
    let plain = |more: &str| invite("room", "alice", 1, more);
    let cases = [
        (Fault::ShortNamesUnknown, plain("").replace("\r\nTo: ", "\r\nt: "), 200, 400),
        (Fault::BlanksBeforeColon, plain("").replace("\r\nTo: ", "\r\nTo : "), 200, 400),
        (Fault::FoldingUnknown, plain("").replace("\r\nTo: ", "\r\nTo:\r\n "), 200, 400),
        (Fault::NamesCaseSensitive, plain("").replace("\r\nFrom: ", "\r\nfrom: "), 200, 400),
        (Fault::ResponseHeadersRefused, plain("Min-Expires: 5\n"), 200, 400),
        (Fault::UnknownHeadersRefused, plain("X-Unheard-Of: 5\n"), 200, 400),
        (Fault::DateInsistedOn, plain("Date: yesterday\n"), 200, 400),
        (Fault::NoHopsLeftRefused, plain("").replace("Max-Forwards: 70", "Max-Forwards: 0"), 200, 400),
        (Fault::ToMustBeTheRoom, plain("To: <tel:+12015550123>\n"), 200, 404),
        (Fault::UnknownSchemeNotFound, request("INVITE", "unheardof:room", "alice", 1, sdp, OFFER), 416, 404),
        (Fault::UnservedMethodLost, request("MESSAGE", ROOM, "alice", 1, "", ""), 405, 481),
        (Fault::BodyTypeIgnored, request("INVITE", ROOM, "alice", 1, "Content-Type: x/y\n", OFFER), 415, 200),
        (
            Fault::MultipartPassedOver,
            request("INVITE", ROOM, "alice", 1, "Content-Type: multipart/mixed\n", "x"),
            415,
            200,
        ),
        (
            Fault::OptionalBodyRefused,
            request("OPTIONS", ROOM, "a", 1, "Content-Type: x/y\nContent-Disposition: render;handling=optional\n", "x"),
            200,
            415,
        ),
    ];
    for (fault, text, right, wrong) in cases {
        assert_eq!(Bench::new().status(ALICE, &text), right, "{text}");
        assert_eq!(faulty(fault).status(ALICE, &text), wrong, "{fault:?}: {text}");
    }
}

#[test]
fn refusals_that_say_too_little() {
    let two = invite("room", "alice", 1, "Require: one, two\n");
    assert_eq!(Bench::new().ask(ALICE, &two).header("Unsupported").as_deref(), Some("one, two"));
    assert_eq!(faulty(Fault::FirstExtensionOnly).ask(ALICE, &two).header("Unsupported").as_deref(), Some("one"));
    let typed = request("INVITE", ROOM, "alice", 1, "Content-Type: x/y\n", OFFER);
    assert!(faulty(Fault::AcceptLeftOut).ask(ALICE, &typed).header("Accept").is_none());
    let coded = invite("room", "alice", 1, "Content-Encoding: gzip\n");
    assert!(faulty(Fault::AcceptEncodingLeftOut).ask(ALICE, &coded).header("Accept-Encoding").is_none());
}

#[test]
fn who_joins_is_asked_for_credentials_before_anything_else() {
    let text = request("INVITE", "sip:auth@127.0.0.1:5060", "alice", 1, "Content-Type: x/y\nRequire: one\n", OFFER);
    assert_eq!(Bench::new().status(ALICE, &text), 401);
    assert_eq!(faulty(Fault::ExtensionsBeforeCredentials).status(ALICE, &text), 420);
    let challenge = |fault| {
        let refused = faulty(fault).ask(ALICE, &text);
        refused.headers.all("WWW-Authenticate").map(|header| header.text().into_owned()).collect::<Vec<_>>()
    };
    assert!(challenge(Fault::BasicOffered).iter().any(|value| value.starts_with("Basic ")));
    assert!(challenge(Fault::QopNotOffered).iter().all(|value| !value.contains("qop")));
}
