//! The house keeps its own rules: which room may look into which, who may ask for the time, how long a file may get.

#![allow(clippy::expect_used, clippy::panic, reason = "a test")]

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room of the library and the rooms that it may look into, besides itself.
const EDGES: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("port", &[]),
    ("transcript", &["port"]),
    ("capture", &["wire", "port", "transcript"]),
    ("switch", &["wire", "port"]),
    ("peer", &["wire", "port"]),
    ("judge", &["wire", "port", "transcript"]),
    ("replay", &["wire", "port", "transcript"]),
    ("runtime", &["port", "transcript"]),
    ("suite", &["wire", "port", "transcript", "switch", "peer", "judge", "runtime"]),
    ("report", &["judge", "transcript", "port", "wire"]),
    (
        "cli",
        &["wire", "port", "transcript", "capture", "switch", "peer", "judge", "runtime", "suite", "replay", "report"],
    ),
];

/// What asks the machine for time or randomness: only `runtime` may.
const AMBIENT: &[&str] = &["Instant::now", "SystemTime::now", "rand::rng", "rand::random", "thread_rng", "OsRng"];

/// Words for what is not there yet.
const UNFINISHED: &[&str] = &["todo!", "unimplemented!"];

/// The most lines that a file may have.
const MOST_LINES: usize = 600;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Breach {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// A source file, named as seen from `src`.
struct Source {
    file: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    let read = |path: &PathBuf| Source {
        file: path.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/"),
        text: fs::read_to_string(path).expect("a source file is readable"),
    };
    files.iter().map(read).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder is readable") {
        let path = entry.expect("an entry is readable").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The room that a file belongs to: `judge` for `judge/trace/mod.rs`, `port` for `port.rs`.
fn room_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// The file's text without comments, line by line; what a comment links to is no import.
fn code(text: &str) -> String {
    let strip = |line: &str| match line.trim_start().starts_with("//") {
        true => String::new(),
        false => line.split_once(" // ").map_or(line, |(code, _)| code).to_owned(),
    };
    text.lines().map(strip).collect::<Vec<_>>().join("\n")
}

/// Every first name after `crate::`, with its line; for `crate::{..}` the first name of every branch.
fn looks_into(text: &str) -> Vec<(usize, String)> {
    let code = code(text);
    let mut found = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let line = code[..at].matches('\n').count() + 1;
        let rest = code[at + path.len()..].trim_start();
        match rest.strip_prefix('{') {
            Some(group) => found.extend(branches(group).into_iter().map(|(offset, name)| (line + offset, name))),
            None => found.push((line, first_name(rest))),
        }
    }
    found
}

/// The first names of the branches of a group whose brace is already open, each with the lines down to it.
fn branches(group: &str) -> Vec<(usize, String)> {
    let (mut depth, mut start, mut pieces) = (0, 0, Vec::new());
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => {
                pieces.push((start, &group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                pieces.push((start, &group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    let named = pieces.into_iter().filter(|(_, piece)| !piece.trim().is_empty());
    named
        .map(|(start, piece)| {
            let indent = piece.len() - piece.trim_start().len();
            (group[..start + indent].matches('\n').count(), first_name(piece.trim_start()))
        })
        .collect()
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What breaks the table of edges. Names that are no rooms are the crate's macros.
fn forbidden_edges(source: &Source) -> Vec<Breach> {
    let room = room_of(&source.file);
    // The roots of library and program hold the rooms; they are none.
    if matches!(source.file.as_str(), "lib.rs" | "main.rs") {
        return Vec::new();
    }
    let Some((_, allowed)) = EDGES.iter().find(|(name, _)| *name == room) else {
        let what = format!("the room '{room}' is not in the table of tests/house.rs");
        return vec![Breach { file: source.file.clone(), line: 1, what }];
    };
    let mut breaches = Vec::new();
    for (line, name) in looks_into(&source.text) {
        let is_room = EDGES.iter().any(|(room, _)| *room == name);
        if is_room && name != room && !allowed.contains(&name.as_str()) {
            let what = format!("'{room}' may not look into '{name}'");
            breaches.push(Breach { file: source.file.clone(), line, what });
        }
    }
    breaches
}

fn words(source: &Source, unwanted: &[&str]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (line, number) in code(&source.text).lines().zip(1..) {
        for word in unwanted.iter().filter(|word| line.contains(**word)) {
            breaches.push(Breach { file: source.file.clone(), line: number, what: format!("'{word}'") });
        }
    }
    breaches
}

fn ambient(source: &Source) -> Vec<Breach> {
    if room_of(&source.file) == "runtime" { Vec::new() } else { words(source, AMBIENT) }
}

fn nothing(breaches: &[Breach]) {
    let lines: Vec<_> = breaches.iter().map(ToString::to_string).collect();
    assert!(breaches.is_empty(), "\n{}\n", lines.join("\n"));
}

fn sample(file: &str, text: &str) -> Source {
    Source { file: file.to_owned(), text: text.to_owned() }
}

#[test]
fn arrows_go_down_only() {
    let sources = sources();
    assert!(sources.len() > 100, "only {} files were found", sources.len());
    let edges: usize = sources.iter().map(|source| looks_into(&source.text).len()).sum();
    assert!(edges > 300, "only {edges} paths were found: is the scan still right?");
    nothing(&sources.iter().flat_map(forbidden_edges).collect::<Vec<_>>());
}

#[test]
fn only_runtime_asks_for_time_and_randomness() {
    let sources = sources();
    let asked = sources.iter().filter(|source| room_of(&source.file) == "runtime").map(|one| words(one, AMBIENT).len());
    assert!(asked.sum::<usize>() >= 3, "not even in runtime: is the scan still right?");
    nothing(&sources.iter().flat_map(ambient).collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_for_later() {
    nothing(&sources().iter().flat_map(|source| words(source, UNFINISHED)).collect::<Vec<_>>());
}

#[test]
fn a_file_fits_one_sitting() {
    let too_long = |source: Source| {
        let lines = source.text.lines().count();
        let what = format!("{lines} lines, and {MOST_LINES} is the most: look for two rooms");
        (lines > MOST_LINES).then_some(Breach { file: source.file, line: lines, what })
    };
    nothing(&sources().into_iter().filter_map(too_long).collect::<Vec<_>>());
}

#[test]
fn every_room_says_what_it_is_for() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).expect("lib.rs is there");
    let public = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let public: Vec<_> = public.collect();
    assert_eq!(public.len(), EDGES.len(), "lib.rs has other rooms than tests/house.rs");
    let sources = sources();
    for room in public {
        let names = [format!("{room}.rs"), format!("{room}/mod.rs")];
        let source = sources.iter().find(|source| names.contains(&source.file));
        let source = source.unwrap_or_else(|| panic!("the room '{room}' has no file"));
        let doc = source.text.lines().next().and_then(|line| line.strip_prefix("//! ")).unwrap_or_default();
        assert!(doc.len() > 10, "{} does not begin with what the room is for", source.file);
        assert!(lib.contains(&format!("[`{room}`]")), "the table in lib.rs does not name '{room}'");
    }
}

#[test]
fn a_bad_line_is_caught_in_every_shape() {
    let bad = sample(
        "judge/rules/chat.rs",
        "//! See [`crate::switch`]: a link, no import.\nuse crate::wire::msrp;\nuse crate::switch::Switch;\n\
         use crate::{step, transcript::{Event, Pco},\n    peer::Participant};\nfn f() { crate::runtime::Clock::start(); }\n\
         pub(in crate::judge) fn g() {}\n",
    );
    let caught: Vec<_> = forbidden_edges(&bad).iter().map(ToString::to_string).collect();
    assert_eq!(
        caught,
        [
            "judge/rules/chat.rs:3: 'judge' may not look into 'switch'",
            "judge/rules/chat.rs:5: 'judge' may not look into 'peer'",
            "judge/rules/chat.rs:6: 'judge' may not look into 'runtime'",
        ]
    );
    assert_eq!(forbidden_edges(&sample("attic/mod.rs", "")).len(), 1, "a room without a row in the table");
    let wire = forbidden_edges(&sample("wire/sip/mod.rs", "use crate::port::Moment;\nuse crate::wire::Span;"));
    assert_eq!(wire.len(), 1);
}

#[test]
fn a_clock_in_the_wrong_room_is_caught() {
    let line = "// Instant::now() in a comment\nlet now = std::time::Instant::now();\n";
    let caught = ambient(&sample("switch/machine.rs", line));
    assert_eq!(caught, [Breach { file: "switch/machine.rs".into(), line: 2, what: "'Instant::now'".into() }]);
    assert_eq!(ambient(&sample("runtime/clock.rs", line)), []);
    assert_eq!(words(&sample("peer/mod.rs", "fn later() {\n    todo!()\n}"), UNFINISHED).len(), 1);
}
