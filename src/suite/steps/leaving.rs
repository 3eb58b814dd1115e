//! Who leaves the room, and how.

use crate::peer::RequestOptions;
use crate::suite::expectation::Answer;
use crate::suite::scene::Asked;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " has left the room"),
        "Bob has left the room",
        "Somebody has sent BYE, and it was answered with 200.",
        has_left
    ),
    step!(
        concat!(who!(), " has left the room, (?:his|her|the) MSRP connection still open"),
        "Bob has left the room, his MSRP connection still open",
        "BYE, answered with 200; what comes over MSRP afterwards is still seen.",
        has_left_listening
    ),
    step!(
        concat!(who!(), " keeps (?:his|her|the) MSRP connection open after a BYE"),
        "Bob keeps his MSRP connection open after a BYE",
        "Whoever ends the dialog, this participant leaves the MSRP connection to the switch.",
        keeps_connection
    ),
    step!(concat!(who!(), " leaves the room"), "Bob leaves the room", "Somebody sends BYE.", leaves),
    step!(
        concat!(who!(), " (?:loses|has lost) the connection"),
        "Bob loses the connection",
        "The MSRP connection is closed without BYE or any other word.",
        loses_connection
    ),
    step!(
        concat!(who!(), " sends ([A-Z]+) in (?:his|her|the) dialog"),
        "Alice sends OPTIONS in her dialog",
        "A request of this method within the INVITE dialog.",
        request_in_dialog
    ),
    step!(
        concat!(who!(), " has stopped reading"),
        "Carol has stopped reading",
        "Somebody takes nothing from the MSRP connection any more.",
        stop_reading
    ),
    step!(
        concat!(who!(), " has stopped answering"),
        "Carol has stopped answering",
        "Somebody answers no SEND any more.",
        stop_answering
    ),
];

async fn leaves(world: &mut World, args: StepArgs) -> StepResult {
    leave(world, args.get(0)).await
}

async fn has_left(world: &mut World, args: StepArgs) -> StepResult {
    leave(world, args.get(0)).await?;
    let Some(key) = world.actors.player(args.get(0))?.bye else {
        return Err(Halt::error("a BYE", "the peer sent none"));
    };
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(response) if response.status() == Some(200) => Ok(()),
        other => Err(world.unmet(&args, "200 to the BYE", &other.in_words(), other.evidence("the answer to the BYE"))),
    }
}

async fn has_left_listening(world: &mut World, args: StepArgs) -> StepResult {
    keeps_connection(world, args.clone()).await?;
    has_left(world, args).await
}

async fn keeps_connection(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    player.actor.act(|participant, _| participant.conduct_mut().keeps_streams = true);
    Ok(())
}

async fn leave(world: &mut World, who: &str) -> StepResult {
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    let key = player.actor.act(|participant, now| participant.bye(now, call));
    let key = key.ok_or_else(|| Halt::error(format!("a dialog of {who}"), "there is none"))?;
    player.bye = Some(key);
    player.asked_sip = Asked::Sip(key);
    world.sip_answer(who, key).await.map(drop)
}

async fn loses_connection(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    player.actor.act(|participant, now| {
        if let Some(connection) = participant.session(call).and_then(|session| session.connection) {
            participant.close(now, connection);
        }
    });
    player.connected = false;
    Ok(())
}

async fn request_in_dialog(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let key = player
        .actor
        .act(|participant, now| participant.request_in_call(now, call, args.get(1), RequestOptions::default()))
        .ok_or_else(|| Halt::error(format!("a dialog of {}", args.get(0)), "there is none"))?;
    player.asked_sip = Asked::Sip(key);
    Ok(())
}

async fn stop_reading(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    player.hears_text = false;
    player.actor.act(|participant, _| participant.stop_reading(call, true));
    Ok(())
}

async fn stop_answering(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    player.actor.act(|participant, _| participant.conduct_mut().answers_sends = false);
    Ok(())
}
