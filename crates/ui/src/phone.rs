//! The whole phone: what is always there, and the screen of the moment.

use crate::screen::{Screen, incoming};
use crate::ui::Ui;
use crate::{announce, banner, call, ended, focus, header, keypad, microphone, shortcut, sign_in};
use crate::{incoming as dialog, starting, theme};
use leptos::prelude::*;

/// Builds everything, and follows the view model for as long as it stands.
pub(crate) fn phone(ui: Ui) -> AnyView {
    theme::follow(ui);
    let screen = ui.memo(Screen::of);
    let caller = ui.memo(incoming);

    let shown_at = StoredValue::new(0.0);
    shortcut::listen(ui, shown_at);
    focus::when_page_takes_focus();
    Effect::new(move |_| {
        if caller.get().is_some() {
            shown_at.set_value(now());
        }
        screen.track();
        focus::to_screen();
    });

    view! {
        <div class="phone">
            {header::header(ui)}
            <main class="main">
                {banner::banner(ui)}
                <div class="stage">
                    <div class="stage-layer" inert=move || caller.get().is_some()>
                        {move || build(ui, screen.get())}
                    </div>
                    {move || caller.get().map(|id| dialog::incoming(ui, id))}
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
        Screen::SignIn => sign_in::sign_in(ui),
        Screen::Microphone => microphone::microphone(ui),
        Screen::Keypad => keypad::keypad(ui),
        Screen::Call(id) => call::call(ui, id),
        Screen::Ended => ended::ended(ui),
    }
}

/// On the clock that events are stamped with.
fn now() -> f64 {
    window().performance().map_or(0.0, |clock| clock.now())
}
