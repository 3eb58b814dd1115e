//! What is sent again, by either side, and what ends that (RFC 3261, 13.3.1.4 and 17).

use std::time::Duration;

use super::joining::appear;
use crate::judge::verdict::Evidence;
use crate::peer::{Participant, RequestKey, SeenKind, Transport};
use crate::port::Moment;
use crate::suite::scene::received;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::{step, who};

/// 64*T1 by default (RFC 3261, 17.1.1.1), with some slack.
const GIVEN_UP: Duration = Duration::from_secs(38);
/// What a case needs that sits it out.
const ROOM_FOR_IT: Duration = Duration::from_secs(45);
/// What was on its way when the ACK was sent has come by then.
const CROSSING: Duration = Duration::from_millis(300);
/// Within this time a response is repeated twice: T1 and 2*T1 (RFC 3261, 17.2.1), or once after that.
const REPEATED: Duration = Duration::from_millis(2500);
/// T2, with some slack.
const LONGEST: Duration = Duration::from_secs(5);
/// Less than the time after which a response is repeated a second time.
const AT_ONCE: Duration = Duration::from_millis(1200);
/// A focus that needs no longer than this need not say 100: 200 ms (RFC 3261, 17.2.1), and the way.
const NO_WAIT: Duration = Duration::from_millis(500);

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " withholds (?:his|her) ACK"),
        "Alice withholds her ACK",
        "From now on final responses to INVITE are not acknowledged.",
        withholds_ack
    ),
    step!(
        concat!(who!(), " sends the ACK after all"),
        "Alice sends the ACK after all",
        "The next copy of the response is acknowledged.",
        sends_ack
    ),
    step!(
        concat!(who!(), " leaves the requests of the focus unanswered"),
        "Alice leaves the requests of the focus unanswered",
        "NOTIFY and BYE of the focus get no response.",
        leaves_unanswered
    ),
    step!(
        concat!(who!(), r" repeats (?:his|her) (INVITE|BYE)(?: (\d+) times)?"),
        "Alice repeats her INVITE",
        "The octets of the request go out again: a retransmission.",
        repeats
    ),
    step!(
        concat!("the focus repeats its answer to ", who!(), "(?: at once)?"),
        "the focus repeats its answer to Alice",
        "A further copy of the final response to the INVITE comes; at once: more copies than its own timers account for.",
        focus_repeats
    ),
    step!(
        concat!("the focus does not repeat its answer to ", who!(), "(?: any more)?"),
        "the focus does not repeat its answer to Alice any more",
        "No further copy of the final response to the INVITE comes while its timers would bring one.",
        focus_does_not_repeat
    ),
    step!(
        concat!("the focus says 100 again to ", who!()),
        "the focus says 100 again to Alice",
        "The repeated INVITE brings the last provisional response again.",
        provisional_again
    ),
    step!(
        concat!("the focus keeps ", who!(), " informed"),
        "the focus keeps Alice informed",
        "A provisional response comes first, unless the final one comes within 200 ms.",
        informed
    ),
    step!(
        concat!("the focus repeats its NOTIFY to ", who!()),
        "the focus repeats its NOTIFY to Alice",
        "A NOTIFY that got no response comes once more over UDP.",
        notify_again
    ),
    step!(
        concat!("the focus answers both copies of ", who!(), "'s BYE with 200"),
        "the focus answers both copies of Bob's BYE with 200",
        "The repeated BYE gets the response of the first one.",
        bye_again
    ),
    step!(
        concat!("the focus gives ", who!(), " up with BYE"),
        "the focus gives Alice up with BYE",
        "After 64*T1 without an ACK a BYE comes; not applicable where the case may not last that long (--timeout).",
        gives_up
    ),
];

async fn withholds_ack(world: &mut World, args: StepArgs) -> StepResult {
    if !world.actors.has(args.get(0)) {
        appear(world, args.get(0), "").await?;
    }
    world.actors.player(args.get(0))?.actor.act(|participant, _| participant.conduct_mut().acks = false);
    Ok(())
}

async fn sends_ack(world: &mut World, args: StepArgs) -> StepResult {
    world.actors.player(args.get(0))?.actor.act(|participant, _| participant.conduct_mut().acks = true);
    match focus_repeats(world, args).await {
        Err(Halt::Finding(_)) => Err(Halt::inconclusive("a further copy of the answer to acknowledge", "none came")),
        other => other,
    }
}

