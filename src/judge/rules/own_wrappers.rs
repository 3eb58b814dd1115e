//! The wrappers that the room itself writes (RFC 3862): notices, welcomes, history. What it passes on of others it must
//! not mend, so only messages that are signed with the room's URI are judged.

use super::chat::{Post, posts, same_uri};
use super::{Bench, Rule};
use crate::judge::trace::{Direction, Trace};
use crate::wire::cpim::{Address, CpimDefect};
use crate::wire::header::Header;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-CPIM-001",
        purpose: "Each header of the room's own wrappers is one line: name, colon, one blank, value, CRLF.",
        requirements: &[
            "RFC3862-2.2-14",
            "RFC3862-2.2-3",
            "RFC3862-2.2-4",
            "RFC3862-2.2-6",
            "RFC3862-2.2-8",
            "RFC3862-2.2-10",
            "RFC3862-2.2-11",
            "RFC3862-2.2-12",
            "RFC3862-2.2-13",
            "RFC3862-2.3-1",
            "RFC3862-2.3.1-5",
            "RFC3862-3-1",
            "RFC3862-3.1-1",
            "RFC3862-3.2-2",
            "RFC3862-3.6-2",
            "RFC3862-3.6-5",
        ],
        level: "MUST",
        judge: lines,
    },
    Rule {
        id: "RULE-CPIM-002",
        purpose: "The headers of the room's own wrappers are in UTF-8.",
        requirements: &["RFC3862-2.2-9", "RFC3862-3-2", "RFC3862-3.6-6"],
        level: "MUST",
        judge: utf8,
    },
    Rule {
        id: "RULE-CPIM-003",
        purpose: "The headers of the room's own wrappers use the escapes of Message/CPIM, and only where they are due.",
        requirements: &[
            "RFC3862-2.3.1-6",
            "RFC3862-2.3-3",
            "RFC3862-2.3-4",
            "RFC3862-2.3.1-1",
            "RFC3862-2.3.1-2",
            "RFC3862-2.3.1-4",
        ],
        level: "MUST",
        judge: escapes,
    },
    Rule {
        id: "RULE-CPIM-004",
        purpose: "Name spaces of the room's own wrappers are absolute URIs, declared before a prefix is used.",
        requirements: &["RFC3862-3.4-8", "RFC3862-3.4-5", "RFC3862-3.4-6", "RFC3862-4.6-1"],
        level: "MUST",
        judge: name_spaces,
    },
    Rule {
        id: "RULE-CPIM-005",
        purpose: "DateTime, Subject and Require of the room's own wrappers have the form that RFC 3862 gives them.",
        requirements: &["RFC3862-4.4-1", "RFC3862-4.5-1", "RFC3862-4.7-1", "RFC3862-3.2-1"],
        level: "PROSE",
        judge: values,
    },
    Rule {
        id: "RULE-CPIM-006",
        purpose: "No header of RFC 3862 but NS, To and cc stands twice in the room's own wrappers.",
        requirements: &["RFC4975-13-17"],
        level: "MUST NOT",
        judge: repeated,
    },
];

/// What the room says, each message with the headers of its wrapper; not Content-Type, which is MIME's wherever it
/// stands (T12).
fn own(trace: &Trace) -> impl Iterator<Item = (Post<'_>, Vec<&Header>)> {
    posts(trace, Direction::FromIut)
        .into_iter()
        .filter(|post| post.from().is_some_and(|from| same_uri(&from, &post.session.room)))
        .map(|post| {
            let headers = post.wrapper.tree.headers.0.iter().filter(|header| !header.is("Content-Type")).collect();
            (post, headers)
        })
}

fn condemn(trace: &Trace, bench: &mut Bench, post: &Post<'_>, expected: &str, observed: String) {
    let evidence = vec![trace.evidence(post.delivery.first(), "the message of the room")];
    bench.fail(expected, observed, evidence);
}

/// A defect of the header block. In the glued form (T12) line ends of MIME headers stand in it, too, and are not
/// judged here.
fn lines(trace: &Trace, bench: &mut Bench) {
    for (post, _) in own(trace) {
        bench.observe();
        let tree = &post.wrapper.tree;
        let block: usize = tree.headers.0.iter().map(Header::length).sum();
        let telling = |kind: &CpimDefect| match kind {
            CpimDefect::MalformedHeader | CpimDefect::HeaderSpacing => true,
            CpimDefect::BareLineEnd => !tree.is_glued(),
            _ => false,
        };
        let defects = &post.wrapper.defects;
        if let Some(defect) = defects.iter().find(|defect| telling(&defect.kind) && defect.span.end <= block) {
            let expected =
                "a name of ASCII letters, a colon, one blank, a value without controls, CRLF (RFC 3862, 2.2)";
            condemn(trace, bench, &post, expected, format!("{:?}", defect.kind));
        }
    }
}

