//! One running case in cucumber's hands: opening, the dispatcher of its steps, closing.

use std::rc::Rc;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use cucumber::gherkin::{LineCol, Step, StepType};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use regex::Regex;

use super::panics;
use super::registry::{Match, Registry};
use crate::judge::record::{CaseRecord, StepRecord};
use crate::judge::verdict::{Finding, Verdict};
use crate::port::Moment;
use crate::runtime::{Link, Memory};
use crate::suite::bundled::{self, BundledOptions, BundledTarget};
use crate::suite::observe::Stop;
use crate::suite::plan::{Case, CaseStep};
use crate::suite::scene::Scene;
use crate::suite::settings::RunSettings;
use crate::suite::step::{Halt, StepArgs, StepResult, World};
use crate::transcript::Transcript;

/// How long a scene may take to be closed.
const CLOSING: Duration = Duration::from_secs(5);

/// cucumber's world: empty until its case is known.
#[derive(Default)]
pub(super) struct Seat(Option<Running>);

struct Running {
    world: World,
    /// The switch that is this case's alone, if it is.
    target: Option<BundledTarget>,
    registry: Rc<Registry>,
    stop: Stop,
    started: Moment,
    steps: Vec<StepRecord>,
    halted: Option<Halt>,
}

impl cucumber::World for Seat {
    type Error = std::convert::Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

/// The only steps that cucumber knows: all lead to the dispatcher.
pub(super) fn steps() -> cucumber::step::Collection<Seat> {
    static ANY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\d+$").ok());
    let none = cucumber::step::Collection::new();
    match ANY.as_ref() {
        Some(any) => none.given(None, any.clone(), dispatch),
        None => none,
    }
}

/// The step that cucumber sees: only its index. Its text, doc string and table stay with the case.
pub(super) fn step(index: usize) -> Step {
    Step::builder()
        .keyword("Given ".to_owned())
        .ty(StepType::Given)
        .value(index.to_string())
        .position(LineCol { line: index + 1, col: 1 })
        .build()
}

fn dispatch(seat: &mut Seat, context: cucumber::step::Context) -> LocalBoxFuture<'_, ()> {
    async move {
        if let Some(running) = &mut seat.0
            && let Ok(index) = context.step.value.parse()
        {
            running.step(index).await;
        }
    }
    .boxed_local()
}

impl Seat {
    /// Takes its case and opens the scene.
    pub(super) async fn open(
        &mut self,
        case: Arc<Case>,
        settings: Arc<RunSettings>,
        registry: Rc<Registry>,
        stop: Stop,
        repetition: usize,
    ) {
        let unreached = |step: &CaseStep| StepRecord {
            keyword: step.keyword.clone(),
            text: step.text.clone(),
            line: step.line,
            verdict: None,
        };
        let started = settings.clock.now();
        let steps = case.steps.iter().map(unreached).collect();
        let world = World { case, settings, findings: Vec::new(), actors: Scene::default() };
        let mut running = Running { world, target: None, registry, stop, started, steps, halted: None };
        running.open(repetition).await;
        self.0 = Some(running);
    }

    /// Closes the scene and tells what became of the case; `None` if it was never opened.
    pub(super) async fn close(&mut self, repetition: usize) -> Option<CaseRecord> {
        Some(self.0.take()?.close(repetition).await)
    }
}

impl Running {
    fn deadline(&self) -> Moment {
        self.started + self.world.settings.timeout
    }

    async fn open(&mut self, repetition: usize) {
        let deadline = self.deadline();
        if let Err(halt) = self.set_apart(repetition).await {
            self.halted = Some(halt);
            return;
        }
        let World { case, settings, actors, .. } = &mut self.world;
        let what = "the participants are there before the first step";
        if case.steps.is_empty() {
            self.halted = Some(Halt::error("a case with steps", "it has none, so it can show nothing"));
        } else if let Err(halt) =
            bounded(actors.open(settings, case, repetition), settings, deadline, &self.stop, what).await
        {
            self.halted = Some(halt);
        }
    }

    /// Starts the switch that is this case's alone, if cases are to be kept apart.
    async fn set_apart(&mut self, repetition: usize) -> Result<(), Halt> {
        let World { case, settings, .. } = &mut self.world;
        let Some(options) = &settings.apart else { return Ok(()) };
        let seed = settings.seed_of(&case.id, repetition);
        let link = Link::Memory(Memory::new(seed));
        let target = bundled::start_on(&link, &BundledOptions { seed, ..options.clone() }).await;
        let target = target.map_err(|error| Halt::error("a switch for this case", error.to_string()))?;
        let profile = Arc::new(target.profile.clone());
        let hops = profile.resolve().map_err(|error| Halt::error("a switch for this case", error.to_string()))?;
        *settings = Arc::new(RunSettings { link, profile, hops, ..RunSettings::clone(settings) });
        self.target = Some(target);
        Ok(())
    }

