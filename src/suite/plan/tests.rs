use std::collections::BTreeSet;

use super::{Case, Plan, PlanError, Selection, plan};
use crate::suite::lint::{LintError, LintTrouble, Source};
use crate::suite::profile::{Claim, LogicalRoom, Profile, RoomEntry};
use crate::wire::uri::SipUri;

const NICKNAMES: &str = include_str!("../../../tests/data/nicknames.feature");

fn source(text: &str, embedded: bool) -> Source {
    Source { file: "features/sample.feature".to_owned(), text: text.to_owned(), embedded }
}

fn nicknames() -> Vec<Case> {
    plan(&[source(NICKNAMES, true)], Some(&catalogue())).unwrap()
}

fn catalogue() -> BTreeSet<String> {
    ["RFC7701-7.1-14", "RFC7701-7.1-16", "RFC7701-7.1-3"].map(str::to_owned).into()
}

#[test]
fn a_scenario_becomes_a_case_with_the_steps_of_its_backgrounds() {
    let cases = nicknames();
    let ids: Vec<_> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["NICK-BI-004", "NICK-BI-011", "NICK-BV-002-1", "NICK-BV-002-2", "NICK-BV-003-empty"]);
    let first = &cases[0];
    assert_eq!(first.name, "Bob asks for the nickname that Alice holds");
    assert_eq!((first.level.as_str(), first.roles.as_slice()), ("MUST", &["switch".to_owned()][..]));
    assert_eq!(first.requirements, ["RFC7701-7.1-16"]);
    let steps: Vec<_> = first.steps.iter().map(|step| (step.line, step.keyword.as_str(), step.text.as_str())).collect();
    assert_eq!(
        steps,
        [
            (5, "Given", "a chat room that allows nicknames"),
            (6, "And", "Alice and Bob have joined it"),
            (11, "Given", "the room is quiet"),
            (15, "Given", r#"Alice holds the nickname "Alice the great""#),
            (16, "When", r#"Bob asks for the nickname "Alice the great""#),
            (17, "Then", "the switch answers Bob with 425"),
        ]
    );
}

#[test]
fn a_doc_string_keeps_its_lines_and_loses_its_indentation() {
    let cases = nicknames();
    let step = cases[1].steps.iter().find(|step| step.docstring.is_some()).unwrap();
    assert_eq!(
        step.docstring.as_deref(),
        Some(
            "MSRP {transaction} NICKNAME\nTo-Path: {switch}\n\n  # kept\nFrom: <sip:bob@example.com>\n-------{transaction}$"
        )
    );
}

#[test]
fn rows_fill_columns_only_and_have_their_own_lines() {
    let cases = nicknames();
    let (one, two, named) = (&cases[2], &cases[3], &cases[4]);
    assert_eq!((one.name.as_str(), one.line), ("The name Zoë is taken over", 39));
    assert_eq!((two.steps.last().unwrap().text.as_str(), two.line), (r#"Bob asks for the nickname "a|b""#, 41));
    assert_eq!(two.steps.last().unwrap().docstring.as_deref(), Some("<a|b> <sip:x>"));
    assert_eq!(named.claims, [Claim::Nicknames]);
    assert_eq!(named.level, "SHOULD NOT");
    assert_eq!(named.rooms, [LogicalRoom::NicknamesOff]);
    assert_eq!(named.steps.last().unwrap().table, Some(vec![vec!["empty".to_owned(), "x".to_owned()]]));
}

#[test]
fn users_need_no_tags() {
    let text = "Feature: F\n\n  Scenario: S\n    Given x\n";
    let cases = plan(&[source(text, false)], None).unwrap();
    assert_eq!((cases[0].id.as_str(), cases[0].level.as_str()), ("sample-3", ""));
}

#[test]
fn no_two_cases_share_an_id() {
    let text = "Feature: F\n Scenario: S\n  Given x\n";
    let file = |file: &str| Source { file: file.to_owned(), text: text.to_owned(), embedded: false };
    let cases = plan(&[file("a/x.feature"), file("b/x.feature"), file("y.feature")], None).unwrap();
    let ids: Vec<_> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["a-x-2", "b-x-2", "y-2"]);
    let rows = "Feature: F\n Scenario Outline: S\n  Given <id>\n  Examples:\n   | id |\n   | a |\n   | a |\n";
    let error = plan(&[source(rows, false)], None).unwrap_err();
    assert!(matches!(&error, PlanError::DuplicateId { id, .. } if id == "sample-2-a"), "{error}");
}

fn ids(selection: &Selection) -> Vec<String> {
    selection.select(nicknames()).iter().map(|case| case.id.clone()).collect()
}

#[test]
fn selection_by_tag_requirement_name_and_part() {
    let tags = |text: &str| Selection { tags: Some(text.parse().unwrap()), ..Selection::default() };
    assert_eq!(ids(&tags("@NICK-BI-004")), ["NICK-BI-004"]);
    assert_eq!(ids(&tags("@MUST and not @NICK-BI-011")), ["NICK-BI-004", "NICK-BV-002-1", "NICK-BV-002-2"]);
    assert_eq!(ids(&tags("@NICK-BV-002")), ["NICK-BV-002-1", "NICK-BV-002-2"]);
    assert_eq!(ids(&tags("@NICK-BV-002-2")), ["NICK-BV-002-2"]);
    let by_requirement = Selection { requirements: vec!["RFC7701-7.1-14".to_owned()], ..Selection::default() };
    assert_eq!(ids(&by_requirement), ["NICK-BI-011"]);
    let by_name = Selection { name: Some("Zo.".parse().unwrap()), ..Selection::default() };
    assert_eq!(ids(&by_name), ["NICK-BV-002-1"]);
    let part = |text: &str| Selection { shard: Some(text.parse().unwrap()), ..Selection::default() };
    let parts = [ids(&part("1/2")), ids(&part("2/2"))].concat();
    assert_eq!(parts, ["NICK-BI-004", "NICK-BV-002-1", "NICK-BV-003-empty", "NICK-BI-011", "NICK-BV-002-2"]);
    for bad in ["0/2", "3/2", "1", "x/2", "1/0"] {
        assert!(bad.parse::<super::Shard>().is_err(), "{bad}");
    }
}

#[test]
fn an_unknown_requirement_names_the_nearest() {
    let selection = Selection { requirements: vec!["RFC7701-7.1-15".to_owned()], ..Selection::default() };
    let error = selection.check(catalogue().iter().map(String::as_str)).unwrap_err();
    assert_eq!((error.id.as_str(), error.nearest.is_some()), ("RFC7701-7.1-15", true));
}

#[test]
fn what_the_profile_lacks_does_not_apply() {
    let mut profile = Profile::for_target_named("t", SipUri::new(Some("room"), "127.0.0.1", None));
    let reasons = |profile: &Profile| -> Vec<(String, String)> {
        let plan = Plan::new(Selection::default().select(nicknames()), profile);
        assert_eq!(plan.runs.len() + plan.not_applicable.len(), 5);
        plan.not_applicable.into_iter().map(|one| (one.case.id.clone(), one.reason)).collect()
    };
    let last = || "NICK-BV-003-empty".to_owned();
    assert_eq!(reasons(&profile), [(last(), "the profile has no room 'nicknames-off'".to_owned())]);
    let uri = SipUri::new(Some("nonick"), "127.0.0.1", None);
    profile.rooms.insert(LogicalRoom::NicknamesOff, RoomEntry { uri, seconds: None });
    assert_eq!(reasons(&profile), []);
    profile.claims.insert(Claim::Nicknames, false);
    assert_eq!(reasons(&profile), [(last(), "the profile does not claim nicknames".to_owned())]);
    profile.role = crate::suite::profile::Role::Client;
    assert_eq!(reasons(&profile).len(), 5);
}

fn troubles(text: &str, embedded: bool) -> Vec<(usize, usize, LintTrouble)> {
    match plan(&[source(text, embedded)], Some(&catalogue())) {
        Err(PlanError::Lint(errors)) => {
            errors.into_iter().map(|LintError { line, column, trouble, .. }| (line, column, trouble)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_parser_would_swallow_is_an_error_with_its_place() {
    use LintTrouble::*;
    let cases: Vec<(&str, usize, usize, LintTrouble)> = vec![
        ("\u{feff}Feature: F\n Scenario: S\n  Given x\n", 1, 1, ByteOrderMark),
        ("# language: de\nFeature: F\n Scenario: S\n  Given x\n", 1, 1, Language("de".into())),
        (
            "Feature: F\n Scenario: S\n  Wehn x\n  Given x\n",
            3,
            3,
            NotAStep { word: "Wehn".into(), nearest: Some("When".into()) },
        ),
        (
            "Feature: F\n Scenario: S\n  Given x\n  something else\n",
            4,
            3,
            NotAStep { word: "something".into(), nearest: None },
        ),
        (
            "Feature: F\n Scenario: S\n  Given x\n  given y\n",
            4,
            3,
            NotAStep { word: "given".into(), nearest: Some("Given".into()) },
        ),
        ("Feature: F\n Senario: S\n  Given x\n", 3, 3, StrayStep),
        ("Feature: F\n Scenario: S\n  Given x\n  Then\n", 4, 3, EmptyStep),
        (
            "Feature: F\n Scenario: S\n  Given x\n   | a | b |\n   | 1 | 2 | 3 |\n",
            5,
            4,
            RowLength { wanted: 2, found: 3 },
        ),
        ("Feature: F\n Scenario: S\n  Given x\n   | a | b\n", 4, 4, OpenRow),
        ("Feature: F\n Scenario: S\n  Given x\n   | a\\b |\n", 4, 7, BadEscape('b')),
        ("Feature: F\n Scenario: S\n   | a |\n  Given x\n", 3, 4, Stray("table row")),
        ("Feature: F\n Scenario: S\n  Given x\n   \"\"\"json\n   \"\"\"\n", 4, 7, MediaType("json".into())),
        ("Feature: F\n Scenario: S\n  Given x\n   \"\"\"\n   a\n", 4, 4, OpenDocString),
        ("Feature: F\n Scenario Outline: S\n  Given x\n", 2, 2, NoExamples),
        ("Feature: F\n Scenario Outline: S\n  Given x\n  Examples:\n   | a |\n", 2, 2, NoExamples),
        (
            "Feature: F\n Scenario Outline: S\n  Given <who>\n  Examples:\n   | whom |\n   | Bob |\n",
            3,
            10,
            Placeholder("who".into()),
        ),
        ("Feature: F\n Scenario: S\n", 2, 2, NoSteps("scenario")),
        ("Feature: F\n Scenario: S\n  Given x\nFeature: G\n", 4, 1, Structure("a second feature in one file")),
        (" Scenario: S\n  Given x\n", 1, 2, Structure("there is no feature above this line")),
        ("@a b\nFeature: F\n Scenario: S\n  Given x\n", 1, 4, NotATag("b".into())),
        ("Feature: F\n Scenario: S\n  Given x\n @late\n", 4, 2, StrayTags),
        (
            "Feature: F\n @room:nickname-off\n Scenario: S\n  Given x\n",
            2,
            2,
            UnknownName { what: "room policy", name: "nickname-off".into(), nearest: Some("nicknames-off".into()) },
        ),
        ("Feature: F\n @A-BV-001 @A-BV-002\n Scenario: S\n  Given x\n", 2, 12, SecondCaseId("A-BV-002".into())),
        (
            "Feature: F\n @A-BV-001\n Scenario: S\n  Given x\n @A-BV-001\n Scenario: T\n  Given x\n",
            5,
            2,
            DuplicateCaseId { id: "A-BV-001".into(), other: "features/sample.feature:3".into() },
        ),
    ];
    for (text, line, column, trouble) in cases {
        assert_eq!(troubles(text, false), [(line, column, trouble)], "{text}");
    }
}

#[test]
fn the_own_suite_needs_id_requirement_and_level() {
    let bare = "Feature: F\n Scenario: S\n  Given x\n";
    assert_eq!(
        troubles(bare, true).into_iter().map(|(line, _, trouble)| (line, trouble)).collect::<Vec<_>>(),
        [(2, LintTrouble::NoCaseId), (2, LintTrouble::NoRequirement), (2, LintTrouble::NoLevel)]
    );
    let unknown = "Feature: F\n @A-BV-001 @RFC7701-7.1-99 @MUST\n Scenario: S\n  Given x\n";
    let found = troubles(unknown, true);
    assert!(
        matches!(&found[..], [(2, 12, LintTrouble::UnknownRequirement { id, .. })] if id == "RFC7701-7.1-99"),
        "{found:?}"
    );
}

#[test]
fn descriptions_stay_allowed_where_nothing_can_be_swallowed() {
    let text = "Feature: F\n  The rules of the house.\n\n  Rule: R\n    Given words here are prose? No step.\n";
    assert_eq!(troubles(text, false), [(5, 5, LintTrouble::StrayStep)]);
    let fine =
        "Feature: F\n  The rules of the house.\n\n Scenario: S\n  Remember the house.\n\n  # a remark\n  Given x\n";
    assert_eq!(plan(&[source(fine, false)], None).unwrap().len(), 1);
}

#[test]
fn the_embedded_suite_can_be_planned() {
    let catalogue = crate::judge::catalogue::Catalogue::embedded().unwrap();
    let known = catalogue.iter().map(|requirement| requirement.id.clone()).collect();
    let cases = plan(&super::embedded(), Some(&known)).unwrap();
    assert!(!cases.is_empty());
    let ids: BTreeSet<_> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "rows of outlines have ids of their own");
}
