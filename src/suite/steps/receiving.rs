//! What a receiver makes of requests, and what a sender makes of refusals (RFC 4975, 7.3 and 10).

use std::time::Duration;

use bytes::Bytes;

use super::absence::sentinel;
use super::chunks::{FIRST, wait};
use super::framing::{fresh, send_of, send_whole, wrapped};
use super::hearing::body_evidence;
use super::talking::{cut_off, filled};
use crate::peer::{Delivered, SeenKind};
use crate::suite::scene::{Asked, Stimulus, Utterance, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::wire::edit::Edit;
use crate::wire::msrp::{FailureReport, Flag, MsrpMessage};
use crate::{step, who};

/// Between the two pieces of a request.
const PAUSE: Duration = Duration::from_millis(300);

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), r#" says "([^"]*)" without a Byte-Range"#),
        "Alice says \"no range\" without a Byte-Range",
        "A regular message in one SEND that lacks this header (RFC 4975, 7.3.1).",
        say_without_range
    ),
    step!(
        concat!(who!(), r#" says (\d+) octets in two chunks with the Byte-Ranges "([^"]*)" and "([^"]*)""#),
        "Alice says 6000 octets in two chunks with the Byte-Ranges \"1-*/*\" and \"{next}-*/*\"",
        "A regular message, cut in the middle, that asks for a success report; {end} is the number of its octets, {more} a \
         few more, {next} the place where the second chunk starts.",
        say_in_two
    ),
    step!(
        concat!(who!(), r" says (\d+) octets in two chunks that overlap, the first one wrong there"),
        "Alice says 6000 octets in two chunks that overlap, the first one wrong there",
        "The second chunk starts before the first one ends, with other octets in between (RFC 4975, 7.3.1).",
        say_overlapping
    ),
    step!(
        concat!(who!(), r#" says "([^"]*)" with the stream cut (amid .*|before .*|behind .*)"#),
        "Alice says \"in two pieces\" with the stream cut amid the hyphens of the end-line",
        "A regular message whose octets go out in two pieces, somebody else's exchange in between. Places: amid the start \
         line, amid a header, amid the hyphens of the end-line, behind the hyphens, before the flag, behind the flag.",
        say_in_pieces
    ),
    step!(
        concat!(who!(), " takes messages again"),
        "Bob takes messages again",
        "This participant answers each SEND with 200 from now on; the refusals before have come to the switch.",
        take_again
    ),
    step!(
        concat!("the (?:refusal|refusals) of ", who!(), " (?:has|have) arrived"),
        "the refusals of Bob have arrived",
        "A request of this participant is answered, or its connection is gone: the switch has seen what was sent before.",
        refusal_has_arrived
    ),
    step!(
        concat!(who!(), r" has reported (\d{3}) on it"),
        "Bob has reported 413 on it",
        "A REPORT on what this participant has of the message said last, and the switch has seen it.",
        has_reported
    ),
    step!(
        concat!(who!(), " receives no more of it"),
        "Bob receives no more of it",
        "No octet of the message said last beyond its first chunk comes, nor its end; an abort may.",
        no_more_of_it
    ),
    step!(
        concat!("it does not come to ", who!(), " in (?:his|her|the) session"),
        "it does not come to Bob in his session",
        "The message said last has not come by the time that a request of this participant is answered, or its connection \
         gone.",
        not_in_the_session
    ),
    step!(
        concat!(who!(), " gets no REPORT at all"),
        "Bob gets no REPORT at all",
        "No REPORT has come to this participant, which never asked for one.",
        no_report_at_all
    ),
];

async fn say_without_range(world: &mut World, args: StepArgs) -> StepResult {
    let (transaction, message_id) = fresh(world, args.get(0))?;
    let (mark, body) = wrapped(world, args.get(0), args.get(1))?;
    let send = send_of(&transaction, &message_id, "", &body).edited(&[Edit::Drop("Byte-Range".to_owned())]);
    send_whole(world, args.get(0), (mark, body), message_id, send)
}

/// A regular message of some length as octets, and its mark.
fn long(world: &mut World, who: &str, octets: usize) -> Result<(Bytes, Bytes), Halt> {
    let (mark, content) = filled(world, octets, "text");
    let own = world.actors.player(who)?.uri.clone();
    let room = world.actors.room_uri(&world.settings).to_string();
    Ok((mark, CpimMessage::new(&format!("<{own}>"), &format!("<{room}>"), "text/plain", content).octets()))
}

async fn say_in_two(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, body) = long(world, args.get(0), args.parse(1, "a number of octets")?)?;
    let cut = body.len() / 2;
    let fill = |range: &str| {
        range
            .replace("{end}", &body.len().to_string())
            .replace("{more}", &(body.len() + 100).to_string())
            .replace("{next}", &(cut + 1).to_string())
    };
    let (first, second) = (fill(args.get(2)), fill(args.get(3)));
    let parts = [(body.slice(..cut), first), (body.slice(cut..), second)];
    two_chunks(world, args.get(0), (mark, body), parts)
}

