//! REPORTs: those that the switch owes the sender, and those that it must keep to itself.

use crate::suite::scene::Utterance;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::cpim::CpimMessage;
use crate::wire::msrp::MsrpMessage;
use crate::wire::uri::MsrpUri;
use crate::{list, step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " gets a success report that covers the whole message"),
        "Alice gets a success report that covers the whole message",
        "One or more REPORTs with status 200 whose ranges cover every octet of the message said last.",
        success_covers
    ),
    step!(
        concat!(who!(), " gets no (success )?report on it"),
        "Alice gets no report on it",
        "No REPORT on the message said last, while a later exchange of the same participant goes through.",
        no_report
    ),
    step!(
        concat!(who!(), " gets reports from the switch only, and each octet is reported once"),
        "Alice gets reports from the switch only, and each octet is reported once",
        "The success reports on the message said last name the switch in From-Path, and no octet twice.",
        from_switch_once
    ),
    step!(
        "that report carries a wrapper with From and To of the message",
        "that report carries a wrapper with From and To of the message",
        "The REPORT has a Message/CPIM body with the From and the To of the message reported on.",
        carries_wrapper
    ),
    step!(
        concat!(list!(), " reports? success for everything (?:they|he|she) receives?"),
        "Bob and Carol report success for everything they receive",
        "These participants send a success REPORT for each message, whether asked or not.",
        report_success
    ),
    step!(
        concat!(who!(), " reports failure for everything (?:he|she) receives"),
        "Bob reports failure for everything he receives",
        "This participant sends a failure REPORT for each message.",
        report_failure
    ),
    step!(
        concat!(who!(), r" answers everything (?:he|she) receives with (\d{3})"),
        "Bob answers everything he receives with 413",
        "This participant refuses each SEND with this code.",
        answer_with
    ),
    step!(
        concat!(who!(), r" answers everything (?:he|she) receives with a header that nobody has defined"),
        "Bob answers everything he receives with a header that nobody has defined",
        "This participant's responses to SEND have one more header.",
        answer_with_header
    ),
];

fn reports_on(world: &World, who: &str, it: &Utterance) -> Result<Vec<MsrpMessage>, Halt> {
    Ok(world
        .actors
        .player(who)?
        .actor
        .look(|participant| participant.reports_about(&it.stimulus.message_id).into_iter().cloned().collect()))
}

/// The parts of the message that success reports name, from 1.
fn covered(reports: &[MsrpMessage], length: u64) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = reports
        .iter()
        .filter(|report| report.report_status() == Some(200))
        .map(|report| match report.byte_range() {
            // An end that is left open is that of what was sent.
            Some(range) => (range.start, range.end.unwrap_or(length)),
            // Without a range the report is on the whole message.
            None => (1, length),
        })
        .collect();
    ranges.sort_unstable();
    ranges
}

fn covers(ranges: &[(u64, u64)], length: u64) -> bool {
    let mut next = 1;
    for (start, end) in ranges {
        if *start > next {
            return false;
        }
        next = next.max(end + 1);
    }
    next > length
}

async fn success_covers(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let length = it.stimulus.body.len() as u64;
    let waited = world.actors.player(args.get(0))?.actor.wait(world.patience(), |participant| {
        let reports: Vec<_> = participant.reports_about(&it.stimulus.message_id).into_iter().cloned().collect();
        covers(&covered(&reports, length), length).then_some(())
    });
    if waited.await.is_ok() {
        return Ok(());
    }
    let reports = reports_on(world, args.get(0), &it)?;
    let evidence = evidence(&reports);
    let observed = match reports.len() {
        0 => "no report".to_owned(),
        count => format!("{count} report(s) that do not cover it"),
    };
    Err(world.unmet(&args, &format!("success reports on octets 1-{length}"), &observed, evidence))
}

fn evidence(reports: &[MsrpMessage]) -> Vec<crate::judge::verdict::Evidence> {
    reports.iter().take(5).map(|report| crate::suite::scene::received("a REPORT", report.octets())).collect()
}

async fn no_report(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    all_reports_are_in(world, &args, args.get(0)).await?;
    let success_only = !args.get(1).is_empty();
    let reports: Vec<_> = reports_on(world, args.get(0), &it)?
        .into_iter()
        .filter(|report| !success_only || report.report_status() == Some(200))
        .collect();
    if reports.is_empty() {
        return Ok(());
    }
    Err(world.unmet(&args, "no report", &format!("{} report(s)", reports.len()), evidence(&reports)))
}

