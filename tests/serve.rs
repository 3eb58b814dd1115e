//! `msrpspec switch` as others start it: a run against it comes to the same verdicts as the run against the switch that
//! `run` starts for itself.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A part of the suite that is quick and touches most rooms.
const PART: &[&str] =
    &["--seed", "7", "--name", "(?i)nickname|private|TLS|credential|endpoint|text/plain|chunk|leaves"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msrpspec"));
    command.args(arguments).env("NO_COLOR", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The switch as a process of its own; ended when dropped.
struct Switch {
    child: Child,
    profile: PathBuf,
    /// What it said until it was ready.
    head: String,
}

impl Switch {
    fn start(name: &str, more: &[&str]) -> Self {
        let profile = folder().join(format!("{name}.yaml"));
        let ports = ["switch", "--sip", "127.0.0.1:0", "--msrp", "127.0.0.1:0", "--write-profile"];
        let mut command = command(&ports);
        // Nobody reads its log here.
        let mut child = command.arg(&profile).args(more).stderr(Stdio::null()).spawn().unwrap();
        let mut head = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if line.starts_with("# ready") {
                break;
            }
            head += &format!("{line}\n");
        }
        Self { child, profile, head }
    }

    fn room(&self) -> String {
        let text = std::fs::read_to_string(&self.profile).unwrap();
        text.lines().find_map(|line| line.strip_prefix("room: ")).unwrap().to_owned()
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The verdicts of a part of the suite, by case, with the reasons.
fn verdicts(name: &str, target: &[&str]) -> BTreeMap<String, (String, String)> {
    let report = folder().join(format!("{name}.json"));
    let output = command(&["run"]).args(PART).args(target).arg("--report").arg(json(&report)).output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{shown}");
    let report: Value = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let cases = report["results"].as_array().unwrap().iter();
    cases.map(|case| (text(&case["id"]), (text(&case["verdict"]), text(&case["reason"])))).collect()
}

fn json(path: &Path) -> String {
    format!("json={}", path.display())
}

#[test]
fn the_same_verdicts_as_the_bundled_run_over_udp_and_tcp() {
    let bundled = verdicts("serve-bundled", &[]);
    assert!(bundled.len() > 50, "{}", bundled.len());
    for transport in ["udp", "tcp"] {
        let switch = Switch::start(&format!("serve-{transport}"), &["--suite-timers", "--transport", transport]);
        assert!(switch.head.contains("# SIP   udp 127.0.0.1:"), "{}", switch.head);
        let profile = switch.profile.to_str().unwrap();
        assert_eq!(verdicts(&format!("serve-iut-{transport}"), &["--iut", profile]), bundled);
        // Without a profile only the default room is known.
        let target = format!("{};transport={transport}", switch.room());
        let alone = verdicts(&format!("serve-target-{transport}"), &["--target", &target]);
        assert_eq!(alone.keys().collect::<Vec<_>>(), bundled.keys().collect::<Vec<_>>());
        for (id, (verdict, reason)) in &alone {
            match verdict.as_str() {
                "not-applicable" => assert!(reason.starts_with("the profile names no "), "{id}: {reason}"),
                _ => assert_eq!(verdict, &bundled[id].0, "{id}: {reason}"),
            }
        }
        assert!(alone.values().filter(|one| one.0 == "pass").count() > 30);
    }
}

#[test]
fn a_file_of_rooms_makes_the_rooms_and_the_profile() {
    let rooms = folder().join("serve-rooms.yaml");
    std::fs::write(&rooms, "rooms:\n- { name: lounge }\n- { name: quiet, private-messages: false }\n").unwrap();
    let switch = Switch::start("serve-config", &["--config", rooms.to_str().unwrap()]);
    let profile = std::fs::read_to_string(&switch.profile).unwrap();
    assert!(profile.contains("room: sip:lounge@127.0.0.1:"), "{profile}");
    assert!(profile.contains("private-messages-off: sip:quiet@127.0.0.1:"), "{profile}");
    assert!(!profile.contains("nicknames-off"), "{profile}");
    let output = command(&["probe", "--target", &switch.room()]).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert!(shown.contains("  private-messages: true\n"), "{shown}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_switch_in_good_order() {
    for signal in ["-INT", "-TERM"] {
        let mut switch = Switch::start(&format!("serve-signal{signal}"), &[]);
        let id = switch.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert_eq!(switch.child.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn a_port_in_use_is_said_in_one_sentence() {
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut child = command(&["switch", "--msrp", "127.0.0.1:0", "--sip", &address]).spawn().unwrap();
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(errors.contains(&format!("UDP {address} is in use")), "{errors}");
}
