//! What can be written on the command line.

use std::num::{NonZeroUsize, ParseFloatError};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use gherkin::tagexpr::TagOperation;
use regex::Regex;

use super::problem::Problem;
use super::switch::SwitchOptions;
use crate::capture::Address;
use crate::suite::plan::{Selection, Shard};
use crate::suite::profile::Profile;
use crate::suite::profile::SipTransport;
use crate::switch::flaw::Flaw;
use crate::wire::uri::{MalformedUri, SipUri};

/// Conformance test suite and simulator for multi-party chat over MSRP (RFC 7701).
#[derive(Debug, Parser)]
#[command(version, max_term_width = 110, after_help = AFTER_HELP)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER_HELP: &str = "\
Exit status: 0 every selected case passed (advisories allowed unless --strict); 1 at least one failed; \
2 usage or configuration; 3 none failed, but something was inconclusive, in error, unreachable or nothing was selected.";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run the suite, or feature files of your own
    Run(Box<RunOptions>),
    /// Play YAML scenarios: participants that do what a script says
    Play(Box<PlayOptions>),
    /// List test cases: id, level, requirements and name, separated by tabs
    List(ListOptions),
    /// Explain a requirement, or a test case
    Explain(ExplainOptions),
    /// Show which requirements are tested by which cases and rules
    Coverage(CoverageOptions),
    /// List the steps that feature files can use
    Steps,
    /// List the faults of the bundled switch: name, requirements and one line, separated by tabs; then its wreckage
    Faults,
    /// Prove that the suite can fail: run it against each fault of the bundled switch and print the kill matrix
    Prove(ProveOptions),
    /// Run the bundled switch for clients of your own
    Switch(SwitchOptions),
    /// Ask an implementation what it supports and print a profile to edit
    Probe(ProbeOptions),
    /// Judge a capture (pcap or pcapng) of somebody's traffic by the rules: who broke which clause in which frame
    Audit(AuditOptions),
    /// Show the call flow of a capture (pcap or pcapng), with what the rules hold against it
    Ladder(LadderOptions),
    /// Act the participants' side of a capture again and tell what another switch does otherwise than the recorded one
    Replay(ReplayOptions),
}

/// Whom the participants meet: an implementation, or the bundled switch.
#[derive(Clone, Debug, Args)]
pub(super) struct TargetOptions {
    /// A room of the implementation under test, such as 'sip:room@127.0.0.1:5080;transport=tcp'
    #[arg(long, value_name = "SIP-URI", value_parser = sip_uri, help_heading = "Target", conflicts_with = "iut")]
    pub(super) target: Option<SipUri>,
    /// IUT profile (YAML): what the implementation claims and how to reach it
    #[arg(long, value_name = "FILE", help_heading = "Target")]
    pub(super) iut: Option<String>,
    /// Let the bundled switch show a fault or be wreckage ('msrpspec faults' lists them); repeatable
    #[arg(long = "fault", value_name = "NAME", help_heading = "Target", conflicts_with_all = ["target", "iut"])]
    pub(super) faults: Vec<Flaw>,
    /// What lies between the participants and the bundled switch: loopback sockets, or a network in memory with a virtual
    /// clock, where what happens is a function of the seed
    #[arg(long, value_enum, value_name = "NAME", default_value = "sockets", help_heading = "Target")]
    pub(super) link: LinkName,
}

impl TargetOptions {
    /// The profile of the implementation; `None` for the bundled switch.
    pub(super) fn profile(&self) -> Result<Option<Profile>, Problem> {
        let profile = match (&self.target, &self.iut) {
            (_, Some(file)) => Some(Profile::load(file)?),
            (Some(target), None) => Some(Profile::for_target(target.clone())),
            (None, None) => None,
        };
        if self.link == LinkName::Memory && profile.is_some() {
            let help = "leave --target and --iut out to meet the bundled switch, or leave --link out";
            return Err(Problem::usage("only the bundled switch can be reached over --link memory", help));
        }
        Ok(profile)
    }
}

