//! Requests in dialogs and around them: numbers, tags, routes, targets (RFC 3261, 11.2, 12, 14 and 15).

use std::time::Duration;

use bytes::Bytes;

use super::joining::{appear, start_call};
use super::roster::{must_have_roster, subscribe, subscription_of};
use crate::peer::{InviteOptions, Offer, Participant, RequestKey, RequestOptions, Session, Transport};
use crate::suite::expectation::Answer;
use crate::suite::scene::{Asked, received};
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::edit::Edit;
use crate::wire::sip::{NameAddr, SipMessage, Start};
use crate::{step, who};

/// An INVITE that is open for so long when the next request goes out is still pending when that arrives.
const PENDING: Duration = Duration::from_millis(400);

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), r" has left out (\d+) numbers in (?:his|her) dialog"),
        "Alice has left out 10 numbers in her dialog",
        "The next request has a CSeq number that is so much higher.",
        leaves_out_numbers
    ),
    step!(
        concat!(who!(), " renews (?:his|her) session under a number that is behind"),
        "Alice renews her session under a number that is behind",
        "A re-INVITE whose CSeq number is 5 below that of the last request.",
        number_behind
    ),
    step!(
        concat!(who!(), " sends (BYE|OPTIONS) under the Call-ID of ", who!()),
        "Carol sends BYE under the Call-ID of Bob",
        "A request with somebody's Call-ID and the To tag of his dialog, but a From tag of its own: it fits to no dialog.",
        under_foreign_call_id
    ),
    step!(
        concat!(who!(), " sends an INVITE into a dialog that nobody has"),
        "Carol sends an INVITE into a dialog that nobody has",
        "An INVITE whose To has a tag that the focus never gave out.",
        into_no_dialog
    ),
    step!(
        concat!(who!(), " tries to renew (?:his|her) session without Message/CPIM"),
        "Alice tries to renew her session without Message/CPIM",
        "A re-INVITE that the room cannot accept; one that it accepts nevertheless makes the case not applicable.",
        renews_unacceptably
    ),
    step!(
        concat!("the focus refuses ", who!(), "'s offer, and keeps (?:his|her) session"),
        "the focus refuses Alice's offer, and keeps her session",
        "A final response from 300 on; 488 and 606 say it best, and 408 and 481 would end the dialog.",
        offer_refused
    ),
    step!(
        concat!(who!(), " has renewed (?:his|her) session from another Contact"),
        "Bob has renewed his session from another Contact",
        "An accepted re-INVITE whose Contact has another user part.",
        renews_elsewhere
    ),
    step!(
        concat!("the BYE to ", who!(), " goes to (?:his|her) new Contact"),
        "the BYE to Bob goes to his new Contact",
        "The Request-URI of the focus' BYE has the user part of the Contact in the last re-INVITE.",
        bye_to_new_contact
    ),
    step!(
        concat!("the focus offers ", who!(), " the transport of (?:his|her) session"),
        "the focus offers Alice the transport of her session",
        "The offer has an MSRP stream, with TLS if and only if the session has it.",
        offers_same_transport
    ),
    step!(
        concat!(who!(), " renews (?:his|her) session twice at once"),
        "Alice renews her session twice at once",
        "Two re-INVITEs, the second before the first has its final response.",
        renews_twice
    ),
    step!(
        concat!("the focus puts ", who!(), "'s second re-INVITE off"),
        "the focus puts Alice's second re-INVITE off",
        "500 with Retry-After from 0 to 10; not applicable where the first one was answered before.",
        puts_off
    ),
    step!(
        concat!(who!(), " renews (?:his|her) session and leaves before the answer"),
        "Bob renews his session and leaves before the answer",
        "A re-INVITE, and BYE before it has its final response.",
        renews_and_leaves
    ),
    step!(
        concat!("the focus answers ", who!(), "'s re-INVITE(?: with (487))?"),
        "the focus answers Bob's re-INVITE with 487",
        "The re-INVITE gets its final response, though BYE came after it.",
        re_invite_answered
    ),
    step!(
        concat!(who!(), " joins the room over two proxies that stay in the way"),
        "Alice joins the room over two proxies that stay in the way",
        "An INVITE with two values of Record-Route, with a parameter that nobody knows.",
        joins_over_proxies
    ),
    step!(
        concat!(who!(), " subscribes to the roster over two proxies that stay in the way"),
        "Alice subscribes to the roster over two proxies that stay in the way",
        "A SUBSCRIBE with two values of Record-Route, with a parameter that nobody knows.",
        subscribes_over_proxies
    ),
    step!(
        concat!("the answer to ", who!(), " repeats the recorded route"),
        "the answer to Alice repeats the recorded route",
        "Record-Route of the 2xx ends in the values of the request, in their order, parameters included.",
        repeats_route
    ),
    step!(
        concat!("the NOTIFY to ", who!(), " follows the recorded route"),
        "the NOTIFY to Alice follows the recorded route",
        "Route of the first NOTIFY has the recorded values in their order.",
        follows_route
    ),
    step!(
        concat!(who!(), " sends OPTIONS to the (room|same place)"),
        "Alice sends OPTIONS to the room",
        "A request outside of dialogs; the same place is the Request-URI of the INVITE before.",
        options_to
    ),
    step!(
        concat!("the focus answers ", who!(), "'s OPTIONS as (?:his|her) INVITE"),
        "the focus answers Alice's OPTIONS as her INVITE",
        "Both have the same status.",
        options_as_invite
    ),
    step!(
        concat!("the answer to ", who!(), " has the headers (.+)"),
        "the answer to Alice has the headers Allow and Supported",
        "Each of these headers stands in the answer to the last SIP request.",
        has_headers
    ),
];

