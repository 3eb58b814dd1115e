//! What conference documents say of the room and of who is in it (RFC 4575, 5). Most of it is optional: these steps look
//! at what is said, and ask for nothing that may be left out.

use super::hearing::same_uri;
use super::roster::{must_show, newly_anonymous, subscription_of, user};
use crate::suite::scene::received;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::conference_info::{ConferenceInfo, Endpoint};
use crate::wire::uri::SipUri;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        "the roster does not call the room (inactive|locked)",
        "the roster does not call the room locked",
        "active is not false, or locked not true.",
        not_called
    ),
    step!(
        concat!("the roster shows every device of ", who!(), " as (connected|dialed-in)"),
        "the roster shows every device of Bob as connected",
        "status, or joining-method, of the user's endpoints where they are given; who is held or muted is connected too.",
        devices_are
    ),
    step!(
        concat!("the roster shows no device of ", who!(), " as disconnected"),
        "the roster shows no device of Bob as disconnected",
        "status of the user's endpoints is not disconnected.",
        no_device_disconnected
    ),
    step!(
        concat!("the roster shows no more than one device of ", who!()),
        "the roster shows no more than one device of Bob",
        "The user has at most one endpoint that is not disconnected.",
        one_device
    ),
    step!(
        concat!("the roster shows the stream of ", who!(), r#" as "([^"]*)""#),
        "the roster shows the stream of Bob as \"message\"",
        "Each endpoint whose media have types has one of this type.",
        stream_is
    ),
    step!(
        concat!("the roster does not show ", who!(), " and ", who!(), " under one name"),
        "the roster does not show Bob and Carol under one name",
        "Their display-text differs, or one of them has none.",
        names_differ
    ),
    step!(
        r#"the roster gives no anonymous participant the name "([^"]*)""#,
        "the roster gives no anonymous participant the name \"Carol\"",
        "display-text of the users that the case has added anonymously is another one.",
        no_anonymous_name
    ),
    step!(
        r"the URI of the anonymous participant has a host under \.invalid, or an anonymous user part",
        "the URI of the anonymous participant has a host under .invalid, or an anonymous user part",
        "The entity of each user that the case has added anonymously (T78).",
        anonymous_form
    ),
    step!(
        concat!("the roster tells of no other dialog of ", who!(), " than the one (?:he|she) has"),
        "the roster tells of no other dialog of Bob than the one he has",
        "call-info, where it is given, has the Call-ID and the tags of the INVITE dialog.",
        no_other_dialog
    ),
    step!(
        concat!("nothing that ", who!(), " is told says that ", who!(), " left otherwise than by (?:himself|herself)"),
        "nothing that Alice is told says that Bob left otherwise than by himself",
        "disconnection-method, where it is given, is departed.",
        left_by_himself
    ),
];

async fn not_called(world: &mut World, args: StepArgs) -> StepResult {
    let locked = args.get(0) == "locked";
    must_show(world, &args, &args.text.clone(), |_, document| match locked {
        true => document.locked != Some(true),
        false => document.active != Some(false),
    })
    .await
}

/// Whether a user is there and each of its endpoints is as it should be.
fn each_device(document: &ConferenceInfo, uri: &str, right: impl Fn(&Endpoint) -> bool) -> bool {
    user(document, uri).is_some_and(|user| user.endpoints.iter().all(right))
}

async fn devices_are(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(0))?.uri.clone();
    let status = args.get(1) == "connected";
    must_show(world, &args, &args.text.clone(), |_, document| {
        each_device(document, &uri, |endpoint| match (status, endpoint.status.as_deref(), &endpoint.joining_method) {
            (true, Some(status), _) => ["connected", "on-hold", "muted-via-focus"].contains(&status),
            (false, _, Some(method)) => method == "dialed-in",
            _ => true,
        })
    })
    .await
}

async fn no_device_disconnected(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(0))?.uri.clone();
    must_show(world, &args, &args.text.clone(), |_, document| {
        each_device(document, &uri, |endpoint| endpoint.status.as_deref() != Some("disconnected"))
    })
    .await
}

