//! What crossed the wire, written to a capture while the run goes on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::problem::Problem;
use super::progress::Bar;
use crate::capture::{CaptureWriter, Comment};
use crate::judge::catalogue::Group;
use crate::judge::record::CaseRecord;
use crate::judge::rules::RuleBench;
use crate::judge::verdict::{Evidence, Finding, Verdict};
use crate::port::Moment;
use crate::runtime::Clock;
use crate::suite::observe::Progress;
use crate::suite::plan::Case;
use crate::transcript::{Crossing, Transcript};

/// Shows how far a run is, and writes the capture of it.
#[derive(Debug)]
pub(super) struct Tap {
    bar: Bar,
    clock: Clock,
    path: PathBuf,
    /// `None` once the file has ended.
    writer: Option<CaptureWriter<BufWriter<File>>>,
    /// When each of the cases began that are running: none of their frames is older.
    running: BTreeMap<(String, usize), Moment>,
    /// Why nothing more is written.
    trouble: Option<io::Error>,
}

impl Tap {
    /// Opens the file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn open(path: &Path, clock: Clock) -> Result<Self, Problem> {
        let began = Duration::from_secs(Clock::unix_seconds()).saturating_sub(clock.now());
        let writer = File::create(path).and_then(|file| CaptureWriter::new(BufWriter::new(file), began));
        let writer = writer.map_err(|cause| {
            let message = format!("the capture '{}' cannot be written: {cause}", path.display());
            Problem::usage(message, "check the path and the permissions; nothing was sent yet")
        })?;
        let running = BTreeMap::new();
        Ok(Self { bar: Bar::new(), clock, path: path.to_owned(), writer: Some(writer), running, trouble: None })
    }

    /// Ends the file.
    ///
    /// # Errors
    /// If it could not be written.
    pub(super) fn finish(&mut self) -> Result<(), Problem> {
        let ended = match (self.trouble.take(), self.writer.take()) {
            (Some(trouble), _) => Err(trouble),
            (None, writer) => writer.map_or(Ok(()), |writer| writer.finish().map(drop)),
        };
        ended.map_err(|cause| {
            let message = format!("the capture '{}' was not written whole: {cause}", self.path.display());
            Problem::unproven(message, "is the disk full?")
        })
    }
}

impl Progress for Tap {
    fn run_started(&mut self, cases: usize) {
        self.bar.run_started(cases);
    }

    fn case_started(&mut self, case: &Case, repetition: usize) {
        self.running.insert((case.id.clone(), repetition), self.clock.now());
        self.bar.case_started(case, repetition);
    }

    fn case_finished(&mut self, record: &CaseRecord) {
        self.running.remove(&(record.id.clone(), record.repetition));
        if let Some(writer) = self.writer.as_mut().filter(|_| self.trouble.is_none()) {
            writer.take(&record.transcript, &comments(record));
            let settled = self.running.values().min().copied().unwrap_or_else(|| self.clock.now());
            self.trouble = writer.settle(settled).err();
        }
        self.bar.case_finished(record);
    }

    fn run_finished(&mut self) {
        self.bar.run_finished();
    }
}

/// What is said at the frames of a case: its name and verdict at the first one, and what was found where it was found.
fn comments(record: &CaseRecord) -> Vec<Comment> {
    let head = format!("{} {}: {}", record.id, record.name, record.verdict.word());
    let mut comments = vec![Comment { event: 0, text: head }];
    let mut find = |by: &str, finding: &Finding| {
        if finding.verdict <= Verdict::Pass {
            return;
        }
        let requirement = finding.requirement.as_deref().unwrap_or_default();
        let text = format!(
            "{} {by} {requirement}: expected {}; observed {}",
            finding.verdict.word(),
            finding.expected,
            finding.observed
        );
        let place = finding.evidence.iter().rev().find_map(|evidence| place(&record.transcript, evidence));
        let event = place.unwrap_or_else(|| record.transcript.events.len().saturating_sub(1));
        comments.push(Comment { event, text });
    };
    record.findings.iter().for_each(|finding| find(&record.id, finding));
    if record.group() == Group::Conformance {
        let mut bench = RuleBench::new();
        bench.observe(&record.id, &record.transcript);
        for rule in bench.finish() {
            rule.findings.iter().for_each(|(_, finding)| find(&rule.id, finding));
        }
    }
    comments
}

/// The event that some evidence stands in.
fn place(transcript: &Transcript, evidence: &Evidence) -> Option<usize> {
    let has = |crossing: &Crossing| match crossing {
        Crossing::Sent(octets) | Crossing::Received(octets) => {
            !evidence.octets.is_empty() && memchr::memmem::find(octets, &evidence.octets).is_some()
        }
        _ => false,
    };
    evidence.event.or_else(|| transcript.events.iter().position(|event| has(&event.crossing)))
}
