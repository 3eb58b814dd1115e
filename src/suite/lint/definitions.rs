//! Steps that nothing defines, or several definitions do: found before anything is sent.

use super::{LintError, LintTrouble, Source};
use crate::suite::engine::{Match, Registry};
use crate::suite::plan::Case;
use crate::wire::Span;

/// The steps of some cases that do not lead to exactly one definition, each place once.
pub fn undefined_steps(sources: &[Source], cases: &[Case], registry: &Registry) -> Vec<LintError> {
    let mut errors: Vec<LintError> = Vec::new();
    for case in cases {
        for step in &case.steps {
            let trouble = match registry.find(&step.text) {
                Match::One(..) => continue,
                Match::None(nearest) => {
                    LintTrouble::UndefinedStep { text: step.text.clone(), nearest: nearest.map(str::to_owned) }
                }
                Match::Many(patterns) => {
                    LintTrouble::AmbiguousStep { text: step.text.clone(), patterns: patterns.join("', '") }
                }
            };
            if errors.iter().any(|error| error.file == case.file && error.line == step.line) {
                continue;
            }
            let text = sources.iter().find(|source| source.file == case.file).map_or("", |source| source.text.as_str());
            let (column, span) = place(text, step.line);
            errors.push(LintError { file: case.file.clone(), line: step.line, column, span, trouble });
        }
    }
    errors
}

/// Column, from 1, and place of what stands on a line.
fn place(text: &str, line: usize) -> (usize, Span) {
    let mut start = 0;
    for (index, content) in text.split_inclusive('\n').enumerate() {
        if index + 1 == line {
            let trimmed = content.trim_start();
            let indentation = content.len() - trimmed.len();
            let begin = start + indentation;
            return (indentation + 1, Span { start: begin, end: begin + trimmed.trim_end().len() });
        }
        start += content.len();
    }
    (1, Span { start: 0, end: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::plan::plan;
    use crate::suite::steps;

    fn errors(text: &str) -> Vec<String> {
        let sources = [Source { file: "my.feature".into(), text: text.into(), embedded: false }];
        let cases = plan(&sources, None).unwrap();
        let registry = Registry::new(steps::all()).unwrap();
        undefined_steps(&sources, &cases, &registry).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_undefined_step_is_named_with_its_place() {
        let text = "Feature: mine\n  Scenario: one\n    Given a chat room\n    Then Bob dances\n";
        assert_eq!(errors(text), ["my.feature:4:5: nothing defines the step 'Bob dances'"]);
    }

    #[test]
    fn defined_steps_are_silent() {
        let text = "Feature: mine\n  Scenario: one\n    Given a chat room\n    And Bob has joined the room\n";
        assert_eq!(errors(text), [""; 0]);
    }
}
