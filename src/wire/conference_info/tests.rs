use proptest::prelude::*;

use super::*;
use crate::wire::Parsed;

/// Figure 7 of RFC 7701.
const FIGURE_7: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
  <conference-info
   xmlns="urn:ietf:params:xml:ns:conference-info"
   xmlns:xcon="urn:ietf:params:xml:ns:xcon-conference-info"
   entity="sip:chatroom22@chat.example.com"
   state="full" version="1">
  <!--
    CONFERENCE INFO
  -->
   <conference-description>
     <subject>MSRP nickname example</subject>
    </conference-description>
  <!--
     CONFERENCE STATE
  -->
   <conference-state>
    <user-count>2</user-count>
   </conference-state>
  <!--
    USERS
  -->
   <users>
     <user entity="sip:bob@example.com"
           state="full"
           xcon:nickname="Dopey Donkey">
        <display-text>Bob Hoskins</display-text>
     </user>
  <!--
    USER
  -->
     <user entity="sip:alice@atlanta.example.com"
          state="full"
          xcon:nickname="Alice the great">
        <display-text>Alice Kay</display-text>
     </user>
   </users>

  </conference-info>
"#;

fn parse(text: &str) -> Parsed<ConferenceInfo, ConferenceInfoDefect> {
    ConferenceInfo::parse(text.as_bytes()).expect("a well-formed document")
}

fn kinds(text: &str) -> Vec<ConferenceInfoDefect> {
    parse(text).defects.into_iter().map(|defect| defect.kind).collect()
}

fn changed(from: &str, to: &str) -> Vec<ConferenceInfoDefect> {
    assert!(FIGURE_7.contains(from), "{from} is not in the document");
    kinds(&FIGURE_7.replacen(from, to, 1))
}

fn user(entity: &str, state: State) -> User {
    User { entity: entity.to_owned(), state, ..User::default() }
}

fn endpoint(entity: &str, state: State, status: &str) -> Endpoint {
    Endpoint { entity: entity.to_owned(), state, status: Some(status.to_owned()), ..Endpoint::default() }
}

fn update(version: u32, state: State, users_state: Option<State>, users: Vec<User>) -> ConferenceInfo {
    ConferenceInfo {
        entity: "sip:room@h".into(),
        version: Some(version),
        state,
        users_state,
        users,
        ..ConferenceInfo::default()
    }
}

#[test]
fn figure_7_of_rfc_7701() {
    let parsed = parse(FIGURE_7);
    assert_eq!(parsed.defects, []);
    assert_eq!(parsed.tree.users[1].nickname, Some(("Alice the great".to_owned(), NicknameForm::Qualified)));
    insta::assert_debug_snapshot!("figure_7", parsed.tree);
}

#[test]
fn the_nickname_is_known_by_its_namespace() {
    let renamed = FIGURE_7.replace("xmlns:xcon=", "xmlns:n=").replace("xcon:nickname", "n:nickname");
    assert_eq!(parse(&renamed).tree, parse(FIGURE_7).tree);
    let foreign = FIGURE_7.replace("ns:xcon-conference-info", "ns:other");
    assert_eq!(parse(&foreign).tree.users[0].nickname, None);
}

#[test]
fn other_forms_of_a_nickname_are_read_and_reported() {
    let unqualified = FIGURE_7.replacen("xcon:nickname", "nickname", 1);
    let parsed = parse(&unqualified);
    assert_eq!(parsed.tree.users[0].nickname, Some(("Dopey Donkey".to_owned(), NicknameForm::Unqualified)));
    let at = unqualified.find("nickname=\"Dopey").expect("the attribute");
    assert_eq!(
        parsed.defects,
        [crate::wire::Defect {
            kind: ConferenceInfoDefect::NicknameForm(NicknameForm::Unqualified),
            span: crate::wire::Span { start: at, end: at + "nickname=\"Dopey Donkey\"".len() }
        }]
    );
    let element = FIGURE_7.replacen("xcon:nickname=\"Dopey Donkey\"", "", 1).replacen(
        "Bob Hoskins</display-text>",
        "Bob Hoskins</display-text><xcon:nickname>DD</xcon:nickname>",
        1,
    );
    let parsed = parse(&element);
    assert_eq!(parsed.tree.users[0].nickname, Some(("DD".to_owned(), NicknameForm::Element)));
    assert_eq!(parsed.defects.len(), 1);
    assert_eq!(parsed.defects[0].kind, ConferenceInfoDefect::NicknameForm(NicknameForm::Element));
}

