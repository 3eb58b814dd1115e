//! What a step of a scenario does, in the sentences of feature files.

use std::collections::BTreeMap;

use super::keys;
use super::load::{Loader, enumerated};
use crate::suite::lint::nearest;
use crate::suite::yaml::{Kind, Node, Read, Trouble};

/// An action with what stands beside it.
pub(super) struct Action<'n> {
    pub(super) name: &'static str,
    pub(super) key: &'n Node,
    pub(super) value: &'n Node,
    pub(super) beside: BTreeMap<&'n str, &'n Node>,
}

impl Loader<'_> {
    pub(super) fn step(&mut self, node: &Node) -> Read<()> {
        match &node.kind {
            // A sentence as it could stand in a feature file.
            Kind::Scalar { .. } => {
                let sentence = self.filled(node, "a step")?;
                self.when(node, sentence)
            }
            Kind::Keys(entries) => {
                let action = self.action(node, entries)?;
                self.act(&action)
            }
            Kind::List(_) => Err(self.document.wrong(node, "a step", "a sentence, or an action such as 'join: Alice'")),
        }
    }

    fn action<'n>(&self, node: &'n Node, entries: &'n [(Node, Node)]) -> Read<Action<'n>> {
        let named = |key: &Node| keys::ACTIONS.iter().find(|action| self.document.name(key) == Ok(**action)).copied();
        let Some((name, key, value)) = entries.iter().find_map(|(key, value)| Some((named(key)?, key, value))) else {
            let key = entries.first().map_or(node, |(key, _)| key);
            let name = self.document.name(key)?.to_owned();
            let nearest = nearest(&name, keys::ACTIONS.iter().copied());
            let (place, reference) = ("among the actions".to_owned(), "docs/scenarios.md");
            return Err(self.document.error(key, Trouble::UnknownKey { key: name, place, nearest, reference }));
        };
        // `expect` stands alone or beside an action.
        let entry = |(key, _): &&(Node, Node)| named(key).is_some_and(|name| name != "expect");
        let (name, key, value) = match entries.iter().find(entry) {
            Some((key, value)) => (named(key).unwrap_or(name), key, value),
            None => (name, key, value),
        };
        let allowed: Vec<&str> = keys::beside(name).iter().copied().chain([name]).collect();
        let place = format!("a step with '{name}'");
        let mut beside = BTreeMap::new();
        for (key, value) in self.document.known(node, &place, &allowed)? {
            beside.insert(self.document.name(key)?, value);
        }
        Ok(Action { name, key, value, beside })
    }

    fn act(&mut self, action: &Action<'_>) -> Read<()> {
        let (key, value) = (action.key, action.value);
        match action.name {
            "join" => return self.join(action),
            "rejoin" => self.each(action, |name| format!("{name} has joined again"))?,
            "leave" => self.each(action, |name| format!("{name} has left the room"))?,
            "lose-connection" => self.each(action, |name| format!("{name} loses the connection"))?,
            "stop-reading" => self.each(action, |name| format!("{name} has stopped reading"))?,
            "stop-answering" => self.each(action, |name| format!("{name} has stopped answering"))?,
            "remove-nickname" => self.each(action, |name| format!("{name} removes their nickname"))?,
            "interrupt" => self.each(action, |name| format!("{name} breaks a message off"))?,
            "subscribe" => self.each(action, |name| format!("{name} watches the roster"))?,
            "talk-in-turns" => {
                let names = enumerated(&self.people(value, "talk-in-turns")?);
                self.when(key, format!("{names} talk to the room in turns"))?;
            }
            "nickname" => {
                let (by, nickname) = (self.by(action)?, self.quotable(value, "nickname")?);
                self.when(key, format!("{by} asks for the nickname \"{nickname}\""))?;
            }
            "race-for-nickname" => {
                let nickname = self.quotable(value, "race-for-nickname")?;
                let by = self.beside(action, "by", "by: [Alice, Bob]")?;
                let people = self.people(by, "by")?;
                let [first, second] = people.as_slice() else {
                    return Err(self.document.wrong(by, "by", "two participants"));
                };
                self.when(key, format!("{first} and {second} ask for the nickname \"{nickname}\" at the same time"))?;
            }
            "say" => self.say(action)?,
            "whisper" => {
                let (by, text) = (self.by(action)?, self.quotable(value, "whisper")?);
                let to = self.person(self.beside(action, "to", "to: Bob")?, "to")?;
                let header = self.header(action)?;
                self.when(key, format!("{by} whispers \"{text}\" to {to}{header}"))?;
            }
            "chunked" => self.chunked(action)?,
            "report" => {
                let by = self.by(action)?;
                match self.document.word(value, "report", &["success", "failure"])? {
                    "success" => self.when(key, format!("{by} reports success for everything they receive"))?,
                    _ => self.when(key, format!("{by} reports failure for everything he receives"))?,
                }
            }
            "send" => self.send(action)?,
            "pause" => {
                let pause = self.document.seconds(&self.filled_node(value)?, "pause")?;
                self.when(key, format!("nothing is done for {} s", pause.as_secs_f64()))?;
            }
            "wait" => self.wait(action)?,
            "expect" => return self.expect(value, None),
            "parallel" => return self.parallel(value),
            "repeat" => return self.repeat(value),
            "include" => return self.include(value),
            "sentence" => {
                let sentence = self.filled(value, "sentence")?;
                let text = action.beside.get("text").map(|text| self.filled(text, "text")).transpose()?;
                self.push("When", key, sentence, text.map(|text| text.trim_end_matches('\n').to_owned()), None)?;
            }
            _ => {}
        }
        match action.beside.get("expect") {
            Some(expected) => self.expect(expected, Some(action)),
            None => Ok(()),
        }
    }

    fn join(&mut self, action: &Action<'_>) -> Read<()> {
        let people = self.people(action.value, "join")?;
        let how = action.beside.get("how").map(|how| self.filled(how, "how")).transpose()?;
        let how = how.map_or_else(String::new, |how| format!(" {how}"));
        let Some(expected) = action.beside.get("expect") else {
            return self.given(action.key, format!("{} have joined the room{how}", enumerated(&people)));
        };
        let code = self.document.whole(expected, "expect", 100, 699)?;
        for name in people {
            self.when(action.key, format!("{name} joins the room{how}"))?;
            self.then(expected, format!("the focus answers {name} with {code}"))?;
        }
        Ok(())
    }

    fn say(&mut self, action: &Action<'_>) -> Read<()> {
        let (by, text) = (self.by(action)?, self.quotable(action.value, "say")?);
        if let Some(edits) = action.beside.get("edits") {
            let rows = self.edits(edits)?;
            return self.push("When", action.key, format!("{by} says \"{text}\" with the edits"), None, Some(rows));
        }
        let kind = action.beside.get("as").map(|kind| self.quotable(kind, "as")).transpose()?;
        let kind = kind.map_or_else(String::new, |kind| format!(" as \"{kind}\""));
        let header = self.header(action)?;
        if let (false, false, Some(kind)) = (kind.is_empty(), header.is_empty(), action.beside.get("as")) {
            return Err(self.document.nonsense(kind, "'as' and 'header' do not go together", "take one of them out"));
        }
        self.when(action.key, format!("{by} says \"{text}\"{kind}{header}"))
    }

    fn chunked(&mut self, action: &Action<'_>) -> Read<()> {
        let by = self.by(action)?;
        let (mut octets, mut chunk) = (10_000, 2048);
        for (key, value) in self.document.known(action.value, "chunked", keys::CHUNKED)? {
            match self.document.name(key)? {
                "octets" => octets = self.document.whole(value, "chunked.octets", 1, 10_000_000)?,
                _ => chunk = self.document.whole(value, "chunked.chunk", 1, 1_000_000)?,
            }
        }
        let sentence = match action.beside.get("to") {
            Some(to) => {
                format!("{by} whispers {octets} octets to {} in chunks of {chunk} octets", self.person(to, "to")?)
            }
            None => format!("{by} says {octets} octets in chunks of {chunk} octets"),
        };
        self.when(action.key, sentence)
    }

    fn wait(&mut self, action: &Action<'_>) -> Read<()> {
        let by = self.by(action)?;
        let within = match action.beside.get("within") {
            Some(within) => self.document.seconds(&self.filled_node(within)?, "within")?.as_secs_f64(),
            None => 5.0,
        };
        let entries = self.document.known(action.value, "wait", keys::WAIT)?;
        let [(key, value)] = entries else {
            return Err(self.document.wrong(action.value, "wait", "one condition, such as { present: Bob }"));
        };
        let condition = match self.document.name(key)? {
            "participants" => {
                let count = self.document.whole(&self.filled_node(value)?, "wait.participants", 0, 100_000)?;
                format!("until the roster shows {count} participants")
            }
            "present" => format!("until the roster shows {}", self.person(value, "wait.present")?),
            "absent" => format!("until the roster does not show {}", self.person(value, "wait.absent")?),
            _ => format!("for a message with \"{}\"", self.quotable(value, "wait.message")?),
        };
        self.then(action.key, format!("{by} waits {condition}, {within} s at most"))
    }

    fn each(&mut self, action: &Action<'_>, sentence: impl Fn(&str) -> String) -> Read<()> {
        let people = self.people(action.value, action.name)?;
        people.iter().try_for_each(|name| self.when(action.key, sentence(name)))
    }

    /// Who does it.
    pub(super) fn by(&self, action: &Action<'_>) -> Read<String> {
        self.person(self.beside(action, "by", "by: Alice")?, "by")
    }

    fn beside<'n>(&self, action: &Action<'n>, key: &str, example: &str) -> Read<&'n Node> {
        action.beside.get(key).copied().ok_or_else(|| self.document.missing(action.key, key, example))
    }

    fn header(&self, action: &Action<'_>) -> Read<String> {
        let Some(header) = action.beside.get("header") else { return Ok(String::new()) };
        let header = self.quotable(header, "header")?;
        Ok(format!(" with the header \"{header}\""))
    }
}
