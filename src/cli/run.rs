//! `run` and `probe`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::Arc;

use super::Status;
use super::arguments::{Format, LinkName, ProbeOptions, RunOptions, TransportName};
use super::problem::Problem;
use super::progress::Bar;
use super::show;
use super::sinks::Sinks;
use super::suite_files::{cases, catalogue, registry};
use super::tap::Tap;
use crate::judge::record::RunRecord;
use crate::report::summary::Conclusion;
use crate::report::terminal::Rerun;
use crate::runtime::{Clock, Link, Memory, fresh_seed};
use crate::suite::bundled::{self, BundledOptions, BundledTarget};
use crate::suite::engine::{Registry, Watch};
use crate::suite::host::Addresses;
use crate::suite::observe::{NoRules, Progress, Stop};
use crate::suite::plan::{Case, Plan};
use crate::suite::profile::{Profile, SipTransport};
use crate::suite::script::ActAsRoom;
use crate::suite::settings::{RunSettings, TIMEOUT_IN_MEMORY, TIMEOUT_OVER_SOCKETS};
use crate::suite::{probe as probing, rule_bench, run as running};
use crate::switch::flaw::Flaw;

pub(super) fn run(options: &RunOptions) -> Result<Status, Problem> {
    let all = cases(&options.files.paths)?;
    let selection = options.selection.selection();
    let own: BTreeSet<String> = all.iter().flat_map(|case| case.requirements.clone()).collect();
    selection.check(catalogue()?.iter().map(|known| known.id.as_str()).chain(own.iter().map(String::as_str)))?;
    let selected = selection.select(all);
    if selected.is_empty() {
        let help = "'msrpspec list' shows what there is; --tags, --requirement, --name and --shard narrow it down";
        return Err(Problem::unproven("no test case is selected", help));
    }
    if options.list {
        return Ok(list(selected, options.at.profile()?.as_ref()));
    }
    perform(options, selected, None, &registry()?)
}

/// Runs what was selected, and reports. `room`: the tester is the room, and what is tested is a client.
pub(super) fn perform(
    options: &RunOptions,
    selected: Vec<Arc<Case>>,
    room: Option<ActAsRoom>,
    registry: &Rc<Registry>,
) -> Result<Status, Problem> {
    let profile = options.at.profile()?;
    let sinks = Sinks::open(&options.reports)?;
    let in_memory = options.at.link == LinkName::Memory;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(in_memory).build();
    let runtime =
        runtime.map_err(|cause| Problem::unproven(format!("no runtime: {cause}"), "are there free file handles?"))?;
    // Large seeds are hard to read aloud and lose digits in JavaScript.
    let seed = options.seed.unwrap_or_else(|| fresh_seed() % 1_000_000_000);
    let (record, captured) = runtime.block_on(in_runtime(options, selected, profile, room, seed, registry))?;
    sinks.write(&record, &rerun(options, seed))?;
    captured?;
    Ok(match Conclusion::of(&record) {
        Conclusion::Passed => Status::Passed,
        Conclusion::Failed => Status::Failed,
        Conclusion::Unproven => Status::Unproven,
    })
}

