//! Where a key or value stands in a YAML text: the YAML reader keeps no places of what it has read.

use crate::wire::Span;

/// The span of the key at `path`, or of the value behind it on its line. Knows block and flow style, which is all that a
/// profile needs; `None` if it cannot tell.
pub(super) fn locate(text: &str, path: &[&str], at_key: bool) -> Option<Span> {
    let mut region = Span { start: 0, end: text.len() };
    let mut key = None;
    for (depth, name) in path.iter().enumerate() {
        let found = find_key(text, region, name, depth == 0)?;
        region = Span { start: found.end, end: end_of_block(text, found).min(region.end) };
        key = Some(found);
    }
    let key = key?;
    if at_key {
        return Some(key);
    }
    Some(value_span(text, key).unwrap_or(key))
}

/// A key with its quotes; a top-level key stands at the start of its line.
fn find_key(text: &str, region: Span, name: &str, top: bool) -> Option<Span> {
    let mut from = region.start;
    while let Some(offset) = text.get(from..region.end)?.find(name) {
        let mut span = Span { start: from + offset, end: from + offset + name.len() };
        from = span.end;
        let (before, behind) = (text.get(..span.start)?, text.get(span.end..)?);
        let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\'') && behind.starts_with(*c));
        if quote.is_some() {
            span = Span { start: span.start - 1, end: span.end + 1 };
        }
        let (before, behind) = (text.get(..span.start)?, text.get(span.end..)?);
        let line = before.rsplit('\n').next().unwrap_or(before);
        let placed =
            if top { line.is_empty() } else { line.trim().is_empty() || line.trim_end().ends_with(['{', ',']) };
        if placed && !line.contains('#') && behind.trim_start_matches([' ', '\t']).starts_with(':') {
            return Some(span);
        }
    }
    None
}

/// The end of what belongs to a key: the next line that is indented no deeper.
fn end_of_block(text: &str, key: Span) -> usize {
    let line_start = text.get(..key.start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let own = text.get(line_start..).map_or(0, indentation);
    let mut position = line_start;
    for (index, line) in text.get(line_start..).unwrap_or("").split_inclusive('\n').enumerate() {
        let idle = line.trim().is_empty() || line.trim().starts_with('#');
        if index > 0 && !idle && indentation(line) <= own {
            return position;
        }
        position += line.len();
    }
    text.len()
}

fn value_span(text: &str, key: Span) -> Option<Span> {
    let behind = text.get(key.end..)?;
    let colon = behind.find(':')?;
    let rest = behind.get(colon + 1..)?.lines().next()?;
    let rest = rest.split(" #").next().unwrap_or(rest);
    let value = rest.trim();
    // Within braces the value ends at the next comma or brace.
    let inline = text.get(..key.start)?.rsplit('\n').next()?.contains('{');
    let value = if inline { value.split([',', '}']).next().unwrap_or(value).trim_end() } else { value };
    let start = key.end + colon + 1 + (rest.len() - rest.trim_start().len());
    (!value.is_empty()).then_some(Span { start, end: start + value.len() })
}
