//! From feature files to test cases: loading, expansion, selection.

mod expand;
mod load;
mod select;
#[cfg(test)]
mod tests;

pub use expand::plan;
pub use load::{embedded, from_paths};
pub use select::{Plan, Selection, Shard, UnknownRequirement, Unselected};

use super::lint::LintError;
use super::profile::{Claim, LogicalRoom};
use crate::judge::catalogue::Group;

/// One step of a case, the steps of its backgrounds included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStep {
    /// `Given`, `When`, `Then`, `And`, `But`, as written.
    pub keyword: String,
    /// Its text, placeholders filled in.
    pub text: String,
    /// Line in the feature file.
    pub line: usize,
    /// Its doc string, the indentation removed, without a final line end.
    pub docstring: Option<String>,
    /// The rows of its data table.
    pub table: Option<Vec<Vec<String>>>,
}

/// One test case: a scenario, or one row of a scenario outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Stable id: `NICK-BI-004`.
    pub id: String,
    /// The scenario's name.
    pub name: String,
    /// The feature's name.
    pub feature: String,
    /// The feature file, as the user would write it.
    pub file: String,
    /// Line of the scenario or of the examples row.
    pub line: usize,
    /// All its tags, inherited ones included, without `@`.
    pub tags: Vec<String>,
    /// The requirement ids among them.
    pub requirements: Vec<String>,
    /// `MUST`, `SHOULD`, ...
    pub level: String,
    /// The roles among the tags: `switch`, `focus`, `notifier`, `client`, `relay`.
    pub roles: Vec<String>,
    /// Rooms with a special policy that it needs (`@room:NAME`).
    pub rooms: Vec<LogicalRoom>,
    /// Capabilities that it is about (`@claim:NAME`).
    pub claims: Vec<Claim>,
    /// It must run alone (`@serial`).
    pub serial: bool,
    /// Its steps.
    pub steps: Vec<CaseStep>,
}

impl Case {
    /// Whether it is a matter of conformance.
    pub fn group(&self) -> Group {
        if self.level == Group::Robustness.word() { Group::Robustness } else { Group::Conformance }
    }

    /// The steps that expect something: those from a `Then` on, up to the next `Given` or `When`.
    pub fn expectations(&self) -> impl Iterator<Item = &CaseStep> {
        let mut expecting = false;
        self.steps.iter().filter(move |step| {
            expecting = match step.keyword.trim() {
                "Then" => true,
                "Given" | "When" => false,
                _ => expecting,
            };
            expecting
        })
    }
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A feature file or folder cannot be read.
    #[error("'{path}' cannot be read: {cause}")]
    Unreadable {
        /// As the user wrote it.
        path: String,
        /// What the system said.
        cause: String,
    },
    /// A path or pattern under which there is no feature file.
    #[error("there is no feature file under '{0}'")]
    NoFeatures(String),
    /// A pattern that cannot be read.
    #[error("'{pattern}' is not a file pattern: {cause}")]
    BadPattern {
        /// As the user wrote it.
        pattern: String,
        /// What is wrong.
        cause: String,
    },
    /// Feature files with errors.
    #[error("{} errors in feature files", .0.len())]
    Lint(Vec<LintError>),
    /// Two cases with the same id: rows of an outline that are called the same.
    #[error("two cases have the id '{id}': {first} and {second}")]
    DuplicateId {
        /// The id.
        id: String,
        /// File and line of the first.
        first: String,
        /// File and line of the second.
        second: String,
    },
    /// A feature file that the Gherkin parser refuses although the lint found nothing.
    #[error("{file}: {cause}")]
    Gherkin {
        /// The file.
        file: String,
        /// What the parser said.
        cause: String,
    },
}
