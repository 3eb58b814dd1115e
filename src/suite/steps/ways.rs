//! The ways to join, and what each means for the INVITE.

use crate::peer::{Announced, InviteOptions, Offer};
use crate::suite::profile::LogicalRoom;
use crate::suite::step::{Halt, World};
use crate::wire::sdp::Setup;

/// What a way to join means for the INVITE.
pub(super) fn options(world: &mut World, name: &str, how: &str) -> Result<InviteOptions, Halt> {
    let mut offer = Offer { tls: world.actors.logical_room() == Some(LogicalRoom::TlsOnly), ..Offer::default() };
    let mut options = InviteOptions::default();
    if how == "with a bare chatroom attribute" {
        offer.chatroom = Some(Vec::new());
    } else if let Some(tokens) = quoted(how, "with the chat tokens ") {
        offer.chatroom = Some(tokens.split(' ').map(str::to_owned).collect());
    } else if how == "from a client that does not know chat rooms" {
        offer.chatroom = None;
    } else if how == "offering to be connected to" {
        offer.setup = Some(Setup::Passive);
    } else if how == "without an offer, to be connected to" {
        options.answer = passive();
        options.offer = None;
        return Ok(options);
    } else if how == "without a first SEND" {
        // Who has not said whose connection it is, is not spoken to.
        options.without_first_send = true;
        world.actors.player_mut(name)?.hears_text = false;
    } else if how == "without setup" {
        offer.setup = None;
    } else if let Some(word) = quoted(how, "with the setup ") {
        offer.setup = Setup::read(word);
    } else if let Some(attribute) = quoted(how, "with the attribute ") {
        offer.attributes.push(attribute.to_owned());
    } else if let Some(direction) = quoted(how, "with the direction ") {
        offer.direction = Some(direction.to_owned());
        world.actors.player_mut(name)?.hears_text = !["sendonly", "inactive"].contains(&direction);
    } else if let Some(octets) = how.strip_prefix("with a max-size of ").and_then(|it| it.strip_suffix(" octets")) {
        offer.max_size = octets.parse().ok();
    } else if how == "offering to be connected to, with another port in the m-line" {
        offer.setup = Some(Setup::Passive);
        offer.port = Some(9);
    } else if how == "from behind a relay, to be connected to" {
        // The relay is played at our own address; the endpoint behind it cannot be reached from anywhere.
        offer.setup = Some(Setup::Passive);
        offer.path = Some("{path} msrp://behind.example.invalid:2855/b3h1ndr3l4y;tcp".to_owned());
    } else if how == "with a user in the path" {
        offer.path = Some("{path-with-user}".to_owned());
    } else if how == "with every sign in the session-id" {
        offer.path = Some("{path-with-signs}".to_owned());
    } else if how == "with a further parameter in the path" {
        offer.path = Some("{path};wire=7".to_owned());
    } else if let Some(types) = quoted(how, "offering ") {
        offer.accept_types = types.split(' ').map(str::to_owned).collect();
        world.actors.player_mut(name)?.hears_text =
            crate::wire::sdp::Media::list_accepts(&offer.accept_types, "message/cpim");
    } else if let Some(types) =
        how.strip_prefix("accepting only ").and_then(|it| it.strip_suffix(" inside the wrapper"))
    {
        let types: Vec<String> = types.trim_matches('"').split(' ').map(str::to_owned).collect();
        let takes_text = crate::wire::sdp::Media::list_accepts(&types, "text/plain");
        world.actors.player_mut(name)?.hears_text = takes_text;
        offer.accept_wrapped_types = Some(types);
    } else if how == "asking for privacy" {
        options.privacy = Some("user;id".to_owned());
    } else if let Some(further) = how.strip_prefix("under an anonymous URI") {
        if let Some(tokens) = quoted(further, " with the chat tokens ") {
            offer.chatroom = Some(tokens.split(' ').map(str::to_owned).collect());
        } else if !further.is_empty() {
            return Err(Halt::error("a way to join that the suite knows", format!("'{how}'")));
        }
        let anonymous = format!("sip:anonymous-{}-{}@anonymous.invalid", name.to_lowercase(), world.actors.nonce());
        options.from = Some(format!("\"Anonymous\" <{anonymous}>"));
        world.actors.player_mut(name)?.uri = anonymous;
    } else if how == "from behind a relay" {
        offer.path = Some("msrp://relay.example.invalid:2855/r3l4yh0pr3l4yh0p;tcp {path}".to_owned());
    } else if how == "from behind two relays" {
        offer.path = Some(
            "msrp://near.example.invalid:2855/n34rr3l4yn34r;tcp msrp://far.example.invalid:2855/f4rr3l4yf4rr3;tcp {path}"
                .to_owned(),
        );
    } else if let Some(extension) = quoted(how, "requiring the extension ") {
        options.headers.push(("Require".to_owned(), extension.to_owned()));
    } else if let Some(further) = how.strip_prefix("over TLS") {
        offer.tls = true;
        if let Some(further) = further.strip_prefix(", to be connected to") {
            offer.setup = Some(Setup::Passive);
            offer.fingerprint = match further {
                "" => Announced::Own,
                ", with the fingerprint of another certificate" => Announced::Foreign,
                ", without a fingerprint" => Announced::Nothing,
                _ => return Err(Halt::error("a way to join that the suite knows", format!("'{how}'"))),
            };
        } else if !further.is_empty() {
            return Err(Halt::error("a way to join that the suite knows", format!("'{how}'")));
        }
    } else if how == "over plain TCP" {
        offer.tls = false;
    } else if how == "offering audio only" {
        offer.raw = Some(
            "v=0\r\no=tester 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 49170 RTP/AVP 0\r\n"
                .into(),
        );
    } else if how == "offering MSRP and a video stream" {
        offer.raw = Some(
            "v=0\r\no=tester 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=message {port} TCP/MSRP *\r\n\
             a=path:{path}\r\na=accept-types:message/cpim\r\na=accept-wrapped-types:*\r\na=setup:active\r\n\
             a=chatroom:nickname private-messages\r\nm=video 49172 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"
                .into(),
        );
    } else if how == "without an offer" {
        options.answer = offer;
        options.offer = None;
        return Ok(options);
    } else if !matches!(
        how,
        "" | "without credentials"
            | "with her credentials"
            | "with his credentials"
            | "with a wrong password"
            | "with credentials that nobody gave out"
    ) && !how.starts_with("with the display name ")
    {
        return Err(Halt::error("a way to join that the suite knows", format!("'{how}'")));
    }
    options.answer = offer.clone();
    options.offer = Some(offer);
    Ok(options)
}

/// The offer or answer of who wants to be connected to (RFC 6135).
pub(super) fn passive() -> Offer {
    Offer { setup: Some(Setup::Passive), ..Offer::default() }
}

fn quoted<'a>(how: &'a str, prefix: &str) -> Option<&'a str> {
    how.strip_prefix(prefix)?.strip_prefix('"')?.strip_suffix('"')
}
