//! Offer/answer (RFC 3264) and the MSRP sessions it makes (RFC 4975, 8).

use super::{Direction, Trace};
use crate::transcript::PcoId;
use crate::wire::sdp::{Media, SdpDefect, SessionDescription};
use crate::wire::sip::SipMessage;
use crate::wire::uri::MsrpUri;
use crate::wire::{Parsed, Span};

/// A session description within a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The message that carries it: index.
    pub index: usize,
    /// Where its body stands in the message.
    pub span: Span,
    /// The description and its defects, spans counted from the start of the body.
    pub parsed: Parsed<SessionDescription, SdpDefect>,
    /// Its media.
    pub media: Vec<Media>,
}

/// An offer and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Negotiation {
    /// The dialog: index into [`Trace::dialogs`].
    pub dialog: usize,
    /// Which in its dialog, from 0.
    pub round: usize,
    /// Who made the offer: `ToIut` when the tester did.
    pub direction: Direction,
    /// The offer.
    pub offer: Description,
    /// The answer.
    pub answer: Option<Description>,
}

impl Negotiation {
    /// The description of the implementation under test.
    pub fn iut(&self) -> Option<&Description> {
        match self.direction {
            Direction::ToIut => self.answer.as_ref(),
            Direction::FromIut => Some(&self.offer),
        }
    }

    /// The tester's description.
    pub fn tester(&self) -> Option<&Description> {
        match self.direction {
            Direction::ToIut => Some(&self.offer),
            Direction::FromIut => self.answer.as_ref(),
        }
    }
}

/// What holds in a session from one negotiation on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The message with the offer: index. Who gets it may act by it before its answer has arrived (RFC 3264, 8.3.2).
    pub offered: usize,
    /// The message that completed the negotiation: index.
    pub since: usize,
    /// The tester's media description.
    pub tester: Media,
    /// That of the implementation under test.
    pub iut: Media,
}

/// An MSRP session between a participant and the implementation under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its dialog: index into [`Trace::dialogs`].
    pub dialog: usize,
    /// Whose it is.
    pub participant: String,
    /// The URI that the participant joined with (From of its INVITE).
    pub user: String,
    /// The URI that was invited: the room's.
    pub room: String,
    /// The tester's path, leftmost first.
    pub tester_path: Vec<MsrpUri>,
    /// The path of the implementation under test.
    pub iut_path: Vec<MsrpUri>,
    /// The message that completed the first negotiation: index.
    pub since: usize,
    /// The message that ended it (BYE, a negotiation that changed a path or closed the stream): index.
    pub until: Option<usize>,
    /// What was agreed, in the order of the negotiations; never empty.
    pub terms: Vec<Terms>,
}

impl Session {
    /// All terms that held at some time between two messages, or that one side may have held to already.
    pub fn terms_between(&self, first: usize, last: usize) -> impl Iterator<Item = &Terms> {
        let started = self.terms.iter().rposition(|terms| terms.since <= first).unwrap_or(0);
        self.terms
            .iter()
            .enumerate()
            .filter(move |(index, terms)| *index >= started && (terms.offered <= last || *index == started))
            .map(|(_, terms)| terms)
    }
}

/// Whether a list of chat tokens has this one, in any letter case (interpretation T02).
pub fn has_token(media: &Media, token: &str) -> bool {
    media.chatroom.as_ref().is_some_and(|tokens| tokens.iter().any(|known| known.eq_ignore_ascii_case(token)))
}

fn description(trace: &Trace, index: usize) -> Option<Description> {
    let message: &SipMessage = trace.sip_at(index)?;
    if message.media_type().as_deref() != Some("application/sdp") || message.body.is_empty() {
        return None;
    }
    let parsed = SessionDescription::parse(message.body.clone());
    let media = parsed.tree.media();
    let end = trace.observed.get(index)?.octets.len().saturating_sub(message.tail.len());
    let span = Span { start: end.saturating_sub(message.body.len()), end };
    Some(Description { index, span, parsed, media })
}

fn acknowledgement(trace: &Trace, call_id: &str, number: u32, direction: Direction) -> Option<usize> {
    trace.sip.iter().find_map(|transaction| {
        let request = trace.sip_at(transaction.request())?;
        (transaction.method == "ACK"
            && transaction.direction == direction
            && request.call_id().as_deref() == Some(call_id)
            && request.cseq().map(|cseq| cseq.number) == Some(number))
        .then(|| transaction.request())
    })
}

