//! What people read: a line a case, then everything that is not a plain pass with its evidence, then the sum.

use std::fmt::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use super::escape;
use super::json::label;
use super::summary::{Conclusion, Summary};
use crate::judge::catalogue::{Catalogue, Group};
use crate::judge::record::{CaseRecord, RuleRecord, RunRecord, StepRecord};
use crate::judge::verdict::{Evidence, Finding, Verdict};
use crate::transcript::{Crossing, Transcript};

/// Lines of one piece of evidence that are shown; the JSON report has all of it.
const LINES: usize = 40;
/// Characters of one line that are shown.
const WIDTH: usize = 300;
/// Findings of one rule that are shown.
const RULE_FINDINGS: usize = 3;

/// How a case is run again alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rerun {
    /// Paths, target, faults and seed of this run, as they were given on the command line, ready for a shell.
    pub options: Vec<String>,
}

impl Rerun {
    fn command(&self, case: &CaseRecord) -> String {
        let options: String = self.options.iter().map(|option| format!(" {option}")).collect();
        // A scenario is a file of its own.
        if case.id.starts_with("PLAY-") {
            return format!("msrpspec play{options}");
        }
        format!("msrpspec run --tags @{}{options}", case.id)
    }
}

/// The whole report, with colours; strip them where they are not wanted.
pub fn render(run: &RunRecord, rerun: &Rerun) -> String {
    let mut out = String::new();
    let width = run.cases.iter().map(|case| case.id.len()).max().unwrap_or_default();
    let mut in_order: Vec<_> = run.cases.iter().collect();
    in_order.sort_by_key(|case| case.group());
    let mut before = Group::Conformance;
    for case in &in_order {
        if case.group() != before {
            before = case.group();
            let _ = writeln!(out, "\n{}", bold("robustness, which is no matter of conformance"));
        }
        let (id, name) = (escape::text(&case.id), escape::text(&case.name));
        let trailer = match case.verdict {
            Verdict::NotApplicable => escape::text(&case.reason),
            _ => human(case.duration),
        };
        let _ = writeln!(out, "{} {id:width$}  {name} {}", badge(case.verdict), dim(&trailer));
    }
    for case in in_order.iter().filter(|case| case.verdict > Verdict::Pass) {
        let _ = writeln!(out, "\n{}", coloured_detail(case, rerun));
    }
    rules(run, &mut out);
    closing(run, &mut out);
    out
}

/// What is to say about one case, without colours.
pub fn detail(case: &CaseRecord, rerun: &Rerun) -> String {
    anstream::adapter::strip_str(&coloured_detail(case, rerun)).to_string()
}

fn coloured_detail(case: &CaseRecord, rerun: &Rerun) -> String {
    let mut out = String::new();
    let title = format!("{} {}", escape::text(&case.id), escape::text(&case.name));
    let _ = writeln!(out, "{} {}", badge(case.verdict), bold(&title));
    let _ = writeln!(out, "  where      {}:{}", escape::text(&case.location.0), case.location.1);
    if case.findings.is_empty() || case.reason.contains("repetitions differ") {
        let _ = writeln!(out, "  reason     {}", escape::text(&case.reason));
    }
    for finding in case.findings.iter().filter(|finding| finding.verdict > Verdict::Pass) {
        if finding.verdict != case.verdict {
            let _ = writeln!(out, "  {}", colour(finding.verdict, &format!("({})", finding.verdict.word())));
        }
        finding_into(finding, case, &mut out);
    }
    steps(&case.steps, &mut out);
    if case.findings.iter().all(|finding| finding.evidence.is_empty()) {
        last_seen(&case.transcript, &mut out);
    }
    let _ = write!(out, "  alone      {}", rerun.command(case));
    out
}

fn finding_into(finding: &Finding, case: &CaseRecord, out: &mut String) {
    let ids = finding.requirement.iter().chain(case.requirements.iter().filter(|_| finding.requirement.is_none()));
    for id in ids {
        let known = Catalogue::embedded().ok().and_then(|catalogue| catalogue.get(id));
        let text = known.map_or_else(String::new, |known| format!(" {} ({})", known.text, known.level.word()));
        let _ = writeln!(out, "  demanded   {}{}", escape::text(id), escape::text(&text));
    }
    let _ = writeln!(out, "  expected   {}", escape::text(&finding.expected));
    let _ = writeln!(out, "  observed   {}", colour(finding.verdict, &escape::text(&finding.observed)));
    for evidence in &finding.evidence {
        evidence_into(evidence, Some(&case.transcript), out);
    }
}

fn evidence_into(evidence: &Evidence, transcript: Option<&Transcript>, out: &mut String) {
    placed_evidence_into(evidence, transcript.and_then(|transcript| place(evidence, transcript)), out);
}

