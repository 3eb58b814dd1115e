//! From a YAML file to a scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;

use super::{ActAsRoom, Scenario, keys};
use crate::suite::engine::{Match, Registry};
use crate::suite::lint::nearest;
use crate::suite::plan::{Case, CaseStep};
use crate::suite::profile::LogicalRoom;
use crate::suite::yaml::{Document, Kind, Node, Read, Trouble};
use crate::switch::flaw::Flaw;

const REFERENCE: &str = "docs/scenarios.md";
/// Most steps of a scenario, loops written out.
const MOST_STEPS: usize = 20_000;
/// Fragments include fragments no deeper than this.
const DEEPEST: usize = 8;

/// Whether a file is a load profile and no scenario: its top-level key `load` says so.
///
/// # Errors
/// The file is not YAML.
pub fn is_load_profile(file: &str) -> Read<bool> {
    let document = Document::load(file, REFERENCE)?;
    let Kind::Keys(keys) = &document.root.kind else { return Ok(false) };
    Ok(keys.iter().any(|(key, _)| document.name(key) == Ok("load")))
}

/// Reads one file; its fragments are read by loaders of their own, which hand their steps up.
pub struct Loader<'r> {
    pub(super) document: Document,
    pub(super) registry: &'r Registry,
    /// Variables, and the counters of loops.
    pub(super) variables: BTreeMap<String, String>,
    /// The participants, and how many there are of a group.
    pub(super) cast: BTreeMap<String, Option<usize>>,
    pub(super) steps: Vec<CaseStep>,
    depth: usize,
    /// The line that includes this file, where it is a fragment.
    included_at: Option<usize>,
}

