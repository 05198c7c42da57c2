//! Shows the state that the address names.

use crate::states;
use ringlet_contract::config::Theme;
use ringlet_phone::{
    CallerIdError, CallerIdView, DiversionError, Intent, Microphone, Slice, ViewModel,
};
use ringlet_ui::{Slices, mount, show_crash, show_unsupported};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, Window};

/// Not view models: what is left when the phone has stopped, and when it cannot start.
const CRASH: &str = "crash";
const UNSUPPORTED: &str = "unsupported";

pub(crate) fn show() {
    let window = web_sys::window().expect("there is a window");
    let document = window.document().expect("there is a page");
    let body = document.body().expect("a page has a body");
    let root: HtmlElement =
        document.document_element().expect("a page has a root").unchecked_into();
    let names = states::all().into_iter().map(|(name, _)| name).chain([CRASH, UNSUPPORTED]);
    root.set_attribute("data-states", &names.collect::<Vec<_>>().join(" "))
        .expect("an attribute can be set");
    if let Some(direction) = choice(&window, "dir") {
        root.set_dir(&direction);
    }
    if let Some(size) = choice(&window, "font") {
        root.style()
            .set_property("font-size", &[&size, "px"].concat())
            .expect("a style can be set");
    }

    // As in the real phone: the slices change before there is anything to be seen.
    let slices = Slices::new(states::starting());
    let view = Rc::new(RefCell::new(states::starting()));
    let follow = {
        let (window, view) = (window.clone(), Rc::clone(&view));
        move || {
            view.replace(chosen(&window));
            update_all(slices, &view.borrow());
        }
    };
    follow();
    let state = choice(&window, "state");
    if state.as_deref() == Some(UNSUPPORTED) {
        show_unsupported(&body);
    }
    mount(body.clone(), slices, move |intent| {
        log(&format!("intent {intent:?}"));
        if let Some(slice) = play(&mut view.borrow_mut(), intent) {
            slices.update(slice);
        }
    });
    if state.as_deref() == Some(CRASH) {
        show_crash(&body, || log("reload"));
    }
    let follow = Closure::<dyn Fn()>::new(follow).into_js_value();
    window
        .add_event_listener_with_callback("hashchange", follow.unchecked_ref())
        .expect("a listener can be added");
}

/// The view model that the address asks for.
fn chosen(window: &Window) -> ViewModel {
    let state = choice(window, "state").unwrap_or_default();
    let found = states::all().into_iter().find(|(name, _)| *name == state);
    let mut view = found.map_or_else(states::registered, |(_, view)| view);
    match choice(window, "theme").as_deref() {
        Some("dark") => view.settings.theme = Theme::Dark,
        Some("light") => view.settings.theme = Theme::Light,
        _ => {}
    }
    if let Some(accent) = choice(window, "accent") {
        view.settings.accent = ["#", &accent].concat();
    }
    view
}

fn choice(window: &Window, name: &str) -> Option<String> {
    let address = window.location().hash().unwrap_or_default();
    let mut pairs = address.trim_start_matches('#').split('&');
    pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
}

fn update_all(slices: Slices, view: &ViewModel) {
    let ViewModel {
        settings,
        line,
        sign_in,
        keypad,
        calls,
        ended,
        audio,
        page,
        history,
        caller_ids,
        diversion,
        devices,
    } = view.clone();
    slices.update(Slice::Settings(settings));
    slices.update(Slice::Line(line));
    slices.update(Slice::SignIn(sign_in));
    slices.update(Slice::Keypad(keypad));
    slices.update(Slice::Calls(calls));
    slices.update(Slice::Ended(ended));
    slices.update(Slice::Audio(audio));
    slices.update(Slice::Page(page));
    slices.update(Slice::History(history));
    slices.update(Slice::CallerIds(caller_ids));
    slices.update(Slice::Diversion(diversion));
    slices.update(Slice::Devices(devices));
}

fn log(line: &str) {
    web_sys::console::log_1(&JsValue::from_str(line));
}

