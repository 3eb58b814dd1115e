//! The bundled switch on a network: for `run` as its target, for `switch` as a server to other people's clients.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::profile::{Claim, Credentials, LogicalRoom, NextHop, Profile, RoomEntry, SipTransport, TlsTrust};
use crate::port::Protocol;
use crate::runtime::{BindError, ClientTls, Clock, Driver, Link, Ports, TlsIdentity, Trust, drive, rng_for};
use crate::switch::config::{DigestUser, RoomPolicy, SwitchConfig};
use crate::switch::flaw::Flaws;
use crate::switch::wreckage::Wrecked;
use crate::switch::{Switch, SwitchSettings};
use crate::wire::uri::host_of;

/// Where the switch listens; port 0 takes a free one.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// SIP over UDP and, on the same port where it is not 0, over TCP.
    pub sip: SocketAddr,
    /// MSRP over TCP.
    pub msrp: SocketAddr,
    /// SIP over TLS.
    pub sips: Option<SocketAddr>,
    /// MSRP over TLS.
    pub msrps: Option<SocketAddr>,
}

/// A switch that is up; it is gone when this is dropped.
pub struct Host {
    switch: Arc<Mutex<Wrecked>>,
    driver: Driver,
    clock: Clock,
    /// SIP over UDP.
    pub udp: SocketAddr,
    /// SIP over TCP.
    pub tcp: SocketAddr,
    /// SIP over TLS.
    pub tls: Option<SocketAddr>,
    /// MSRP over TCP.
    pub msrp: SocketAddr,
    /// MSRP over TLS.
    pub msrps: Option<SocketAddr>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("udp", &self.udp).field("tcp", &self.tcp).field("msrp", &self.msrp).finish()
    }
}

impl Host {
    /// Binds the sockets and starts the switch.
    ///
    /// # Errors
    /// The socket that cannot be had.
    pub async fn open(
        config: SwitchConfig,
        at: &Addresses,
        identity: Option<&TlsIdentity>,
        flaws: impl Into<Flaws>,
        clock: Clock,
        seed: u64,
    ) -> Result<Self, BindError> {
        Self::open_on(Link::Sockets, config, at, identity, flaws, clock, seed).await
    }

    /// Starts the switch on a link.
    ///
    /// # Errors
    /// The socket that cannot be had.
    pub async fn open_on(
        link: Link,
        config: SwitchConfig,
        at: &Addresses,
        identity: Option<&TlsIdentity>,
        flaws: impl Into<Flaws>,
        clock: Clock,
        seed: u64,
    ) -> Result<Self, BindError> {
        let datagrams = link.bind_datagrams(at.sip).await?;
        // The same number for both transports, as URIs without a port imply; with port 0 the UDP socket chooses.
        let sip = match link.listen(SocketAddr::new(at.sip.ip(), datagrams.local().port()), Protocol::Sip, None).await {
            Err(_) if at.sip.port() == 0 => link.listen(at.sip, Protocol::Sip, None).await?,
            other => other?,
        };
        let msrp = link.listen(at.msrp, Protocol::Msrp, None).await?;
        let (udp, tcp, plain) = (datagrams.local(), sip.local(), msrp.local());
        let mut settings = SwitchSettings::new(udp, tcp, plain);
        let mut listeners = vec![sip, msrp];
        let (mut tls, mut msrps) = (None, None);
        if let Some(identity) = identity {
            if let Some(address) = at.sips {
                let listener = link.listen(address, Protocol::Sip, Some(identity.server())).await?;
                tls = Some(listener.local());
                listeners.push(listener);
            }
            if let Some(address) = at.msrps {
                let listener = link.listen(address, Protocol::Msrp, Some(identity.server())).await?;
                msrps = Some(listener.local());
                settings.msrp_tls = msrps;
                settings.tls_fingerprint = Some(identity.fingerprint().to_owned());
                listeners.push(listener);
            }
        }
        let flaws = flaws.into();
        let switch = Switch::new(config, settings, flaws.faults, rng_for(seed, "switch"));
        let switch = Arc::new(Mutex::new(Wrecked::new(switch, flaws.wreckage)));
        // An endpoint that wants to be connected to proves its certificate by its fingerprint (RFC 4975, 14.4); the switch
        // knows no authority.
        let client_tls = ClientTls::new(Trust::Nobody).ok();
        let ports = Ports { datagrams: Some(datagrams), listeners, client_tls, ..Ports::default() };
        let driver = drive(switch.clone(), link, clock, ports);
        Ok(Self { switch, driver, clock, udp, tcp, tls, msrp: plain, msrps })
    }

    /// The lines that the switch has logged since the last call.
    pub fn log(&self) -> Vec<String> {
        let mut switch = self.locked();
        std::iter::from_fn(|| switch.poll_log()).collect()
    }

    /// Resolves when the switch has been given something to do: its log may have grown.
    pub async fn stirred(&self) {
        let mut stirred = self.driver.stirred();
        stirred.mark_unchanged();
        // An error means that the driver is gone; then there is nothing to wait for.
        let _ = tokio::time::timeout(Duration::from_millis(200), stirred.changed()).await;
    }

