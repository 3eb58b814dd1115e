//! NICKNAME: asking for nicknames, changing and removing them.
//!
//! A nickname in quotes gets the digits of the case behind it, so that two cases in one room never meet; a raw value of
//! Use-Nickname stays as it is, but for `{nonce}`.

use std::time::Duration;

use super::answers::last_transaction;
use super::talking::cut_off;
use crate::suite::expectation::Answer;
use crate::suite::profile::LogicalRoom;
use crate::suite::scene::{Asked, unquote};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::msrp::quote_nickname;
use crate::{list, step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), r#" holds the nickname "(.*)""#),
        "Alice holds the nickname \"Alice the great\"",
        "The nickname was asked for and granted with 200.",
        holds
    ),
    step!(
        concat!(who!(), r#" has changed (?:his|her) nickname to "(.*)""#),
        "Alice has changed her nickname to \"New hat\"",
        "Another nickname was asked for and granted with 200.",
        holds
    ),
    step!(
        concat!(who!(), " has removed (?:his|her) nickname"),
        "Alice has removed her nickname",
        "The empty nickname was asked for and granted with 200.",
        has_removed
    ),
    step!(
        concat!(who!(), " removes (?:his|her|their) nickname"),
        "Bob removes his nickname",
        "Asks for the empty nickname.",
        removes
    ),
    step!(
        concat!(who!(), r#" was refused the nickname "(.*)""#),
        "Bob was refused the nickname \"Captain\"",
        "The nickname was asked for and not granted.",
        was_refused
    ),
    step!(
        concat!(who!(), r" was refused the Use-Nickname value '(.*)'"),
        "Bob was refused the Use-Nickname value '\"Bob'",
        "The value was asked for and not granted.",
        was_refused_value
    ),
    step!(
        concat!(who!(), r#" asks for the nickname "(.*)""#),
        "Bob asks for the nickname \"Alice the great\"",
        "NICKNAME with this nickname, quoted and escaped as the syntax wants.",
        asks
    ),
    step!(
        concat!(who!(), r#" asks for the nickname "(.*)" until its release"#),
        "Bob asks for the nickname \"Old hat\" until its release",
        "Asks, and after a 425 asks again, up to the roster timer: a room may keep a nickname for a while (T51).",
        asks_until_release
    ),
    step!(
        concat!(who!(), r" asks with the Use-Nickname value '(.*)'"),
        "Bob asks with the Use-Nickname value '\"Bob'",
        "NICKNAME with this value octet for octet; {x01} stands for an octet, {nonce} for the digits of the case.",
        asks_with_value
    ),
    step!(
        concat!(who!(), r" asks for a nickname of (\d+) octets"),
        "Bob asks for a nickname of 1024 octets",
        "NICKNAME with a nickname of so many ASCII letters and digits.",
        asks_for_length
    ),
    step!(
        concat!(who!(), " asks for a reserved nickname( in capitals)?"),
        "Bob asks for a reserved nickname",
        "NICKNAME with the first word of the profile's reserved-nicknames.",
        asks_for_reserved
    ),
    step!(
        concat!(who!(), " and ", who!(), r#" ask for the nickname "([^"]*)" at the same time"#),
        "Alice and Bob ask for the nickname \"Winner\" at the same time",
        "Both requests are sent before either is answered.",
        ask_at_once
    ),
    step!(
        concat!("exactly one of ", list!(), " is granted it and (?:the other one gets|the others get) 425"),
        "exactly one of Alice and Bob is granted it and the other one gets 425",
        "One 200, and 425 for everybody else.",
        exactly_one
    ),
    step!(
        "the quarantine of nicknames is over",
        "the quarantine of nicknames is over",
        "Waits for the seconds that the profile names for the room, and a little longer.",
        quarantine_is_over
    ),
];

async fn asks(world: &mut World, args: StepArgs) -> StepResult {
    ask(world, args.get(0), args.get(1)).await
}

/// Asks for a nickname of the case.
async fn ask(world: &mut World, who: &str, nickname: &str) -> StepResult {
    let wanted = own(world, nickname);
    world.actors.player_mut(who)?.wanted_nickname = Some(wanted.clone());
    ask_raw(world, who, quote_nickname(&wanted).as_bytes())
}

/// The nickname as it goes out: with the digits of the case behind it.
pub(super) fn own(world: &World, nickname: &str) -> String {
    format!("{} {}", String::from_utf8_lossy(&unquote(nickname)), world.actors.nonce())
}

fn ask_raw(world: &mut World, who: &str, value: &[u8]) -> StepResult {
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    player.refused_tolerably = false;
    let transaction = player.actor.act(|participant, now| participant.nickname(now, call, value));
    player.asked = Asked::Msrp(vec![transaction.ok_or_else(|| cut_off(who))?]);
    Ok(())
}

async fn holds(world: &mut World, args: StepArgs) -> StepResult {
    ask(world, args.get(0), args.get(1)).await?;
    must_be(world, &args, args.get(0), "200", |code| code == 200).await
}

async fn has_removed(world: &mut World, args: StepArgs) -> StepResult {
    ask_raw(world, args.get(0), b"\"\"")?;
    must_be(world, &args, args.get(0), "200", |code| code == 200).await
}

async fn removes(world: &mut World, args: StepArgs) -> StepResult {
    ask_raw(world, args.get(0), b"\"\"")
}

async fn was_refused(world: &mut World, args: StepArgs) -> StepResult {
    ask(world, args.get(0), args.get(1)).await?;
    must_be(world, &args, args.get(0), "a refusal", |code| code != 200).await
}

async fn was_refused_value(world: &mut World, args: StepArgs) -> StepResult {
    let value = value_of(world, args.get(1));
    ask_raw(world, args.get(0), &value)?;
    must_be(world, &args, args.get(0), "a refusal", |code| code != 200).await
}

async fn must_be(
    world: &mut World,
    args: &StepArgs,
    who: &str,
    expected: &str,
    right: impl Fn(u16) -> bool,
) -> StepResult {
    let transaction = last_transaction(world, who)?;
    match world.msrp_answer(who, &transaction).await? {
        Answer::Response(response) if response.status().is_some_and(right) => Ok(()),
        other => {
            let mut evidence = world.actors.request_evidence("the NICKNAME", &transaction);
            evidence.extend(other.evidence("the answer of the switch"));
            Err(world.unmet(args, &format!("{expected} for the NICKNAME of {who}"), &other.in_words(), evidence))
        }
    }
}

async fn asks_until_release(world: &mut World, args: StepArgs) -> StepResult {
    let clock = world.settings.clock;
    let deadline = clock.now() + world.settings.profile.timers.roster;
    let mut pause = Duration::from_millis(50);
    loop {
        ask(world, args.get(0), args.get(1)).await?;
        let transaction = last_transaction(world, args.get(0))?;
        match world.msrp_answer(args.get(0), &transaction).await? {
            Answer::Response(response) if response.status() == Some(425) && clock.now() < deadline => {
                super::chunks::wait(world, pause).await?;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
            // What else came is for the Then.
            _ => return Ok(()),
        }
    }
}

async fn asks_with_value(world: &mut World, args: StepArgs) -> StepResult {
    let value = value_of(world, args.get(1));
    ask_raw(world, args.get(0), &value)
}

fn value_of(world: &World, text: &str) -> Vec<u8> {
    unquote(&text.replace("{nonce}", world.actors.nonce()))
}

async fn asks_for_length(world: &mut World, args: StepArgs) -> StepResult {
    let length: usize = args.parse(1, "a number of octets")?;
    let mut nickname = format!("n{}", world.actors.nonce());
    while nickname.len() < length {
        nickname.push(char::from(b'a' + (nickname.len() % 26) as u8));
    }
    world.actors.player_mut(args.get(0))?.wanted_nickname = Some(nickname.clone());
    ask_raw(world, args.get(0), quote_nickname(&nickname).as_bytes())
}

async fn asks_for_reserved(world: &mut World, args: StepArgs) -> StepResult {
    let word = world.settings.profile.reserved_nicknames.first().cloned();
    let word = word.ok_or_else(|| Halt::NotApplicable("the profile names no reserved nickname".to_owned()))?;
    let word = match args.get(1) {
        "" => word,
        _ if word.to_uppercase() == word => word.to_lowercase(),
        _ => word.to_uppercase(),
    };
    ask_raw(world, args.get(0), quote_nickname(&word).as_bytes())
}

async fn ask_at_once(world: &mut World, args: StepArgs) -> StepResult {
    ask(world, args.get(0), args.get(2)).await?;
    ask(world, args.get(1), args.get(2)).await
}

async fn exactly_one(world: &mut World, args: StepArgs) -> StepResult {
    let mut codes = Vec::new();
    let mut evidence = Vec::new();
    for who in super::names(args.get(0)) {
        let transaction = last_transaction(world, &who)?;
        let answer = world.msrp_answer(&who, &transaction).await?;
        evidence.extend(answer.evidence(&format!("the answer to {who}")));
        codes.push(answer.in_words());
    }
    let mut sorted = codes.clone();
    sorted.sort();
    if sorted.first().is_some_and(|code| code == "200") && sorted.iter().skip(1).all(|code| code == "425") {
        return Ok(());
    }
    Err(world.unmet(&args, "one 200 and 425 for the rest", &codes.join(" and "), evidence))
}

async fn quarantine_is_over(world: &mut World, _args: StepArgs) -> StepResult {
    let entry = world.settings.profile.rooms.get(&LogicalRoom::NicknameQuarantine);
    let seconds = entry
        .and_then(|room| room.seconds)
        .ok_or_else(|| Halt::NotApplicable("the profile does not say how long the room's quarantine is".to_owned()))?;
    super::chunks::wait(world, Duration::from_secs(seconds) + Duration::from_millis(500)).await
}
