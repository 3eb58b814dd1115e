//! Who comes into the room, and how.

use super::ways::options;
use crate::peer::{CallState, Identity, InviteOptions, Offer, Route};
use crate::suite::expectation::Answer;
use crate::suite::profile::{Claim, LogicalRoom};
use crate::suite::scene::{Asked, Player};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::uri::SipUri;
use crate::{list, step, who};

/// The ways to join, as one optional group.
macro_rules! how {
    () => {
        "( offering .*| without .*| with .*| from .*| accepting .*| asking for privacy| under an anonymous URI(?: with .*)?| over TLS(?:, .*)?| over plain TCP| requiring .*)?"
    };
}

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(list!(), " (?:has|have) joined(?: the room)?", how!()),
        "Alice and Bob have joined the room",
        "Everybody named is in the room, the MSRP session in place. Ways to join: with the chat tokens \"...\", with a \
         bare chatroom attribute, from a client that does not know chat rooms, accepting only \"...\" inside the wrapper, \
         offering \"...\", without an offer, asking for privacy, under an anonymous URI, with the display name \"...\", \
         with the display name of Alice, from behind a relay, from behind two relays, over TLS, requiring the extension \"...\", \
         without setup, with the setup \"...\", with the direction \"...\", with the attribute \"...\", with a max-size of 3000 octets.",
        have_joined
    ),
    step!(
        concat!(who!(), " has also joined from a second device( with .*)?"),
        "Bob has also joined from a second device",
        "The same user is in the room a second time; the second session is called `Bob's second device`.",
        second_device_has_joined
    ),
    step!(
        concat!(who!(), " tries to join from a second device"),
        "Bob tries to join from a second device",
        "The same user calls the room a second time, whatever comes of it.",
        second_device_tries
    ),
    step!(
        concat!(who!(), " has joined a second chat room"),
        "Dave has joined a second chat room",
        "Somebody is in another room of the profile.",
        has_joined_another_room
    ),
    step!(
        concat!(who!(), " has also joined a second chat room( over the same connection| to be connected to)?"),
        "Alice has also joined a second chat room",
        "Somebody who is in the room has a second session, in another room of the profile.",
        has_joined_a_second_room
    ),
    step!(
        concat!(list!(), " joins? the room", how!()),
        "Alice joins the room",
        "Somebody calls the room; what comes of it is for the steps after it. The ways are those of `has joined`.",
        join
    ),
    step!(
        concat!(who!(), " tries to join the room", how!()),
        "Alice tries to join the room offering \"text/plain\"",
        "Somebody calls the room in a way that should fail. Further ways: offering audio only, over plain TCP, without \
         credentials, with a wrong password, with credentials that nobody gave out.",
        join
    ),
    step!(
        concat!("what ", who!(), " says there, if anything, is not heard by ", who!()),
        "what Alice says there, if anything, is not heard by Bob",
        "Who was let in somewhere else is not in the case's room: what is said there does not arrive here.",
        not_heard_here
    ),
    step!(
        concat!(who!(), " tries to join a room that does not exist"),
        "Alice tries to join a room that does not exist",
        "Somebody calls a URI of the same host that names no room.",
        join_no_room
    ),
    step!(concat!(who!(), " has joined again"), "Bob has joined again", "Who was gone is back.", has_joined_again),
    step!(concat!(who!(), " joins again"), "Bob joins again", "Who was gone calls the room again.", joins_again),
    step!(
        concat!(who!(), " sends an INVITE and cancels it"),
        "Alice sends an INVITE and cancels it",
        "INVITE, and CANCEL as soon as a provisional response allows it.",
        invite_and_cancel
    ),
];

async fn have_joined(world: &mut World, args: StepArgs) -> StepResult {
    for name in super::names(args.get(0)) {
        appear(world, &name, args.get(1)).await?;
        call(world, &name, args.get(1)).await?;
        must_be_in(world, &args, &name)?;
        // To recvonly and sendonly it is a right answer, too (RFC 3264, 6.1), and nothing is to be seen after it.
        let media = super::focus::session(world, &name)?.remote_media;
        if media.is_some_and(|media| media.direction.as_deref() == Some("inactive")) {
            return Err(Halt::NotApplicable("the focus answered that the stream is inactive, as it may".to_owned()));
        }
    }
    Ok(())
}

async fn join(world: &mut World, args: StepArgs) -> StepResult {
    for name in super::names(args.get(0)) {
        if !world.actors.has(&name) {
            appear(world, &name, args.get(1)).await?;
        }
        call(world, &name, args.get(1)).await?;
    }
    Ok(())
}

