//! The whole phone: what is always there, and the screen of the moment.

use crate::banner::{Banner, banner};
use crate::dom::{El, el};
use crate::screen::{Screen, incoming};
use crate::ui::Ui;
use crate::{announce, call, ended, focus, header, keypad, microphone, shortcut, sign_in};
use crate::{incoming as dialog, starting, theme};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::Window;

/// Builds everything, and follows the view model for as long as it stands.
pub(crate) fn phone(ui: Ui, window: Window) -> El {
    theme::follow(ui);
    focus::when_page_takes_focus(&window);
    let shown_at = Rc::new(Cell::new(0.0));
    shortcut::listen(ui, &window, Rc::clone(&shown_at));

    let layer = el("div", "stage-layer")
        .live_flag(ui, "inert", |view| incoming(view).is_some())
        .swap(ui, Screen::of, move |screen| Some(build(ui, screen)));
    let stage = el("div", "stage").with(layer).swap(ui, incoming, move |caller| {
        focus::to_screen();
        caller.map(|id| {
            // The clock that events are stamped with.
            shown_at.set(window.performance().map_or(0.0, |clock| clock.now()));
            dialog::incoming(ui, id)
        })
    });
    let main = el("main", "main")
        .swap(ui, Banner::of, move |shown| shown.map(|shown| banner(ui, shown)))
        .with(stage);
    let [polite, urgent] = announce::announce(ui);
    el("div", "phone").with(header::header(ui)).with(main).with(polite).with(urgent)
}

fn build(ui: Ui, screen: Screen) -> El {
    focus::to_screen();
    match screen {
        Screen::Starting => starting::starting(),
        Screen::SignIn => sign_in::sign_in(ui),
        Screen::Microphone => microphone::microphone(ui),
        Screen::Keypad => keypad::keypad(ui),
        Screen::Call(id) => call::call(ui, id),
        Screen::Ended => ended::ended(ui),
    }
}
