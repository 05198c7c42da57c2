//! The corpus and what once went wrong, through every target, without a fuzzer.

use std::path::{Path, PathBuf};

fn replay(folder: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, target) in ringlet_fuzz::TARGETS {
        let files = files(&here.join(folder).join(name));
        for file in &files {
            let bytes = std::fs::read(file).unwrap();
            if let Err(panic) = std::panic::catch_unwind(|| target(&bytes)) {
                eprintln!("{}", file.display());
                std::panic::resume_unwind(panic);
            }
        }
        println!("{folder}/{name}: {} files", files.len());
        assert!(folder != "corpus" || !files.is_empty(), "the corpus of {name} is gone");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn the_corpus_holds() {
    replay("corpus");
}

#[test]
fn what_once_went_wrong_stays_right() {
    replay("regressions");
}
