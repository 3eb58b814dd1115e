//! HTTP digest authentication as SIP uses it (RFC 3261, 22; RFC 7616; RFC 8760): challenges, credentials, the response.
//!
//! Only octets and arithmetic: who challenges whom, and when a nonce is stale, is for switch and peer to say, each for
//! itself.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::sip::SipMessage;

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

/// A digest challenge that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The header that answers it.
    pub header: &'static str,
    /// Its parameters.
    pub params: DigestParams,
    /// The algorithm it asks for.
    pub algorithm: Algorithm,
}

impl Challenge {
    /// All digest challenges of a response, also those of an unknown algorithm: the header that answers, the parameters.
    pub fn all(response: &SipMessage) -> impl Iterator<Item = (&'static str, DigestParams)> {
        let headers = [("WWW-Authenticate", "Authorization"), ("Proxy-Authenticate", "Proxy-Authorization")];
        headers.into_iter().flat_map(|(asked, header)| {
            response.headers.all(asked).filter_map(move |one| Some((header, DigestParams::parse(&one.text())?)))
        })
    }

    /// The challenge to answer: one for SHA-256 if there is one, else for MD5 (RFC 8760, 2.4).
    pub fn strongest(response: &SipMessage) -> Option<Self> {
        let known = Self::all(response).filter_map(|(header, params)| {
            let algorithm = params.get("algorithm").map_or(Some(Algorithm::Md5), Algorithm::named)?;
            Some(Self { header, params, algorithm })
        });
        known.max_by_key(|challenge| challenge.algorithm == Algorithm::Sha256)
    }

    /// Whether it offers `qop=auth`.
    pub fn offers_auth(&self) -> bool {
        self.params.get("qop").is_some_and(|offered| offered.split(',').any(|one| one.trim() == "auth"))
    }

    /// The credentials that carry `response`, in the usual order; what `input` says need not be what the challenge wants.
    pub fn credentials(&self, input: &DigestInput<'_>, response: &str) -> DigestParams {
        let mut credentials = vec![
            ("username", input.username),
            ("realm", input.realm),
            ("nonce", input.nonce),
            ("uri", input.uri),
            ("response", response),
        ];
        if self.params.get("algorithm").is_some() {
            credentials.push(("algorithm", self.algorithm.token()));
        }
        if let Some((count, cnonce)) = input.qop {
            credentials.extend([("cnonce", cnonce), ("qop", "auth"), ("nc", count)]);
        }
        if let Some(opaque) = self.params.get("opaque") {
            credentials.push(("opaque", opaque));
        }
        DigestParams(credentials.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_as_published() {
        assert_eq!(Algorithm::Md5.hash("abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(Algorithm::Sha256.hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(Algorithm::named("sha-256"), Some(Algorithm::Sha256));
        assert_eq!(Algorithm::named("MD5-sess"), None);
    }

    #[test]
    fn responses_of_rfc_7616_section_3_9_1() {
        let input = DigestInput {
            algorithm: Algorithm::Md5,
            username: "Mufasa",
            realm: "http-auth@example.org",
            password: "Circle of Life",
            method: "GET",
            uri: "/dir/index.html",
            nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
            qop: Some(("00000001", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")),
        };
        assert_eq!(input.response(), "8ca523f5e9506fed4657c9700eebdbec");
        let input = DigestInput { algorithm: Algorithm::Sha256, ..input };
        assert_eq!(input.response(), "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    }

    #[test]
    fn responses_of_rfc_2617_and_without_qop() {
        let input = DigestInput {
            algorithm: Algorithm::Md5,
            username: "Mufasa",
            realm: "testrealm@host.com",
            password: "Circle Of Life",
            method: "GET",
            uri: "/dir/index.html",
            nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            qop: Some(("00000001", "0a4f113b")),
        };
        assert_eq!(input.response(), "6629fae49393a05397450978507c4ef1");
        assert_eq!(DigestInput { qop: None, ..input }.response(), "670fd8c2df070c60b045671b8b24ff02");
    }

    #[test]
    fn a_challenge_is_read_and_written() {
        let text = "Digest realm=\"a, \\\"b\\\"\",\r\n qop=\"auth,auth-int\" , nonce=\"n==\", opaque=\"\", stale=FALSE, algorithm=MD5";
        let params = DigestParams::parse(text).unwrap();
        assert_eq!(params.get("REALM"), Some("a, \"b\""));
        assert_eq!(params.get("qop"), Some("auth,auth-int"));
        assert_eq!(params.get("opaque"), Some(""));
        assert_eq!(params.get("stale"), Some("FALSE"));
        assert_eq!(params.get("uri"), None);
        let canonical = "Digest realm=\"a, \\\"b\\\"\", qop=\"auth,auth-int\", nonce=\"n==\", opaque=\"\", stale=FALSE, algorithm=MD5";
        assert_eq!(params.render(), canonical);
    }

    #[test]
    fn credentials_have_their_own_quoting() {
        let pairs = [
            ("username", "bob"),
            ("realm", "biloxi.com"),
            ("nonce", "dcd98b7102dd2f0e8b11d0f600bfb0c093"),
            ("uri", "sip:bob@biloxi.com"),
            ("qop", "auth"),
            ("nc", "00000001"),
            ("cnonce", "0a4f113b"),
            ("response", "6629fae49393a05397450978507c4ef1"),
            ("algorithm", "SHA-256"),
        ];
        let params = DigestParams(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect());
        let text = "Digest username=\"bob\", realm=\"biloxi.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", \
                    uri=\"sip:bob@biloxi.com\", qop=auth, nc=00000001, cnonce=\"0a4f113b\", \
                    response=\"6629fae49393a05397450978507c4ef1\", algorithm=SHA-256";
        assert_eq!(params.render(), text);
        assert_eq!(DigestParams::parse(text), Some(params));
    }

    #[test]
    fn what_is_no_digest_list() {
        for text in [
            "",
            "Digest",
            "Digest ",
            "Basic realm=\"a\"",
            "Digest realm",
            "Digest realm=\"a",
            "Digest a=\"b\" c=\"d\"",
            "Digest a=",
        ] {
            assert_eq!(DigestParams::parse(text), None, "{text}");
        }
    }
}
