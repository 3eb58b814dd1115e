//! `switch`: the bundled switch for clients of others.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::problem::Problem;
use crate::switch::fault::Fault;

/// How the bundled switch is to run.
#[derive(Clone, Debug, Args)]
pub struct SwitchOptions {
    /// Rooms (YAML); without it, one room for each policy that the suite knows
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// SIP over UDP and TCP
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:5060")]
    pub sip: SocketAddr,
    /// MSRP over TCP
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:2855")]
    pub msrp: SocketAddr,
    /// SIP over TLS
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub sip_tls: Option<SocketAddr>,
    /// MSRP over TLS
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub msrp_tls: Option<SocketAddr>,
    /// Certificate chain for TLS (PEM); without it, one is made for this run
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key for TLS (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Fault that it shall show ('msrpspec faults' lists them); repeatable
    #[arg(long = "fault", value_name = "NAME")]
    pub faults: Vec<Fault>,
    /// Seed of all randomness
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// Runs the bundled switch until it is interrupted.
///
/// # Errors
/// Why it cannot run.
pub fn run(_options: &SwitchOptions) -> Result<Status, Problem> {
    Err(Problem::unproven("the bundled switch is not part of this build", "use another build"))
}
