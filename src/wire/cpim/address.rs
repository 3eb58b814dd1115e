//! Addresses of CPIM headers (RFC 3862, 4.1 to 4.3).

/// A From, To or cc value: `[Formal-name] "<" URI ">"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The formal name with quotes and escapes removed.
    pub formal_name: Option<String>,
    /// What stands between the brackets, escapes removed.
    pub uri: String,
}

impl Address {
    /// Reads a header value; the URI is in the bracketed part outside quotes. Escapes are read wherever they stand, also
    /// where none was needed (RFC 3862, 2.3.1).
    pub fn parse(value: &str) -> Option<Self> {
        let (formal_name, uri) = bracketed(value)?;
        let uri = if uri.contains('\\') { Some(unescaped(uri)).filter(|uri| is_uri(uri))? } else { uri.to_owned() };
        Some(Self { formal_name: formal_name_of(formal_name)?, uri })
    }
}

/// What stands before the brackets and what between them; nothing follows them.
pub(super) fn bracketed(value: &str) -> Option<(&str, &str)> {
    let open = outside_quotes(value, '<')?;
    let (before, rest) = value.split_at(open);
    let (uri, after) = rest.strip_prefix('<')?.split_once('>')?;
    (after.trim_matches([' ', '\t']).is_empty() && is_uri(uri)).then_some((before, uri))
}

/// An absolute URI as far as its characters show: a scheme, a colon, and neither blanks, controls nor delimiters.
fn is_uri(uri: &str) -> bool {
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
        && uri.len() > scheme.len() + 1
        && uri.bytes().all(|octet| octet.is_ascii_graphic() && !b"<>\"".contains(&octet))
}

/// Position of the first such character that no quoted string holds.
fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            _ if character == wanted && !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

/// `1*( Token SP ) / String`, with a blank after the string tolerated (interpretation T18). The outer `None` is a
/// malformed name, the inner one no name.
#[allow(clippy::option_option)]
fn formal_name_of(text: &str) -> Option<Option<String>> {
    let text = text.trim_matches([' ', '\t']);
    if text.is_empty() {
        return Some(None);
    }
    match text.strip_prefix('"') {
        Some(rest) => quoted(rest).map(|inner| Some(unescaped(inner))),
        None => {
            let separator = |c: char| c.is_ascii_control() || "()<>@,;:\\\"/[]?={}".contains(c);
            (!text.contains(separator)).then(|| Some(text.to_owned()))
        }
    }
}

/// What stands before the closing quote, if nothing follows it.
fn quoted(rest: &str) -> Option<&str> {
    let mut escaped = false;
    let close = rest.char_indices().find(|(_, character)| {
        let closes = *character == '"' && !escaped;
        escaped = *character == '\\' && !escaped;
        closes
    });
    close.filter(|(at, _)| at + 1 == rest.len()).and_then(|(at, _)| rest.get(..at))
}

/// Escapes of RFC 3862, 2.3; an unknown one stands for the character after the backslash (2.3.1).
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match rest.next() {
            Some('b') => plain.push('\u{8}'),
            Some('t') => plain.push('\t'),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('u') => {
                let code = rest.as_str().get(..4).filter(|code| code.bytes().all(|octet| octet.is_ascii_hexdigit()));
                match code.and_then(|code| u32::from_str_radix(code, 16).ok()) {
                    Some(code) => {
                        plain.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                        rest = rest.as_str().get(4..).unwrap_or_default().chars();
                    }
                    None => plain.push('u'),
                }
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}
