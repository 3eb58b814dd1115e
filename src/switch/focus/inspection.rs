//! The checks before a method's own conduct (RFC 3261, 8.2.1 to 8.2.3).

use super::respond::{self, ACCEPT, Refusal};
use super::{Focus, Incoming};
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::Defect;
use crate::wire::sip::{SipDefect, Start};
use crate::wire::uri::{SipUri, Uri};

/// Option tags of extensions that the focus understands.
const SUPPORTED: [&str; 0] = [];

impl Focus {
    /// Judges a request; gives the place of the room that its Request-URI names. Within a dialog and for CANCEL the
    /// Request-URI does not decide anything.
    pub(super) fn inspect(
        &self,
        incoming: &Incoming,
        method: &str,
        defects: &[Defect<SipDefect>],
        length: usize,
    ) -> Result<Option<usize>, Refusal> {
        let message = &incoming.message;
        if let Some(refusal) = self.misread(incoming, method) {
            return Err(refusal);
        }
        let other_version = defects.iter().any(|defect| defect.kind == SipDefect::Version);
        if other_version && !self.faults.has(Fault::VersionOverlooked) {
            return Err(Refusal::new(505));
        }
        let nameless = message.call_id().is_none() || message.cseq().is_none();
        if nameless && self.faults.has(Fault::BrokenRequestServed) {
            return Err(Refusal::new(200));
        }
        if self.faults.has_when(Fault::TimestampRefused, || message.header("Timestamp").is_some()) {
            return Err(Refusal::new(400).because(&self.agent(), "what time it is does not matter here"));
        }
        let bare = !incoming.flow.reliable() && message.header("Content-Length").is_none();
        if bare && self.faults.has(Fault::DatagramWithoutLength) {
            return Err(Refusal::new(400).because(&self.agent(), "Content-Length is missing"));
        }
        if let Some(text) =
            defects.iter().find_map(|defect| malformed(&defect.kind, incoming.flow.reliable(), self.faults))
        {
            return Err(Refusal::new(400).because(&self.agent(), &text));
        }
        if message.from().is_none() || message.to().is_none() || message.call_id().is_none() || message.cseq().is_none()
        {
            return Err(Refusal::new(400).because(&self.agent(), "From, To, Call-ID or CSeq cannot be read"));
        }
        let long_datagram = length > 4096 && !incoming.flow.reliable() && self.faults.has(Fault::LongDatagramRefused);
        if long_datagram || length > self.settings.limits.request {
            return Err(Refusal::new(513));
        }
        if let Err(refusal) = respond::check_method(method) {
            let accepted = self.faults.has(Fault::SipMethodUnknownAccepted);
            return Err(if accepted { Refusal::new(200) } else { refusal });
        }
        let within = message.to().is_some_and(|to| to.tag().is_some());
        let mut room = None;
        if method != "CANCEL" && !within {
            room = self.addressed_room(incoming, method)?;
            if self.transactions.is_merged(incoming.id) {
                return Err(Refusal::new(482));
            }
        }
        // Who joins is asked for credentials first (RFC 3261, 8.2).
        let too_early = || self.check_headers(incoming, method).is_err();
        let joins =
            method == "INVITE" && !within && !self.faults.has_when(Fault::ExtensionsBeforeCredentials, too_early);
        if method != "CANCEL" && !joins {
            self.check_headers(incoming, method)?;
        }
        Ok(room)
    }

    /// Extensions and bodies (RFC 3261, 8.2.2.3 and 8.2.3).
    pub(super) fn check_headers(&self, incoming: &Incoming, method: &str) -> Result<(), Refusal> {
        if incoming.message.header("Require").is_some() && !self.faults.has(Fault::RequireIgnored) {
            check_require(incoming, self.faults.has(Fault::FirstExtensionOnly))?;
        }
        self.check_content(incoming, method)
    }

