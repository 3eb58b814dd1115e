//! What the room itself says, and what it must not say.

use super::absence::sentinel;
use super::hearing::{body_evidence, same_uri};
use crate::suite::step::{StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
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
