//! The stand-in for `wasm-streams` (crates/wasm-streams), which the phone links and never calls.

use futures_util::stream::{self, StreamExt};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;
use wasm_streams::ReadableStream;

async fn through_the_browser(chunks: Vec<Result<JsValue, JsValue>>) -> Vec<Result<f64, f64>> {
    let raw = ReadableStream::from_stream(stream::iter(chunks)).into_raw();
    let number = |value: JsValue| value.as_f64().expect("a number went in");
    ReadableStream::from_raw(raw)
        .into_stream()
        .map(|chunk| chunk.map(number).map_err(number))
        .collect()
        .await
}

#[test]
async fn chunks_come_out_of_a_stream_as_they_went_in() {
    let chunks = (0..3).map(|number| Ok(number.into())).collect();
    assert_eq!(through_the_browser(chunks).await, [Ok(0.0), Ok(1.0), Ok(2.0)]);
}

#[test]
async fn an_error_ends_a_stream() {
    let chunks = vec![Ok(1.into()), Err(2.into()), Ok(3.into())];
    // The browser forgets a chunk that nobody has read when the error comes.
    let out = through_the_browser(chunks).await;
    assert_eq!(out.last(), Some(&Err(2.0)));
    assert!(!out.contains(&Ok(3.0)));
}
