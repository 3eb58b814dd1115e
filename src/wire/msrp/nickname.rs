//! The nickname of a Use-Nickname header (RFC 7701, 7.1).

/// Why a Use-Nickname value is no nickname (RFC 7701, 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NicknameSyntax {
    /// Not in double quotes, or something after the closing quote.
    #[error("not a quoted string")]
    Unquoted,
    /// A backslash that escapes neither a quote nor a backslash.
    #[error("a backslash that escapes nothing")]
    BadEscape,
    /// An octet outside `qdtext`.
    #[error("an octet that a quoted string must not hold")]
    BadOctet,
    /// Not UTF-8.
    #[error("not UTF-8")]
    BadUtf8,
}

/// Reads the value of Use-Nickname: the quoted string's content with escapes removed, empty for `""`. Blanks after the
/// closing quote are tolerated (interpretation T41). Length is not judged here (interpretation T40), and sequences of
/// five and six octets, which the grammar of RFC 4975 allows and RFC 3629 does not, count as bad UTF-8 (T50).
///
/// ```
/// use msrpspec::wire::msrp::{NicknameSyntax, parse_nickname};
///
/// assert_eq!(parse_nickname(b"\"Alice \\\"the great\\\"\""), Ok("Alice \"the great\"".to_owned()));
/// assert_eq!(parse_nickname(b"\"Bob"), Err(NicknameSyntax::Unquoted));
/// ```
pub fn parse_nickname(value: &[u8]) -> Result<String, NicknameSyntax> {
    let trailing = value.iter().rev().take_while(|octet| matches!(octet, b' ' | b'\t')).count();
    let Some((b'"', quoted)) = value.get(..value.len() - trailing).and_then(<[u8]>::split_first) else {
        return Err(NicknameSyntax::Unquoted);
    };
    let mut nickname = Vec::with_capacity(quoted.len());
    let mut octets = quoted.iter().copied();
    loop {
        match octets.next() {
            None => return Err(NicknameSyntax::Unquoted),
            Some(b'"') if octets.len() == 0 => break,
            Some(b'"') => return Err(NicknameSyntax::Unquoted),
            Some(b'\\') => match octets.next() {
                Some(escaped @ (b'"' | b'\\')) => nickname.push(escaped),
                _ => return Err(NicknameSyntax::BadEscape),
            },
            Some(octet) if octet == b'\t' || (octet >= 0x20 && octet != 0x7f) => nickname.push(octet),
            Some(_) => return Err(NicknameSyntax::BadOctet),
        }
    }
    String::from_utf8(nickname).map_err(|_| NicknameSyntax::BadUtf8)
}

/// Writes a Use-Nickname value: quotes around, quote and backslash escaped.
pub fn quote_nickname(nickname: &str) -> String {
    let mut quoted = String::with_capacity(nickname.len() + 2);
    quoted.push('"');
    for character in nickname.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_strings() {
        let good: [(&[u8], &str); 8] = [
            (br#""Alice the great""#, "Alice the great"),
            (br#""""#, ""),
            (br#""   ""#, "   "),
            (b"\"a\tb\"", "a\tb"),
            (br#""a \"quoted\" \\ b""#, r#"a "quoted" \ b"#),
            (br#""\\""#, r"\"),
            ("\"\u{1f600}\u{e9}\"".as_bytes(), "\u{1f600}\u{e9}"),
            (b"\"Bob\" \t", "Bob"),
        ];
        for (value, nickname) in good {
            assert_eq!(parse_nickname(value).as_deref(), Ok(nickname), "{}", value.escape_ascii());
        }
    }

    #[test]
    fn each_violation_has_its_name() {
        let bad: [(&[u8], NicknameSyntax); 17] = [
            (b"", NicknameSyntax::Unquoted),
            (b" ", NicknameSyntax::Unquoted),
            (b"Bob", NicknameSyntax::Unquoted),
            (b"\"", NicknameSyntax::Unquoted),
            (b"\"Bob", NicknameSyntax::Unquoted),
            (b"Bob\"", NicknameSyntax::Unquoted),
            (b" \"Bob\"", NicknameSyntax::Unquoted),
            (b"\"Bob\" x", NicknameSyntax::Unquoted),
            (b"\"Bob\"\"", NicknameSyntax::Unquoted),
            (b"'Bob'", NicknameSyntax::Unquoted),
            (br#""Bob\""#, NicknameSyntax::Unquoted),
            (br#""B\ob""#, NicknameSyntax::BadEscape),
            (br#""Bob\"#, NicknameSyntax::BadEscape),
            (b"\"B\x00b\"", NicknameSyntax::BadOctet),
            (b"\"B\x7fb\"", NicknameSyntax::BadOctet),
            (b"\"B\xffb\"", NicknameSyntax::BadUtf8),
            (b"\"\xf8\x88\x80\x80\x80\"", NicknameSyntax::BadUtf8),
        ];
        for (value, error) in bad {
            assert_eq!(parse_nickname(value), Err(error), "{}", value.escape_ascii());
        }
    }

    #[test]
    fn quoting_escapes_what_must_be() {
        assert_eq!(quote_nickname(r#"a "b" \"#), r#""a \"b\" \\""#);
        assert_eq!(quote_nickname(""), r#""""#);
    }
}
