//! A look at a feature file before the Gherkin parser gets it.
//!
//! The parser silently takes a misspelled step for a description, cuts over-long table rows, and lets an outline without
//! rows vanish: a case that never ran would look like one that passed. What it would swallow is an error here, with its
//! place.

mod definitions;
mod scan;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

use crate::wire::Span;

pub use definitions::undefined_steps;
pub(super) use scan::place;
pub(super) use tags::{CaseTags, LEVELS, derived_id};

/// A feature file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file, as the user would write it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// It belongs to the suite that comes with the tool: then ids, requirements and levels are obligatory.
    pub embedded: bool,
}

/// What is wrong at a place of a feature file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {trouble}")]
pub struct LintError {
    /// The file, as the user would write it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The place in octets of the text.
    pub span: Span,
    /// What is wrong.
    pub trouble: LintTrouble,
}

/// What can be wrong with a feature file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LintTrouble {
    /// The file starts with a byte order mark.
    #[error("the file starts with a byte order mark")]
    ByteOrderMark,
    /// The file asks for keywords of another language.
    #[error("the language '{0}' is not supported")]
    Language(String),
    /// A step that no definition matches.
    #[error("nothing defines the step '{text}'")]
    UndefinedStep {
        /// The step, placeholders filled in.
        text: String,
        /// The example of the nearest definition.
        nearest: Option<String>,
    },
    /// A step that several definitions match.
    #[error("several definitions match the step '{text}'")]
    AmbiguousStep {
        /// The step, placeholders filled in.
        text: String,
        /// Their patterns.
        patterns: String,
    },
    /// A line that is neither keyword, table, doc string nor allowed description.
    #[error("'{word}' does not start a step")]
    NotAStep {
        /// The first word of the line.
        word: String,
        /// The keyword that may have been meant.
        nearest: Option<String>,
    },
    /// A step that no scenario or background owns.
    #[error("a step outside a scenario")]
    StrayStep,
    /// A keyword with nothing behind it.
    #[error("the keyword stands alone")]
    EmptyStep,
    /// A table row or doc string that no step owns.
    #[error("a {0} that belongs to no step")]
    Stray(&'static str),
    /// A table row whose number of cells differs from the first row's.
    #[error("the row has {found} cells, the first row of its table has {wanted}")]
    RowLength {
        /// Cells in the first row.
        wanted: usize,
        /// Cells in this row.
        found: usize,
    },
    /// A table row that does not end with `|`.
    #[error("the row does not end with '|'")]
    OpenRow,
    /// A backslash in a table that escapes nothing.
    #[error("'\\{0}' is no escape of a table")]
    BadEscape(char),
    /// A doc string with something behind its opening quotes.
    #[error("'{0}' behind the opening quotes would become part of the doc string")]
    MediaType(String),
    /// A doc string without end.
    #[error("the doc string has no end")]
    OpenDocString,
    /// An outline without examples, or examples without rows.
    #[error("the outline has no example rows, so it would never run")]
    NoExamples,
    /// A placeholder that no column fills.
    #[error("no column of the examples is called '{0}'")]
    Placeholder(String),
    /// A scenario or background without steps.
    #[error("the {0} has no steps, so it would show nothing")]
    NoSteps(&'static str),
    /// A file without a feature, or with two.
    #[error("{0}")]
    Structure(&'static str),
    /// A word among the tags that does not start with `@`.
    #[error("'{0}' is not a tag")]
    NotATag(String),
    /// Tags that nothing follows.
    #[error("nothing follows these tags")]
    StrayTags,
    /// A scenario of the suite without a case id.
    #[error("the scenario has no case id")]
    NoCaseId,
    /// A scenario with several case ids.
    #[error("the scenario has a second case id, '{0}'")]
    SecondCaseId(String),
    /// A case id that another scenario has.
    #[error("the case id '{id}' is taken by {other}")]
    DuplicateCaseId {
        /// The id.
        id: String,
        /// File and line of the other scenario.
        other: String,
    },
    /// A requirement that the catalogue does not hold.
    #[error("the catalogue has no requirement '{id}'")]
    UnknownRequirement {
        /// The id.
        id: String,
        /// The nearest one of the catalogue.
        nearest: Option<String>,
    },
    /// A scenario of the suite that is bound to no requirement.
    #[error("the scenario is bound to no requirement")]
    NoRequirement,
    /// A scenario of the suite without a level.
    #[error("the scenario has no level")]
    NoLevel,
    /// A `@room:` or `@claim:` tag with an unknown name.
    #[error("there is no {what} '{name}'")]
    UnknownName {
        /// `room policy` or `claim`.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest known one.
        nearest: Option<String>,
    },
}

impl LintTrouble {
    /// What to do about it.
    pub fn help(&self) -> String {
        let mean = |nearest: &Option<String>| nearest.as_ref().map(|word| format!("did you mean '{word}'?"));
        match self {
            Self::ByteOrderMark => "save the file as UTF-8 without a byte order mark".to_owned(),
            Self::Language(_) => "write the keywords in English and drop the language line".to_owned(),
            Self::UndefinedStep { nearest, .. } => {
                mean(nearest).unwrap_or_else(|| "'msrpspec steps' lists the vocabulary".to_owned())
            }
            Self::AmbiguousStep { patterns, .. } => format!("they are '{patterns}': say it in other words"),
            Self::NotAStep { nearest, .. } => mean(nearest).unwrap_or_else(|| {
                "start the line with Given, When, Then, And or But, or with # if it is a remark".to_owned()
            }),
            Self::StrayStep => "is the 'Scenario:' line above it misspelled?".to_owned(),
            Self::EmptyStep => "write what the step does behind the keyword".to_owned(),
            Self::Stray(_) => "put it right under the step that uses it".to_owned(),
            Self::RowLength { .. } => "give every row of the table the same number of cells".to_owned(),
            Self::OpenRow => "close the row with '|'".to_owned(),
            Self::BadEscape(_) => r"write \\ for a backslash, \| for a bar and \n for a line end".to_owned(),
            Self::MediaType(_) => "leave the line of the opening quotes otherwise empty".to_owned(),
            Self::OpenDocString => "close it with the same quotes on a line of their own".to_owned(),
            Self::NoExamples => "add an 'Examples:' table with a heading and at least one row".to_owned(),
            Self::Placeholder(_) => "name a column of the examples, or write the text without < and >".to_owned(),
            Self::NoSteps(_) => "add steps or take it out".to_owned(),
            Self::Structure(_) => "write exactly one 'Feature:' with a name, before everything but tags".to_owned(),
            Self::NotATag(_) => "start each tag with @".to_owned(),
            Self::StrayTags => "put them right above the feature, rule, scenario or examples they belong to".to_owned(),
            Self::NoCaseId => "tag it with a stable id such as @NICK-BI-004".to_owned(),
            Self::SecondCaseId(_) => "keep one id: one objective a scenario".to_owned(),
            Self::DuplicateCaseId { .. } => "take the next free number; ids are never used again".to_owned(),
            Self::UnknownRequirement { nearest, .. } => {
                mean(nearest).unwrap_or_else(|| "'msrpspec coverage' lists the catalogue".to_owned())
            }
            Self::NoRequirement => "tag it with what it proves, such as @RFC7701-7.1-16".to_owned(),
            Self::NoLevel => format!("tag it with one of @{}", LEVELS.join(", @")),
            Self::UnknownName { nearest, .. } => {
                mean(nearest).unwrap_or_else(|| "see the IUT profile in the documentation".to_owned())
            }
        }
    }
}

/// Looks at feature files; all errors of all files. `requirements` is the catalogue, for the embedded suite.
pub fn lint(sources: &[Source], requirements: Option<&BTreeSet<String>>) -> Vec<LintError> {
    let mut taken = BTreeMap::new();
    let mut errors = Vec::new();
    for source in sources {
        let found = scan::scan(source);
        errors.extend(found.errors);
        for scenario in &found.scenarios {
            for error in tags::check(source, scenario, requirements, &mut taken) {
                // A tag of the feature is looked at once for every scenario.
                if !errors.contains(&error) {
                    errors.push(error);
                }
            }
        }
    }
    errors
}

/// The nearest of some words, if one is near enough to have been meant.
pub fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    let near =
        words.into_iter().map(|one| (strsim::damerau_levenshtein(&word.to_lowercase(), &one.to_lowercase()), one));
    let (distance, best) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= (word.chars().count() / 3).max(2)).then(|| best.to_owned())
}
