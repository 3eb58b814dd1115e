//! The step definitions, ready to be looked up.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::{Regex, RegexSet, RegexSetBuilder};

use crate::suite::step::StepDef;

/// The step definitions with their compiled patterns.
#[derive(Debug)]
pub struct Registry {
    /// All patterns at once: which of them match a text is asked for every step of every case.
    patterns: RegexSet,
    entries: Vec<(Regex, StepDef)>,
    /// What was found before, by the text: the place of the definition and the groups. A suite has so many texts and no
    /// more, and whoever runs it many times asks for each of them many times.
    found: RefCell<HashMap<String, (usize, Vec<String>)>>,
}

/// Most octets that the automaton of all patterns may take. With less it is thrown away again and again, and a slower way
/// is taken.
const AUTOMATON: usize = 64 << 20;

/// A pattern that is not a regular expression.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the step pattern '{pattern}' is not a regular expression: {cause}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: &'static str,
    /// What is wrong.
    pub cause: regex::Error,
}

/// What a step's text leads to.
#[derive(Clone, Debug)]
pub enum Match<'r> {
    /// One definition, with the pattern's groups.
    One(&'r StepDef, Vec<String>),
    /// No definition; the nearest example, if one is near.
    None(Option<&'static str>),
    /// Several definitions: their patterns.
    Many(Vec<&'static str>),
}

impl Registry {
    /// Compiles the patterns; each must match a step's whole text.
    ///
    /// # Errors
    /// The first pattern that is no regular expression.
    pub fn new(definitions: Vec<StepDef>) -> Result<Self, PatternError> {
        let whole = |definition: &StepDef| format!("^(?:{})$", definition.pattern);
        let compile = |definition: StepDef| match Regex::new(&whole(&definition)) {
            Ok(regex) => Ok((regex, definition)),
            Err(cause) => Err(PatternError { pattern: definition.pattern, cause }),
        };
        let mut patterns = RegexSetBuilder::new(definitions.iter().map(whole));
        let patterns = patterns.dfa_size_limit(AUTOMATON).build();
        let entries = definitions.into_iter().map(compile).collect::<Result<_, _>>()?;
        let patterns = patterns.map_err(|cause| PatternError { pattern: "all of them", cause })?;
        Ok(Self { patterns, entries, found: RefCell::default() })
    }

    /// The definitions, in the order in which they were given.
    pub fn definitions(&self) -> impl Iterator<Item = &StepDef> {
        self.entries.iter().map(|(_, definition)| definition)
    }

    /// Looks a step up by its text.
    pub fn find(&self, text: &str) -> Match<'_> {
        if let Some((place, groups)) = self.found.borrow().get(text)
            && let Some((_, definition)) = self.entries.get(*place)
        {
            return Match::One(definition, groups.clone());
        }
        let matches = self.patterns.matches(text);
        let mut found = matches.iter().filter_map(|place| Some((place, self.entries.get(place)?)));
        let Some((place, (regex, definition))) = found.next() else { return Match::None(self.nearest(text)) };
        let others: Vec<_> = found.map(|(_, (_, other))| other.pattern).collect();
        if !others.is_empty() {
            return Match::Many(std::iter::once(definition.pattern).chain(others).collect());
        }
        let groups = regex.captures(text).map_or_else(Vec::new, |captures| {
            captures.iter().skip(1).map(|group| group.map_or_else(String::new, |g| g.as_str().to_owned())).collect()
        });
        self.found.borrow_mut().insert(text.to_owned(), (place, groups.clone()));
        Match::One(definition, groups)
    }

    fn nearest(&self, text: &str) -> Option<&'static str> {
        let near =
            self.definitions().map(|one| (strsim::normalized_damerau_levenshtein(one.example, text), one.example));
        let (nearness, example) = near.max_by(|a, b| a.0.total_cmp(&b.0))?;
        (nearness > 0.6).then_some(example)
    }
}
