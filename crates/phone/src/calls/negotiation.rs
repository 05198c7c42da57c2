//! Offers and answers: what the agent asks of peer connections, and what they return.

use super::Calls;
use super::call::PeerState;
use super::ending::Fate;
use crate::audio::microphone_error;
use crate::core::Core;
use crate::effect::{Effect, PeerEffect};
use crate::input::{MediaError, PeerInput};
use crate::line::LineStatus;
use crate::notice::Notice;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::EndCause;
use ringlet_sip::{CallId, MediaFailed, MediaRequest, OpId};

/// Work that has not ended. The results of work for calls that are over are ignored.
#[derive(Default)]
pub(super) struct Operations(Vec<Operation>);

#[derive(Clone, Copy)]
struct Operation {
    op: OpId,
    call: CallId,
    work: Work,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Offer,
    Answer,
    Apply,
}

impl Operations {
    /// The call is over: its results are not needed any more.
    pub(super) fn forget(&mut self, call: CallId) {
        self.0.retain(|operation| operation.call != call);
    }

    fn take(&mut self, op: OpId) -> Option<Operation> {
        let index = self.0.iter().position(|operation| operation.op == op)?;
        Some(self.0.swap_remove(index))
    }
}

impl Calls {
    /// The agent wants media work done.
    pub(crate) fn on_media_request(
        &mut self,
        core: &mut Core,
        op: OpId,
        id: CallId,
        request: MediaRequest,
    ) {
        let Some(call) = self.get_mut(id) else {
            return core.agent.media(op, Err(MediaFailed));
        };
        let (work, effect) = match request {
            MediaRequest::CreateOffer(terms) => {
                call.hold.described = terms.hold;
                (Work::Offer, PeerEffect::CreateOffer(op, id, terms))
            }
            MediaRequest::CreateAnswer { offer, terms } => {
                call.hold.described = terms.hold;
                (Work::Answer, PeerEffect::CreateAnswer(op, id, offer, terms))
            }
            MediaRequest::SetAnswer { answer, provisional } => {
                (Work::Apply, PeerEffect::SetAnswer { op, call: id, answer, provisional })
            }
            MediaRequest::Rollback => (Work::Apply, PeerEffect::Rollback(op, id)),
        };
        self.operations.0.push(Operation { op, call: id, work });
        core.push(Effect::Peer(effect));
    }

    pub(crate) fn on_peer(&mut self, core: &mut Core, line: LineStatus, input: PeerInput) {
        match input {
            PeerInput::Done(op, result) => self.on_media_done(core, op, result),
            PeerInput::Connected(id) => {
                if let Some(call) = self.get_mut(id) {
                    call.peer = PeerState::Connected;
                }
            }
            PeerInput::Failed(id) => self.on_peer_failed(core, line, id),
            PeerInput::MicrophoneFailed(id, error) => self.on_microphone_failed(core, id, error),
            PeerInput::ToneRefused(id) => {
                if let Some(late) = core.late {
                    (late.on_tone_refused)(self, core, id);
                }
            }
            PeerInput::Sampled(id, sample) => self.on_sampled(core, id, &sample),
        }
    }

    fn on_media_done(&mut self, core: &mut Core, op: OpId, result: Result<String, MediaError>) {
        let Some(Operation { call, work, .. }) = self.operations.take(op) else { return };
        let result = match result {
            Ok(sdp) => {
                if matches!(work, Work::Offer | Work::Answer) {
                    core.notice(Notice::MicrophoneWorks);
                }
                if work == Work::Offer {
                    self.announce(core, call);
                }
                Ok(sdp)
            }
            Err(error) => {
                self.on_media_failed(call, &error);
                core.notice(Notice::MediaFailed(error));
                Err(MediaFailed)
            }
        };
        core.agent.media(op, result);
    }

    /// A call that nobody could hear this side in is ended, however far it has come.
    fn on_microphone_failed(&mut self, core: &mut Core, id: CallId, error: MediaError) {
        let Some(call) = self.get_mut(id) else { return };
        let fate = fate(&error, !call.is_announced());
        call.fate.get_or_insert(fate);
        core.notice(Notice::MediaFailed(error));
        self.hang_up(core, id);
    }

    /// The agent will end the call, unless it has been answered: a later negotiation that fails
    /// leaves it as it was.
    fn on_media_failed(&mut self, id: CallId, error: &MediaError) {
        let Some(call) = self.get_mut(id).filter(|call| call.active_since().is_none()) else {
            return;
        };
        call.fate = Some(fate(error, !call.is_announced()));
    }
}

/// How a call ends whose media could not be set up. The notice about the microphone says enough
/// for a call that nobody has heard of.
fn fate(error: &MediaError, is_unheard_of: bool) -> Fate {
    let microphone = microphone_error(error);
    Fate {
        cause: EndCause::MediaFailed,
        shown_elsewhere: microphone.is_some() && is_unheard_of,
        error: microphone.map(|(_, error)| error).unwrap_or_else(|| {
            ErrorBody::new(ErrorCode::CallFailed, "The browser could not set up the media.")
        }),
    }
}
