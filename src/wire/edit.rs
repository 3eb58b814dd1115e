//! Deliberate damage: what a tester does to a well-formed message before it is sent.

use bytes::Bytes;

use super::header::{Header, Headers};

/// One change to a message. Nothing checks that the result is sensible: that is the point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Remove every header of this name.
    Drop(String),
    /// Write the first header of this name twice.
    Duplicate(String),
    /// Give the first header of this name another value, octet for octet; append it where it is missing.
    Replace(String, Bytes),
    /// Insert a raw line (its line end included) before the header of this name, or at the end of the headers.
    Insert(Option<String>, Bytes),
    /// Write the name of every header of this name, and what stands between it and the value, so.
    Respell(String, Bytes, Bytes),
    /// Replace a text within the value of the first header of this name.
    Within(String, String, String),
    /// Move every header of this name behind all others.
    Last(String),
}

impl Edit {
    /// Carries out the change.
    pub fn apply(&self, headers: &mut Headers) {
        let place = |headers: &Headers, name: &str| headers.0.iter().position(|header| header.is(name));
        match self {
            Self::Drop(name) => headers.remove(name),
            Self::Duplicate(name) => {
                if let Some((at, header)) = place(headers, name).and_then(|at| Some((at, headers.0.get(at)?.clone()))) {
                    headers.0.insert(at + 1, header);
                }
            }
            Self::Replace(name, value) => headers.set(name, value.clone()),
            Self::Insert(before, line) => {
                let at = before.as_deref().and_then(|name| place(headers, name)).unwrap_or(headers.0.len());
                headers.0.insert(at, Header::from_line(line));
            }
            Self::Respell(name, spelling, separator) => {
                for header in headers.0.iter_mut().filter(|header| header.is(name)) {
                    header.name = spelling.clone();
                    header.separator = separator.clone();
                }
            }
            Self::Within(name, old, new) => {
                if let Some(header) = headers.0.iter_mut().find(|header| header.is(name)) {
                    header.value = Bytes::from(String::from_utf8_lossy(&header.value).replacen(old, new, 1));
                }
            }
            Self::Last(name) => {
                let (these, mut others): (Vec<_>, Vec<_>) =
                    std::mem::take(&mut headers.0).into_iter().partition(|header| header.is(name));
                others.extend(these);
                headers.0 = others;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(edit: Edit) -> String {
        let mut headers = Headers::default();
        headers.push("To-Path", "a");
        headers.push("From-Path", "b");
        headers.push("to-path", "c");
        edit.apply(&mut headers);
        let mut octets = Vec::new();
        headers.0.iter().for_each(|header| header.write(&mut octets));
        octets.escape_ascii().to_string()
    }

    #[test]
    fn edits_change_the_octets_as_told() {
        assert_eq!(after(Edit::Drop("TO-PATH".into())), r"From-Path: b\r\n");
        assert_eq!(
            after(Edit::Duplicate("From-Path".into())),
            r"To-Path: a\r\nFrom-Path: b\r\nFrom-Path: b\r\nto-path: c\r\n"
        );
        assert_eq!(after(Edit::Duplicate("None".into())), r"To-Path: a\r\nFrom-Path: b\r\nto-path: c\r\n");
        assert_eq!(
            after(Edit::Replace("To-Path".into(), Bytes::from_static(b" \xff"))),
            r"To-Path:  \xff\r\nFrom-Path: b\r\nto-path: c\r\n"
        );
        assert_eq!(
            after(Edit::Insert(Some("From-Path".into()), Bytes::from_static(b"junk\n"))),
            r"To-Path: a\r\njunk\nFrom-Path: b\r\nto-path: c\r\n"
        );
        assert_eq!(
            after(Edit::Insert(None, Bytes::from_static(b"X: 1\r\nY: 2\r\n"))),
            r"To-Path: a\r\nFrom-Path: b\r\nto-path: c\r\nX: 1\r\nY: 2\r\n"
        );
        assert_eq!(
            after(Edit::Respell("From-Path".into(), Bytes::from_static(b"f"), Bytes::from_static(b" :\r\n "))),
            r"To-Path: a\r\nf :\r\n b\r\nto-path: c\r\n"
        );
        assert_eq!(
            after(Edit::Within("To-Path".into(), "a".into(), "z".into())),
            r"To-Path: z\r\nFrom-Path: b\r\nto-path: c\r\n"
        );
        assert_eq!(after(Edit::Last("to-path".into())), r"From-Path: b\r\nTo-Path: a\r\nto-path: c\r\n");
    }
}
