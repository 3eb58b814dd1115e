//! The MSRP switch as its endpoints see it: literal octets in, what comes out judged.

mod chunks;
mod congestion;
mod connections;
mod descriptions;
mod faults;
mod hostile;
mod messages;
mod nicknames;
mod private;
mod receiving;
mod reports;

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use super::{Media, MediaEvent, MediaSettings};
use crate::port::{Connection, Input, Machine, Moment, Output, Protocol};
use crate::switch::config::RoomPolicy;
use crate::switch::fault::FaultSet;
use crate::switch::{Membership, PeerMedia, RoomId, SessionId, UserId};
use crate::wire::msrp::{Framer, FramerLimits, MsrpDefect, MsrpMessage};
use crate::wire::uri::{MsrpUri, Uri};

pub(super) const ROOM: &str = "sip:room@chat.example.com";

/// What crosses the network between the switch and a number of endpoints, under a clock of its own.
pub(super) struct World {
    pub(super) media: Media,
    pub(super) now: Moment,
    framers: BTreeMap<Connection, Framer>,
    arrived: BTreeMap<Connection, Vec<MsrpMessage>>,
    pub(super) closed: Vec<Connection>,
    pub(super) connects: Vec<Connection>,
    pub(super) events: Vec<MediaEvent>,
    /// Connections that read nothing.
    pub(super) stuck: Vec<Connection>,
    /// Whether endpoints answer what they get with 200.
    pub(super) answering: bool,
    held: BTreeMap<Connection, usize>,
    accepted: u64,
    transactions: u64,
}

/// One endpoint.
#[derive(Clone, Debug)]
pub(super) struct Party {
    pub(super) session: SessionId,
    pub(super) connection: Connection,
    /// The switch's URI.
    pub(super) switch: String,
    /// The endpoint's path.
    pub(super) path: String,
    pub(super) aor: String,
}

pub(super) fn peer(path: &str) -> PeerMedia {
    PeerMedia {
        path: MsrpUri::parse_path(path).unwrap(),
        accept_types: vec!["message/cpim".to_owned()],
        accept_wrapped_types: Some(vec!["*".to_owned()]),
        max_size: None,
        chatroom: Some(vec!["nickname".to_owned(), "private-messages".to_owned()]),
        connect: None,
        fingerprint: None,
        receives: true,
    }
}

pub(super) fn membership(name: &str, user: u64) -> Membership {
    let aor = format!("sip:{name}@example.com");
    Membership { room: RoomId(0), user: UserId(user), uris: vec![Uri::parse(&aor).unwrap()], shown_as: aor }
}

pub(super) fn open_room() -> RoomPolicy {
    RoomPolicy { nickname_quarantine: 0.0, reserved_nicknames: vec!["Admin".to_owned()], ..RoomPolicy::default() }
}

impl World {
    pub(super) fn new(policy: RoomPolicy) -> Self {
        Self::with(policy, FaultSet::none(), |_| {})
    }

    pub(super) fn with(policy: RoomPolicy, faults: FaultSet, tweak: impl FnOnce(&mut MediaSettings)) -> Self {
        let mut settings = MediaSettings {
            host: "192.0.2.1".to_owned(),
            authorities: vec![("chat.example.com".to_owned(), None)],
            ..MediaSettings::default()
        };
        tweak(&mut settings);
        Self {
            media: Media::new(vec![policy], settings, faults, ChaCha12Rng::seed_from_u64(7)),
            now: Duration::ZERO,
            framers: BTreeMap::new(),
            arrived: BTreeMap::new(),
            closed: Vec::new(),
            connects: Vec::new(),
            events: Vec::new(),
            stuck: Vec::new(),
            answering: true,
            held: BTreeMap::new(),
            accepted: 0,
            transactions: 0,
        }
    }

