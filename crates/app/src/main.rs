//! The phone in the browser: everything wired together, and nothing else.
//!
//! ```text
//! adapter ──Input──▶ queue ──▶ Phone ──Effect──▶ Shell::perform ──▶ adapter
//!                     ▲          └──ViewModel──▶ Shell::settled ──▶ screens ──Intent──┐
//!                     └───────────────────────────────────────────────────────────────┘
//! ```

use ringlet_phone::{Effect, Input, Phone, Setup, ViewModel};
use ringlet_ui::{Dispatch, Set, WriteSignal};
use ringlet_web::page::Page;
use ringlet_web::{Audio, Bridge, Clock, Driver, Inbox, Peers, Shell, Socket, TabStorage};
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
    let driver = Driver::new(phone, Clock::new(), |inbox| Browser::new(&window, inbox, set_view));

    let inbox = driver.inbox();
    let page = Page::watch(&window, &inbox, {
        let driver = driver.clone();
        move || driver.wake()
    });
    // The phone and what it listens to live as long as the page.
    std::mem::forget((driver, page));
    let dispatch = Dispatch::new(move |intent| inbox.push(Input::Intent(intent)));
    ringlet_ui::mount(body, view, dispatch);
}

/// Does in this browser what the phone wants done.
struct Browser {
    socket: Socket,
    peers: Peers,
    audio: Audio,
    bridge: Bridge,
    storage: TabStorage,
    view: WriteSignal<ViewModel>,
    stale: bool,
}

impl Browser {
    fn new(window: &Window, inbox: Inbox<Input>, view: WriteSignal<ViewModel>) -> Self {
        let audio = Audio::new(inbox.clone());
        Self {
            socket: Socket::new(inbox.clone()),
            peers: Peers::new(inbox.clone(), &audio),
            audio,
            bridge: Bridge::new(window, VERSION, inbox.clone()),
            storage: TabStorage::new(inbox),
            view,
            stale: false,
        }
    }
}

impl Shell<Phone> for Browser {
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Socket(effect) => self.socket.perform(effect),
            Effect::Peer(effect) => self.peers.perform(effect),
            Effect::Audio(effect) => self.audio.perform(effect),
            Effect::Host(effect) => self.bridge.perform(effect),
            Effect::Store(effect) => self.storage.perform(effect),
            Effect::Log(line) => ringlet_web::log(&line),
            Effect::Render => self.stale = true,
        }
    }

    fn settled(&mut self, phone: &Phone) {
        if std::mem::take(&mut self.stale) {
            self.view.set(phone.view());
        }
    }
}