#[derive(Debug, Args)]
pub(super) struct RunOptions {
    #[command(flatten)]
    pub(super) files: Files,
    #[command(flatten)]
    pub(super) selection: SelectionOptions,
    #[command(flatten)]
    pub(super) at: TargetOptions,
    /// SIP transport to the bundled switch, which is the target when there is neither --target nor --iut
    #[arg(long, value_enum, value_name = "NAME", help_heading = "Target", conflicts_with_all = ["target", "iut"])]
    pub(super) transport: Option<TransportName>,
    /// Show the selected cases and stop
    #[arg(long, help_heading = "Selection")]
    pub(super) list: bool,
    /// terminal, json, junit or verdicts (a line of JSON for each case and rule), with =PATH into a file; repeatable. The
    /// terminal report is also shown when all others go into files
    #[arg(long = "report", value_name = "FORMAT[=PATH]", help_heading = "Report")]
    pub(super) reports: Vec<ReportOption>,
    /// Write what crossed the wire as pcapng, with the verdicts as comments at the frames where they fell
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) pcap: Option<PathBuf>,
    /// Count an advisory as fail
    #[arg(long, help_heading = "Verdict")]
    pub(super) strict: bool,
    /// How many cases run at once; 8 over sockets and 1 in memory, where nobody waits, unless told
    #[arg(long, value_name = "N", help_heading = "Execution")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Bound on one case, in seconds; 30 over sockets and 90 in memory, where time is virtual, unless told. Cases that sit
    /// out SIP's 64*T1 run from 45 upwards
    #[arg(long, value_name = "SECS", value_parser = seconds, help_heading = "Execution")]
    pub(super) timeout: Option<Duration>,
    /// Seed of all randomness; a fresh one is drawn and shown when there is none
    #[arg(long, value_name = "N", help_heading = "Execution")]
    pub(super) seed: Option<u64>,
    /// Run everything N times; a case whose verdicts differ is inconclusive
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Execution")]
    pub(super) repeat: NonZeroUsize,
    /// Start no further case once one has failed
    #[arg(long, help_heading = "Execution")]
    pub(super) fail_fast: bool,
}

#[derive(Debug, Args)]
#[command(after_help = PLAY_HELP)]
pub(super) struct PlayOptions {
    /// Scenarios (YAML); docs/scenarios.md describes them
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<String>,
    /// Check the scenarios and stop
    #[arg(long, help_heading = "Execution")]
    pub(super) dry_run: bool,
    /// Give a variable of the scenario another value; repeatable
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = variable, help_heading = "Execution")]
    pub(super) variables: Vec<(String, String)>,
    #[command(flatten)]
    pub(super) at: TargetOptions,
    /// SIP transport to the bundled switch, which is the target when there is neither --target nor --iut
    #[arg(long, value_enum, value_name = "NAME", help_heading = "Target", conflicts_with_all = ["target", "iut"])]
    pub(super) transport: Option<TransportName>,
    /// terminal, json, junit or verdicts (a line of JSON for each scenario and rule), with =PATH into a file; repeatable
    #[arg(long = "report", value_name = "FORMAT[=PATH]", help_heading = "Report")]
    pub(super) reports: Vec<ReportOption>,
    /// Write what crossed the wire as pcapng, with the verdicts as comments at the frames where they fell
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) pcap: Option<PathBuf>,
    /// Count an advisory as fail
    #[arg(long, help_heading = "Verdict")]
    pub(super) strict: bool,
    /// Bound on one scenario, in seconds
    #[arg(long, value_name = "SECS", value_parser = seconds, default_value = "600", help_heading = "Execution")]
    pub(super) timeout: Duration,
    /// Seed of all randomness; a fresh one is drawn and shown when there is none
    #[arg(long, value_name = "N", help_heading = "Execution")]
    pub(super) seed: Option<u64>,
    /// Play everything N times; a scenario whose verdicts differ is inconclusive
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Execution")]
    pub(super) repeat: NonZeroUsize,
}

const PLAY_HELP: &str = "\
Ctrl-C ends a play in order: everybody leaves the room, and the report tells what was done.

Exit status: 0 every scenario went as it says, and no rule failed; 1 something else came; 2 usage, or a scenario that \
cannot be read; 3 something kept a scenario from being played to its end.";

#[derive(Debug, Args)]
pub(super) struct ListOptions {
    #[command(flatten)]
    pub(super) files: Files,
    #[command(flatten)]
    pub(super) selection: SelectionOptions,
}

#[derive(Debug, Args)]
pub(super) struct Files {
    /// Feature files, folders or patterns; without any, the suite that comes with the tool
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<String>,
}

#[derive(Debug, Default, Args)]
pub(super) struct SelectionOptions {
    /// Tag expression, such as '@MUST and not @serial'
    #[arg(long, value_name = "EXPR", value_parser = tags, help_heading = "Selection")]
    tags: Option<TagOperation>,
    /// Cases bound to a requirement, such as RFC7701-7.1-16; repeatable
    #[arg(long = "requirement", value_name = "ID", help_heading = "Selection")]
    requirements: Vec<String>,
    /// Cases whose name matches a regular expression
    #[arg(long, value_name = "REGEX", help_heading = "Selection")]
    name: Option<Regex>,
    /// The I-th of N equal parts of what is selected
    #[arg(long, value_name = "I/N", help_heading = "Selection")]
    shard: Option<Shard>,
}

