//! Who receives what was said, and who does not.
//!
//! That something does not arrive is shown, not waited for: the same sender says something else to the room, and once
//! everybody has that, what is not there was not sent.

use std::time::Duration;

use bytes::Bytes;

use super::talking::{cut_off, marked};
use crate::judge::verdict::Evidence;
use crate::peer::{Delivered, SendOptions};
use crate::suite::expectation::Answer;
use crate::suite::scene::{Player, Utterance, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::wire::uri::Uri;
use crate::{list, step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(list!(), " receives? it"),
        "Bob and Carol receive it",
        "The message said last arrives whole at everybody named.",
        receive
    ),
    step!(
        concat!(list!(), " receives? it octet for octet"),
        "Bob and Carol receive it octet for octet",
        "The message said last arrives, wrapper and content exactly as they were sent.",
        receive_exactly
    ),
    step!(
        concat!(list!(), " receives? it octet for octet, if the switch took it"),
        "Bob and Carol receive it octet for octet, if the switch took it",
        "As `receives it octet for octet`, unless the message was refused with a code that is tolerated.",
        receive_if_taken
    ),
    step!(
        concat!(list!(), " receives? both octet for octet"),
        "Bob receives both octet for octet",
        "The last two messages arrive exactly as they were sent.",
        receive_both
    ),
    step!(
        concat!(who!(), " receives only the regular one"),
        "Carol receives only the regular one",
        "Of the last two messages the one to the room arrives, and no part of the whispered one.",
        receive_regular_only
    ),
    step!(
        concat!(list!(), " receives? them all(?:, once each and in order)?"),
        "Bob receives them all, once each and in order",
        "Everything that was said arrives, each message once and in the order in which it was said.",
        receive_all
    ),
    step!(
        concat!("each of ", list!(), " receives what the others said, in each sender's order"),
        "each of Alice, Bob and Carol receives what the others said, in each sender's order",
        "Everybody has everything that the others said, once each, and in each sender's order.",
        receive_what_others_said
    ),
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
        concat!(who!(), " receives it from ", who!(), "'s URI and to (", "the room|[A-Z][a-z]+", ")'s URI"),
        "Bob receives it from Alice's URI and to the room's URI",
        "The wrapper of the message that arrives names this sender and this addressee.",
        receives_from_and_to
    ),
    step!(
        concat!(who!(), r" receives it, unless the switch answered ", who!(), r" with (\d{3})"),
        "Bob receives it, unless the switch answered Alice with 428",
        "Either the sender was told this code, or the message arrives.",
        receives_unless
    ),
    step!(
        concat!("the message to ", who!(), " has (?:his|her|the) whole path in To-Path"),
        "the message to Alice has her whole path in To-Path",
        "To-Path of the SEND that brought the message said last is the path that the participant offered.",
        has_whole_path
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
    step!(
        concat!(who!(), " gets a message from the room"),
        "Bob gets a message from the room",
        "A regular message whose wrapper is signed by the room.",
        gets_notice
    ),
    step!(
        concat!(who!(), " gets a text from the room that names ", who!()),
        "Bob gets a text from the room that names Alice",
        "A text signed by the room in which this participant's address, user or display name occurs.",
        gets_roster_text
    ),
    step!(
        concat!(who!(), "'s address appears nowhere in what ", who!(), " receives"),
        "Carol's address appears nowhere in what Alice receives",
        "The real address of an anonymous participant is in no message that came to the other one.",
        address_not_in_messages
    ),
];

async fn receive(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    arrives(world, &args, args.get(0), &it, false).await
}

async fn receive_exactly(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    arrives(world, &args, args.get(0), &it, true).await
}

async fn receive_if_taken(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    if world.actors.player(&it.by)?.refused_tolerably {
        world.passed_over("a look at the message", "it was refused, which is tolerated");
        return Ok(());
    }
    arrives(world, &args, args.get(0), &it, true).await
}

async fn receive_both(world: &mut World, args: StepArgs) -> StepResult {
    for it in last_two(world) {
        arrives(world, &args, args.get(0), &it, true).await?;
    }
    Ok(())
}

async fn receive_regular_only(world: &mut World, args: StepArgs) -> StepResult {
    let (private, regular): (Vec<_>, Vec<_>) = last_two(world).into_iter().partition(|it| it.to.is_some());
    for it in regular {
        arrives(world, &args, args.get(0), &it, true).await?;
    }
    for it in private {
        stays_away(world, &args, &it, &[args.get(0).to_owned()]).await?;
    }
    Ok(())
}

fn last_two(world: &World) -> Vec<Utterance> {
    let all = world.actors.utterances();
    all.get(all.len().saturating_sub(2)..).unwrap_or_default().to_vec()
}

