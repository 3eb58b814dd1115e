//! CANCEL, where it is in time and where it is not (RFC 3261, 9).

use std::time::Duration;

use super::joining::appear;
use crate::peer::{CallState, InviteOptions, RequestOptions};
use crate::suite::scene::Asked;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " calls the room and is kept waiting"),
        "Alice calls the room and is kept waiting",
        "An INVITE that has got a provisional response and no final one yet.",
        calls_and_waits
    ),
    step!(
        concat!(who!(), " calls the room"),
        "Alice calls the room",
        "An INVITE is sent, and nothing is waited for.",
        calls
    ),
    step!(
        concat!(who!(), " cancels under another branch"),
        "Alice cancels under another branch",
        "CANCEL for the pending INVITE in all but the branch of Via: it belongs to no transaction.",
        cancels_elsewhere
    ),
    step!(
        concat!(who!(), " cancels the INVITE that was answered"),
        "Alice cancels the INVITE that was answered",
        "CANCEL with the branch of an INVITE that has its final response.",
        cancels_late
    ),
    step!(
        concat!(who!(), " cancels an INVITE that (?:he|she) never sent"),
        "Alice cancels an INVITE that she never sent",
        "CANCEL that belongs to nothing, by somebody who has no credentials to show.",
        cancels_nothing
    ),
    step!(
        concat!("the focus lets ", who!(), " in all the same"),
        "the focus lets Alice in all the same",
        "The pending INVITE gets a 2xx, and the session is put in place.",
        lets_in
    ),
];

/// An INVITE that is out, with the key under which its answers are found.
async fn call_without_waiting(world: &mut World, name: &str, options: InviteOptions) -> StepResult {
    if !world.actors.has(name) {
        appear(world, name, "").await?;
    }
    let player = world.actors.player_mut(name)?;
    let call = player.actor.act(|participant, now| participant.invite(now, options));
    player.call = Some(call);
    player.connected = true;
    let invite = player.actor.look(|participant| participant.session(call).map(|session| session.invite));
    player.asked_sip = invite.map_or(Asked::Nothing, Asked::Sip);
    Ok(())
}

async fn calls(world: &mut World, args: StepArgs) -> StepResult {
    call_without_waiting(world, args.get(0), InviteOptions::default()).await
}

async fn calls_and_waits(world: &mut World, args: StepArgs) -> StepResult {
    call_without_waiting(world, args.get(0), InviteOptions::default()).await?;
    let player = world.actors.player(args.get(0))?;
    let Asked::Sip(invite) = player.asked_sip else { return Err(Halt::error("an INVITE", "the peer sent none")) };
    let provisional = player.actor.wait(world.patience(), |participant| {
        let responses = participant.sip_responses(invite);
        responses.first().and_then(|response| response.status()).map(|status| status < 200)
    });
    if provisional.await == Ok(true) {
        return Ok(());
    }
    Err(Halt::inconclusive("a provisional response first", "a final one came, or none"))
}

async fn cancels_elsewhere(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let key = player.actor.act(|participant, now| participant.cancel_elsewhere(now, call));
    player.asked_sip = key.map_or(Asked::Nothing, Asked::Sip);
    Ok(())
}

async fn cancels_late(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let key = player.actor.act(|participant, now| participant.cancel_regardless(now, call));
    player.asked_sip = key.map_or(Asked::Nothing, Asked::Sip);
    Ok(())
}

async fn cancels_nothing(world: &mut World, args: StepArgs) -> StepResult {
    if !world.actors.has(args.get(0)) {
        appear(world, args.get(0), "without credentials").await?;
    }
    let player = world.actors.player_mut(args.get(0))?;
    let key = player.actor.act(|participant, now| participant.request(now, "CANCEL", RequestOptions::default()));
    player.asked_sip = Asked::Sip(key);
    Ok(())
}

async fn lets_in(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    // Beyond the usual patience: the room answers slowly.
    let patience = world.patience() + Duration::from_secs(5);
    let settled = player.actor.wait(patience, |participant| {
        let session = participant.session(call)?;
        let over = matches!(session.state, CallState::Refused(_) | CallState::TimedOut | CallState::Ended);
        (session.is_joined() || over).then_some(session.is_joined())
    });
    match settled.await {
        Ok(true) => {
            world.actors.player_mut(args.get(0))?.was_in = true;
            Ok(())
        }
        Ok(false) => Err(world.unmet(&args, "a session in the room", "the INVITE came to nothing", Vec::new())),
        Err(error) => Err(world.unmet(&args, "a session in the room", &error.to_string(), Vec::new())),
    }
}
