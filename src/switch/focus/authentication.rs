//! Digest authentication of those who join a room (RFC 3261, 22; RFC 7616; RFC 8760).

use std::collections::BTreeMap;

use rand::Rng;

use super::respond::Refusal;
use crate::port::Moment;
use crate::switch::config::{DigestUser, RoomPolicy};
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::auth::{Algorithm, DigestInput, DigestParams};
use crate::wire::sip::SipMessage;
use crate::wire::uri::SipUri;

/// Nonces whose counts are remembered; the oldest are forgotten, which makes them stale.
const MOST_NONCES: usize = 10_000;

/// Challenges and what became of them.
#[derive(Debug)]
pub(super) struct Authenticator {
    lifetime: std::time::Duration,
    faults: FaultSet,
    /// Live nonces by their order: issued when, for which room, highest nonce count seen.
    nonces: BTreeMap<String, Nonce>,
    issued: u64,
    /// Somebody has come in, for [`Fault::CredentialsGoodOnce`].
    admitted: bool,
}

#[derive(Debug)]
struct Nonce {
    at: Moment,
    order: u64,
    room: String,
    count: u32,
}

impl Authenticator {
    pub fn new(lifetime: std::time::Duration, faults: FaultSet) -> Self {
        Self { lifetime, faults, nonces: BTreeMap::new(), issued: 0, admitted: false }
    }

    /// The user whose credentials the request carries; else the 401 to answer. `Ok(None)`: the room asks nobody.
    pub fn check(
        &mut self,
        now: Moment,
        policy: &RoomPolicy,
        request: &SipMessage,
        rng: &mut impl Rng,
    ) -> Result<Option<String>, Refusal> {
        let Some(users) = policy.digest_users.as_ref().filter(|_| !self.faults.has(Fault::CredentialsNotAsked)) else {
            return Ok(None);
        };
        let credentials: Vec<DigestParams> = request
            .headers
            .all("Authorization")
            .filter_map(|header| DigestParams::parse(&header.text()))
            .filter(|params| {
                params.get("realm") == Some(policy.name.as_str()) || self.faults.has(Fault::RealmNotChecked)
            })
            .collect();
        if self.faults.has(Fault::BasicAccepted)
            && request.header("Authorization").is_some_and(|value| value.starts_with("Basic "))
        {
            let name = request.from().and_then(|from| SipUri::parse(&from.uri).ok()).and_then(|uri| uri.user);
            return Ok(name);
        }
        let mut stale = false;
        for given in &credentials {
            if let Some(user) = self.waved_through(users, given) {
                return Ok(Some(user));
            }
            match self.verify(now, policy, users, request, given) {
                Verdict::Good(_) if self.admitted && self.faults.has(Fault::CredentialsGoodOnce) => {}
                Verdict::Good(user) => {
                    self.admitted = true;
                    return Ok(Some(user));
                }
                Verdict::Stale => stale = true,
                Verdict::Bad => {}
            }
        }
        Err(self.challenge(now, policy, stale, rng))
    }

    /// Whom a faulty switch lets in.
    fn waved_through(&self, users: &[DigestUser], given: &DigestParams) -> Option<String> {
        let name = given.get("username")?;
        let known = users.iter().any(|user| user.username == name);
        let fault = if known { Fault::PasswordNotChecked } else { Fault::UnknownUserAccepted };
        self.faults.has(fault).then(|| name.to_owned())
    }

    fn challenge(&mut self, now: Moment, policy: &RoomPolicy, stale: bool, rng: &mut impl Rng) -> Refusal {
        while self.nonces.len() >= MOST_NONCES {
            let oldest = self.nonces.iter().min_by_key(|(_, nonce)| nonce.order).map(|(value, _)| value.clone());
            match oldest {
                Some(value) => self.nonces.remove(&value),
                None => break,
            };
        }
        let mut refusal = Refusal::new(401);
        if self.faults.has(Fault::ChallengeMissing) {
            return refusal;
        }
        let nonce = format!("{:016x}{:016x}", rng.next_u64(), rng.next_u64());
        self.issued += 1;
        let record = Nonce { at: now, order: self.issued, room: policy.name.clone(), count: 0 };
        self.nonces.insert(nonce.clone(), record);
        for algorithm in policy.digest_algorithms.iter().filter_map(|name| algorithm(name)) {
            let mut params = vec![
                ("realm".to_owned(), policy.name.clone()),
                ("nonce".to_owned(), nonce.clone()),
                ("algorithm".to_owned(), algorithm.token().to_owned()),
                ("qop".to_owned(), "auth".to_owned()),
            ];
            if self.faults.has(Fault::QopNotOffered) {
                params.pop();
            }
            if stale {
                params.push(("stale".to_owned(), "true".to_owned()));
            }
            refusal = refusal.with("WWW-Authenticate", DigestParams(params).render());
        }
        if self.faults.has(Fault::BasicOffered) {
            refusal = refusal.with("WWW-Authenticate", format!("Basic realm=\"{}\"", policy.name));
        }
        refusal
    }

