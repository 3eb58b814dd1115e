//! Which connection a session has, who makes it, and what goes over it (RFC 4975, 5.4).

use bytes::Bytes;

use super::absence::sentinel;
use super::hearing::sent_evidence;
use super::talking::{cut_off, marked};
use crate::peer::{CallId, CallState, SeenKind};
use crate::port::{Connection, Protocol};
use crate::suite::expectation::Answer;
use crate::suite::scene::{Asked, Stimulus, Utterance, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::MsrpMessage;
use crate::wire::sdp::Setup;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!("the switch connects to ", who!(), " and sends a SEND at once"),
        "the switch connects to Alice and sends a SEND at once",
        "Where the descriptions make the switch the active side, the connection comes from it, with a SEND for the session \
         as the first request. Where the focus made itself the passive side, the case is not applicable (T11, T76).",
        switch_connects
    ),
    step!(
        concat!("the switch does not speak to ", who!()),
        "the switch does not speak to Alice",
        "No request comes from the switch at this participant, whose certificate is proved by nothing: the call is refused or \
         ended, the connection closed, or nothing comes.",
        does_not_speak
    ),
    step!(
        concat!("the switch opens no connection to ", who!()),
        "the switch opens no connection to Alice",
        "No MSRP connection has come in at this participant.",
        no_connection
    ),
    step!(
        concat!("nothing has come over the connection of ", who!()),
        "nothing has come over the connection of Alice",
        "After a later message of the one who spoke last, no request was seen on this participant's connection.",
        nothing_came
    ),
    step!(
        concat!(who!(), " speaks in ", who!(), "'s session over a second connection"),
        "Bob speaks in Alice's session over a second connection",
        "A regular message with the paths and the signature of somebody else, on a connection of one's own.",
        speak_for_another
    ),
    step!(
        concat!(who!(), " asks for a session that does not exist over a second connection"),
        "Alice asks for a session that does not exist over a second connection",
        "The first request of a new connection names a session-id that nobody gave out.",
        ask_for_no_session
    ),
    step!(
        concat!("the second connection of ", who!(), r" is answered with (\d{3}) or (\d{3})"),
        "the second connection of Bob is answered with 481 or 506",
        "The request on a connection that is not the session's gets one of these codes, whatever became of the first one.",
        second_answered
    ),
    step!(
        concat!(who!(), " has left the second chat room"),
        "Alice has left the second chat room",
        "BYE for the session in the other room, answered with 200.",
        left_second_room
    ),
    step!(
        concat!(who!(), " receives it in the second chat room"),
        "Alice receives it in the second chat room",
        "The message said last comes in the session of the other room.",
        receives_in_second_room
    ),
    step!(
        concat!("the switch uses one connection for both sessions of ", who!()),
        "the switch uses one connection for both sessions of Alice",
        "The sessions of the two rooms, to which the switch has connected, have the same connection.",
        one_connection
    ),
    step!(
        concat!("no session URI of ", who!(), " appears in what ", who!(), " receives"),
        "no session URI of Alice appears in what Bob receives",
        "Neither session-id of somebody's MSRP session, its own or the switch's, is in anything that came to the other one.",
        uris_are_kept
    ),
    step!(
        concat!(who!(), " gets no report after the BYE"),
        "Alice gets no report after the BYE",
        "No REPORT on the message said last, while others go on talking.",
        no_report_after_bye
    ),
];

/// What this participant's side of the descriptions makes of the switch; not applicable if it is not the active side.
fn must_be_active(world: &World, who: &str, call: CallId) -> StepResult {
    let setup = world
        .actors
        .player(who)?
        .actor
        .look(|participant| participant.session(call)?.remote_media.as_ref().map(|media| media.setup));
    match setup {
        None => Err(Halt::inconclusive(format!("a description of an MSRP stream for {who}"), "there is none")),
        Some(Some(Setup::Passive | Setup::Holdconn)) => {
            Err(Halt::NotApplicable("the focus made itself the passive side (RFC 6135)".to_owned()))
        }
        Some(_) => Ok(()),
    }
}

