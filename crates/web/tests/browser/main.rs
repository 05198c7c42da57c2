//! The adapters in a real browser: `cargo test -p ringlet-web --target wasm32-unknown-unknown`
//! with wasm-bindgen's test runner and chromedriver (`cargo xtask test` sets both up).
#![cfg(target_arch = "wasm32")]

mod driver;
mod handshake;
mod instance;
mod media;
mod microphone;
mod page;
mod port;
mod prepared;
mod records;
mod routes;
mod socket;
mod storage;
mod streams;
mod support;
mod tones;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