fn session(world: &World, who: &str) -> Result<Session, Halt> {
    let player = world.actors.player(who)?;
    let call = player.call()?;
    let session = player.actor.look(|participant| participant.session(call).cloned());
    session.ok_or_else(|| Halt::error(format!("a call of {who}"), "there is none"))
}

fn last_request(world: &World, who: &str) -> Result<RequestKey, Halt> {
    match world.actors.player(who)?.asked_sip {
        Asked::Sip(key) => Ok(key),
        _ => Err(Halt::error(format!("a SIP request of {who} in an earlier step"), "there is none")),
    }
}

fn replaced(name: &str, value: String) -> Edit {
    Edit::Replace(name.to_owned(), Bytes::from(value))
}

async fn leaves_out_numbers(world: &mut World, args: StepArgs) -> StepResult {
    let how_many = args.parse(1, "a number")?;
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    player.actor.act(|participant, _| participant.leave_out_numbers(call, how_many));
    Ok(())
}

async fn number_behind(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let last = player.actor.look(|participant| participant.last_number(call)).unwrap_or_default();
    let edits = vec![replaced("CSeq", format!("{} INVITE", last.saturating_sub(5)))];
    let options = InviteOptions { edits, ..InviteOptions::default() };
    re_invite(world, args.get(0), options).await.map(drop)
}

async fn under_foreign_call_id(world: &mut World, args: StepArgs) -> StepResult {
    let other = session(world, args.get(2))?;
    if !world.actors.has(args.get(0)) {
        appear(world, args.get(0), "").await?;
    }
    let room = world.actors.room_uri(&world.settings);
    let tag = other.remote_tag.clone().unwrap_or_default();
    let edits = vec![replaced("Call-ID", other.call_id), replaced("To", format!("<{}>;tag={tag}", room.bare()))];
    let player = world.actors.player_mut(args.get(0))?;
    let options = RequestOptions { edits, ..RequestOptions::default() };
    let key = player.actor.act(|participant, now| participant.request(now, args.get(1), options));
    player.asked_sip = Asked::Sip(key);
    Ok(())
}

async fn into_no_dialog(world: &mut World, args: StepArgs) -> StepResult {
    appear(world, args.get(0), "").await?;
    let room = world.actors.room_uri(&world.settings);
    let to = format!("<{}>;tag=never-{}", room.bare(), world.actors.nonce());
    start_call(world, args.get(0), InviteOptions { to: Some(to), ..InviteOptions::default() }).await
}

async fn re_invite(world: &mut World, who: &str, options: InviteOptions) -> Result<RequestKey, Halt> {
    let player = world.actors.player_mut(who)?;
    let call = player.call()?;
    let key = player.actor.act(|participant, now| participant.re_invite(now, call, options));
    let key = key.ok_or_else(|| Halt::error(format!("a dialog of {who}"), "there is none"))?;
    player.asked_sip = Asked::Sip(key);
    Ok(key)
}

