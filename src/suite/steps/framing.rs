//! Messages framed in unusual but legal ways, and requests whose To-Path is written in another way (RFC 4975, 6.1 and 7.1).

use bytes::Bytes;

use super::hearing::arrives;
use super::talking::{cut_off, filled, marked, utter};
use crate::peer::{Chunks, SeenKind, SendOptions};
use crate::suite::scene::{Asked, Stimulus, Utterance};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::wire::edit::Edit;
use crate::wire::msrp::{Flag, MsrpMessage};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), r#" says something with "([^"]*)" in it"#),
        "Alice says something with \"{crlf}------{transaction}${crlf}\" in it",
        "A regular message with this in its text; {transaction} is the identifier of the request that carries it, {other} \
         another one, {crlf} a line end.",
        say_with_look_alike
    ),
    step!(
        concat!(who!(), " quotes the end-line of the request that brought it to ", who!()),
        "Alice quotes the end-line of the request that brought it to Bob",
        "A regular message with the end-line of an earlier request of the switch in its text.",
        quote_end_line
    ),
    step!(
        concat!(who!(), r#" says "([^"]*)" with the MIME header "([^"]*)""#),
        "Alice says \"in passing\" with the MIME header \"Content-Disposition: inline\"",
        "A regular message whose SEND has this header before Content-Type.",
        say_with_mime_header
    ),
    step!(
        concat!(who!(), r#" says "([^"]*)" with the Byte-Range "([^"]*)""#),
        "Alice says \"however long\" with the Byte-Range \"1-*/*\"",
        "A regular message in one SEND with this Byte-Range; {end} in it is the number of its octets, {more} and {less} numbers beside it.",
        say_with_range
    ),
    step!(
        concat!(who!(), r" breaks a message of (\d+) octets off after (\d+) octets and goes on"),
        "Alice breaks a message of 6000 octets off after 1000 octets and goes on",
        "A chunk that announces the whole, ends early with `+`, and the rest in a second chunk (RFC 4975, 5.1 and 7.1.1).",
        interrupt
    ),
    step!(
        concat!(who!(), r" says (\d+) octets in three chunks, the second one last"),
        "Alice says 6000 octets in three chunks, the second one last",
        "The chunks of a message in another order, as a relay may have left them (RFC 4975, 7.1.1).",
        second_chunk_last
    ),
    step!(
        concat!(who!(), " sends the same message again"),
        "Alice sends the same message again",
        "The message said last, under the same Message-ID and with the same report headers (RFC 4975, 5.4).",
        send_again
    ),
    step!(
        concat!(who!(), r#" says "([^"]*)" with (the .*|a .*|another .*|no .*) in To-Path"#),
        "Alice says \"same place\" with the scheme in capitals in To-Path",
        "A regular message whose To-Path names the switch's URI with this change: the scheme in capitals, the transport in \
         capitals, the host percent-encoded, the host in the other case, a user, a port with leading zeros, the other scheme, \
         the other transport, another port, no port, the session-id in the other case, no session-id, a dot segment, a further URI.",
        say_along
    ),
];

/// A regular message as octets: what marks it, and the wrapper around the text.
pub(super) fn wrapped(world: &mut World, who: &str, text: &str) -> Result<(Bytes, Bytes), Halt> {
    let (mark, content) = marked(world, text);
    let own = world.actors.player(who)?.uri.clone();
    let room = world.actors.room_uri(&world.settings).to_string();
    let wrapper = CpimMessage::new(&format!("<{own}>"), &format!("<{room}>"), "text/plain", content).octets();
    Ok((mark, wrapper))
}

/// Sends one SEND that the step has made but for its paths, and remembers it as said.
pub(super) fn send_whole(
    world: &mut World,
    who: &str,
    (mark, body): (Bytes, Bytes),
    message_id: String,
    send: MsrpMessage,
) -> StepResult {
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    let transaction = player.actor.act(|participant, now| participant.msrp_request(now, call, send));
    let transaction = transaction.ok_or_else(|| cut_off(who))?;
    player.refused_tolerably = false;
    player.asked = Asked::Msrp(vec![transaction.clone()]);
    let sent = body.len();
    let stimulus = Stimulus { message_id, transactions: vec![transaction], body };
    world.actors.said(Utterance { by: who.to_owned(), to: None, mark, stimulus, sent });
    Ok(())
}

pub(super) fn fresh(world: &World, who: &str) -> Result<(String, String), Halt> {
    let actor = &world.actors.player(who)?.actor;
    Ok(actor.act(|participant, _| (participant.new_transaction(), participant.new_transaction())))
}

async fn say_with_look_alike(world: &mut World, args: StepArgs) -> StepResult {
    let (transaction, other) = fresh(world, args.get(0))?;
    let message_id = fresh(world, args.get(0))?.0;
    let pattern =
        args.get(1).replace("{transaction}", &transaction).replace("{other}", &other).replace("{crlf}", "\r\n");
    let (mark, body) = wrapped(world, args.get(0), &format!("before{pattern}after"))?;
    let send = send_of(&transaction, &message_id, &format!("1-{0}/{0}", body.len()), &body);
    send_whole(world, args.get(0), (mark, body), message_id, send)
}

pub(super) fn send_of(transaction: &str, message_id: &str, range: &str, body: &Bytes) -> MsrpMessage {
    MsrpMessage::request(transaction, "SEND")
        .with("Message-ID", message_id.to_owned())
        .with("Byte-Range", range.to_owned())
        .with_body("message/cpim", body.clone())
}

async fn quote_end_line(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    arrives(world, &args, args.get(1), &it, false).await?;
    let carrier = world.actors.player(args.get(1))?.actor.look(|participant| {
        participant.seen().iter().rev().find_map(|seen| match &seen.what {
            SeenKind::MsrpRequest { message, .. }
                if message.body.as_ref().is_some_and(|body| memchr::memmem::find(body, &it.mark).is_some()) =>
            {
                Some(message.transaction.clone())
            }
            _ => None,
        })
    });
    let carrier = carrier.ok_or_else(|| Halt::error("a request with the message", "none was seen"))?;
    let (transaction, message_id) = fresh(world, args.get(0))?;
    let text = format!("it ended with\r\n-------{carrier}$\r\nand +:\r\n-------{carrier}+\r\n");
    let (mark, body) = wrapped(world, args.get(0), &text)?;
    let send = send_of(&transaction, &message_id, &format!("1-{0}/{0}", body.len()), &body);
    send_whole(world, args.get(0), (mark, body), message_id, send)
}

async fn say_with_mime_header(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = marked(world, args.get(1));
    let line = Bytes::from(format!("{}\r\n", args.get(2).replace("{nonce}", world.actors.nonce())));
    let edits = vec![Edit::Insert(Some("Content-Type".to_owned()), line)];
    utter(world, args.get(0), None, mark, SendOptions { edits, ..SendOptions::text(content) }).await
}

async fn say_with_range(world: &mut World, args: StepArgs) -> StepResult {
    let (transaction, message_id) = fresh(world, args.get(0))?;
    let (mark, body) = wrapped(world, args.get(0), args.get(1))?;
    let range = args
        .get(2)
        .replace("{end}", &body.len().to_string())
        .replace("{more}", &(body.len() + 2).to_string())
        .replace("{less}", &(body.len() - 2).to_string());
    let send = send_of(&transaction, &message_id, &range, &body);
    send_whole(world, args.get(0), (mark, body), message_id, send)
}

async fn interrupt(world: &mut World, args: StepArgs) -> StepResult {
    let (mark, content) = filled(world, args.parse(1, "a number of octets")?, "text");
    let after: usize = args.parse(2, "a number of octets")?;
    let who = args.get(0);
    let own = world.actors.player(who)?.uri.clone();
    let room = world.actors.room_uri(&world.settings).to_string();
    let body = CpimMessage::new(&format!("<{own}>"), &format!("<{room}>"), "text/plain", content).octets();
    let (first, second) = fresh(world, who)?;
    let message_id = fresh(world, who)?.0;
    let total = body.len();
    let cut = after.min(total);
    let begun = send_of(&first, &message_id, &format!("1-*/{total}"), &body.slice(..cut)).flagged(Flag::More);
    let rest = send_of(&second, &message_id, &format!("{}-*/{total}", cut + 1), &body.slice(cut..));
    send_whole(world, who, (mark, body), message_id, begun)?;
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    let sent = player.actor.act(|participant, now| participant.msrp_request(now, call, rest));
    sent.ok_or_else(|| cut_off(who))?;
    player.asked = Asked::Msrp(vec![first, second.clone()]);
    world.actors.it_mut()?.stimulus.transactions.push(second);
    Ok(())
}

async fn second_chunk_last(world: &mut World, args: StepArgs) -> StepResult {
    let octets: usize = args.parse(1, "a number of octets")?;
    let (mark, content) = filled(world, octets, "text");
    let own = world.actors.player(args.get(0))?.uri.clone();
    let room = world.actors.room_uri(&world.settings).to_string();
    let body = CpimMessage::new(&format!("<{own}>"), &format!("<{room}>"), "text/plain", content).octets();
    let third = body.len() / 3;
    let message_id = fresh(world, args.get(0))?.0;
    let mut transactions = Vec::new();
    // Each in a call of its own: which chunk ends the message is told by its place, not by its turn.
    for range in [0..third, 2 * third..body.len(), third..2 * third] {
        let stop_after = (range.end < body.len()).then_some(1);
        let options = SendOptions {
            raw_cpim: Some(body.clone()),
            message_id: Some(message_id.clone()),
            chunks: Chunks::Ranges(vec![range]),
            stop_after,
            ..SendOptions::default()
        };
        let player = world.actors.player(args.get(0))?;
        let call = player.call()?;
        let facts = player.actor.act(|participant, now| participant.send(now, call, options));
        transactions.extend(facts.ok_or_else(|| cut_off(args.get(0)))?.transactions);
    }
    world.actors.player_mut(args.get(0))?.asked = Asked::Msrp(transactions.clone());
    let sent = body.len();
    let stimulus = Stimulus { message_id, transactions, body };
    world.actors.said(Utterance { by: args.get(0).to_owned(), to: None, mark, stimulus, sent });
    Ok(())
}

async fn send_again(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let options = SendOptions {
        raw_cpim: Some(it.stimulus.body.clone()),
        message_id: Some(it.stimulus.message_id.clone()),
        ..SendOptions::default()
    };
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let facts = player.actor.act(|participant, now| participant.send(now, call, options));
    player.asked = Asked::Msrp(facts.ok_or_else(|| cut_off(args.get(0)))?.transactions);
    Ok(())
}

async fn say_along(world: &mut World, args: StepArgs) -> StepResult {
    let path = world.actors.player(args.get(0))?.switch_path();
    let Some(changed) = changed(&path, args.get(2)) else {
        return Err(Halt::NotApplicable(format!("the switch's URI '{path}' has nothing to change so")));
    };
    let (mark, content) = marked(world, args.get(1));
    let options = SendOptions { to_path: Some(changed), ..SendOptions::text(content) };
    utter(world, args.get(0), None, mark, options).await
}

/// A URI written in another way; `None` if it would be the same.
fn changed(uri: &str, how: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once("://")?;
    let (authority, session) = rest.split_once('/')?;
    // Behind the transport there may be further parameters (RFC 4975, 9).
    let (session, transport) = session.split_once(';')?;
    let place = format!("{authority}/{session}");
    let (wire, more) =
        transport.split_once(';').map_or((transport, String::new()), |(wire, more)| (wire, format!(";{more}")));
    let (host, port) = authority.rsplit_once(':')?;
    let other_case = |text: &str| -> String {
        let flip = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        text.chars().map(flip).collect()
    };
    let written = match how {
        "the scheme in capitals" => format!("{}://{rest}", scheme.to_ascii_uppercase()),
        "the transport in capitals" => format!("{scheme}://{place};{}{more}", wire.to_ascii_uppercase()),
        "the host percent-encoded" => {
            let first = host.bytes().next().filter(u8::is_ascii_alphanumeric)?;
            format!("{scheme}://%{first:02X}{}:{port}/{session};{transport}", host.get(1..)?)
        }
        "the host in the other case" => format!("{scheme}://{}:{port}/{session};{transport}", other_case(host)),
        "a user" if !host.contains('@') => format!("{scheme}://somebody@{rest}"),
        "a port with leading zeros" => format!("{scheme}://{host}:00{port}/{session};{transport}"),
        "the other scheme" => format!("{}://{rest}", if scheme == "msrp" { "msrps" } else { "msrp" }),
        "the other transport" => format!("{scheme}://{place};sctp{more}"),
        "another port" => {
            let other = port.parse::<u16>().ok()? ^ 1;
            format!("{scheme}://{host}:{other}/{session};{transport}")
        }
        "no port" => format!("{scheme}://{host}/{session};{transport}"),
        "the session-id in the other case" => {
            format!("{scheme}://{authority}/{};{transport}", other_case(session))
        }
        "no session-id" => format!("{scheme}://{authority};{transport}"),
        "a further URI" => format!("{uri} {scheme}://elsewhere.example.invalid:2855/next;{transport}"),
        "a dot segment" => format!("{scheme}://{authority}/./{session};{transport}"),
        _ => return None,
    };
    (written != uri).then_some(written)
}

#[cfg(test)]
mod tests {
    use super::changed;

    const URI: &str = "msrp://sw.example.com:7394/aB3;tcp";

    #[test]
    fn a_uri_is_written_in_other_ways() {
        let pairs = [
            ("the scheme in capitals", "MSRP://sw.example.com:7394/aB3;tcp"),
            ("the transport in capitals", "msrp://sw.example.com:7394/aB3;TCP"),
            ("the host percent-encoded", "msrp://%73w.example.com:7394/aB3;tcp"),
            ("the host in the other case", "msrp://SW.EXAMPLE.COM:7394/aB3;tcp"),
            ("a user", "msrp://somebody@sw.example.com:7394/aB3;tcp"),
            ("a port with leading zeros", "msrp://sw.example.com:007394/aB3;tcp"),
            ("the other scheme", "msrps://sw.example.com:7394/aB3;tcp"),
            ("the other transport", "msrp://sw.example.com:7394/aB3;sctp"),
            ("another port", "msrp://sw.example.com:7395/aB3;tcp"),
            ("no port", "msrp://sw.example.com/aB3;tcp"),
            ("the session-id in the other case", "msrp://sw.example.com:7394/Ab3;tcp"),
            ("no session-id", "msrp://sw.example.com:7394;tcp"),
            ("a further URI", "msrp://sw.example.com:7394/aB3;tcp msrp://elsewhere.example.invalid:2855/next;tcp"),
            ("a dot segment", "msrp://sw.example.com:7394/./aB3;tcp"),
        ];
        for (how, written) in pairs {
            assert_eq!(changed(URI, how).as_deref(), Some(written), "{how}");
        }
        assert_eq!(changed("msrp://127.0.0.1:1/a;tcp", "the host in the other case"), None);
        assert_eq!(changed(URI, "a hat"), None);
    }
}
