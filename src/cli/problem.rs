//! What is wrong, where, and what to do about it: usage and configuration errors for people.

use std::fmt;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use super::Status;
use crate::suite::lint::LintError;
use crate::suite::plan::{PlanError, UnknownRequirement};
use crate::suite::profile::Unreachable;
use crate::suite::yaml::YamlError;
use crate::wire::Span;

/// One or several errors that keep a command from being carried out, and the status to end with.
#[derive(Debug)]
pub struct Problem {
    errors: Vec<Shown>,
    status: Status,
}

/// One error.
#[derive(Debug)]
struct Shown {
    message: String,
    help: Option<String>,
    source: Option<NamedSource<String>>,
    label: Option<LabeledSpan>,
}

impl Problem {
    /// A usage or configuration error.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Status::Usage, message, help)
    }

    /// Something that keeps a verdict from being reached.
    pub fn unproven(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Status::Unproven, message, help)
    }

    fn new(status: Status, message: impl Into<String>, help: impl Into<String>) -> Self {
        let shown = Shown { message: message.into(), help: Some(help.into()), source: None, label: None };
        Self { errors: vec![shown], status }
    }

    /// Shows it on standard error.
    pub(super) fn show(self) -> Status {
        for error in self.errors {
            anstream::eprintln!("{:?}", miette::Report::new(error));
        }
        self.status
    }

    /// The texts without decoration, for tests.
    #[cfg(test)]
    pub(super) fn texts(&self) -> Vec<String> {
        let text = |error: &Shown| format!("{error} | {}", error.help.as_deref().unwrap_or_default());
        self.errors.iter().map(text).collect()
    }

    /// What the program ends with.
    #[cfg(test)]
    pub(super) fn status(&self) -> Status {
        self.status
    }
}

impl Shown {
    fn placed(message: String, help: String, place: (&str, &str), span: Option<Span>, label: String) -> Self {
        let (file, text) = place;
        let label = span.map(|span| {
            // An empty span would not be drawn.
            LabeledSpan::new(Some(label), span.start, (span.end - span.start).max(1).min(text.len() - span.start))
        });
        let source = label.as_ref().map(|_| NamedSource::new(file, text.to_owned()));
        Self { message, help: Some(help), source, label }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.label.iter().cloned()))
    }
}

impl From<YamlError> for Problem {
    fn from(error: YamlError) -> Self {
        let (help, label) = (error.trouble.help(), error.trouble.to_string());
        let shown = Shown::placed(error.to_string(), help, (&error.file, &error.text), error.span, label);
        Self { errors: vec![shown], status: Status::Usage }
    }
}

impl From<Unreachable> for Problem {
    fn from(error: Unreachable) -> Self {
        Self::usage(error.to_string(), "check the host, or set next-hop in the IUT profile")
    }
}

impl From<UnknownRequirement> for Problem {
    fn from(error: UnknownRequirement) -> Self {
        let help = match &error.nearest {
            Some(nearest) => format!("did you mean '{nearest}'?"),
            None => "'msrpspec coverage' lists the requirements".to_owned(),
        };
        Self::usage(error.to_string(), help)
    }
}

/// The errors of feature files, with the texts in which they stand.
pub(super) fn of_plan(error: PlanError, text_of: impl Fn(&str) -> String) -> Problem {
    let errors = match error {
        PlanError::Lint(errors) => {
            let shown = |error: LintError| {
                let text = text_of(&error.file);
                let (help, label) = (error.trouble.help(), error.trouble.to_string());
                Shown::placed(error.to_string(), help, (&error.file, &text), Some(error.span), label)
            };
            errors.into_iter().map(shown).collect()
        }
        PlanError::Unreadable { .. } => return Problem::usage(error.to_string(), "check the path and the permissions"),
        PlanError::NoFeatures(_) => {
            return Problem::usage(error.to_string(), "name a .feature file, or a folder or pattern that holds one");
        }
        PlanError::BadPattern { .. } => return Problem::usage(error.to_string(), "use *, ** and ? as wildcards"),
        PlanError::DuplicateId { .. } => {
            return Problem::usage(error.to_string(), "give the rows different names in the column 'id'");
        }
        PlanError::Gherkin { .. } => return Problem::usage(error.to_string(), "see the reference of Gherkin"),
    };
    Problem { errors, status: Status::Usage }
}
