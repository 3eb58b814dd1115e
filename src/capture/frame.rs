//! Frames as they would have stood on an Ethernet: headers around octets whose own headers were never seen.

use std::net::SocketAddr;

use etherparse::{IpHeaders, PacketBuilder, PacketBuilderStep, TcpHeader};

/// Locally administered hardware addresses (IEEE 802), one for each end.
const TESTER: [u8; 6] = [0x02, 0, 0, 0, 0, 0x01];
const IUT: [u8; 6] = [0x02, 0, 0, 0, 0, 0x02];
const HOPS: u8 = 64;
const WINDOW: u16 = u16::MAX;

/// Most octets in one TCP segment: what an Ethernet carries beside the headers.
pub(super) const SEGMENT: usize = 1440;
/// Most octets in a datagram, whose length field and headers leave room for no more (RFC 768).
const DATAGRAM: usize = 65_000;

/// Which way a frame goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From the tester to the implementation under test.
    There,
    /// Back.
    Back,
}

/// The two ends of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) tester: SocketAddr,
    pub(super) iut: SocketAddr,
}

/// The datagram with these octets, as a frame; none when the ends speak different versions of IP.
pub(super) fn datagram(ends: Ends, way: Way, octets: &[u8]) -> Option<Vec<u8>> {
    let (from, to, step) = addressed(ends, way)?;
    let octets = octets.get(..DATAGRAM).unwrap_or(octets);
    let step = step.udp(from.port(), to.port());
    let mut frame = Vec::with_capacity(step.size(octets.len()));
    step.write(&mut frame, octets).ok()?;
    Some(frame)
}

/// The segment with these octets, as a frame. The header's ports are filled in.
pub(super) fn segment(ends: Ends, way: Way, mut header: TcpHeader, octets: &[u8]) -> Option<Vec<u8>> {
    let (from, to, step) = addressed(ends, way)?;
    header.source_port = from.port();
    header.destination_port = to.port();
    header.window_size = WINDOW;
    let step = step.tcp_header(header);
    let mut frame = Vec::with_capacity(step.size(octets.len()));
    step.write(&mut frame, octets).ok()?;
    Some(frame)
}

fn addressed(ends: Ends, way: Way) -> Option<(SocketAddr, SocketAddr, PacketBuilderStep<IpHeaders>)> {
    let (from, to, step) = match way {
        Way::There => (ends.tester, ends.iut, PacketBuilder::ethernet2(TESTER, IUT)),
        Way::Back => (ends.iut, ends.tester, PacketBuilder::ethernet2(IUT, TESTER)),
    };
    let step = match (from, to) {
        (SocketAddr::V4(from), SocketAddr::V4(to)) => step.ipv4(from.ip().octets(), to.ip().octets(), HOPS),
        (SocketAddr::V6(from), SocketAddr::V6(to)) => step.ipv6(from.ip().octets(), to.ip().octets(), HOPS),
        _ => return None,
    };
    Some((from, to, step))
}
