//! A ladder as a picture (SVG): text, lines and arrow heads, and nothing that runs or is fetched.

use std::fmt::Write;

use super::columns::{captions, cut, shortened};
use super::{Ladder, Row};
use crate::judge::verdict::Verdict;
use crate::report::escape;

/// Pixels of a row.
const ROW: usize = 20;
/// Where the first column stands: behind time and frame.
const FIRST: usize = 150;
/// Pixels from one column to the next.
const LANE: usize = 120;
/// Cells of a name, which fit between two columns.
const NAME: usize = 15;
/// Cells of a label and pixels of one.
const LABEL: usize = 110;
const CELL: usize = 8;
/// Rows after which the names of the columns are repeated.
const HEADER_EVERY: usize = 40;

const RED: &str = "#b00020";
const AMBER: &str = "#8a5a00";
const BLACK: &str = "#1a1a1a";
const GREY: &str = "#767676";

/// The flow as an SVG document. `title`: what it is of.
pub fn svg(ladder: &Ladder, title: &str) -> String {
    let count = ladder.participants.len();
    let switch = FIRST + count * LANE;
    let width = switch + 30 + LABEL * CELL;
    let headers = ladder.rows.len().div_ceil(HEADER_EVERY);
    let height = ROW * (ladder.rows.len() + 2 * headers + 2);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" font-size=\"13\">\n"
    );
    let _ = writeln!(out, "<title>{}</title>", xml(&escape::text(title)));
    out.push_str("<defs>\n");
    for (name, fill) in [("black", BLACK), ("red", RED), ("amber", AMBER), ("grey", GREY)] {
        let _ = writeln!(
            out,
            "<marker id=\"{name}\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"7\" markerHeight=\"7\" \
             orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"{fill}\"/></marker>"
        );
    }
    out.push_str("</defs>\n");
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
    for column in 0..=count {
        let x = FIRST + column * LANE;
        let _ = writeln!(
            out,
            "<line x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\" stroke=\"#c8c8c8\"/>",
            2 * ROW,
            height - ROW
        );
    }
    let mut y = 0;
    for rows in ladder.rows.chunks(HEADER_EVERY) {
        y += 2 * ROW;
        header(ladder, y - ROW / 2, &mut out);
        for row in rows {
            y += ROW;
            row_into(row, y, switch, &mut out);
        }
    }
    out.push_str("</svg>\n");
    out
}

fn header(ladder: &Ladder, y: usize, out: &mut String) {
    let names = captions(&ladder.participants).into_iter().map(|name| shortened(&name, NAME));
    let names = names.zip(&ladder.participants).map(|(name, whole)| (name, escape::text(whole)));
    let names: Vec<(String, String)> = names.chain([("switch".to_owned(), "the switch".to_owned())]).collect();
    let _ = writeln!(out, "<g font-weight=\"bold\" fill=\"{BLACK}\">");
    let _ = writeln!(out, "<text x=\"70\" y=\"{y}\" text-anchor=\"end\">time</text>");
    let _ = writeln!(out, "<text x=\"130\" y=\"{y}\" text-anchor=\"end\">frame</text>");
    for (column, (name, whole)) in names.iter().enumerate() {
        let x = FIRST + column * LANE;
        let (name, whole) = (xml(name), xml(whole));
        // Behind the name no line is to be seen.
        let _ = writeln!(out, "<rect x=\"{}\" y=\"{}\" width=\"4\" height=\"{ROW}\" fill=\"#ffffff\"/>", x - 2, y - 14);
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{name}<title>{whole}</title></text>");
    }
    out.push_str("</g>\n");
}

fn row_into(row: &Row, y: usize, switch: usize, out: &mut String) {
    let (name, colour) = match row.verdict() {
        Some(Verdict::Fail) => ("red", RED),
        Some(_) => ("amber", AMBER),
        None if row.way.is_connection() => ("grey", GREY),
        None => ("black", BLACK),
    };
    let own = FIRST + row.lane * LANE;
    let (from, to) = if row.way.points_right() == Some(false) { (switch, own) } else { (own, switch) };
    let head = row.way.points_right().map(|_| format!(" marker-end=\"url(#{name})\"")).unwrap_or_default();
    let dashes = if row.way.is_connection() { " stroke-dasharray=\"3 3\"" } else { "" };
    let sign = match row.verdict() {
        Some(Verdict::Fail) => "✗ ",
        Some(_) => "! ",
        None => "",
    };
    let line = y - 4;
    let _ = writeln!(out, "<g fill=\"{colour}\">");
    if !row.marks.is_empty() {
        let held = row.marks.iter().map(|mark| {
            format!("{} {}: expected {}; observed {}", mark.rule, mark.verdict.word(), mark.expected, mark.observed)
        });
        let held: Vec<String> = held.collect();
        let _ = writeln!(out, "<title>{}</title>", xml(&held.join("\n")));
    }
    let _ = writeln!(out, "<text x=\"70\" y=\"{y}\" text-anchor=\"end\">{:.3}</text>", row.at.as_secs_f64());
    if let Some(frame) = row.frame {
        let _ = writeln!(out, "<text x=\"130\" y=\"{y}\" text-anchor=\"end\">{frame}</text>");
    }
    let _ = writeln!(
        out,
        "<line x1=\"{from}\" y1=\"{line}\" x2=\"{to}\" y2=\"{line}\" stroke=\"{colour}\"{dashes}{head}/>"
    );
    let text = xml(&cut(&row.text(), LABEL));
    let _ = writeln!(out, "<text x=\"{}\" y=\"{y}\">{sign}{text}</text>", switch + 12);
    out.push_str("</g>\n");
}

/// Escaped text as XML; control characters are none of it any more.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
