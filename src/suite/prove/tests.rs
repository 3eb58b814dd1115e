use super::*;

fn brief(id: &str, verdict: Verdict, level: &str, requirements: &[&str]) -> Brief {
    Brief {
        subject: if id.starts_with("RULE") { Subject::Rule } else { Subject::Case },
        id: id.to_owned(),
        level: level.to_owned(),
        verdict,
        requirements: requirements.iter().map(|&one| one.to_owned()).collect(),
        expected: format!("what {id} wants"),
        observed: "something else".to_owned(),
        unmet: vec!["the room answers".to_owned()],
    }
}

const FAULT: Fault = Fault::OwnCopyEchoed;
const BROKEN: &[&str] = &["RFC7701-6.1-20"];
const OTHER: &[&str] = &["RFC7701-9.1-1"];

fn green() -> Outcome {
    Ok(vec![brief("A-BV-001", Verdict::Pass, "MUST", BROKEN), brief("RULE-A-001", Verdict::Pass, "MUST", BROKEN)])
}

#[test]
fn a_fault_is_caught_by_what_is_bound_to_its_requirement() {
    let red = Ok(vec![
        brief("A-BV-001", Verdict::Fail, "MUST", BROKEN),
        brief("RULE-A-001", Verdict::Advisory, "SHOULD", BROKEN),
    ]);
    let matrix = Matrix::of(&green(), &[(FAULT, red)], &[], Some(&[]));
    assert!(matrix.holds(), "{matrix:?}");
    assert_eq!(matrix.faults[0].killers, ["A-BV-001", "RULE-A-001"]);
    assert_eq!(matrix.faults[0].expected, "what A-BV-001 wants");
    assert_eq!(matrix.scenario_runs, 2, "rules are no scenarios");
}

#[test]
fn what_is_red_elsewhere_neither_catches_nor_goes_unseen() {
    let red = Ok(vec![brief("A-BV-001", Verdict::Fail, "MUST", OTHER)]);
    let matrix = Matrix::of(&green(), &[(FAULT, red)], &[], Some(&[]));
    assert_eq!(matrix.survivors().count(), 1);
    assert_eq!(matrix.faults[0].unspecific, ["A-BV-001"]);
    assert!(!matrix.holds());
}

#[test]
fn only_a_fail_or_the_advice_of_a_should_is_red() {
    for (verdict, level) in [
        (Verdict::Inconclusive, "MUST"),
        (Verdict::Advisory, "MUST"),
        (Verdict::Pass, "SHOULD"),
        (Verdict::NotApplicable, "MUST"),
    ] {
        let outcome = Ok(vec![brief("A-BV-001", verdict, level, BROKEN)]);
        let matrix = Matrix::of(&green(), &[(FAULT, outcome)], &[], None);
        assert_eq!(matrix.survivors().count(), 1, "{verdict:?} {level}");
    }
}

#[test]
fn idleness_shows_only_when_every_fault_was_tried() {
    let red = || Ok(vec![brief("A-BV-001", Verdict::Fail, "MUST", BROKEN)]);
    let matrix = Matrix::of(&green(), &[(FAULT, red())], &[], Some(&[]));
    assert_eq!(matrix.idle_rules, ["RULE-A-001"]);
    assert!(!matrix.holds());
    assert!(Matrix::of(&green(), &[(FAULT, red())], &[], None).holds());
}

#[test]
fn a_run_that_went_wrong_proves_nothing() {
    let red = brief("A-BV-001", Verdict::Fail, "MUST", BROKEN);
    let broken = brief("A-BV-002", Verdict::Error, "MUST", BROKEN);
    let matrix = Matrix::of(&green(), &[(FAULT, Ok(vec![red, broken]))], &[], None);
    assert_eq!(matrix.survivors().count(), 1);
    assert_eq!(Matrix::of(&green(), &[(FAULT, Err("timed out".to_owned()))], &[], None).survivors().count(), 1);
    let not_green = Ok(vec![brief("A-BV-001", Verdict::Inconclusive, "MUST", BROKEN)]);
    assert!(!Matrix::of(&not_green, &[], &[], None).holds());
    assert!(!Matrix::of(&Err("no".to_owned()), &[], &[], None).holds());
}

#[test]
fn a_page_keeps_its_cells_apart() {
    let mut red = brief("A-BV-001", Verdict::Fail, "MUST", BROKEN);
    red.expected = "a | b\nand <c>".to_owned();
    let page = Matrix::of(&green(), &[(FAULT, Ok(vec![red]))], &[], None).markdown();
    let row = page.lines().last().unwrap();
    assert_eq!(row, "| `own-copy-echoed` | RFC7701-6.1-20 RFC7701-6.1-19 | A-BV-001 | a \\| b and \\<c> |");
}

#[test]
fn a_step_that_is_never_unmet_is_idle() {
    let expectation = |case: &str, step: &str, definition| {
        let (case, step) = (case.to_owned(), step.to_owned());
        Expectation { case, step, definition }
    };
    let rows = || vec![(FAULT, Ok(vec![brief("A-BV-001", Verdict::Fail, "MUST", BROKEN)]))];
    let green = Ok(vec![brief("A-BV-001", Verdict::Pass, "MUST", BROKEN)]);
    let seen = [
        expectation("A-BV-001", "the room answers", "the room answers"),
        // Met here, unmet there: the definition is one that can fail.
        expectation("A-BV-002", "the room answers", "the room answers"),
    ];
    let matrix = Matrix::of(&green, &rows(), &[], Some(&seen));
    assert!(matrix.holds(), "{matrix:?}");
    assert_eq!((matrix.unmet, matrix.expectations), (1, 2));
    let blind = [seen[0].clone(), expectation("A-BV-001", "nobody hears it", "nobody hears it")];
    let matrix = Matrix::of(&green, &rows(), &[], Some(&blind));
    assert_eq!(matrix.idle_steps, ["nobody hears it"]);
    assert!(!matrix.holds());
}

#[test]
fn expectations_are_what_follows_a_then() {
    let text = "Feature: F\n\n  @A-BV-001 @RFC7701-4-4 @MUST\n  Scenario: S\n    Given a chat room\n    \
        And Alice has joined the room\n    When Alice says \"x\"\n    Then the switch answers Alice with 200\n    \
        And Alice receives no copy of it\n    When Alice leaves the room\n    Then the roster does not show Alice\n";
    let source = crate::suite::lint::Source { file: "f.feature".into(), text: text.into(), embedded: false };
    let cases = crate::suite::plan::plan(&[source], None).unwrap();
    let registry = Registry::new(crate::suite::steps::all()).unwrap();
    let found: Vec<_> = expectations(&cases, &registry).into_iter().map(|one| one.step).collect();
    assert_eq!(
        found,
        ["the switch answers Alice with 200", "Alice receives no copy of it", "the roster does not show Alice"]
    );
}
