//! Calls: INVITE with offer and answer, and what follows from them for MSRP.

use std::net::{IpAddr, SocketAddr};

use bytes::Bytes;

use super::dialog::Dialog;
use super::options::{Announced, InviteOptions, Offer, Rewrite};
use super::participant::{CallId, CallState, Participant, RequestKey, Session};
use super::transaction::Purpose;
use crate::port::{Connection, Moment, Protocol, Security};
use crate::wire::sdp::{Media, SessionDescription, Setup};
use crate::wire::sip::SipMessage;
use crate::wire::uri::MsrpUri;

/// What a call needs besides its [`Session`].
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) dialog: Dialog,
    pub(super) options: InviteOptions,
    sdp_id: u64,
    sdp_version: u64,
    /// Our latest description.
    described: Option<Bytes>,
    /// The stream that is being opened for the session.
    pub(super) connecting: Option<Connection>,
}

/// Who opens the MSRP stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Connects,
    Listens,
}

impl Participant {
    /// Calls the room. The new call becomes the current one ([`Participant::current_call`]); unless told otherwise the
    /// MSRP session is opened as soon as the 2xx is there, with a bodiless SEND by the active side (RFC 4975, 5.4).
    pub fn invite(&mut self, now: Moment, options: InviteOptions) -> CallId {
        let call = CallId(self.calls.len());
        let dialog = self.new_dialog(options.from.as_deref(), options.to.as_deref(), options.request_uri.as_deref());
        let tls = options.offer.as_ref().unwrap_or(&options.answer).tls;
        let session_id = self.ids.session_id();
        let local_path = self.path_for(tls, &session_id);
        self.sessions.push(Session {
            state: CallState::Calling,
            invite: RequestKey(self.requests.len()),
            call_id: dialog.call_id.clone(),
            local_tag: dialog.local_tag.clone(),
            remote_tag: None,
            contact: None,
            local_path,
            former_paths: Vec::new(),
            remote_path: Vec::new(),
            remote_sdp: None,
            remote_media: None,
            connection: None,
            first_send: None,
            first_send_status: None,
            bye_received: false,
        });
        let sdp_id = u64::from(self.ids.below(u32::MAX));
        self.calls.push(Call { dialog, options, sdp_id, sdp_version: 0, described: None, connecting: None });
        self.send_invite(now, call);
        call
    }

    /// A re-INVITE in the dialog of `call`; `None` when there is no dialog.
    pub fn re_invite(&mut self, now: Moment, call: CallId, options: InviteOptions) -> Option<RequestKey> {
        let state = self.calls.get_mut(call.0)?;
        if !state.dialog.is_confirmed() {
            return None;
        }
        state.options = options;
        self.send_invite(now, call)
    }

    fn send_invite(&mut self, now: Moment, call: CallId) -> Option<RequestKey> {
        let options = self.calls.get(call.0)?.options.clone();
        let body = match &options.offer {
            Some(offer) => Some(self.describe(call, offer, offer.tls, offer.setup)?),
            None => None,
        };
        let contact = self.contact();
        let state = self.calls.get_mut(call.0)?;
        let mut invite = state.dialog.request("INVITE");
        if let (crate::wire::sip::Start::Request { uri, .. }, Some(wanted)) = (&mut invite.start, &options.request_uri)
        {
            uri.clone_from(wanted);
        }
        let hop = state.dialog.clone();
        invite = invite
            .with("Contact", contact)
            .with("Allow", ALLOW)
            .with("Supported", "")
            .with("Accept", "application/sdp");
        if let Some(privacy) = &options.privacy {
            invite = invite.with("Privacy", privacy.clone());
        }
        for (name, value) in &options.headers {
            invite = invite.with(name, value.clone());
        }
        invite = match body {
            Some(body) => invite.with_body("application/sdp", body),
            None => invite.without_body(),
        };
        let to = self.hop(&hop);
        let key = self.launch(now, Purpose::Invite(call), invite, options.edits, to);
        self.sessions.get_mut(call.0)?.invite = key;
        Some(key)
    }

