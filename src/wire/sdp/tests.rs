use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::wire::Span;

/// A right offer, and the room in which the others are varied.
const OFFER: &str = "v=0\r\n\
    o=alice 2890844526 2890844527 IN IP4 127.0.0.1\r\n\
    s=-\r\n\
    c=IN IP4 127.0.0.1\r\n\
    t=0 0\r\n\
    m=message 7654 TCP/MSRP *\r\n\
    a=path:msrp://127.0.0.1:7654/jshA7weztas;tcp\r\n\
    a=accept-types:message/cpim text/plain\r\n\
    a=accept-wrapped-types:*\r\n\
    a=max-size:4096\r\n\
    a=setup:actpass\r\n\
    a=chatroom:nickname private-messages\r\n\
    a=label:1\r\n";

fn parse(text: &str) -> SessionDescription {
    parsed(text).tree
}

fn parsed(text: &str) -> Parsed<SessionDescription, SdpDefect> {
    SessionDescription::parse(Bytes::copy_from_slice(text.as_bytes()))
}

fn kinds(text: &str) -> Vec<SdpDefect> {
    parsed(text).defects.into_iter().map(|defect| defect.kind).collect()
}

/// The defects of the offer with one thing changed in it.
fn changed(from: &str, to: &str) -> Vec<SdpDefect> {
    assert!(OFFER.contains(from), "{from} is not in the offer");
    kinds(&OFFER.replacen(from, to, 1))
}

