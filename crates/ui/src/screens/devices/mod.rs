//! Microphone and loudspeakers: which are used, and how they sound.

use crate::input::{focus, shortcut};
use crate::parts::page_bar::{close, page_bar};
use crate::reactive::{handler, keyed};
use crate::ui::Ui;
use crate::words::text;
use leptos::ev::Event;
use leptos::prelude::*;
use ringlet_phone::{Device, DeviceUse, Intent};

/// A list for each use.
pub(crate) fn devices(ui: Ui) -> AnyView {
    shortcut::on_escape(ui, move || close(ui));
    focus::to_screen();
    view! {
        <section class="screen page" tabindex="-1" data-focus="" aria-labelledby="devices">
            {page_bar(ui, "devices", text::devices_title(), ().into_any())}
            <div class="stack">
                {choice(ui, DeviceUse::Microphone, "device-microphone", text::devices_microphone())}
                {choice(ui, DeviceUse::Speaker, "device-speaker", text::devices_speaker())}
                {choice(ui, DeviceUse::Ringer, "device-ringer", text::devices_ringer())}
                <p class="field-note" hidden=move || ui.devices.with(|view| !view.present.is_empty())>
                    {text::devices_unknown()}
                </p>
            </div>
        </section>
    }
    .into_any()
}

fn choice(ui: Ui, used_for: DeviceUse, id: &'static str, label: &'static str) -> AnyView {
    let choose = move |event: Event| {
        let id = Some(event_target_value(&event)).filter(|id| !id.is_empty());
        ui.want(Intent::ChooseDevice(used_for, id));
    };
    let present = move || {
        ui.devices.with(|view| {
            let of_kind = view.present.iter().filter(|device| device.kind == used_for.kind());
            of_kind.cloned().collect::<Vec<_>>()
        })
    };
    // Made anew when a device comes or goes, and not when one is chosen: that would take the focus.
    let select = move |present: Vec<Device>| {
        let chosen = ui.devices.with_untracked(|view| view.in_use[used_for as usize].clone());
        let options: Vec<AnyView> =
            present.into_iter().map(|device| option(device, chosen.as_deref())).collect();
        view! {
            <select class="field-input" id=id on:change=handler(choose)>
                <option value="">{text::devices_default()}</option>
                {options}
            </select>
        }
        .into_any()
    };
    let test = (used_for != DeviceUse::Microphone).then(|| {
        view! {
            <button
                type="button"
                class="field-button"
                on:click=handler(move |_| ui.want(Intent::TestDevice(used_for)))
            >
                {text::devices_test()}
                <span class="unseen">{label}</span>
            </button>
        }
    });
    view! {
        <div class="field">
            <label class="field-label" for=id>
                {label}
            </label>
            <div class="field-box">{keyed(present, select)} {test}</div>
        </div>
    }
    .into_any()
}

fn option(device: Device, chosen: Option<&str>) -> AnyView {
    let is_chosen = chosen == Some(device.id.as_str());
    view! {
        <option value=device.id selected=is_chosen>
            {device.label}
        </option>
    }
    .into_any()
}
