//! What crossed each point of control and observation (PCO), and when: the only witness that the judge hears.

use std::net::SocketAddr;

use bytes::Bytes;

use crate::port::{Moment, Protocol};

/// Names a PCO within its transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PcoId(pub usize);

/// The transport under a PCO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Datagrams; each event holds one.
    Udp,
    /// A stream; events are cut anywhere.
    Tcp,
    /// A stream under TLS, recorded as clear text.
    Tls,
}

/// One SIP transport or one MSRP connection of one participant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pco {
    /// Whose it is, in the scenario's words: `Alice`.
    pub participant: String,
    /// What it carries.
    pub protocol: Protocol,
    /// What carries it.
    pub transport: Transport,
    /// The tester's end.
    pub local: SocketAddr,
    /// The end of the implementation under test, once known.
    pub remote: Option<SocketAddr>,
}

/// What happened at a PCO. Directions are seen from the tester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Crossing {
    /// The stream came into being.
    Opened,
    /// The tester sent these octets.
    Sent(Bytes),
    /// The implementation under test sent these octets.
    Received(Bytes),
    /// So many octets crossed that were not kept, because the record had reached its bound: from here on this PCO
    /// cannot be read in this direction.
    Omitted {
        /// Whether the tester sent them.
        sent: bool,
        /// How many.
        octets: usize,
    },
    /// The tester closed the stream.
    ClosedByTester,
    /// The implementation under test closed the stream, or it broke.
    ClosedByIut,
}

/// A crossing, placed in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, from the start of the run.
    pub at: Moment,
    /// Where.
    pub pco: PcoId,
    /// What.
    pub crossing: Crossing,
}

/// Everything that crossed the PCOs, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcript {
    /// The PCOs, by [`PcoId`].
    pub pcos: Vec<Pco>,
    /// The events, in the order in which they happened.
    pub events: Vec<Event>,
}

impl Transcript {
    /// Opens a PCO.
    pub fn open(&mut self, pco: Pco) -> PcoId {
        self.pcos.push(pco);
        PcoId(self.pcos.len() - 1)
    }

    /// How many octets it holds.
    pub fn octets(&self) -> usize {
        let of = |event: &Event| match &event.crossing {
            Crossing::Sent(octets) | Crossing::Received(octets) => octets.len(),
            _ => 0,
        };
        self.events.iter().map(of).sum()
    }

    /// Forgets the octets, not that they crossed: events keep their places and times.
    pub fn forget_octets(&mut self) {
        for event in &mut self.events {
            event.crossing = match &event.crossing {
                Crossing::Sent(octets) => Crossing::Omitted { sent: true, octets: octets.len() },
                Crossing::Received(octets) => Crossing::Omitted { sent: false, octets: octets.len() },
                other => other.clone(),
            };
        }
    }

    /// Notes what happened at a PCO.
    pub fn note(&mut self, at: Moment, pco: PcoId, crossing: Crossing) {
        self.events.push(Event { at, pco, crossing });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgotten_octets_leave_their_number_and_place() {
        let mut transcript = Transcript::default();
        let local = SocketAddr::from(([127, 0, 0, 1], 1));
        let (protocol, transport) = (Protocol::Msrp, Transport::Tcp);
        let pco = Pco { participant: "Alice".to_owned(), protocol, transport, local, remote: None };
        let pco = transcript.open(pco);
        for crossing in [
            Crossing::Opened,
            Crossing::Sent(Bytes::from_static(b"hello")),
            Crossing::Received(Bytes::from_static(b"hi")),
            Crossing::ClosedByIut,
        ] {
            transcript.note(Moment::from_millis(3), pco, crossing);
        }
        assert_eq!(transcript.octets(), 7);
        transcript.forget_octets();
        let crossings: Vec<_> = transcript.events.into_iter().map(|event| event.crossing).collect();
        let omitted = |sent, octets| Crossing::Omitted { sent, octets };
        assert_eq!(crossings, [Crossing::Opened, omitted(true, 5), omitted(false, 2), Crossing::ClosedByIut]);
    }
}
