//! Link layers: where in a frame its IP packet is.

use super::file::number;

/// What a frame carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carried<'a> {
    /// An IP packet, perhaps with padding behind it.
    Ip(&'a [u8]),
    /// Something else.
    Other,
    /// It ends before it says what.
    CutShort,
    /// The link layer is none that is known here.
    UnknownLink,
}

/// Most tags that a frame is searched through.
const MOST_TAGS: usize = 8;

/// Looks into a frame, by the number of its link layer in the registry of LINKTYPE_ values.
pub(super) fn carried(link: u16, frame: &[u8]) -> Carried<'_> {
    match link {
        // BSD loopback; the family is in the order of the machine that captured, or in network order.
        0 | 108 => loopback(frame),
        1 => tagged(frame, 12, 14),
        // Raw IP, as the registry and as three systems number it.
        12 | 14 | 101 | 228 | 229 => behind(frame, 0),
        // Linux cooked, version 1 and 2.
        113 => tagged(frame, 14, 16),
        276 => tagged(frame, 0, 20),
        _ => Carried::UnknownLink,
    }
}

fn behind(frame: &[u8], start: usize) -> Carried<'_> {
    match frame.get(start..) {
        Some(packet @ [first, ..]) if matches!(first >> 4, 4 | 6) => Carried::Ip(packet),
        Some([_, ..]) => Carried::Other,
        _ => Carried::CutShort,
    }
}

/// A frame with the type of what it carries (an EtherType) at one place and that at another, with VLAN tags between them
/// (IEEE 802.1Q, and 802.1ad with its predecessors).
fn tagged(frame: &[u8], mut kind_at: usize, mut start: usize) -> Carried<'_> {
    for _ in 0..=MOST_TAGS {
        let Some(kind) = frame.get(kind_at..kind_at + 2) else { return Carried::CutShort };
        match kind {
            [0x08, 0x00] | [0x86, 0xdd] => return behind(frame, start),
            [0x81, 0x00] | [0x88, 0xa8] | [0x91, 0x00] | [0x92, 0x00] => {
                // Priority and VLAN, then the type of what follows.
                kind_at = start + 2;
                start += 4;
            }
            _ => return Carried::Other,
        }
    }
    Carried::Other
}

fn loopback(frame: &[u8]) -> Carried<'_> {
    if frame.len() < 4 {
        return Carried::CutShort;
    }
    // The families of IPv4, and of IPv6 on Linux, Windows, the BSDs and macOS.
    match number(frame, 0, true).min(number(frame, 0, false)) {
        2 | 10 | 23 | 24 | 28 | 30 => behind(frame, 4),
        _ => Carried::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IP: &[u8] = &[0x45, 0, 0, 20];

    fn frame(head: &[&[u8]]) -> Vec<u8> {
        [head.concat(), IP.to_vec()].concat()
    }

    #[test]
    fn the_packet_is_found_in_every_link_layer() {
        let addresses: &[u8] = &[0; 12];
        for (link, head) in [
            (1, frame(&[addresses, &[8, 0]])),
            (1, frame(&[addresses, &[0x81, 0, 0, 5, 8, 0]])),
            (1, frame(&[addresses, &[0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 8, 0]])),
            (113, frame(&[&[0; 14], &[8, 0]])),
            (113, frame(&[&[0; 14], &[0x81, 0, 0, 5, 8, 0]])),
            (276, frame(&[&[8, 0], &[0; 18]])),
            (0, frame(&[&[2, 0, 0, 0]])),
            (0, frame(&[&[0, 0, 0, 30]])),
            (108, frame(&[&[0, 0, 0, 2]])),
            (101, frame(&[])),
            (228, frame(&[])),
        ] {
            assert_eq!(carried(link, &head), Carried::Ip(IP), "{link}: {head:02x?}");
            for cut in 0..head.len() - IP.len() + 1 {
                let short = carried(link, &head[..cut]);
                assert!(!matches!(short, Carried::Ip(_)), "{link}: {cut}");
            }
        }
    }

    #[test]
    fn what_is_no_ip_is_left_alone() {
        let arp = frame(&[&[0; 12], &[8, 6]]);
        assert_eq!(carried(1, &arp), Carried::Other);
        assert_eq!(carried(147, &arp), Carried::UnknownLink);
        let tags = [&[0; 12][..], &[0x81, 0, 0, 1].repeat(40)].concat();
        assert_eq!(carried(1, &tags), Carried::Other);
        assert_eq!(carried(101, &[0x75, 0]), Carried::Other);
    }
}
