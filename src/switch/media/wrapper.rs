//! How a faulty switch misreads the wrappers that it gets, and what it makes of them on their way (RFC 3862). The right
//! one reads them as `wire::cpim` does, and passes them on as they came.

use bytes::Bytes;

use super::Media;
use super::request::Refusal;
use crate::switch::SessionId;
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::cpim::CpimMessage;

/// The headers that RFC 3862, 4 defines, and what the glued form has among them.
const KNOWN: [&str; 8] = ["From", "To", "cc", "DateTime", "Subject", "NS", "Require", "Content-Type"];

/// Longest line that RFC 5322 lets a mail have.
const LINE: usize = 998;

impl Media {
    /// The headers as a faulty switch reads them.
    pub(super) fn misread(&mut self, sender: SessionId, headers: &Bytes) -> Bytes {
        if self.faults.is_empty() {
            return headers.clone();
        }
        let mut headers = self.faults.iter().fold(headers.clone(), misread);
        if self.faults.has(Fault::NameMeansAnother) {
            headers = self.by_name(sender, &headers);
        }
        if self.faults.has(Fault::PrefixOutlivesMessage)
            && let Some(state) = self.sessions.get_mut(&sender)
        {
            let declared = lines(&headers).filter(|line| line.starts_with("NS: ") && !line.starts_with("NS: <"));
            let declared: String = declared.collect();
            headers = [state.declared.as_bytes(), &headers].concat().into();
            state.declared = declared;
        }
        headers
    }

    /// For [`Fault::NameMeansAnother`].
    fn by_name(&self, sender: SessionId, headers: &Bytes) -> Bytes {
        let room = self.sessions.get(&sender).map(|state| state.room);
        let called = |name: &str| {
            let state = self.sessions.values().find(|state| {
                Some(state.room) == room
                    && state
                        .who
                        .as_ref()
                        .is_some_and(|who| who.uris.iter().any(|uri| user(&uri.to_string()).starts_with(name)))
            })?;
            state.who.as_ref()?.uris.first()
        };
        edited(headers, |line| {
            let name = line.strip_prefix("To: \"")?.split('"').next()?.to_ascii_lowercase();
            called(&name).map(|uri| format!("To: <{uri}>\r\n"))
        })
    }

    /// For the faults that refuse a wrapper which others take.
    pub(super) fn wrapper_pedantry(&self, headers: &Bytes, cpim: &CpimMessage) -> Option<Refusal> {
        if self.faults.is_empty() {
            return None;
        }
        let names: Vec<String> =
            cpim.headers.0.iter().map(|header| String::from_utf8_lossy(&header.name).into_owned()).collect();
        let twice = names.iter().enumerate().any(|(at, name)| {
            !matches!(name.as_str(), "From" | "To" | "cc" | "NS")
                && names.iter().skip(at + 1).any(|other| other == name)
        });
        let wrapped = cpim.content_media_type().unwrap_or_default();
        let usual = ["text/", "image/", "application/octet-stream"].iter().any(|kind| wrapped.starts_with(kind));
        let named = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
        let parameter = |line: &str| {
            line.split_once(":;").is_some_and(|(_, rest)| !rest.starts_with("lang=")) || line.contains(";degree=")
        };
        let addresses = || lines(headers).filter(|line| line.starts_with("From: ") || line.starts_with("To: "));
        let bare = |line: &str| {
            let name = line.split_once(": ").map_or("", |(_, value)| value);
            !name.starts_with(['"', '<']) && name.contains('<')
        };
        let refused = |fault: Fault, holds: bool, status: u16, comment: &'static str| {
            (holds && self.faults.has(fault)).then_some(Refusal::new(status, comment))
        };
        let unknown = names.iter().any(|name| !KNOWN.contains(&name.as_str()));
        let long = lines(headers).any(|line| line.len() > LINE);
        let needless = addresses().any(|line| line.contains("\\u") || line.contains("\\'"));
        refused(Fault::RepeatedHeaderRefused, twice, 400, "Repeated Header")
            .or_else(|| refused(Fault::UnknownHeaderRefused, unknown, 400, "Unknown Header"))
            .or_else(|| refused(Fault::LongLineRefused, long, 400, "Line Too Long"))
            .or_else(|| refused(Fault::ParameterRefused, lines(headers).any(parameter), 400, "Unknown Parameter"))
            .or_else(|| refused(Fault::RequireRefused, named("Require"), 403, "Extension Not Understood"))
            .or_else(|| refused(Fault::CcRefused, named("cc"), 403, "More Than One Addressee"))
            .or_else(|| refused(Fault::NameQuotesRequired, addresses().any(bare), 403, "Malformed Address"))
            .or_else(|| {
                let tight = addresses().any(|line| line.contains("\"<"));
                refused(Fault::NameBlankRequired, tight, 403, "Malformed Address")
            })
            .or_else(|| {
                let foreign = addresses().any(|line| !line.is_ascii());
                refused(Fault::NameAsciiOnly, foreign, 403, "Malformed Address")
            })
            .or_else(|| refused(Fault::NeedlessEscapeRefused, needless, 403, "Malformed Address"))
            .or_else(|| refused(Fault::WrappedTypeUnknownRefused, !usual, 415, "Wrapped Media Type Not Known"))
    }
}

