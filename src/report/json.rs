//! The JSON report. Its shape is versioned; `report.schema.json` beside this file describes it.

use std::io;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::escape;
use super::summary::Summary;
use crate::judge::catalogue::Group;
use crate::judge::record::{CaseRecord, RuleRecord, RunRecord, StepRecord};
use crate::judge::verdict::{Evidence, Finding};
use crate::port::Protocol;
use crate::transcript::{Crossing, Event, Pco, Transcript, Transport};

/// The version of the report's shape. Grows when something that was there changes its meaning or goes away.
pub const SCHEMA_VERSION: u32 = 1;

/// The JSON Schema of the report.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// Writes the report.
///
/// # Errors
/// What the writer says.
pub fn write(run: &RunRecord, mut writer: impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut writer, &Report::of(run)).map_err(io::Error::from)?;
    writer.write_all(b"\n")
}

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    tool: Tool,
    iut: Iut,
    seed: u64,
    started_at: u64,
    duration_ms: f64,
    ended_early: Option<String>,
    remarks: Vec<String>,
    summary: Summary,
    robustness_summary: Summary,
    rule_summary: Summary,
    results: Results<'a>,
    rules: Vec<Rule>,
}

/// The cases, each made when its turn has come to be written: all of them at once would take as much memory as the run.
struct Results<'a>(&'a [CaseRecord]);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Case::of))
    }
}

/// The transcript of a case, each entry made when its turn has come.
struct Entries<'a>(&'a Transcript);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.events.iter().map(|event| Entry::of(self.0, event)))
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Iut {
    name: String,
    target: String,
}

#[derive(Serialize)]
struct Case<'a> {
    id: String,
    name: String,
    feature: String,
    file: String,
    line: usize,
    requirements: Vec<String>,
    level: String,
    group: &'static str,
    verdict: &'static str,
    reason: String,
    duration_ms: f64,
    repetition: usize,
    findings: Vec<FoundThing>,
    steps: Vec<Step>,
    transcript: Entries<'a>,
}

#[derive(Serialize)]
struct Step {
    keyword: String,
    text: String,
    line: usize,
    verdict: Option<&'static str>,
}

#[derive(Serialize)]
struct FoundThing {
    verdict: &'static str,
    requirement: Option<String>,
    expected: String,
    observed: String,
    evidence: Vec<Piece>,
}

#[derive(Serialize)]
struct Piece {
    caption: String,
    /// Index into the transcript of the case.
    event: Option<usize>,
    octets: String,
    /// The octets that decided, escaped like `octets`.
    decisive: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    t_ms: f64,
    pco: String,
    event: &'static str,
    from: Option<String>,
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    octets: Option<String>,
    /// How many octets were not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted: Option<usize>,
}

#[derive(Serialize)]
struct Rule {
    id: String,
    purpose: String,
    requirements: Vec<String>,
    level: String,
    verdict: &'static str,
    reason: String,
    observations: usize,
    finding_count: usize,
    findings: Vec<RuleFinding>,
}

#[derive(Serialize)]
struct RuleFinding {
    case: String,
    #[serde(flatten)]
    finding: FoundThing,
}

impl<'a> Report<'a> {
    fn of(run: &'a RunRecord) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            iut: Iut { name: run.iut.clone(), target: run.target.clone() },
            seed: run.seed,
            started_at: run.started_at,
            duration_ms: milliseconds(run.duration),
            ended_early: run.ended_early.clone(),
            remarks: run.remarks.clone(),
            summary: Summary::of_cases(run, Group::Conformance),
            robustness_summary: Summary::of_cases(run, Group::Robustness),
            rule_summary: Summary::of_rules(run),
            results: Results(&run.cases),
            rules: run.rules.iter().map(Rule::of).collect(),
        }
    }
}

