//! Transcripts as a pcapng file that Wireshark opens.
//!
//! A transcript knows the octets that crossed and when, not the packets that carried them. The frames are made up around
//! them: Ethernet, IP, UDP, and TCP with a handshake, sequence numbers and an end. What was sent under TLS is written
//! as the clear text that the tester saw, over plain TCP.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use etherparse::TcpHeader;
use pcap_file::pcapng::blocks::enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption};
use pcap_file::pcapng::blocks::interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption};
use pcap_file::pcapng::blocks::section_header::{SectionHeaderBlock, SectionHeaderOption};
use pcap_file::pcapng::{Block, PcapNgWriter};
use pcap_file::{DataLink, Endianness, PcapError};

use super::frame::{Ends, SEGMENT, Way, datagram, segment};
use crate::port::Moment;
use crate::transcript::{Crossing, Transcript, Transport};

/// Powers of ten below the second in which times are counted (if_tsresol).
const NANOSECONDS: u8 = 9;
/// The first sequence numbers of the two ends of the first connection: told apart at a glance.
const FIRST: [u32; 2] = [1_000, 5_000];
/// How much further those of the next connection are, so that one on the same ports is no repetition.
const FURTHER: u32 = 1_000_000;

/// A remark on the frame that carried the last octets of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Index of the event in its transcript.
    pub event: usize,
    /// What is said of it.
    pub text: String,
}

/// Writes transcripts of cases that ran at the same time, frame by frame in the order of time.
pub struct CaptureWriter<W: Write> {
    writer: PcapNgWriter<W>,
    epoch: Duration,
    /// Frames that may still have an earlier one before them, by their time and the order in which they were made.
    waiting: BTreeMap<(Moment, u64), Written>,
    made: u64,
    connections: u32,
}

impl<W: Write> std::fmt::Debug for CaptureWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaptureWriter").field("waiting", &self.waiting.len()).field("made", &self.made).finish()
    }
}

/// A frame with what is said of it.
#[derive(Debug)]
struct Written {
    octets: Vec<u8>,
    comments: Vec<String>,
}

impl<W: Write> CaptureWriter<W> {
    /// Begins a file. Times of transcripts are counted from `epoch`, the time since 1970 at which the run began.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn new(writer: W, epoch: Duration) -> io::Result<Self> {
        let section = SectionHeaderBlock {
            endianness: Endianness::Little,
            options: vec![SectionHeaderOption::UserApplication(Cow::Borrowed(concat!(
                "msrpspec ",
                env!("CARGO_PKG_VERSION")
            )))],
            ..SectionHeaderBlock::default()
        };
        let mut writer = PcapNgWriter::with_section_header(writer, section).map_err(unwritten)?;
        let interface = InterfaceDescriptionBlock {
            linktype: DataLink::ETHERNET,
            snaplen: 0,
            options: vec![
                InterfaceDescriptionOption::IfName(Cow::Borrowed("pco")),
                InterfaceDescriptionOption::IfTsResol(NANOSECONDS),
            ],
        };
        writer.write_block(&Block::InterfaceDescription(interface)).map_err(unwritten)?;
        Ok(Self { writer, epoch, waiting: BTreeMap::new(), made: 0, connections: 0 })
    }

    /// Takes what crossed the PCOs of one transcript. Events whose octets were not kept leave a gap in their stream; a PCO
    /// whose other end never showed leaves nothing.
    pub fn take(&mut self, transcript: &Transcript, comments: &[Comment]) {
        let mut flows: Vec<Option<Flow>> = transcript
            .pcos
            .iter()
            .map(|pco| {
                let ends = Ends { tester: pco.local, iut: pco.remote? };
                Some(match pco.transport {
                    Transport::Udp => Flow::Datagrams(ends),
                    Transport::Tcp | Transport::Tls => {
                        let further = self.connections.wrapping_mul(FURTHER);
                        self.connections = self.connections.wrapping_add(1);
                        let next = FIRST.map(|first| first.wrapping_add(further));
                        Flow::Stream(Stream { ends, next, open: false })
                    }
                })
            })
            .collect();
        for (index, event) in transcript.events.iter().enumerate() {
            let Some(Some(flow)) = flows.get_mut(event.pco.0) else { continue };
            let frames = flow.frames(&event.crossing);
            let last = frames.len().saturating_sub(1);
            for (number, octets) in frames.into_iter().enumerate() {
                let said = comments.iter().filter(|said| number == last && said.event == index);
                let comments = said.map(|said| said.text.clone()).collect();
                self.waiting.insert((event.at, self.made), Written { octets, comments });
                self.made += 1;
            }
        }
    }

    /// Writes the frames of before a moment: no transcript that is still to come has an earlier one.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn settle(&mut self, before: Moment) -> io::Result<()> {
        while let Some(entry) = self.waiting.first_entry().filter(|entry| entry.key().0 < before) {
            let ((at, _), written) = entry.remove_entry();
            self.frame(at, &written)?;
        }
        Ok(())
    }

    /// Writes what is left and ends the file.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.settle(Moment::MAX)?;
        let mut writer = self.writer.into_inner();
        writer.flush()?;
        Ok(writer)
    }

    fn frame(&mut self, at: Moment, written: &Written) -> io::Result<()> {
        let comments = written.comments.iter();
        let block = EnhancedPacketBlock {
            interface_id: 0,
            timestamp: self.epoch.saturating_add(at),
            original_len: u32::try_from(written.octets.len()).unwrap_or(u32::MAX),
            data: Cow::Borrowed(&written.octets),
            options: comments.map(|text| EnhancedPacketOption::Comment(Cow::Borrowed(cut(text)))).collect(),
        };
        self.writer.write_block(&Block::EnhancedPacket(block)).map_err(unwritten).map(drop)
    }
}

