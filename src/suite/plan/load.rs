//! Where feature files come from.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use regex::Regex;

use super::PlanError;
use crate::suite::lint::Source;

static FEATURES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/features");

/// The suite that comes with the tool, in the order of its paths.
pub fn embedded() -> Vec<Source> {
    let mut sources = Vec::new();
    collect(&FEATURES, &mut sources);
    sources.sort_by(|a, b| a.file.cmp(&b.file));
    sources
}

fn collect(folder: &Dir<'_>, sources: &mut Vec<Source>) {
    for file in folder.files() {
        if is_feature(file.path())
            && let Some(text) = file.contents_utf8()
        {
            let file = format!("features/{}", file.path().to_string_lossy().replace('\\', "/"));
            sources.push(Source { file, text: text.to_owned(), embedded: true });
        }
    }
    for inner in folder.dirs() {
        collect(inner, sources);
    }
}

/// Feature files of the user's: files, folders (searched to the bottom) and patterns with `*`, `**` and `?`.
///
/// # Errors
/// A path that cannot be read or holds no feature file.
pub fn from_paths(paths: &[String]) -> Result<Vec<Source>, PlanError> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let found = if path.contains(['*', '?']) && !Path::new(path).exists() {
            matching(path)?
        } else {
            under(Path::new(path)).map_err(|cause| PlanError::Unreadable { path: path.clone(), cause })?
        };
        if found.is_empty() {
            return Err(PlanError::NoFeatures(path.clone()));
        }
        files.extend(found);
    }
    files.sort();
    files.dedup();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Result<Source, PlanError> {
    let name = file.to_string_lossy().into_owned();
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Source { file: name, text, embedded: false }),
        Err(cause) => Err(PlanError::Unreadable { path: name, cause: cause.to_string() }),
    }
}

/// A file itself, or the feature files of a folder.
fn under(path: &Path) -> Result<Vec<PathBuf>, String> {
    if !path.is_dir() {
        return path.metadata().map(|_| vec![path.to_owned()]).map_err(|cause| cause.to_string());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|cause| cause.to_string())? {
        let entry = entry.map_err(|cause| cause.to_string())?;
        let kind = entry.file_type().map_err(|cause| cause.to_string())?;
        if kind.is_dir() {
            files.extend(under(&entry.path())?);
        } else if is_feature(&entry.path()) {
            files.push(entry.path());
        }
    }
    Ok(files)
}

fn is_feature(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "feature")
}

fn matching(pattern: &str) -> Result<Vec<PathBuf>, PlanError> {
    let bad = |cause: String| PlanError::BadPattern { pattern: pattern.to_owned(), cause };
    // The search starts at the deepest folder without a wildcard.
    let fixed: PathBuf = Path::new(pattern)
        .components()
        .take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?']))
        .collect();
    let start = if fixed.as_os_str().is_empty() { Path::new(".") } else { &fixed };
    let regex = Regex::new(&regex_of(pattern.trim_start_matches("./"))).map_err(|cause| bad(cause.to_string()))?;
    let files = under(start).map_err(|cause| PlanError::Unreadable { path: pattern.to_owned(), cause })?;
    let name = |file: &Path| file.to_string_lossy().replace('\\', "/").trim_start_matches("./").to_owned();
    Ok(files.into_iter().filter(|file| regex.is_match(&name(file))).collect())
}

fn regex_of(pattern: &str) -> String {
    let mut regex = String::from("^");
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let (taken, written) = if rest.starts_with("**/") {
            (3, "(?:.*/)?".to_owned())
        } else if rest.starts_with("**") {
            (2, ".*".to_owned())
        } else if character == '*' {
            (1, "[^/]*".to_owned())
        } else if character == '?' {
            (1, "[^/]".to_owned())
        } else {
            (character.len_utf8(), regex::escape(character.encode_utf8(&mut [0; 4])))
        };
        regex.push_str(&written);
        rest = rest.get(taken..).unwrap_or("");
    }
    regex + "$"
}