impl SelectionOptions {
    pub(super) fn selection(&self) -> Selection {
        Selection {
            tags: self.tags.clone(),
            requirements: self.requirements.clone(),
            name: self.name.clone(),
            shard: self.shard,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct ExplainOptions {
    /// Requirement, such as RFC7701-7.1-16, or test case, such as NICK-BI-004
    pub(super) id: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Exit status 1 if a testable requirement has neither case nor rule.")]
pub(super) struct CoverageOptions {
    /// Requirements of one RFC
    #[arg(long, value_name = "NUMBER")]
    pub(super) rfc: Option<u32>,
    /// Requirements that bind a role; switch and focus each include those that bind both sides, room the focus and
    /// the switch
    #[arg(long, value_enum, value_name = "ROLE")]
    pub(super) role: Option<RoleName>,
}

/// The role filter of `coverage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RoleName {
    Switch,
    Focus,
    Notifier,
    Client,
    Room,
}

#[derive(Debug, Args)]
#[command(after_help = PROVE_HELP)]
pub(super) struct ProveOptions {
    #[command(flatten)]
    pub(super) files: Files,
    /// Only this fault or wreckage ('msrpspec faults' lists them); repeatable. Cases and rules that catch nothing are then
    /// not looked for
    #[arg(long = "fault", value_name = "NAME")]
    pub(super) faults: Vec<Flaw>,
    /// What lies between the participants and the bundled switch
    #[arg(long, value_enum, value_name = "NAME", default_value = "memory")]
    pub(super) link: LinkName,
    /// Seed of all randomness
    #[arg(long, value_name = "N", default_value = "7")]
    pub(super) seed: u64,
    /// How many runs go on at once; by default as many as there are cores
    #[arg(long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,
    /// Write the kill matrix as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Write the kill matrix as a table in Markdown
    #[arg(long, value_name = "FILE")]
    pub(super) markdown: Option<PathBuf>,
}

const PROVE_HELP: &str = "\
Exit status: 0 if everything passes without a fault, each fault is caught by a case or rule bound to a requirement that \
it breaks, nothing else goes red, each case and rule catches at least one fault, and each step that expects something was \
unmet at least once; 1 otherwise.";

#[derive(Debug, Args)]
pub(super) struct ProbeOptions {
    /// A room of the implementation, such as 'sip:room@127.0.0.1:5080;transport=tcp'
    #[arg(long, value_name = "SIP-URI", value_parser = sip_uri)]
    pub(super) target: SipUri,
}

#[derive(Debug, Args)]
#[command(after_help = AUDIT_HELP)]
pub(super) struct AuditOptions {
    /// The capture: pcap or pcapng, of SIP over UDP or TCP and MSRP over TCP
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    /// Who is judged. The rules are about chat rooms: clients cannot be judged yet
    #[arg(long, value_enum, value_name = "SIDE", default_value = "switch")]
    pub(super) side: SideName,
    /// An address of the switch (focus), where the capture does not show who it is or shows several; repeatable. Else it is
    /// told by isfocus in Contact, then by whom the participants invite, subscribe to or ask for nicknames
    #[arg(long = "iut-address", value_name = "IP[:PORT]")]
    pub(super) addresses: Vec<Address>,
    /// terminal or json, with =PATH into a file; repeatable. The terminal report is also shown when all others go into files
    #[arg(long = "report", value_name = "FORMAT[=PATH]", help_heading = "Report")]
    pub(super) reports: Vec<ReportOption>,
}

const AUDIT_HELP: &str = "\
A rule that the capture gave nothing to judge for is inconclusive, never passed, and listed apart. TLS cannot be read. A \
capture that breaks off is judged as far as it can be read.

Exit status: 0 no rule failed and at least one was observed; 1 a rule failed; 2 usage, or the file is no capture; \
3 nothing was judged.";

#[derive(Debug, Args)]
#[command(after_help = LADDER_HELP)]
pub(super) struct LadderOptions {
    /// The capture: pcap or pcapng, of SIP over UDP or TCP and MSRP over TCP
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    /// An address of the switch (focus), where the capture does not show who it is or shows several; repeatable
    #[arg(long = "iut-address", value_name = "IP[:PORT]")]
    pub(super) addresses: Vec<Address>,
    /// Only participants with this text in their URI; repeatable
    #[arg(long = "participant", value_name = "NAME", help_heading = "Selection")]
    pub(super) participants: Vec<String>,
    /// Only the session of this number, as the flow lists them
    #[arg(long, value_name = "N", help_heading = "Selection")]
    pub(super) session: Option<NonZeroUsize>,
    /// Only calls and subscriptions with this text in their Call-ID, and the MSRP of their sessions
    #[arg(long, value_name = "TEXT", help_heading = "Selection")]
    pub(super) call_id: Option<String>,
    /// Nothing before this time, in seconds from the first frame
    #[arg(long, value_name = "SECS", value_parser = since_start, help_heading = "Selection")]
    pub(super) from: Option<Duration>,
    /// Nothing after this time
    #[arg(long, value_name = "SECS", value_parser = since_start, help_heading = "Selection")]
    pub(super) to: Option<Duration>,
    /// A row for everything: fold no responses, keep-alives and retransmissions
    #[arg(long, help_heading = "Report")]
    pub(super) all: bool,
    /// Write the rows as a picture (SVG) as well
    #[arg(long, value_name = "FILE", help_heading = "Report")]
    pub(super) svg: Option<PathBuf>,
}

const LADDER_HELP: &str = "\
Without --all, a 200 to a SEND stands in the row of the SEND, and keep-alives and retransmissions in that of the first of \
them, unless a rule holds something against them. A row marked with ✗ is evidence of a rule that failed, with ! of one that \
advises. The width is that of COLUMNS, or 100.

Exit status: 0 something is shown, whatever it is; 2 usage, or the file is no capture; 3 nothing was selected.";

#[derive(Debug, Args)]
#[command(after_help = REPLAY_HELP)]
pub(super) struct ReplayOptions {
    /// The capture: pcap or pcapng, of SIP over UDP or TCP and MSRP over TCP
    #[arg(value_name = "CAPTURE")]
    pub(super) capture: PathBuf,
    /// An address of the switch (focus) in the capture, where the capture does not show who it is or shows several;
    /// repeatable
    #[arg(long = "iut-address", value_name = "IP[:PORT]")]
    pub(super) addresses: Vec<Address>,
    #[command(flatten)]
    pub(super) at: TargetOptions,
    /// As fast as the answers come, or with the distances in time of the capture
    #[arg(long, value_enum, value_name = "PACE", default_value = "answers", help_heading = "Execution")]
    pub(super) pace: PaceName,
    /// How long something that had come in the capture is waited for before the next request, in seconds
    #[arg(long, value_name = "SECS", value_parser = seconds, default_value = "2", help_heading = "Execution")]
    pub(super) patience: Duration,
    /// Seed of identifiers
    #[arg(long, value_name = "N", help_heading = "Execution")]
    pub(super) seed: Option<u64>,
}

const REPLAY_HELP: &str = "\
Requests go out as the recorded clients wrote them, with live tags, Call-IDs, branches, paths, ports, Message-IDs and \
transaction identifiers; each once the answers and deliveries before it have come. Compared are status codes, deliveries \
by content, reports, requests of the focus, and the roster before a participant leaves. What follows from another \
difference is counted, not shown. A call to a room of the capture goes to the room of the profile with the same user \
part, else to its default room; credentials are computed with the passwords of the profile. SIP goes over UDP; TLS and \
SIP over TCP are not acted.

Exit status: 0 no difference; 1 differences; 2 usage, or the file is no capture; 3 the capture could not be acted.";

/// When the requests of a replay go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PaceName {
    Answers,
    Recorded,
}

/// Whom `audit` judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SideName {
    Switch,
    Client,
}

/// A SIP transport of the bundled switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TransportName {
    Udp,
    Tcp,
}

