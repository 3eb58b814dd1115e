//! Who receives what was said.

use std::time::Duration;

use bytes::Bytes;

use super::absence::stays_away;
use crate::judge::verdict::Evidence;
use crate::peer::Delivered;
use crate::suite::expectation::Answer;
use crate::suite::scene::{Player, Utterance, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::wire::uri::{MsrpUri, Uri};
use crate::{list, step, who};

/// How the step ends that expects what a sender said again in other words.
const SENT_LAST: &str = "as it was sent last";

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
        concat!(list!(), " receives? it as it was sent last"),
        "Bob and Carol receive it as it was sent last",
        "As `receives it octet for octet`, of a message that the sender has corrected while it was under way.",
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
            let expected = format!("{expected} octet for octet");
            // Content is left as it is whatever the case is about (RFC 7701, 6.1). What was passed on before it was sent
            // otherwise cannot be taken back (RFC 4975, 7.3.1).
            return Err(match args.text.ends_with(SENT_LAST) {
                true => world.unmet(args, &expected, &observed, evidence),
                false => world.unmet_in_any_case(args, &expected, &observed, evidence),
            });
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

pub(super) async fn wait_for(
    world: &World,
    name: &str,
    it: &Utterance,
    patience: Duration,
) -> Result<Option<Delivered>, Halt> {
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

pub(super) fn what_came_instead(player: &Player, it: &Utterance) -> (String, Vec<Evidence>) {
    player.actor.look(|participant| match participant.messages().iter().find(|delivered| it.is(delivered)) {
        Some(part) if part.aborted => ("the message was aborted (#)".to_owned(), vec![body_evidence(part)]),
        Some(part) => ("only a part of the message came".to_owned(), vec![body_evidence(part)]),
        None => ("nothing of it came".to_owned(), Vec::new()),
    })
}

pub(super) fn body_evidence(delivered: &Delivered) -> Evidence {
    Evidence { caption: "what came".to_owned(), event: None, octets: bounded(&delivered.body), decisive: None }
}

pub(super) fn sent_evidence(world: &World, it: &Utterance) -> Vec<Evidence> {
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
        Some((path, _)) if same_path(&path, &offered) => Ok(()),
        Some((path, octets)) => Err(world.unmet(
            &args,
            &format!("To-Path: {offered}"),
            &format!("To-Path: {path}"),
            vec![received("the SEND", octets)],
        )),
        None => Err(world.unmet(&args, "a SEND with the message", "none came", Vec::new())),
    }
}

fn same_path(one: &str, other: &str) -> bool {
    match (MsrpUri::parse_path(one), MsrpUri::parse_path(other)) {
        (Ok(one), Ok(other)) => {
            one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| one.equivalent(other))
        }
        _ => one == other,
    }
}
