//! Which room the case plays in.

use crate::step;
use crate::suite::profile::{Claim, LogicalRoom};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};

pub(super) const STEPS: &[StepDef] = &[
    step!("a chat room", "a chat room", "The case plays in the profile's default room.", default_room),
    step!(
        "a chat room that allows (nicknames|private messages|nicknames and private messages)",
        "a chat room that allows nicknames and private messages",
        "The default room, if the implementation under test claims or announces what is named.",
        room_that_allows
    ),
    step!(
        r"a chat room (that (?:[^a]|a[^l]).*|with .*)",
        "a chat room that forbids private messages",
        "The room that the profile names for a policy: that forbids private messages, that forbids nicknames, that asks \
         for credentials, that accepts only text/plain inside the wrapper, that quarantines nicknames, with one endpoint \
         a user, with a short chunk reception timer, that ends with its creator, that answers slowly, that demands TLS.",
        room_with_a_policy
    ),
];

async fn default_room(world: &mut World, _args: StepArgs) -> StepResult {
    world.actors.enter(None);
    Ok(())
}

async fn room_that_allows(world: &mut World, args: StepArgs) -> StepResult {
    world.actors.enter(None);
    for (words, claim) in [("nicknames", Claim::Nicknames), ("private messages", Claim::PrivateMessages)] {
        if !args.get(0).contains(words) {
            continue;
        }
        world.actors.demand(claim);
        if world.settings.profile.claim(claim) == Some(false) {
            return Err(Halt::NotApplicable(format!("the room does not offer {words}")));
        }
    }
    Ok(())
}

async fn room_with_a_policy(world: &mut World, args: StepArgs) -> StepResult {
    let room = match args.get(0) {
        "that forbids private messages" => LogicalRoom::PrivateMessagesOff,
        "that forbids nicknames" => LogicalRoom::NicknamesOff,
        "that asks for credentials" => LogicalRoom::Digest,
        "that accepts only text/plain inside the wrapper" => LogicalRoom::TextPlainOnly,
        "that quarantines nicknames" => LogicalRoom::NicknameQuarantine,
        "with one endpoint a user" => LogicalRoom::SingleEndpoint,
        "with a short chunk reception timer" => LogicalRoom::ChunkTimer,
        "that ends with its creator" => LogicalRoom::DeletedWithCreator,
        "that answers slowly" => LogicalRoom::SlowAnswer,
        "that demands TLS" => LogicalRoom::TlsOnly,
        other => return Err(Halt::error("a policy that the suite knows", format!("'{other}'"))),
    };
    if world.settings.profile.room_uri(Some(room)).is_none() {
        return Err(Halt::NotApplicable(format!("the profile names no room '{room}'")));
    }
    world.actors.enter(Some(room));
    Ok(())
}
