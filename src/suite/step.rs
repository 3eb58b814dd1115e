//! What a step definition is, what it is given and how it ends.

use std::sync::Arc;

use futures::future::LocalBoxFuture;

use super::plan::Case;
use super::scene::Scene;
use super::settings::RunSettings;
use crate::judge::verdict::{Finding, Verdict};

/// The state of one running case, handed from step to step.
#[derive(Debug)]
pub struct World {
    /// The case.
    pub case: Arc<Case>,
    /// What holds for the whole run.
    pub settings: Arc<RunSettings>,
    /// Findings that do not stop the case (advisories); those of a [`Halt`] are added by the engine.
    pub findings: Vec<Finding>,
    /// The participants.
    pub actors: Scene,
}

/// Why a case goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// Something was found; the verdict of the case is at least that of the finding.
    Finding(Box<Finding>),
    /// The implementation under test does not have what the case is about.
    NotApplicable(String),
}

impl Halt {
    /// The purpose cannot be reached.
    pub fn inconclusive(expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self::of(Verdict::Inconclusive, expected, observed)
    }

    /// The tester itself is at fault.
    pub fn error(expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self::of(Verdict::Error, expected, observed)
    }

    fn of(verdict: Verdict, expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Self::Finding(Box::new(Finding {
            verdict,
            requirement: None,
            expected: expected.into(),
            observed: observed.into(),
            evidence: Vec::new(),
        }))
    }
}

impl From<Finding> for Halt {
    fn from(finding: Finding) -> Self {
        Self::Finding(Box::new(finding))
    }
}

/// How a step ends.
pub type StepResult = Result<(), Halt>;

/// What a step is given besides the [`World`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepArgs {
    /// `Given`, `When`, `Then`, `And`, `But`, as written.
    pub keyword: String,
    /// The whole text of the step.
    pub text: String,
    /// The pattern's groups, in order; a group that took no part is empty.
    pub captures: Vec<String>,
    /// The doc string, its indentation removed, without a final line end.
    pub docstring: Option<String>,
    /// The rows of the data table.
    pub table: Option<Vec<Vec<String>>>,
    /// Line in the feature file.
    pub line: usize,
}

impl StepArgs {
    /// The `n`th group, from 0; empty if the pattern has no such group or it took no part.
    pub fn get(&self, n: usize) -> &str {
        self.captures.get(n).map_or("", String::as_str)
    }

    /// The `n`th group read as a value.
    ///
    /// # Errors
    /// An error verdict that names the offending text.
    pub fn parse<T: std::str::FromStr>(&self, n: usize, wanted: &str) -> Result<T, Halt> {
        self.get(n)
            .parse()
            .map_err(|_| Halt::error(format!("{wanted} in the step '{}'", self.text), format!("'{}'", self.get(n))))
    }

    /// The doc string.
    ///
    /// # Errors
    /// An error verdict if the step has none.
    pub fn docstring(&self) -> Result<&str, Halt> {
        self.docstring
            .as_deref()
            .ok_or_else(|| Halt::error(format!("a doc string under the step '{}'", self.text), "none"))
    }

    /// The rows of the data table.
    ///
    /// # Errors
    /// An error verdict if the step has none.
    pub fn table(&self) -> Result<&[Vec<String>], Halt> {
        self.table.as_deref().ok_or_else(|| Halt::error(format!("a data table under the step '{}'", self.text), "none"))
    }
}

/// The body of a step.
pub type StepFn = for<'a> fn(&'a mut World, StepArgs) -> LocalBoxFuture<'a, StepResult>;

/// One row of a step table: see [`crate::step`].
#[derive(Clone, Copy, Debug)]
pub struct StepDef {
    /// A regular expression that must match the whole text of a step; its groups become [`StepArgs::captures`].
    pub pattern: &'static str,
    /// A step that matches, for people: `Bob asks for the nickname "Alice"`.
    pub example: &'static str,
    /// What it does, one sentence.
    pub doc: &'static str,
    /// Its body.
    pub run: StepFn,
}

/// A row of a step table: pattern, example, one sentence, and an `async fn(&mut World, StepArgs) -> StepResult`.
#[macro_export]
macro_rules! step {
    ($pattern:expr, $example:expr, $doc:expr, $run:path) => {
        $crate::suite::step::StepDef {
            pattern: $pattern,
            example: $example,
            doc: $doc,
            run: |world, args| ::std::boxed::Box::pin($run(world, args)),
        }
    };
}
