//! Requests that are written in another way than usual: rightly so, or with one thing wrong (RFC 3261, 7, 8.2 and 22).

use bytes::Bytes;

use crate::peer::{CallState, Conduct, DigestDamage, InviteOptions, Offer, RequestOptions, SeenKind};
use crate::suite::expectation::Answer;
use crate::suite::scene::Asked;
use crate::suite::step::{Halt, StepArgs, StepDef, StepResult, World};
use crate::wire::edit::Edit;
use crate::{step, who};

pub(super) const STEPS: &[StepDef] = &[
    step!(
        concat!(who!(), " (?:joins|tries to join) the room by an INVITE (.*)"),
        "Alice joins the room by an INVITE with short header names",
        "INVITE in a spelling that RFC 3261 allows, or with one thing wrong; what comes of it is for the steps after it.",
        join_by
    ),
    step!(
        concat!("the answer to ", who!(), r#" names "([^"]*)" in (Unsupported|Accept|Allow)"#),
        "the answer to Alice names \"application/sdp\" in Accept",
        "The header is in the response to the last SIP request, with these values; a range covers what it contains.",
        answer_names
    ),
    step!(
        concat!("the answer to ", who!(), " says in ([A-Z][A-Za-z-]+) what is understood"),
        "the answer to Alice says in Accept-Encoding what is understood",
        "The header is in the response to the last SIP request, whatever its value.",
        answer_has_header
    ),
    step!(
        concat!("the focus has let ", who!(), r" in with an MSRP session that works, or has answered with (\d{3})"),
        "the focus has let Alice in with an MSRP session that works, or has answered with 415",
        "Who was accepted can send; who was not, got this code.",
        in_or_refused
    ),
    step!(
        concat!(who!(), " sends an INVITE and cancels it requiring the extension \"([^\"]*)\""),
        "Alice sends an INVITE and cancels it requiring the extension \"org.example.unheard-of\"",
        "INVITE, and a CANCEL with Require as soon as a provisional response allows it.",
        cancel_requiring
    ),
    step!(
        concat!(who!(), " sends OPTIONS in (?:his|her|the) dialog with an unknown body that is optional"),
        "Alice sends OPTIONS in her dialog with an unknown body that is optional",
        "OPTIONS whose body has a type of nobody's, and handling=optional in Content-Disposition (RFC 3261, 20.11).",
        options_with_body
    ),
    step!(
        concat!(who!(), r" sends OPTIONS of the version (SIP/\d\.\d)"),
        "Alice sends OPTIONS of the version SIP/7.0",
        "OPTIONS to the room, of another version of SIP than 2.0.",
        options_of_version
    ),
    step!(
        concat!("the focus does not challenge ", who!()),
        "the focus does not challenge Carol",
        "The last SIP request gets an answer, and neither 401 nor 407. Who keeps no state may leave a CANCEL unanswered: then \
         inconclusive.",
        not_challenged
    ),
    step!(
        concat!("the 100 to ", who!(), " repeats (?:his|her) Timestamp"),
        "the 100 to Alice repeats her Timestamp",
        "Timestamp of the 100 begins with that of the INVITE; not applicable without a 100.",
        timestamp_repeated
    ),
    step!(
        concat!("the focus does not accept the request of ", who!()),
        "the focus does not accept the request of Alice",
        "The last SIP request gets no 2xx: a refusal, or nothing at all.",
        not_accepted
    ),
    step!(
        concat!(who!(), r" answers every notification with (\d{3})"),
        "Alice answers every notification with 299",
        "NOTIFY gets this status in place of 200.",
        answers_notifications
    ),
];

const TIMESTAMP: &str = "54.21";

fn respelled(names: &[(&str, &'static str)], separator: &'static str) -> Vec<Edit> {
    let bytes = |text: &'static str| Bytes::from_static(text.as_bytes());
    names.iter().map(|(name, so)| Edit::Respell((*name).to_owned(), bytes(so), bytes(separator))).collect()
}

fn within(name: &str, old: &str, new: &str) -> Edit {
    Edit::Within(name.to_owned(), old.to_owned(), new.to_owned())
}

/// What must change in the headers for a spelling; `None`: it is none of these.
fn spelling(how: &str) -> Option<Vec<Edit>> {
    let set =
        |name: &str, value: &'static str| vec![Edit::Replace(name.to_owned(), Bytes::from_static(value.as_bytes()))];
    Some(match how {
        "with blanks around the colons" => respelled(
            &[("From", "From"), ("To", "To"), ("Call-ID", "Call-ID"), ("CSeq", "CSeq"), ("Contact", "Contact")],
            " \t:   ",
        ),
        "with folded headers" => {
            let mut edits = respelled(&[("From", "From"), ("To", "To"), ("Contact", "Contact")], ":\r\n  ");
            edits.push(within("CSeq", " ", "\r\n\t"));
            edits
        }
        "whose Via comes last" => vec![Edit::Last("Via".to_owned())],
        "in other capitals" => {
            let names = [
                ("Via", "VIA"),
                ("From", "from"),
                ("To", "TO"),
                ("Call-ID", "cALL-iD"),
                ("CSeq", "cseq"),
                ("Contact", "CONTACT"),
                ("Content-Type", "content-type"),
            ];
            let mut edits = respelled(&names, ": ");
            edits.push(within("From", ";tag=", ";TAG="));
            edits.push(within("Content-Type", "application/sdp", "Application/SDP"));
            edits
        }
        "with short header names" => respelled(
            &[
                ("Via", "v"),
                ("From", "f"),
                ("To", "t"),
                ("Call-ID", "i"),
                ("Contact", "m"),
                ("Content-Type", "c"),
                ("Content-Length", "l"),
            ],
            ": ",
        ),
        "with the Max-Forwards 0" => set("Max-Forwards", "0"),
        "with a body of an unknown type" => set("Content-Type", "application/x-unheard-of"),
        "with its offer in a multipart body" => set("Content-Type", "multipart/mixed;boundary=part"),
        "without Call-ID" => vec![Edit::Drop("Call-ID".to_owned())],
        "without CSeq" => vec![Edit::Drop("CSeq".to_owned())],
        _ => return None,
    })
}

/// The headers that an INVITE has besides; `None`: it is none of these ways.
fn further_headers(how: &str) -> Option<Vec<(String, String)>> {
    let list: &[(&str, &str)] = match how {
        "with headers that belong into responses" => {
            &[("Unsupported", "org.example.unheard-of"), ("Min-Expires", "5"), ("Retry-After", "120")]
        }
        "with a header that nobody has defined" => &[("X-Unheard-Of", "\"a\" <b>;c=d, e")],
        "with a broken Date" => &[("Date", "the day before yesterday")],
        "with a Timestamp" => &[("Timestamp", TIMESTAMP)],
        "with a body in an unknown encoding" => &[("Content-Encoding", "x-unheard-of")],
        "requiring two unknown extensions in one line" => &[("Require", "org.example.one, org.example.two")],
        "requiring two unknown extensions in two lines" => {
            &[("Require", "org.example.one"), ("Require", "org.example.two")]
        }
        "requiring an unknown extension, without credentials" => &[("Require", "org.example.unheard-of")],
        _ => return None,
    };
    Some(list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

fn damage(how: &str) -> Option<DigestDamage> {
    Some(match how {
        "with credentials for another method" => DigestDamage::OtherMethod,
        "with credentials for another nonce" => DigestDamage::WrongNonce,
        "with credentials for another realm" => DigestDamage::OtherRealm,
        "with credentials for another nonce count" => DigestDamage::OtherCount,
        _ => return None,
    })
}

const MULTIPART: &str = "--part\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=tester 1 1 IN IP4 {host}\r\ns=-\r\n\
    c=IN IP4 {host}\r\nt=0 0\r\nm=message {port} TCP/MSRP *\r\na=path:{path}\r\na=accept-types:message/cpim\r\n\
    a=accept-wrapped-types:*\r\na=setup:active\r\na=chatroom:nickname private-messages\r\n--part--\r\n";

async fn join_by(world: &mut World, args: StepArgs) -> StepResult {
    let (name, how) = (args.get(0), args.get(1));
    let mut options = InviteOptions::default();
    let mut conduct: Option<fn(&mut Conduct)> = None;
    let damage = damage(how);
    match how {
        "whose To names somebody else" => options.to = Some("<sip:somebody@elsewhere.example.com>".to_owned()),
        "whose To is a telephone number" => options.to = Some("<tel:+1-201-555-0123>".to_owned()),
        "to a URI of an unknown scheme" => options.request_uri = Some("unheardof:room".to_owned()),
        "with Basic credentials" | "requiring an unknown extension, without credentials" => {
            conduct = Some(|conduct| conduct.authenticates = false);
        }
        _ => {}
    }
    if how == "with its offer in a multipart body" {
        options.offer = Some(Offer { raw: Some(Bytes::from_static(MULTIPART.as_bytes())), ..Offer::default() });
    }
    let edits = spelling(how);
    let headers = further_headers(how);
    let known = edits.is_some()
        || headers.is_some()
        || damage.is_some()
        || options.to.is_some()
        || options.request_uri.is_some()
        || conduct.is_some();
    if !known {
        return Err(Halt::error("an INVITE that the suite knows", format!("'{how}'")));
    }
    options.edits = edits.unwrap_or_default();
    options.headers = headers.unwrap_or_default();
    super::joining::appear(world, name, "").await?;
    let actor = world.actors.player(name)?.actor.clone();
    if how == "with Basic credentials" {
        let credentials = actor.look(|participant| participant.identity().credentials.clone());
        let Some((user, password)) = credentials else {
            return Err(Halt::NotApplicable(format!("the profile has no credentials for {name}")));
        };
        let value = format!("Basic {}", base64(format!("{user}:{password}").as_bytes()));
        options.headers.push(("Authorization".to_owned(), value));
    }
    actor.act(|participant, _| {
        let own = participant.conduct_mut();
        own.digest_damage = damage;
        if let Some(conduct) = conduct {
            conduct(own);
        }
    });
    super::joining::start_call(world, name, options).await?;
    damaged(world, name, damage).await
}

/// Whether credentials went out that are damaged: where none are known, or a nonce count is not asked for, none did.
async fn damaged(world: &mut World, name: &str, damage: Option<DigestDamage>) -> StepResult {
    let Some(damage) = damage else { return Ok(()) };
    let key = key(world, name)?;
    world.sip_answer(name, key).await?;
    let sent = world.actors.player(name)?.actor.look(|participant| participant.sent_request(key).cloned());
    let credentials = sent.and_then(|sent| sent.header("Authorization").or_else(|| sent.header("Proxy-Authorization")));
    match credentials {
        None => Err(Halt::NotApplicable(format!("{name} has no credentials for the challenge, or there was none"))),
        Some(credentials) if damage == DigestDamage::OtherCount && !credentials.contains("qop=") => {
            Err(Halt::NotApplicable("the challenge has no qop, so nonces are not counted".to_owned()))
        }
        Some(_) => Ok(()),
    }
}

/// RFC 4648, 4.
fn base64(octets: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in octets.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, octet| bits << 8 | u32::from(*octet)) << (8 * (3 - group.len()));
        for at in 0..4 {
            let digit = DIGITS.get((bits >> (18 - 6 * at)) as usize & 63).copied().unwrap_or(b'=');
            text.push(if at > group.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

fn key(world: &World, who: &str) -> Result<crate::peer::RequestKey, Halt> {
    match world.actors.player(who)?.asked_sip {
        Asked::Sip(key) => Ok(key),
        _ => Err(Halt::error(format!("a SIP request of {who} in an earlier step"), "there is none")),
    }
}

async fn answer_names(world: &mut World, args: StepArgs) -> StepResult {
    let key = key(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let name = args.get(2);
    let named: Vec<String> = match &answer {
        Answer::Response(response) => response
            .values(name)
            .iter()
            .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
            .collect(),
        _ => Vec::new(),
    };
    let there = |wanted: &str| {
        let range = wanted.split('/').next().map(|kind| format!("{kind}/*")).unwrap_or_default();
        named.iter().any(|it| it == wanted || (name == "Accept" && (it == "*/*" || *it == range)))
    };
    if args.get(1).to_ascii_lowercase().split(", ").all(there) {
        return Ok(());
    }
    let observed = format!("{}, {name}: {}", answer.in_words(), named.join(", "));
    Err(world.unmet(
        &args,
        &format!("{name} with {}", args.get(1)),
        &observed,
        answer.evidence("the answer of the focus"),
    ))
}

async fn answer_has_header(world: &mut World, args: StepArgs) -> StepResult {
    let key = key(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    match &answer {
        Answer::Response(response) if response.header(args.get(1)).is_some() => Ok(()),
        other => Err(world.unmet(&args, args.get(1), "no such header", other.evidence("the answer of the focus"))),
    }
}

async fn in_or_refused(world: &mut World, args: StepArgs) -> StepResult {
    let key = key(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    let status = match &answer {
        Answer::Response(response) => response.status().unwrap_or_default(),
        _ => 0,
    };
    if status.to_string() == args.get(1) {
        return Ok(());
    }
    let expected = format!("a session that works, or {}", args.get(1));
    let evidence = answer.evidence("the answer of the focus");
    let player = world.actors.player(args.get(0))?;
    if !(200..300).contains(&status) || !player.is_present() {
        return Err(world.unmet(&args, &expected, &answer.in_words(), evidence));
    }
    // An INVITE whose offer was passed over is accepted at first; the session ends for the want of an answer in the ACK.
    let call = player.call()?;
    let probe = player.actor.act(|participant, now| {
        participant.send(now, call, crate::peer::SendOptions::bodiless())?.transactions.into_iter().next()
    });
    let Some(transaction) = probe else { return Err(world.unmet(&args, &expected, "no MSRP session", evidence)) };
    let alive = matches!(
        world.msrp_answer(args.get(0), &transaction).await?,
        Answer::Response(response) if response.status() == Some(200)
    );
    let player = world.actors.player(args.get(0))?;
    let ended = player
        .actor
        .look(|participant| participant.session(call).is_none_or(|session| session.state != CallState::Established));
    if alive && !ended {
        return Ok(());
    }
    Err(world.unmet(&args, &expected, "accepted, but the MSRP session does not work", evidence))
}

async fn cancel_requiring(world: &mut World, args: StepArgs) -> StepResult {
    super::joining::appear(world, args.get(0), "").await?;
    let header = ("Require".to_owned(), args.get(1).to_owned());
    let player = world.actors.player(args.get(0))?;
    player.actor.act(|participant, _| participant.conduct_mut().cancel_headers.push(header));
    super::joining::send_and_cancel(world, args.get(0)).await
}

async fn options_with_body(world: &mut World, args: StepArgs) -> StepResult {
    let player = world.actors.player_mut(args.get(0))?;
    let call = player.call()?;
    let options = RequestOptions {
        headers: vec![("Content-Disposition".to_owned(), "render;handling=optional".to_owned())],
        body: Some(("application/x-unheard-of".to_owned(), Bytes::from_static(b"whatever"))),
        ..RequestOptions::default()
    };
    let key = player
        .actor
        .act(|participant, now| participant.request_in_call(now, call, "OPTIONS", options))
        .ok_or_else(|| Halt::error(format!("a dialog of {}", args.get(0)), "there is none"))?;
    player.asked_sip = Asked::Sip(key);
    Ok(())
}

async fn options_of_version(world: &mut World, args: StepArgs) -> StepResult {
    let options = RequestOptions { version: Some(args.get(1).to_owned()), ..RequestOptions::default() };
    super::sip_transport::ask(world, args.get(0), options).await.map(drop)
}

async fn not_challenged(world: &mut World, args: StepArgs) -> StepResult {
    let key = key(world, args.get(0))?;
    let answer = world.sip_answer(args.get(0), key).await?;
    match &answer {
        Answer::Response(response) if matches!(response.status(), Some(401 | 407)) => {
            let evidence = answer.evidence("the answer of the focus");
            Err(world.unmet(&args, "no challenge", &answer.in_words(), evidence))
        }
        Answer::Response(_) => Ok(()),
        _ => Err(Halt::inconclusive("an answer", answer.in_words())),
    }
}

async fn timestamp_repeated(world: &mut World, args: StepArgs) -> StepResult {
    let key = key(world, args.get(0))?;
    world.sip_answer(args.get(0), key).await?;
    let trying = world.actors.player(args.get(0))?.actor.look(|participant| {
        participant.seen().iter().find_map(|seen| match &seen.what {
            SeenKind::SipResponse { key: Some(of), message, octets, .. }
                if *of == key && message.status() == Some(100) =>
            {
                Some((message.header("Timestamp").unwrap_or_default(), octets.clone()))
            }
            _ => None,
        })
    });
    let Some((timestamp, octets)) = trying else {
        return Err(Halt::NotApplicable("the focus answered without a 100".to_owned()));
    };
    if timestamp.split_whitespace().next() == Some(TIMESTAMP) {
        return Ok(());
    }
    let evidence = vec![crate::suite::scene::received("the 100", octets)];
    Err(world.unmet(&args, &format!("Timestamp: {TIMESTAMP}"), &format!("Timestamp: {timestamp}"), evidence))
}

async fn not_accepted(world: &mut World, args: StepArgs) -> StepResult {
    let key = key(world, args.get(0))?;
    match world.sip_answer(args.get(0), key).await? {
        Answer::Response(response) if response.status().is_some_and(|status| status < 300) => {
            let evidence = vec![crate::suite::scene::received("the answer of the focus", response.octets())];
            Err(world.unmet(&args, "a refusal", "the request was accepted", evidence))
        }
        _ => Ok(()),
    }
}

async fn answers_notifications(world: &mut World, args: StepArgs) -> StepResult {
    let status = args.get(1).parse().map_err(|_| Halt::error("a status", args.get(1)))?;
    let player = world.actors.player(args.get(0))?;
    player.actor.act(|participant, _| participant.conduct_mut().notify_status = status);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_as_published() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
