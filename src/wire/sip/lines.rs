//! Lines and folded lines: what both the parser and the stream framer cut by, so that they never disagree.

use std::ops::Range;

/// A line, or a header line with its continuation lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its octets without the line end.
    pub text: Range<usize>,
    /// Its line end: CRLF, a lone LF, or nothing where the input ends.
    pub line_end: Range<usize>,
}

impl Line {
    /// Where the next line starts.
    pub fn next(&self) -> usize {
        self.line_end.end
    }
}

/// The line that starts at `from`; to the end of the input where no LF follows.
pub(super) fn line(octets: &[u8], from: usize) -> Line {
    let rest = octets.get(from..).unwrap_or_default();
    match memchr::memchr(b'\n', rest) {
        Some(0) => Line { text: from..from, line_end: from..from + 1 },
        Some(at) => {
            let newline = from + at;
            let text_end = if octets.get(newline - 1) == Some(&b'\r') { newline - 1 } else { newline };
            Line { text: from..text_end, line_end: text_end..newline + 1 }
        }
        None => Line { text: from..octets.len(), line_end: octets.len()..octets.len() },
    }
}

/// The header line that starts at `from`, with the lines that begin with a blank after it (RFC 3261, 7.3.1).
pub(super) fn folded(octets: &[u8], from: usize) -> Line {
    let mut whole = line(octets, from);
    while matches!(octets.get(whole.next()), Some(b' ' | b'\t')) && whole.line_end.start < whole.line_end.end {
        let more = line(octets, whole.next());
        whole = Line { text: from..more.text.end, line_end: more.line_end };
    }
    whole
}

/// How many octets of carriage returns and line feeds stand at the start.
pub(super) fn leading_empty_lines(octets: &[u8]) -> usize {
    octets.iter().take_while(|octet| matches!(octet, b'\r' | b'\n')).count()
}

/// The octets of a header line that are its name: what stands before the colon, without the blanks after it.
pub(super) fn name(text: &[u8]) -> Option<&[u8]> {
    let colon = memchr::memchr(b':', text)?;
    let name = text.get(..colon)?;
    let end = name.iter().rposition(|octet| !matches!(octet, b' ' | b'\t')).map_or(0, |last| last + 1);
    name.get(..end)
}

/// Whether every octet may stand in a token (RFC 3261, 25.1), and there is one.
pub(super) fn is_token(octets: &[u8]) -> bool {
    !octets.is_empty() && octets.iter().all(|octet| octet.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(octet))
}

/// What a header of digits alone says: `None` when it is no number. A number too great for this machine is its greatest.
pub(super) fn number(value: &[u8]) -> Option<usize> {
    let digits = value.trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(digits.iter().fold(0_usize, |sum, digit| sum.saturating_mul(10).saturating_add(usize::from(digit - b'0'))))
}
