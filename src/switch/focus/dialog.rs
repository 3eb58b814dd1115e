//! Dialogs (RFC 3261, 12), whichever usage keeps them alive: an INVITE session, subscriptions, or both (RFC 6665, 4.4).

use super::settings::SwitchSettings;
use super::transport::{Flow, Transport, literal_address};
use crate::switch::fault::{Fault, FaultSet};
use crate::wire::sip::SipMessage;
use crate::wire::uri::SipUri;

/// A dialog's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DialogId(pub u64);

/// Call-ID, local tag, remote tag.
pub(super) type DialogKey = (String, String, String);

/// Our side of a dialog that the peer's request has created.
#[derive(Debug)]
pub(super) struct Dialog {
    /// What identifies it.
    pub key: DialogKey,
    /// The To of the request, which is our From.
    pub local: String,
    /// The From of the request, which is our To.
    pub remote: String,
    /// The highest CSeq seen.
    pub remote_cseq: u32,
    /// The last CSeq sent.
    pub local_cseq: u32,
    /// The peer's Contact.
    pub target: String,
    /// Record-Route of the request, in its order (12.1.1).
    pub route_set: Vec<String>,
    /// The way the last request came.
    pub flow: Flow,
    /// The user part of the room's URI, for our Contact.
    pub room_name: String,
    /// Whether the INVITE usage lives.
    pub has_session: bool,
    /// How many subscriptions live in it.
    pub subscriptions: usize,
    faults: FaultSet,
}

impl Dialog {
    /// The dialog that `request` creates when it is answered with `local_tag`; `None` without Contact or From tag to
    /// speak of (a missing From tag counts as empty, 12.1.1).
    pub fn from_request(
        request: &SipMessage,
        flow: Flow,
        local_tag: &str,
        room_name: &str,
        faults: FaultSet,
    ) -> Option<Self> {
        let from = request.from()?;
        let remote_tag = from.tag().unwrap_or_default().to_owned();
        let contact = request.contacts().into_iter().next()?;
        contact.sip_uri()?;
        Some(Self {
            key: (request.call_id()?, local_tag.to_owned(), remote_tag),
            local: format!("{};tag={local_tag}", request.header("To")?),
            remote: request.header("From")?,
            remote_cseq: request.cseq()?.number,
            local_cseq: 0,
            target: contact.uri,
            route_set: match request.values("Record-Route") {
                routes if !routes.is_empty() && faults.has(Fault::RouteIgnored) => Vec::new(),
                routes => routes,
            },
            flow,
            room_name: room_name.to_owned(),
            has_session: false,
            subscriptions: 0,
            faults,
        })
    }

    /// Record-Route as the answer repeats it (12.1.1).
    pub fn recorded(request: &SipMessage, faults: FaultSet) -> Vec<String> {
        let mut values = request.values("Record-Route");
        if values.len() > 1 && faults.has(Fault::RecordRouteReversed) {
            values.reverse();
        }
        if !values.is_empty() && faults.has(Fault::RecordRouteStripped) {
            values =
                values.iter().map(|value| format!("<{}>", bare(value).split(';').next().unwrap_or_default())).collect();
        }
        values
    }

    /// The key of the dialog that a request is sent within.
    pub fn key_of(request: &SipMessage) -> Option<DialogKey> {
        let local = request.to()?.tag()?.to_owned();
        let remote = request.from()?.tag().unwrap_or_default().to_owned();
        Some((request.call_id()?, local, remote))
    }

    /// Takes a target refresh (12.2.2): a later Contact, and the way it came.
    pub fn refresh(&mut self, request: &SipMessage, flow: Flow, faults: FaultSet) {
        self.flow = flow;
        if faults.has(Fault::TargetKept) {
            return;
        }
        if let Some(contact) = request.contacts().into_iter().next().filter(|contact| contact.sip_uri().is_some()) {
            self.target = contact.uri;
        }
    }