impl<'a> Case<'a> {
    fn of(case: &'a CaseRecord) -> Self {
        let step = |step: &StepRecord| Step {
            keyword: step.keyword.clone(),
            text: step.text.clone(),
            line: step.line,
            verdict: step.verdict.map(|verdict| verdict.word()),
        };
        Self {
            id: case.id.clone(),
            name: case.name.clone(),
            feature: case.feature.clone(),
            file: case.location.0.clone(),
            line: case.location.1,
            requirements: case.requirements.clone(),
            level: case.level.clone(),
            group: case.group().word(),
            verdict: case.verdict.word(),
            reason: escape::text(&case.reason),
            duration_ms: milliseconds(case.duration),
            repetition: case.repetition,
            findings: case.findings.iter().map(FoundThing::of).collect(),
            steps: case.steps.iter().map(step).collect(),
            transcript: Entries(&case.transcript),
        }
    }
}

impl FoundThing {
    fn of(finding: &Finding) -> Self {
        Self {
            verdict: finding.verdict.word(),
            requirement: finding.requirement.clone(),
            expected: escape::text(&finding.expected),
            observed: escape::text(&finding.observed),
            evidence: finding.evidence.iter().map(Piece::of).collect(),
        }
    }
}

impl Piece {
    fn of(evidence: &Evidence) -> Self {
        let decisive = evidence.decisive.and_then(|span| evidence.octets.get(span.start..span.end));
        Self {
            caption: evidence.caption.clone(),
            event: evidence.event,
            octets: escape::octets(&evidence.octets),
            decisive: decisive.map(escape::octets),
        }
    }
}

impl Entry {
    fn of(transcript: &Transcript, event: &Event) -> Self {
        let pco = transcript.pcos.get(event.pco.0);
        let tester = pco.map(|pco| pco.local.to_string());
        let iut = pco.and_then(|pco| pco.remote).map(|remote| remote.to_string());
        let (word, octets, by_tester) = match &event.crossing {
            Crossing::Opened => ("opened", None, true),
            Crossing::Sent(octets) => ("sent", Some(octets), true),
            Crossing::Received(octets) => ("received", Some(octets), false),
            Crossing::Omitted { sent, .. } => ("omitted", None, *sent),
            Crossing::ClosedByTester => ("closed-by-tester", None, true),
            Crossing::ClosedByIut => ("closed-by-iut", None, false),
        };
        let omitted = match event.crossing {
            Crossing::Omitted { octets, .. } => Some(octets),
            _ => None,
        };
        let (from, to) = if by_tester { (tester, iut) } else { (iut, tester) };
        Self {
            t_ms: milliseconds(event.at),
            pco: pco.map_or_else(String::new, label),
            event: word,
            from,
            to,
            octets: octets.map(|octets| escape::octets(octets)),
            omitted,
        }
    }
}

impl Rule {
    fn of(rule: &RuleRecord) -> Self {
        let finding =
            |(case, finding): &(String, Finding)| RuleFinding { case: case.clone(), finding: FoundThing::of(finding) };
        Self {
            id: rule.id.clone(),
            purpose: rule.purpose.clone(),
            requirements: rule.requirements.clone(),
            level: rule.level.clone(),
            verdict: rule.verdict.word(),
            reason: escape::text(&rule.reason),
            observations: rule.observations,
            finding_count: rule.finding_count,
            findings: rule.findings.iter().map(finding).collect(),
        }
    }
}

/// A PCO in words: `Alice MSRP/TCP`.
pub fn label(pco: &Pco) -> String {
    let protocol = match pco.protocol {
        Protocol::Sip => "SIP",
        Protocol::Msrp => "MSRP",
    };
    let transport = match pco.transport {
        Transport::Udp => "UDP",
        Transport::Tcp => "TCP",
        Transport::Tls => "TLS",
    };
    format!("{} {protocol}/{transport}", pco.participant)
}

fn milliseconds(duration: Duration) -> f64 {
    // Microseconds are as fine as a clock under load tells the truth.
    duration.as_micros() as f64 / 1000.0
}
