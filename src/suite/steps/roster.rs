//! What the roster shows (RFC 4575 with the nickname of RFC 6501).
//!
//! Unless somebody watches it, the roster is fetched: a SUBSCRIBE with Expires 0 brings the full state at once. What
//! should be there may take its time (T73); the fetch is repeated up to the roster timer.

use std::time::Duration;

use super::hearing::same_uri;
use super::nicknames::own;
use crate::judge::nickname::{is_shown_as, is_shown_in_small_letters};
use crate::judge::verdict::Evidence;
use crate::peer::{RequestOptions, SubscriptionId};
use crate::suite::expectation::Answer;
use crate::suite::profile::Claim;
use crate::suite::scene::Asked;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::conference_info::{ConferenceInfo, NicknameForm, State, User};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!("the roster shows ", who!(), r#" as (?:"(.*)"|'(.*)'|that nickname)"#),
        "the roster shows Alice as \"Alice the great\"",
        "The user element of this participant has the nickname, as sent or as RFC 8266 enforces it (T47).",
        shows_as
    ),
    step!(
        concat!("the roster shows no nickname for ", who!()),
        "the roster shows no nickname for Bob",
        "The user element of this participant has no nickname.",
        shows_no_nickname
    ),
    step!(
        concat!("the roster shows ", who!(), "( exactly once)?"),
        "the roster shows Alice",
        "There is a user element with this participant's URI.",
        shows
    ),
    step!(
        concat!("the roster does not show ", who!()),
        "the roster does not show Bob",
        "There is no user element with this participant's URI.",
        does_not_show
    ),
    step!(
        r#"the roster shows "([^"]*)" exactly once"#,
        "the roster shows \"Winner\" exactly once",
        "One user element has this nickname.",
        shows_nickname_once
    ),
    step!(
        r#"the roster does not show the nickname "([^"]*)""#,
        "the roster does not show the nickname \"Caterpillar\"",
        "No user element has this nickname.",
        does_not_show_nickname
    ),
    step!(
        concat!(r#"the roster does not show "([^"]*)" as "#, who!(), "'s display name"),
        "the roster does not show \"Captain\" as Carol's display name",
        "display-text of the user element is not this nickname.",
        not_as_display_name
    ),
    step!(
        "that nickname is written as the attribute nickname of XCON",
        "that nickname is written as the attribute nickname of XCON",
        "Nicknames stand in the attribute nickname of urn:ietf:params:xml:ns:xcon-conference-info (T52).",
        written_in_xcon
    ),
    step!(
        concat!(who!(), " asks for the roster"),
        "Alice asks for the roster",
        "A SUBSCRIBE with Expires 0.",
        asks_for_roster
    ),
    step!(
        "the roster's entity is the room's URI",
        "the roster's entity is the room's URI",
        "conference-info/@entity is the URI that was called.",
        entity_is_room
    ),
    step!(
        concat!(who!(), " watches the roster"),
        "Alice watches the roster",
        "A subscription is in place and its first notification has come.",
        watches
    ),
    step!(
        concat!(who!(), " subscribes to the roster"),
        "Alice subscribes to the roster",
        "SUBSCRIBE to the conference event package.",
        subscribes
    ),
    step!(
        concat!("the focus accepts the subscription of ", who!()),
        "the focus accepts the subscription of Alice",
        "SUBSCRIBE is answered with a 2xx.",
        accepts_subscription
    ),
    step!(
        concat!("the first notification to ", who!(), " has the full state"),
        "the first notification to Alice has the full state",
        "The first NOTIFY carries a document in state full.",
        first_is_full
    ),
    step!(
        concat!(who!(), " is notified that ", who!(), " is( not)? in the room"),
        "Alice is notified that Carol is in the room",
        "A notification within the roster timer makes it so.",
        notified_of_presence
    ),
    step!(
        concat!(who!(), " is notified that ", who!(), r#"(?:'s nickname is "([^"]*)"| has no nickname)"#),
        "Alice is notified that Bob's nickname is \"Brand new\"",
        "A notification within the roster timer makes it so.",
        notified_of_nickname
    ),
    step!(
        r"the roster shows (\d+) anonymous participants? more than before",
        "the roster shows 1 anonymous participant more than before",
        "So many users that are not known by name were added by this case, each with a URI of its own.",
        shows_anonymous
    ),
    step!(
        concat!(who!(), "'s address appears nowhere in what the focus tells ", who!()),
        "Carol's address appears nowhere in what the focus tells Alice",
        "The real address of an anonymous participant is in no notification.",
        address_not_in_roster
    ),
    step!(
        concat!(who!(), r#" whispers "([^"]*)" to the URI that the roster shows for "#, who!()),
        "Alice whispers \"found you\" to the URI that the roster shows for Bob",
        "A private message whose To is the entity of that user element.",
        whisper_to_entity
    ),
    step!(
        concat!(who!(), r#" whispers "([^"]*)" to the anonymous URI of "#, who!(), " in the roster"),
        "Alice whispers \"whoever you are\" to the anonymous URI of Carol in the roster",
        "A private message to the one anonymous user that the case added.",
        whisper_to_anonymous
    ),
];

/// A document of the roster, with its octets for evidence.
pub(super) type Look = Result<(ConferenceInfo, Vec<Evidence>), String>;

/// Asks for the roster until it is as wanted; what was seen last otherwise.
async fn roster_until(
    world: &mut World,
    right: impl Fn(&World, &ConferenceInfo) -> bool,
) -> Result<Result<(), (String, Vec<Evidence>)>, Halt> {
    if world.settings.profile.claim(Claim::ConferenceEvent) == Some(false) {
        world.passed_over("a look at the roster", "the profile says that there is none");
        return Ok(Ok(()));
    }
    let clock = world.settings.clock;
    let deadline = clock.now() + world.settings.profile.timers.roster;
    let mut pause = Duration::from_millis(30);
    loop {
        let seen = fetch(world).await?;
        match &seen {
            Ok((document, _)) if right(world, document) => return Ok(Ok(())),
            // To have the package at all is only recommended (RFC 7701, 7.4).
            Err(reason)
                if reason.starts_with(REFUSED) && world.settings.profile.claim(Claim::ConferenceEvent).is_none() =>
            {
                world.passed_over("a look at the roster", &format!("the profile claims none, and {reason}"));
                return Ok(Ok(()));
            }
            _ if clock.now() < deadline => {
                super::chunks::wait(world, pause).await?;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
            Ok((_, evidence)) => return Ok(Err(("the roster below".to_owned(), evidence.clone()))),
            Err(reason) => return Ok(Err((reason.clone(), Vec::new()))),
        }
    }
}

/// How a refusal of SUBSCRIBE is told.
const REFUSED: &str = "SUBSCRIBE was answered with";

pub(super) async fn fetch(world: &World) -> Result<Look, Halt> {
    let Some(observer) = world.actors.present().into_iter().next() else {
        return Ok(Err("nobody is in the room to look at the roster".to_owned()));
    };
    let actor = world.actors.player(&observer)?.actor.clone();
    let subscription = actor.act(|participant, now| participant.fetch_roster(now));
    let document = actor.wait(world.patience(), |participant| {
        if let Some(document) = participant.documents(subscription).first() {
            let octets = participant.notifies(subscription).first().map(|notify| notify.octets()).unwrap_or_default();
            return Some(Ok((document.clone(), vec![crate::suite::scene::received("the NOTIFY", octets)])));
        }
        let status =
            participant.subscribe_request(subscription).and_then(|key| participant.final_response(key))?.status()?;
        (status >= 300).then(|| Err(format!("{REFUSED} {status}")))
    });
    Ok(document.await.unwrap_or_else(|error| Err(format!("no roster: {error}"))))
}

pub(super) fn user<'a>(document: &'a ConferenceInfo, uri: &str) -> Option<&'a User> {
    document.users.iter().find(|user| same_uri(&user.entity, uri))
}

pub(super) async fn must_show(
    world: &mut World,
    args: &StepArgs,
    expected: &str,
    right: impl Fn(&World, &ConferenceInfo) -> bool,
) -> StepResult {
    match roster_until(world, right).await? {
        Ok(()) => Ok(()),
        Err((observed, evidence)) => Err(world.unmet(args, expected, &observed, evidence)),
    }
}

async fn shows_as(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let (uri, wanted) = (player.uri.clone(), player.wanted_nickname.clone());
    let nickname = match (args.get(1), args.get(2)) {
        ("", "") => wanted.unwrap_or_default(),
        ("", single) => own(world, single),
        (double, _) => own(world, double),
    };
    if player.refused_tolerably && player.wanted_nickname.as_deref() == Some(&*nickname) {
        world.passed_over("a look at the roster", "the nickname was not granted, which is tolerated");
        return Ok(());
    }
    let expected = format!("the roster shows {} as \"{nickname}\"", args.get(0));
    let small = std::cell::Cell::new(false);
    must_show(world, &args, &expected, |_, document| {
        user(document, &uri).and_then(|user| user.nickname.as_ref()).is_some_and(|(shown, _)| {
            small.set(is_shown_in_small_letters(shown, &nickname));
            small.get() || is_shown_as(shown, &nickname)
        })
    })
    .await?;
    if small.get() {
        world.tolerated(&expected, "the nickname in small letters, which are for comparing only (T47)", Vec::new());
    }
    Ok(())
}

async fn shows_no_nickname(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(0))?.uri.clone();
    let expected = format!("the roster shows {} without a nickname", args.get(0));
    must_show(world, &args, &expected, |_, document| user(document, &uri).is_some_and(has_no_nickname)).await
}

/// Without the attribute, or with an empty one.
fn has_no_nickname(user: &User) -> bool {
    user.nickname.as_ref().is_none_or(|(shown, _)| shown.is_empty())
}

async fn shows(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(0))?.uri.clone();
    let once = !args.get(1).is_empty();
    must_show(world, &args, &args.text.clone(), |_, document| {
        let count = document.users.iter().filter(|user| same_uri(&user.entity, &uri)).count();
        if once { count == 1 } else { count > 0 }
    })
    .await
}

