//! Asking an implementation what it supports, and writing a profile that somebody completes.

use std::fmt::Write;

use super::knock::{Outcome, Visit, announces};
use super::profile::{Claim, LogicalRoom, Profile, Unreachable};
use crate::peer::{Offer, Session};
use crate::runtime::{Clock, Link};
use crate::wire::sdp::Media;
use crate::wire::sip::SipMessage;

/// Why probing came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the target cannot be probed: {0}")]
pub struct ProbeError(pub String);

/// What was learned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The profile, with the claims that were learned.
    pub profile: Profile,
    /// What was seen, a line each.
    pub notes: Vec<String>,
}

/// Asks the profile's room with OPTIONS, joins it, asks for the roster, offers TLS, leaves, and gives the profile back
/// with claims filled in. What could not be learned stays open.
///
/// # Errors
/// Nobody answers, or nobody can be sent there.
pub async fn probe(profile: Profile, seed: u64) -> Result<Probed, ProbeError> {
    let hops = profile.resolve().map_err(|error: Unreachable| ProbeError(error.to_string()))?;
    let visit = Visit::begin(Link::Sockets, &profile, &hops.default, Clock::start(), seed).await;
    let visit = visit.map_err(|error| ProbeError(error.to_string()))?;
    let mut probed = Probed { profile, notes: Vec::new() };
    let looked = look_around(&visit, &mut probed).await;
    visit.leave().await;
    looked.map(|()| probed)
}

async fn look_around(visit: &Visit, probed: &mut Probed) -> Result<(), ProbeError> {
    let call = visit.invite(Offer::default()).await;
    let outcome = visit.outcome(call);
    if let Outcome::Nobody(sentence) = outcome {
        return Err(ProbeError(sentence));
    }
    let options = visit.act(|participant, now| participant.options(now));
    match visit.answer(options).await {
        Some(response) => probed.heed_options(&response),
        None => probed.note("OPTIONS: no answer"),
    }
    let session = visit.session(call);
    if let Some(media) = session.as_ref().and_then(|session| session.remote_media.as_ref()) {
        probed.heed_description(media);
    }
    match outcome {
        Outcome::NotJoined(sentence) => {
            if matches!(status(session.as_ref()), Some(401 | 407)) {
                probed.claim(Claim::Digest, true);
            }
            probed.note(&sentence);
            return Ok(());
        }
        _ => probed.note("INVITE: joined, the first SEND is answered with 200"),
    }
    match visit.subscribe().await {
        Some(status) => {
            probed.claim(Claim::ConferenceEvent, status < 300);
            probed.note(&format!("SUBSCRIBE, Event: conference: {status}"));
        }
        None => probed.note("SUBSCRIBE, Event: conference: no answer"),
    }
    let secured = visit.invite(Offer { tls: true, ..Offer::default() }).await;
    let secured = visit.session(secured);
    let accepted = secured.as_ref().and_then(|session| session.remote_media.as_ref());
    let accepted = accepted.is_some_and(|media| media.port != 0 && media.protocol.eq_ignore_ascii_case("TCP/TLS/MSRP"));
    probed.claim(Claim::Tls, accepted);
    let word = if accepted { "accepted" } else { "not accepted" };
    let status = status(secured.as_ref()).map_or_else(String::new, |status| format!(" ({status})"));
    probed.note(&format!("INVITE offering TCP/TLS/MSRP: {word}{status}"));
    Ok(())
}

fn status(session: Option<&Session>) -> Option<u16> {
    match session?.state {
        crate::peer::CallState::Refused(status) => Some(status),
        _ => None,
    }
}

impl Probed {
    fn note(&mut self, line: &str) {
        self.notes.push(line.to_owned());
    }

    fn claim(&mut self, claim: Claim, there: bool) {
        self.profile.claims.insert(claim, there);
    }

    fn heed_options(&mut self, response: &SipMessage) {
        self.note(&format!("OPTIONS: {}", response.status().unwrap_or_default()));
        for name in ["Server", "Allow", "Allow-Events", "Supported", "Accept"] {
            if let Some(value) = response.header(name) {
                self.note(&format!("  {name}: {}", one_line(&value)));
            }
        }
        // The product and its version, if it gives them.
        if let Some(server) = response.header("Server").map(|value| one_line(&value)).filter(|it| !it.is_empty()) {
            self.profile.name = server;
        }
    }

