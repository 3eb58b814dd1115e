//! The requirement catalogue: every normative statement of a standard, what it demands in our words, and how it is
//! tested. One YAML file a standard, beside this one.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_yaml::Value;

#[cfg(test)]
mod tests;

/// The files of the catalogue.
const FILES: &[(&str, &str)] = &[
    ("rfc7701.yaml", include_str!("catalogue/rfc7701.yaml")),
    ("rfc4975.yaml", include_str!("catalogue/rfc4975.yaml")),
    ("rfc3862.yaml", include_str!("catalogue/rfc3862.yaml")),
    ("rfc4575.yaml", include_str!("catalogue/rfc4575.yaml")),
    ("rfc6501.yaml", include_str!("catalogue/rfc6501.yaml")),
    ("rfc3261.yaml", include_str!("catalogue/rfc3261.yaml")),
    ("rfc3264.yaml", include_str!("catalogue/rfc3264.yaml")),
    ("rfc8866.yaml", include_str!("catalogue/rfc8866.yaml")),
    ("rfc6135.yaml", include_str!("catalogue/rfc6135.yaml")),
    ("rfc8266.yaml", include_str!("catalogue/rfc8266.yaml")),
    ("robustness.yaml", include_str!("catalogue/robustness.yaml")),
];

/// All requirements, in the order of their files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    standards: Vec<Standard>,
    requirements: Vec<Requirement>,
    by_id: HashMap<String, usize>,
}

/// A standard that has a file in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Number of the RFC.
    pub rfc: u32,
    /// Its title.
    pub title: String,
}

/// One normative statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `RFC7701-7.1-16`: section, then number within it.
    pub id: String,
    /// Number of the RFC; 0 in the robustness group, which no RFC demands.
    pub rfc: u32,
    /// Section: `7.1`; empty in the robustness group.
    pub section: String,
    /// How strong it is.
    pub level: Level,
    /// Whom it binds.
    pub role: Role,
    /// First and last line in the text of the RFC, from 1; 0 in the robustness group, which has no text.
    pub lines: (usize, usize),
    /// What it demands, in our words.
    pub text: String,
    /// What tests it.
    pub tested_by: TestedBy,
    /// Why nothing tests it; there exactly with [`TestedBy::None`].
    pub why: Option<String>,
}

/// The strength of a requirement (RFC 2119).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// MUST.
    Must,
    /// MUST NOT.
    MustNot,
    /// SHOULD.
    Should,
    /// SHOULD NOT.
    ShouldNot,
    /// RECOMMENDED.
    Recommended,
    /// MAY.
    May,
    /// Demanded by a sentence without any of these words.
    Prose,
    /// Demanded by no standard: the robustness group.
    Robustness,
}

/// What a requirement, a case or a verdict is a matter of. The two are counted and reported apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// A standard demands it.
    Conformance,
    /// No standard does: how hostile or broken input is borne.
    Robustness,
}

impl Group {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Conformance, Self::Robustness];

    /// The word in reports; for robustness, also the tag and the level.
    pub fn word(self) -> &'static str {
        match self {
            Self::Conformance => "conformance",
            Self::Robustness => "robustness",
        }
    }
}

/// Whom a requirement binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The conference focus: the SIP side of a chat room.
    Focus,
    /// The MSRP switch: its media side.
    Switch,
    /// Who tells subscribers about the roster: the focus, as a notifier of RFC 4575.
    Notifier,
    /// The chat client.
    Client,
    /// Room and client alike.
    Both,
}

/// What tests a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TestedBy {
    /// Test cases of the suite.
    Case,
    /// A rule over all traffic.
    Rule,
    /// Test cases and a rule.
    Both,
    /// Nothing; [`Requirement::why`] tells why.
    None,
}

/// Why a catalogue cannot be read: which file, which row of it, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, {row}: {defect}")]
pub struct CatalogueError {
    /// The file's name.
    pub file: String,
    /// The id of the row, `row 3` when it has none, `head` for what stands before the rows.
    pub row: String,
    /// What is wrong.
    pub defect: RowDefect,
}

