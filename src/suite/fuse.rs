//! The fuse: ends a run that cannot prove anything any more, so that a dead room costs seconds and not a timeout a case.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use super::observe::{Progress, Stop};
use super::plan::Case;
use crate::judge::record::CaseRecord;
use crate::judge::verdict::Verdict;

/// So many cases that come to nothing for the same reason are enough, when the knock came to nothing before them.
const ALIKE: usize = 8;
/// So many cases in a row without an answer to INVITE are enough, when the room did answer before them.
const SILENT: usize = 16;
/// After so many cases that waited in vain, somebody knocks again.
const VAIN: usize = 8;
/// So many response timers may pass without anybody in the room, when the knock came to nothing.
const PATIENCE: u32 = 4;

/// Watches the cases on their way to the progress of the run.
pub(super) struct Fuse {
    inner: Rc<RefCell<dyn Progress>>,
    stop: Stop,
    /// Why the knock did not get into the room; `None` once somebody was in it.
    trouble: Option<String>,
    alike: BTreeMap<String, usize>,
    /// The cases in a row without an answer to INVITE.
    silent: Vec<String>,
    silent_limit: usize,
    /// How long an answer may take.
    response: Duration,
    /// The cases that waited in vain since the last knock.
    vain: usize,
    /// How many of them are too many.
    vain_limit: usize,
    /// Rung when they are.
    doubt: Rc<Notify>,
}

impl Fuse {
    /// A fuse before the progress of a run with so many jobs, in which an answer may take so long.
    pub(super) fn new(
        inner: Rc<RefCell<dyn Progress>>,
        stop: Stop,
        trouble: Option<String>,
        jobs: usize,
        response: Duration,
    ) -> Self {
        Self {
            inner,
            stop,
            trouble,
            alike: BTreeMap::new(),
            silent: Vec::new(),
            silent_limit: SILENT.max(2 * jobs),
            response,
            vain: 0,
            vain_limit: VAIN,
            doubt: Rc::default(),
        }
    }

    /// Rung when so many cases waited in vain that the room may have gone deaf: then somebody should knock.
    pub(super) fn doubt(&self) -> Rc<Notify> {
        self.doubt.clone()
    }

    /// How long a run may go on without anybody in the room.
    pub(super) fn patience(response: Duration) -> Duration {
        response.saturating_mul(PATIENCE)
    }

    /// The patience is over: ends the run if still nobody was in the room.
    pub(super) fn time_is_up(&self) {
        if let Some(trouble) = &self.trouble {
            self.stop.ask(&format!("{trouble}; no case got into the room either"));
        }
    }

    fn judge(&mut self, record: &CaseRecord) {
        if was_in_the_room(record) {
            self.trouble = None;
        }
        let condemned = matches!(record.verdict, Verdict::Fail | Verdict::Inconclusive | Verdict::Error);
        if condemned && record.duration >= self.response {
            self.vain += 1;
            if self.vain >= self.vain_limit {
                // Where the knock is answered, the cases are right about a room that lacks something: ask less often.
                (self.vain, self.vain_limit) = (0, self.vain_limit.saturating_mul(2));
                self.doubt.notify_one();
            }
        }
        if !matches!(record.verdict, Verdict::Inconclusive | Verdict::Error) {
            if record.verdict != Verdict::NotApplicable {
                self.silent.clear();
            }
            return;
        }
        let observed = record.findings.first().map(|finding| finding.observed.as_str()).unwrap_or_default();
        if let Some(trouble) = &self.trouble {
            let count = self.alike.entry(observed.to_owned()).or_default();
            *count += 1;
            if *count >= ALIKE {
                self.stop.ask(&format!("{trouble}; {count} cases came to nothing because of it"));
            }
            return;
        }
        match observed {
            "no final answer to the INVITE" | "the INVITE was not answered" => self.silent.push(record.id.clone()),
            _ => self.silent.clear(),
        }
        if self.silent.len() >= self.silent_limit {
            let first = self.silent.first().map_or("", String::as_str);
            self.stop.ask(&format!("the room has stopped answering: no INVITE was answered since {first}"));
        }
    }
}

/// Whether a participant got into the room: a step that only passes then has passed.
fn was_in_the_room(record: &CaseRecord) -> bool {
    let joined = |text: &str| text.contains(" has joined") || text.contains(" have joined");
    record.steps.iter().any(|step| joined(&step.text) && step.verdict == Some(Verdict::Pass))
}

impl Progress for Fuse {
    fn run_started(&mut self, cases: usize) {
        self.inner.borrow_mut().run_started(cases);
    }

    fn case_started(&mut self, case: &Case, repetition: usize) {
        self.inner.borrow_mut().case_started(case, repetition);
    }

