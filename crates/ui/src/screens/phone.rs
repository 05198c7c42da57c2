//! The whole phone: what is always there, and the screen of the moment.

use super::screen::Screen;
use super::{
    call, caller_ids, devices, diversion, ended, incoming, keypad, microphone, recents, sign_in,
    starting,
};
use crate::input::focus;
use crate::late::{self, Late, late};
use crate::look::theme;
use crate::parts::{announce, banner, header, menu};
use crate::reactive::keyed;
use crate::ui::Ui;
use leptos::prelude::*;

/// What is not needed to ring, in the order in which it is fetched ahead.
const LATE: &[&Late] = &[
    &KEYPAD,
    &call::TOOLS,
    &call::ABOVE,
    &menu::CONTENTS,
    &ENDED,
    &MICROPHONE,
    &RECENTS,
    &CALLER_IDS,
    &DIVERSION,
    &DEVICES,
    &SIGN_IN,
];

static KEYPAD: Late = late!(keypad, keypad::keypad);
static ENDED: Late = late!(calls, ended::ended);
static MICROPHONE: Late = late!(calls, microphone::microphone);
static RECENTS: Late = late!(menu, recents::recents);
static CALLER_IDS: Late = late!(menu, caller_ids::caller_ids);
static DEVICES: Late = late!(menu, devices::devices);
static DIVERSION: Late = late!(menu, diversion::diversion);
/// Not needed where the host passes everything.
static SIGN_IN: Late = late!(sign_in, sign_in::sign_in);

/// Builds the phone. Screens come and go in it; the header and the live regions stay.
pub(crate) fn phone(ui: Ui) -> AnyView {
    theme::follow(ui);
    focus::follow(ui);
    late::fetch_ahead(ui, LATE);
    view! {
        <div class="phone">
            {header::header(ui)}
            <main class="main">
                {keyed(move || ui.banner(), move |shown| shown.map(|shown| banner::banner(ui, shown)).into_any())}
                <div class="stage">
                    <div class="stage-layer" inert=move || ui.ringing().is_some()>
                        {keyed(move || ui.screen(), move |screen| build(ui, screen))}
                    </div>
                    {keyed(move || ui.ringing(), move |id| id.map(|id| incoming::incoming(ui, id)).into_any())}
                </div>
            </main>
            {announce::announce(ui)}
        </div>
    }
    .into_any()
}

fn build(ui: Ui, screen: Screen) -> AnyView {
    match screen {
        Screen::Starting => starting::starting(),
        Screen::SignIn => SIGN_IN.view(ui),
        Screen::Microphone => MICROPHONE.view(ui),
        Screen::Keypad => KEYPAD.view(ui),
        Screen::Recents => RECENTS.view(ui),
        Screen::CallerIds => CALLER_IDS.view(ui),
        Screen::Diversion => DIVERSION.view(ui),
        Screen::Devices => DEVICES.view(ui),
        Screen::Call(id) => call::call(ui, id),
        Screen::Ended => ENDED.view(ui),
    }
}