    fn heed_description(&mut self, media: &Media) {
        self.claim(Claim::Nicknames, announces(media, "nickname"));
        self.claim(Claim::PrivateMessages, announces(media, "private-messages"));
        let list = |types: &Option<Vec<String>>| types.as_ref().map_or("none".to_owned(), |types| types.join(" "));
        self.note(&format!("SDP: {} {}", media.protocol, list(&media.accept_types)));
        self.note(&format!("  chatroom: {}", list(&media.chatroom)));
        self.note(&format!("  accept-wrapped-types: {}", list(&media.accept_wrapped_types)));
        if let Some(size) = media.max_size {
            self.note(&format!("  max-size: {size}"));
        }
    }

    /// The profile as a file to complete: what was seen and what is missing stand in comments.
    pub fn to_yaml(&self) -> String {
        let mut out = String::from("# What the room showed:\n");
        for note in &self.notes {
            let _ = writeln!(out, "#   {}", one_line_keeping_indent(note));
        }
        out += "# Claims that are not here are learned again by each run; true means: its absence is a failure.\n";
        out += &self.profile.to_yaml();
        out += "\n# Rooms with a policy of their own, as far as the implementation has such rooms. Without one the cases\n";
        out += "# that need it are not applicable. Remove the '#' and put in the URI.\n#rooms:\n";
        let host = self.profile.room.to_string();
        let host = host.split_once('@').map_or(host.as_str(), |(_, host)| host);
        for room in LogicalRoom::ALL {
            let uri = format!("sip:{}@{host}", room.word());
            let seconds = matches!(room, LogicalRoom::NicknameQuarantine | LogicalRoom::ChunkTimer);
            let _ = match seconds {
                true => writeln!(out, "#  {room}: {{ uri: '{uri}', seconds: 3 }}"),
                false => writeln!(out, "#  {room}: '{uri}'"),
            };
        }
        out += "# Users of the digest room:\n#credentials:\n";
        out += "#  alice: { username: alice, password: secret }\n#  bob: { username: bob, password: secret }\n";
        out += "# Nicknames that the room refuses with 425:\n#reserved-nicknames: [admin]\n";
        out
    }
}

/// What came from outside as one line of printable characters: it goes into a comment and a name.
fn one_line(text: &str) -> String {
    let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    cleaned.trim().to_owned()
}

fn one_line_keeping_indent(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    format!("{}{}", " ".repeat(indent), one_line(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::bundled::{BundledOptions, start};
    use crate::suite::profile::SipTransport;

    #[tokio::test]
    async fn the_bundled_switch_tells_what_it_can_do() {
        let options = BundledOptions { transport: SipTransport::Udp, faults: Vec::new(), seed: 3 };
        let target = start(&options).await.unwrap();
        let mut asked = Profile::for_target(target.profile.room.clone());
        asked.tls.insecure = true;
        let probed = probe(asked, 1).await.unwrap();
        let said: Vec<_> = Claim::ALL.iter().map(|claim| probed.profile.claim(*claim)).collect();
        // Digest: the default room asks for none, which says nothing about others.
        assert_eq!(said, [Some(true), Some(true), Some(true), None, Some(true)], "{:?}", probed.notes);
        let again = Profile::parse("probed.yaml", &probed.to_yaml()).unwrap();
        assert_eq!(again.claims, probed.profile.claims);

        let plain = target.profile.rooms[&LogicalRoom::NicknamesOff].uri.clone();
        let probed = probe(Profile::for_target(plain), 2).await.unwrap();
        assert_eq!(probed.profile.claim(Claim::Nicknames), Some(false));
        let digest = target.profile.rooms[&LogicalRoom::Digest].uri.clone();
        let probed = probe(Profile::for_target(digest), 3).await.unwrap();
        assert_eq!(probed.profile.claim(Claim::Digest), Some(true));
        assert_eq!(probed.profile.claim(Claim::Nicknames), None);
    }
}