async fn does_not_show(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(0))?.uri.clone();
    must_show(world, &args, &args.text.clone(), |_, document| user(document, &uri).is_none()).await
}

async fn shows_nickname_once(world: &mut World, args: StepArgs) -> StepResult {
    let nickname = own(world, args.get(0));
    must_show(world, &args, &args.text.clone(), |_, document| count_nickname(document, &nickname) == 1).await
}

async fn does_not_show_nickname(world: &mut World, args: StepArgs) -> StepResult {
    let nickname = own(world, args.get(0));
    must_show(world, &args, &args.text.clone(), |_, document| count_nickname(document, &nickname) == 0).await
}

/// The nickname in whatever form; whether the form is right is for the steps that show a user with it.
fn stands_for(shown: &str, wanted: &str) -> bool {
    is_shown_as(shown, wanted) || is_shown_in_small_letters(shown, wanted)
}

fn count_nickname(document: &ConferenceInfo, nickname: &str) -> usize {
    let shown = |user: &&User| user.nickname.as_ref().is_some_and(|(shown, _)| stands_for(shown, nickname));
    document.users.iter().filter(shown).count()
}

async fn not_as_display_name(world: &mut World, args: StepArgs) -> StepResult {
    let nickname = own(world, args.get(0));
    let uri = world.actors.player(args.get(1))?.uri.clone();
    must_show(world, &args, &args.text.clone(), |_, document| {
        user(document, &uri).is_some_and(|user| user.display_text.as_deref() != Some(&nickname))
    })
    .await
}