/// The user part of a SIP URI.
fn user(uri: &str) -> &str {
    let rest = uri.split_once(':').map_or("", |(_, rest)| rest);
    rest.split('@').next().unwrap_or_default()
}

/// The lines of the wrapper's headers, line ends included, as far as they are text.
fn lines(headers: &[u8]) -> impl Iterator<Item = &str> {
    std::str::from_utf8(headers).unwrap_or_default().split_inclusive('\n').take_while(|line| !line.trim().is_empty())
}

/// With each line of the first block as an edit makes it, if it makes anything of it.
fn edited(text: &Bytes, edit: impl Fn(&str) -> Option<String>) -> Bytes {
    let end = memchr::memmem::find(text, b"\r\n\r\n").map_or(text.len(), |at| at + 2);
    let (block, rest) = text.split_at(end);
    let Ok(block) = std::str::from_utf8(block) else { return text.clone() };
    let block: String = block.split_inclusive('\n').map(|line| edit(line).unwrap_or_else(|| line.to_owned())).collect();
    [block.as_bytes(), rest].concat().into()
}

fn misread(headers: Bytes, fault: Fault) -> Bytes {
    let is_address = |line: &str| line.starts_with("From: ") || line.starts_with("To: ");
    let core = |line: &str| line.starts_with("NS: ") && line.contains("<urn:ietf:params:cpim-headers:>");
    match fault {
        Fault::HeaderCaseIgnored => edited(&headers, |line| {
            let (name, value) = line.split_once(':')?;
            let name = ["From", "To"].into_iter().find(|known| known.eq_ignore_ascii_case(name))?;
            Some(format!("{name}:{value}"))
        }),
        Fault::NameQuotesUnread => edited(&headers, |line| {
            let (name, value) = line.split_once(": ").filter(|_| is_address(line))?;
            let uri = value.split_once('<')?.1.split_once('>')?.0;
            Some(format!("{name}: <{uri}>\r\n"))
        }),
        Fault::NameEscapesUnread => edited(&headers, |line| is_address(line).then(|| line.replace('\\', ""))),
        Fault::PrefixIgnored => edited(&headers, |line| {
            let (name, value) = line.split_once(':')?;
            Some(format!("{}:{value}", name.split_once('.')?.1))
        }),
        Fault::PrefixedCoreUnread => {
            edited(&headers, |line| (core(line) && !line.starts_with("NS: <")).then(String::new))
        }
        Fault::DefaultNameSpaceFixed => edited(&headers, |line| line.starts_with("NS: <").then(String::new)),
        Fault::DefaultNameSpaceLost => {
            edited(&headers, |line| (core(line) && line.starts_with("NS: <")).then(String::new))
        }
        Fault::MisprintedNameSpace => edited(&headers, |line| {
            Some(line.replace("urn:ietf:params-cpim-headers:", "urn:ietf:params:cpim-headers:"))
        }),
        _ => headers,
    }
}

/// What a faulty switch passes on instead of a whole message.
pub(super) fn rewritten(faults: FaultSet, message: Bytes) -> Bytes {
    if faults.is_empty() { message } else { faults.iter().fold(message, rewrite) }
}

