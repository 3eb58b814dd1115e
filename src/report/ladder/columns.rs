//! Texts cut to the cells of a terminal.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::labels::without_scheme;
use crate::report::escape;

/// How many cells a text takes.
pub(super) fn cells(text: &str) -> usize {
    text.width()
}

/// A text cut at its end to at most so many cells, with an ellipsis.
pub(super) fn cut(text: &str, width: usize) -> String {
    // Marks without a width of their own could be piled up.
    if cells(text) <= width && text.chars().count() <= 4 * width {
        return text.to_owned();
    }
    let mut kept = leading(text.chars(), width.saturating_sub(1));
    kept.push('…');
    kept
}

/// A text shortened in its middle to at most so many cells.
pub(super) fn shortened(text: &str, width: usize) -> String {
    if cells(text) <= width && text.chars().count() <= 4 * width {
        return text.to_owned();
    }
    let room = width.saturating_sub(1);
    let tail: String = leading(text.chars().rev(), room / 2).chars().rev().collect();
    format!("{}…{tail}", leading(text.chars(), room - room / 2))
}

fn leading(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    let fits = |character: &char| {
        used += character.width().unwrap_or_default();
        used <= width
    };
    characters.take(4 * width).take_while(fits).collect()
}

/// A text filled with blanks to so many cells.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(cells(text))))
}

/// What participants are called over their columns: the user of the URI where that tells them apart, else the URI.
pub(super) fn captions(participants: &[String]) -> Vec<String> {
    let whole = || participants.iter().map(|name| without_scheme(name));
    let users: Vec<&str> = whole().map(|name| name.split('@').next().unwrap_or_default()).collect();
    let apart = users.iter().enumerate().all(|(index, user)| {
        let earlier = users.get(..index).unwrap_or_default();
        !user.is_empty() && !earlier.iter().any(|other| other.eq_ignore_ascii_case(user))
    });
    let named: Vec<&str> = if apart { users } else { whole().collect() };
    named.into_iter().map(escape::text).collect()
}