async fn written_in_xcon(world: &mut World, args: StepArgs) -> StepResult {
    let nonce = world.actors.nonce().to_owned();
    let written = |document: &ConferenceInfo, wanted: NicknameForm| {
        let mut own = document.users.iter().filter_map(|user| user.nickname.as_ref());
        own.any(|(shown, form)| shown.ends_with(&nonce) && *form == wanted)
    };
    let expected = "the attribute nickname of XCON (T52)";
    match roster_until(world, |_, document| written(document, NicknameForm::Qualified)).await? {
        Ok(()) => Ok(()),
        Err((observed, evidence)) => match fetch(world).await? {
            // Whoever shows nicknames shows them as an attribute; that of no name space is tolerated.
            Ok((document, _)) if written(&document, NicknameForm::Element) => {
                Err(world.unmet_in_any_case(&args, expected, "an element of the user", evidence))
            }
            _ => Err(world.unmet(&args, expected, &observed, evidence)),
        },
    }
}

async fn asks_for_roster(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    // Each later look at the roster fetches it anew; a case that begins with it is about nothing else.
    match fetch(world).await? {
        Ok(_) => Ok(()),
        Err(reason)
            if world.settings.profile.claim(Claim::ConferenceEvent).is_none() && reason.starts_with(REFUSED) =>
        {
            Err(Halt::NotApplicable(format!("the profile claims no conference event package, and {reason}")))
        }
        Err(reason) => Err(world.unmet(&args, "the roster", &reason, Vec::new())),
    }
}

