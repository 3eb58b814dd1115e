//! Octets as text that neither a terminal nor an XML or JSON reader can be harmed by, and that can be turned back.

/// Writes octets as text. Characters that can be shown stay as they are; `\` becomes `\\`, carriage return, line feed
/// and tab become `\r`, `\n` and `\t`; every other octet becomes `\xHH`. That goes for control characters, for what is
/// not UTF-8, and for characters that change the order or the look of others.
pub fn octets(octets: &[u8]) -> String {
    let mut escaped = String::with_capacity(octets.len());
    for chunk in octets.utf8_chunks() {
        text_into(chunk.valid(), &mut escaped);
        hex_into(chunk.invalid(), &mut escaped);
    }
    escaped
}

/// Writes text from outside as [`octets`] does.
pub fn text(text: &str) -> String {
    octets(text.as_bytes())
}

/// Turns an escaped text back; `None` if it is not one.
pub fn unescape(escaped: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some((before, behind)) = rest.split_once('\\') {
        octets.extend(before.as_bytes());
        let (octet, taken) = match *behind.as_bytes().first()? {
            b'\\' => (b'\\', 1),
            b'r' => (b'\r', 1),
            b'n' => (b'\n', 1),
            b't' => (b'\t', 1),
            b'x' => (u8::from_str_radix(behind.get(1..3)?, 16).ok()?, 3),
            _ => return None,
        };
        octets.push(octet);
        rest = behind.get(taken..)?;
    }
    octets.extend(rest.as_bytes());
    Some(octets)
}

fn text_into(text: &str, escaped: &mut String) {
    for character in text.chars() {
        match character {
            '\\' => escaped.push_str("\\\\"),
            '\r' => escaped.push_str("\\r"),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            shown if is_harmless(shown) => escaped.push(shown),
            other => hex_into(other.encode_utf8(&mut [0; 4]).as_bytes(), escaped),
        }
    }
}

fn hex_into(octets: &[u8], escaped: &mut String) {
    for octet in octets {
        escaped.push_str("\\x");
        for digit in [octet >> 4, octet & 15] {
            escaped.extend(char::from_digit(u32::from(digit), 16));
        }
    }
}

fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            // Marks of direction, joiners, invisible operators, byte order mark, annotations.
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            // Tags and private use.
            | '\u{e0000}'..='\u{e0fff}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{octets, unescape};

    #[test]
    fn what_could_do_harm_is_escaped_and_the_rest_stays() {
        assert_eq!(octets(b"MSRP a 200 OK\r\n"), r"MSRP a 200 OK\r\n");
        assert_eq!(octets("Zoë 愛 \u{1F600}".as_bytes()), "Zoë 愛 \u{1F600}");
        assert_eq!(octets(b"\x1b[31m\x07\x00\xff\\"), r"\x1b[31m\x07\x00\xff\\");
        assert_eq!(
            octets("\u{202e}\u{feff}\u{9b}\u{ffff}".as_bytes()),
            r"\xe2\x80\xae\xef\xbb\xbf\xc2\x9b\xef\xbf\xbf"
        );
    }

    proptest! {
        #[test]
        fn every_escape_can_be_turned_back(original: Vec<u8>) {
            let escaped = octets(&original);
            prop_assert!(escaped.chars().all(|character| !character.is_control()));
            prop_assert_eq!(unescape(&escaped), Some(original));
        }
    }
}
