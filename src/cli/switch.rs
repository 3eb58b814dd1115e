//! `switch`: the bundled switch for clients of others.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::Status;
use super::arguments::TransportName;
use super::problem::Problem;
use super::run::signal;
use super::show;
use crate::report::escape;
use crate::runtime::{Clock, TlsIdentity, fresh_seed};
use crate::suite::host::{Addresses, Host};
use crate::suite::lint::nearest;
use crate::suite::profile::Profile;
use crate::switch::config::{ConfigError, SwitchConfig};
use crate::switch::flaw::{Flaw, Flaws};
use crate::wire::uri::SipUri;

/// How the bundled switch is to run.
#[derive(Clone, Debug, Args)]
pub struct SwitchOptions {
    /// Rooms (YAML); without it, one room for each policy that the suite knows
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Notify rosters at the short intervals of the switch that 'run' starts for itself
    #[arg(long, conflicts_with = "config")]
    pub suite_timers: bool,
    /// SIP over UDP and TCP
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:5060")]
    pub sip: SocketAddr,
    /// MSRP over TCP
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:2855")]
    pub msrp: SocketAddr,
    /// SIP over TLS [default: a free port of the address of --sip]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub sip_tls: Option<SocketAddr>,
    /// MSRP over TLS [default: a free port of the address of --msrp]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub msrp_tls: Option<SocketAddr>,
    /// Certificate chain for TLS (PEM); without it, one is made for this run
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key for TLS (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Fault or wreckage that it shall show ('msrpspec faults' lists them); repeatable
    #[arg(long = "fault", value_name = "NAME")]
    pub faults: Vec<Flaw>,
    /// Seed of all randomness; a fresh one is drawn when there is none
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Write the IUT profile that reaches this switch into a file instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub write_profile: Option<PathBuf>,
    /// SIP transport that the profile names
    #[arg(long, value_enum, value_name = "NAME", default_value = "udp")]
    pub(super) transport: TransportName,
}

/// How long everybody may take to answer the last BYE.
const LEAVING: Duration = Duration::from_secs(3);

/// Runs the bundled switch until it is interrupted.
///
/// # Errors
/// Why it cannot run.
pub fn run(options: &SwitchOptions) -> Result<Status, Problem> {
    let config = match &options.config {
        Some(path) => load(path)?,
        None if options.suite_timers => SwitchConfig::bundled(),
        None => SwitchConfig::shipped(),
    };
    for (option, address) in [
        ("--sip", Some(options.sip)),
        ("--msrp", Some(options.msrp)),
        ("--sip-tls", options.sip_tls),
        ("--msrp-tls", options.msrp_tls),
    ] {
        if address.is_some_and(|address| address.ip().is_unspecified()) {
            let message = format!("{option} must be an address that clients can be told, not a wildcard");
            return Err(Problem::usage(message, "give the address at which clients reach this host"));
        }
    }
    let identity = identity(options)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime =
        runtime.map_err(|cause| Problem::unproven(format!("no runtime: {cause}"), "are there free file handles?"))?;
    runtime.block_on(serve(options, config, &identity))
}

async fn serve(options: &SwitchOptions, config: SwitchConfig, identity: &TlsIdentity) -> Result<Status, Problem> {
    // From here on a signal ends the switch in good order.
    let mut asked_to_end = tokio::spawn(signal());
    tokio::task::yield_now().await;
    let flaws: Flaws = options.faults.iter().copied().collect();
    let free = |address: SocketAddr| SocketAddr::new(address.ip(), 0);
    let at = Addresses {
        sip: options.sip,
        msrp: options.msrp,
        sips: Some(options.sip_tls.unwrap_or(free(options.sip))),
        msrps: Some(options.msrp_tls.unwrap_or(free(options.msrp))),
    };
    let seed = options.seed.unwrap_or_else(fresh_seed);
    let opened = Host::open(config.clone(), &at, Some(identity), flaws, Clock::start(), seed).await;
    let host = opened.map_err(|error| {
        Problem::usage(
            format!("the switch cannot start: {error}"),
            "--sip, --msrp, --sip-tls and --msrp-tls say where it listens",
        )
    })?;
    let profile = host.profile(&config, options.transport.into());
    announce(options, &config, &host, &profile)?;
    while !asked_to_end.is_finished() {
        show_log(&host);
        tokio::select! {
            _ = &mut asked_to_end => break,
            () = host.stirred() => {}
        }
    }
    show_log(&host);
    anstream::eprintln!("ending: BYE to everybody (once more to end at once)");
    tokio::select! {
        () = host.shut_down(LEAVING) => {}
        _ = signal() => {}
    }
    show_log(&host);
    Ok(Status::Passed)
}

/// Says where the switch is. What goes to standard output is a profile that `run --iut` reads, the rest are its comments.
fn announce(options: &SwitchOptions, config: &SwitchConfig, host: &Host, profile: &Profile) -> Result<(), Problem> {
    let mut head = format!("# the bundled switch {}\n", env!("CARGO_PKG_VERSION"));
    head += &format!("# SIP   udp {}, tcp {}", host.udp, host.tcp);
    head += &host.tls.map_or_else(String::new, |address| format!(", tls {address}"));
    head += &format!("\n# MSRP  tcp {}", host.msrp);
    head += &host.msrps.map_or_else(String::new, |address| format!(", tls {address}"));
    head += "\n# rooms\n";
    for room in &config.rooms {
        let uri = SipUri { user: Some(room.name.clone()), ..profile.room.clone() };
        head += &format!("#   {uri}\n");
    }
    for fault in &options.faults {
        head += &format!("# fault {}: {}\n", fault.name(), fault.describe());
    }
    let yaml = profile.to_yaml();
    match &options.write_profile {
        None => show::text(&format!("{head}{yaml}")),
        Some(path) => {
            std::fs::write(path, format!("{head}{yaml}")).map_err(|cause| {
                let message = format!("the profile '{}' cannot be written: {cause}", path.display());
                Problem::usage(message, "check the path and the permissions")
            })?;
            show::text(&format!("{head}# to test it: msrpspec run --iut {}\n", path.display()));
        }
    }
    show::text("# ready; Ctrl-C ends it\n");
    Ok(())
}

fn show_log(host: &Host) {
    for line in host.log() {
        anstream::eprintln!("{}", escape::text(&line));
    }
}

fn identity(options: &SwitchOptions) -> Result<TlsIdentity, Problem> {
    match (&options.tls_cert, &options.tls_key) {
        (Some(certificate), Some(key)) => TlsIdentity::from_pem(certificate, key).map_err(|error| {
            Problem::usage(error.to_string(), "give a certificate chain and its key as PEM files, or neither")
        }),
        _ => {
            let mut names: Vec<_> = [options.sip, options.msrp].iter().map(|it| it.ip().to_string()).collect();
            names.dedup();
            TlsIdentity::self_signed(&names)
                .map_err(|error| Problem::unproven(error.to_string(), "give one with --tls-cert and --tls-key"))
        }
    }
}

fn load(path: &Path) -> Result<SwitchConfig, Problem> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|cause| {
        Problem::usage(format!("the rooms in '{name}' cannot be read: {cause}"), "check the path and the permissions")
    })?;
    SwitchConfig::from_yaml(&text).map_err(|error| {
        let (at, help) = match &error {
            ConfigError::Syntax { text, place } => {
                let place = place.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
                (format!("{name}{place}"), misspelt(text))
            }
            _ => (name.to_string(), "correct it and start the switch again".to_owned()),
        };
        Problem::usage(format!("{at}: {error}"), help)
    })
}

/// What to do about what the YAML reader does not like: the nearest key, if it names the known ones.
fn misspelt(text: &str) -> String {
    let mut words = text.split('`').skip(1).step_by(2);
    let nearest = words.next().and_then(|wrong| nearest(wrong, words));
    nearest.map_or_else(
        || {
            "without --config the switch has a room for each policy; a file needs a list 'rooms', each with a name"
                .to_owned()
        },
        |nearest| format!("did you mean '{nearest}'?"),
    )
}