async fn entity_is_room(world: &mut World, args: StepArgs) -> StepResult {
    let room = world.actors.room_uri(&world.settings).to_string();
    must_show(world, &args, &format!("entity {room}"), |_, document| same_uri(&document.entity, &room)).await
}

pub(super) async fn subscribe(world: &mut World, who: &str, options: RequestOptions) -> Result<SubscriptionId, Halt> {
    let player = world.actors.player_mut(who)?;
    let subscription = player.actor.act(|participant, now| participant.subscribe(now, 600, options));
    player.watching = Some(subscription);
    if let Some(key) = player.actor.look(|participant| participant.subscribe_request(subscription)) {
        player.asked_sip = Asked::Sip(key);
    }
    Ok(subscription)
}

pub(super) fn must_have_roster(world: &World) -> StepResult {
    if world.settings.profile.claim(Claim::ConferenceEvent) == Some(false) {
        return Err(Halt::NotApplicable("the profile says that there is no conference event package".to_owned()));
    }
    Ok(())
}

async fn watches(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    let subscription = subscribe(world, args.get(0), RequestOptions::default()).await?;
    let player = world.actors.player(args.get(0))?;
    let first = player.actor.wait(world.patience(), |participant| participant.roster_of(subscription).map(drop));
    match first.await {
        Ok(()) => Ok(()),
        Err(error) => Err(world.unmet(&args, "a first notification", &error.to_string(), Vec::new())),
    }
}

async fn subscribes(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    subscribe(world, args.get(0), RequestOptions::default()).await.map(drop)
}

async fn accepts_subscription(world: &mut World, args: StepArgs) -> StepResult {
    let Asked::Sip(key) = world.actors.player(args.get(0))?.asked_sip else {
        return Err(Halt::error("a SUBSCRIBE in an earlier step", "there is none"));
    };
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(response) if response.status().is_some_and(|status| status / 100 == 2) => Ok(()),
        other => Err(world.unmet(&args, "200", &other.in_words(), other.evidence("the answer to SUBSCRIBE"))),
    }
}

pub(super) fn subscription_of(world: &World, who: &str) -> Result<SubscriptionId, Halt> {
    let subscription = world.actors.player(who)?.watching;
    subscription.ok_or_else(|| Halt::error(format!("a subscription of {who} in an earlier step"), "there is none"))
}

async fn first_is_full(world: &mut World, args: StepArgs) -> StepResult {
    let subscription = subscription_of(world, args.get(0))?;
    let player = world.actors.player(args.get(0))?;
    let first = player.actor.wait(world.patience(), |participant| participant.documents(subscription).first().cloned());
    match first.await {
        Ok(document) if document.state == State::Full => Ok(()),
        Ok(document) => Err(world.unmet(&args, "state full", &format!("state {}", document.state.word()), Vec::new())),
        Err(error) => Err(world.unmet(&args, "a first notification", &error.to_string(), Vec::new())),
    }
}

async fn notified(world: &mut World, args: &StepArgs, right: impl Fn(&ConferenceInfo) -> bool) -> StepResult {
    let subscription = subscription_of(world, args.get(0))?;
    let player = world.actors.player(args.get(0))?;
    let timer = world.settings.profile.timers.roster;
    let told =
        player.actor.wait(timer, |participant| participant.roster_of(subscription).filter(|it| right(it)).map(drop));
    match told.await {
        Ok(()) => Ok(()),
        Err(error) => {
            let octets = player.actor.look(|participant| {
                participant.notifies(subscription).last().map(|notify| notify.octets()).unwrap_or_default()
            });
            let evidence = vec![crate::suite::scene::received("the last NOTIFY", octets)];
            Err(world.unmet(args, &args.text, &error.to_string(), evidence))
        }
    }
}

