//! Messages in several chunks.

use std::time::Duration;

use super::talking::{chunks_of, cut_off, filled, utter};
use crate::peer::{Chunks, Delivered, SendOptions};
use crate::suite::profile::LogicalRoom;
use crate::suite::scene::{Asked, Stimulus, Utterance};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::Flag;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(
            who!(),
            r#" says (\d+) octets(?: signed as "#,
            who!(),
            r#")? in chunks of (\d+) octets(?: with the header "([^"]*)")?"#
        ),
        "Alice says 6000 octets in chunks of 2048 octets",
        "A regular message whose SENDs carry so many octets of the body each.",
        say_in_chunks
    ),
    step!(
        concat!(who!(), r" whispers (\d+) octets to ", who!(), r" in chunks of (\d+) octets"),
        "Alice whispers 6000 octets to Bob in chunks of 2048 octets",
        "A private message in several SENDs.",
        whisper_in_chunks
    ),
    step!(
        concat!(who!(), r" says two messages of (\d+) octets with their chunks interleaved"),
        "Alice says two messages of 5000 octets with their chunks interleaved",
        "Two regular messages of one session whose SENDs alternate.",
        two_interleaved
    ),
    step!(
        concat!(
            who!(),
            " and ",
            who!(),
            r" say messages of (\d+) octets with the same Message-ID and their chunks interleaved"
        ),
        "Alice and Bob say messages of 5000 octets with the same Message-ID and their chunks interleaved",
        "Two regular messages of two sessions with one Message-ID, their SENDs alternating.",
        two_senders_interleaved
    ),
    step!(
        concat!(
            who!(),
            r" whispers (\d+) octets to ",
            who!(),
            r" and says (\d+) octets to the room with their chunks interleaved"
        ),
        "Alice whispers 5000 octets to Bob and says 5000 octets to the room with their chunks interleaved",
        "A private and a regular message of one session whose SENDs alternate.",
        whisper_and_say_interleaved
    ),
    step!(
        concat!(who!(), " (?:sends|has sent) the first chunk of a message"),
        "Alice sends the first chunk of a message",
        "The first 2048 of 4096 octets of a regular message, flagged to go on; the chunk is answered with 200.",
        first_chunk
    ),
    step!(
        concat!(who!(), " sends the last chunk"),
        "Alice sends the last chunk",
        "The rest of the message that was begun.",
        last_chunk
    ),
    step!(
        concat!(who!(), " sends the last chunk of a message that (?:he|she) never began"),
        "Alice sends the last chunk of a message that she never began",
        "A SEND whose Byte-Range starts in the middle, under a Message-ID not seen before.",
        unknown_last_chunk
    ),
    step!(
        concat!(who!(), " aborts the message"),
        "Alice aborts the message",
        "A chunk flagged `#` ends the message that was begun.",
        abort
    ),
    step!(
        concat!(who!(), " (?:receives|has received) the beginning of it"),
        "Bob receives the beginning of it",
        "A chunk of the message said last arrives while the rest has not been sent.",
        receives_beginning
    ),
    step!(
        concat!("when ", who!(), " sends the last chunk, ", who!(), " receives it octet for octet"),
        "when Alice sends the last chunk, Bob receives it octet for octet",
        "The rest of the message is sent, and the whole arrives.",
        last_chunk_received
    ),
    step!(
        concat!(who!(), " does not get the message as complete"),
        "Bob does not get the message as complete",
        "The message that was begun never arrives as a whole, unaborted message.",
        not_complete
    ),
    step!(
        concat!("an abort chunk, if the switch sends one, ends the message that ", who!(), " had begun to receive"),
        "an abort chunk, if the switch sends one, ends the message that Bob had begun to receive",
        "Every chunk flagged `#` belongs to the message that was begun.",
        abort_is_right
    ),
    step!(
        "the chunk reception timer has run out",
        "the chunk reception timer has run out",
        "Waits for the seconds that the profile names for the room, and a little longer.",
        timer_has_run_out
    ),
    step!(concat!(who!(), r" pauses for (\d+) seconds?"), "Alice pauses for 2 seconds", "Waits.", pause),
];

async fn say_in_chunks(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = filled(world, args.parse(1, "a number of octets")?, "text");
    let from = match args.get(2) {
        "" => None,
        name => Some(world.actors.player(name)?.uri.clone()),
    };
    let success_report = args.get(4).strip_prefix("Success-Report: ").map(str::to_owned);
    let chunks = chunks_of(args.parse(3, "a number of octets")?);
    let options = SendOptions { content, from, chunks, success_report, ..SendOptions::default() };
    utter(world, args.get(0), None, mark, options).await
}