async fn in_runtime(
    options: &RunOptions,
    selected: Vec<Arc<Case>>,
    profile: Option<Profile>,
    room: Option<ActAsRoom>,
    seed: u64,
    registry: &Rc<Registry>,
) -> Result<(RunRecord, Result<(), Problem>), Problem> {
    let (link, jobs, timeout) = match options.at.link {
        LinkName::Sockets => (Link::Sockets, 8, TIMEOUT_OVER_SOCKETS),
        LinkName::Memory => (Link::Memory(Memory::new(seed)), 1, TIMEOUT_IN_MEMORY),
    };
    let jobs = options.jobs.map_or(jobs, NonZeroUsize::get);
    let mut starting = BundledOptions {
        transport: options.transport.map_or(SipTransport::Udp, SipTransport::from),
        faults: options.at.faults.clone(),
        seed,
    };
    let mut at = Addresses { sip: LOOPBACK, msrp: LOOPBACK, sips: Some(LOOPBACK), msrps: Some(LOOPBACK) };
    if let Some(room) = &room {
        starting.faults.extend(&room.faults);
        (at.sip, at.msrp) = (room.sip, room.msrp);
    }
    let bundled = match &profile {
        Some(_) => None,
        None => Some(start_bundled(&link, &starting, &at).await?),
    };
    let profile = profile.or_else(|| bundled.as_ref().map(|bundled| bundled.profile.clone()));
    let Some(profile) = profile else { return Err(Problem::usage("there is no target", "give --target or --iut")) };
    let hops = profile.resolve()?;
    let settings = RunSettings {
        profile: Arc::new(profile),
        hops,
        seed,
        timeout: options.timeout.unwrap_or(timeout),
        jobs,
        repeat: options.repeat.get(),
        fail_fast: options.fail_fast,
        strict: options.strict,
        transcripts: options.reports.iter().any(|report| report.format == Format::Json),
        // Wreckage is met like a stranger: with a knock, and the run is given up where nobody gets in.
        bundled: bundled.is_some() && !options.at.faults.iter().any(|flaw| matches!(flaw, Flaw::Wreckage(_))),
        // Cases that run at once share a switch, or they could not get into each other's way.
        apart: (options.at.link == LinkName::Memory && jobs == 1 && room.is_none()).then_some(starting),
        link,
        clock: Clock::start(),
    };
    let tap = options.pcap.as_deref().map(|path| Tap::open(path, settings.clock)).transpose()?;
    let tap = tap.map(|tap| Rc::new(RefCell::new(tap)));
    let progress: Rc<RefCell<dyn Progress>> = match &tap {
        Some(tap) => tap.clone(),
        None => Rc::new(RefCell::new(Bar::new())),
    };
    // The rules are about rooms. Where the tester is the room, they have nobody to judge.
    let rules = if room.is_some() { Rc::new(RefCell::new(NoRules)) } else { rule_bench::fresh() };
    let watch = Watch { progress, rules, stop: Stop::default() };
    let signals = tokio::spawn(heed_signals(watch.stop.clone()));
    let record = running::knock_and_execute(selected, settings, registry, &watch).await;
    signals.abort();
    let captured = tap.map_or(Ok(()), |tap| tap.borrow_mut().finish());
    Ok((record, captured))
}

/// A free port of the loopback interface.
const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

async fn start_bundled(link: &Link, options: &BundledOptions, at: &Addresses) -> Result<BundledTarget, Problem> {
    bundled::start_at(link, options, at).await.map_err(|error| {
        Problem::unproven(error.to_string(), "test an implementation of your own with --target or --iut")
    })
}

/// The first signal stops the run, so that the report of what did run is still written; the second one does not wait.
async fn heed_signals(stop: Stop) {
    let word = signal().await;
    stop.ask(word);
    signal().await;
    std::process::exit(Status::Unproven as i32);
}

#[cfg(unix)]
pub(super) async fn signal() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return interrupt().await };
    tokio::select! {
        biased;
        word = interrupt() => word,
        _ = terminate.recv() => "terminated",
    }
}

#[cfg(not(unix))]
pub(super) async fn signal() -> &'static str {
    interrupt().await
}

async fn interrupt() -> &'static str {
    match tokio::signal::ctrl_c().await {
        Ok(()) => "interrupted",
        // Without a way to hear of it there is nothing to wait for.
        Err(_) => std::future::pending().await,
    }
}

fn list(selected: Vec<Arc<Case>>, profile: Option<&Profile>) -> Status {
    let Some(profile) = profile else {
        show::cases(&selected);
        return Status::Passed;
    };
    let plan = Plan::new(selected, profile);
    show::cases(&plan.runs);
    for one in &plan.not_applicable {
        show::line(&format!("{}\tnot-applicable\t{}", one.case.id, one.reason));
    }
    Status::Passed
}

/// The options that say what was tested and how, ready for a shell.
pub(super) fn rerun(options: &RunOptions, seed: u64) -> Rerun {
    let mut words: Vec<String> = options.files.paths.iter().map(|path| quoted(path)).collect();
    let mut option = |name: &str, value: &str| words.push(format!("--{name} {}", quoted(value)));
    if let Some(target) = &options.at.target {
        option("target", &target.to_string());
    }
    if let Some(iut) = &options.at.iut {
        option("iut", iut);
    }
    for fault in &options.at.faults {
        option("fault", fault.name());
    }
    if let Some(transport) = options.transport {
        option("transport", if transport == TransportName::Udp { "udp" } else { "tcp" });
    }
    if options.at.link == LinkName::Memory {
        option("link", "memory");
    }
    option("seed", &seed.to_string());
    if options.strict {
        words.push("--strict".to_owned());
    }
    Rerun { options: words }
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

pub(super) fn probe(options: &ProbeOptions) -> Result<Status, Problem> {
    let profile = Profile::for_target(options.target.clone());
    profile.resolve()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|cause| Problem::unproven(format!("no runtime: {cause}"), "are there free file handles?"))?;
    let learned = runtime.block_on(probing::probe(profile, fresh_seed()));
    let learned =
        learned.map_err(|error| Problem::unproven(error.to_string(), "is the room there and the transport right?"))?;
    show::text(&learned.to_yaml());
    Ok(Status::Passed)
}