    async fn step(&mut self, index: usize) {
        let Some(step) = self.world.case.steps.get(index).cloned() else { return };
        if self.halted.is_some() {
            return;
        }
        let known = self.world.findings.len();
        let result = self.run(&step).await;
        let found = self.world.findings.get(known..).unwrap_or_default();
        let noted = found.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Pass);
        let verdict = match &result {
            Ok(()) => noted,
            Err(Halt::Finding(finding)) => noted.max(finding.verdict),
            Err(Halt::NotApplicable(_)) => Verdict::NotApplicable,
        };
        if let Some(record) = self.steps.get_mut(index) {
            record.verdict = Some(verdict);
        }
        match result {
            // A recommendation that is not followed does not keep the case from looking at what binds.
            Err(Halt::Finding(finding)) if finding.verdict <= Verdict::Advisory => self.world.findings.push(*finding),
            other => self.halted = other.err(),
        }
    }

    async fn run(&mut self, step: &CaseStep) -> StepResult {
        let registry = Rc::clone(&self.registry);
        let text = self.world.actors.with_kept(&step.text);
        let (definition, captures) = match registry.find(&text) {
            Match::One(definition, captures) => (definition, captures),
            Match::None(nearest) => {
                let hint = nearest.map_or_else(String::new, |nearest| format!("; the nearest is '{nearest}'"));
                return Err(Halt::error("a defined step", format!("nothing defines '{}'{hint}", step.text)));
            }
            Match::Many(patterns) => {
                let patterns = patterns.join("', '");
                return Err(Halt::error("one definition", format!("'{}' matches '{patterns}'", step.text)));
            }
        };
        let args = StepArgs {
            keyword: step.keyword.clone(),
            text: step.text.clone(),
            captures,
            docstring: step.docstring.as_deref().map(|text| self.world.actors.with_kept(text)),
            table: step.table.clone(),
            line: step.line,
        };
        let deadline = self.deadline();
        let settings = Arc::clone(&self.world.settings);
        let what = format!("the end of the step '{}'", step.text);
        bounded((definition.run)(&mut self.world, args), &settings, deadline, &self.stop, &what).await
    }

    async fn close(mut self, repetition: usize) -> CaseRecord {
        let settings = Arc::clone(&self.world.settings);
        // Even a case that met its deadline gets the time to leave the room, or it would disturb the next ones.
        let closed = tokio::time::timeout(CLOSING, panics::caught(self.world.actors.close())).await;
        let mut findings = std::mem::take(&mut self.world.findings);
        let trouble = |what: String| Halt::error("the scene closes after the last step", what);
        let transcript = match closed {
            Ok(Ok(transcript)) => transcript,
            Ok(Err(panic)) => {
                self.halted.get_or_insert(trouble(panic));
                Transcript::default()
            }
            Err(_) => {
                self.halted.get_or_insert(trouble(format!("not within {} s", CLOSING.as_secs())));
                Transcript::default()
            }
        };
        let not_applicable = match self.halted {
            Some(Halt::Finding(finding)) => {
                findings.insert(0, *finding);
                None
            }
            Some(Halt::NotApplicable(reason)) => Some(reason),
            None => None,
        };
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.verdict));
        let (verdict, reason) = conclude(&findings, not_applicable, settings.strict);
        let case = &self.world.case;
        CaseRecord {
            id: case.id.clone(),
            name: case.name.clone(),
            feature: case.feature.clone(),
            location: (case.file.clone(), case.line),
            requirements: case.requirements.clone(),
            level: case.level.clone(),
            verdict,
            reason,
            findings,
            steps: self.steps,
            duration: settings.clock.now().saturating_sub(self.started),
            transcript,
            repetition,
        }
    }
}

/// The verdict of a case and the sentence for it; the worst finding is first.
fn conclude(findings: &[Finding], not_applicable: Option<String>, strict: bool) -> (Verdict, String) {
    let worst = findings.first().filter(|finding| finding.verdict > Verdict::Pass);
    match (worst, not_applicable) {
        // What was found before the case turned out not to apply still stands.
        (Some(finding), reason) if reason.is_none() || finding.verdict >= Verdict::Fail => {
            let verdict = match finding.verdict {
                Verdict::Advisory if strict => Verdict::Fail,
                verdict => verdict,
            };
            (verdict, format!("expected {}; observed {}", finding.expected, finding.observed))
        }
        (_, Some(reason)) => (Verdict::NotApplicable, reason),
        (_, None) => (Verdict::Pass, String::new()),
    }
}

/// Runs a part of a case until it ends, panics, meets the case's deadline, or the run is stopped.
async fn bounded(
    part: impl Future<Output = StepResult>,
    settings: &RunSettings,
    deadline: Moment,
    stop: &Stop,
    what: &str,
) -> StepResult {
    tokio::select! {
        biased;
        reason = stop.asked() => Err(Halt::inconclusive(what, format!("the run was stopped: {reason}"))),
        ended = panics::caught(part) => ended.unwrap_or_else(|panic| Err(Halt::error(what, panic))),
        () = settings.clock.sleep_until(deadline) => {
            let seconds = settings.timeout.as_secs_f64();
            Err(Halt::inconclusive(what, format!("the case is over its {seconds} s (--timeout)")))
        }
    }
}
