//! `msrpspec` tells anyone who builds an MSRP chat room whether it keeps RFC 7701 and the standards under it, and
//! proves what it says with the octets it saw.
//!
//! Whatever happens becomes a [`transcript`]: who sent which octets to whom, where and when. Test cases act and expect,
//! rules are judged on all traffic; both know the octets only.
//!
//! The house, from the ground up; arrows go down only, and `tests/house.rs` holds the code to that:
//!
//! | room | what it holds |
//! |---|---|
//! | [`wire`] | octets to lossless trees and back: SIP, SDP, MSRP, CPIM, conference-info, URIs |
//! | [`port`] | what a state machine takes from a network and gives to it |
//! | [`transcript`] | what crossed each point of control and observation, and when |
//! | [`capture`] | captures of others, read: pcap and pcapng, packets, TCP streams |
//! | [`switch`] | the bundled reference switch: focus, MSRP switch, roster, nicknames, faults |
//! | [`peer`] | the scripted participants that act on an implementation under test |
//! | [`replay`] | the participants' side of a recording, acted again, and what comes otherwise |
//! | [`judge`] | requirement catalogue, rules, expectations, verdicts |
//! | [`suite`] | Gherkin steps, IUT profile, selection, execution |
//! | [`runtime`] | the only room with sockets, TLS, wall clock and randomness |
//! | [`report`] | terminal, JSON, JUnit |
//! | [`cli`] | arguments and exit status |

pub mod capture;
pub mod cli;
pub mod judge;
pub mod peer;
pub mod port;
pub mod replay;
pub mod report;
pub mod runtime;
pub mod suite;
pub mod switch;
pub mod transcript;
pub mod wire;
