//! What the live switch did otherwise than the recorded one, answer by answer and by meaning.

use std::collections::HashSet;

use super::live::title;
use super::meaning::{Content, Entry};
use super::script::{Act, Meaning};
use super::troupe::{Fate, Surplus, Troupe};

/// Something that was otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The frame of the capture that shows how it was; of what was not in the capture, none.
    pub frame: Option<u64>,
    /// What was otherwise, in a line; what comes from the capture or the network may hold anything printable or not.
    pub what: String,
}

/// What came of a replay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was otherwise; what follows from another difference is left out.
    pub differences: Vec<Difference>,
    /// How many answers, deliveries, reports, requests and rosters were compared and found the same.
    pub same: usize,
    /// How many could not be compared, because something before them was otherwise.
    pub follows: usize,
    /// How much came that the recording ended too early to show.
    pub unseen: usize,
    /// Users who were asked for a password that nobody told.
    pub locked_out: Vec<String>,
    /// Whether the live switch ever answered.
    pub heard: bool,
}

impl Troupe {
    /// Compares what came with what had come in the recording.
    pub fn outcome(&self) -> Outcome {
        let mut outcome = Outcome {
            heard: self.heard,
            unseen: self.unseen,
            locked_out: self.locked_out.iter().cloned().collect(),
            ..Outcome::default()
        };
        let refused = self.refused();
        let cut: HashSet<usize> = self.dead.iter().copied().collect();
        for (expected, fate) in self.script.expected.iter().zip(&self.fates) {
            let frame = Some(expected.frame);
            let who = self.who(expected.call);
            let mut differ = |what: String| outcome.differences.push(Difference { frame, what });
            match (&expected.meaning, fate) {
                (Meaning::Answer { step, status }, Fate::Other(now)) => {
                    differ(format!("{}: answered {status} in the capture, {now} now", self.what(*step)));
                }
                (_, Fate::Met | Fate::Other(_)) => outcome.same += 1,
                _ if cut.contains(&expected.call) => outcome.follows += 1,
                (Meaning::Answer { step, status }, _) => {
                    differ(format!("{}: answered {status} in the capture, not answered now", self.what(*step)));
                }
                (Meaning::Delivery { content, .. }, _) if refused.iter().any(|said| said.same_words(content)) => {
                    outcome.follows += 1;
                }
                (Meaning::Delivery { content, .. }, _) => {
                    differ(format!("{who} got {} in the capture, not now", self.about(content)));
                }
                (Meaning::Report { about, .. }, _)
                    if self
                        .script
                        .said
                        .get(&(expected.call, about.clone()))
                        .is_some_and(|said| refused.contains(&said)) =>
                {
                    outcome.follows += 1;
                }
                (Meaning::Report { about, status }, _) => {
                    let about = self.message(expected.call, about);
                    differ(format!("{who} got a REPORT of status {status} on {about} in the capture, none now"));
                }
                (Meaning::Request { method }, _) => differ(format!("{who} got a {method} in the capture, none now")),
                (Meaning::Roster { settled, .. }, _) => {
                    let Some(live) = self.rosters.get(&expected.call) else {
                        differ(format!("{who} was told the roster in the capture, and is not now"));
                        continue;
                    };
                    let mut own = 0;
                    for (user, recorded, now) in settled.differences(live) {
                        if self.excused(user, recorded, now) {
                            own += 1;
                            continue;
                        }
                        differ(format!(
                            "the roster that {who} has shows {user} {} in the capture, {} now",
                            shown(recorded),
                            shown(now)
                        ));
                    }
                    outcome.follows += own;
                }
            }
        }
        for surplus in &self.surplus {
            let call = match surplus {
                Surplus::Answer { step, .. } => self.script.steps.get(*step).map_or(0, |step| step.call),
                Surplus::Delivery { call, .. }
                | Surplus::Report { call, .. }
                | Surplus::Request { call, .. }
                | Surplus::Closed { call } => *call,
            };
            if self.script.calls.get(call).is_some_and(|call| self.script.patchy.contains(&call.participant)) {
                outcome.follows += 1;
                continue;
            }
            let what = match surplus {
                Surplus::Answer { step, status } => {
                    format!("{}: not answered in the capture, {status} now", self.what(*step))
                }
                Surplus::Delivery { call, content } => {
                    format!("{} gets {} now, not in the capture", self.who(*call), self.about(content))
                }
                Surplus::Report { call, about, status } => {
                    let about = self.message(*call, about);
                    format!("{} gets a REPORT of status {status} on {about} now, none in the capture", self.who(*call))
                }
                Surplus::Request { call, method } => {
                    format!("{} gets a {method} now, none in the capture", self.who(*call))
                }
                Surplus::Closed { call } => {
                    format!("the MSRP connection of {} comes to an end before its session now", self.who(*call))
                }
            };
            outcome.differences.push(Difference { frame: None, what });
        }
        outcome
    }