/// A message arrives whole at everybody in a list.
pub(super) async fn arrives(
    world: &mut World,
    args: &StepArgs,
    list: &str,
    it: &Utterance,
    exactly: bool,
) -> StepResult {
    for name in super::names(list) {
        let delivered = wait_for(world, &name, it, world.patience()).await?;
        let expected = format!("{name} receives the message of {}", it.by);
        let Some(delivered) = delivered else {
            let (observed, mut evidence) = what_came_instead(world.actors.player(&name)?, it);
            evidence.splice(0..0, sent_evidence(world, it));
            return Err(world.unmet(args, &expected, &observed, evidence));
        };
        if exactly && delivered.body != it.stimulus.body {
            let at = first_difference(&delivered.body, &it.stimulus.body);
            let evidence = vec![
                Evidence {
                    caption: "what was sent".into(),
                    event: None,
                    octets: bounded(&it.stimulus.body),
                    decisive: None,
                },
                Evidence {
                    caption: format!("what {name} received"),
                    event: None,
                    octets: bounded(&delivered.body),
                    decisive: Some(crate::wire::Span { start: at, end: at + 1 }),
                },
            ];
            let observed = format!("the octets differ from octet {} on", at + 1);
            // Content is left as it is whatever the case is about (RFC 7701, 6.1).
            let expected = format!("{expected} octet for octet");
            return Err(world.unmet_in_any_case(args, &expected, &observed, evidence));
        }
    }
    Ok(())
}

fn first_difference(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).position(|(a, b)| a != b).unwrap_or_else(|| one.len().min(other.len()))
}

fn bounded(octets: &Bytes) -> Bytes {
    octets.slice(..octets.len().min(4096))
}

async fn wait_for(world: &World, name: &str, it: &Utterance, patience: Duration) -> Result<Option<Delivered>, Halt> {
    let player = world.actors.player(name)?;
    let call = player.call;
    let found = player.actor.wait(patience, |participant| {
        participant.messages().iter().find(|delivered| is_here(delivered, call) && it.is_whole(delivered)).cloned()
    });
    Ok(found.await.ok())
}

/// Whether a message came in the session of this call (or in one that cannot be told).
fn is_here(delivered: &Delivered, call: Option<crate::peer::CallId>) -> bool {
    delivered.call.is_none() || call.is_none() || delivered.call == call
}

fn what_came_instead(player: &Player, it: &Utterance) -> (String, Vec<Evidence>) {
    player.actor.look(|participant| match participant.messages().iter().find(|delivered| it.is(delivered)) {
        Some(part) if part.aborted => ("the message was aborted (#)".to_owned(), vec![body_evidence(part)]),
        Some(part) => ("only a part of the message came".to_owned(), vec![body_evidence(part)]),
        None => ("nothing of it came".to_owned(), Vec::new()),
    })
}

fn body_evidence(delivered: &Delivered) -> Evidence {
    Evidence { caption: "what came".to_owned(), event: None, octets: bounded(&delivered.body), decisive: None }
}

fn sent_evidence(world: &World, it: &Utterance) -> Vec<Evidence> {
    let caption = format!("the message of {}", it.by);
    it.stimulus.transactions.first().map_or_else(Vec::new, |tid| world.actors.request_evidence(&caption, tid))
}

async fn receive_all(world: &mut World, args: StepArgs) -> StepResult {
    let all = world.actors.utterances().to_vec();
    for name in super::names(args.get(0)) {
        for it in all.iter().filter(|it| it.by != name) {
            arrives(world, &args, &name, it, true).await?;
        }
        each_once_in_order(world, &args, &name, &all)?;
    }
    Ok(())
}

async fn receive_what_others_said(world: &mut World, args: StepArgs) -> StepResult {
    let all = world.actors.utterances().to_vec();
    let names = super::names(args.get(0));
    for name in &names {
        for speaker in names.iter().filter(|speaker| *speaker != name) {
            let said: Vec<_> = all.iter().filter(|it| &it.by == speaker).cloned().collect();
            for it in &said {
                arrives(world, &args, name, it, true).await?;
            }
            each_once_in_order(world, &args, name, &said)?;
        }
    }
    Ok(())
}

fn each_once_in_order(world: &World, args: &StepArgs, name: &str, said: &[Utterance]) -> StepResult {
    let order: Vec<usize> = world.actors.player(name)?.actor.look(|participant| {
        participant
            .messages()
            .iter()
            .filter_map(|delivered| said.iter().position(|it| it.by != name && it.is(delivered)))
            .collect()
    });
    let wanted: Vec<usize> = said.iter().enumerate().filter(|(_, it)| it.by != name).map(|(index, _)| index).collect();
    if order == wanted {
        return Ok(());
    }
    let observed = format!("they came as {:?}", order.iter().map(|index| index + 1).collect::<Vec<_>>());
    Err(world.unmet(args, &format!("{name} receives each message once and in order"), &observed, Vec::new()))
}

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

