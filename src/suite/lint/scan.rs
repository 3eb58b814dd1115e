//! Line by line through a feature file.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{LintError, LintTrouble, Source, nearest};
use crate::wire::Span;

const STEPS: [&str; 6] = ["Given", "When", "Then", "And", "But", "*"];

/// A tag and its place.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    /// Without `@`.
    pub(super) name: String,
    pub(super) span: Span,
}

/// A scenario with its tags, the inherited ones in front.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) line: usize,
    pub(super) span: Span,
    pub(super) inherited: Vec<Tag>,
    pub(super) own: Vec<Tag>,
}

pub(super) struct Scanned {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) errors: Vec<LintError>,
}

pub(super) fn scan(source: &Source) -> Scanned {
    let mut scanner = Scanner::new(source);
    let mut start = 0;
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    if text.len() != source.text.len() {
        start = source.text.len() - text.len();
        scanner.complain(Span { start: 0, end: start }, LintTrouble::ByteOrderMark);
    }
    for (index, line) in text.split_inclusive('\n').enumerate() {
        scanner.line(index + 1, start, line);
        start += line.len();
    }
    scanner.end();
    Scanned { scenarios: scanner.scenarios, errors: scanner.errors }
}

/// Where a text's octet lies: line and column, both from 1.
pub(in crate::suite) fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before.get(line_start..).unwrap_or("").chars().count() + 1)
}

/// What the next line may belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    /// Under a heading, where a description may stand.
    Heading(Block),
    /// Under a step or its table or doc string.
    Step(Block),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Feature,
    Rule,
    Background,
    Scenario,
    Examples,
}

/// A scenario or background whose end has not been seen.
struct Open {
    span: Span,
    outline: bool,
    background: bool,
    steps: usize,
    columns: BTreeSet<String>,
    rows: usize,
    examples: bool,
    placeholders: Vec<(String, Span)>,
}

struct Scanner<'s> {
    source: &'s Source,
    place: Place,
    doc_string: Option<(&'static str, Span)>,
    row_cells: Option<usize>,
    pending: Vec<Tag>,
    feature_tags: Option<Vec<Tag>>,
    rule_tags: Vec<Tag>,
    open: Option<Open>,
    scenarios: Vec<Scenario>,
    errors: Vec<LintError>,
}