async fn switch_connects(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let offered = player.actor.look(|participant| {
        let session = participant.session(call)?;
        let invite = participant.sent_request(session.invite)?;
        Some(!invite.body.is_empty())
    });
    // With an offer of ours, an answer without 'setup' leaves the connection to us (RFC 4975, 5.4; RFC 6135, 5).
    let silent = player.actor.look(|participant| {
        participant.session(call).and_then(|session| session.remote_media.as_ref()).is_some_and(|it| it.setup.is_none())
    });
    if offered == Some(true) && silent {
        return Err(Halt::NotApplicable("the focus does not know 'setup' (RFC 6135)".to_owned()));
    }
    must_be_active(world, args.get(0), call)?;
    let first = world.actors.player(args.get(0))?.actor.wait(world.patience(), |participant| {
        let accepted = participant.seen().iter().find_map(|seen| match &seen.what {
            SeenKind::Connected { connection, protocol: Protocol::Msrp, .. } if connection.is_accepted() => {
                Some(*connection)
            }
            _ => None,
        })?;
        participant.seen().iter().find_map(|seen| match &seen.what {
            SeenKind::MsrpRequest { connection, call, message, octets } if *connection == accepted => {
                Some((call.is_some() && message.method() == Some("SEND"), octets.clone()))
            }
            _ => None,
        })
    });
    match first.await {
        Ok((true, _)) => {
            world.actors.player_mut(args.get(0))?.was_in = true;
            Ok(())
        }
        Ok((false, octets)) => Err(world.unmet(
            &args,
            "a SEND for the session as the first request (RFC 4975, 5.4)",
            "another request",
            vec![received("the first request", octets)],
        )),
        Err(error) => {
            let connected = world
                .actors
                .player(args.get(0))?
                .actor
                .look(|participant| accepted(participant.seen().iter().map(|seen| &seen.what)).next().is_some());
            let observed = if connected { "a connection, and nothing on it" } else { "no connection" };
            let expected = "a connection of the switch with a SEND on it (RFC 4975, 5.4)";
            Err(world.unmet(&args, expected, &format!("{observed}: {error}"), Vec::new()))
        }
    }
}

async fn does_not_speak(world: &mut World, args: StepArgs) -> StepResult {
    let call = world.actors.player(args.get(0))?.call()?;
    let refused = world.actors.player(args.get(0))?.actor.look(|participant| {
        participant.session(call).is_some_and(|session| matches!(session.state, CallState::Refused(_)))
    });
    if !refused {
        must_be_active(world, args.get(0), call)?;
    }
    let player = world.actors.player_mut(args.get(0))?;
    // Who is not spoken to is not listened for by others.
    player.hears_text = false;
    let call = player.call()?;
    let actor = player.actor.clone();
    let outcome = actor.wait(world.patience(), |participant| {
        let request = participant.seen().iter().find_map(|seen| match &seen.what {
            SeenKind::MsrpRequest { octets, .. } => Some(octets.clone()),
            _ => None,
        });
        let over = participant.session(call).is_none_or(|session| session.state != CallState::Established);
        request.map(Some).or(over.then_some(None))
    });
    match outcome.await {
        Ok(Some(octets)) => Err(world.unmet(
            &args,
            "no word to an endpoint whose certificate nothing proves (RFC 4975, 5.4)",
            "a request",
            vec![received("the request", octets)],
        )),
        // Neither a word nor an end: nothing was said.
        Ok(None) | Err(_) => Ok(()),
    }
}

/// The MSRP connections that came in.
fn accepted<'a>(seen: impl Iterator<Item = &'a SeenKind>) -> impl Iterator<Item = Connection> {
    seen.filter_map(|what| match what {
        SeenKind::Connected { connection, protocol: Protocol::Msrp, .. } if connection.is_accepted() => {
            Some(*connection)
        }
        _ => None,
    })
}

async fn no_connection(world: &mut World, args: StepArgs) -> StepResult {
    // Who is not in the room says nothing; somebody else's message bounds the wait then.
    let present = world.actors.present();
    let here = present.iter().find(|name| *name == args.get(0)).or(present.first()).cloned();
    sentinel(world, &args, here.as_deref().unwrap_or(args.get(0))).await?;
    let count = world
        .actors
        .player(args.get(0))?
        .actor
        .look(|participant| accepted(participant.seen().iter().map(|seen| &seen.what)).count());
    match count {
        0 => Ok(()),
        count => Err(world.unmet(&args, "no connection of the switch", &format!("{count}"), Vec::new())),
    }
}

