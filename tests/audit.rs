//! `audit` on captures of other people's implementations: what it finds is what was read by hand against the octets
//! (`tests/rules_on_captures.rs`), and in the frames where Wireshark shows it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use support::captures;

fn capture(name: &str) -> Option<PathBuf> {
    let found = captures().into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == name));
    if found.is_none() {
        eprintln!("skipped: no capture {name}");
    }
    found
}

fn audit(capture: &Path, options: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msrpspec")).arg("audit").arg(capture).args(options).output().unwrap()
}

fn report(capture: &Path) -> (Option<i32>, Value) {
    let output = audit(capture, &["--report", "json"]);
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn scratch(name: &str, octets: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, octets).unwrap();
    path
}

/// A line a rule that was observed, in the form of the snapshots of the rules on captures.
fn verdicts(report: &Value) -> Vec<String> {
    let observed = report["rules"].as_array().unwrap().iter().filter(|rule| rule["observations"] != 0);
    let line = |rule: &Value| {
        let verdict = match rule["verdict"].as_str().unwrap() {
            "pass" => "Pass",
            "advisory" => "Advisory",
            "fail" => "Fail",
            other => other,
        }
        .to_owned();
        format!("{} {verdict}, {} observed", rule["id"].as_str().unwrap(), rule["observations"])
    };
    observed.map(line).collect()
}

#[test]
fn the_findings_are_the_reviewed_ones() {
    for name in ["sylkserver-two-clients", "kamailio-relay"] {
        let Some(path) = capture(name) else { continue };
        let snapshot = format!("tests/snapshots/rules_on_captures__{name}-together.snap");
        let reviewed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(snapshot)).unwrap();
        let reviewed: Vec<&str> = reviewed.lines().filter(|line| line.starts_with("RULE-")).collect();
        let (status, report) = report(&path);
        assert_eq!(verdicts(&report), reviewed, "{name}");
        assert_eq!(status, Some(1), "{name}");
        assert_eq!(report["iut_known"], "by isfocus in its Contact");
    }
}

/// The frames were looked up with tshark.
#[test]
fn evidence_names_its_frames() {
    let Some(path) = capture("sylkserver-two-clients") else { return };
    let (_, report) = report(&path);
    assert_eq!(report["frames"], 92);
    assert_eq!(report["participants"], serde_json::json!(["sip:alice@127.0.0.1", "sip:bob@127.0.0.1"]));
    let rules = report["rules"].as_array().unwrap();
    let evidence = rules.iter().flat_map(|rule| rule["findings"].as_array().unwrap());
    let evidence: Vec<&Value> = evidence.flat_map(|finding| finding["evidence"].as_array().unwrap()).collect();
    assert!(!evidence.is_empty());
    for (first_line, frame) in [("MSRP d083d6f133e17182 SEND", 44), ("MSRP ce72453347de8883 SEND", 50)] {
        let found = evidence.iter().find(|piece| piece["octets"].as_str().unwrap().starts_with(first_line));
        assert_eq!(found.map(|piece| &piece["frame"]), Some(&frame.into()), "{first_line}");
    }
    let text = String::from_utf8(audit(&path, &[]).stdout).unwrap();
    for words in
        ["(frame 50, sip:alice@127.0.0.1 MSRP/TCP, at 1.770 s)", "RFC7701-6.1-", "never observed", "does not conform"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_capture_that_breaks_off_is_judged_as_far_as_it_goes() {
    let Some(path) = capture("sylkserver-two-clients") else { return };
    let whole = fs::read(&path).unwrap();
    let cut = scratch("cut.pcapng", &whole[..whole.len() * 2 / 3 + 1]);
    let output = audit(&cut, &["--report", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let offset = report["broken_off"]["offset"].as_u64().unwrap() as usize;
    assert!(offset < whole.len() * 2 / 3 + 1 && offset > whole.len() / 2, "{offset}");
    assert!(!verdicts(&report).is_empty());
    let warning = String::from_utf8(output.stderr).unwrap();
    assert!(warning.contains("breaks off") && warning.contains(&offset.to_string()), "{warning}");
}

#[test]
fn what_cannot_be_judged_is_said() {
    let no_capture = scratch("no.pcap", b"GET / HTTP/1.1\r\n\r\n");
    let output = audit(&no_capture, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("neither pcap nor pcapng"));
    assert_eq!(audit(Path::new("/nowhere/at.all"), &[]).status.code(), Some(2));

    // A header and nothing behind it.
    let empty = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
    let empty = scratch("empty.pcap", &empty);
    let output = audit(&empty, &[]);
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("nothing to judge"));

    let output = audit(&empty, &["--side", "client"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("clients cannot be judged"));
    assert_eq!(audit(&empty, &["--report", "junit"]).status.code(), Some(2));
    assert_eq!(audit(&empty, &["--iut-address", "somewhere"]).status.code(), Some(2));
}

#[test]
fn the_switch_can_be_told() {
    let Some(path) = capture("sylkserver-two-clients") else { return };
    let told = audit(&path, &["--report", "json", "--iut-address", "127.0.0.1:5080"]);
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(told["iut_known"], "as told");
    assert_eq!(verdicts(&told), verdicts(&report(&path).1));
}
