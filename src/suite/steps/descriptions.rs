//! Offers and answers line for line: descriptions out of the ordinary, later offers, and what the focus says to them
//! (RFC 3264; RFC 8866).

use std::sync::LazyLock;

use regex::Regex;

use super::focus::{last_sip, media, session};
use crate::peer::{CallState, InviteOptions, Offer, Rewrite};
use crate::suite::expectation::Answer;
use crate::suite::scene::{Asked, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::sdp::{SessionDescription, Setup};
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " calls the room with (.*)"),
        "Alice calls the room with \"k=clear:secret\" after the t-line",
        "An INVITE whose description is changed: \"line\" after the x-line, \"line\" as the x-line, the stream \"m-line\" \
         beside it, the stream \"m-line\" before it, no stream, bare line feeds, port 0, the direction \"sendonly\", the \
         accept-wrapped-types \"image/png\", another path, the same version, setup passive; several joined by `and`.",
        calls_with
    ),
    step!(
        concat!(who!(), " renews (?:his|her|the) session with (.*)"),
        "Alice renews her session with port 0",
        "A re-INVITE whose description is changed in the ways of `calls the room with`.",
        renews_with
    ),
    step!(
        concat!(who!(), " calls the room without an offer and answers with (.*)"),
        "Alice calls the room without an offer and answers with the direction \"sendonly\"",
        "The focus has to offer; the answer is changed in the ways of `calls the room with`.",
        calls_without
    ),
    step!(
        concat!(who!(), " renews (?:his|her|the) session without an offer"),
        "Alice renews her session without an offer",
        "A re-INVITE without a description: the focus has to offer again.",
        renews_without
    ),
    step!(
        concat!(who!(), " calls the room, keeping back (?:his|her|the) ACK"),
        "Alice calls the room, keeping back her ACK",
        "An INVITE whose 2xx is not acknowledged; the MSRP session is opened all the same.",
        calls_without_ack
    ),
    step!(
        concat!("the focus accepts ", who!(), "'s offer"),
        "the focus accepts Alice's offer",
        "The last INVITE gets a 2xx with a description. Any offer may be refused as a whole (RFC 3264, 4): then not applicable.",
        offer_accepted
    ),
    step!(
        concat!(who!(), " renews (?:his|her|the) session without an offer and answers with (.*)"),
        "Alice renews her session without an offer and answers with another path",
        "A re-INVITE without a description; the answer to the offer of the focus is changed in the ways of `calls the room with`.",
        renews_answering
    ),
    step!(
        concat!("the answer to ", who!(), r#" has the direction "([^"]*)""#),
        "the answer to Alice has the direction \"recvonly or inactive\"",
        "The direction of the MSRP media of the latest description of the focus is one of these; none means \
         sendrecv. Not applicable where the call was refused.",
        has_direction
    ),
    step!(
        concat!("the answer to ", who!(), r#" has the line "([^"]*)""#),
        "the answer to Alice has the line \"t=0 0\"",
        "The latest description of the focus has this line; not applicable where the call was refused.",
        has_line
    ),
    step!(
        concat!("the answer to ", who!(), r" closes stream (\d) and no other"),
        "the answer to Alice closes stream 2 and no other",
        "The m-line at this place, counted from 1, has port 0, and the others have not.",
        closes_stream
    ),
    step!(
        concat!("the focus refuses ", who!(), ", or answers without a stream"),
        "the focus refuses Alice, or answers without a stream",
        "A final response from 300 on, or a description without an m-line.",
        no_stream
    ),
    step!(
        concat!("the focus takes nothing from the description of ", who!()),
        "the focus takes nothing from the description of Alice",
        "The request is refused, or served as one without a description: a description in the 200 is no answer to it.",
        takes_nothing
    ),
    step!(
        concat!("the offer to ", who!(), r" keeps (\d) streams, MSRP the first"),
        "the offer to Alice keeps 2 streams, MSRP the first",
        "The description of the focus has at least so many m-lines, and the first is of MSRP.",
        keeps_streams
    ),
    step!(
        concat!("the focus closes ", who!(), "'s stream"),
        "the focus closes Alice's stream",
        "200 with port 0 for the stream; that an offer is refused instead is tolerated (RFC 3264, 4).",
        stream_closed
    ),
    step!(
        concat!(who!(), " does not receive it, if the focus agreed"),
        "Alice does not receive it, if the focus agreed",
        "As `does not receive it`, unless the last SIP request of this participant was refused, so that all stays as it was.",
        does_not_receive_if_agreed
    ),
    step!(
        concat!(
            "what ",
            who!(),
            " still sends on the stream that is over is not heard by ",
            who!(),
            ", if the focus agreed"
        ),
        "what Alice still sends on the stream that is over is not heard by Bob, if the focus agreed",
        "A message with the paths that held before the stream was closed.",
        not_heard_after_closing
    ),
];

struct Change {
    pattern: Regex,
    make: fn(&mut Offer, &str, &str),
}

static CHANGES: LazyLock<Vec<Change>> = LazyLock::new(|| {
    type Edit = fn(&mut Offer, &str, &str);
    let rows: [(&str, Edit); 12] = [
        (r#"^"(.*)" after the ([a-z])-line$"#, |offer, line, after| {
            offer.rewrites.push(Rewrite::After(format!("{after}="), line.to_owned()));
        }),
        (r#"^"(.*)" as the ([a-z])-line$"#, |offer, line, instead| {
            offer.rewrites.push(Rewrite::Instead(format!("{instead}="), line.to_owned()));
        }),
        (r#"^the stream "(.*)" beside it()$"#, |offer, line, _| offer.append.push(line.to_owned())),
        (r#"^the stream "(.*)" before it()$"#, |offer, line, _| {
            offer.rewrites.push(Rewrite::After("t=".to_owned(), line.to_owned()));
        }),
        ("^no stream()()$", |offer, _, _| offer.rewrites.push(Rewrite::Cut("m=".to_owned()))),
        ("^bare line feeds()()$", |offer, _, _| offer.rewrites.push(Rewrite::BareLineFeeds)),
        ("^port 0()()$", |offer, _, _| offer.port = Some(0)),
        (r#"^the direction "(.*)"()$"#, |offer, direction, _| offer.direction = Some(direction.to_owned())),
        (r#"^the accept-wrapped-types "(.*)"()$"#, |offer, types, _| {
            offer.accept_wrapped_types = Some(types.split(' ').map(str::to_owned).collect());
        }),
        ("^another path()()$", |offer, _, _| offer.fresh_path = true),
        ("^the same version()()$", |offer, _, _| offer.same_version = true),
        ("^setup passive()()$", |offer, _, _| offer.setup = Some(Setup::Passive)),
    ];
    rows.into_iter().filter_map(|(pattern, make)| Some(Change { pattern: Regex::new(pattern).ok()?, make })).collect()
});

