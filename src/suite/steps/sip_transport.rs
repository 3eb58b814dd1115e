//! What carries SIP: connections, addresses in Via, sizes and framing (RFC 3261, 18; RFC 3581).

use bytes::Bytes;

use super::joining::{appear, start_call};
use crate::peer::{InviteOptions, Participant, RequestKey, RequestOptions, SeenKind};
use crate::suite::expectation::Answer;
use crate::suite::profile::{Hop, SipTransport};
use crate::suite::scene::{Asked, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::edit::Edit;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        "SIP goes over UDP",
        "SIP goes over UDP",
        "Not applicable where the room is reached over TCP or TLS.",
        udp_alone
    ),
    step!(
        concat!(who!(), " reaches the focus over TCP(, and has an answer there)?"),
        "Alice reaches the focus over TCP",
        "Somebody comes on stage whose SIP goes over TCP, to the same port; not applicable where the room is reached by TLS.",
        over_tcp
    ),
    step!(
        concat!(
            who!(),
            " sends OPTIONS with (a name for the host|no rport and the address of ([A-Z][a-z]+)|rport and another port) in Via"
        ),
        "Alice sends OPTIONS with a name for the host in Via",
        "A request over UDP whose sent-by is not where it comes from.",
        options_with_via
    ),
    step!(
        concat!(who!(), " and ", who!(), " send OPTIONS under the same branch"),
        "Alice and Bob send OPTIONS under the same branch",
        "Two requests whose Via differs in nothing but the address of the sender.",
        same_branch
    ),
    step!(
        concat!(who!(), " sends OPTIONS behind (two|four|ten) empty lines"),
        "Alice sends OPTIONS behind four empty lines",
        "Line ends and nothing else, and then a request, on the same stream.",
        options_behind_lines
    ),
    step!(
        concat!("the focus answers both ", who!(), " and ", who!(), " with 200"),
        "the focus answers both Alice and Bob with 200",
        "Each gets the answer to the own request.",
        both_answered
    ),
    step!(
        concat!("the Via of the answer to ", who!(), " says where the request came from"),
        "the Via of the answer to Alice says where the request came from",
        "received is there, with an address.",
        via_has_received
    ),
    step!(
        concat!("the answer comes to ", who!()),
        "the answer comes to Bob",
        "The response to the OPTIONS sent last arrives at this participant's address.",
        answer_comes_to
    ),
    step!(
        concat!(who!(), " enters by an INVITE (of (\\d+) octets|without Content-Length)"),
        "Alice enters by an INVITE of 6000 octets",
        "A long INVITE, or one that ends with its datagram.",
        joins_with_invite
    ),
    step!(
        concat!(who!(), " sends OPTIONS in a datagram that is (longer|shorter) than it says"),
        "Alice sends OPTIONS in a datagram that is longer than it says",
        "Content-Length is 10, or 200, while the body has 30 octets.",
        datagram_of_other_length
    ),
    step!(
        concat!(who!(), " joins the room under its URI with (an escaped letter|a parameter that nobody knows)"),
        "Alice joins the room under its URI with an escaped letter",
        "The Request-URI is another spelling of the room's URI.",
        joins_under
    ),
];

fn over_udp(world: &World) -> Result<Hop, Halt> {
    let hop = world.settings.hops.of(world.actors.logical_room()).unwrap_or(&world.settings.hops.default);
    if hop.transport == SipTransport::Udp {
        return Ok(hop.clone());
    }
    Err(Halt::NotApplicable("the room is not reached over UDP".to_owned()))
}

async fn udp_alone(world: &mut World, _args: StepArgs) -> StepResult {
    over_udp(world).map(drop)
}

async fn over_tcp(world: &mut World, args: StepArgs) -> StepResult {
    let hop = world.settings.hops.of(world.actors.logical_room()).unwrap_or(&world.settings.hops.default);
    if hop.transport == SipTransport::Tls {
        return Err(Halt::NotApplicable("the room is reached over TLS".to_owned()));
    }
    appear(world, args.get(0), "over TCP").await?;
    if args.get(1).is_empty() {
        return Ok(());
    }
    let key = ask(world, args.get(0), RequestOptions::default()).await?;
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(_) => Ok(()),
        other => Err(Halt::inconclusive("a focus that answers over TCP", other.in_words())),
    }
}

