//! A YAML document that knows where each of its keys and values stands.

use std::time::Duration;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::{Trouble, YamlError};
use crate::suite::lint::{nearest, place};
use crate::wire::Span;

/// Deeper than this nobody nests on purpose.
const DEEPEST: usize = 32;
/// Longest file, in octets.
const LONGEST: usize = 1024 * 1024;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text, a number or a truth value.
    Scalar {
        /// As written, without quotes.
        text: String,
        /// It stands in quotes or in a block, so it is a text whatever it looks like.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in their order. No key comes twice.
    Keys(Vec<(Node, Node)>),
}

/// A file with its text and what it says.
#[derive(Clone, Debug)]
pub struct Document {
    /// The file, as the user wrote it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub root: Node,
    /// Where its keys are described.
    reference: &'static str,
}

/// What reading gives.
pub type Read<T> = Result<T, YamlError>;

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or is not YAML.
    pub fn load(file: &str, reference: &'static str) -> Read<Self> {
        let text = super::read(file)?;
        Self::parse(file, &text, reference)
    }

    /// Reads a text; `file` is its name in errors.
    ///
    /// # Errors
    /// It is not YAML.
    pub fn parse(file: &str, text: &str, reference: &'static str) -> Read<Self> {
        let empty = Node { span: Span { start: 0, end: 0 }, kind: Kind::Keys(Vec::new()) };
        let mut document = Self { file: file.to_owned(), text: text.to_owned(), root: empty, reference };
        if text.len() > LONGEST {
            let what = format!("the file has {} octets, more than {LONGEST}", text.len());
            return Err(document.nonsense(&document.root, what, "split it, and include its parts"));
        }
        let builder = Builder { document: &document, offsets: offsets(text), open: Vec::new(), root: None };
        if let Some(root) = builder.build()? {
            document.root = root;
        }
        Ok(document)
    }

    /// The keys of a value.
    ///
    /// # Errors
    /// It has none.
    pub fn keys<'n>(&self, node: &'n Node, what: &str) -> Read<&'n [(Node, Node)]> {
        match &node.kind {
            Kind::Keys(keys) => Ok(keys),
            _ => Err(self.wrong(node, what, "keys with values")),
        }
    }

    /// The keys of a value, all of which must be known.
    ///
    /// # Errors
    /// The first that is not.
    pub fn known<'n>(&self, node: &'n Node, what: &str, known: &[&str]) -> Read<&'n [(Node, Node)]> {
        let keys = self.keys(node, what)?;
        for (key, _) in keys {
            let name = self.name(key)?;
            if !known.contains(&name) {
                let nearest = nearest(name, known.iter().copied());
                let (key_name, place) = (name.to_owned(), format!("in {what}"));
                let trouble = Trouble::UnknownKey { key: key_name, place, nearest, reference: self.reference };
                return Err(self.error(key, trouble));
            }
        }
        Ok(keys)
    }

    /// A key's name.
    ///
    /// # Errors
    /// The key is no text.
    pub fn name<'n>(&self, key: &'n Node) -> Read<&'n str> {
        match &key.kind {
            Kind::Scalar { text, .. } => Ok(text),
            _ => Err(self.wrong(key, "a key", "a text")),
        }
    }

    /// A text; a number that stands where a text belongs is one, too.
    ///
    /// # Errors
    /// It is a list or has keys, or is empty.
    pub fn text<'n>(&self, node: &'n Node, what: &str) -> Read<&'n str> {
        match &node.kind {
            Kind::Scalar { text, quoted } if *quoted || !text.is_empty() => Ok(text),
            _ => Err(self.wrong(node, what, "a text")),
        }
    }

    /// The values of a list; a single value is a list of one.
    pub fn list<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        match &node.kind {
            Kind::List(list) => list.iter().collect(),
            _ => vec![node],
        }
    }

    /// A whole number within bounds.
    ///
    /// # Errors
    /// It is none, or out of bounds.
    pub fn whole(&self, node: &Node, what: &str, from: usize, to: usize) -> Read<usize> {
        let number = match &node.kind {
            Kind::Scalar { text, quoted: false } => text.parse().ok(),
            _ => None,
        };
        let wanted = || self.wrong(node, what, &format!("a whole number from {from} to {to}"));
        number.filter(|number| (from..=to).contains(number)).ok_or_else(wanted)
    }

    /// A time in seconds, up to a day.
    ///
    /// # Errors
    /// It is none.
    pub fn seconds(&self, node: &Node, what: &str) -> Read<Duration> {
        let seconds = match &node.kind {
            Kind::Scalar { text, quoted: false } => text.parse::<f64>().ok(),
            _ => None,
        };
        let seconds = seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds));
        let seconds = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        seconds.ok_or_else(|| self.wrong(node, what, "a number of seconds, 86400 at most"))
    }

    /// True or false.
    ///
    /// # Errors
    /// It is neither.
    pub fn truth(&self, node: &Node, what: &str) -> Read<bool> {
        match &node.kind {
            Kind::Scalar { text, quoted: false } if text == "true" => Ok(true),
            Kind::Scalar { text, quoted: false } if text == "false" => Ok(false),
            _ => Err(self.wrong(node, what, "true or false")),
        }
    }

    /// One of some words.
    ///
    /// # Errors
    /// It is another one.
    pub fn word<'w>(&self, node: &Node, what: &str, words: &[&'w str]) -> Read<&'w str> {
        let text = self.text(node, what)?;
        let bad = || Trouble::BadValue {
            value: text.to_owned(),
            wanted: format!("one of {}", words.join(", ")),
            nearest: nearest(text, words.iter().copied()),
        };
        words.iter().find(|word| **word == text).copied().ok_or_else(|| self.error(node, bad()))
    }

    /// A key that has to be there is not.
    pub fn missing(&self, node: &Node, key: &str, example: &str) -> YamlError {
        self.error(node, Trouble::MissingKey { key: key.to_owned(), example: example.to_owned() })
    }

    /// A value of the wrong kind.
    pub fn wrong(&self, node: &Node, what: &str, wanted: &str) -> YamlError {
        let found = match &node.kind {
            Kind::Scalar { text, quoted: false } if text.is_empty() => "empty".to_owned(),
            Kind::Scalar { text, .. } => format!("'{text}'"),
            Kind::List(_) => "a list".to_owned(),
            Kind::Keys(_) => "a set of keys".to_owned(),
        };
        self.error(node, Trouble::WrongType { key: what.to_owned(), found, wanted: wanted.to_owned() })
    }

    /// Something that cannot be meant.
    pub fn nonsense(&self, node: &Node, what: impl Into<String>, help: impl Into<String>) -> YamlError {
        self.error(node, Trouble::Nonsense { what: what.into(), help: help.into() })
    }

    /// An error at a value.
    pub fn error(&self, node: &Node, trouble: Trouble) -> YamlError {
        self.error_at(node.span, trouble)
    }

    fn error_at(&self, span: Span, trouble: Trouble) -> YamlError {
        let at = Some(place(&self.text, span.start));
        YamlError {
            file: self.file.clone(),
            text: self.text.clone(),
            span: Some(span),
            place: at,
            trouble: Box::new(trouble),
        }
    }

    /// The line of a value, from 1.
    pub fn line(&self, node: &Node) -> usize {
        place(&self.text, node.span.start).0
    }
}

