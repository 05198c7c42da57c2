//! The microphone.

use crate::js;
use ringlet_phone::MediaError;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaTrackConstraints};

/// The microphone while it is on. Dropping it lets it go, and the browser's red dot with it.
///
/// Each call has its own: the browser shares the device, and one call's mute is not another's.
pub(super) struct Microphone {
    stream: MediaStream,
}

impl Microphone {
    pub(super) fn stream(&self) -> &MediaStream {
        &self.stream
    }

    pub(super) fn tracks(&self) -> impl Iterator<Item = MediaStreamTrack> {
        self.stream.get_audio_tracks().to_vec().into_iter().map(JsCast::unchecked_into)
    }

    pub(super) fn set_enabled(&self, enabled: bool) {
        self.tracks().for_each(|track| track.set_enabled(enabled));
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        self.tracks().for_each(|track| track.stop());
    }
}

/// Asks for the microphone; the person may have to allow it first, which takes as long as it takes.
pub(super) async fn open() -> Result<Microphone, MediaError> {
    // In a page that came without TLS, or inside one that did, there is no such property.
    let devices = web_sys::window()
        .and_then(|window| window.navigator().media_devices().ok())
        .filter(|devices| !devices.is_undefined())
        .ok_or(MediaError::MicrophoneBlocked)?;
    let asked = devices.get_user_media_with_constraints(&constraints());
    let stream = match asked {
        Ok(promise) => JsFuture::from(promise).await,
        Err(thrown) => Err(thrown),
    };
    match stream {
        Ok(stream) => Ok(Microphone { stream: stream.unchecked_into() }),
        Err(thrown) => Err(failure(&thrown, policy_forbids())),
    }
}

/// What a rejection of `getUserMedia` means (W3C Media Capture section 10.3.1).
///
/// The browser rejects alike whether the person said no or the embedding page's permissions policy
/// did; `policy_forbids` tells the two apart.
pub fn failure(thrown: &JsValue, policy_forbids: bool) -> MediaError {
    match js::error_name(thrown).as_str() {
        "NotAllowedError" | "SecurityError" if policy_forbids => MediaError::MicrophoneBlocked,
        "NotAllowedError" | "SecurityError" => MediaError::MicrophoneDenied,
        "NotFoundError" | "NotReadableError" | "OverconstrainedError" | "AbortError" => {
            MediaError::MicrophoneUnavailable
        }
        _ => MediaError::Other(js::describe(thrown)),
    }
}

fn constraints() -> MediaStreamConstraints {
    let audio = MediaTrackConstraints::new();
    for wanted in ["echoCancellation", "noiseSuppression", "autoGainControl"] {
        js::set(&audio, wanted, &JsValue::TRUE);
    }
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio(&audio);
    constraints
}

/// Whether the permissions policy keeps the microphone from this document. Chromium tells; where
/// nobody does, a refusal counts as the person's.
fn policy_forbids() -> bool {
    let Some(window) = web_sys::window() else { return false };
    let document = js::get(&window, "document");
    ["permissionsPolicy", "featurePolicy"].into_iter().any(|name| {
        let policy = js::get(&document, name);
        let allows = js::get(&policy, "allowsFeature");
        allows
            .dyn_ref::<js_sys::Function>()
            .and_then(|allows| allows.call1(&policy, &"microphone".into()).ok())
            .is_some_and(|allowed| allowed.is_falsy())
    })
}
