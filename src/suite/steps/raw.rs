//! Octets as the feature file writes them.

use crate::suite::scene::{Asked, Stimulus, Utterance, unquote};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " sends the request"),
        "Bob sends the request",
        "The doc string goes out on the MSRP connection as it stands, line ends made CRLF. {transaction} and {message-id} \
         are fresh, {switch} is the path of the switch, {bob} that of the participant; {x01} stands for an octet.",
        send_request
    ),
    step!(
        concat!(who!(), " sends the SIP request"),
        "Bob sends the SIP request",
        "The doc string goes out on the SIP transport as it stands, line ends made CRLF.",
        send_sip
    ),
    step!(
        concat!(who!(), " uses (?:his|her|the) session on a second connection"),
        "Alice uses her session on a second connection",
        "A bodiless SEND for the session on a TCP connection of its own, while the first one is up.",
        second_connection
    ),
];

async fn send_request(world: &mut World, args: StepArgs) -> StepResult {
    let (transaction, octets) = request(world, &args)?;
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let sent = player.actor.act(|participant, now| participant.raw_msrp(now, call, octets.into()));
    if sent.is_none() {
        return Err(super::talking::cut_off(args.get(0)));
    }
    player.asked = Asked::Msrp(vec![transaction]);
    Ok(())
}

/// The request in the doc string, filled in and remembered as `it`: its transaction and its octets.
pub(super) fn request(world: &mut World, args: &StepArgs) -> Result<(String, Vec<u8>), Halt> {
    let player = world.actors.player(args.get(0))?;
    let (transaction, message_id) =
        player.actor.act(|participant, _| (participant.new_transaction(), participant.new_transaction()));
    let switch = player.switch_path();
    let host = switch.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default().to_owned();
    let mut text = args
        .docstring()?
        .replace("{transaction}", &transaction)
        .replace("{message-id}", &message_id)
        .replace("{switch}", &switch)
        .replace("{switch-host}", &host);
    // On a path line a participant's name stands for its path.
    let own: Vec<(String, String)> = world
        .actors
        .players()
        .iter()
        .map(|player| (format!("{{{}}}", player.name.to_lowercase()), player.from_path()))
        .collect();
    let lines: Vec<String> = text
        .lines()
        .map(|line| match line.split_once(':') {
            Some(("To-Path" | "From-Path", _)) => {
                own.iter().fold(line.to_owned(), |line, (key, path)| line.replace(key, path))
            }
            _ => line.to_owned(),
        })
        .collect();
    text = lines.join("\r\n");
    text.push_str("\r\n");
    let nonce = world.actors.nonce().to_owned();
    let octets = unquote(&world.actors.fill(&world.settings, &nonce, &text));
    let stimulus = Stimulus { transactions: vec![transaction.clone()], ..Stimulus::default() };
    let mark = message_id.into_bytes().into();
    world.actors.said(Utterance { by: args.get(0).to_owned(), to: None, mark, stimulus, sent: 0 });
    Ok((transaction, octets))
}

async fn send_sip(world: &mut World, args: StepArgs) -> StepResult {
    let nonce = world.actors.fresh_nonce();
    let mut text = world.actors.fill(&world.settings, &nonce, args.docstring()?).replace('\n', "\r\n");
    text.push_str("\r\n\r\n");
    let octets = unquote(&text);
    let player = world.actors.player(args.get(0))?;
    player.actor.act(|participant, now| participant.raw_sip(now, octets.into()));
    Ok(())
}

async fn second_connection(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let connection = player.actor.act(|participant, now| participant.open_second(now, call));
    let connection = connection.ok_or_else(|| super::talking::cut_off(args.get(0)))?;
    let up = player.actor.wait(world.patience(), |participant| participant.is_open(connection).then_some(()));
    if up.await.is_err() {
        return Err(Halt::inconclusive("a second connection to the switch", "it was not accepted"));
    }
    let player = world.actors.player_mut(args.get(0))?;
    let transaction = player.actor.act(|participant, now| participant.first_send_on(now, call, connection));
    player.asked = Asked::Msrp(transaction.into_iter().collect());
    Ok(())
}
