//! From feature files to flat cases.

use std::collections::{BTreeMap, BTreeSet};

use gherkin::{Background, Feature, GherkinEnv, Rule, Scenario, Step};

use super::{Case, CaseStep, PlanError};
use crate::suite::lint::{CaseTags, Source, derived_id, lint};

/// Makes the cases of feature files, in their order. `requirements` is the catalogue that the embedded suite must keep.
///
/// # Errors
/// Everything that the lint finds, or what the Gherkin parser refuses.
pub fn plan(sources: &[Source], requirements: Option<&BTreeSet<String>>) -> Result<Vec<Case>, PlanError> {
    let errors = lint(sources, requirements);
    if !errors.is_empty() {
        return Err(PlanError::Lint(errors));
    }
    let mut cases: Vec<Case> = Vec::new();
    for source in sources {
        let feature = Feature::parse(&source.text, GherkinEnv::default())
            .map_err(|cause| PlanError::Gherkin { file: source.file.clone(), cause: cause.to_string() })?;
        let outer: Vec<&Background> = feature.background.iter().collect();
        for scenario in &feature.scenarios {
            cases.extend(Place { source, feature: &feature, rule: None, backgrounds: &outer }.cases(scenario));
        }
        for rule in &feature.rules {
            let backgrounds: Vec<_> = outer.iter().copied().chain(&rule.background).collect();
            for scenario in &rule.scenarios {
                let place = Place { source, feature: &feature, rule: Some(rule), backgrounds: &backgrounds };
                cases.extend(place.cases(scenario));
            }
        }
    }
    distinct(sources, cases)
}

/// Sees to it that no two cases share an id.
fn distinct(sources: &[Source], mut cases: Vec<Case>) -> Result<Vec<Case>, PlanError> {
    // Files of the same name in several folders: their derived ids take the folders in.
    for case in &mut cases {
        let namesakes = sources.iter().filter(|other| derived_id(&other.file, 0) == derived_id(&case.file, 0)).count();
        let derived = CaseTags::read(case.tags.iter().map(String::as_str)).ids.is_empty();
        if namesakes > 1 && derived {
            let folder = std::path::Path::new(&case.file).parent().unwrap_or(std::path::Path::new(""));
            let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
            let folder: String = folder.to_string_lossy().trim_start_matches(['.', '/']).chars().map(clean).collect();
            case.id = format!("{folder}-{}", case.id);
        }
    }
    let mut places = BTreeMap::new();
    for case in &cases {
        let here = format!("{}:{}", case.file, case.line);
        if let Some(first) = places.insert(case.id.as_str(), here.clone()) {
            return Err(PlanError::DuplicateId { id: case.id.clone(), first, second: here });
        }
    }
    Ok(cases)
}

/// Where a scenario stands.
struct Place<'f> {
    source: &'f Source,
    feature: &'f Feature,
    rule: Option<&'f Rule>,
    backgrounds: &'f [&'f Background],
}

/// One row of examples.
struct Row<'f> {
    columns: &'f [String],
    cells: &'f [String],
    line: usize,
    tags: &'f [String],
    suffix: String,
}

