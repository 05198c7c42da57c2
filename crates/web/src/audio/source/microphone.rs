//! The microphone, opened once for all who need it.

use crate::crash::{self, Held};
use crate::js;
use js_sys::Promise;
use ringlet_contract::config::MediaBehavior;
use ringlet_phone::MediaError;
use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaStreamTrackState,
    MediaTrackConstraints,
};

/// The microphone. It is on while anybody holds a [`Capture`].
#[derive(Default)]
pub(crate) struct Microphone {
    open: RefCell<Weak<Capture>>,
    media: RefCell<MediaBehavior>,
}

/// The microphone being opened, or open. Dropping the last one lets it go, and the browser's red
/// dot with it.
pub(crate) struct Capture {
    asked: Promise,
    stream: OnceCell<(MediaStream, Held)>,
}

impl Microphone {
    /// What the browser is to do with what it hears, from the next time on.
    pub(crate) fn configure(&self, media: &MediaBehavior) {
        self.media.replace(media.clone());
    }

    /// Asks for the microphone, or joins whoever has it or has asked. Asks anew when the one that
    /// is open was pulled out.
    pub(crate) fn ask(&self) -> Result<Rc<Capture>, MediaError> {
        if let Some(capture) = self.open.borrow().upgrade().filter(|capture| !capture.has_ended()) {
            return Ok(capture);
        }
        let capture =
            Rc::new(Capture { asked: request(&self.media.borrow())?, stream: OnceCell::new() });
        *self.open.borrow_mut() = Rc::downgrade(&capture);
        Ok(capture)
    }

    /// The track of the microphone that is open.
    pub(in crate::audio) fn track(&self) -> Option<MediaStreamTrack> {
        self.open.borrow().upgrade()?.track()
    }
}

impl Capture {
    /// Waits until it is open; the person may have to allow it first, which takes as long as it
    /// takes.
    pub(crate) async fn opened(&self) -> Result<(), MediaError> {
        let stream: MediaStream = JsFuture::from(self.asked.clone())
            .await
            .map_err(|thrown| failure(&thrown, policy_forbids()))?
            .unchecked_into();
        self.stream.get_or_init(|| {
            let held = crash::hold(&stream.get_audio_tracks().get(0));
            (stream, held)
        });
        crash::checkpoint().await;
        Ok(())
    }

    /// The stream, once it is open.
    pub(in crate::audio) fn stream(&self) -> Option<&MediaStream> {
        self.stream.get().map(|(stream, _)| stream)
    }

    /// The track, once it is open.
    pub(in crate::audio) fn track(&self) -> Option<MediaStreamTrack> {
        self.stream()?.get_audio_tracks().get(0).dyn_into().ok()
    }

    fn has_ended(&self) -> bool {
        self.track().is_some_and(|track| track.ready_state() == MediaStreamTrackState::Ended)
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        if let Some(track) = self.track() {
            track.stop();
        }
    }
}

fn request(media: &MediaBehavior) -> Result<Promise, MediaError> {
    // In a page that came without TLS, or inside one that did, there is no such property.
    let devices = web_sys::window()
        .and_then(|window| window.navigator().media_devices().ok())
        .filter(|devices| !devices.is_undefined())
        .ok_or(MediaError::MicrophoneBlocked)?;
    devices
        .get_user_media_with_constraints(&constraints(media))
        .map_err(|thrown| failure(&thrown, policy_forbids()))
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
        _ => MediaError::Other(js::describe("getUserMedia", thrown)),
    }
}

fn constraints(media: &MediaBehavior) -> MediaStreamConstraints {
    let audio = MediaTrackConstraints::new();
    for (name, wanted) in [
        ("echoCancellation", media.echo_cancellation),
        ("noiseSuppression", media.noise_suppression),
        ("autoGainControl", media.auto_gain_control),
    ] {
        js::set(&audio, name, &wanted.into());
    }
    let constraints = MediaStreamConstraints::new();
    constraints.set_audio(&audio);
    constraints
}

/// Whether the permissions policy keeps the microphone from this document. Chromium tells; where
/// nobody does, a refusal counts as the person's.
pub(in crate::audio) fn policy_forbids() -> bool {
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