    fn who(&self, call: usize) -> &str {
        let uri = self.script.calls.get(call).map_or("", |call| &call.participant);
        let bare = uri.trim_start_matches("sips:").trim_start_matches("sip:");
        bare.split('@').next().unwrap_or(bare)
    }

    fn what(&self, step: usize) -> String {
        let Some(step) = self.script.steps.get(step) else { return String::new() };
        let said = match &step.act {
            Act::Msrp(message) if message.method() == Some("SEND") && message.body.is_some() => {
                let id = message.message_id().unwrap_or_default();
                self.script.said.get(&(step.call, id)).map(|content| format!(" {}", content.brief()))
            }
            _ => None,
        };
        format!("{}'s {}{} (frame {})", self.who(step.call), title(&step.act), said.unwrap_or_default(), step.frame)
    }

    fn about(&self, content: &Content) -> String {
        let from = content.from.split('@').next().unwrap_or_default();
        if from.is_empty() { content.brief() } else { format!("{} from {from}", content.brief()) }
    }

    fn message(&self, call: usize, id: &str) -> String {
        let said = self.script.said.get(&(call, id.to_owned()));
        said.map_or_else(|| "a message without content".to_owned(), Content::brief)
    }

    /// What was said in messages that were taken then and are refused now, or the other way round.
    fn refused(&self) -> Vec<&Content> {
        let otherwise = |step: &usize| {
            let step = self.script.steps.get(*step)?;
            let Act::Msrp(message) = &step.act else { return None };
            self.script.said.get(&(step.call, message.message_id()?))
        };
        self.otherwise().iter().filter_map(otherwise).collect()
    }

    /// Steps that were answered otherwise.
    fn otherwise(&self) -> Vec<usize> {
        let all = self.script.expected.iter().zip(&self.fates);
        let step = |(expected, fate): (&super::script::Expected, &Fate)| match (&expected.meaning, fate) {
            (Meaning::Answer { step, .. }, Fate::Other(_)) => Some(*step),
            _ => None,
        };
        all.filter_map(step).collect()
    }

    /// Whether a difference in a roster follows from an answer that was otherwise: of a NICKNAME, or a call.
    fn excused(&self, user: &str, recorded: Entry<'_>, now: Entry<'_>) -> bool {
        let calls = |call: usize| self.script.calls.get(call).is_some_and(|call| call.participant.ends_with(user));
        let nickname = |step: &usize| {
            self.script.steps.get(*step).is_some_and(|step| {
                let asks = matches!(&step.act, Act::Msrp(message) if message.method() == Some("NICKNAME"));
                asks && calls(step.call)
            })
        };
        let both = recorded.is_some() && now.is_some();
        (both && self.otherwise().iter().any(nickname)) || self.dead.iter().any(|call| calls(*call))
    }
}

fn shown(entry: Entry<'_>) -> String {
    match entry {
        None => "not at all".to_owned(),
        Some(None) => "without nickname".to_owned(),
        Some(Some(nickname)) => format!("as \"{nickname}\""),
    }
}