fn negotiation(trace: &Trace, dialog: usize, round: usize, transaction: usize) -> Option<Negotiation> {
    let transaction = trace.sip.get(transaction)?;
    let success = transaction.success(trace)?;
    let request = transaction.request();
    if let Some(offer) = description(trace, request) {
        let answer = description(trace, success)
            .or_else(|| transaction.responses.iter().find_map(|response| description(trace, *response)));
        return Some(Negotiation { dialog, round, direction: transaction.direction, offer, answer });
    }
    let offer = description(trace, success)?;
    let message = trace.sip_at(request)?;
    let number = message.cseq()?.number;
    let answer = acknowledgement(trace, &message.call_id()?, number, transaction.direction)
        .and_then(|index| description(trace, index));
    Some(Negotiation { dialog, round, direction: transaction.direction.reverse(), offer, answer })
}

/// Finds negotiations and the sessions they make.
pub(super) fn correlate(trace: &mut Trace) {
    let mut negotiations = Vec::new();
    for (index, dialog) in trace.dialogs.iter().enumerate() {
        negotiations.extend(
            dialog
                .offers
                .iter()
                .filter_map(|transaction| negotiation(trace, index, 0, *transaction))
                .enumerate()
                .map(|(round, negotiation)| Negotiation { round, ..negotiation }),
        );
    }
    let mut sessions: Vec<Session> = Vec::new();
    for (index, dialog) in trace.dialogs.iter().enumerate() {
        let first = sessions.len();
        for negotiation in negotiations.iter().filter(|negotiation| negotiation.dialog == index) {
            let (Some(tester), Some(iut)) = (negotiation.tester(), negotiation.iut()) else { continue };
            let offered = tester.index.min(iut.index);
            let since = tester.index.max(iut.index);
            let agreed: Vec<(&Media, &Media)> = tester
                .media
                .iter()
                .zip(&iut.media)
                .filter(|(tester, iut)| {
                    tester.is_msrp()
                        && iut.is_msrp()
                        && tester.port != 0
                        && iut.port != 0
                        && !tester.path.is_empty()
                        && !iut.path.is_empty()
                })
                .collect();
            for session in sessions.iter_mut().skip(first).filter(|session| session.until.is_none()) {
                let kept = agreed
                    .iter()
                    .any(|(tester, iut)| tester.path == session.tester_path && iut.path == session.iut_path);
                if !kept {
                    session.until = Some(since);
                }
            }
            for (tester, iut) in agreed {
                let terms = Terms { offered, since, tester: tester.clone(), iut: iut.clone() };
                let open = sessions.iter_mut().skip(first).find(|session| {
                    session.until.is_none() && session.tester_path == tester.path && session.iut_path == iut.path
                });
                match open {
                    Some(session) => session.terms.push(terms),
                    None => sessions.push(Session {
                        dialog: index,
                        participant: dialog.participant.clone(),
                        user: dialog.user.clone(),
                        room: dialog.room.clone(),
                        tester_path: tester.path.clone(),
                        iut_path: iut.path.clone(),
                        since,
                        until: None,
                        terms: vec![terms],
                    }),
                }
            }
        }
        for session in sessions.iter_mut().skip(first) {
            if session.until.is_none() {
                session.until = dialog.ended;
            }
        }
    }
    trace.negotiations = negotiations;
    trace.sessions = sessions;
}

impl Trace {
    /// The session of the participant of this PCO whose tester path ends in `tester`, or whose other path ends in
    /// `iut`; every end that is given must fit.
    pub fn session_by(&self, pco: PcoId, tester: Option<&MsrpUri>, iut: Option<&MsrpUri>) -> Option<usize> {
        let participant = &self.places.get(pco.0)?.participant;
        let fits = |path: &[MsrpUri], wanted: Option<&MsrpUri>| {
            wanted.is_none_or(|wanted| path.last().is_some_and(|own| own.equivalent(wanted)))
        };
        self.sessions.iter().rposition(|session| {
            session.participant == *participant && fits(&session.tester_path, tester) && fits(&session.iut_path, iut)
        })
    }
}