fn rewrite(message: Bytes, fault: Fault) -> Bytes {
    match fault {
        Fault::WrapperDateRewritten => edited(&message, |line| {
            let value = line.strip_prefix("DateTime: ")?.trim_end();
            Some(format!("DateTime: {}Z\r\n", value.get(..19).filter(|_| !value.ends_with('Z'))?))
        }),
        Fault::WrapperLanguageDropped => edited(&message, |line| {
            let (name, rest) = line.split_once(":;lang=")?;
            Some(format!("{name}:{}", rest.get(rest.find([' ', ';'])?..)?))
        }),
        Fault::WrapperBlanksTidied => edited(&message, |line| {
            let words: Vec<&str> = line.trim_end().split(' ').filter(|word| !word.is_empty()).collect();
            Some(format!("{}\r\n", words.join(" ")))
        }),
        Fault::WrapperEscapesResolved => edited(&message, |line| {
            let plain = line.replace("\\t", "\t").replace("\\u0007", "\u{7}").replace("\\n", "\n");
            Some(plain.replace("\\\"", "\"").replace("\\\\", "\\"))
        }),
        Fault::WrapperLettersLost => {
            edited(&message, |line| Some(line.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()))
        }
        Fault::WrapperUnknownDropped => edited(&message, |line| {
            let name = line.split(':').next().unwrap_or_default();
            (!KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))).then(String::new)
        }),
        Fault::WrapperReordered => reordered(&message),
        Fault::WrapperBlankLineAdded => {
            edited(&message, |line| line.starts_with("Content-Type:").then(|| format!("\r\n{line}")))
        }
        Fault::ContentTranscoded => content(&message, |text| String::from_utf8_lossy(text).into_owned().into_bytes()),
        Fault::ContentLineEndsMended => content(&message, |text| {
            let mut mended = Vec::with_capacity(text.len());
            for octet in text {
                if *octet == b'\n' && mended.last() != Some(&b'\r') {
                    mended.push(b'\r');
                }
                mended.push(*octet);
            }
            mended
        }),
        Fault::ContentEndsAtBlankLine => content(&message, |text| {
            text.get(..memchr::memmem::find(text, b"\r\n\r\n").unwrap_or(text.len())).unwrap_or_default().to_vec()
        }),
        Fault::ContentTrimmed => content(&message, |text| {
            let end = text.iter().rposition(|octet| !b"\r\n".contains(octet)).map_or(0, |at| at + 1);
            text.get(..end).unwrap_or_default().to_vec()
        }),
        _ => message,
    }
}

fn reordered(message: &Bytes) -> Bytes {
    let end = memchr::memmem::find(message, b"\r\n\r\n").map_or(message.len(), |at| at + 2);
    let (block, rest) = message.split_at(end);
    let mut lines: Vec<&[u8]> = block.split_inclusive(|octet| *octet == b'\n').collect();
    lines.sort_by_key(|line| match line {
        line if line.starts_with(b"From:") => 0,
        line if line.starts_with(b"To:") => 1,
        _ => 2,
    });
    [&lines.concat(), rest].concat().into()
}

/// With the content as an edit makes it.
fn content(message: &Bytes, edit: impl Fn(&[u8]) -> Vec<u8>) -> Bytes {
    let parsed = CpimMessage::parse(message.clone()).tree;
    let (headers, _) = message.split_at(message.len() - parsed.content.len());
    [headers, &edit(&parsed.content)].concat().into()
}

/// What a faulty room says instead of a notice.
pub(super) fn spoilt(faults: FaultSet, notice: Bytes) -> Bytes {
    if faults.is_empty() { notice } else { faults.iter().fold(notice, spoil) }
}

fn spoil(notice: Bytes, fault: Fault) -> Bytes {
    let with = |line: &[u8]| -> Bytes {
        let at = memchr::memmem::find(&notice, b"\r\n\r\n").map_or(notice.len(), |at| at + 2);
        let (before, behind) = notice.split_at(at);
        [before, line, behind].concat().into()
    };
    let to = |edit: &dyn Fn(&str) -> String| edited(&notice, |line| line.strip_prefix("To: ").map(edit));
    match fault {
        Fault::NoticeHeaderFolded => with(b"Subject: what you should\r\n know\r\n"),
        Fault::NoticeBlankMissing => to(&|value| format!("To:{value}")),
        Fault::NoticeLineFeeds => edited(&notice, |line| Some(line.replace("\r\n", "\n"))),
        Fault::NoticeControlWritten => with(b"Subject: \x07 listen\r\n"),
        Fault::NoticeNotUtf8 => with(b"Subject: Gr\xFC\xDFe\r\n"),
        Fault::NoticeEscapedLetters => with(b"Subject: caf\\u00e9\r\n"),
        Fault::NoticeBackslashBare => with(b"Subject: C:\\Room\r\n"),
        Fault::NoticeQuotesBare => to(&|value| format!("To: \"the \"big\" room\" {value}")),
        Fault::NoticeHeaderCase => to(&|value| format!("to: {value}")),
        Fault::NoticePrefixUndeclared => with(b"room.Mood: calm\r\n"),
        Fault::NoticeNameSpaceRelative => with(b"NS: room </moods>\r\nroom.Mood: calm\r\n"),
        Fault::NoticeDateOfMail => with(b"DateTime: Thu, 15 Jan 2026 12:00:00 +0000\r\n"),
        Fault::NoticeHeadersJoined => to(&|value| format!("To: {}, Subject: hello\r\n", value.trim_end())),
        _ => notice,
    }
}