/// A link to the bundled switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LinkName {
    Sockets,
    Memory,
}

impl From<TransportName> for SipTransport {
    fn from(name: TransportName) -> Self {
        match name {
            TransportName::Udp => Self::Udp,
            TransportName::Tcp => Self::Tcp,
        }
    }
}

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Terminal,
    Json,
    Junit,
    Verdicts,
}

impl Format {
    const ALL: [(&'static str, Self); 4] =
        [("terminal", Self::Terminal), ("json", Self::Json), ("junit", Self::Junit), ("verdicts", Self::Verdicts)];
}

/// A report that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReportOption {
    pub(super) format: Format,
    /// `None`: standard output.
    pub(super) path: Option<PathBuf>,
}

impl FromStr for ReportOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = text.split_once('=').map_or((text, None), |(name, path)| (name, Some(path)));
        let known = Format::ALL.iter().find(|(known, _)| *known == name);
        let (_, format) = known.ok_or("the formats are terminal, json, junit and verdicts")?;
        match path {
            Some("") => Err("the path behind '=' is empty".to_owned()),
            None | Some("-") => Ok(Self { format: *format, path: None }),
            Some(path) => Ok(Self { format: *format, path: Some(path.into()) }),
        }
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn sip_uri(text: &str) -> Result<SipUri, MalformedUri> {
    SipUri::parse(text)
}

fn tags(text: &str) -> Result<TagOperation, String> {
    text.parse().map_err(|_| "write tags with @, joined by 'and', 'or', 'not' and parentheses".to_owned())
}

fn since_start(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|error: ParseFloatError| error.to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| "write a number of seconds, 0 or above".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|error: ParseFloatError| error.to_string())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("write a number of seconds above 0".to_owned()),
    }
}