/// What is wrong with a row of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RowDefect {
    /// No YAML, or not of the shape of a catalogue.
    #[error("{0}")]
    Malformed(String),
    /// The id is not `RFC<number of the file>-<section>-<number>`.
    #[error("the id is not of the form RFC{rfc}-<section>-<number>")]
    Id {
        /// The number of the file's RFC.
        rfc: u32,
    },
    /// Another row has the same id.
    #[error("the id is taken by another row")]
    RepeatedId,
    /// A level that RFC 2119 or this catalogue does not know.
    #[error("unknown level '{0}'")]
    Level(String),
    /// An unknown role.
    #[error("unknown role '{0}'")]
    Role(String),
    /// An unknown way of testing.
    #[error("unknown tested-by '{0}'")]
    TestedBy(String),
    /// No line, or a range of lines that is none.
    #[error("'{0}' is neither a line nor a range of lines")]
    Lines(String),
    /// Not tested, without a reason.
    #[error("tested-by none needs a why")]
    MissingWhy,
    /// Tested, with a reason why not.
    #[error("why stands only with tested-by none")]
    NeedlessWhy,
}

impl Level {
    const ALL: [Self; 8] = [
        Self::Must,
        Self::MustNot,
        Self::Should,
        Self::ShouldNot,
        Self::Recommended,
        Self::May,
        Self::Prose,
        Self::Robustness,
    ];

    /// The word in the catalogue and in tags: `MUST NOT`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::Recommended => "RECOMMENDED",
            Self::May => "MAY",
            Self::Prose => "PROSE",
            Self::Robustness => Group::Robustness.word(),
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }
}

impl Role {
    const ALL: [Self; 5] = [Self::Focus, Self::Switch, Self::Notifier, Self::Client, Self::Both];

    /// The word in the catalogue.
    pub fn word(self) -> &'static str {
        match self {
            Self::Focus => "focus",
            Self::Switch => "switch",
            Self::Notifier => "notifier",
            Self::Client => "client",
            Self::Both => "both",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

impl TestedBy {
    const ALL: [Self; 4] = [Self::Case, Self::Rule, Self::Both, Self::None];

    /// The word in the catalogue.
    pub fn word(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Rule => "rule",
            Self::Both => "both",
            Self::None => "none",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tested_by| tested_by.word() == word)
    }
}

impl Requirement {
    /// Where it stands: `RFC 7701, 7.1`; `robustness` for what no RFC demands.
    pub fn clause(&self) -> String {
        match self.group() {
            Group::Conformance => format!("RFC {}, {}", self.rfc, self.section),
            Group::Robustness => self.group().word().to_owned(),
        }
    }

    /// Whether it is a matter of conformance.
    pub fn group(&self) -> Group {
        if self.level == Level::Robustness { Group::Robustness } else { Group::Conformance }
    }

    /// Its number within the section: 16 for `RFC7701-7.1-16`.
    pub fn number(&self) -> usize {
        self.id.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

impl Catalogue {
    /// The catalogue that is part of the program; read once.
    ///
    /// # Errors
    ///
    /// When a file of it is malformed, which a test of this crate rules out.
    pub fn embedded() -> Result<&'static Self, CatalogueError> {
        static EMBEDDED: OnceLock<Result<Catalogue, CatalogueError>> = OnceLock::new();
        EMBEDDED.get_or_init(|| Self::read(FILES)).as_ref().map_err(Clone::clone)
    }

    /// Reads files, given as name and content.
    ///
    /// # Errors
    ///
    /// The first row that is malformed.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, CatalogueError> {
        let mut catalogue = Self::default();
        for (file, content) in files {
            catalogue.add(file, content)?;
        }
        Ok(catalogue)
    }

    /// The requirement of an id.
    pub fn get(&self, id: &str) -> Option<&Requirement> {
        self.requirements.get(*self.by_id.get(id)?)
    }

    /// All requirements, in the order of the standards' texts.
    pub fn iter(&self) -> std::slice::Iter<'_, Requirement> {
        self.requirements.iter()
    }

    /// The standards, in the order of their files.
    pub fn standards(&self) -> &[Standard] {
        &self.standards
    }

