//! Who a participant is, and by which URIs the room knows it (RFC 7701, 5.2 and 6.1; RFC 3323; RFC 3325).

use rand::Rng;

use super::respond::Refusal;
use crate::wire::sip::SipMessage;
use crate::wire::uri::{SipUri, Uri};

/// What an INVITE or SUBSCRIBE says about its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// What tells one user from another; `None`: nothing does, the user is like no other.
    pub known_as: Option<Uri>,
    /// URIs by which the participant may sign and be addressed, unless it wants privacy.
    pub uris: Vec<Uri>,
    /// Display name of From.
    pub display_name: Option<String>,
    /// Whether From itself names nobody.
    pub is_anonymous: bool,
    /// Whether the participant must appear under an anonymous URI only.
    pub private: bool,
}

/// Reads the identity. `username` is the user that digest has proved; the From must be that user's (or anonymous).
pub(super) fn identify(request: &SipMessage, username: Option<&str>, realm_host: &str) -> Result<Identity, Refusal> {
    let from = request.from().ok_or_else(|| Refusal::new(400))?;
    let uri = Uri::parse(&from.uri).map_err(|_| Refusal::new(400))?;
    let aor = bare(uri);
    let anonymous = is_anonymous(&aor);
    let private = anonymous || wants_privacy(request);
    let display_name = from.display_name.filter(|name| !name.is_empty());
    if let Some(username) = username {
        if !anonymous && user_part(&aor) != Some(username) {
            return Err(Refusal::new(403));
        }
        let proved = if anonymous { Uri::Sip(SipUri::new(Some(username), realm_host, None)) } else { aor.clone() };
        let uris = if anonymous { own_pseudonym(&aor) } else { vec![aor] };
        return Ok(Identity { known_as: Some(proved), uris, display_name, is_anonymous: anonymous, private });
    }
    let asserted: Vec<Uri> = request
        .values("P-Asserted-Identity")
        .iter()
        .filter_map(|value| crate::wire::sip::NameAddr::parse(value))
        .filter_map(|name| Uri::parse(&name.uri).ok())
        .filter(|uri| matches!(uri, Uri::Sip(_) | Uri::Tel(_)))
        .map(bare)
        .take(2)
        .collect();
    if anonymous {
        let known_as = asserted.first().cloned().or_else(|| own_pseudonym(&aor).into_iter().next());
        return Ok(Identity { known_as, uris: vec![aor], display_name, is_anonymous: anonymous, private });
    }
    let mut uris = vec![aor.clone()];
    for uri in asserted {
        if !uris.iter().any(|known| known.same_resource(&uri)) {
            uris.push(uri);
        }
    }
    Ok(Identity { known_as: Some(aor), uris, display_name, is_anonymous: anonymous, private })
}

/// A URI that reveals nothing and that nobody else has (RFC 4575, 5.6; interpretation T78).
pub(super) fn anonymous_uri(rng: &mut impl Rng) -> Uri {
    Uri::Sip(SipUri::new(Some(&format!("anonymous-{:016x}", rng.next_u64())), "anonymous.invalid", None))
}

/// A URI that looks like that of a user, for [`crate::switch::fault::Fault::AnonymousUriOrdinary`].
pub(super) fn ordinary_uri(rng: &mut impl Rng) -> Uri {
    Uri::Sip(SipUri::new(Some(&format!("user-{:016x}", rng.next_u64())), "127.0.0.1", None))
}

/// What everybody who is anonymous may write into From, for [`crate::switch::fault::Fault::AnonymousUriShared`].
pub(super) fn everybodys_uri() -> Uri {
    Uri::Sip(SipUri::new(Some("anonymous"), "anonymous.invalid", None))
}

/// Whether the host says that this is nobody (RFC 3323, 4.1.1.3).
pub(super) fn is_anonymous(uri: &Uri) -> bool {
    match uri {
        Uri::Sip(uri) => {
            let host = uri.host.to_ascii_lowercase();
            host.ends_with(".invalid") || host == "invalid"
        }
        _ => false,
    }
}

/// An anonymous URI with a user part of its own is an identity as good as any; `anonymous@` is everybody's.
fn own_pseudonym(uri: &Uri) -> Vec<Uri> {
    let everybodys = user_part(uri).is_none_or(|user| user.eq_ignore_ascii_case("anonymous"));
    if everybodys { Vec::new() } else { vec![uri.clone()] }
}

/// `Privacy` asks for at least one thing that the focus can do: hide the user's URI (RFC 3323, 4.2; RFC 3325, 9.3).
fn wants_privacy(request: &SipMessage) -> bool {
    request
        .values("Privacy")
        .iter()
        .flat_map(|value| value.split(';'))
        .map(|value| value.trim().to_ascii_lowercase())
        .any(|value| ["id", "user", "header"].contains(&value.as_str()))
}

/// The URI without what only tells how to reach it.
pub(super) fn bare(uri: Uri) -> Uri {
    match uri {
        Uri::Sip(uri) => Uri::Sip(SipUri { password: None, ..uri.bare() }),
        other => other,
    }
}

fn user_part(uri: &Uri) -> Option<&str> {
    match uri {
        Uri::Sip(uri) => uri.user.as_deref(),
        Uri::Im(rest) => rest.split_once('@').map(|(user, _)| user),
        Uri::Tel(number) => Some(number),
        Uri::Other(_) => None,
    }
}
