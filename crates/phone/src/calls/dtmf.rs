//! DTMF: one tone after the other, in the media (RFC 4733) or by SIP INFO.
//!
//! The phone keeps the time itself, so that both ways sound the same here, and the person hears each
//! tone when it is sent.

use super::Calls;
use super::call::Call;
use crate::core::Core;
use crate::effect::{Effect, PeerEffect};
use ringlet_contract::MAX_TONES;
use ringlet_contract::config::DtmfMode;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_sip::{CallId, Command, Instant};
use std::collections::VecDeque;
use std::time::Duration;

/// How long a tone lasts: twice what receivers must recognise (ITU-T Q.24), and the browsers' own
/// default.
const TONE: Duration = Duration::from_millis(100);

/// The silence between two tones, likewise.
const GAP: Duration = Duration::from_millis(70);

/// What `,` stands for.
const PAUSE: Duration = Duration::from_secs(2);

/// How many of the tones sent are shown.
const SHOWN: usize = 32;

/// The tones of one call.
#[derive(Default)]
pub(super) struct Dtmf {
    queue: VecDeque<Step>,
    state: State,
    /// The far end takes none in the media.
    by_info: bool,
    /// The last tones sent.
    sent: VecDeque<char>,
}

#[derive(Clone, Copy, Default)]
enum State {
    /// The next step can be taken.
    #[default]
    Idle,
    Sounding {
        tone: char,
        until: Instant,
    },
    Silent {
        until: Instant,
    },
}

enum Step {
    Tone(char),
    Pause,
    /// The host's command, all of whose tones have been sent.
    Reply(String),
}

impl Dtmf {
    /// The tone that is being sent.
    pub(super) fn sounding(&self) -> Option<char> {
        match self.state {
            State::Sounding { tone, .. } => Some(tone),
            State::Idle | State::Silent { .. } => None,
        }
    }

    /// The last tones sent.
    pub(super) fn sent(&self) -> String {
        self.sent.iter().collect()
    }

    /// When the next step is due.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.state {
            State::Sounding { until, .. } | State::Silent { until } => Some(until),
            State::Idle => None,
        }
    }

    /// The commands that wait, which are waiting no longer; no more tones are sent.
    pub(super) fn take_waiting(&mut self) -> Vec<String> {
        let reply = |step| match step {
            Step::Reply(reply_to) => Some(reply_to),
            Step::Tone(_) | Step::Pause => None,
        };
        std::mem::take(&mut self.queue).into_iter().filter_map(reply).collect()
    }
}

impl Calls {
    /// Sends tones after those that are being sent already. What the person pastes may hold other
    /// characters, which are left out.
    pub(crate) fn send_dtmf(&mut self, core: &mut Core, id: CallId, tones: &str) {
        let steps: Vec<Step> = tones.chars().filter_map(step).collect();
        // The person sees that nothing is sent in a call that takes none.
        let _ = self.queue_dtmf(core, id, steps);
    }

    /// The same for the host, whose command is answered after the last tone.
    ///
    /// Fails with [`ErrorCode::InvalidTones`], or [`ErrorCode::InvalidState`] where no tones can be
    /// sent.
    pub(super) fn send_dtmf_for(
        &mut self,
        core: &mut Core,
        id: CallId,
        tones: &str,
        reply_to: String,
    ) -> Result<(), ErrorBody> {
        let steps: Option<Vec<Step>> = tones.chars().map(step).collect();
        let Some(mut steps) = steps.filter(|steps| !steps.is_empty()) else {
            let error = "DTMF tones are 0 to 9, *, #, A to D, and a comma for a pause.";
            return Err(ErrorBody::new(ErrorCode::InvalidTones, error));
        };
        steps.push(Step::Reply(reply_to));
        self.queue_dtmf(core, id, steps)
    }

