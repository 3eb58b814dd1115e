//! `replay`: the participants' side of a capture against another switch, and what that one does otherwise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn capture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(format!("{name}.pcapng"))
}

fn scratch(name: &str, octets: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, octets).unwrap();
    path
}

/// Exit status, standard output and standard error.
fn replay(capture: &Path, options: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msrpspec"));
    let output = command.env("NO_COLOR", "1").arg("replay").arg(capture).args(options).output().unwrap();
    let text = |octets| String::from_utf8(octets).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const IN_MEMORY: [&str; 4] = ["--link", "memory", "--seed", "7"];

/// The lines that name a difference.
fn differences(output: &str) -> Vec<&str> {
    output.lines().filter(|line| line.starts_with(' ')).map(str::trim).collect()
}

/// What a fault does to a capture, in memory.
fn with_fault(name: &str, fault: &str) -> Vec<String> {
    let (status, output, errors) = replay(&capture(name), &[&IN_MEMORY[..], &["--fault", fault]].concat());
    assert_eq!(status, Some(1), "{output}{errors}");
    differences(&output).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_nickname_conflict_over_sockets() {
    let path = capture("nickname-conflict");
    let (status, output, errors) = replay(&path, &[]);
    assert_eq!((status, differences(&output)), (Some(0), vec![]), "{output}{errors}");
    assert!(output.ends_with("no difference; 16 the same\n"), "{output}");

    let (status, output, errors) = replay(&path, &["--fault", "nickname-conflict-accepted"]);
    assert_eq!(status, Some(1), "{output}{errors}");
    let line = "frame 22  bob-430175962's NICKNAME \"Alice the great 430175962\" (frame 21): answered 425 in the capture, \
                200 now";
    assert_eq!(differences(&output), [line]);
}

#[test]
fn the_switch_that_was_recorded_does_the_same_again() {
    for name in [
        "join",
        "nickname-conflict",
        "chunked",
        "chunked-reordered",
        "chunked-lossy",
        "private-message-unsupported",
        "reports",
        "roster",
    ] {
        let (status, output, errors) = replay(&capture(name), &IN_MEMORY);
        assert_eq!((status, differences(&output)), (Some(0), vec![]), "{name}: {output}{errors}");
        assert!(!output.contains("; 0 the same"), "{name}: {output}");
    }
}

/// What a faulty switch was recorded to do, and the right one does not.
#[test]
fn a_fault_in_the_capture_is_a_difference() {
    let (status, output, _) = replay(&capture("broken-own-copy-echoed"), &IN_MEMORY);
    assert_eq!(status, Some(1));
    let [first, second] = differences(&output)[..] else { panic!("{output}") };
    assert!(first.contains("alice-828861316 got \"hello everybody ~828861316.1~\" from alice-828861316"), "{first}");
    assert!(second.contains("bob-828861316 got \"sentinel ~828861316.2~\" from bob-828861316"), "{second}");

    let (status, output, _) = replay(&capture("broken-private-message-to-all"), &IN_MEMORY);
    assert_eq!(status, Some(1));
    let [only] = differences(&output)[..] else { panic!("{output}") };
    assert!(only.contains("carol-246250957 got \"meet me at noon ~246250957.1~\" from alice-246250957"), "{only}");
}

#[test]
fn a_fault_of_the_target_is_a_difference() {
    let found = with_fault("chunked", "own-copy-echoed");
    assert!(!found.is_empty() && found.iter().all(|line| line.contains("alice-267252441 gets \"")), "{found:?}");
    for (name, fault, part) in [
        (
            "reports",
            "no-success-report",
            "got a REPORT of status 200 on \"tell me when it is there ~635938518.1~\" in the",
        ),
        ("private-message-unsupported", "incapable-recipient-404", "answered 428 in the capture, 404 now"),
        ("nickname-conflict", "nickname-conflict-accepted", "answered 425 in the capture, 200 now"),
    ] {
        let [only] = &with_fault(name, fault)[..] else { panic!("not one: {name}") };
        assert!(only.contains(part), "{only}");
    }
}

/// A run in the room that asks for passwords: credentials answer the live challenges.
#[test]
fn passwords_answer_live_challenges() {
    let recorded = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replay-digest.pcapng");
    let mut command = Command::new(env!("CARGO_BIN_EXE_msrpspec"));
    let folder = env!("CARGO_MANIFEST_DIR");
    command.current_dir(folder).args([
        "run",
        "--link",
        "memory",
        "--tags",
        "@AUTH-BV-001 or @AUTH-BI-002",
        "--seed",
        "5",
        "--pcap",
    ]);
    let run = command.arg(&recorded).output().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stdout));
    let (status, output, errors) = replay(&recorded, &IN_MEMORY);
    assert_eq!((status, differences(&output)), (Some(0), vec![]), "{output}{errors}");
    assert!(output.ends_with("no difference; 7 the same\n"), "{output}");
}

