//! SIP, SIPS, tel, im and MSRP URIs, with the comparison rules of RFC 3261 (19.1.4) and RFC 4975 (6.1).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::net::Ipv6Addr;

pub use super::msrp_uri::MsrpUri;

/// `;name=value` parameters in their order; names compared without case, values as written (quotes included).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(pub Vec<(String, Option<String>)>);

impl Params {
    /// The value of the first parameter of this name, without the quotes around it: `Some(None)` for a parameter
    /// without value.
    pub fn get(&self, name: &str) -> Option<Option<&str>> {
        let (_, value) = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(
            value
                .as_deref()
                .map(|value| value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(value)),
        )
    }

    /// The value of the parameter as it was before quoting: without quotes and without escapes.
    pub fn unescaped(&self, name: &str) -> Option<Cow<'_, str>> {
        let (_, value) = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let value = value.as_deref()?;
        let Some(quoted) = value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) else {
            return Some(Cow::Borrowed(value));
        };
        let mut text = String::with_capacity(quoted.len());
        let mut chars = quoted.chars();
        while let Some(c) = chars.next() {
            text.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
        }
        Some(Cow::Owned(text))
    }

    /// Whether a parameter of this name is there.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value of the parameter, without quotes, if it has one.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name).flatten()
    }

    /// Appends a parameter; a value that needs quotes comes with them.
    pub fn push(&mut self, name: &str, value: Option<&str>) {
        self.0.push((name.to_owned(), value.map(str::to_owned)));
    }
}

impl fmt::Display for Params {
    /// Each parameter with its semicolon.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in &self.0 {
            match value {
                Some(value) => write!(f, ";{name}={value}")?,
                None => write!(f, ";{name}")?,
            }
        }
        Ok(())
    }
}

/// A SIP or SIPS URI (RFC 3261, 19.1.1), parts as written (no unescaping).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipUri {
    /// `sips` instead of `sip`.
    pub secure: bool,
    /// User part, escapes kept.
    pub user: Option<String>,
    /// Password part.
    pub password: Option<String>,
    /// Host name or address; IPv6 literals with their brackets.
    pub host: String,
    /// Explicit port.
    pub port: Option<u16>,
    /// URI parameters.
    pub params: Params,
    /// What follows `?`.
    pub headers: Option<String>,
}

/// Why a text is not a URI of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not a {wanted}: {cause}")]
pub struct MalformedUri {
    /// The offending text.
    pub text: String,
    /// What was wanted: `SIP URI`, `MSRP URI`.
    pub wanted: &'static str,
    /// What is wrong with it.
    pub cause: String,
}

impl SipUri {
    /// `sip:user@host[:port]`.
    pub fn new(user: Option<&str>, host: &str, port: Option<u16>) -> Self {
        Self {
            secure: false,
            user: user.map(str::to_owned),
            password: None,
            host: host.to_owned(),
            port,
            params: Params::default(),
            headers: None,
        }
    }

    /// Reads a URI; the grammar of RFC 3261, 25.1 is kept, but for underscores in host names.
    pub fn parse(text: &str) -> Result<Self, MalformedUri> {
        sip_uri(text).map_err(|cause| MalformedUri {
            text: text.to_owned(),
            wanted: "SIP URI",
            cause: cause.to_owned(),
        })
    }

    /// Equivalence as RFC 3261, 19.1.4 defines it. It is not transitive. A transport parameter in only one of the
    /// URIs makes them differ, as the examples there have it.
    pub fn equivalent(&self, other: &Self) -> bool {
        self.same_resource(other)
            && self.password.as_deref().map(normal) == other.password.as_deref().map(normal)
            && same_params(&self.params, &other.params)
            && same_headers(self.headers.as_deref(), other.headers.as_deref())
    }

    /// Same scheme, user (with case), host (without case) and port: parameters do not count. What a chat room compares
    /// its participants' URIs and its own by.
    pub fn same_resource(&self, other: &Self) -> bool {
        self.secure == other.secure
            && self.user.as_deref().map(normal) == other.user.as_deref().map(normal)
            && same_host(&self.host, &other.host)
            && self.port == other.port
    }

    /// The URI without parameters and headers.
    pub fn bare(&self) -> Self {
        Self { params: Params::default(), headers: None, ..self.clone() }
    }
}

