//! Hostile and broken input: what is sent is in `torture/messages`, and what must come of it is always the same. It is
//! answered, or the connection closed, and the room still works for the others.

mod messages;

use bytes::Bytes;

use super::hearing::{sent_evidence, wait_for, what_came_instead};
use super::talking::{cut_off, marked};
use crate::peer::{SeenKind, SendOptions};
use crate::port::Connection;
use crate::suite::expectation::Answer;
use crate::suite::scene::{Asked, Utterance};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::{step, who};
use messages::Parts;

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " sends a request with (.*)"),
        "Mallory sends a request with ten thousand headers",
        "One of the MSRP requests of the robustness group, by its name.",
        sends_request
    ),
    step!(
        concat!(who!(), " sends a request octet by octet"),
        "Mallory sends a request octet by octet",
        "A regular message, each octet of its request written by itself.",
        octet_by_octet
    ),
    step!(
        concat!(who!(), " sends (\\d+) requests in one write"),
        "Mallory sends 200 requests in one write",
        "Bodiless SENDs, one behind the other.",
        pipelined
    ),
    step!(
        concat!(who!(), " asks for (\\d+) nicknames in a row"),
        "Mallory asks for 1000 nicknames in a row",
        "NICKNAMEs that do not wait for the answers to those before.",
        many_nicknames
    ),
    step!(
        concat!(who!(), " begins a request and goes no further"),
        "Mallory begins a request and goes no further",
        "The first half of a request; its rest does not come while the others talk.",
        half
    ),
    step!(
        concat!(who!(), " sends the rest of the request"),
        "Mallory sends the rest of the request",
        "The second half of what was begun.",
        other_half
    ),
    step!(
        concat!(who!(), " sends (.*) over a new MSRP connection"),
        "Mallory sends garbage over a new MSRP connection",
        "Octets that are no MSRP, by their name, to where the MSRP path of the switch leads.",
        garbage
    ),
    step!(
        concat!(who!(), " sends (.*) over a new SIP connection"),
        "Mallory sends half an INVITE over a new SIP connection",
        "One of the SIP messages of the robustness group, by its name, over TCP, or TLS where the room is called so; \
         not applicable where nothing listens.",
        sip_torture
    ),
    step!(
        concat!(who!(), " closes that connection"),
        "Mallory closes that connection",
        "The new connection is closed from this side, whatever has come over it.",
        closes
    ),
    step!(
        concat!("the switch answers ", who!(), " or closes the connection"),
        "the switch answers Mallory or closes the connection",
        "Each of the last MSRP requests of this participant gets a response, of whatever status, or the connection is gone.",
        answered_or_closed
    ),
    step!(
        concat!("the focus answers ", who!(), " or closes that connection"),
        "the focus answers Mallory or closes that connection",
        "A response of whatever status comes to the last SIP message on a new connection, or the connection is gone.",
        sip_answered_or_closed
    ),
    step!(
        concat!("the room still works for ", who!(), " and ", who!(), ", and ", who!(), " can join"),
        "the room still works for Bob and Carol, and Dave can join",
        "The first two hear each other, and somebody new gets into the room and is heard.",
        room_works
    ),
];

fn parts(world: &World, who: &str) -> Result<Parts, Halt> {
    let player = world.actors.player(who)?;
    let room = world.actors.room_uri(&world.settings).to_string();
    let (switch, own, uri) = (player.switch_path(), player.from_path(), player.uri.clone());
    let (transaction, message_id, sip) = player.actor.act(|participant, _| {
        (participant.new_transaction(), participant.new_transaction(), participant.place().sip.to_string())
    });
    Ok(Parts { transaction, message_id, switch, own, uri, room, sip })
}

fn no_such(name: &str) -> Halt {
    Halt::error(format!("a message called '{name}'"), "the robustness group has none")
}