impl Place<'_> {
    fn cases(&self, scenario: &Scenario) -> Vec<Case> {
        if scenario.examples.is_empty() {
            vec![self.case(scenario, None)]
        } else {
            self.rows(scenario).iter().map(|row| self.case(scenario, Some(row))).collect()
        }
    }

    fn rows<'s>(&self, scenario: &'s Scenario) -> Vec<Row<'s>> {
        let mut rows = Vec::new();
        for examples in &scenario.examples {
            let Some(table) = &examples.table else { continue };
            let Some((columns, cells)) = table.rows.split_first() else { continue };
            let named = columns.iter().position(|column| column == "id");
            let lines = self.row_lines(table.position.line);
            for (index, cells) in cells.iter().enumerate() {
                let name = named.and_then(|column| cells.get(column)).filter(|name| !name.is_empty());
                rows.push(Row {
                    columns,
                    cells,
                    line: lines.get(index + 1).copied().unwrap_or(table.position.line),
                    tags: &examples.tags,
                    suffix: name.cloned().unwrap_or_else(|| (rows.len() + 1).to_string()),
                });
            }
        }
        rows
    }

    /// The lines of a table's rows; remarks and blank lines may stand between them.
    fn row_lines(&self, first: usize) -> Vec<usize> {
        let lines = self.source.text.lines().enumerate().skip(first.saturating_sub(1));
        lines
            .map(|(index, line)| (index + 1, line.trim()))
            .take_while(|(_, line)| line.is_empty() || line.starts_with(['|', '#']))
            .filter(|(_, line)| line.starts_with('|'))
            .map(|(number, _)| number)
            .collect()
    }

    fn case(&self, scenario: &Scenario, row: Option<&Row<'_>>) -> Case {
        let line = row.map_or(scenario.position.line, |row| row.line);
        let rule_tags = self.rule.map_or(&[][..], |rule| &rule.tags);
        let row_tags = row.map_or(&[][..], |row| row.tags);
        let inherited = self.feature.tags.iter().chain(rule_tags);
        let tags: Vec<String> = inherited.chain(&scenario.tags).chain(row_tags).cloned().collect();
        let read = CaseTags::read(tags.iter().map(String::as_str));
        let derived = || derived_id(&self.source.file, scenario.position.line);
        let mut id = read.ids.last().cloned().unwrap_or_else(derived);
        if let Some(row) = row {
            id = format!("{id}-{}", row.suffix);
        }
        let steps = self.backgrounds.iter().flat_map(|background| &background.steps).chain(&scenario.steps);
        Case {
            id,
            name: fill(&scenario.name, row),
            feature: self.feature.name.clone(),
            file: self.source.file.clone(),
            line,
            requirements: unique(read.requirements),
            // The innermost level counts.
            level: read.levels.last().cloned().unwrap_or_default().replace('-', " "),
            roles: unique(read.roles),
            rooms: unique(read.rooms),
            claims: unique(read.claims),
            serial: read.serial,
            steps: steps.map(|step| case_step(step, row)).collect(),
            tags,
        }
    }
}

fn case_step(step: &Step, row: Option<&Row<'_>>) -> CaseStep {
    let table = |table: &gherkin::Table| -> Vec<Vec<String>> {
        table.rows.iter().map(|cells| cells.iter().map(|cell| fill(cell, row)).collect()).collect()
    };
    CaseStep {
        keyword: step.keyword.trim().to_owned(),
        text: fill(&step.value, row),
        line: step.position.line,
        docstring: step.docstring.as_deref().map(|text| fill(doc_string(text), row)),
        table: step.table.as_ref().map(table),
    }
}

/// The parser leaves the line ends next to the quotes and the closing quotes' indentation in.
fn doc_string(text: &str) -> &str {
    let text = text.strip_prefix('\n').unwrap_or(text);
    match text.rsplit_once('\n') {
        Some((text, indentation)) if indentation.trim().is_empty() => text,
        _ => text.trim_end_matches([' ', '\t']),
    }
}

/// Fills placeholders in. Only what names a column is one: `<sip:bob@example.com>` in a doc string stays.
fn fill(text: &str, row: Option<&Row<'_>>) -> String {
    let Some(row) = row else { return text.to_owned() };
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        filled.push_str(before);
        let cell = row.columns.iter().zip(row.cells).find_map(|(column, cell)| {
            let behind = behind.strip_prefix(column.as_str())?.strip_prefix('>')?;
            Some((cell, behind))
        });
        match cell {
            Some((cell, behind)) => {
                filled.push_str(cell);
                rest = behind;
            }
            None => {
                filled.push('<');
                rest = behind;
            }
        }
    }
    filled + rest
}

fn unique<T: PartialEq>(many: Vec<T>) -> Vec<T> {
    many.into_iter().fold(Vec::new(), |mut kept, one| {
        if !kept.contains(&one) {
            kept.push(one);
        }
        kept
    })
}