    fn verify(
        &mut self,
        now: Moment,
        policy: &RoomPolicy,
        users: &[DigestUser],
        request: &SipMessage,
        given: &DigestParams,
    ) -> Verdict {
        let Some((user, algorithm)) = claims(policy, users, given) else { return Verdict::Bad };
        let (Some(value), Some(uri), Some(response)) = (given.get("nonce"), given.get("uri"), given.get("response"))
        else {
            return Verdict::Bad;
        };
        // We offer qop, so it must be used (RFC 7616, 3.4); without it there is no nonce count to check.
        let unprotected = self.faults.has(Fault::QopNotOffered) && given.get("qop").is_none();
        let (nc, cnonce) = match (given.get("qop"), given.get("nc"), given.get("cnonce")) {
            (Some("auth"), Some(nc), Some(cnonce)) => (nc, cnonce),
            _ if unprotected => ("00000001", ""),
            _ => return Verdict::Bad,
        };
        let crate::wire::sip::Start::Request { method, uri: target } = &request.start else { return Verdict::Bad };
        let foreign_realm = given.get("realm").filter(|_| self.faults.has(Fault::RealmNotChecked));
        let input = DigestInput {
            algorithm,
            username: &user.username,
            realm: foreign_realm.unwrap_or(&policy.name),
            password: &user.password,
            method,
            uri,
            nonce: value,
            qop: Some((nc, cnonce)).filter(|_| !unprotected),
        };
        let response = response.to_ascii_lowercase();
        let fits = same_text(&input.response(), &response)
            || (self.faults.has(Fault::AnyMethodFits)
                && same_text(&DigestInput { method: "OPTIONS", ..input.clone() }.response(), &response))
            || (self.faults.has(Fault::AnyCountFits)
                && same_text(&DigestInput { qop: Some(("00000001", cnonce)), ..input }.response(), &response));
        if !fits || !same_uri(uri, target) {
            return Verdict::Bad;
        }
        if self.faults.has(Fault::AnyNonceFits) {
            return Verdict::Good(user.username.clone());
        }
        let Some(count) = Some(nc).filter(|nc| nc.len() == 8).and_then(|nc| u32::from_str_radix(nc, 16).ok()) else {
            return Verdict::Bad;
        };
        let lifetime = self.lifetime;
        let Some(nonce) = self.nonces.get_mut(value).filter(|nonce| nonce.room == policy.name) else {
            return Verdict::Stale;
        };
        if now.saturating_sub(nonce.at) > lifetime || count <= nonce.count {
            return Verdict::Stale;
        }
        nonce.count = count;
        Verdict::Good(user.username.clone())
    }
}

enum Verdict {
    Good(String),
    /// The secret is right, the nonce is too old or this count has been used (RFC 7616, 3.3 and 3.4).
    Stale,
    Bad,
}

fn claims<'a>(
    policy: &RoomPolicy,
    users: &'a [DigestUser],
    given: &DigestParams,
) -> Option<(&'a DigestUser, Algorithm)> {
    let name = given.get("username")?;
    let user = users.iter().find(|user| user.username == name)?;
    let wanted = given.get("algorithm").unwrap_or("MD5");
    let offered = policy.digest_algorithms.iter().any(|offered| offered.eq_ignore_ascii_case(wanted));
    Some((user, algorithm(wanted).filter(|_| offered)?))
}

fn algorithm(name: &str) -> Option<Algorithm> {
    [Algorithm::Sha256, Algorithm::Md5].into_iter().find(|algorithm| algorithm.token().eq_ignore_ascii_case(name))
}

fn same_uri(given: &str, target: &str) -> bool {
    given == target
        || matches!((SipUri::parse(given), SipUri::parse(target)), (Ok(given), Ok(target)) if given.equivalent(&target))
}

/// Compares without giving the place of the first difference away by time.
fn same_text(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
