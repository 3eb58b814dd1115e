//! re-INVITEs: what a participant declares anew.

use crate::peer::{InviteOptions, Offer};
use crate::suite::expectation::Answer;
use crate::suite::scene::Asked;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " renews (?:his|her|the) session"),
        "Alice renews her session",
        "A re-INVITE that changes nothing.",
        renew
    ),
    step!(
        concat!(who!(), r#" tries to renew (?:his|her|the) session offering "([^"]*)""#),
        "Alice tries to renew her session offering \"text/plain\"",
        "A re-INVITE with other accept-types.",
        renew_offering
    ),
    step!(
        concat!(who!(), r#" has declared the chat tokens "([^"]*)""#),
        "Bob has declared the chat tokens \"nickname\"",
        "An accepted re-INVITE whose chatroom attribute has these tokens.",
        has_declared
    ),
    step!(
        concat!(who!(), " has renewed (?:his|her|the) session without the chatroom attribute"),
        "Bob has renewed his session without the chatroom attribute",
        "An accepted re-INVITE without the attribute.",
        has_renewed_without
    ),
];

async fn renew(world: &mut World, args: StepArgs) -> StepResult {
    reinvite(world, args.get(0), Some(Offer::default())).await
}

async fn renew_offering(world: &mut World, args: StepArgs) -> StepResult {
    let accept_types: Vec<String> = args.get(1).split(' ').map(str::to_owned).collect();
    if !crate::wire::sdp::Media::list_accepts(&accept_types, "message/cpim") {
        world.actors.player_mut(args.get(0))?.hears_text = false;
    }
    reinvite(world, args.get(0), Some(Offer { accept_types, ..Offer::default() })).await
}

async fn has_declared(world: &mut World, args: StepArgs) -> StepResult {
    let tokens = args.get(1).split(' ').map(str::to_owned).collect();
    reinvite(world, args.get(0), Some(Offer { chatroom: Some(tokens), ..Offer::default() })).await?;
    must_be_accepted(world, &args).await
}

async fn has_renewed_without(world: &mut World, args: StepArgs) -> StepResult {
    reinvite(world, args.get(0), Some(Offer { chatroom: None, ..Offer::default() })).await?;
    must_be_accepted(world, &args).await
}

/// A re-INVITE with this offer, or without one, and its final response.
pub(super) async fn reinvite(world: &mut World, who: &str, offer: Option<Offer>) -> StepResult {
    let player = world.actors.player(who)?;
    let call = player.call()?;
    let options = InviteOptions { offer, ..InviteOptions::default() };
    let key = player.actor.act(|participant, now| participant.re_invite(now, call, options));
    let key = key.ok_or_else(|| Halt::error(format!("a dialog of {who}"), "there is none"))?;
    world.actors.player_mut(who)?.asked_sip = Asked::Sip(key);
    world.sip_answer(who, key).await.map(drop)
}

pub(super) async fn must_be_accepted(world: &mut World, args: &StepArgs) -> StepResult {
    let Asked::Sip(key) = world.actors.player(args.get(0))?.asked_sip else {
        return Err(Halt::error("a SIP request in an earlier step", "there is none"));
    };
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(response) if response.status() == Some(200) => Ok(()),
        other => Err(world.unmet(args, "200 to the re-INVITE", &other.in_words(), other.evidence("the answer"))),
    }
}
