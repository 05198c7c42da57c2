//! Every state of every screen, for looking at and for testing: `#state=keypad&theme=dark`.
//!
//! Not shipped. `accent`, `dir` and `font` (the root's size in px) may be added. The names of all
//! states are in the root's `data-states`. A new address in the same page moves the same phone
//! into another state. What a person does changes the number, the theme and the mute button, and
//! is written to the console.

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
