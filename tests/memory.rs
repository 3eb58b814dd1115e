//! The whole suite over the network in memory: a run is a function of its seed, every seed is green, and the verdicts
//! are those of real sockets.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::process::Command;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use msrpspec::judge::catalogue::Catalogue;
use msrpspec::judge::record::RunRecord;
use msrpspec::judge::verdict::Verdict;
use msrpspec::report::json;
use msrpspec::runtime::{Clock, Link, Memory};
use msrpspec::suite::bundled::{BundledOptions, start_on};
use msrpspec::suite::engine::{Registry, Watch};
use msrpspec::suite::observe::{Silent, Stop};
use msrpspec::suite::plan::{Plan, embedded, plan};
use msrpspec::suite::profile::SipTransport;
use msrpspec::suite::settings::RunSettings;
use msrpspec::suite::{rule_bench, run, steps};

fn whole_run(in_memory: bool, transport: SipTransport, seed: u64, jobs: usize) -> RunRecord {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(in_memory).build().unwrap();
    runtime.block_on(async {
        let link = if in_memory { Link::Memory(Memory::new(seed)) } else { Link::Sockets };
        let options = BundledOptions { transport, faults: Vec::new(), seed };
        let target = start_on(&link, &options).await.unwrap();
        let ids = Catalogue::embedded().unwrap().iter().map(|it| it.id.clone()).collect();
        let cases = plan(&embedded(), Some(&ids)).unwrap().into_iter().map(Arc::new).collect();
        let settings = RunSettings {
            link,
            hops: target.profile.resolve().unwrap(),
            profile: Arc::new(target.profile.clone()),
            seed,
            timeout: Duration::from_secs(90),
            jobs,
            repeat: 1,
            fail_fast: false,
            strict: false,
            transcripts: true,
            bundled: true,
            apart: (in_memory && jobs == 1).then_some(options),
            clock: Clock::start(),
        };
        let (progress, rules) = (Rc::new(RefCell::new(Silent)), rule_bench::fresh());
        let watch = Watch { progress, rules, stop: Stop::default() };
        let registry = Rc::new(Registry::new(steps::all()).unwrap());
        run::execute(&Plan::new(cases, &target.profile), settings, &registry, &watch).await
    })
}

/// Verdicts by case and rule, with the reason where there is one.
fn verdicts(run: &RunRecord) -> BTreeMap<String, String> {
    let cases = run.cases.iter().map(|case| (&case.id, case.verdict, &case.reason));
    let rules = run.rules.iter().map(|rule| (&rule.id, rule.verdict, &rule.reason));
    cases.chain(rules).map(|(id, verdict, reason)| (id.clone(), format!("{} {reason}", verdict.word()))).collect()
}

fn assert_green(run: &RunRecord) {
    // Over TCP nothing is repeated, and the cases about it sit out.
    let over_udp = |reason: &str| reason.contains("over UDP");
    let sits_out = |verdict: Verdict, reason: &str| verdict == Verdict::NotApplicable && over_udp(reason);
    let red = run.cases.iter().filter(|case| case.verdict != Verdict::Pass && !sits_out(case.verdict, &case.reason));
    let mut red: Vec<_> = red.map(|case| format!("{} {}: {}", case.verdict.word(), case.id, case.reason)).collect();
    let rules = run.rules.iter().filter(|rule| rule.verdict == Verdict::Fail);
    red.extend(rules.map(|rule| format!("fail {}: {}", rule.id, rule.reason)));
    assert!(red.is_empty(), "seed {}:\n{}", run.seed, red.join("\n"));
    assert!(run.cases.len() > 200);
}

fn report(mut run: RunRecord) -> Vec<u8> {
    // The one time of day.
    run.started_at = 0;
    let mut out = Vec::new();
    json::write(&run, &mut out).unwrap();
    out
}

#[test]
fn a_run_is_a_function_of_its_seed() {
    let once = whole_run(true, SipTransport::Udp, 7, 8);
    assert_green(&once);
    let other = report(whole_run(true, SipTransport::Udp, 8, 8));
    let (once, again) = (report(once), report(whole_run(true, SipTransport::Udp, 7, 8)));
    if once != again {
        let (once, again) = (String::from_utf8_lossy(&once), String::from_utf8_lossy(&again));
        let differing = once.lines().zip(again.lines()).enumerate().find(|(_, (one, two))| one != two);
        panic!("the reports differ: {differing:?}");
    }
    assert_ne!(once, other);
}

#[test]
fn seeds_do_not_decide_verdicts() {
    // More of them by hand: SEEDS=200 cargo test --release --test memory seeds
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(3);
    for seed in 100..100 + seeds {
        let transport = if seed % 2 == 0 { SipTransport::Udp } else { SipTransport::Tcp };
        assert_green(&whole_run(true, transport, seed, 1));
    }
}

#[test]
fn the_verdicts_over_memory_are_those_over_sockets() {
    let over_sockets = whole_run(false, SipTransport::Udp, 21, 8);
    let in_memory = whole_run(true, SipTransport::Udp, 21, 1);
    assert_eq!(verdicts(&in_memory), verdicts(&over_sockets));
    assert!(in_memory.cases.len() > 200);
}

#[test]
fn the_network_in_memory_leads_to_the_bundled_switch_only() {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_msrpspec"));
        command.args(["run", "--link", "memory", "--tags", "@NICK-BI-004"]).args(arguments).output().unwrap()
    };
    assert_eq!(run(&[]).status.code(), Some(0));
    let refused = run(&["--target", "sip:room@127.0.0.1:9"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--link memory"));
}
