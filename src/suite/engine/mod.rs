//! The run: the only room that knows `cucumber`.
//!
//! `cucumber` decides which case runs when; everything else is ours. Each case becomes a flat scenario whose steps all
//! lead to one dispatcher (`seat`), which looks the step up, bounds it in time, catches its panics and classifies how
//! it ends. What a case leaves behind is its [`CaseRecord`], made when the scene has been closed.

mod panics;
mod registry;
mod seat;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use cucumber::runner::basic::{Basic, Cli, ScenarioType};
use cucumber::{Cucumber, Event, Parser, Writer, cli, event, parser};
use futures::{FutureExt, stream};
use tokio::sync::MutexGuard;

pub use registry::{Match, PatternError, Registry};

use self::seat::Seat;
use super::observe::{Progress, RuleBench, Stop};
use super::plan::Case;
use super::settings::RunSettings;
use crate::judge::catalogue::Group;
use crate::judge::record::CaseRecord;
use crate::judge::verdict::Verdict;
use crate::transcript::Transcript;

/// What watches and steers a run.
#[derive(Clone)]
pub struct Watch {
    /// Told what happens.
    pub progress: Rc<RefCell<dyn Progress>>,
    /// Judges the traffic of every case.
    pub rules: Rc<RefCell<dyn RuleBench>>,
    /// Stops the run early.
    pub stop: Stop,
}

/// What a run of the engine leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// A record for every case that was started, in the order of the plan, repetition after repetition.
    pub records: Vec<CaseRecord>,
    /// How many cases were never started, because the run was stopped.
    pub not_started: usize,
}

/// Runs cases, as often as the settings say. Must be called within a Tokio runtime; everything happens on its thread.
pub async fn run(cases: &[Arc<Case>], settings: &Arc<RunSettings>, registry: &Rc<Registry>, watch: &Watch) -> Outcome {
    let mut outcome = Outcome::default();
    let mut kept = 0;
    watch.progress.borrow_mut().run_started(cases.len() * settings.repeat);
    // What may break the room comes last, when nothing else can suffer from it.
    let of_group = |group| cases.iter().filter(|case| case.group() == group).cloned().collect::<Vec<_>>();
    let parts: Vec<_> = Group::ALL.into_iter().map(of_group).filter(|part| !part.is_empty()).collect();
    let rounds = parts.iter().flat_map(|part| (1..=settings.repeat).map(move |repetition| (part, repetition)));
    let mut left = cases.len() * settings.repeat;
    for (part, repetition) in rounds {
        let shared = Rc::new(Shared {
            cases: part.clone(),
            settings: Arc::clone(settings),
            registry: Rc::clone(registry),
            watch: watch.clone(),
            repetition,
            records: RefCell::default(),
            failed: Cell::new(false),
            kept: Cell::new(kept),
        });
        run_once(&shared).await;
        kept = shared.kept.get();
        let records = shared.records.take();
        left = left.saturating_sub(records.len());
        outcome.records.extend(records.into_values());
        if settings.fail_fast && shared.failed.get() {
            break;
        }
    }
    outcome.not_started = left;
    watch.progress.borrow_mut().run_finished();
    outcome
}

/// Most octets of transcripts that a run keeps. Beyond that, transcripts tell that octets crossed, and how many.
const MOST_KEPT: usize = 32 * 1024 * 1024;

/// What the cases of one repetition share.
struct Shared {
    cases: Vec<Arc<Case>>,
    settings: Arc<RunSettings>,
    registry: Rc<Registry>,
    watch: Watch,
    repetition: usize,
    records: RefCell<BTreeMap<usize, CaseRecord>>,
    failed: Cell<bool>,
    /// Octets of the transcripts in the records.
    kept: Cell<usize>,
}

impl Shared {
    fn case_of(&self, scenario: &cucumber::gherkin::Scenario) -> Option<(usize, &Arc<Case>)> {
        let index = scenario.tags.first()?.parse().ok()?;
        Some((index, self.cases.get(index)?))
    }

    fn is_over(&self) -> bool {
        self.watch.stop.reason().is_some() || (self.settings.fail_fast && self.failed.get())
    }

    fn keep(&self, index: usize, mut record: CaseRecord) {
        if record.verdict >= Verdict::Fail {
            self.failed.set(true);
        }
        self.watch.rules.borrow_mut().observe(&record);
        self.watch.progress.borrow_mut().case_finished(&record);
        // One passing transcript of a case is enough, if that: memory must not grow with the number of repetitions.
        if (self.repetition > 1 || !self.settings.transcripts) && record.verdict == Verdict::Pass {
            record.transcript = Transcript::default();
        }
        let octets = record.transcript.octets();
        if self.kept.get() + octets > MOST_KEPT {
            record.transcript.forget_octets();
        } else {
            self.kept.set(self.kept.get() + octets);
        }
        self.records.borrow_mut().insert(index, record);
    }
}