pub(super) async fn ask(world: &mut World, who: &str, options: RequestOptions) -> Result<RequestKey, Halt> {
    if !world.actors.has(who) {
        appear(world, who, "").await?;
    }
    let player = world.actors.player_mut(who)?;
    let key = player.actor.act(|participant, now| participant.request(now, "OPTIONS", options));
    player.asked_sip = Asked::Sip(key);
    Ok(key)
}

fn with_via(value: String) -> RequestOptions {
    let edits = vec![Edit::Replace("Via".to_owned(), Bytes::from(value))];
    RequestOptions { edits, ..RequestOptions::default() }
}

async fn options_with_via(world: &mut World, args: StepArgs) -> StepResult {
    over_udp(world)?;
    let branch = format!("z9hG4bK-via-{}", world.actors.fresh_nonce());
    let own = world.actors.player(args.get(0))?.actor.look(|participant| participant.place().sip);
    let via = if args.get(1).starts_with("a name") {
        format!("SIP/2.0/UDP client.invalid:{};branch={branch};rport", own.port())
    } else if args.get(1).starts_with("rport") {
        // RFC 3581 is an extension: who has never filled in an rport does not have it.
        let filled = |participant: &Participant| {
            participant.seen().iter().any(|seen| match &seen.what {
                SeenKind::SipResponse { message, .. } => {
                    let vias = message.vias();
                    vias.first()
                        .and_then(|via| via.params.value("rport"))
                        .is_some_and(|port| port.parse::<u16>().is_ok())
                }
                _ => false,
            })
        };
        if !world.actors.player(args.get(0))?.actor.look(filled) {
            return Err(Halt::NotApplicable("the focus does not know rport (RFC 3581)".to_owned()));
        }
        format!("SIP/2.0/UDP {}:9;branch={branch};rport", own.ip())
    } else {
        let other = world.actors.player(args.get(2))?.actor.look(|participant| participant.place().sip);
        format!("SIP/2.0/UDP {other};branch={branch}")
    };
    ask(world, args.get(0), with_via(via)).await.map(drop)
}

async fn same_branch(world: &mut World, args: StepArgs) -> StepResult {
    let branch = format!("z9hG4bK-shared-{}", world.actors.nonce());
    for name in [args.get(0), args.get(1)] {
        if !world.actors.has(name) {
            appear(world, name, "").await?;
        }
        let via = world.actors.player(name)?.actor.look(|participant| participant.via_on(&branch));
        ask(world, name, with_via(via)).await?;
    }
    Ok(())
}

async fn options_behind_lines(world: &mut World, args: StepArgs) -> StepResult {
    let lines = match args.get(1) {
        "two" => 2,
        "four" => 4,
        _ => 10,
    };
    let octets = Bytes::from("\r\n".repeat(lines));
    let player = world.actors.player(args.get(0))?;
    player.actor.act(|participant, now| participant.raw_sip(now, octets));
    ask(world, args.get(0), RequestOptions::default()).await.map(drop)
}

async fn both_answered(world: &mut World, args: StepArgs) -> StepResult {
    for name in [args.get(0), args.get(1)] {
        let Asked::Sip(key) = world.actors.player(name)?.asked_sip else {
            return Err(Halt::error("a SIP request in an earlier step", "there is none"));
        };
        match world.sip_answer(name, key).await? {
            Answer::Response(response) if response.status() == Some(200) => {}
            other => {
                let expected = format!("200 to {name}");
                return Err(world.unmet(&args, &expected, &other.in_words(), other.evidence("the answer")));
            }
        }
    }
    Ok(())
}

fn asked(world: &World, who: &str) -> Result<RequestKey, Halt> {
    match world.actors.player(who)?.asked_sip {
        Asked::Sip(key) => Ok(key),
        _ => Err(Halt::error(format!("a SIP request of {who} in an earlier step"), "there is none")),
    }
}

