//! Which cases run: what the user asked for, and what applies to the implementation under test.

use std::collections::BTreeSet;
use std::sync::Arc;

use gherkin::tagexpr::TagOperation;
use regex::Regex;

use super::Case;
use crate::suite::lint::nearest;
use crate::suite::profile::{Profile, Role};

/// One of several equal parts of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub index: usize,
    /// How many parts.
    pub of: usize,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
        match parsed {
            Some((index, of)) if (1..=of).contains(&index) => Ok(Self { index, of }),
            _ => Err("write I/N, the part and the number of parts, such as 1/4".to_owned()),
        }
    }
}

/// What the user asked for; an empty selection selects everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// A tag expression.
    pub tags: Option<TagOperation>,
    /// Requirement ids; a case bound to one of them is selected.
    pub requirements: Vec<String>,
    /// What the name must match.
    pub name: Option<Regex>,
    /// A part of what is left.
    pub shard: Option<Shard>,
}

/// A requirement that neither the catalogue nor a case knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no requirement '{id}'")]
pub struct UnknownRequirement {
    /// As the user wrote it.
    pub id: String,
    /// The nearest known one.
    pub nearest: Option<String>,
}

/// A selected case that does not apply, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unselected {
    /// The case.
    pub case: Arc<Case>,
    /// One sentence.
    pub reason: String,
}

/// The selected cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Those that run, in the order of the suite.
    pub runs: Vec<Arc<Case>>,
    /// Those that do not apply.
    pub not_applicable: Vec<Unselected>,
}

impl Selection {
    /// Checks that every requirement asked for is known.
    ///
    /// # Errors
    /// The first that is not.
    pub fn check<'a>(&self, known: impl IntoIterator<Item = &'a str>) -> Result<(), UnknownRequirement> {
        let known: BTreeSet<&str> = known.into_iter().collect();
        match self.requirements.iter().find(|id| !known.contains(id.as_str())) {
            None => Ok(()),
            Some(id) => Err(UnknownRequirement { id: id.clone(), nearest: nearest(id, known) }),
        }
    }

    /// The selected cases, whether they apply or not.
    pub fn select(&self, cases: Vec<Case>) -> Vec<Arc<Case>> {
        let mut selected: Vec<_> = cases.into_iter().filter(|case| self.selects(case)).map(Arc::new).collect();
        if let Some(shard) = self.shard {
            // Dealt out like cards, so that a slow feature does not fall to one part.
            let mut position = 0;
            selected.retain(|_| {
                position += 1;
                (position - 1) % shard.of == shard.index - 1
            });
        }
        selected
    }

    fn selects(&self, case: &Case) -> bool {
        let requirement = |id: &String| case.requirements.contains(id);
        // A row of an outline has the tag of its scenario, and is selected by its own id as well.
        let tagged = |tag: &str| case.id == tag || case.tags.iter().any(|one| one == tag);
        self.tags.as_ref().is_none_or(|tags| eval(tags, &tagged))
            && (self.requirements.is_empty() || self.requirements.iter().any(requirement))
            && self.name.as_ref().is_none_or(|name| name.is_match(&case.name))
    }
}

fn eval(expression: &TagOperation, tagged: &dyn Fn(&str) -> bool) -> bool {
    match expression {
        TagOperation::And(a, b) => eval(a, tagged) && eval(b, tagged),
        TagOperation::Or(a, b) => eval(a, tagged) || eval(b, tagged),
        TagOperation::Not(a) => !eval(a, tagged),
        TagOperation::Tag(tag) => tagged(tag),
    }
}

impl Plan {
    /// Sorts out what does not apply to an implementation.
    pub fn new(selected: Vec<Arc<Case>>, profile: &Profile) -> Self {
        let mut plan = Self::default();
        for case in selected {
            match obstacle(&case, profile) {
                None => plan.runs.push(case),
                Some(reason) => plan.not_applicable.push(Unselected { case, reason }),
            }
        }
        plan
    }
}

/// Why a case does not apply.
fn obstacle(case: &Case, profile: &Profile) -> Option<String> {
    let fits = |role: &String| match profile.role {
        Role::Switch => ["switch", "focus", "notifier"].contains(&role.as_str()),
        Role::Client => role == "client",
        Role::Relay => role == "relay",
    };
    if !case.roles.is_empty() && !case.roles.iter().any(fits) {
        let roles = case.roles.join(" or ");
        return Some(format!("it tests a {roles}; the implementation is a {}", profile.role));
    }
    if let Some(claim) = case.claims.iter().find(|claim| profile.claim(**claim) == Some(false)) {
        return Some(format!("the profile does not claim {claim}"));
    }
    let room = case.rooms.iter().find(|room| !profile.rooms.contains_key(room))?;
    Some(format!("the profile has no room '{room}'"))
}
