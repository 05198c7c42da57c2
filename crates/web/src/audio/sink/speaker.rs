//! What the person listens to.

use crate::audio::Edge;
use crate::audio::context::Context;
use crate::audio::devices::set_sink;
use crate::audio::source::{Output, Player};
use crate::driver::Inbox;
use crate::js;
use js_sys::Array;
use ringlet_phone::{AudioInput, Input};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, MediaStream, MediaStreamAudioDestinationNode, MediaStreamTrack};

/// Plays this on the loudspeaker with this id, or the browser's default; `None` when the browser cannot.
pub(in crate::audio) fn connect(
    output: Output,
    context: &Context,
    device: Option<&str>,
    inbox: &Inbox<Input>,
) -> Option<Box<dyn Edge>> {
    let play = |track| Playback::start(track, device, inbox.clone()).ok();
    match output {
        Output::Track(track) => Some(Box::new(play(&track)?)),
        Output::Node(player) if device.is_some() => {
            // The context has one loudspeaker, and an element has its own.
            let ear = MediaStreamAudioDestinationNode::new(context.get().ok()?).ok()?;
            player.node().connect_with_audio_node(&ear).ok()?;
            let playback = play(&ear.stream().get_audio_tracks().get(0).dyn_into().ok()?)?;
            Some(Box::new(Elsewhere { playback, _player: player }))
        }
        Output::Node(player) => {
            let node = player.node();
            node.connect_with_audio_node(&node.context().destination()).ok()?;
            Some(Box::new(player))
        }
    }
}

/// A node that is heard on a loudspeaker of its own.
struct Elsewhere {
    playback: Playback,
    _player: Player,
}

impl Edge for Elsewhere {
    fn unlock(&self) {
        self.playback.unlock();
    }
}

/// A track that is heard until this is dropped. It goes through an element because Chromium does
/// not decode a far end's track for Web Audio alone.
struct Playback {
    element: HtmlAudioElement,
    inbox: Inbox<Input>,
}

impl Playback {
    fn start(
        track: &MediaStreamTrack,
        device: Option<&str>,
        inbox: Inbox<Input>,
    ) -> Result<Self, JsValue> {
        let element = HtmlAudioElement::new()?;
        if let Some(device) = device {
            set_sink(&element, device);
        }
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
