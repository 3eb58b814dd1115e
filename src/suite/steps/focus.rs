//! How the focus answers SIP requests, and what its session descriptions say.

use super::answers::codes;
use crate::peer::{CallState, Session};
use crate::suite::expectation::{Answer, is_cut_off};
use crate::suite::scene::{Asked, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::auth::DigestParams;
use crate::wire::sdp::{Media, SessionDescription};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(
            "the focus answers ",
            who!(),
            r"(?:'s (?:INVITE|BYE|CANCEL))? with ((?:\d{3})(?:(?:, | or )\d{3})*)(?: \((\d{3})(?: and (\d{3}))? (?:is|are) tolerated\))?"
        ),
        "the focus answers Alice with 200",
        "The last SIP request of this participant gets one of these codes; a tolerated one gives an advisory.",
        focus_answers
    ),
    step!(
        concat!("the focus does not let ", who!(), " in"),
        "the focus does not let Alice in",
        "The INVITE is refused, after however many challenges.",
        not_let_in
    ),
    step!(
        concat!("the challenge to ", who!(), " can be answered"),
        "the challenge to Alice can be answered",
        "WWW-Authenticate or Proxy-Authenticate is a Digest challenge with realm and nonce.",
        challenge_can_be_answered
    ),
    step!(
        concat!("the Contact of the answer to ", who!(), r#" has the parameter "([^"]*)""#),
        "the Contact of the answer to Alice has the parameter \"isfocus\"",
        "The feature tag is a parameter of the Contact header, outside the angle brackets (RFC 3840).",
        contact_has
    ),
    step!(
        concat!("the answer to ", who!(), r#" has the (accept-types|accept-wrapped-types) "([^"]*)" alone"#),
        "the answer to Alice has the accept-types \"message/cpim\" alone",
        "The attribute of the MSRP media line has exactly these values.",
        answer_has_types
    ),
    step!(
        r#"the room lists the wrapped type "([^"]*)""#,
        "the room lists the wrapped type \"*\"",
        "The case is about a room whose accept-wrapped-types has this value; any other is not applicable.",
        room_lists
    ),
    step!(
        concat!("the offer to ", who!(), r#" lists the accept-types "([^"]*)""#),
        "the offer to Alice lists the accept-types \"message/cpim\"",
        "The offer that the focus made in its 200 lists these types.",
        offer_lists_types
    ),
    step!(
        concat!("the focus announces chat rooms to ", who!()),
        "the focus announces chat rooms to Alice",
        "The latest SDP of the focus has the chatroom attribute.",
        announces_chat_rooms
    ),
    step!(
        concat!("the focus (announces|does not announce) \"([^\"]*)\" to ", who!()),
        "the focus announces \"nickname\" to Alice",
        "The latest SDP of the focus has, or has not, this token in its chatroom attribute.",
        announces
    ),
    step!(
        concat!("the answer to ", who!(), " has as many media lines as the offer"),
        "the answer to Alice has as many media lines as the offer",
        "RFC 3264, 6.",
        as_many_media_lines
    ),
    step!(
        concat!("the answer to ", who!(), " is of TCP/TLS/MSRP with an msrps path"),
        "the answer to Alice is of TCP/TLS/MSRP with an msrps path",
        "RFC 4975, 8.1 and 6.",
        answer_is_tls
    ),
    step!(
        concat!("the answer to ", who!(), " has a fingerprint, unless an authority is trusted"),
        "the answer to Alice has a fingerprint, unless an authority is trusted",
        "a=fingerprint stands in the description; not asked for where the profile names an authority (RFC 4975, 14.4).",
        announces_fingerprint
    ),
    step!(
        concat!("the focus turns ", who!(), "'s (MSRP stream|media) down"),
        "the focus turns Alice's MSRP stream down",
        "The request is refused with a 4xx, 5xx or 6xx, or answered with port 0 for the stream (T09).",
        turns_down
    ),
    step!(
        concat!(who!(), " and ", who!(), " have different MSRP paths and dialogs"),
        "Alice and Bob have different MSRP paths and dialogs",
        "The session URIs and To tags that the focus gave out differ.",
        different_paths
    ),
    step!(
        concat!("the focus ends ", who!(), "'s dialog with BYE"),
        "the focus ends Bob's dialog with BYE",
        "A BYE comes in this participant's dialog.",
        focus_says_bye
    ),
    step!(
        concat!(who!(), "'s MSRP session is over"),
        "Bob's MSRP session is over",
        "The switch closes the connection, or answers a request for the session with 481.",
        session_is_over
    ),
    step!(
        concat!("either the second device is refused or ", who!(), "'s first session is ended"),
        "either the second device is refused or Bob's first session is ended",
        "Two sessions of one identity are not alive together (T37).",
        one_session_only
    ),
];

/// The last SIP request of somebody.
pub(super) fn last_sip(world: &World, args: &StepArgs) -> Result<crate::peer::RequestKey, Halt> {
    let player = world.actors.player(args.get(0))?;
    let key = if args.text.contains("'s CANCEL") || args.text.contains("'s BYE") {
        player.bye
    } else {
        match player.asked_sip {
            Asked::Sip(key) => Some(key),
            _ => None,
        }
    };
    key.ok_or_else(|| Halt::error(format!("a SIP request of {} in an earlier step", args.get(0)), "there is none"))
}

async fn focus_answers(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_sip(world, &args)?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let code = match &answer {
        Answer::Response(response) => response.status().unwrap_or_default(),
        _ => 0,
    };
    let wanted = codes(args.get(1));
    if wanted.contains(&code) {
        return Ok(());
    }
    let expected = wanted.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    let evidence = answer.evidence("the answer of the focus");
    if codes(args.get(2)).contains(&code) || codes(args.get(3)).contains(&code) {
        world.tolerated(&expected, &format!("{code}, which is tolerated"), evidence);
        return Ok(());
    }
    Err(world.unmet(&args, &expected, &answer.in_words(), evidence))
}

async fn not_let_in(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_sip(world, &args)?;
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(response) if response.status().is_some_and(|status| status >= 300) => Ok(()),
        other => Err(world.unmet(&args, "a refusal", &other.in_words(), other.evidence("the answer of the focus"))),
    }
}

async fn challenge_can_be_answered(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_sip(world, &args)?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let good = match &answer {
        Answer::Response(response) => ["WWW-Authenticate", "Proxy-Authenticate"]
            .iter()
            .flat_map(|name| response.headers.all(name))
            .filter_map(|header| DigestParams::parse(&header.text()))
            .any(|params| params.get("realm").is_some() && params.get("nonce").is_some()),
        _ => false,
    };
    if good {
        return Ok(());
    }
    let observed = "none, or one without realm or nonce";
    Err(world.unmet(&args, "a Digest challenge", observed, answer.evidence("the answer of the focus")))
}

/// The session of somebody's call.
pub(super) fn session(world: &World, who: &str) -> Result<Session, Halt> {
    let player = world.actors.player(who)?;
    let call = player.call()?;
    player
        .actor
        .look(|participant| participant.session(call).cloned())
        .ok_or_else(|| Halt::error(format!("a call of {who}"), "there is none"))
}

/// The MSRP media of the latest SDP that the focus sent to somebody.
pub(super) fn media(
    world: &World,
    args: &StepArgs,
    who: &str,
) -> Result<(Media, Vec<crate::judge::verdict::Evidence>), Halt> {
    let session = session(world, who)?;
    let evidence: Vec<_> =
        session.remote_sdp.iter().map(|sdp| received("the session description of the focus", sdp.clone())).collect();
    match session.remote_media {
        Some(media) => Ok((media, evidence)),
        // Whoever never answers has described nothing, rightly or wrongly.
        None if matches!(session.state, CallState::Calling | CallState::TimedOut) => {
            Err(Halt::inconclusive("an answer to the INVITE", "there is none"))
        }
        None => Err(world.unmet(args, "a session description with an MSRP media line", "there is none", evidence)),
    }
}

async fn contact_has(world: &mut World, args: StepArgs) -> StepResult {
    let session = session(world, args.get(0))?;
    match &session.contact {
        Some(contact) if contact.params.has(args.get(1)) => Ok(()),
        Some(contact) => {
            let observed = format!("Contact: {contact}");
            Err(world.unmet(&args, &format!("the Contact parameter {}", args.get(1)), &observed, Vec::new()))
        }
        None => Err(world.unmet(&args, "a Contact in the 200", "there is none", Vec::new())),
    }
}

async fn answer_has_types(world: &mut World, args: StepArgs) -> StepResult {
    let (media, evidence) = media(world, &args, args.get(0))?;
    let types = if args.get(1) == "accept-types" { media.accept_types } else { media.accept_wrapped_types };
    let types: Vec<String> = types.unwrap_or_default().iter().map(|it| it.to_lowercase()).collect();
    if types == args.get(2).split(' ').collect::<Vec<_>>() {
        return Ok(());
    }
    let expected = format!("a={}:{}", args.get(1), args.get(2));
    Err(world.unmet(&args, &expected, &format!("a={}:{}", args.get(1), types.join(" ")), evidence))
}

async fn room_lists(world: &mut World, args: StepArgs) -> StepResult {
    for name in world.actors.present() {
        let types =
            session(world, &name)?.remote_media.and_then(|media| media.accept_wrapped_types).unwrap_or_default();
        if types.iter().any(|it| it.eq_ignore_ascii_case(args.get(0))) {
            return Ok(());
        }
    }
    Err(Halt::NotApplicable(format!("the room does not list \"{}\" in accept-wrapped-types", args.get(0))))
}

async fn offer_lists_types(world: &mut World, args: StepArgs) -> StepResult {
    let (media, evidence) = media(world, &args, args.get(0))?;
    let types = media.accept_types.unwrap_or_default();
    if args.get(1).split(' ').all(|wanted| types.iter().any(|it| it.eq_ignore_ascii_case(wanted))) {
        return Ok(());
    }
    Err(world.unmet(&args, &format!("accept-types with {}", args.get(1)), &types.join(" "), evidence))
}

async fn announces_chat_rooms(world: &mut World, args: StepArgs) -> StepResult {
    let (media, evidence) = media(world, &args, args.get(0))?;
    match media.chatroom {
        Some(_) => Ok(()),
        None => Err(world.unmet(&args, "a=chatroom", "no such attribute", evidence)),
    }
}

async fn announces(world: &mut World, args: StepArgs) -> StepResult {
    let (media, evidence) = media(world, &args, args.get(2))?;
    let tokens = media.chatroom.unwrap_or_default();
    let wanted = args.get(0) == "announces";
    let there = tokens.iter().any(|token| token.eq_ignore_ascii_case(args.get(1)));
    if there == wanted {
        return Ok(());
    }
    // The prose of RFC 7701, 8 says 'nicknames' where its ABNF says "nickname" (T01).
    let plural = args.get(1) == "nickname" && tokens.iter().any(|token| token.eq_ignore_ascii_case("nicknames"));
    if plural && wanted {
        world.tolerated("the token nickname", "the token nicknames (T01)", evidence);
        return Ok(());
    }
    let expected = format!("{} the token {}", if wanted { "with" } else { "without" }, args.get(1));
    Err(world.unmet(&args, &expected, &format!("a=chatroom:{}", tokens.join(" ")), evidence))
}

async fn as_many_media_lines(world: &mut World, args: StepArgs) -> StepResult {
    let session = session(world, args.get(0))?;
    let sdp = session.remote_sdp.clone().unwrap_or_default();
    let offered = world.actors.player(args.get(0))?.actor.look(|participant| {
        participant.sent_request(session.invite).map(|request| request.body.clone()).unwrap_or_default()
    });
    let count = |octets: bytes::Bytes| SessionDescription::parse(octets).tree.media().len();
    let (offered, answered) = (count(offered), count(sdp.clone()));
    if offered == answered {
        return Ok(());
    }
    let evidence = vec![received("the answer", sdp)];
    Err(world.unmet(&args, &format!("{offered} m-lines"), &answered.to_string(), evidence))
}

async fn answer_is_tls(world: &mut World, args: StepArgs) -> StepResult {
    let (media, evidence) = media(world, &args, args.get(0))?;
    if media.protocol.eq_ignore_ascii_case("TCP/TLS/MSRP") && media.path.last().is_some_and(|uri| uri.secure) {
        return Ok(());
    }
    let path = media.path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    Err(world.unmet(&args, "TCP/TLS/MSRP and msrps:", &format!("{} and {path}", media.protocol), evidence))
}

async fn announces_fingerprint(world: &mut World, args: StepArgs) -> StepResult {
    let (media, evidence) = media(world, &args, args.get(0))?;
    if media.fingerprint.is_some() || world.settings.profile.tls.ca.is_some() {
        return Ok(());
    }
    let expected = "a=fingerprint for a certificate that no known authority has signed (RFC 4975, 14.4)";
    Err(world.unmet(&args, expected, "none", evidence))
}

async fn turns_down(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_sip(world, &args)?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let turned_down = match &answer {
        Answer::Response(response) if response.status().is_some_and(|status| status >= 300) => true,
        Answer::Response(response) => {
            let media = SessionDescription::parse(response.body.clone()).tree.media();
            !media.is_empty() && media.iter().all(|media| media.port == 0)
        }
        _ => false,
    };
    if turned_down {
        return Ok(());
    }
    let expected = "a refusal, or port 0 for the stream";
    Err(world.unmet(&args, expected, &answer.in_words(), answer.evidence("the answer of the focus")))
}

async fn different_paths(world: &mut World, args: StepArgs) -> StepResult {
    let (one, other) = (session(world, args.get(0))?, session(world, args.get(1))?);
    let same_path = match (one.remote_path.last(), other.remote_path.last()) {
        (Some(one), Some(other)) => one.equivalent(other),
        _ => true,
    };
    let same_dialog = one.remote_tag.is_none() || one.remote_tag == other.remote_tag;
    if same_path || same_dialog {
        let observed = if same_path { "the same path, or none" } else { "the same To tag, or none" };
        return Err(world.unmet(&args, "different paths and tags", observed, Vec::new()));
    }
    Ok(())
}

async fn focus_says_bye(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let bye = player.actor.wait(world.patience(), |participant| {
        participant.session(call).is_some_and(|session| session.bye_received).then_some(())
    });
    match bye.await {
        Ok(()) => Ok(()),
        Err(error) => Err(world.unmet(&args, "BYE", &error.to_string(), Vec::new())),
    }
}

async fn session_is_over(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    if let Some(bye) = player.bye {
        // The connection may well stay, for other sessions (RFC 4975, 4).
        world.sip_answer(args.get(0), bye).await?;
    } else {
        let gone = player.actor.wait(world.patience(), |participant| {
            let session = participant.session(call)?;
            (is_cut_off(participant, Some(call)) || session.bye_received || session.connection.is_none()).then_some(())
        });
        if let Err(error) = gone.await {
            return Err(world.unmet(&args, "the end of the session", &error.to_string(), Vec::new()));
        }
    }
    // An open connection alone proves nothing: the session on it must be unknown.
    let player = world.actors.player(args.get(0))?;
    let probe = player.actor.act(|participant, now| {
        participant
            .send(now, call, crate::peer::SendOptions::bodiless())
            .and_then(|facts| facts.transactions.into_iter().next())
    });
    let Some(transaction) = probe else { return Ok(()) };
    match world.msrp_answer(args.get(0), &transaction).await? {
        Answer::Closed => Ok(()),
        Answer::Response(response) if response.status() == Some(481) => Ok(()),
        Answer::Silence(_) if world.actors.player(args.get(0))?.actor.look(|it| is_cut_off(it, Some(call))) => Ok(()),
        other => Err(world.unmet(&args, "a closed connection or 481", &other.in_words(), other.evidence("the answer"))),
    }
}

async fn one_session_only(world: &mut World, args: StepArgs) -> StepResult {
    let second = format!("{}'s second device", args.get(0));
    let key = match world.actors.player(&second)?.asked_sip {
        Asked::Sip(key) => key,
        _ => return Err(Halt::error("an INVITE of the second device", "there is none")),
    };
    let answer = world.sip_answer(&second, key).await?;
    if let Answer::Response(response) = &answer
        && response.status().is_some_and(|status| status >= 400)
    {
        return Ok(());
    }
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let ended = player.actor.wait(world.patience(), |participant| {
        participant.session(call).is_some_and(|session| session.state == CallState::Ended).then_some(())
    });
    match ended.await {
        Ok(()) => Ok(()),
        Err(_) => {
            Err(world.unmet(&args, "one session", "both sessions are alive", answer.evidence("the second answer")))
        }
    }
}
