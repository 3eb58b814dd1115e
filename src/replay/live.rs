//! Live values in place of recorded ones: tags, Call-IDs, branches, paths, ports, Message-IDs. Everything else of a
//! message stays as its client wrote it.

use std::net::SocketAddr;

use bytes::Bytes;

use super::script::{Act, Call};
use crate::wire::cpim::{self, Address, CpimMessage};
use crate::wire::header::Header;
use crate::wire::msrp::MsrpMessage;
use crate::wire::sdp::SessionDescription;
use crate::wire::sip::{CSeq, NameAddr, SipMessage, Start, long_name};
use crate::wire::uri::{MsrpUri, SipUri, host_of};

/// The participants' end.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// SIP over UDP.
    pub sip: SocketAddr,
    /// MSRP over TCP.
    pub msrp: SocketAddr,
}

/// A call as it goes on now.
#[derive(Clone, Debug)]
pub(super) struct LiveCall {
    /// The room that is called.
    pub(super) room: SipUri,
    pub(super) call_id: String,
    pub(super) own_tag: String,
    pub(super) other_tag: Option<String>,
    /// Contact of the other end.
    pub(super) target: Option<String>,
    /// Route, first hop first.
    pub(super) route: Vec<String>,
    pub(super) own_path: MsrpUri,
    pub(super) other_path: Vec<MsrpUri>,
    /// The last session description sent, for offers of the focus.
    pub(super) described: Bytes,
}

/// A SIP request with live values.
pub(super) fn sip_request(
    recorded: &SipMessage,
    script: &Call,
    live: &mut LiveCall,
    place: Place,
    branch: &str,
) -> SipMessage {
    let mut message = recorded.clone();
    message.raw_start = None;
    message.tail = Bytes::new();
    let within = recorded.to().is_some_and(|to| to.tag().is_some());
    if let Start::Request { uri, .. } = &mut message.start {
        let target = live.target.clone().filter(|_| within);
        *uri = target.unwrap_or_else(|| live.room.to_string());
    }
    let mut first_via = true;
    let mut headers = Vec::new();
    for mut header in std::mem::take(&mut message.headers.0) {
        match long_name(&header.name).to_ascii_lowercase().as_slice() {
            b"via" => {
                if first_via {
                    header.value = format!("SIP/2.0/UDP {};rport;branch={branch}", place.sip).into();
                    headers.push(header);
                }
                first_via = false;
                continue;
            }
            b"route" | b"record-route" | b"authorization" | b"proxy-authorization" => continue,
            b"call-id" => header.value = live.call_id.clone().into(),
            b"from" => retag(&mut header, Some(&live.own_tag)),
            b"to" => {
                with_name(&mut header, |to| {
                    if to.sip_uri().is_some_and(|uri| uri.user == script.room) {
                        to.uri = live.room.bare().to_string();
                    }
                });
                retag(&mut header, live.other_tag.as_deref().filter(|_| within));
            }
            b"contact" => with_name(&mut header, |contact| {
                if let Some(mut uri) = contact.sip_uri() {
                    uri.host = host_of(place.sip.ip());
                    uri.port = Some(place.sip.port());
                    if uri.params.has("transport") {
                        uri.params.set("transport", Some("udp"));
                    }
                    contact.uri = uri.to_string();
                }
            }),
            _ => {}
        }
        headers.push(header);
    }
    message.headers.0 = headers;
    if within {
        for route in live.route.iter().rev() {
            message.headers.0.insert(1.min(message.headers.0.len()), Header::new("Route", route.clone()));
        }
    }
    if message.media_type().as_deref() == Some("application/sdp") {
        message.body = description(&message.body, live, place);
        live.described = message.body.clone();
    }
    announce_length(&mut message);
    message
}

