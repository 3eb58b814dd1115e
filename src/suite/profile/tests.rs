use std::time::Duration;

use super::{Claim, LogicalRoom, NextHop, Profile, Role, SipTransport, Timers};
use crate::suite::yaml::Trouble;
use crate::wire::uri::SipUri;

const FULL: &str = include_str!("../../../tests/data/profile.yaml");

#[test]
fn every_documented_key_is_read() {
    let profile = Profile::parse("conf/profile.yaml", FULL).unwrap();
    assert_eq!((profile.name.as_str(), profile.role), ("some-switch 2.1", Role::Switch));
    assert_eq!(profile.room, SipUri::parse("sip:room@127.0.0.1:5080").unwrap());
    let hop = NextHop { host: "127.0.0.1".to_owned(), port: Some(5080), transport: SipTransport::Tcp };
    assert_eq!(profile.next_hop, Some(hop));
    assert_eq!(profile.domain, "chat.example");
    assert_eq!(profile.rooms.len(), LogicalRoom::ALL.len());
    let quarantine = &profile.rooms[&LogicalRoom::NicknameQuarantine];
    assert_eq!((quarantine.uri.user.as_deref(), quarantine.seconds), (Some("quarantine"), Some(2)));
    assert!(profile.rooms[&LogicalRoom::TlsOnly].uri.secure);
    assert_eq!(profile.credentials["bob"].password, "bob-secret");
    assert_eq!(profile.reserved_nicknames, ["admin"]);
    assert_eq!(profile.claim(Claim::Tls), Some(false));
    assert_eq!(profile.claim(Claim::Nicknames), Some(true));
    assert_eq!(profile.claim(Claim::Digest), None);
    assert_eq!(profile.timers, Timers { response: Duration::from_millis(2500), roster: Duration::from_secs(8) });
    assert_eq!(profile.tls.ca.as_deref(), Some(std::path::Path::new("conf/ca.pem")));
}

#[test]
fn what_is_written_is_read_back() {
    let profile = Profile::parse("profile.yaml", FULL).unwrap();
    assert_eq!(Profile::parse("profile.yaml", &profile.to_yaml()).unwrap(), profile);
    let bare = Profile::for_target(SipUri::parse("sip:room@127.0.0.1;transport=tcp").unwrap());
    assert_eq!(Profile::parse("profile.yaml", &bare.to_yaml()).unwrap(), bare);
    assert!(!bare.to_yaml().contains("rooms:"), "{}", bare.to_yaml());
}

/// The error of a profile: line, column, the text at its span, and what is wrong.
fn error(text: &str) -> (usize, usize, String, Trouble) {
    let error = Profile::parse("p.yaml", text).unwrap_err();
    let span = error.span.unwrap_or_default();
    let (line, column) = error.place.unwrap_or_default();
    (line, column, text[span.start..span.end].to_owned(), *error.trouble)
}

fn some(word: &str) -> Option<String> {
    Some(word.to_owned())
}

#[test]
fn a_misspelled_key_is_named_with_its_place_and_the_nearest() {
    let unknown = |key: &str, place: &str, nearest: Option<String>| Trouble::UnknownKey {
        key: key.to_owned(),
        place: place.to_owned(),
        nearest,
        reference: "the documentation of the IUT profile",
    };
    let text = "room: sip:a@127.0.0.1\n# nexthop: x\nnexthop: 127.0.0.1\n";
    let wanted = unknown("nexthop", "in the profile", some("next-hop"));
    assert_eq!(error(text), (3, 1, "nexthop".to_owned(), wanted));
    let text = "room: sip:a@127.0.0.1\nclaims: { nicknames: true, private-mesages: true }\n";
    let wanted = unknown("private-mesages", "under 'claims'", some("private-messages"));
    assert_eq!(error(text), (2, 28, "private-mesages".to_owned(), wanted));
    let text = "room: sip:a@127.0.0.1\nrooms:\n  chunk-timer: { uri: 'sip:b@127.0.0.1', second: 2 }\n";
    let wanted = unknown("second", "under 'rooms.chunk-timer'", some("seconds"));
    assert_eq!(error(text), (3, 42, "second".to_owned(), wanted));
    let text = "room: sip:a@127.0.0.1\ncredentials:\n  alice: { username: a, password: b }\n  bob:\n    user: x\n";
    let (line, column, at, _) = error(text);
    assert_eq!((line, column, at.as_str()), (5, 5, "user"));
    let text = "room: sip:a@127.0.0.1\nfurniture: {}\n";
    assert_eq!(error(text).3, unknown("furniture", "in the profile", None));
}

