//! The frames of a capture file: pcap here, pcapng in [`super::pcapng`].

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;
use std::time::Duration;

use pcap_file::pcap::PcapParser;
use pcap_file::{Endianness, TsResolution};

use super::pcapng::PcapNg;
use super::window::Window;

/// Most octets that a frame may have. IP packets have 64 KiB at most, those that a network card puts together some more.
pub const MOST_CAPTURED: usize = 1024 * 1024;

/// A frame as it was captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its number, from 1, as Wireshark counts.
    pub number: u64,
    /// When, since the Unix epoch. Some blocks of pcapng do not say.
    pub time: Option<Duration>,
    /// The type of its link layer (the registry of LINKTYPE_ values).
    pub link: u16,
    /// What was kept of it.
    pub octets: &'a [u8],
    /// How many octets of it were not kept.
    pub missing: usize,
}

/// Why a capture cannot be read, or not any further.
#[derive(Debug)]
pub struct FileError {
    /// Where in the file the record or block begins that cannot be read.
    pub offset: u64,
    /// How many frames were read before.
    pub frames: u64,
    /// What is wrong.
    pub trouble: FileTrouble,
}

/// What is wrong with a capture file.
#[derive(Debug, thiserror::Error)]
pub enum FileTrouble {
    /// The system cannot read it.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It does not begin as a capture does.
    #[error("this is neither pcap nor pcapng")]
    NoCapture,
    /// It is compressed.
    #[error("this is compressed ({0}): unpack it first")]
    Compressed(&'static str),
    /// It ends within something.
    #[error("the file ends within {0}")]
    Cut(&'static str),
    /// A length that no capture has.
    #[error("{what} is said to have {length} octets, and {most} is the most")]
    TooLong {
        /// What says so.
        what: &'static str,
        /// What it says.
        length: u64,
        /// The bound.
        most: u64,
    },
    /// The two lengths of a block differ.
    #[error("the block says that it has {head} octets at its beginning and {tail} at its end")]
    Trailer {
        /// The first length.
        head: u32,
        /// The second one.
        tail: u32,
    },
    /// Something else that the format does not allow.
    #[error("{0}")]
    Malformed(&'static str),
    /// A packet of an interface that the section has not described.
    #[error("the packet is of interface {0}, which was not described")]
    NoInterface(u32),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {}, behind frame {}: {}", self.offset, self.frames, self.trouble)
    }
}

impl std::error::Error for FileError {}

/// A frame found in the window.
#[derive(Clone, Debug)]
pub(super) struct Located {
    pub(super) time: Option<Duration>,
    pub(super) link: u16,
    /// Where in the window its octets are.
    pub(super) octets: Range<usize>,
    /// Its length on the wire.
    pub(super) original: usize,
    /// The length of the whole record or block.
    pub(super) record: usize,
}

#[derive(Debug)]
enum Format {
    Pcap(PcapParser),
    PcapNg(PcapNg),
}

/// The frames of a file, one after the other.
#[derive(Debug)]
pub struct Frames<R> {
    window: Window<R>,
    format: Format,
    number: u64,
    /// The length of the record that the caller has in hands.
    pending: usize,
    ended: bool,
}

impl<R: Read> Frames<R> {
    /// Begins to read.
    ///
    /// # Errors
    /// If it is no capture.
    pub fn open(reader: R) -> Result<Self, FileError> {
        let mut window = Window::new(reader);
        let format = format(&mut window).map_err(|trouble| FileError { offset: 0, frames: 0, trouble })?;
        Ok(Self { window, format, number: 0, pending: 0, ended: false })
    }

    /// The next frame. Nothing comes after an error.
    pub fn next_frame(&mut self) -> Option<Result<Frame<'_>, FileError>> {
        if self.ended {
            return None;
        }
        self.window.advance(std::mem::take(&mut self.pending));
        let located = match &mut self.format {
            Format::Pcap(parser) => record(parser, &mut self.window),
            Format::PcapNg(blocks) => blocks.packet(&mut self.window, &mut self.number),
        };
        match located {
            Ok(Some(located)) => {
                self.number += 1;
                self.pending = located.record;
                let octets = self.window.octets().get(located.octets).unwrap_or_default();
                let missing = located.original.saturating_sub(octets.len());
                let Located { time, link, .. } = located;
                Some(Ok(Frame { number: self.number, time, link, octets, missing }))
            }
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(trouble) => {
                self.ended = true;
                Some(Err(FileError { offset: self.window.offset(), frames: self.number, trouble }))
            }
        }
    }
}

fn format<R: Read>(window: &mut Window<R>) -> Result<Format, FileTrouble> {
    const HEADER: usize = 24;
    if !window.reach(4)? {
        return Err(FileTrouble::NoCapture);
    }
    match window.octets() {
        [0x0a, 0x0d, 0x0d, 0x0a, ..] => return Ok(Format::PcapNg(PcapNg::default())),
        [0x1f, 0x8b, ..] => return Err(FileTrouble::Compressed("gzip")),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => return Err(FileTrouble::Compressed("zstd")),
        [0x04, 0x22, 0x4d, 0x18, ..] => return Err(FileTrouble::Compressed("lz4")),
        [0xa1, 0xb2, 0xc3, 0xd4, ..] | [0xd4, 0xc3, 0xb2, 0xa1, ..] => {}
        [0xa1, 0xb2, 0x3c, 0x4d, ..] | [0x4d, 0x3c, 0xb2, 0xa1, ..] => {}
        _ => return Err(FileTrouble::NoCapture),
    }
    if !window.reach(HEADER)? {
        return Err(FileTrouble::Cut("the header of the file"));
    }
    let (_, parser) = PcapParser::new(window.octets()).map_err(|_| FileTrouble::NoCapture)?;
    window.advance(HEADER);
    Ok(Format::Pcap(parser))
}

/// The next record of a pcap file.
fn record<R: Read>(parser: &PcapParser, window: &mut Window<R>) -> Result<Option<Located>, FileTrouble> {
    const HEADER: usize = 16;
    if !window.reach(HEADER)? {
        return if window.octets().is_empty() { Ok(None) } else { Err(FileTrouble::Cut("the header of a record")) };
    }
    let header = parser.header();
    let big = header.endianness == Endianness::Big;
    let length = number(window.octets(), 8, big) as usize;
    if length > MOST_CAPTURED {
        let (length, most) = (length as u64, MOST_CAPTURED as u64);
        return Err(FileTrouble::TooLong { what: "a frame", length, most });
    }
    if !window.reach(HEADER + length)? {
        return Err(FileTrouble::Cut("a frame"));
    }
    // The raw record: what is checked of the other kind (lengths within the snap length) goes wrong in real files.
    let (_, record) =
        parser.next_raw_packet(window.octets()).map_err(|_| FileTrouble::Malformed("no record of pcap"))?;
    let nanoseconds = match header.ts_resolution {
        TsResolution::MicroSecond => u64::from(record.ts_frac) * 1000,
        TsResolution::NanoSecond => u64::from(record.ts_frac),
    };
    Ok(Some(Located {
        time: Some(Duration::from_secs(record.ts_sec.into()) + Duration::from_nanos(nanoseconds)),
        // The upper half tells of a frame check sequence, behind what the length of an IP packet covers.
        link: u32::from(header.datalink) as u16,
        octets: HEADER..HEADER + length,
        original: record.orig_len as usize,
        record: HEADER + length,
    }))
}

/// The number of 32 bits at a place; 0 where there is none.
pub(super) fn number(octets: &[u8], at: usize, big: bool) -> u32 {
    let found = octets.get(at..at + 4).and_then(|four| <[u8; 4]>::try_from(four).ok()).unwrap_or_default();
    if big { u32::from_be_bytes(found) } else { u32::from_le_bytes(found) }
}
