//! Captures of this project's own runs: what `run --pcap` writes, `audit` judges as the run did.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use msrpspec::capture::Recording;
use msrpspec::judge::rules::RuleBench;
use msrpspec::judge::verdict::Verdict;
use msrpspec::switch::fault::Fault;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn msrpspec(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_msrpspec")).args(arguments).current_dir(root()).output().unwrap()
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// What `audit` must give for a capture, as the file beside it says.
fn verdicts(capture: &Path) -> String {
    let recording = Recording::of(File::open(capture).unwrap(), &[]).unwrap();
    assert!(recording.broken.is_none(), "{}: {:?}", capture.display(), recording.broken);
    let mut bench = RuleBench::new();
    bench.observe("capture", &recording.transcript);
    let rules = bench.finish();
    let passed: Vec<&str> =
        rules.iter().filter(|rule| rule.verdict == Verdict::Pass).map(|rule| rule.id.as_str()).collect();
    let mut text = String::new();
    let clean = rules.iter().all(|rule| rule.verdict != Verdict::Fail);
    writeln!(text, "conforms: {clean}\nremarks: {}", recording.remarks.len()).unwrap();
    for remark in &recording.remarks {
        writeln!(text, "# {remark}").unwrap();
    }
    let found = rules.iter().filter(|rule| matches!(rule.verdict, Verdict::Fail | Verdict::Advisory));
    writeln!(text, "found:{}", if found.clone().count() == 0 { " []" } else { "" }).unwrap();
    for rule in found {
        writeln!(text, "- rule: {}\n  verdict: {}", rule.id, rule.verdict.word()).unwrap();
        let frames = rule.findings.iter().map(|(_, finding)| {
            let event = finding.evidence.iter().filter_map(|evidence| evidence.event).next_back();
            event.and_then(|event| recording.frames.get(event)).map_or(0, |[first, _]| *first)
        });
        let frames: Vec<String> = frames.map(|frame| frame.to_string()).collect();
        writeln!(text, "  frames: [{}]", frames.join(", ")).unwrap();
    }
    writeln!(text, "passed: [{}]", passed.join(", ")).unwrap();
    text
}

/// Each capture has beside it what `audit` must say of it. After a change that was meant: UPDATE_EXPECT=1, and read them.
#[test]
fn every_capture_gives_the_verdicts_that_are_expected() {
    let mut captures: Vec<PathBuf> = fs::read_dir(root().join("captures"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pcapng"))
        .collect();
    captures.sort();
    assert!(captures.len() >= 16);
    for capture in captures {
        let expected = capture.with_extension("expect.yaml");
        let verdicts = verdicts(&capture);
        if std::env::var("UPDATE_EXPECT").is_ok() {
            fs::write(&expected, &verdicts).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap();
        assert_eq!(verdicts, expected, "{}", capture.display());
    }
}

/// What happened on the way to a capture leaves no mark on its verdicts: segments that came in another order are put right,
/// and what was lost is not held against anybody.
#[test]
fn loss_and_disorder_are_nobodys_fault() {
    let of = |name: &str| verdicts(&root().join(format!("captures/{name}.pcapng")));
    assert_eq!(of("chunked-reordered"), of("chunked"));
    let lossy = of("chunked-lossy");
    assert!(lossy.starts_with("conforms: true") && lossy.contains("found: []"), "{lossy}");
    assert_ne!(lossy, of("chunked"));
}

fn audit(capture: &str) -> (Option<i32>, Value) {
    let output = msrpspec(&["audit", capture, "--report", "json"]);
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn a_green_run_leaves_a_clean_capture() {
    let capture = scratch("green.pcapng");
    let capture = capture.to_str().unwrap();
    let run = msrpspec(&["run", "--link", "memory", "--seed", "7", "--pcap", capture]);
    assert_eq!(run.status.code(), Some(0));
    let (status, report) = audit(capture);
    let rules = report["rules"].as_array().unwrap();
    let red: Vec<&Value> =
        rules.iter().filter(|rule| rule["verdict"] == "fail" || rule["verdict"] == "advisory").collect();
    assert!(red.is_empty() && status == Some(0), "{red:?}");
    let seen = rules.iter().filter(|rule| rule["observations"] != 0).count();
    assert!(seen > 140, "{seen}");
}

/// Faults that a rule sees while the run goes on, and that nobody sees in its capture afterwards, each with the reason.
const NOT_IN_CAPTURES: &[(&str, &str)] = &[];

/// The faults that a rule sees in a run, by the page of the kill matrix. What only a case sees takes an expectation about
/// what was asked for, which passive traffic does not tell.
fn seen_by_rules() -> Vec<Fault> {
    let page = fs::read_to_string(root().join("docs/kill-matrix.md")).unwrap();
    let rows: BTreeMap<&str, &str> =
        page.lines().filter_map(|row| row.strip_prefix("| `")).filter_map(|row| row.split_once("` | ")).collect();
    let by_rule = |fault: &Fault| {
        rows.get(fault.name())
            .is_some_and(|row| row.split(" | ").nth(1).is_some_and(|killers| killers.contains("RULE-")))
    };
    Fault::ALL.iter().copied().filter(by_rule).collect()
}

#[test]
fn what_a_run_sees_passively_its_capture_shows() {
    let faults = seen_by_rules();
    assert!(faults.len() > 150, "{}", faults.len());
    // All of them by hand: FAULTS=all cargo test --release --test traces passively
    let stride = if std::env::var("FAULTS").is_ok_and(|faults| faults == "all") { 1 } else { 60 };
    let mut unseen = Vec::new();
    for fault in faults.into_iter().step_by(stride) {
        let capture = scratch("passive.pcapng");
        let capture = capture.to_str().unwrap();
        let run = msrpspec(&["run", "--link", "memory", "--seed", "7", "--fault", fault.name(), "--pcap", capture]);
        assert!(matches!(run.status.code(), Some(0 | 1 | 3)), "{fault}");
        let (_, report) = audit(capture);
        let named = report["rules"].as_array().unwrap().iter().any(|rule| {
            let red = rule["verdict"] == "fail" || rule["verdict"] == "advisory";
            let requirements = rule["requirements"].as_array().unwrap();
            red && requirements.iter().any(|one| fault.requirements().contains(&one.as_str().unwrap()))
        });
        let known = NOT_IN_CAPTURES.iter().any(|(name, _)| *name == fault.name());
        if !named && !known {
            unseen.push(fault.name());
        }
        assert!(!(named && known), "{fault} is seen after all");
    }
    assert!(unseen.is_empty(), "{unseen:?}");
}