async fn via_has_received(world: &mut World, args: StepArgs) -> StepResult {
    let key = asked(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let vias = match &answer {
        Answer::Response(response) => response.vias(),
        _ => Vec::new(),
    };
    let given = vias.first().and_then(|via| via.params.value("received")).map(str::to_owned);
    let address = given.as_deref().map(|text| text.trim_start_matches('[').trim_end_matches(']'));
    let own = world.actors.player(args.get(0))?.actor.look(|participant| participant.place().sip.ip());
    // Where nobody translates addresses in between, it is known which one it must be.
    let right = |address: std::net::IpAddr| !own.is_loopback() || address == own;
    if address.is_some_and(|text| text.parse().is_ok_and(right)) {
        return Ok(());
    }
    let observed = match (&answer, &given) {
        (Answer::Response(_), Some(given)) => format!("received={given}"),
        (Answer::Response(_), None) => "no received".to_owned(),
        (other, _) => other.in_words(),
    };
    Err(world.unmet(&args, "received with an address", &observed, answer.evidence("the answer")))
}

/// Answers that belong to nothing that the participant itself has sent are kept as well.
async fn answer_comes_to(world: &mut World, args: StepArgs) -> StepResult {
    let name = args.get(0);
    let mut sent = None;
    for player in world.actors.players() {
        let Asked::Sip(key) = player.asked_sip else { continue };
        let request = player.actor.look(|participant| participant.sent_request(key).cloned());
        let branch = |request: &crate::wire::sip::SipMessage| {
            request.vias().first().and_then(|via| via.branch().map(str::to_owned)).unwrap_or_default()
        };
        let found = request.filter(|it| branch(it).starts_with("z9hG4bK-via-")).and_then(|it| it.call_id());
        sent = found.map(|call_id| (player.name.clone(), call_id)).or(sent);
    }
    let Some((sender, call_id)) = sent else { return Err(Halt::error("OPTIONS in an earlier step", "there is none")) };
    let came = |participant: &Participant| {
        participant.seen().iter().find_map(|seen| match &seen.what {
            SeenKind::SipResponse { message, octets, .. } if message.call_id().as_deref() == Some(&call_id) => {
                Some(octets.clone())
            }
            _ => None,
        })
    };
    if world.actors.player(name)?.actor.wait(world.patience(), came).await.is_ok() {
        return Ok(());
    }
    let elsewhere = world.actors.players().iter().find_map(|player| Some((&player.name, player.actor.look(came)?)));
    match elsewhere {
        Some((other, octets)) => {
            let observed = format!("it came to {other}");
            let evidence = vec![received("the answer", octets)];
            Err(world.unmet(&args, &format!("the answer at the address of {name}"), &observed, evidence))
        }
        // A translator of addresses in between may have swallowed it.
        None if sender != name => Err(Halt::inconclusive("an answer", "none came anywhere")),
        None => Err(world.unmet(&args, &format!("the answer at the address of {name}"), "none came", Vec::new())),
    }
}

async fn joins_with_invite(world: &mut World, args: StepArgs) -> StepResult {
    over_udp(world)?;
    appear(world, args.get(0), "").await?;
    let mut options = InviteOptions::default();
    if args.get(2).is_empty() {
        options.edits = vec![Edit::Drop("Content-Length".to_owned())];
    } else {
        let octets: usize = args.parse(2, "a number")?;
        options.headers = vec![("X-Padding".to_owned(), "x".repeat(octets))];
    }
    start_call(world, args.get(0), options).await
}

async fn datagram_of_other_length(world: &mut World, args: StepArgs) -> StepResult {
    over_udp(world)?;
    let length = if args.get(1) == "longer" { "10" } else { "200" };
    let options = RequestOptions {
        // A part that nobody need understand.
        headers: vec![("Content-Disposition".to_owned(), "x-padding;handling=optional".to_owned())],
        body: Some(("application/x-padding".to_owned(), Bytes::from_static(b"thirty octets, no more, no les"))),
        edits: vec![Edit::Replace("Content-Length".to_owned(), Bytes::from(length))],
        ..RequestOptions::default()
    };
    ask(world, args.get(0), options).await.map(drop)
}

async fn joins_under(world: &mut World, args: StepArgs) -> StepResult {
    appear(world, args.get(0), "").await?;
    let mut uri = world.actors.room_uri(&world.settings);
    let Some(user) = uri.user.clone().filter(|user| user.starts_with(|c: char| c.is_ascii_alphanumeric())) else {
        return Err(Halt::NotApplicable("the room's URI has no letter to be escaped".to_owned()));
    };
    let text = if args.get(1).starts_with("an escaped") {
        let (first, rest) = user.split_at(1);
        let octet = first.bytes().next().unwrap_or_default();
        uri.user = Some(format!("%{octet:02X}{rest}"));
        uri.to_string()
    } else {
        format!("{uri};x-unheard-of={}", world.actors.nonce())
    };
    start_call(world, args.get(0), InviteOptions { request_uri: Some(text), ..InviteOptions::default() }).await
}
