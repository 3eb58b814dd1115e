//! What is said to the room, and what is whispered.

use bytes::Bytes;

use crate::peer::{Chunks, SendOptions};
use crate::suite::expectation::Answer;
use crate::suite::profile::LogicalRoom;
use crate::suite::scene::{Asked, Stimulus, Utterance, unquote};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::sdp::Media;
use crate::{list, step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), r#" says "([^"]*)""#),
        "Alice says \"hello everybody\"",
        "A regular message to the room. A mark that occurs nowhere else in the run is appended to the text.",
        say
    ),
    step!(
        concat!(who!(), r#" says "([^"]*)" as "([^"]*)""#),
        "Alice says \"picture\" as \"image/png\"",
        "A regular message whose wrapped content has this type.",
        say_as
    ),
    step!(
        concat!(
            who!(),
            r#" (?:says|whispers) "([^"]*)"(?: to "#,
            who!(),
            r#")? with the headers? "([^"]*)"(?: and "([^"]*)")?"#
        ),
        "Alice says \"tell me\" with the header \"Success-Report: yes\"",
        "A regular or private message with Success-Report or Failure-Report.",
        say_with_headers
    ),
    step!(
        concat!(who!(), r" says (\d+) octets of (binary data|NULs|dashes|text|line ends)"),
        "Alice says 1000 octets of binary data",
        "A regular message with content of this kind and length.",
        say_octets
    ),
    step!(
        concat!(who!(), r" says (\d+) things without waiting for the answers"),
        "Alice says 10 things without waiting for the answers",
        "Regular messages, one right after the other.",
        say_many
    ),
    step!(
        concat!(who!(), r" says (\d+) messages of (\d+) octets"),
        "Alice says 100 messages of 20000 octets",
        "Long regular messages, each once the one before was answered.",
        say_many_long
    ),
    step!(
        concat!(list!(), " talk to the room in turns"),
        "Alice, Bob and Carol talk to the room in turns",
        "Three rounds in which everybody named says something.",
        talk_in_turns
    ),
    step!(
        concat!(who!(), r" has talked to the room (\d+) times"),
        "Alice has talked to the room 5 times",
        "Regular messages, each answered with 200.",
        has_talked
    ),
    step!(
        concat!(who!(), r#" whispers "([^"]*)" to "#, who!()),
        "Alice whispers \"meet me at noon\" to Bob",
        "A private message to a participant's URI.",
        whisper
    ),
    step!(
        concat!(who!(), r#" whispers "([^"]*)" to a stranger"#),
        "Alice whispers \"is anybody there\" to a stranger",
        "A private message to a URI of nobody in the room.",
        whisper_to_stranger
    ),
    step!(
        concat!(who!(), r#" whispers "([^"]*)" to the real address of "#, who!()),
        "Alice whispers \"I know you\" to the real address of Carol",
        "A private message to the address of record that anonymity must hide.",
        whisper_to_real_address
    ),
    step!(
        concat!(who!(), r#" whispers "([^"]*)" to the address "([^"]*)""#),
        "Alice whispers \"hello\" to the address \"sip:{bob-user}x@{bob-host}\"",
        "A private message whose To has this address; {bob-user}, {BOB-USER} and {bob-host} stand for parts of Bob's.",
        whisper_to_address
    ),
    step!(
        concat!(who!(), r" whispers (\d+) octets to ", who!()),
        "Alice whispers 20000 octets to Bob",
        "A long private message in one chunk.",
        whisper_octets
    ),
    step!(
        concat!(who!(), r#" sends "([^"]*)" as "([^"]*)" without the wrapper(?: and with the header "([^"]*)")?"#),
        "Alice sends \"hello\" as \"text/plain\" without the wrapper",
        "A SEND whose body is not Message/CPIM.",
        send_unwrapped
    ),
    step!(
        concat!(who!(), r#" sends the wrapper(?: with the headers? "([^"]*)"(?: and "([^"]*)")?)?"#),
        "Alice sends the wrapper",
        "A SEND whose Message/CPIM body is the doc string, line ends made CRLF; {room}, {alice}, {nonce} and their like \
         are filled in.",
        send_wrapper
    ),
];

async fn say(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    utter(world, args.get(0), None, mark, SendOptions::text(content)).await
}

async fn say_as(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    let content_type = args.get(2).replace("{nonce}", world.actors.nonce());
    must_be_accepted(world, args.get(0), &content_type)?;
    utter(world, args.get(0), None, mark, SendOptions { content_type, ..SendOptions::text(content) }).await
}

async fn say_with_headers(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    let mut options = SendOptions::text(content);
    let to = match args.get(2) {
        "" => None,
        name => {
            options.to = Some(world.actors.player(name)?.uri.clone());
            Some(name.to_owned())
        }
    };
    for header in [args.get(3), args.get(4)] {
        with_header(&mut options, header)?;
    }
    utter(world, args.get(0), to, mark, options).await
}

fn with_header(options: &mut SendOptions, header: &str) -> StepResult {
    match header.split_once(": ") {
        Some(("Success-Report", value)) => options.success_report = Some(value.to_owned()),
        Some(("Failure-Report", value)) => options.failure_report = Some(value.to_owned()),
        _ if header.is_empty() => {}
        _ => return Err(Halt::error("Success-Report or Failure-Report", format!("'{header}'"))),
    }
    Ok(())
}

async fn say_octets(world: &mut World, args: StepArgs) -> StepResult {
    let length = args.parse(1, "a number of octets")?;
    must_be_accepted(world, args.get(0), &content_type(args.get(2)))?;
    let (mark, content) = filled(world, length, args.get(2));
    let options = SendOptions { content, content_type: content_type(args.get(2)), ..SendOptions::default() };
    utter(world, args.get(0), None, mark, options).await
}

async fn say_many(world: &mut World, args: StepArgs) -> StepResult {
    let count: usize = args.parse(1, "a number of messages")?;
    for number in 1..=count {
        let (mark, content) = marked(world, &format!("thing {number}"));
        utter(world, args.get(0), None, mark, SendOptions::text(content)).await?;
    }
    Ok(())
}

async fn say_many_long(world: &mut World, args: StepArgs) -> StepResult {
    let count: usize = args.parse(1, "a number of messages")?;
    let length = args.parse(2, "a number of octets")?;
    for _ in 0..count {
        let (mark, content) = filled(world, length, "text");
        utter(world, args.get(0), None, mark, SendOptions { content, ..SendOptions::default() }).await?;
        must_be_answered(world, &args, args.get(0)).await?;
    }
    Ok(())
}

async fn talk_in_turns(world: &mut World, args: StepArgs) -> StepResult {
    for round in 1..=3 {
        for name in super::names(args.get(0)) {
            let (mark, content) = marked(world, &format!("round {round} of {name}"));
            utter(world, &name, None, mark, SendOptions::text(content)).await?;
            must_be_answered(world, &args, &name).await?;
        }
    }
    Ok(())
}

async fn has_talked(world: &mut World, args: StepArgs) -> StepResult {
    let count: usize = args.parse(1, "a number of messages")?;
    for number in 1..=count {
        let (mark, content) = marked(world, &format!("small talk {number}"));
        utter(world, args.get(0), None, mark, SendOptions::text(content)).await?;
        must_be_answered(world, &args, args.get(0)).await?;
    }
    Ok(())
}

async fn whisper(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    // To the address that others know: an anonymous participant's real one is what must not work (T27).
    let to = world.actors.player(args.get(2))?.uri.clone();
    utter(world, args.get(0), Some(args.get(2).to_owned()), mark, SendOptions::private(to, content)).await
}

async fn whisper_to_stranger(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    let to = format!("sip:stranger-{}@{}", world.actors.nonce(), world.settings.profile.domain);
    utter(world, args.get(0), Some("a stranger".to_owned()), mark, SendOptions::private(to, content)).await
}

async fn whisper_to_real_address(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    let to = world.actors.player(args.get(2))?.aor.clone();
    utter(world, args.get(0), Some(args.get(2).to_owned()), mark, SendOptions::private(to, content)).await
}

async fn whisper_to_address(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    let to = world.actors.fill(&world.settings, world.actors.nonce(), args.get(2));
    utter(world, args.get(0), Some(to.clone()), mark, SendOptions::private(to, content)).await
}

async fn whisper_octets(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = filled(world, args.parse(1, "a number of octets")?, "text");
    let to = world.actors.player(args.get(2))?.uri.clone();
    let options = SendOptions { to: Some(to), content, ..SendOptions::default() };
    utter(world, args.get(0), Some(args.get(2).to_owned()), mark, options).await
}

async fn send_unwrapped(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    let mut options =
        SendOptions { body: Some((Some(args.get(2).to_owned()), Some(content.into()))), ..SendOptions::default() };
    with_header(&mut options, args.get(3))?;
    utter(world, args.get(0), None, mark, options).await
}

async fn send_wrapper(world: &mut World, args: StepArgs) -> StepResult {
    let nonce = world.actors.fresh_nonce();
    let wrapper = world.actors.fill(&world.settings, &nonce, args.docstring()?).replace('\n', "\r\n");
    let mut options = SendOptions { raw_cpim: Some(unquote(&wrapper).into()), ..SendOptions::default() };
    with_header(&mut options, args.get(1))?;
    with_header(&mut options, args.get(2))?;
    utter(world, args.get(0), None, nonce.into(), options).await
}

/// The text with a mark of its own behind it.
pub(super) fn marked(world: &mut World, text: &str) -> (Bytes, String) {
    let mark = world.actors.fresh_mark();
    let content = format!("{text} {mark}");
    (mark.into(), content)
}

/// Content of a kind and length, its mark at the beginning.
pub(super) fn filled(world: &mut World, length: usize, kind: &str) -> (Bytes, Bytes) {
    let mark = world.actors.fresh_mark();
    let mut content = mark.clone().into_bytes();
    // No two messages of a run share a stretch of their content, or a part of one would pass for the other.
    let mut state = mark
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, octet| (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3));
    while content.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        match kind {
            "binary data" => content.push((state >> 24) as u8),
            "NULs" => content.push(0),
            "dashes" => content.extend_from_slice(b"\r\n-------"),
            "line ends" => content.extend_from_slice(b"\r\n"),
            _ => content.extend_from_slice(format!("{:016x} ", state).as_bytes()),
        }
    }
    content.truncate(length.max(mark.len()));
    (mark.into(), content.into())
}

/// An endpoint sends no type that the room does not list (RFC 4975, 8.6), unless the room's list is what is tested.
fn must_be_accepted(world: &World, who: &str, content_type: &str) -> StepResult {
    if world.actors.logical_room() == Some(LogicalRoom::TextPlainOnly) {
        return Ok(());
    }
    let player = world.actors.player(who)?;
    let call = player.call()?;
    let listed =
        player.actor.look(|participant| participant.session(call)?.remote_media.as_ref()?.accept_wrapped_types.clone());
    match listed {
        Some(types) if !Media::list_accepts(&types, content_type) => {
            Err(Halt::NotApplicable(format!("the room does not list {content_type} in accept-wrapped-types")))
        }
        _ => Ok(()),
    }
}

fn content_type(kind: &str) -> String {
    match kind {
        "binary data" | "NULs" => "application/octet-stream",
        _ => "text/plain",
    }
    .to_owned()
}

/// Sends a message and remembers it as `it`.
pub(super) async fn utter(
    world: &mut World,
    by: &str,
    to: Option<String>,
    mark: Bytes,
    mut options: SendOptions,
) -> StepResult {
    let player = world.actors.player_mut(by)?;
    let call = player.call()?;
    if options.raw_cpim.is_none() && options.body.is_none() {
        options.from.get_or_insert_with(|| player.uri.clone());
    }
    player.refused_tolerably = false;
    let limit = player.actor.look(|participant| participant.session(call)?.remote_media.as_ref()?.max_size);
    let facts = player.actor.act(|participant, now| participant.send(now, call, options));
    let Some(facts) = facts else {
        return Err(cut_off(by));
    };
    player.asked = Asked::Msrp(facts.transactions.clone());
    let sent = facts.body.len();
    if limit.is_some_and(|limit| sent as u64 > limit) {
        return Err(Halt::NotApplicable(format!("the room takes no messages of {sent} octets (max-size)")));
    }
    let stimulus = Stimulus::from(facts);
    world.actors.said(Utterance { by: by.to_owned(), to, mark, stimulus, sent });
    Ok(())
}

/// The sender has no MSRP stream left: what is to be tried cannot be tried.
pub(super) fn cut_off(who: &str) -> Halt {
    Halt::inconclusive(format!("an MSRP connection of {who}"), "the switch has closed it, or it never came up")
}

/// The last request of somebody must have been answered with 200.
pub(super) async fn must_be_answered(world: &mut World, args: &StepArgs, who: &str) -> StepResult {
    super::answers::last_transaction(world, who)?;
    let Asked::Msrp(transactions) = world.actors.player(who)?.asked.clone() else { return Ok(()) };
    for transaction in &transactions {
        match world.msrp_answer(who, transaction).await? {
            Answer::Response(response) if response.status() == Some(200) => {}
            other => {
                let mut evidence = world.actors.request_evidence("the request", transaction);
                evidence.extend(other.evidence("the answer"));
                return Err(world.unmet(args, &format!("200 for {who}"), &other.in_words(), evidence));
            }
        }
    }
    Ok(())
}

/// Chunks of this many octets of the body.
pub(super) fn chunks_of(octets: usize) -> Chunks {
    Chunks::Of(octets)
}