    /// Ends every session with BYE and every subscription, and waits for it, no longer than `bound`.
    pub async fn shut_down(&self, bound: Duration) {
        self.locked().shut_down(self.clock.now());
        self.driver.wake();
        let deadline = self.clock.now() + bound;
        while !self.locked().is_idle() && self.clock.now() < deadline {
            self.clock.sleep_until(self.clock.now() + Duration::from_millis(10)).await;
        }
    }

    /// The profile that reaches this switch, which has the rooms of `config`: the first room without a special policy is
    /// the default one, and a room that differs from it in one policy stands for that policy.
    pub fn profile(&self, config: &SwitchConfig, transport: SipTransport) -> Profile {
        let address = match transport {
            SipTransport::Udp => self.udp,
            SipTransport::Tcp => self.tcp,
            SipTransport::Tls => self.tls.unwrap_or(self.tcp),
        };
        let host = host_of(address.ip());
        let uri = |room: &RoomPolicy| room.uri(&host, Some(address.port()));
        let plain = RoomPolicy::default();
        let default = config.rooms.iter().find(|room| policies(room).is_empty()).or(config.rooms.first());
        let default = default.unwrap_or(&plain);
        let mut rooms = BTreeMap::new();
        for room in config.rooms.iter().filter(|room| room.name != default.name) {
            let policies = policies(room);
            let [(policy, seconds)] = policies.as_slice() else { continue };
            if *policy != LogicalRoom::TlsOnly || self.msrps.is_some() {
                rooms.entry(*policy).or_insert_with(|| RoomEntry { uri: uri(room), seconds: *seconds });
            }
        }
        let digest = rooms.get(&LogicalRoom::Digest).and_then(|entry| entry.uri.user.clone());
        let users = config.rooms.iter().find(|room| Some(&room.name) == digest.as_ref());
        let users = users.and_then(|room| room.digest_users.clone()).unwrap_or_default();
        let claims = BTreeMap::from([
            (Claim::PrivateMessages, default.private_messages),
            (Claim::Nicknames, default.nicknames),
            (Claim::ConferenceEvent, true),
            (Claim::Digest, digest.is_some()),
            (Claim::Tls, self.msrps.is_some()),
        ]);
        Profile {
            name: format!("the bundled switch {}", env!("CARGO_PKG_VERSION")),
            next_hop: Some(NextHop { host: host.clone(), port: Some(address.port()), transport }),
            rooms,
            credentials: credentials(users),
            reserved_nicknames: default.reserved_nicknames.clone(),
            claims,
            // The certificate is mostly one that was made for this switch alone.
            tls: TlsTrust { ca: None, insecure: true },
            ..Profile::for_target(uri(default))
        }
    }

    fn locked(&self) -> MutexGuard<'_, Wrecked> {
        self.switch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Timers up to this many seconds are short enough for a test case.
const SHORT: f64 = 30.0;

/// In what a room differs from a plain one, and the duration where there is one.
fn policies(room: &RoomPolicy) -> Vec<(LogicalRoom, Option<u64>)> {
    let short = |seconds: f64| seconds > 0.0 && seconds <= SHORT;
    // Within SHORT, so that nothing is cut off.
    let whole = |seconds: f64| Some(seconds.ceil() as u64);
    [
        (!room.private_messages, LogicalRoom::PrivateMessagesOff, None),
        (!room.nicknames, LogicalRoom::NicknamesOff, None),
        (room.digest_users.is_some(), LogicalRoom::Digest, None),
        (!room.accept_wrapped_types.iter().any(|one| one == "*"), LogicalRoom::TextPlainOnly, None),
        (short(room.nickname_quarantine), LogicalRoom::NicknameQuarantine, whole(room.nickname_quarantine)),
        (!room.simultaneous_access, LogicalRoom::SingleEndpoint, None),
        (short(room.chunk_reception_timer), LogicalRoom::ChunkTimer, whole(room.chunk_reception_timer)),
        (room.deleted_with_creator, LogicalRoom::DeletedWithCreator, None),
        (room.answer_delay > 0.0, LogicalRoom::SlowAnswer, None),
        (room.force_tls, LogicalRoom::TlsOnly, None),
    ]
    .into_iter()
    .filter_map(|(differs, policy, seconds)| differs.then_some((policy, seconds)))
    .collect()
}

/// Alice and Bob are the users of these names, or else whoever is left.
fn credentials(mut users: Vec<DigestUser>) -> BTreeMap<String, Credentials> {
    users.sort_by_key(|user| match user.username.as_str() {
        "alice" => 0,
        "bob" => 1,
        _ => 2,
    });
    let names = ["alice", "bob"].map(str::to_owned);
    let known = users.into_iter().map(|user| Credentials { username: user.username, password: user.password });
    names.into_iter().zip(known).collect()
}