async fn second_device_has_joined(world: &mut World, args: StepArgs) -> StepResult {
    let name = second_device(world, args.get(0)).await?;
    call(world, &name, args.get(1)).await?;
    must_be_in(world, &args, &name)?;
    // A room may allow one endpoint a user only, and end the first session in favour of the second (T37).
    let owner = world.actors.player(args.get(0))?;
    let call = owner.call()?;
    let probe = owner.actor.act(|participant, now| {
        participant.send(now, call, crate::peer::SendOptions::bodiless())?.transactions.into_iter().next()
    });
    let alive = match probe {
        Some(transaction) => match world.msrp_answer(args.get(0), &transaction).await? {
            Answer::Response(response) => response.status() == Some(200),
            _ => false,
        },
        None => false,
    };
    if alive && world.actors.player(args.get(0))?.is_present() {
        return Ok(());
    }
    let expected = format!("{} is in the room with two endpoints", args.get(0));
    Err(Halt::inconclusive(expected, "the first session did not survive the second"))
}

async fn second_device_tries(world: &mut World, args: StepArgs) -> StepResult {
    let name = second_device(world, args.get(0)).await?;
    call(world, &name, "").await
}

async fn has_joined_another_room(world: &mut World, args: StepArgs) -> StepResult {
    let other = other_room(world)?;
    let own = world.actors.logical_room();
    world.actors.enter(Some(other));
    let joined = async {
        appear(world, args.get(0), "").await?;
        call(world, args.get(0), "").await?;
        must_be_in(world, &args, args.get(0))
    }
    .await;
    world.actors.enter(own);
    joined
}

async fn has_joined_a_second_room(world: &mut World, args: StepArgs) -> StepResult {
    let other = other_room(world)?;
    let uri = world.settings.profile.room_uri(Some(other)).map(ToString::to_string);
    let player = world.actors.player(args.get(0))?;
    let options = InviteOptions {
        request_uri: uri.clone(),
        to: uri.map(|uri| format!("<{uri}>")),
        share_connection: args.get(1) == " over the same connection",
        offer: Some(if args.get(1) == " to be connected to" { super::ways::passive() } else { Offer::default() }),
        ..InviteOptions::default()
    };
    let call = player.actor.act(|participant, now| participant.invite(now, options));
    let settled = player.actor.wait(world.patience(), |participant| {
        participant
            .session(call)
            .filter(|session| session.is_joined() || is_over(session.state))
            .map(|session| session.is_joined())
    });
    if settled.await != Ok(true) {
        return Err(world.unmet(&args, "a session in a second room", "it was not established", Vec::new()));
    }
    world.actors.player_mut(args.get(0))?.second_call = Some(call);
    Ok(())
}

async fn join_no_room(world: &mut World, args: StepArgs) -> StepResult {
    appear(world, args.get(0), "").await?;
    let nowhere = SipUri {
        user: Some(format!("no-such-room-{}", world.actors.nonce())),
        ..world.actors.room_uri(&world.settings)
    };
    let options = InviteOptions {
        request_uri: Some(nowhere.to_string()),
        to: Some(format!("<{nowhere}>")),
        ..InviteOptions::default()
    };
    start_call(world, args.get(0), options).await
}

async fn not_heard_here(world: &mut World, args: StepArgs) -> StepResult {
    if !world.actors.player(args.get(0))?.is_present() {
        return Ok(());
    }
    // Whoever is let into a room of its own is not among those that the case's room serves.
    world.actors.player_mut(args.get(0))?.hears_text = false;
    let (mark, content) = super::talking::marked(world, "is this the room");
    super::talking::utter(world, args.get(0), None, mark, crate::peer::SendOptions::text(content)).await?;
    let it = world.actors.it()?.clone();
    let transaction = super::answers::last_transaction(world, args.get(0))?;
    world.msrp_answer(args.get(0), &transaction).await?;
    super::absence::stays_away_while(world, &args, &it, args.get(1), args.get(1)).await
}

async fn has_joined_again(world: &mut World, args: StepArgs) -> StepResult {
    call(world, args.get(0), "").await?;
    must_be_in(world, &args, args.get(0))
}

async fn joins_again(world: &mut World, args: StepArgs) -> StepResult {
    call(world, args.get(0), "").await
}

async fn invite_and_cancel(world: &mut World, args: StepArgs) -> StepResult {
    appear(world, args.get(0), "").await?;
    send_and_cancel(world, args.get(0)).await
}

