//! The suite proves itself: faults of the bundled switch, wreckage, and `prove`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Output};
use std::rc::Rc;
use std::sync::Arc;

use msrpspec::judge::brief::{Brief, Subject};
use msrpspec::judge::catalogue::{Catalogue, Level, Role, TestedBy};
use msrpspec::judge::verdict::Verdict;
use msrpspec::suite::engine::Registry;
use msrpspec::suite::plan::{embedded, plan};
use msrpspec::suite::prove::{Reach, Trials};
use msrpspec::suite::{rule_bench, steps};
use msrpspec::switch::fault::Fault;
use msrpspec::switch::flaw::Flaw;
use msrpspec::switch::wreckage::Wreckage;

fn msrpspec(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msrpspec"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1").args(arguments).output().unwrap()
}

/// Exit status and verdicts of a run over the network in memory.
fn run(fault: &str) -> (i32, Vec<Brief>) {
    let output = msrpspec(&["run", "--link", "memory", "--seed", "7", "--report", "verdicts", "--fault", fault]);
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The cases and rules of this version, with their requirements.
fn testers() -> BTreeMap<String, Vec<String>> {
    let known = Catalogue::embedded().unwrap().iter().map(|it| it.id.clone()).collect();
    let cases = plan(&embedded(), Some(&known)).unwrap().into_iter().map(|case| (case.id, case.requirements));
    let rules = rule_bench::names()
        .into_iter()
        .map(|rule| (rule.id.to_owned(), rule.requirements.iter().map(|&one| one.to_owned()).collect()));
    cases.chain(rules).collect()
}

/// Exactly the cases that name the broken requirement fail.
fn fails_what_names(fault: Fault) {
    let broken = fault.requirements()[0];
    let (status, briefs) = run(fault.name());
    assert_eq!(status, 1);
    let cases = || briefs.iter().filter(|brief| brief.subject == Subject::Case);
    let failed: BTreeSet<_> = cases().filter(|case| case.verdict == Verdict::Fail).map(|case| &case.id).collect();
    let named: BTreeSet<_> =
        cases().filter(|case| case.requirements.iter().any(|one| one == broken)).map(|case| &case.id).collect();
    let unbound: Vec<_> = failed.difference(&named).collect();
    let idle: Vec<_> = named.difference(&failed).collect();
    assert!(
        unbound.is_empty() && idle.is_empty(),
        "fail without {broken}: {unbound:?}; name it and do not fail: {idle:?}"
    );
    assert!(failed.len() > 5, "{failed:?}");
}

#[test]
fn a_nickname_conflict_fails_exactly_the_cases_that_name_it() {
    fails_what_names(Fault::NicknameConflictAccepted);
}

#[test]
fn a_private_message_to_all_fails_exactly_the_cases_that_name_it() {
    fails_what_names(Fault::PrivateMessageBroadcast);
}

/// What `prove` leaves out may not matter: where the switch was not asked about a fault, the fault changes nothing.
#[test]
fn the_cases_that_a_fault_cannot_touch_come_to_the_same_under_it() {
    let known = Catalogue::embedded().unwrap().iter().map(|it| it.id.clone()).collect();
    let cases = plan(&embedded(), Some(&known)).unwrap().into_iter().map(Arc::new).collect();
    let trials = Trials { cases, in_memory: true, seed: 7 };
    let registry = Rc::new(Registry::new(steps::all()).unwrap());
    let (green, reach) = trials.faultless(&registry);
    let green: BTreeMap<_, _> = green.unwrap().into_iter().map(|brief| (brief.id.clone(), brief)).collect();
    // All of them by hand: FAULTS=all cargo test --release --test faults touch
    let stride = if std::env::var("FAULTS").is_ok_and(|faults| faults == "all") { 1 } else { 80 };
    for fault in Fault::ALL.iter().copied().step_by(stride) {
        let flaw = Flaw::Fault(fault);
        let untouched = |brief: &&Brief| brief.subject == Subject::Case && !reach.touches(&brief.id, flaw);
        let all = trials.flawed(flaw, &Reach::default(), &registry).unwrap();
        let differ: Vec<_> = all.iter().filter(untouched).filter(|brief| green[&brief.id] != **brief).collect();
        assert!(differ.is_empty(), "{fault}: {differ:?}");
        // And the rules see in the cases that are left what they see in all of them.
        let red = |briefs: &[Brief]| -> BTreeSet<String> {
            briefs.iter().filter(|brief| brief.is_red()).map(|brief| brief.id.clone()).collect()
        };
        assert_eq!(red(&trials.flawed(flaw, &reach, &registry).unwrap()), red(&all), "{fault}");
    }
}

#[test]
fn every_testable_must_of_the_room_has_a_fault() {
    let broken: BTreeSet<_> = Fault::ALL.iter().flat_map(|fault| fault.requirements()).copied().collect();
    let catalogue = Catalogue::embedded().unwrap();
    let without: Vec<_> = catalogue
        .iter()
        .filter(|row| row.rfc == 7701 && matches!(row.level, Level::Must | Level::MustNot))
        .filter(|row| row.role != Role::Client && row.tested_by != TestedBy::None)
        .map(|row| row.id.as_str())
        .filter(|id| !broken.contains(id))
        .collect();
    assert!(without.is_empty(), "{without:?}");
    let unknown: Vec<_> = broken.iter().filter(|id| catalogue.get(id).is_none()).collect();
    assert!(unknown.is_empty(), "not in the catalogue: {unknown:?}");
}

#[test]
fn prove_catches_faults_and_says_how() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("matrix.json");
    let output = msrpspec(&[
        "prove",
        "--fault",
        "own-copy-echoed",
        "--fault",
        "null",
        "features/rfc7701/regular_messages.feature",
        "--json",
        path.to_str().unwrap(),
    ]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("caught    own-copy-echoed"), "{text}");
    assert!(text.contains("1 of 1 faults caught"), "{text}");
    let matrix: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let killers: Vec<_> =
        matrix["faults"][0]["killers"].as_array().unwrap().iter().filter_map(|it| it.as_str()).collect();
    assert!(killers.contains(&"TALK-BV-001"), "{killers:?}");
    assert!(matrix["scenario_runs"].as_u64().unwrap() > 60, "{matrix}");
    assert_eq!(matrix["wreckage"][0]["wreckage"], "null");
}

