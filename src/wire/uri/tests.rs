//! The comparison examples of RFC 3261, 19.1.4, RFC 3966 and RFC 5118, and the grammar of 19.1.1.

use proptest::prelude::*;

use super::*;

fn sip(text: &str) -> SipUri {
    let uri = SipUri::parse(text).unwrap();
    if text.starts_with("sip") {
        assert_eq!(uri.to_string(), text);
    }
    uri
}

#[test]
fn parts_stay_as_written() {
    let uri = sip("sips:al%69ce;x=1:pa$s%40@[2001:DB8::10]:5070;lr;%6C%72=v%41?subject=a%20b&to=x");
    assert!(uri.secure);
    assert_eq!(uri.user.as_deref(), Some("al%69ce;x=1"));
    assert_eq!(uri.password.as_deref(), Some("pa$s%40"));
    assert_eq!((uri.host.as_str(), uri.port), ("[2001:DB8::10]", Some(5070)));
    assert_eq!(uri.params.0, [("lr".into(), None), ("%6C%72".into(), Some("v%41".into()))]);
    assert_eq!(uri.headers.as_deref(), Some("subject=a%20b&to=x"));
    assert_eq!(uri.bare().to_string(), "sips:al%69ce;x=1:pa$s%40@[2001:DB8::10]:5070");
    assert_eq!(sip("sip:a:@b").password.as_deref(), Some(""));
    assert_eq!(sip("sip:+1-201-555-0123;phone-context=x@gw.com;user=phone").params.value("USER"), Some("phone"));
    assert_eq!(SipUri::new(Some("a"), "b", Some(1)).to_string(), "sip:a@b:1");
}

#[test]
fn what_is_no_sip_uri() {
    let malformed = [
        "",
        "sip",
        "sip:",
        "sip:@b",
        "tel:+1",
        "sip:a@",
        "sip:a@b:",
        "sip:a@b:x",
        "sip:a@b:65536",
        "sip:a@b:+5",
        "sip:a@b;",
        "sip:a@b;;lr",
        "sip:a@b;=x",
        "sip:a@b;x=",
        "sip:a@b;x=y=z",
        "sip:a@b?",
        "sip:a@b?x",
        "sip:a@b?=x",
        "sip:a@-b",
        "sip:a@b..c",
        "sip:a@.",
        "sip:a b@c",
        "sip:a@b c",
        "sip:<a@b>",
        "sip:a%4@b",
        "sip:a%zz@b",
        "sip:a@b@c",
        "sip:a@[::1",
        "sip:a@::1",
        "sip:a@[1.2.3.4]",
        "sip:\u{e4}@b",
        "sip:a:\0@b",
    ];
    for text in malformed {
        assert!(SipUri::parse(text).is_err(), "{text}");
    }
}

#[test]
fn equivalent_as_rfc_3261_19_1_4_lists() {
    let same = [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
        ("sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on"),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        ),
        ("sip:a@[2001:db8::9:1]", "sip:a@[2001:DB8:0:0:0:0:9:1]"),
        ("sip:a@b;%6C%72", "sip:a@b;lr"),
        ("sip:a%3bb@c", "sip:a%3Bb@c"),
    ];
    for (one, other) in same {
        assert!(sip(one).equivalent(&sip(other)) && sip(other).equivalent(&sip(one)), "{one} {other}");
    }
    let different = [
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
        ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
        ("sip:a@b", "sips:a@b"),
        ("sip:b", "sip:a@b"),
        ("sip:a@b", "sip:a:@b"),
        ("sip:a:p@b", "sip:a:P@b"),
        ("sip:a@b", "sip:a@b;user=ip"),
        ("sip:a@b", "sip:a@b;ttl=1"),
        ("sip:a@b", "sip:a@b;method=INVITE"),
        ("sip:a@b", "sip:a@b;maddr=b"),
        ("sip:a%3Bb@c", "sip:a;b@c"),
        ("sip:a%253Bb@c", "sip:a%3Bb@c"),
        ("sip:h;n=v%61lue%25%34%31", "sip:h;n=valueA"),
        ("sip:%00@h", "sip:%00%00@h"),
        ("sip:a@b?call-id=x", "sip:a@b?call-id=X"),
    ];
    for (one, other) in different {
        assert!(!sip(one).equivalent(&sip(other)) && !sip(other).equivalent(&sip(one)), "{one} {other}");
    }
}

#[test]
fn the_same_participant_or_room() {
    let same = [
        ("sip:room@chat.example.com", "sip:room@CHAT.example.com;transport=tcp"),
        ("sip:r%6fom@h", "sip:room@h?subject=x"),
        ("tel:+1-201-555-0123", "TEL:+1(201)555.0123"),
        ("tel:7042;phone-context=example.com;ext=1-2", "tel:70-42;ext=12;phone-context=EXAMPLE.com"),
        ("im:alice@example.com", "IM:%61lice@EXAMPLE.com?subject=x"),
        ("urn:x:Y", "urn:x:Y"),
    ];
    for (one, other) in same {
        assert!(Uri::parse(one).unwrap().same_resource(&Uri::parse(other).unwrap()), "{one} {other}");
    }
    let different = [
        ("sip:room@h", "sip:Room@h"),
        ("sip:room@h", "sips:room@h"),
        ("sip:room@h", "sip:room@h:5060"),
        ("tel:+12015550123", "tel:12015550123"),
        ("tel:7042;phone-context=a.com", "tel:7042;phone-context=b.com"),
        ("im:alice@h", "im:Alice@h"),
        ("im:alice@h", "sip:alice@h"),
        ("urn:x:Y", "urn:x:y"),
    ];
    for (one, other) in different {
        assert!(!Uri::parse(one).unwrap().same_resource(&Uri::parse(other).unwrap()), "{one} {other}");
    }
    assert_eq!(Uri::parse("tel:+1").unwrap().to_string(), "tel:+1");
    assert_eq!(Uri::parse("xmpp:a@b").unwrap(), Uri::Other("xmpp:a@b".into()));
    for text in ["", "alice", ":x", "1a:x", "im:", "im:a b", "<im:a>", "im:a>", "tel:alice", "tel:+", "tel:;x=1"] {
        assert!(Uri::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(sips?:)?[ -~\u{e4}%:@;=?&\\[\\]]{0,60}") {
        if let Ok(uri) = Uri::parse(&text) {
            prop_assert!(uri.same_resource(&uri));
            prop_assert!(Uri::parse(&uri.to_string()).unwrap().same_resource(&uri));
        }
        if let Ok(uri) = SipUri::parse(&text) {
            prop_assert!(uri.equivalent(&uri));
            prop_assert_eq!(SipUri::parse(&uri.to_string()).unwrap(), uri);
        }
    }
}
