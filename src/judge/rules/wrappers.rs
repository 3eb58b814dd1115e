//! The form of the Message/CPIM wrappers that the room itself writes (RFC 3862). What it passes on is its senders'.

use super::chat::same_uri;
use super::chunks::delivered;
use super::{Bench, Rule};
use crate::judge::trace::{Delivery, Trace};
use crate::wire::cpim::{Address, CpimDefect, CpimMessage};
use crate::wire::header::Header;
use crate::wire::{Defect, Parsed};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-CPIM-001",
        purpose: "A CPIM header of the room is one line: name, colon, parameters, one blank, value and CRLF.",
        requirements: &[
            "RFC3862-2.2-3",
            "RFC3862-2.2-4",
            "RFC3862-2.2-6",
            "RFC3862-2.2-8",
            "RFC3862-2.2-10",
            "RFC3862-2.2-11",
            "RFC3862-2.2-14",
            "RFC3862-3-1",
            "RFC3862-3.1-1",
            "RFC3862-3.2-2",
            "RFC3862-3.6-2",
            "RFC3862-3.6-5",
            "RFC3862-4.1-1",
            "RFC3862-4.2-1",
        ],
        level: "MUST",
        judge: lines,
    },
    Rule {
        id: "RULE-CPIM-002",
        purpose: "The CPIM headers of the room are UTF-8 without control characters.",
        requirements: &[
            "RFC3862-2.2-9",
            "RFC3862-2.2-12",
            "RFC3862-2.2-13",
            "RFC3862-2.3-1",
            "RFC3862-3-2",
            "RFC3862-3.2-2",
            "RFC3862-3.6-6",
        ],
        level: "MUST",
        judge: characters,
    },
    Rule {
        id: "RULE-CPIM-003",
        purpose: "Escapes in the CPIM headers of the room are those of RFC 3862, and stand where one is needed.",
        requirements: &[
            "RFC3862-2.3.1-1",
            "RFC3862-2.3-3",
            "RFC3862-2.3-4",
            "RFC3862-2.3.1-2",
            "RFC3862-2.3.1-4",
            "RFC3862-2.3.1-5",
            "RFC3862-2.3.1-6",
        ],
        level: "MUST",
        judge: escapes,
    },
    Rule {
        id: "RULE-CPIM-004",
        purpose: "The room writes the names of the core headers in the letters of RFC 3862.",
        requirements: &["RFC3862-3-3", "RFC3862-3.6-1", "RFC3862-4-4"],
        level: "MUST",
        judge: names,
    },
    Rule {
        id: "RULE-CPIM-005",
        purpose: "The room declares each prefix before it uses it, by an absolute URI, and lists header names in Require.",
        requirements: &["RFC3862-3.4-8", "RFC3862-3.4-5", "RFC3862-3.4-6", "RFC3862-4.6-1", "RFC3862-4.7-1"],
        level: "MUST",
        judge: name_spaces,
    },
    Rule {
        id: "RULE-CPIM-006",
        purpose: "DateTime of the room is a time of RFC 3339, and Subject has no parameter but a language.",
        requirements: &["RFC3862-4.4-1", "RFC3862-4.5-1", "RFC3862-3.2-1"],
        level: "PROSE",
        judge: values,
    },
];

/// A message of the room itself.
struct Own<'a> {
    delivery: &'a Delivery,
    wrapper: &'a Parsed<CpimMessage, CpimDefect>,
    /// Where its CPIM headers end; MIME headers behind or, in the glued form (T12), among them have rules of their own.
    end: usize,
}

impl Own<'_> {
    /// The CPIM headers.
    fn headers(&self) -> impl Iterator<Item = &Header> {
        self.wrapper.tree.headers.0.iter().take_while(|header| !is_mime(header))
    }

    /// What is wrong within them.
    fn defects(&self) -> impl Iterator<Item = &Defect<CpimDefect>> {
        self.wrapper.defects.iter().filter(|defect| defect.span.end <= self.end)
    }

    fn fail(&self, trace: &Trace, bench: &mut Bench, expected: &str, observed: String) {
        bench.fail(expected, observed, vec![trace.evidence(self.delivery.first(), "the message of the room")]);
    }

    fn advise(&self, trace: &Trace, bench: &mut Bench, expected: &str, observed: String) {
        bench.advise(expected, observed, vec![trace.evidence(self.delivery.first(), "the message of the room")]);
    }
}

fn is_mime(header: &Header) -> bool {
    header.name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"Content-"))
}

/// What the room signs with its own URI, in whatever letters From is written.
fn own(trace: &Trace) -> impl Iterator<Item = Own<'_>> {
    delivered(trace).filter(|delivery| delivery.complete && !delivery.disorderly).filter_map(|delivery| {
        let session = trace.sessions.get(delivery.session?)?;
        let wrapper = delivery.wrapper.as_ref()?;
        let signed = wrapper.tree.headers.0.iter().any(|header| {
            header.is("From")
                && Address::parse(&header.text()).is_some_and(|address| same_uri(&address.uri, &session.room))
        });
        let headers = wrapper.tree.headers.0.iter().take_while(|header| !is_mime(header));
        let end = headers.map(Header::length).sum();
        signed.then_some(Own { delivery, wrapper, end })
    })
}

