//! MSRP URIs (RFC 4975, 6 and 9).

use std::borrow::Cow;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::uri::{MalformedUri, Params};

/// An MSRP or MSRPS URI (RFC 4975, 6 and 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MsrpUri {
    /// `msrps` instead of `msrp`.
    pub secure: bool,
    /// What stands before `@`.
    pub userinfo: Option<String>,
    /// Host name or address; IPv6 literals with their brackets.
    pub host: String,
    /// Explicit port.
    pub port: Option<u16>,
    /// What follows the authority's slash.
    pub session_id: Option<String>,
    /// Transport parameter, as written; `tcp` is the only one defined.
    pub transport: String,
    /// Further parameters.
    pub params: Params,
}

impl MsrpUri {
    /// `msrp://host:port/session;tcp`, or `msrps:`.
    pub fn new(secure: bool, host: &str, port: u16, session_id: &str) -> Self {
        Self {
            secure,
            userinfo: None,
            host: host.to_owned(),
            port: Some(port),
            session_id: Some(session_id.to_owned()),
            transport: "tcp".to_owned(),
            params: Params::default(),
        }
    }

    /// Reads a URI.
    pub fn parse(text: &str) -> Result<Self, MalformedUri> {
        Parts::of(text).map(|parts| parts.owned()).map_err(|cause| malformed(text, cause))
    }

    /// Reads a list of URIs separated by single spaces, as in To-Path and `a=path`.
    pub fn parse_path(text: &str) -> Result<Vec<Self>, MalformedUri> {
        text.split(' ').map(Self::parse).collect()
    }

    /// Whether [`MsrpUri::parse_path`] would succeed.
    pub fn is_path(text: &str) -> bool {
        text.split(' ').all(|uri| Parts::of(uri).is_ok())
    }

    /// Comparison by the rules of RFC 4975, 6.1. Further parameters, of which the rules say nothing, do not count.
    pub fn equivalent(&self, other: &Self) -> bool {
        self.secure == other.secure
            && self.port == other.port
            && self.session_id == other.session_id
            && self.transport.eq_ignore_ascii_case(&other.transport)
            && same_host(&self.host, &other.host)
    }
}

fn malformed(text: &str, cause: &str) -> MalformedUri {
    MalformedUri { text: text.to_owned(), wanted: "MSRP URI", cause: cause.to_owned() }
}

impl fmt::Display for MsrpUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.secure { "msrps://" } else { "msrp://" })?;
        if let Some(userinfo) = &self.userinfo {
            write!(f, "{userinfo}@")?;
        }
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        if let Some(session_id) = &self.session_id {
            write!(f, "/{session_id}")?;
        }
        write!(f, ";{}", self.transport)?;
        for (name, value) in &self.params.0 {
            write!(f, ";{name}")?;
            if let Some(value) = value {
                write!(f, "={value}")?;
            }
        }
        Ok(())
    }
}

/// The parts of a well-formed URI, not yet copied.
struct Parts<'a> {
    secure: bool,
    userinfo: Option<&'a str>,
    host: &'a str,
    port: Option<u16>,
    session_id: Option<&'a str>,
    transport: &'a str,
    params: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, &'static str> {
        let (scheme, rest) = text.split_once("://").ok_or("no '://'")?;
        let secure = match scheme {
            _ if scheme.eq_ignore_ascii_case("msrp") => false,
            _ if scheme.eq_ignore_ascii_case("msrps") => true,
            _ => return Err("the scheme is neither msrp nor msrps"),
        };
        // Neither the slash nor the semicolon may stand in the host; a semicolon in the userinfo is legal.
        let slash = rest.find('/').unwrap_or(rest.len());
        let at = rest.get(..slash).and_then(|before| before.rfind('@'));
        let (userinfo, rest) = match at.and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?))) {
            Some((userinfo, rest)) => (Some(userinfo), rest),
            None => (None, rest),
        };
        if userinfo.is_some_and(|userinfo| !is_made_of(userinfo, b"-._~!$&'()*+,;=:%")) {
            return Err("a character that userinfo must not hold");
        }
        let (place, rest) = rest.split_once(';').ok_or("no transport parameter")?;
        let (authority, session_id) = match place.split_once('/') {
            Some((authority, session_id)) => (authority, Some(session_id)),
            None => (place, None),
        };
        if session_id.is_some_and(|id| id.is_empty() || !is_made_of(id, b"-._~+=/")) {
            return Err("the session-id is empty or holds a character that it must not");
        }
        let (host, port) = host_and_port(authority)?;
        let (transport, params) = rest.split_once(';').unwrap_or((rest, ""));
        if transport.is_empty() || !transport.bytes().all(|octet| octet.is_ascii_alphanumeric()) {
            return Err("the transport is not alphanumeric");
        }
        let well_formed = |param: &str| {
            let (name, value) = param.split_once('=').unwrap_or((param, "-"));
            is_param_token(name) && is_param_token(value)
        };
        if rest.contains(';') && !params.split(';').all(well_formed) {
            return Err("a malformed parameter");
        }
        Ok(Self { secure, userinfo, host, port, session_id, transport, params })
    }

    fn owned(&self) -> MsrpUri {
        let params =
            self.params.split(';').filter(|param| !param.is_empty()).map(|param| match param.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (param.to_owned(), None),
            });
        MsrpUri {
            secure: self.secure,
            userinfo: self.userinfo.map(str::to_owned),
            host: self.host.to_owned(),
            port: self.port,
            session_id: self.session_id.map(str::to_owned),
            transport: self.transport.to_owned(),
            params: Params(params.collect()),
        }
    }
}

