//! The step definitions, a module a theme. Every step of a feature file must match exactly one of them, whatever its
//! keyword.

use super::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::step;

/// Every step definition.
pub fn all() -> Vec<StepDef> {
    let mut all = Vec::new();
    all.extend(basics());
    all
}

fn basics() -> [StepDef; 2] {
    [
        step!(r"nothing happens", "nothing happens", "Does nothing.", nothing_happens),
        step!(
            r#"the case is not applicable because "([^"]*)""#,
            r#"the case is not applicable because "the room is closed""#,
            "Stops the case: not applicable, for the given reason.",
            not_applicable
        ),
    ]
}

async fn nothing_happens(_world: &mut World, _args: StepArgs) -> StepResult {
    Ok(())
}

async fn not_applicable(_world: &mut World, args: StepArgs) -> StepResult {
    Err(Halt::NotApplicable(args.get(0).to_owned()))
}