/// INVITE, and CANCEL as soon as a provisional response allows it.
pub(super) async fn send_and_cancel(world: &mut World, who: &str) -> StepResult {
    let player = world.actors.player_mut(who)?;
    let call = player.actor.act(|participant, now| participant.invite(now, InviteOptions::default()));
    player.call = Some(call);
    let actor = player.actor.clone();
    let Some(invite) = actor.look(|participant| participant.session(call).map(|session| session.invite)) else {
        return Err(Halt::error("an INVITE", "the peer sent none"));
    };
    player.asked_sip = Asked::Sip(invite);
    // CANCEL may go out once a provisional response has come (RFC 3261, 9.1).
    let provisional = actor.wait(world.patience(), |participant| {
        let responses = participant.sip_responses(invite);
        responses.first().and_then(|response| response.status()).map(|status| status < 200)
    });
    if provisional.await != Ok(true) {
        return Err(Halt::inconclusive("a provisional response first", "a final one came, or none"));
    }
    let cancel = actor.act(|participant, now| participant.cancel(now, call));
    world.actors.player_mut(who)?.bye = cancel;
    Ok(())
}

/// Brings somebody on stage.
pub(super) async fn appear(world: &mut World, name: &str, how: &str) -> StepResult {
    let room = world.actors.logical_room();
    let key = name.to_lowercase();
    let credentials = match room {
        Some(LogicalRoom::Digest) => world.settings.profile.credentials.get(&key).cloned(),
        _ => None,
    };
    let user = credentials
        .as_ref()
        .map_or_else(|| format!("{key}-{}", world.actors.nonce()), |credentials| credentials.username.clone());
    let aor = SipUri::new(Some(&user), &world.settings.profile.domain, None);
    let credentials = match how.trim() {
        "without credentials" => None,
        "with a wrong password" => credentials.map(|it| (it.username, format!("not-{}", it.password))),
        "with credentials that nobody gave out" => Some((user, "made-up".to_owned())),
        _ => credentials.map(|it| (it.username, it.password)),
    };
    let tcp = how.trim() == "over TCP";
    let display_name = match how.trim().strip_prefix("with the display name ") {
        Some(quoted) if quoted.starts_with('"') => Some(quoted.trim_matches('"').to_owned()),
        Some(other) => Some(other.trim_start_matches("of ").to_owned()),
        None => Some(name.to_owned()),
    };
    let Some(casting) = world.actors.casting(name).cloned() else {
        return admit(world, name, aor, display_name, credentials, tcp).await;
    };
    let user = casting.user.or_else(|| casting.username.clone());
    let aor = SipUri { user: user.or(aor.user), ..aor };
    let credentials = casting.username.zip(casting.password).or(credentials);
    admit(world, name, aor, casting.display_name.or(display_name), credentials, casting.over_tcp.unwrap_or(tcp)).await
}

async fn second_device(world: &mut World, owner: &str) -> Result<String, Halt> {
    let name = format!("{owner}'s second device");
    let identity = world.actors.player(owner)?.actor.look(|participant| participant.identity().clone());
    admit(world, &name, identity.aor, identity.display_name, identity.credentials, false).await?;
    Ok(name)
}

async fn admit(
    world: &mut World,
    name: &str,
    aor: SipUri,
    display_name: Option<String>,
    credentials: Option<(String, String)>,
    over_tcp: bool,
) -> StepResult {
    if world.actors.has(name) {
        return Err(Halt::error(format!("{name} to appear once"), "appears a second time"));
    }
    let room = world.actors.logical_room();
    let uri = world.actors.room_uri(&world.settings);
    let text = aor.to_string();
    let identity = Identity { name: name.to_owned(), aor, display_name, credentials };
    let hop = world.settings.hops.of(room).unwrap_or(&world.settings.hops.default);
    let route = Route {
        transport: if over_tcp { crate::peer::Transport::Tcp } else { hop.transport.into() },
        next_hop: hop.address,
        server_name: hop.server_name.clone(),
        room: uri,
    };
    let actor = world
        .actors
        .stage()?
        .admit_on(identity, route)
        .await
        .map_err(|error| Halt::error(format!("sockets for {name}"), error.to_string()))?;
    world.actors.add(Player::new(actor, room, text));
    Ok(())
}

/// Calls the room, and waits until the session works or it is clear that it will not.
pub(super) async fn call(world: &mut World, name: &str, how: &str) -> StepResult {
    if how.trim() == "asking for privacy" || how.trim().starts_with("under an anonymous URI") {
        super::roster::note_users(world).await?;
    }
    let mut options = options(world, name, how.trim())?;
    if let Some(casting) = world.actors.casting(name) {
        casting.shape(&mut options);
        let hears_text = casting.hears_text();
        world.actors.player_mut(name)?.hears_text &= hears_text;
    }
    start_call(world, name, options).await
}