#[test]
fn one_violation_one_defect() {
    use ConferenceInfoDefect as D;
    assert_eq!(changed("ns:conference-info\"", "ns:else\""), [D::WrongRoot]);
    assert_eq!(changed("entity=\"sip:chatroom22@chat.example.com\"", ""), [D::MissingEntity]);
    assert_eq!(changed(" version=\"1\">", ">"), [D::MissingVersion]);
    for number in ["", "-1", "one", "4294967296"] {
        assert_eq!(changed(" version=\"1\">", &format!(" version=\"{number}\">")), [D::BadNumber], "{number}");
    }
    assert_eq!(changed(">2<", ">two<"), [D::BadNumber]);
    assert_eq!(changed("state=\"full\" version", "state=\"whole\" version"), [D::BadState]);
    assert_eq!(changed("entity=\"sip:bob@example.com\"", ""), [D::MissingUserEntity]);
    assert_eq!(changed("sip:bob@example.com", "sip:alice@atlanta.example.com"), [D::RepeatedUser]);
    assert_eq!(changed("<users>", "<users state=\"partial\">"), [D::InconsistentState]);
    assert_eq!(changed("<conference-state>", "<conference-state/><host-info/><conference-state>"), [D::ElementOrder]);
    assert_eq!(changed("<users>", "<users><guest/>"), [D::UnexpectedElement]);
    assert_eq!(changed("<users>", "<users><x:y xmlns:x=\"x\"/>"), [D::ElementOrder, D::ElementOrder]);
    let endpoint = |content: &str| {
        changed("Bob Hoskins</display-text>", &format!("Bob</display-text><endpoint entity=\"e\">{content}</endpoint>"))
    };
    assert_eq!(endpoint("<status>connected</status><joining-method>dialed-in</joining-method>"), []);
    assert_eq!(endpoint("<joining-method>dialed-in</joining-method><status>connected</status>"), [D::ElementOrder]);
    assert_eq!(endpoint("<status>here</status>"), [D::NotInEnumeration("status")]);
    assert_eq!(endpoint("<media><type>message</type></media>"), [D::MissingMediaId]);
    assert_eq!(endpoint("</endpoint><endpoint entity=\"e\">"), [D::RepeatedEndpoint]);
}

#[test]
fn a_full_document_has_a_description_and_users() {
    let bare = |state: &str| {
        kinds(&format!("<conference-info xmlns='{NAMESPACE}' entity='sip:r@h' version='3' state='{state}'/>"))
    };
    assert_eq!(
        bare("full"),
        [ConferenceInfoDefect::MissingElement("conference-description"), ConferenceInfoDefect::MissingElement("users")]
    );
    assert_eq!(bare("partial"), []);
    assert_eq!(bare("deleted"), []);
}

