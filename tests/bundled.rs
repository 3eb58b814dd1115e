//! The whole suite against the bundled switch, as `cargo run -- run` does it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use msrpspec::judge::catalogue::Catalogue;
use msrpspec::judge::record::CaseRecord;
use msrpspec::judge::verdict::Verdict;
use msrpspec::runtime::Clock;
use msrpspec::suite::bundled::{BundledOptions, start};
use msrpspec::suite::engine::{Registry, Watch, run};
use msrpspec::suite::observe::{NoRules, Silent, Stop};
use msrpspec::suite::plan::{embedded, plan};
use msrpspec::suite::profile::SipTransport;
use msrpspec::suite::settings::RunSettings;
use msrpspec::suite::steps;

fn records(transport: SipTransport, wanted: &str) -> Vec<CaseRecord> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let target = start(&BundledOptions { transport, faults: Vec::new(), seed: 7 }).await.unwrap();
        let ids = Catalogue::embedded().unwrap().iter().map(|it| it.id.clone()).collect();
        let cases: Vec<_> = plan(&embedded(), Some(&ids))
            .unwrap()
            .into_iter()
            .filter(|case| case.id.contains(wanted))
            .map(Arc::new)
            .collect();
        let settings = Arc::new(RunSettings {
            link: msrpspec::runtime::Link::Sockets,
            hops: target.profile.resolve().unwrap(),
            profile: Arc::new(target.profile.clone()),
            seed: 7,
            timeout: Duration::from_secs(30),
            jobs: 8,
            repeat: 1,
            fail_fast: false,
            strict: false,
            transcripts: true,
            bundled: true,
            apart: None,
            clock: Clock::start(),
        });
        let watch = Watch {
            progress: Rc::new(RefCell::new(Silent)),
            rules: Rc::new(RefCell::new(NoRules)),
            stop: Stop::default(),
        };
        let registry = Rc::new(Registry::new(steps::all()).unwrap());
        run(&cases, &settings, &registry, &watch).await.records
    })
}

#[test]
fn every_case_passes_over_udp() {
    let wanted = std::env::var("CASE").unwrap_or_default();
    let records = records(SipTransport::Udp, &wanted);
    let mut bad = Vec::new();
    for record in &records {
        // 64*T1 are half a minute of real time: such cases run in memory only, unless --timeout gives them the time.
        let sat_out = record.verdict == Verdict::NotApplicable && record.reason.starts_with("64*T1");
        if record.verdict != Verdict::Pass && !sat_out {
            bad.push(format!("{} {}: {}", record.verdict.word(), record.id, record.reason));
        }
    }
    println!("{} cases", records.len());
    assert!(bad.is_empty(), "{} of {}:\n{}", bad.len(), records.len(), bad.join("\n"));
}
