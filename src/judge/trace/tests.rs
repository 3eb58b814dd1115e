use super::*;

fn at(octets: &[u8], span: Option<Span>) -> &str {
    let span = span.expect("a span");
    std::str::from_utf8(&octets[span.start..span.end]).expect("text")
}

#[test]
fn a_header_line_is_found_whole_whatever_its_letter_case() {
    let octets = b"MSRP x SEND\r\nTo-Path: a\r\nto-path-x: b\r\nFrom-Path : c\r\nFrom: d\r\n";
    assert_eq!(at(octets, header_line(octets, "to-PATH")), "To-Path: a\r\n");
    assert_eq!(at(octets, header_line(octets, "From-Path")), "From-Path : c\r\n");
    assert_eq!(at(octets, header_line(octets, "From")), "From: d\r\n");
    assert_eq!(header_line(octets, "Path"), None);
    assert_eq!(header_line(b"", "To"), None);
    // The last line may have no end.
    assert_eq!(at(b"To: x", header_line(b"To: x", "To")), "To: x");
}

/// A trace with one message, of which only the octets matter.
fn one_message(octets: &'static [u8]) -> Trace {
    let octets = Bytes::from_static(octets);
    let message = Message::Garbage(octets.clone(), String::new());
    let (at, participant) = (Moment::ZERO, "Alice".to_owned());
    let observed =
        Observed { at, event: 4, pco: PcoId(0), participant, direction: Direction::FromIut, message, octets };
    Trace { observed: vec![observed], ..Trace::default() }
}

#[test]
fn evidence_points_at_the_part_that_decided() {
    let octets: &[u8] = b"MSRP x 200 OK\r\nTo-Path: a\r\n-------x$\r\n";
    let trace = one_message(octets);
    let first = trace.evidence_start(0, "the answer");
    assert_eq!((first.event, first.caption.as_str()), (Some(4), "the answer"));
    assert_eq!(at(octets, first.decisive), "MSRP x 200 OK\r\n");
    assert_eq!(at(octets, trace.evidence_end(0, "").decisive), "-------x$\r\n");
    assert_eq!(at(octets, trace.evidence_header(0, "", "To-Path").decisive), "To-Path: a\r\n");
    let beyond = trace.evidence_span(0, "", Span { start: 5, end: 1000 });
    assert_eq!(beyond.decisive, Some(Span { start: 5, end: octets.len() }));
    let reversed = trace.evidence_span(0, "", Span { start: 1000, end: 3 });
    assert_eq!(reversed.decisive, Some(Span { start: 3, end: 3 }));
    // A message without a line end is its own first and last line.
    let bare = one_message(b"MSRP");
    assert_eq!(bare.evidence_start(0, "").decisive, Some(Span { start: 0, end: 4 }));
    assert_eq!(bare.evidence_end(0, "").decisive, Some(Span { start: 0, end: 4 }));
}
