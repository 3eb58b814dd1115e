//! How the switch answers MSRP requests.

use crate::suite::expectation::Answer;
use crate::suite::scene::Asked;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::msrp::MsrpMessage;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(
            "the switch answers ",
            who!(),
            r" with ((?:\d{3})(?:(?:, | or )\d{3})*)(?: \((\d{3})(?: and (\d{3}))? (?:is|are) tolerated\))?"
        ),
        "the switch answers Bob with 403 or 428 (404 is tolerated)",
        "The last MSRP request of this participant gets one of these codes; a tolerated one gives an advisory.",
        answers_with
    ),
    step!(
        concat!("the switch answers ", who!(), r" with a code other than (\d{3})"),
        "the switch answers Alice with a code other than 501",
        "The last MSRP request gets any code but this one.",
        answers_other
    ),
    step!(
        concat!("the switch does not answer ", who!()),
        "the switch does not answer Alice",
        "The last MSRP request gets no response: a later request of the same participant does.",
        does_not_answer
    ),
    step!(
        concat!("the switch grants ", who!(), " nothing"),
        "the switch grants Bob nothing",
        "The last MSRP request gets an error, or none; never 200.",
        grants_nothing
    ),
    step!(
        "the switch answers each of them with 200",
        "the switch answers each of them with 200",
        "Everything that was said in the case is answered with 200.",
        answers_each
    ),
    step!(
        r"every chunk is answered with (\d{3})",
        "every chunk is answered with 200",
        "Each chunk of the message said last gets this code.",
        answers_every_chunk
    ),
    step!(
        r"the message is refused with (\d{3}), at its first chunk if the switch does not wait",
        "the message is refused with 428, at its first chunk if the switch does not wait",
        "The first chunk of the message said last that is not answered with 200 gets this code; one after the first, from \
         a switch that waits for the whole message, gives an advisory (T34).",
        refuses_message
    ),
    step!(
        concat!("the answer to ", who!(), " repeats (?:his|her|the) whole From-Path in To-Path"),
        "the answer to Alice repeats her whole From-Path in To-Path",
        "To-Path of the response is the complete From-Path of the request (RFC 4975, 7.2, for methods other than SEND).",
        repeats_whole_path
    ),
    step!(
        concat!("the answer to ", who!(), " has the nearest relay alone in To-Path"),
        "the answer to Alice has the nearest relay alone in To-Path",
        "To-Path of the response is the leftmost URI of the request's From-Path (RFC 4975, 7.2, for SEND).",
        nearest_relay_alone
    ),
    step!(
        concat!("the first, bodiless SEND of ", who!(), r" is answered with (\d{3})"),
        "the first, bodiless SEND of Alice is answered with 200",
        "The SEND that bound the connection to the session got this code.",
        first_send_answered
    ),
];

async fn answers_with(world: &mut World, args: StepArgs) -> StepResult {
    let wanted = codes(args.get(1));
    let tolerated: Vec<u16> = codes(args.get(2)).into_iter().chain(codes(args.get(3))).collect();
    let transaction = last_transaction(world, args.get(0))?;
    let answer = world.msrp_answer(args.get(0), &transaction).await?;
    let verdict = judge(world, &args, &transaction, &answer, &wanted, &tolerated);
    let granted =
        matches!(&answer, Answer::Response(response) if wanted.contains(&response.status().unwrap_or_default()));
    world.actors.player_mut(args.get(0))?.refused_tolerably = verdict.is_ok() && !granted;
    verdict
}

fn judge(
    world: &mut World,
    args: &StepArgs,
    transaction: &str,
    answer: &Answer<MsrpMessage>,
    wanted: &[u16],
    tolerated: &[u16],
) -> StepResult {
    let code = match answer {
        Answer::Response(response) => response.status().unwrap_or_default(),
        _ => 0,
    };
    if wanted.contains(&code) {
        return Ok(());
    }
    let expected = wanted.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    let mut evidence = world.actors.request_evidence("the request", transaction);
    evidence.extend(answer.evidence("the answer of the switch"));
    if tolerated.contains(&code) {
        world.tolerated(&expected, &format!("{code}, which is tolerated"), evidence);
        return Ok(());
    }
    Err(world.unmet(args, &expected, &answer.in_words(), evidence))
}

/// The codes in a phrase: `403, 404 or 428`.
pub(super) fn codes(text: &str) -> Vec<u16> {
    text.split(|character: char| !character.is_ascii_digit()).filter_map(|code| code.parse().ok()).collect()
}

/// The last transaction that somebody opened.
pub(super) fn last_transaction(world: &World, who: &str) -> Result<String, Halt> {
    match &world.actors.player(who)?.asked {
        Asked::Msrp(transactions) => transactions.last().cloned(),
        _ => None,
    }
    .ok_or_else(|| Halt::error(format!("a request of {who} in an earlier step"), "there is none"))
}

async fn answers_other(world: &mut World, args: StepArgs) -> StepResult {
    let unwanted: u16 = args.parse(1, "a status code")?;
    let transaction = last_transaction(world, args.get(0))?;
    let answer = world.msrp_answer(args.get(0), &transaction).await?;
    match &answer {
        Answer::Response(response) if response.status() != Some(unwanted) => Ok(()),
        _ => {
            let expected = format!("an answer other than {unwanted}");
            Err(world.unmet(&args, &expected, &answer.in_words(), answer.evidence("the answer")))
        }
    }
}

