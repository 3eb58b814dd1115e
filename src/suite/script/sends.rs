//! The low level: requests as they are written, octets, halves and pieces.

use super::actions::Action;
use super::keys;
use super::load::Loader;
use crate::suite::yaml::{Kind, Node, Read};

impl Loader<'_> {
    pub(super) fn send(&mut self, action: &Action<'_>) -> Read<()> {
        let by = self.by(action)?;
        let entries = self.document.known(action.value, "send", keys::SEND)?;
        let [(key, value)] = entries else {
            return Err(self.document.wrong(action.value, "send", "one of request, octets, half, rest, piecemeal"));
        };
        match self.document.name(key)? {
            "request" => {
                let text = self.filled(value, "send.request")?.trim_end_matches('\n').to_owned();
                self.push("When", action.key, format!("{by} sends the request"), Some(text), None)
            }
            "octets" => {
                let text = self.filled(value, "send.octets")?;
                self.push("When", action.key, format!("{by} sends the octets"), Some(text), None)
            }
            "half" => {
                self.document.truth(value, "send.half")?;
                self.when(action.key, format!("{by} begins a request and goes no further"))
            }
            "rest" => {
                self.document.truth(value, "send.rest")?;
                self.when(action.key, format!("{by} sends the rest of the request"))
            }
            _ => self.piecemeal(action.key, &by, value),
        }
    }

    fn piecemeal(&mut self, key: &Node, by: &str, node: &Node) -> Read<()> {
        let (mut text, mut pieces, mut pause) = (None, 10, 0.01);
        for (key, value) in self.document.known(node, "piecemeal", keys::PIECEMEAL)? {
            match self.document.name(key)? {
                "octets" => text = Some(self.filled(value, "piecemeal.octets")?.trim_end_matches('\n').to_owned()),
                "pieces" => pieces = self.document.whole(value, "piecemeal.pieces", 1, 10_000)?,
                _ => pause = self.document.seconds(value, "piecemeal.pause")?.as_secs_f64(),
            }
        }
        let text = text.ok_or_else(|| self.document.missing(node, "octets", "octets: MSRP {transaction} SEND"))?;
        let sentence = format!("{by} sends the request in {pieces} pieces, {pause} s apart");
        self.push("When", key, sentence, Some(text), None)
    }

    /// The edits of a message, as rows.
    pub(super) fn edits(&self, node: &Node) -> Read<Vec<Vec<String>>> {
        let Kind::List(list) = &node.kind else { return Err(self.document.wrong(node, "edits", "a list of edits")) };
        let mut rows = Vec::new();
        for edit in list {
            for (key, value) in self.document.known(edit, "an edit", keys::EDITS)? {
                let name = self.document.name(key)?.to_owned();
                let text = self.filled(value, &name)?;
                if name == "replace" && !text.contains(": ") {
                    return Err(self.document.wrong(value, "replace", "a header with its value, such as 'To-Path: x'"));
                }
                rows.push(vec![name, text]);
            }
        }
        Ok(rows)
    }
}
