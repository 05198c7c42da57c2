//! What the media side is asked, and what it answers.

use crate::call::{Call, Fate, Inbound, Leg, Media};
use crate::effect::{AudioEffect, Effect, PeerEffect};
use crate::input::{AudioInput, MediaError, PeerInput};
use crate::phone::Phone;
use crate::view::Microphone;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::EndCause;
use ringlet_sip::{CallId, Command, Instant, MediaFailed, MediaRequest, OpId};
use std::time::Duration;

/// How long a broken peer connection may take to come back. A person does not wait longer, and
/// a laptop has found another network by then.
const MEND_WITHIN: Duration = Duration::from_secs(45);

/// Media work that has not ended.
#[derive(Default)]
pub(crate) struct Operations(Vec<Operation>);

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
    /// Nobody waits for the work of this call any more.
    pub(crate) fn forget(&mut self, call: CallId) {
        self.0.retain(|operation| operation.call != call);
    }

    fn take(&mut self, op: OpId) -> Option<Operation> {
        let index = self.0.iter().position(|operation| operation.op == op)?;
        Some(self.0.swap_remove(index))
    }
}

impl Phone {
    pub(crate) fn on_media_request(&mut self, op: OpId, call: CallId, request: MediaRequest) {
        if self.calls.get(call).is_none() {
            if let Some(session) = self.line.session_mut() {
                session.agent.media(op, Err(MediaFailed));
            }
            return;
        }
        if let MediaRequest::CreateOffer(terms) | MediaRequest::CreateAnswer { terms, .. } =
            &request
            && let Some(call) = self.calls.get_mut(call)
        {
            call.held = terms.hold;
        }
        let (work, effect) = match request {
            MediaRequest::CreateOffer(terms) => {
                (Work::Offer, PeerEffect::CreateOffer(op, call, terms))
            }
            MediaRequest::CreateAnswer { offer, terms } => {
                (Work::Answer, PeerEffect::CreateAnswer(op, call, offer, terms))
            }
            MediaRequest::SetAnswer { answer, provisional } => {
                (Work::Apply, PeerEffect::SetAnswer { op, call, answer, provisional })
            }
            MediaRequest::Rollback => (Work::Apply, PeerEffect::Rollback(op, call)),
        };
        self.operations.0.push(Operation { op, call, work });
        self.outbox.push(Effect::Peer(effect));
    }

    pub(crate) fn on_peer(&mut self, news: PeerInput) {
        match news {
            PeerInput::Done(op, result) => self.on_media_done(op, result),
            PeerInput::Connected(call) => {
                if let Some(call) = self.calls.get_mut(call) {
                    call.media = Media::Up;
                }
            }
            PeerInput::Failed(call) => self.on_media_lost(call),
        }
    }

    pub(crate) fn on_audio(&mut self, news: AudioInput) {
        match news {
            AudioInput::Microphone(result) => self.on_microphone(result),
            AudioInput::Locked => self.audio_locked = true,
            AudioInput::Unlocked => self.audio_locked = false,
        }
    }

    /// Lets the browser play sound, inside a press that the person just made.
    pub(crate) fn unlock_audio(&mut self) {
        if self.audio_locked {
            self.outbox.push(Effect::Audio(AudioEffect::Unlock));
        }
    }

    fn on_media_done(&mut self, op: OpId, result: Result<String, MediaError>) {
        let Some(Operation { call, work, .. }) = self.operations.take(op) else { return };
        let result = match result {
            Ok(sdp) => {
                if matches!(work, Work::Offer | Work::Answer) {
                    self.microphone = Some(Microphone::Fine);
                }
                if work == Work::Offer {
                    self.announce(call);
                }
                Ok(sdp)
            }
            Err(error) => {
                self.on_media_error(call, &error);
                Err(MediaFailed)
            }
        };
        if let Some(session) = self.line.session_mut() {
            session.agent.media(op, result);
        }
    }