    /// A request within the dialog (12.2.1.1), without Via, Contact and body.
    pub fn request(&mut self, method: &str) -> SipMessage {
        self.local_cseq += if self.faults.has(Fault::CseqByTwo) { 2 } else { 1 };
        let first_is_loose = self.route_set.first().is_none_or(|first| is_loose(first));
        let (uri, routes) = if first_is_loose {
            (self.target.clone(), self.route_set.clone())
        } else {
            // A strict router: it becomes the Request-URI, the target the last Route.
            let uri = self.route_set.first().map(|first| bare(first)).unwrap_or_default();
            let mut routes: Vec<String> = self.route_set.iter().skip(1).cloned().collect();
            routes.push(format!("<{}>", self.target));
            (uri, routes)
        };
        let mut request = SipMessage::request(method, &uri).with("Max-Forwards", "70");
        for route in routes {
            request.headers.push("Route", route);
        }
        let (_, from, to) = &self.key;
        let local = match self.faults.has(Fault::FromOfContact) {
            true => format!("<sip:{}-focus@127.0.0.1>;tag={from}", self.room_name),
            false => self.local.clone(),
        };
        let remote = match self.faults.has(Fault::ToOfContact) {
            true => format!("<{}>;tag={to}", self.target),
            false => self.remote.clone(),
        };
        request
            .with("From", local)
            .with("To", remote)
            .with("Call-ID", self.key.0.clone())
            .with("CSeq", format!("{} {method}", self.local_cseq))
    }

    /// The way a request of ours goes: to the first route or the target. A stream that the peer keeps open is used
    /// again; names are not resolved, the address the peer last wrote from stands in for them.
    pub fn way(&self, transport: &mut Transport) -> Flow {
        let next = self.route_set.first().map_or_else(|| self.target.clone(), |first| bare(first));
        let Ok(uri) = SipUri::parse(&next) else { return self.flow };
        let wanted = uri.params.value("transport").map(str::to_ascii_lowercase);
        let datagram = match wanted.as_deref() {
            Some("udp") => true,
            Some(_) => false,
            None => !self.flow.reliable(),
        };
        let port = uri.port.unwrap_or(if uri.secure { 5061 } else { 5060 });
        let mut remote = self.flow.remote;
        if let Some(address) = literal_address(&uri.host) {
            remote = std::net::SocketAddr::new(address, port);
        }
        if datagram {
            return Flow::datagram(remote);
        }
        if self.flow.reliable() && transport.is_open(&self.flow) {
            return self.flow;
        }
        transport.open(remote)
    }
}

/// The Via of a request of ours.
pub(super) fn via(settings: &SwitchSettings, flow: &Flow, branch: &str) -> String {
    let address = if flow.reliable() { settings.sip_tcp } else { settings.sip_udp };
    format!("SIP/2.0/{} {address};branch={branch};rport", flow.transport())
}

/// Our Contact (RFC 7701, 5.2; RFC 3840, 9): `isfocus` is a parameter of the header, not of the URI.
pub(super) fn contact(settings: &SwitchSettings, flow: &Flow, room_name: &str, isfocus_inside: bool) -> String {
    let address = if flow.reliable() { settings.sip_tcp } else { settings.sip_udp };
    let transport = match (flow.reliable(), flow.secured) {
        (false, _) => "",
        (true, false) => ";transport=tcp",
        (true, true) => ";transport=tls",
    };
    let user = if room_name.is_empty() { String::new() } else { format!("{room_name}@") };
    let methods = super::respond::METHODS_TAG;
    if isfocus_inside {
        format!("<sip:{user}{address}{transport};isfocus>;methods=\"{methods}\";automata;message;event=\"conference\"")
    } else {
        format!("<sip:{user}{address}{transport}>;methods=\"{methods}\";automata;isfocus;message;event=\"conference\"")
    }
}

fn bare(route: &str) -> String {
    crate::wire::sip::NameAddr::parse(route).map(|name| name.uri).unwrap_or_default()
}

fn is_loose(route: &str) -> bool {
    SipUri::parse(&bare(route)).is_ok_and(|uri| uri.params.has("lr"))
}
