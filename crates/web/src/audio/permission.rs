//! Whether the microphone may be used (W3C Permissions).

use super::source::microphone::policy_forbids;
use crate::driver::Inbox;
use crate::js;
use gloo_events::EventListener;
use js_sys::Object;
use ringlet_contract::event::MicPermissionState;
use ringlet_phone::{AudioInput, Input};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{PermissionState, PermissionStatus};

/// The permission, once somebody has asked to watch it. Where the browser does not tell, it is not
/// granted: the microphone is then asked for, and waited for.
#[derive(Clone, Default)]
pub(crate) struct Permission(Rc<State>);

#[derive(Default)]
struct State {
    is_watched: Cell<bool>,
    status: OnceCell<(PermissionStatus, EventListener)>,
}

impl Permission {
    pub(crate) fn is_granted(&self) -> bool {
        let status = self.0.status.get();
        status.is_some_and(|(status, _)| state(status) == MicPermissionState::Granted)
    }

    /// Tells how it stands, and every change from now on.
    pub(crate) fn watch(&self, inbox: Inbox<Input>) {
        if self.0.is_watched.replace(true) {
            return;
        }
        let state = self.0.clone();
        spawn_local(async move {
            let Ok(status) = query().await else { return };
            let tell = move |status: &PermissionStatus| {
                inbox.push(Input::Audio(AudioInput::Permission(self::state(status))));
            };
            let watched = status.clone();
            let changed = tell.clone();
            let listener = EventListener::new(&status, "change", move |_| changed(&watched));
            state.status.get_or_init(|| (status.clone(), listener));
            tell(&status);
        });
    }
}

/// A browser says `denied` whether the person did it or the page around.
fn state(status: &PermissionStatus) -> MicPermissionState {
    match status.state() {
        _ if policy_forbids() => MicPermissionState::BlockedByPolicy,
        PermissionState::Granted => MicPermissionState::Granted,
        PermissionState::Denied => MicPermissionState::Denied,
        _ => MicPermissionState::Prompt,
    }
}

/// Some browsers know no permission of this name, and older ones have no permissions to query.
async fn query() -> Result<PermissionStatus, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::UNDEFINED)?.navigator();
    let microphone = Object::new().into();
    js::set(&microphone, "name", &"microphone".into());
    let asked = navigator.permissions()?.query(microphone.unchecked_ref())?;
    JsFuture::from(asked).await?.dyn_into()
}
