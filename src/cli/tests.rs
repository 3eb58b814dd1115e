use clap::{CommandFactory, Parser};

use super::Status;
use super::arguments::{Cli, Command, CoverageOptions, Format, ReportOption, RoleName};
use super::coverage::Table;
use super::problem::Problem;
use super::run::rerun;
use super::show::explained;
use super::sinks::Sinks;
use super::suite_files;
use crate::judge::catalogue::{Catalogue, TestedBy};
use crate::suite::lint::Source;
use crate::suite::profile::Profile;

fn help_of(name: Option<&str>) -> String {
    let mut command = Cli::command().term_width(100);
    command.build();
    match name {
        None => command.render_long_help().to_string(),
        Some(name) => command.find_subcommand_mut(name).unwrap().render_long_help().to_string(),
    }
}

#[test]
fn the_help_of_every_command() {
    let names = [
        "run", "play", "list", "explain", "coverage", "steps", "faults", "prove", "switch", "probe", "ladder", "replay",
    ];
    let pages = std::iter::once(help_of(None)).chain(names.map(|name| help_of(Some(name))));
    insta::assert_snapshot!(pages.collect::<Vec<_>>().join("\n----------\n"));
    Cli::command().debug_assert();
}

#[test]
fn reports_are_named_by_format_and_path() {
    let read = |text: &str| text.parse::<ReportOption>();
    assert_eq!(read("json"), Ok(ReportOption { format: Format::Json, path: None }));
    assert_eq!(read("terminal=-").unwrap().path, None);
    assert_eq!(read("junit=a=b.xml").unwrap().path, Some("a=b.xml".into()));
    for bad in ["html", "json=", "JSON", ""] {
        assert!(read(bad).is_err(), "{bad}");
    }
}

fn usage(arguments: &[&str]) -> String {
    let words = ["msrpspec"].iter().chain(arguments);
    Cli::try_parse_from(words).err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn what_does_not_go_together_is_refused() {
    let target = ["--target", "sip:a@127.0.0.1"];
    for (arguments, wanted) in [
        (vec!["run", "--fault", "own-copy-echoed", target[0], target[1]], "cannot be used with"),
        (vec!["run", "--fault", "own-copy-echod"], "own-copy-echoed"),
        (vec!["run", "--iut", "p.yaml", target[0], target[1]], "cannot be used with"),
        (vec!["run", "--target", "http://127.0.0.1"], "is not a SIP URI"),
        (vec!["run", "--tags", "MUST"], "write tags with @"),
        (vec!["run", "--timeout", "0"], "above 0"),
        (vec!["run", "--timeout", "nan"], "above 0"),
        (vec!["run", "--jobs", "0"], "--jobs"),
        (vec!["run", "--shard", "5/4"], "such as 1/4"),
        (vec!["run", "--name", "("], "--name"),
        (vec!["run", "--report", "html"], "terminal, json, junit and verdicts"),
        (vec!["run", "--no-such-option"], "--no-such-option"),
        (vec!["audit"], "audit"),
    ] {
        assert!(usage(&arguments).contains(wanted), "{arguments:?}: {}", usage(&arguments));
    }
}

#[test]
fn a_case_can_be_run_again_from_a_shell() {
    let line = ["msrpspec", "run", "my features", "--target", "sip:room@127.0.0.1:5080;transport=tcp", "--strict"];
    let Command::Run(options) = Cli::try_parse_from(line).unwrap().command else { panic!("not run") };
    let wanted = ["'my features'", "--target 'sip:room@127.0.0.1:5080;transport=tcp'", "--seed 7", "--strict"];
    assert_eq!(rerun(&options, 7).options, wanted);
    let line = ["msrpspec", "run", "it's", "--fault", "own-copy-echoed", "--transport", "tcp"];
    let Command::Run(options) = Cli::try_parse_from(line).unwrap().command else { panic!("not run") };
    assert_eq!(rerun(&options, 7).options, [r"'it'\''s'", "--fault own-copy-echoed", "--transport tcp", "--seed 7"]);
}

#[test]
fn reports_are_opened_before_anything_is_sent() {
    let report = |text: &str| text.parse::<ReportOption>().unwrap();
    let problem = Sinks::open(&[report("json=/no/such/folder/report.json")]).unwrap_err();
    assert_eq!(problem.status(), Status::Usage);
    assert!(problem.texts()[0].contains("/no/such/folder/report.json"), "{problem:?}");
    assert!(Sinks::open(&[report("json"), report("junit")]).is_err(), "both want standard output");
    assert!(Sinks::open(&[report("json=/no/a"), report("junit=/no/a")]).is_err());
    assert!(Sinks::open(&[]).is_ok());
}

#[test]
fn problems_say_what_where_and_what_to_do() {
    let text = "room: sip:a@127.0.0.1\nnexthop: 127.0.0.1\n";
    let problem = Problem::from(Profile::parse("p.yaml", text).unwrap_err());
    assert_eq!(problem.texts(), ["p.yaml:2:1: there is no key 'nexthop' in the profile | did you mean 'next-hop'?"]);
    assert_eq!(problem.status(), Status::Usage);
    let text = "Feature: F\n Scenario: S\n  Wehn x\n  Given y\n".to_owned();
    let source = Source { file: "f.feature".to_owned(), text, embedded: false };
    let problem = suite_files::cases_of(&[source]).unwrap_err();
    assert_eq!(problem.texts(), ["f.feature:3:3: 'Wehn' does not start a step | did you mean 'When'?"]);
}

#[test]
fn a_problem_at_the_end_of_a_text_is_shown_too() {
    // The place may be one behind the last octet, or within a character of several octets.
    for text in ["room: [", "room: sip:a@127.0.0.1\nname: \"ö", "ö"] {
        let problem = Problem::from(Profile::parse("p.yaml", text).unwrap_err());
        assert_eq!(problem.show(), Status::Usage);
    }
}

#[test]
fn coverage_counts_what_is_testable_and_tells_the_gaps() {
    let catalogue = Catalogue::embedded().unwrap();
    let table = Table::of(catalogue, &[], &[], Some(7701), Some(RoleName::Switch));
    let testable = |role: &str| {
        let rows = catalogue.iter().filter(|one| one.rfc == 7701 && one.role.word() == role);
        rows.filter(|one| one.tested_by != TestedBy::None).count()
    };
    assert_eq!(table.gaps().count(), testable("switch") + testable("both"));
    assert!(table.render().contains("testable, but neither case nor rule:"));
    let nobody = Table::of(catalogue, &[], &[], Some(1), None);
    assert_eq!(nobody.gaps().count(), 0);
    let unknown = CoverageOptions { rfc: Some(1), role: None };
    assert_eq!(super::coverage::coverage(&unknown).unwrap_err().status(), Status::Usage);
}

#[test]
fn a_requirement_is_explained_with_its_cases_and_faults() {
    let catalogue = Catalogue::embedded().unwrap();
    let cases = suite_files::cases(&[]).unwrap();
    let text = explained(catalogue.get("RFC7701-7.1-27").unwrap(), &cases);
    for wanted in ["RFC7701-7.1-27  MUST", "RFC 7701, 7.1, line", "NICK-BI-001", "nickname-conflict-accepted"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let untestable = catalogue.iter().find(|one| one.tested_by == TestedBy::None).unwrap();
    assert!(explained(untestable, &cases).contains("not testable: "));
}
