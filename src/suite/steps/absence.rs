//! Who does not receive what was said, and who can still talk.
//!
//! That something does not arrive is shown, not waited for: the same sender says something else to the room, and once
//! everybody has that, what is not there was not sent.

use super::hearing::{body_evidence, same_uri, sent_evidence, wait_for, what_came_instead};
use super::talking::{cut_off, marked};
use crate::judge::verdict::Evidence;
use crate::peer::SendOptions;
use crate::suite::expectation::Answer;
use crate::suite::scene::{Utterance, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " does not receive it"),
        "Carol does not receive it",
        "The message said last does not arrive there: a later message of the same sender does, and it is not before it.",
        does_not_receive
    ),
    step!(
        concat!("it is kept from ", who!()),
        "it is kept from Dave",
        "As `does not receive it`, where the level of the case decides: the standard only recommends to keep it away.",
        is_kept_from
    ),
    step!(
        "nobody(?: else)? receives (?:it|any part of it)",
        "nobody receives it",
        "No part of the message said last arrives at anybody but its sender.",
        nobody_receives
    ),
    step!(
        concat!(who!(), " receives no (?:copy|part) of it"),
        "Alice receives no copy of it",
        "No part of the message said last comes to this session.",
        receives_no_part
    ),
    step!(
        concat!(who!(), " does not receive it in the second chat room"),
        "Alice does not receive it in the second chat room",
        "The message said last does not come in the session of the other room.",
        not_in_second_room
    ),
    step!(
        concat!(who!(), " still has (?:his|her|the) session"),
        "Alice still has her session",
        "A SEND without a body is answered with 200 on the connection that was there. Where the case recommends that only, the          others do without this participant from here on.",
        has_session
    ),
    step!(
        concat!(who!(), " can still talk to the room"),
        "Bob can still talk to the room",
        "A message of this participant is answered with 200 and reaches everybody else who is there: the session works.",
        can_still_talk
    ),
    step!(
        concat!(who!(), " receives nothing from it"),
        "Bob receives nothing from it",
        "Nothing has come to this participant but what the case had others say.",
        receives_nothing
    ),
];

async fn does_not_receive(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    stays_away(world, &args, &it, &super::names(args.get(0))).await
}

async fn is_kept_from(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    sentinel(world, &args, &it.by).await?;
    match arrived(world, args.get(0), &it)? {
        None => Ok(()),
        Some(evidence) => {
            let expected = format!("{} does not receive the message of {}", args.get(0), it.by);
            Err(world.unmet(&args, &expected, "it arrived", evidence))
        }
    }
}

async fn nobody_receives(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let others: Vec<String> =
        world.actors.players().iter().map(|player| player.name.clone()).filter(|name| *name != it.by).collect();
    stays_away(world, &args, &it, &others).await
}

async fn receives_no_part(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    stays_away(world, &args, &it, &[args.get(0).to_owned()]).await
}

/// A message does not arrive at any of these, nor any part of it.
pub(super) async fn stays_away(world: &mut World, args: &StepArgs, it: &Utterance, from: &[String]) -> StepResult {
    // The sentinel goes the way of the message. Whether the sender itself got a copy, somebody else's sentinel shows.
    let witness = match from {
        [only] if *only == it.by => {
            let other = world.actors.present().into_iter().find(|name| *name != it.by);
            other.unwrap_or_else(|| it.by.clone())
        }
        _ => it.by.clone(),
    };
    sentinel(world, args, &witness).await?;
    for name in from {
        if let Some(evidence) = arrived(world, name, it)? {
            let expected = format!("{name} does not receive the message of {}", it.by);
            return Err(world.unmet_in_any_case(args, &expected, "it arrived", evidence));
        }
    }
    Ok(())
}

/// The same where the sender is not one of the room: somebody else's sentinel shows it.
pub(super) async fn stays_away_while(
    world: &mut World,
    args: &StepArgs,
    it: &Utterance,
    from: &str,
    witness: &str,
) -> StepResult {
    sentinel(world, args, witness).await?;
    match arrived(world, from, it)? {
        None => Ok(()),
        Some(evidence) => {
            let expected = format!("{from} does not receive the message of {}", it.by);
            Err(world.unmet_in_any_case(args, &expected, "it arrived", evidence))
        }
    }
}

/// What came of a message; of a request without a body, anything with its Message-ID.
fn arrived(world: &World, name: &str, it: &Utterance) -> Result<Option<Vec<Evidence>>, Halt> {
    let caption = format!("what {name} received");
    let found = world.actors.player(name)?.actor.look(|participant| {
        let message = participant.messages().iter().find(|delivered| it.is_part(delivered)).map(body_evidence);
        let bodiless = || {
            it.stimulus.body.is_empty().then_some(())?;
            participant.seen().iter().find_map(|seen| match &seen.what {
                crate::peer::SeenKind::MsrpRequest { message, octets, .. }
                    if message.message_id().is_some_and(|id| id.as_bytes() == it.mark) =>
                {
                    Some(received(&caption, octets.clone()))
                }
                _ => None,
            })
        };
        message.or_else(bodiless)
    });
    Ok(found.map(|found| {
        let mut evidence = sent_evidence(world, it);
        evidence.push(Evidence { caption: caption.clone(), ..found });
        evidence
    }))
}

