//! Screens that are loaded late: wasm files of their own, fetched ahead when the phone is idle.
//!
//! Every screen that is not needed to ring is a candidate. To make one late, write it as any other,
//! a function from [`Ui`] to a view, and reach it through a [`Late`]:
//!
//! ```ignore
//! static SETTINGS: Late = late!(settings, settings::settings);
//! // where it was `settings::settings(ui)`:
//! SETTINGS.view(ui)
//! ```
//!
//! The first name is the part's: its file is `part-settings-*.wasm`, and screens that name the same
//! part share it. Add the `Late` to the list in `screens/phone.rs`, and it is fetched ahead. A
//! screen that takes the focus calls [`crate::input::focus::to_screen`] itself, since it may come
//! some time after the change of screens.
//!
//! `late!` is Leptos' `#[lazy]` with one difference: a part that cannot be fetched is an error here
//! and a panic there, which would end a call for want of a menu. There is a file to fetch only with
//! the feature `split`, which `cargo xtask build` sets. In any other build (`trunk serve`, the
//! gallery, the tests) all screens are in one file, and a late screen comes a microtask later.

use crate::reactive::{follow, handler};
use crate::ui::Ui;
use crate::words::text;
use leptos::leptos_dom::helpers::request_idle_callback_with_handle;
use leptos::prelude::*;
use leptos::reactive::computed::ScopedFuture;
use leptos::task::spawn_local;
pub(crate) use leptos::wasm_split::SplitLoaderError;
use ringlet_phone::LineStatus;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// For browsers that do not say when they are idle.
const IDLE_AFTER: Duration = Duration::from_secs(2);

type Loading<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A screen in a part of its own; made by [`late!`].
pub(crate) struct Late {
    pub(crate) build: fn(Ui) -> Loading<AnyView>,
    pub(crate) fetch: fn() -> Loading<()>,
}

impl Late {
    /// The screen, as soon as it has been loaded; if that fails, a button to try again.
    ///
    /// Leptos' `Suspend` does this too, with 2.6 KB more.
    pub(crate) fn view(&'static self, ui: Ui) -> AnyView {
        let arrived = StoredValue::new_local(None);
        let changed = Trigger::new();
        // What the screen owns goes with what is around it, also if it is loaded by a press.
        let owner = Owner::current().unwrap_or_default();
        let load: Arc<dyn Fn() + Send + Sync> = Arc::new(move || {
            let screen = owner.with(|| ScopedFuture::new_untracked((self.build)(ui)));
            spawn_local(async move {
                arrived.try_set_value(Some(screen.await));
                changed.notify();
            });
        });
        load();
        let part: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || {
            changed.track();
            match arrived.try_update_value(Option::take).flatten() {
                Some(Ok(screen)) => screen,
                Some(Err(_)) => {
                    let load = load.clone();
                    failed(move || load())
                }
                None => ().into_any(),
            }
        });
        part.into_any()
    }

    fn fetch(&self) {
        let fetched = (self.fetch)();
        // What fails now is tried again when it is wanted.
        spawn_local(async { drop(fetched.await) });
    }
}

/// Makes the [`Late`] of a screen in the part of this name.
// rustfmt would move the attribute further to the right each time.
#[rustfmt::skip]
macro_rules! late {
    ($part:ident, $screen:path) => {{
        #[cfg(feature = "split")]
        #[::leptos::wasm_split::wasm_split(
            $part,
            fallible,
            preload(fetch),
            wasm_split_path = ::leptos::wasm_split
        )]
        fn build(ui: $crate::ui::Ui) -> Result<AnyView, $crate::late::SplitLoaderError> {
            Ok(untrack(|| $screen(ui)))
        }

        #[cfg(not(feature = "split"))]
        async fn build(ui: $crate::ui::Ui) -> Result<AnyView, $crate::late::SplitLoaderError> {
            Ok(untrack(|| $screen(ui)))
        }

        #[cfg(not(feature = "split"))]
        async fn fetch() -> Result<(), $crate::late::SplitLoaderError> {
            Ok(())
        }

        $crate::late::Late { build: |ui| Box::pin(build(ui)), fetch: || Box::pin(fetch()) }
    }};
}
pub(crate) use late;

/// Fetches these screens once the line is up, or it is clear that it will not come by itself.
pub(crate) fn fetch_ahead(ui: Ui, screens: &'static [&'static Late]) {
    let mut is_due = true;
    follow(move || {
        let status = ui.line.with(|line| line.status);
        let is_starting = matches!(status, LineStatus::Starting | LineStatus::Connecting);
        if !is_starting && std::mem::take(&mut is_due) {
            let fetch = || screens.iter().for_each(|screen| screen.fetch());
            if request_idle_callback_with_handle(fetch).is_err() {
                set_timeout(fetch, IDLE_AFTER);
            }
        }
    });
}

fn failed(try_again: impl Fn() + 'static) -> AnyView {
    view! {
        <div class="notice-body" role="alert">
            <p class="notice-text">{text::late_failed()}</p>
            <button
                type="button"
                class="button button-primary"
                on:click=handler(move |_| try_again())
            >
                {text::late_try_again()}
            </button>
        </div>
    }
    .into_any()
}