/// The ACK for a final response to INVITE.
pub(super) fn ack(invite: &SipMessage, response: &SipMessage, live: &LiveCall, branch: &str) -> SipMessage {
    let success = response.status().is_some_and(|status| status < 300);
    let own = |uri: &Start| match uri {
        Start::Request { uri, .. } => uri.clone(),
        Start::Response { .. } => String::new(),
    };
    let uri = live.target.clone().filter(|_| success).unwrap_or_else(|| own(&invite.start));
    let mut ack = SipMessage::request("ACK", &uri);
    let via = invite.vias().into_iter().next().map(|mut via| {
        if success {
            via.params.set("branch", Some(branch));
        }
        via.to_string()
    });
    let number = invite.cseq().map_or(1, |cseq| cseq.number);
    let fields = [
        ("Via", via),
        ("Max-Forwards", Some("70".to_owned())),
        ("From", invite.header("From")),
        ("To", response.header("To")),
        ("Call-ID", invite.call_id()),
        ("CSeq", Some(CSeq { number, method: "ACK".to_owned() }.to_string())),
    ];
    for (name, value) in fields {
        ack.headers.push(name, value.unwrap_or_default());
    }
    for route in live.route.iter().filter(|_| success) {
        ack.headers.push("Route", route.clone());
    }
    ack.headers.push("Content-Length", "0");
    ack
}

/// A participant's answer to a request of the focus.
pub(super) fn sip_response(request: &SipMessage, status: u16, live: Option<&LiveCall>, place: Place) -> SipMessage {
    let mut response = SipMessage::response(status, if status == 200 { "OK" } else { "Call Does Not Exist" });
    for header in &request.headers.0 {
        if matches!(
            long_name(&header.name).to_ascii_lowercase().as_slice(),
            b"via" | b"from" | b"call-id" | b"cseq" | b"record-route"
        ) {
            response.headers.0.push(header.clone());
        }
    }
    let mut to = Header::new("To", request.header("To").unwrap_or_default());
    if request.to().is_some_and(|to| to.tag().is_none()) {
        retag(&mut to, live.map(|live| live.own_tag.as_str()));
    }
    response.headers.0.push(to);
    if let Some(live) = live.filter(|_| matches!(request.method(), Some("INVITE" | "UPDATE")) && status == 200) {
        response.headers.push("Contact", format!("<sip:{};transport=udp>", place.sip));
        response.headers.push("Content-Type", "application/sdp");
        response.body = live.described.clone();
    }
    response.headers.push("Content-Length", response.body.len().to_string());
    response
}

/// An MSRP request with live values. `shift` is by how much the chunks of this message have grown so far.
pub(super) fn msrp_request(
    recorded: &MsrpMessage,
    script: &Call,
    live: &LiveCall,
    ids: (&str, Option<&str>),
    shift: &mut i64,
) -> MsrpMessage {
    let (transaction, message_id) = ids;
    let mut message = recorded.clone();
    let old = std::mem::replace(&mut message.transaction, transaction.to_owned());
    for raw in [&mut message.raw_start, &mut message.raw_end] {
        *raw = raw.take().map(|raw| replaced(&raw, old.as_bytes(), transaction.as_bytes()));
    }
    let mut grown = 0;
    if let Some(body) = &recorded.body
        && recorded.media_type().as_deref() == Some("message/cpim")
        && recorded.byte_range().is_none_or(|range| range.start == 1)
    {
        let addressed = with_room(body, script, live);
        grown = addressed.len() as i64 - body.len() as i64;
        message.body = Some(addressed);
    }
    let path: Vec<String> = live.other_path.iter().map(ToString::to_string).collect();
    for header in &mut message.headers.0 {
        if header.is("To-Path") {
            header.value = path.join(" ").into();
        } else if header.is("From-Path") {
            header.value = live.own_path.to_string().into();
        } else if header.is("Message-ID") {
            if let Some(id) = message_id {
                header.value = id.to_owned().into();
            }
        } else if header.is("Byte-Range")
            && let Some(mut range) = recorded.byte_range().filter(|_| grown != 0 || *shift != 0)
        {
            let add = |value: u64, by: i64| value.saturating_add_signed(by);
            range.start = add(range.start, *shift);
            range.end = range.end.map(|end| add(end, *shift + grown));
            range.total = range.total.map(|total| add(total, *shift + grown));
            header.value = range.to_string().into();
        }
    }
    *shift += grown;
    message
}

