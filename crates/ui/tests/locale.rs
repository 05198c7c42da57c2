//! What the build script lets through, and what it stops.

#![cfg(not(target_arch = "wasm32"))]

#[path = "../build.rs"]
#[expect(dead_code, clippy::print_stdout, reason = "what only a build runs is not run here")]
mod build;

use build::{code, compare, entries};

#[test]
fn a_text_becomes_a_function_named_by_its_path() {
    let english = entries(r#"{"keypad": {"call": "Call"}}"#).expect("well-formed");
    assert!(code(&english).contains("pub(crate) fn keypad_call() -> &'static str"));
}

#[test]
fn a_placeholder_becomes_a_parameter() {
    let english = entries(r#"{"retry": "In {seconds} s, yes, {seconds}"}"#).expect("well-formed");
    assert!(code(&english).contains("pub(crate) fn retry(seconds: &str) -> String"));
}

#[test]
fn a_translation_without_a_key_is_refused() {
    let english = entries(r#"{"a": "A", "b": {"c": "C"}}"#).expect("well-formed");
    let german = entries(r#"{"a": "A"}"#).expect("well-formed");
    assert_eq!(compare(&english, &german), Err("b.c is missing".to_owned()));
}

#[test]
fn a_translation_with_a_key_of_its_own_is_refused() {
    let english = entries(r#"{"a": "A"}"#).expect("well-formed");
    let german = entries(r#"{"a": "A", "z": "Z"}"#).expect("well-formed");
    assert_eq!(compare(&english, &german), Err("z does not exist in en.json".to_owned()));
}

#[test]
fn a_translation_that_loses_a_placeholder_is_refused() {
    let english = entries(r#"{"a": "In {seconds} s"}"#).expect("well-formed");
    let german = entries(r#"{"a": "Gleich"}"#).expect("well-formed");
    assert!(compare(&english, &german).is_err());
    let other_order = entries(r#"{"a": "Noch {seconds} Sekunden"}"#).expect("well-formed");
    assert_eq!(compare(&english, &other_order), Ok(()));
}

#[test]
fn what_is_no_text_is_refused_with_its_key() {
    let problem = entries(r#"{"keypad": {"call": 5}}"#).expect_err("a number is no text");
    assert!(problem.contains("keypad.call"), "{problem}");
    assert!(entries(r#"{"Key": "A"}"#).is_err());
    assert!(entries("[]").is_err());
    assert!(entries("{").is_err());
    let open = entries(r#"{"a": "In {seconds"}"#).expect("well-formed JSON");
    assert!(compare(&open, &open).is_err());
}
