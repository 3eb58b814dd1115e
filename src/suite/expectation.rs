//! What steps share: waiting for an answer, and saying what was expected when something else came.

use std::time::Duration;

use bytes::Bytes;

use super::scene::Player;
use super::step::{Halt, StepArgs, World};
use crate::judge::verdict::{Evidence, Finding, Verdict};
use crate::judge::weight::{Phase, weigh};
use crate::peer::{CallId, Participant, RequestKey};
use crate::wire::msrp::MsrpMessage;
use crate::wire::sip::SipMessage;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<M> {
    /// A final response.
    Response(M),
    /// None came in time.
    Silence(Duration),
    /// The stream was closed before one came.
    Closed,
}

/// A response of either protocol.
pub trait Response {
    /// The status code.
    fn code(&self) -> u16;
    /// The message, octet for octet.
    fn wire(&self) -> Bytes;
}

impl Response for MsrpMessage {
    fn code(&self) -> u16 {
        self.status().unwrap_or_default()
    }

    fn wire(&self) -> Bytes {
        self.octets()
    }
}

impl Response for SipMessage {
    fn code(&self) -> u16 {
        self.status().unwrap_or_default()
    }

    fn wire(&self) -> Bytes {
        self.octets()
    }
}

impl<M: Response> Answer<M> {
    /// What came, in words.
    pub fn in_words(&self) -> String {
        match self {
            Self::Response(message) => message.code().to_string(),
            Self::Silence(waited) => format!("no answer within {} s", waited.as_secs_f64()),
            Self::Closed => "the connection was closed without an answer".to_owned(),
        }
    }

    /// The response as evidence.
    pub fn evidence(&self, caption: &str) -> Vec<Evidence> {
        match self {
            Self::Response(message) => vec![super::scene::received(caption, message.wire())],
            _ => Vec::new(),
        }
    }
}

impl World {
    /// Which part of the case a step belongs to: `And` and `But` go on with what was before.
    pub fn phase(&self, args: &StepArgs) -> Phase {
        let mut phase = Phase::Preamble;
        for step in &self.case.steps {
            phase = match step.keyword.trim() {
                "Given" => Phase::Preamble,
                "When" => Phase::Stimulus,
                "Then" => Phase::Expectation,
                _ => phase,
            };
            if step.line == args.line && step.text == args.text {
                break;
            }
        }
        phase
    }

    /// How long an answer may take.
    pub fn patience(&self) -> Duration {
        self.settings.profile.timers.response
    }

    /// An expectation of this step that was not met.
    pub fn unmet(&self, args: &StepArgs, expected: &str, observed: &str, evidence: Vec<Evidence>) -> Halt {
        self.finding(weigh(self.phase(args), &self.case.level), expected, observed, evidence).into()
    }

    /// An expectation that binds whatever the level of the case: the room must go on working.
    pub fn unmet_in_any_case(&self, args: &StepArgs, expected: &str, observed: &str, evidence: Vec<Evidence>) -> Halt {
        self.finding(weigh(self.phase(args), "MUST"), expected, observed, evidence).into()
    }

    /// Something that the interpretations tolerate: an advisory, and the case goes on.
    pub fn tolerated(&mut self, expected: &str, observed: &str, evidence: Vec<Evidence>) {
        let finding = self.finding(Verdict::Advisory, expected, observed, evidence);
        self.findings.push(finding);
    }

    /// Something that could not be looked at, and the case goes on without it.
    pub fn passed_over(&mut self, expected: &str, reason: &str) {
        let finding = self.finding(Verdict::Pass, expected, reason, Vec::new());
        self.findings.push(finding);
    }

    fn finding(&self, verdict: Verdict, expected: &str, observed: &str, evidence: Vec<Evidence>) -> Finding {
        let requirement = self.case.requirements.first().cloned();
        let clause = requirement.as_deref().and_then(clause_of);
        let expected = match clause {
            Some(clause) => format!("{expected} ({clause})"),
            None => expected.to_owned(),
        };
        Finding { verdict, requirement, expected, observed: observed.to_owned(), evidence }
    }

    /// Waits for the final response to an MSRP request.
    ///
    /// # Errors
    /// None of its own; the type fits the steps.
    pub async fn msrp_answer(&self, who: &str, transaction: &str) -> Result<Answer<MsrpMessage>, Halt> {
        let player = self.actors.player(who)?;
        let call = player.call;
        let patience = self.patience();
        let seen = player.actor.wait(patience, |participant| {
            if let Some(response) = participant.responses_to(transaction).first() {
                return Some(Answer::Response((*response).clone()));
            }
            is_cut_off(participant, call).then_some(Answer::Closed)
        });
        Ok(seen.await.unwrap_or(Answer::Silence(patience)))
    }

    /// Waits for the final response to a SIP request.
    ///
    /// # Errors
    /// As [`World::msrp_answer`].
    pub async fn sip_answer(&self, who: &str, key: RequestKey) -> Result<Answer<SipMessage>, Halt> {
        let player = self.actors.player(who)?;
        let patience = self.patience();
        let seen = player.actor.wait(patience, |participant| {
            participant
                .final_response(key)
                .map(|response| Answer::Response(response.clone()))
                .or_else(|| participant.timed_out(key).then_some(Answer::Silence(patience)))
        });
        Ok(seen.await.unwrap_or(Answer::Silence(patience)))
    }
}

/// Whether the session of a call has lost its stream.
pub fn is_cut_off(participant: &Participant, call: Option<CallId>) -> bool {
    // A session that has said its first SEND has had a stream; the peer forgets a stream that was closed.
    call.and_then(|call| participant.session(call)).is_some_and(|session| match session.connection {
        Some(connection) => !participant.is_open(connection),
        None => session.first_send.is_some(),
    })
}

impl Player {
    /// The call, or why the step makes no sense.
    ///
    /// # Errors
    /// An error verdict: the feature has not let this participant call.
    pub fn call(&self) -> Result<CallId, Halt> {
        self.call.ok_or_else(|| Halt::error(format!("a call of {} in an earlier step", self.name), "there is none"))
    }
}

fn clause_of(id: &str) -> Option<String> {
    let catalogue = crate::judge::catalogue::Catalogue::embedded().ok()?;
    let requirement = catalogue.get(id)?;
    Some(format!("{}: {}", requirement.clause(), requirement.text.trim()))
}