    fn case_finished(&mut self, record: &CaseRecord) {
        self.judge(record);
        self.inner.borrow_mut().case_finished(record);
    }

    fn run_finished(&mut self) {
        self.inner.borrow_mut().run_finished();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::record::StepRecord;
    use crate::judge::verdict::Finding;
    use crate::suite::observe::Silent;
    use crate::transcript::Transcript;

    fn record(id: usize, verdict: Verdict, observed: &str, joined: bool) -> CaseRecord {
        let finding = |observed: &str| Finding {
            verdict,
            requirement: None,
            expected: "Alice is in the room".to_owned(),
            observed: observed.to_owned(),
            evidence: Vec::new(),
        };
        CaseRecord {
            id: format!("CASE-{id}"),
            name: String::new(),
            feature: String::new(),
            location: (String::new(), id),
            requirements: Vec::new(),
            level: "MUST".to_owned(),
            verdict,
            reason: String::new(),
            findings: vec![finding(observed)],
            steps: vec![StepRecord {
                keyword: "Given".to_owned(),
                text: "Alice has joined".to_owned(),
                line: 1,
                verdict: Some(if joined { Verdict::Pass } else { Verdict::Inconclusive }),
            }],
            duration: Duration::ZERO,
            transcript: Transcript::default(),
            repetition: 1,
        }
    }

    fn fuse(trouble: Option<&str>) -> (Fuse, Stop) {
        let stop = Stop::default();
        let silent = Rc::new(RefCell::new(Silent));
        (Fuse::new(silent, stop.clone(), trouble.map(str::to_owned), 8, Duration::from_secs(5)), stop)
    }

    #[test]
    fn eight_alike_end_a_run_that_began_badly() {
        let (mut fuse, stop) = fuse(Some("the INVITE is answered with 500"));
        for id in 0..7 {
            fuse.case_finished(&record(id, Verdict::Inconclusive, "the INVITE was answered with 500", false));
            fuse.case_finished(&record(id, Verdict::Fail, "500", false));
            fuse.case_finished(&record(id, Verdict::Inconclusive, &format!("something else, {id}"), false));
        }
        assert_eq!(stop.reason(), None);
        fuse.case_finished(&record(8, Verdict::Inconclusive, "the INVITE was answered with 500", false));
        let reason = stop.reason().unwrap();
        assert_eq!(reason, "the INVITE is answered with 500; 8 cases came to nothing because of it");
    }

    #[test]
    fn somebody_in_the_room_keeps_the_run_going() {
        let (mut fuse, stop) = fuse(Some("the INVITE is answered with 500"));
        fuse.case_finished(&record(0, Verdict::Fail, "", true));
        for id in 0..100 {
            fuse.case_finished(&record(id, Verdict::Inconclusive, "the INVITE was answered with 500", false));
        }
        fuse.time_is_up();
        assert_eq!(stop.reason(), None);
    }

    #[test]
    fn a_room_that_dies_on_the_way_ends_the_run() {
        let (mut fuse, stop) = fuse(None);
        for id in 0..15 {
            fuse.case_finished(&record(id, Verdict::Inconclusive, "the INVITE was not answered", false));
        }
        fuse.case_finished(&record(15, Verdict::Pass, "", true));
        for id in 20..35 {
            fuse.case_finished(&record(id, Verdict::Inconclusive, "the INVITE was not answered", false));
        }
        assert_eq!(stop.reason(), None);
        fuse.case_finished(&record(35, Verdict::Inconclusive, "no final answer to the INVITE", false));
        let reason = stop.reason().unwrap();
        assert_eq!(reason, "the room has stopped answering: no INVITE was answered since CASE-20");
    }

    #[tokio::test]
    async fn cases_that_wait_in_vain_raise_doubt_and_less_and_less_often() {
        let (mut fuse, stop) = fuse(None);
        let doubt = fuse.doubt();
        let rung = async || tokio::time::timeout(Duration::from_millis(1), doubt.notified()).await.is_ok();
        let slow = |id, verdict| CaseRecord { duration: Duration::from_secs(5), ..record(id, verdict, "", true) };
        let mut finish = |times, verdict| (0..times).for_each(|id| fuse.case_finished(&slow(id, verdict)));
        finish(7, Verdict::Fail);
        // A case that passes may take its time, and one that fails at once has not waited.
        finish(20, Verdict::Pass);
        assert!(!rung().await);
        finish(1, Verdict::Inconclusive);
        assert!(rung().await);
        finish(15, Verdict::Fail);
        assert!(!rung().await);
        finish(1, Verdict::Fail);
        assert!(rung().await);
        for id in 0..200 {
            fuse.case_finished(&record(id, Verdict::Fail, "", true));
        }
        assert!(!rung().await);
        assert_eq!(stop.reason(), None);
    }
}