    fn add(&mut self, file: &str, content: &str) -> Result<(), CatalogueError> {
        let error = |row: &str, defect| CatalogueError { file: file.to_owned(), row: row.to_owned(), defect };
        let head: File =
            serde_yaml::from_str(content).map_err(|cause| error("head", RowDefect::Malformed(cause.to_string())))?;
        for (row, number) in head.requirements.into_iter().zip(1..) {
            let number: usize = number;
            let name = row.get("id").and_then(Value::as_str).map_or_else(|| format!("row {number}"), str::to_owned);
            let requirement = Requirement::read(head.rfc, row).map_err(|defect| error(&name, defect))?;
            if self.by_id.insert(name.clone(), self.requirements.len()).is_some() {
                return Err(error(&name, RowDefect::RepeatedId));
            }
            self.requirements.push(requirement);
        }
        self.standards.extend(head.rfc.map(|rfc| Standard { rfc, title: head.title }));
        Ok(())
    }
}

impl<'a> IntoIterator for &'a Catalogue {
    type Item = &'a Requirement;
    type IntoIter = std::slice::Iter<'a, Requirement>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A file, its rows not yet read, so that an error can name the row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// None: the robustness group.
    rfc: Option<u32>,
    title: String,
    requirements: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    id: String,
    level: String,
    role: String,
    lines: Option<Lines>,
    text: String,
    tested_by: String,
    why: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Lines {
    One(usize),
    Range(String),
}

impl Requirement {
    fn read(rfc: Option<u32>, row: Value) -> Result<Self, RowDefect> {
        let row: Row = serde_yaml::from_value(row).map_err(|cause| RowDefect::Malformed(cause.to_string()))?;
        let tested_by = TestedBy::read(&row.tested_by).ok_or(RowDefect::TestedBy(row.tested_by))?;
        let why = row.why.filter(|why| !why.trim().is_empty());
        match (tested_by, &why) {
            (TestedBy::None, None) => return Err(RowDefect::MissingWhy),
            (TestedBy::Case | TestedBy::Rule | TestedBy::Both, Some(_)) => return Err(RowDefect::NeedlessWhy),
            _ => {}
        }
        let level = Level::read(&row.level).ok_or(RowDefect::Level(row.level.clone()))?;
        let lines = match (row.lines, rfc) {
            (None, None) => (0, 0),
            (Some(lines), Some(_)) => lines.range().ok_or_else(|| RowDefect::Lines(lines.to_string()))?,
            (lines, _) => return Err(RowDefect::Lines(lines.map(|lines| lines.to_string()).unwrap_or_default())),
        };
        if rfc.is_none() != (level == Level::Robustness) {
            return Err(RowDefect::Level(row.level));
        }
        Ok(Self {
            section: section(&row.id, rfc).ok_or(RowDefect::Id { rfc: rfc.unwrap_or_default() })?,
            id: row.id,
            rfc: rfc.unwrap_or_default(),
            level,
            role: Role::read(&row.role).ok_or(RowDefect::Role(row.role))?,
            lines,
            text: row.text.trim().to_owned(),
            tested_by,
            why,
        })
    }
}

impl Lines {
    fn range(&self) -> Option<(usize, usize)> {
        let (first, last) = match self {
            Self::One(line) => (*line, *line),
            Self::Range(range) => match range.split_once('-') {
                Some((first, last)) => (first.trim().parse().ok()?, last.trim().parse().ok()?),
                None => (range.trim().parse().ok()?, range.trim().parse().ok()?),
            },
        };
        (first >= 1 && first <= last).then_some((first, last))
    }
}

impl std::fmt::Display for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::One(line) => write!(f, "{line}"),
            Self::Range(range) => f.write_str(range),
        }
    }
}

/// The section in `RFC7701-7.1-16`; none in `ROBUST-3`.
fn section(id: &str, rfc: Option<u32>) -> Option<String> {
    let (section, number) = match rfc {
        Some(rfc) => id.strip_prefix(&format!("RFC{rfc}-"))?.rsplit_once('-')?,
        None => ("", id.strip_prefix("ROBUST-")?),
    };
    let dotted =
        section.split('.').all(|part| !part.is_empty() && part.bytes().all(|octet| octet.is_ascii_alphanumeric()));
    let counted = !number.starts_with('0') && number.parse::<usize>().is_ok() && !number.starts_with('+');
    ((dotted || rfc.is_none()) && counted).then(|| section.to_owned())
}
