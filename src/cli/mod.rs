//! Arguments and exit status. No protocol knowledge here.

mod arguments;
mod audit;
mod captured;
mod coverage;
mod ladder;
mod play;
mod problem;
mod progress;
mod prove;
mod replay;
mod run;
mod show;
mod sinks;
mod suite_files;
pub mod switch;
mod tap;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::Parser;

use self::arguments::{Cli, Command};
use self::problem::Problem;

/// How the program ends. Scripts depend on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Every selected case passed; or the command did what it was asked.
    Passed = 0,
    /// At least one case failed; or there is a gap in the coverage.
    Failed = 1,
    /// Usage or configuration.
    Usage = 2,
    /// Nothing failed, but something is inconclusive, in error, unreachable or nothing was selected.
    Unproven = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let status = match Cli::try_parse() {
        Ok(cli) => dispatch(cli.command).unwrap_or_else(|problem| problem.show()),
        Err(error) => {
            let asked_for = !error.use_stderr();
            // Whoever closed the pipe does not want to read it.
            let _ = error.print();
            if asked_for { Status::Passed } else { Status::Usage }
        }
    };
    status.into()
}

fn dispatch(command: Command) -> Result<Status, Problem> {
    match command {
        Command::Run(options) => run::run(&options),
        Command::Play(options) => play::play(&options),
        Command::List(options) => show::list(&options),
        Command::Explain(options) => show::explain(&options.id),
        Command::Coverage(options) => coverage::coverage(&options),
        Command::Steps => show::steps(),
        Command::Faults => show::faults(),
        Command::Prove(options) => prove::run(&options),
        Command::Switch(options) => switch::run(&options),
        Command::Probe(options) => run::probe(&options),
        Command::Audit(options) => audit::run(&options),
        Command::Ladder(options) => ladder::run(&options),
        Command::Replay(options) => replay::run(&options),
    }
}
