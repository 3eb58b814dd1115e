//! Conference documents (RFC 4575).

use bytes::Bytes;

use super::Fault;

const MEDIUM: &str =
    "<available-media><entry label=\"1\"><type>message</type><status>sendrecv</status></entry></available-media>";

/// A document as a faulty switch writes it.
pub(super) fn spoilt(body: Bytes, fault: Fault) -> Bytes {
    let Ok(text) = std::str::from_utf8(&body) else { return body };
    let partial = text.contains("state=\"partial\" version=");
    let behind = |mark: &str, more: &str| text.replace(mark, &format!("{mark}{more}"));
    let before = |mark: &str, more: &str| text.replace(mark, &format!("{more}{mark}"));
    let described = |media: &str| before("</conference-description>", media);
    let spoilt = match fault {
        Fault::DocumentXml11 => text.replacen("version=\"1.0\"", "version=\"1.1\"", 1),
        Fault::DocumentNamedLatin1 => text.replacen("UTF-8", "ISO-8859-1", 1),
        Fault::VersionOnUser => text.replace("<user entity=", "<user version=\"1\" entity="),
        Fault::StateOnDescription => {
            text.replace("<conference-description>", "<conference-description state=\"full\">")
        }
        Fault::EndpointWithoutKey => without_key(text, "<endpoint"),
        Fault::StreamTwice => before("<media id=", "<media id=\"1\"><type>message</type></media>"),
        Fault::ConfUriTwice => twice(text, "<conf-uris>", "</conf-uris>"),
        Fault::ServiceUriTwice => twice(text, "<service-uris>", "</service-uris>"),
        Fault::ConfUriWithoutPurpose => text.replace("<purpose>participation</purpose>", ""),
        Fault::ServiceUriWithoutPurpose => text.replace("<purpose>event</purpose>", ""),
        Fault::KeyInBlanks => text.replace("<uri>", "<uri> "),
        Fault::StreamTypeMsrp => text.replace("<type>message<", "<type>msrp<"),
        Fault::StreamStatusBoth => behind("<type>message</type>", "<status>both</status>"),
        Fault::MediumTypeMsrp => described(&MEDIUM.replace("<type>message", "<type>msrp")),
        Fault::MediumStatusBoth => described(&MEDIUM.replace("sendrecv", "both")),
        Fault::MediumTwice => described(&twice(MEDIUM, "<available-media>", "</available-media>")),
        Fault::LabelOfNothing => described(MEDIUM)
            .replace("<media id=\"1\">\n", "<media id=\"1\">")
            .replace("</media>", "<label>9</label></media>"),
        Fault::LabelTwice => text
            .replace("</media>", "<label>1</label></media>")
            .replace("<media id=", "<media id=\"7\"><label>1</label></media><media id="),
        Fault::JoiningInLocalTime => {
            behind("</joining-method>", "<joining-info><when>2026-11-26T12:00:00+01:00</when></joining-info>")
        }
        Fault::JoiningReasonFree => {
            behind("</joining-method>", "<joining-info><reason>came in by himself</reason></joining-info>")
        }
        Fault::LeavingInLocalTime => behind(
            "</joining-method>",
            "<disconnection-info><when>2026-11-26T12:00:00+01:00</when></disconnection-info>",
        ),
        Fault::LeavingReasonFree => {
            behind("</joining-method>", "<disconnection-info><reason>went home early</reason></disconnection-info>")
        }
        Fault::EntityRespelt if partial => text.replace("<user entity=\"sip:", "<user entity=\"SIP:"),
        _ => return body,
    };
    spoilt.into()
}

/// With what stands between two marks written twice.
fn twice(text: &str, start: &str, end: &str) -> String {
    let Some((before, rest)) = text.split_once(start) else { return text.to_owned() };
    let Some((content, behind)) = rest.split_once(end) else { return text.to_owned() };
    [before, start, content, content, end, behind].concat()
}

/// Without the attribute `entity` of an element.
fn without_key(text: &str, element: &str) -> String {
    let mut parts = text.split(element);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(element);
        let key = part.strip_prefix(" entity=\"").and_then(|rest| rest.split_once('"'));
        out.push_str(key.map_or(part, |(_, behind)| behind));
    }
    out
}
