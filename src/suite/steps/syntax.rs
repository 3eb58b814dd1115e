//! Requests that are written in unusual but legal ways (RFC 4975, 9).

use bytes::Bytes;

use super::framing::{send_whole, wrapped};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::msrp::MsrpMessage;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), r#" says "([^"]*)" in a SEND with the headers"#),
        "Alice says \"upside down\" in a SEND with the headers",
        "A regular message whose SEND has the headers of the doc string, in that order, behind its paths; {message-id} is a \
         fresh identifier, {end} the number of octets.",
        say_with_lines
    ),
    step!(
        concat!(who!(), r#" says "([^"]*)" under the transaction identifier "([^"]*)" and the Message-ID "([^"]*)""#),
        "Alice says \"short\" under the transaction identifier \"a1b2\" and the Message-ID \"c3d4\"",
        "A regular message in one SEND with these identifiers.",
        say_under
    ),
];

async fn say_with_lines(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, body) = wrapped(world, args.get(0), args.get(1))?;
    let (transaction, message_id) = world
        .actors
        .player(args.get(0))?
        .actor
        .act(|participant, _| (participant.new_transaction(), participant.new_transaction()));
    let mut send = MsrpMessage::request(&transaction, "SEND");
    for line in args.docstring()?.lines() {
        let line = line.replace("{message-id}", &message_id).replace("{end}", &body.len().to_string());
        let Some((name, value)) = line.split_once(": ") else {
            return Err(Halt::error("a header", format!("'{line}'")));
        };
        send = send.with(name, value.to_owned());
    }
    send.body = Some(body.clone());
    send_whole(world, args.get(0), (mark, body), message_id, send)
}

async fn say_under(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, body) = wrapped(world, args.get(0), args.get(1))?;
    // Not the same message for a switch that still knows those of the last run.
    let mut digits = world.actors.nonce().to_owned().into_bytes().into_iter().cycle();
    let fresh = |c: char| if c.is_ascii_digit() { digits.next().map_or(c, char::from) } else { c };
    let (transaction, message_id) = (args.get(2), args.get(3).chars().map(fresh).collect::<String>());
    let range = format!("1-{0}/{0}", body.len());
    let content: Bytes = body.clone();
    let send = MsrpMessage::request(transaction, "SEND")
        .with("Message-ID", message_id.clone())
        .with("Byte-Range", range)
        .with_body("message/cpim", content);
    send_whole(world, args.get(0), (mark, body), message_id, send)
}
