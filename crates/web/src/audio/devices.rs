//! Microphones and loudspeakers (W3C Media Capture section 9, Audio Output Devices).

use crate::driver::Inbox;
use crate::js;
use crate::late::late;
use gloo_events::EventListener;
use js_sys::{Array, Function, Promise};
use ringlet_phone::{AudioInput, Device, DeviceKind, Input};
use std::cell::OnceCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::MediaDevices;

/// Watches which devices there are.
#[derive(Default)]
pub(super) struct Watch(OnceCell<EventListener>);

impl Watch {
    /// Tells which there are, now and whenever that changes; `changed` is called before.
    pub(super) fn tell(&self, inbox: Inbox<Input>, changed: Rc<dyn Fn()>) {
        let Some(devices) = media_devices() else { return };
        let tell = move |devices: MediaDevices| {
            let inbox = inbox.clone();
            spawn_local(async move {
                if let Some(present) = present(devices).await {
                    inbox.push(Input::Audio(AudioInput::Devices(present)));
                }
            });
        };
        let watched = devices.clone();
        self.0.get_or_init(|| {
            let tell = tell.clone();
            EventListener::new(&devices, "devicechange", move |_| {
                changed();
                tell(watched.clone());
            })
        });
        tell(devices);
    }
}

/// In a page that came without TLS, or inside one that did, there is no such property.
pub(super) fn media_devices() -> Option<MediaDevices> {
    let devices = web_sys::window()?.navigator().media_devices().ok()?;
    (!devices.is_undefined()).then_some(devices)
}

/// Plays an element, or a context, on this loudspeaker. Where the browser cannot choose one (Safari), or
/// the device is gone, it stays on the default.
pub(super) fn set_sink(player: &JsValue, id: &str) {
    if let Ok(set) = js::get(player, "setSinkId").dyn_into::<Function>()
        && let Ok(setting) = set.call1(player, &id.into())
        && let Ok(setting) = setting.dyn_into::<Promise>()
    {
        spawn_local(async move { drop(JsFuture::from(setting).await) });
    }
}

async fn present(devices: MediaDevices) -> Option<Vec<Device>> {
    let listed = JsFuture::from(devices.enumerate_devices().ok()?).await.ok()?;
    read_late(listed).await.ok()
}

late!(calls, fn read_late(listed: JsValue) -> Vec<Device> = read);

fn read(listed: JsValue) -> Vec<Device> {
    let device = |listed: JsValue| {
        let text = |name| js::get(&listed, name).as_string().unwrap_or_default();
        let kind = match text("kind").as_str() {
            "audioinput" => DeviceKind::Input,
            "audiooutput" => DeviceKind::Output,
            _ => return None,
        };
        let (id, label) = (text("deviceId"), text("label"));
        // Chromium lists its defaults too, under these names; nobody else has them.
        let is_one = !matches!(id.as_str(), "" | "default" | "communications");
        is_one.then_some(Device { kind, id, label })
    };
    listed.unchecked_into::<Array>().iter().filter_map(device).collect()
}
