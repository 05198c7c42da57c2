//! The microphone, opened once for all who need it.

use crate::audio::devices::media_devices;
use crate::crash::{self, Held};
use crate::js;
use js_sys::{Object, Promise};
use ringlet_contract::config::MediaBehavior;
use ringlet_phone::MediaError;
use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{
    MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaStreamTrackState,
    MediaTrackConstraints,
};

/// The microphone. It is on while anybody holds a [`Capture`].
#[derive(Default)]
pub(crate) struct Microphone {
    open: RefCell<Weak<Capture>>,
    media: RefCell<MediaBehavior>,
    /// The id of the device to open; `None` for the browser's default.
    device: RefCell<Option<String>>,
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
        match self.current().filter(|capture| !capture.has_ended()) {
            Some(capture) => Ok(capture),
            None => self.ask_anew(),
        }
    }

    /// Asks for it whether it is open or not: from now on there is another one.
    pub(in crate::audio) fn ask_anew(&self) -> Result<Rc<Capture>, MediaError> {
        let asked = request(&self.media.borrow(), self.device.borrow().as_deref())?;
        let capture = Rc::new(Capture { asked, stream: OnceCell::new() });
        *self.open.borrow_mut() = Rc::downgrade(&capture);
        Ok(capture)
    }

    /// Opens this device from the next time on.
    pub(in crate::audio) fn choose(&self, device: Option<String>) {
        self.device.replace(device);
    }

    /// The one that was asked for last could not be opened: the one before it is still there.
    pub(in crate::audio) fn put_back(&self, capture: &Rc<Capture>) {
        self.open.replace(Rc::downgrade(capture));
    }

    /// Somebody holds it, and it hears nothing any more.
    pub(in crate::audio) fn was_pulled_out(&self) -> bool {
        self.current().is_some_and(|capture| capture.has_ended())
    }

    /// Whether this is the one that was asked for last.
    pub(in crate::audio) fn is(&self, capture: &Rc<Capture>) -> bool {
        self.current().is_some_and(|current| Rc::ptr_eq(&current, capture))
    }

    /// What somebody holds.
    pub(in crate::audio) fn current(&self) -> Option<Rc<Capture>> {
        self.open.borrow().upgrade()
    }

    /// The track of the microphone that is open.
    pub(in crate::audio) fn track(&self) -> Option<MediaStreamTrack> {
        self.current()?.track()
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

fn request(media: &MediaBehavior, device: Option<&str>) -> Result<Promise, MediaError> {
    let devices = media_devices().ok_or(MediaError::MicrophoneBlocked)?;
    let ask = move |constraints| {
        devices
            .get_user_media_with_constraints(&constraints)
            .map_err(|thrown| failure(&thrown, policy_forbids()))
    };
    let asked = ask(constraints(media, device))?;
    if device.is_none() {
        return Ok(asked);
    }
    let any = constraints(media, None);
    Ok(future_to_promise(async move {
        let opened = JsFuture::from(asked).await;
        // Another microphone is better than none.
        let is_gone = |thrown: &JsValue| js::error_name(thrown) == "OverconstrainedError";
        match opened.as_ref().err().filter(|thrown| is_gone(thrown)) {
            Some(_) => JsFuture::from(ask(any).map_err(|_| JsValue::UNDEFINED)?).await,
            None => opened,
        }
    }))
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

fn constraints(media: &MediaBehavior, device: Option<&str>) -> MediaStreamConstraints {
    let audio = MediaTrackConstraints::new();
    for (name, wanted) in [
        ("echoCancellation", media.echo_cancellation),
        ("noiseSuppression", media.noise_suppression),
        ("autoGainControl", media.auto_gain_control),
    ] {
        js::set(&audio, name, &wanted.into());
    }
    if let Some(device) = device {
        // Chromium does not mind a device that is only asked for.
        let exact = Object::new().into();
        js::set(&exact, "exact", &device.into());
        js::set(&audio, "deviceId", &exact);
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