async fn notified_of_presence(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(1))?.uri.clone();
    let wanted = args.get(2).is_empty();
    notified(world, &args, |document| user(document, &uri).is_some() == wanted).await
}

async fn notified_of_nickname(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(1))?.uri.clone();
    let nickname = (!args.get(2).is_empty()).then(|| own(world, args.get(2)));
    notified(world, &args, |document| {
        user(document, &uri).is_some_and(|user| match (&user.nickname, &nickname) {
            (Some((shown, _)), Some(wanted)) => stands_for(shown, wanted),
            (_, None) => has_no_nickname(user),
            _ => false,
        })
    })
    .await
}

/// The users of a document, each once.
fn entities(document: &ConferenceInfo) -> Vec<String> {
    let mut found: Vec<String> = document.users.iter().map(|user| user.entity.clone()).collect();
    found.sort();
    found.dedup();
    found
}

async fn shows_anonymous(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    let wanted: usize = args.parse(0, "a number of participants")?;
    must_show(world, &args, &format!("{wanted} anonymous user(s) more"), |world, document| {
        newly_anonymous(world, document).len() >= wanted
    })
    .await
}

/// The users that were not there before the case brought anonymous ones, and whose URI is nobody's in the case: what an
/// anonymous URI looks like is for the focus to choose (T78).
pub(super) fn newly_anonymous(world: &World, document: &ConferenceInfo) -> Vec<String> {
    let before = world.actors.users_before();
    let known = |entity: &str| world.actors.players().iter().any(|player| same_uri(&player.aor, entity));
    entities(document).into_iter().filter(|entity| !before.contains(entity) && !known(entity)).collect()
}

/// Notes which users are there, before somebody joins as another one.
pub(super) async fn note_users(world: &mut World) -> StepResult {
    if world.actors.present().is_empty() {
        return Ok(());
    }
    if let Ok((document, _)) = fetch(world).await? {
        world.actors.note_users(entities(&document));
    }
    Ok(())
}

async fn address_not_in_roster(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    let needle = world.actors.player(args.get(0))?.aor.trim_start_matches("sip:").to_owned();
    let player = world.actors.player(args.get(1))?;
    let subscription = player.actor.act(|participant, now| participant.fetch_roster(now));
    let got = player
        .actor
        .wait(world.patience(), |participant| participant.notifies(subscription).first().map(|notify| notify.octets()));
    let octets = match got.await {
        Ok(octets) => octets,
        Err(error) => return Err(world.unmet(&args, "a notification", &error.to_string(), Vec::new())),
    };
    match memchr::memmem::find(&octets, needle.as_bytes()) {
        None => Ok(()),
        Some(at) => {
            let evidence = Evidence {
                caption: "the NOTIFY".to_owned(),
                event: None,
                decisive: Some(crate::wire::Span { start: at, end: at + needle.len() }),
                octets,
            };
            Err(world.unmet_in_any_case(&args, "the real address stays hidden", "it is in the roster", vec![evidence]))
        }
    }
}

async fn whisper_to_entity(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(2))?.uri.clone();
    let Ok((document, _)) = fetch(world).await? else {
        return Err(Halt::inconclusive("a roster that shows the recipient", "there is none"));
    };
    let Some(entity) = user(&document, &uri).map(|user| user.entity.clone()) else {
        return Err(Halt::inconclusive("a roster that shows the recipient", "the recipient is not in it"));
    };
    whisper_to(world, &args, args.get(2), entity).await
}

async fn whisper_to_anonymous(world: &mut World, args: StepArgs) -> StepResult {
    let Ok((document, _)) = fetch(world).await? else {
        return Err(Halt::inconclusive("a roster with anonymous participants", "there is none"));
    };
    match newly_anonymous(world, &document).as_slice() {
        [only] => whisper_to(world, &args, args.get(2), only.clone()).await,
        [] => Err(Halt::inconclusive("one new anonymous user in the roster", "there is none")),
        _ => Err(Halt::inconclusive("one new anonymous user in the roster", "there are several")),
    }
}

async fn whisper_to(world: &mut World, args: &StepArgs, whom: &str, uri: String) -> StepResult {
    let (mark, content) = super::talking::marked(world, args.get(1));
    let options = crate::peer::SendOptions::private(uri, content);
    super::talking::utter(world, args.get(0), Some(whom.to_owned()), mark, options).await
}
