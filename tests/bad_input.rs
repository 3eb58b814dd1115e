//! Bad input: exit status 2 before anything is sent, and a message that says what, where and what to do.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn folder() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bad-input");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs the program in the folder of the bad files; what it says on standard error, without colours and widths.
fn refusal(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_msrpspec"))
        .args(arguments)
        .current_dir(folder())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{errors}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    errors
}

fn file(name: &str, text: &str) -> String {
    std::fs::write(Path::new(&folder()).join(name), text).unwrap();
    name.to_owned()
}

#[test]
fn a_profile_that_is_not_there() {
    insta::assert_snapshot!(refusal(&["run", "--iut", "no-such-profile.yaml"]));
}

#[test]
fn a_misspelt_key_in_a_profile() {
    let name = file("misspelt.yaml", "name: x\nroom: sip:room@127.0.0.1:5080\nclaims:\n  nickname: true\n");
    insta::assert_snapshot!(refusal(&["run", "--iut", &name]));
}

#[test]
fn a_malformed_room_in_a_profile() {
    let name = file("malformed.yaml", "name: x\nroom: http://127.0.0.1:5080\n");
    insta::assert_snapshot!(refusal(&["run", "--iut", &name]));
}

#[test]
fn a_malformed_target() {
    insta::assert_snapshot!(refusal(&["run", "--target", "room@127.0.0.1"]));
}

#[test]
fn a_host_without_an_address() {
    // What the resolver says is another thing on each system.
    let said = refusal(&["run", "--target", "sip:room@no-such-host.invalid"]);
    assert!(said.contains("the host 'no-such-host.invalid' of the room"), "{said}");
    assert!(said.contains("check the host, or set next-hop in the IUT profile"), "{said}");
}

#[test]
fn a_feature_with_a_syntax_error() {
    let name = file("syntax.feature", "Feature: Broken\n\n  Scenario: One\n    Given a chat room\n    Wen it breaks\n");
    insta::assert_snapshot!(refusal(&["run", &name]));
}

#[test]
fn a_step_that_nobody_defined() {
    let name = file(
        "undefined.feature",
        "@RFC7701 @switch\nFeature: Undefined\n\n  @X-BV-001 @RFC7701-7.1-16 @MUST\n  Scenario: One\n    Given a chat \
         room\n    When Alice dances\n    Then nobody minds\n",
    );
    insta::assert_snapshot!(refusal(&["run", &name]));
}

#[test]
fn a_report_that_cannot_be_written() {
    insta::assert_snapshot!(refusal(&["run", "--report", "json=no-such-folder/report.json"]));
}

#[test]
fn misspelt_and_contradictory_rooms_of_the_switch() {
    let name = file("rooms.yaml", "rooms:\n- name: lounge\n  nicknamse: false\n");
    insta::assert_snapshot!("misspelt_room_key", refusal(&["switch", "--config", &name]));
    let name = file("twice.yaml", "rooms:\n- name: lounge\n- name: lounge\n");
    insta::assert_snapshot!("room_twice", refusal(&["switch", "--config", &name]));
    insta::assert_snapshot!("rooms_not_there", refusal(&["switch", "--config", "no-such-rooms.yaml"]));
    insta::assert_snapshot!("wildcard", refusal(&["switch", "--sip", "0.0.0.0:5060"]));
}