fn lines(trace: &Trace, bench: &mut Bench) {
    for post in own(trace) {
        bench.observe();
        for defect in post.defects() {
            let expected = match defect.kind {
                CpimDefect::MalformedHeader => "header lines of a name, a colon and a value (RFC 3862, 2.2 and 3.6)",
                CpimDefect::HeaderSpacing => {
                    "one blank before the value and none at an end of the line (RFC 3862, 2.2)"
                }
                CpimDefect::BareLineEnd => "lines that end in CRLF (RFC 3862, 2.2)",
                CpimDefect::MalformedAddress => "an optional name and a URI in brackets (RFC 3862, 4.1 and 4.2)",
                _ => continue,
            };
            post.fail(trace, bench, expected, format!("{:?}", defect.kind));
        }
    }
}

fn characters(trace: &Trace, bench: &mut Bench) {
    for post in own(trace) {
        bench.observe();
        if post.defects().any(|defect| defect.kind == CpimDefect::BadUtf8) {
            post.fail(trace, bench, "headers in UTF-8 (RFC 3862, 2.2 and 3)", "octets that are not UTF-8".to_owned());
        }
        for header in post.headers() {
            if let Some(octet) = header.value.iter().find(|octet| octet.is_ascii_control()) {
                let observed = format!("the octet {octet:#04x} in {}", String::from_utf8_lossy(&header.name));
                post.fail(trace, bench, "escapes for control characters (RFC 3862, 2.3)", observed);
            }
        }
    }
}

/// What is wrong with a backslash.
#[derive(Debug, PartialEq, Eq)]
enum Misuse {
    /// No escape of RFC 3862, or one where another is to be used.
    Wrong(String),
    /// An escape that the grammar knows, of what need not be escaped here.
    Needless(String),
}

/// The misused escapes of a value. Quotes have a meaning at the beginning of a formal name only, but a reader may see a
/// string in any text.
fn misused(value: &str) -> Vec<Misuse> {
    let mut found = Vec::new();
    let (mut quoted, mut rest) = (false, value);
    while let Some(at) = rest.find(['\\', '"']) {
        let tail = rest.get(at..).unwrap_or_default();
        if tail.starts_with('"') {
            quoted = !quoted;
            rest = tail.get(1..).unwrap_or_default();
            continue;
        }
        let code = tail.get(2..6).filter(|code| code.bytes().all(|octet| octet.is_ascii_hexdigit()));
        let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
        let taken = match (tail.chars().nth(1), code) {
            (Some('u'), Some(code)) => {
                let short = matches!(code, 8..=10 | 13);
                if short || !(code < 0x20 || code == 0x7F) {
                    found.push(Misuse::Wrong(format!("\\u{code:04x}")));
                }
                6
            }
            (Some('\\' | 'b' | 't' | 'n' | 'r'), _) => 2,
            (Some(quote @ ('"' | '\'')), _) => {
                if quote == '\'' || !quoted {
                    found.push(Misuse::Needless(format!("\\{quote}")));
                }
                2
            }
            (Some(other), _) => {
                found.push(Misuse::Wrong(format!("\\{other}")));
                1 + other.len_utf8()
            }
            (None, _) => {
                found.push(Misuse::Wrong("a backslash at the end".to_owned()));
                1
            }
        };
        rest = tail.get(taken..).unwrap_or_default();
    }
    found
}

fn escapes(trace: &Trace, bench: &mut Bench) {
    const EXPECTED: &str = "the escapes of RFC 3862, 2.3, where one is needed (2.3.1)";
    for post in own(trace) {
        bench.observe();
        for header in post.headers() {
            let Ok(value) = std::str::from_utf8(&header.value) else { continue };
            for misuse in misused(value) {
                match misuse {
                    Misuse::Wrong(what) => post.fail(trace, bench, EXPECTED, what),
                    Misuse::Needless(what) => post.advise(trace, bench, EXPECTED, what),
                }
            }
            let address = matches!(&*header.name, b"From" | b"To" | b"cc");
            if address && value.contains('"') && Address::parse(value).is_none() {
                post.fail(trace, bench, "escapes for quotes within a quoted name (RFC 3862, 2.3.1)", value.to_owned());
            }
        }
    }
}