async fn say_overlapping(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, body) = long(world, args.get(0), args.parse(1, "a number of octets")?)?;
    let length = body.len();
    let (again, cut) = (length / 2, length / 2 + 500);
    let mut wrong = body.get(..cut).unwrap_or_default().to_vec();
    for octet in wrong.iter_mut().skip(again) {
        *octet = b'?';
    }
    let parts =
        [(Bytes::from(wrong), format!("1-*/{length}")), (body.slice(again..), format!("{}-*/{length}", again + 1))];
    two_chunks(world, args.get(0), (mark, body), parts)
}

/// Sends two chunks, the second one the last, and remembers their message as said.
fn two_chunks(
    world: &mut World,
    who: &str,
    (mark, body): (Bytes, Bytes),
    [(first, first_range), (second, second_range)]: [(Bytes, String); 2],
) -> StepResult {
    let (one, other) = fresh(world, who)?;
    let message_id = fresh(world, who)?.0;
    let wish = |send: MsrpMessage| {
        send.edited(&[Edit::Insert(Some("Byte-Range".to_owned()), Bytes::from_static(b"Success-Report: yes\r\n"))])
    };
    let begun = wish(send_of(&one, &message_id, &first_range, &first).flagged(Flag::More));
    let rest = wish(send_of(&other, &message_id, &second_range, &second));
    send_whole(world, who, (mark, body), message_id, begun)?;
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    player.actor.act(|participant, now| participant.msrp_request(now, call, rest)).ok_or_else(|| cut_off(who))?;
    player.asked = Asked::Msrp(vec![one, other.clone()]);
    world.actors.it_mut()?.stimulus.transactions.push(other);
    Ok(())
}

async fn say_in_pieces(world: &mut World, args: StepArgs) -> StepResult {
    let who = args.get(0);
    let (transaction, message_id) = fresh(world, who)?;
    let (mark, body) = wrapped(world, who, args.get(1))?;
    let player = world.actors.player(who)?;
    let (call, to_path, from_path) = (player.call()?, player.switch_path(), player.from_path());
    let octets = MsrpMessage::request(&transaction, "SEND")
        .with("To-Path", to_path)
        .with("From-Path", from_path)
        .with("Message-ID", message_id.clone())
        .with("Byte-Range", format!("1-{0}/{0}", body.len()))
        .with_body("message/cpim", body.clone())
        .octets();
    let end_line = octets.len() - "-------".len() - transaction.len() - "$\r\n".len();
    let at = match args.get(2) {
        "amid the start line" => 3,
        "amid a header" => octets.len() - body.len() - 80,
        "amid the hyphens of the end-line" => end_line + 3,
        "behind the hyphens" => end_line + 7,
        "before the flag" => octets.len() - 3,
        "behind the flag" => octets.len() - 2,
        other => return Err(Halt::error("a place in the request", other)),
    };
    let pieces = (octets.slice(..at), octets.slice(at..));
    let sent = player.actor.act(|participant, now| {
        // Nothing may come between the two, not even an answer to what others say.
        participant.conduct_mut().answers_sends = false;
        participant.raw_msrp(now, call, pieces.0)
    });
    sent.ok_or_else(|| cut_off(who))?;
    // What is served in the meantime shows that the first piece is on its way alone; the pause, that a reader waits.
    if let Some(other) = world.actors.present().into_iter().find(|name| name != who) {
        seen_by_switch(world, &other).await?;
    }
    wait(world, PAUSE).await?;
    let player = world.actors.player_mut(who)?;
    let sent = player.actor.act(|participant, now| {
        participant.conduct_mut().answers_sends = true;
        participant.raw_msrp(now, call, pieces.1)
    });
    sent.ok_or_else(|| cut_off(who))?;
    player.asked = Asked::Msrp(vec![transaction.clone()]);
    let sent = body.len();
    let stimulus = Stimulus { message_id, transactions: vec![transaction], body };
    world.actors.said(Utterance { by: who.to_owned(), to: None, mark, stimulus, sent });
    Ok(())
}

/// Where the copy wants neither refusals nor reports of failure, this participant may not send any (RFC 4975, 5.3 and
/// 7.1.4), and the switch was told nothing.
fn must_want_refusals(world: &World, who: &str) -> StepResult {
    let it = world.actors.it()?;
    let silent = world.actors.player(who)?.actor.look(|participant| {
        let copies = participant.messages().iter().filter(|delivered| it.is_part(delivered));
        let ids: Vec<&str> = copies.map(|delivered| delivered.message_id.as_str()).collect();
        participant.seen().iter().any(|seen| match &seen.what {
            SeenKind::MsrpRequest { message, .. } => {
                message.method() == Some("SEND")
                    && message.failure_report() == FailureReport::No
                    && message.message_id().is_some_and(|id| ids.contains(&id.as_str()))
            }
            _ => false,
        })
    });
    if silent {
        return Err(Halt::NotApplicable(format!("the copy of {who} wants no word of its failure")));
    }
    Ok(())
}