async fn renews_unacceptably(world: &mut World, args: StepArgs) -> StepResult {
    let offer = Offer { accept_types: vec!["text/plain".to_owned()], ..Offer::default() };
    let key = re_invite(world, args.get(0), InviteOptions { offer: Some(offer), ..InviteOptions::default() }).await?;
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(response) if response.status() == Some(200) => {
            Err(Halt::NotApplicable("the focus accepts such a re-INVITE, maybe without the stream".to_owned()))
        }
        _ => Ok(()),
    }
}

async fn offer_refused(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_request(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let status = match &answer {
        Answer::Response(response) => response.status().unwrap_or_default(),
        _ => 0,
    };
    let evidence = answer.evidence("the answer of the focus");
    match status {
        488 | 606 => Ok(()),
        300..700 if !matches!(status, 408 | 481) => {
            world.tolerated("488 or 606", &format!("{status}, which is tolerated"), evidence);
            Ok(())
        }
        _ => Err(world.unmet(&args, "a refusal that leaves the dialog alone", &answer.in_words(), evidence)),
    }
}

async fn renews_elsewhere(world: &mut World, args: StepArgs) -> StepResult {
    let user = format!("moved-{}", world.actors.nonce());
    let contact = world.actors.player(args.get(0))?.actor.look(|participant| participant.contact_as(&user));
    let options = InviteOptions { edits: vec![replaced("Contact", contact)], ..InviteOptions::default() };
    let key = re_invite(world, args.get(0), options).await?;
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(response) if response.status() == Some(200) => Ok(()),
        other => Err(world.unmet(&args, "200 to the re-INVITE", &other.in_words(), other.evidence("the answer"))),
    }
}

async fn bye_to_new_contact(world: &mut World, args: StepArgs) -> StepResult {
    let user = format!("moved-{}@", world.actors.nonce());
    let bye = |participant: &Participant| participant.sip_requests("BYE").last().map(|bye| (*bye).clone());
    let found = world.actors.player(args.get(0))?.actor.wait(world.patience(), bye).await;
    let Ok(bye) = found else {
        return Err(Halt::inconclusive("a BYE of the focus", "none came"));
    };
    match &bye.start {
        Start::Request { uri, .. } if uri.contains(&user) => Ok(()),
        Start::Request { uri, .. } => {
            let evidence = vec![received("the BYE", bye.octets())];
            Err(world.unmet(&args, "the new Contact as Request-URI", uri, evidence))
        }
        Start::Response { .. } => Err(Halt::error("a BYE", "a response")),
    }
}

