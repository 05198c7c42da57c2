//! Stands in for the crate `wasm-streams`: the four functions of it that Leptos' server functions
//! call.
//!
//! The phone has no server functions, but Leptos always links what they need. The original exports
//! classes through `#[wasm_bindgen]`, and whatever a wasm module exports stays in it, used or not:
//! 5 KB of brotli. The same with closures is dropped by the linker when nothing calls it.
//! `[patch.crates-io]` in the workspace's Cargo.toml puts this crate in place of the original.

use futures_util::stream::{self, Stream, StreamExt};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{
    ReadableStreamDefaultController, ReadableStreamDefaultReader, ReadableStreamReadResult,
};

/// A JavaScript `ReadableStream`.
#[derive(Debug)]
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    /// Wraps the browser's own type.
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    /// The browser's own type.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    /// A JavaScript stream that takes its chunks from a Rust stream, one whenever it is asked.
    ///
    /// # Panics
    ///
    /// If the browser has no `ReadableStream`.
    pub fn from_stream(stream: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        let slot = Rc::new(Cell::new(Some(stream.boxed_local())));
        let pull = Closure::<dyn FnMut(ReadableStreamDefaultController) -> js_sys::Promise>::new(
            move |controller: ReadableStreamDefaultController| {
                let slot = Rc::clone(&slot);
                future_to_promise(async move {
                    // The browser does not pull again before this promise has settled.
                    let Some(mut stream) = slot.take() else { return Ok(JsValue::UNDEFINED) };
                    match stream.next().await {
                        Some(chunk) => {
                            controller.enqueue_with_chunk(&chunk?)?;
                            slot.set(Some(stream));
                        }
                        None => controller.close()?,
                    }
                    Ok(JsValue::UNDEFINED)
                })
            },
        );
        let source = js_sys::Object::new();
        let _ = js_sys::Reflect::set(&source, &"pull".into(), &pull.into_js_value());
        let raw = web_sys::ReadableStream::new_with_underlying_source(&source);
        Self(raw.expect("the browser has streams"))
    }

    /// The chunks of the stream; an error is the last of them.
    ///
    /// # Panics
    ///
    /// If the stream is already being read.
    pub fn into_stream(self) -> impl Stream<Item = Result<JsValue, JsValue>> {
        let reader: ReadableStreamDefaultReader = self.0.get_reader().unchecked_into();
        stream::unfold(Some(reader), |reader| async move {
            let reader = reader?;
            match JsFuture::from(reader.read()).await {
                Ok(result) => {
                    let result: ReadableStreamReadResult = result.unchecked_into();
                    let more = !result.get_done().unwrap_or(true);
                    more.then(|| (Ok(result.get_value()), Some(reader)))
                }
                Err(error) => Some((Err(error), None)),
            }
        })
    }
}
