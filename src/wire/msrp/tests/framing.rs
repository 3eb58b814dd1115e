//! Streams, cut anywhere.

use super::*;

fn framer() -> Framer {
    Framer::new(FramerLimits::default())
}

fn drained(framer: &mut Framer) -> Vec<Result<Framed, FramingError>> {
    let mut out = Vec::new();
    while let Some(next) = framer.next_message() {
        let over = next.is_err();
        out.push(next);
        if over {
            break;
        }
    }
    out
}

fn at_once(stream: &[u8], limits: FramerLimits) -> (Vec<Result<Framed, FramingError>>, Vec<u8>) {
    let mut framer = Framer::new(limits);
    framer.push(stream);
    (drained(&mut framer), framer.pending().to_vec())
}

fn in_pieces(stream: &[u8], limits: FramerLimits, cuts: &[usize]) -> Vec<Result<Framed, FramingError>> {
    let (mut framer, mut out, mut rest, mut cuts) = (Framer::new(limits), Vec::new(), stream, cuts.iter().cycle());
    while !rest.is_empty() && !out.iter().any(Result::is_err) {
        let (now, later) = rest.split_at((*cuts.next().unwrap()).clamp(1, rest.len()));
        framer.push(now);
        out.extend(drained(&mut framer));
        rest = later;
    }
    out
}

fn bodies(stream: &[u8]) -> Vec<Option<String>> {
    let (whole, pending) = at_once(stream, FramerLimits::default());
    assert_eq!(pending, b"", "all of it is framed");
    assert_eq!(in_pieces(stream, FramerLimits::default(), &[1]), whole, "octet by octet");
    let octets: Vec<u8> = whole.iter().flat_map(|framed| framed.as_ref().unwrap().octets.to_vec()).collect();
    assert_eq!(octets, stream);
    let body = |framed: Result<Framed, FramingError>| framed.unwrap().message.body;
    whole.into_iter().map(|framed| body(framed).map(|body| body.escape_ascii().to_string())).collect()
}

#[test]
fn what_looks_like_an_end_line_is_body() {
    for body in [
        "",
        "-",
        "-------",
        "-------a786hjs2",
        "-------a786hjs2x",
        "-------a786hjs2$x",
        "-------a786hjs2$\r",
        "-------a786hjs3$\r\n",
        "x-------a786hjs2$\r\n",
        "x\n-------a786hjs2$\r\n",
        "x\r-------a786hjs2$\r\n",
        "x\r\n-------a786hjs2",
        "x\r\n-------a786hjs2\r\n",
        "x\r\n-------a786hjs2$ \r\n",
        "x\r\n-------a786hjs2$\n",
        "x\r\n-------A786HJS2$\r\n",
        "x\r\n--------a786hjs2$\r\n",
        "x\r\n------a786hjs2$\r\n",
        "x\r\n-------other$\r\n",
        "\r\n\r\n\r\n",
        "\r",
        "x\r\n-------\r\n-------\r\n-------a786",
        "MSRP a786hjs2 SEND\r\n\r\n",
    ] {
        let stream = written("MSRP a786hjs2 SEND", &format!("Content-Type: a/b\r\n\r\n{body}\r\n"), '$');
        assert_eq!(bodies(&stream), [Some(body.escape_default().to_string())], "{body:?}");
    }
}

#[test]
fn messages_follow_each_other() {
    let mut stream = written("MSRP abcd SEND", "", '$');
    stream.extend(written("MSRP efgh SEND", "Content-Type: a/b\r\n\r\n\r\n", '+'));
    stream.extend(written("MSRP efgh 200 OK", "", '$'));
    stream.extend(written("MSRP ijkl SEND", "\r\n", '#'));
    stream.extend(b"MSRP mnop SEND\r\n-------mnop$\r\n");
    stream.extend(b"MSRP qrst SEND\nX: y\n-------qrst$\n");
    assert_eq!(bodies(&stream), [None, Some(String::new()), None, Some(String::new()), None, None]);
}

#[test]
fn what_is_no_msrp_stays_in_error() {
    for (stream, shown) in [
        (&b"msrp abcd SEND\r\n"[..], "m"),
        (b"MSRQ", "MSRQ"),
        (b"\r\nMSRP abcd SEND\r\n", r"\r"),
        (b"MSRP\tabcd SEND\r\n", r"MSRP\t"),
        (b"MSRP abcd\r\n", "MSRP abcd"),
        (b"MSRP abcd \r\n", "MSRP abcd "),
        (b"MSRP  \n", "MSRP  "),
    ] {
        let (whole, _) = at_once(stream, FramerLimits::default());
        assert_eq!(whole, [Err(FramingError::NotMsrp(shown.to_owned()))]);
        assert_eq!(in_pieces(stream, FramerLimits::default(), &[1]), whole);
        let mut framer = framer();
        framer.push(stream);
        let first = framer.next_message();
        framer.push(&written("MSRP abcd SEND", "", '$'));
        assert_eq!(framer.next_message(), first);
        assert_eq!(framer.pending(), stream, "kept as evidence");
    }
    for begun in [&b""[..], b"M", b"MSRP ", b"MSRP abcd", b"MSRP abcd SEND\r"] {
        assert_eq!(at_once(begun, FramerLimits::default()), (vec![], begun.to_vec()));
    }
}

