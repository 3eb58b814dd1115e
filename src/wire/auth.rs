//! HTTP digest authentication as SIP uses it (RFC 3261, 22; RFC 7616; RFC 8760): challenges, credentials, the response.
//!
//! Only octets and arithmetic: who challenges whom, and when a nonce is stale, is for switch and peer to say, each for
//! itself.

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
        let _ = text;
        todo!()
    }
}

/// `Digest name=value, ...`: the parameters of a challenge or of credentials, quotes removed, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DigestParams(pub Vec<(String, String)>);

impl DigestParams {
    /// Reads the value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization; `None` when the
    /// scheme is not Digest or the list is malformed.
    pub fn parse(value: &str) -> Option<Self> {
        let _ = value;
        todo!()
    }

    /// The value of a parameter, name compared without case.
    pub fn get(&self, name: &str) -> Option<&str> {
        let _ = name;
        todo!()
    }

    /// Writes the header value; parameters that the grammar wants quoted are quoted.
    pub fn render(&self) -> String {
        todo!()
    }
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
    /// The `response` value.
    pub fn response(&self) -> String {
        todo!()
    }
}
