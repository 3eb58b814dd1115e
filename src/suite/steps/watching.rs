//! The life of a subscription to the roster (RFC 4575, 3; RFC 6665): how it begins, is refreshed and ends.

use bytes::Bytes;

use super::roster::{fetch, must_have_roster, subscribe, subscription_of, user};
use crate::peer::{InviteOptions, Participant, RequestOptions, SubscriptionId};
use crate::suite::scene::{Asked, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::conference_info::{ConferenceInfo, State, UriEntry};
use crate::wire::edit::Edit;
use crate::wire::sip::SipMessage;
use crate::wire::uri::SipUri;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " subscribes to the roster without (Expires|Accept)"),
        "Alice subscribes to the roster without Expires",
        "SUBSCRIBE that lacks this header.",
        subscribes_without
    ),
    step!(
        concat!(who!(), r#" subscribes to the roster accepting only "([^"]*)""#),
        "Alice subscribes to the roster accepting only \"text/plain\"",
        "SUBSCRIBE whose Accept has this type alone.",
        subscribes_accepting
    ),
    step!(
        concat!(who!(), r#" subscribes to the event package "([^"]*)""#),
        "Alice subscribes to the event package \"no-such-package\"",
        "SUBSCRIBE to the room for another event package.",
        subscribes_to_package
    ),
    step!(
        concat!(who!(), " subscribes to the roster from outside without credentials"),
        "Carol subscribes to the roster from outside without credentials",
        "SUBSCRIBE by somebody who is not in the room and answers no challenge.",
        subscribes_from_outside
    ),
    step!(
        concat!(who!(), " subscribes to the roster at the URI that it gives for events"),
        "Alice subscribes to the roster at the URI that it gives for events",
        "SUBSCRIBE to the service URI with the purpose event; not applicable where the roster lists none.",
        subscribes_at_event_uri
    ),
    step!(
        concat!(who!(), " joins by the URI that the roster gives for participation"),
        "Carol joins by the URI that the roster gives for participation",
        "INVITE to the conference URI of that purpose; not applicable where the roster lists none.",
        joins_by_listed_uri
    ),
    step!(
        concat!(who!(), " refreshes (?:his|her|the) subscription"),
        "Alice refreshes her subscription",
        "SUBSCRIBE in the dialog of the subscription.",
        refreshes
    ),
    step!(
        concat!(who!(), " ends (?:his|her|the) subscription"),
        "Alice ends her subscription",
        "SUBSCRIBE in the dialog of the subscription, with Expires 0.",
        ends
    ),
    step!(
        concat!("the refresh brings ", who!(), " the full state"),
        "the refresh brings Alice the full state",
        "A NOTIFY after the refresh carries a document in state full.",
        refresh_brings_full
    ),
    step!(
        concat!("the subscription of ", who!(), " ends with the full state"),
        "the subscription of Alice ends with the full state",
        "A NOTIFY with Subscription-State terminated carries a document in state full.",
        ends_with_full_state
    ),
    step!(
        concat!("the subscription of ", who!(), r#" ends with the reason "([^"]*)""#),
        "the subscription of Alice ends with the reason \"noresource\"",
        "A NOTIFY says terminated, for this reason.",
        ends_with_reason
    ),
    step!(
        concat!("the subscription of ", who!(), " lasts an hour at most"),
        "the subscription of Alice lasts an hour at most",
        "Expires in the 2xx to SUBSCRIBE is 3600 or less.",
        lasts_an_hour
    ),
    step!(
        concat!(who!(), " gets no document of a type that (?:he|she) does not accept"),
        "Alice gets no document of a type that she does not accept",
        "No NOTIFY of the subscription has a conference document, while a later subscription brings one.",
        gets_nothing_unaccepted
    ),
    step!(
        concat!("nothing that ", who!(), " is told says that the conference is over"),
        "nothing that Alice is told says that the conference is over",
        "No document of the subscription has the state deleted at its root, nor is the subscription ended.",
        not_over
    ),
    step!(
        concat!("what ", who!(), " has been told adds up to the roster"),
        "what Alice has been told adds up to the roster",
        "The documents of the subscription, applied as RFC 4575, 4.6 says, show the users that a fresh one shows.",
        adds_up
    ),
];

fn with_edit(edit: Edit) -> RequestOptions {
    RequestOptions { edits: vec![edit], ..RequestOptions::default() }
}

async fn subscribes_without(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    subscribe(world, args.get(0), with_edit(Edit::Drop(args.get(1).to_owned()))).await.map(drop)
}

async fn subscribes_accepting(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    let edit = Edit::Replace("Accept".to_owned(), Bytes::from(args.get(1).to_owned()));
    subscribe(world, args.get(0), with_edit(edit)).await.map(drop)
}

async fn subscribes_to_package(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    let edit = Edit::Replace("Event".to_owned(), Bytes::from(args.get(1).to_owned()));
    subscribe(world, args.get(0), with_edit(edit)).await.map(drop)
}

async fn subscribes_from_outside(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    super::joining::appear(world, args.get(0), "without credentials").await?;
    subscribe(world, args.get(0), RequestOptions::default()).await.map(drop)
}

/// The first SIP URI of a purpose that leads to the host of the room.
async fn listed(world: &World, purpose: &str, list: fn(&ConferenceInfo) -> &[UriEntry]) -> Result<String, Halt> {
    must_have_roster(world)?;
    let document = match fetch(world).await? {
        Ok((document, _)) => document,
        Err(reason) => return Err(Halt::inconclusive("a roster", reason)),
    };
    let host = world.actors.room_uri(&world.settings).host.to_ascii_lowercase();
    let fits = |entry: &&UriEntry| {
        entry.purpose.as_deref() == Some(purpose)
            && SipUri::parse(&entry.uri).is_ok_and(|uri| uri.host.to_ascii_lowercase() == host)
    };
    let found = list(&document).iter().find(fits).map(|entry| entry.uri.clone());
    found.ok_or_else(|| Halt::NotApplicable(format!("the roster lists no SIP URI of this host for {purpose}")))
}

async fn subscribes_at_event_uri(world: &mut World, args: StepArgs) -> StepResult {
    let uri = listed(world, "event", |document| &document.service_uris).await?;
    let options = RequestOptions { request_uri: Some(uri), ..RequestOptions::default() };
    subscribe(world, args.get(0), options).await.map(drop)
}

async fn joins_by_listed_uri(world: &mut World, args: StepArgs) -> StepResult {
    let uri = listed(world, "participation", |document| &document.conf_uris).await?;
    super::joining::appear(world, args.get(0), "").await?;
    let options = InviteOptions { to: Some(format!("<{uri}>")), request_uri: Some(uri), ..InviteOptions::default() };
    super::joining::start_call(world, args.get(0), options).await
}

async fn refreshes(world: &mut World, args: StepArgs) -> StepResult {
    refresh(world, &args, 600).await
}

async fn ends(world: &mut World, args: StepArgs) -> StepResult {
    refresh(world, &args, 0).await
}

async fn refresh(world: &mut World, args: &StepArgs, expires: u32) -> StepResult {
    let subscription = subscription_of(world, args.get(0))?;
    let player = world.actors.player_mut(args.get(0))?;
    player.notified_before = player.actor.look(|participant| participant.notifies(subscription).len());
    let key = player.actor.act(|participant, now| participant.refresh(now, subscription, expires));
    let Some(key) = key else {
        return Err(world.unmet(args, "a subscription that goes on", "it is over", Vec::new()));
    };
    world.actors.player_mut(args.get(0))?.asked_sip = Asked::Sip(key);
    Ok(())
}

fn state_of(notify: &SipMessage) -> Option<State> {
    ConferenceInfo::parse(&notify.body).ok().map(|parsed| parsed.tree.state)
}

fn is_terminated(notify: &SipMessage) -> bool {
    let state = notify.header("Subscription-State").unwrap_or_default();
    state.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("terminated")
}

/// Waits for a NOTIFY of the subscription as it should be; what came last otherwise.
async fn must_notify(
    world: &mut World,
    args: &StepArgs,
    expected: &str,
    right: impl Fn(&SipMessage) -> bool,
) -> StepResult {
    let subscription = subscription_of(world, args.get(0))?;
    let player = world.actors.player(args.get(0))?;
    let before = player.notified_before;
    let found = |participant: &Participant| {
        participant.notifies(subscription).iter().skip(before).any(|notify| right(notify)).then_some(())
    };
    if player.actor.wait(world.patience(), found).await.is_ok() {
        return Ok(());
    }
    let last = last_notify(world, args.get(0), subscription, before)?;
    let observed = if last.is_some() { "the NOTIFY below" } else { "no NOTIFY" };
    let evidence = last.into_iter().map(|octets| received("the last NOTIFY", octets)).collect();
    Err(world.unmet(args, expected, observed, evidence))
}

fn last_notify(world: &World, who: &str, of: SubscriptionId, before: usize) -> Result<Option<Bytes>, Halt> {
    let player = world.actors.player(who)?;
    Ok(player.actor.look(|participant| participant.notifies(of).iter().skip(before).last().map(|it| it.octets())))
}

async fn refresh_brings_full(world: &mut World, args: StepArgs) -> StepResult {
    must_notify(world, &args, "a NOTIFY with the full state", |notify| state_of(notify) == Some(State::Full)).await
}

async fn ends_with_full_state(world: &mut World, args: StepArgs) -> StepResult {
    must_notify(world, &args, "a NOTIFY that ends the subscription with the full state", |notify| {
        is_terminated(notify) && state_of(notify) == Some(State::Full)
    })
    .await
}

async fn ends_with_reason(world: &mut World, args: StepArgs) -> StepResult {
    let wanted = args.get(1).to_owned();
    must_notify(world, &args, &format!("terminated;reason={wanted}"), |notify| {
        let state = notify.header("Subscription-State").unwrap_or_default().to_ascii_lowercase();
        let mut params = state.split(';').skip(1).filter_map(|part| part.split_once('='));
        is_terminated(notify) && params.any(|(name, value)| name.trim() == "reason" && value.trim() == wanted)
    })
    .await
}

async fn lasts_an_hour(world: &mut World, args: StepArgs) -> StepResult {
    let Asked::Sip(key) = world.actors.player(args.get(0))?.asked_sip else {
        return Err(Halt::error("a SUBSCRIBE in an earlier step", "there is none"));
    };
    let answer = world.sip_answer(args.get(0), key).await?;
    let said = match &answer {
        crate::suite::expectation::Answer::Response(response) => response.header("Expires"),
        _ => None,
    };
    match said.as_deref().map(str::trim).and_then(|seconds| seconds.parse::<u64>().ok()) {
        Some(seconds) if seconds <= 3600 => Ok(()),
        Some(seconds) => {
            let evidence = answer.evidence("the answer to SUBSCRIBE");
            Err(world.unmet(&args, "Expires of 3600 or less", &seconds.to_string(), evidence))
        }
        None => {
            let evidence = answer.evidence("the answer to SUBSCRIBE");
            Err(world.unmet(&args, "Expires of 3600 or less", "none that can be read", evidence))
        }
    }
}

async fn gets_nothing_unaccepted(world: &mut World, args: StepArgs) -> StepResult {
    let subscription = subscription_of(world, args.get(0))?;
    // What a later subscription brings shows that the focus had its time.
    let player = world.actors.player(args.get(0))?;
    let later = player.actor.act(|participant, now| participant.fetch_roster(now));
    let told = player.actor.wait(world.patience(), |participant| participant.documents(later).first().map(drop));
    if let Err(error) = told.await {
        return Err(world.unmet(&args, "the roster for who accepts it", &error.to_string(), Vec::new()));
    }
    let found = world.actors.player(args.get(0))?.actor.look(|participant| {
        let notifies = participant.notifies(subscription);
        notifies.iter().find(|notify| state_of(notify).is_some()).map(|notify| notify.octets())
    });
    match found {
        None => Ok(()),
        Some(octets) => {
            let evidence = vec![received("the NOTIFY", octets)];
            Err(world.unmet(&args, "no conference document", "one came", evidence))
        }
    }
}

async fn not_over(world: &mut World, args: StepArgs) -> StepResult {
    let subscription = subscription_of(world, args.get(0))?;
    let found = world.actors.player(args.get(0))?.actor.look(|participant| {
        let over = |notify: &&&SipMessage| is_terminated(notify) || state_of(notify) == Some(State::Deleted);
        participant.notifies(subscription).iter().find(over).map(|notify| notify.octets())
    });
    match found {
        None => Ok(()),
        Some(octets) => {
            let evidence = vec![received("the NOTIFY", octets)];
            Err(world.unmet(&args, "a conference that goes on", "the notification below", evidence))
        }
    }
}

async fn adds_up(world: &mut World, args: StepArgs) -> StepResult {
    let subscription = subscription_of(world, args.get(0))?;
    let deadline = world.settings.clock.now() + world.settings.profile.timers.roster;
    let mut pause = std::time::Duration::from_millis(30);
    loop {
        let whole = fetch(world).await?;
        let told =
            world.actors.player(args.get(0))?.actor.look(|participant| participant.roster_of(subscription).cloned());
        let difference = match (&told, &whole) {
            (Some(told), Ok((whole, _))) => difference(told, whole),
            (None, _) => Some("no roster was told".to_owned()),
            (_, Err(reason)) => Some(reason.clone()),
        };
        let Some(observed) = difference else { return Ok(()) };
        if world.settings.clock.now() >= deadline {
            let evidence = whole.map(|(_, evidence)| evidence).unwrap_or_default();
            return Err(world.unmet(&args, "the users of the roster that is fetched", &observed, evidence));
        }
        super::chunks::wait(world, pause).await?;
        pause = (pause * 2).min(std::time::Duration::from_secs(1));
    }
}

/// The first user that only one of two rosters has, or that has another nickname there.
fn difference(told: &ConferenceInfo, whole: &ConferenceInfo) -> Option<String> {
    let nickname =
        |user: &crate::wire::conference_info::User| user.nickname.as_ref().map(|(nickname, _)| nickname.clone());
    let missing = whole.users.iter().find_map(|wanted| match user(told, &wanted.entity) {
        None => Some(format!("'{}' was not told", wanted.entity)),
        Some(known) if nickname(known) != nickname(wanted) => Some(format!("'{}' has another nickname", wanted.entity)),
        Some(_) => None,
    });
    let extra = || told.users.iter().find(|known| user(whole, &known.entity).is_none());
    missing.or_else(|| extra().map(|known| format!("'{}' is still there", known.entity)))
}
