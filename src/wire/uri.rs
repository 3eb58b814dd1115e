//! SIP, SIPS, tel, im and MSRP URIs, with the comparison rules of RFC 3261 (19.1.4) and RFC 4975 (6.1).

use std::borrow::Cow;
use std::fmt;

use compare::{normal, same_headers, same_host, same_inbox, same_number, same_params};
use grammar::{is_number, sip_uri};

mod compare;
mod grammar;
#[cfg(test)]
mod tests;

pub use super::msrp_uri::MsrpUri;
pub(crate) use grammar::is_host;

/// An address as the host of a URI: an IPv6 address in brackets (RFC 3986, 3.2.2).
pub fn host_of(ip: std::net::IpAddr) -> String {
    match ip {
        std::net::IpAddr::V4(ip) => ip.to_string(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

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

    /// Gives the first parameter of this name another value, or appends one: `received` and `rport` of a Via (RFC
    /// 3581, 4).
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        match self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, old)) => *old = value.map(str::to_owned),
            None => self.push(name, value),
        }
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
    ///
    /// ```
    /// use msrpspec::wire::uri::SipUri;
    ///
    /// let room = SipUri::parse("sip:chatroom22@chat.example.com")?;
    /// assert!(room.same_resource(&SipUri::parse("sip:chatroom22@CHAT.example.com;transport=tcp")?));
    /// assert!(!room.same_resource(&SipUri::parse("sip:ChatRoom22@chat.example.com")?));
    /// # Ok::<(), msrpspec::wire::uri::MalformedUri>(())
    /// ```
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