impl<'s> Scanner<'s> {
    fn new(source: &'s Source) -> Self {
        Self {
            source,
            place: Place::Start,
            doc_string: None,
            row_cells: None,
            pending: Vec::new(),
            feature_tags: None,
            rule_tags: Vec::new(),
            open: None,
            scenarios: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn complain(&mut self, span: Span, trouble: LintTrouble) {
        let (line, column) = place(&self.source.text, span.start);
        self.errors.push(LintError { file: self.source.file.clone(), line, column, span, trouble });
    }

    fn line(&mut self, number: usize, start: usize, line: &str) {
        let text = line.trim();
        let start = start + (line.len() - line.trim_start().len()).min(line.len());
        let span = Span { start, end: start + text.len() };
        if let Some((quotes, _)) = self.doc_string {
            if text.starts_with(quotes) {
                self.doc_string = None;
            }
        } else if text.is_empty() {
            // Blank lines separate nothing in Gherkin.
        } else if let Some(comment) = text.strip_prefix('#') {
            self.comment(comment, span);
        } else if text.starts_with('@') {
            self.tags(text, span);
        } else if text.starts_with('|') {
            self.row(text, span);
        } else if let Some(quotes) = ["\"\"\"", "```"].into_iter().find(|quotes| text.starts_with(quotes)) {
            self.quotes(quotes, text, span);
        } else {
            self.row_cells = None;
            self.statement(number, text, span);
        }
    }

    fn comment(&mut self, comment: &str, span: Span) {
        let language = comment.trim().strip_prefix("language").and_then(|rest| rest.trim().strip_prefix(':'));
        if let Some(language) = language.map(str::trim)
            && self.place == Place::Start
            && language != "en"
        {
            self.complain(span, LintTrouble::Language(language.to_owned()));
        }
    }

    fn tags(&mut self, text: &str, span: Span) {
        let mut rest = text;
        while let Some(word) = rest.split_whitespace().next() {
            let offset = rest.find(word).unwrap_or(0);
            let start = span.end - rest.len() + offset;
            let place = Span { start, end: start + word.len() };
            rest = rest.get(offset + word.len()..).unwrap_or("");
            match word.strip_prefix('@') {
                _ if word.starts_with('#') => break,
                Some(name) if !name.is_empty() && !name.contains('@') => {
                    self.pending.push(Tag { name: name.to_owned(), span: place });
                }
                _ => self.complain(place, LintTrouble::NotATag(word.to_owned())),
            }
        }
    }

    fn row(&mut self, text: &str, span: Span) {
        if let Some((offset, escaped)) = bad_escape(text) {
            let start = span.start + offset;
            self.complain(Span { start, end: start + 1 + escaped.len_utf8() }, LintTrouble::BadEscape(escaped));
        }
        let cells = cells(text);
        let Some(cells) = cells else { return self.complain(span, LintTrouble::OpenRow) };
        match (self.row_cells, self.place) {
            (Some(wanted), _) => {
                if wanted != cells.len() {
                    self.complain(span, LintTrouble::RowLength { wanted, found: cells.len() });
                }
                if let (Place::Heading(Block::Examples), Some(open)) = (self.place, &mut self.open) {
                    open.rows += 1;
                }
            }
            (None, Place::Heading(Block::Examples)) => {
                self.row_cells = Some(cells.len());
                if let Some(open) = &mut self.open {
                    open.columns.extend(cells);
                }
            }
            (None, Place::Step(_)) => {
                self.row_cells = Some(cells.len());
                self.placeholders(text, span);
            }
            (None, _) => self.complain(span, LintTrouble::Stray("table row")),
        }
    }

    fn quotes(&mut self, quotes: &'static str, text: &str, span: Span) {
        if !matches!(self.place, Place::Step(_)) {
            self.complain(span, LintTrouble::Stray("doc string"));
        }
        self.row_cells = None;
        self.doc_string = Some((quotes, span));
        let behind = text.get(quotes.len()..).unwrap_or("");
        if behind.ends_with(quotes) {
            self.doc_string = None;
        } else if !behind.is_empty() {
            let span = Span { start: span.start + quotes.len(), ..span };
            self.complain(span, LintTrouble::MediaType(behind.to_owned()));
        }
    }

    fn statement(&mut self, number: usize, text: &str, span: Span) {
        if let Some((keyword, name)) = heading(text) {
            self.heading(keyword, name, number, span);
        } else if let Some(step) = STEPS.iter().find_map(|keyword| text.strip_prefix(keyword)) {
            if step.is_empty() {
                self.complain(span, LintTrouble::EmptyStep);
            } else if step.starts_with([' ', '\t']) {
                self.step(text, span);
            } else {
                self.free_text(text, span);
            }
        } else {
            self.free_text(text, span);
        }
    }

    fn heading(&mut self, keyword: Block, name: (bool, &str), number: usize, span: Span) {
        let (outline, name) = name;
        let tags = std::mem::take(&mut self.pending);
        if keyword == Block::Examples {
            match &mut self.open {
                Some(open) if !open.background => open.examples = true,
                _ => return self.complain(span, LintTrouble::Structure("examples outside a scenario outline")),
            }
            self.place = Place::Heading(Block::Examples);
            return;
        }
        self.close();
        self.place = Place::Heading(keyword);
        if keyword != Block::Feature && self.feature_tags.is_none() {
            self.feature_tags = Some(Vec::new());
            self.complain(span, LintTrouble::Structure("there is no feature above this line"));
        }
        match keyword {
            Block::Feature if self.feature_tags.is_some() => {
                self.complain(span, LintTrouble::Structure("a second feature in one file"));
            }
            Block::Feature => {
                if name.is_empty() {
                    self.complain(span, LintTrouble::Structure("the feature has no name"));
                }
                self.feature_tags = Some(tags);
            }
            Block::Rule => self.rule_tags = tags,
            Block::Background => self.open = Some(Open::new(span, false, true)),
            Block::Scenario | Block::Examples => {
                let feature = self.feature_tags.clone().unwrap_or_default();
                let inherited = feature.into_iter().chain(self.rule_tags.clone()).collect();
                self.scenarios.push(Scenario { line: number, span, inherited, own: tags });
                self.open = Some(Open::new(span, outline, false));
            }
        }
    }

    fn step(&mut self, text: &str, span: Span) {
        let block = match self.place {
            Place::Heading(block) | Place::Step(block) => block,
            Place::Start => Block::Feature,
        };
        match (&mut self.open, block) {
            (Some(open), Block::Background | Block::Scenario) => {
                open.steps += 1;
                self.place = Place::Step(block);
                self.placeholders(text, span);
            }
            _ => self.complain(span, LintTrouble::StrayStep),
        }
    }

    fn placeholders(&mut self, text: &str, span: Span) {
        static PLACEHOLDER: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"<([^<>\s](?:[^<>]*[^<>\s])?)>").ok());
        let (Some(pattern), Some(open)) = (PLACEHOLDER.as_ref(), &mut self.open) else { return };
        for name in pattern.captures_iter(text).filter_map(|captures| captures.get(1)) {
            let place = Span { start: span.start + name.start(), end: span.start + name.end() };
            open.placeholders.push((name.as_str().to_owned(), place));
        }
    }

