//! What YAML scenarios do beyond feature files: participants with choices of their own, pauses and waits, values that
//! are kept, requests in pieces.

use std::time::Duration;

use super::roster::{fetch, user};
use super::talking::{cut_off, marked, utter};
use crate::peer::SendOptions;
use crate::suite::expectation::Answer;
use crate::suite::scene::{Asked, Casting, unquote};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::wire::edit::Edit;
use crate::{step, who};

/// How long between two looks at the roster.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " takes part with"),
        "Alice takes part with",
        "The rows of the table, key and value, say how this participant joins: user, display-name, username, password, \
         transport, chatroom, accept-types, accept-wrapped-types, setup, direction, max-size, tls.",
        takes_part
    ),
    step!(
        r"nothing is done for (\d+(?:\.\d+)?) s",
        "nothing is done for 0.5 s",
        "A pause of so many seconds, in which participants go on answering.",
        pause
    ),
    step!(
        concat!(who!(), r" waits until the roster shows (\d+) participants, (\d+(?:\.\d+)?) s at most"),
        "Alice waits until the roster shows 3 participants, 5 s at most",
        "The roster is fetched until it has so many users.",
        wait_for_count
    ),
    step!(
        concat!(who!(), " waits until the roster (shows|does not show) ", who!(), r", (\d+(?:\.\d+)?) s at most"),
        "Alice waits until the roster shows Bob, 5 s at most",
        "The roster is fetched until this participant is, or is not, in it.",
        wait_for_user
    ),
    step!(
        concat!(who!(), r#" waits for a message with "([^"]*)", (\d+(?:\.\d+)?) s at most"#),
        "Alice waits for a message with \"hello\", 5 s at most",
        "A whole message with this text in its content comes to this participant, from whomever, or has come before.",
        wait_for_message
    ),
    step!(
        concat!(r#"the header "([^"]*)" of the answer to "#, who!(), r#" is kept as "([^"]*)""#),
        "the header \"To-Path\" of the answer to Alice is kept as \"path\"",
        "The value in the response to the last MSRP request stands for the name in braces from here on.",
        keep_header
    ),
    step!(
        concat!(who!(), r#" says "([^"]*)" with the edits"#),
        "Alice says \"hello\" with the edits",
        "A regular message whose MSRP headers are damaged as the table's rows say: drop, duplicate, replace or insert, and \
         the name, or name and value.",
        say_with_edits
    ),
    step!(
        concat!(who!(), " sends the octets"),
        "Alice sends the octets",
        "The doc string goes out on the MSRP connection as it stands, {x0D} and the like made octets; no answer is expected.",
        send_octets
    ),
    step!(
        concat!(who!(), r" sends the request in (\d+) pieces, (\d+(?:\.\d+)?) s apart"),
        "Alice sends the request in 10 pieces, 0.01 s apart",
        "As `sends the request`, in so many writes with pauses between them.",
        send_in_pieces
    ),
    step!(
        concat!(who!(), " breaks a message off"),
        "Alice breaks a message off",
        "The first chunk of a regular message, flagged `#`: the rest will not come.",
        break_off
    ),
];

async fn takes_part(world: &mut World, args: StepArgs) -> StepResult {
    let mut casting = Casting::default();
    for row in args.table()? {
        let [key, value] = row.as_slice() else { return Err(Halt::error("rows of key and value", format!("{row:?}"))) };
        if !casting.set(key, value) {
            return Err(Halt::error("a choice of a participant", format!("'{key}'")));
        }
    }
    world.actors.cast(args.get(0), casting);
    Ok(())
}

async fn pause(world: &mut World, args: StepArgs) -> StepResult {
    let pause = seconds(&args, 0)?;
    world.settings.clock.sleep_until(world.settings.clock.now() + pause).await;
    Ok(())
}

fn seconds(args: &StepArgs, group: usize) -> Result<Duration, Halt> {
    let seconds = args.parse(group, "a number of seconds")?;
    Duration::try_from_secs_f64(seconds).map_err(|error| Halt::error("a number of seconds", error.to_string()))
}

async fn wait_for_count(world: &mut World, args: StepArgs) -> StepResult {
    let count: usize = args.parse(1, "a number of participants")?;
    let bound = seconds(&args, 2)?;
    let show = |users: usize| format!("{users} participants");
    wait_for_roster(world, &args, bound, |document| {
        let users = document.users.len();
        if users == count { Ok(()) } else { Err(show(users)) }
    })
    .await
}

async fn wait_for_user(world: &mut World, args: StepArgs) -> StepResult {
    let wanted = args.get(1) == "shows";
    let uri = match world.actors.has(args.get(2)) {
        true => world.actors.player(args.get(2))?.uri.clone(),
        false => String::new(),
    };
    let bound = seconds(&args, 3)?;
    wait_for_roster(world, &args, bound, |document| match user(document, &uri).is_some() == wanted {
        true => Ok(()),
        false => Err(if wanted { "the roster does not" } else { "the roster does" }.to_owned()),
    })
    .await
}

async fn wait_for_roster(
    world: &World,
    args: &StepArgs,
    bound: Duration,
    right: impl Fn(&crate::wire::conference_info::ConferenceInfo) -> Result<(), String>,
) -> StepResult {
    let deadline = world.settings.clock.now() + bound;
    loop {
        let (observed, evidence) = match fetch(world).await? {
            Ok((document, evidence)) => match right(&document) {
                Ok(()) => return Ok(()),
                Err(observed) => (observed, evidence),
            },
            Err(trouble) => (trouble, Vec::new()),
        };
        let now = world.settings.clock.now();
        if now >= deadline {
            return Err(world.unmet(args, &args.text, &observed, evidence));
        }
        world.settings.clock.sleep_until(deadline.min(now + LOOK_AGAIN)).await;
    }
}

async fn wait_for_message(world: &mut World, args: StepArgs) -> StepResult {
    let wanted = args.get(1).as_bytes();
    let bound = seconds(&args, 2)?;
    let player = world.actors.player(args.get(0))?;
    let found = player.actor.wait(bound, |participant| {
        participant.messages().iter().find_map(|delivered| {
            let wrapper = delivered.complete.then(|| CpimMessage::parse(delivered.body.clone()).tree)?;
            memchr::memmem::find(&wrapper.content, wanted).map(drop)
        })
    });
    match found.await {
        Ok(()) => Ok(()),
        Err(error) => Err(world.unmet(&args, &args.text, &error.to_string(), Vec::new())),
    }
}

async fn keep_header(world: &mut World, args: StepArgs) -> StepResult {
    let transaction = super::answers::last_transaction(world, args.get(1))?;
    let expected = format!("the header {}", args.get(0));
    match world.msrp_answer(args.get(1), &transaction).await? {
        Answer::Response(response) => match response.header(args.get(0)) {
            Some(value) => {
                world.actors.keep(args.get(2), value);
                Ok(())
            }
            None => {
                Err(world.unmet(&args, &expected, "it is not there", Answer::Response(response).evidence("the answer")))
            }
        },
        other => Err(world.unmet(&args, &expected, &other.in_words(), Vec::new())),
    }
}

async fn say_with_edits(world: &mut World, args: StepArgs) -> StepResult {
    let mut edits = Vec::new();
    for row in args.table()? {
        let [kind, text] = row.as_slice() else {
            return Err(Halt::error("rows of an edit and a text", format!("{row:?}")));
        };
        let line = || unquote(&format!("{text}\r\n")).into();
        edits.push(match (kind.as_str(), text.split_once(": ")) {
            ("drop", _) => Edit::Drop(text.clone()),
            ("duplicate", _) => Edit::Duplicate(text.clone()),
            ("insert", _) => Edit::Insert(None, line()),
            ("replace", Some((name, value))) => Edit::Replace(name.to_owned(), unquote(value).into()),
            _ => return Err(Halt::error("drop, duplicate, replace or insert", format!("'{kind}'"))),
        });
    }
    let (mark, content) = marked(world, args.get(1));
    utter(world, args.get(0), None, mark, SendOptions { edits, ..SendOptions::text(content) }).await
}

async fn send_octets(world: &mut World, args: StepArgs) -> StepResult {
    let nonce = world.actors.nonce().to_owned();
    let octets = unquote(&world.actors.fill(&world.settings, &nonce, args.docstring()?));
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let sent = player.actor.act(|participant, now| participant.raw_msrp(now, call, octets.into()));
    sent.ok_or_else(|| cut_off(args.get(0)))
}

async fn send_in_pieces(world: &mut World, args: StepArgs) -> StepResult {
    let pieces: usize = args.parse(1, "a number of pieces")?;
    let pause = seconds(&args, 2)?;
    let (transaction, octets) = super::raw::request(world, &args)?;
    let length = octets.len().div_ceil(pieces.max(1)).max(1);
    for (number, piece) in octets.chunks(length).enumerate() {
        if number > 0 {
            world.settings.clock.sleep_until(world.settings.clock.now() + pause).await;
        }
        let player = world.actors.player(args.get(0))?;
        let (call, piece) = (player.call()?, bytes::Bytes::copy_from_slice(piece));
        let sent = player.actor.act(|participant, now| participant.raw_msrp(now, call, piece));
        sent.ok_or_else(|| cut_off(args.get(0)))?;
    }
    world.actors.player_mut(args.get(0))?.asked = Asked::Msrp(vec![transaction]);
    Ok(())
}

async fn break_off(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = super::talking::filled(world, 6000, "text");
    let chunks = super::talking::chunks_of(2048);
    let options = SendOptions { content, chunks, stop_after: Some(1), abort: true, ..SendOptions::default() };
    utter(world, args.get(0), None, mark, options).await
}
