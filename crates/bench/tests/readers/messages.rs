//! The messages that are read.

use crate::generate;
use std::path::{Path, PathBuf};

/// How many messages are made.
const GENERATED: u64 = 4000;

/// One message, sound or not.
pub(crate) struct Message {
    /// Its file, or its number.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Those that are committed, and those that are made.
pub(crate) fn all() -> impl Iterator<Item = Message> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folders = [
        "crates/sip/tests/torture/messages",
        "tests/fuzz/corpus/message",
        "tests/fuzz/regressions/message",
    ];
    let files = folders.into_iter().flat_map(move |folder| files(&root.join(folder)));
    let committed = files.map(|path| Message {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        bytes: std::fs::read(&path).expect("a committed file"),
    });
    let measured = ringlet_bench::messages::all().into_iter().enumerate();
    let measured = measured.map(|(n, bytes)| Message { name: format!("measured {n}"), bytes });
    let generated = (0..GENERATED)
        .map(|seed| Message { name: format!("generated {seed}"), bytes: generate::message(seed) });
    committed.chain(measured).chain(generated)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a committed folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files
}