impl fmt::Display for SipUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.secure { "sips:" } else { "sip:" })?;
        if let Some(user) = &self.user {
            f.write_str(user)?;
            if let Some(password) = &self.password {
                write!(f, ":{password}")?;
            }
            f.write_str("@")?;
        }
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.params)?;
        self.headers.as_ref().map_or(Ok(()), |headers| write!(f, "?{headers}"))
    }
}

fn sip_uri(text: &str) -> Result<SipUri, &'static str> {
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

/// The text with every escape undone that changes nothing: those of reserved characters (RFC 2396, 2.2) stay, and so
/// does an escaped percent sign, or unescaping would be recursive.
fn normal(text: &str) -> Vec<u8> {
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

fn normal_without_case(text: &str) -> Vec<u8> {
    normal(text).to_ascii_lowercase()
}

/// Hosts without case; IPv6 addresses by value.
fn same_host(one: &str, other: &str) -> bool {
    let address = |host: &str| host.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    one.eq_ignore_ascii_case(other) || address(one).is_some_and(|one| address(other) == Some(one))
}

fn same_params(one: &Params, other: &Params) -> bool {
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
fn same_headers(one: Option<&str>, other: Option<&str>) -> bool {
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

/// A URI by which a participant of a chat room can be known (RFC 7701, 6.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uri {
    /// `sip:` and `sips:`.
    Sip(SipUri),
    /// `tel:` (RFC 3966), number with visual separators as written.
    Tel(String),
    /// `im:` (RFC 3860), what follows the colon.
    Im(String),
    /// Any other scheme, whole.
    Other(String),
}

impl Uri {
    /// Reads a URI of any scheme.
    pub fn parse(text: &str) -> Result<Self, MalformedUri> {
        let malformed = |cause: &str| MalformedUri { text: text.to_owned(), wanted: "URI", cause: cause.to_owned() };
        let (scheme, rest) = text.split_once(':').ok_or_else(|| malformed("no scheme"))?;
        let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet));
        if !named {
            return Err(malformed("a malformed scheme"));
        }
        if rest.is_empty() {
            return Err(malformed("nothing after the scheme"));
        }
        if rest.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"".contains(c)) {
            return Err(malformed("a character that no URI holds"));
        }
        Ok(match scheme.to_ascii_lowercase().as_str() {
            "sip" | "sips" => Self::Sip(SipUri::parse(text)?),
            "tel" if !is_number(rest) => return Err(malformed("a malformed telephone number")),
            "tel" => Self::Tel(rest.to_owned()),
            "im" => Self::Im(rest.to_owned()),
            _ => Self::Other(text.to_owned()),
        })
    }

    /// Whether both name the same participant or room: SIP by [`SipUri::same_resource`], tel without visual
    /// separators, im by host without case, others to the letter.
    pub fn same_resource(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sip(one), Self::Sip(other)) => one.same_resource(other),
            (Self::Tel(one), Self::Tel(other)) => same_number(one, other),
            (Self::Im(one), Self::Im(other)) => same_inbox(one, other),
            (Self::Other(one), Self::Other(other)) => one == other,
            _ => false,
        }
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sip(uri) => uri.fmt(f),
            Self::Tel(rest) => write!(f, "tel:{rest}"),
            Self::Im(rest) => write!(f, "im:{rest}"),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// Digits and visual separators, global or local (RFC 3966, 3); a local number may lack its `phone-context`, as so
/// many do.
fn is_number(rest: &str) -> bool {
    let number = rest.split(';').next().unwrap_or_default();
    let digits = number.strip_prefix('+').unwrap_or(number);
    let digit = |octet: u8| octet.is_ascii_hexdigit() || b"*#".contains(&octet);
    digits.bytes().any(digit) && digits.bytes().all(|octet| digit(octet) || b"-.()".contains(&octet))
}

/// RFC 3966, 5: numbers and those parameters that are numbers without visual separators, parameters in any order,
/// nothing with case.
fn same_number(one: &str, other: &str) -> bool {
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

fn digits(number: &str) -> Vec<u8> {
    normal_without_case(number).into_iter().filter(|octet| !b"-.()".contains(octet)).collect()
}

/// The mailbox of an `im` URI (RFC 3860): its headers do not tell one inbox from another.
fn same_inbox(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let mailbox = text.split('?').next().unwrap_or_default();
        let (local, host) = mailbox.rsplit_once('@').unwrap_or(("", mailbox));
        (normal(local), normal_without_case(host))
    };
    parts(one) == parts(other)
}

#[cfg(test)]
mod tests;
