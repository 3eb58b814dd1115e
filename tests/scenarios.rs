//! The scenarios that come with the tool: each is green in memory and over sockets, and can go red.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_in(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    files.sort();
    files
}

fn play(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msrpspec"))
        .arg("play")
        .args(arguments)
        .current_dir(root())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .unwrap()
}

/// Scenarios whose room is the tester are not played with others.
fn apart(file: &Path) -> bool {
    std::fs::read_to_string(file).unwrap().contains("\nact-as-room:")
}

fn all_green(link: &[&str]) {
    let (alone, together): (Vec<_>, Vec<_>) = files_in("scenarios").into_iter().partition(|file| apart(file));
    assert!(alone.len() + together.len() >= 20);
    for files in std::iter::once(together).chain(alone.into_iter().map(|file| vec![file])) {
        let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
        let output = play(&[link, &["--seed", "11", "--report", "verdicts"], &names].concat());
        let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let scenarios: Vec<_> = said.lines().filter(|line| line.contains("PLAY-")).collect();
        assert_eq!(output.status.code(), Some(0), "{said}{complained}");
        assert_eq!(scenarios.len(), files.len(), "{said}");
        assert!(scenarios.iter().all(|line| line.contains("\"pass\"")), "{said}");
    }
}

#[test]
fn every_scenario_is_green_in_memory() {
    all_green(&["--link", "memory"]);
}

#[test]
fn every_scenario_is_green_over_sockets() {
    all_green(&[]);
}

/// Scenario, fault, and what the reason must say.
const RED: &[(&str, &str, &str)] = &[
    ("nickname-conflict", "nickname-conflict-accepted", "the switch answers Bob with 425"),
    ("say-hello", "own-copy-echoed", "Alice got the message back"),
    ("private-conversation", "private-message-broadcast", "Carol"),
    ("regular-message", "cpim-modified", "octet for octet"),
    ("joining", "isfocus-inside-brackets", "isfocus"),
    ("private-messages-refused", "private-policy-ignored", "expected   403\n  observed   200"),
    ("success-reports", "no-success-report", "report"),
];

#[test]
fn scenarios_go_red_under_the_fault_they_are_about() {
    for (scenario, fault, reason) in RED {
        let file = format!("scenarios/{scenario}.yaml");
        let output = play(&["--link", "memory", "--seed", "11", "--fault", fault, "--report", "terminal", &file]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{scenario} {fault}\n{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(said.contains(reason), "{scenario} {fault}: {reason}\n{said}");
    }
}

#[test]
fn a_dry_run_checks_and_sends_nothing() {
    let output = play(&["--dry-run", "--target", "sip:room@127.0.0.1:9", "scenarios/say-hello.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "PLAY-say-hello\t6 steps\tBob hears what Alice says\n");
}

/// Each deliberately broken file, with its precise error.
#[test]
fn broken_scenarios_are_refused_with_the_place() {
    let files = files_in("tests/data/broken-scenarios");
    assert!(files.len() >= 10);
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let output = play(&["--dry-run", &format!("tests/data/broken-scenarios/{name}.yaml")]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}\n{said}");
        insta::assert_snapshot!(format!("scenarios__{name}"), said);
    }
}

#[test]
fn every_scenario_keeps_the_schema_and_broken_keys_do_not() {
    let schema = serde_json::from_str(include_str!("../src/suite/script/scenario.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let value =
        |file: &Path| -> serde_json::Value { serde_yaml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap() };
    for file in files_in("scenarios").into_iter().chain(files_in("scenarios/fragments")) {
        let errors: Vec<_> = validator.iter_errors(&value(&file)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.display());
    }
    let broken = root().join("tests/data/broken-scenarios/unknown-key.yaml");
    assert!(!validator.is_valid(&value(&broken)));
}

/// The keys of an object in the schema.
fn keys_of(schema: &serde_json::Value, pointer: &str) -> Vec<String> {
    let properties = schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer}"));
    let mut keys: Vec<String> = properties["properties"].as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

#[test]
fn schema_and_parser_know_the_same_keys() {
    use msrpspec::suite::script::keys;
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../src/suite/script/scenario.schema.json")).unwrap();
    let sorted = |keys: &[&str]| {
        let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        keys.sort();
        keys
    };
    for (pointer, known) in [
        ("/$defs/scenario", keys::SCENARIO),
        ("/$defs/fragment", keys::FRAGMENT),
        ("/$defs/scenario/properties/act-as-room", keys::ACT_AS_ROOM),
        ("/$defs/scenario/properties/participants/anyOf/1/additionalProperties/anyOf/1", keys::PARTICIPANT),
        ("/$defs/expect", keys::EXPECT),
        ("/$defs/edit", keys::EDITS),
    ] {
        assert_eq!(keys_of(&schema, pointer), sorted(known), "{pointer}");
    }
    let steps = schema.pointer("/$defs/step/anyOf").unwrap().as_array().unwrap();
    assert_eq!(steps.len(), keys::ACTIONS.len() + 1);
    for (place, action) in keys::ACTIONS.iter().enumerate() {
        let pointer = format!("/$defs/step/anyOf/{}", place + 1);
        let known: Vec<&str> = keys::beside(action).iter().copied().chain([*action]).collect();
        assert_eq!(keys_of(&schema, &pointer), sorted(&known), "{action}");
        let inner = match *action {
            "chunked" => keys::CHUNKED,
            "send" => keys::SEND,
            "wait" => keys::WAIT,
            "repeat" => keys::REPEAT,
            _ => continue,
        };
        assert_eq!(keys_of(&schema, &format!("{pointer}/properties/{action}")), sorted(inner), "{action}");
    }
}
