//! Texts of feature files: placeholders and octets that cannot be typed.

use super::{Player, Scene};
use crate::suite::settings::RunSettings;

/// Replaces `{x41}` by the octet 0x41 and `{u00A0}` by the UTF-8 of that code point; everything else stays.
pub fn unquote(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, tail) = rest.split_at(open);
        out.extend_from_slice(before.as_bytes());
        match tail.find('}').and_then(|close| Some((octets_of(tail.get(1..close)?)?, close))) {
            Some((octets, close)) => {
                out.extend_from_slice(&octets);
                rest = tail.get(close + 1..).unwrap_or_default();
            }
            None => {
                out.push(b'{');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

fn octets_of(name: &str) -> Option<Vec<u8>> {
    if let Some(hex) = name.strip_prefix('x')
        && hex.len() == 2
    {
        return u8::from_str_radix(hex, 16).ok().map(|octet| vec![octet]);
    }
    let code = u32::from_str_radix(name.strip_prefix('u')?, 16).ok()?;
    char::from_u32(code).map(|character| character.to_string().into_bytes())
}

/// Longest word that a scenario asks for.
const MOST_LETTERS: usize = 1_000_000;

impl Scene {
    /// Fills in what belongs to the people and the room of the case: `{room}`, `{nonce}`, and for everybody who has
    /// appeared `{bob}` (the URI), `{bob-path}` (From-Path), `{bob-user}`, `{BOB-USER}`,
    /// `{sp}` is a blank, `{1200 letters}` a long word,
    /// `{bob-host}` and `{bob-escaped}`: the URI with an escape of RFC 3862 for the first letter of its user part.
    pub fn fill(&self, settings: &RunSettings, nonce: &str, text: &str) -> String {
        let room = self.room_uri(settings).bare().to_string();
        let mut text = with_letters(text).replace("{room}", &room).replace("{nonce}", nonce).replace("{sp}", " ");
        for player in self.players() {
            let key = player.name.to_lowercase();
            text = text
                .replace(&format!("{{{key}-path}}"), &player.from_path())
                .replace(&format!("{{{key}-user}}"), player.user())
                .replace(&format!("{{{}-USER}}", key.to_uppercase()), &player.user().to_uppercase())
                .replace(&format!("{{{key}-host}}"), player.host())
                .replace(&format!("{{{key}-escaped}}"), &escaped(player))
                .replace(&format!("{{{key}}}"), &player.uri);
        }
        text
    }
}

/// `{1200 letters}` becomes as many of them.
fn with_letters(text: &str) -> String {
    let letters = |(before, rest): (&str, &str)| {
        let (number, behind) = rest.split_once(" letters}")?;
        let number: usize = number.parse().ok().filter(|number| *number <= MOST_LETTERS)?;
        Some(format!("{before}{}{}", "abcdefghij".repeat(number.div_ceil(10)).get(..number)?, with_letters(behind)))
    };
    text.split_once('{').map_or_else(
        || text.to_owned(),
        |(before, rest)| letters((before, rest)).unwrap_or_else(|| format!("{before}{{{}", with_letters(rest))),
    )
}

fn escaped(player: &Player) -> String {
    let first = player.user().chars().next().unwrap_or('a');
    player.uri.replacen(&format!(":{first}"), &format!(":\\u{:04x}", u32::from(first)), 1)
}

impl Player {
    /// The From-Path of its requests.
    pub fn from_path(&self) -> String {
        self.call.map(|call| self.actor.look(|participant| participant.announced_path(call))).unwrap_or_default()
    }

    /// The path of the switch in its session.
    pub fn switch_path(&self) -> String {
        self.call
            .and_then(|call| {
                self.actor.look(|participant| {
                    let session = participant.session(call)?;
                    let path: Vec<String> = session.remote_path.iter().map(ToString::to_string).collect();
                    Some(path.join(" "))
                })
            })
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{unquote, with_letters};

    #[test]
    fn octets_and_code_points_are_written_in_braces() {
        assert_eq!(unquote("\"B{x01}ob\""), b"\"B\x01ob\"");
        assert_eq!(unquote("a{xC3}"), b"a\xC3");
        assert_eq!(unquote("a{u00A0}b"), "a\u{a0}b".as_bytes());
        assert_eq!(unquote("{x1} {nonce} {"), b"{x1} {nonce} {");
    }

    #[test]
    fn long_words_are_written_out() {
        assert_eq!(with_letters("a {3 letters} b {12 letters}{bob} {"), "a abc b abcdefghijab{bob} {");
        assert_eq!(with_letters("{99999999999 letters}"), "{99999999999 letters}");
    }
}