fn write(world: &mut World, who: &str, octets: Vec<u8>, transactions: Vec<String>) -> StepResult {
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    let sent = player.actor.act(|participant, now| participant.raw_msrp(now, call, octets.into()));
    sent.ok_or_else(|| cut_off(who))?;
    player.asked = Asked::Msrp(transactions);
    Ok(())
}

async fn sends_request(world: &mut World, args: StepArgs) -> StepResult {
    let mut parts = parts(world, args.get(0))?;
    let octets = messages::msrp(args.get(1), &mut parts).ok_or_else(|| no_such(args.get(1)))?;
    write(world, args.get(0), octets, vec![parts.transaction])
}

async fn octet_by_octet(world: &mut World, args: StepArgs) -> StepResult {
    let parts = parts(world, args.get(0))?;
    for octet in messages::plain(&parts) {
        write(world, args.get(0), vec![octet], vec![parts.transaction.clone()])?;
        // Each octet is to leave by itself: what is written at once would be sent at once.
        super::chunks::wait(world, std::time::Duration::from_millis(1)).await?;
    }
    Ok(())
}

async fn pipelined(world: &mut World, args: StepArgs) -> StepResult {
    let count: usize = args.parse(1, "a number of requests")?;
    let (mut octets, mut transactions) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let parts = parts(world, args.get(0))?;
        octets.extend(messages::bodiless(&parts));
        transactions.push(parts.transaction);
    }
    write(world, args.get(0), octets, transactions)
}

async fn many_nicknames(world: &mut World, args: StepArgs) -> StepResult {
    let count: usize = args.parse(1, "a number of nicknames")?;
    let nonce = world.actors.nonce().to_owned();
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let asked = player.actor.act(|participant, now| {
        let one = |number| participant.nickname(now, call, format!("\"Number {number} {nonce}\"").as_bytes());
        (0..count).map(one).collect::<Option<Vec<_>>>()
    });
    player.asked = Asked::Msrp(asked.ok_or_else(|| cut_off(args.get(0)))?);
    Ok(())
}

async fn half(world: &mut World, args: StepArgs) -> StepResult {
    let parts = parts(world, args.get(0))?;
    let whole = messages::plain(&parts);
    let (first, rest) = whole.split_at(whole.len() / 2);
    world.actors.player_mut(args.get(0))?.withheld = rest.to_vec();
    write(world, args.get(0), first.to_vec(), vec![parts.transaction])
}

async fn other_half(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let rest = std::mem::take(&mut player.withheld);
    let Asked::Msrp(transactions) = player.asked.clone() else { return Err(no_such("a request that was begun")) };
    write(world, args.get(0), rest, transactions)
}

async fn send_new(world: &mut World, who: &str, connection: Option<Connection>, octets: Vec<u8>) -> StepResult {
    let connection = connection.ok_or_else(|| cut_off(who))?;
    let patience = world.patience();
    let player = world.actors.player_mut(who)?;
    player.new_connection = Some(connection);
    let up = player.actor.wait(patience, |participant| participant.is_open(connection).then_some(()));
    if up.await.is_err() {
        return Err(Halt::NotApplicable("nothing takes a connection there".to_owned()));
    }
    let octets = Bytes::from(octets);
    world.actors.player(who)?.actor.act(|participant, now| participant.raw_on(now, connection, octets));
    Ok(())
}

async fn garbage(world: &mut World, args: StepArgs) -> StepResult {
    let octets = messages::garbage(args.get(1)).ok_or_else(|| no_such(args.get(1)))?;
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let connection = player.actor.act(|participant, now| participant.open_second(now, call));
    send_new(world, args.get(0), connection, octets).await
}

async fn sip_torture(world: &mut World, args: StepArgs) -> StepResult {
    let parts = parts(world, args.get(0))?;
    let octets = messages::sip(args.get(1), &parts).ok_or_else(|| no_such(args.get(1)))?;
    world.actors.player_mut(args.get(0))?.torture_call_id = parts.transaction.clone();
    let player = world.actors.player(args.get(0))?;
    let connection = player.actor.act(|participant, now| participant.open_another_sip_stream(now));
    send_new(world, args.get(0), Some(connection), octets).await
}