#[test]
fn prove_fails_where_nothing_catches_the_fault() {
    let output =
        msrpspec(&["prove", "--fault", "nickname-conflict-accepted", "features/rfc7701/regular_messages.feature"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("SURVIVES  nickname-conflict-accepted"), "{text}");
}

#[test]
fn wreckage_passes_nothing_and_the_run_ends() {
    for wreckage in Wreckage::ALL {
        let (status, briefs) = run(wreckage.name());
        assert!(matches!(status, 1 | 3), "{wreckage}: {status}");
        let passed: Vec<_> = briefs
            .iter()
            .filter(|brief| brief.subject == Subject::Case && brief.verdict == Verdict::Pass)
            .map(|brief| &brief.id)
            .collect();
        if !wreckage.answers_invite() {
            assert!(passed.is_empty(), "{wreckage}: {passed:?}");
        }
        // What lives on a session, and on nothing before it.
        let lively = ["TALK-", "NICK-", "PRIV-", "CHUNK-", "REPORT-"];
        // But this one asks for no more than the session description.
        let lively = |id: &str| id != "PRIV-BV-060" && lively.iter().any(|kind| id.starts_with(kind));
        let wrongly: Vec<_> = passed.iter().filter(|id| lively(id)).collect();
        assert!(wrongly.is_empty(), "{wreckage}: {wrongly:?}");
    }
}

#[test]
fn the_page_of_the_kill_matrix_is_current() {
    let page = include_str!("../docs/kill-matrix.md");
    let testers = testers();
    let rows: Vec<Vec<_>> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').splitn(4, '|').map(str::trim).collect())
        .collect();
    let names: Vec<_> = rows.iter().map(|row| row[0].trim_matches('`')).collect();
    assert_eq!(names, Fault::ALL.iter().map(|fault| fault.name()).collect::<Vec<_>>(), "msrpspec prove --markdown");
    for (fault, row) in Fault::ALL.iter().zip(&rows) {
        assert_eq!(row[1], fault.requirements().join(" "), "{fault}");
        for killer in row[2].split_whitespace() {
            let bound = testers.get(killer).unwrap_or_else(|| panic!("{fault}: there is no {killer}"));
            assert!(
                bound.iter().any(|one| fault.requirements().contains(&one.as_str())),
                "{killer} is not bound to what {fault} breaks"
            );
        }
    }
}