    pub(super) fn accept(&mut self, secured: bool) -> Connection {
        self.accepted += 1;
        let connection = Connection::accepted(self.accepted);
        self.media.handle_input(
            self.now,
            Input::Connected {
                connection,
                protocol: Protocol::Msrp,
                local: "192.0.2.1:2855".parse().unwrap(),
                remote: "192.0.2.9:4000".parse().unwrap(),
                secured,
            },
        );
        connection
    }

    /// An endpoint that is in the room, with its connection bound by a first SEND.
    pub(super) fn join(&mut self, name: &str, user: u64) -> Party {
        self.join_as(name, membership(name, user), |_| {})
    }

    pub(super) fn join_as(&mut self, name: &str, who: Membership, tweak: impl FnOnce(&mut PeerMedia)) -> Party {
        let connection = self.accept(false);
        let party = self.enter(name, who, connection, tweak);
        self.hello(&party);
        party
    }

    /// Signalling only: no octet has crossed the connection.
    pub(super) fn enter(
        &mut self,
        name: &str,
        who: Membership,
        connection: Connection,
        tweak: impl FnOnce(&mut PeerMedia),
    ) -> Party {
        let (session, uri) = self.media.allocate(RoomId(0), false);
        let path = format!("msrp://192.0.2.9:4000/{name}{};tcp", session.0);
        let mut media = peer(&path);
        tweak(&mut media);
        let aor = who.uris[0].to_string();
        self.media.establish(self.now, session, who, media);
        self.settle();
        Party { session, connection, switch: uri.to_string(), path, aor }
    }

    pub(super) fn hello(&mut self, party: &Party) {
        let transaction = self.transaction();
        self.feed(
            party,
            &format!(
                "MSRP {transaction} SEND\r\nTo-Path: {}\r\nFrom-Path: {}\r\nMessage-ID: hello{}\r\nByte-Range: 1-0/0\r\n\
                 -------{transaction}$\r\n",
                party.switch, party.path, party.session.0
            ),
        );
        let first = self.take(party.connection).first().and_then(MsrpMessage::status);
        assert_eq!(first, Some(200), "the first SEND of {}", party.aor);
    }

    pub(super) fn transaction(&mut self) -> String {
        self.transactions += 1;
        format!("t{:07}", self.transactions)
    }

    /// A request with these lines after the paths; a body if `body` is given.
    pub(super) fn request(
        &mut self,
        party: &Party,
        method: &str,
        lines: &str,
        body: Option<&str>,
        flag: char,
    ) -> String {
        let transaction = self.transaction();
        let body = body.map(|body| format!("\r\n{body}\r\n")).unwrap_or_default();
        let text = format!(
            "MSRP {transaction} {method}\r\nTo-Path: {}\r\nFrom-Path: {}\r\n{lines}{body}-------{transaction}{flag}\r\n",
            party.switch, party.path
        );
        self.feed(party, &text);
        transaction
    }

    /// A whole message to the room or to somebody.
    pub(super) fn say(&mut self, party: &Party, id: &str, cpim: &str) -> String {
        self.request(
            party,
            "SEND",
            &format!("Message-ID: test{id}\r\nByte-Range: 1-{0}/{0}\r\nContent-Type: message/cpim\r\n", cpim.len()),
            Some(cpim),
            '$',
        )
    }

    pub(super) fn nickname(&mut self, party: &Party, value: &str) -> Vec<u16> {
        self.request(party, "NICKNAME", &format!("Use-Nickname: {value}\r\n"), None, '$');
        self.statuses(party)
    }

    pub(super) fn feed(&mut self, party: &Party, text: &str) {
        self.octets(party.connection, text.as_bytes());
    }

    pub(super) fn octets(&mut self, connection: Connection, octets: &[u8]) {
        let octets = Bytes::copy_from_slice(octets);
        self.media.handle_input(self.now, Input::Octets { connection, octets });
        self.settle();
    }

    pub(super) fn input(&mut self, input: Input) {
        self.media.handle_input(self.now, input);
        self.settle();
    }