/// The usual offer with changes; also whether text comes to its maker after it.
fn changed(words: &str) -> Result<(Offer, bool), Halt> {
    let mut offer = Offer::default();
    for part in words.split(" and ") {
        let found = CHANGES.iter().find_map(|change| Some((change, change.pattern.captures(part)?)));
        let (change, groups) =
            found.ok_or_else(|| Halt::error("a change that the suite knows", format!("'{part}'")))?;
        let group = |n: usize| groups.get(n).map_or("", |found| found.as_str());
        (change.make)(&mut offer, group(1), group(2));
    }
    let closed = |rewrite: &Rewrite| match rewrite {
        Rewrite::Cut(_) => true,
        Rewrite::Instead(start, line) => start == "m=" && !line.starts_with("m=message"),
        Rewrite::After(_, line) => matches!(line.as_str(), "a=sendonly" | "a=inactive"),
        Rewrite::BareLineFeeds => false,
    };
    let types = offer.accept_wrapped_types.clone().unwrap_or_default();
    let hears = offer.port != Some(0)
        && !matches!(offer.direction.as_deref(), Some("sendonly" | "inactive"))
        && !offer.rewrites.iter().any(closed)
        && crate::wire::sdp::Media::list_accepts(&types, "text/plain");
    Ok((offer, hears))
}

