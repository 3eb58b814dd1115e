//! `ladder` on captures of other people's implementations: the flow that Wireshark shows, and the marks of `audit`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::captures;

/// The captures that others made: beside them there may be some of the bundled switch, which `audit` tests.
const FOREIGN: [&str; 2] = ["kamailio-relay", "sylkserver-two-clients"];

fn capture(name: &str) -> Option<PathBuf> {
    let found = captures().into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == name));
    if found.is_none() {
        eprintln!("skipped: no capture {name}");
    }
    found
}

fn ladder(capture: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msrpspec"));
    command.env("COLUMNS", "100").arg("ladder").arg(capture).args(options).output().unwrap()
}

fn flow(capture: &Path, options: &[&str]) -> String {
    let output = ladder(capture, options);
    assert_eq!(output.status.code(), Some(0), "{options:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The frames of the rows.
fn frames(flow: &str) -> Vec<u64> {
    let rows = flow.lines().filter(|line| line.contains(['│', '├']));
    rows.map(|line| line.split_whitespace().nth(1).unwrap().parse().unwrap()).collect()
}

fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn the_flow_of_captures() {
    for name in FOREIGN {
        let Some(path) = capture(name) else { continue };
        insta::assert_snapshot!(name, flow(&path, &[]));
    }
}

#[test]
fn the_picture_has_the_same_rows() {
    for name in FOREIGN {
        let Some(path) = capture(name) else { continue };
        let picture = scratch(&format!("{name}.svg"));
        fs::write(&picture, "x".repeat(1_000_000)).unwrap();
        let flow = flow(&path, &["--svg", picture.to_str().unwrap()]);
        let text = fs::read_to_string(&picture).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        let root = document.root_element();
        assert_eq!(root.tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
        let arrow = |node: &roxmltree::Node<'_, '_>| node.has_tag_name(("http://www.w3.org/2000/svg", "line"));
        let groups = || root.children().filter(|node| node.children().any(|child| arrow(&child)));
        assert_eq!(groups().count(), frames(&flow).len(), "{name}");
        let red: Vec<_> = groups().filter(|group| group.attribute("fill") == Some("#b00020")).collect();
        assert_eq!(red.len(), 2, "{name}");
        for group in red {
            let title =
                group.children().find(|child| child.tag_name().name() == "title").and_then(|title| title.text());
            assert!(title.is_some_and(|title| title.contains("RULE-CHAT-003 fail: expected ")), "{title:?}");
        }
    }
}

#[test]
fn every_message_is_in_a_row_of_its_own_if_asked_for() {
    let Some(path) = capture("sylkserver-two-clients") else { return };
    let (folded, all) = (frames(&flow(&path, &[])), frames(&flow(&path, &["--all"])));
    assert!(folded.iter().all(|frame| all.contains(frame)));
    // The 200 to Alice's and to Bob's first SEND.
    assert!(all.contains(&10) && all.contains(&27) && !folded.contains(&10) && !folded.contains(&27));
}

#[test]
fn a_part_can_be_selected() {
    let Some(path) = capture("sylkserver-two-clients") else { return };
    let bob = frames(&flow(&path, &["--participant", "BOB@"]));
    let alice = frames(&flow(&path, &["--participant", "alice"]));
    assert!(bob.iter().all(|frame| !alice.contains(frame)));
    let both = frames(&flow(&path, &["--participant", "alice", "--participant", "bob"]));
    assert_eq!(both.len(), alice.len() + bob.len());
    assert_eq!(frames(&flow(&path, &["--session", "1"])), bob);
    assert_eq!(frames(&flow(&path, &["--call-id", "66BEECF4"])), alice);
    assert_eq!(frames(&flow(&path, &["--from", "1.683", "--to", "1.78"])), [44, 48, 50, 53]);
    assert_eq!(flow(&path, &["--iut-address", "127.0.0.1:5080"]), flow(&path, &[]));
}

#[test]
fn what_cannot_be_shown_is_said() {
    let no_capture = scratch("no-ladder.pcap");
    fs::write(&no_capture, b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let error = |output: Output| {
        let words: Vec<String> = String::from_utf8(output.stderr).unwrap().split_whitespace().map(Into::into).collect();
        (output.status.code(), words.join(" ").replace("│ ", ""))
    };
    let (status, text) = error(ladder(&no_capture, &[]));
    assert_eq!(status, Some(2));
    assert!(text.contains("neither pcap nor pcapng"), "{text}");
    assert_eq!(ladder(Path::new("/nowhere/at.all"), &[]).status.code(), Some(2));
    assert_eq!(ladder(&no_capture, &["--from", "-1"]).status.code(), Some(2));
    assert_eq!(ladder(&no_capture, &["--session", "0"]).status.code(), Some(2));

    // A header and nothing behind it.
    let empty = scratch("empty-ladder.pcap");
    fs::write(&empty, [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0]).unwrap();
    let (status, text) = error(ladder(&empty, &[]));
    assert_eq!(status, Some(3));
    assert!(text.contains("shows nothing between participants and a switch"), "{text}");
    let (status, text) = error(ladder(&empty, &["--svg", empty.to_str().unwrap()]));
    assert_eq!(status, Some(2));
    assert!(text.contains("would replace the capture"), "{text}");
    assert_eq!(fs::read(&empty).unwrap().len(), 24);

    let Some(path) = capture("sylkserver-two-clients") else { return };
    let (status, text) = error(ladder(&path, &["--participant", "carol"]));
    assert_eq!(status, Some(3));
    let there =
        "the capture has 2 participants: sip:bob@127.0.0.1, sip:alice@127.0.0.1; 2 sessions; 54 rows from 0.000 s";
    assert!(text.contains(there), "{text}");
}