/// An option has a length field of 16 bits.
fn cut(text: &str) -> &str {
    const MOST: usize = 4096;
    let end = (0..=text.len().min(MOST)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

fn unwritten(error: PcapError) -> io::Error {
    match error {
        PcapError::IoError(cause) => cause,
        other => io::Error::other(other),
    }
}

/// A PCO as packets.
enum Flow {
    Datagrams(Ends),
    Stream(Stream),
}

impl Flow {
    fn frames(&mut self, crossing: &Crossing) -> Vec<Vec<u8>> {
        match (self, crossing) {
            (Self::Datagrams(ends), Crossing::Sent(octets)) => {
                datagram(*ends, Way::There, octets).into_iter().collect()
            }
            (Self::Datagrams(ends), Crossing::Received(octets)) => {
                datagram(*ends, Way::Back, octets).into_iter().collect()
            }
            (Self::Datagrams(_), _) => Vec::new(),
            (Self::Stream(stream), crossing) => stream.frames(crossing),
        }
    }
}

/// A TCP connection: what each end sends next, the tester first (RFC 9293, 3.3).
struct Stream {
    ends: Ends,
    next: [u32; 2],
    open: bool,
}

impl Stream {
    fn frames(&mut self, crossing: &Crossing) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        match crossing {
            Crossing::Opened => self.handshake(&mut frames),
            Crossing::Sent(octets) => self.data(Way::There, octets, &mut frames),
            Crossing::Received(octets) => self.data(Way::Back, octets, &mut frames),
            Crossing::Omitted { sent, octets } => {
                // A gap in the sequence numbers, as where a capture has lost packets.
                let way = if *sent { Way::There } else { Way::Back };
                self.advance(way, *octets);
            }
            Crossing::ClosedByTester => self.end(Way::There, &mut frames),
            Crossing::ClosedByIut => self.end(Way::Back, &mut frames),
        }
        frames
    }

    fn handshake(&mut self, frames: &mut Vec<Vec<u8>>) {
        let mut syn = self.header(Way::There);
        (syn.syn, syn.ack, syn.acknowledgment_number) = (true, false, 0);
        frames.extend(segment(self.ends, Way::There, syn, &[]));
        self.advance(Way::There, 1);
        let mut answer = self.header(Way::Back);
        answer.syn = true;
        frames.extend(segment(self.ends, Way::Back, answer, &[]));
        self.advance(Way::Back, 1);
        frames.extend(segment(self.ends, Way::There, self.header(Way::There), &[]));
        self.open = true;
    }

    fn data(&mut self, way: Way, octets: &[u8], frames: &mut Vec<Vec<u8>>) {
        let mut pieces = octets.chunks(SEGMENT).peekable();
        while let Some(piece) = pieces.next() {
            let mut header = self.header(way);
            header.psh = pieces.peek().is_none();
            frames.extend(segment(self.ends, way, header, piece));
            self.advance(way, piece.len());
        }
    }

    /// Both directions end: nothing crosses a connection of which one end has been closed.
    fn end(&mut self, way: Way, frames: &mut Vec<Vec<u8>>) {
        if !std::mem::take(&mut self.open) {
            return;
        }
        let other = match way {
            Way::There => Way::Back,
            Way::Back => Way::There,
        };
        for way in [way, other] {
            let mut header = self.header(way);
            header.fin = true;
            frames.extend(segment(self.ends, way, header, &[]));
            self.advance(way, 1);
        }
        frames.extend(segment(self.ends, way, self.header(way), &[]));
    }

    /// The header of the next segment this way: it acknowledges all that came the other way.
    fn header(&self, way: Way) -> TcpHeader {
        let [there, back] = self.next;
        let (sequence, acknowledged) = match way {
            Way::There => (there, back),
            Way::Back => (back, there),
        };
        let mut header = TcpHeader::new(0, 0, sequence, 0);
        header.ack = true;
        header.acknowledgment_number = acknowledged;
        header
    }

    fn advance(&mut self, way: Way, octets: usize) {
        let [there, back] = &mut self.next;
        let next = if way == Way::There { there } else { back };
        // Sequence numbers count modulo 2^32.
        *next = next.wrapping_add(octets as u32);
    }
}