async fn calls_with(world: &mut World, args: StepArgs) -> StepResult {
    let (offer, hears) = changed(args.get(1))?;
    super::joining::appear(world, args.get(0), "").await?;
    world.actors.player_mut(args.get(0))?.hears_text = hears;
    let options = InviteOptions { offer: Some(offer), ..InviteOptions::default() };
    super::joining::start_call(world, args.get(0), options).await
}

async fn calls_without(world: &mut World, args: StepArgs) -> StepResult {
    let (answer, hears) = changed(args.get(1))?;
    super::joining::appear(world, args.get(0), "").await?;
    world.actors.player_mut(args.get(0))?.hears_text = hears;
    let options = InviteOptions { offer: None, answer, ..InviteOptions::default() };
    super::joining::start_call(world, args.get(0), options).await
}

async fn calls_without_ack(world: &mut World, args: StepArgs) -> StepResult {
    super::joining::appear(world, args.get(0), "").await?;
    world.actors.player(args.get(0))?.actor.act(|participant, _| participant.conduct_mut().acks = false);
    super::joining::start_call(world, args.get(0), InviteOptions::default()).await
}

async fn renews_with(world: &mut World, args: StepArgs) -> StepResult {
    let (offer, hears) = changed(args.get(1))?;
    let path = session(world, args.get(0))?.remote_path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let player = world.actors.player_mut(args.get(0))?;
    // While the request is under way either is right.
    player.hears_text = false;
    if !path.is_empty() {
        player.former_path = Some(path);
    }
    let moves = offer.fresh_path;
    super::renewing::reinvite(world, args.get(0), Some(offer)).await?;
    let now = session(world, args.get(0))?.remote_path;
    let before = world.actors.player(args.get(0))?.former_path.clone().unwrap_or_default();
    let before = crate::wire::uri::MsrpUri::parse_path(&before).unwrap_or_default();
    let place = |path: &[crate::wire::uri::MsrpUri]| path.first().map(|uri| (uri.host.clone(), uri.port));
    if moves && !now.is_empty() && place(&now) != place(&before) {
        return Err(Halt::NotApplicable("the switch has moved its side of the session too".to_owned()));
    }
    world.actors.player_mut(args.get(0))?.hears_text = hears;
    Ok(())
}

async fn renews_without(world: &mut World, args: StepArgs) -> StepResult {
    super::renewing::reinvite(world, args.get(0), None).await
}

async fn renews_answering(world: &mut World, args: StepArgs) -> StepResult {
    let (answer, hears) = changed(args.get(1))?;
    let player = world.actors.player_mut(args.get(0))?;
    player.hears_text = hears;
    let call = player.call()?;
    let options = InviteOptions { offer: None, answer, ..InviteOptions::default() };
    let key = player.actor.act(|participant, now| participant.re_invite(now, call, options));
    let key = key.ok_or_else(|| Halt::error(format!("a dialog of {}", args.get(0)), "there is none"))?;
    player.asked_sip = Asked::Sip(key);
    world.sip_answer(args.get(0), key).await.map(drop)
}

async fn offer_accepted(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_sip(world, &args)?;
    let answer = world.sip_answer(args.get(0), key).await?;
    match &answer {
        Answer::Response(response) => match response.status().unwrap_or_default() {
            200..300 if !response.body.is_empty() => Ok(()),
            200..300 => {
                let evidence = answer.evidence("the answer of the focus");
                Err(world.unmet(&args, "a session description", "a 2xx without one", evidence))
            }
            status => Err(Halt::NotApplicable(format!("the focus refused the offer with {status}, as it may"))),
        },
        _ => Err(world.unmet(&args, "an answer", &answer.in_words(), answer.evidence("the answer of the focus"))),
    }
}

