//! Session descriptions as a feature writes them, and what those of the focus must show (RFC 4975, 8; RFC 6135).

use super::focus::{last_sip, media, session};
use super::joining::{appear, start_call};
use super::renewing::{must_be_accepted, reinvite};
use super::talking::cut_off;
use crate::peer::{InviteOptions, Offer, SeenKind};
use crate::port::Protocol;
use crate::suite::expectation::Answer;
use crate::suite::scene::received;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::sdp::{Media, SessionDescription, Setup};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " calls the room, offering"),
        "Alice calls the room, offering",
        "INVITE with the doc string as its session description, line ends made CRLF. {host}, {port} and {path} are the \
         participant's own, {id} and {version} the numbers of the o-line.",
        call_with
    ),
    step!(
        concat!(who!(), " renews (?:his|her|the) session, offering"),
        "Alice renews her session, offering",
        "A re-INVITE with the doc string as its session description, filled in as for the INVITE.",
        renew_with
    ),
    step!(
        concat!(who!(), " repeats (?:his|her|the) offer"),
        "Alice repeats her offer",
        "A re-INVITE with the session description of the last INVITE, octet for octet (RFC 4975, 8.4).",
        repeat_offer
    ),
    step!(
        concat!(who!(), " has renewed (?:his|her|the) session with a new path"),
        "Bob has renewed his session with a new path",
        "An accepted re-INVITE whose path has another session-id, and a bodiless SEND with that path.",
        has_new_path
    ),
    step!(
        concat!("the answer to ", who!(), r" has port 0 for stream (\d+)"),
        "the answer to Alice has port 0 for stream 2",
        "The m-line at this place of the answer is turned down (RFC 4975, 8.1).",
        port_zero
    ),
    step!(
        concat!("each MSRP stream that the focus takes from ", who!(), " has a path of its own"),
        "each MSRP stream that the focus takes from Alice has a path of its own",
        "No two of the answer's MSRP streams with a port have the same URI; not applicable where the offer, or its first \
         stream, is not taken.",
        paths_differ
    ),
    step!(
        concat!("the offer to ", who!(), " leaves it to (?:him|her) who connects"),
        "the offer to Alice leaves it to her who connects",
        "The offer of the focus has the setup actpass; active, for want of an address that can be reached from everywhere, \
         is tolerated. Not applicable where the offer has no setup (RFC 6135, 3).",
        offers_actpass
    ),
    step!(
        concat!("one side alone has connected with ", who!()),
        "one side alone has connected with Alice",
        "There was one MSRP connection between the participant and the switch, whoever made it (T76).",
        one_side_connected
    ),
];

/// The doc string of a step as an offer.
fn written(world: &World, args: &StepArgs) -> Result<Offer, Halt> {
    let nonce = world.actors.nonce().to_owned();
    let mut text = world.actors.fill(&world.settings, &nonce, args.docstring()?).replace('\n', "\r\n");
    text.push_str("\r\n");
    // What the peer does about the connection follows from what its offer says.
    let setup = SessionDescription::parse(text.clone().into()).tree.media().iter().find_map(|media| media.setup);
    Ok(Offer { raw: Some(text.into()), setup, ..Offer::default() })
}

async fn call_with(world: &mut World, args: StepArgs) -> StepResult {
    appear(world, args.get(0), "").await?;
    let offer = written(world, &args)?;
    start_call(world, args.get(0), InviteOptions { offer: Some(offer), ..InviteOptions::default() }).await
}

async fn renew_with(world: &mut World, args: StepArgs) -> StepResult {
    let offer = written(world, &args)?;
    reinvite(world, args.get(0), Some(offer)).await
}

async fn repeat_offer(world: &mut World, args: StepArgs) -> StepResult {
    let invite = session(world, args.get(0))?.invite;
    let body = world
        .actors
        .player(args.get(0))?
        .actor
        .look(|participant| participant.sent_request(invite).map(|request| request.body.clone()));
    let body = body.filter(|body| !body.is_empty());
    let body = body.ok_or_else(|| Halt::error(format!("an offer of {}", args.get(0)), "there is none"))?;
    reinvite(world, args.get(0), Some(Offer { raw: Some(body), ..Offer::default() })).await
}