/// A little of what the phone would do, so that the screens can be tried; the slice it changes.
fn play(view: &mut ViewModel, intent: Intent) -> Option<Slice> {
    match intent {
        Intent::EditNumber(number) => {
            view.keypad.number = number;
            Some(Slice::Keypad(view.keypad.clone()))
        }
        Intent::SetTheme(theme) => {
            view.settings.theme = theme;
            Some(Slice::Settings(view.settings.clone()))
        }
        Intent::SetMuted(id, muted) => {
            for call in view.calls.iter_mut().filter(|call| call.id == id) {
                call.muted = muted;
            }
            Some(Slice::Calls(view.calls.clone()))
        }
        Intent::SetHeld(id, held) => {
            for call in view.calls.iter_mut().filter(|call| call.id == id) {
                call.held = held;
            }
            Some(Slice::Calls(view.calls.clone()))
        }
        Intent::SendDtmf(id, tones) => {
            let call = view.calls.iter_mut().find(|call| call.id == id)?;
            call.tones_sent.push_str(&tones);
            Some(Slice::Calls(view.calls.clone()))
        }
        Intent::AcceptTransfer(id) | Intent::DeclineTransfer(id) => {
            for call in view.calls.iter_mut().filter(|call| call.id == id) {
                call.transfer_request = None;
            }
            Some(Slice::Calls(view.calls.clone()))
        }
        Intent::Reject(id) | Intent::Hangup(id) => {
            view.calls.retain(|call| call.id != id);
            Some(Slice::Calls(view.calls.clone()))
        }
        Intent::DismissEnded => {
            view.ended = None;
            Some(Slice::Ended(None))
        }
        Intent::DismissMicrophone => {
            view.audio.microphone = Microphone::Fine;
            Some(Slice::Audio(view.audio))
        }
        Intent::UnlockAudio => {
            view.audio.locked = false;
            Some(Slice::Audio(view.audio))
        }
        Intent::Call(number) if number.is_empty() => {
            view.keypad.number = states::NUMBER.to_owned();
            Some(Slice::Keypad(view.keypad.clone()))
        }
        Intent::ShowPage(page) => {
            view.page = page;
            Some(Slice::Page(page))
        }
        Intent::DeleteFromHistory(id) => {
            let left = view.history.entries.iter().filter(|entry| entry.id != id);
            view.history.entries = left.cloned().collect::<Vec<_>>().into();
            Some(Slice::History(view.history.clone()))
        }
        Intent::ChooseDevice(used_for, id) => {
            view.devices.in_use[used_for as usize] = id;
            Some(Slice::Devices(view.devices.clone()))
        }
        Intent::DismissLostDevice => {
            view.audio.lost_device = false;
            Some(Slice::Audio(view.audio))
        }
        Intent::SetDoNotDisturb(on) => {
            view.diversion.do_not_disturb = on;
            Some(Slice::Diversion(view.diversion.clone()))
        }
        Intent::Forward { busy, no_answer } => {
            let error = (busy == no_answer && !busy.is_empty()).then_some(DiversionError::Busy);
            view.diversion.error = error;
            Some(Slice::Diversion(view.diversion.clone()))
        }
        Intent::ChooseCallerId(number) => {
            view.caller_ids.chosen = number;
            Some(Slice::CallerIds(view.caller_ids.clone()))
        }
        Intent::AddCallerId(number) => {
            view.caller_ids.error = number.is_empty().then_some(CallerIdError::Invalid);
            if !number.is_empty() {
                view.caller_ids.chosen = Some(number.clone());
                view.caller_ids.list.push(CallerIdView { number, is_own: true });
            }
            Some(Slice::CallerIds(view.caller_ids.clone()))
        }
        Intent::DeleteCallerId(number) => {
            view.caller_ids.list.retain(|id| id.number != number);
            Some(Slice::CallerIds(view.caller_ids.clone()))
        }
        Intent::DeleteHistory => {
            view.history.entries = Vec::new().into();
            Some(Slice::History(view.history.clone()))
        }
        Intent::SignIn(_)
        | Intent::Connect
        | Intent::SignOut
        | Intent::RetryConnection
        | Intent::Call(_)
        | Intent::Answer(_)
        | Intent::EndAndAnswer(_)
        | Intent::Redial
        | Intent::Transfer(..)
        | Intent::TransferTo(..)
        | Intent::TestDevice(_)
        | Intent::RetryMicrophone
        | Intent::Close => None,
    }
}
