//! Session descriptions (RFC 8866) as a faulty switch writes them.

use bytes::Bytes;

use crate::switch::fault::{Fault, FaultSet};
use crate::wire::sdp::{Line, SessionDescription};

/// Spoils a description that is written; `offer` tells whether it is one.
pub(in crate::switch) fn description(faults: FaultSet, offer: bool, description: &mut SessionDescription) {
    if faults.is_idle() {
        return;
    }
    *description = faults.spoil(description.clone(), |mut description, fault| {
        spoil(fault, offer, &mut description);
        description
    });
}

fn spoil(fault: Fault, offer: bool, description: &mut SessionDescription) {
    let lines = &mut description.lines;
    match fault {
        Fault::SdpVersionOne => edit(lines, b'v', |_| "1".to_owned()),
        Fault::AddressTypeWrong => {
            edit(lines, b'o', |value| value.replace("IN IP4", "IN IP6"));
            edit(lines, b'c', |value| value.replace("IN IP4", "IN IP6"));
        }
        Fault::AddressWithTtl => edit(lines, b'c', |value| format!("{value}/127")),
        Fault::HostBeyondAscii => edit(lines, b'o', |value| {
            let (rest, _) = value.rsplit_once(' ').unwrap_or_default();
            format!("{rest} r\u{e4}ume.example.org")
        }),
        Fault::SessionNameLatin => {
            for line in lines.iter_mut().filter(|line| line.kind == b's') {
                line.value = Bytes::from_static(b"Caf\xE9");
            }
        }
        Fault::SessionNamed => edit(lines, b's', |_| "The room".to_owned()),
        Fault::OfferWithTimes if offer => edit(lines, b't', |_| "2873397496 2873404696".to_owned()),
        Fault::KeyWritten => {
            let at = lines.iter().position(|line| line.kind == b't').map_or(lines.len(), |at| at + 1);
            lines.insert(at, line(b'k', "prompt"));
        }
        Fault::TwoDirections => {
            let written = |word: &str| lines.iter().any(|line| line.kind == b'a' && line.value == word);
            let more: Vec<&str> =
                ["sendrecv", "recvonly", "sendonly"].into_iter().filter(|word| !written(word)).take(2).collect();
            lines.extend(more.into_iter().map(|word| line(b'a', word)));
        }
        Fault::OriginNumberHuge => edit(lines, b'o', |value| {
            let fields: Vec<&str> = value.split(' ').collect();
            let of = |n: usize| fields.get(n).copied().unwrap_or_default();
            // The id as it is, in the upper half of what 64 bits hold.
            let id = of(1).parse::<u64>().unwrap_or_default() | 1 << 63;
            format!("{} {id} {} {}", of(0), of(2), fields.get(3..).unwrap_or_default().join(" "))
        }),
        Fault::SdpLinesDisordered => {
            let place = |kind| lines.iter().position(|line| line.kind == kind);
            if let (Some(connection), Some(time)) = (place(b'c'), place(b't')) {
                lines.swap(connection, time);
            }
        }
        _ => {}
    }
}

fn edit(lines: &mut [Line], kind: u8, edit: impl Fn(&str) -> String) {
    for line in lines.iter_mut().filter(|line| line.kind == kind) {
        line.value = edit(&String::from_utf8_lossy(&line.value)).into();
    }
}

fn line(kind: u8, value: &'static str) -> Line {
    Line { kind, value: Bytes::from_static(value.as_bytes()), line_end: Bytes::from_static(b"\r\n") }
}
