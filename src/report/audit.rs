//! What people and machines read after the audit of a capture: the rules, with the frames in which their evidence stands.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use serde::Serialize;

use super::escape;
use super::summary::{Conclusion, Summary};
use super::terminal::{badge, bold, colour, counts, dim, place, placed_evidence_into};
use crate::judge::catalogue::Catalogue;
use crate::judge::record::RuleRecord;
use crate::judge::verdict::{Evidence, Finding, Verdict};
use crate::transcript::Transcript;

/// The version of the JSON report's shape.
pub const SCHEMA_VERSION: u32 = 1;
/// Findings of one rule that the terminal shows.
const FINDINGS: usize = 5;

/// An audit.
#[derive(Debug, Default)]
pub struct Audit {
    /// The file.
    pub capture: String,
    /// The sockets of the implementation under test.
    pub iut: Vec<String>,
    /// How it is known that they are its own.
    pub basis: String,
    /// The participants.
    pub participants: Vec<String>,
    /// How many frames were read.
    pub frame_count: u64,
    /// The time of the first frame, since the Unix epoch.
    pub start: Option<Duration>,
    /// The traffic that was judged.
    pub transcript: Transcript,
    /// Of each event, the frames with its first and its last octet.
    pub frames: Vec<[u64; 2]>,
    /// What the reader should know of what was not judged.
    pub remarks: Vec<String>,
    /// Where the capture breaks off, if it does.
    pub broken: Option<BrokenOff>,
    /// The rules.
    pub rules: Vec<RuleRecord>,
}

/// Where a capture breaks off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrokenOff {
    /// The offset in the file.
    pub offset: u64,
    /// Why, with the offset.
    pub reason: String,
}

impl Audit {
    /// What it comes to, for the exit status.
    pub fn conclusion(&self) -> Conclusion {
        let observed = || self.rules.iter().filter(|rule| rule.observations > 0);
        if observed().any(|rule| rule.verdict == Verdict::Fail) {
            Conclusion::Failed
        } else if observed().any(|rule| rule.verdict == Verdict::Error) || observed().next().is_none() {
            Conclusion::Unproven
        } else {
            Conclusion::Passed
        }
    }

    fn frames_of(&self, evidence: &Evidence) -> Option<[u64; 2]> {
        self.frames.get(evidence.event?).copied()
    }
}

/// The report for people, with colours; strip them where they are not wanted.
pub fn render(audit: &Audit) -> String {
    let mut out = String::new();
    let (observed, never): (Vec<_>, Vec<_>) = audit.rules.iter().partition(|rule| rule.observations > 0);
    for rule in observed.iter().filter(|rule| rule.verdict <= Verdict::Pass) {
        let trailer = dim(&format!("{} observed", rule.observations));
        let _ = writeln!(out, "{} {:18}  {} {trailer}", badge(rule.verdict), rule.id, escape::text(&rule.purpose));
    }
    for rule in observed.iter().filter(|rule| rule.verdict > Verdict::Pass) {
        rule_into(audit, rule, &mut out);
    }
    if !never.is_empty() {
        let ids: Vec<&str> = never.iter().map(|rule| rule.id.as_str()).collect();
        let title = colour(Verdict::Inconclusive, "never observed, and so not judged:");
        let _ = write!(out, "\n{title}");
        for row in ids.chunks(6) {
            let _ = write!(out, "\n  {}", row.join(" "));
        }
        out.push('\n');
    }
    closing(audit, observed.iter().map(|rule| rule.verdict), never.len(), &mut out);
    out
}

fn rule_into(audit: &Audit, rule: &RuleRecord, out: &mut String) {
    let title = format!("{} {}", escape::text(&rule.id), escape::text(&rule.purpose));
    let _ = writeln!(out, "\n{} {}", badge(rule.verdict), bold(&title));
    for id in &rule.requirements {
        let known = Catalogue::embedded().ok().and_then(|catalogue| catalogue.get(id));
        let text = known.map_or_else(String::new, |known| format!(" {} ({})", known.text, known.level.word()));
        let _ = writeln!(out, "  demanded   {}{}", escape::text(id), escape::text(&text));
    }
    for (number, (_, finding)) in rule.findings.iter().take(FINDINGS).enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "  expected   {}", escape::text(&finding.expected));
        let _ = writeln!(out, "  observed   {}", colour(finding.verdict, &escape::text(&finding.observed)));
        for evidence in &finding.evidence {
            let place = place(evidence, &audit.transcript);
            let frame = audit.frames_of(evidence).map(in_frames);
            let place: Vec<String> = frame.into_iter().chain(place).collect();
            placed_evidence_into(evidence, (!place.is_empty()).then(|| place.join(", ")), out);
        }
    }
    let _ = writeln!(out, "  {}", dim(&format!("{} observed, {} findings", rule.observations, rule.finding_count)));
}

