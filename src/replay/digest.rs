//! Credentials for live challenges in place of the recorded ones (RFC 3261, 22; RFC 7616; RFC 8760).

use crate::wire::auth::{Challenge, DigestInput, DigestParams};
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
    let challenge = Challenge::strongest(challenge)?;
    let (realm, nonce) = (challenge.params.get("realm")?, challenge.params.get("nonce")?);
    let count = format!("{count:08x}");
    let qop = challenge.offers_auth().then_some((count.as_str(), cnonce));
    let algorithm = challenge.algorithm;
    let input = DigestInput { algorithm, username, realm, password, method, uri, nonce, qop };
    Some(Header::new(challenge.header, challenge.credentials(&input, &input.response()).render()))
}