    fn queue_dtmf(
        &mut self,
        core: &mut Core,
        id: CallId,
        steps: Vec<Step>,
    ) -> Result<(), ErrorBody> {
        let Some(call) = self.get_mut(id) else { return Ok(()) };
        if !takes_dtmf(call) {
            let error = "Only a call that was answered and is not held takes tones.";
            return Err(ErrorBody::new(ErrorCode::InvalidState, error));
        }
        // One more for the reply.
        if call.dtmf.queue.len() + steps.len() > MAX_TONES + 1 {
            let error = format!("At most {MAX_TONES} tones can wait to be sent.");
            return Err(ErrorBody::new(ErrorCode::InvalidTones, error));
        }
        call.dtmf.queue.extend(steps);
        self.go_on_with_dtmf(core, id);
        Ok(())
    }

    /// Takes the steps that are due in every call.
    pub(crate) fn timeout_dtmf(&mut self, core: &mut Core) {
        self.ids().into_iter().for_each(|id| self.go_on_with_dtmf(core, id));
    }

    fn go_on_with_dtmf(&mut self, core: &mut Core, id: CallId) {
        let now = core.now;
        loop {
            let Some(call) = self.get_mut(id) else { return };
            let takes_dtmf = takes_dtmf(call);
            let dtmf = &mut call.dtmf;
            match dtmf.state {
                State::Sounding { until, .. } if until <= now => {
                    dtmf.state = State::Silent { until: until + GAP };
                }
                State::Silent { until } if until <= now => dtmf.state = State::Idle,
                State::Sounding { .. } | State::Silent { .. } => return,
                State::Idle if !takes_dtmf => {
                    return fail(core, dtmf, "The call was put on hold.");
                }
                State::Idle => match dtmf.queue.pop_front() {
                    Some(Step::Tone(tone)) => {
                        dtmf.state = State::Sounding { tone, until: now + TONE };
                        if dtmf.sent.len() == SHOWN {
                            dtmf.sent.pop_front();
                        }
                        dtmf.sent.push_back(tone);
                        send(core, id, tone, dtmf.by_info);
                    }
                    Some(Step::Pause) => dtmf.state = State::Silent { until: now + PAUSE },
                    Some(Step::Reply(reply_to)) => core.outbox.done(reply_to),
                    None => return,
                },
            }
        }
    }

    /// The far end takes no tones in the media: this one and all that follow go by INFO, if they may.
    pub(crate) fn on_tone_refused(&mut self, core: &mut Core, id: CallId) {
        let Some(Call { dtmf, .. }) = self.get_mut(id) else { return };
        if core.settings.dtmf == DtmfMode::Rfc4733 {
            dtmf.state = State::Idle;
            return fail(core, dtmf, "The far end takes no tones in the media (RFC 4733).");
        }
        dtmf.by_info = true;
        if let Some(tone) = dtmf.sounding() {
            send(core, id, tone, true);
        }
    }
}

/// Whether tones can be sent in a call.
pub(crate) fn takes_dtmf(call: &Call) -> bool {
    call.active_since().is_some() && !call.is_held()
}

fn send(core: &mut Core, call: CallId, tone: char, by_info: bool) {
    if by_info || core.settings.dtmf == DtmfMode::Info {
        core.agent.command(Command::Dtmf { call, signal: tone, duration: TONE });
    } else {
        core.push(Effect::Peer(PeerEffect::SendTone(call, tone)));
    }
}

fn fail(core: &mut Core, dtmf: &mut Dtmf, why: &str) {
    let error = ErrorBody::new(ErrorCode::CallFailed, why);
    dtmf.take_waiting().into_iter().for_each(|id| core.outbox.failed(id, error.clone()));
}

fn step(tone: char) -> Option<Step> {
    match tone.to_ascii_uppercase() {
        ',' => Some(Step::Pause),
        tone @ ('0'..='9' | '*' | '#' | 'A'..='D') => Some(Step::Tone(tone)),
        _ => None,
    }
}