/// The offset of every character, and of the end: the parser counts characters.
fn offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(offset, _)| offset).chain([text.len()]).collect()
}

/// What is being built.
enum Open {
    List(Span, Vec<Node>),
    Keys(Span, Vec<(Node, Node)>, Option<Node>),
}

struct Builder<'d> {
    document: &'d Document,
    offsets: Vec<usize>,
    open: Vec<Open>,
    root: Option<Node>,
}

impl Builder<'_> {
    fn build(mut self) -> Read<Option<Node>> {
        let text = self.document.text.clone();
        let mut documents = 0;
        for event in Parser::new_from_str(&text) {
            let (event, at) = event.map_err(|error| {
                let start = self.offset(error.marker().index());
                self.document.error_at(Span { start, end: start }, Trouble::NotYaml(error.info().to_owned()))
            })?;
            let span = Span { start: self.offset(at.start.index()), end: self.offset(at.end.index()) };
            let refuse = |what: &str, help: &str| {
                Err(self.document.error_at(span, Trouble::Nonsense { what: what.to_owned(), help: help.to_owned() }))
            };
            match event {
                Event::Alias(_) => {
                    return refuse("there is a reference (*) here", "write the value out, or include it");
                }
                Event::Scalar(_, _, _, Some(_))
                | Event::SequenceStart(_, Some(_))
                | Event::MappingStart(_, Some(_)) => {
                    return refuse("there is a tag (!) here", "take it out");
                }
                Event::SequenceStart(..) | Event::MappingStart(..) if self.open.len() >= DEEPEST => {
                    return refuse("this is nested too deep", "take a level out");
                }
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents > 1 {
                        return refuse("a second document begins here", "write each into a file of its own");
                    }
                }
                Event::Scalar(text, style, ..) => {
                    let kind = Kind::Scalar { text: text.into_owned(), quoted: style != ScalarStyle::Plain };
                    self.add(Node { span, kind })?;
                }
                Event::SequenceStart(..) => self.open.push(Open::List(span, Vec::new())),
                Event::MappingStart(..) => self.open.push(Open::Keys(span, Vec::new(), None)),
                Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                    Some(Open::List(begun, list)) => self.add(Node { span: begun, kind: Kind::List(list) })?,
                    Some(Open::Keys(begun, keys, _)) => {
                        // The parser places a block at its first colon: the first key is where it begins.
                        let span = keys.first().map_or(begun, |(key, _)| key.span);
                        self.add(Node { span, kind: Kind::Keys(keys) })?;
                    }
                    None => {}
                },
                _ => {}
            }
        }
        Ok(self.root)
    }

    fn offset(&self, character: usize) -> usize {
        self.offsets.get(character).or(self.offsets.last()).copied().unwrap_or_default()
    }

    fn add(&mut self, node: Node) -> Read<()> {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, list)) => list.push(node),
            Some(Open::Keys(_, keys, key)) => match key.take() {
                None => *key = Some(node),
                Some(named) => {
                    if keys.iter().any(|(other, _)| other.kind == named.kind) {
                        let what = format!("the key '{}' is there twice", self.document.name(&named)?);
                        return Err(self.document.nonsense(&named, what, "take one of them out"));
                    }
                    keys.push((named, node));
                }
            },
        }
        Ok(())
    }
}