    /// Lets time pass, timers firing on the way.
    pub(super) fn wait(&mut self, seconds: f64) {
        let end = self.now + Duration::from_secs_f64(seconds);
        while let Some(due) = self.media.poll_timeout().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.media.handle_timeout(self.now);
            self.settle();
        }
        self.now = end;
    }

    /// Carries everything until nothing moves any more.
    pub(super) fn settle(&mut self) {
        while let Some(output) = self.media.poll_output() {
            match output {
                Output::Write { connection, octets } => self.written(connection, &octets),
                Output::Close { connection } => self.closed.push(connection),
                Output::Connect { connection, .. } => self.connects.push(connection),
                Output::Datagram { .. } => panic!("MSRP has no datagrams"),
            }
        }
        while let Some(event) = self.media.poll_event() {
            self.events.push(event);
        }
    }

    fn written(&mut self, connection: Connection, octets: &Bytes) {
        if self.stuck.contains(&connection) {
            *self.held.entry(connection).or_default() += octets.len();
        } else {
            self.media.handle_input(self.now, Input::Taken { connection, count: octets.len() });
        }
        let framer = self.framers.entry(connection).or_insert_with(|| Framer::new(FramerLimits::default()));
        framer.push(octets);
        let mut answers = Vec::new();
        while let Some(framed) = framer.next_message() {
            let framed = framed.unwrap();
            // A response repeats the transaction identifier of the request, however it looks.
            let ours = framed
                .defects
                .iter()
                .filter(|defect| framed.message.status().is_none() || defect.kind != MsrpDefect::MalformedTransaction);
            assert_eq!(ours.count(), 0, "{:?} {}", framed.defects, String::from_utf8_lossy(&framed.octets));
            if framed.message.method() == Some("SEND") && self.answering && !self.stuck.contains(&connection) {
                let response = MsrpMessage::response(&framed.message.transaction, 200, "OK")
                    .with("To-Path", framed.message.header("From-Path").unwrap())
                    .with("From-Path", framed.message.header("To-Path").unwrap());
                answers.push(response.octets());
            }
            self.arrived.entry(connection).or_default().push(framed.message);
        }
        for octets in answers {
            self.media.handle_input(self.now, Input::Octets { connection, octets });
        }
    }

    /// A stuck connection reads again all that was written to it.
    pub(super) fn unstick(&mut self, connection: Connection) {
        self.stuck.retain(|stuck| *stuck != connection);
        let count = self.held.remove(&connection).unwrap_or_default();
        self.input(Input::Taken { connection, count });
    }

    pub(super) fn held(&self, connection: Connection) -> usize {
        self.held.get(&connection).copied().unwrap_or_default()
    }

    /// Takes everything that has arrived on a connection.
    pub(super) fn take(&mut self, connection: Connection) -> Vec<MsrpMessage> {
        self.arrived.remove(&connection).unwrap_or_default()
    }

    /// Takes what has arrived: status codes of responses only, failing on anything else.
    pub(super) fn statuses(&mut self, party: &Party) -> Vec<u16> {
        self.take(party.connection).iter().map(|message| message.status().expect("a response")).collect()
    }

    /// Takes what has arrived: bodies of SENDs, each of one chunk, for the party's own session.
    pub(super) fn heard(&mut self, party: &Party) -> Vec<String> {
        let messages = self.take(party.connection);
        let sends = messages.iter().filter(|message| message.method() == Some("SEND"));
        sends.map(|send| String::from_utf8(send.body.clone().unwrap_or_default().to_vec()).unwrap()).collect()
    }
}

/// A Message/CPIM object as RFC 3862 writes it.
pub(super) fn cpim(from: &str, to: &str, text: &str) -> String {
    format!(
        "From: <{from}>\r\nTo: <{to}>\r\nDateTime: 2026-01-01T00:00:00Z\r\n\r\nContent-Type: text/plain\r\n\r\n{text}"
    )
}
