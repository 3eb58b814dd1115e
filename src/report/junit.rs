//! The JUnit report, in the shape that CI servers read.

use std::collections::BTreeMap;
use std::io;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::escape;
use super::terminal::{Rerun, detail};
use crate::judge::catalogue::Group;
use crate::judge::record::{CaseRecord, RuleRecord, RunRecord};
use crate::judge::verdict::Verdict;

/// Writes the report: a suite a feature, those of the robustness group named so, and one for the rules. Only a pass or an advisory counts as success; not
/// applicable is skipped.
///
/// # Errors
/// What the writer says.
pub fn write(run: &RunRecord, rerun: &Rerun, mut writer: impl io::Write) -> io::Result<()> {
    let mut report = Report::new(env!("CARGO_PKG_NAME"));
    report.set_time(run.duration);
    let mut features: BTreeMap<(Group, &str), Vec<&CaseRecord>> = BTreeMap::new();
    for case in &run.cases {
        features.entry((case.group(), &case.feature)).or_default().push(case);
    }
    for ((group, feature), cases) in features {
        let mut suite = suite(&titled(group, feature), run);
        suite.add_property(("group", group.word()));
        suite.set_time(cases.iter().map(|case| case.duration).sum());
        suite.add_test_cases(cases.into_iter().map(|case| case_of(case, rerun)));
        report.add_test_suite(suite);
    }
    if !run.rules.is_empty() {
        let mut suite = suite("rules", run);
        suite.add_test_cases(run.rules.iter().map(rule_of));
        report.add_test_suite(suite);
    }
    if let Some(reason) = &run.ended_early {
        // A run that did not end by itself must not look green in a CI server, whatever its cases say.
        let mut suite = suite("run", run);
        let status = unsuccessful(NonSuccessKind::Error, "ended-early", reason);
        suite.add_test_case(named("the run comes to its end", "run", status));
        report.add_test_suite(suite);
    }
    let text = report.to_string().map_err(io::Error::other)?;
    writer.write_all(without_sum_of_skipped(&text).as_bytes())
}

/// The published schema knows the number of skipped cases on a suite only, not on the root.
fn without_sum_of_skipped(text: &str) -> String {
    let cut = text.find("<testsuites").and_then(|start| {
        let tag = text.get(start..)?.split('>').next()?;
        let attribute = start + tag.find(" skipped=\"")?;
        let end = attribute + text.get(attribute..)?.match_indices('"').nth(1)?.0 + 1;
        Some((attribute, end))
    });
    match cut {
        Some((from, to)) => [text.get(..from), text.get(to..)].into_iter().flatten().collect(),
        None => text.to_owned(),
    }
}

/// What is no matter of conformance says so wherever its name is shown.
fn titled(group: Group, feature: &str) -> String {
    match group {
        Group::Conformance => feature.to_owned(),
        Group::Robustness => format!("robustness: {feature}"),
    }
}

fn suite(name: &str, run: &RunRecord) -> TestSuite {
    let mut suite = TestSuite::new(escape::text(name));
    suite.add_property(("seed", run.seed.to_string().as_str()));
    suite.add_property(("iut", escape::text(&run.iut).as_str()));
    suite.add_property(("target", escape::text(&run.target).as_str()));
    suite
}

fn case_of(case: &CaseRecord, rerun: &Rerun) -> TestCase {
    let mut status = status(case.verdict, &case.reason);
    if let TestCaseStatus::NonSuccess { .. } = status {
        status.set_description(detail(case, rerun));
    }
    let name = format!("{} {}", case.id, case.name);
    let mut test = named(&name, &titled(case.group(), &case.feature), status);
    test.set_time(case.duration);
    if case.verdict == Verdict::Advisory {
        test.set_system_out(detail(case, rerun));
    }
    test
}

fn rule_of(rule: &RuleRecord) -> TestCase {
    // What was never observed did not run, and that is nobody's failure.
    let verdict = if rule.observations == 0 { Verdict::NotApplicable } else { rule.verdict };
    let mut test = named(&format!("{} {}", rule.id, rule.purpose), "rules", status(verdict, &rule.reason));
    if verdict == Verdict::Advisory {
        test.set_system_out(escape::text(&rule.reason));
    }
    test
}

fn named(name: &str, class: &str, status: TestCaseStatus) -> TestCase {
    let mut test = TestCase::new(escape::text(name), status);
    test.set_classname(escape::text(class));
    test
}

fn status(verdict: Verdict, reason: &str) -> TestCaseStatus {
    match verdict {
        Verdict::Pass | Verdict::Advisory => TestCaseStatus::success(),
        Verdict::NotApplicable => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(escape::text(reason));
            status
        }
        Verdict::Fail => unsuccessful(NonSuccessKind::Failure, verdict.word(), reason),
        Verdict::Inconclusive | Verdict::Error => unsuccessful(NonSuccessKind::Error, verdict.word(), reason),
    }
}

fn unsuccessful(kind: NonSuccessKind, word: &str, reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(word);
    status.set_message(escape::text(reason));
    status
}
