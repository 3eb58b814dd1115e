//! The stage: participants on a network, ready to act and to be watched.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::peer::{Identity, Participant, Timers, Transport};
use crate::port::Moment;
use crate::runtime::{Clock, Link};
use crate::transcript::Transcript;
use crate::wire::uri::SipUri;

/// How participants judge the certificates of the implementation under test, and what they show of their own.
#[derive(Clone, Debug, Default)]
pub struct StageTls {
    /// Certification authority (PEM) that the IUT's certificates must go back to.
    pub ca: Option<PathBuf>,
    /// Accept any certificate.
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
    Bind(#[from] crate::runtime::BindError),
    /// TLS cannot be set up.
    #[error(transparent)]
    Tls(#[from] crate::runtime::TlsError),
}

/// What was waited for did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not seen within {} ms", .waited.as_millis())]
pub struct TimedOut {
    /// How long it was waited for.
    pub waited: Duration,
}

/// Participants on a network, and the record of what crosses their PCOs. Dropping it ends everything at once.
#[derive(Debug)]
pub struct Stage {
    settings: StageSettings,
}

impl Stage {
    /// An empty stage.
    pub fn new(link: Link, clock: Clock, settings: StageSettings) -> Result<Self, StageError> {
        let _ = (link, clock);
        Ok(Self { settings })
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
        let _ = (identity, room);
        todo!()
    }

    /// The actor of this name.
    pub fn actor(&self, name: &str) -> Option<Actor> {
        let _ = name;
        todo!()
    }

    /// All actors, in the order of their admission.
    pub fn actors(&self) -> Vec<Actor> {
        todo!()
    }

    /// The time from the start of the run.
    pub fn now(&self) -> Moment {
        todo!()
    }

    /// What crossed the PCOs so far.
    pub fn transcript(&self) -> Transcript {
        todo!()
    }

    /// Everybody leaves in good order: BYE in every dialog, subscriptions ended, then streams and sockets closed. Takes
    /// no longer than `bound`.
    pub async fn leave_all(&self, bound: Duration) {
        let _ = bound;
        todo!()
    }
}

/// A participant on stage.
#[derive(Clone, Debug)]
pub struct Actor {}

impl Actor {
    /// The participant's name.
    pub fn name(&self) -> &str {
        todo!()
    }

    /// Lets the participant do something, at once.
    pub fn act<R>(&self, action: impl FnOnce(&mut Participant, Moment) -> R) -> R {
        let _ = action;
        todo!()
    }

    /// Looks at what the participant knows.
    pub fn look<R>(&self, view: impl FnOnce(&Participant) -> R) -> R {
        let _ = view;
        todo!()
    }

    /// Waits until `wanted` finds something, asking again after every observation.
    pub async fn wait<T>(
        &self,
        deadline: Duration,
        wanted: impl FnMut(&Participant) -> Option<T>,
    ) -> Result<T, TimedOut> {
        let _ = (deadline, wanted);
        todo!()
    }
}