#[test]
fn bounds_hold_to_the_octet() {
    let stream = written("MSRP abcd SEND", "Content-Type: a/b\r\n\r\n0123456789\r\n", '$');
    let headers = stream.len() - "0123456789\r\n-------abcd$\r\n".len();
    let both = |limits| {
        let (whole, _) = at_once(&stream, limits);
        assert_eq!(in_pieces(&stream, limits, &[1]), whole);
        whole.into_iter().next().unwrap()
    };
    assert!(both(FramerLimits { headers, body: 10 }).is_ok());
    assert_eq!(both(FramerLimits { headers, body: 9 }), Err(FramingError::BodyTooLong(9)));
    assert_eq!(both(FramerLimits { headers: headers - 1, body: 10 }), Err(FramingError::HeadersTooLong(headers - 1)));
}

#[test]
fn near_end_lines_cost_linear_work() {
    // Were each segment to look at all that came before, this would be 10^11 steps and never end.
    let near = b"\r\n-------a786hjs2x-------a786hjs2$\r\n-------a786hjs\r\n\r\n--";
    let mut body = near.repeat(4 * 1024 * 1024 / near.len());
    body.push(b'x');
    let mut stream = written("MSRP a786hjs2 SEND", "Content-Type: a/b\r\n\r\n#\r\n", '$');
    let at = stream.iter().position(|octet| *octet == b'#').unwrap();
    stream.splice(at..=at, body.iter().copied());
    let mut framer = framer();
    for segment in stream.chunks(100) {
        assert!(framer.next_message().is_none());
        framer.push(segment);
    }
    let framed = framer.next_message().unwrap().unwrap();
    assert!(framed.message.body.as_deref() == Some(&body[..]));
    assert!(framed.octets == stream);
    assert!(framer.pending().is_empty());
}

#[test]
fn many_buffered_messages_cost_linear_work() {
    let one = written("MSRP abcd SEND", "Message-ID: abcd\r\nContent-Type: a/b\r\n\r\nhello\r\n", '$');
    let mut framer = framer();
    framer.push(&one.repeat(20_000));
    let framed = drained(&mut framer);
    assert_eq!(framed.len(), 20_000);
    assert!(framed.iter().all(|framed| framed.as_ref().is_ok_and(|framed| framed.octets == one)));
}

prop_compose! {
    fn message()(
        transaction in "[a-z0-9]{4,8}",
        response in any::<bool>(),
        lines in prop::collection::vec("[A-Za-z-]{1,9}:[ -~]{0,12}(\r\n|\n)", 0..4),
        body in prop::option::of("(\r\n|\r|\n|-------|abcd|\\$|x){0,12}"),
        flag in prop::sample::select(vec!['$', '+', '#']),
    ) -> Vec<u8> {
        let rest = lines.concat() + &body.map(|body| format!("\r\n{body}\r\n")).unwrap_or_default();
        let word = if response { "200 OK" } else { "SEND" };
        written(&format!("MSRP {transaction} {word}"), &rest, flag)
    }
}

proptest! {
    #[test]
    fn cuts_make_no_difference(
        messages in prop::collection::vec(message(), 1..5),
        cuts in prop::collection::vec(1usize..40, 1..12),
    ) {
        let stream = messages.concat();
        let (whole, pending) = at_once(&stream, FramerLimits::default());
        prop_assert_eq!(pending, b"");
        prop_assert_eq!(whole.len(), messages.len());
        for (framed, octets) in whole.iter().zip(&messages) {
            let framed = framed.as_ref().unwrap();
            prop_assert_eq!(&framed.octets, octets);
            prop_assert_eq!(&framed.message.octets(), octets);
        }
        prop_assert_eq!(in_pieces(&stream, FramerLimits::default(), &cuts), whole);
    }

    #[test]
    fn mutations_lose_no_octet(
        mut octets in message(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..6),
        cuts in prop::collection::vec(1usize..9, 1..5),
    ) {
        for (at, octet, what) in changes {
            let at = at.index(octets.len());
            match what {
                0 => octets[at] = octet,
                1 => octets.insert(at, octet),
                _ => drop(octets.remove(at)),
            }
            if octets.is_empty() { break; }
        }
        let limits = FramerLimits { headers: 150, body: 30 };
        let (whole, pending) = at_once(&octets, limits);
        let mut given = Vec::new();
        for framed in whole.iter().flatten() {
            prop_assert_eq!(framed.message.octets(), &framed.octets);
            given.extend_from_slice(&framed.octets);
        }
        given.extend_from_slice(&pending);
        prop_assert_eq!(&given, &octets);
        prop_assert_eq!(in_pieces(&octets, limits, &cuts), whole);
        if let Some(parsed) = MsrpMessage::parse(octets.clone().into()) {
            prop_assert_eq!(parsed.tree.octets(), octets);
        }
    }

    #[test]
    fn nothing_panics(octets in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,40}") {
        let _ = MsrpMessage::parse(octets.clone().into());
        let _ = MsrpMessage::parse([b"MSRP ", &octets[..]].concat().into());
        let _ = parse_nickname(&octets);
        let _ = text.parse::<ByteRange>();
        prop_assert_eq!(parse_nickname(quote_nickname(&text).as_bytes()), Ok(text));
    }
}
