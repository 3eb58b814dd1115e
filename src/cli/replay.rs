//! `replay`.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Status;
use super::arguments::{LinkName, PaceName, ReplayOptions};
use super::captured;
use super::problem::Problem;
use super::show;
use crate::port::Protocol;
use crate::replay::{Direction, Outcome, Place, Script, Troupe};
use crate::report::escape;
use crate::runtime::{BindError, Clock, Link, Memory, Ports, drive, fresh_seed};
use crate::suite::bundled::{self, BundledOptions};
use crate::suite::profile::{Profile, SipTransport};

/// How often it is looked whether all has been acted, where nothing stirs.
const GLANCE: Duration = Duration::from_millis(50);

pub(super) fn run(options: &ReplayOptions) -> Result<Status, Problem> {
    let name = options.capture.display().to_string();
    let in_memory = options.at.link == LinkName::Memory;
    let profile = options.at.profile()?;
    let recording = captured::read(captured::open(&options.capture)?, &name, &options.addresses)?;
    if let Some(broken) = &recording.broken {
        anstream::eprintln!("warning: '{name}' breaks off {broken}; acted is what comes before");
    }
    let script = Script::of(&recording.transcript, &recording.frames);
    if script.is_empty() {
        let help = "a participant's INVITE to the room must have been captured, in SIP that is not encrypted; \
                    --iut-address tells who the switch is";
        return Err(Problem::unproven(
            format!("'{name}' shows nobody who joins a room: there is nothing to act"),
            help,
        ));
    }
    let remarks = script.remarks.clone();
    let steps = script.len();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(in_memory).build();
    let runtime =
        runtime.map_err(|cause| Problem::unproven(format!("no runtime: {cause}"), "are there free file handles?"))?;
    let (outcome, target) = runtime.block_on(act(options, script, profile))?;
    if !outcome.heard {
        let help = "is it running, and are its address and transport right?";
        return Err(Problem::unproven(format!("{target} does not answer"), help));
    }
    show::text(&rendered(&name, &target, steps, &outcome, &remarks));
    Ok(match (outcome.differences.is_empty(), outcome.locked_out.is_empty()) {
        (false, _) => Status::Failed,
        (true, true) => Status::Passed,
        (true, false) => Status::Unproven,
    })
}

async fn act(options: &ReplayOptions, script: Script, profile: Option<Profile>) -> Result<(Outcome, String), Problem> {
    let seed = options.seed.unwrap_or_else(fresh_seed);
    let link = match options.at.link {
        LinkName::Sockets => Link::Sockets,
        LinkName::Memory => Link::Memory(Memory::new(seed)),
    };
    let starting = BundledOptions { transport: SipTransport::Udp, faults: options.at.faults.clone(), seed };
    let bundled = match &profile {
        Some(_) => None,
        None => Some(bundled::start_on(&link, &starting).await.map_err(|error| {
            Problem::unproven(error.to_string(), "replay against an implementation of your own with --target or --iut")
        })?),
    };
    let target = profile.as_ref().map_or_else(|| "the bundled switch".to_owned(), |profile| profile.room.to_string());
    let profile = profile.or_else(|| bundled.as_ref().map(|bundled| bundled.profile.clone()));
    let Some(profile) = profile else { return Err(Problem::usage("there is no target", "give --target or --iut")) };
    let hop = profile.resolve()?.default;
    if hop.transport != SipTransport::Udp {
        let help = "leave ';transport=' out of the room's URI, if it can be reached over UDP too";
        return Err(Problem::usage("replay speaks SIP over UDP only", help));
    }
    let cannot = |error: BindError| Problem::unproven(error.to_string(), "is there a free port?");
    let ip = link.address_towards(hop.address).await.map_err(cannot)?;
    let free = SocketAddr::new(ip, 0);
    let datagrams = link.bind_datagrams(free).await.map_err(cannot)?;
    let listener = link.listen(free, Protocol::Msrp, None).await.map_err(cannot)?;
    let place = Place { sip: datagrams.local(), msrp: listener.local() };
    let named = profile.rooms.values().map(|entry| &entry.uri).chain([&profile.room]);
    let rooms: HashMap<_, _> = named.filter_map(|uri| Some((uri.user.clone()?, uri.clone()))).collect();
    let known = profile.credentials.values();
    let passwords = known.map(|known| (known.username.clone(), known.password.clone())).collect();
    let direction = Direction {
        rooms,
        passwords,
        room: profile.room.clone(),
        hop: hop.address,
        place,
        patience: options.patience,
        paced: options.pace == PaceName::Recorded,
        seed,
    };
    let troupe = Arc::new(Mutex::new(Troupe::new(script, direction)));
    let ports = Ports { datagrams: Some(datagrams), listeners: vec![listener], ..Ports::default() };
    let driver = drive(troupe.clone(), link, Clock::start(), ports);
    let mut stirred = driver.stirred();
    while !lock(&troupe).is_done() {
        if !driver.is_running() {
            return Err(Problem::unproven("the replay came to an end by itself", "this is a fault of msrpspec"));
        }
        let _ = tokio::time::timeout(GLANCE, stirred.changed()).await;
    }
    let outcome = lock(&troupe).outcome();
    driver.stop(Duration::from_millis(500)).await;
    Ok((outcome, target))
}

fn lock(troupe: &Mutex<Troupe>) -> std::sync::MutexGuard<'_, Troupe> {
    troupe.lock().unwrap_or_else(PoisonError::into_inner)
}

fn rendered(name: &str, target: &str, steps: usize, outcome: &Outcome, remarks: &[String]) -> String {
    let mut text = format!("{} against {}: {steps} requests acted\n", escape::text(name), escape::text(target));
    for difference in &outcome.differences {
        let place = difference.frame.map_or_else(|| "now".to_owned(), |frame| format!("frame {frame}"));
        text.push_str(&format!("  {place:>10}  {}\n", escape::text(&difference.what)));
    }
    for remark in remarks {
        text.push_str(&format!("note: {}\n", escape::text(remark)));
    }
    for user in &outcome.locked_out {
        let user = escape::text(user);
        text.push_str(&format!("note: the switch wants the password of '{user}'; a profile (--iut) can tell it\n"));
    }
    let number = match outcome.differences.len() {
        0 => "no difference".to_owned(),
        1 => "1 difference".to_owned(),
        many => format!("{many} differences"),
    };
    let follows = match outcome.follows {
        0 => String::new(),
        some => format!(", {some} not compared because of what was otherwise before"),
    };
    let unseen = match outcome.unseen {
        0 => String::new(),
        some => format!(", {some} behind the end of the capture"),
    };
    text.push_str(&format!("{number}; {} the same{follows}{unseen}\n", outcome.same));
    text
}