fn host_and_port(authority: &str) -> Result<(&str, Option<u16>), &'static str> {
    let (host, port) = if authority.starts_with('[') {
        let close = authority.find(']').ok_or("an IPv6 address without its closing bracket")?;
        let (host, after) = authority.split_at(close + 1);
        let literal = host.get(1..close).and_then(|literal| literal.parse::<Ipv6Addr>().ok());
        literal.ok_or("an IPv6 address that cannot be read")?;
        match after.strip_prefix(':') {
            Some(port) => (host, Some(port)),
            None if after.is_empty() => (host, None),
            None => return Err("something other than a port after the IPv6 address"),
        }
    } else {
        match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    if host.is_empty() {
        return Err("no host");
    }
    if !host.starts_with('[') && !is_made_of(host, b"-._~!$&'()*+,=%") {
        return Err("a character that a host must not hold");
    }
    let number = |port: &str| {
        let digits = port.bytes().all(|octet| octet.is_ascii_digit());
        port.parse().ok().filter(|_| digits).ok_or("a port that is no number below 65536")
    };
    Ok((host, port.map(number).transpose()?))
}

fn is_made_of(text: &str, marks: &[u8]) -> bool {
    text.bytes().all(|octet| octet.is_ascii_alphanumeric() || marks.contains(&octet))
}

/// `token` of RFC 4975, 9.
fn is_param_token(text: &str) -> bool {
    !text.is_empty() && is_made_of(text, b"!#$%&'*+-.^_`{|}~")
}

/// RFC 4975, 6.1, rule 2: addresses as addresses, names without case, percent-encoded characters decoded.
fn same_host(left: &str, right: &str) -> bool {
    let (left, right) = (decoded(left), decoded(right));
    if let (Ok(left), Ok(right)) = (left.parse::<Ipv4Addr>(), right.parse::<Ipv4Addr>()) {
        return left == right;
    }
    let literal = |host: &str| host.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok();
    match (literal(&left), literal(&right)) {
        (Some(left), Some(right)) => left == right,
        _ => left.eq_ignore_ascii_case(&right),
    }
}

