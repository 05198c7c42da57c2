//! What is measured, and Ringlet's half of it: natively and, through wasm-bindgen, in JavaScript.
//!
//! `cargo xtask bench sip` runs everything. The programs beside this library measure natively and
//! print one line of JSON each; `tests/bench/sip.mjs` measures in JavaScript, runs them, and
//! prints the tables.

pub mod call;
pub mod messages;
pub mod reading;
pub mod registrar;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