fn in_frames([first, last]: [u64; 2]) -> String {
    if first == last { format!("frame {last}") } else { format!("frames {first} to {last}") }
}

fn closing(audit: &Audit, observed: impl Iterator<Item = Verdict>, never: usize, out: &mut String) {
    out.push('\n');
    for remark in &audit.remarks {
        let _ = writeln!(out, "remark: {}", escape::text(remark));
    }
    if let Some(BrokenOff { reason, .. }) = &audit.broken {
        let _ = writeln!(out, "{} {}", colour(Verdict::Fail, "the capture breaks off"), escape::text(reason));
    }
    const SHOWN: usize = 12;
    let list = |words: &[String]| match words {
        [] => "nobody".to_owned(),
        words => {
            let shown = escape::text(&words.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", "));
            match words.len().saturating_sub(SHOWN) {
                0 => shown,
                more => format!("{shown} and {more} more"),
            }
        }
    };
    let basis = if audit.basis.is_empty() { String::new() } else { format!(" ({})", audit.basis) };
    let _ = writeln!(out, "participants: {}", list(&audit.participants));
    let _ = writeln!(out, "switch: {}{basis}", list(&audit.iut));
    let _ = write!(out, "{} rules: {}", audit.rules.len(), counts(&Summary::of(observed)));
    let _ = writeln!(out, ", {never} never observed, in {} frames", audit.frame_count);
    let (verdict, words) = match audit.conclusion() {
        Conclusion::Passed => (Verdict::Pass, "nothing found against the switch, as far as observed"),
        Conclusion::Failed => (Verdict::Fail, "the switch does not conform"),
        Conclusion::Unproven => (Verdict::Inconclusive, "nothing to judge"),
    };
    let _ = writeln!(out, "{}: {}", escape::text(&audit.capture), colour(verdict, words));
}

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    tool: Tool,
    capture: &'a str,
    frames: u64,
    started_at: Option<f64>,
    iut: &'a [String],
    iut_known: &'a str,
    participants: &'a [String],
    remarks: &'a [String],
    broken_off: Option<&'a BrokenOff>,
    rule_summary: Summary,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    purpose: &'a str,
    requirements: &'a [String],
    level: &'a str,
    verdict: &'static str,
    reason: String,
    observations: usize,
    finding_count: usize,
    findings: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    verdict: &'static str,
    requirement: Option<&'a str>,
    expected: String,
    observed: String,
    evidence: Vec<Piece>,
}

#[derive(Serialize)]
struct Piece {
    caption: String,
    /// The frame with its last octet, which is where Wireshark shows it.
    frame: Option<u64>,
    first_frame: Option<u64>,
    place: Option<String>,
    octets: String,
    decisive: Option<String>,
}

/// Writes the report for machines.
///
/// # Errors
/// What the writer says.
pub fn json(audit: &Audit, mut writer: impl io::Write) -> io::Result<()> {
    let report = Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        capture: &audit.capture,
        frames: audit.frame_count,
        started_at: audit.start.map(|start| start.as_secs_f64()),
        iut: &audit.iut,
        iut_known: &audit.basis,
        participants: &audit.participants,
        remarks: &audit.remarks,
        broken_off: audit.broken.as_ref(),
        rule_summary: Summary::of(audit.rules.iter().map(|rule| rule.verdict)),
        rules: audit.rules.iter().map(|rule| Rule::of(audit, rule)).collect(),
    };
    serde_json::to_writer_pretty(&mut writer, &report).map_err(io::Error::from)?;
    writer.write_all(b"\n")
}

impl<'a> Rule<'a> {
    fn of(audit: &Audit, rule: &'a RuleRecord) -> Self {
        Self {
            id: &rule.id,
            purpose: &rule.purpose,
            requirements: &rule.requirements,
            level: &rule.level,
            verdict: rule.verdict.word(),
            reason: escape::text(&rule.reason),
            observations: rule.observations,
            finding_count: rule.finding_count,
            findings: rule.findings.iter().map(|(_, finding)| Found::of(audit, finding)).collect(),
        }
    }
}

impl<'a> Found<'a> {
    fn of(audit: &Audit, finding: &'a Finding) -> Self {
        let piece = |evidence: &Evidence| Piece {
            caption: escape::text(&evidence.caption),
            frame: audit.frames_of(evidence).map(|[_, last]| last),
            first_frame: audit.frames_of(evidence).map(|[first, _]| first),
            place: place(evidence, &audit.transcript).map(|place| escape::text(&place)),
            octets: escape::octets(&evidence.octets),
            decisive: evidence.decisive.and_then(|span| evidence.octets.get(span.start..span.end)).map(escape::octets),
        };
        Self {
            verdict: finding.verdict.word(),
            requirement: finding.requirement.as_deref(),
            expected: escape::text(&finding.expected),
            observed: escape::text(&finding.observed),
            evidence: finding.evidence.iter().map(piece).collect(),
        }
    }
}
