//! The bundled switch as implementation under test: started on loopback sockets or in memory, with the profile that
//! reaches it.

use std::net::{Ipv4Addr, SocketAddr};

use super::host::{Addresses, Host};
use super::profile::{Profile, SipTransport};
use crate::runtime::{Clock, Link};
use crate::switch::config::SwitchConfig;
use crate::switch::flaw::{Flaw, Flaws};

/// How the bundled switch is to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundledOptions {
    /// The transport of its rooms' URIs.
    pub transport: SipTransport,
    /// The faults and wreckage that it shall show.
    pub faults: Vec<Flaw>,
    /// Seed of its randomness.
    pub seed: u64,
}

/// A bundled switch that is up; it ends when this is dropped.
#[derive(Debug)]
pub struct BundledTarget {
    /// How to reach it.
    pub profile: Profile,
    /// The switch.
    pub host: Host,
}

/// Why the bundled switch did not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The network refused.
    #[error("the bundled switch cannot start: {0}")]
    Network(String),
}

/// Starts the bundled switch on loopback sockets.
///
/// # Errors
/// Why it did not start.
pub async fn start(options: &BundledOptions) -> Result<BundledTarget, StartError> {
    start_on(&Link::Sockets, options).await
}

/// Starts the bundled switch on a link.
///
/// # Errors
/// Why it did not start.
pub async fn start_on(link: &Link, options: &BundledOptions) -> Result<BundledTarget, StartError> {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    start_at(link, options, &Addresses { sip: any, msrp: any, sips: Some(any), msrps: Some(any) }).await
}

/// Starts the bundled switch at chosen addresses.
///
/// # Errors
/// Why it did not start.
pub async fn start_at(link: &Link, options: &BundledOptions, at: &Addresses) -> Result<BundledTarget, StartError> {
    let flaws: Flaws = options.faults.iter().copied().collect();
    let network = |error: &dyn std::fmt::Display| StartError::Network(error.to_string());
    let identity = link.identity(&[at.sip.ip().to_string()]).map_err(|error| network(&error))?;
    let config = SwitchConfig::bundled();
    let (link, clock) = (link.clone(), Clock::start());
    let host = Host::open_on(link, config.clone(), at, Some(&identity), flaws, clock, options.seed)
        .await
        .map_err(|error| network(&error))?;
    let profile = host.profile(&config, options.transport);
    Ok(BundledTarget { profile, host })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::profile::{Claim, LogicalRoom};

    #[tokio::test]
    async fn no_case_is_kept_from_the_bundled_switch() {
        let options = BundledOptions { transport: SipTransport::Udp, faults: Vec::new(), seed: 1 };
        let profile = start(&options).await.unwrap().profile;
        assert!(LogicalRoom::ALL.iter().all(|room| profile.rooms.contains_key(room)), "{profile:?}");
        assert!(Claim::ALL.iter().all(|claim| profile.claim(*claim) == Some(true)));
        assert_eq!(profile.room.user.as_deref(), Some("room"));
        assert_eq!(profile.rooms[&LogicalRoom::NicknameQuarantine].seconds, Some(2));
        assert_eq!(profile.rooms[&LogicalRoom::ChunkTimer].seconds, Some(1));
        assert_eq!(profile.credentials["bob"].password, "bob-secret");
        assert_eq!(profile.reserved_nicknames, ["admin"]);
    }
}
