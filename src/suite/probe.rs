//! Asking an implementation what it supports: the seam between the command line and the scripted peer.

use super::profile::Profile;

/// Why probing came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the target cannot be probed: {0}")]
pub struct ProbeError(pub String);

/// Joins the profile's room, asks what it supports and gives the profile back with claims filled in.
///
/// # Errors
/// Why it could not be asked.
pub async fn probe(_profile: Profile) -> Result<Profile, ProbeError> {
    Err(ProbeError("probing is not part of this build".to_owned()))
}
