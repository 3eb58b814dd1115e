//! Who takes part in a scenario.

use super::keys;
use super::load::Loader;
use crate::suite::yaml::{Kind, Node, Read};

impl Loader<'_> {
    pub(super) fn participants(&mut self, node: &Node) -> Read<()> {
        let people: Vec<(Node, Node)> = match &node.kind {
            // A plain list of names: everybody is as usual.
            Kind::List(names) => {
                let usual = |name: &Node| Node { span: name.span, kind: Kind::Keys(Vec::new()) };
                names.iter().map(|name| (name.clone(), usual(name))).collect()
            }
            _ => self.document.keys(node, "participants")?.to_vec(),
        };
        for (key, value) in people {
            self.participant(&key, &value)?;
        }
        Ok(())
    }

    fn participant(&mut self, key: &Node, value: &Node) -> Read<()> {
        let name = self.document.name(key)?.to_owned();
        let mut letters = name.chars();
        if !letters.next().is_some_and(|c| c.is_ascii_uppercase()) || !letters.all(|c| c.is_ascii_lowercase()) {
            return Err(self.document.wrong(key, "a participant", "a name like Alice, of letters only"));
        }
        if self.cast.contains_key(&name) {
            return Err(self.document.nonsense(key, format!("{name} is there twice"), "take one of them out"));
        }
        let (mut count, mut rows) = (None, Vec::new());
        let entries = match &value.kind {
            Kind::Scalar { text, quoted: false } if text.is_empty() || text == "~" => &[][..],
            _ => self.document.known(value, &name, keys::PARTICIPANT)?,
        };
        for (key, value) in entries {
            let key = self.document.name(key)?;
            let what = format!("{name}.{key}");
            let text = match key {
                "count" => {
                    count = Some(self.document.whole(&self.filled_node(value)?, &what, 1, 500)?);
                    continue;
                }
                "transport" => self.document.word(value, &what, &["udp", "tcp"])?.to_owned(),
                "setup" => self.document.word(value, &what, &["active", "passive", "actpass", "none"])?.to_owned(),
                "direction" => {
                    let words = ["sendrecv", "sendonly", "recvonly", "inactive"];
                    self.document.word(value, &what, &words)?.to_owned()
                }
                "max-size" => self.document.whole(value, &what, 1, usize::MAX)?.to_string(),
                "tls" => self.document.truth(value, &what)?.to_string(),
                "chatroom" => match &value.kind {
                    Kind::Scalar { text, quoted: false } if text == "none" => text.clone(),
                    Kind::List(_) => self.words(value, &what)?,
                    _ => return Err(self.document.wrong(value, &what, "a list of chat tokens, or none")),
                },
                "accept-types" | "accept-wrapped-types" => self.words(value, &what)?,
                _ => self.filled(value, &what)?,
            };
            rows.push(vec![key.to_owned(), text]);
        }
        self.cast.insert(name.clone(), count);
        if rows.is_empty() {
            return Ok(());
        }
        for name in self.people(key, "participants")? {
            self.push("Given", key, format!("{name} takes part with"), None, Some(rows.clone()))?;
        }
        Ok(())
    }

    fn words(&self, node: &Node, what: &str) -> Read<String> {
        let words: Read<Vec<String>> = self.document.list(node).into_iter().map(|one| self.filled(one, what)).collect();
        Ok(words?.join(" "))
    }
}
