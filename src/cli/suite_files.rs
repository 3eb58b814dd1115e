//! Feature files, the catalogue and what connects them.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::problem::{self, Problem};
use crate::judge::catalogue::Catalogue;
use crate::suite::engine::Registry;
use crate::suite::lint::{Source, undefined_steps};
use crate::suite::plan::{self, Case, PlanError};
use crate::suite::steps;

/// The cases of some paths; without any, of the suite that comes with the tool.
pub(super) fn cases(paths: &[String]) -> Result<Vec<Case>, Problem> {
    let sources = if paths.is_empty() { Ok(plan::embedded()) } else { plan::from_paths(paths) };
    let sources = sources.map_err(|error| problem::of_plan(error, |_| String::new()))?;
    cases_of(&sources)
}

pub(super) fn cases_of(sources: &[Source]) -> Result<Vec<Case>, Problem> {
    let known: BTreeSet<String> = catalogue()?.iter().map(|requirement| requirement.id.clone()).collect();
    let text_of = |file: &str| {
        sources.iter().find(|source| source.file == file).map_or_else(String::new, |source| source.text.clone())
    };
    let cases = plan::plan(sources, Some(&known)).map_err(|error| problem::of_plan(error, text_of))?;
    let undefined = undefined_steps(sources, &cases, &*registry()?);
    if undefined.is_empty() {
        return Ok(cases);
    }
    Err(problem::of_plan(PlanError::Lint(undefined), text_of))
}

pub(super) fn catalogue() -> Result<&'static Catalogue, Problem> {
    Catalogue::embedded().map_err(|error| {
        Problem::unproven(format!("the requirement catalogue is malformed: {error}"), "this is a bug; please report it")
    })
}

pub(super) fn registry() -> Result<Rc<Registry>, Problem> {
    let registry = Registry::new(steps::all());
    registry.map(Rc::new).map_err(|error| Problem::unproven(error.to_string(), "this is a bug; please report it"))
}
