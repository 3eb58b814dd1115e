//! Header lines, shared by SIP, MSRP and CPIM: `Name: value` with every octet kept.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;

const CRLF: &[u8] = b"\r\n";
const COLON: &[u8] = b": ";

/// One header line as it stands on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The name in the case it came in, without blanks before the colon; empty where the line has no colon.
    pub name: Bytes,
    /// Colon and white space between name and value; empty where the line has no colon.
    pub separator: Bytes,
    /// The raw value: folding (SIP) and trailing blanks kept. A line without colon is all value.
    pub value: Bytes,
    /// What ended the line: CRLF, or what stood in its place.
    pub line_end: Bytes,
}

impl Header {
    /// A header in canonical form: `Name: value` CRLF.
    pub fn new(name: &str, value: impl Into<Bytes>) -> Self {
        Self {
            name: Bytes::copy_from_slice(name.as_bytes()),
            separator: Bytes::from_static(COLON),
            value: value.into(),
            line_end: Bytes::from_static(CRLF),
        }
    }

    /// Takes one line apart, its line end (CRLF, LF or none) included. Always succeeds and loses nothing; a folded
    /// value may hold line ends of its own.
    pub fn from_line(line: &Bytes) -> Self {
        Self::from_part(line, 0..line.len())
    }

    /// The same for a line within `octets`; an empty header where the range lies outside.
    pub(crate) fn from_part(octets: &Bytes, line: Range<usize>) -> Self {
        let raw = octets.get(line.clone()).unwrap_or_default();
        let content = without_line_end(raw);
        let start = line.start;
        let part =
            |from: usize, to: usize| if from < to { octets.slice(start + from..start + to) } else { Bytes::new() };
        let usual = |from: usize, to: usize, usual: &'static [u8]| match raw.get(from..to) {
            // No reference count to touch.
            Some(here) if here == usual => Bytes::from_static(usual),
            _ => part(from, to),
        };
        let line_end = usual(content.len(), raw.len(), CRLF);
        let Some(colon) = memchr::memchr(b':', content) else {
            return Self { name: Bytes::new(), separator: Bytes::new(), value: part(0, content.len()), line_end };
        };
        let (before, after) = content.split_at(colon);
        let solid = |octet: &u8| !matches!(octet, b' ' | b'\t' | b':');
        let name_end = before.iter().rposition(solid).map_or(0, |last| last + 1);
        let blanks = after.iter().skip(1).take_while(|octet| matches!(octet, b' ' | b'\t')).count();
        let value_start = colon + 1 + blanks;
        Self {
            name: part(0, name_end),
            separator: usual(name_end, value_start, COLON),
            value: part(value_start, content.len()),
            line_end,
        }
    }

    /// Whether the name is this one, compared without case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The value as text: unfolded, blanks at both ends trimmed, bad UTF-8 replaced.
    pub fn text(&self) -> Cow<'_, str> {
        let text = String::from_utf8_lossy(self.value.trim_ascii());
        if memchr::memchr2(b'\r', b'\n', text.as_bytes()).is_some() { Cow::Owned(unfolded(&text)) } else { text }
    }

    /// How many octets the line takes.
    pub fn length(&self) -> usize {
        self.name.len() + self.separator.len() + self.value.len() + self.line_end.len()
    }

    /// Appends the line to `out`, octet for octet.
    pub fn write(&self, out: &mut Vec<u8>) {
        for part in [&self.name, &self.separator, &self.value, &self.line_end] {
            out.extend_from_slice(part);
        }
    }
}

/// The line without CRLF or LF at its end.
pub(crate) fn without_line_end(line: &[u8]) -> &[u8] {
    match line.strip_suffix(b"\n") {
        Some(rest) => rest.strip_suffix(b"\r").unwrap_or(rest),
        None => line,
    }
}

/// RFC 3261, 7.3.1: a line end with the white space around it counts as one space.
fn unfolded(text: &str) -> String {
    let mut lines = text.split(['\r', '\n']).map(|line| line.trim_matches([' ', '\t'])).filter(|line| !line.is_empty());
    let mut whole = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        whole.push(' ');
        whole.push_str(line);
    }
    whole
}

/// Header lines in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<Header>);

impl Headers {
    /// The first header of this name.
    pub fn get(&self, name: &str) -> Option<&Header> {
        self.0.iter().find(|header| header.is(name))
    }

    /// All headers of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Header> {
        self.0.iter().filter(move |header| header.is(name))
    }

    /// Appends a canonical header line.
    pub fn push(&mut self, name: &str, value: impl Into<Bytes>) {
        self.0.push(Header::new(name, value));
    }

    /// Replaces the value of the first header of this name, or appends one.
    pub fn set(&mut self, name: &str, value: impl Into<Bytes>) {
        match self.0.iter_mut().find(|header| header.is(name)) {
            Some(header) => header.value = value.into(),
            None => self.push(name, value),
        }
    }

    /// Removes all headers of this name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|header| !header.is(name));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &'static [u8]) -> [&'static str; 4] {
        let header = Header::from_line(&Bytes::from_static(line));
        let mut octets = Vec::new();
        header.write(&mut octets);
        assert_eq!(octets, line, "no octet is lost");
        [header.name, header.separator, header.value, header.line_end]
            .map(|part| part.escape_ascii().to_string().leak() as &str)
    }

    #[test]
    fn a_line_comes_apart_at_its_first_colon() {
        assert_eq!(parts(b"To-Path: msrp://a\r\n"), ["To-Path", ": ", "msrp://a", r"\r\n"]);
        assert_eq!(parts(b"a:b\n"), ["a", ":", "b", r"\n"]);
        assert_eq!(parts(b"a \t: \t b \r\n"), ["a", r" \t: \t ", "b ", r"\r\n"]);
        assert_eq!(parts(b"a:   \r\n"), ["a", ":   ", "", r"\r\n"]);
        assert_eq!(parts(b" a: b"), [" a", ": ", "b", ""]);
        assert_eq!(parts(b"no colon\r\n"), ["", "", "no colon", r"\r\n"]);
        assert_eq!(parts(b": x\r\n"), ["", ": ", "x", r"\r\n"]);
        assert_eq!(parts(b""), ["", "", "", ""]);
    }

    #[test]
    fn text_is_trimmed_and_unfolded() {
        let text = |value: &'static [u8]| Header::new("a", value).text().into_owned();
        assert_eq!(text(b"  x \t"), "x");
        assert_eq!(text(b"one\r\n two\r\n\t three"), "one two three");
        assert_eq!(text(b"one \n  two"), "one two");
        assert_eq!(text(b"\xff"), "\u{fffd}");
        assert_eq!(text(b"a  b"), "a  b");
    }

    #[test]
    fn set_replaces_the_first_only() {
        let mut headers = Headers::default();
        headers.push("A", "1");
        headers.push("a", "2");
        headers.set("a", "3");
        headers.set("B", "4");
        let values: Vec<_> = headers.0.iter().map(|header| header.value.to_vec()).collect();
        assert_eq!(values, [b"3".to_vec(), b"2".to_vec(), b"4".to_vec()]);
    }
}