#[test]
fn what_is_no_xml_is_refused() {
    let refused = |octets: &[u8]| ConferenceInfo::parse(octets).is_err();
    assert!(refused(b""));
    assert!(refused(b"roster: alice, bob"));
    assert!(refused(b"<conference-info>"));
    assert!(refused(b"<a b='\xFF'/>"));
    assert!(refused(b"<a>\x01</a>"));
    assert!(refused(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"));
}

#[test]
fn a_hostile_document_costs_little() {
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(ConferenceInfo::parse(deep.as_bytes()).is_ok());
    let long = format!("<a>{}</a>", " ".repeat(2 << 20));
    assert!(ConferenceInfo::parse(long.as_bytes()).is_err());
    let attributes: String = (0..50_000).map(|n| format!(" a{n}=''")).collect();
    assert!(ConferenceInfo::parse(format!("<a{attributes}/>").as_bytes()).is_err());
    let namespaces: String = (0..20_000).map(|n| format!("<a xmlns:a{n}='u{n}'>")).collect();
    assert!(ConferenceInfo::parse(namespaces.as_bytes()).is_err());
}

/// A document with everything in it.
fn everything(name: &str) -> ConferenceInfo {
    ConferenceInfo {
        entity: "sip:room@h?a=b&c='d'".into(),
        version: Some(u32::MAX),
        state: State::Partial,
        subject: Some(name.to_owned()),
        conf_uris: vec![UriEntry { uri: "sip:room@h".into(), purpose: Some("participation".into()) }],
        service_uris: vec![UriEntry { uri: "sip:events@h".into(), purpose: None }],
        user_count: Some(3),
        active: Some(true),
        locked: Some(false),
        users_state: Some(State::Partial),
        users: vec![
            User {
                display_text: Some(name.to_owned()),
                nickname: Some((name.to_owned(), NicknameForm::Qualified)),
                endpoints: vec![Endpoint {
                    joining_method: Some("dialed-in".into()),
                    disconnection_method: Some("departed".into()),
                    media: vec!["message".into(), "audio".into()],
                    dialog: Some(EndpointDialog { call_id: "c".into(), from_tag: "f".into(), to_tag: "t".into() }),
                    ..endpoint("sip:alice@h:5060", State::Partial, "connected")
                }],
                ..user("sip:alice@h", State::Partial)
            },
            User { nickname: Some((name.to_owned(), NicknameForm::Unqualified)), ..user("sip:bob@h", State::Full) },
            User { nickname: Some((name.to_owned(), NicknameForm::Element)), ..user("sip:carol@h", State::Full) },
            user("sip:dave@h", State::Deleted),
        ],
    }
}

#[test]
fn a_document_is_written_in_the_order_of_the_schema() {
    let xml = everything("A<&\">B").to_xml();
    insta::assert_snapshot!("everything", xml);
    let defects = kinds(&xml);
    assert_eq!(
        defects,
        [
            ConferenceInfoDefect::NicknameForm(NicknameForm::Unqualified),
            ConferenceInfoDefect::NicknameForm(NicknameForm::Element)
        ]
    );
}

#[test]
fn names_of_any_kind_survive() {
    for name in ["A<&\">B", "it's ]]> <!-- -->", " a  b ", "a\tb\nc\r\nd", "\u{1F600} \u{7F}", "&amp;", ""] {
        let before = everything(name);
        assert_eq!(parse(&before.to_xml()).tree, before, "{name:?}");
    }
}

#[test]
fn forbidden_characters_are_replaced() {
    let written = everything("a\u{1}\0\u{FFFE}b");
    assert_eq!(parse(&written.to_xml()).tree, everything("a\u{FFFD}\u{FFFD}\u{FFFD}b"));
}

#[test]
fn a_full_document_is_taken_whole() {
    let mut state = ConferenceInfo::default();
    let partial = update(1, State::Partial, Some(State::Partial), vec![user("sip:a@h", State::Full)]);
    assert!(!state.apply(&partial));
    assert_eq!(state, ConferenceInfo::default());
    let full = update(7, State::Full, Some(State::Full), vec![user("sip:a@h", State::Full)]);
    assert!(state.apply(&full));
    assert_eq!(state, full);
    let later = update(9, State::Full, Some(State::Full), vec![user("sip:b@h", State::Full)]);
    assert!(state.apply(&later));
    assert_eq!(state, later);
}

#[test]
fn versions_decide() {
    let start = update(5, State::Full, Some(State::Full), vec![user("sip:a@h", State::Full)]);
    let newcomer = || vec![user("sip:b@h", State::Full)];
    for (version, right) in [(4, true), (5, true), (7, false)] {
        let mut state = start.clone();
        assert_eq!(state.apply(&update(version, State::Partial, Some(State::Partial), newcomer())), right, "{version}");
        assert_eq!(state, start);
    }
    let mut state = start.clone();
    assert!(state.apply(&update(5, State::Full, Some(State::Full), newcomer())));
    assert_eq!(state, start);
    assert!(state.apply(&update(6, State::Partial, Some(State::Partial), newcomer())));
    assert_eq!(state.version, Some(6));
    assert_eq!(state.state, State::Full);
    let entities: Vec<_> = state.users.iter().map(|user| user.entity.as_str()).collect();
    assert_eq!(entities, ["sip:a@h", "sip:b@h"]);
    let mut unversioned = update(0, State::Partial, None, vec![]);
    unversioned.version = None;
    assert!(!state.apply(&unversioned));
}

#[test]
fn a_partial_document_is_merged_by_keys() {
    let alice = User {
        display_text: Some("Alice".into()),
        nickname: Some(("Al".into(), NicknameForm::Qualified)),
        endpoints: vec![endpoint("e1", State::Full, "connected"), endpoint("e2", State::Full, "connected")],
        ..user("sip:alice@h", State::Full)
    };
    let bob = User { display_text: Some("Bob".into()), ..user("sip:bob@h", State::Full) };
    let mut state = update(1, State::Full, Some(State::Full), vec![alice, bob, user("sip:carol@h", State::Full)]);
    state.user_count = Some(3);
    let change = update(
        2,
        State::Partial,
        Some(State::Partial),
        vec![
            User {
                nickname: Some(("Queen".into(), NicknameForm::Qualified)),
                endpoints: vec![
                    endpoint("e1", State::Deleted, "disconnected"),
                    endpoint("e2", State::Partial, "on-hold"),
                    endpoint("e3", State::Full, "connected"),
                ],
                ..user("sip:alice@h", State::Partial)
            },
            user("sip:bob@h", State::Full),
            user("sip:carol@h", State::Deleted),
            user("sip:dave@h", State::Partial),
        ],
    );
    assert!(state.apply(&change));
    let merged = User {
        display_text: Some("Alice".into()),
        nickname: Some(("Queen".into(), NicknameForm::Qualified)),
        endpoints: vec![endpoint("e2", State::Full, "on-hold"), endpoint("e3", State::Full, "connected")],
        ..user("sip:alice@h", State::Full)
    };
    let mut expected = update(
        2,
        State::Full,
        Some(State::Full),
        vec![merged, user("sip:bob@h", State::Full), user("sip:dave@h", State::Full)],
    );
    expected.user_count = Some(3);
    assert_eq!(state, expected);
}

#[test]
fn full_users_in_a_partial_document_replace_all() {
    let mut state = update(1, State::Full, Some(State::Full), vec![user("sip:a@h", State::Full)]);
    assert!(state.apply(&update(2, State::Partial, Some(State::Full), vec![user("sip:b@h", State::Full)])));
    assert_eq!(state.users, [user("sip:b@h", State::Full)]);
    assert!(state.apply(&update(3, State::Partial, None, vec![])));
    assert_eq!(state.users, [user("sip:b@h", State::Full)]);
    assert!(state.apply(&update(4, State::Deleted, Some(State::Full), vec![user("sip:b@h", State::Full)])));
    assert_eq!((state.state, state.users.len()), (State::Deleted, 0));
}

proptest! {
    #[test]
    fn no_octets_panic(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = ConferenceInfo::parse(&octets);
    }

    #[test]
    fn any_name_is_well_formed(name in any::<String>()) {
        let written = everything(&name);
        let read = ConferenceInfo::parse(written.to_xml().as_bytes()).expect("well-formed");
        prop_assert_eq!(read.tree.users.len(), 4);
        prop_assert_eq!(&read.tree.users[0].nickname, &read.tree.users[0].display_text.clone().map(|name| (name, NicknameForm::Qualified)));
    }
}