async fn has_direction(world: &mut World, args: StepArgs) -> StepResult {
    refused(world, &args)?;
    let (media, evidence) = media(world, &args, args.get(0))?;
    let direction = media.direction.as_deref().unwrap_or("sendrecv").to_owned();
    let player = world.actors.player_mut(args.get(0))?;
    let key = player.actor.look(|participant| participant.session(player.call().ok()?).map(|session| session.invite));
    let offered = player
        .actor
        .look(|participant| key.and_then(|key| participant.sent_request(key)).is_some_and(|it| !it.body.is_empty()));
    if media.port == 0 && offered {
        return Err(Halt::NotApplicable("the focus turned the stream down, as it may (RFC 3264, 6)".to_owned()));
    }
    if media.port != 0 && args.get(1).split(" or ").any(|wanted| wanted == direction) {
        // What is inactive carries nothing either way (RFC 3264, 6.1).
        player.hears_text &= direction != "inactive";
        return Ok(());
    }
    let observed = if media.port == 0 { "port 0" } else { &direction };
    Err(world.unmet(&args, args.get(1), observed, evidence))
}

/// The latest description of the focus.
fn description(world: &World, args: &StepArgs) -> Result<bytes::Bytes, Halt> {
    let found = session(world, args.get(0))?.remote_sdp;
    found.ok_or_else(|| world.unmet(args, "a session description of the focus", "there is none", Vec::new()))
}

/// Any offer may be refused (RFC 3264, 4); then there is no answer to look at.
fn refused(world: &World, args: &StepArgs) -> StepResult {
    match session(world, args.get(0))?.state {
        CallState::Refused(status) => {
            Err(Halt::NotApplicable(format!("the focus refused the offer with {status}, as it may")))
        }
        _ => Ok(()),
    }
}

async fn has_line(world: &mut World, args: StepArgs) -> StepResult {
    refused(world, &args)?;
    let octets = description(world, &args)?;
    let text = String::from_utf8_lossy(&octets).into_owned();
    if text.lines().any(|line| line == args.get(1)) {
        return Ok(());
    }
    let start = args.get(1).get(..2).unwrap_or_default();
    let observed = text.lines().find(|line| line.starts_with(start)).unwrap_or("no such line").to_owned();
    let evidence = vec![received("the session description of the focus", octets)];
    Err(world.unmet(&args, args.get(1), &observed, evidence))
}

async fn closes_stream(world: &mut World, args: StepArgs) -> StepResult {
    let octets = description(world, &args)?;
    let wanted: usize = args.parse(1, "the place of a stream")?;
    let media = SessionDescription::parse(octets.clone()).tree.media();
    let right = media.len() >= wanted
        && media.iter().enumerate().all(|(place, media)| (media.port == 0) == (place + 1 == wanted));
    if right {
        return Ok(());
    }
    let observed: Vec<String> = media.iter().map(|media| format!("m={} {}", media.media, media.port)).collect();
    let evidence = vec![received("the session description of the focus", octets)];
    let expected = format!("port 0 for stream {wanted}, and for no other");
    Err(world.unmet(&args, &expected, &observed.join(", "), evidence))
}

async fn no_stream(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_sip(world, &args)?;
    let answer = world.sip_answer(args.get(0), key).await?;
    match &answer {
        Answer::Response(response) if response.status().is_some_and(|status| status >= 300) => Ok(()),
        Answer::Response(response)
            if !response.body.is_empty()
                && SessionDescription::parse(response.body.clone()).tree.media().is_empty() =>
        {
            Ok(())
        }
        _ => {
            let evidence = answer.evidence("the answer of the focus");
            Err(world.unmet(&args, "a refusal, or a description without a stream", &answer.in_words(), evidence))
        }
    }
}

async fn takes_nothing(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_sip(world, &args)?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let offered = world
        .actors
        .player(args.get(0))?
        .actor
        .look(|participant| participant.sent_request(key).map(|request| request.body.clone()).unwrap_or_default());
    // Whether she is in now is for nobody to say: her answer to an offer of the focus is missing.
    world.actors.player_mut(args.get(0))?.hears_text = false;
    let kinds = |octets: bytes::Bytes| -> Vec<String> {
        let media = SessionDescription::parse(octets).tree.media();
        media.into_iter().map(|media| format!("{} {}", media.media, media.protocol).to_ascii_lowercase()).collect()
    };
    match &answer {
        Answer::Response(response) if response.status().is_some_and(|status| status >= 300) => Ok(()),
        // An offer of the focus' own has streams of its own.
        Answer::Response(response) if kinds(response.body.clone()) != kinds(offered) => Ok(()),
        _ => {
            let evidence = answer.evidence("the answer of the focus");
            let expected = "a refusal, or an offer as if there had been no description";
            Err(world.unmet(&args, expected, &format!("{} with an answer to it", answer.in_words()), evidence))
        }
    }
}

