//! The stage: participants on a network, ready to act and to be watched.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::peer::{CallState, Identity, Participant, Place, Route, Timers, Transport};
use crate::port::{Moment, Protocol};
use crate::runtime::{
    BindError, ClientTls, Clock, Driver, Link, Ports, Recorder, TlsError, TlsIdentity, Trust, drive, rng_for,
};
use crate::transcript::Transcript;
use crate::wire::uri::SipUri;

/// How long the last NOTIFYs of subscriptions that were ended may take.
const LAST_NOTIFY: Duration = Duration::from_millis(250);
/// How long what was written may take to leave when everybody has left.
const FLUSH: Duration = Duration::from_millis(500);

/// How participants judge the certificates of the implementation under test.
#[derive(Clone, Debug, Default)]
pub struct StageTls {
    /// Certification authority (PEM) that the IUT's certificates must go back to.
    pub ca: Option<PathBuf>,
    /// Accept any certificate, where the IUT's SDP names no fingerprint.
    pub insecure: bool,
}

/// Where the play takes place.
#[derive(Clone, Debug)]
pub struct StageSettings {
    /// The SIP address that every request goes to.
    pub next_hop: SocketAddr,
    /// What SIP goes over.
    pub transport: Transport,
    /// The room that participants call unless told otherwise.
    pub room: SipUri,
    /// SIP timer values.
    pub timers: Timers,
    /// Seed of the scenario: identifiers are a function of it and the participants' names.
    pub seed: u64,
    /// TLS.
    pub tls: StageTls,
}

/// Why a participant cannot come on stage.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// A socket could not be had.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// What was waited for did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not seen within {} ms", .waited.as_millis())]
pub struct TimedOut {
    /// How long it was waited for.
    pub waited: Duration,
}

/// Participants on a network, and the record of what crosses their PCOs. Dropping it, and every [`Actor`] that was given
/// out, ends everything at once.
#[derive(Debug)]
pub struct Stage {
    link: Link,
    clock: Clock,
    settings: StageSettings,
    client_tls: ClientTls,
    /// The certificate of all participants, made when the first one needs it.
    certificate: Mutex<Option<TlsIdentity>>,
    transcript: Arc<Mutex<Transcript>>,
    cast: Mutex<Vec<Arc<Member>>>,
}

/// A participant with what carries it.
#[derive(Debug)]
struct Member {
    name: String,
    clock: Clock,
    participant: Arc<Mutex<Participant>>,
    /// `None` once the participant has left.
    driver: Mutex<Option<Driver>>,
    wake: Arc<Notify>,
    stirred: watch::Receiver<u64>,
}

/// A participant on stage. Cheap to clone; it stays on stage as long as the [`Stage`] does.
#[derive(Clone, Debug)]
pub struct Actor(Arc<Member>);

impl Stage {
    /// An empty stage.
    pub fn new(link: Link, clock: Clock, settings: StageSettings) -> Result<Self, StageError> {
        let trust = match (&settings.tls.ca, settings.tls.insecure) {
            (_, true) => Trust::Anybody,
            (Some(ca), false) => Trust::Authority(ca.clone()),
            (None, false) => Trust::Nobody,
        };
        Ok(Self {
            link,
            clock,
            client_tls: ClientTls::new(trust)?,
            settings,
            certificate: Mutex::new(None),
            transcript: Arc::default(),
            cast: Mutex::default(),
        })
    }

    /// The settings.
    pub fn settings(&self) -> &StageSettings {
        &self.settings
    }

    /// Brings a participant on stage, with sockets of its own, on the way that the settings name. Two with the same
    /// address of record are two devices of one user; the name of each must be its own.
    pub async fn admit(&self, identity: Identity) -> Result<Actor, StageError> {
        self.admit_to(identity, self.settings.room.clone()).await
    }

    /// Brings a participant on stage whose room is another one.
    pub async fn admit_to(&self, identity: Identity, room: SipUri) -> Result<Actor, StageError> {
        let server_name = room.host.clone();
        let route = Route { transport: self.settings.transport, next_hop: self.settings.next_hop, server_name, room };
        self.admit_on(identity, route).await
    }

    /// Brings a participant on stage that goes its own way: another next hop or transport.
    pub async fn admit_on(&self, identity: Identity, route: Route) -> Result<Actor, StageError> {
        let ip = self.link.address_towards(route.next_hop).await?;
        let free = SocketAddr::new(ip, 0);
        let certificate = self.certificate(&ip.to_string())?;
        let mut ports = Ports {
            client_tls: Some(self.client_tls.clone()),
            recorder: Some(Recorder::new(&identity.name, self.transcript.clone())),
            ..Ports::default()
        };
        let sip = match route.transport {
            Transport::Udp => {
                let datagrams = self.link.bind_datagrams(free).await?;
                let local = datagrams.local();
                ports.datagrams = Some(datagrams);
                // A request over 1300 octets comes by TCP, to the same port (RFC 3261, 18.1.1 and 18.2.1). Somebody else may
                // have that port; then the focus has to fall back, as it should.
                let _ = self.listen(&mut ports, local, Protocol::Sip, None).await;
                local
            }
            // For requests of the focus, should it open a stream of its own to our Contact.
            Transport::Tcp => self.listen(&mut ports, free, Protocol::Sip, None).await?,
            Transport::Tls => self.listen(&mut ports, free, Protocol::Sip, Some(&certificate)).await?,
        };
        let place = Place {
            sip,
            msrp: self.listen(&mut ports, free, Protocol::Msrp, None).await?,
            msrps: Some(self.listen(&mut ports, free, Protocol::Msrp, Some(&certificate)).await?),
            fingerprint: Some(certificate.fingerprint().to_owned()),
        };
        let name = identity.name.clone();
        let rng = rng_for(self.settings.seed, &name);
        let participant = Participant::new(identity, route, place, self.settings.timers, rng);
        let participant = Arc::new(Mutex::new(participant));
        let driver = drive(participant.clone(), self.link.clone(), self.clock, ports);
        let (wake, stirred) = (driver.waker(), driver.stirred());
        let driver = Mutex::new(Some(driver));
        let member = Arc::new(Member { name, clock: self.clock, participant, driver, wake, stirred });
        lock(&self.cast).push(member.clone());
        Ok(Actor(member))
    }

