//! Rules on the status codes that the implementation under test uses, and on what its session-ids are made of (RFC 4975,
//! 10 and 14.1).

use std::collections::BTreeSet;

use super::responses::asked;
use super::{Bench, Rule};
use crate::judge::trace::{Direction, Trace};
use crate::judge::verdict::Verdict;
use crate::wire::msrp::MsrpMessage;

/// What is registered: RFC 4975, 10; RFC 4976, 10; RFC 7701, 10.3.
const REGISTERED: [u16; 15] = [200, 400, 401, 403, 404, 408, 413, 415, 423, 424, 425, 428, 481, 501, 506];

/// Random bits of a session-id (RFC 4975, 14.1).
const BITS: f64 = 80.0;

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-MSRP-060",
        purpose: "The status codes of responses and REPORTs are registered ones.",
        requirements: &["RFC4975-10-1"],
        level: "SHOULD",
        judge: registered,
    },
    Rule {
        id: "RULE-MSRP-061",
        purpose: "408 and 423 are codes of relays: no endpoint answers with them.",
        requirements: &["RFC4975-10.4-1", "RFC4975-10.7-1"],
        level: "MUST NOT",
        judge: no_relay_codes,
    },
    Rule {
        id: "RULE-MSRP-062",
        purpose: "Session-ids have room for 80 random bits, and differ in more than a few places.",
        requirements: &["RFC4975-14.1-1", "RFC4975-8.2-10"],
        level: "MUST",
        judge: unguessable,
    },
];

fn registered(trace: &Trace, bench: &mut Bench) {
    for (index, observed) in trace.observed.iter().enumerate() {
        let Some(message) = observed.msrp().filter(|_| observed.direction == Direction::FromIut) else { continue };
        let (code, place) = match (message.status(), message.report_status()) {
            (Some(code), _) => (code, "a response"),
            (None, Some(code)) if message.method() == Some("REPORT") => (code, "the Status of a REPORT"),
            _ => continue,
        };
        bench.observe();
        if !REGISTERED.contains(&code) {
            bench.advise(
                format!("a registered code in {place} (RFC 4975, 10 and 15.3)"),
                code.to_string(),
                vec![trace.evidence_start(index, "the message")],
            );
        }
    }
}

/// What a relay on the way answered is not the implementation's; those exchanges are left out.
fn no_relay_codes(trace: &Trace, bench: &mut Bench) {
    for (exchange, _) in asked(trace) {
        for index in &exchange.responses {
            let Some(code) = trace.msrp_at(*index).and_then(MsrpMessage::status) else { continue };
            bench.observe();
            let (verdict, expected) = match code {
                408 => (Verdict::Fail, "no 408, which no element of RFC 4975 sends (10.4)"),
                // That only relays may use it is not said in so many words.
                423 => (Verdict::Advisory, "no 423, which the relay extension uses (RFC 4975, 10.7)"),
                _ => continue,
            };
            bench.find(
                verdict,
                expected.to_owned(),
                code.to_string(),
                vec![
                    trace.evidence_start(exchange.request, "the request"),
                    trace.evidence_start(*index, "the response"),
                ],
            );
        }
    }
}

/// One string proves nothing (T58): at least three sessions are compared, and what chance can do is allowed for.
fn unguessable(trace: &Trace, bench: &mut Bench) {
    let ids: BTreeSet<&[u8]> = trace
        .sessions
        .iter()
        .filter_map(|session| session.iut_path.last()?.session_id.as_deref())
        .map(str::as_bytes)
        .collect();
    let ids: Vec<&[u8]> = ids.into_iter().collect();
    let [first, _, last, ..] = ids.as_slice() else { return };
    bench.observe();
    let longest = ids.iter().map(|id| id.len()).max().unwrap_or_default();
    let all: Vec<u8> = ids.concat();
    let room = bits(longest, &all);
    // A number that is printed without the zeros before it is shorter than its kind now and then.
    let cut = bits(longest + 1, &all) >= BITS;
    let shown = || {
        let sample = |id: &[u8]| String::from_utf8_lossy(id).into_owned();
        format!("such as '{}' and '{}'", sample(first), sample(last))
    };
    let evidence = || {
        let since = trace.sessions.iter().take(2).map(|session| session.since);
        since.map(|index| trace.evidence(index, "a description with such a URI")).collect::<Vec<_>>()
    };
    if room < BITS {
        bench.find(
            if cut { Verdict::Advisory } else { Verdict::Fail },
            "session-ids that have room for 80 random bits (RFC 4975, 14.1)".to_owned(),
            format!("{} characters of their kind hold {room:.0}, {}", longest, shown()),
            evidence(),
        );
        return;
    }
    if ids.iter().any(|id| id.len() != longest) {
        return;
    }
    let differs = |place: &usize| ids.iter().any(|id| id.get(*place) != first.get(*place));
    let places: Vec<usize> = (0..longest).filter(differs).collect();
    let varied: Vec<u8> = ids.iter().flat_map(|id| places.iter().filter_map(|place| id.get(*place).copied())).collect();
    // Among random characters some agree by chance, but never so many.
    const BY_CHANCE: usize = 4;
    let most = bits((places.len() + BY_CHANCE).min(longest), &varied);
    if most < BITS {
        bench.fail(
            "session-ids with 80 random bits (RFC 4975, 14.1)",
            format!("{} ids that differ in {} of {longest} places, {}", ids.len(), places.len(), shown()),
            evidence(),
        );
    }
}

/// The most bits that so many characters of the kind of these can have.
fn bits(length: usize, kind: &[u8]) -> f64 {
    let of = |class: fn(&u8) -> bool, size: u32| if kind.iter().any(class) { size } else { 0 };
    let hex = kind.iter().all(|octet| octet.is_ascii_digit() || matches!(octet, b'a'..=b'f' | b'A'..=b'F' | b'-'));
    // 62 letters and digits, and "-._~+=/" (RFC 4975, 9).
    let symbols = of(u8::is_ascii_digit, 10)
        + of(u8::is_ascii_lowercase, if hex { 6 } else { 26 })
        + of(u8::is_ascii_uppercase, if hex { 6 } else { 26 })
        + if hex { 0 } else { of(|octet| !octet.is_ascii_alphanumeric(), 7) };
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    f64::from(length) * f64::from(symbols.max(1)).log2()
}

#[cfg(test)]
mod tests {
    use super::bits;

    #[test]
    fn bits_are_counted_by_the_kind_of_characters() {
        assert!(bits(14, b"zY3-") > 80.0);
        assert!(bits(13, b"zY3-") < 80.0);
        assert!((bits(20, b"09af") - 80.0).abs() < 0.01);
        assert!(bits(20, b"0123") < 80.0);
    }
}
