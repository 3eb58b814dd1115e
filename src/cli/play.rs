//! `play`: YAML scenarios.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Status;
use super::arguments::{Files, PlayOptions, RunOptions, SelectionOptions};
use super::problem::Problem;
use super::suite_files::registry;
use super::{run, show};
use crate::suite::script::{Loader, Scenario, is_load_profile};

pub(super) fn play(options: &PlayOptions) -> Result<Status, Problem> {
    let registry = registry()?;
    let variables: BTreeMap<String, String> = options.variables.iter().cloned().collect();
    let mut scenarios: Vec<Scenario> = Vec::new();
    for file in &options.files {
        if is_load_profile(file)? {
            let message = format!("'{file}' is a load profile: it has the key 'load'");
            return Err(Problem::usage(message, "a scenario has the key 'scenario' instead"));
        }
        let scenario = Loader::load(file, &registry, &variables)?;
        if scenarios.iter().any(|other| other.case.id == scenario.case.id) {
            let message = format!("two scenarios have the id {}", scenario.case.id);
            return Err(Problem::usage(message, "give their files different names"));
        }
        scenarios.push(scenario);
    }
    let room = scenarios.iter().find_map(|scenario| scenario.room.clone());
    if room.is_some() && scenarios.len() > 1 {
        return Err(Problem::usage("a scenario with act-as-room is not alone", "play it by itself"));
    }
    if room.is_some() && (options.at.target.is_some() || options.at.iut.is_some()) {
        let help = "leave --target and --iut out: the tester is the room, and the client calls it";
        return Err(Problem::usage("a scenario with act-as-room has no target", help));
    }
    if options.dry_run {
        for Scenario { case, .. } in &scenarios {
            show::line(&format!("{}\t{} steps\t{}", case.id, case.steps.len(), case.name));
        }
        return Ok(Status::Passed);
    }
    let cases = scenarios.into_iter().map(|scenario| Arc::new(scenario.case)).collect();
    run::perform(&as_run(options), cases, room, &registry)
}

/// What holds for a run holds for a play.
fn as_run(options: &PlayOptions) -> RunOptions {
    RunOptions {
        files: Files { paths: options.files.clone() },
        selection: SelectionOptions::default(),
        at: options.at.clone(),
        transport: options.transport,
        list: false,
        reports: options.reports.clone(),
        pcap: options.pcap.clone(),
        strict: options.strict,
        // Scenarios of one invocation are acts of one play.
        jobs: Some(std::num::NonZeroUsize::MIN),
        timeout: Some(options.timeout),
        seed: options.seed,
        repeat: options.repeat,
        fail_fast: false,
    }
}