fn utf8(trace: &Trace, bench: &mut Bench) {
    for (post, headers) in own(trace) {
        bench.observe();
        if let Some(header) = headers.iter().find(|header| std::str::from_utf8(&header.value).is_err()) {
            let observed = format!("'{}' in {}", header.value.escape_ascii(), header.name.escape_ascii());
            condemn(trace, bench, &post, "headers in UTF-8 (RFC 3862, 2.2)", observed);
        }
    }
}

fn escapes(trace: &Trace, bench: &mut Bench) {
    for (post, headers) in own(trace) {
        bench.observe();
        for header in headers {
            let text = header.text();
            if let Some(wrong) = wrong_escape(&text) {
                let expected = "an escape of RFC 3862, 2.3, for a character that needs one (2.3.1)";
                condemn(trace, bench, &post, expected, format!("'{wrong}' in {}", header.name.escape_ascii()));
            }
            let address = ["From", "To", "cc"].iter().any(|name| &*header.name == name.as_bytes());
            if address && text.starts_with('"') && Address::parse(&text).is_none() {
                let expected =
                    "a string in plain quotes with the quotes in it escaped, before the URI (RFC 3862, 2.3.1)";
                condemn(trace, bench, &post, expected, format!("'{text}'"));
            }
        }
    }
}

/// The first escape that is none, or that stands for a character that goes without (RFC 3862, 2.3 and 2.3.1). A quote
/// may be escaped wherever it stands: whether it has to be, hangs on the string around it.
fn wrong_escape(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let escape = rest.get(at..)?;
        let length = match escape.as_bytes().get(1) {
            Some(b'\\' | b'"' | b'\'' | b'b' | b't' | b'n' | b'r') => 2,
            Some(b'u') => {
                let digits = escape.get(2..6).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                let needed = code.is_some_and(|code| {
                    char::from_u32(code).is_some_and(|named| named.is_ascii_control() && !"\u{8}\t\n\r".contains(named))
                });
                if !needed {
                    return escape.get(..6).or(Some(escape));
                }
                6
            }
            _ => return escape.char_indices().nth(2).map_or(Some(escape), |(end, _)| escape.get(..end)),
        };
        rest = escape.get(length..).unwrap_or_default();
    }
    None
}

fn name_spaces(trace: &Trace, bench: &mut Bench) {
    for (post, headers) in own(trace) {
        bench.observe();
        let mut declared: Vec<String> = Vec::new();
        for header in headers {
            let name = String::from_utf8_lossy(&header.name).into_owned();
            let text = header.text();
            if name == "NS" {
                let (prefix, uri) = text.split_once('<').unwrap_or((&text, ""));
                let uri = uri.trim_end().strip_suffix('>').unwrap_or_default();
                if !is_name_space(uri) {
                    let expected = "NS with an absolute URI without fragment in brackets (RFC 3862, 3.4 and 4.6)";
                    condemn(trace, bench, &post, expected, format!("'{text}'"));
                }
                declared.push(prefix.trim().to_owned());
            } else if let Some((prefix, _)) = name.split_once('.')
                && !declared.iter().any(|known| known == prefix)
            {
                let expected = "NS before the first use of a prefix (RFC 3862, 3.4)";
                condemn(trace, bench, &post, expected, format!("'{name}' without NS for '{prefix}'"));
            }
        }
    }
}

fn is_name_space(uri: &str) -> bool {
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
        && uri.len() > scheme.len() + 1
        && uri.bytes().all(|octet| octet.is_ascii_graphic() && !b"<>\"#".contains(&octet))
}

fn values(trace: &Trace, bench: &mut Bench) {
    for (post, headers) in own(trace) {
        bench.observe();
        for header in headers {
            let text = header.text();
            let expected = match &*header.name {
                b"DateTime" if !is_date_time(&text) => "date and time as RFC 3339 has them, with zone (RFC 3862, 4.4)",
                b"Subject" if header.separator.as_ref() == b":" && !is_subject(&text) => {
                    "a text, perhaps after ;lang=tag and a blank (RFC 3862, 4.5)"
                }
                b"Require" if !is_require(&text) => "header names with commas between them (RFC 3862, 4.7)",
                _ => continue,
            };
            condemn(trace, bench, &post, expected, format!("'{text}'"));
        }
    }
}

