//! A ladder in a terminal, as wide as that is.

use std::fmt::Write;

use super::columns::{captions, cells, cut, padded, shortened};
use super::{Ladder, Row, SHOWN};
use crate::judge::verdict::Verdict;
use crate::report::escape;
use crate::report::terminal::{bold, colour, dim};

/// Rows after which the names of the columns are repeated.
const HEADER_EVERY: usize = 40;
/// The least and the most cells from one column to the next. The least has room for an arrow.
const LANE: (usize, usize) = (5, 16);
/// Cells that labels have before columns get any, if the terminal is wide enough.
const LABEL: usize = 40;
/// Cells that a label has in any case: better a line that is too long than one that says nothing.
const LEAST_LABEL: usize = 12;
/// Frames of one rule that are listed.
const FRAMES: usize = 12;
const SWITCH: &str = "switch";

/// The flow for people, with colours; strip them where they are not wanted. `width`: cells of the terminal.
pub fn render(ladder: &Ladder, width: usize) -> String {
    let layout = Layout::of(ladder, width);
    let mut out = String::new();
    for (number, call) in ladder.sessions.iter().take(SHOWN) {
        let (who, room) = (escape::text(&call.participant), escape::text(&call.room));
        let _ = writeln!(out, "session {number}: {who} in {room}, Call-ID {}", escape::text(&call.call_id));
    }
    if ladder.sessions.len() > SHOWN {
        let _ = writeln!(out, "and {} sessions more", ladder.sessions.len() - SHOWN);
    }
    for rows in ladder.rows.chunks(HEADER_EVERY) {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{}", bold(layout.header().trim_end()));
        for row in rows {
            let _ = writeln!(out, "{}", layout.row(row));
        }
    }
    closing(ladder, &mut out);
    out
}

fn closing(ladder: &Ladder, out: &mut String) {
    if !ladder.rules.is_empty() {
        out.push('\n');
    }
    for marking in &ladder.rules {
        let frames: Vec<String> = marking.frames.iter().take(FRAMES).map(ToString::to_string).collect();
        let more = if marking.frames.len() > FRAMES { ", ..." } else { "" };
        let place = match frames.as_slice() {
            [] => String::new(),
            [frame] => format!(" (frame {frame})"),
            frames => format!(" (frames {}{more})", frames.join(", ")),
        };
        let title = format!("{} {}", sign(marking.verdict), marking.rule);
        let _ = writeln!(out, "{} {}{place}", colour(marking.verdict, &title), escape::text(&marking.purpose));
    }
    for remark in &ladder.remarks {
        let _ = writeln!(out, "remark: {}", escape::text(remark));
    }
}

fn sign(verdict: Verdict) -> &'static str {
    if verdict == Verdict::Fail { "✗" } else { "!" }
}

/// How the cells of a line are divided.
#[derive(Debug)]
struct Layout {
    time: usize,
    frame: usize,
    names: Vec<String>,
    shape: Shape,
    label: usize,
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    /// Columns, each so many cells after the one before.
    Columns(usize),
    /// Too many participants for columns: their names in one column of so many cells.
    Names(usize),
}

impl Layout {
    fn of(ladder: &Ladder, width: usize) -> Self {
        let last = ladder.rows.iter().map(|row| row.at).max().unwrap_or_default();
        let time = seconds(last.as_secs_f64()).len().max(7);
        let frame = ladder.rows.iter().filter_map(|row| row.frame).max().unwrap_or_default().to_string().len().max(5);
        let captions = captions(&ladder.participants);
        let widest = captions.iter().map(|name| cells(name)).max().unwrap_or_default();
        // Of what is left, the last column takes a cell, and label and sign have three before them.
        let left = width.saturating_sub(time + frame + 2 + 2 + 1 + 4);
        let count = captions.len().max(1);
        let (least, most) = LANE;
        let spare = left.saturating_sub(LABEL.max(left / 2).min(left));
        let lane = (spare / count).min(most).min(widest + 2).max(least);
        let (shape, label) = if lane * count + LEAST_LABEL * 2 <= left {
            (Shape::Columns(lane), left - lane * count)
        } else {
            let name = widest.min(width / 5).max(4);
            (Shape::Names(name), left.saturating_sub(name + 1))
        };
        let room = match shape {
            Shape::Columns(lane) => lane - 1,
            Shape::Names(name) => name,
        };
        let names = captions.iter().map(|name| shortened(name, room)).collect();
        Self { time, frame, names, shape, label: label.max(LEAST_LABEL) }
    }

    fn header(&self) -> String {
        let (time, frame) = (self.time, self.frame);
        let names = match self.shape {
            Shape::Columns(lane) => {
                let names: String = self.names.iter().map(|name| padded(name, lane)).collect();
                format!("{names}{SWITCH}")
            }
            Shape::Names(_) => "who, to (>) or from (<) the switch".to_owned(),
        };
        format!("{:>time$}  {:>frame$}  {names}", "time", "frame")
    }

    fn row(&self, row: &Row) -> String {
        let (time, frame) = (self.time, self.frame);
        let number = row.frame.map(|frame| frame.to_string()).unwrap_or_default();
        let start = format!("{:>time$}  {number:>frame$}  ", seconds(row.at.as_secs_f64()));
        let way = match self.shape {
            Shape::Columns(lane) => self.arrow(row, lane),
            Shape::Names(width) => {
                let name = self.names.get(row.lane).map(String::as_str).unwrap_or_default();
                let point = match row.way.points_right() {
                    Some(true) => '>',
                    Some(false) => '<',
                    None => '-',
                };
                format!("{} {point}", padded(name, width))
            }
        };
        let mark = row.verdict().map_or(" ", sign);
        let rules = rules(row);
        let room = self.label.saturating_sub(cells(&rules)).max(LEAST_LABEL);
        let text = cut(&row.text(), room);
        let label = format!("{mark} {text}{rules}");
        let label = match row.verdict() {
            Some(verdict) => colour(verdict, &label),
            None if row.way.is_connection() => dim(&label),
            None => label,
        };
        format!("{start}{way} {label}")
    }

    /// The lines of all columns, crossed by the arrow of one.
    fn arrow(&self, row: &Row, lane: usize) -> String {
        let end = self.names.len() * lane;
        let start = row.lane * lane;
        let line = if row.way.is_connection() { '┄' } else { '─' };
        let point = match row.way.points_right() {
            Some(true) => Some((end - 1, '>')),
            Some(false) => Some((start + 1, '<')),
            None => None,
        };
        let cell = |at: usize| match at {
            _ if point.is_some_and(|(place, _)| place == at) => point.map_or(' ', |(_, point)| point),
            _ if at == start && row.way.points_right() != Some(false) => '├',
            _ if at == end && row.way.points_right() != Some(true) => '┤',
            _ if at > start && at < end && at.is_multiple_of(lane) => '┼',
            _ if at > start && at < end => line,
            _ if at.is_multiple_of(lane) => '│',
            _ => ' ',
        };
        (0..=end).map(cell).collect()
    }
}

/// The rules that a row fails, the first by name.
fn rules(row: &Row) -> String {
    let mut fails = row.marks.iter().filter(|mark| mark.verdict == Verdict::Fail);
    match (fails.next(), fails.count()) {
        (None, _) => String::new(),
        (Some(first), 0) => format!(" {}", first.rule),
        (Some(first), more) => format!(" {} +{more}", first.rule),
    }
}

fn seconds(at: f64) -> String {
    format!("{at:.3}")
}
