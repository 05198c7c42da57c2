//! Every state of every screen, for looking at and for testing: `#state=keypad&theme=dark`.
//!
//! Not shipped. `accent`, `dir` and `font` (the root's size in px) may be added; without a state
//! the page lists them in `window.states`. What a person does changes the number, the theme and
//! the mute button, and is written to the console.

fn main() {
    #[cfg(target_arch = "wasm32")]
    page::show();
}

#[cfg(target_arch = "wasm32")]
#[path = "gallery/page.rs"]
mod page;
#[cfg(target_arch = "wasm32")]
#[path = "gallery/states.rs"]
mod states;
