//! Calls that come in and are taken, or sent on, without a person.

use super::Calls;
use super::call::Call;
use super::ending::Fate;
use crate::core::Core;
use crate::diversion::Diversion;
use ringlet_contract::config::AutoAnswer;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::EndCause;
use ringlet_sip::{CallId, Command, IncomingDetails, Instant};
use std::time::Duration;

/// How long it rings before a caller is sent on: four rings, as most switches have it.
const NO_ANSWER: Duration = Duration::from_secs(20);

/// How long the tone is heard with which a call is taken.
const TONE: Duration = Duration::from_millis(500);

/// What happens to a call without a person.
#[derive(Default)]
pub(super) enum Unattended {
    /// Nothing.
    #[default]
    Nothing,
    /// It is answered then, unless it has been taken.
    AnswerAt(Instant),
    /// It was answered; the tone is heard until then.
    Answered { tone_until: Option<Instant> },
    /// Whoever calls is sent on to this number then, unless it has been taken.
    ForwardAt(Instant, String),
}

impl Unattended {
    /// When something is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Nothing => None,
            Self::AnswerAt(at) | Self::ForwardAt(at, _) => Some(*at),
            Self::Answered { tone_until } => *tone_until,
        }
    }
}

impl Calls {
    /// Plans what becomes of a call that begins to ring, and that is the only one if `is_alone`.
    pub(super) fn plan_unattended(
        &mut self,
        core: &mut Core,
        id: CallId,
        is_alone: bool,
        details: &IncomingDetails,
        diversion: &Diversion,
    ) {
        let (now, policy) = (core.now, core.settings.auto_answer);
        let Some(call) = self.get_mut(id) else { return };
        let answer_after = match policy {
            AutoAnswer::Off => None,
            AutoAnswer::Asked => details.auto_answer,
            AutoAnswer::Always => Some(details.auto_answer.unwrap_or_default()),
        };
        call.unattended = match (answer_after, diversion.no_answer()) {
            (Some(after), _) if is_alone => Unattended::AnswerAt(now + after),
            (_, Some(number)) => Unattended::ForwardAt(now + NO_ANSWER, number.to_owned()),
            (_, None) => Unattended::Nothing,
        };
    }

    /// Does what is due to be done without a person.
    pub(super) fn timeout_unattended(&mut self, core: &mut Core, microphone_works: bool) {
        // The person may have begun another call since.
        let is_alone = self.len() == 1;
        for id in self.ids() {
            let Some(call) = self.get_mut(id) else { continue };
            if call.unattended.deadline().is_none_or(|at| at > core.now) {
                continue;
            }
            let is_ringing = call.is_ringing_here();
            match std::mem::take(&mut call.unattended) {
                Unattended::AnswerAt(_) if is_ringing && is_alone => {
                    let tone_until = Some(core.now + TONE);
                    call.unattended = Unattended::Answered { tone_until };
                    self.answer(core, id, None, microphone_works);
                }
                Unattended::ForwardAt(_, target) if is_ringing => {
                    call.fate.get_or_insert(Fate {
                        cause: EndCause::Forwarded,
                        error: ErrorBody::new(ErrorCode::CallFailed, "The call was forwarded."),
                        shown_elsewhere: false,
                    });
                    core.agent.command(Command::Redirect { call: id, target });
                }
                Unattended::Answered { .. } => {
                    call.unattended = Unattended::Answered { tone_until: None };
                }
                Unattended::Nothing | Unattended::AnswerAt(_) | Unattended::ForwardAt(..) => {}
            }
        }
    }
}

impl Call {
    /// It was answered without a person.
    pub(crate) fn was_answered_unattended(&self) -> bool {
        matches!(self.unattended, Unattended::Answered { .. })
    }

    /// The person shall hear that it was.
    pub(crate) fn announces_answer(&self) -> bool {
        matches!(self.unattended, Unattended::Answered { tone_until: Some(_) })
    }
}
