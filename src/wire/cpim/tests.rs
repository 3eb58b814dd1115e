//! Literal octets, written from RFC 3862 and from the interpretations of its clash with the MSRP examples.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;

const PEOPLE: &str = "From: <sip:alice@example.com>\r\nTo: <sip:room@chat.example.com>\r\n";
const TEXT: &str = "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n\r\nthere";

fn parsed(octets: impl AsRef<[u8]>) -> (CpimMessage, Vec<CpimDefect>) {
    let octets = octets.as_ref();
    let parsed = CpimMessage::parse(Bytes::copy_from_slice(octets));
    assert_eq!(parsed.tree.octets(), octets, "no octet is lost");
    (parsed.tree, parsed.defects.into_iter().map(|defect| defect.kind).collect())
}

fn with(more: &str) -> (CpimMessage, Vec<CpimDefect>) {
    parsed(format!("{PEOPLE}{more}{TEXT}"))
}

fn uris(addresses: &[Address]) -> Vec<&str> {
    addresses.iter().map(|address| address.uri.as_str()).collect()
}

#[test]
fn three_blocks() {
    let (message, defects) = parsed(format!("{PEOPLE}{TEXT}"));
    assert_eq!(defects, []);
    assert_eq!(uris(&message.froms()), ["sip:alice@example.com"]);
    assert_eq!(uris(&message.tos()), ["sip:room@chat.example.com"]);
    assert_eq!(message.content_media_type().as_deref(), Some("text/plain"));
    assert_eq!(&*message.content, b"Hello\r\n\r\nthere");
    assert!(!message.is_glued());
}

#[test]
fn the_glued_form() {
    let octets = format!("{PEOPLE}content-type: Text/Plain\r\n\r\nContent-Type: a/b\r\n\r\nHello");
    let (message, defects) = parsed(octets);
    assert_eq!(defects, [CpimDefect::Glued]);
    assert!(message.is_glued());
    assert_eq!(message.content_media_type().as_deref(), Some("text/plain"));
    assert_eq!(&*message.content, b"Content-Type: a/b\r\n\r\nHello");
}

#[test]
fn a_text_that_looks_like_mime_is_text() {
    let (message, defects) =
        parsed(format!("{PEOPLE}\r\nContent-Type: text/plain\r\n\r\nContent-Type: text/html\r\n\r\nx"));
    assert_eq!(defects, []);
    assert_eq!(message.content_media_type().as_deref(), Some("text/plain"));
    assert_eq!(&*message.content, b"Content-Type: text/html\r\n\r\nx");
}

#[test]
fn what_is_built_is_what_is_written() {
    let message = CpimMessage::new("<sip:a@example.com>", "\"B\" <sip:b@example.com>", "text/plain", "Hi\r\n");
    let octets =
        "From: <sip:a@example.com>\r\nTo: \"B\" <sip:b@example.com>\r\n\r\nContent-Type: text/plain\r\n\r\nHi\r\n";
    assert_eq!(message.octets(), octets);
    assert_eq!(parsed(octets), (message, vec![]));
}

