//! IP packets: fragments put together, and the datagram or segment that they carry.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};

use etherparse::defrag::IpDefragBuf;
use etherparse::{IpFragOffset, IpNumber, Ipv6ExtensionSlice, LaxIpSlice, TcpSlice, UdpSlice};

/// Most packets of which some fragments are there and others not; each may have 64 KiB.
const MOST_INCOMPLETE: usize = 128;

/// A UDP datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Datagram<'a> {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) octets: &'a [u8],
    /// How many octets of it were not captured.
    pub(super) missing: usize,
}

/// A TCP segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) from: SocketAddr,
    pub(super) to: SocketAddr,
    pub(super) sequence: u32,
    /// The acknowledgment number, if it counts.
    pub(super) acknowledged: Option<u32>,
    pub(super) syn: bool,
    pub(super) fin: bool,
    pub(super) rst: bool,
    pub(super) octets: &'a [u8],
    /// How many octets behind them were not captured.
    pub(super) missing: usize,
}

/// What a packet carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transported<'a> {
    Datagram(Datagram<'a>),
    Segment(Segment<'a>),
    /// Neither UDP nor TCP.
    Other,
}

/// It ends before its headers do, or they are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damaged;

/// The payload of an IP packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payload<'a> {
    from: IpAddr,
    to: IpAddr,
    protocol: IpNumber,
    octets: &'a [u8],
    missing: usize,
    fragment: Option<Fragment>,
}

#[derive(Clone, Copy, Debug)]
struct Fragment {
    identification: u32,
    offset: IpFragOffset,
    more: bool,
}

impl<'a> Payload<'a> {
    /// Reads the headers of an IP packet of which so many octets were not captured.
    pub(super) fn of(packet: &'a [u8]) -> Result<Self, Damaged> {
        let (ip, stopped) = LaxIpSlice::from_slice(packet).map_err(|_| Damaged)?;
        if stopped.is_some() {
            return Err(Damaged);
        }
        let (length, fragment) = match &ip {
            LaxIpSlice::Ipv4(ip) => {
                let header = ip.header();
                let (offset, more) = (header.fragments_offset(), header.more_fragments());
                let fragment = Fragment { identification: header.identification().into(), offset, more };
                (usize::from(header.total_len()), ip.is_payload_fragmented().then_some(fragment))
            }
            LaxIpSlice::Ipv6(ip) => {
                let fragment = ip.extensions().clone().into_iter().find_map(|extension| match extension {
                    Ipv6ExtensionSlice::Fragment(header) if header.is_fragmenting_payload() => {
                        let header = header.to_header();
                        let (offset, more) = (header.fragment_offset, header.more_fragments);
                        Some(Fragment { identification: header.identification, offset, more })
                    }
                    _ => None,
                });
                // A length of 0 is that of a jumbogram, or of what the network card will yet cut (large send).
                let length = usize::from(ip.header().payload_length());
                (if length == 0 { 0 } else { 40 + length }, fragment)
            }
        };
        let payload = ip.payload();
        Ok(Self {
            from: ip.source_addr(),
            to: ip.destination_addr(),
            protocol: payload.ip_number,
            octets: payload.payload,
            missing: length.saturating_sub(packet.len()),
            fragment,
        })
    }

    /// Whether it is a part of a packet.
    pub(super) fn is_fragment(&self) -> bool {
        self.fragment.is_some()
    }

    /// Reads the header of the transport.
    pub(super) fn transported(&self) -> Result<Transported<'a>, Damaged> {
        let ends = |source, destination| (SocketAddr::new(self.from, source), SocketAddr::new(self.to, destination));
        match self.protocol {
            IpNumber::UDP => {
                let udp = UdpSlice::from_slice_lax(self.octets).map_err(|_| Damaged)?;
                let (from, to) = ends(udp.source_port(), udp.destination_port());
                let missing = usize::from(udp.length()).saturating_sub(8 + udp.payload().len());
                Ok(Transported::Datagram(Datagram { from, to, octets: udp.payload(), missing }))
            }
            IpNumber::TCP => {
                let tcp = TcpSlice::from_slice(self.octets).map_err(|_| Damaged)?;
                let (from, to) = ends(tcp.source_port(), tcp.destination_port());
                Ok(Transported::Segment(Segment {
                    from,
                    to,
                    sequence: tcp.sequence_number(),
                    acknowledged: tcp.ack().then(|| tcp.acknowledgment_number()),
                    syn: tcp.syn(),
                    fin: tcp.fin(),
                    rst: tcp.rst(),
                    octets: tcp.payload(),
                    missing: self.missing,
                }))
            }
            _ => Ok(Transported::Other),
        }
    }
}

/// What belongs together (RFC 791, 3.2; RFC 8200, 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    from: IpAddr,
    to: IpAddr,
    protocol: IpNumber,
    identification: u32,
}

/// Packets of which some fragments are there.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    incomplete: VecDeque<(Key, IpDefragBuf)>,
    given_up: u64,
}

impl Fragments {
    /// Takes a fragment and returns the payload of the packet that it completes.
    pub(super) fn take(&mut self, payload: &Payload<'_>) -> Option<Vec<u8>> {
        let Fragment { identification, offset, more } = payload.fragment?;
        let Payload { from, to, protocol, .. } = *payload;
        let key = Key { from, to, protocol, identification };
        let known = self.incomplete.iter().position(|(known, _)| *known == key);
        let (_, mut packet) = known
            .and_then(|at| self.incomplete.remove(at))
            .unwrap_or_else(|| (key, IpDefragBuf::new(protocol, Vec::new(), Vec::new())));
        // A fragment that was not captured whole leaves its packet incomplete, and so does one that cannot be.
        if payload.missing > 0 || packet.add(offset, more, payload.octets).is_err() {
            self.given_up += 1;
            return None;
        }
        if packet.is_complete() {
            return Some(packet.take_bufs().0);
        }
        if self.incomplete.len() == MOST_INCOMPLETE {
            self.incomplete.pop_front();
            self.given_up += 1;
        }
        self.incomplete.push_back((key, packet));
        None
    }

    /// How many packets were never complete.
    pub(super) fn never_whole(&self) -> u64 {
        self.given_up + self.incomplete.len() as u64
    }
}

/// A packet put together, with the headers of one of its fragments.
pub(super) fn whole<'a>(fragment: &Payload<'_>, octets: &'a [u8]) -> Payload<'a> {
    let Payload { from, to, protocol, .. } = *fragment;
    Payload { from, to, protocol, octets, missing: 0, fragment: None }
}
