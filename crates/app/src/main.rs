//! The phone in the browser: everything wired together, and nothing else.
//!
//! ```text
//! adapter ──Input──▶ queue ──▶ Phone ──Effect──▶ Shell::perform ──▶ adapter
//!                     ▲          └──Slice──▶ screens ──Intent──┐
//!                     └────────────────────────────────────────┘
//! ```

mod first_screen;

use first_screen::FirstScreen;
use ringlet_phone::{Effect, Input, LineStatus, Phone, Setup, Slice};
use ringlet_ui::Slices;
use ringlet_web::page::Page;
use ringlet_web::{Audio, Bridge, Clock, Driver, Inbox, Peers, Records, Shell, Socket, TabStorage};
use ringlet_web::{bridge, crash, instance_id, random};
use web_sys::{HtmlElement, Window};

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn main() {
    // Both are missing only where there is no page at all, and nobody to tell.
    let Some(window) = web_sys::window() else { return };
    let Some(body) = window.document().and_then(|document| document.body()) else { return };

    ringlet_web::spawn(async move {
        match (random::bytes(), instance_id().await) {
            (Some(seed), Some(instance_id)) => start(&window, body, seed, instance_id),
            _ => refuse(&window, &body),
        }
    });
}

fn start(window: &Window, body: HtmlElement, seed: [u8; 32], instance_id: String) {
    let phone = Phone::new(Setup {
        seed,
        user_agent: concat!("Ringlet/", env!("CARGO_PKG_VERSION")).to_owned(),
        version: VERSION.to_owned(),
        embedded: bridge::host_window(window).is_some(),
        instance_id,
    });
    let slices = Slices::new(phone.view());
    let driver = Driver::new(phone, Clock::new(), |inbox| {
        let (intents, body) = (inbox.clone(), body.clone());
        let dispatch = move |intent| intents.push(Input::Intent(intent));
        let first_screen = FirstScreen::new(move || ringlet_ui::mount(body, slices, dispatch));
        Browser::new(window, inbox, slices, first_screen)
    });

    let page = Page::watch(window, &driver.inbox(), {
        let driver = driver.clone();
        move || driver.wake()
    });
    let location = window.location();
    let watch = crash::Watch::start(window, &driver, move || {
        // Refused only while the page is being left anyway.
        ringlet_ui::show_crash(&body, move || drop(location.reload()));
    });
    // The phone and what it listens to live as long as the page.
    std::mem::forget((driver, page, watch));
}

/// Without a secure random source everything that must not be guessed could be: there is no phone,
/// and person and host are told why.
fn refuse(window: &Window, body: &HtmlElement) {
    ringlet_ui::show_unsupported(body);
    std::mem::forget(Bridge::refusing(window, VERSION));
}

/// Does in this browser what the phone wants done.
struct Browser {
    socket: Socket,
    peers: Peers,
    audio: Audio,
    bridge: Bridge,
    storage: TabStorage,
    records: Records,
    inbox: Inbox<Input>,
    slices: Slices,
    first_screen: FirstScreen,
}

impl Browser {
    fn new(
        window: &Window,
        inbox: Inbox<Input>,
        slices: Slices,
        first_screen: FirstScreen,
    ) -> Self {
        let audio = Audio::new(inbox.clone());
        Self {
            socket: Socket::new(inbox.clone()),
            peers: Peers::new(inbox.clone(), &audio),
            audio,
            bridge: Bridge::new(window, VERSION, inbox.clone()),
            storage: TabStorage::new(inbox.clone()),
            records: Records::new(inbox.clone()),
            inbox,
            slices,
            first_screen,
        }
    }

    fn render(&self, slice: Slice) {
        if let Slice::Line(line) = &slice
            && !matches!(line.status, LineStatus::Starting | LineStatus::Connecting)
        {
            self.first_screen.show();
        }
        self.slices.update(slice);
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
            Effect::Record(effect) => self.records.perform(effect),
            Effect::LoadLate => ringlet_web::load_late(self.inbox.clone()),
            Effect::Log(line) => ringlet_web::log(&line),
            Effect::Render(slice) => self.render(slice),
        }
    }

    fn settled(&mut self, _: &Phone) {}
}
