//! From feature files to test cases: loading, expansion, selection.

use super::profile::{Claim, LogicalRoom};

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
    /// The roles among the tags: `switch`, `focus`, `client`, `relay`.
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
