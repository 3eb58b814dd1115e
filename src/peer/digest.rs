//! Answers to digest challenges (RFC 3261, 22; RFC 8760), right ones and wrong ones.

use super::options::DigestDamage;
use crate::wire::auth::{Challenge, DigestInput};
use crate::wire::sip::SipMessage;

/// The nonces that were used, with their counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Digests {
    used: Vec<(String, u32)>,
}

impl Digests {
    /// Whether the challenge says that only the nonce was too old.
    pub(super) fn is_stale(challenge: &SipMessage) -> bool {
        Challenge::all(challenge)
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
        let challenge = Challenge::strongest(challenge)?;
        let params = &challenge.params;
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
        let wrong_password = format!("{password}-wrong");
        let password = if damage == Some(DigestDamage::WrongPassword) { &wrong_password } else { password };
        let qop = challenge.offers_auth().then_some((count.as_str(), cnonce));
        let algorithm = challenge.algorithm;
        let input = DigestInput { algorithm, username: user, realm, password, method, uri, nonce: &nonce, qop };
        let mut response = input.response();
        if damage == Some(DigestDamage::WrongResponse) {
            let other = if response.ends_with('0') { '1' } else { '0' };
            response.pop();
            response.push(other);
        }
        let mut credentials = challenge.credentials(&input, &response);
        if damage == Some(DigestDamage::OtherCount) {
            for (_, count) in credentials.0.iter_mut().filter(|(name, _)| name == "nc") {
                *count = "0000002a".to_owned();
            }
        }
        Some((challenge.header, credentials.render()))
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
