//! Which URIs are the same (RFC 3261, 19.1.4; RFC 3966, 5; RFC 3860).

use std::collections::BTreeMap;
use std::net::Ipv6Addr;

use super::Params;

/// Parameters by the rules for those in both URIs and those in one of them.
pub(super) fn same_params(one: &Params, other: &Params) -> bool {
    let table = |params: &Params| -> BTreeMap<Vec<u8>, Option<Vec<u8>>> {
        let pairs = params.0.iter().rev();
        pairs.map(|(name, value)| (normal_without_case(name), value.as_deref().map(normal_without_case))).collect()
    };
    let (one, other) = (table(one), table(other));
    let decisive = |name: &[u8]| [&b"user"[..], b"ttl", b"method", b"maddr", b"transport"].contains(&name);
    let agree = |from: &BTreeMap<Vec<u8>, Option<Vec<u8>>>, to: &BTreeMap<Vec<u8>, Option<Vec<u8>>>| {
        from.iter().all(|(name, value)| to.get(name).map_or(!decisive(name), |theirs| theirs == value))
    };
    agree(&one, &other) && agree(&other, &one)
}

/// Headers of a URI in any order. Values compare without case (RFC 3261, 7.3.1), but for those that hold a quoted
/// string, the body, and the headers whose values have case (Call-ID, CSeq).
pub(super) fn same_headers(one: Option<&str>, other: Option<&str>) -> bool {
    let table = |headers: Option<&str>| -> Vec<(Vec<u8>, Vec<u8>)> {
        let fields = headers.unwrap_or_default().split('&').filter(|field| !field.is_empty());
        let mut fields: Vec<_> = fields
            .map(|field| {
                let (name, value) = field.split_once('=').unwrap_or((field, ""));
                let (name, mut value) = (normal_without_case(name), normal(value));
                let with_case = [&b"body"[..], b"call-id", b"cseq"].contains(&name.as_slice()) || value.contains(&b'"');
                if !with_case {
                    value.make_ascii_lowercase();
                }
                (name, value)
            })
            .collect();
        fields.sort();
        fields
    };
    table(one) == table(other)
}

/// Hosts without case; IPv6 addresses by value.
pub(super) fn same_host(one: &str, other: &str) -> bool {
    let address = |host: &str| host.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    one.eq_ignore_ascii_case(other) || address(one).is_some_and(|one| address(other) == Some(one))
}

/// RFC 3966, 5: numbers and those parameters that are numbers without visual separators, parameters in any order,
/// nothing with case.
pub(super) fn same_number(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let mut parts = text.split(';');
        let number = digits(parts.next().unwrap_or_default());
        let mut params: Vec<_> = parts
            .map(|param| {
                let (name, value) = param.split_once('=').unwrap_or((param, ""));
                let name = normal_without_case(name);
                let is_number = name == b"ext" || (name == b"phone-context" && value.starts_with('+'));
                let value = if is_number { digits(value) } else { normal_without_case(value) };
                (name, value)
            })
            .collect();
        params.sort();
        (number, params)
    };
    parts(one) == parts(other)
}

/// The mailbox of an `im` URI (RFC 3860): its headers do not tell one inbox from another.
pub(super) fn same_inbox(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let mailbox = text.split('?').next().unwrap_or_default();
        let (local, host) = mailbox.rsplit_once('@').unwrap_or(("", mailbox));
        (normal(local), normal_without_case(host))
    };
    parts(one) == parts(other)
}

fn digits(number: &str) -> Vec<u8> {
    normal_without_case(number).into_iter().filter(|octet| !b"-.()".contains(octet)).collect()
}

fn normal_without_case(text: &str) -> Vec<u8> {
    normal(text).to_ascii_lowercase()
}

/// The text with every escape undone that changes nothing: those of reserved characters (RFC 2396, 2.2) stay, and so
/// does an escaped percent sign, or unescaping would be recursive.
pub(super) fn normal(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&octet, tail)) = rest.split_first() {
        match (octet, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let code = (hex(*high) << 4) | hex(*low);
                if b";/?:@&=+$,%".contains(&code) {
                    out.extend([b'%', high.to_ascii_uppercase(), low.to_ascii_uppercase()]);
                } else {
                    out.push(code);
                }
                rest = after;
            }
            _ => {
                out.push(octet);
                rest = tail;
            }
        }
    }
    out
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit.to_ascii_lowercase().wrapping_sub(b'a').wrapping_add(10)) & 0x0f,
    }
}