pub(super) async fn start_call(world: &mut World, name: &str, options: InviteOptions) -> StepResult {
    let player = world.actors.player_mut(name)?;
    let call = player.actor.act(|participant, now| participant.invite(now, options));
    player.call = Some(call);
    player.connected = true;
    player.was_in = false;
    player.bye = None;
    if let Some(key) = player.actor.look(|participant| participant.session(call).map(|session| session.invite)) {
        player.asked_sip = Asked::Sip(key);
    }
    let actor = player.actor.clone();
    let settled = actor.wait(world.patience(), |participant| {
        participant
            .session(call)
            .filter(|session| {
                session.is_joined()
                    || is_over(session.state)
                    || session.first_send_status.is_some()
                    || (session.state == CallState::Established && !carries_msrp(session))
            })
            .map(drop)
    });
    // Whoever never settles is judged by the steps that follow.
    let _ = settled.await;
    let player = world.actors.player_mut(name)?;
    player.was_in |= player.is_present();
    Ok(())
}

fn carries_msrp(session: &crate::peer::Session) -> bool {
    session.remote_media.as_ref().is_some_and(|media| media.is_msrp() && media.port != 0)
}

fn is_over(state: CallState) -> bool {
    matches!(state, CallState::Refused(_) | CallState::TimedOut | CallState::Ended)
}

pub(super) fn must_be_in(world: &mut World, args: &StepArgs, name: &str) -> StepResult {
    let player = world.actors.player_mut(name)?;
    let call = player.call()?;
    let Some(session) = player.actor.look(|participant| participant.session(call).cloned()) else {
        return Err(Halt::error(format!("a call of {name}"), "there is none"));
    };
    if session.is_joined() {
        player.was_in = true;
        return must_offer(world, name, &session);
    }
    let observed = match session.state {
        CallState::Calling => "no final answer to the INVITE".to_owned(),
        CallState::Refused(status) => format!("the INVITE was answered with {status}"),
        CallState::TimedOut => "the INVITE was not answered".to_owned(),
        CallState::Ended => "the dialog was ended".to_owned(),
        CallState::Established if !carries_msrp(&session) => "the answer has no MSRP stream".to_owned(),
        CallState::Established if session.connection.is_none() => "there is no MSRP connection".to_owned(),
        CallState::Established => match session.first_send_status {
            Some(status) => format!("the first SEND was answered with {status}"),
            None => "the first SEND was not answered".to_owned(),
        },
    };
    let evidence = player.actor.look(|participant| {
        participant
            .final_response(session.invite)
            .map(|response| crate::suite::scene::received("the answer to the INVITE", response.octets()))
            .into_iter()
            .collect()
    });
    Err(world.unmet(args, &format!("{name} is in the room"), &observed, evidence))
}

/// A room that neither claims nor announces what the case is about has no use for it.
fn must_offer(world: &World, name: &str, session: &crate::peer::Session) -> StepResult {
    // An endpoint that announces nothing itself may be told nothing; it cannot be asked.
    let announces = |participant: &crate::peer::Participant| {
        let offer = participant.sent_request(session.invite).map(|invite| invite.body.clone()).unwrap_or_default();
        memchr::memmem::find(&offer, b"a=chatroom").is_some()
    };
    let asked = world.actors.player(name)?.actor.look(announces);
    let media = session.remote_media.as_ref().filter(|_| asked);
    let tokens = media.map(|media| media.chatroom.clone().unwrap_or_default());
    for (claim, words) in
        [(Claim::Nicknames, &["nickname", "nicknames"][..]), (Claim::PrivateMessages, &["private-messages"])]
    {
        let wanted = world.actors.demands().contains(&claim) && world.settings.profile.claim(claim).is_none();
        let there =
            |tokens: &Vec<String>| tokens.iter().any(|token| words.iter().any(|it| token.eq_ignore_ascii_case(it)));
        if wanted && tokens.as_ref().is_some_and(|tokens| !there(tokens)) {
            let word = words.first().copied().unwrap_or_default();
            return Err(Halt::NotApplicable(format!(
                "the room does not announce {word}, nor does the profile claim it"
            )));
        }
    }
    Ok(())
}

/// A room of the profile beside the case's: what a second room is.
fn other_room(world: &World) -> Result<LogicalRoom, Halt> {
    [
        LogicalRoom::PrivateMessagesOff,
        LogicalRoom::NicknamesOff,
        LogicalRoom::ChunkTimer,
        LogicalRoom::NicknameQuarantine,
    ]
    .into_iter()
    .find(|room| world.actors.logical_room() != Some(*room) && world.settings.profile.room_uri(Some(*room)).is_some())
    .ok_or_else(|| Halt::NotApplicable("the profile names no second room".to_owned()))
}