async fn can_still_talk(world: &mut World, args: StepArgs) -> StepResult {
    if !world.actors.player(args.get(0))?.is_present() {
        let expected = format!("{} is in the room and can talk", args.get(0));
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

async fn receives_from_and_to(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    arrives(world, &args, args.get(0), &it, false).await?;
    let from = world.actors.player(args.get(1))?.uri.clone();
    let to = match args.get(2) {
        "the room" => world.actors.room_uri(&world.settings).to_string(),
        name => world.actors.player(name)?.uri.clone(),
    };
    let Some(delivered) = wait_for(world, args.get(0), &it, world.patience()).await? else { return Ok(()) };
    let wrapper = CpimMessage::parse(delivered.body.clone()).tree;
    let names = |addresses: Vec<crate::wire::cpim::Address>, wanted: &str| matches!(addresses.as_slice(), [one] if same_uri(&one.uri, wanted));
    if names(wrapper.froms(), &from) && names(wrapper.tos(), &to) {
        return Ok(());
    }
    let observed = format!("From {:?}, To {:?}", wrapper.froms(), wrapper.tos());
    Err(world.unmet(&args, &format!("From {from} and To {to}"), &observed, vec![body_evidence(&delivered)]))
}

/// Whether two texts are URIs of the same resource.
pub(super) fn same_uri(one: &str, other: &str) -> bool {
    match (Uri::parse(one), Uri::parse(other)) {
        (Ok(one), Ok(other)) => one.same_resource(&other),
        _ => one == other,
    }
}

async fn receives_unless(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let code: u16 = args.parse(2, "a status code")?;
    if let Some(transaction) = it.stimulus.transactions.last()
        && let Answer::Response(response) = world.msrp_answer(args.get(1), transaction).await?
        && response.status() == Some(code)
    {
        return Ok(());
    }
    arrives(world, &args, args.get(0), &it, false).await
}

async fn has_whole_path(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let offered = player.actor.look(|participant| participant.announced_path(call));
    let request = player.actor.look(|participant| {
        participant.seen().iter().find_map(|seen| match &seen.what {
            crate::peer::SeenKind::MsrpRequest { message, octets, .. }
                if message.method() == Some("SEND")
                    && message.body.as_ref().is_some_and(|body| memchr::memmem::find(body, &it.mark).is_some()) =>
            {
                Some((message.header("To-Path").unwrap_or_default(), octets.clone()))
            }
            _ => None,
        })
    });
    match request {
        Some((path, _)) if path == offered => Ok(()),
        Some((path, octets)) => Err(world.unmet(
            &args,
            &format!("To-Path: {offered}"),
            &format!("To-Path: {path}"),
            vec![received("the SEND", octets)],
        )),
        None => Err(world.unmet(&args, "a SEND with the message", "none came", Vec::new())),
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

async fn gets_notice(world: &mut World, args: StepArgs) -> StepResult {
    notice(world, &args, |_| true).await
}

async fn gets_roster_text(world: &mut World, args: StepArgs) -> StepResult {
    let named = world.actors.player(args.get(1))?;
    let user = named.user().to_owned();
    let display = named.actor.look(|participant| participant.identity().display_name.clone()).unwrap_or_default();
    notice(world, &args, move |text| text.contains(&user) || (!display.is_empty() && text.contains(&display))).await
}

async fn notice(world: &mut World, args: &StepArgs, fits: impl Fn(&str) -> bool) -> StepResult {
    let room = world.actors.room_uri(&world.settings).to_string();
    // The room signs with its own URI or with that of its focus (T22).
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let focus = player.actor.look(|participant| Some(participant.session(call)?.contact.as_ref()?.uri.to_string()));
    let found = world.actors.player(args.get(0))?.actor.wait(world.patience(), |participant| {
        participant.messages().iter().find_map(|delivered| {
            let wrapper = delivered.complete.then(|| CpimMessage::parse(delivered.body.clone()).tree)?;
            let by_room = wrapper.froms().iter().any(|from| {
                same_uri(&from.uri, &room) || focus.as_ref().is_some_and(|focus| same_uri(&from.uri, focus))
            });
            (by_room && fits(&String::from_utf8_lossy(&wrapper.content))).then_some(())
        })
    });
    match found.await {
        Ok(()) => Ok(()),
        Err(error) => Err(world.unmet(args, &args.text, &error.to_string(), Vec::new())),
    }
}

async fn address_not_in_messages(world: &mut World, args: StepArgs) -> StepResult {
    if let Some(other) = world.actors.present().into_iter().find(|name| name != args.get(1) && name != args.get(0)) {
        sentinel(world, &args, &other).await?;
    }
    let hidden = world.actors.player(args.get(0))?;
    let needle = hidden.aor.trim_start_matches("sip:").to_owned();
    let found = world.actors.player(args.get(1))?.actor.look(|participant| {
        participant
            .messages()
            .iter()
            .find(|delivered| memchr::memmem::find(&delivered.body, needle.as_bytes()).is_some())
            .map(body_evidence)
    });
    match found {
        None => Ok(()),
        Some(evidence) => {
            Err(world.unmet_in_any_case(&args, "the real address stays hidden", "it is in a message", vec![evidence]))
        }
    }
}
