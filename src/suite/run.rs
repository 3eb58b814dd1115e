//! A whole run: from the selected cases to the record that reports are made of.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use super::engine::{self, Registry, Watch};
use super::fuse::Fuse;
use super::knock::{Outcome, deaf, knock};
use super::observe::Stop;
use super::plan::{Case, Plan};
use super::profile::Profile;
use super::settings::RunSettings;
use crate::judge::record::{CaseRecord, RunRecord, StepRecord};
use crate::judge::verdict::Verdict;
use crate::port::Moment;
use crate::runtime::{Clock, Link};
use crate::transcript::Transcript;

/// Runs the selected cases that apply, after a knock at the default room: whether anybody is there, and what the room
/// announces where the profile is silent. The bundled switch needs no knock: it is there, and its profile says all. In
/// memory, where waiting costs nothing, there is no fuse either: every case is to be seen against every wreckage.
pub async fn knock_and_execute(
    selected: Vec<Arc<Case>>,
    mut settings: RunSettings,
    registry: &Rc<Registry>,
    watch: &Watch,
) -> RunRecord {
    if matches!(settings.link, Link::Memory(_)) {
        return execute(&Plan::new(selected, &settings.profile), settings, registry, watch).await;
    }
    let (mut remarks, mut trouble) = (Vec::new(), None);
    if !settings.bundled {
        let knock = knock(&settings, &watch.stop).await;
        let mut profile = Profile::clone(&settings.profile);
        profile.claims.extend(knock.learned);
        settings.profile = Arc::new(profile);
        remarks = knock.remarks;
        match knock.outcome {
            Outcome::Joined => {}
            Outcome::NotJoined(sentence) => trouble = Some(sentence),
            Outcome::Nobody(sentence) => watch.stop.ask(&sentence),
        }
    }
    let plan = Plan::new(selected, &settings.profile);
    let response = settings.profile.timers.response;
    let give_up_at = trouble.as_ref().map(|_| settings.clock.now() + Fuse::patience(response));
    let fuse = Fuse::new(watch.progress.clone(), watch.stop.clone(), trouble, settings.jobs, response);
    let fuse = Rc::new(RefCell::new(fuse));
    let fused = Watch { progress: fuse.clone(), ..watch.clone() };
    let watchdog = watch_over(&fuse, give_up_at, &settings, &watch.stop);
    let mut record = tokio::select! {
        record = execute(&plan, settings.clone(), registry, &fused) => record,
        never = watchdog => match never {},
    };
    record.remarks.splice(0..0, remarks);
    record
}

/// Ends a run that nobody has got into by a certain moment, and one whose room has gone deaf.
async fn watch_over(
    fuse: &RefCell<Fuse>,
    give_up_at: Option<Moment>,
    settings: &RunSettings,
    stop: &Stop,
) -> Infallible {
    let too_late = async {
        match give_up_at {
            Some(moment) => settings.clock.sleep_until(moment).await,
            None => std::future::pending().await,
        }
        fuse.borrow().time_is_up();
    };
    let doubt = fuse.borrow().doubt();
    let listening = async {
        loop {
            doubt.notified().await;
            if let Some(why) = deaf(settings, stop).await {
                stop.ask(&format!("the room has stopped answering: {why}"));
            }
        }
    };
    futures::future::join(too_late, listening).await.1
}

/// Runs a plan.
pub async fn execute(plan: &Plan, settings: RunSettings, registry: &Rc<Registry>, watch: &Watch) -> RunRecord {
    let settings = Arc::new(settings);
    let started_at = Clock::unix_seconds();
    let started = settings.clock.now();
    let outcome = engine::run(&plan.runs, &settings, registry, watch).await;

    let mut repetitions: BTreeMap<String, Vec<CaseRecord>> = BTreeMap::new();
    for record in outcome.records {
        repetitions.entry(record.id.clone()).or_default().push(record);
    }
    let mut cases: Vec<_> = repetitions.into_values().filter_map(merge).collect();
    cases.extend(plan.not_applicable.iter().map(|one| not_applicable(&one.case, &one.reason)));
    cases.sort_by(|a, b| a.location.cmp(&b.location));

    let mut rules = watch.rules.borrow_mut().finish();
    for rule in rules.iter_mut().filter(|rule| settings.strict && rule.verdict == Verdict::Advisory) {
        rule.verdict = Verdict::Fail;
    }
    let left = match outcome.not_started {
        0 => String::new(),
        1 => "; one case was not started".to_owned(),
        many => format!("; {many} cases were not started"),
    };
    let ended_early = match watch.stop.reason() {
        Some(reason) => Some(format!("{reason}{left}")),
        None if outcome.not_started > 0 => Some(format!("a case failed (--fail-fast){left}")),
        None => None,
    };
    RunRecord {
        iut: settings.profile.name.clone(),
        target: settings.profile.room.to_string(),
        seed: settings.seed,
        started_at,
        duration: settings.clock.now().saturating_sub(started),
        ended_early,
        remarks: Vec::new(),
        cases,
        rules,
    }
}

