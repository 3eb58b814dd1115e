//! `prove`: the suite against each fault of the bundled switch, in as many threads as there are cores.

use std::io::IsTerminal;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::{mpsc, oneshot};

use super::Status;
use super::arguments::{LinkName, ProveOptions};
use super::problem::Problem;
use super::run::signal;
use super::{show, suite_files};
use crate::judge::brief::Subject;
use crate::report::escape;
use crate::suite::engine::Registry;
use crate::suite::prove::{Matrix, Outcome, Reach, Trials, expectations};
use crate::switch::flaw::Flaw;

/// No run of the suite takes so long, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(600);
/// As much stack as a main thread has.
const STACK: usize = 8 * 1024 * 1024;

pub(super) fn run(options: &ProveOptions) -> Result<Status, Problem> {
    // Nothing is run in vain.
    for path in [&options.json, &options.markdown].into_iter().flatten() {
        writable(path)?;
    }
    let cases = suite_files::cases(&options.files.paths)?;
    let expected = match options.faults.is_empty() && options.files.paths.is_empty() {
        true => Some(expectations(&cases, &*suite_files::registry()?)),
        false => None,
    };
    let trials = Trials {
        cases: cases.into_iter().map(Arc::new).collect(),
        in_memory: options.link == LinkName::Memory,
        seed: options.seed,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|cause| Problem::unproven(format!("no runtime: {cause}"), "are there free file handles?"))?;
    let (green, outcomes) = runtime.block_on(async {
        tokio::select! {
            // The program ends, and what is under way with it.
            word = signal() => Err(Problem::unproven(word, "nothing is proved by half of the runs")),
            outcomes = every_run(trials, options) => Ok(outcomes),
        }
    })?;
    let (mut faults, mut wreckage) = (Vec::new(), Vec::new());
    for (flaw, outcome) in outcomes {
        match flaw {
            Flaw::Fault(fault) => faults.push((fault, outcome)),
            Flaw::Wreckage(one) => wreckage.push((one, outcome)),
        }
    }
    faults.sort_by_key(|(fault, _)| *fault);
    wreckage.sort_by_key(|(one, _)| *one);
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

/// The run without a fault, and then one for each fault and wreckage, in so many threads.
async fn every_run(trials: Trials, options: &ProveOptions) -> (Outcome, Vec<(Flaw, Outcome)>) {
    let flaws: Vec<_> = if options.faults.is_empty() { Flaw::all().collect() } else { options.faults.clone() };
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = options.jobs.map_or_else(cores, usize::from);
    let progress = Progress::new(flaws.len() + 1);
    let trials = Arc::new(trials);

    let (tell, told) = oneshot::channel();
    in_thread(&trials, move |trials, registry| drop(tell.send(trials.faultless(registry))));
    let (green, reach) = match tokio::time::timeout(PATIENCE, told).await {
        Ok(Ok(green)) => green,
        _ => (Err(format!("the run did not end, or not within {} s", PATIENCE.as_secs())), Reach::default()),
    };
    progress.done("without a fault", &green);

    let (tell, mut told) = mpsc::unbounded_channel();
    // What takes longest comes first, or one core would be at it alone in the end: that is the wreckage, the last of all.
    let (queue, reach) = (Arc::new(Mutex::new(flaws.clone().into_iter().rev())), Arc::new(reach));
    for _ in 0..jobs.min(flaws.len()) {
        let (queue, reach, tell) = (Arc::clone(&queue), Arc::clone(&reach), tell.clone());
        in_thread(&trials, move |trials, registry| {
            let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(flaw) = next() {
                // Nobody listens any more once the program is about to end.
                let _ = tell.send((flaw, trials.flawed(flaw, &reach, registry)));
            }
        });
    }
    drop(tell);
    let mut outcomes = Vec::new();
    while let Ok(Some((flaw, outcome))) = tokio::time::timeout(PATIENCE, told.recv()).await {
        progress.done(flaw.name(), &outcome);
        outcomes.push((flaw, outcome));
    }
    let missing = flaws.into_iter().filter(|flaw| outcomes.iter().all(|(done, _)| done != flaw));
    let silent = || Err(format!("the run did not end, or nothing was heard of it for {} s", PATIENCE.as_secs()));
    let missing: Vec<_> = missing.map(|flaw| (flaw, silent())).collect();
    outcomes.extend(missing);
    progress.bar.finish_and_clear();
    (green, outcomes)
}

/// Works in a thread of its own, which has a registry of its own. The program does not wait for it.
fn in_thread(trials: &Arc<Trials>, work: impl FnOnce(&Trials, &Rc<Registry>) + Send + 'static) {
    let trials = Arc::clone(trials);
    let spawned = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        if let Ok(registry) = suite_files::registry() {
            work(&trials, &registry);
        }
    });
    // Without a thread the work is not done, and whoever waits for its word learns it.
    drop(spawned);
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

    fn done(&self, name: &str, outcome: &Outcome) {
        self.bar.inc(1);
        let line = match outcome {
            Ok(briefs) => {
                let red = briefs.iter().filter(|brief| brief.is_red()).count();
                let cases = briefs.iter().filter(|brief| brief.subject == Subject::Case).count();
                format!("{name}: {cases} cases, {red} red")
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
