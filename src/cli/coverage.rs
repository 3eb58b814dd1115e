//! `coverage`: which requirements are tested by what.

use super::Status;
use super::arguments::{CoverageOptions, RoleName};
use super::problem::Problem;
use super::{show, suite_files};
use crate::judge::catalogue::{Catalogue, Group, Requirement, Role, TestedBy};
use crate::suite::plan::Case;
use crate::suite::rule_bench::{self, RuleName};
use crate::switch::fault::Fault;

pub(super) fn coverage(options: &CoverageOptions) -> Result<Status, Problem> {
    let catalogue = suite_files::catalogue()?;
    if let Some(rfc) = options.rfc
        && !catalogue.standards().iter().any(|standard| standard.rfc == rfc)
    {
        let known: Vec<_> = catalogue.standards().iter().map(|standard| standard.rfc.to_string()).collect();
        let message = format!("the catalogue does not hold RFC {rfc}");
        return Err(Problem::usage(message, format!("it holds RFC {}", known.join(", "))));
    }
    let cases = suite_files::cases(&[])?;
    let table = Table::of(catalogue, &cases, &rule_bench::names(), options.rfc, options.role);
    show::text(&table.render());
    Ok(if table.gaps().next().is_none() { Status::Passed } else { Status::Failed })
}

/// A requirement and what tests it.
#[derive(Debug)]
pub(super) struct Row<'c> {
    requirement: &'c Requirement,
    cases: Vec<&'c str>,
    rules: Vec<&'static str>,
    faults: usize,
}

/// The coverage of a part of the catalogue.
#[derive(Debug)]
pub(super) struct Table<'c> {
    rows: Vec<Row<'c>>,
}

impl<'c> Table<'c> {
    pub(super) fn of(
        catalogue: &'c Catalogue,
        cases: &'c [Case],
        rules: &[RuleName],
        rfc: Option<u32>,
        role: Option<RoleName>,
    ) -> Self {
        let wanted =
            |one: &&Requirement| rfc.is_none_or(|rfc| one.rfc == rfc) && role.is_none_or(|role| binds(one.role, role));
        let row = |requirement: &'c Requirement| {
            let id = requirement.id.as_str();
            let bound = cases.iter().filter(|case| case.requirements.iter().any(|one| one == id));
            Row {
                requirement,
                cases: bound.map(|case| case.id.as_str()).collect(),
                rules: rules.iter().filter(|rule| rule.requirements.contains(&id)).map(|rule| rule.id).collect(),
                faults: Fault::ALL.iter().filter(|fault| fault.requirements().contains(&id)).count(),
            }
        };
        Self { rows: catalogue.iter().filter(wanted).map(row).collect() }
    }

    /// The testable requirements that nothing tests.
    pub(super) fn gaps(&self) -> impl Iterator<Item = &Row<'c>> {
        self.rows
            .iter()
            .filter(|row| row.requirement.tested_by != TestedBy::None && row.cases.is_empty() && row.rules.is_empty())
    }

    pub(super) fn render(&self) -> String {
        let mut out = format!("{:18} {:12} {:8} {:>6}  tested by\n", "requirement", "level", "binds", "faults");
        for row in &self.rows {
            let requirement = row.requirement;
            let testers: Vec<_> = row.cases.iter().chain(&row.rules).copied().collect();
            let testers = match (testers.is_empty(), requirement.tested_by) {
                (true, TestedBy::None) => "(not testable)".to_owned(),
                (true, _) => "NOTHING".to_owned(),
                (false, _) => testers.join(" "),
            };
            let (level, role) = (requirement.level.word(), requirement.role.word());
            out += &format!("{:18} {level:12} {role:8} {:>6}  {testers}\n", requirement.id, row.faults);
        }
        let gaps: Vec<_> = self.gaps().collect();
        let mut line_end = "\n";
        for (group, kind) in
            [(Group::Conformance, ""), (Group::Robustness, " of robustness, which no standard demands")]
        {
            let rows: Vec<_> = self.rows.iter().filter(|row| row.requirement.group() == group).collect();
            if rows.is_empty() {
                continue;
            }
            let testable = rows.iter().filter(|row| row.requirement.tested_by != TestedBy::None).count();
            let tested = testable - gaps.iter().filter(|row| row.requirement.group() == group).count();
            let untestable = rows.len() - testable;
            out += &format!(
                "{line_end}{} requirements{kind}: {tested} of {testable} testable ones tested, {untestable} not testable\n",
                rows.len()
            );
            line_end = "";
        }
        if !gaps.is_empty() {
            out += "\ntestable, but neither case nor rule:\n";
            for gap in gaps {
                out += &format!("  {:18} {}\n", gap.requirement.id, one_line(&gap.requirement.text));
            }
        }
        out
    }
}

/// Whether a requirement counts for a role: what binds both sides binds each of them.
fn binds(bound: Role, asked: RoleName) -> bool {
    match asked {
        RoleName::Switch => matches!(bound, Role::Switch | Role::Both),
        RoleName::Focus => matches!(bound, Role::Focus | Role::Both),
        RoleName::Notifier => matches!(bound, Role::Notifier | Role::Both),
        RoleName::Client => matches!(bound, Role::Client | Role::Both),
        RoleName::Room => bound != Role::Client,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
