//! What is known of the microphone.

use super::Audio;
use crate::core::Core;
use crate::effect::{AudioEffect, Effect, PeerEffect};
use crate::input::MediaError;
use crate::notice::Notice;
use crate::view::Microphone;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{HostEvent, MicPermission, MicPermissionState};

impl Audio {
    /// `None` until it has been asked for.
    pub(crate) fn microphone(&self) -> Option<Microphone> {
        self.microphone
    }

    /// Whether it was opened when it was last wanted, or may be now for the first time.
    pub(crate) fn microphone_works(&self) -> bool {
        match self.microphone {
            Some(Microphone::Fine) => true,
            None => self.permission == Some(MicPermissionState::Granted),
            Some(Microphone::Denied | Microphone::Blocked | Microphone::Unavailable) => false,
        }
    }

    /// The browser tells whether it may be used. A notice about a refusal goes when that is over.
    pub(super) fn on_permission(&mut self, core: &mut Core, state: MicPermissionState) {
        if self.permission.replace(state) == Some(state) {
            return;
        }
        if state == MicPermissionState::Granted && self.microphone == Some(Microphone::Denied) {
            self.microphone = None;
        }
        core.tell(HostEvent::MicPermission(MicPermission { state }));
    }

    /// Asks for the microphone without a call.
    pub(crate) fn probe_microphone(&self, core: &mut Core) {
        core.push(Effect::Audio(AudioEffect::ProbeMicrophone));
    }

    /// Puts the notice about the microphone away.
    pub(crate) fn dismiss_microphone(&mut self) {
        self.microphone = None;
    }

    pub(crate) fn on_microphone_works(&mut self, core: &mut Core) {
        if self.microphone.replace(Microphone::Fine) != Some(Microphone::Fine) {
            // Browsers tell which devices there are once one may be used.
            core.push(Effect::Peer(PeerEffect::Prepare));
        }
    }

    /// Shows and reports what is wrong with the microphone, if that was it.
    pub(crate) fn on_media_failed(&mut self, core: &mut Core, failure: &MediaError) {
        if let Some((microphone, error)) = error(failure) {
            self.microphone = Some(microphone);
            core.tell_error(error);
        }
    }

    pub(super) fn on_probed(&mut self, core: &mut Core, result: Result<(), MediaError>) {
        let result = result.map_err(|failure| {
            // Whatever it was, there is no microphone to be had.
            let (microphone, error) = error(&failure).unwrap_or_else(unavailable);
            self.microphone = Some(microphone);
            core.tell_error(error.clone());
            if let MediaError::Other(_) = failure {
                core.notice(Notice::MediaFailed(failure));
            }
            error
        });
        if result.is_ok() {
            self.on_microphone_works(core);
        }
        core.notice(Notice::MicrophoneProbed(result));
    }
}

/// What a failure says about the microphone; `None` when the trouble is another.
pub(crate) fn error(failure: &MediaError) -> Option<(Microphone, ErrorBody)> {
    match failure {
        MediaError::MicrophoneDenied => {
            let message = "The microphone was refused; allow it in the browser's site settings.";
            Some((Microphone::Denied, ErrorBody::new(ErrorCode::MicrophoneDenied, message)))
        }
        MediaError::MicrophoneBlocked => {
            let message = "The embedding page's permissions policy forbids the microphone.";
            Some((Microphone::Blocked, ErrorBody::new(ErrorCode::MicrophoneBlocked, message)))
        }
        MediaError::MicrophoneUnavailable => Some(unavailable()),
        MediaError::Other(_) => None,
    }
}

fn unavailable() -> (Microphone, ErrorBody) {
    let message = "There is no microphone, or another program holds it.";
    (Microphone::Unavailable, ErrorBody::new(ErrorCode::MicrophoneUnavailable, message))
}