    fn on_media_error(&mut self, id: CallId, error: &MediaError) {
        let microphone = self.note_microphone_error(error);
        // A later negotiation that fails leaves an answered call as it was.
        if let Some(call) = self.calls.get_mut(id)
            && call.active_since().is_none()
        {
            call.fate = Some(Fate {
                cause: EndCause::MediaFailed,
                shown_elsewhere: microphone.is_some() && !call.is_announced(),
                error: microphone.unwrap_or_else(|| {
                    ErrorBody::new(ErrorCode::CallFailed, "The browser could not set up the media.")
                }),
            });
        }
    }

    /// The answer to a probe: taken calls go on, or ring on.
    fn on_microphone(&mut self, result: Result<(), MediaError>) {
        let error = match result {
            Ok(()) => {
                self.microphone = Some(Microphone::Fine);
                None
            }
            // Whatever it was, there is no microphone to be had.
            Err(MediaError::Other(_)) => {
                self.note_microphone_error(&MediaError::MicrophoneUnavailable)
            }
            Err(error) => self.note_microphone_error(&error),
        };
        for id in self.calls.ids() {
            let Some(call) = self.calls.get_mut(id) else { continue };
            let Leg::Inbound(stage) = &mut call.leg else { continue };
            let Inbound::Probing { reply_to } = stage else { continue };
            let reply_to = std::mem::take(reply_to);
            match &error {
                None => {
                    *stage = Inbound::Answering { reply_to };
                    self.command(Command::Answer(id));
                }
                Some(error) => {
                    *stage = Inbound::Ringing;
                    for reply_to in reply_to {
                        self.outbox.failed(reply_to, error.clone());
                    }
                }
            }
        }
    }

    /// A peer connection broke. What was answered is negotiated anew: at once, or by the agent
    /// itself when the socket, which the same network carried, is back.
    fn on_media_lost(&mut self, id: CallId) {
        let until = self.now + MEND_WITHIN;
        let Some(call) = self.calls.get_mut(id) else { return };
        if call.active_since().is_none() {
            return self.give_up_media(id);
        }
        if !matches!(call.media, Media::Mending { .. }) {
            call.media = Media::Mending { until };
            if self.line.is_registered() {
                self.command(Command::Restart(id));
            }
        }
    }

    /// The next call whose media will not have mended.
    pub(crate) fn mending_deadline(&self) -> Option<Instant> {
        self.calls.iter().filter_map(Call::mending_until).min()
    }

    /// Ends the calls whose media has not mended in time.
    pub(crate) fn give_up_mending(&mut self) {
        let now = self.now;
        let late = |call: &&Call| call.mending_until().is_some_and(|until| until <= now);
        let late: Vec<CallId> = self.calls.iter().filter(late).map(|call| call.id).collect();
        late.into_iter().for_each(|id| self.give_up_media(id));
    }

    /// The far end, or the server, would not negotiate anew.
    pub(crate) fn on_change_failed(&mut self, id: CallId) {
        if self.calls.get(id).is_some_and(|call| call.mending_until().is_some()) {
            self.give_up_media(id);
        }
    }

    fn give_up_media(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(id) else { return };
        call.media = Media::Opening;
        call.fate.get_or_insert(Fate {
            cause: EndCause::MediaFailed,
            error: ErrorBody::new(ErrorCode::CallFailed, "The media connection broke."),
            shown_elsewhere: false,
        });
        self.hang_up(id);
    }

    /// Shows and tells what is wrong with the microphone; `None` when the trouble is another.
    fn note_microphone_error(&mut self, error: &MediaError) -> Option<ErrorBody> {
        let (microphone, code, message) = match error {
            MediaError::MicrophoneDenied => (
                Microphone::Denied,
                ErrorCode::MicrophoneDenied,
                "The microphone was refused; allow it in the browser's site settings.",
            ),
            MediaError::MicrophoneBlocked => (
                Microphone::Blocked,
                ErrorCode::MicrophoneBlocked,
                "The embedding page's permissions policy forbids the microphone.",
            ),
            MediaError::MicrophoneUnavailable => (
                Microphone::Unavailable,
                ErrorCode::MicrophoneUnavailable,
                "There is no microphone, or another program holds it.",
            ),
            MediaError::Other(_) => return None,
        };
        self.microphone = Some(microphone);
        let error = ErrorBody::new(code, message);
        self.tell_error(error.clone());
        Some(error)
    }
}
