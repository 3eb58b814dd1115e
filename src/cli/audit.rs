//! `audit`.

use super::Status;
use super::arguments::{AuditOptions, Format, SideName};
use super::captured;
use super::problem::Problem;
use super::sinks::Sinks;
use crate::judge::rules::RuleBench;
use crate::report::audit::{Audit, BrokenOff, json, render};
use crate::report::summary::Conclusion;

pub(super) fn run(options: &AuditOptions) -> Result<Status, Problem> {
    if options.side == SideName::Client {
        let help = "leave --side out to judge the switch that the clients talked to";
        return Err(Problem::usage("clients cannot be judged: today's rules are about chat rooms", help));
    }
    if options.reports.iter().any(|report| !matches!(report.format, Format::Terminal | Format::Json)) {
        let help = "those of 'run' that tell of cases have nothing to tell here";
        return Err(Problem::usage("the reports of an audit are terminal and json", help));
    }
    let name = options.capture.display().to_string();
    let file = captured::open(&options.capture)?;
    let sinks = Sinks::open(&options.reports)?;
    let recording = captured::read(file, &name, &options.addresses)?;
    let mut bench = RuleBench::new();
    if !recording.transcript.events.is_empty() {
        bench.observe("capture", &recording.transcript);
    }
    let broken = recording.broken.as_ref().map(|error| BrokenOff { offset: error.offset, reason: error.to_string() });
    if let Some(broken) = &broken {
        anstream::eprintln!("warning: '{name}' breaks off {}; judged is what comes before", broken.reason);
    }
    let audit = Audit {
        capture: name,
        iut: recording.iut.iter().map(ToString::to_string).collect(),
        basis: recording.basis.map(|basis| basis.to_string()).unwrap_or_default(),
        participants: recording.participants,
        frame_count: recording.frame_count,
        start: recording.start,
        transcript: recording.transcript,
        frames: recording.frames,
        remarks: recording.remarks,
        broken,
        rules: bench.finish(),
    };
    sinks.write_each(|format, writer| match format {
        Format::Json => json(&audit, writer),
        _ => writer.write_all(render(&audit).as_bytes()),
    })?;
    Ok(match audit.conclusion() {
        Conclusion::Passed => Status::Passed,
        Conclusion::Failed => Status::Failed,
        Conclusion::Unproven => Status::Unproven,
    })
}
