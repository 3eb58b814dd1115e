//! What the tags of a scenario say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::scan::{Scenario, Tag, place};
use super::{LintError, LintTrouble, Source, nearest};
use crate::suite::profile::{Claim, LogicalRoom};

/// The levels, as tags.
pub(in crate::suite) const LEVELS: [&str; 10] =
    ["MUST", "MUST-NOT", "SHALL", "SHALL-NOT", "SHOULD", "SHOULD-NOT", "RECOMMENDED", "MAY", "PROSE", "robustness"];
const ROLES: [&str; 5] = ["switch", "focus", "notifier", "client", "relay"];

/// What the tags of a scenario say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::suite) struct CaseTags {
    pub(in crate::suite) ids: Vec<String>,
    pub(in crate::suite) requirements: Vec<String>,
    pub(in crate::suite) levels: Vec<String>,
    pub(in crate::suite) roles: Vec<String>,
    pub(in crate::suite) rooms: Vec<LogicalRoom>,
    pub(in crate::suite) claims: Vec<Claim>,
    pub(in crate::suite) serial: bool,
}

impl CaseTags {
    /// Sorts tags (without `@`) by what they mean; others mean nothing to the tool.
    pub(in crate::suite) fn read<'t>(tags: impl IntoIterator<Item = &'t str>) -> Self {
        let mut read = Self::default();
        for tag in tags {
            let word = || tag.to_owned();
            if is_case_id(tag) {
                read.ids.push(word());
            } else if is_requirement(tag) {
                read.requirements.push(word());
            } else if LEVELS.contains(&tag) {
                read.levels.push(word());
            } else if ROLES.contains(&tag) {
                read.roles.push(word());
            } else if let Some(room) = tag.strip_prefix("room:").and_then(LogicalRoom::from_word) {
                read.rooms.push(room);
            } else if let Some(claim) = tag.strip_prefix("claim:").and_then(Claim::from_word) {
                read.claims.push(claim);
            } else if tag == "serial" {
                read.serial = true;
            }
        }
        read
    }
}

/// The id of a scenario of the user's that has none: file stem and line.
pub(in crate::suite) fn derived_id(file: &str, line: usize) -> String {
    let stem = std::path::Path::new(file).file_stem().map_or_else(|| "case".into(), |stem| stem.to_string_lossy());
    let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("{}-{line}", stem.chars().map(clean).collect::<String>())
}

/// Checks the tags of one scenario; `taken` holds the case ids seen so far with their places.
pub(super) fn check(
    source: &Source,
    scenario: &Scenario,
    requirements: Option<&BTreeSet<String>>,
    taken: &mut BTreeMap<String, String>,
) -> Vec<LintError> {
    let mut errors = Vec::new();
    let mut complain = |span: crate::wire::Span, trouble| {
        let (line, column) = place(&source.text, span.start);
        errors.push(LintError { file: source.file.clone(), line, column, span, trouble });
    };
    let all = || scenario.inherited.iter().chain(&scenario.own);
    let read = CaseTags::read(all().map(|tag| tag.name.as_str()));

    let mut ids = all().filter(|tag| is_case_id(&tag.name));
    match ids.next() {
        Some(Tag { name, span }) => {
            let here = format!("{}:{}", source.file, scenario.line);
            if let Some(other) = taken.get(name) {
                complain(*span, LintTrouble::DuplicateCaseId { id: name.clone(), other: other.clone() });
            } else {
                taken.insert(name.clone(), here);
            }
        }
        None if source.embedded => complain(scenario.span, LintTrouble::NoCaseId),
        None => {}
    }
    for second in ids {
        complain(second.span, LintTrouble::SecondCaseId(second.name.clone()));
    }
    if source.embedded && read.requirements.is_empty() {
        complain(scenario.span, LintTrouble::NoRequirement);
    }
    if source.embedded && read.levels.is_empty() {
        complain(scenario.span, LintTrouble::NoLevel);
    }
    for tag in all() {
        if let Some(trouble) = trouble_of(&tag.name, source.embedded.then_some(requirements).flatten()) {
            complain(tag.span, trouble);
        }
    }
    errors
}

fn trouble_of(tag: &str, catalogue: Option<&BTreeSet<String>>) -> Option<LintTrouble> {
    if let Some(name) = tag.strip_prefix("room:") {
        let nearest = nearest(name, LogicalRoom::ALL.iter().map(|room| room.word()));
        let unknown = LogicalRoom::from_word(name).is_none();
        return unknown.then(|| LintTrouble::UnknownName { what: "room policy", name: name.to_owned(), nearest });
    }
    if let Some(name) = tag.strip_prefix("claim:") {
        let nearest = nearest(name, Claim::ALL.iter().map(|claim| claim.word()));
        let unknown = Claim::from_word(name).is_none();
        return unknown.then(|| LintTrouble::UnknownName { what: "claim", name: name.to_owned(), nearest });
    }
    let catalogue = catalogue?;
    // `RFC7701` alone names the document; anything longer must name a requirement.
    let names_requirement = (tag.starts_with("RFC") && tag.contains('-')) || is_requirement(tag);
    (names_requirement && !catalogue.contains(tag)).then(|| LintTrouble::UnknownRequirement {
        id: tag.to_owned(),
        nearest: nearest(tag, catalogue.iter().map(String::as_str)),
    })
}

fn is_case_id(tag: &str) -> bool {
    static ID: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-(?:BV|BI|BO|TI)-\d{3,}$").ok());
    ID.as_ref().is_some_and(|id| id.is_match(tag))
}

fn is_requirement(tag: &str) -> bool {
    static ID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(?:RFC\d+-.+-\d+[a-z]?|ROBUST-\d+)$").ok());
    ID.as_ref().is_some_and(|id| id.is_match(tag))
}