fn new_connection(world: &World, who: &str) -> Result<Connection, Halt> {
    let connection = world.actors.player(who)?.new_connection;
    connection.ok_or_else(|| Halt::error("a new connection in an earlier step", "there is none"))
}

async fn closes(world: &mut World, args: StepArgs) -> StepResult {
    let connection = new_connection(world, args.get(0))?;
    world.actors.player(args.get(0))?.actor.act(|participant, now| participant.close(now, connection));
    Ok(())
}

async fn answered_or_closed(world: &mut World, args: StepArgs) -> StepResult {
    let Asked::Msrp(transactions) = world.actors.player(args.get(0))?.asked.clone() else {
        return Err(no_such("an MSRP request in an earlier step"));
    };
    for (index, transaction) in transactions.iter().enumerate() {
        let answer = world.msrp_answer(args.get(0), transaction).await?;
        if let Answer::Silence(_) = &answer {
            let expected = "it is answered, or the connection closed";
            let observed = match transactions.len() {
                1 => answer.in_words(),
                many => format!("number {} of {many}: {}", index + 1, answer.in_words()),
            };
            let evidence = world.actors.request_evidence("the request", transaction);
            return Err(world.unmet(&args, expected, &observed, evidence));
        }
    }
    Ok(())
}

async fn sip_answered_or_closed(world: &mut World, args: StepArgs) -> StepResult {
    let connection = new_connection(world, args.get(0))?;
    let player = world.actors.player(args.get(0))?;
    let wanted = player.torture_call_id.clone();
    let seen = player.actor.wait(world.patience(), |participant| {
        let answered = participant.seen().iter().any(|seen| match &seen.what {
            SeenKind::SipResponse { message, .. } => {
                message.header("Call-ID").is_some_and(|id| id.contains(&wanted))
                    && message.status().is_some_and(|status| status >= 200)
            }
            _ => false,
        });
        (answered || !participant.is_open(connection)).then_some(())
    });
    match seen.await {
        Ok(()) => Ok(()),
        Err(_) => Err(world.unmet(&args, "an answer, or the end of the connection", "neither", Vec::new())),
    }
}

async fn room_works(world: &mut World, args: StepArgs) -> StepResult {
    heard(world, &args, args.get(0), args.get(1)).await?;
    heard(world, &args, args.get(1), args.get(0)).await?;
    super::joining::appear(world, args.get(2), "").await?;
    super::joining::call(world, args.get(2), "").await?;
    super::joining::must_be_in(world, &args, args.get(2))?;
    heard(world, &args, args.get(2), args.get(0)).await
}

/// Somebody says something, and somebody else hears it. What became of the one who did harm is not looked at.
async fn heard(world: &mut World, args: &StepArgs, by: &str, other: &str) -> StepResult {
    for who in [by, other] {
        if !world.actors.player(who)?.is_present() {
            let expected = format!("{who} is still in the room");
            return Err(world.unmet(args, &expected, "the session is not in place any more", Vec::new()));
        }
    }
    let (mark, content) = marked(world, "still here");
    let player = world.actors.player(by)?;
    let call = player.call()?;
    let uri = player.uri.clone();
    let facts = player.actor.act(|participant, now| {
        participant.send(now, call, SendOptions { from: Some(uri), ..SendOptions::text(content) })
    });
    let facts = facts.ok_or_else(|| cut_off(by))?;
    let it = Utterance { by: by.to_owned(), to: None, mark, stimulus: facts.into(), sent: 0 };
    if wait_for(world, other, &it, world.patience()).await?.is_none() {
        let (observed, mut evidence) = what_came_instead(world.actors.player(other)?, &it);
        evidence.splice(0..0, sent_evidence(world, &it));
        return Err(world.unmet(args, &format!("{other} hears {by}"), &observed, evidence));
    }
    Ok(())
}
