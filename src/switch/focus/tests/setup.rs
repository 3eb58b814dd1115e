//! How sessions are described (RFC 4975, 8; RFC 6135), with and without faults.

use super::*;
use crate::switch::fault::Fault;

const SDP: &str = "Content-Type: application/sdp\n";

fn bench(faults: FaultSet) -> Bench {
    Bench::with(SwitchConfig::bundled(), faults, |_| {})
}

/// The status and the body that an offer gets.
fn answer(faults: FaultSet, offer: &str) -> String {
    let more = if offer.is_empty() { "" } else { SDP };
    let response = bench(faults).ask(ALICE, &request("INVITE", "sip:room@127.0.0.1:5060", "alice", 1, more, offer));
    format!("{} {}", response.status().unwrap(), body(&response))
}

/// The status and the body that a second offer gets, after an ordinary one.
fn later_answer(faults: FaultSet, offer: &str) -> String {
    let mut bench = bench(faults);
    let ok = bench.join("room", "alice", ALICE, "");
    let response = bench.ask(ALICE, &within(&ok, "INVITE", "alice", 2, SDP, offer));
    format!("{} {}", response.status().unwrap(), body(&response))
}

/// What the answer has under the fault only.
fn shows(answer: fn(FaultSet, &str) -> String, fault: Fault, offer: &str, sign: &str) {
    let (right, wrong) = (answer(FaultSet::none(), offer), answer(fault.into(), offer));
    assert!(right.starts_with("200 ") || sign.starts_with("403"), "{fault}: {right}");
    assert!(!right.contains(sign), "{fault} shows in a sound switch: {right}");
    assert!(wrong.contains(sign), "{fault} does not show: {wrong}");
}

#[test]
fn faults_in_answers() {
    let with = |line: &str| format!("{OFFER}{line}\n");
    let port = OFFER.replace("m=message 7654", "m=message 7655");
    shows(answer, Fault::MirrorDemanded, &port, "488 ");
    let unknown = with("m=application 49180 UDP/X-UNHEARD-OF *");
    shows(answer, Fault::UnknownStreamAccepted, &unknown, "m=application 49152");
    shows(answer, Fault::SessionIdCounted, OFFER, "/session0000000000001;tcp");
    shows(answer, Fault::ProtocolInLowerCase, OFFER, " tcp/msrp ");
    shows(answer, Fault::WrappedTypesRepeated, OFFER, "a=accept-wrapped-types:* message/cpim");
    let strange = OFFER.replace("message/cpim text/plain", "application/x-unheard-of");
    shows(answer, Fault::UnusableTypes403, &strange, "403 ");
    let parameter = OFFER.replace("message/cpim text/plain", "message/cpim;charset=utf-8");
    shows(answer, Fault::FormatParametersCompared, &parameter, "488 ");
    shows(answer, Fault::SetupDemanded, OFFER, "488 ");
    shows(answer, Fault::HoldconnRefused, &with("a=setup:holdconn"), "488 ");
    shows(answer, Fault::HoldconnAnswered, &with("a=setup:holdconn"), "a=setup:holdconn");
    shows(answer, Fault::LateOfferPassive, "", "a=setup:passive");
    shows(answer, Fault::ActpassInVain, &with("a=setup:actpass"), "m=message 9 ");
    shows(answer, Fault::ConnectionAttributeObeyed, &with("a=connection:existing"), "488 ");
    shows(answer, Fault::ConnectionAttributeSent, OFFER, "a=connection:new");
    assert!(!answer(Fault::SetupMirrored.into(), OFFER).contains("a=setup"));
}

#[test]
fn two_streams_of_one_port_are_not_one_session() {
    let second = OFFER.split("t=0 0\n").nth(1).unwrap().replace("jshA7weztas", "an0ther0ne1234");
    let offer = format!("{OFFER}{second}");
    let streams = |faults| answer(faults, &offer).matches("m=message 2855 ").count();
    assert_eq!((streams(FaultSet::none()), streams(Fault::StreamsByPort.into())), (1, 2));
}

#[test]
fn faults_in_later_answers() {
    let video = format!("{OFFER}m=video 49172 RTP/AVP 96\n");
    shows(later_answer, Fault::PathGrows, OFFER, ";tcp msrp://");
    shows(later_answer, Fault::UnchangedOfferRefused, OFFER, "488 ");
    let lines = |faults: FaultSet| {
        let mut bench = bench(faults);
        let ok = bench.join("room", "alice", ALICE, "");
        body(&bench.ask(ALICE, &within(&ok, "INVITE", "alice", 2, SDP, &video))).matches("m=").count()
    };
    assert_eq!((lines(FaultSet::none()), lines(Fault::AddedStreamDropped.into())), (2, 1));
    shows(later_answer, Fault::OriginAlwaysNew, OFFER, " 2 IN IP4 127.0.0.1");
    let path = |faults: FaultSet| {
        let mut bench = bench(faults);
        let ok = bench.join("room", "alice", ALICE, "");
        let again = bench.ask(ALICE, &within(&ok, "INVITE", "alice", 2, SDP, OFFER));
        body(&ok) == body(&again)
    };
    assert!(path(FaultSet::none()) && !path(Fault::LaterAnswerInVain.into()));
}