/// The only media of the offer with one thing changed in it.
fn media(from: &str, to: &str) -> Media {
    assert!(OFFER.contains(from), "{from} is not in the offer");
    parse(&OFFER.replacen(from, to, 1)).media().remove(0)
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn a_right_offer_has_no_defects_and_is_read_into_its_fields() {
    let parsed = parsed(OFFER);
    assert_eq!(parsed.defects, []);
    assert_eq!(parsed.tree.octets(), OFFER.as_bytes());
    assert_eq!(parsed.tree.origin().as_deref(), Some("alice 2890844526 2890844527 IN IP4 127.0.0.1"));
    let media = parsed.tree.media();
    assert_eq!(media.len(), 1);
    assert!(media[0].is_msrp());
    assert_eq!(media[0].path, [MsrpUri::new(false, "127.0.0.1", 7654, "jshA7weztas")]);
    insta::assert_debug_snapshot!("right_offer", media);
}

#[test]
fn every_octet_of_a_strange_description_is_kept() {
    let strange = b"v=0\no= x\r\r\nodd line\r\n=\r\n\r\nm\xFF=\nm=\x00\xFE";
    let parsed = SessionDescription::parse(Bytes::from_static(strange));
    assert_eq!(parsed.tree.octets(), strange.as_slice());
    assert_eq!(parsed.tree.lines.len(), 7);
    assert_eq!(parsed.tree.lines[1].value, b" x\r".as_slice());
    assert_eq!(parsed.tree.lines[2].kind, 0);
    assert_eq!(parsed.tree.lines[2].value, b"odd line".as_slice());
}

#[test]
fn line_ends_are_told_apart() {
    let parsed = parsed("v=0\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0");
    let found: Vec<_> = parsed.defects.into_iter().map(|defect| (defect.kind, defect.span)).collect();
    assert_eq!(
        found,
        [(SdpDefect::BareLineEnd, Span { start: 3, end: 4 }), (SdpDefect::BareLineEnd, Span { start: 32, end: 32 })]
    );
}

#[test]
fn a_session_name_may_start_with_a_space() {
    assert_eq!(changed("s=-", "s= -"), []);
}

#[test]
fn mandatory_lines_are_missed_one_by_one() {
    assert_eq!(changed("v=0\r\n", ""), [SdpDefect::MissingLine('v')]);
    assert_eq!(changed("o=alice 2890844526 2890844527 IN IP4 127.0.0.1\r\n", ""), [SdpDefect::MissingLine('o')]);
    assert_eq!(changed("s=-\r\n", ""), [SdpDefect::MissingLine('s')]);
    assert_eq!(changed("t=0 0\r\n", ""), [SdpDefect::MissingLine('t')]);
    assert_eq!(changed("c=IN IP4 127.0.0.1\r\n", ""), [SdpDefect::MissingLine('c')]);
}

#[test]
fn the_order_of_lines_counts() {
    assert_eq!(changed("c=IN IP4 127.0.0.1\r\nt=0 0\r\n", "t=0 0\r\nc=IN IP4 127.0.0.1\r\n"), [SdpDefect::LineOrder]);
    assert_eq!(changed("t=0 0\r\n", "t=0 0\r\nr=7d 1h 0\r\nz=2882844526 -1h\r\nt=0 0\r\n"), []);
    assert_eq!(changed("t=0 0\r\n", "r=7d 1h 0\r\nt=0 0\r\n"), [SdpDefect::LineOrder]);
    assert_eq!(changed("a=label:1\r\n", "a=label:1\r\ns=-\r\n"), [SdpDefect::LineOrder]);
    assert_eq!(changed("s=-\r\n", "s=-\r\ns=-\r\n"), [SdpDefect::RepeatedLine('s')]);
}

#[test]
fn lines_off_their_grammar() {
    assert_eq!(changed("v=0", "v=x"), [SdpDefect::MalformedLine]);
    assert_eq!(changed("s=-", "s="), [SdpDefect::MalformedLine]);
    assert_eq!(changed("s=-", "s=a\0b"), [SdpDefect::ForbiddenOctet]);
    assert_eq!(changed("2890844527 IN", "IN"), [SdpDefect::MalformedOrigin]);
    assert_eq!(
        changed("c=IN IP4 127.0.0.1", "c=IN IP4"),
        [SdpDefect::MalformedConnection, SdpDefect::MissingLine('c')]
    );
    assert_eq!(changed("t=0 0", "t=0"), [SdpDefect::MalformedTime]);
    assert_eq!(changed("t=0 0\r\n", "t=0 0\r\nx=1\r\n"), [SdpDefect::UnknownLine('x')]);
    assert_eq!(changed("t=0 0\r\n", "t=0 0\r\n\r\n"), [SdpDefect::MalformedLine]);
    assert_eq!(changed("a=label:1", "a=:1"), [SdpDefect::MalformedLine]);
    assert_eq!(changed("a=label:1", "a=label:"), [SdpDefect::MalformedLine]);
    assert_eq!(changed("a=label:1", "a=la bel:1"), [SdpDefect::MalformedLine]);
}

#[test]
fn the_port_of_an_m_line() {
    assert_eq!(media("m=message 7654 ", "m=message 7654/2 ").port, 7654);
    assert_eq!(changed("m=message 7654 ", "m=message 7654/2 "), []);
    for port in ["70000", "x", "", "7654/", "7654/0", "+1"] {
        assert_eq!(changed("7654 TCP", &format!("{port} TCP")), [SdpDefect::MalformedMedia], "{port}");
        assert_eq!(media("7654 TCP", &format!("{port} TCP")).port, 0);
    }
    assert_eq!(changed("TCP/MSRP *", "TCP/MSRP"), [SdpDefect::MalformedMedia, SdpDefect::FormatNotStar]);
}

#[test]
fn connection_data_mirror_the_path() {
    assert_eq!(changed("m=message 7654 ", "m=message 7655 "), [SdpDefect::PortMismatch]);
    assert_eq!(changed("c=IN IP4 127.0.0.1", "c=IN IP4 127.0.0.2"), [SdpDefect::AddressMismatch]);
    assert_eq!(changed("msrp://127.0.0.1:7654", "msrp://127.0.0.1"), [SdpDefect::PathWithoutPort]);
    assert_eq!(changed("TCP/MSRP *", "TCP/MSRP 0"), [SdpDefect::FormatNotStar]);
    let relayed = "path:msrp://127.0.0.9:9000/relay;tcp msrp://127.0.0.1:7654/";
    assert_eq!(changed("path:msrp://127.0.0.1:7654/", relayed), []);
}

#[test]
fn an_active_endpoint_may_give_port_9() {
    let active = OFFER.replace("actpass", "active").replace("m=message 7654", "m=message 9");
    assert_eq!(kinds(&active), []);
    assert_eq!(kinds(&active.replace("1:7654/", "1:9/")), []);
    assert_eq!(kinds(&OFFER.replace("m=message 7654", "m=message 9")), [SdpDefect::PortMismatch]);
}

#[test]
fn an_address_is_compared_as_one() {
    let six = OFFER.replace("IP4 127.0.0.1", "IP6 0:0:0:0:0:0:0:1").replace("msrp://127.0.0.1", "msrp://[::1]");
    assert_eq!(kinds(&six), []);
    let name = OFFER.replace("127.0.0.1", "chat.example.com").replace("msrp://chat", "msrp://CHAT");
    assert_eq!(kinds(&name), []);
}

#[test]
fn a_rejected_media_needs_nothing() {
    let session = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\n";
    assert_eq!(kinds(&format!("{session}m=message 0 TCP/MSRP *\r\n")), []);
    assert_eq!(kinds(&format!("{session}m=message 0 TCP/MSRP *\r\na=path:nonsense\r\n")), []);
    assert_eq!(
        kinds(&format!("{session}m=message 1 TCP/MSRP *\r\nc=IN IP4 h\r\n")),
        [SdpDefect::MissingAcceptTypes, SdpDefect::MissingPath]
    );
    assert_eq!(kinds(&format!("{session}m=audio 1 RTP/AVP 0 8\r\nc=IN IP4 h\r\n")), []);
}

#[test]
fn a_malformed_path_is_no_path() {
    assert_eq!(changed("a=path:msrp:", "a=path:http:"), [SdpDefect::MalformedPath]);
    let media = media("a=path:msrp:", "a=path:http:");
    assert_eq!(media.path, []);
    assert_eq!(media.attributes[0], ("path".to_owned(), Some("http://127.0.0.1:7654/jshA7weztas;tcp".to_owned())));
}

#[test]
fn format_lists() {
    let with = |list: &str| changed("accept-types:message/cpim text/plain", &format!("accept-types:{list}"));
    for right in ["*", "message/* text/plain;charset=utf-8", "text/x;a=\"b c\\\"; d\";e=f", "message/cpim *"] {
        assert_eq!(with(right), [], "{right}");
    }
    for wrong in ["", "text", "text/", "/plain", "text/plain  text/html", "text/plain ", "text/plain;x", "a/b;c=\"d"] {
        assert_eq!(with(wrong), [SdpDefect::MalformedFormatList], "{wrong}");
    }
    assert_eq!(with(" message/cpim"), [SdpDefect::PaddedFormatList]);
    let padded = media("accept-types:message", "accept-types: message");
    assert_eq!(padded.accept_types, Some(strings(&["message/cpim", "text/plain"])));
    let quoted = media("accept-types:message/cpim", "accept-types:text/x;a=\"b c\"");
    assert_eq!(quoted.accept_types, Some(strings(&["text/x;a=\"b c\"", "text/plain"])));
}

#[test]
fn a_list_accepts_by_name_by_type_and_by_star() {
    let accepts = |types: &[&str], media_type: &str| Media::list_accepts(&strings(types), media_type);
    assert!(accepts(&["message/cpim"], "Message/CPIM"));
    assert!(accepts(&["text/plain;charset=utf-8"], "text/plain"));
    assert!(accepts(&["text/plain"], "text/plain; charset=utf-8"));
    assert!(accepts(&["image/*"], "IMAGE/png"));
    assert!(accepts(&["text/plain", "*"], "application/x-anything"));
    assert!(!accepts(&["image/*"], "text/plain"));
    assert!(!accepts(&["text/plain"], "text/html"));
    assert!(!accepts(&["text/plain"], "text"));
    assert!(!accepts(&["*"], ""));
    assert!(!accepts(&[], "text/plain"));
}

#[test]
fn the_chatroom_attribute() {
    const LINE: &str = "chatroom:nickname private-messages";
    let tokens = |line: &str| media(LINE, line).chatroom;
    assert_eq!(tokens(LINE), Some(strings(&["nickname", "private-messages"])));
    assert_eq!(tokens("chatroom"), Some(vec![]));
    assert_eq!(tokens("chatroom:"), Some(vec![]));
    assert_eq!(tokens("chatroom:NickName  com.example.chat.foo"), Some(strings(&["NickName", "com.example.chat.foo"])));
    assert_eq!(tokens("x-chatroom"), None);

    assert_eq!(changed(LINE, "chatroom"), []);
    assert_eq!(changed(LINE, "chatroom:nickname private-messages com.example.chat.foo"), []);
    for wrong in ["chatroom:", "chatroom: nickname", "chatroom:nickname  x", "chatroom:nickname ", "chatroom:a/b"] {
        assert_eq!(changed(LINE, wrong), [SdpDefect::MalformedChatroom], "{wrong}");
    }
    assert_eq!(changed(LINE, "chatroom:Nickname"), [SdpDefect::AttributeCase]);
    assert_eq!(changed(LINE, "Chatroom:nickname"), [SdpDefect::AttributeCase]);
    assert_eq!(changed(LINE, "chatroom\r\na=chatroom"), [SdpDefect::RepeatedAttribute]);
    assert_eq!(changed("t=0 0\r\n", "t=0 0\r\na=chatroom\r\n"), [SdpDefect::ChatroomAtSessionLevel]);
}

#[test]
fn a_repeated_chat_token_is_shown_where_it_stands() {
    let text = OFFER.replace("private-messages", "x nickname");
    let defects = parsed(&text).defects;
    let at = text.rfind("nickname").expect("the token");
    assert_eq!(
        defects,
        [crate::wire::Defect { kind: SdpDefect::RepeatedChatToken, span: Span { start: at, end: at + 8 } }]
    );
}

#[test]
fn max_size_and_setup() {
    assert_eq!(changed("max-size:4096", "max-size:4k"), [SdpDefect::MalformedMaxSize]);
    assert_eq!(media("max-size:4096", "max-size:4k").max_size, None);
    assert_eq!(changed("max-size:4096", "max-size:99999999999999999999999"), []);
    assert_eq!(media("max-size:4096", "max-size:99999999999999999999999").max_size, Some(u64::MAX));
    assert_eq!(media("actpass", "holdconn").setup, Some(Setup::Holdconn));
    assert_eq!(changed("actpass", "later"), [SdpDefect::MalformedSetup]);
}

#[test]
fn the_session_level_holds_where_the_media_is_silent() {
    let session = "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\na=inactive\r\na=setup:passive\r\n\
        a=fingerprint:SHA-256 AA:BB\r\n";
    let text = format!(
        "{session}m=message 1 TCP/TLS/MSRP *\r\nm=message 2 TCP/MSRP *\r\nc=IN IP6 ::1\r\na=sendonly\r\na=setup:active\r\n"
    );
    let media = parse(&text).media();
    assert_eq!(media[0].address.as_deref(), Some("10.0.0.1"));
    assert_eq!(media[0].direction.as_deref(), Some("inactive"));
    assert_eq!(media[0].setup, Some(Setup::Passive));
    assert_eq!(media[0].fingerprint.as_deref(), Some("SHA-256 AA:BB"));
    assert_eq!(media[1].address.as_deref(), Some("::1"));
    assert_eq!(media[1].direction.as_deref(), Some("sendonly"));
    assert_eq!(media[1].setup, Some(Setup::Active));
}

#[test]
fn a_description_is_written_in_the_usual_order() {
    let mut description = SessionDescription::new("alice", 1, 2, "127.0.0.1");
    description.push_media(&Media {
        media: "message".into(),
        port: 7654,
        protocol: "TCP/TLS/MSRP".into(),
        formats: "*".into(),
        address: Some("127.0.0.1".into()),
        path: vec![MsrpUri::new(true, "127.0.0.1", 7654, "s"), MsrpUri::new(true, "127.0.0.1", 7655, "t")],
        accept_types: Some(strings(&["message/cpim"])),
        accept_wrapped_types: Some(strings(&["text/plain", "*"])),
        max_size: Some(10),
        chatroom: Some(strings(&["nickname", "private-messages"])),
        setup: Some(Setup::Actpass),
        fingerprint: Some("SHA-256 AA".into()),
        direction: Some("sendrecv".into()),
        attributes: vec![("label".into(), Some("1".into())), ("chatroom".into(), None)],
    });
    description.push_media(&Media {
        media: "message".into(),
        protocol: "TCP/MSRP".into(),
        formats: "*".into(),
        address: Some("[::1]".into()),
        chatroom: Some(vec![]),
        ..Media::default()
    });
    assert_eq!(
        String::from_utf8_lossy(&description.octets()),
        "v=0\r\n\
         o=alice 1 2 IN IP4 127.0.0.1\r\n\
         s=-\r\n\
         c=IN IP4 127.0.0.1\r\n\
         t=0 0\r\n\
         m=message 7654 TCP/TLS/MSRP *\r\n\
         a=path:msrps://127.0.0.1:7654/s;tcp msrps://127.0.0.1:7655/t;tcp\r\n\
         a=accept-types:message/cpim\r\n\
         a=accept-wrapped-types:text/plain *\r\n\
         a=max-size:10\r\n\
         a=setup:actpass\r\n\
         a=chatroom:nickname private-messages\r\n\
         a=fingerprint:SHA-256 AA\r\n\
         a=sendrecv\r\n\
         a=label:1\r\n\
         a=chatroom\r\n\
         m=message 0 TCP/MSRP *\r\n\
         c=IN IP6 ::1\r\n\
         a=chatroom\r\n"
    );
}

#[test]
fn what_is_written_is_read_back() {
    let before = parse(OFFER).media().remove(0);
    let mut description = SessionDescription::new("", 1, 1, "127.0.0.1");
    description.push_media(&before);
    assert_eq!(description.media(), [before]);
    assert_eq!(description.lines[1].value, b"- 1 1 IN IP4 127.0.0.1".as_slice());
}

/// RFC 7701, 9.1: the answer of the focus, which lacks its t-line (T08).
#[test]
fn the_answer_of_rfc_7701() {
    let answer = "v=0\r\n\
        o=chat 2890844527 2890844527 IN IP4 chat.example.com\r\n\
        s=-\r\n\
        c=IN IP4 chat.example.com\r\n\
        m=message 12763 TCP/MSRP *\r\n\
        a=accept-types:message/cpim\r\n\
        a=accept-wrapped-types:text/plain text/html *\r\n\
        a=path:msrp://chat.example.com:12763/kjhd37s2s20w2a;tcp\r\n\
        a=chatroom:nickname private-messages\r\n";
    let parsed = parsed(answer);
    insta::assert_debug_snapshot!("answer_of_rfc_7701", (parsed.defects, parsed.tree.media()));
}

proptest! {
    #[test]
    fn any_octets_are_kept_and_none_panic(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        let parsed = SessionDescription::parse(Bytes::from(octets.clone()));
        prop_assert_eq!(parsed.tree.octets(), octets.as_slice());
        for defect in &parsed.defects {
            prop_assert!(defect.span.start <= defect.span.end && defect.span.end <= octets.len());
        }
        prop_assert!(parsed.defects.is_sorted_by_key(|defect| defect.span.start));
        parsed.tree.media();
    }

    #[test]
    fn near_descriptions_are_kept_and_none_panic(
        lines in proptest::collection::vec("[vosctmka]=[ -~]{0,40}(\r\n|\n)|m=message [0-9/]{1,6} TCP/MSRP [*]\r\n|\
            a=(path|accept-types|chatroom|max-size|setup)(:[ -~]{0,30})?\r\n", 0..20)
    ) {
        let text = lines.concat();
        let parsed = parsed(&text);
        prop_assert_eq!(parsed.tree.octets(), text.as_bytes());
        prop_assert_eq!(parsed.tree.media().len(), parsed.tree.lines.iter().filter(|line| line.kind == b'm').count());
    }
}