async fn whisper_in_chunks(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = filled(world, args.parse(1, "a number of octets")?, "text");
    let to = world.actors.player(args.get(2))?.uri.clone();
    let chunks = chunks_of(args.parse(3, "a number of octets")?);
    let options = SendOptions { content, to: Some(to), chunks, ..SendOptions::default() };
    utter(world, args.get(0), Some(args.get(2).to_owned()), mark, options).await
}

/// A message prepared to be sent in parts.
struct Part {
    by: String,
    to: Option<String>,
    mark: bytes::Bytes,
    options: SendOptions,
    length: usize,
    transactions: Vec<String>,
}

fn prepare(world: &mut World, by: &str, to: Option<&str>, octets: usize, id: String) -> Result<Part, Halt> {
    let (mark, content) = filled(world, octets, "text");
    let own = world.actors.player(by)?.uri.clone();
    let address = match to {
        Some(name) => world.actors.player(name)?.uri.clone(),
        None => world.actors.room_uri(&world.settings).to_string(),
    };
    let wrapper = CpimMessage::new(&format!("<{own}>"), &format!("<{address}>"), "text/plain", content).octets();
    let length = wrapper.len();
    let options = SendOptions { raw_cpim: Some(wrapper), message_id: Some(id), ..SendOptions::default() };
    Ok(Part { by: by.to_owned(), to: to.map(str::to_owned), mark, options, length, transactions: Vec::new() })
}

/// Sends the parts in turns, 1024 octets each, and remembers each as said.
async fn interleave(world: &mut World, mut parts: Vec<Part>) -> StepResult {
    const STRIDE: usize = 1024;
    let longest = parts.iter().map(|part| part.length).max().unwrap_or_default();
    for start in (0..longest).step_by(STRIDE) {
        for part in &mut parts {
            if start >= part.length {
                continue;
            }
            let range = start..(start + STRIDE).min(part.length);
            let stop_after = (range.end < part.length).then_some(1);
            let options = SendOptions { chunks: Chunks::Ranges(vec![range]), stop_after, ..part.options.clone() };
            let player = world.actors.player(&part.by)?;
            let call = player.call()?;
            let facts = player.actor.act(|participant, now| participant.send(now, call, options));
            part.transactions.extend(facts.ok_or_else(|| cut_off(&part.by))?.transactions);
        }
    }
    for part in parts {
        let stimulus = Stimulus {
            message_id: part.options.message_id.clone().unwrap_or_default(),
            transactions: part.transactions.clone(),
            body: part.options.raw_cpim.clone().unwrap_or_default(),
        };
        world.actors.player_mut(&part.by)?.asked = Asked::Msrp(part.transactions);
        world.actors.said(Utterance { by: part.by, to: part.to, mark: part.mark, stimulus, sent: part.length });
    }
    Ok(())
}

async fn two_interleaved(world: &mut World, args: StepArgs) -> StepResult {
    let octets = args.parse(1, "a number of octets")?;
    let (one, other) = (fresh_id(world), fresh_id(world));
    let parts =
        vec![prepare(world, args.get(0), None, octets, one)?, prepare(world, args.get(0), None, octets, other)?];
    interleave(world, parts).await
}

async fn two_senders_interleaved(world: &mut World, args: StepArgs) -> StepResult {
    let octets = args.parse(2, "a number of octets")?;
    let id = fresh_id(world);
    let parts =
        vec![prepare(world, args.get(0), None, octets, id.clone())?, prepare(world, args.get(1), None, octets, id)?];
    interleave(world, parts).await
}

async fn whisper_and_say_interleaved(world: &mut World, args: StepArgs) -> StepResult {
    let (one, other) = (fresh_id(world), fresh_id(world));
    let parts = vec![
        prepare(world, args.get(0), Some(args.get(2)), args.parse(1, "a number of octets")?, one)?,
        prepare(world, args.get(0), None, args.parse(3, "a number of octets")?, other)?,
    ];
    interleave(world, parts).await
}

fn fresh_id(world: &mut World) -> String {
    format!("id{}", world.actors.fresh_nonce())
}

const WHOLE: usize = 4096;
pub(super) const FIRST: usize = 2048;

async fn first_chunk(world: &mut World, args: StepArgs) -> StepResult {
    let id = fresh_id(world);
    let part = prepare(world, args.get(0), None, WHOLE, id)?;
    send_range(world, args.get(0), part, 0..FIRST).await?;
    super::talking::must_be_answered(world, &args, args.get(0)).await
}

async fn send_range(world: &mut World, who: &str, part: Part, range: std::ops::Range<usize>) -> StepResult {
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    let stop_after = (range.end < part.length).then_some(1);
    let options = SendOptions { chunks: Chunks::Ranges(vec![range.clone()]), stop_after, ..part.options.clone() };
    let facts = player.actor.act(|participant, now| participant.send(now, call, options));
    let facts = facts.ok_or_else(|| cut_off(who))?;
    player.asked = Asked::Msrp(facts.transactions.clone());
    let stimulus = Stimulus {
        message_id: part.options.message_id.clone().unwrap_or_default(),
        transactions: facts.transactions,
        body: part.options.raw_cpim.clone().unwrap_or_default(),
    };
    world.actors.said(Utterance { by: part.by, to: part.to, mark: part.mark, stimulus, sent: range.end });
    Ok(())
}