    fn free_text(&mut self, text: &str, span: Span) {
        let word = text.split_whitespace().next().unwrap_or(text);
        let near = nearest(word, STEPS.into_iter().take(5)).filter(|_| word.chars().count() > 1);
        let swallowed = match self.place {
            Place::Heading(Block::Feature | Block::Rule) => false,
            // A description may stand here, unless it looks like a step that lost its keyword.
            Place::Heading(_) => near.is_some(),
            Place::Start | Place::Step(_) => true,
        };
        if swallowed {
            let span = Span { start: span.start, end: span.start + word.len() };
            self.complain(span, LintTrouble::NotAStep { word: word.to_owned(), nearest: near });
        }
    }

    fn close(&mut self) {
        self.row_cells = None;
        let Some(open) = self.open.take() else { return };
        if open.steps == 0 {
            self.complain(open.span, LintTrouble::NoSteps(if open.background { "background" } else { "scenario" }));
        }
        if (open.outline || open.examples) && open.rows == 0 {
            self.complain(open.span, LintTrouble::NoExamples);
        } else if open.examples {
            for (name, span) in open.placeholders {
                if !open.columns.contains(&name) {
                    self.complain(span, LintTrouble::Placeholder(name));
                }
            }
        }
    }

    fn end(&mut self) {
        if let Some((_, span)) = self.doc_string {
            self.complain(span, LintTrouble::OpenDocString);
        }
        self.close();
        if let Some(tag) = self.pending.first().cloned() {
            self.complain(tag.span, LintTrouble::StrayTags);
        }
        if self.feature_tags.is_none() {
            self.complain(Span::default(), LintTrouble::Structure("the file has no feature"));
        }
    }
}

impl Open {
    fn new(span: Span, outline: bool, background: bool) -> Self {
        Self {
            span,
            outline,
            background,
            steps: 0,
            columns: BTreeSet::new(),
            rows: 0,
            examples: false,
            placeholders: Vec::new(),
        }
    }
}

/// A heading: what it opens, whether it is an outline, and its name.
fn heading(text: &str) -> Option<(Block, (bool, &str))> {
    const HEADINGS: [(&str, Block, bool); 9] = [
        ("Feature:", Block::Feature, false),
        ("Rule:", Block::Rule, false),
        ("Background:", Block::Background, false),
        ("Scenario Outline:", Block::Scenario, true),
        ("Scenario Template:", Block::Scenario, true),
        ("Scenario:", Block::Scenario, false),
        ("Example:", Block::Scenario, false),
        ("Examples:", Block::Examples, false),
        ("Scenarios:", Block::Examples, false),
    ];
    let opened = |(keyword, block, outline): &(&str, Block, bool)| {
        text.strip_prefix(keyword).map(|name| (*block, (*outline, name.trim())))
    };
    HEADINGS.iter().find_map(opened)
}

/// The first backslash of a row that the parser would stumble over.
fn bad_escape(row: &str) -> Option<(usize, char)> {
    let mut characters = row.char_indices();
    while let Some((offset, character)) = characters.next() {
        if character == '\\' {
            match characters.next() {
                Some((_, '\\' | '|' | 'n')) => {}
                Some((_, other)) => return Some((offset, other)),
                None => return Some((offset, ' ')),
            }
        }
    }
    None
}

/// The cells of a row; `None` if it is not closed.
fn cells(row: &str) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut escaped = false;
    for character in row.strip_prefix('|')?.chars() {
        match character {
            _ if escaped => {
                cell.push(character);
                escaped = false;
            }
            '\\' => escaped = true,
            '|' => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            _ => cell.push(character),
        }
    }
    cell.trim().is_empty().then_some(cells)
}
