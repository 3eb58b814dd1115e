//! Literal transcripts: `=== label > alice.sip`, then the message, one line a line.

use std::time::Duration;

use bytes::Bytes;

use crate::port::Protocol;
use crate::transcript::{Crossing, Pco, PcoId, Transcript, Transport};

/// One message.
#[derive(Clone, Debug)]
pub struct Step {
    pub label: String,
    pub sent: bool,
    pub place: String,
    pub text: String,
    /// Milliseconds after the step before.
    pub after: u64,
}

/// What makes a good transcript a broken one.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// In the step of this label, every occurrence of a text becomes another one.
    In(&'static str, &'static str, &'static str),
    /// The same in all that the implementation under test sent.
    Everywhere(&'static str, &'static str),
    /// A step is left out.
    Drop(&'static str),
    /// After a step comes a copy of another one, sent by the other side at this place, with texts replaced.
    Again(&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]),
    /// The response of this status to the request of this label comes after another step.
    Answer(&'static str, &'static str, &'static str),
    /// So many seconds pass before a step.
    Wait(&'static str, u64),
}

pub fn read(flow: &str) -> Vec<Step> {
    flow.split("=== ")
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (head, text) = part.split_once('\n').unwrap();
            let words: Vec<&str> = head.split(' ').collect();
            Step {
                label: words[0].to_owned(),
                sent: words[1] == ">",
                place: words[2].to_owned(),
                text: text.to_owned(),
                after: 10,
            }
        })
        .collect()
}

fn find(steps: &[Step], label: &str) -> usize {
    steps.iter().position(|step| step.label == label).unwrap_or_else(|| panic!("no step {label}"))
}

fn swap(text: &mut String, old: &str, new: &str, label: &str) {
    assert!(text.contains(old), "'{old}' is not in {label}: {text}");
    *text = text.replace(old, new);
}

pub fn change(steps: &mut Vec<Step>, change: Change) {
    match change {
        Change::In(label, old, new) => {
            let at = find(steps, label);
            swap(&mut steps[at].text, old, new, label);
        }
        Change::Everywhere(old, new) => {
            for step in steps.iter_mut().filter(|step| !step.sent) {
                step.text = step.text.replace(old, new);
            }
        }
        Change::Drop(label) => {
            let at = find(steps, label);
            steps.remove(at);
        }
        Change::Again(after, label, place, swaps) => {
            let mut step = steps[find(steps, label)].clone();
            for (old, new) in swaps {
                swap(&mut step.text, old, new, label);
            }
            step.label = format!("{label}-again");
            step.place = place.to_owned();
            step.sent = false;
            let at = find(steps, after);
            steps.insert(at + 1, step);
        }
        Change::Answer(after, label, status) => {
            let request = steps[find(steps, label)].clone();
            let line = |start: &str| {
                request.text.lines().find_map(|line| line.strip_prefix(start)).unwrap_or_default().to_owned()
            };
            let transaction = line("MSRP ").split(' ').next().unwrap().to_owned();
            let text = format!(
                "MSRP {transaction} {status}\nTo-Path: {}\nFrom-Path: {}\n-------{transaction}$\n",
                line("From-Path: "),
                line("To-Path: ")
            );
            let at = find(steps, after);
            steps.insert(at + 1, Step { label: format!("{label}-extra"), sent: !request.sent, text, ..request });
        }
        Change::Wait(label, seconds) => {
            let at = find(steps, label);
            steps[at].after += seconds * 1000;
        }
    }
}

/// Line ends become CRLF, or a bare LF after BARELF; LEN is the length of the body, FILLER some length, BADOCTET an octet that is not UTF-8.
fn octets(text: &str, msrp: bool) -> Bytes {
    let text =
        text.replace("FILLER", &"and welcome again. ".repeat(120)).replace('\n', "\r\n").replace("BARELF\r\n", "\n");
    let (_, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let length = if msrp { body.rfind("\r\n-------").unwrap_or(0) } else { body.len() };
    let text = text.replace("LEN", &length.to_string());
    let mut out = Vec::new();
    for (index, part) in text.split("BADOCTET").enumerate() {
        if index > 0 {
            out.push(0xFF);
        }
        out.extend_from_slice(part.as_bytes());
    }
    Bytes::from(out)
}

/// Every step becomes one event, ten milliseconds after the one before.
pub fn transcript(steps: &[Step]) -> Transcript {
    let mut transcript = Transcript::default();
    let mut places: Vec<String> = Vec::new();
    let mut at = Duration::ZERO;
    for step in steps {
        at += Duration::from_millis(step.after);
        let msrp = step.place.ends_with(".msrp");
        let pco = places.iter().position(|place| *place == step.place).map(PcoId).unwrap_or_else(|| {
            places.push(step.place.clone());
            let participant = step.place.split('.').next().unwrap_or_default().to_owned();
            let udp = step.place == "carol.sip";
            let pco = transcript.open(Pco {
                participant,
                protocol: if msrp { Protocol::Msrp } else { Protocol::Sip },
                transport: if udp { Transport::Udp } else { Transport::Tcp },
                local: "127.0.0.1:6001".parse().unwrap(),
                remote: Some("127.0.0.1:5080".parse().unwrap()),
            });
            if !udp {
                transcript.note(at, pco, Crossing::Opened);
            }
            pco
        });
        let octets = octets(&step.text, msrp);
        let crossing = if step.sent { Crossing::Sent(octets) } else { Crossing::Received(octets) };
        transcript.note(at, pco, crossing);
    }
    transcript
}
