//! What a session description shows to be wrong with itself.

use std::collections::HashSet;
use std::net::IpAddr;

use super::{Line, Media, SdpDefect, SessionDescription, Setup, grammar, media};
use crate::wire::{Defect, Span};

/// The port of an active endpoint that does not listen (RFC 4145, 4.1).
const DISCARD: u16 = 9;

/// Everything that is wrong, in the order of the spans.
pub(super) fn defects(description: &SessionDescription) -> Vec<Defect<SdpDefect>> {
    let mut check = Check { defects: Vec::new() };
    let placed = place(&description.lines);
    for line in &placed {
        check.line(line);
    }
    let first_media = placed.iter().position(|line| line.line.kind == b'm').unwrap_or(placed.len());
    let (session, rest) = placed.split_at(first_media);
    check.session(session);
    let views = description.media();
    for (section, view) in rest.chunk_by(|_, next| next.line.kind != b'm').zip(&views) {
        check.media(section, view);
    }
    check.defects.sort_by_key(|defect| defect.span);
    check.defects
}

/// A line and the offset at which it starts.
#[derive(Clone, Copy)]
struct Placed<'a> {
    line: &'a Line,
    start: usize,
}

impl Placed<'_> {
    /// The line without its end.
    fn span(&self) -> Span {
        Span { start: self.start, end: self.start + self.line.length() }
    }

    fn end(&self) -> usize {
        self.span().end + self.line.line_end.len()
    }

    /// The span of octets within the value.
    fn within(&self, offset: usize, length: usize) -> Span {
        let start = self.start + self.line.value_offset() + offset;
        Span { start, end: start + length }
    }
}

fn place(lines: &[Line]) -> Vec<Placed<'_>> {
    let mut start = 0;
    let mut placed = Vec::with_capacity(lines.len());
    for line in lines {
        let here = Placed { line, start };
        start = here.end();
        placed.push(here);
    }
    placed
}

struct Check {
    defects: Vec<Defect<SdpDefect>>,
}

impl Check {
    fn report(&mut self, kind: SdpDefect, span: Span) {
        self.defects.push(Defect { kind, span });
    }

    fn line(&mut self, at: &Placed<'_>) {
        let line = at.line;
        if line.line_end.as_ref() != b"\r\n" {
            self.report(SdpDefect::BareLineEnd, Span { start: at.span().end, end: at.end() });
        }
        if line.kind == 0 || line.value.is_empty() {
            self.report(SdpDefect::MalformedLine, at.span());
            return;
        }
        if let Some(offset) = line.value.iter().position(|octet| matches!(octet, 0 | b'\r')) {
            self.report(SdpDefect::ForbiddenOctet, at.within(offset, 1));
        }
        if !b"vosiuepcbtrzkam".contains(&line.kind) {
            self.report(SdpDefect::UnknownLine(char::from(line.kind)), at.span());
        }
        let malformed = match line.kind {
            b'v' if !grammar::is_digits(&line.value) => Some(SdpDefect::MalformedLine),
            b'o' if !is_origin(&line.value) => Some(SdpDefect::MalformedOrigin),
            b'c' if fields(&line.value, 3).is_none() => Some(SdpDefect::MalformedConnection),
            b't' if !is_time(&line.value) => Some(SdpDefect::MalformedTime),
            b'm' if !is_media(&line.value) => Some(SdpDefect::MalformedMedia),
            b'a' if !is_attribute(line) => Some(SdpDefect::MalformedLine),
            _ => None,
        };
        if let Some(kind) = malformed {
            self.report(kind, at.span());
        }
    }

