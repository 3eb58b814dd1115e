//! How a faulty switch misreads requests that keep the formal syntax of RFC 4975, 9, or takes what does not keep it.

use super::Media;
use super::request::Refusal;
use crate::switch::fault::Fault;
use crate::wire::msrp::MsrpMessage;

/// The headers that RFC 4975 gives to a SEND.
const KNOWN: [&str; 6] = ["To-Path", "From-Path", "Message-ID", "Success-Report", "Failure-Report", "Byte-Range"];

impl Media {
    /// For the faults that refuse a SEND which others take.
    pub(super) fn syntax_pedantry(&self, message: &MsrpMessage) -> Option<Refusal> {
        if self.faults.is_idle() {
            return None;
        }
        let names = || message.headers.0.iter().map(|header| &*header.name);
        let id = message.message_id().unwrap_or_default();
        let signs = |ident: &str| !ident.bytes().all(|octet| octet.is_ascii_alphanumeric());
        let content_type = message.headers.get("Content-Type").map(|header| header.text().into_owned());
        let bodied = message.body.is_some();
        let ordered = names().nth(2) == Some(b"Message-ID");
        let other_letters = names().any(|name| {
            let known = KNOWN.iter().chain(&["Content-Type"]).find(|known| known.as_bytes().eq_ignore_ascii_case(name));
            known.is_some_and(|known| known.as_bytes() != name)
        });
        let unknown = names().any(|name| {
            let mime = name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"Content-"));
            !mime && !KNOWN.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
        });
        let typed = |wanted: &dyn Fn(&str) -> bool| content_type.as_deref().is_some_and(wanted);
        let wrapper =
            |value: &str| value.split(';').next().is_some_and(|kind| kind.eq_ignore_ascii_case("message/cpim"));
        let refused = |fault: Fault, holds: bool, status: u16, comment: &'static str| {
            (holds && self.faults.has(fault)).then_some(Refusal::new(status, comment))
        };
        refused(Fault::HeaderOrderExpected, bodied && !ordered, 400, "Message-ID Is Not Third")
            .or_else(|| refused(Fault::HeaderLettersExpected, other_letters, 400, "Unknown Header"))
            .or_else(|| refused(Fault::ExtensionHeaderRefused, bodied && unknown, 400, "Unknown Header"))
            .or_else(|| refused(Fault::IdentShortRefused, message.transaction.len() < 8, 400, "Identifier Too Short"))
            .or_else(|| {
                let long = message.transaction.len() > 31 || id.len() > 31;
                refused(Fault::IdentLongRefused, long, 400, "Identifier Too Long")
            })
            .or_else(|| {
                let odd = signs(&message.transaction) || signs(&id);
                refused(Fault::IdentSignsRefused, odd, 400, "Malformed Identifier")
            })
            .or_else(|| {
                let with = typed(&|value| wrapper(value) && value.contains(';'));
                refused(Fault::MediaTypeParametersRead, with, 415, "Not Message/CPIM")
            })
            .or_else(|| {
                let other = typed(&|value| wrapper(value) && !value.starts_with("message/cpim"));
                refused(Fault::MediaTypeByLetter, other, 415, "Not Message/CPIM")
            })
    }

    /// The octets that have come, as a faulty switch reads them.
    pub(super) fn misspelt<'a>(&self, octets: &'a [u8]) -> std::borrow::Cow<'a, [u8]> {
        if octets.starts_with(b"msrp ") && self.faults.has(Fault::ProtocolCaseIgnored) {
            return [b"MSRP ", octets.get(5..).unwrap_or_default()].concat().into();
        }
        octets.into()
    }
}
