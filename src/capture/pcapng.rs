//! pcapng: sections, interfaces and packets (draft-ietf-opsawg-pcapng).
//!
//! The blocks are read here and not by pcap-file 2.0.0, which takes time stamps as nanoseconds whatever `if_tsresol` says
//! and refuses `if_tzone` of the length that the format gives it, and packets with a comment that is no UTF-8.

use std::io::Read;
use std::time::Duration;

use super::file::{FileTrouble, Located, MOST_CAPTURED, number};
use super::window::Window;

/// Most octets of a block whose content is looked at: a frame and its options.
const MOST_BLOCK: usize = MOST_CAPTURED + 256 * 1024;
/// Most interfaces of a section.
const MOST_INTERFACES: usize = 4096;

const SECTION_HEADER: u32 = 0x0a0d_0d0a;
const INTERFACE: u32 = 1;
const OBSOLETE_PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;
/// Blocks that hold no packet and are frames to Wireshark all the same: the journal of systemd, events of sysdig, and
/// what vendors have made their own.
const NUMBERED: [u32; 9] = [9, 0x0bad, 0x4000_0bad, 0x204, 0x208, 0x216, 0x221, 0x222, 0x223];

/// The place in a pcapng file.
#[derive(Debug, Default)]
pub(super) struct PcapNg {
    big: bool,
    interfaces: Vec<Interface>,
}

#[derive(Clone, Copy, Debug)]
struct Interface {
    link: u16,
    snap: usize,
    resolution: u8,
    /// Seconds.
    offset: i64,
}

impl PcapNg {
    /// The next packet. `frames` grows by the frames without a packet that lie before it.
    pub(super) fn packet<R: Read>(
        &mut self,
        window: &mut Window<R>,
        frames: &mut u64,
    ) -> Result<Option<Located>, FileTrouble> {
        loop {
            let Some((kind, length)) = self.head(window)? else { return Ok(None) };
            match kind {
                SECTION_HEADER | INTERFACE | OBSOLETE_PACKET | SIMPLE_PACKET | ENHANCED_PACKET => {
                    self.whole(window, length)?;
                    let body = window.octets().get(8..length as usize - 4).unwrap_or_default();
                    if let Some(mut located) = self.block(kind, body)? {
                        located.octets = located.octets.start + 8..located.octets.end + 8;
                        located.record = length as usize;
                        return Ok(Some(located));
                    }
                    window.advance(length as usize);
                }
                other => {
                    self.pass_over(window, length)?;
                    *frames += u64::from(NUMBERED.contains(&other));
                }
            }
        }
    }

    /// Type and length of the next block; none at the end of the file.
    fn head<R: Read>(&mut self, window: &mut Window<R>) -> Result<Option<(u32, u32)>, FileTrouble> {
        if !window.reach(12)? {
            return if window.octets().is_empty() { Ok(None) } else { Err(FileTrouble::Cut("the head of a block")) };
        }
        let octets = window.octets();
        if number(octets, 0, true) == SECTION_HEADER {
            // The type reads the same both ways; the octets behind the length tell which way the rest is to be read.
            self.big = match number(octets, 8, true) {
                0x1a2b_3c4d => true,
                0x4d3c_2b1a => false,
                _ => return Err(FileTrouble::Malformed("the section header has no byte-order magic")),
            };
        }
        let (kind, length) = (number(octets, 0, self.big), number(octets, 4, self.big));
        match length {
            short if short < 12 => Err(FileTrouble::Malformed("the block says that it is shorter than any block")),
            odd if odd % 4 != 0 => Err(FileTrouble::Malformed("the length of the block is no multiple of 4")),
            _ => Ok(Some((kind, length))),
        }
    }

    /// Gets a block into sight.
    fn whole<R: Read>(&self, window: &mut Window<R>, length: u32) -> Result<(), FileTrouble> {
        if length as usize > MOST_BLOCK {
            return Err(FileTrouble::TooLong { what: "a block", length: length.into(), most: MOST_BLOCK as u64 });
        }
        if !window.reach(length as usize)? {
            return Err(FileTrouble::Cut("a block"));
        }
        let tail = number(window.octets(), length as usize - 4, self.big);
        if tail == length { Ok(()) } else { Err(FileTrouble::Trailer { head: length, tail }) }
    }

    fn pass_over<R: Read>(&self, window: &mut Window<R>, length: u32) -> Result<(), FileTrouble> {
        if !window.skip(u64::from(length) - 4)? || !window.reach(4)? {
            return Err(FileTrouble::Cut("a block"));
        }
        let tail = number(window.octets(), 0, self.big);
        if tail != length {
            return Err(FileTrouble::Trailer { head: length, tail });
        }
        window.advance(4);
        Ok(())
    }

