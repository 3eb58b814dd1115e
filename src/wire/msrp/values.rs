//! Values of MSRP headers (RFC 4975, 9).

use std::fmt;
use std::str::FromStr;

/// Byte-Range: `start-end/total`, a star being `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// Position of the first octet, counted from 1.
    pub start: u64,
    /// Position of the last octet.
    pub end: Option<u64>,
    /// Length of the whole message.
    pub total: Option<u64>,
}

impl FromStr for ByteRange {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (start, rest) = text.split_once('-').ok_or(())?;
        let (end, total) = rest.split_once('/').ok_or(())?;
        Ok(Self { start: digits(start)?, end: digits_or_star(end)?, total: digits_or_star(total)? })
    }
}

fn digits(text: &str) -> Result<u64, ()> {
    if !text.bytes().all(|octet| octet.is_ascii_digit()) {
        return Err(());
    }
    text.parse().map_err(|_| ())
}

fn digits_or_star(text: &str) -> Result<Option<u64>, ()> {
    if text == "*" { Ok(None) } else { digits(text).map(Some) }
}

impl fmt::Display for ByteRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-", self.start)?;
        match self.end {
            Some(end) => write!(f, "{end}/")?,
            None => f.write_str("*/")?,
        }
        match self.total {
            Some(total) => write!(f, "{total}"),
            None => f.write_str("*"),
        }
    }
}

/// Failure-Report (RFC 4975, 7.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum FailureReport {
    /// `yes`, also when the header is missing.
    #[default]
    Yes,
    /// `no`: neither responses nor failure reports.
    No,
    /// `partial`: only failures are told.
    Partial,
}

impl FailureReport {
    /// Reads a header value; the literals of the grammar are compared without case (RFC 5234, 2.3).
    pub fn of_value(text: &str) -> Option<Self> {
        [("yes", Self::Yes), ("no", Self::No), ("partial", Self::Partial)]
            .into_iter()
            .find_map(|(word, meaning)| word.eq_ignore_ascii_case(text).then_some(meaning))
    }
}

/// Namespace and status code of a Status value; the comment is free text (interpretation T66).
pub(super) fn status_of(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.splitn(3, ' ');
    let (namespace, status) = (parts.next()?, parts.next()?);
    let three_digits = |text: &str| text.len() == 3 && text.bytes().all(|octet| octet.is_ascii_digit());
    (three_digits(namespace) && three_digits(status)).then(|| status.parse().ok())?.map(|status| (namespace, status))
}

/// Whether the text keeps the `ident` grammar of transaction and message identifiers: 4 to 32 characters, the first
/// alphanumeric.
pub fn is_ident(text: &str) -> bool {
    let octets = text.as_bytes();
    (4..=32).contains(&octets.len())
        && octets.first().is_some_and(u8::is_ascii_alphanumeric)
        && octets.iter().all(|octet| octet.is_ascii_alphanumeric() || b".-+%=".contains(octet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_ranges() {
        let range = |start, end, total| Ok(ByteRange { start, end, total });
        assert_eq!("1-*/*".parse(), range(1, None, None));
        assert_eq!("1-0/0".parse(), range(1, Some(0), Some(0)));
        assert_eq!("138-147/148".parse(), range(138, Some(147), Some(148)));
        assert_eq!("1-*/8".parse(), range(1, None, Some(8)));
        for bad in
            ["", "1", "1-2", "-2/3", "*-2/3", "1-/3", "1-2/", "+1-2/3", "1-2/3/4", "1 -2/3", "99999999999999999999-1/1"]
        {
            assert_eq!(bad.parse::<ByteRange>(), Err(()), "{bad}");
        }
        assert_eq!(ByteRange { start: 1, end: None, total: Some(8) }.to_string(), "1-*/8");
        assert_eq!(ByteRange { start: 9, end: Some(10), total: None }.to_string(), "9-10/*");
    }

    #[test]
    fn idents_have_4_to_32_characters() {
        for good in ["d93k", "a786hjs2", "a.-+%=b", "1234567890abcdefghijABCDEFGHIJ.%"] {
            assert!(is_ident(good), "{good}");
        }
        for bad in ["", "abc", ".abc", "ab c", "ab_cd", "abc\u{e9}", "1234567890abcdefghijABCDEFGHIJ.%x"] {
            assert!(!is_ident(bad), "{bad}");
        }
    }

    #[test]
    fn status_needs_three_digits_twice() {
        assert_eq!(status_of("000 200 OK"), Some(("000", 200)));
        assert_eq!(status_of("000 413"), Some(("000", 413)));
        for bad in ["", "000", "200 OK", "0 200", "000 20", "000  200", "000 2000"] {
            assert_eq!(status_of(bad), None, "{bad}");
        }
    }
}