/// Where a piece of evidence crossed, and when.
pub(super) fn place(evidence: &Evidence, transcript: &Transcript) -> Option<String> {
    let event = transcript.events.get(evidence.event?)?;
    let pco = transcript.pcos.get(event.pco.0).map(label).unwrap_or_default();
    Some(format!("{pco}, at {:.3} s", event.at.as_secs_f64()))
}

pub(super) fn placed_evidence_into(evidence: &Evidence, place: Option<String>, out: &mut String) {
    let place = place.map(|place| format!(" ({})", escape::text(&place))).unwrap_or_default();
    let _ = writeln!(out, "  {}{place}:", escape::text(&evidence.caption));
    let mut start = 0;
    let mut hidden = 0;
    for (index, line) in evidence.octets.split_inclusive(|octet| *octet == b'\n').enumerate() {
        let end = start + line.len();
        let decisive = evidence.decisive.is_some_and(|span| span.start < end && span.end.max(span.start + 1) > start);
        start = end;
        if index >= LINES && !decisive {
            hidden += 1;
            continue;
        }
        let shown = shown_line(line);
        if decisive {
            let _ = writeln!(out, "    {} {}", bold(">"), colour(Verdict::Fail, &shown));
        } else {
            let _ = writeln!(out, "    | {shown}");
        }
    }
    if hidden > 0 {
        let _ = writeln!(out, "    | {}", dim(&format!("({hidden} more lines)")));
    }
}

/// One line of octets. The end of line that the protocols want is not shown, any other is.
fn shown_line(line: &[u8]) -> String {
    let escaped = escape::octets(line.strip_suffix(b"\r\n").unwrap_or(line));
    match escaped.char_indices().nth(WIDTH) {
        None => escaped,
        Some((cut, _)) => format!("{} ({} octets)", escaped.get(..cut).unwrap_or(""), line.len()),
    }
}

fn steps(steps: &[StepRecord], out: &mut String) {
    let stopped = steps.iter().rposition(|step| step.verdict.is_some_and(|verdict| verdict > Verdict::Pass));
    for (index, step) in steps.iter().enumerate() {
        let mark = if Some(index) == stopped { ">" } else { " " };
        let text = format!("{} {}", step.keyword, escape::text(&step.text));
        let verdict = step.verdict.map_or("-", Verdict::word);
        let line = format!("{mark} {verdict:14} {text}");
        let line = match step.verdict {
            None => dim(&line),
            Some(verdict) if verdict > Verdict::Pass => colour(verdict, &format!("{line} (line {})", step.line)),
            Some(_) => line,
        };
        let _ = writeln!(out, "    {line}");
    }
}

/// For findings that rest on no message: what crossed the PCOs last.
fn last_seen(transcript: &Transcript, out: &mut String) {
    let last = transcript.events.len().saturating_sub(6);
    let Some(events) = transcript.events.get(last..).filter(|events| !events.is_empty()) else { return };
    let _ = writeln!(out, "  last seen:");
    for event in events {
        let pco = transcript.pcos.get(event.pco.0).map(label).unwrap_or_default();
        let what = match &event.crossing {
            Crossing::Opened => "opened".to_owned(),
            Crossing::ClosedByTester => "closed by the tester".to_owned(),
            Crossing::ClosedByIut => "closed by the implementation".to_owned(),
            Crossing::Omitted { sent, octets } => {
                format!("{} {octets} octets that were not kept", if *sent { "->" } else { "<-" })
            }
            Crossing::Sent(octets) => format!("-> {}", first_line(octets)),
            Crossing::Received(octets) => format!("<- {}", first_line(octets)),
        };
        let _ = writeln!(out, "    | {:9.3} s  {}  {what}", event.at.as_secs_f64(), escape::text(&pco));
    }
}

fn first_line(octets: &[u8]) -> String {
    shown_line(octets.split_inclusive(|octet| *octet == b'\n').next().unwrap_or(octets))
}

fn rules(run: &RunRecord, out: &mut String) {
    if run.rules.is_empty() {
        return;
    }
    let broken = |rule: &&RuleRecord| rule.verdict > Verdict::Pass && rule.observations > 0;
    for rule in run.rules.iter().filter(broken) {
        let title = format!("{} {}", escape::text(&rule.id), escape::text(&rule.purpose));
        let _ = writeln!(out, "\n{} {}", badge(rule.verdict), bold(&title));
        let _ = writeln!(out, "  demanded   {} ({})", escape::text(&rule.requirements.join(", ")), rule.level);
        let _ = writeln!(out, "  reason     {}", escape::text(&rule.reason));
        for (case, finding) in rule.findings.iter().take(RULE_FINDINGS) {
            let transcript = run.cases.iter().find(|one| one.id == *case).map(|one| &one.transcript);
            let _ = writeln!(out, "  seen in    {}", escape::text(case));
            let _ = writeln!(out, "  expected   {}", escape::text(&finding.expected));
            let _ = writeln!(out, "  observed   {}", colour(finding.verdict, &escape::text(&finding.observed)));
            for evidence in &finding.evidence {
                evidence_into(evidence, transcript, out);
            }
        }
        if rule.finding_count > rule.findings.len().min(RULE_FINDINGS) {
            let _ = writeln!(out, "  {} findings in all", rule.finding_count);
        }
    }
    let never = run.rules.iter().filter(|rule| rule.observations == 0).count();
    let judged = run.rules.iter().filter(|rule| rule.observations > 0).map(|rule| rule.verdict);
    let _ = write!(out, "\n{} rules: {}", run.rules.len(), counts(&Summary::of(judged)));
    let _ = writeln!(out, ", {never} never observed");
}

