//! What helps to find a fault: the report for the host, and the log on the browser's console.

mod trace;

pub(crate) use trace::log_line;

use crate::audio::Audio;
use crate::core::Core;
use crate::effect::Effect;
use crate::input::MediaError;
use crate::line::Line;
use crate::view::Microphone;
use ringlet_contract::diagnostics::{Counters, Diagnostics as Report, MicrophoneState};

/// What a person types on the keypad to turn the trace on the browser's console on, and again to
/// turn it off.
pub(crate) const TRACE_CODE: &str = "*#0*#";

/// How much trace is kept, in bytes.
pub(crate) const TRACE_BYTES: usize = 32 * 1024;

/// How much is kept of what the browser says about a failure, in characters.
const MEDIA_ERROR_CHARS: usize = 200;

/// What is remembered beyond the user agent's own trace.
#[derive(Default)]
pub(crate) struct Diagnostics {
    /// SIP messages are logged on the console.
    tracing: bool,
    /// What the browser said when media work failed last.
    media_error: Option<String>,
}

impl Diagnostics {
    /// The person typed [`TRACE_CODE`].
    pub(crate) fn toggle_tracing(&mut self, core: &mut Core) {
        self.tracing = !self.tracing;
        let now = if self.tracing { "SIP tracing is on" } else { "SIP tracing is off" };
        core.push(Effect::Log(now.to_owned()));
    }

    /// Logs and keeps what no screen shows.
    pub(crate) fn on_media_failed(&mut self, core: &mut Core, failure: &MediaError) {
        let text = match failure {
            MediaError::Other(text) => text,
            MediaError::MicrophoneDenied
            | MediaError::MicrophoneBlocked
            | MediaError::MicrophoneUnavailable => return,
        };
        let text: String =
            text.chars().filter(|c| !c.is_control()).take(MEDIA_ERROR_CHARS).collect();
        core.push(Effect::Log(["Media work failed: ", &text].concat()));
        self.media_error = Some(text);
    }

    /// Logs what is new in the trace, if somebody wants to see it.
    pub(crate) fn settle(&self, core: &mut Core) {
        if self.tracing {
            let Some(late) = core.late else { return };
            for entry in core.agent.unlogged() {
                core.outbox.push(Effect::Log((late.log_line)(entry)));
            }
        }
    }

    /// The report for the host.
    pub(crate) fn report(&self, core: &Core, line: &Line, audio: &Audio) -> Report {
        Report {
            version: core.setup.version.clone(),
            connection: line.status(core.now).into(),
            microphone: match audio.microphone() {
                None => MicrophoneState::Unknown,
                Some(Microphone::Fine) => MicrophoneState::Fine,
                Some(Microphone::Denied) => MicrophoneState::Denied,
                Some(Microphone::Blocked) => MicrophoneState::Blocked,
                Some(Microphone::Unavailable) => MicrophoneState::Unavailable,
            },
            audio_locked: audio.is_locked(),
            storage_blocked: line.is_storage_blocked(),
            media_error: self.media_error.clone(),
            counters: counters(core),
            trace: trace::report(core),
        }
    }
}

fn counters(core: &Core) -> Counters {
    let counted = core.agent.counters();
    Counters {
        sent: counted.sent,
        received: counted.received,
        rejected: counted.rejected,
        unmatched: counted.unmatched,
        repeated: counted.repeated,
        overload: counted.overload,
        unanswered: counted.unanswered,
        reconnects: counted.reconnects,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::tests::core;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_the_browser_says_is_logged_and_kept_in_one_short_line() {
        let (mut diagnostics, mut core) = (Diagnostics::default(), core());
        let text = "OperationError\r\n: ".to_owned() + &"x".repeat(1_000);
        diagnostics.on_media_failed(&mut core, &MediaError::Other(text));
        let report = diagnostics.report(&core, &Line::new(), &Audio::default());
        let kept = report.media_error.unwrap();
        assert!(kept.starts_with("OperationError: x"), "{kept}");
        assert_eq!(kept.chars().count(), MEDIA_ERROR_CHARS);
        assert_eq!(core.effects(), [Effect::Log(["Media work failed: ", &kept].concat())]);
        diagnostics.on_media_failed(&mut core, &MediaError::MicrophoneDenied);
        assert_eq!(core.effects(), [], "the screen and the host know");
    }
}