/// SylkServer takes nicknames without quotes, and private messages to everybody; RFC 7701 does not.
#[test]
fn captures_of_another_switch_come_to_an_end() {
    let (status, output, errors) = replay(&capture("sylkserver-two-clients"), &IN_MEMORY);
    assert_eq!(status, Some(1), "{output}{errors}");
    let found = differences(&output);
    let nicknames =
        found.iter().filter(|line| line.contains("NICKNAME") && line.ends_with("200 in the capture, 424 now"));
    assert_eq!(nicknames.count(), 2, "{output}");
    assert!(found.iter().any(|line| line.contains("SEND \"psst\"") && line.contains("200 in the capture, 428 now")));
    assert!(output.contains("not compared because of what was otherwise before"), "{output}");

    let (status, output, errors) = replay(&capture("kamailio-relay"), &IN_MEMORY);
    assert_eq!((status, differences(&output)), (Some(0), vec![]), "{output}{errors}");
    assert!(output.contains("note: 3 requests came by relays"), "{output}");
    assert!(output.ends_with("no difference; 12 the same\n"), "{output}");
}

#[test]
fn a_capture_that_breaks_off_is_acted_as_far_as_it_goes() {
    let whole = fs::read(capture("nickname-conflict")).unwrap();
    let cut = scratch("replay-cut.pcapng", &whole[..whole.len() * 2 / 3]);
    let (status, output, errors) = replay(&cut, &IN_MEMORY);
    assert!(errors.contains("breaks off"), "{errors}");
    assert_eq!((status, differences(&output)), (Some(0), vec![]), "{output}{errors}");
    assert!(output.ends_with("no difference; 9 the same, 1 behind the end of the capture\n"), "{output}");
}

#[test]
fn what_is_no_capture_is_refused() {
    let (status, output, errors) = replay(&scratch("replay-none.pcapng", b"not a capture at all"), &IN_MEMORY);
    assert_eq!((status, output.as_str()), (Some(2), ""), "{errors}");
    let (status, _, errors) = replay(Path::new("no-such.pcapng"), &IN_MEMORY);
    assert_eq!(status, Some(2), "{errors}");
}

/// The frames of MSRP alone: nobody is seen to join.
#[test]
fn without_the_side_of_the_participants_there_is_nothing_to_act() {
    let whole = fs::read(capture("nickname-conflict")).unwrap();
    let (mut at, mut kept) = (0, Vec::new());
    while at + 12 <= whole.len() {
        let word = |offset: usize| u32::from_le_bytes(whole[at + offset..at + offset + 4].try_into().unwrap());
        let block = &whole[at..at + word(4) as usize];
        // An Enhanced Packet Block has 28 octets before the frame; the protocol is the tenth octet of the IPv4 header.
        let datagram = word(0) == 6 && block[28 + 14 + 9] == 17;
        if !datagram {
            kept.extend_from_slice(block);
        }
        at += block.len();
    }
    assert!(kept.len() < whole.len());
    let (status, output, errors) = replay(&scratch("replay-msrp-only.pcapng", &kept), &IN_MEMORY);
    assert_eq!((status, output.as_str()), (Some(3), ""), "{errors}");
    assert!(errors.contains("nothing to act"), "{errors}");
}

/// Neither a switch that never falls silent nor one that says nothing any more keeps the replay for ever.
#[test]
fn wrecked_switches_bring_it_to_an_end() {
    for (wreckage, what) in
        [("flood", "answered 200 in the capture, not answered now"), ("silent-after-join", "not now")]
    {
        let (status, output, errors) = replay(&capture("roster"), &[&IN_MEMORY[..], &["--fault", wreckage]].concat());
        assert_eq!(status, Some(1), "{wreckage}: {output}{errors}");
        assert!(output.contains(what), "{wreckage}: {output}");
    }
    let (status, output, errors) = replay(&capture("roster"), &[&IN_MEMORY[..], &["--fault", "null"]].concat());
    assert_eq!((status, output.as_str()), (Some(3), ""), "{errors}");
}

#[test]
fn a_target_that_is_not_there() {
    let options = ["--target", "sip:room@127.0.0.1:9", "--patience", "0.2"];
    let (status, output, errors) = replay(&capture("join"), &options);
    assert_eq!((status, output.as_str()), (Some(3), ""), "{errors}");
    assert!(errors.contains("does not answer"), "{errors}");
    let (status, _, errors) = replay(&capture("join"), &["--target", "sip:room@127.0.0.1:9;transport=tcp"]);
    assert_eq!(status, Some(2), "{errors}");
    assert!(errors.contains("UDP only"), "{errors}");
}
