//! The bundled switch on a network: for `run` as its target, for `switch` as a server to other people's clients.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::port::Protocol;
use crate::runtime::{BindError, Clock, Driver, Link, Ports, TlsIdentity, drive, rng_for};
use crate::switch::config::SwitchConfig;
use crate::switch::fault::FaultSet;
use crate::switch::{Switch, SwitchSettings};

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
    switch: Arc<Mutex<Switch>>,
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
        faults: FaultSet,
        clock: Clock,
        seed: u64,
    ) -> Result<Self, BindError> {
        Self::open_on(Link::Sockets, config, at, identity, faults, clock, seed).await
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
        faults: FaultSet,
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
        let switch = Arc::new(Mutex::new(Switch::new(config, settings, faults, rng_for(seed, "switch"))));
        let ports = Ports { datagrams: Some(datagrams), listeners, ..Ports::default() };
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

    fn locked(&self) -> MutexGuard<'_, Switch> {
        self.switch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
