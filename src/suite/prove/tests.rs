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
    let matrix = Matrix::of(&green(), &[(FAULT, red)], &[], true);
    assert!(matrix.holds(), "{matrix:?}");
    assert_eq!(matrix.faults[0].killers, ["A-BV-001", "RULE-A-001"]);
    assert_eq!(matrix.faults[0].expected, "what A-BV-001 wants");
    assert_eq!(matrix.scenario_runs, 2, "rules are no scenarios");
}

#[test]
fn what_is_red_elsewhere_neither_catches_nor_goes_unseen() {
    let red = Ok(vec![brief("A-BV-001", Verdict::Fail, "MUST", OTHER)]);
    let matrix = Matrix::of(&green(), &[(FAULT, red)], &[], true);
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
        let matrix = Matrix::of(&green(), &[(FAULT, outcome)], &[], false);
        assert_eq!(matrix.survivors().count(), 1, "{verdict:?} {level}");
    }
}

#[test]
fn idleness_shows_only_when_every_fault_was_tried() {
    let red = || Ok(vec![brief("A-BV-001", Verdict::Fail, "MUST", BROKEN)]);
    let matrix = Matrix::of(&green(), &[(FAULT, red())], &[], true);
    assert_eq!(matrix.idle_rules, ["RULE-A-001"]);
    assert!(!matrix.holds());
    assert!(Matrix::of(&green(), &[(FAULT, red())], &[], false).holds());
}

#[test]
fn a_run_that_went_wrong_proves_nothing() {
    let red = brief("A-BV-001", Verdict::Fail, "MUST", BROKEN);
    let broken = brief("A-BV-002", Verdict::Error, "MUST", BROKEN);
    let matrix = Matrix::of(&green(), &[(FAULT, Ok(vec![red, broken]))], &[], false);
    assert_eq!(matrix.survivors().count(), 1);
    assert_eq!(Matrix::of(&green(), &[(FAULT, Err("timed out".to_owned()))], &[], false).survivors().count(), 1);
    let not_green = Ok(vec![brief("A-BV-001", Verdict::Inconclusive, "MUST", BROKEN)]);
    assert!(!Matrix::of(&not_green, &[], &[], false).holds());
    assert!(!Matrix::of(&Err("no".to_owned()), &[], &[], false).holds());
}

#[test]
fn a_page_keeps_its_cells_apart() {
    let mut red = brief("A-BV-001", Verdict::Fail, "MUST", BROKEN);
    red.expected = "a | b\nand <c>".to_owned();
    let page = Matrix::of(&green(), &[(FAULT, Ok(vec![red]))], &[], false).markdown();
    let row = page.lines().last().unwrap();
    assert_eq!(row, "| `own-copy-echoed` | RFC7701-6.1-20 RFC7701-6.1-19 | A-BV-001 | a \\| b and \\<c> |");
}