    fn path_for(&self, tls: bool, session_id: &str) -> MsrpUri {
        let address = if tls { self.place.msrps.unwrap_or(self.place.msrp) } else { self.place.msrp };
        MsrpUri::new(tls, &host_of(address.ip()), address.port(), session_id)
    }

    /// Our session description: that of the last time, or, if something changes, one a version higher (RFC 4975, 8.4).
    pub(super) fn describe(&mut self, call: CallId, offer: &Offer, tls: bool, setup: Option<Setup>) -> Option<Bytes> {
        let known = self.sessions.get(call.0)?.local_path.session_id.clone();
        let session_id = known.filter(|_| !offer.fresh_path).unwrap_or_else(|| self.ids.session_id());
        let signs = offer.path.as_deref() == Some("{path-with-signs}") && !session_id.ends_with(SIGNS);
        let session_id = if signs { session_id + SIGNS } else { session_id };
        let path = self.path_for(tls, &session_id);
        let session = self.sessions.get_mut(call.0)?;
        let former = std::mem::replace(&mut session.local_path, path.clone());
        if !former.equivalent(&path) {
            session.former_paths.push(former);
        }
        let own = self.place.fingerprint.clone().filter(|_| tls);
        let fingerprint = match offer.fingerprint {
            Announced::Own => own,
            // The same hash, another sum.
            Announced::Foreign => own.as_deref().map(foreign),
            Announced::Nothing => None,
        };
        let state = self.calls.get_mut(call.0)?;
        let described = |version| written(offer, (state.sdp_id, version), &path, tls, setup, fingerprint.clone());
        let mut description = described(state.sdp_version);
        if !offer.same_version && state.described.as_ref() != Some(&description) {
            description = described(state.sdp_version + 1);
            state.sdp_version += 1;
        }
        state.described = Some(description.clone());
        Some(description)
    }

    pub(super) fn take_invite_answer(
        &mut self,
        now: Moment,
        call: CallId,
        key: RequestKey,
        first: bool,
        response: &SipMessage,
    ) {
        let status = response.status().unwrap_or_default();
        let (Some(session), Some(state)) = (self.sessions.get_mut(call.0), self.calls.get_mut(call.0)) else { return };
        if status >= 300 {
            if first && session.state == CallState::Calling {
                session.state = CallState::Refused(status);
            }
            return;
        }
        if !first {
            let ack = self.requests.get(key.0).and_then(|request| request.ack.clone());
            if let Some((to, octets)) = ack.filter(|_| self.conduct.acks) {
                self.transmit(to, octets);
            }
            return;
        }
        if state.dialog.is_confirmed() {
            state.dialog.refresh_target(response);
        } else {
            state.dialog.confirm_by_response(response);
        }
        session.remote_tag.clone_from(&state.dialog.remote_tag);
        session.contact = response.contacts().into_iter().next();
        if session.state != CallState::Ended {
            session.state = CallState::Established;
        }
        let offered = state.options.offer.is_some();
        self.learn_description(call, response.body.clone());
        let role = if offered { self.role_as_offerer(call) } else { self.role_as_answerer(call).0 };
        let answer = if offered { None } else { self.answer_for(call) };
        self.acknowledge(call, key, answer);
        self.settle_media(now, call, role);
    }