async fn offers_same_transport(world: &mut World, args: StepArgs) -> StepResult {
    let session = session(world, args.get(0))?;
    let key = last_request(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let offered = match &answer {
        Answer::Response(response) => {
            crate::wire::sdp::SessionDescription::parse(response.body.clone()).tree.media().into_iter()
        }
        _ => Vec::new().into_iter(),
    };
    let stream = offered.into_iter().find(|media| media.is_msrp() && media.port != 0);
    let secure = session.local_path.secure;
    let fits = |media: &crate::wire::sdp::Media| {
        media.protocol.to_ascii_uppercase().contains("TLS") == secure
            && media.path.first().is_some_and(|path| path.secure == secure)
    };
    if stream.as_ref().is_some_and(fits) {
        return Ok(());
    }
    let observed = stream.map_or_else(|| "none".to_owned(), |media| media.protocol);
    let expected = if secure { "an MSRP stream over TLS" } else { "an MSRP stream without TLS" };
    Err(world.unmet(&args, expected, &observed, answer.evidence("the answer")))
}

async fn renews_twice(world: &mut World, args: StepArgs) -> StepResult {
    let first = re_invite(world, args.get(0), InviteOptions::default()).await?;
    re_invite(world, args.get(0), InviteOptions::default()).await?;
    world.actors.player_mut(args.get(0))?.asked_before = Some(first);
    Ok(())
}

/// When the final response to a request came.
fn answered_at(participant: &Participant, wanted: RequestKey) -> Option<crate::port::Moment> {
    participant.seen().iter().find_map(|seen| match &seen.what {
        crate::peer::SeenKind::SipResponse { key: Some(key), retried: false, message, .. }
            if *key == wanted && message.status().is_some_and(|status| status >= 200) =>
        {
            Some(seen.at)
        }
        _ => None,
    })
}

async fn puts_off(world: &mut World, args: StepArgs) -> StepResult {
    let start = world.actors.stage()?.now();
    let second = last_request(world, args.get(0))?;
    let Some(first) = world.actors.player(args.get(0))?.asked_before else {
        return Err(Halt::error("two re-INVITEs in an earlier step", "there are none"));
    };
    let answer = world.sip_answer(args.get(0), second).await?;
    if let Answer::Response(response) = &answer
        && response.status() == Some(500)
    {
        let after = response.header("Retry-After").unwrap_or_default();
        let seconds = after.split([' ', ';', '(']).next().unwrap_or_default().parse::<u32>();
        if seconds.is_ok_and(|seconds| seconds <= 10) {
            return Ok(());
        }
        let observed = format!("Retry-After: {after}");
        return Err(world.unmet(&args, "Retry-After from 0 to 10", &observed, answer.evidence("the 500")));
    }
    world.sip_answer(args.get(0), first).await?;
    let pending = world.actors.player(args.get(0))?.actor.look(|participant| answered_at(participant, first));
    if pending.is_some_and(|at| at.saturating_sub(start) < PENDING) {
        return Err(Halt::NotApplicable("the focus answers a re-INVITE at once".to_owned()));
    }
    let expected = "500 with Retry-After, as the first re-INVITE is pending";
    Err(world.unmet(&args, expected, &answer.in_words(), answer.evidence("the answer to the second")))
}

async fn renews_and_leaves(world: &mut World, args: StepArgs) -> StepResult {
    let invite = re_invite(world, args.get(0), InviteOptions::default()).await?;
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let bye = player.actor.act(|participant, now| participant.bye(now, call));
    player.bye = bye;
    player.asked_sip = Asked::Sip(invite);
    Ok(())
}

async fn re_invite_answered(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_request(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    match &answer {
        Answer::Response(response) if args.get(1).is_empty() || response.status() == Some(487) => Ok(()),
        Answer::Response(response) if response.status() == Some(200) => {
            Err(Halt::NotApplicable("the focus answered the re-INVITE before it saw the BYE".to_owned()))
        }
        other => {
            let expected = if args.get(1).is_empty() { "a final response" } else { "487" };
            Err(world.unmet(&args, expected, &other.in_words(), other.evidence("the answer to the re-INVITE")))
        }
    }
}

/// Record-Route as two proxies at the participant's own address would write it.
fn recorded(world: &World, who: &str) -> Result<Vec<String>, Halt> {
    let player = world.actors.player(who)?;
    let (place, transport) = player.actor.look(|participant| (participant.place().sip, participant.transport()));
    let parameter = match transport {
        Transport::Udp => "",
        Transport::Tcp => ";transport=tcp",
        Transport::Tls => ";transport=tls",
    };
    let nonce = world.actors.nonce();
    let value = |hop: usize| format!("<sip:{place}{parameter};lr;hop={hop}>;seen={nonce}{hop}");
    Ok(vec![value(2), value(1)])
}

fn record_route(values: &[String]) -> Vec<(String, String)> {
    values.iter().map(|value| ("Record-Route".to_owned(), value.clone())).collect()
}

async fn joins_over_proxies(world: &mut World, args: StepArgs) -> StepResult {
    appear(world, args.get(0), "").await?;
    let headers = record_route(&recorded(world, args.get(0))?);
    start_call(world, args.get(0), InviteOptions { headers, ..InviteOptions::default() }).await
}

async fn subscribes_over_proxies(world: &mut World, args: StepArgs) -> StepResult {
    must_have_roster(world)?;
    let headers = record_route(&recorded(world, args.get(0))?);
    subscribe(world, args.get(0), RequestOptions { headers, ..RequestOptions::default() }).await.map(drop)
}

fn same_route(one: &str, other: &str) -> bool {
    match (NameAddr::parse(one), NameAddr::parse(other)) {
        (Some(one), Some(other)) => one.uri == other.uri && one.params == other.params,
        _ => false,
    }
}

async fn repeats_route(world: &mut World, args: StepArgs) -> StepResult {
    let wanted = recorded(world, args.get(0))?;
    let key = last_request(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let there = match &answer {
        Answer::Response(response) => response.values("Record-Route"),
        _ => Vec::new(),
    };
    // Proxies behind the tester put theirs on top.
    let skip = there.len().saturating_sub(wanted.len());
    let tail = there.get(skip..).unwrap_or_default();
    if tail.len() == wanted.len() && tail.iter().zip(&wanted).all(|(one, other)| same_route(one, other)) {
        return Ok(());
    }
    let expected = format!("Record-Route: {}", wanted.join(", "));
    let observed = format!("Record-Route: {}", there.join(", "));
    Err(world.unmet(&args, &expected, &observed, answer.evidence("the answer")))
}

async fn follows_route(world: &mut World, args: StepArgs) -> StepResult {
    let wanted = recorded(world, args.get(0))?;
    let subscription = subscription_of(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), last_request(world, args.get(0))?).await?;
    if !matches!(&answer, Answer::Response(response) if response.status().is_some_and(|status| status < 300)) {
        return Err(Halt::inconclusive("a subscription", answer.in_words()));
    }
    let notify =
        |participant: &Participant| participant.notifies(subscription).first().map(|notify| SipMessage::clone(notify));
    let found = world.actors.player(args.get(0))?.actor.wait(world.settings.profile.timers.roster, notify).await;
    let Ok(notify) = found else {
        return Err(world.unmet(&args, "a NOTIFY along the recorded route", "none came", Vec::new()));
    };
    let there = notify.values("Route");
    let same_uri = |one: &String, other: &String| match (NameAddr::parse(one), NameAddr::parse(other)) {
        (Some(one), Some(other)) => one.uri == other.uri,
        _ => false,
    };
    if there.len() == wanted.len() && there.iter().zip(&wanted).all(|(one, other)| same_uri(one, other)) {
        return Ok(());
    }
    let expected = format!("Route: {}", wanted.join(", "));
    let observed = format!("Route: {}", there.join(", "));
    Err(world.unmet(&args, &expected, &observed, vec![received("the NOTIFY", notify.octets())]))
}

async fn options_to(world: &mut World, args: StepArgs) -> StepResult {
    let mut options = RequestOptions::default();
    if args.get(1) == "same place" {
        let invite = session(world, args.get(0))?.invite;
        let request = world.actors.player(args.get(0))?.actor.look(|it| it.sent_request(invite).cloned());
        let request = request.ok_or_else(|| Halt::error("an INVITE in an earlier step", "there is none"))?;
        if let Start::Request { uri, .. } = &request.start {
            options.request_uri = Some(uri.clone());
        }
        options.edits = vec![replaced("To", request.header("To").unwrap_or_default())];
    } else if !world.actors.has(args.get(0)) {
        appear(world, args.get(0), "").await?;
    }
    let player = world.actors.player_mut(args.get(0))?;
    let key = player.actor.act(|participant, now| participant.request(now, "OPTIONS", options));
    player.asked_sip = Asked::Sip(key);
    player.asked_before = Some(key);
    world.sip_answer(args.get(0), key).await.map(drop)
}

async fn options_as_invite(world: &mut World, args: StepArgs) -> StepResult {
    let invite = session(world, args.get(0))?.invite;
    let options = world.actors.player(args.get(0))?.asked_before;
    let options = options.ok_or_else(|| Halt::error("OPTIONS in an earlier step", "there is none"))?;
    let (one, other) = (world.sip_answer(args.get(0), invite).await?, world.sip_answer(args.get(0), options).await?);
    match (&one, &other) {
        (Answer::Response(one), Answer::Response(other)) if one.status() == other.status() => Ok(()),
        _ => {
            let expected = format!("{} as to the INVITE", one.in_words());
            let mut evidence = one.evidence("the answer to INVITE");
            evidence.extend(other.evidence("the answer to OPTIONS"));
            Err(world.unmet(&args, &expected, &other.in_words(), evidence))
        }
    }
}

async fn has_headers(world: &mut World, args: StepArgs) -> StepResult {
    let key = last_request(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let Answer::Response(response) = &answer else {
        return Err(world.unmet(&args, "an answer", &answer.in_words(), Vec::new()));
    };
    let names = args.get(1).replace(" and ", ", ");
    let missing: Vec<&str> = names.split(", ").filter(|name| response.header(name).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let observed = format!("without {}", missing.join(" and "));
    Err(world.unmet(&args, args.get(1), &observed, answer.evidence("the answer")))
}
