//! Commands that only show something.

use std::io::Write;
use std::sync::Arc;

use super::Status;
use super::arguments::ListOptions;
use super::problem::Problem;
use super::suite_files;
use crate::judge::catalogue::{Group, Requirement, TestedBy};
use crate::suite::lint::nearest;
use crate::suite::plan::Case;
use crate::suite::rule_bench;
use crate::switch::fault::Fault;
use crate::switch::wreckage::Wreckage;

/// Writes a text to standard output. Whoever closed the pipe has read enough.
pub(super) fn text(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}

/// Writes a line to standard output.
pub(super) fn line(line: &str) {
    text(&format!("{line}\n"));
}

pub(super) fn cases(cases: &[Arc<Case>]) {
    for case in cases {
        line(&format!("{}\t{}\t{}\t{}", case.id, case.level, case.requirements.join(" "), case.name));
    }
}

pub(super) fn list(options: &ListOptions) -> Result<Status, Problem> {
    let all = suite_files::cases(&options.files.paths)?;
    let selection = options.selection.selection();
    let own: Vec<String> = all.iter().flat_map(|case| case.requirements.clone()).collect();
    let catalogue = suite_files::catalogue()?;
    selection.check(catalogue.iter().map(|known| known.id.as_str()).chain(own.iter().map(String::as_str)))?;
    let selected = selection.select(all);
    if selected.is_empty() {
        return Err(Problem::unproven(
            "no test case is selected",
            "leave --tags, --requirement, --name or --shard out",
        ));
    }
    cases(&selected);
    Ok(Status::Passed)
}

pub(super) fn steps() -> Result<Status, Problem> {
    for definition in suite_files::registry()?.definitions() {
        line(&format!("{}\n    {}\n    {}", definition.example, definition.doc, definition.pattern));
    }
    Ok(Status::Passed)
}

pub(super) fn faults() -> Result<Status, Problem> {
    for fault in Fault::ALL {
        line(&format!("{}\t{}\t{}", fault.name(), fault.requirements().join(" "), fault.describe()));
    }
    for wreckage in Wreckage::ALL {
        line(&format!("{}\t(wreckage)\t{}", wreckage.name(), wreckage.describe()));
    }
    Ok(Status::Passed)
}

pub(super) fn explain(id: &str) -> Result<Status, Problem> {
    let catalogue = suite_files::catalogue()?;
    let cases = suite_files::cases(&[])?;
    let id = id.trim_start_matches('@');
    if let Some(requirement) = catalogue.get(id) {
        text(&explained(requirement, &cases));
        return Ok(Status::Passed);
    }
    let wanted = |case: &&Case| case.id == id || case.tags.iter().any(|tag| tag == id && !id.starts_with("RFC"));
    let found: Vec<_> = cases.iter().filter(wanted).collect();
    if found.is_empty() {
        let known = catalogue.iter().map(|known| known.id.as_str()).chain(cases.iter().map(|case| case.id.as_str()));
        let help = nearest(id, known).map_or_else(
            || "'msrpspec coverage' lists requirements, 'msrpspec list' test cases".to_owned(),
            |nearest| format!("did you mean '{nearest}'?"),
        );
        return Err(Problem::usage(format!("there is no requirement or test case '{id}'"), help));
    }
    for case in found {
        text(&explained_case(case));
    }
    Ok(Status::Passed)
}

/// What there is to say about a requirement.
pub(super) fn explained(requirement: &Requirement, cases: &[Case]) -> String {
    let id = requirement.id.as_str();
    let (first, last) = requirement.lines;
    let lines = if first == last { format!("line {first}") } else { format!("lines {first}-{last}") };
    let mut out = format!("{id}  {}  binds {}\n", requirement.level.word(), requirement.role.word());
    out += &match requirement.group() {
        Group::Conformance => format!("  {}\n\n  {}, {lines}\n", requirement.text.trim(), requirement.clause()),
        Group::Robustness => format!("  {}\n\n  no standard demands it\n", requirement.text.trim()),
    };
    let mut section = |title: &str, entries: Vec<String>| {
        out += &match entries.as_slice() {
            [] => format!("  {title:8} none\n"),
            entries => format!("  {title:8} {}\n", entries.join("\n           ")),
        };
    };
    let bound = cases.iter().filter(|case| case.requirements.iter().any(|one| one == id));
    section("cases", bound.map(|case| format!("{}  {}", case.id, case.name)).collect());
    let rules = rule_bench::names().into_iter().filter(|rule| rule.requirements.contains(&id));
    section("rules", rules.map(|rule| format!("{}  {}", rule.id, rule.purpose)).collect());
    let faults = Fault::ALL.iter().filter(|fault| fault.requirements().contains(&id));
    section("faults", faults.map(|fault| format!("{}  {}", fault.name(), fault.describe())).collect());
    if requirement.tested_by == TestedBy::None {
        let why = requirement.why.as_deref().unwrap_or("no reason is given").trim();
        out += &format!("  not testable: {why}\n");
    }
    out
}

fn explained_case(case: &Case) -> String {
    let mut out = format!("{}  {}  {}\n", case.id, case.level, case.name);
    out += &format!("  {}\n  {}:{}\n  {}\n\n", case.feature, case.file, case.line, case.requirements.join(" "));
    for step in &case.steps {
        out += &format!("  {} {}\n", step.keyword, step.text);
        for line in step.docstring.iter().flat_map(|text| text.lines()) {
            out += &format!("      {line}\n");
        }
        for row in step.table.iter().flatten() {
            out += &format!("      | {} |\n", row.join(" | "));
        }
    }
    out
}