#[test]
fn wrong_values_are_shown_where_they_stand() {
    let (line, column, at, trouble) = error("name: x\nroom: http://127.0.0.1 # no\n");
    assert_eq!((line, column, at.as_str()), (2, 7, "http://127.0.0.1"));
    assert!(matches!(trouble, Trouble::BadUri(_)), "{trouble:?}");
    let (line, column, at, trouble) = error("room: sip:a@127.0.0.1\ntimers: { response: fast }\n");
    assert_eq!((line, column, at.as_str()), (2, 21, "fast"));
    assert_eq!(trouble.to_string(), "'timers.response' is the text 'fast', not a number of seconds above 0");
    assert_eq!(error("room: sip:a@127.0.0.1\ntimers:\n  roster: 0\n").2, "0");
    let (_, _, at, trouble) = error("room: sip:a@127.0.0.1\nrole: swich\n");
    assert_eq!((at.as_str(), trouble.help().as_str()), ("swich", "did you mean 'switch'?"));
    let (_, _, at, trouble) = error("room: sip:a@127.0.0.1\nnext-hop: 127.0.0.1;transport=tpc\n");
    assert_eq!((at.as_str(), trouble.help().as_str()), ("127.0.0.1;transport=tpc", "did you mean 'tcp'?"));
    assert_eq!(error("name: 2.1\nroom: sip:a@127.0.0.1\n").2, "2.1");
    assert_eq!(error("room: sip:a@127.0.0.1\nreserved-nicknames: admin\n").2, "admin");
    assert_eq!(error("room: sip:a@127.0.0.1\nclaims: { tls: yes please }\n").2, "yes please");
}

#[test]
fn files_that_are_no_profile() {
    assert_eq!(error("name: x\n").3.to_string(), "the key 'room' is missing");
    assert_eq!(error("").3.to_string(), "the key 'room' is missing");
    assert!(matches!(error("- a\n- b\n").3, Trouble::WrongType { .. }));
    let (line, _, _, trouble) = error("room: sip:a@127.0.0.1\nname: [a\nrole: switch\n");
    assert!(line >= 2 && matches!(trouble, Trouble::NotYaml(_)), "{line} {trouble:?}");
    let twice = error("room: sip:a@127.0.0.1\nroom: sip:b@127.0.0.1\n").3;
    assert!(matches!(twice, Trouble::NotYaml(_)), "{twice:?}");
    let unreadable = Profile::load("tests/data/no-such-profile.yaml").unwrap_err();
    assert!(matches!(*unreadable.trouble, Trouble::Unreadable { .. }));
    let no_ca = Profile::load("tests/data/profile.yaml").unwrap_err();
    assert_eq!(no_ca.place.map(|place| place.0), Some(26), "{no_ca}");
}

#[test]
fn rooms_are_reached_over_the_next_hop_unless_they_want_tls() {
    let profile = Profile::parse("profile.yaml", FULL).unwrap();
    let hops = profile.resolve().unwrap();
    assert_eq!((hops.default.address, hops.default.transport), (([127, 0, 0, 1], 5080).into(), SipTransport::Tcp));
    let secret = hops.of(Some(LogicalRoom::TlsOnly)).unwrap();
    assert_eq!((secret.address, secret.transport), (([127, 0, 0, 1], 5061).into(), SipTransport::Tls));
    let bare = |uri: &str| Profile::for_target(SipUri::parse(uri).unwrap()).resolve();
    let udp = bare("sip:room@127.0.0.1").unwrap().default;
    assert_eq!((udp.address, udp.transport), (([127, 0, 0, 1], 5060).into(), SipTransport::Udp));
    let tcp = bare("sip:room@[::1]:7;transport=TCP").unwrap().default;
    assert_eq!((tcp.address.to_string().as_str(), tcp.transport), ("[::1]:7", SipTransport::Tcp));
    assert_eq!(tcp.server_name, "::1");
    assert_eq!(bare("sips:room@127.0.0.1").unwrap().default.address.port(), 5061);
    let unknown = bare("sip:room@no-such-host.invalid").unwrap_err();
    assert_eq!(
        (unknown.host.as_str(), unknown.whose.as_str()),
        ("no-such-host.invalid", "the room sip:room@no-such-host.invalid")
    );
}