async fn has_new_path(world: &mut World, args: StepArgs) -> StepResult {
    reinvite(world, args.get(0), Some(Offer { fresh_path: true, ..Offer::default() })).await?;
    must_be_accepted(world, &args).await?;
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let connection = player.actor.look(|participant| participant.session(call)?.connection);
    let connection = connection.ok_or_else(|| cut_off(args.get(0)))?;
    let sent = player.actor.act(|participant, now| participant.first_send_on(now, call, connection));
    let transaction = sent.ok_or_else(|| cut_off(args.get(0)))?;
    match world.msrp_answer(args.get(0), &transaction).await? {
        Answer::Response(response) if response.status() == Some(200) => Ok(()),
        other => {
            let expected = "200 to a SEND from the new path (RFC 4975, 8.4)";
            Err(world.unmet(&args, expected, &other.in_words(), other.evidence("the answer of the switch")))
        }
    }
}

async fn port_zero(world: &mut World, args: StepArgs) -> StepResult {
    let place: usize = args.parse(1, "the place of a stream")?;
    let sdp = session(world, args.get(0))?.remote_sdp.unwrap_or_default();
    let lines = SessionDescription::parse(sdp.clone()).tree.media();
    let observed = match place.checked_sub(1).and_then(|place| lines.get(place)) {
        Some(media) if media.port == 0 => return Ok(()),
        Some(media) => format!("m={} {} {}", media.media, media.port, media.protocol),
        None => "no such line".to_owned(),
    };
    let expected = format!("port 0 in m-line {place}, for a stream that cannot be taken (RFC 4975, 8.1)");
    Err(world.unmet(&args, &expected, &observed, vec![received("the answer", sdp)]))
}

async fn paths_differ(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_sip(world, &args)?;
    let Answer::Response(answer) = world.sip_answer(args.get(0), key).await? else {
        return Err(Halt::inconclusive("an answer to the INVITE", "there is none"));
    };
    let lines = SessionDescription::parse(answer.body.clone()).tree.media();
    if !lines.first().is_some_and(|first| first.is_msrp() && first.port != 0) {
        return Err(Halt::NotApplicable("the focus does not take the first of two MSRP streams".to_owned()));
    }
    let taken: Vec<&Media> = lines.iter().filter(|media| media.is_msrp() && media.port != 0).collect();
    let twin = taken.iter().enumerate().find_map(|(place, media)| {
        let own = media.path.last()?;
        let before = taken.get(..place).unwrap_or_default();
        before.iter().any(|other| other.path.last().is_some_and(|uri| uri.equivalent(own))).then(|| own.to_string())
    });
    match twin {
        None => Ok(()),
        Some(uri) => Err(world.unmet(
            &args,
            "a URI of its own for each session, whatever the ports (RFC 4975, 8.1 and 8.2)",
            &format!("{uri} twice"),
            vec![received("the answer", answer.body.clone())],
        )),
    }
}

async fn offers_actpass(world: &mut World, args: StepArgs) -> StepResult {
    let (offer, evidence) = media(world, &args, args.get(0))?;
    let expected = "a=setup:actpass (RFC 6135, 4.2.2)";
    match offer.setup {
        Some(Setup::Actpass) => Ok(()),
        None => Err(Halt::NotApplicable("the focus does not know 'setup' (RFC 6135)".to_owned())),
        Some(Setup::Active) => {
            world.tolerated(expected, "a=setup:active, as of who cannot be reached from everywhere", evidence);
            Ok(())
        }
        Some(other) => Err(world.unmet(&args, expected, &format!("a=setup:{}", other.word()), evidence)),
    }
}

async fn one_side_connected(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let up = player.actor.wait(world.patience(), |participant| participant.session(call)?.connection.map(drop));
    if let Err(error) = up.await {
        let expected = "an MSRP connection, from whichever side setup says (RFC 6135, 4.2; T76)";
        return Err(world.unmet(&args, expected, &error.to_string(), Vec::new()));
    }
    super::absence::sentinel(world, &args, args.get(0)).await?;
    let count = world.actors.player(args.get(0))?.actor.look(|participant| {
        let msrp = |what: &SeenKind| matches!(what, SeenKind::Connected { protocol: Protocol::Msrp, .. });
        participant.seen().iter().filter(|seen| msrp(&seen.what)).count()
    });
    match count {
        1 => Ok(()),
        count => Err(world.unmet(&args, "one MSRP connection (RFC 6135, 4.2.1; T76)", &count.to_string(), Vec::new())),
    }
}
