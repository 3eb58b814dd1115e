use super::sample;
use super::summary::{Conclusion, Summary};
use super::terminal::{Rerun, detail, render};
use super::{escape, json, junit};
use crate::judge::catalogue::Group;
use crate::judge::record::RunRecord;
use crate::judge::verdict::Verdict;

fn rerun() -> Rerun {
    Rerun { options: vec!["--target 'sip:room@127.0.0.1:5080;transport=tcp'".to_owned(), "--seed 42".to_owned()] }
}

fn json_of(run: &RunRecord) -> String {
    let mut out = Vec::new();
    json::write(run, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn junit_of(run: &RunRecord) -> String {
    let mut out = Vec::new();
    junit::write(run, &rerun(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_terminal_report() {
    insta::assert_snapshot!(anstream::adapter::strip_str(&render(&sample::run(), &rerun())).to_string());
}

#[test]
fn the_json_report() {
    let text = json_of(&sample::run()).replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!(text);
}

#[test]
fn the_junit_report() {
    insta::assert_snapshot!(junit_of(&sample::run()));
}

#[test]
fn octets_of_the_implementation_reach_no_reader_raw() {
    let run = sample::run();
    let coloured = render(&run, &rerun());
    // The only control sequences are our own: colours.
    let without_colours = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(regex::Regex::new("\x1b\\[[0-9;]*m").unwrap().replace_all(&coloured, ""), without_colours);
    for (name, text) in [("terminal", without_colours), ("json", json_of(&run)), ("junit", junit_of(&run))] {
        let control = text.chars().find(|character| character.is_control() && *character != '\n');
        assert_eq!(control, None, "{name}");
        assert!(text.contains(r"\x1b[2J") || text.contains(r"\\x1b[2J"), "{name} shows what it escaped");
    }
}

#[test]
fn the_decisive_line_is_marked_and_no_other() {
    let text = detail(&sample::run().cases[1], &rerun());
    let marked: Vec<_> = text.lines().filter(|line| line.starts_with("    > ") && !line.contains("When")).collect();
    assert_eq!(marked, [r"    > MSRP d93kswow 200 \x1b[2JOK]]>", r"    > MSRP d93kswow 200 \x1b[2JOK]]>"]);
    assert!(text.contains(r#"    | \xff\x00 <evil attr="&">\n"#), "a lone line feed is shown: {text}");
}

#[test]
fn json_reports_keep_their_schema_and_lose_no_octet() {
    let schema: serde_json::Value = serde_json::from_str(json::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let run = sample::run();
    let report: serde_json::Value = serde_json::from_str(&json_of(&run)).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(errors, [] as [String; 0]);
    let octets = report["results"][1]["transcript"][2]["octets"].as_str().unwrap();
    let crossed = match &run.cases[1].transcript.events[2].crossing {
        crate::transcript::Crossing::Received(octets) => octets.to_vec(),
        other => panic!("{other:?}"),
    };
    assert_eq!(escape::unescape(octets), Some(crossed));
    assert_eq!(report["results"][1]["transcript"][2]["from"], "127.0.0.1:2855");
    assert_eq!(report["results"][1]["transcript"][1]["from"], "127.0.0.1:40001");

    let mut broken = report.clone();
    broken["results"][0]["verdict"] = "passed".into();
    assert!(!validator.is_valid(&broken));
    let mut broken = report;
    broken["extra"] = 1.into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn what_a_run_comes_to() {
    let conclude = |verdicts: &[Verdict]| {
        let mut run = sample::run();
        run.rules.clear();
        run.cases = verdicts.iter().map(|verdict| sample::case("A", *verdict, "", Vec::new())).collect();
        Conclusion::of(&run)
    };
    use Verdict::{Advisory, Error, Fail, Inconclusive, NotApplicable, Pass};
    assert_eq!(conclude(&[Pass, Advisory, NotApplicable]), Conclusion::Passed);
    assert_eq!(conclude(&[Pass, Fail, Error]), Conclusion::Failed);
    assert_eq!(conclude(&[Pass, Inconclusive]), Conclusion::Unproven);
    assert_eq!(conclude(&[Pass, Error]), Conclusion::Unproven);
    assert_eq!(conclude(&[NotApplicable]), Conclusion::Unproven, "nothing ran");
    assert_eq!(conclude(&[]), Conclusion::Unproven);

    let mut run = sample::run();
    run.cases.truncate(1);
    assert_eq!(Conclusion::of(&run), Conclusion::Failed, "a rule failed");
    run.rules.remove(1);
    assert_eq!(Conclusion::of(&run), Conclusion::Passed, "a rule that was never observed disturbs nothing");
    run.ended_early = Some("interrupted".to_owned());
    assert_eq!(Conclusion::of(&run), Conclusion::Unproven);
    let wanted = Summary { pass: 1, ..Summary::default() };
    assert_eq!(Summary::of_cases(&run, Group::Conformance), wanted);
}

mod junit_schema {
    //! The rules of the XSD that CI servers publish, applied by the few constructs that it uses.

    use roxmltree::{Document, Node};

    const XSD: &str = include_str!("../../tests/data/junit.xsd");
    const XS: &str = "http://www.w3.org/2001/XMLSchema";

    fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
        node.children().find(|child| child.has_tag_name((XS, name)))
    }

    /// Everything that is wrong with `node`, by the element declared under this name.
    fn check(schema: &Document<'_>, node: Node<'_, '_>, errors: &mut Vec<String>) {
        let name = node.tag_name().name();
        let declared = schema.root_element().children().find(|one| one.attribute("name") == Some(name));
        let Some(declared) = declared else { return errors.push(format!("<{name}> is not declared")) };
        let Some(kind) = child(declared, "complexType") else { return };
        let attributes: Vec<_> = kind.descendants().filter(|one| one.has_tag_name((XS, "attribute"))).collect();
        for attribute in node.attributes() {
            let known = attributes.iter().find(|one| one.attribute("name") == Some(attribute.name()));
            let valid = match known.and_then(|one| one.attribute("type")) {
                None => false,
                Some("xs:nonNegativeInteger") => attribute.value().parse::<u64>().is_ok(),
                Some("xs:decimal") => attribute.value().parse::<f64>().is_ok_and(f64::is_finite),
                Some(_) => true,
            };
            if !valid {
                errors.push(format!("<{name} {}='{}'>", attribute.name(), attribute.value()));
            }
        }
        for required in attributes.iter().filter(|one| one.attribute("use") == Some("required")) {
            let wanted = required.attribute("name").unwrap();
            if node.attribute(wanted).is_none() {
                errors.push(format!("<{name}> has no {wanted}"));
            }
        }
        let allowed: Vec<_> = kind.descendants().filter_map(|one| one.attribute("ref")).collect();
        for inner in node.children().filter(Node::is_element) {
            if allowed.contains(&inner.tag_name().name()) {
                check(schema, inner, errors);
            } else {
                errors.push(format!("<{}> within <{name}>", inner.tag_name().name()));
            }
        }
        let order: Vec<_> = node.children().filter(Node::is_element).map(|one| one.tag_name().name()).collect();
        let place = |one: &str| allowed.iter().position(|name| *name == one);
        if child(kind, "sequence").is_some() && !order.iter().map(|one| place(one)).is_sorted() {
            errors.push(format!("the order within <{name}>: {order:?}"));
        }
    }

    fn errors(xml: &str) -> Vec<String> {
        let schema = Document::parse(XSD).unwrap();
        let document = Document::parse(xml).unwrap();
        let mut errors = Vec::new();
        check(&schema, document.root_element(), &mut errors);
        errors
    }

    #[test]
    fn junit_reports_keep_the_published_schema() {
        let mut run = super::sample::run();
        run.ended_early = Some("interrupted".to_owned());
        assert_eq!(errors(&super::junit_of(&run)), [] as [String; 0]);
        let wrong = "<testsuites tests='x'><testsuite tests='1'><testcase classname='c'><passed/></testcase></testsuite></testsuites>";
        assert_eq!(
            errors(wrong),
            [
                "<testsuites tests='x'>",
                "<testsuite> has no name",
                "<testcase> has no name",
                "<passed> within <testcase>",
            ]
        );
    }

    #[test]
    fn verdicts_map_to_what_ci_servers_count() {
        let xml = super::junit_of(&super::sample::run());
        let document = Document::parse(&xml).unwrap();
        let outcome = |id: &str| {
            let case =
                document.descendants().find(|one| one.attribute("name").is_some_and(|name| name.starts_with(id)));
            let children =
                case.unwrap().children().filter(Node::is_element).map(|one| one.tag_name().name().to_owned());
            children.collect::<Vec<_>>().join(" ")
        };
        let wanted = [
            ("NICK-BV-001", ""),
            ("NICK-BI-004", "failure"),
            ("NICK-BV-002", "system-out"),
            ("NICK-BI-005", "error"),
            ("NICK-BI-006", "error"),
            ("NICK-BI-007", "skipped"),
            ("RULE-MSRP-001", ""),
            ("RULE-MSRP-002", "failure"),
            ("RULE-MSRP-003", "skipped"),
        ];
        for (id, children) in wanted {
            assert_eq!(outcome(id), children, "{id}");
        }
        let root = document.root_element();
        assert_eq!((root.attribute("tests"), root.attribute("failures")), (Some("9"), Some("2")));
        assert_eq!(root.attribute("errors"), Some("2"));
        let seed = document.descendants().find(|one| one.attribute("name") == Some("seed")).unwrap();
        assert_eq!(seed.attribute("value"), Some("42"));
    }
}
