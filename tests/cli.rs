//! The program from outside: exit status, what goes where.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use msrpspec::suite::bundled::{BundledOptions, start};
use msrpspec::suite::profile::SipTransport;

const TRIVIAL: &str = "tests/data/trivial.feature";
/// Nobody is there: for what must end before anything is sent.
const NOWHERE: &str = "sip:room@127.0.0.1:9";

/// A room that answers, for as long as the test process lives.
fn target() -> &'static str {
    static TARGET: OnceLock<String> = OnceLock::new();
    TARGET.get_or_init(|| {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let options = BundledOptions { transport: SipTransport::Udp, faults: Vec::new(), seed: 1 };
                let target = start(&options).await.unwrap();
                tell.send(target.profile.room.to_string()).unwrap();
                std::future::pending::<()>().await;
            });
        });
        told.recv().unwrap()
    })
}

fn msrpspec(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msrpspec"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1").args(arguments);
    command.output().unwrap()
}

/// Exit status, standard output and standard error.
fn outcome(arguments: &[&str]) -> (i32, String, String) {
    let output = msrpspec(arguments);
    let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_passing_case_is_zero() {
    let (status, out, _) = outcome(&["run", TRIVIAL, "--target", target(), "--tags", "@TRIV-BV-001"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("1 case: 1 pass in"), "{out}");
    assert!(!out.contains('\u{1b}'), "no colours into a pipe: {out}");
}

#[test]
fn nothing_proved_is_never_zero() {
    let run = |tags: &str| outcome(&["run", TRIVIAL, "--target", target(), "--tags", tags]);
    let (status, out, _) = run("@TRIV-BV-002");
    assert_eq!(status, 3, "only not applicable: {out}");
    let (status, _, err) = run("@NO-BV-001");
    assert_eq!(status, 3);
    assert!(err.contains("no test case is selected"), "{err}");
    let (status, out, _) = outcome(&["run", TRIVIAL, "--target", NOWHERE]);
    assert_eq!(status, 3, "nobody answers: {out}");
}

#[test]
fn usage_and_configuration_are_two() {
    let folder = scratch("usage");
    let profile = folder.join("profile.yaml");
    std::fs::write(&profile, "room: sip:a@127.0.0.1\nnexthop: 127.0.0.1\n").unwrap();
    let profile = profile.to_str().unwrap();
    for (arguments, wanted) in [
        (vec!["run", "--no-such-option"], "--no-such-option"),
        (vec!["run", "no/such/file.feature"], "no/such/file.feature"),
        (vec!["run", "src"], "no feature file under"),
        (vec!["run", TRIVIAL, "--iut", profile], "did you mean 'next-hop'?"),
        (vec!["run", TRIVIAL, "--iut", "no-such-profile.yaml"], "no-such-profile.yaml"),
        (vec!["run", TRIVIAL, "--target", "sip:a@no-such-host.invalid"], "no-such-host.invalid"),
        (
            vec!["run", TRIVIAL, "--target", NOWHERE, "--report", "json=/no/such/folder/r.json"],
            "/no/such/folder/r.json",
        ),
        (vec!["run", TRIVIAL, "--target", NOWHERE, "--requirement", "RFC7701-7.1-270"], "did you mean"),
        (vec!["explain", "RFC7701-7.1-270"], "did you mean"),
    ] {
        let (status, out, err) = outcome(&arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(wanted), "{arguments:?}: {err}");
    }
}

#[test]
fn reports_go_where_they_are_sent() {
    let folder = scratch("reports");
    let (json, junit) = (folder.join("r.json"), folder.join("r.xml"));
    std::fs::write(&json, "x".repeat(1_000_000)).unwrap();
    let option = |format: &str, path: &Path| format!("{format}={}", path.display());
    let (status, out, _) = outcome(&[
        "run",
        TRIVIAL,
        "--target",
        target(),
        "--seed",
        "7",
        "--report",
        &option("json", &json),
        "--report",
        &option("junit", &junit),
    ]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("(seed 7)"), "the terminal report is shown too: {out}");
    let report: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(report["summary"]["pass"], 1);
    assert_eq!(report["summary"]["not_applicable"], 1);
    assert_eq!(report["seed"], 7);
    let schema: serde_json::Value = serde_json::from_str(include_str!("../src/report/report.schema.json")).unwrap();
    assert!(jsonschema::is_valid(&schema, &report));
    assert!(std::fs::read_to_string(&junit).unwrap().contains("<testsuites name=\"msrpspec\""));

    let (_, out, _) = outcome(&["run", TRIVIAL, "--target", target(), "--report", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["results"][1]["reason"], "the profile has no room 'tls-only'");
}

#[test]
fn repetition_and_strictness_reach_the_run() {
    let (status, out, _) = outcome(&["run", TRIVIAL, "--target", target(), "--repeat", "5", "--strict", "--jobs", "1"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("2 cases: 1 pass, 1 not-applicable"), "repetitions are one case: {out}");
}

#[test]
fn listing_sends_nothing_and_tells_what_does_not_apply() {
    let (status, out, _) = outcome(&["run", "--list", "--requirement", "RFC7701-7.1-45"]);
    let ids: Vec<_> = out.lines().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!((status, ids.as_slice()), (0, &["NICK-BI-023"][..]));
    let (status, out, _) = outcome(&["run", TRIVIAL, "--list", "--target", NOWHERE]);
    assert_eq!(status, 0);
    assert!(out.ends_with("TRIV-BV-002\tnot-applicable\tthe profile has no room 'tls-only'\n"), "{out}");
}

#[test]
fn what_only_shows_something() {
    let (status, out, _) = outcome(&["list", "--tags", "@NICK-BI-001"]);
    assert_eq!((status, out.lines().count()), (0, 1), "{out}");
    let (status, out, _) = outcome(&["faults"]);
    assert_eq!(status, 0);
    assert!(out.lines().all(|line| line.split('\t').count() == 3), "{out}");
    let (status, out, _) = outcome(&["explain", "NICK-BI-001"]);
    assert!(status == 0 && out.contains("Bob asks for the nickname \"Alice the great\""), "{out}");
    assert_eq!(outcome(&["steps"]).0, 0);
    let (status, out, _) = outcome(&["coverage", "--rfc", "7701", "--role", "room"]);
    assert_eq!(status == 0, !out.contains("neither case nor rule"), "{out}");
    assert_eq!(outcome(&["--version"]).0, 0);
    assert_eq!(outcome(&[]).0, 2);
}
