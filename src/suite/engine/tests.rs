//! The engine with steps of its own: how a case ends, and that no end of one harms another.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::{Outcome, Registry, Watch, run};
use crate::judge::record::{CaseRecord, RuleRecord};
use crate::judge::verdict::{Finding, Verdict};
use crate::runtime::Clock;
use crate::step;
use crate::suite::observe::{NoRules, Progress, RuleBench, Silent, Stop};
use crate::suite::plan::{Case, CaseStep};
use crate::suite::profile::{Hop, Hops, Profile, SipTransport};
use crate::suite::settings::RunSettings;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::uri::SipUri;

fn definitions() -> Vec<StepDef> {
    vec![
        step!(r"all is well", "all is well", "", well),
        step!(r#"(\w+) says "([^"]*)""#, "", "", says),
        step!(r"it ends (fail|inconclusive|error|advisory)", "", "", ends),
        step!(r"it does not apply", "", "", does_not_apply),
        step!(r"it panics", "", "", panics),
        step!(r"it hangs", "", "", hangs),
        step!(r"it waits (\d+) ms", "", "", waits),
        step!(r"two defini\w+", "", "", well),
        step!(r"two \w+ions", "", "", well),
    ]
}

async fn well(_: &mut World, _: StepArgs) -> StepResult {
    Ok(())
}

async fn says(_: &mut World, args: StepArgs) -> StepResult {
    let heard = format!("{}:{}:{:?}:{:?}", args.get(0), args.get(1), args.docstring, args.table);
    Err(Halt::inconclusive("to hear", heard))
}

fn finding(verdict: Verdict) -> Finding {
    let (expected, observed) = ("425".to_owned(), verdict.word().to_owned());
    Finding { verdict, requirement: None, expected, observed, evidence: Vec::new() }
}

async fn ends(world: &mut World, args: StepArgs) -> StepResult {
    let verdict = match args.get(0) {
        "fail" => Verdict::Fail,
        "error" => Verdict::Error,
        "inconclusive" => Verdict::Inconclusive,
        _ => {
            world.findings.push(finding(Verdict::Advisory));
            return Ok(());
        }
    };
    Err(finding(verdict).into())
}

async fn does_not_apply(_: &mut World, _: StepArgs) -> StepResult {
    Err(Halt::NotApplicable("no such room".to_owned()))
}

async fn panics(_: &mut World, _: StepArgs) -> StepResult {
    tokio::task::yield_now().await;
    panic!("out of {}", "order")
}

async fn hangs(_: &mut World, _: StepArgs) -> StepResult {
    std::future::pending().await
}

async fn waits(_: &mut World, args: StepArgs) -> StepResult {
    tokio::time::sleep(Duration::from_millis(args.parse(0, "a number")?)).await;
    Ok(())
}

fn case(id: &str, steps: &[&str]) -> Arc<Case> {
    let step = |(index, text): (usize, &&str)| CaseStep {
        keyword: "When".to_owned(),
        text: (*text).to_owned(),
        line: index + 1,
        docstring: None,
        table: None,
    };
    Arc::new(Case {
        id: id.to_owned(),
        name: format!("the case {id}"),
        feature: "F".to_owned(),
        file: "f.feature".to_owned(),
        line: 1,
        tags: vec!["retry(3)".to_owned()],
        requirements: Vec::new(),
        level: "MUST".to_owned(),
        roles: Vec::new(),
        rooms: Vec::new(),
        claims: Vec::new(),
        serial: false,
        steps: steps.iter().enumerate().map(step).collect(),
    })
}

fn settings() -> RunSettings {
    let address = ([127, 0, 0, 1], 5060).into();
    let default = Hop { address, transport: SipTransport::Udp, server_name: "127.0.0.1".to_owned() };
    let room = SipUri::new(Some("room"), "127.0.0.1", None);
    RunSettings {
        link: crate::runtime::Link::Sockets,
        profile: Arc::new(Profile::for_target_named("t", room)),
        hops: Hops { default, rooms: BTreeMap::new() },
        seed: 1,
        timeout: Duration::from_secs(30),
        jobs: 4,
        repeat: 1,
        fail_fast: false,
        strict: false,
        transcripts: true,
        bundled: true,
        apart: None,
        clock: Clock::start(),
    }
}

async fn outcome(cases: &[Arc<Case>], change: impl FnOnce(&mut RunSettings)) -> Outcome {
    let mut settings = settings();
    change(&mut settings);
    let watch =
        Watch { progress: Rc::new(RefCell::new(Silent)), rules: Rc::new(RefCell::new(NoRules)), stop: Stop::default() };
    let registry = Rc::new(Registry::new(definitions()).unwrap());
    run(cases, &Arc::new(settings), &registry, &watch).await
}

fn verdicts(outcome: &Outcome) -> Vec<(&str, Verdict)> {
    outcome.records.iter().map(|record| (record.id.as_str(), record.verdict)).collect()
}

fn step_verdicts(record: &CaseRecord) -> Vec<Option<Verdict>> {
    record.steps.iter().map(|step| step.verdict).collect()
}

#[tokio::test(start_paused = true)]
async fn every_end_of_a_case_has_its_verdict() {
    let cases = [
        case("A", &["all is well"]),
        case("B", &["it ends fail", "all is well"]),
        case("C", &["it ends inconclusive"]),
        case("D", &["it ends error"]),
        case("E", &["it ends advisory", "all is well"]),
        case("F", &["all is well", "it does not apply", "it ends fail"]),
        case("G", &["it panics"]),
        case("H", &["it hangs"]),
        case("I", &["something undefined"]),
        case("J", &["two definitions"]),
        case("K", &[]),
    ];
    let outcome = outcome(&cases, |_| ()).await;
    use Verdict::{Advisory, Error, Fail, Inconclusive, NotApplicable, Pass};
    assert_eq!(
        verdicts(&outcome),
        [
            ("A", Pass),
            ("B", Fail),
            ("C", Inconclusive),
            ("D", Error),
            ("E", Advisory),
            ("F", NotApplicable),
            ("G", Error),
            ("H", Inconclusive),
            ("I", Error),
            ("J", Error),
            ("K", Error),
        ]
    );
    let by_id = |id: &str| outcome.records.iter().find(|record| record.id == id).unwrap();
    assert_eq!(step_verdicts(by_id("B")), [Some(Fail), None], "nothing runs after a halt");
    assert_eq!(step_verdicts(by_id("E")), [Some(Advisory), Some(Pass)], "an advisory does not stop the case");
    assert_eq!(step_verdicts(by_id("F")), [Some(Pass), Some(NotApplicable), None]);
    assert!(by_id("G").reason.contains("out of order") && by_id("G").reason.contains("tests.rs:"), "{:?}", by_id("G"));
    assert_eq!(by_id("H").duration, Duration::from_secs(30));
    assert!(by_id("J").reason.contains(r"two defini\w+"), "{}", by_id("J").reason);
    assert_eq!(outcome.not_started, 0);
}

#[tokio::test(start_paused = true)]
async fn a_step_gets_its_groups_doc_string_and_table() {
    let mut one = Arc::unwrap_or_clone(case("A", &[r#"Bob says "hi""#]));
    one.steps[0].docstring = Some("MSRP".to_owned());
    one.steps[0].table = Some(vec![vec!["a".to_owned(), "b".to_owned()]]);
    let outcome = outcome(&[Arc::new(one)], |_| ()).await;
    assert_eq!(outcome.records[0].reason, r#"expected to hear; observed Bob:hi:Some("MSRP"):Some([["a", "b"]])"#);
}

#[tokio::test(start_paused = true)]
async fn jobs_bound_how_many_run_at_once_and_serial_cases_run_alone() {
    let start = Clock::start();
    let four: Vec<_> = ["A", "B", "C", "D"].iter().map(|id| case(id, &["it waits 1000 ms"])).collect();
    outcome(&four, |settings| settings.jobs = 4).await;
    assert_eq!(start.now().as_secs(), 1);
    let start = Clock::start();
    outcome(&four, |settings| settings.jobs = 2).await;
    assert_eq!(start.now().as_secs(), 2);
    let serial: Vec<_> = four.iter().map(|one| Arc::new(Case { serial: true, ..Case::clone(one) })).collect();
    let start = Clock::start();
    outcome(&serial, |settings| settings.jobs = 4).await;
    assert_eq!(start.now().as_secs(), 4);
}

#[tokio::test(start_paused = true)]
async fn strict_turns_an_advisory_into_a_fail_and_nothing_is_retried() {
    let cases = [case("A", &["it ends advisory"]), case("B", &["it ends fail"])];
    let outcome = outcome(&cases, |settings| settings.strict = true).await;
    assert_eq!(verdicts(&outcome), [("A", Verdict::Fail), ("B", Verdict::Fail)]);
}

#[tokio::test(start_paused = true)]
async fn fail_fast_starts_no_further_case() {
    let cases = [case("A", &["all is well"]), case("B", &["it ends fail"]), case("C", &["all is well"])];
    let outcome = outcome(&cases, |settings| {
        settings.fail_fast = true;
        settings.jobs = 1;
        settings.repeat = 3;
    })
    .await;
    assert_eq!(verdicts(&outcome), [("A", Verdict::Pass), ("B", Verdict::Fail)]);
    assert_eq!(outcome.not_started, 1 + 3 + 3);
}

#[tokio::test(start_paused = true)]
async fn repetitions_are_recorded_one_by_one() {
    let outcome = outcome(&[case("A", &["all is well"])], |settings| settings.repeat = 3).await;
    assert_eq!(outcome.records.iter().map(|record| record.repetition).collect::<Vec<_>>(), [1, 2, 3]);
}

struct StopsAtFirst(Stop, Vec<String>);

impl Progress for StopsAtFirst {
    fn case_finished(&mut self, record: &CaseRecord) {
        self.1.push(record.id.clone());
        self.0.ask("interrupted");
    }
}

#[derive(Default)]
struct Counting(usize);

impl RuleBench for Counting {
    fn observe(&mut self, _: &CaseRecord) {
        self.0 += 1;
    }

    fn finish(&mut self) -> Vec<RuleRecord> {
        Vec::new()
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopped_run_ends_running_cases_and_keeps_what_ran() {
    let cases = [case("A", &["all is well"]), case("B", &["it hangs"]), case("C", &["all is well"])];
    let stop = Stop::default();
    let progress = Rc::new(RefCell::new(StopsAtFirst(stop.clone(), Vec::new())));
    let rules = Rc::new(RefCell::new(Counting::default()));
    let watch = Watch { progress: progress.clone(), rules: rules.clone(), stop };
    let registry = Rc::new(Registry::new(definitions()).unwrap());
    let settings = RunSettings { jobs: 2, ..settings() };
    let outcome = run(&cases, &Arc::new(settings), &registry, &watch).await;
    assert_eq!(verdicts(&outcome), [("A", Verdict::Pass), ("B", Verdict::Inconclusive)]);
    assert!(outcome.records[1].reason.contains("interrupted"), "{}", outcome.records[1].reason);
    assert_eq!(outcome.not_started, 1);
    assert_eq!((progress.borrow().1.len(), rules.borrow().0), (2, 2));
}

#[test]
fn the_own_step_tables_hold() {
    let registry = Registry::new(crate::suite::steps::all()).unwrap();
    for definition in registry.definitions() {
        match registry.find(definition.example) {
            super::Match::One(found, _) => assert_eq!(found.pattern, definition.pattern),
            other => panic!("the example '{}' leads to {other:?}", definition.example),
        }
        assert!(!definition.doc.is_empty(), "{} has no sentence", definition.pattern);
    }
}
