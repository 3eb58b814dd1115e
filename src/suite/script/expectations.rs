//! What a scenario expects, in the sentences of feature files.

use super::actions::Action;
use super::keys;
use super::load::{Loader, enumerated};
use crate::suite::yaml::{Kind, Node, Read};

/// Actions that are answered by the switch, in MSRP.
const ANSWERED: &[&str] = &["nickname", "say", "whisper", "chunked", "send"];

impl Loader<'_> {
    /// What is expected, of an action or by itself. A number alone is the status.
    pub(super) fn expect(&mut self, node: &Node, action: Option<&Action<'_>>) -> Read<()> {
        let answered = action.filter(|action| ANSWERED.contains(&action.name));
        let by = answered.map(|action| self.by(action)).transpose()?;
        if matches!(node.kind, Kind::Scalar { .. }) {
            return self.status(node, node, by.as_deref());
        }
        let entries = self.document.known(node, "expect", keys::EXPECT)?.to_vec();
        let of = entries.iter().find(|(key, _)| self.document.name(key) == Ok("of"));
        let of = of.map(|(_, value)| self.person(value, "of")).transpose()?.or(by);
        let exactly = entries.iter().find(|(key, _)| self.document.name(key) == Ok("exactly"));
        let exactly = exactly.map(|(_, value)| self.document.truth(value, "exactly")).transpose()?;
        let exactly = if exactly == Some(true) { " octet for octet" } else { "" };
        for (key, value) in &entries {
            match self.document.name(key)? {
                "status" => self.status(key, value, of.as_deref())?,
                "received-by" => {
                    let names = enumerated(&self.people(value, "received-by")?);
                    self.then(
                        key,
                        format!("{names} {} it{exactly}", if names.contains(" and ") { "receive" } else { "receives" }),
                    )?;
                }
                "partly-received-by" => {
                    self.of_each(key, value, |name| format!("{name} does not get the message as complete"))?
                }
                "not-received-by" => self.of_each(key, value, |name| format!("{name} does not receive it"))?,
                "received-by-nobody" if self.document.truth(value, "received-by-nobody")? => {
                    self.then(key, "nobody receives it".to_owned())?;
                }
                "received-by-nobody" => {}
                "reported-to" => {
                    self.of_each(key, value, |name| {
                        format!("{name} gets a success report that covers the whole message")
                    })?;
                }
                "not-reported-to" => self.of_each(key, value, |name| format!("{name} gets no report on it"))?,
                "still-talking" => self.of_each(key, value, |name| format!("{name} can still talk to the room"))?,
                "ended" => self.of_each(key, value, |name| format!("{name}'s MSRP session is over"))?,
                "one-granted" => {
                    let people = self.people(value, "one-granted")?;
                    let rest = if people.len() == 2 { "the other one gets" } else { "the others get" };
                    self.then(key, format!("exactly one of {} is granted it and {rest} 425", enumerated(&people)))?;
                }
                "roster" => self.roster(value, |name, what| match what {
                    Shown::Present => format!("the roster shows {name}"),
                    Shown::Absent => format!("the roster does not show {name}"),
                    Shown::NoNickname => format!("the roster shows no nickname for {name}"),
                    Shown::Nickname(nickname) => format!("the roster shows {name} as \"{nickname}\""),
                })?,
                "notified" => self.notified(value)?,
                "capture" => self.capture(value, of.as_deref())?,
                _ => {}
            }
        }
        Ok(())
    }

    fn status(&mut self, key: &Node, value: &Node, of: Option<&str>) -> Read<()> {
        let of = of.ok_or_else(|| self.document.missing(key, "of", "of: Alice"))?.to_owned();
        let mut codes = Vec::new();
        for code in self.document.list(value) {
            let code = self.filled_node(code)?;
            codes.push(self.document.whole(&code, "a status", 100, 699)?.to_string());
        }
        self.then(key, format!("the switch answers {of} with {}", codes.join(" or ")))
    }

    fn of_each(&mut self, key: &Node, value: &Node, sentence: impl Fn(&str) -> String) -> Read<()> {
        let people = self.people(value, "a participant")?;
        people.iter().try_for_each(|name| self.then(key, sentence(name)))
    }

    fn roster(&mut self, node: &Node, sentence: impl Fn(&str, &Shown) -> String) -> Read<()> {
        for (key, value) in self.document.keys(node, "roster")?.to_vec() {
            let shown = self.shown(&value)?;
            for name in self.people(&key, "roster")? {
                self.then(&key, sentence(&name, &shown))?;
            }
        }
        Ok(())
    }

    /// Who is told what about whom.
    fn notified(&mut self, node: &Node) -> Read<()> {
        for (key, value) in self.document.keys(node, "notified")?.to_vec() {
            let watcher = self.person(&key, "notified")?;
            self.roster(&value, |name, what| match what {
                Shown::Present => format!("{watcher} is notified that {name} is in the room"),
                Shown::Absent => format!("{watcher} is notified that {name} is not in the room"),
                Shown::NoNickname => format!("{watcher} is notified that {name} has no nickname"),
                Shown::Nickname(nickname) => format!("{watcher} is notified that {name}'s nickname is \"{nickname}\""),
            })?;
        }
        Ok(())
    }

    fn shown(&self, node: &Node) -> Read<Shown> {
        match &node.kind {
            Kind::Keys(_) => {
                let [(_, nickname)] = self.document.known(node, "a roster entry", &["nickname"])? else {
                    return Err(self.document.wrong(node, "a roster entry", "present, absent or { nickname: .. }"));
                };
                match &nickname.kind {
                    Kind::Scalar { text, quoted: false } if text == "none" => Ok(Shown::NoNickname),
                    _ => Ok(Shown::Nickname(self.quotable(nickname, "nickname")?)),
                }
            }
            _ => match self.document.word(node, "a roster entry", &["present", "absent"])? {
                "present" => Ok(Shown::Present),
                _ => Ok(Shown::Absent),
            },
        }
    }

    fn capture(&mut self, node: &Node, of: Option<&str>) -> Read<()> {
        let of = of.ok_or_else(|| self.document.missing(node, "of", "of: Alice"))?.to_owned();
        for (key, value) in self.document.keys(node, "capture")?.to_vec() {
            let (name, header) = (self.document.name(&key)?.to_owned(), self.quotable(&value, "capture")?);
            self.then(&key, format!("the header \"{header}\" of the answer to {of} is kept as \"{name}\""))?;
        }
        Ok(())
    }
}

/// What a roster shows of somebody.
enum Shown {
    Present,
    Absent,
    NoNickname,
    Nickname(String),
}
