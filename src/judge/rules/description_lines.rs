//! The lines of the implementation's session descriptions, one kind at a time (RFC 8866, 5; RFC 3264, 5).

use std::net::IpAddr;

use super::session_descriptions::{accepted, line, own};
use super::{Bench, Rule};
use crate::judge::trace::{Description, Direction, Trace};
use crate::wire::sdp::SessionDescription;

/// Where the numbers of the o-line end (RFC 3264, 5: a 64 bit integer with sign).
const LARGEST: u64 = i64::MAX as u64;
/// What the first version stays below (RFC 3264, 5).
const FIRST_VERSION: u64 = (1 << 62) - 1;
const DIRECTIONS: [&[u8]; 4] = [b"sendrecv", b"sendonly", b"recvonly", b"inactive"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "RULE-SDP-060",
        purpose: "A session description begins with v=0.",
        requirements: &["RFC8866-5.1-1"],
        level: "PROSE",
        judge: version,
    },
    Rule {
        id: "RULE-SDP-061",
        purpose: "Network and address type of o- and c-line are IN and IP4 or IP6, and the address fits to them.",
        requirements: &["RFC8866-5.2-5", "RFC8866-5.7-3"],
        level: "PROSE",
        judge: address_types,
    },
    Rule {
        id: "RULE-SDP-062",
        purpose: "The c-line of MSRP media has a unicast address, without a slash.",
        requirements: &["RFC8866-5.7-6", "RFC8866-5.7-4", "RFC3264-6.1-1"],
        level: "MUST",
        judge: unicast,
    },
    Rule {
        id: "RULE-SDP-063",
        purpose: "A domain name in the o- or c-line is one of RFC 1035, in ASCII.",
        requirements: &["RFC8866-5-13", "RFC8866-5-12"],
        level: "MUST",
        judge: domain_names,
    },
    Rule {
        id: "RULE-SDP-064",
        purpose: "Session name and session information are UTF-8, unless a charset says otherwise.",
        requirements: &["RFC8866-5.3-4"],
        level: "MUST",
        judge: utf8,
    },
    Rule {
        id: "RULE-SDP-065",
        purpose: "The t-line of an offer is 0 0.",
        requirements: &["RFC3264-5-5", "RFC8866-5.9-2"],
        level: "SHOULD",
        judge: without_bounds,
    },
    Rule {
        id: "RULE-SDP-066",
        purpose: "The session name of a focus is a dash or a blank.",
        requirements: &["RFC3264-5-4"],
        level: "RECOMMENDED",
        judge: session_name,
    },
    Rule {
        id: "RULE-SDP-067",
        purpose: "There is no k-line.",
        requirements: &["RFC8866-5.12-1"],
        level: "MUST NOT",
        judge: no_key,
    },
    Rule {
        id: "RULE-SDP-068",
        purpose: "A session or a media description has no more than one direction attribute.",
        requirements: &["RFC8866-6.7-1"],
        level: "MAY",
        judge: one_direction,
    },
    Rule {
        id: "RULE-SDP-069",
        purpose: "The numbers of the o-line fit into 64 bits with sign, and the first version leaves room for more.",
        requirements: &["RFC3264-5-2"],
        level: "MUST",
        judge: origin_numbers,
    },
];

/// The values of all lines of this letter.
fn values(description: &Description, kind: u8) -> impl Iterator<Item = &[u8]> {
    description.parsed.tree.lines.iter().filter(move |line| line.kind == kind).map(|line| line.value.as_ref())
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

fn version(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        bench.observe();
        let first = description.parsed.tree.lines.first();
        if first.is_none_or(|line| line.kind != b'v' || line.value.as_ref() != b"0") {
            let found = first.map(|line| format!("{}={}", char::from(line.kind), text(&line.value)));
            bench.fail(
                "v=0 as the first line (RFC 8866, 5.1)",
                found.unwrap_or_default(),
                line(trace, description, "v="),
            );
        }
    }
}

/// Network, type and address of the o-line and of each c-line, with the start of the line.
fn addresses(description: &Description) -> Vec<(&'static str, [String; 3])> {
    let tail = |value: &[u8], skipped: usize| -> Option<[String; 3]> {
        let fields: Vec<String> = text(value).split(' ').skip(skipped).map(str::to_owned).collect();
        fields.try_into().ok()
    };
    let origins = values(description, b'o').filter_map(|value| Some(("o=", tail(value, 3)?)));
    origins.chain(values(description, b'c').filter_map(|value| Some(("c=", tail(value, 0)?)))).collect()
}

fn address_types(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for (start, [network, kind, address]) in addresses(description) {
            bench.observe();
            let literal = address.split('/').next().unwrap_or_default().parse::<IpAddr>();
            let fits = match (kind.as_str(), literal) {
                ("IP4", Ok(address)) => address.is_ipv4(),
                ("IP6", Ok(address)) => address.is_ipv6(),
                ("IP4" | "IP6", Err(_)) => true,
                _ => false,
            };
            if network != "IN" || !fits {
                bench.fail(
                    format!("IN, IP4 or IP6, and an address of that kind in the {start} line (RFC 8866, 5.2 and 5.7)"),
                    format!("{network} {kind} {address}"),
                    line(trace, description, start),
                );
            }
        }
    }
}