async fn leaves_unanswered(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    if player.actor.look(Participant::transport) != Transport::Udp {
        return Err(Halt::NotApplicable("requests are repeated over UDP alone".to_owned()));
    }
    player.actor.act(|participant, _| participant.conduct_mut().answers_sip = false);
    Ok(())
}

async fn repeats(world: &mut World, args: StepArgs) -> StepResult {
    let key = if args.get(1) == "BYE" { world.actors.player(args.get(0))?.bye } else { invite_of(world, &args).ok() };
    let key = key.ok_or_else(|| Halt::error(format!("a request of {}", args.get(0)), "there is none"))?;
    let times = if args.get(2).is_empty() { 1 } else { args.parse(2, "a number")? };
    world.actors.player(args.get(0))?.actor.act(|participant, _| (0..times).for_each(|_| participant.repeat(key)));
    Ok(())
}

fn invite_of(world: &World, args: &StepArgs) -> Result<RequestKey, Halt> {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let session = player.actor.look(|participant| participant.session(call).map(|session| session.invite));
    session.ok_or_else(|| Halt::error(format!("an INVITE of {}", args.get(0)), "there is none"))
}

/// The final responses to a request, with the time of each.
fn finals(participant: &Participant, key: RequestKey) -> Vec<(Moment, u16, Evidence)> {
    responses(participant, key).into_iter().filter(|(_, status, _)| *status >= 200).collect()
}

fn responses(participant: &Participant, wanted: RequestKey) -> Vec<(Moment, u16, Evidence)> {
    let all = participant.seen().iter().filter_map(|seen| match &seen.what {
        SeenKind::SipResponse { key: Some(key), retried: false, message, octets } if *key == wanted => {
            let status = message.status()?;
            Some((seen.at, status, received(&format!("the {status}"), octets.clone())))
        }
        _ => None,
    });
    all.collect()
}

async fn focus_repeats(world: &mut World, args: StepArgs) -> StepResult {
    let key = invite_of(world, &args)?;
    let at_once = args.text.ends_with("at once");
    // The first one, three retransmissions, and what timer G adds.
    let (wanted, patience) = if at_once { (4, AT_ONCE) } else { (2, world.patience()) };
    let actor = world.actors.player(args.get(0))?.actor.clone();
    let so_far = actor.look(|participant| finals(participant, key).len());
    let wanted = if at_once { wanted } else { wanted.max(so_far + 1) };
    let enough = actor.wait(patience, |participant| (finals(participant, key).len() >= wanted).then_some(()));
    let enough = enough.await.is_ok();
    let copies = actor.look(|participant| finals(participant, key));
    let changed = copies.first().is_some_and(|(_, first, _)| copies.iter().any(|(_, status, _)| status != first));
    if enough && !changed {
        return Ok(());
    }
    let evidence = copies.iter().rev().take(2).rev().map(|(_, _, evidence)| evidence.clone()).collect();
    let observed = if changed { "another one came".to_owned() } else { format!("{} in all", copies.len()) };
    Err(world.unmet(&args, "copies of the answer", &observed, evidence))
}

async fn focus_does_not_repeat(world: &mut World, args: StepArgs) -> StepResult {
    let key = invite_of(world, &args)?;
    let actor = world.actors.player(args.get(0))?.actor.clone();
    let start = world.actors.stage()?.now();
    let late = |participant: &Participant| {
        finals(participant, key).into_iter().filter(|(at, _, _)| *at > start + CROSSING).map(|(_, _, it)| it).collect()
    };
    let several = |count: usize| {
        move |participant: &Participant| {
            let copies: Vec<Evidence> = late(participant);
            (copies.len() >= count).then_some(copies)
        }
    };
    if actor.wait(REPEATED, several(1)).await.is_err() {
        return Ok(());
    }
    // One ACK may be lost; the one that this copy has brought about, too, is another matter. Where there was none to be
    // sent, one copy is one too many.
    let acknowledged = actor.look(|participant| participant.conduct().acks);
    match actor.wait(LONGEST, several(if acknowledged { 2 } else { 1 })).await {
        Ok(copies) => Err(world.unmet(&args, "no further copy of the answer", "it came again", copies)),
        Err(_) => Ok(()),
    }
}