/// Somebody says something to the room, and everybody who is there and listens has it.
pub(super) async fn sentinel(world: &mut World, args: &StepArgs, by: &str) -> StepResult {
    let (mark, content) = marked(world, "sentinel");
    let player = world.actors.player(by)?;
    let call = player.call()?;
    let uri = player.uri.clone();
    let facts = player.actor.act(|participant, now| {
        participant.send(now, call, SendOptions { from: Some(uri), ..SendOptions::text(content) })
    });
    let facts = facts.ok_or_else(|| cut_off(by))?;
    if let Some(transaction) = facts.transactions.last() {
        match world.msrp_answer(by, transaction).await? {
            Answer::Response(response) if response.status() == Some(200) => {}
            other => {
                let mut evidence =
                    world.actors.request_evidence(&format!("a message of {by} to the room"), transaction);
                evidence.extend(other.evidence("the answer"));
                let expected = format!("{by} can still talk to the room: 200");
                return Err(world.unmet_in_any_case(args, &expected, &other.in_words(), evidence));
            }
        }
    }
    let it = Utterance { by: by.to_owned(), to: None, mark, stimulus: facts.into(), sent: 0 };
    // Who is gone can receive nothing: that would prove nothing.
    if let Some(lost) =
        world.actors.players().iter().find(|player| player.room == world.actors.logical_room() && player.is_lost())
    {
        let expected = format!("{} is still in the room", lost.name);
        return Err(world.unmet_in_any_case(args, &expected, "the session is not in place any more", Vec::new()));
    }
    let listeners: Vec<String> = world
        .actors
        .present()
        .into_iter()
        .filter(|name| name != by && world.actors.player(name).is_ok_and(|player| player.hears_text))
        // Whether the author's other devices get a copy is left open (T29).
        .filter(|name| !same_user(name, by))
        .collect();
    for name in listeners {
        if wait_for(world, &name, &it, world.patience()).await?.is_none() {
            let (observed, mut evidence) = what_came_instead(world.actors.player(&name)?, &it);
            evidence.splice(0..0, sent_evidence(world, &it));
            let expected = format!("{name} receives a later message of {by} to the room");
            return Err(world.unmet_in_any_case(args, &expected, &observed, evidence));
        }
    }
    Ok(())
}

fn same_user(one: &str, other: &str) -> bool {
    let user = |name: &str| name.split('\'').next().unwrap_or_default().to_owned();
    user(one) == user(other)
}

async fn has_session(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let probe = player
        .actor
        .act(|participant, now| participant.send(now, call, SendOptions::bodiless())?.transactions.into_iter().next());
    let answer = match probe {
        Some(transaction) => world.msrp_answer(args.get(0), &transaction).await?,
        None => Answer::Closed,
    };
    if matches!(&answer, Answer::Response(response) if response.status() == Some(200)) {
        return Ok(());
    }
    world.actors.player_mut(args.get(0))?.hears_text = false;
    let expected = format!("the session of {}", args.get(0));
    Err(world.unmet(&args, &expected, &answer.in_words(), answer.evidence("the answer of the switch")))
}

async fn can_still_talk(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    if !player.is_present() {
        let expected = format!("{} is in the room and can talk", args.get(0));
        // Who was never let in lacks what the case is about, and not the room that works on.
        if !player.was_in && !player.is_established() {
            return Err(world.unmet(&args, &expected, "the room did not let them in", Vec::new()));
        }
        return Err(world.unmet_in_any_case(&args, &expected, "the session is not in place", Vec::new()));
    }
    sentinel(world, &args, args.get(0)).await
}

async fn not_in_second_room(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    sentinel(world, &args, &it.by).await?;
    let player = world.actors.player(args.get(0))?;
    let second = player.second_call;
    let found = player.actor.look(|participant| {
        participant
            .messages()
            .iter()
            .find(|delivered| delivered.call.is_some() && delivered.call == second && it.is_part(delivered))
            .map(body_evidence)
    });
    match found {
        None => Ok(()),
        Some(found) => {
            Err(world.unmet(&args, "the message stays in its room", "it arrived in the other one", vec![found]))
        }
    }
}

async fn receives_nothing(world: &mut World, args: StepArgs) -> StepResult {
    let others = world.actors.present().into_iter().find(|name| name != args.get(0));
    if let Some(other) = others {
        sentinel(world, &args, &other).await?;
    }
    let nonce = world.actors.nonce().to_owned();
    let room = world.actors.room_uri(&world.settings).to_string();
    let strange = world.actors.player(args.get(0))?.actor.look(|participant| {
        participant
            .messages()
            .iter()
            .filter(|delivered| !delivered.body.is_empty())
            // The room's own notices are its right (T22); so is what other people say in a room that is in use.
            .find(|delivered| {
                let wrapper = CpimMessage::parse(delivered.body.clone()).tree;
                let from = wrapper.froms();
                let ours = from.iter().any(|from| from.uri.contains(&nonce));
                !from.iter().any(|from| same_uri(&from.uri, &room))
                    && ours
                    && memchr::memmem::find(&delivered.body, b"sentinel").is_none()
            })
            .map(body_evidence)
    });
    match strange {
        None => Ok(()),
        Some(evidence) => Err(world.unmet(&args, "nothing", "a message arrived", vec![evidence])),
    }
}