#[test]
fn addresses() {
    let good: [(&str, Option<&str>, &str); 9] = [
        ("<sip:a@example.com>", None, "sip:a@example.com"),
        ("Winnie the Pooh <im:pooh@100akerwood.com>", Some("Winnie the Pooh"), "im:pooh@100akerwood.com"),
        ("\"Alice\"<sip:a@x>", Some("Alice"), "sip:a@x"),
        ("\"Alice\" <sip:a@x>", Some("Alice"), "sip:a@x"),
        ("\"<sip:bob@x>\" <sip:alice@x>", Some("<sip:bob@x>"), "sip:alice@x"),
        (r#""a \"b\" \\ \u00e9\n" <sip:a@x>"#, Some("a \"b\" \\ \u{e9}\n"), "sip:a@x"),
        (r#""\" <sip:bob@x>" <sip:alice@x>"#, Some("\" <sip:bob@x>"), "sip:alice@x"),
        ("\"\" <sip:a@x>", Some(""), "sip:a@x"),
        ("\u{5c71}\u{7530} <tel:+1-201-555-0123>", Some("\u{5c71}\u{7530}"), "tel:+1-201-555-0123"),
    ];
    for (value, name, uri) in good {
        let expected = Address { formal_name: name.map(str::to_owned), uri: uri.to_owned() };
        assert_eq!(Address::parse(value), Some(expected), "{value}");
    }
    for bad in [
        "",
        "sip:a@x",
        "<sip:a@x",
        "sip:a@x>",
        "<>",
        "<a@x>",
        "<sip:>",
        "< sip:a@x >",
        "<sip:a@x> tail",
        "<sip:a@x><sip:b@x>",
        "<sip:a@x>, <sip:b@x>",
        "\"Alice <sip:a@x>",
        "\"A\" \"B\" <sip:a@x>",
        "A, B <sip:a@x>",
    ] {
        assert_eq!(Address::parse(bad), None, "{bad}");
    }
    let (message, defects) = parsed(format!("From: <sip:a@x>\r\nTo: room\r\n{TEXT}"));
    assert_eq!((uris(&message.tos()), defects), (vec!["room"], vec![CpimDefect::MalformedAddress]));
}

#[test]
fn names_have_case_and_namespaces() {
    use CpimDefect::*;
    let tos = |more: &str| {
        let (message, defects) = with(more);
        (message.tos().len(), defects)
    };
    const NS: &str = "urn:ietf:params:cpim-headers:";
    assert_eq!(tos("To: <sip:room@chat.example.com>\r\n"), (2, vec![]));
    assert_eq!(tos("to: <sip:b@x>\r\nTO: <sip:b@x>\r\n"), (1, vec![HeaderCase, HeaderCase]));
    assert_eq!(tos("cc: <sip:b@x>\r\n"), (1, vec![]));
    assert_eq!(tos("Cc: <sip:b@x>\r\n"), (1, vec![HeaderCase]));
    assert_eq!(tos(&format!("NS: x <{NS}>\r\nx.To: <sip:b@x>\r\n")), (2, vec![]));
    assert_eq!(tos(&format!("NS: x<{NS}>\r\nx.To: <sip:b@x>\r\n")), (2, vec![]));
    assert_eq!(tos(&format!("x.To: <sip:b@x>\r\nNS: x <{NS}>\r\n")), (1, vec![]), "bound too late");
    assert_eq!(tos("NS: x <urn:ietf:params-cpim-headers:>\r\nx.To: <sip:b@x>\r\n"), (1, vec![]));
    assert_eq!(tos("NS: y <mid:MessageFeatures@id.foo.com>\r\ny.To: <sip:b@x>\r\n"), (1, vec![]));
    assert_eq!(tos(&format!("NS: x <{NS}>\r\nNS: x <mid:other>\r\nx.To: <sip:b@x>\r\n")), (1, vec![]), "bound anew");
    assert_eq!(tos("NS: <mid:other>\r\nTo: <sip:b@x>\r\n"), (1, vec![]), "another default namespace");
    assert_eq!(tos(&format!("NS: <mid:other>\r\nNS: <{NS}>\r\nTo: <sip:b@x>\r\n")), (2, vec![]));
    assert_eq!(tos("NS: urn:x\r\n"), (1, vec![MalformedNamespace]));
    assert_eq!(tos("NS: x.y <urn:x>\r\n"), (1, vec![MalformedNamespace]));
}

#[test]
fn each_violation_has_its_name() {
    use CpimDefect::*;
    let defects = |octets: &str| parsed(octets).1;
    assert_eq!(defects(""), [Unterminated, MissingFrom, MissingTo, MissingContentType]);
    assert_eq!(defects(&format!("From: <sip:a@x>\r\n{TEXT}")), [MissingTo]);
    assert_eq!(defects(&format!("To: <sip:a@x>\r\n{TEXT}")), [MissingFrom]);
    assert_eq!(with("From: <sip:b@x>\r\n").1, [RepeatedFrom]);
    assert_eq!(with("Subject:;lang=en Eeyore\r\nDateTime: 2000-12-13T13:40:00-08:00\r\n").1, []);
    assert_eq!(with("X: y\n").1, [BareLineEnd]);
    assert_eq!(with("no colon\r\n").1, [MalformedHeader]);
    assert_eq!(with(": x\r\n").1, [MalformedHeader]);
    assert_eq!(with("a b: x\r\n").1, [MalformedHeader]);
    assert_eq!(with("X: a\u{7}b\r\n").1, [MalformedHeader]);
    for spacing in ["X:  y\r\n", "X:y\r\n", "X: y \r\n", " X: y\r\n", "X : y\r\n", "X:\ty\r\n"] {
        assert_eq!(with(spacing).1, [HeaderSpacing], "{spacing:?}");
    }
    assert_eq!(with("X: \r\n").1, []);
    assert_eq!(defects(PEOPLE), [Unterminated, MissingContentType]);
    assert_eq!(defects(&format!("{PEOPLE}\r\nHello")), [MissingContentType]);
    assert_eq!(defects(&format!("{PEOPLE}\r\n\r\nHello")), [MissingContentType]);
    assert_eq!(defects(&format!("{PEOPLE}\r\nContent-Type: text/plain\r\n")), []);
    let bad = [PEOPLE.as_bytes(), b"Subject: \xff\r\n", TEXT.as_bytes()].concat();
    assert_eq!(parsed(bad).1, [BadUtf8]);
    let (message, _) = parsed(format!("{PEOPLE}\r\nHello"));
    assert_eq!(&*message.content, b"Hello", "what is no MIME block is content");
}

#[test]
fn the_header_length_of_a_beginning() {
    let whole = format!("{PEOPLE}{TEXT}");
    let end = whole.len() - "Hello\r\n\r\nthere".len();
    for length in 0..=whole.len() {
        let expected = (length >= end).then_some(end);
        assert_eq!(header_length(&whole.as_bytes()[..length]), expected, "{length}");
    }
    let glued = format!("{PEOPLE}Content-Type: text/plain\r\n\r\nHello\r\n\r\nthere");
    let end = glued.len() - "Hello\r\n\r\nthere".len();
    for length in 0..=glued.len() {
        let expected = (length >= end).then_some(end);
        assert_eq!(header_length(&glued.as_bytes()[..length]), expected, "{length}");
    }
}

proptest! {
    #[test]
    fn arbitrary_octets_are_kept(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(CpimMessage::parse(octets.clone().into()).tree.octets(), octets.clone());
        let _ = header_length(&octets);
    }

    #[test]
    fn shuffled_pieces_are_kept(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "From", "To", "NS", "x.To", "cc", ":", ": ", " ", "\r\n", "\n", "\r", "\"", "\\", "<", ">", "sip:a@x",
            "urn:ietf:params:cpim-headers:", "Content-Type", "text/plain", ".", "\u{e9}",
        ]), 0..40),
    ) {
        let octets = pieces.concat();
        let parsed = CpimMessage::parse(octets.clone().into());
        prop_assert_eq!(parsed.tree.octets(), octets.clone());
        prop_assert!(parsed.defects.iter().all(|defect| defect.span.end <= octets.len()));
        if let Some(length) = header_length(octets.as_bytes()) {
            prop_assert_eq!(&*parsed.tree.content, &octets.as_bytes()[length..], "both readings agree");
        }
        let _ = (parsed.tree.froms(), parsed.tree.tos(), Address::parse(&octets));
    }
}

#[test]
fn the_tree_of_an_odd_object() {
    let octets = b"From: \"A\\\"\" <sip:a@x>\r\n\
        NS: x <urn:ietf:params:cpim-headers:>\r\n\
        x.To:  <sip:b@x> \r\n\
        to: nobody\r\n\
        \r\n\
        MIME-Version: 1.0\n\
        Content-Type: Text/Plain; charset=\"utf8\"\n\
        \n\
        Content-Type: text\r\n\r\nHi";
    let parsed = CpimMessage::parse(Bytes::from_static(octets));
    insta::assert_debug_snapshot!((&parsed, parsed.tree.froms(), parsed.tree.tos()));
}