async fn last_chunk(world: &mut World, args: StepArgs) -> StepResult {
    go_on(world, args.get(0), false).await
}

async fn abort(world: &mut World, args: StepArgs) -> StepResult {
    go_on(world, args.get(0), true).await
}

/// Sends what is left of the message said last, or gives it up.
async fn go_on(world: &mut World, who: &str, give_up: bool) -> StepResult {
    let it = world.actors.it()?.clone();
    let end = if give_up { (it.sent + 100).min(it.stimulus.body.len() - 1) } else { it.stimulus.body.len() };
    let options = SendOptions {
        raw_cpim: Some(it.stimulus.body.clone()),
        message_id: Some(it.stimulus.message_id.clone()),
        chunks: Chunks::Ranges(std::iter::once(it.sent..end).collect()),
        abort: give_up,
        ..SendOptions::default()
    };
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    let facts = player.actor.act(|participant, now| participant.send(now, call, options));
    let facts = facts.ok_or_else(|| cut_off(who))?;
    player.asked = Asked::Msrp(facts.transactions.clone());
    let it = world.actors.it_mut()?;
    it.sent = end;
    it.stimulus.transactions.extend(facts.transactions);
    Ok(())
}

async fn unknown_last_chunk(world: &mut World, args: StepArgs) -> StepResult {
    let id = fresh_id(world);
    let part = prepare(world, args.get(0), None, WHOLE, id)?;
    let length = part.length;
    send_range(world, args.get(0), part, FIRST..length).await
}

async fn receives_beginning(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let begun = world.actors.player(args.get(0))?.actor.wait(world.patience(), |participant| {
        participant.messages().iter().any(|delivered| it.is(delivered)).then_some(())
    });
    match begun.await {
        Ok(()) => Ok(()),
        Err(error) => Err(world.unmet(&args, "the beginning before the end is sent", &error.to_string(), Vec::new())),
    }
}

async fn last_chunk_received(world: &mut World, args: StepArgs) -> StepResult {
    go_on(world, args.get(0), false).await?;
    let it = world.actors.it()?.clone();
    super::hearing::arrives(world, &args, args.get(1), &it, true).await
}

async fn not_complete(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let witness = if world.actors.player(&it.by)?.is_present() { it.by.clone() } else { args.get(0).to_owned() };
    if witness != args.get(0) || world.actors.present().len() > 1 {
        super::absence::sentinel(world, &args, &witness).await?;
    }
    // A `$` at the end of a message that has none says that it is complete, however much of it is missing.
    let ended = world.actors.player(args.get(0))?.actor.look(|participant| {
        let ends = |delivered: &Delivered| delivered.chunks.iter().any(|chunk| chunk.flag == Flag::Complete);
        participant.messages().iter().any(|delivered| it.is(delivered) && ends(delivered))
    });
    if ended {
        return Err(world.unmet(&args, "no complete message", "the message arrived as complete", Vec::new()));
    }
    Ok(())
}

async fn abort_is_right(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    super::absence::sentinel(world, &args, &it.by).await?;
    let stray = world.actors.player(args.get(0))?.actor.look(|participant| {
        participant
            .messages()
            .iter()
            .any(|delivered| delivered.chunks.first().is_some_and(|first| first.flag == Flag::Aborted))
    });
    if stray {
        let observed = "a chunk flagged # under a Message-ID that had no beginning";
        return Err(world.unmet(&args, "abort chunks of the message that was begun only", observed, Vec::new()));
    }
    Ok(())
}

async fn timer_has_run_out(world: &mut World, _args: StepArgs) -> StepResult {
    let entry = world.settings.profile.rooms.get(&LogicalRoom::ChunkTimer);
    let seconds = entry.and_then(|room| room.seconds).ok_or_else(|| {
        Halt::NotApplicable("the profile does not say how long the room's chunk reception timer is".to_owned())
    })?;
    wait(world, Duration::from_secs(seconds) + Duration::from_millis(500)).await
}

async fn pause(world: &mut World, args: StepArgs) -> StepResult {
    wait(world, Duration::from_secs(args.parse(1, "a number of seconds")?)).await
}

/// Lets time pass: only where the standard itself speaks of a timer.
pub(super) async fn wait(world: &World, duration: Duration) -> StepResult {
    let clock = world.settings.clock;
    clock.sleep_until(clock.now() + duration).await;
    Ok(())
}