/// The host with its percent-encoded unreserved characters decoded.
fn decoded(host: &str) -> Cow<'_, str> {
    if !host.contains('%') {
        return Cow::Borrowed(host);
    }
    let mut plain = String::with_capacity(host.len());
    let mut rest = host;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let code = after.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok()).map(char::from);
        let unreserved = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        match code.filter(unreserved).zip(after.get(2..)) {
            Some((character, after)) => {
                plain.push(character);
                rest = after;
            }
            None => {
                plain.push('%');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn uri(text: &str) -> MsrpUri {
        let uri = MsrpUri::parse(text).unwrap();
        assert!(uri.to_string().eq_ignore_ascii_case(text), "{uri}");
        uri
    }

    #[test]
    fn parts() {
        let all = uri("msrps://alice:x;y@[2001:db8::1]:2855/a-b.c_d~e+f=g/h;tcp;x;y=z");
        assert!(all.secure);
        assert_eq!(all.userinfo.as_deref(), Some("alice:x;y"));
        assert_eq!((all.host.as_str(), all.port), ("[2001:db8::1]", Some(2855)));
        assert_eq!((all.session_id.as_deref(), all.transport.as_str()), (Some("a-b.c_d~e+f=g/h"), "tcp"));
        assert_eq!(all.params.0, [("x".to_owned(), None), ("y".to_owned(), Some("z".to_owned()))]);
        let few = uri("MSRP://host.example.com;tcp");
        assert_eq!((few.secure, few.userinfo, few.port, few.session_id), (false, None, None, None));
        assert_eq!(
            uri("msrp://host.example.com:8493/asfd34;tcp"),
            MsrpUri::new(false, "host.example.com", 8493, "asfd34")
        );
    }

    #[test]
    fn off_the_grammar() {
        for bad in [
            "",
            "msrp:host;tcp",
            "sip://host:1/a;tcp",
            "msrp://host:1/a",
            "msrp://host:1/a;",
            "msrp://host:1/a;t_cp",
            "msrp://host:1/a;tcp;",
            "msrp://host:1/a;tcp;=x",
            "msrp://host:1/a;tcp;x=",
            "msrp://host:1/;tcp",
            "msrp://host:1/a b;tcp",
            "msrp://host:1/a%20;tcp",
            "msrp://:1/a;tcp",
            "msrp://host:/a;tcp",
            "msrp://host:+1/a;tcp",
            "msrp://host:65536/a;tcp",
            "msrp://ho st:1/a;tcp",
            "msrp://h<st:1/a;tcp",
            "msrp://[2001:db8::1:1/a;tcp",
            "msrp://[2001::db8::1]:1/a;tcp",
            "msrp://[::1]x/a;tcp",
            "msrp://2001:db8::1/a;tcp",
            "msrp://a@b@host:1/a;tcp",
            " msrp://host:1/a;tcp",
            "msrp://host:1/a;tcp ",
        ] {
            assert!(MsrpUri::parse(bad).is_err(), "{bad}");
            assert!(!MsrpUri::is_path(bad), "{bad}");
        }
        let error = MsrpUri::parse("msrp://host:1/a").unwrap_err();
        assert_eq!(error.to_string(), "'msrp://host:1/a' is not a MSRP URI: no transport parameter");
    }

    #[test]
    fn paths() {
        let two = MsrpUri::parse_path("msrp://a:1/b;tcp msrps://c:2/d;tcp").unwrap();
        assert_eq!(two, [MsrpUri::new(false, "a", 1, "b"), MsrpUri::new(true, "c", 2, "d")]);
        for bad in ["", " ", "msrp://a:1/b;tcp  msrp://a:1/b;tcp", "msrp://a:1/b;tcp,msrp://a:1/b;tcp"] {
            assert!(MsrpUri::parse_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn comparison() {
        let same = |left: &str, right: &str| {
            let (left, right) = (MsrpUri::parse(left).unwrap(), MsrpUri::parse(right).unwrap());
            assert_eq!(left.equivalent(&right), right.equivalent(&left));
            left.equivalent(&right)
        };
        assert!(same("msrp://Host.example.com:1/a;tcp", "MSRP://hOST.example.com:1/a;TCP"));
        assert!(same("msrp://alice@host:1/a;tcp", "msrp://host:1/a;tcp"));
        assert!(same("msrp://h%6Fst:1/a;tcp", "msrp://host:1/a;tcp"));
        assert!(same("msrp://[2001:db8::1]:1/a;tcp", "msrp://[2001:DB8:0:0:0:0:0:1]:1/a;tcp"));
        assert!(same("msrp://host:1/a;tcp;x=y", "msrp://host:1/a;tcp"));
        assert!(same("msrp://host;tcp", "msrp://host;tcp"));
        assert!(!same("msrp://host:1/a;tcp", "msrps://host:1/a;tcp"));
        assert!(!same("msrp://host:1/a;tcp", "msrp://host:1/A;tcp"));
        assert!(!same("msrp://host:1/a;tcp", "msrp://host:1;tcp"));
        assert!(!same("msrp://host:1/a;tcp", "msrp://host:2/a;tcp"));
        assert!(!same("msrp://host:2855/a;tcp", "msrp://host/a;tcp"));
        assert!(!same("msrp://host:1/a;tcp", "msrp://host:1/a;sctp"));
        assert!(!same("msrp://10.0.0.1:1/a;tcp", "msrp://10.0.0.2:1/a;tcp"));
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_read_is_written(
            text in "(msrps?://)?([a-z0-9%@:;/=\\[\\].\u{e9} -]{0,30})(;tcp)?",
        ) {
            prop_assert_eq!(MsrpUri::parse_path(&text).is_ok(), MsrpUri::is_path(&text));
            if let Ok(uri) = MsrpUri::parse(&text) {
                // Ports may have leading zeros.
                let again = MsrpUri::parse(&uri.to_string()).unwrap();
                prop_assert!(uri.equivalent(&again));
                prop_assert_eq!(uri, again);
            }
        }
    }
}
