//! The bundled switch as one state machine: the focus and the MSRP switch behind one network.

use std::collections::{BTreeMap, VecDeque};

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use super::config::SwitchConfig;
use super::fault::FaultSet;
use super::focus::Focus;
use super::focus::settings::SwitchSettings;
use super::media::{Media, MediaSettings};
use crate::port::{Connection, Input, Machine, Moment, Output, Protocol};
use crate::wire::uri::host_of;

/// How many lines of the log are kept for whoever reads it.
const LOG: usize = 4096;

/// A conference focus with its MSRP switch (RFC 7701, 4).
pub struct Switch {
    focus: Focus,
    media: Media,
    streams: BTreeMap<Connection, Protocol>,
    log: VecDeque<String>,
}

impl Switch {
    /// A switch with these rooms; everything random in it comes from `rng`.
    pub fn new(config: SwitchConfig, settings: SwitchSettings, faults: FaultSet, mut rng: ChaCha12Rng) -> Self {
        let host = |address: std::net::SocketAddr| host_of(address.ip());
        let media_settings = MediaSettings {
            host: host(settings.msrp),
            port: settings.msrp.port(),
            tls_port: settings.msrp_tls.map(|address| address.port()),
            authorities: [settings.sip_udp, settings.sip_tcp]
                .into_iter()
                .map(|address| (host(address), Some(address.port())))
                .collect(),
            ..MediaSettings::default()
        };
        let media_rng = ChaCha12Rng::from_rng(&mut rng);
        let media = Media::new(config.rooms.clone(), media_settings, faults, media_rng);
        Self {
            focus: Focus::new(&config, settings, faults, rng),
            media,
            streams: BTreeMap::new(),
            log: VecDeque::new(),
        }
    }

    /// Ends every session and subscription: BYE to all, last NOTIFYs. New requests get 503 from now on.
    pub fn shut_down(&mut self, now: Moment) {
        self.focus.shut_down(now, &mut self.media);
        self.settle(now);
    }

    /// Whether no session, subscription or request of ours is under way.
    pub fn is_idle(&self) -> bool {
        self.focus.is_idle()
    }

    /// The next line of the log: one event each, readable.
    pub fn poll_log(&mut self) -> Option<String> {
        self.log.pop_front()
    }

    /// Which half a stream belongs to; a stream that is gone is forgotten.
    fn protocol_of(&mut self, input: &Input) -> Option<Protocol> {
        match input {
            Input::Datagram { .. } => Some(Protocol::Sip),
            Input::Connected { connection, protocol, .. } => {
                self.streams.insert(*connection, *protocol);
                Some(*protocol)
            }
            Input::Octets { connection, .. } | Input::Taken { connection, .. } => self.streams.get(connection).copied(),
            Input::Closed { connection } | Input::ConnectFailed { connection, .. } => self.streams.remove(connection),
        }
    }

    /// Carries over what the MSRP side has to tell the focus, until it is silent.
    fn settle(&mut self, now: Moment) {
        while let Some(event) = self.media.poll_event() {
            self.focus.handle_media_event(now, event);
        }
        while let Some(line) = self.focus.poll_log() {
            self.log.push_back(format!("{:9.3} sip  {line}", now.as_secs_f64()));
        }
        self.log.extend(std::iter::from_fn(|| self.media.poll_log()));
        // Where nobody reads the log, it must not grow.
        let surplus = self.log.len().saturating_sub(LOG);
        self.log.drain(..surplus);
    }
}

impl Machine for Switch {
    fn handle_input(&mut self, now: Moment, input: Input) {
        match self.protocol_of(&input) {
            Some(Protocol::Sip) => self.focus.handle_input(now, input, &mut self.media),
            Some(Protocol::Msrp) => self.media.handle_input(now, input),
            None => {}
        }
        self.settle(now);
    }

    fn handle_timeout(&mut self, now: Moment) {
        self.focus.handle_timeout(now, &mut self.media);
        self.media.handle_timeout(now);
        self.settle(now);
    }

    fn poll_output(&mut self) -> Option<Output> {
        let output = self.focus.poll_output().or_else(|| self.media.poll_output())?;
        match &output {
            Output::Connect { connection, protocol, .. } => {
                self.streams.insert(*connection, *protocol);
            }
            // A stream that we closed may still say something; nobody listens.
            Output::Close { connection } => {
                self.streams.remove(connection);
            }
            Output::Datagram { .. } | Output::Write { .. } => {}
        }
        Some(output)
    }

    fn poll_timeout(&self) -> Option<Moment> {
        [self.focus.poll_timeout(), self.media.poll_timeout()].into_iter().flatten().min()
    }
}