fn unicast(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for address in accepted(description).filter_map(|media| media.address.as_ref()) {
            bench.observe();
            let literal = address.split('/').next().unwrap_or_default().parse::<IpAddr>();
            if address.contains('/') || literal.is_ok_and(|address| address.is_multicast()) {
                bench.fail(
                    "a unicast address, without a slash (RFC 8866, 5.7; RFC 3264, 6.1)",
                    address.clone(),
                    line(trace, description, &format!("c=IN {} {address}", kind_of(address))),
                );
            }
        }
    }
}

fn kind_of(address: &str) -> &'static str {
    if address.contains(':') { "IP6" } else { "IP4" }
}

fn domain_names(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for (start, [_, _, address]) in addresses(description) {
            let name = address.split('/').next().unwrap_or_default();
            if name.parse::<IpAddr>().is_ok() {
                continue;
            }
            bench.observe();
            let labels = || name.strip_suffix('.').unwrap_or(name).split('.');
            // What else may stand in a label is only preferred (RFC 1035, 2.3.1).
            let good = name.is_ascii() && name.len() <= 255 && labels().all(|label| (1..=63).contains(&label.len()));
            if !good {
                bench.fail(
                    "a domain name of RFC 1034 and RFC 1035, in its ASCII form (RFC 8866, 5)",
                    name.to_owned(),
                    line(trace, description, start),
                );
            }
        }
    }
}

fn utf8(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        if values(description, b'a').any(|value| value.starts_with(b"charset:")) {
            continue;
        }
        for (kind, start) in [(b's', "s="), (b'i', "i=")] {
            for value in values(description, kind) {
                bench.observe();
                if std::str::from_utf8(value).is_err() {
                    let expected = format!("UTF-8 in the {start} line (RFC 8866, 5 and 5.3)");
                    bench.fail(expected, text(value), line(trace, description, start));
                }
            }
        }
    }
}

fn without_bounds(trace: &Trace, bench: &mut Bench) {
    for (negotiation, offer) in own(trace) {
        // An answer has the time of the offer, whatever that is.
        if negotiation.direction != Direction::FromIut {
            continue;
        }
        for value in values(offer, b't') {
            bench.observe();
            if value != b"0 0" {
                bench.advise("t=0 0 (RFC 3264, 5; RFC 8866, 5.9)", text(value), line(trace, offer, "t="));
            }
        }
    }
}

fn session_name(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        for value in values(description, b's') {
            bench.observe();
            // A blank and a dash is what the examples of RFC 4975 have (T61).
            if ![b"-".as_slice(), b" ", b" -"].contains(&value) {
                bench.advise("s= with a dash or a blank (RFC 3264, 5)", text(value), line(trace, description, "s="));
            }
        }
    }
}

fn no_key(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        bench.observe();
        if let Some(value) = values(description, b'k').next() {
            // RFC 4566, which RFC 7701 names, only recommends against it.
            bench.advise("no k-line (RFC 8866, 5.12)", text(value), line(trace, description, "k="));
        }
    }
}

fn one_direction(trace: &Trace, bench: &mut Bench) {
    for (_, description) in own(trace) {
        bench.observe();
        for section in description.parsed.tree.lines.chunk_by(|_, next| next.kind != b'm') {
            let found: Vec<String> = section
                .iter()
                .filter(|line| line.kind == b'a' && DIRECTIONS.contains(&line.value.as_ref()))
                .map(|line| text(&line.value))
                .collect();
            if let [_, second, ..] = found.as_slice() {
                bench.advise(
                    "one direction attribute at the most (RFC 8866, 6.7)",
                    found.join(" and "),
                    line(trace, description, &format!("a={second}")),
                );
            }
        }
    }
}

/// Session id and version, as far as they are numbers.
pub(super) fn numbers(description: &SessionDescription) -> Option<(String, String)> {
    let origin = description.origin()?;
    let mut fields = origin.split(' ').skip(1).map(str::to_owned);
    let numbers = (fields.next()?, fields.next()?);
    let digits = |field: &str| !field.is_empty() && field.bytes().all(|octet| octet.is_ascii_digit());
    (digits(&numbers.0) && digits(&numbers.1)).then_some(numbers)
}

fn origin_numbers(trace: &Trace, bench: &mut Bench) {
    for (negotiation, description) in own(trace) {
        let Some((id, version)) = numbers(&description.parsed.tree) else { continue };
        bench.observe();
        let (id, version) = (id.parse::<u64>(), version.parse::<u64>());
        let fits = |number: &Result<u64, _>| matches!(number, Ok(number) if *number <= LARGEST);
        let roomy = negotiation.round > 0 || matches!(version, Ok(version) if version < FIRST_VERSION);
        if !fits(&id) || !fits(&version) || !roomy {
            bench.fail(
                "numbers of 63 bits, and a first version below 2^62 - 1 (RFC 3264, 5)",
                description.parsed.tree.origin().unwrap_or_default(),
                line(trace, description, "o="),
            );
        }
    }
}