/// RFC 4975, 13 lets NS, To and cc stand again, and nothing else (T75 for Subject).
fn repeated(trace: &Trace, bench: &mut Bench) {
    for (post, headers) in own(trace) {
        bench.observe();
        for name in ["From", "DateTime", "Subject", "Require"] {
            let count = headers.iter().filter(|header| *header.name == *name.as_bytes()).count();
            if count > 1 {
                let expected = format!("one {name} (RFC 4975, 13)");
                condemn(trace, bench, &post, &expected, format!("{count}"));
            }
        }
    }
}

/// `date-time` of RFC 3339, 5.6, by its form.
fn is_date_time(text: &str) -> bool {
    let form = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(octet, form)| match form {
                b'0' => octet.is_ascii_digit(),
                form => octet.eq_ignore_ascii_case(&form),
            })
    };
    let Some((begin, rest)) = text.split_at_checked(19) else { return false };
    let fraction = rest.strip_prefix('.').map(|rest| rest.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    let zone = match fraction {
        Some(zone) if zone.len() + 1 == rest.len() => return false,
        Some(zone) => zone,
        None => rest,
    };
    form(begin, "0000-00-00T00:00:00")
        && (zone.eq_ignore_ascii_case("Z") || form(zone, "+00:00") || form(zone, "-00:00"))
}

/// The value as it follows the colon: with parameters it begins with a semicolon.
fn is_subject(text: &str) -> bool {
    let Some(parameters) = text.strip_prefix(';') else { return true };
    let parameters = parameters.split(' ').next().unwrap_or_default();
    parameters.split(';').all(|parameter| match parameter.split_once('=') {
        Some(("lang", tag)) => {
            !tag.is_empty()
                && tag.split('-').all(|part| {
                    (1..=8).contains(&part.len()) && part.bytes().all(|octet| octet.is_ascii_alphanumeric())
                })
        }
        Some((name, value)) => !name.is_empty() && !value.is_empty(),
        None => false,
    })
}

fn is_require(text: &str) -> bool {
    let name = |name: &str| {
        let name = name.trim_matches(' ');
        !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_graphic() && !b",:;\"".contains(&octet))
    };
    text.split(',').all(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_due_for_controls_backslashes_and_quotes_only() {
        for right in ["", "plain", r"a \\ b", r#"\"quoted\""#, r"\b\t\n\r\'", r"\u0001\u007f", "Grüße"] {
            assert_eq!(wrong_escape(right), None, "{right}");
        }
        let wrong = [
            (r"\u0041bc", r"\u0041"),
            (r"\u0009", r"\u0009"),
            (r"a\x", r"\x"),
            (r"\u12", r"\u12"),
            (r"\", r"\"),
            (r"\\\", r"\"),
            (r"\ü!", r"\ü"),
        ];
        for (text, found) in wrong {
            assert_eq!(wrong_escape(text), Some(found), "{text}");
        }
    }

    #[test]
    fn times_have_a_date_a_clock_and_a_zone() {
        for right in ["2026-11-27T01:02:03Z", "2026-11-27t01:02:03.25-05:00", "2026-11-27T01:02:03+00:00"] {
            assert!(is_date_time(right), "{right}");
        }
        for wrong in ["", "2026-11-27", "2026-11-27T01:02:03", "2026-11-27T01:02:03.Z", "2026-11-27 01:02:03Z"] {
            assert!(!is_date_time(wrong), "{wrong}");
        }
        assert!(!is_date_time("Fri, 27 Nov 2026 01:02:03 GMT"));
    }

    #[test]
    fn parameters_names_and_name_spaces() {
        assert!(is_subject("free text; with = signs") && is_subject(";lang=fr-CA bonjour") && is_subject(";x=1 a"));
        assert!(!is_subject(";lang= a") && !is_subject("; a") && !is_subject(";lang=toolongatag a"));
        assert!(is_require("One") && is_require("A.One, Two") && !is_require("One,") && !is_require("One Two"));
        assert!(is_name_space("urn:x:y") && is_name_space("mid:a@b"));
        assert!(!is_name_space("mood") && !is_name_space("urn:x#part") && !is_name_space("urn:"));
    }
}
