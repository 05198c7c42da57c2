//! Shows the state that the address names.

use crate::states;
use leptos::prelude::Update;
use ringlet_contract::config::Theme;
use ringlet_phone::{Intent, ViewModel};
use ringlet_ui::{Dispatch, ReadSignal, WriteSignal, mount, signal};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

pub(crate) fn show() {
    let window = web_sys::window().expect("there is a window");
    let document = window.document().expect("there is a page");
    let address = window.location().hash().unwrap_or_default();
    let value = |name: &str| {
        address
            .trim_start_matches('#')
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    let states = states::all();
    let names = states.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
    let root: HtmlElement =
        document.document_element().expect("a page has a root").unchecked_into();
    root.set_attribute("data-states", &names).expect("an attribute can be set");
    let state = value("state").unwrap_or_else(|| "keypad".to_owned());
    let Some((_, mut shown)) = states.into_iter().find(|(name, _)| *name == state) else {
        return;
    };
    match value("theme").as_deref() {
        Some("dark") => shown.theme = Theme::Dark,
        Some("light") => shown.theme = Theme::Light,
        _ => {}
    }
    if let Some(accent) = value("accent") {
        shown.accent = ["#", &accent].concat();
    }
    if let Some(direction) = value("dir") {
        root.set_dir(&direction);
    }
    if let Some(size) = value("font") {
        root.style()
            .set_property("font-size", &[&size, "px"].concat())
            .expect("a style can be set");
    }
    let (view, set_view): (ReadSignal<ViewModel>, WriteSignal<ViewModel>) = signal(shown);
    let dispatch = Dispatch::new(move |intent| {
        web_sys::console::log_1(&JsValue::from_str(&format!("intent {intent:?}")));
        set_view.update(|view| play(view, intent));
    });
    mount(document.body().expect("a page has a body"), view, dispatch);
}

/// A little of what the phone would do, so that the screens can be tried.
fn play(view: &mut ViewModel, intent: Intent) {
    match intent {
        Intent::EditNumber(number) => view.number = number,
        Intent::SetTheme(theme) => view.theme = theme,
        Intent::SetMuted(id, muted) => {
            for call in view.calls.iter_mut().filter(|call| call.id == id) {
                call.muted = muted;
            }
        }
        Intent::Reject(id) | Intent::Hangup(id) => view.calls.retain(|call| call.id != id),
        Intent::DismissEnded => view.ended = None,
        Intent::DismissMicrophone => view.microphone = ringlet_phone::Microphone::Fine,
        Intent::UnlockAudio => view.audio_locked = false,
        Intent::SignIn(_)
        | Intent::Connect
        | Intent::SignOut
        | Intent::RetryConnection
        | Intent::Call(_)
        | Intent::Answer(_)
        | Intent::Redial
        | Intent::RetryMicrophone
        | Intent::Close => {}
    }
}