async fn provisional_again(world: &mut World, args: StepArgs) -> StepResult {
    let key = invite_of(world, &args)?;
    let actor = world.actors.player(args.get(0))?.actor.clone();
    let start = world.actors.stage()?.now();
    let settled = actor.wait(world.patience(), |participant| {
        let all = responses(participant, key);
        // 180 after 100 is news, and no repetition.
        let copies =
            |one: &Evidence| all.iter().filter(|(_, status, it)| *status < 200 && it.octets == one.octets).count();
        let provisional = all.iter().map(|(_, _, it)| copies(it)).max().unwrap_or_default();
        let last = all.iter().find(|(_, status, _)| *status >= 200).map(|(at, _, _)| *at);
        (provisional >= 2 || last.is_some()).then_some((provisional, last))
    });
    match settled.await {
        Ok((2.., _)) => Ok(()),
        Ok((_, Some(last))) if last.saturating_sub(start) < CROSSING => {
            Err(Halt::inconclusive("an INVITE that is still pending", "the final response came at once"))
        }
        _ => {
            let evidence = actor.look(|participant| responses(participant, key)).into_iter().map(|(_, _, it)| it);
            Err(world.unmet(&args, "the provisional response again", "it came once", evidence.collect()))
        }
    }
}

async fn informed(world: &mut World, args: StepArgs) -> StepResult {
    let key = invite_of(world, &args)?;
    let actor = world.actors.player(args.get(0))?.actor.clone();
    let start = world.actors.stage()?.now();
    let first = actor.wait(world.patience(), |participant| responses(participant, key).into_iter().next());
    match first.await {
        Ok((_, status, _)) if status < 200 => Ok(()),
        Ok((at, _, _)) if at.saturating_sub(start) < NO_WAIT => Ok(()),
        Ok((at, status, evidence)) => {
            let observed = format!("{status} as the first response, after {} ms", at.saturating_sub(start).as_millis());
            Err(world.unmet(&args, "100 within 200 ms", &observed, vec![evidence]))
        }
        Err(error) => Err(world.unmet(&args, "100 within 200 ms", &error.to_string(), Vec::new())),
    }
}

async fn notify_again(world: &mut World, args: StepArgs) -> StepResult {
    let actor = world.actors.player(args.get(0))?.actor.clone();
    let notifies = |participant: &Participant| {
        let all = participant.seen().iter().filter_map(|seen| match &seen.what {
            SeenKind::SipRequest { again, message, octets, .. } if message.method() == Some("NOTIFY") => {
                Some((*again, received("the NOTIFY", octets.clone())))
            }
            _ => None,
        });
        all.collect::<Vec<_>>()
    };
    // A change of the roster may be told with some delay.
    let patience = world.settings.profile.timers.roster + LONGEST;
    let again = actor.wait(patience, |participant| notifies(participant).iter().any(|(again, _)| *again).then_some(()));
    match again.await {
        Ok(()) => Ok(()),
        Err(error) => {
            let evidence = actor.look(notifies).into_iter().map(|(_, evidence)| evidence).last();
            let observed = format!("it came once: {error}");
            Err(world.unmet(&args, "the NOTIFY again", &observed, evidence.into_iter().collect()))
        }
    }
}

async fn bye_again(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let Some(key) = player.bye else { return Err(Halt::error("a BYE in an earlier step", "there is none")) };
    let actor = player.actor.clone();
    let both = actor.wait(world.patience(), |participant| {
        let all = finals(participant, key);
        (all.len() >= 2).then_some(all)
    });
    let answers = both.await.unwrap_or_else(|_| actor.look(|participant| finals(participant, key)));
    let statuses: Vec<u16> = answers.iter().map(|(_, status, _)| *status).collect();
    if statuses.len() >= 2 && statuses.iter().all(|status| *status == 200) {
        return Ok(());
    }
    let evidence = answers.into_iter().map(|(_, _, evidence)| evidence).collect();
    Err(world.unmet(&args, "200 twice", &format!("{statuses:?}"), evidence))
}

async fn gives_up(world: &mut World, args: StepArgs) -> StepResult {
    if world.settings.timeout < ROOM_FOR_IT {
        let seconds = ROOM_FOR_IT.as_secs();
        return Err(Halt::NotApplicable(format!("64*T1 are half a minute: the case wants --timeout {seconds}")));
    }
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let bye = player.actor.wait(GIVEN_UP, |participant| {
        participant.session(call).is_some_and(|session| session.bye_received).then_some(())
    });
    if bye.await.is_ok() {
        // Whoever was sent home is not expected to hear anything.
        world.actors.player_mut(args.get(0))?.connected = false;
        return Ok(());
    }
    let observed = format!("none in {} seconds", GIVEN_UP.as_secs());
    Err(world.unmet(&args, "BYE after 64*T1", &observed, Vec::new()))
}