async fn keeps_streams(world: &mut World, args: StepArgs) -> StepResult {
    let octets = description(world, &args)?;
    let wanted: usize = args.parse(1, "a number of streams")?;
    let media = SessionDescription::parse(octets.clone()).tree.media();
    if media.len() >= wanted && media.first().is_some_and(crate::wire::sdp::Media::is_msrp) {
        return Ok(());
    }
    let observed: Vec<String> = media.iter().map(|media| format!("m={} {}", media.media, media.port)).collect();
    let evidence = vec![received("the session description of the focus", octets)];
    Err(world.unmet(&args, &format!("{wanted} streams, the first of MSRP"), &observed.join(", "), evidence))
}

/// Whether the last SIP request of somebody was granted.
async fn agreed(world: &mut World, args: &StepArgs) -> Result<bool, Halt> {
    let Asked::Sip(key) = world.actors.player(args.get(0))?.asked_sip else {
        return Err(Halt::error("a SIP request in an earlier step", "there is none"));
    };
    let answer = world.sip_answer(args.get(0), key).await?;
    Ok(matches!(&answer, Answer::Response(response) if response.status().is_some_and(|status| status < 300)))
}

async fn stream_closed(world: &mut World, args: StepArgs) -> StepResult {
    let Asked::Sip(key) = world.actors.player(args.get(0))?.asked_sip else {
        return Err(Halt::error("a SIP request in an earlier step", "there is none"));
    };
    let answer = world.sip_answer(args.get(0), key).await?;
    let evidence = answer.evidence("the answer of the focus");
    let expected = "200, with port 0 for the stream";
    match &answer {
        Answer::Response(response) if response.status() == Some(200) => {
            let media = SessionDescription::parse(response.body.clone()).tree.media();
            if !media.is_empty() && media.iter().all(|media| media.port == 0) {
                return Ok(());
            }
            Err(world.unmet(&args, expected, "200 without it", evidence))
        }
        // Any offer may be refused; then the session stays as it was (RFC 3264, 4).
        Answer::Response(response) if response.status().is_some_and(|status| status >= 400) => {
            world.tolerated(expected, &format!("{}, which is tolerated", answer.in_words()), evidence);
            Ok(())
        }
        _ => Err(world.unmet(&args, expected, &answer.in_words(), evidence)),
    }
}

async fn does_not_receive_if_agreed(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    if !agreed(world, &args).await? {
        world.passed_over("an offer that was accepted", "it was refused, and all stays as it was");
        return Ok(());
    }
    super::absence::stays_away(world, &args, &it, &[args.get(0).to_owned()]).await
}

async fn not_heard_after_closing(world: &mut World, args: StepArgs) -> StepResult {
    if !agreed(world, &args).await? {
        world.passed_over("an offer that was accepted", "it was refused, and all stays as it was");
        return Ok(());
    }
    let player = world.actors.player(args.get(0))?;
    let former = player.former_path.clone();
    let call = player.call()?;
    let open = player.actor.look(|participant| {
        participant.session(call).and_then(|session| session.connection).is_some_and(|it| participant.is_open(it))
    });
    // Where the connection is closed nothing can be sent any more.
    if !open {
        return Ok(());
    }
    let (mark, content) = super::talking::marked(world, "is anybody still there");
    let options = crate::peer::SendOptions { to_path: former, ..crate::peer::SendOptions::text(content) };
    super::talking::utter(world, args.get(0), None, mark, options).await?;
    let it = world.actors.it()?.clone();
    let transaction = super::answers::last_transaction(world, args.get(0))?;
    world.msrp_answer(args.get(0), &transaction).await?;
    super::absence::stays_away_while(world, &args, &it, args.get(1), args.get(1)).await
}