/// A participant's answer to a request of the switch.
pub(super) fn msrp_response(request: &MsrpMessage, status: u16) -> MsrpMessage {
    let comment = if status == 200 { "OK" } else { "" };
    let first = |uris: Vec<MsrpUri>| uris.first().map(ToString::to_string).unwrap_or_default();
    MsrpMessage::response(&request.transaction, status, comment)
        .with("To-Path", first(request.from_path()))
        .with("From-Path", first(request.to_path()))
}

/// What somebody sent, in a few words.
pub(super) fn title(act: &Act) -> String {
    match act {
        Act::Sip(message) => message.method().unwrap_or_default().to_owned(),
        Act::Msrp(message) => {
            let method = message.method().unwrap_or_default().to_owned();
            match message.header("Use-Nickname") {
                Some(nickname) => format!("{method} {}", nickname.escape_debug().to_string().replace("\\\"", "\"")),
                None => method,
            }
        }
    }
}

/// The addresses of a CPIM wrapper that name the room, made to name the live one.
fn with_room(body: &Bytes, script: &Call, live: &LiveCall) -> Bytes {
    if cpim::header_length(body).is_none() {
        return body.clone();
    }
    let mut wrapper = CpimMessage::parse(body.clone()).tree;
    let room = live.room.bare().to_string();
    for header in wrapper.headers.0.iter_mut().filter(|header| ["From", "To", "cc"].iter().any(|name| header.is(name)))
    {
        let text = header.text().into_owned();
        let named = Address::parse(&text).map(|address| address.uri);
        let is_room = |uri: &SipUri| uri.user.is_some() && uri.user == script.room;
        if let Some(uri) = named.filter(|uri| SipUri::parse(uri).is_ok_and(|uri| is_room(&uri))) {
            header.value = text.replace(&format!("<{uri}>"), &format!("<{room}>")).into();
        }
    }
    wrapper.octets()
}

/// A session description with live addresses.
fn description(body: &Bytes, live: &LiveCall, place: Place) -> Bytes {
    let ip = place.msrp.ip();
    let net = format!("IN {} {ip}", if ip.is_ipv4() { "IP4" } else { "IP6" });
    let mut description = SessionDescription::parse(body.clone()).tree;
    for line in &mut description.lines {
        let value = String::from_utf8_lossy(&line.value).into_owned();
        let words: Vec<&str> = value.split(' ').collect();
        let new = match (line.kind, words.as_slice()) {
            (b'c', _) => net.clone(),
            (b'o', [user, id, version, ..]) => format!("{user} {id} {version} {net}"),
            (b'm', ["message", port, rest @ ..]) if *port != "0" => {
                format!("message {} {}", place.msrp.port(), rest.join(" "))
            }
            (b'a', _) if value.starts_with("path:") => format!("path:{}", live.own_path),
            _ => continue,
        };
        line.value = new.into();
    }
    description.octets()
}

fn announce_length(message: &mut SipMessage) {
    let length = message.body.len().to_string();
    let header =
        message.headers.0.iter_mut().find(|header| long_name(&header.name).eq_ignore_ascii_case(b"Content-Length"));
    if let Some(header) = header {
        header.value = length.into();
    }
}

fn retag(header: &mut Header, tag: Option<&str>) {
    with_name(header, |name| {
        name.params.0.retain(|(param, _)| !param.eq_ignore_ascii_case("tag"));
        if let Some(tag) = tag {
            name.params.push("tag", Some(tag));
        }
    });
}

fn with_name(header: &mut Header, change: impl FnOnce(&mut NameAddr)) {
    if let Some(mut name) = NameAddr::parse(&header.text()) {
        change(&mut name);
        header.value = name.to_string().into();
    }
}

fn replaced(raw: &Bytes, old: &[u8], new: &[u8]) -> Bytes {
    match memchr::memmem::find(raw, old).filter(|_| !old.is_empty()) {
        Some(at) => [raw.get(..at), Some(new), raw.get(at + old.len()..)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .concat()
            .into(),
        None => raw.clone(),
    }
}