impl<'r> Loader<'r> {
    /// Reads a scenario; `variables` take the place of those in the file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn load(file: &str, registry: &'r Registry, variables: &BTreeMap<String, String>) -> Read<Scenario> {
        Self::of(Document::load(file, REFERENCE)?, registry).scenario(variables)
    }

    /// Reads a scenario from its text; `file` is its name in errors.
    ///
    /// # Errors
    /// As [`Loader::load`].
    pub fn parse(file: &str, text: &str, registry: &'r Registry) -> Read<Scenario> {
        Self::of(Document::parse(file, text, REFERENCE)?, registry).scenario(&BTreeMap::new())
    }

    fn of(document: Document, registry: &'r Registry) -> Self {
        let (variables, cast) = (BTreeMap::new(), BTreeMap::new());
        Self { document, registry, variables, cast, steps: Vec::new(), depth: 0, included_at: None }
    }

    fn scenario(mut self, variables: &BTreeMap<String, String>) -> Read<Scenario> {
        let root = self.document.root.clone();
        let top = self.document.known(&root, "the scenario", keys::SCENARIO)?.to_vec();
        let value = |wanted: &str| top.iter().find(|(key, _)| self.document.name(key) == Ok(wanted));
        let missing = |key, example| self.document.missing(&root, key, example);
        let (title, name) = value("scenario").ok_or_else(|| missing("scenario", "scenario: Bob says hello"))?;
        let (line, name) = (self.document.line(title), self.document.text(name, "scenario")?.to_owned());
        let (_, steps) = value("steps").cloned().ok_or_else(|| missing("steps", "steps: [{ join: Alice }]"))?;
        let room = value("act-as-room").cloned();
        for (key, value) in &top {
            match self.document.name(key)? {
                "about" => drop(self.document.text(value, "about")?),
                "variables" => self.declare(value)?,
                _ => {}
            }
        }
        self.set(&root, variables)?;
        // The room comes before those who call it.
        for (key, value) in &top {
            if self.document.name(key)? == "room" {
                self.room(value)?;
            }
        }
        for (key, value) in &top {
            if self.document.name(key)? == "participants" {
                self.participants(value)?;
            }
        }
        let room = room.map(|(_, value)| self.act_as_room(&value)).transpose()?;
        self.sequence(&steps)?;
        if !self.steps.iter().any(|step| step.keyword != "Given") {
            return Err(self.document.nonsense(
                &steps,
                "nothing happens in the scenario",
                "add an action to its steps",
            ));
        }
        let stem = Path::new(&self.document.file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let id = format!("PLAY-{}", stem.unwrap_or_default());
        let case = Case {
            id,
            name,
            feature: "scenarios".to_owned(),
            file: self.document.file.clone(),
            line,
            tags: Vec::new(),
            requirements: Vec::new(),
            level: "MUST".to_owned(),
            roles: Vec::new(),
            rooms: Vec::new(),
            claims: Vec::new(),
            serial: false,
            steps: self.steps,
        };
        Ok(Scenario { case, room })
    }

    fn declare(&mut self, node: &Node) -> Read<()> {
        for (key, value) in self.document.keys(node, "variables")? {
            let name = self.document.name(key)?;
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
                return Err(self.document.wrong(key, "a variable", "a name of small letters and hyphens"));
            }
            let value = self.document.text(value, &format!("variables.{name}"))?.to_owned();
            self.variables.insert(name.to_owned(), value);
        }
        Ok(())
    }

    /// Variables from outside; only those that the scenario has.
    fn set(&mut self, root: &Node, variables: &BTreeMap<String, String>) -> Read<()> {
        for (name, value) in variables {
            if !self.variables.contains_key(name) {
                let near = nearest(name, self.variables.keys().map(String::as_str));
                let help =
                    near.map_or("it has to stand under 'variables'".into(), |near| format!("did you mean '{near}'?"));
                return Err(self.document.nonsense(root, format!("the scenario has no variable '{name}'"), help));
            }
            self.variables.insert(name.clone(), value.clone());
        }
        Ok(())
    }

    fn room(&mut self, node: &Node) -> Read<()> {
        let words: Vec<&str> = LogicalRoom::ALL.iter().map(|room| room.word()).chain(["default"]).collect();
        let policy = match self.document.word(node, "room", &words)? {
            "private-messages-off" => " that forbids private messages",
            "nicknames-off" => " that forbids nicknames",
            "digest" => " that asks for credentials",
            "text-plain-only" => " that accepts only text/plain inside the wrapper",
            "nickname-quarantine" => " that quarantines nicknames",
            "single-endpoint" => " with one endpoint a user",
            "chunk-timer" => " with a short chunk reception timer",
            "deleted-with-creator" => " that ends with its creator",
            "slow-answer" => " that answers slowly",
            "tls-only" => " that demands TLS",
            _ => "",
        };
        self.given(node, format!("a chat room{policy}"))
    }

    fn act_as_room(&self, node: &Node) -> Read<ActAsRoom> {
        let mut room = ActAsRoom { sip: ([127, 0, 0, 1], 0).into(), msrp: ([127, 0, 0, 1], 0).into(), faults: vec![] };
        for (key, value) in self.document.known(node, "act-as-room", keys::ACT_AS_ROOM)? {
            match self.document.name(key)? {
                "sip" => room.sip = self.address(value, "act-as-room.sip")?,
                "msrp" => room.msrp = self.address(value, "act-as-room.msrp")?,
                _ => {
                    for fault in self.document.list(value) {
                        let name = self.filled(fault, "act-as-room.faults")?;
                        let flaw = name.parse::<Flaw>().map_err(|error| {
                            self.document.nonsense(fault, error.to_string(), "'msrpspec faults' lists them")
                        })?;
                        room.faults.push(flaw);
                    }
                }
            }
        }
        Ok(room)
    }

    fn address(&self, node: &Node, what: &str) -> Read<SocketAddr> {
        let text = self.filled(node, what)?;
        text.parse().map_err(|_| {
            let wanted = "an address with a port, such as 127.0.0.1:5060".to_owned();
            self.document.error(node, Trouble::BadValue { value: text, wanted, nearest: None })
        })
    }

    /// Steps one after the other.
    pub(super) fn sequence(&mut self, node: &Node) -> Read<()> {
        let Kind::List(list) = &node.kind else { return Err(self.document.wrong(node, "steps", "a list of steps")) };
        list.iter().try_for_each(|step| self.step(step))
    }

    /// Rows of steps: the first of every branch go out before the second of any.
    pub(super) fn parallel(&mut self, node: &Node) -> Read<()> {
        let Kind::List(branches) = &node.kind else {
            return Err(self.document.wrong(node, "parallel", "a list of lists of steps"));
        };
        let mut rows: Vec<&[Node]> = Vec::new();
        for branch in branches {
            match &branch.kind {
                Kind::List(steps) => rows.push(steps),
                _ => return Err(self.document.wrong(branch, "a branch of parallel", "a list of steps")),
            }
        }
        let longest = rows.iter().map(|row| row.len()).max().unwrap_or_default();
        for place in 0..longest {
            let from = self.steps.len();
            for step in rows.iter().filter_map(|row| row.get(place)) {
                self.step(step)?;
            }
            // What is expected of one comes after what all others do at once.
            if let Some(row) = self.steps.get_mut(from..) {
                row.sort_by_key(|step| step.keyword == "Then");
            }
        }
        Ok(())
    }

    pub(super) fn repeat(&mut self, node: &Node) -> Read<()> {
        let mut parts = BTreeMap::new();
        for (key, value) in self.document.known(node, "repeat", keys::REPEAT)? {
            parts.insert(self.document.name(key)?.to_owned(), value.clone());
        }
        let part = |key: &str, example| parts.get(key).ok_or_else(|| self.document.missing(node, key, example));
        let times = self.filled_node(part("times", "times: 3")?)?;
        let times = self.document.whole(&times, "repeat.times", 1, 10_000)?;
        let steps = part("steps", "steps: [{ say: hello, by: Alice }]")?.clone();
        let outer = self.variables.get("round").cloned();
        for round in 1..=times {
            self.variables.insert("round".to_owned(), round.to_string());
            self.sequence(&steps)?;
        }
        match outer {
            Some(outer) => self.variables.insert("round".to_owned(), outer),
            None => self.variables.remove("round"),
        };
        Ok(())
    }

    /// The steps of another file, in place of this one.
    pub(super) fn include(&mut self, node: &Node) -> Read<()> {
        let name = self.filled(node, "include")?;
        if self.depth >= DEEPEST {
            return Err(self.document.nonsense(
                node,
                "fragments include each other too deep",
                "does one include itself?",
            ));
        }
        let path = Path::new(&self.document.file).parent().unwrap_or(Path::new("")).join(&name);
        let path = path.to_string_lossy().into_owned();
        let document = Document::load(&path, REFERENCE).map_err(|error| match &*error.trouble {
            Trouble::Unreadable { cause, .. } => {
                let (what, cause) = (format!("the fragment '{name}'"), cause.clone());
                self.document.error(node, Trouble::Unreadable { what, cause })
            }
            _ => error,
        })?;
        let mut inner = Loader {
            variables: self.variables.clone(),
            cast: self.cast.clone(),
            steps: std::mem::take(&mut self.steps),
            depth: self.depth + 1,
            included_at: Some(self.included_at.unwrap_or_else(|| self.document.line(node))),
            ..Loader::of(document, self.registry)
        };
        let root = inner.document.root.clone();
        let top = inner.document.known(&root, "the fragment", keys::FRAGMENT)?.to_vec();
        let steps = top.iter().find(|(key, _)| inner.document.name(key) == Ok("steps"));
        let (_, steps) = steps.ok_or_else(|| inner.document.missing(&root, "steps", "steps: [{ join: Alice }]"))?;
        inner.sequence(steps)?;
        self.steps = inner.steps;
        Ok(())
    }

    /// A text with the variables filled in.
    pub(super) fn filled(&self, node: &Node, what: &str) -> Read<String> {
        let text = self.document.text(node, what)?;
        Ok(self
            .variables
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value)))
    }

    /// A value with the variables filled in; what a variable stands for is no quoted text.
    pub(super) fn filled_node(&self, node: &Node) -> Read<Node> {
        let Kind::Scalar { text, quoted } = &node.kind else { return Ok(node.clone()) };
        let filled = self.filled(node, "a value")?;
        let quoted = *quoted && *text == filled;
        Ok(Node { span: node.span, kind: Kind::Scalar { text: filled, quoted } })
    }

    /// A text that will stand in double quotes.
    pub(super) fn quotable(&self, node: &Node, what: &str) -> Read<String> {
        let text = self.filled(node, what)?;
        match text.contains(['"', '\n', '\r']) {
            true => Err(self.document.wrong(node, what, "a text of one line without double quotes")),
            false => Ok(text),
        }
    }

    /// Participants that the scenario has; a group stands for all of it.
    pub(super) fn people(&self, node: &Node, what: &str) -> Read<Vec<String>> {
        let mut people = Vec::new();
        for one in self.document.list(node) {
            let name = self.filled(one, what)?;
            let number = name.trim_start_matches(|c: char| !c.is_ascii_digit());
            let group = name.trim_end_matches(|c: char| c.is_ascii_digit());
            match (self.cast.get(&name), self.cast.get(group)) {
                (Some(Some(count)), _) => people.extend((1..=*count).map(|number| format!("{name}{number}"))),
                (Some(None), _) => people.push(name),
                (None, Some(Some(count))) if number.parse().is_ok_and(|it: usize| (1..=*count).contains(&it)) => {
                    people.push(name);
                }
                _ => {
                    let known: BTreeSet<&str> = self.cast.keys().map(String::as_str).collect();
                    let nearest = nearest(&name, known.iter().copied());
                    let wanted = "one of the participants".to_owned();
                    return Err(self.document.error(one, Trouble::BadValue { value: name, wanted, nearest }));
                }
            }
        }
        if people.is_empty() {
            return Err(self.document.wrong(node, what, "a participant, or a list of them"));
        }
        Ok(people)
    }

    /// A single participant.
    pub(super) fn person(&self, node: &Node, what: &str) -> Read<String> {
        match <[String; 1]>::try_from(self.people(node, what)?) {
            Ok([person]) => Ok(person),
            Err(_) => Err(self.document.wrong(node, what, "a single participant")),
        }
    }

    /// A step that sets the scene: where it fails, nothing is proved.
    pub(super) fn given(&mut self, node: &Node, text: String) -> Read<()> {
        self.push("Given", node, text, None, None)
    }

    /// A step that does something.
    pub(super) fn when(&mut self, node: &Node, text: String) -> Read<()> {
        self.push("When", node, text, None, None)
    }

    /// A step that expects something.
    pub(super) fn then(&mut self, node: &Node, text: String) -> Read<()> {
        self.push("Then", node, text, None, None)
    }

    pub(super) fn push(
        &mut self,
        keyword: &str,
        node: &Node,
        text: String,
        docstring: Option<String>,
        table: Option<Vec<Vec<String>>>,
    ) -> Read<()> {
        if let Match::None(nearest) = self.registry.find(&text) {
            let wanted = "a sentence that 'msrpspec steps' lists".to_owned();
            let nearest = nearest.map(str::to_owned);
            return Err(self.document.error(node, Trouble::BadValue { value: text, wanted, nearest }));
        }
        if self.steps.len() >= MOST_STEPS {
            return Err(self.document.nonsense(node, format!("more than {MOST_STEPS} steps"), "repeat less often"));
        }
        let line = self.included_at.unwrap_or_else(|| self.document.line(node));
        self.steps.push(CaseStep { keyword: keyword.to_owned(), text, line, docstring, table });
        Ok(())
    }
}

/// `Alice`, `Alice and Bob`, `Alice, Bob and Carol`.
pub(super) fn enumerated(names: &[String]) -> String {
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
