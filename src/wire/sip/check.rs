//! What one message alone can violate: mandatory, repeated and malformed headers (RFC 3261, 8.1.1 and 20).

use super::lines;
use super::names::{SINGLE_COUNT, single};
use super::parse::{Defects, note};
use super::values::{self, CSeq, Via};
use super::{SipDefect, SipMessage, Start, long_name};
use crate::wire::Span;
use crate::wire::header::Header;

/// Notes the violations; `spans` are those of the header lines, `end` is where they end and a missing one would stand.
pub(super) fn message(tree: &SipMessage, spans: &[Span], end: usize, defects: &mut Defects) {
    let mut seen = [false; SINGLE_COUNT];
    for (header, span) in tree.headers.0.iter().zip(spans) {
        if let Some((at, name)) = single(&header.name)
            && let Some(seen) = seen.get_mut(at)
        {
            if *seen {
                note(defects, SipDefect::RepeatedHeader(name), span.start, span.end);
            }
            *seen = true;
        }
        if let Some(name) = malformed(header) {
            note(defects, SipDefect::MalformedValue(name), span.start, span.end);
        }
    }
    mandatory(tree, end, defects);
    cseq_method(tree, spans, defects);
}

/// The registered name of a header whose value is off its grammar.
fn malformed(header: &Header) -> Option<&'static str> {
    const CHECKED: [&str; 11] = [
        "Call-ID",
        "Contact",
        "Content-Length",
        "Expires",
        "CSeq",
        "From",
        "Max-Forwards",
        "Record-Route",
        "Route",
        "To",
        "Via",
    ];
    let long = long_name(&header.name);
    let name = CHECKED.into_iter().find(|name| name.as_bytes().eq_ignore_ascii_case(long))?;
    let text = header.text();
    let well_formed = match name {
        "Call-ID" => !text.is_empty() && !text.contains(char::is_whitespace),
        "Contact" => text == "*" || each(&text, |value| values::name_addr(value).is_some_and(|(_, strict)| strict)),
        "Content-Length" => lines::number(text.as_bytes()).is_some(),
        "CSeq" => CSeq::parse(&text).is_some_and(|cseq| cseq.number < 1 << 31),
        "Expires" => lines::number(text.as_bytes()).is_some_and(|seconds| u32::try_from(seconds).is_ok()),
        "Max-Forwards" => lines::number(text.as_bytes()).is_some_and(|hops| hops <= 255),
        "Record-Route" | "Route" => {
            each(&text, |value| value.contains('<') && values::name_addr(value).is_some_and(|(_, strict)| strict))
        }
        "Via" => each(&text, |value| values::via(value).is_some_and(|(_, strict): (Via, bool)| strict)),
        _ => values::name_addr(&text).is_some_and(|(_, strict)| strict),
    };
    (!well_formed).then_some(name)
}

/// Whether a list has elements and all of them are well-formed.
fn each(text: &str, well_formed: impl Fn(&str) -> bool) -> bool {
    let elements = values::split_raw(text);
    !elements.is_empty() && elements.iter().all(|element| well_formed(element))
}

fn mandatory(tree: &SipMessage, end: usize, defects: &mut Defects) {
    let mut wanted = vec!["To", "From", "CSeq", "Call-ID", "Via"];
    match &tree.start {
        Start::Request { method, .. } => {
            wanted.push("Max-Forwards");
            if method == "INVITE" {
                wanted.push("Contact");
            }
        }
        Start::Response { status: 200..300, .. } if tree.cseq().is_some_and(|cseq| cseq.method == "INVITE") => {
            wanted.push("Contact");
        }
        Start::Response { .. } => {}
    }
    for name in wanted {
        if tree.lines(name).next().is_none() {
            note(defects, SipDefect::MissingHeader(name), end, end);
        }
    }
}

/// The method of CSeq must be that of the request (RFC 3261, 8.1.1.5).
fn cseq_method(tree: &SipMessage, spans: &[Span], defects: &mut Defects) {
    let (Some(method), Some(cseq)) = (tree.method(), tree.cseq()) else { return };
    if cseq.method == method {
        return;
    }
    let place = tree.headers.0.iter().zip(spans).find(|(header, _)| header.is("CSeq"));
    if let Some((_, span)) = place {
        note(defects, SipDefect::CSeqMethod, span.start, span.end);
    }
}