    fn session(&mut self, lines: &[Placed<'_>]) {
        self.order(lines, b"vosiuepcbtka", b"vosiuck");
        let end = lines.last().map_or(0, Placed::end);
        for kind in ['v', 'o', 's', 't'] {
            if !lines.iter().any(|at| char::from(at.line.kind) == kind) {
                self.report(SdpDefect::MissingLine(kind), Span { start: end, end });
            }
        }
        for at in lines {
            if at.line.attribute().is_some_and(|(name, _)| name.eq_ignore_ascii_case(b"chatroom")) {
                self.report(SdpDefect::ChatroomAtSessionLevel, at.span());
            }
        }
    }

    /// Lines of a section against the order of their letters; those of `single` may stand once.
    fn order(&mut self, lines: &[Placed<'_>], order: &[u8], single: &[u8]) {
        let mut furthest = 0;
        let mut seen = HashSet::new();
        for at in lines {
            let kind = at.line.kind;
            // Repetitions and zones belong to the time before them (RFC 8866, 5.10 and 5.11).
            let letter = if matches!(kind, b'r' | b'z') && seen.contains(&b't') { b't' } else { kind };
            match order.iter().position(|known| *known == letter) {
                Some(rank) if rank < furthest => self.report(SdpDefect::LineOrder, at.span()),
                Some(rank) => furthest = rank,
                None if b"vosuptezr".contains(&kind) => self.report(SdpDefect::LineOrder, at.span()),
                None => {}
            }
            if !seen.insert(kind) && single.contains(&kind) {
                self.report(SdpDefect::RepeatedLine(char::from(kind)), at.span());
            }
        }
    }

    fn media(&mut self, section: &[Placed<'_>], view: &Media) {
        let Some(m) = section.first() else { return };
        self.order(section, b"micbka", b"ik");
        let rejected = grammar::port(grammar::media_fields(&m.line.value).1) == Some(0);
        if view.address.is_none() && !rejected {
            self.report(SdpDefect::MissingLine('c'), m.span());
        }
        if view.is_msrp() {
            self.attributes(section, rejected);
            if !rejected {
                self.negotiation(m, section, view);
            }
        }
    }

    fn attributes(&mut self, section: &[Placed<'_>], rejected: bool) {
        let mut seen = HashSet::new();
        for at in section {
            let Some((written, value)) = at.line.attribute() else { continue };
            let name = String::from_utf8_lossy(written).to_ascii_lowercase();
            if !media::is_own_attribute(&name) {
                continue;
            }
            if name.as_bytes() != written {
                self.report(SdpDefect::AttributeCase, at.within(0, written.len()));
            }
            // Several fingerprints, one per hash function, are right (RFC 8122, 5).
            if name != "fingerprint" && !seen.insert(name.clone()) {
                self.report(SdpDefect::RepeatedAttribute, at.span());
            }
            self.value(at, &name, written.len() + 1, value, rejected);
        }
    }

    fn value(&mut self, at: &Placed<'_>, name: &str, offset: usize, value: Option<&[u8]>, rejected: bool) {
        let octets = value.unwrap_or_default();
        let span = if value.is_some() { at.within(offset, octets.len()) } else { at.span() };
        match name {
            "path" if !rejected && media::read_path(octets).is_none() => self.report(SdpDefect::MalformedPath, span),
            "accept-types" | "accept-wrapped-types" => self.format_list(at, offset, octets, span),
            "max-size" if grammar::max_size(octets).is_none() => self.report(SdpDefect::MalformedMaxSize, span),
            "setup" if Setup::read(&String::from_utf8_lossy(octets)).is_none() => {
                self.report(SdpDefect::MalformedSetup, span);
            }
            "chatroom" if value.is_some() => self.chatroom(at, offset, octets, span),
            _ => {}
        }
    }

    fn format_list(&mut self, at: &Placed<'_>, offset: usize, value: &[u8], span: Span) {
        let padding = grammar::padding(value);
        if padding > 0 && padding < value.len() {
            self.report(SdpDefect::PaddedFormatList, at.within(offset, padding));
        }
        if !grammar::format_entries(value).into_iter().all(|(_, entry)| grammar::is_format_entry(entry)) {
            self.report(SdpDefect::MalformedFormatList, span);
        }
    }

    fn chatroom(&mut self, at: &Placed<'_>, offset: usize, value: &[u8], span: Span) {
        let tokens = grammar::chat_tokens(value);
        if !tokens.iter().all(|(_, token)| grammar::is_sip_token(token)) {
            self.report(SdpDefect::MalformedChatroom, span);
        }
        let mut seen = HashSet::new();
        for (start, token) in tokens.into_iter().filter(|(_, token)| !token.is_empty()) {
            let span = at.within(offset + start, token.len());
            if !seen.insert(token) {
                self.report(SdpDefect::RepeatedChatToken, span);
            }
            let known = token.to_ascii_lowercase();
            if known != token && [b"nickname".as_slice(), b"private-messages"].contains(&known.as_slice()) {
                self.report(SdpDefect::AttributeCase, span);
            }
        }
    }

    /// What an MSRP media that is not rejected must have (RFC 4975, 8.1, 8.2 and 8.6).
    fn negotiation(&mut self, m: &Placed<'_>, section: &[Placed<'_>], view: &Media) {
        let named = |wanted: &str| {
            section
                .iter()
                .find(|at| at.line.attribute().is_some_and(|(name, _)| name.eq_ignore_ascii_case(wanted.as_bytes())))
        };
        if view.formats != "*" {
            self.report(SdpDefect::FormatNotStar, m.span());
        }
        if named("accept-types").is_none() {
            self.report(SdpDefect::MissingAcceptTypes, m.span());
        }
        let Some(path) = named("path") else {
            self.report(SdpDefect::MissingPath, m.span());
            return;
        };
        if view.path.iter().any(|uri| uri.port.is_none()) {
            self.report(SdpDefect::PathWithoutPort, path.span());
        }
        // The endpoint's own URI is the rightmost; those before it are its relays (RFC 4975, 8.2).
        let Some(own) = view.path.last() else { return };
        let idle = view.setup == Some(Setup::Active) && view.port == DISCARD;
        if own.port.is_some_and(|port| port != view.port) && !idle && is_media(&m.line.value) {
            self.report(SdpDefect::PortMismatch, m.span());
        }
        if view.address.as_ref().is_some_and(|address| !same_host(address, &own.host)) {
            let span = section.iter().find(|at| at.line.kind == b'c').unwrap_or(path).span();
            self.report(SdpDefect::AddressMismatch, span);
        }
    }
}

/// `attribute-name [":" byte-string]` (RFC 8866, 9), but for an empty value where a defect of its own tells of it.
fn is_attribute(line: &Line) -> bool {
    line.attribute().is_some_and(|(name, value)| {
        let told = || media::is_checked_attribute(&String::from_utf8_lossy(name).to_ascii_lowercase());
        grammar::is_sdp_token(name) && (!value.is_some_and(<[u8]>::is_empty) || told())
    })
}

fn same_host(address: &str, host: &str) -> bool {
    let host = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host);
    match (address.parse::<IpAddr>(), host.parse::<IpAddr>()) {
        (Ok(address), Ok(host)) => address == host,
        _ => address.eq_ignore_ascii_case(host),
    }
}

/// Exactly `count` fields, none empty, between single spaces.
fn fields(value: &[u8], count: usize) -> Option<Vec<&[u8]>> {
    let fields: Vec<&[u8]> = value.splitn(count + 1, |octet| *octet == b' ').collect();
    (fields.len() == count && fields.iter().all(|field| !field.is_empty())).then_some(fields)
}

fn is_origin(value: &[u8]) -> bool {
    match fields(value, 6).as_deref() {
        Some([_, session_id, version, ..]) => grammar::is_digits(session_id) && grammar::is_digits(version),
        _ => false,
    }
}

fn is_time(value: &[u8]) -> bool {
    fields(value, 2).is_some_and(|times| times.into_iter().all(grammar::is_digits))
}

fn is_media(value: &[u8]) -> bool {
    let (media, port, protocol, formats) = grammar::media_fields(value);
    grammar::is_sdp_token(media)
        && grammar::port(port).is_some()
        && protocol.split(|octet| *octet == b'/').all(grammar::is_sdp_token)
        && formats.split(|octet| *octet == b' ').all(grammar::is_sdp_token)
}