fn closing(run: &RunRecord, out: &mut String) {
    for remark in &run.remarks {
        let _ = writeln!(out, "remark: {}", escape::text(remark));
    }
    if let Some(reason) = &run.ended_early {
        let _ = writeln!(out, "{} {}", colour(Verdict::Fail, "the run ended early:"), escape::text(reason));
    }
    let mut line_end = "";
    for (group, kind) in [(Group::Conformance, ""), (Group::Robustness, "robustness ")] {
        let summary = Summary::of_cases(run, group);
        if summary.total() > 0 || (group == Group::Conformance && run.cases.is_empty()) {
            let cases = if summary.total() == 1 { "case" } else { "cases" };
            let _ =
                write!(out, "{}{} {kind}{cases}: {}", std::mem::take(&mut line_end), summary.total(), counts(&summary));
            line_end = "\n";
        }
    }
    let _ = writeln!(out, " in {} (seed {})", human(run.duration), run.seed);
    let (iut, target) = (escape::text(&run.iut), escape::text(&run.target));
    let at = if iut == target { String::new() } else { format!(" at {target}") };
    let _ = write!(out, "{iut}{at}: {}", coloured_conclusion(run));
    if Summary::of_cases(run, Group::Robustness).total() > 0 {
        let (verdict, words) = match Conclusion::of_group(run, Group::Robustness) {
            Conclusion::Passed => (Verdict::Pass, "bears the hostile input that was tried"),
            Conclusion::Failed => (Verdict::Fail, "does not bear hostile input (robustness, not conformance)"),
            Conclusion::Unproven => (Verdict::Inconclusive, "robustness not proved"),
        };
        let _ = write!(out, "; {}", colour(verdict, words));
    }
    out.push('\n');
}

/// What the cases of conformance and the rules come to.
fn coloured_conclusion(run: &RunRecord) -> String {
    let only_robustness = Summary::of_cases(run, Group::Conformance).total() == 0 && !run.cases.is_empty();
    let (verdict, words) = match Conclusion::of_group(run, Group::Conformance) {
        _ if only_robustness => (Verdict::NotApplicable, "conformance not tested"),
        Conclusion::Passed => (Verdict::Pass, "conforms as far as tested"),
        Conclusion::Failed => (Verdict::Fail, "does not conform"),
        Conclusion::Unproven => (Verdict::Inconclusive, "not proved"),
    };
    colour(verdict, words)
}

pub(super) fn counts(summary: &Summary) -> String {
    let counted = [
        (Verdict::Pass, summary.pass),
        (Verdict::Advisory, summary.advisory),
        (Verdict::Fail, summary.fail),
        (Verdict::Inconclusive, summary.inconclusive),
        (Verdict::Error, summary.error),
        (Verdict::NotApplicable, summary.not_applicable),
    ];
    let shown = counted.iter().filter(|(verdict, count)| *count > 0 || *verdict == Verdict::Pass);
    let words: Vec<_> =
        shown.map(|(verdict, count)| colour(*verdict, &format!("{count} {}", verdict.word()))).collect();
    words.join(", ")
}

pub(super) fn badge(verdict: Verdict) -> String {
    let word = match verdict {
        Verdict::Pass | Verdict::NotApplicable => verdict.word().to_owned(),
        other => other.word().to_uppercase(),
    };
    colour(verdict, &format!("{word:14}"))
}

pub(super) fn colour(verdict: Verdict, text: &str) -> String {
    let colour = match verdict {
        Verdict::Pass => AnsiColor::Green,
        Verdict::Advisory | Verdict::Inconclusive => AnsiColor::Yellow,
        Verdict::Fail => AnsiColor::Red,
        Verdict::Error => AnsiColor::Magenta,
        Verdict::NotApplicable => AnsiColor::BrightBlack,
    };
    styled(colour.on_default(), text)
}

pub(super) fn bold(text: &str) -> String {
    styled(Style::new().bold(), text)
}

pub(super) fn dim(text: &str) -> String {
    styled(Style::new().dimmed(), text)
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

fn human(duration: Duration) -> String {
    if duration.as_secs() >= 1 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} ms", duration.as_millis())
    }
}