async fn nothing_came(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    sentinel(world, &args, &it.by).await?;
    let found = world.actors.player(args.get(0))?.actor.look(|participant| {
        participant.seen().iter().find_map(|seen| match &seen.what {
            SeenKind::MsrpRequest { octets, .. } | SeenKind::MsrpResponse { octets, .. } => Some(octets.clone()),
            _ => None,
        })
    });
    match found {
        None => Ok(()),
        Some(octets) => Err(world.unmet(
            &args,
            "nothing before a request has said whose connection it is (RFC 4975, 5.4)",
            "a message",
            vec![received("what came", octets)],
        )),
    }
}

/// Another connection to where the participant's session leads.
async fn second_connection(world: &World, who: &str) -> Result<Connection, Halt> {
    let player = world.actors.player(who)?;
    let call = player.call()?;
    let connection = player.actor.act(|participant, now| participant.open_second(now, call));
    let connection = connection.ok_or_else(|| cut_off(who))?;
    let up = player.actor.wait(world.patience(), |participant| participant.is_open(connection).then_some(()));
    match up.await {
        Ok(()) => Ok(connection),
        Err(error) => Err(Halt::inconclusive("a second connection to the switch", error.to_string())),
    }
}

async fn speak_for_another(world: &mut World, args: StepArgs) -> StepResult {
    let connection = second_connection(world, args.get(0)).await?;
    let victim = world.actors.player(args.get(1))?;
    let (to_path, from_path, uri) = (victim.switch_path(), victim.from_path(), victim.uri.clone());
    let room = world.actors.room_uri(&world.settings).to_string();
    let (mark, content) = marked(world, "not from where it says");
    let body = CpimMessage::new(&format!("<{uri}>"), &format!("<{room}>"), "text/plain", content).octets();
    send_on(world, args.get(0), connection, (to_path, from_path), mark, body)
}

fn send_on(
    world: &mut World,
    who: &str,
    connection: Connection,
    (to_path, from_path): (String, String),
    mark: Bytes,
    body: Bytes,
) -> StepResult {
    let player = world.actors.player_mut(who)?;
    let (transaction, message_id) =
        player.actor.act(|participant, _| (participant.new_transaction(), participant.new_transaction()));
    let range = if body.is_empty() { "1-0/0".to_owned() } else { format!("1-{0}/{0}", body.len()) };
    let mut send = MsrpMessage::request(&transaction, "SEND")
        .with("To-Path", to_path)
        .with("From-Path", from_path)
        .with("Message-ID", message_id.clone())
        .with("Byte-Range", range);
    if !body.is_empty() {
        send = send.with_body("message/cpim", body.clone());
    }
    player.actor.act(|participant, now| participant.raw_on(now, connection, send.octets()));
    player.asked = Asked::Msrp(vec![transaction.clone()]);
    let sent = body.len();
    let stimulus = Stimulus { message_id, transactions: vec![transaction], body };
    world.actors.said(Utterance { by: who.to_owned(), to: None, mark, stimulus, sent });
    Ok(())
}

async fn ask_for_no_session(world: &mut World, args: StepArgs) -> StepResult {
    let connection = second_connection(world, args.get(0)).await?;
    let player = world.actors.player(args.get(0))?;
    let (own, from_path) = (player.switch_path(), player.from_path());
    let nonce = world.actors.fresh_nonce();
    let nowhere = match (own.rsplit_once('/'), own.rsplit_once(';')) {
        (Some((authority, _)), Some((_, transport))) => format!("{authority}/nosuchsession{nonce};{transport}"),
        _ => return Err(Halt::error("a path of the switch", own)),
    };
    send_on(world, args.get(0), connection, (nowhere, from_path), nonce.into(), Bytes::new())
}

async fn second_answered(world: &mut World, args: StepArgs) -> StepResult {
    let transaction = super::answers::last_transaction(world, args.get(0))?;
    let codes: [u16; 2] = [args.parse(1, "a status code")?, args.parse(2, "a status code")?];
    let expected = format!("{} or {} (T60)", args.get(1), args.get(2));
    let answer = world.actors.player(args.get(0))?.actor.wait(world.patience(), |participant| {
        participant.responses_to(&transaction).first().map(|response| (*response).clone())
    });
    match answer.await {
        Ok(response) if response.status().is_some_and(|status| codes.contains(&status)) => Ok(()),
        Ok(response) => {
            let mut evidence = world.actors.request_evidence("the request", &transaction);
            let answer = Answer::Response(response);
            evidence.extend(answer.evidence("the answer of the switch"));
            Err(world.unmet(&args, &expected, &answer.in_words(), evidence))
        }
        Err(error) => Err(world.unmet(&args, &expected, &error.to_string(), Vec::new())),
    }
}