/// A bodiless SEND that is answered, or a connection that is gone: what came from this participant before was seen.
async fn seen_by_switch(world: &World, who: &str) -> StepResult {
    let player = world.actors.player(who)?;
    let call = player.call()?;
    let actor = player.actor.clone();
    let Some(connection) = actor.look(|participant| participant.session(call).and_then(|session| session.connection))
    else {
        return Ok(());
    };
    let sent = actor.act(|participant, now| participant.first_send_on(now, call, connection));
    let Some(transaction) = sent else { return Ok(()) };
    let answered = actor.wait(world.patience(), |participant| {
        (!participant.responses_to(&transaction).is_empty() || !participant.is_open(connection)).then_some(())
    });
    // A session that has failed need not answer.
    let _ = answered.await;
    Ok(())
}

async fn take_again(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    player.hears_text = true;
    player.actor.act(|participant, _| participant.conduct_mut().send_status = (200, "OK".to_owned()));
    seen_by_switch(world, args.get(0)).await
}

async fn refusal_has_arrived(world: &mut World, args: StepArgs) -> StepResult {
    must_want_refusals(world, args.get(0))?;
    seen_by_switch(world, args.get(0)).await
}

async fn has_reported(world: &mut World, args: StepArgs) -> StepResult {
    must_want_refusals(world, args.get(0))?;
    let status: u16 = args.parse(1, "a status code")?;
    let it = world.actors.it()?.clone();
    let player = world.actors.player_mut(args.get(0))?;
    // With 413 the message ends, with others the session (RFC 4975, 7.3.2 and 10.5; T67).
    player.hears_text = status == 413;
    let call = player.call()?;
    let found = player.actor.look(|participant| {
        participant.messages().iter().find(|delivered| it.is(delivered)).map(|delivered| {
            let length: usize = delivered.chunks.iter().map(|chunk| chunk.length).sum();
            (delivered.message_id.clone(), length)
        })
    });
    let (message_id, length) = found.ok_or_else(|| Halt::inconclusive("a message to report on", "none has come"))?;
    let report = MsrpMessage::request("", "REPORT")
        .with("Message-ID", message_id)
        .with("Byte-Range", format!("1-{length}/{}", it.stimulus.body.len()))
        .with("Status", format!("000 {status}"));
    let sent = player.actor.act(|participant, now| participant.msrp_request(now, call, report));
    sent.ok_or_else(|| cut_off(args.get(0)))?;
    seen_by_switch(world, args.get(0)).await
}

async fn no_more_of_it(world: &mut World, args: StepArgs) -> StepResult {
    must_want_refusals(world, args.get(0))?;
    let it = world.actors.it()?.clone();
    sentinel(world, &args, &it.by).await?;
    let first = u64::try_from(FIRST).unwrap_or(u64::MAX);
    let further = |delivered: &Delivered| {
        delivered.chunks.iter().any(|chunk| {
            let beyond = chunk.range.is_some_and(|range| range.start > first);
            chunk.flag == Flag::Complete || (beyond && chunk.length > 0)
        })
    };
    let found = world.actors.player(args.get(0))?.actor.look(|participant| {
        let mut parts = participant.messages().iter().filter(|delivered| it.is(delivered));
        parts.find(|delivered| further(delivered)).map(body_evidence)
    });
    match found {
        None => Ok(()),
        Some(evidence) => {
            let expected = "no further chunk of a message that was refused (RFC 4975, 7.3.2 and 10.5)";
            Err(world.unmet(&args, expected, "its rest arrived", vec![evidence]))
        }
    }
}

async fn not_in_the_session(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    seen_by_switch(world, args.get(0)).await?;
    let player = world.actors.player(args.get(0))?;
    if player.actor.look(|participant| !participant.sip_requests("INVITE").is_empty()) {
        return Err(Halt::NotApplicable("the focus made the session anew, as it may (RFC 4975, 5.4)".to_owned()));
    }
    let found =
        world.actors.player(args.get(0))?.actor.look(|participant| {
            participant.messages().iter().find(|delivered| it.is_part(delivered)).map(body_evidence)
        });
    match found {
        None => Ok(()),
        Some(evidence) => {
            let expected = format!("nothing of it for {} after the refusal (RFC 4975, 7.3.2 and 10)", args.get(0));
            Err(world.unmet(&args, &expected, "it arrived", vec![evidence]))
        }
    }
}

async fn no_report_at_all(world: &mut World, args: StepArgs) -> StepResult {
    sentinel(world, &args, args.get(0)).await?;
    let found = world.actors.player(args.get(0))?.actor.look(|participant| {
        participant.seen().iter().find_map(|seen| match &seen.what {
            SeenKind::MsrpRequest { message, octets, .. } if message.method() == Some("REPORT") => Some(octets.clone()),
            _ => None,
        })
    });
    match found {
        None => Ok(()),
        Some(octets) => {
            let evidence = vec![received("the REPORT", octets)];
            Err(world.unmet(&args, "no REPORT in response to a REPORT (RFC 4975, 7.3.2)", "a REPORT", evidence))
        }
    }
}
