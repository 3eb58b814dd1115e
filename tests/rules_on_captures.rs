//! The rules on traffic of other people's implementations, seen from each of their clients in turn. Whatever a rule says
//! here was read against the octets and the RFCs before it went into the snapshot. What is there is true:
//!
//! - RULE-CHAT-003: SylkServer 6.6.1 writes the CPIM wrapper anew. Bob sent `From: <sip:bob@127.0.0.1>`, Alice got
//!   `From: Bob <sip:bob@127.0.0.1>` and a display name in To (RFC 7701, 6.1: the switch must not modify the content).
//!   Only Bob's message shows it: Alice's is too short to be told from another one once its Message-ID is new.
//! - RULE-CHAT-011: in what SylkServer itself says the lines of the MIME headers end in a bare LF (RFC 3862, 2.1); what it
//!   passes on of its clients (which do the same) is not held against it.
//! - RULE-MSRP-016: its REPORT on Alice's private message has no Message/CPIM body (RFC 7701, 6.2; advisory by T35).
//! - RULE-SDP-066: SylkServer's session name is `SylkServer-6.6.1`, where RFC 3264, 5 recommends a dash or a blank.
//! - RULE-SDP-070: SylkServer and the client took the same second for the id of their o-lines, which differ in the
//!   version alone (RFC 3264, 6 wants another line, and it is another one: advisory).
//!
//! What must not be there: any blame for the relay's own answers, such as its 200 with the relay's URI in From-Path, and
//! for the To-Path of requests from which the relay took its URI (T71).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fmt::Write;
use std::net::SocketAddr;

use msrpspec::capture::{Flow, Sight, Sighting};
use msrpspec::judge::record::RuleRecord;
use msrpspec::judge::rules::RuleBench;
use msrpspec::port::Protocol;
use msrpspec::transcript::{Crossing, Pco, PcoId, Transcript, Transport};

use support::{captures, sightings};

/// A client, by the ports of its ends.
struct View {
    capture: &'static str,
    name: &'static str,
    /// SIP port and MSRP port of the client, or of the relay that stands for it.
    ports: [u16; 2],
}

const VIEWS: &[View] = &[
    View { capture: "sylkserver-two-clients", name: "bob", ports: [55782, 55276] },
    View { capture: "sylkserver-two-clients", name: "alice", ports: [35992, 57082] },
    View { capture: "kamailio-relay", name: "bob", ports: [35962, 32770] },
    // What Alice sees is the work of her relay and of the switch behind it.
    View { capture: "kamailio-relay", name: "alice-through-the-relay", ports: [45626, 34406] },
    // The relay's own connection to the switch.
    View { capture: "kamailio-relay", name: "alice-at-the-relay", ports: [45626, 35902] },
];

#[test]
fn each_client_alone() {
    for view in VIEWS {
        if let Some(transcript) = transcript(view.capture, &[view]) {
            let listing = listing(&judged(&transcript));
            insta::assert_snapshot!(format!("{}-{}", view.capture, view.name), listing);
        }
    }
}

#[test]
fn all_clients_of_a_room_together() {
    for (capture, names) in
        [("sylkserver-two-clients", ["bob", "alice"]), ("kamailio-relay", ["bob", "alice-at-the-relay"])]
    {
        let views: Vec<&View> =
            VIEWS.iter().filter(|view| view.capture == capture && names.contains(&view.name)).collect();
        if let Some(transcript) = transcript(capture, &views) {
            insta::assert_snapshot!(format!("{capture}-together"), listing(&judged(&transcript)));
        }
    }
}

/// A trace may start late and end anywhere: no rule may find in a part what it does not find in the whole.
#[test]
fn no_rule_fails_on_a_part_of_what_it_passes_as_a_whole() {
    for capture in ["sylkserver-two-clients", "kamailio-relay"] {
        let views: Vec<&View> =
            VIEWS.iter().filter(|view| view.capture == capture && view.name != "alice-through-the-relay").collect();
        let Some(whole) = transcript(capture, &views) else { continue };
        let known: Vec<String> = failures(&judged(&whole));
        for at in 0..whole.events.len() {
            for events in [whole.events[at..].to_vec(), whole.events[..at].to_vec()] {
                let part = Transcript { pcos: whole.pcos.clone(), events };
                let found = failures(&judged(&part));
                assert!(found.iter().all(|id| known.contains(id)), "{capture} cut at {at}: {found:?}, not {known:?}");
            }
        }
    }
}

fn judged(transcript: &Transcript) -> Vec<RuleRecord> {
    let mut bench = RuleBench::new();
    bench.observe("capture", transcript);
    bench.finish()
}

fn failures(records: &[RuleRecord]) -> Vec<String> {
    records
        .iter()
        .filter(|record| record.verdict == msrpspec::judge::verdict::Verdict::Fail)
        .map(|record| record.id.clone())
        .collect()
}

/// A line a rule that had something to judge, and its findings.
fn listing(records: &[RuleRecord]) -> String {
    let mut listing = String::new();
    for record in records.iter().filter(|record| record.observations > 0) {
        writeln!(listing, "{} {:?}, {} observed", record.id, record.verdict, record.observations).unwrap();
        for (_, finding) in &record.findings {
            writeln!(listing, "  expected {}; {}", finding.expected, finding.observed).unwrap();
            for evidence in &finding.evidence {
                let decisive = evidence
                    .decisive
                    .and_then(|span| evidence.octets.get(span.start..span.end))
                    .unwrap_or(evidence.octets.get(..evidence.octets.len().min(40)).unwrap_or_default());
                writeln!(listing, "    {}: {}", evidence.caption, decisive.escape_ascii()).unwrap();
            }
        }
    }
    listing
}

/// What these clients saw; none where the capture is absent.
fn transcript(capture: &str, views: &[&View]) -> Option<Transcript> {
    let path = captures().into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == capture));
    let Some(path) = path else {
        eprintln!("skipped: no capture {capture}");
        return None;
    };
    let mut transcript = Transcript::default();
    let mut places: Vec<(Flow, SocketAddr, SocketAddr, PcoId)> = Vec::new();
    for Sighting { at, flow, from, to, sight, .. } in sightings(&path) {
        let ours = |end: SocketAddr| views.iter().find(|view| view.ports.contains(&end.port()));
        let (view, local, remote, sent) = match (ours(from), ours(to)) {
            (Some(view), _) => (view, from, to, true),
            (None, Some(view)) => (view, to, from, false),
            (None, None) => continue,
        };
        let known = places.iter().find(|(known, one, other, _)| (*known, *one, *other) == (flow, local, remote));
        let pco = known.map(|(_, _, _, pco)| *pco).unwrap_or_else(|| {
            let datagram = flow == Flow::Udp;
            let pco = transcript.open(Pco {
                participant: view.name.to_owned(),
                protocol: if datagram { Protocol::Sip } else { Protocol::Msrp },
                transport: if datagram { Transport::Udp } else { Transport::Tcp },
                local,
                remote: Some(remote),
            });
            places.push((flow, local, remote, pco));
            pco
        });
        let crossing = match sight {
            Sight::Opened => Crossing::Opened,
            Sight::Closed if sent => Crossing::ClosedByTester,
            Sight::Closed => Crossing::ClosedByIut,
            Sight::Datagram { octets, .. } | Sight::Octets(octets) if sent => Crossing::Sent(octets),
            Sight::Datagram { octets, .. } | Sight::Octets(octets) => Crossing::Received(octets),
            Sight::Lost { .. } => unreachable!("the captures are whole"),
        };
        transcript.note(at, pco, crossing);
    }
    Some(transcript)
}
