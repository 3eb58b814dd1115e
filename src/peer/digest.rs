//! Answers to digest challenges (RFC 3261, 22; RFC 8760), right ones and wrong ones.

use super::options::DigestDamage;
use crate::wire::auth::{Algorithm, DigestInput, DigestParams};
use crate::wire::sip::SipMessage;

/// The nonces that were used, with their counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Digests {
    used: Vec<(String, u32)>,
}

impl Digests {
    /// Whether the challenge says that only the nonce was too old.
    pub(super) fn is_stale(challenge: &SipMessage) -> bool {
        challenges(challenge)
            .iter()
            .any(|(_, params)| params.get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")))
    }

    /// Name and value of the header that answers a challenge: by SHA-256 where it is offered, else by MD5. `None`: there
    /// is nothing in it that we could answer.
    pub(super) fn answer(
        &mut self,
        challenge: &SipMessage,
        (user, password): (&str, &str),
        (method, uri): (&str, &str),
        cnonce: &str,
        damage: Option<DigestDamage>,
    ) -> Option<(&'static str, String)> {
        let offered = challenges(challenge);
        let (header, params, algorithm) = offered
            .iter()
            .filter_map(|(header, params)| Some((*header, params, algorithm(params)?)))
            .max_by_key(|(_, _, algorithm)| *algorithm == Algorithm::Sha256)?;
        let realm = params.get("realm")?;
        let mut nonce = params.get("nonce")?.to_owned();
        let mut fresh_count = true;
        match damage {
            Some(DigestDamage::WrongNonce) => nonce = nonce.chars().rev().collect::<String>() + "0",
            Some(DigestDamage::ReplayedCount) => {
                if let Some((earlier, _)) = self.used.last() {
                    nonce = earlier.clone();
                    fresh_count = false;
                }
            }
            _ => {}
        }
        let other_realm = format!("not-{realm}");
        let realm = if damage == Some(DigestDamage::OtherRealm) { &other_realm } else { realm };
        let method = if damage == Some(DigestDamage::OtherMethod) { "OPTIONS" } else { method };
        let count = if fresh_count { self.count(&nonce) } else { 1 };
        let count = format!("{count:08x}");
        let auth = params.get("qop").is_some_and(|qop| qop.split(',').any(|qop| qop.trim() == "auth"));
        let wrong_password = format!("{password}-wrong");
        let password = if damage == Some(DigestDamage::WrongPassword) { &wrong_password } else { password };
        let qop = auth.then_some((count.as_str(), cnonce));
        let input = DigestInput { algorithm, username: user, realm, password, method, uri, nonce: &nonce, qop };
        let mut response = input.response();
        if damage == Some(DigestDamage::WrongResponse) {
            let other = if response.ends_with('0') { '1' } else { '0' };
            response.pop();
            response.push(other);
        }
        let mut answer = DigestParams::default();
        let mut put = |name: &str, value: &str| answer.0.push((name.to_owned(), value.to_owned()));
        put("username", user);
        put("realm", realm);
        put("nonce", &nonce);
        put("uri", uri);
        put("response", &response);
        if params.get("algorithm").is_some() {
            put("algorithm", algorithm.token());
        }
        if auth {
            put("cnonce", cnonce);
            put("qop", "auth");
            put("nc", if damage == Some(DigestDamage::OtherCount) { "0000002a" } else { &count });
        }
        if let Some(opaque) = params.get("opaque") {
            put("opaque", opaque);
        }
        Some((header, answer.render()))
    }

    fn count(&mut self, nonce: &str) -> u32 {
        if let Some((_, count)) = self.used.iter_mut().find(|(used, _)| used == nonce) {
            *count = count.saturating_add(1);
            return *count;
        }
        // Only nonces of late come back; the list stays short whatever the other side makes up.
        if self.used.len() >= 16 {
            self.used.remove(0);
        }
        self.used.push((nonce.to_owned(), 1));
        1
    }
}

/// The digest challenges in a response, with the header that answers each.
fn challenges(message: &SipMessage) -> Vec<(&'static str, DigestParams)> {
    [("WWW-Authenticate", "Authorization"), ("Proxy-Authenticate", "Proxy-Authorization")]
        .into_iter()
        .flat_map(|(asked, answer)| {
            message.headers.all(asked).filter_map(move |header| Some((answer, DigestParams::parse(&header.text())?)))
        })
        .collect()
}

fn algorithm(params: &DigestParams) -> Option<Algorithm> {
    match params.get("algorithm") {
        None => Some(Algorithm::Md5),
        Some(name) if name.eq_ignore_ascii_case("MD5") => Some(Algorithm::Md5),
        Some(name) if name.eq_ignore_ascii_case("SHA-256") => Some(Algorithm::Sha256),
        Some(_) => None,
    }
}