async fn run_once(shared: &Rc<Shared>) {
    let starting = starting().await;
    panics::install();

    let opening = Rc::clone(shared);
    let closing = Rc::clone(shared);
    let runner = Basic::<Seat>::default()
        .max_concurrent_scenarios(Some(shared.settings.jobs.max(1)))
        .retry_options(|_, _, _, _| None)
        .which_scenario(|_, _, scenario| match scenario.tags.get(1) {
            Some(tag) if tag == "serial" => ScenarioType::Serial,
            _ => ScenarioType::Concurrent,
        })
        .steps(seat::steps())
        .before(move |_, _, scenario, seat| {
            let shared = Rc::clone(&opening);
            async move {
                if let Some((_, case)) = shared.case_of(scenario)
                    && !shared.is_over()
                {
                    shared.watch.progress.borrow_mut().case_started(case, shared.repetition);
                    let case = Arc::clone(case);
                    let settings = Arc::clone(&shared.settings);
                    let registry = Rc::clone(&shared.registry);
                    seat.open(case, settings, registry, shared.watch.stop.clone(), shared.repetition).await;
                }
            }
            .boxed_local()
        })
        .after(move |_, _, scenario, _, seat| {
            let shared = Rc::clone(&closing);
            async move {
                if let (Some((index, _)), Some(seat)) = (shared.case_of(scenario), seat)
                    && let Some(record) = seat.close(shared.repetition).await
                {
                    shared.keep(index, record);
                }
            }
            .boxed_local()
        });

    let opts = cli::Opts {
        re_filter: None,
        tags_filter: None,
        parser: cli::Empty,
        runner: Cli::default(),
        writer: cli::Empty,
        custom: cli::Empty,
    };
    // `with_cli` must be the last call: the others reset it, and cucumber would then read our own arguments.
    Cucumber::<Seat, _, _, _, _>::custom(Planned, runner, HookSetter(Some(starting)))
        .with_cli(opts)
        .run(features(&shared.cases))
        .await;
}

/// The cases as flat features, one a file: cucumber's time for one feature grows with the square of its scenarios.
fn features(cases: &[Arc<Case>]) -> Vec<cucumber::gherkin::Feature> {
    let mut files: BTreeMap<&str, Vec<cucumber::gherkin::Scenario>> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        // The tags are ours alone: the index in the plan and how it runs. None starts with `retry`.
        let order = if case.serial { "serial" } else { "concurrent" };
        let scenario = cucumber::gherkin::Scenario::builder()
            .keyword("Scenario".to_owned())
            .name(case.name.clone())
            .tags(vec![index.to_string(), order.to_owned()])
            .steps((0..case.steps.len()).map(seat::step).collect::<Vec<_>>())
            .position(cucumber::gherkin::LineCol { line: case.line, col: 1 })
            .build();
        files.entry(&case.file).or_default().push(scenario);
    }
    let feature = |(file, scenarios): (&str, Vec<_>)| {
        cucumber::gherkin::Feature::builder()
            .keyword("Feature".to_owned())
            .name(file.to_owned())
            .scenarios(scenarios)
            .build()
    };
    files.into_iter().map(feature).collect()
}

/// Hands over what is already there: a stream that has to wait would make cucumber spin.
struct Planned;

impl Parser<Vec<cucumber::gherkin::Feature>> for Planned {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<cucumber::gherkin::Feature>>>;

    fn parse(self, input: Vec<cucumber::gherkin::Feature>, _cli: cli::Empty) -> Self::Output {
        stream::iter(input.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// cucumber takes the panic hook of the process away when a run starts, and puts it back when the run ends. Runs may go
/// on at once, in threads of their own, as long as each of them takes ours: so they start one after the other.
async fn starting() -> MutexGuard<'static, ()> {
    static STARTING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    loop {
        match STARTING.try_lock() {
            Ok(guard) => return guard,
            // It takes microseconds. To wait idly would let a paused clock run.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// Writes nothing: the records are made elsewhere. Only puts our panic hook in the place of cucumber's empty one, which
/// would hide the panics of background tasks.
struct HookSetter(Option<MutexGuard<'static, ()>>);

// It ignores the order of events, so any order is right.
impl cucumber::writer::Normalized for HookSetter {}

impl Writer<Seat> for HookSetter {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<event::Cucumber<Seat>>>, _cli: &cli::Empty) {
        if let Ok(event) = event
            && matches!(event.value, event::Cucumber::Started)
        {
            panics::install();
            self.0 = None;
        }
    }
}