/// What the switch and the others had to report on what this participant said is there: the recipients' reports, were
/// they passed on, would come before what the recipients say afterwards.
async fn all_reports_are_in(world: &mut World, args: &StepArgs, who: &str) -> StepResult {
    super::absence::sentinel(world, args, who).await?;
    for other in world.actors.present().into_iter().filter(|name| name != who) {
        super::absence::sentinel(world, args, &other).await?;
    }
    Ok(())
}

async fn from_switch_once(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let length = it.stimulus.body.len() as u64;
    let waited = world.actors.player(args.get(0))?.actor.wait(world.patience(), |participant| {
        let reports: Vec<_> = participant.reports_about(&it.stimulus.message_id).into_iter().cloned().collect();
        covers(&covered(&reports, length), length).then_some(())
    });
    if let Err(error) = waited.await {
        return Err(world.unmet(&args, "success reports of the switch", &error.to_string(), Vec::new()));
    }
    all_reports_are_in(world, &args, args.get(0)).await?;
    let reports = reports_on(world, args.get(0), &it)?;
    let player = world.actors.player(args.get(0))?;
    let call = player.call()?;
    let path = player.actor.look(|participant| participant.session(call).map(|session| session.remote_path.clone()));
    let path = path.unwrap_or_default();
    let by_switch = |report: &MsrpMessage| {
        let from: Vec<_> = report.header("From-Path").unwrap_or_default().split(' ').map(MsrpUri::parse).collect();
        from.len() == path.len()
            && from.iter().zip(&path).all(|(one, other)| one.as_ref().is_ok_and(|one| one.equivalent(other)))
    };
    let foreign = reports.iter().any(|report| !by_switch(report));
    let twice = covered(&reports, length).windows(2).any(|pair| matches!(pair, [a, b] if b.0 <= a.1));
    let failed = reports.iter().any(|report| report.report_status() != Some(200));
    if foreign || twice || failed {
        let observed = match (foreign, twice) {
            (true, _) => "a report whose From-Path is not the switch's",
            (_, true) => "octets that were reported more than once",
            _ => "a failure report",
        };
        return Err(world.unmet(&args, "each octet reported once, by the switch", observed, evidence(&reports)));
    }
    Ok(())
}

async fn carries_wrapper(world: &mut World, args: StepArgs) -> StepResult {
    let it = world.actors.it()?.clone();
    let reports = reports_on(world, &it.by, &it)?;
    let sent = CpimMessage::parse(it.stimulus.body.clone()).tree;
    let uris = |addresses: Vec<crate::wire::cpim::Address>| -> Vec<String> {
        addresses.into_iter().map(|address| address.uri).collect()
    };
    let right = reports.iter().all(|report| {
        report.media_type().as_deref() == Some("message/cpim")
            && report.body.clone().is_some_and(|body| {
                let wrapper = CpimMessage::parse(body).tree;
                uris(wrapper.froms()) == uris(sent.froms()) && uris(wrapper.tos()) == uris(sent.tos())
            })
    });
    if right && !reports.is_empty() {
        return Ok(());
    }
    let observed = "a report without such a wrapper";
    Err(world.unmet(&args, "a wrapper with From and To of the message (T35)", observed, evidence(&reports)))
}

async fn report_success(world: &mut World, args: StepArgs) -> StepResult {
    for name in super::names(args.get(0)) {
        world.actors.player(&name)?.actor.act(|participant, _| participant.conduct_mut().unasked_report = Some(200));
    }
    Ok(())
}

async fn report_failure(world: &mut World, args: StepArgs) -> StepResult {
    // What the switch thinks of an endpoint that complains is not what is looked at (RFC 4975, 7.3.2).
    let player = world.actors.player_mut(args.get(0))?;
    player.hears_text = false;
    player.actor.act(|participant, _| participant.conduct_mut().unasked_report = Some(413));
    Ok(())
}

async fn answer_with(world: &mut World, args: StepArgs) -> StepResult {
    let status: u16 = args.parse(1, "a status code")?;
    world.actors.player_mut(args.get(0))?.hears_text = false;
    let player = world.actors.player(args.get(0))?;
    player.actor.act(|participant, _| participant.conduct_mut().send_status = (status, "as told".to_owned()));
    Ok(())
}

async fn answer_with_header(world: &mut World, args: StepArgs) -> StepResult {
    let header = ("X-Unheard-Of".to_owned(), "\"a\" <b>;c=d, e".to_owned());
    let player = world.actors.player(args.get(0))?;
    player.actor.act(|participant, _| participant.conduct_mut().send_response_headers = vec![header]);
    Ok(())
}
