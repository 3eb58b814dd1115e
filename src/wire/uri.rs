//! SIP, SIPS, tel, im and MSRP URIs, with the comparison rules of RFC 3261 (19.1.4) and RFC 4975 (6.1).

use std::fmt;

pub use super::msrp_uri::MsrpUri;

/// `;name=value` parameters in their order; names compared without case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(pub Vec<(String, Option<String>)>);

impl Params {
    /// The value of the first parameter of this name: `Some(None)` for a parameter without value.
    pub fn get(&self, name: &str) -> Option<Option<&str>> {
        let _ = name;
        todo!()
    }

    /// Whether a parameter of this name is there.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The value of the parameter, without quotes, if it has one.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name).flatten()
    }

    /// Appends a parameter.
    pub fn push(&mut self, name: &str, value: Option<&str>) {
        self.0.push((name.to_owned(), value.map(str::to_owned)));
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

    /// Reads a URI.
    pub fn parse(text: &str) -> Result<Self, MalformedUri> {
        let _ = text;
        todo!()
    }

    /// Equivalence as RFC 3261, 19.1.4 defines it.
    pub fn equivalent(&self, other: &Self) -> bool {
        let _ = other;
        todo!()
    }

    /// Same scheme, user (with case), host (without case) and port: parameters do not count. What a chat room compares
    /// its participants' URIs and its own by.
    pub fn same_resource(&self, other: &Self) -> bool {
        let _ = other;
        todo!()
    }

    /// The URI without parameters and headers.
    pub fn bare(&self) -> Self {
        Self { params: Params::default(), headers: None, ..self.clone() }
    }
}

impl fmt::Display for SipUri {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
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
        let _ = text;
        todo!()
    }

    /// Whether both name the same participant or room: SIP by [`SipUri::same_resource`], tel without visual
    /// separators, im by host without case, others to the letter.
    pub fn same_resource(&self, other: &Self) -> bool {
        let _ = other;
        todo!()
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}
