//! `prove`: the suite against each fault of the bundled switch, a child process each.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use futures::StreamExt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::process::Command;

use super::Status;
use super::arguments::{LinkName, ProveOptions};
use super::problem::Problem;
use super::run::signal;
use super::{show, suite_files};
use crate::judge::brief::Brief;
use crate::report::escape;
use crate::suite::prove::{Matrix, Outcome, expectations};
use crate::switch::flaw::Flaw;

/// No run of the suite takes so long, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) fn run(options: &ProveOptions) -> Result<Status, Problem> {
    // Nothing is run in vain.
    for path in [&options.json, &options.markdown].into_iter().flatten() {
        writable(path)?;
    }
    let program = std::env::current_exe().map_err(|cause| {
        Problem::unproven(format!("the program does not find itself: {cause}"), "was it replaced while it ran?")
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|cause| Problem::unproven(format!("no runtime: {cause}"), "are there free file handles?"))?;
    let outcomes = runtime.block_on(async {
        tokio::select! {
            // What is under way is dropped, and the children with it.
            word = signal() => Err(Problem::unproven(word, "nothing is proved by half of the runs")),
            outcomes = every_run(&program, options) => Ok(outcomes),
        }
    })?;
    let mut green = Err("the run without a fault is missing".to_owned());
    let (mut faults, mut wreckage) = (Vec::new(), Vec::new());
    for (flaw, outcome) in outcomes {
        match flaw {
            Some(Flaw::Fault(fault)) => faults.push((fault, outcome)),
            Some(Flaw::Wreckage(one)) => wreckage.push((one, outcome)),
            None => green = outcome,
        }
    }
    faults.sort_by_key(|(fault, _)| *fault);
    wreckage.sort_by_key(|(one, _)| *one);
    let expected = match options.faults.is_empty() && options.files.paths.is_empty() {
        true => Some(expectations(&suite_files::cases(&[])?, &*suite_files::registry()?)),
        false => None,
    };
    let matrix = Matrix::of(&green, &faults, &wreckage, expected.as_deref());
    for line in matrix.render().lines() {
        show::line(&escape::text(line));
    }
    if let Some(path) = &options.json {
        let json = serde_json::to_string_pretty(&matrix).map_err(|cause| unwritten(path, &cause))?;
        std::fs::write(path, json + "\n").map_err(|cause| unwritten(path, &cause))?;
    }
    if let Some(path) = &options.markdown {
        std::fs::write(path, matrix.markdown()).map_err(|cause| unwritten(path, &cause))?;
    }
    Ok(if matrix.holds() { Status::Passed } else { Status::Failed })
}

fn writable(path: &Path) -> Result<(), Problem> {
    let opened = std::fs::File::options().create(true).write(true).truncate(false).open(path);
    opened.map(drop).map_err(|cause| {
        let message = format!("'{}' cannot be written: {cause}", path.display());
        Problem::usage(message, "check the path and the permissions; nothing was run yet")
    })
}

fn unwritten(path: &Path, cause: &dyn std::fmt::Display) -> Problem {
    Problem::unproven(format!("'{}' cannot be written: {cause}", path.display()), "is the disk full?")
}

/// The run without a fault and one for each fault and wreckage, so many at a time.
async fn every_run(program: &PathBuf, options: &ProveOptions) -> Vec<(Option<Flaw>, Outcome)> {
    let flaws = if options.faults.is_empty() { Flaw::all().collect() } else { options.faults.clone() };
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = options.jobs.map_or_else(cores, usize::from);
    let progress = Progress::new(flaws.len() + 1);
    let runs = std::iter::once(None).chain(flaws.into_iter().map(Some)).map(|flaw| {
        let progress = &progress;
        async move {
            let outcome = one_run(program, options, flaw).await;
            progress.done(flaw, &outcome);
            (flaw, outcome)
        }
    });
    let outcomes = futures::stream::iter(runs).buffer_unordered(jobs).collect().await;
    progress.bar.finish_and_clear();
    outcomes
}

async fn one_run(program: &PathBuf, options: &ProveOptions, flaw: Option<Flaw>) -> Outcome {
    let link = if options.link == LinkName::Memory { "memory" } else { "sockets" };
    let mut command = Command::new(program);
    command.args(["run", "--report", "verdicts", "--link", link, "--seed", &options.seed.to_string()]);
    if let Some(flaw) = flaw {
        command.args(["--fault", flaw.name()]);
    }
    command.arg("--").args(&options.files.paths);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let output = match tokio::time::timeout(PATIENCE, command.output()).await {
        Ok(output) => output.map_err(|cause| format!("the run cannot be started: {cause}"))?,
        Err(_) => return Err(format!("the run did not end within {} s", PATIENCE.as_secs())),
    };
    let status = output.status.code();
    // Passed, failed, unproven: a run that has something to say. All else went wrong before or within it.
    if !matches!(status, Some(0 | 1 | 3)) || output.stdout.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the run ended with {}: {}", output.status, said.trim()));
    }
    let lines = output.stdout.split(|octet| *octet == b'\n').filter(|line| !line.is_empty());
    let briefs: Result<Vec<Brief>, _> = lines.map(serde_json::from_slice).collect();
    briefs.map_err(|cause| format!("the run's verdicts cannot be read: {cause}"))
}

/// A bar on a terminal, else a line for each run.
struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    fn new(runs: usize) -> Self {
        let lines = !std::io::stderr().is_terminal();
        let target = if lines { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(runs as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, lines }
    }

    fn done(&self, flaw: Option<Flaw>, outcome: &Outcome) {
        self.bar.inc(1);
        let name = flaw.map_or("without a fault", Flaw::name);
        let line = match outcome {
            Ok(briefs) => {
                let red = briefs.iter().filter(|brief| brief.is_red()).count();
                format!("{name}: {red} red")
            }
            Err(why) => format!("{name}: {why}"),
        };
        let line = escape::text(&line);
        if self.lines {
            let (done, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
            anstream::eprintln!("{done}/{all} {line}");
        } else {
            self.bar.set_message(line);
        }
    }
}