    async fn listen(
        &self,
        ports: &mut Ports,
        address: SocketAddr,
        protocol: Protocol,
        certificate: Option<&TlsIdentity>,
    ) -> Result<SocketAddr, BindError> {
        let listener = self.link.listen(address, protocol, certificate.map(TlsIdentity::server)).await?;
        let local = listener.local();
        ports.listeners.push(listener);
        Ok(local)
    }

    fn certificate(&self, host: &str) -> Result<TlsIdentity, TlsError> {
        let mut made = lock(&self.certificate);
        if let Some(certificate) = &*made {
            return Ok(certificate.clone());
        }
        let certificate = self.link.identity(&[host.to_owned()])?;
        Ok(made.insert(certificate).clone())
    }

    /// The actor of this name.
    pub fn actor(&self, name: &str) -> Option<Actor> {
        lock(&self.cast).iter().find(|member| member.name == name).cloned().map(Actor)
    }

    /// All actors, in the order of their admission.
    pub fn actors(&self) -> Vec<Actor> {
        lock(&self.cast).iter().cloned().map(Actor).collect()
    }

    /// The time from the start of the run.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// What crossed the PCOs so far.
    pub fn transcript(&self) -> Transcript {
        lock(&self.transcript).clone()
    }

    /// Everybody leaves in good order: BYE in every dialog, subscriptions ended, then streams and sockets closed. Takes
    /// no longer than `bound`. Who is on stage afterwards has left for good.
    pub async fn leave_all(&self, bound: Duration) {
        let actors = self.actors();
        let leaving: Vec<_> = actors.iter().map(Actor::begin_leaving).collect();
        let answered = async {
            for (actor, requests) in actors.iter().zip(&leaving) {
                let over = |participant: &Participant, key| {
                    participant.final_response(key).is_some() || participant.timed_out(key)
                };
                let all = |participant: &Participant| requests.iter().all(|key| over(participant, *key)).then_some(());
                let _ = actor.wait(bound, all).await;
            }
        };
        let _ = tokio::time::timeout(bound, answered).await;
        // The last NOTIFYs follow at once, if they come at all.
        let terminated = async {
            for actor in &actors {
                let all = |participant: &Participant| {
                    let mut subscriptions = participant.subscriptions();
                    subscriptions.all(|subscription| participant.is_terminated(subscription)).then_some(())
                };
                let _ = actor.wait(LAST_NOTIFY, all).await;
            }
        };
        let _ = tokio::time::timeout(bound.min(LAST_NOTIFY), terminated).await;
        let drivers: Vec<_> = actors.iter().filter_map(|actor| lock(&actor.0.driver).take()).collect();
        futures::future::join_all(drivers.into_iter().map(|driver| driver.stop(bound.min(FLUSH)))).await;
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for member in lock(&self.cast).iter() {
            drop(lock(&member.driver).take());
        }
    }
}

impl Actor {
    /// The participant's name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Lets the participant do something, at once.
    pub fn act<R>(&self, action: impl FnOnce(&mut Participant, Moment) -> R) -> R {
        let result = {
            let mut participant = lock(&self.0.participant);
            // Read under the lock, so that time never runs backwards for the participant.
            action(&mut participant, self.0.clock.now())
        };
        self.0.wake.notify_one();
        result
    }

    /// Looks at what the participant knows.
    pub fn look<R>(&self, view: impl FnOnce(&Participant) -> R) -> R {
        view(&lock(&self.0.participant))
    }

    /// Waits until `wanted` finds something, asking again after every observation.
    pub async fn wait<T>(
        &self,
        deadline: Duration,
        mut wanted: impl FnMut(&Participant) -> Option<T>,
    ) -> Result<T, TimedOut> {
        let mut stirred = self.0.stirred.clone();
        let found = async {
            loop {
                stirred.mark_unchanged();
                if let Some(found) = self.look(&mut wanted) {
                    return found;
                }
                // The driver is gone: nothing will change any more.
                if stirred.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(deadline, found).await.map_err(|_| TimedOut { waited: deadline })
    }

    /// Whether the participant is still carried to the network; `false` after it has left, or if it broke down.
    pub fn is_running(&self) -> bool {
        lock(&self.0.driver).as_ref().is_some_and(Driver::is_running)
    }

    /// Ends every dialog and subscription; the requests that are to be answered.
    fn begin_leaving(&self) -> Vec<crate::peer::RequestKey> {
        self.act(|participant, now| {
            let conduct = participant.conduct_mut();
            conduct.answers_sip = true;
            let calls: Vec<_> = participant.sessions().iter().map(|session| session.state).collect();
            let mut requests = Vec::new();
            for (index, state) in calls.into_iter().enumerate() {
                let call = crate::peer::CallId(index);
                match state {
                    CallState::Established => requests.extend(participant.bye(now, call)),
                    CallState::Calling => requests.extend(participant.cancel(now, call)),
                    CallState::Refused(_) | CallState::TimedOut | CallState::Ended => {}
                }
            }
            for subscription in participant.subscriptions() {
                requests.extend(participant.refresh(now, subscription, 0));
            }
            requests
        })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
