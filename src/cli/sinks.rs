//! Where reports go. Files are opened before anything is sent, so that no run is lost to a misspelled path.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use super::arguments::{Format, ReportOption};
use super::problem::Problem;
use crate::judge::record::RunRecord;
use crate::report::terminal::Rerun;
use crate::report::{json, junit, terminal, verdicts};

/// The opened reports of a run.
#[derive(Debug)]
pub(super) struct Sinks(Vec<Sink>);

#[derive(Debug)]
struct Sink {
    format: Format,
    /// `None`: standard output.
    file: Option<(PathBuf, File)>,
}

impl Sinks {
    /// Opens what was asked for. The terminal report goes to standard output unless another one does.
    pub(super) fn open(reports: &[ReportOption]) -> Result<Self, Problem> {
        if reports.iter().filter(|report| report.path.is_none()).count() > 1 {
            let help = "give all but one a path, such as --report json=report.json";
            return Err(Problem::usage("two reports want to go to standard output", help));
        }
        let mut sinks = Vec::new();
        for (index, report) in reports.iter().enumerate() {
            if report.path.is_some() && reports.iter().take(index).any(|other| other.path == report.path) {
                return Err(Problem::usage("two reports want to go to the same file", "give each a path of its own"));
            }
            let open = |path: &PathBuf| {
                // What is in the file stays there until there is something to replace it.
                let opened = File::options().create(true).write(true).truncate(false).open(path);
                opened.map(|file| (path.clone(), file)).map_err(|cause| {
                    let message = format!("the report '{}' cannot be written: {cause}", path.display());
                    Problem::usage(message, "check the path and the permissions; nothing was sent yet")
                })
            };
            sinks.push(Sink { format: report.format, file: report.path.as_ref().map(open).transpose()? });
        }
        if sinks.iter().all(|sink| sink.file.is_some()) {
            sinks.push(Sink { format: Format::Terminal, file: None });
        }
        Ok(Self(sinks))
    }

    /// Writes every report of a run, also when one of them fails.
    pub(super) fn write(self, run: &RunRecord, rerun: &Rerun) -> Result<(), Problem> {
        self.write_each(|format, writer| emit(format, run, rerun, writer))
    }

    /// Writes every report, also when one of them fails.
    pub(super) fn write_each(self, emit: impl Fn(Format, &mut dyn Write) -> io::Result<()>) -> Result<(), Problem> {
        let mut failures = Vec::new();
        for sink in self.0 {
            let name = sink.file.as_ref().map_or("standard output".into(), |(path, _)| path.display().to_string());
            match sink.write(&emit) {
                Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => failures.push(format!("{name}: {cause}")),
                _ => {}
            }
        }
        if failures.is_empty() {
            return Ok(());
        }
        let message = format!("a report cannot be written: {}", failures.join("; "));
        Err(Problem::unproven(message, "is the disk full?"))
    }
}

impl Sink {
    fn write(self, emit: &impl Fn(Format, &mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        match self.file {
            Some((_, file)) => {
                // A pipe or a device has no length to set.
                if file.metadata()?.is_file() {
                    file.set_len(0)?;
                }
                let mut writer = io::BufWriter::new(anstream::StripStream::new(file));
                emit(self.format, &mut writer)?;
                writer.flush()
            }
            None => {
                let mut writer = anstream::stdout().lock();
                emit(self.format, &mut writer)?;
                writer.flush()
            }
        }
    }
}

fn emit(format: Format, run: &RunRecord, rerun: &Rerun, mut writer: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Terminal => writer.write_all(terminal::render(run, rerun).as_bytes()),
        Format::Json => json::write(run, writer),
        Format::Junit => junit::write(run, rerun, writer),
        Format::Verdicts => verdicts::write(run, &mut writer),
    }
}
