//! The requirement catalogue against the text of the standard.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use msrpspec::judge::catalogue::{Catalogue, Level, Requirement, TestedBy};

/// How far a row's lines may stand from the word that they answer for.
const NEAR: usize = 2;

fn catalogue() -> &'static Catalogue {
    Catalogue::embedded().expect("the catalogue is well-formed")
}

/// The lines of an RFC; `None`, with a remark, where its text is not at hand.
fn rfc(number: u32) -> Option<Vec<String>> {
    let folder = std::env::var_os("MSRPSPEC_RFC_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/rfc"), PathBuf::from);
    let path = folder.join(format!("rfc{number}.txt"));
    match std::fs::read(&path) {
        Ok(octets) => Some(String::from_utf8_lossy(&octets).lines().map(str::to_owned).collect()),
        Err(cause) => {
            println!("skipped: {}: {cause}; set MSRPSPEC_RFC_DIR to the folder of the RFCs", path.display());
            None
        }
    }
}

/// First and last line of each section of the body, whose headings alone start at the margin.
fn sections(lines: &[String]) -> BTreeMap<String, (usize, usize)> {
    // RFC 3261 and RFC 3264 have no dot behind the number.
    let heading = regex::Regex::new(r"^(\d+(?:\.\d+)*)(?:\. )? +\S|^[A-Z]\S*").expect("a pattern");
    let mut sections = BTreeMap::new();
    let mut open: Option<(String, usize)> = None;
    for (line, number) in lines.iter().zip(1..) {
        // The foot and the head of a page stand at the margin too.
        if line.contains("[Page ") || line.starts_with("RFC ") {
            continue;
        }
        let Some(found) = heading.captures(line) else { continue };
        if let Some((section, first)) = open.take() {
            sections.entry(section).or_insert((first, number - 1));
        }
        open = found.get(1).map(|section| (section.as_str().to_owned(), number));
    }
    if let Some((section, first)) = open {
        sections.insert(section, (first, lines.len()));
    }
    sections
}

fn near(requirement: &Requirement, line: usize) -> bool {
    requirement.lines.0 <= line + NEAR && line <= requirement.lines.1 + NEAR
}

#[test]
fn ids_are_unique_and_numbered_without_gaps() {
    let mut seen = HashSet::new();
    let mut next: BTreeMap<String, usize> = BTreeMap::new();
    for requirement in catalogue() {
        assert!(seen.insert(&requirement.id), "{} stands twice", requirement.id);
        let expected = next.entry(requirement.clause()).or_insert(1);
        assert_eq!(requirement.number(), *expected, "{} is out of its turn", requirement.id);
        *expected += 1;
    }
    assert!(seen.len() > 300, "only {} rows", seen.len());
}

#[test]
fn only_what_is_not_tested_has_a_reason() {
    for requirement in catalogue() {
        let untested = requirement.tested_by == TestedBy::None;
        assert_eq!(requirement.why.is_some(), untested, "{}", requirement.id);
        assert!(!requirement.text.is_empty(), "{}", requirement.id);
    }
}

#[test]
fn lines_are_within_the_section() {
    for standard in catalogue().standards() {
        let Some(lines) = rfc(standard.rfc) else { continue };
        let sections = sections(&lines);
        let strays: Vec<String> = catalogue()
            .iter()
            .filter(|requirement| requirement.rfc == standard.rfc)
            .filter(|requirement| {
                !sections
                    .get(&requirement.section)
                    .is_some_and(|(first, last)| *first <= requirement.lines.0 && requirement.lines.1 <= *last)
            })
            .map(|requirement| {
                format!(
                    "{} at {:?}, section at {:?}",
                    requirement.id,
                    requirement.lines,
                    sections.get(&requirement.section)
                )
            })
            .collect();
        assert!(strays.is_empty(), "{strays:#?}");
    }
}

/// The standards whose catalogue is complete, with the first section of the body and the first one behind it.
const COMPLETE: &[(u32, &str, &str)] =
    &[(7701, "3", "12"), (4975, "3", "16"), (3862, "2", "10"), (4575, "3", "10"), (6135, "3", "7"), (8266, "2", "7")];

/// The keyword in a line, with its place; RFC 4975 writes `MUST not` twice and means it (interpretation T62).
fn keywords(lines: &[String], number: usize) -> Vec<String> {
    let words = regex::Regex::new(r"\b(MUST|SHOULD|RECOMMENDED|MAY)\b").expect("a pattern");
    let Some(line) = lines.get(number - 1) else { return Vec::new() };
    let negation = |text: &str| text.trim_start().to_ascii_uppercase().starts_with("NOT");
    words
        .find_iter(line)
        .map(|word| {
            let rest = line.get(word.end()..).unwrap_or_default();
            let next = lines.get(number).is_some_and(|next| rest.trim().is_empty() && negation(next));
            if negation(rest) || next { format!("{} NOT", word.as_str()) } else { word.as_str().to_owned() }
        })
        .collect()
}

#[test]
fn every_word_of_rfc_2119_has_a_row() {
    for (number, first, behind) in COMPLETE {
        let Some(lines) = rfc(*number) else { continue };
        let sections = sections(&lines);
        let body = sections[*first].0..sections[*behind].0;
        let (mut found, mut missed) = (0, Vec::new());
        for line in body {
            for level in keywords(&lines, line) {
                found += 1;
                let answered =
                    catalogue().iter().any(|row| row.rfc == *number && row.level.word() == level && near(row, line));
                if !answered {
                    missed.push(format!("{level} in line {line}: {}", lines[line - 1]));
                }
            }
        }
        assert!(found > 5, "only {found} words in RFC {number}");
        assert!(missed.is_empty(), "RFC {number}: {missed:#?}");
    }
}

/// The other way round: a row that claims a word stands where the text has it, in lower case only if the row says so.
#[test]
fn a_level_is_the_word_of_the_text() {
    for standard in catalogue().standards() {
        let Some(lines) = rfc(standard.rfc) else { continue };
        let mut strays = Vec::new();
        for requirement in catalogue().iter().filter(|row| row.rfc == standard.rfc && row.level != Level::Prose) {
            let (first, last) = requirement.lines;
            let near = lines.get(first.saturating_sub(NEAR + 1)..(last + NEAR).min(lines.len())).unwrap_or_default();
            let text = near.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
            let word = requirement.level.word();
            let lower_case = requirement.text.contains("lower-case keyword") && text.contains(&word.to_lowercase());
            if !text.replace("MUST not", "MUST NOT").contains(word) && !lower_case {
                strays.push(format!("{}: no {word} at {:?}", requirement.id, requirement.lines));
            }
        }
        assert!(strays.is_empty(), "{strays:#?}");
    }
}