async fn one_device(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(0))?.uri.clone();
    must_show(world, &args, &args.text.clone(), |_, document| {
        let there = |endpoint: &&Endpoint| endpoint.status.as_deref() != Some("disconnected");
        user(document, &uri).is_some_and(|user| user.endpoints.iter().filter(there).count() <= 1)
    })
    .await
}

async fn stream_is(world: &mut World, args: StepArgs) -> StepResult {
    let uri = world.actors.player(args.get(0))?.uri.clone();
    let wanted = args.get(1).to_owned();
    must_show(world, &args, &args.text.clone(), |_, document| {
        each_device(document, &uri, |endpoint| {
            let mut types = endpoint.media.iter().map(|kind| kind.trim()).filter(|kind| !kind.is_empty()).peekable();
            types.peek().is_none() || types.any(|kind| kind.eq_ignore_ascii_case(&wanted))
        })
    })
    .await
}

async fn names_differ(world: &mut World, args: StepArgs) -> StepResult {
    let one = world.actors.player(args.get(0))?.uri.clone();
    let other = world.actors.player(args.get(1))?.uri.clone();
    must_show(world, &args, &args.text.clone(), |_, document| match (user(document, &one), user(document, &other)) {
        (Some(one), Some(other)) => one.display_text.is_none() || one.display_text != other.display_text,
        _ => false,
    })
    .await
}

async fn no_anonymous_name(world: &mut World, args: StepArgs) -> StepResult {
    let name = args.get(0).to_owned();
    must_show(world, &args, &args.text.clone(), |world, document| {
        let anonymous = newly_anonymous(world, document);
        document
            .users
            .iter()
            .filter(|user| anonymous.contains(&user.entity))
            .all(|user| user.display_text.as_deref() != Some(&name))
    })
    .await
}

async fn anonymous_form(world: &mut World, args: StepArgs) -> StepResult {
    let anonymous = |entity: &String| {
        SipUri::parse(entity).is_ok_and(|uri| {
            let host = uri.host.to_ascii_lowercase();
            let user = uri.user.unwrap_or_default().to_ascii_lowercase();
            host == "invalid" || host.ends_with(".invalid") || user.starts_with("anonymous")
        })
    };
    let expected = "a host under .invalid, or a user part that says anonymous";
    must_show(world, &args, expected, |world, document| newly_anonymous(world, document).iter().all(anonymous)).await
}

async fn no_other_dialog(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player(args.get(0))?;
    let (uri, call) = (player.uri.clone(), player.call()?);
    let session = player.actor.look(|participant| participant.session(call).cloned());
    let Some(session) = session else { return Err(Halt::error("a call in an earlier step", "there is none")) };
    // Which end the tags are told from is not said: either order is that of the dialog.
    let tags = [session.local_tag.clone(), session.remote_tag.clone().unwrap_or_default()];
    must_show(world, &args, &args.text.clone(), |_, document| {
        each_device(document, &uri, |endpoint| {
            endpoint.dialog.as_ref().is_none_or(|dialog| {
                let told = [dialog.from_tag.trim(), dialog.to_tag.trim()];
                dialog.call_id.trim() == session.call_id
                    && (told == [&tags[0][..], &tags[1][..]] || told == [&tags[1][..], &tags[0][..]])
            })
        })
    })
    .await
}

async fn left_by_himself(world: &mut World, args: StepArgs) -> StepResult {
    let subscription = subscription_of(world, args.get(0))?;
    let uri = world.actors.player(args.get(1))?.uri.clone();
    let found = world.actors.player(args.get(0))?.actor.look(|participant| {
        let documents = participant.documents(subscription);
        let methods = documents
            .iter()
            .flat_map(|document| document.users.iter().filter(|user| same_uri(&user.entity, &uri)))
            .flat_map(|user| user.endpoints.iter().filter_map(|endpoint| endpoint.disconnection_method.as_deref()));
        let other = methods.map(str::trim).find(|method| *method != "departed").map(str::to_owned);
        let last = participant.notifies(subscription).last().map(|notify| notify.octets()).unwrap_or_default();
        other.map(|method| (method, last))
    });
    match found {
        None => Ok(()),
        Some((method, octets)) => {
            let evidence = vec![received("the last NOTIFY", octets)];
            Err(world.unmet(&args, "disconnection-method departed, if any", &method, evidence))
        }
    }
}