    /// Takes the body of a block; places are counted from its beginning.
    fn block(&mut self, kind: u32, body: &[u8]) -> Result<Option<Located>, FileTrouble> {
        let word = |at| number(body, at, self.big);
        let interface =
            |index: u32| self.interfaces.get(index as usize).copied().ok_or(FileTrouble::NoInterface(index));
        match kind {
            SECTION_HEADER => {
                if self.half(body, 4) != 1 {
                    return Err(FileTrouble::Malformed("the section is of an unknown version of pcapng"));
                }
                self.interfaces.clear();
                Ok(None)
            }
            INTERFACE => {
                if body.len() < 8 {
                    return Err(FileTrouble::Malformed("the description of an interface is too short"));
                }
                if self.interfaces.len() == MOST_INTERFACES {
                    let most = MOST_INTERFACES as u64;
                    return Err(FileTrouble::TooLong { what: "the list of interfaces", length: most + 1, most });
                }
                self.interfaces.push(self.interface(body));
                Ok(None)
            }
            SIMPLE_PACKET => {
                let (Interface { link, snap, .. }, original) = (interface(0)?, word(0) as usize);
                let kept = original.min(body.len().saturating_sub(4)).min(if snap == 0 { usize::MAX } else { snap });
                Ok(Some(Located { time: None, link, octets: 4..4 + kept, original, record: 0 }))
            }
            _ => {
                let index = if kind == OBSOLETE_PACKET { self.half(body, 0).into() } else { word(0) };
                let (interface, kept) = (interface(index)?, word(12) as usize);
                if kept > body.len().saturating_sub(20) {
                    return Err(FileTrouble::Malformed("the packet says that it is longer than its block"));
                }
                let ticks = u64::from(word(4)) << 32 | u64::from(word(8));
                Ok(Some(Located {
                    time: Some(time(ticks, interface.resolution, interface.offset)),
                    link: interface.link,
                    octets: 20..20 + kept,
                    original: word(16) as usize,
                    record: 0,
                }))
            }
        }
    }

    fn interface(&self, body: &[u8]) -> Interface {
        let snap = number(body, 4, self.big) as usize;
        let mut interface = Interface { link: self.half(body, 0), snap, resolution: 6, offset: 0 };
        let mut options = body.get(8..).unwrap_or_default();
        while options.len() >= 4 {
            let (code, length) = (self.half(options, 0), usize::from(self.half(options, 2)));
            let Some(value) = options.get(4..4 + length) else { break };
            match (code, value) {
                (0, _) => break,
                (9, [resolution, ..]) => interface.resolution = *resolution,
                (14, [_, _, _, _, _, _, _, _]) => {
                    let (first, second) = (number(value, 0, self.big), number(value, 4, self.big));
                    let (high, low) = if self.big { (first, second) } else { (second, first) };
                    interface.offset = (u64::from(high) << 32 | u64::from(low)).cast_signed();
                }
                _ => {}
            }
            options = options.get(4 + length.next_multiple_of(4)..).unwrap_or_default();
        }
        interface
    }

    fn half(&self, octets: &[u8], at: usize) -> u16 {
        let found = octets.get(at..at + 2).and_then(|two| <[u8; 2]>::try_from(two).ok()).unwrap_or_default();
        if self.big { u16::from_be_bytes(found) } else { u16::from_le_bytes(found) }
    }
}

/// A time stamp since the Unix epoch. The resolution is a negative power of 10, or of 2 if its highest bit is set.
fn time(ticks: u64, resolution: u8, offset: i64) -> Duration {
    const SECOND: u128 = 1_000_000_000;
    let (ticks, power) = (u128::from(ticks), u32::from(resolution & 0x7f));
    let nanoseconds = match (resolution & 0x80 != 0, power) {
        (true, power) => (ticks * SECOND) >> power,
        (false, power @ 0..=9) => ticks * 10_u128.pow(9 - power),
        (false, power) => 10_u128.checked_pow(power - 9).map_or(0, |divisor| ticks / divisor),
    };
    let nanoseconds = nanoseconds.cast_signed() + i128::from(offset) * SECOND.cast_signed();
    let nanoseconds = nanoseconds.max(0).cast_unsigned();
    let seconds = u64::try_from(nanoseconds / SECOND).unwrap_or(u64::MAX);
    Duration::new(seconds, (nanoseconds % SECOND) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stamps_are_scaled() {
        let second = Duration::from_secs(1_700_000_000);
        assert_eq!(time(1_700_000_000_000_000, 6, 0), second);
        assert_eq!(time(1_700_000_000_000_000_001, 9, 0), second + Duration::from_nanos(1));
        assert_eq!(time(1_700_000_000, 0, 0), second);
        assert_eq!(time((1_700_000_000 << 20) + (1 << 19), 0x94, 0), second + Duration::from_millis(500));
        assert_eq!(time(5, 0, 1_699_999_995), second);
        assert_eq!(time(5, 0, -7), Duration::ZERO);
        for resolution in 0..=u8::MAX {
            for offset in [i64::MIN, 0, i64::MAX] {
                time(u64::MAX, resolution, offset);
            }
        }
    }
}
