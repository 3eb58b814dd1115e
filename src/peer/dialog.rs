//! Dialogs (RFC 3261, 12), of calls and of subscriptions.

use std::net::{IpAddr, SocketAddr};

use super::options::Transport;
use super::participant::Participant;
use crate::wire::sip::{NameAddr, SipMessage};
use crate::wire::uri::SipUri;

/// A dialog from our side, or the start of one while there is no remote tag yet.
#[derive(Clone, Debug)]
pub(super) struct Dialog {
    pub(super) call_id: String,
    /// From in our requests, tag included.
    pub(super) local: String,
    pub(super) local_tag: String,
    /// To in our requests, tag included once it is known.
    pub(super) remote: String,
    pub(super) remote_tag: Option<String>,
    /// The CSeq number of our last request.
    pub(super) sequence: u32,
    /// The Request-URI of our requests.
    pub(super) target: String,
    /// Route values.
    pub(super) routes: Vec<String>,
}

impl Dialog {
    /// Takes tag, target and route set from a response to our dialog-forming request.
    pub(super) fn confirm_by_response(&mut self, response: &SipMessage) {
        if let Some(to) = response.header("To") {
            self.remote_tag = NameAddr::parse(&to).and_then(|to| to.tag().map(str::to_owned));
            self.remote = to;
        }
        let mut routes = response.values("Record-Route");
        routes.reverse();
        self.routes = routes;
        self.refresh_target(response);
    }

    /// Takes them from a NOTIFY that came before the response (RFC 6665, 4.4.1).
    pub(super) fn confirm_by_request(&mut self, request: &SipMessage) {
        if let Some(from) = request.header("From") {
            self.remote_tag = NameAddr::parse(&from).and_then(|from| from.tag().map(str::to_owned));
            self.remote = from;
        }
        self.routes = request.values("Record-Route");
        self.refresh_target(request);
    }

    /// The remote target is refreshed by the Contact of every target refresh.
    pub(super) fn refresh_target(&mut self, message: &SipMessage) {
        if let Some(contact) = message.contacts().into_iter().next() {
            self.target = contact.uri;
        }
    }

    pub(super) fn is_confirmed(&self) -> bool {
        self.remote_tag.is_some()
    }

    /// Whether a request from the other side belongs here.
    pub(super) fn owns(&self, request: &SipMessage) -> bool {
        request.call_id().as_deref() == Some(self.call_id.as_str())
            && request.to().is_some_and(|to| to.tag() == Some(self.local_tag.as_str()))
            && match (&self.remote_tag, request.from()) {
                (Some(tag), Some(from)) => from.tag() == Some(tag.as_str()),
                _ => true,
            }
    }

    /// The next request in the dialog, up to CSeq; `method` ACK and CANCEL reuse the number and are not made here.
    pub(super) fn request(&mut self, method: &str) -> SipMessage {
        self.sequence = self.sequence.saturating_add(1);
        self.request_numbered(method, self.sequence)
    }

    pub(super) fn request_numbered(&self, method: &str, number: u32) -> SipMessage {
        let mut request = SipMessage::request(method, &self.target).with("Max-Forwards", "70");
        for route in &self.routes {
            request = request.with("Route", route.clone());
        }
        request
            .with("From", self.local.clone())
            .with("To", self.remote.clone())
            .with("Call-ID", self.call_id.clone())
            .with("CSeq", format!("{number} {method}"))
    }
}

impl Participant {
    /// A dialog to be: nothing sent yet.
    pub(super) fn new_dialog(&mut self, from: Option<&str>, to: Option<&str>, target: Option<&str>) -> Dialog {
        let tag = self.ids.tag();
        let from = from.map_or_else(|| self.own_name_addr(), str::to_owned);
        let room = self.route.room.to_string();
        Dialog {
            call_id: format!("{}@{}", self.ids.tag(), self.place.sip.ip()),
            local: format!("{from};tag={tag}"),
            local_tag: tag,
            remote: to.map_or_else(|| format!("<{}>", self.route.room.bare()), str::to_owned),
            remote_tag: None,
            sequence: self.ids.below(10_000),
            target: target.map_or(room, str::to_owned),
            routes: Vec::new(),
        }
    }

    fn own_name_addr(&self) -> String {
        match &self.identity.display_name {
            Some(name) => {
                let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
                format!("\"{escaped}\" <{}>", self.identity.aor)
            }
            None => format!("<{}>", self.identity.aor),
        }
    }

    /// Our Contact value.
    pub(super) fn contact(&self) -> String {
        let user = self.identity.aor.user.as_deref().unwrap_or("participant");
        let scheme = if self.route.room.secure { "sips" } else { "sip" };
        let parameter = match self.route.transport {
            Transport::Udp => "",
            Transport::Tcp => ";transport=tcp",
            Transport::Tls if self.route.room.secure => ";transport=tcp",
            Transport::Tls => ";transport=tls",
        };
        format!("<{scheme}:{user}@{}{parameter}>", self.place.sip)
    }

    /// Where a request in a dialog goes: over a stream always to the next hop, whose stream is there; as a datagram to the
    /// first route or the target where that names an address.
    pub(super) fn hop(&self, dialog: &Dialog) -> SocketAddr {
        if self.route.transport != Transport::Udp || !dialog.is_confirmed() {
            return self.route.next_hop;
        }
        let route = dialog.routes.first().and_then(|route| NameAddr::parse(route)).map(|route| route.uri);
        let uri = route.unwrap_or_else(|| dialog.target.clone());
        // A proxy at our own address is played by ourselves: it would send the request on to the next hop.
        address_of(&uri).filter(|address| *address != self.place.sip).unwrap_or(self.route.next_hop)
    }
}

/// The address that a SIP URI names literally.
fn address_of(uri: &str) -> Option<SocketAddr> {
    let uri = SipUri::parse(uri).ok()?;
    let host: IpAddr = uri.host.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    (!host.is_unspecified()).then(|| SocketAddr::new(host, uri.port.unwrap_or(5060)))
}
