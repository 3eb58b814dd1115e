//! The bundled switch as implementation under test: started on loopback sockets or in memory, with the profile that reaches it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::host::{Addresses, Host};
use super::profile::{Claim, Credentials, LogicalRoom, NextHop, Profile, RoomEntry, SipTransport, Timers, TlsTrust};
use crate::runtime::{Clock, Link};
use crate::switch::config::SwitchConfig;
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::uri::SipUri;

/// How the bundled switch is to be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundledOptions {
    /// The transport of its rooms' URIs.
    pub transport: SipTransport,
    /// The faults that it shall show.
    pub faults: Vec<Fault>,
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
    let faults = options.faults.iter().fold(FaultSet::none(), |set, fault| set.with(*fault));
    let network = |error: &dyn std::fmt::Display| StartError::Network(error.to_string());
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let identity = link.identity(&[any.ip().to_string()]).map_err(|error| network(&error))?;
    let at = Addresses { sip: any, msrp: any, sips: Some(any), msrps: Some(any) };
    let host = Host::open_on(
        link.clone(),
        SwitchConfig::bundled(),
        &at,
        Some(&identity),
        faults,
        Clock::start(),
        options.seed,
    )
    .await
    .map_err(|error| network(&error))?;
    let profile = profile(&host, options.transport);
    Ok(BundledTarget { profile, host })
}

/// Every logical room is there, so that no case is not applicable.
fn profile(host: &Host, transport: SipTransport) -> Profile {
    let address = match transport {
        SipTransport::Udp => host.udp,
        SipTransport::Tcp => host.tcp,
        SipTransport::Tls => host.tls.unwrap_or(host.tcp),
    };
    let room = |name: &str| SipUri::new(Some(name), &address.ip().to_string(), Some(address.port()));
    let entry = |name: &str, seconds: Option<u64>| RoomEntry { uri: room(name), seconds };
    let user = |name: &str| Credentials { username: name.to_owned(), password: format!("{name}-secret") };
    Profile {
        name: format!("the bundled switch {}", env!("CARGO_PKG_VERSION")),
        next_hop: Some(NextHop { host: address.ip().to_string(), port: Some(address.port()), transport }),
        rooms: BTreeMap::from([
            (LogicalRoom::PrivateMessagesOff, entry("noprivate", None)),
            (LogicalRoom::NicknamesOff, entry("nonick", None)),
            (LogicalRoom::Digest, entry("auth", None)),
            (LogicalRoom::TextPlainOnly, entry("textonly", None)),
            (LogicalRoom::NicknameQuarantine, entry("quarantine", Some(2))),
            (LogicalRoom::SingleEndpoint, entry("single", None)),
            (LogicalRoom::ChunkTimer, entry("shorttimer", Some(1))),
            (LogicalRoom::DeletedWithCreator, entry("temp", None)),
            (LogicalRoom::SlowAnswer, entry("slow", None)),
            (LogicalRoom::TlsOnly, entry("secret", None)),
        ]),
        credentials: BTreeMap::from([("alice".to_owned(), user("alice")), ("bob".to_owned(), user("bob"))]),
        reserved_nicknames: vec!["admin".to_owned()],
        claims: Claim::ALL.iter().map(|claim| (*claim, true)).collect(),
        timers: Timers { response: Duration::from_secs(5), roster: Duration::from_secs(8) },
        tls: TlsTrust { ca: None, insecure: true },
        ..Profile::for_target(room("room"))
    }
}
