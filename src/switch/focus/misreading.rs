//! How a faulty focus misreads requests (RFC 3261, 7 and 8.2). Without a fault nothing here does anything.

use bytes::Bytes;

use super::respond::Refusal;
use super::{Focus, Incoming};
use crate::switch::fault::Fault;
use crate::wire::header::Header;
use crate::wire::sip::SipMessage;

impl Focus {
    /// What a faulty focus refuses though it should read it.
    pub(super) fn misread(&self, incoming: &Incoming, method: &str) -> Option<Refusal> {
        if self.faults.is_idle() {
            return None;
        }
        let has = |fault| self.faults.has(fault);
        let message = &incoming.message;
        let headers = &message.headers.0;
        let any = |test: &dyn Fn(&Header) -> bool| headers.iter().any(test);
        let named = |name: &str| any(&|header| header.is(name));
        let folded = |header: &Header| header.value.contains(&b'\n');
        let to = message.to().map(|to| to.uri).unwrap_or_default();
        let elsewhere = message.to().is_some_and(|to| to.tag().is_none())
            && (to.starts_with("tel:") || to.contains("elsewhere") || to.contains("somebody"));
        let bad = ((named("f") || named("t") || named("i")) && has(Fault::ShortNamesUnknown))
            || (any(&|header| header.separator.starts_with(b" ")) && has(Fault::BlanksBeforeColon))
            || (any(&folded) && has(Fault::FoldingUnknown))
            || (headers.first().is_some_and(|header| !header.is("Via")) && has(Fault::ViaExpectedFirst))
            || (any(&|header| header.is("From") && header.name != "From") && has(Fault::NamesCaseSensitive))
            || ((named("Min-Expires") || named("Unsupported")) && has(Fault::ResponseHeadersRefused))
            || (any(&|header| header.name.starts_with(b"X-")) && has(Fault::UnknownHeadersRefused))
            || (headers.iter().any(|it| it.is("Date") && !it.text().ends_with("GMT")) && has(Fault::DateInsistedOn))
            || (message.header("Max-Forwards").as_deref() == Some("0") && has(Fault::NoHopsLeftRefused));
        if bad {
            return Some(Refusal::new(400));
        }
        if elsewhere && has(Fault::ToMustBeTheRoom) {
            return Some(Refusal::new(404));
        }
        if method == "CANCEL" && has(Fault::CancelExtensionsObeyed) && named("Require") {
            return Some(Refusal::new(420).with("Unsupported", message.values("Require").join(", ")));
        }
        if method == "MESSAGE" && has(Fault::UnservedMethodLost) {
            return Some(Refusal::new(481));
        }
        None
    }

    /// What a faulty focus does not see of a request.
    pub(super) fn overlook(&self, message: &mut SipMessage) {
        let multipart = || message.media_type().is_some_and(|kind| kind.starts_with("multipart/"));
        if self.faults.has_when(Fault::MultipartPassedOver, multipart) {
            message.body = Bytes::new();
            message.headers.remove("Content-Type");
        }
    }
}