/// RFC 4975 and RFC 7701 themselves write cc in other letters (T17), and a header that no message needs may be unknown
/// on purpose: beyond doubt are From and To.
fn names(trace: &Trace, bench: &mut Bench) {
    for post in own(trace) {
        bench.observe();
        const CORE: [&str; 7] = ["From", "To", "cc", "DateTime", "Subject", "NS", "Require"];
        for header in post.headers() {
            let name = String::from_utf8_lossy(&header.name);
            let local = name.rsplit('.').next().unwrap_or_default();
            let Some(core) = CORE.iter().find(|core| core.eq_ignore_ascii_case(local) && **core != local) else {
                continue;
            };
            // A name of another name space may be written in any way.
            let foreign = post.headers().any(|other| &*other.name == b"NS") || name.contains('.');
            if !matches!(*core, "From" | "To") || foreign {
                post.advise(trace, bench, "the name as RFC 3862, 4 has it (T17)", name.into_owned());
            } else {
                post.fail(trace, bench, "the name as RFC 3862, 4 has it", name.into_owned());
            }
        }
    }
}

fn name_spaces(trace: &Trace, bench: &mut Bench) {
    for post in own(trace) {
        bench.observe();
        if post.defects().any(|defect| defect.kind == CpimDefect::MalformedNamespace) {
            let expected = "NS with an optional prefix and an absolute URI in brackets (RFC 3862, 3.4 and 4.6)";
            post.fail(trace, bench, expected, "another NS".to_owned());
        }
        let mut declared: Vec<String> = Vec::new();
        for header in post.headers() {
            let (name, value) = (String::from_utf8_lossy(&header.name), header.text());
            if let Some((prefix, _)) = name.split_once('.')
                && !declared.iter().any(|known| known == prefix)
            {
                post.fail(trace, bench, "NS before the use of a prefix (RFC 3862, 3.4)", name.clone().into_owned());
            }
            if name == "NS" {
                if value.contains('#') {
                    post.fail(trace, bench, "a URI without a fragment (RFC 3862, 3.4)", value.clone().into_owned());
                }
                declared.push(value.split('<').next().unwrap_or_default().trim().to_owned());
            }
            if name == "Require" {
                let sound = |part: &str| !part.is_empty() && !part.contains([' ', ';', ':', '<', '"']);
                if !value.split(',').all(|part| sound(part.trim_matches(' '))) {
                    let expected = "names of headers with commas between (RFC 3862, 4.7)";
                    post.fail(trace, bench, expected, value.into_owned());
                }
            }
        }
    }
}

fn values(trace: &Trace, bench: &mut Bench) {
    for post in own(trace) {
        bench.observe();
        for header in post.headers() {
            let value = header.text();
            let sound = match &*header.name {
                b"DateTime" => is_time(&value),
                b"Subject" if value.starts_with(';') && &*header.separator == b":" => {
                    let tag = value.strip_prefix(";lang=").and_then(|rest| rest.split_once(' ')).map(|(tag, _)| tag);
                    let letter = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-';
                    tag.is_some_and(|tag| !tag.is_empty() && tag.bytes().all(letter))
                }
                _ => continue,
            };
            if !sound {
                let expected =
                    "a DateTime of RFC 3339 and a Subject with no parameter but lang (RFC 3862, 4.4 and 4.5)";
                post.fail(trace, bench, expected, value.into_owned());
            }
        }
    }
}

/// `date-time` of RFC 3339, to the letter but not to the calendar.
fn is_time(text: &str) -> bool {
    let shape = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(octet, wanted)| match wanted {
                b'0' => octet.is_ascii_digit(),
                wanted => octet.eq_ignore_ascii_case(&wanted),
            })
    };
    let (Some(start), Some(rest)) = (text.get(..19), text.get(19..)) else { return false };
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() { "" } else { zone }
        }
        None => rest,
    };
    let zoned = shape(zone, "Z") || (zone.starts_with(['+', '-']) && shape(zone.get(1..).unwrap_or_default(), "00:00"));
    shape(start, "0000-00-00T00:00:00") && zoned
}

#[cfg(test)]
mod tests {
    use super::{Misuse, is_time, misused};

    #[test]
    fn times_have_a_zone() {
        for good in ["2001-02-02T10:48:54-05:00", "2026-01-15T12:00:00Z", "2026-01-15T12:00:00.25+01:00"] {
            assert!(is_time(good), "{good}");
        }
        for bad in ["2001-02-02T10:48:54", "Thu, 15 Jan 2026 12:00:00 +0000", "2026-01-15T12:00:00.Z", "", "2026-01-15"]
        {
            assert!(!is_time(bad), "{bad}");
        }
    }

    #[test]
    fn escapes_are_weighed() {
        assert_eq!(misused(r#""a \"b\" \\ \u0007" <sip:a@x> \t\n"#), []);
        assert_eq!(misused(r"C:\Room"), [Misuse::Wrong("\\R".into())]);
        assert_eq!(misused(r"caf\u00e9 \u0009"), [Misuse::Wrong("\\u00e9".into()), Misuse::Wrong("\\u0009".into())]);
        assert_eq!(misused(r#"say \"hi\'"#), [Misuse::Needless("\\\"".into()), Misuse::Needless("\\'".into())]);
        assert_eq!(misused("end\\"), [Misuse::Wrong("a backslash at the end".into())]);
    }
}
