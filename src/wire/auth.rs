//! HTTP digest authentication as SIP uses it (RFC 3261, 22; RFC 7616; RFC 8760): challenges, credentials, the response.
//!
//! Only octets and arithmetic: who challenges whom, and when a nonce is stale, is for switch and peer to say, each for
//! itself.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// The hash algorithm of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// `MD5`, also the default when none is named.
    Md5,
    /// `SHA-256` (RFC 8760).
    Sha256,
}

impl Algorithm {
    /// The token on the wire.
    pub fn token(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// The hash of `text` in lower-case hexadecimal.
    pub fn hash(self, text: &str) -> String {
        match self {
            Self::Md5 => hexadecimal(&md5::Md5::digest(text)),
            Self::Sha256 => hexadecimal(&Sha256::digest(text)),
        }
    }

    /// The algorithm that a token names, compared without case.
    pub fn named(token: &str) -> Option<Self> {
        [Self::Md5, Self::Sha256].into_iter().find(|algorithm| algorithm.token().eq_ignore_ascii_case(token))
    }
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut text, octet| {
        let _ = write!(text, "{octet:02x}");
        text
    })
}

/// `Digest name=value, ...`: the parameters of a challenge or of credentials, quotes removed, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DigestParams(pub Vec<(String, String)>);

impl DigestParams {
    /// Reads the value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization; `None` when the
    /// scheme is not Digest or the list is malformed.
    pub fn parse(value: &str) -> Option<Self> {
        let (scheme, mut rest) = value.trim_start().split_once(|c: char| c.is_ascii_whitespace())?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return None;
        }
        let mut params = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
            if rest.is_empty() {
                return (!params.is_empty()).then_some(Self(params));
            }
            let (name, after) = rest.split_once('=')?;
            let name = name.trim_end();
            if !is_token(name) {
                return None;
            }
            let (value, after) = parameter_value(after.trim_start())?;
            params.push((name.to_owned(), value));
            rest = after.trim_start();
            if !rest.is_empty() && !rest.starts_with(',') {
                return None;
            }
        }
    }

    /// The value of a parameter, name compared without case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Writes the header value; parameters that the grammar wants quoted are quoted. `qop` is quoted in challenges
    /// and not in credentials (RFC 3261, 25.1: qop-options, message-qop); parameters found only in credentials tell
    /// which of them this is.
    pub fn render(&self) -> String {
        let credentials = ["username", "response", "uri", "cnonce", "nc"].iter().any(|name| self.get(name).is_some());
        let mut text = String::from("Digest ");
        for (at, (name, value)) in self.0.iter().enumerate() {
            if at > 0 {
                text.push_str(", ");
            }
            let plain = match name.to_ascii_lowercase().as_str() {
                "algorithm" | "stale" | "nc" | "charset" | "userhash" => true,
                "qop" => credentials,
                _ => false,
            };
            let _ = if plain {
                write!(text, "{name}={value}")
            } else {
                write!(text, "{name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
            };
        }
        text
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&octet))
}

/// A quoted string, or what stands before the next comma or blank; and what follows it.
fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| c == ',' || c.is_ascii_whitespace()).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (!value.is_empty() && !value.contains('"')).then(|| (value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, quoted.get(at + 1..)?)),
            '\\' => value.push(chars.next()?.1),
            _ => value.push(c),
        }
    }
    None
}

/// What a digest response is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestInput<'a> {
    /// Hash algorithm.
    pub algorithm: Algorithm,
    /// User name.
    pub username: &'a str,
    /// Realm of the challenge.
    pub realm: &'a str,
    /// Password.
    pub password: &'a str,
    /// SIP method.
    pub method: &'a str,
    /// The digest-uri value.
    pub uri: &'a str,
    /// Nonce of the challenge.
    pub nonce: &'a str,
    /// `qop=auth` with nonce count and cnonce, or none of them.
    pub qop: Option<(&'a str, &'a str)>,
}

impl DigestInput<'_> {
    /// The `response` value (RFC 7616, 3.4.1; without `qop` RFC 2069's, kept by RFC 3261, 22.4).
    pub fn response(&self) -> String {
        let secret = self.algorithm.hash(&format!("{}:{}:{}", self.username, self.realm, self.password));
        let request = self.algorithm.hash(&format!("{}:{}", self.method, self.uri));
        let nonce = self.nonce;
        self.algorithm.hash(&match self.qop {
            Some((count, cnonce)) => format!("{secret}:{nonce}:{count}:{cnonce}:auth:{request}"),
            None => format!("{secret}:{nonce}:{request}"),
        })
    }
}