/// The one record of a case that ran several times: that of the worst repetition. A mixed result is inconclusive, since
/// nobody knows which one is right; only an error of our own is worse.
fn merge(repetitions: Vec<CaseRecord>) -> Option<CaseRecord> {
    let count = repetitions.len();
    let mut tally: BTreeMap<Verdict, usize> = BTreeMap::new();
    for record in &repetitions {
        *tally.entry(record.verdict).or_default() += 1;
    }
    let mut worst =
        repetitions.into_iter().max_by_key(|record| (record.verdict, std::cmp::Reverse(record.repetition)))?;
    if tally.len() > 1 {
        let shares: Vec<_> = tally.iter().map(|(verdict, times)| format!("{times} {}", verdict.word())).collect();
        let shares = shares.join(", ");
        worst.reason = match worst.reason.as_str() {
            "" => format!("{count} repetitions differ: {shares}"),
            reason => format!("{count} repetitions differ: {shares}; number {}: {reason}", worst.repetition),
        };
        worst.verdict = if worst.verdict == Verdict::Error { Verdict::Error } else { Verdict::Inconclusive };
    }
    Some(worst)
}

fn not_applicable(case: &Case, reason: &str) -> CaseRecord {
    let step = |step: &super::plan::CaseStep| StepRecord {
        keyword: step.keyword.clone(),
        text: step.text.clone(),
        line: step.line,
        verdict: None,
    };
    CaseRecord {
        id: case.id.clone(),
        name: case.name.clone(),
        feature: case.feature.clone(),
        location: (case.file.clone(), case.line),
        requirements: case.requirements.clone(),
        level: case.level.clone(),
        verdict: Verdict::NotApplicable,
        reason: reason.to_owned(),
        findings: Vec::new(),
        steps: case.steps.iter().map(step).collect(),
        duration: std::time::Duration::ZERO,
        transcript: Transcript::default(),
        repetition: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::merge;
    use crate::judge::record::CaseRecord;
    use crate::judge::verdict::Verdict::{self, Advisory, Error, Fail, Inconclusive, Pass};
    use crate::transcript::Transcript;

    fn merged(verdicts: &[Verdict]) -> CaseRecord {
        let record = |(index, verdict): (usize, &Verdict)| CaseRecord {
            id: "A-BV-001".to_owned(),
            name: String::new(),
            feature: String::new(),
            location: (String::new(), 1),
            requirements: Vec::new(),
            level: String::new(),
            verdict: *verdict,
            reason: if *verdict == Pass { String::new() } else { format!("reason {}", index + 1) },
            findings: Vec::new(),
            steps: Vec::new(),
            duration: std::time::Duration::ZERO,
            transcript: Transcript::default(),
            repetition: index + 1,
        };
        merge(verdicts.iter().enumerate().map(record).collect()).unwrap()
    }

    #[test]
    fn repetitions_that_agree_keep_their_verdict() {
        for verdict in [Pass, Advisory, Fail, Inconclusive, Error] {
            let record = merged(&[verdict, verdict, verdict]);
            assert_eq!((record.verdict, record.repetition), (verdict, 1));
            assert!(!record.reason.contains("differ"));
        }
    }

    #[test]
    fn a_mixed_result_is_inconclusive_and_shows_the_distribution() {
        let record = merged(&[Pass, Fail, Pass, Fail]);
        assert_eq!((record.verdict, record.repetition), (Inconclusive, 2));
        assert_eq!(record.reason, "4 repetitions differ: 2 pass, 2 fail; number 2: reason 2");
        assert_eq!(merged(&[Pass, Advisory]).verdict, Inconclusive);
        assert_eq!(merged(&[Pass, Error]).verdict, Error);
    }
}
