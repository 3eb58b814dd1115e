//! Header values.

use super::super::{CSeq, NameAddr, Via, split_list};

#[test]
fn name_addr_forms() {
    let value = NameAddr::parse("sip:alice@example.com;transport=tcp;tag=9").unwrap();
    assert_eq!(value.uri, "sip:alice@example.com");
    assert_eq!(value.params.value("transport"), Some("tcp"), "parameters belong to the header");
    let value = NameAddr::parse("<tel:+1-201-555-0123;phone-context=x>;tag=\"a;b\"").unwrap();
    assert_eq!(value.uri, "tel:+1-201-555-0123;phone-context=x");
    assert_eq!(value.tag(), Some("a;b"));
    assert_eq!(value.to_string(), "<tel:+1-201-555-0123;phone-context=x>;tag=\"a;b\"");
    let spoof = NameAddr::parse("\"<sip:bob@x>\" <sip:alice@x>").unwrap();
    assert_eq!((spoof.uri.as_str(), spoof.display_name.as_deref()), ("sip:alice@x", Some("<sip:bob@x>")));
    assert_eq!(spoof.to_string(), "\"<sip:bob@x>\" <sip:alice@x>");
    assert_eq!(NameAddr::parse("im:alice@example.com").unwrap().uri, "im:alice@example.com");
    for text in ["", "*", "alice", "<>", "<sip:a@b", "\"A\" sip:a@b", "\"A <sip:a@b>", "<sip:a@b> tag=1", "sip:a b@c"] {
        assert_eq!(NameAddr::parse(text), None, "{text}");
    }
}

#[test]
fn via_forms() {
    let via =
        Via::parse("SIP / 2.0 / UDP first.example.com : 4000 ; ttl = 16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1")
            .unwrap();
    assert_eq!((via.transport.as_str(), via.host.as_str(), via.port), ("UDP", "first.example.com", Some(4000)));
    assert_eq!(via.branch(), Some("z9hG4bKa7c6a8dlze.1"));
    assert_eq!(via.to_string(), "SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1;branch=z9hG4bKa7c6a8dlze.1");
    let via =
        Via::parse("SIP/2.0/TCP [2001:db8::9:1]:5061;received=[2001:db8::9:255];rport;branch=z9hG4bKas3-111").unwrap();
    assert_eq!((via.host.as_str(), via.port), ("[2001:db8::9:1]", Some(5061)));
    assert_eq!(via.params.get("rport"), Some(None));
    assert_eq!(via.params.value("received"), Some("[2001:db8::9:255]"));
    for text in [
        "",
        "SIP/2.0/UDP",
        "SIP/2.0 UDP a",
        "SIP/2.0/UDP a:x",
        "SIP/2.0/UDP a:70000",
        "SIP/2.0/UDP [::1",
        "SIP/2.0/UDP a b",
    ] {
        assert_eq!(Via::parse(text), None, "{text}");
    }
}

#[test]
fn cseq_and_lists() {
    assert_eq!(CSeq::parse(" 0009  INVITE").unwrap(), CSeq { number: 9, method: "INVITE".into() });
    for text in ["", "1", "INVITE 1", "-1 BYE", "+1 BYE", "4294967296 BYE", "1 BYE BYE"] {
        assert_eq!(CSeq::parse(text), None, "{text}");
    }
    assert_eq!(split_list(r#"a, "b,\",c" ,,<d,"e>,f"#), ["a", r#""b,\",c""#, "<d,\"e>", "f"]);
}

#[test]
fn parameter_values_in_quotes() {
    let value = NameAddr::parse(r#"<sip:a@b>;methods="INVITE,BYE";x="say \"hi\" \\;";y=z;w"#).unwrap();
    assert_eq!(value.params.value("methods"), Some("INVITE,BYE"));
    assert_eq!(value.params.unescaped("X").as_deref(), Some("say \"hi\" \\;"));
    assert_eq!(value.params.unescaped("y").as_deref(), Some("z"));
    assert_eq!(value.params.unescaped("w"), None);
    assert_eq!(value.to_string(), r#"<sip:a@b>;methods="INVITE,BYE";x="say \"hi\" \\;";y=z;w"#);
}

#[test]
fn rport_is_filled_in_its_place() {
    let mut via = Via::parse("SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff").unwrap();
    via.params.set("received", Some("192.0.2.1"));
    via.params.set("RPORT", Some("9988"));
    assert_eq!(via.to_string(), "SIP/2.0/UDP 10.1.1.1:4540;rport=9988;branch=z9hG4bKkjshdyff;received=192.0.2.1");
}