/// What steps on two rooms need; joining the second one may have come to nothing.
const IN_SECOND_ROOM: &str = "a session in a second chat room";

async fn left_second_room(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.second_call.take().ok_or_else(|| Halt::inconclusive(IN_SECOND_ROOM, "there is none"))?;
    let key = player.actor.act(|participant, now| participant.bye(now, call));
    let key = key.ok_or_else(|| Halt::error(format!("a dialog of {}", args.get(0)), "there is none"))?;
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(response) if response.status() == Some(200) => Ok(()),
        other => Err(world.unmet(&args, "200 to the BYE", &other.in_words(), other.evidence("the answer to the BYE"))),
    }
}

async fn receives_in_second_room(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let player = world.actors.player(args.get(0))?;
    let second = player.second_call;
    let came = player.actor.wait(world.patience(), |participant| {
        participant.messages().iter().any(|delivered| delivered.call == second && it.is_whole(delivered)).then_some(())
    });
    match came.await {
        Ok(()) => Ok(()),
        Err(error) => {
            let expected = format!("{} receives the message of {} in the other room", args.get(0), it.by);
            Err(world.unmet(&args, &expected, &error.to_string(), sent_evidence(world, &it)))
        }
    }
}

async fn one_connection(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let first = player.call()?;
    let second = player.second_call.ok_or_else(|| Halt::inconclusive(IN_SECOND_ROOM, "there is none"))?;
    must_be_active(world, args.get(0), first)?;
    must_be_active(world, args.get(0), second)?;
    let settled = world.actors.player(args.get(0))?.actor.wait(world.patience(), |participant| {
        let of = |call| participant.session(call).and_then(|session| session.connection);
        of(first).zip(of(second))
    });
    match settled.await {
        Ok((one, other)) if one == other => Ok(()),
        Ok(_) => Err(world.unmet(&args, "one connection for both sessions (RFC 4975, 5.4)", "two", Vec::new())),
        Err(error) => Err(Halt::inconclusive("two sessions with connections", error.to_string())),
    }
}

async fn uris_are_kept(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    sentinel(world, &args, &it.by).await?;
    let player = world.actors.player(args.get(0))?;
    let session_of = |path: String| -> Option<String> {
        let last = path.rsplit(' ').next()?;
        Some(last.split("://").nth(1)?.split_once('/')?.1.split(';').next()?.to_owned())
    };
    let secrets: Vec<String> = [player.from_path(), player.switch_path()].into_iter().filter_map(session_of).collect();
    let found = world.actors.player(args.get(1))?.actor.look(|participant| {
        participant.seen().iter().find_map(|seen| {
            let octets = match &seen.what {
                SeenKind::SipResponse { octets, .. }
                | SeenKind::SipRequest { octets, .. }
                | SeenKind::MsrpResponse { octets, .. }
                | SeenKind::MsrpRequest { octets, .. } => octets,
                _ => return None,
            };
            secrets
                .iter()
                .any(|secret| memchr::memmem::find(octets, secret.as_bytes()).is_some())
                .then(|| octets.clone())
        })
    });
    match found {
        None => Ok(()),
        Some(octets) => Err(world.unmet(
            &args,
            "the URIs of a session for its two ends only (RFC 4975, 3)",
            "one of them in a message to somebody else",
            vec![received("the message", octets)],
        )),
    }
}

async fn no_report_after_bye(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let others: Vec<String> = world.actors.present().into_iter().filter(|name| name != args.get(0)).collect();
    for other in others {
        sentinel(world, &args, &other).await?;
    }
    let report =
        world.actors.player(args.get(0))?.actor.look(|participant| {
            participant.reports_about(&it.stimulus.message_id).first().map(|report| report.octets())
        });
    match report {
        None => Ok(()),
        Some(octets) => Err(world.unmet(
            &args,
            "no REPORT for a session that has ended (RFC 4975, 7.1.2)",
            "a REPORT",
            vec![received("the REPORT", octets)],
        )),
    }
}
