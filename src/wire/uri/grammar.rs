//! The grammar of SIP and tel URIs (RFC 3261, 25.1; RFC 3966, 3).

use std::net::Ipv6Addr;

use super::{Params, SipUri};

/// Reads a SIP or SIPS URI, or says what is wrong with it.
pub(super) fn sip_uri(text: &str) -> Result<SipUri, &'static str> {
    let (scheme, rest) = text.split_once(':').ok_or("no scheme")?;
    let secure = match scheme.to_ascii_lowercase().as_str() {
        "sip" => false,
        "sips" => true,
        _ => return Err("neither sip: nor sips:"),
    };
    // An at sign inside userinfo, parameters or headers is escaped, so the first one ends the userinfo.
    let (userinfo, rest) = match rest.split_once('@') {
        Some((userinfo, rest)) => (Some(userinfo), rest),
        None => (None, rest),
    };
    let (user, password) = match userinfo.map(|userinfo| userinfo.split_once(':').ok_or(userinfo)) {
        Some(Ok((user, password))) => (Some(user), Some(password)),
        Some(Err(user)) => (Some(user), None),
        None => (None, None),
    };
    if user.is_some_and(str::is_empty) {
        return Err("an empty user part");
    }
    if !user.is_none_or(|user| made_of(user, b"&=+$,;?/")) || !password.is_none_or(|word| made_of(word, b"&=+$,")) {
        return Err("a character in the user part that must be escaped");
    }
    let authority_end = rest.find([';', '?']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(authority_end);
    let (host, port) = host_and_port(authority)?;
    let (params, headers) = match rest.split_once('?') {
        Some((params, headers)) => (params, Some(headers)),
        None => (rest, None),
    };
    if !headers.is_none_or(|headers| headers.split('&').all(is_header)) {
        return Err("malformed headers");
    }
    Ok(SipUri {
        secure,
        user: user.map(str::to_owned),
        password: password.map(str::to_owned),
        host: host.to_owned(),
        port,
        params: uri_params(params)?,
        headers: headers.map(str::to_owned),
    })
}

/// `hname=hvalue`, the value possibly empty.
fn is_header(field: &str) -> bool {
    let fits = |part: &str| made_of(part, b"[]/?:+$");
    field.split_once('=').is_some_and(|(name, value)| !name.is_empty() && fits(name) && fits(value))
}

fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), &'static str> {
    let host_end = match authority.find(']') {
        Some(bracket) => bracket + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(host_end);
    if !is_host(host) {
        return Err("a malformed host");
    }
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        Some(digits) if digits.bytes().all(|octet| octet.is_ascii_digit()) => {
            Some(digits.parse().map_err(|_| "a malformed port")?)
        }
        _ => return Err("a malformed port"),
    };
    Ok((host, port))
}

fn uri_params(text: &str) -> Result<Params, &'static str> {
    let mut params = Params::default();
    let Some(list) = text.strip_prefix(';') else { return Ok(params) };
    for param in list.split(';') {
        let (name, value) = match param.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (param, None),
        };
        let well_formed = |part: &str| !part.is_empty() && made_of(part, b"[]/:&+$");
        if !well_formed(name) || !value.is_none_or(well_formed) {
            return Err("a malformed parameter");
        }
        params.push(name, value);
    }
    Ok(params)
}

/// Digits and visual separators, global or local (RFC 3966, 3); a local number may lack its `phone-context`, as so
/// many do.
pub(super) fn is_number(rest: &str) -> bool {
    let number = rest.split(';').next().unwrap_or_default();
    let digits = number.strip_prefix('+').unwrap_or(number);
    let digit = |octet: u8| octet.is_ascii_hexdigit() || b"*#".contains(&octet);
    digits.bytes().any(digit) && digits.bytes().all(|octet| digit(octet) || b"-.()".contains(&octet))
}

/// A host name (underscores tolerated), an IPv4 address, or an IPv6 address in brackets.
pub(crate) fn is_host(text: &str) -> bool {
    match text.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => {
            let name = text.strip_suffix('.').unwrap_or(text);
            name.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
                && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-._".contains(&octet))
        }
    }
}

/// Whether a text consists of unreserved characters, complete escapes and `also`.
fn made_of(text: &str, also: &[u8]) -> bool {
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        let fits = match octet {
            b'%' => {
                [octets.next(), octets.next()].iter().all(|digit| digit.is_some_and(|digit| digit.is_ascii_hexdigit()))
            }
            _ => is_unreserved(octet) || also.contains(&octet),
        };
        if !fits {
            return false;
        }
    }
    true
}

fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&octet)
}