async fn does_not_answer(world: &mut World, args: StepArgs) -> StepResult {
    last_transaction(world, args.get(0))?;
    let Asked::Msrp(transactions) = world.actors.player(args.get(0))?.asked.clone() else { return Ok(()) };
    super::absence::sentinel(world, &args, args.get(0)).await?;
    for transaction in transactions {
        let found = world
            .actors
            .player(args.get(0))?
            .actor
            .look(|participant| participant.responses_to(&transaction).first().map(|response| (*response).clone()));
        if let Some(response) = found {
            let mut evidence = world.actors.request_evidence("the request", &transaction);
            let answer = Answer::Response(response);
            evidence.extend(answer.evidence("the answer of the switch"));
            return Err(world.unmet(&args, "no response", &answer.in_words(), evidence));
        }
    }
    Ok(())
}

async fn grants_nothing(world: &mut World, args: StepArgs) -> StepResult {
    let transaction = last_transaction(world, args.get(0))?;
    // An error may come or not; a later request of the same session bounds the wait.
    let later = super::absence::sentinel(world, &args, args.get(0)).await;
    let granted = world.actors.player(args.get(0))?.actor.look(|participant| {
        participant.responses_to(&transaction).iter().find(|response| response.status() == Some(200)).cloned().cloned()
    });
    match granted {
        Some(response) => {
            let answer = Answer::Response(response);
            Err(world.unmet(&args, "no 200", "200", answer.evidence("the answer of the switch")))
        }
        // A request that is no MSRP may cost the connection: then nothing was granted either.
        None if later.is_err() && !world.actors.player(args.get(0))?.is_present() => Ok(()),
        None => later,
    }
}

async fn answers_each(world: &mut World, args: StepArgs) -> StepResult {
    world.actors.it()?;
    for utterance in world.actors.utterances().to_vec() {
        for transaction in &utterance.stimulus.transactions {
            let answer = world.msrp_answer(&utterance.by, transaction).await?;
            judge(world, &args, transaction, &answer, &[200], &[])?;
        }
    }
    Ok(())
}

async fn answers_every_chunk(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    for transaction in &it.stimulus.transactions {
        let answer = world.msrp_answer(&it.by, transaction).await?;
        judge(world, &args, transaction, &answer, &codes(args.get(0)), &[])?;
    }
    Ok(())
}

async fn refuses_message(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let wanted = codes(args.get(0));
    for (index, transaction) in it.stimulus.transactions.iter().enumerate() {
        let answer = world.msrp_answer(&it.by, transaction).await?;
        let accepted = matches!(&answer, Answer::Response(response) if response.status() == Some(200));
        if accepted && index + 1 < it.stimulus.transactions.len() {
            continue;
        }
        judge(world, &args, transaction, &answer, &wanted, &[])?;
        if index > 0 {
            let expected = format!("{} to the first chunk", args.get(0));
            let observed = format!("200 to the first, {} to chunk {}", args.get(0), index + 1);
            world.tolerated(&expected, &observed, answer.evidence("the answer of the switch"));
        }
        return Ok(());
    }
    Err(Halt::error("a message in chunks in an earlier step", "there is none"))
}

async fn repeats_whole_path(world: &mut World, args: StepArgs) -> StepResult {
    let wanted = world.actors.player(args.get(0))?.from_path();
    to_path_is(world, &args, &wanted).await
}

async fn nearest_relay_alone(world: &mut World, args: StepArgs) -> StepResult {
    let path = world.actors.player(args.get(0))?.from_path();
    let nearest = path.split(' ').next().unwrap_or_default().to_owned();
    to_path_is(world, &args, &nearest).await
}

async fn to_path_is(world: &mut World, args: &StepArgs, wanted: &str) -> StepResult {
    let transaction = last_transaction(world, args.get(0))?;
    let answer = world.msrp_answer(args.get(0), &transaction).await?;
    let path = match &answer {
        Answer::Response(response) => response.header("To-Path").unwrap_or_default(),
        _ => return Err(world.unmet(args, "a response", &answer.in_words(), Vec::new())),
    };
    if path == wanted {
        return Ok(());
    }
    let mut evidence = world.actors.request_evidence("the request", &transaction);
    evidence.extend(answer.evidence("the answer of the switch"));
    Err(world.unmet(args, &format!("To-Path: {wanted}"), &format!("To-Path: {path}"), evidence))
}

async fn first_send_answered(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let wanted: u16 = args.parse(1, "a status code")?;
    let status = player
        .actor
        .wait(world.patience(), |participant| participant.session(call).and_then(|session| session.first_send_status));
    match status.await {
        Ok(status) if status == wanted => Ok(()),
        Ok(status) => Err(world.unmet(&args, &wanted.to_string(), &status.to_string(), Vec::new())),
        Err(error) => Err(world.unmet(&args, &wanted.to_string(), &error.to_string(), Vec::new())),
    }
}