    /// ACK to a 2xx, a request of its own in the dialog (RFC 3261, 13.2.2.4).
    fn acknowledge(&mut self, call: CallId, key: RequestKey, answer: Option<Bytes>) {
        let Some(state) = self.calls.get(call.0) else { return };
        let Some(number) = self.requests.get(key.0).and_then(|request| request.number()) else { return };
        let dialog = state.dialog.clone();
        let branch = self.new_branch();
        let mut ack = dialog.request_numbered("ACK", number);
        ack.headers.0.insert(0, crate::wire::header::Header::new("Via", self.via(&branch)));
        // The credentials of the INVITE go into its ACK (RFC 3261, 22.1).
        if let Some(request) = self.requests.get(key.0) {
            for name in ["Authorization", "Proxy-Authorization"] {
                ack.headers.0.extend(request.sent.headers.all(name).cloned());
            }
        }
        let ack = match answer {
            Some(body) => ack.with_body("application/sdp", body),
            None => ack.without_body(),
        };
        let (to, octets) = (self.hop(&dialog), ack.octets());
        if let Some(request) = self.requests.get_mut(key.0) {
            request.ack = Some((to, octets.clone()));
        }
        if !self.conduct.acks {
            return;
        }
        self.transmit(to, octets);
    }

    /// Takes the other side's session description.
    pub(super) fn learn_description(&mut self, call: CallId, body: Bytes) {
        let Some(session) = self.sessions.get_mut(call.0) else { return };
        if body.is_empty() {
            return;
        }
        let media = SessionDescription::parse(body.clone()).tree.media().into_iter().find(Media::is_msrp);
        session.remote_path = media.as_ref().map(|media| media.path.clone()).unwrap_or_default();
        session.remote_sdp = Some(body);
        session.remote_media = media;
    }

    /// The body of an answer to the description that was learned last.
    pub(super) fn answer_for(&mut self, call: CallId) -> Option<Bytes> {
        let mut answer = self.calls.get(call.0)?.options.answer.clone();
        let session = self.sessions.get(call.0)?;
        let offered = session.remote_media.clone()?;
        // Each other stream is refused at its place (RFC 3264, 6).
        let streams = SessionDescription::parse(session.remote_sdp.clone().unwrap_or_default()).tree.media();
        let ours = streams.iter().position(Media::is_msrp).unwrap_or_default();
        for (place, media) in streams.iter().enumerate().filter(|(place, _)| *place != ours) {
            let line = format!("m={} 0 {} {}", media.media, media.protocol, media.formats);
            if place < ours {
                answer.rewrites.push(Rewrite::After("t=".to_owned(), line));
            } else {
                answer.append.push(line);
            }
        }
        let tls = offered.protocol.to_ascii_uppercase().contains("TLS");
        let setup = self.role_as_answerer(call).1;
        self.describe(call, &answer, tls, setup)
    }

    /// The offerer connects (RFC 4975, 5.4), unless both sides know `setup` and say otherwise (RFC 6135, 4.2).
    fn role_as_offerer(&self, call: CallId) -> Role {
        let ours = self.calls.get(call.0).and_then(|state| state.options.offer.as_ref()).and_then(|offer| offer.setup);
        match (ours, self.remote_setup(call)) {
            // An offer of `holdconn` counts as one without `setup` (RFC 6135, 4.2.1).
            (Some(Setup::Passive | Setup::Actpass), Some(Setup::Active)) => Role::Listens,
            (Some(Setup::Passive), Some(_)) => Role::Listens,
            _ => Role::Connects,
        }
    }

    /// Our role for an offer of the other side, and what our answer says about it.
    fn role_as_answerer(&self, call: CallId) -> (Role, Option<Setup>) {
        let wish = self.calls.get(call.0).and_then(|state| state.options.answer.setup);
        match (self.remote_setup(call), wish) {
            (Some(Setup::Active), _) => (Role::Listens, Some(Setup::Passive)),
            (Some(Setup::Passive), _) => (Role::Connects, Some(Setup::Active)),
            (Some(Setup::Actpass), Some(Setup::Passive)) => (Role::Listens, Some(Setup::Passive)),
            (Some(Setup::Actpass), _) => (Role::Connects, Some(Setup::Active)),
            (Some(Setup::Holdconn), _) => (Role::Listens, Some(Setup::Holdconn)),
            (None, _) => (Role::Listens, None),
        }
    }

    fn remote_setup(&self, call: CallId) -> Option<Setup> {
        self.sessions.get(call.0)?.remote_media.as_ref()?.setup
    }

