//! The phone in the browser: everything wired together, and nothing else.
//!
//! ```text
//! adapter ──Input──▶ queue ──▶ Phone ──Effect──▶ Shell::perform ──▶ adapter
//!                     ▲          └──ViewModel──▶ Shell::settled ──▶ screens ──Intent──┐
//!                     └───────────────────────────────────────────────────────────────┘
//! ```

mod first_screen;

use first_screen::FirstScreen;
use ringlet_phone::{Effect, Input, LineView, MediaEffect, Phone, Setup, ViewModel};
use ringlet_ui::{Dispatch, Set, WriteSignal};
use ringlet_web::page::Page;
use ringlet_web::{Bridge, Clock, Driver, Inbox, Media, Shell, Socket, TabStorage, Tones};
use ringlet_web::{bridge, random, storage};
use web_sys::Window;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() {
    // Both are missing only where there is no page at all, and nobody to tell.
    let Some(window) = web_sys::window() else { return };
    let Some(body) = window.document().and_then(|document| document.body()) else { return };

    let phone = Phone::new(Setup {
        seed: random::bytes(),
        user_agent: concat!("Ringlet/", env!("CARGO_PKG_VERSION")).to_owned(),
        version: VERSION.to_owned(),
        embedded: bridge::host_window(&window).is_some(),
        instance_id: storage::instance_id(),
    });
    let (view, set_view) = ringlet_ui::signal(phone.view());
    let driver = Driver::new(phone, Clock::new(), |inbox| {
        let intents = inbox.clone();
        let dispatch = Dispatch::new(move |intent| intents.push(Input::Intent(intent)));
        let first_screen = FirstScreen::new(move || ringlet_ui::mount(body, view, dispatch));
        Browser::new(&window, inbox, set_view, first_screen)
    });

    let page = Page::watch(&window, &driver.inbox(), {
        let driver = driver.clone();
        move || driver.wake()
    });
    // The phone and what it listens to live as long as the page.
    std::mem::forget((driver, page));
}

/// Does in this browser what the phone wants done.
struct Browser {
    socket: Socket,
    media: Media,
    tones: Tones,
    bridge: Bridge,
    storage: TabStorage,
    view: WriteSignal<ViewModel>,
    first_screen: FirstScreen,
    stale: bool,
}

impl Browser {
    fn new(
        window: &Window,
        inbox: Inbox<Input>,
        view: WriteSignal<ViewModel>,
        first_screen: FirstScreen,
    ) -> Self {
        Self {
            socket: Socket::new(inbox.clone()),
            media: Media::new(inbox.clone()),
            tones: Tones::new(inbox.clone()),
            bridge: Bridge::new(window, VERSION, inbox.clone()),
            storage: TabStorage::new(inbox),
            view,
            first_screen,
            stale: false,
        }
    }
}

impl Shell<Phone> for Browser {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Socket(effect) => self.socket.perform(effect),
            Effect::Media(effect) => {
                if effect == MediaEffect::Unlock {
                    self.tones.unlock();
                }
                self.media.perform(effect);
            }
            Effect::Tone(tone) => self.tones.play(tone),
            Effect::Host(effect) => self.bridge.perform(effect),
            Effect::Store(effect) => self.storage.perform(effect),
            Effect::Log(line) => ringlet_web::log(&line),
            Effect::Render => self.stale = true,
        }
    }

    fn settled(&mut self, phone: &Phone) {
        if std::mem::take(&mut self.stale) {
            let view = phone.view();
            if !matches!(view.line, LineView::Starting | LineView::Connecting) {
                self.first_screen.show();
            }
            self.view.set(view);
        }
    }
}
