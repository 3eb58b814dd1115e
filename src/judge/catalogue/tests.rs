use super::*;

const SAMPLE: &str = "rfc: 7701\n\
    title: A title\n\
    requirements:\n\
    \x20 - {id: RFC7701-7.1-1, level: MUST, role: switch, lines: 1218-1220, text: One., tested-by: case}\n\
    \x20 - {id: RFC7701-7.1-2, level: SHOULD NOT, role: both, lines: 1221, text: Two., tested-by: both}\n\
    \x20 - {id: RFC7701-8-1, level: PROSE, role: client, lines: 1400, text: Three., tested-by: none, why: a client}\n";

fn read(content: &str) -> Result<Catalogue, CatalogueError> {
    Catalogue::read(&[("sample.yaml", content)])
}

fn defect(from: &str, to: &str) -> (String, RowDefect) {
    assert!(SAMPLE.contains(from));
    let error = read(&SAMPLE.replacen(from, to, 1)).expect_err("a malformed catalogue");
    assert_eq!(error.file, "sample.yaml");
    (error.row, error.defect)
}

#[test]
fn rows_are_read() {
    let catalogue = read(SAMPLE).expect("a catalogue");
    assert_eq!(catalogue.standards(), [Standard { rfc: 7701, title: "A title".into() }]);
    let ids: Vec<_> = catalogue.iter().map(|requirement| requirement.id.as_str()).collect();
    assert_eq!(ids, ["RFC7701-7.1-1", "RFC7701-7.1-2", "RFC7701-8-1"]);
    let first = catalogue.get("RFC7701-7.1-1").expect("the first");
    assert_eq!((first.clause().as_str(), first.number(), first.lines), ("RFC 7701, 7.1", 1, (1218, 1220)));
    let second = catalogue.get("RFC7701-7.1-2").expect("the second");
    assert_eq!((second.level, second.role, second.lines), (Level::ShouldNot, Role::Both, (1221, 1221)));
    assert_eq!(catalogue.get("RFC7701-8-1").and_then(|third| third.why.as_deref()), Some("a client"));
    assert_eq!(catalogue.get("RFC7701-8-2"), None);
}

#[test]
fn a_defect_names_its_row() {
    let second = || "RFC7701-7.1-2".to_owned();
    assert_eq!(defect("SHOULD NOT", "OUGHT"), (second(), RowDefect::Level("OUGHT".into())));
    assert_eq!(defect("role: both", "role: relay"), (second(), RowDefect::Role("relay".into())));
    assert_eq!(defect("tested-by: both", "tested-by: luck"), (second(), RowDefect::TestedBy("luck".into())));
    assert_eq!(defect("tested-by: both", "tested-by: none"), (second(), RowDefect::MissingWhy));
    assert_eq!(defect("tested-by: both", "tested-by: both, why: no"), (second(), RowDefect::NeedlessWhy));
    assert_eq!(defect("lines: 1221", "lines: 1221-1220"), (second(), RowDefect::Lines("1221-1220".into())));
    assert_eq!(defect("lines: 1221", "lines: 0"), (second(), RowDefect::Lines("0".into())));
    assert_eq!(defect("7.1-2", "7.1-1"), ("RFC7701-7.1-1".to_owned(), RowDefect::RepeatedId));
    for id in ["RFC4975-7.1-2", "RFC7701-7.1", "RFC7701-7..1-2", "RFC7701-7.1-02", "RFC7701-7.1-x"] {
        assert_eq!(defect("RFC7701-7.1-2", id), (id.to_owned(), RowDefect::Id { rfc: 7701 }));
    }
}

#[test]
fn a_shape_that_is_none_is_refused() {
    let (row, cause) = defect("text: Two.", "text: Two., note: x");
    assert!(matches!(cause, RowDefect::Malformed(cause) if cause.contains("note")) && row == "RFC7701-7.1-2");
    let (row, cause) = defect("id: RFC7701-7.1-2, ", "");
    assert!(matches!(cause, RowDefect::Malformed(cause) if cause.contains("id")) && row == "row 2");
    let (row, _) = defect("title", "titel");
    assert_eq!(row, "head");
}
