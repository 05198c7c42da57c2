//! What the person listens to.

use crate::audio::Edge;
use crate::audio::source::Output;
use crate::driver::Inbox;
use crate::js;
use js_sys::Array;
use ringlet_phone::{AudioInput, Input};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, MediaStream, MediaStreamTrack};

/// Plays this on the browser's loudspeaker; `None` when the browser cannot.
pub(in crate::audio) fn connect(output: Output, inbox: &Inbox<Input>) -> Option<Box<dyn Edge>> {
    match output {
        Output::Track(track) => Some(Box::new(Playback::start(&track, inbox.clone()).ok()?)),
        Output::Node(player) => {
            let node = player.node();
            node.connect_with_audio_node(&node.context().destination()).ok()?;
            Some(Box::new(player))
        }
    }
}

/// A track that is heard until this is dropped. It goes through an element because Chromium does
/// not decode a far end's track for Web Audio alone.
struct Playback {
    element: HtmlAudioElement,
    inbox: Inbox<Input>,
}

impl Playback {
    fn start(track: &MediaStreamTrack, inbox: Inbox<Input>) -> Result<Self, JsValue> {
        let element = HtmlAudioElement::new()?;
        element.set_src_object(Some(&MediaStream::new_with_tracks(&Array::of1(track))?));
        let playback = Self { element, inbox };
        playback.play();
        Ok(playback)
    }

    fn play(&self) {
        let Ok(playing) = self.element.play() else { return };
        let inbox = self.inbox.clone();
        spawn_local(async move {
            // Any other failure means that it was disconnected meanwhile.
            if let Err(thrown) = JsFuture::from(playing).await
                && js::error_name(&thrown) == "NotAllowedError"
            {
                inbox.push(Input::Audio(AudioInput::Locked));
            }
        });
    }
}

impl Edge for Playback {
    fn unlock(&self) {
        self.play();
    }
}

impl Drop for Playback {
    fn drop(&mut self) {
        self.element.pause().ok();
        self.element.set_src_object(None);
    }
}