    /// Opens the MSRP stream if that is ours to do and it is not there already.
    fn settle_media(&mut self, now: Moment, call: CallId, role: Role) {
        let (Some(session), Some(state)) = (self.sessions.get(call.0), self.calls.get(call.0)) else { return };
        let taken = session.remote_media.as_ref().is_some_and(|media| media.port != 0);
        let there = session.connection.is_some() || state.connecting.is_some();
        if !taken || there || role == Role::Listens || state.options.without_media {
            return;
        }
        if state.options.share_connection
            && let Some(shared) = self.shared_connection(call)
        {
            self.media_connected(now, call, shared);
            return;
        }
        self.open_media(now, call);
    }

    /// The stream of another call to the same place (RFC 4975, 5.4).
    fn shared_connection(&self, call: CallId) -> Option<Connection> {
        let wanted = self.sessions.get(call.0)?.remote_path.first()?;
        let same = |path: &MsrpUri| {
            path.secure == wanted.secure && path.port == wanted.port && path.host.eq_ignore_ascii_case(&wanted.host)
        };
        self.sessions
            .iter()
            .find(|session| session.connection.is_some() && session.remote_path.first().is_some_and(same))
            .and_then(|session| session.connection)
    }

    fn open_media(&mut self, now: Moment, call: CallId) -> Option<Connection> {
        let connection = self.open_second(now, call)?;
        self.calls.get_mut(call.0)?.connecting = Some(connection);
        Some(connection)
    }

    /// Opens another stream to where the call's path leads; nothing is sent on it.
    pub fn open_second(&mut self, now: Moment, call: CallId) -> Option<Connection> {
        let _ = now;
        let session = self.sessions.get(call.0)?;
        let path = session.remote_path.first()?;
        let media = session.remote_media.as_ref();
        let literal = |text: &str| text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        // No resolver here: a name stands for the address in the c-line, else for the host we talk SIP to.
        let ip = literal(&path.host)
            .or_else(|| media.and_then(|media| media.address.as_deref()).and_then(literal))
            .unwrap_or(self.route.next_hop.ip());
        let to = SocketAddr::new(ip, path.port.unwrap_or(2855));
        let security = if path.secure {
            let fingerprint = media.and_then(|media| media.fingerprint.clone());
            Security::Tls { server_name: path.host.clone(), fingerprint }
        } else {
            Security::Plain
        };
        Some(self.open_stream(Protocol::Msrp, to, security))
    }

    pub(super) fn invite_timed_out(&mut self, call: CallId) {
        if let Some(session) = self.sessions.get_mut(call.0)
            && session.state == CallState::Calling
        {
            session.state = CallState::TimedOut;
        }
    }

    /// The dialog is over: closes its stream, unless another session is on it.
    pub(super) fn finish_media(&mut self, call: CallId) {
        let Some(session) = self.sessions.get_mut(call.0) else { return };
        session.state = CallState::Ended;
        let connecting = self.calls.get_mut(call.0).and_then(|state| state.connecting.take());
        let Some(connection) = session.connection.take().or(connecting) else { return };
        if !self.sessions.iter().any(|other| other.connection == Some(connection)) {
            self.close_stream(connection);
        }
    }

    pub(super) fn advance_sequence(&mut self, call_id: &str, number: u32) {
        let dialogs = self.calls.iter_mut().map(|state| &mut state.dialog);
        let subscribed = self.subscriptions.iter_mut().map(|subscription| &mut subscription.dialog);
        for dialog in dialogs.chain(subscribed).filter(|dialog| dialog.call_id == call_id) {
            dialog.sequence = dialog.sequence.max(number);
        }
    }
}

/// The methods that we say we understand.
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, INFO, MESSAGE";

