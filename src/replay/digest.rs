//! Credentials for live challenges in place of the recorded ones (RFC 3261, 22; RFC 7616; RFC 8760).

use crate::wire::auth::{Algorithm, DigestInput, DigestParams};
use crate::wire::header::Header;
use crate::wire::sip::{SipMessage, Start};

/// The user names of the credentials in a recorded request, if it has any.
pub(super) fn user_of(recorded: &SipMessage) -> Option<String> {
    let credentials = ["Authorization", "Proxy-Authorization"].into_iter().filter_map(|name| recorded.header(name));
    credentials
        .filter_map(|value| DigestParams::parse(&value))
        .find_map(|given| given.get("username").map(str::to_owned))
}

/// The header that answers a challenge for a live request; `None` where there is nothing in it that can be answered.
pub(super) fn answer(
    challenge: &SipMessage,
    request: &SipMessage,
    (username, password): (&str, &str),
    count: u32,
    cnonce: &str,
) -> Option<Header> {
    let Start::Request { method, uri } = &request.start else { return None };
    let offered = [("WWW-Authenticate", "Authorization"), ("Proxy-Authenticate", "Proxy-Authorization")];
    let (name, params, algorithm) = offered
        .into_iter()
        .flat_map(|(asked, name)| challenge.headers.all(asked).map(move |header| (name, header)))
        .filter_map(|(name, header)| {
            let params = DigestParams::parse(&header.text())?;
            let algorithm = params.get("algorithm").map_or(Some(Algorithm::Md5), Algorithm::named)?;
            Some((name, params, algorithm))
        })
        .max_by_key(|(_, _, algorithm)| *algorithm == Algorithm::Sha256)?;
    let (realm, nonce) = (params.get("realm")?, params.get("nonce")?);
    let count = format!("{count:08x}");
    let auth = params.get("qop").is_some_and(|offered| offered.split(',').any(|one| one.trim() == "auth"));
    let qop = auth.then_some((count.as_str(), cnonce));
    let response = DigestInput { algorithm, username, realm, password, method, uri, nonce, qop }.response();
    let given = [("username", username), ("realm", realm), ("nonce", nonce), ("uri", uri), ("response", &response)];
    let mut credentials: Vec<(&str, &str)> = given.to_vec();
    if params.get("algorithm").is_some() {
        credentials.push(("algorithm", algorithm.token()));
    }
    if auth {
        credentials.extend([("cnonce", cnonce), ("qop", "auth"), ("nc", &count)]);
    }
    if let Some(opaque) = params.get("opaque") {
        credentials.push(("opaque", opaque));
    }
    let owned = credentials.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Some(Header::new(name, DigestParams(owned.collect()).render()))
}