    fn addressed_room(&self, incoming: &Incoming, method: &str) -> Result<Option<usize>, Refusal> {
        let Start::Request { uri: text, .. } = &incoming.message.start else { return Err(Refusal::new(400)) };
        let scheme = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if scheme != "sip" && scheme != "sips" {
            let plausible = text.contains(':') && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric());
            let unknown = if self.faults.has(Fault::UnknownSchemeNotFound) { 404 } else { 416 };
            return Err(Refusal::new(if plausible { unknown } else { 400 }));
        }
        let uri = SipUri::parse(text).map_err(|_| Refusal::new(400))?;
        let Some(user) = &uri.user else {
            return if method == "OPTIONS" && self.serves(&uri.host) { Ok(None) } else { Err(Refusal::new(404)) };
        };
        let literal = user.contains('%') && self.faults.has(Fault::EscapesLiteral);
        let user = if literal { user.clone() } else { unescape(user) };
        let foreign = uri.params.0.iter().any(|(name, _)| !name.eq_ignore_ascii_case("transport"));
        if foreign && self.faults.has(Fault::UriParameterRefused) {
            return Err(Refusal::new(404));
        }
        let whole = Uri::Sip(uri.clone());
        let place = self.rooms.iter().position(|room| {
            (room.policy.name == user && self.serves(&uri.host))
                || room.policy.aliases.iter().any(|alias| Uri::parse(alias).is_ok_and(|uri| uri.same_resource(&whole)))
        });
        let place = place.or_else(|| self.faults.has(Fault::UnknownRoomAccepted).then_some(0));
        if place.is_none() && method == "OPTIONS" && self.faults.has(Fault::OptionsForAnything) {
            return Ok(None);
        }
        place.map(Some).ok_or_else(|| Refusal::new(404))
    }

    fn check_content(&self, incoming: &Incoming, method: &str) -> Result<(), Refusal> {
        let message = &incoming.message;
        if method == "INVITE" {
            let accepts = message.values("Accept");
            if !accepts.is_empty() && !accepts.iter().any(|range| super::subscription::covers(range, ACCEPT)) {
                return Err(Refusal::new(406).with("Accept", ACCEPT));
            }
        }
        // A filter in a SUBSCRIBE may be ignored (RFC 4575, 3.2), a body in a BYE means nothing to the session.
        if message.body.is_empty() || !["INVITE", "OPTIONS"].contains(&method) {
            return Ok(());
        }
        let disposition = message.header("Content-Disposition").unwrap_or_default().to_ascii_lowercase();
        let optional = disposition.split(';').any(|part| part.trim() == "handling=optional");
        if optional && !self.faults.has(Fault::OptionalBodyRefused) {
            return Ok(());
        }
        let accept = |refusal: Refusal| match self.faults.has(Fault::AcceptLeftOut) {
            true => refusal,
            false => refusal.with("Accept", ACCEPT),
        };
        let encodings = message.values("Content-Encoding");
        if encodings.iter().any(|encoding| !encoding.eq_ignore_ascii_case("identity")) {
            let refusal = Refusal::new(415);
            return Err(accept(match self.faults.has(Fault::AcceptEncodingLeftOut) {
                true => refusal,
                false => refusal.with("Accept-Encoding", "identity"),
            }));
        }
        match message.media_type() {
            None => Err(Refusal::new(400)),
            Some(kind) if kind == ACCEPT || self.faults.has(Fault::BodyTypeIgnored) => Ok(()),
            Some(_) => Err(accept(Refusal::new(415))),
        }
    }

    fn serves(&self, host: &str) -> bool {
        let ours = [self.settings.sip_udp.ip(), self.settings.sip_tcp.ip()];
        self.domains.serves(host) || super::transport::literal_address(host).is_some_and(|ip| ours.contains(&ip))
    }
}

/// Which defects make a request unusable; a UAS should bear the others (RFC 3261, 8.2.2).
fn malformed(defect: &SipDefect, stream: bool, faults: FaultSet) -> Option<String> {
    match defect {
        SipDefect::BodyTooLong if faults.has(Fault::TrailingOctetsRefused) => Some("octets behind the body".to_owned()),
        SipDefect::BodyTooShort if faults.has(Fault::ShortDatagramTaken) => None,
        SipDefect::MissingHeader("Max-Forwards") => None,
        SipDefect::MissingHeader(name) => Some(format!("{name} is missing")),
        SipDefect::RepeatedHeader(name) => Some(format!("{name} is repeated")),
        SipDefect::MalformedValue(name) => {
            let needed = ["Via", "From", "To", "Call-ID", "CSeq", "Contact", "Content-Length", "Max-Forwards"];
            needed.contains(name).then(|| format!("{name} cannot be read"))
        }
        SipDefect::MalformedStartLine => Some("the request line cannot be read".to_owned()),
        SipDefect::CSeqMethod => Some("CSeq names another method".to_owned()),
        SipDefect::BodyTooShort => Some("the body is shorter than Content-Length".to_owned()),
        SipDefect::MissingContentLength if stream => Some("Content-Length is missing".to_owned()),
        _ => None,
    }
}

fn check_require(incoming: &Incoming, first_only: bool) -> Result<(), Refusal> {
    let values = incoming.message.values("Require").into_iter();
    let mut unknown: Vec<String> = values.filter(|tag| !SUPPORTED.contains(&tag.as_str())).collect();
    if first_only {
        unknown.truncate(1);
    }
    if unknown.is_empty() { Ok(()) } else { Err(Refusal::new(420).with("Unsupported", unknown.join(", "))) }
}

/// Resolves `%xx` (RFC 3261, 19.1.4: an escaped character equals itself).
fn unescape(text: &str) -> String {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let pair = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).filter(|_| first == b'%') {
            Some(octet) => {
                octets.push(octet);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                octets.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}