/// A description with these numbers of the o-line.
fn written(
    offer: &Offer,
    (id, version): (u64, u64),
    path: &MsrpUri,
    tls: bool,
    setup: Option<Setup>,
    fingerprint: Option<String>,
) -> Bytes {
    let address = path.host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = offer.port.or(path.port).unwrap_or_default();
    if let Some(raw) = &offer.raw {
        let text = String::from_utf8_lossy(raw);
        let text = text.replace("{path}", &path.to_string()).replace("{host}", &address);
        let text = text.replace("{id}", &id.to_string()).replace("{version}", &version.to_string());
        return Bytes::from(text.replace("{port}", &port.to_string()));
    }
    let own = path.to_string();
    let mut description = SessionDescription::new("-", id, version, &address);
    let mut media = Media {
        media: "message".into(),
        port,
        protocol: if tls { "TCP/TLS/MSRP" } else { "TCP/MSRP" }.into(),
        formats: "*".into(),
        address: None,
        path: vec![path.clone()],
        accept_types: Some(offer.accept_types.clone()),
        accept_wrapped_types: offer.accept_wrapped_types.clone(),
        max_size: offer.max_size,
        chatroom: offer.chatroom.clone(),
        setup,
        fingerprint,
        direction: offer.direction.clone(),
        attributes: Vec::new(),
    };
    if let Some(written) = &offer.path {
        // Written as it is, whatever it says.
        media.path = Vec::new();
        media.attributes.push(("path".into(), Some(with_path(written, &own))));
    }
    media.attributes.extend(offer.attributes.iter().map(|attribute| match attribute.split_once(':') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (attribute.clone(), None),
    }));
    description.push_media(&media);
    for line in &offer.append {
        if let Some((kind, value)) = line.split_once('=')
            && let Some(kind) = kind.chars().next()
        {
            description.push(kind, value.to_owned());
        }
    }
    rewritten(description.octets(), &offer.rewrites, &address)
}

/// Another fingerprint of the same hash: each digit of the sum is another one.
fn foreign(own: &str) -> String {
    let (hash, sum) = own.split_once(' ').unwrap_or(("SHA-256", own));
    let other = |c: char| c.to_digit(16).and_then(|digit| char::from_digit(15 - digit, 16)).unwrap_or(c);
    format!("{hash} {}", sum.chars().map(other).collect::<String>().to_ascii_uppercase())
}

/// A description whose lines were changed.
fn rewritten(octets: Bytes, rewrites: &[Rewrite], address: &str) -> Bytes {
    if rewrites.is_empty() {
        return octets;
    }
    let kind = if address.contains(':') { "IP6" } else { "IP4" };
    let filled = |line: &str| line.replace("{address}", &format!("IN {kind} {address}"));
    let text = String::from_utf8_lossy(&octets).into_owned();
    let mut lines: Vec<String> = text.split_terminator("\r\n").map(str::to_owned).collect();
    let mut end = "\r\n";
    for rewrite in rewrites {
        let place = |start: &String| lines.iter().position(|line| line.starts_with(start.as_str()));
        match rewrite {
            Rewrite::After(start, new) => {
                if let Some(at) = place(start) {
                    lines.insert(at + 1, filled(new));
                }
            }
            Rewrite::Instead(start, new) => {
                if let Some(line) = place(start).and_then(|at| lines.get_mut(at)) {
                    *line = filled(new);
                }
            }
            Rewrite::Cut(start) => {
                if let Some(at) = place(start) {
                    lines.truncate(at);
                }
            }
            Rewrite::BareLineFeeds => end = "\n",
        }
    }
    lines.iter().map(|line| format!("{line}{end}")).collect::<String>().into()
}

/// What a session-id may have beside letters and digits (RFC 4975, 9).
const SIGNS: &str = "-._~+=/x";

/// A path as a scenario writes it, with our own URI filled in: `{path}`, or `{path-with-user}` (RFC 4975, 6);
/// `{path-with-signs}` is our own URI whose session-id has been given all the signs.
pub(super) fn with_path(written: &str, own: &str) -> String {
    written
        .replace("{path-with-signs}", own)
        .replace("{path-with-user}", &own.replacen("://", "://tester@", 1))
        .replace("{path}", own)
}

fn host_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}
