//! Wrappers as a faulty switch reads them. A switch without faults reads what is there.

use bytes::Bytes;

use super::request::Refusal;
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::cpim::CpimMessage;
use crate::wire::header::Header;

/// The headers of RFC 3862, section 4, and the MIME header that its examples put beside them.
const KNOWN: [&str; 8] = ["From", "To", "cc", "DateTime", "Subject", "NS", "Require", "Content-Type"];
/// The line length of RFC 5322, which is not that of RFC 3862.
const MAIL_LINE: usize = 998;

/// The wrapper as it is taken to be.
///
/// # Errors
///
/// What the faulty switch makes of a wrapper that is all right.
pub(super) fn misread(faults: FaultSet, mut cpim: CpimMessage) -> Result<CpimMessage, Refusal> {
    const REFUSED: Refusal = Refusal::new(400, "Wrapper Not Understood");
    let headers = &mut cpim.headers.0;
    let unknown = |header: &Header| !KNOWN.iter().any(|known| header.is(known));
    let named = |header: &Header, name: &str| &*header.name == name.as_bytes();
    if headers.iter().any(unknown) && faults.has(Fault::CpimHeaderUnknownRefused) {
        return Err(REFUSED);
    }
    let address = |header: &Header| named(header, "From") || named(header, "To");
    let again = |pair: &[Header]| pair[0].name == pair[1].name && !address(&pair[0]);
    if headers.iter().filter(|header| named(header, "NS")).count() > 1 && faults.has(Fault::CpimSecondNamespaceRefused)
    {
        return Err(REFUSED);
    }
    if headers.windows(2).any(again) && faults.has(Fault::CpimHeaderRepeatedRefused) {
        return Err(REFUSED);
    }
    if headers.iter().any(|header| header.value.starts_with(b";")) && faults.has(Fault::CpimParameterRefused) {
        return Err(REFUSED);
    }
    if headers.iter().any(|header| header.length() > MAIL_LINE) && faults.has(Fault::CpimLongLineRefused) {
        return Err(REFUSED);
    }
    if headers.iter().any(|header| !header.value.is_ascii()) && faults.has(Fault::CpimNonAsciiRefused) {
        return Err(REFUSED);
    }
    if headers.iter().any(|header| header.text().contains("\\u")) && faults.has(Fault::CpimEscapeLiteral) {
        return Err(Refusal::new(403, "From Is Not The Sender"));
    }
    if headers.iter().any(|header| named(header, "NS") && header.value.starts_with(b"<"))
        && faults.has(Fault::CpimNamespaceLeft)
    {
        return Err(Refusal::new(403, "From Missing"));
    }
    if headers
        .iter()
        .any(|header| named(header, "From") && !header.value.starts_with(b"<") && !header.value.starts_with(b"\""))
        && faults.has(Fault::CpimFormalNameTokensRefused)
    {
        return Err(REFUSED);
    }
    if headers.iter().any(|header| named(header, "From") && !header.value.starts_with(b"<"))
        && faults.has(Fault::CpimFormalNameRefused)
    {
        return Err(REFUSED);
    }
    let other_letters = |header: &Header| (header.is("From") || header.is("To")) && !address(header);
    if headers.iter().any(other_letters) && faults.has(Fault::CpimNamesCaseless) {
        for header in headers.iter_mut() {
            let name = ["From", "To"].into_iter().find(|name| header.is(name));
            header.name = name.map_or(header.name.clone(), |name| Bytes::from_static(name.as_bytes()));
        }
    }
    if let Some(at) = headers.iter().position(|header| header.name.ends_with(b".To"))
        && faults.has(Fault::CpimPrefixIgnored)
    {
        headers[at].name = Bytes::from_static(b"To");
        let kept = headers[at].clone();
        headers.retain(|header| !named(header, "To"));
        headers.push(kept);
    }
    let quoted = |header: &Header| address(header) && header.value.contains(&b'"');
    if headers.iter().any(quoted) && faults.has(Fault::CpimFirstBracket) {
        for header in headers.iter_mut().filter(|header| named(header, "From") || named(header, "To")) {
            let text = header.text().into_owned();
            let inner = text.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
            header.value = inner.map_or(header.value.clone(), |(uri, _)| Bytes::from(format!("<{uri}>")));
        }
    }
    let escaped = |header: &Header| named(header, "From") && header.value.contains(&b'\\');
    if headers.iter().any(escaped) && faults.has(Fault::CpimEscapedQuoteEnds) {
        for header in headers.iter_mut().filter(|header| named(header, "From")) {
            header.value = Bytes::from(header.text().replace("\\\"", "\"\""));
        }
    }
    Ok(cpim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fault: Option<Fault>, headers: &str) -> Option<(Vec<String>, Vec<String>)> {
        let text = format!("{headers}\n\nContent-Type: text/plain\n\nhello").replace('\n', "\r\n");
        let cpim = CpimMessage::parse(Bytes::from(text)).tree;
        let uris = |all: Vec<crate::wire::cpim::Address>| all.into_iter().map(|one| one.uri).collect();
        misread(fault.into_iter().collect(), cpim).ok().map(|cpim| (uris(cpim.froms()), uris(cpim.tos())))
    }

    /// Each fault shows on one wrapper, which a right switch reads, and not on a plain one.
    #[test]
    fn each_fault_misreads_one_thing() {
        let plain = "From: <sip:a@h>\nTo: <sip:room@h>";
        let long = format!("{plain}\nMood: {}", "x".repeat(MAIL_LINE));
        let table = [
            (Fault::CpimHeaderUnknownRefused, format!("{plain}\nMood: fine")),
            (Fault::CpimHeaderRepeatedRefused, format!("{plain}\nMood: a\nMood: b")),
            (Fault::CpimSecondNamespaceRefused, format!("{plain}\nNS: A <urn:x:a>\nNS: B <urn:x:b>")),
            (Fault::CpimParameterRefused, format!("{plain}\nSubject:;lang=fr oui")),
            (Fault::CpimLongLineRefused, long),
            (Fault::CpimNonAsciiRefused, format!("{plain}\nSubject: Grüße")),
            (Fault::CpimEscapeLiteral, plain.replace("sip:a@", "sip:\\u0061@")),
            (Fault::CpimNamespaceLeft, format!("NS: <urn:ietf:params:cpim-headers:>\n{plain}")),
            (Fault::CpimFormalNameTokensRefused, plain.replace("<sip:a", "Alice <sip:a")),
            (Fault::CpimFormalNameRefused, plain.replace("<sip:a", "\"Alice\" <sip:a")),
            (Fault::CpimNamesCaseless, plain.replace("From", "from")),
            (Fault::CpimPrefixIgnored, format!("{plain}\nNS: Game <urn:x:game>\nGame.To: <sip:b@h>")),
            (Fault::CpimFirstBracket, plain.replace("From: ", "From: \"<sip:b@h>\"")),
            (Fault::CpimEscapedQuoteEnds, plain.replace("From: ", "From: \"\\\"<sip:b@h>\\\"\"")),
        ];
        for (fault, wrapper) in &table {
            assert_eq!(read(Some(*fault), plain), read(None, plain), "{fault}");
            assert_ne!(read(Some(*fault), wrapper), read(None, wrapper), "{fault}: {wrapper}");
        }
    }
}
