//! The call flow of a capture: a column for each participant and one for the switch, a row for each message.
//!
//! A ladder shows and does not judge, but rows that the rules hold against somebody are marked. What goes without saying is
//! folded: the 200 to a SEND, keep-alives, retransmissions. A marked message never is: its frame must be found.

mod columns;
mod drafts;
mod fold;
mod labels;
mod marks;
mod selection;
mod svg;
mod terminal;
#[cfg(test)]
mod tests;

use std::time::Duration;

use super::escape;
use crate::judge::record::RuleRecord;
use crate::judge::trace::Trace;
use crate::judge::verdict::Verdict;
use crate::port::Moment;
use crate::transcript::Transcript;

pub use selection::Selection;
pub use svg::svg;
pub use terminal::render;

/// Names and sessions that one sentence or list shows.
const SHOWN: usize = 8;

/// A call flow.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    /// Whose columns are shown, in the order in which they first speak.
    pub participants: Vec<String>,
    /// The rows that were selected, in order.
    pub rows: Vec<Row>,
    /// The sessions that were selected, with their numbers.
    pub sessions: Vec<(usize, Call)>,
    /// The rules that marked rows, worst first.
    pub rules: Vec<Marking>,
    /// What the reader should know of what is not shown.
    pub remarks: Vec<String>,
    /// What there would have been to select from.
    pub stock: Stock,
}

/// A session, as it is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// Whose it is.
    pub participant: String,
    /// The room.
    pub room: String,
    /// The Call-ID of its dialog.
    pub call_id: String,
}

/// A message, a connection opened or closed, or several that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// When, from the first frame.
    pub at: Moment,
    /// The frame with its last octet, if the transcript is of a capture.
    pub frame: Option<u64>,
    /// Whose: index into [`Ladder::participants`].
    pub lane: usize,
    /// Which way.
    pub way: Way,
    /// What it is, escaped.
    pub label: String,
    /// Whether a 200 that answered it is folded into it.
    pub answered: bool,
    /// How many it stands for.
    pub count: usize,
    /// When the last of them crossed.
    pub until: Moment,
    /// What the rules hold against it, worst first.
    pub marks: Vec<Mark>,
}

impl Row {
    /// The label, with what was folded into the row.
    pub fn text(&self) -> String {
        let mut text = self.label.clone();
        if self.count > 1 {
            text.push_str(&format!(" ×{} to {:.3} s", self.count, self.until.as_secs_f64()));
        }
        if self.answered {
            text.push_str(" → 200");
        }
        text
    }

    /// The worst that is held against it.
    pub fn verdict(&self) -> Option<Verdict> {
        self.marks.first().map(|mark| mark.verdict)
    }
}

/// The way of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the participant to the switch.
    ToSwitch,
    /// From the switch to the participant.
    FromSwitch,
    /// A connection between the two.
    Between,
    /// The participant closes it.
    ClosedToSwitch,
    /// The switch closes it.
    ClosedFromSwitch,
}

impl Way {
    /// Whether its arrow points at the switch; `None`: it has no point.
    fn points_right(self) -> Option<bool> {
        match self {
            Self::ToSwitch | Self::ClosedToSwitch => Some(true),
            Self::FromSwitch | Self::ClosedFromSwitch => Some(false),
            Self::Between => None,
        }
    }

    /// Whether it is about a connection and no message.
    fn is_connection(self) -> bool {
        !matches!(self, Self::ToSwitch | Self::FromSwitch)
    }
}

/// What a rule holds against a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The rule.
    pub rule: String,
    /// Fail or advisory.
    pub verdict: Verdict,
    /// What was expected, escaped.
    pub expected: String,
    /// What came instead, escaped.
    pub observed: String,
}

/// A rule that marked rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marking {
    /// The rule.
    pub rule: String,
    /// Its worst mark.
    pub verdict: Verdict,
    /// What it is about.
    pub purpose: String,
    /// The frames of the rows.
    pub frames: Vec<u64>,
}

/// What there is to select from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// All participants.
    pub participants: Vec<String>,
    /// How many MSRP sessions there are.
    pub sessions: usize,
    /// How many messages and connection events.
    pub rows: usize,
    /// When the first and the last of them crossed.
    pub span: (Moment, Moment),
}

impl Stock {
    /// One sentence about it, escaped.
    pub fn sentence(&self) -> String {
        if self.rows == 0 {
            return "the capture shows nothing between participants and a switch".to_owned();
        }
        let mut names: Vec<String> = self.participants.iter().take(SHOWN).map(|name| escape::text(name)).collect();
        if self.participants.len() > SHOWN {
            names.push(format!("{} more", self.participants.len() - SHOWN));
        }
        let seconds = |at: Duration| format!("{:.3}", at.as_secs_f64());
        format!(
            "the capture has {}: {}; {}; {} from {} s to {} s",
            counted(self.participants.len(), "participant"),
            names.join(", "),
            counted(self.sessions, "session"),
            counted(self.rows, "row"),
            seconds(self.span.0),
            seconds(self.span.1)
        )
    }
}

fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {word}{plural}")
}

impl Ladder {
    /// Draws the flow of a transcript. `frames`: of each event, the frames with its first and its last octet, where it comes
    /// from a capture. `rules`: what the rules made of the transcript.
    pub fn of(transcript: &Transcript, frames: &[[u64; 2]], rules: &[RuleRecord], selection: &Selection) -> Self {
        let trace = Trace::of(transcript);
        let mut drafts = drafts::of(transcript, &trace, frames);
        let stock = stock(transcript, &trace, &drafts);
        let mut remarks = marks::put(&mut drafts, &trace, rules);
        remarks.extend(drafts::unread(transcript, &trace, selection));
        let sessions = selection.apply(transcript, &trace, &mut drafts);
        if !selection.all {
            fold::fold(&mut drafts, &trace);
        }
        let mut ladder = Self { sessions, remarks, stock, ..Self::default() };
        for draft in drafts {
            let Some(pco) = transcript.pcos.get(draft.pco.0) else { continue };
            let known = ladder.participants.iter().position(|name| *name == pco.participant);
            let lane = known.unwrap_or_else(|| {
                ladder.participants.push(pco.participant.clone());
                ladder.participants.len() - 1
            });
            ladder.rows.push(Row { lane, ..draft.row });
        }
        ladder.rules = marks::summed(&ladder.rows, rules);
        ladder
    }
}

fn stock(transcript: &Transcript, trace: &Trace, drafts: &[drafts::Draft]) -> Stock {
    let mut stock = Stock { sessions: trace.sessions.len(), rows: drafts.len(), ..Stock::default() };
    if let (Some(first), Some(last)) = (drafts.first(), drafts.last()) {
        stock.span = (first.row.at, last.row.at);
    }
    for pco in &transcript.pcos {
        if !stock.participants.contains(&pco.participant) {
            stock.participants.push(pco.participant.clone());
        }
    }
    stock
}
