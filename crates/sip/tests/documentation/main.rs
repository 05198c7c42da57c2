//! What the documentation says of the tests is true.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// `file::name` of every test below a folder. Tests without a file of their own bear their
/// folder's name too: `main::name`, or `folder::name` of a `mod.rs`.
fn collect(folder: &Path, tests: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder of this crate") {
        let path = entry.expect("an entry of it").path();
        if path.is_dir() {
            collect(&path, tests);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
            let parent = folder.file_name().and_then(|name| name.to_str()).expect("a plain name");
            let file = if stem == "mod" { parent } else { stem };
            let text = fs::read_to_string(&path).expect("a source");
            let after_attribute = text.split("#[test]").skip(1);
            for test in after_attribute.filter_map(|rest| rest.split_once("fn ")) {
                let name = test.1.split('(').next().unwrap_or_default();
                tests.insert(format!("{file}::{name}"));
            }
        }
    }
}

#[test]
fn every_test_that_the_table_of_rfcs_names_exists() {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeSet::new();
    collect(&crate_root.join("src"), &mut tests);
    collect(&crate_root.join("tests"), &mut tests);
    let table = fs::read_to_string(crate_root.join("src/rfcs.rs")).expect("the table");
    let quoted = table.split('`').skip(1).step_by(2);
    let named: Vec<&str> = quoted.filter(|name| name.contains("::")).collect();
    assert!(named.len() > 100, "the table has shrunk to {}", named.len());
    let missing: Vec<_> = named.iter().filter(|name| !tests.contains(**name)).collect();
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
    let rows = table.lines().filter(|line| line.starts_with("//! |")).count();
    let with_tests = table.lines().filter(|l| l.starts_with("//! |") && l.contains("::")).count();
    // Three tables, with a head of two lines each.
    assert_eq!(rows, with_tests + 6, "a row names no test");
}
