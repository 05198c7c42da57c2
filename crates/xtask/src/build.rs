//! `cargo xtask build`: everything that is served, in `dist/`.
//!
//! ```text
//! dist/loader.js            the script a host page adds
//! dist/app/index.html       the phone's page
//! dist/assets/*             what that page loads, each file named by its content; parts that are
//!                           loaded late are named part-*
//! dist/demo/*               the CRM page of the demo
//! dist/npm/*                the loader as a package: ESM and types
//! *.br, *.gz                beside each of them
//! ```

use crate::run::{command, root, run, say};
use crate::{hash, phone, precompress, tools};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// What the build reads; if none of it changed, `dist/` is left as it is.
const INPUTS: &[&str] = &[
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/app",
    "crates/contract",
    "crates/phone",
    "crates/sip",
    "crates/ui",
    "crates/web",
    "crates/wasm-streams",
    "crates/xtask/src",
    "loader/build.mjs",
    "loader/package-lock.json",
    "loader/src",
    "www",
];

/// Where the build leaves what is served.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// Builds `dist/`, unless it is up to date.
pub(crate) fn build() -> Result<()> {
    let inputs = fingerprint()?;
    let stamp = dist().join(".inputs");
    if fs::read_to_string(&stamp).is_ok_and(|built| built == inputs) {
        say("dist/ is up to date");
        return Ok(());
    }
    tools::for_wasm()?;
    tools::npm("loader")?;
    if dist().exists() {
        fs::remove_dir_all(dist())?;
    }
    fs::create_dir_all(dist().join("assets"))?;
    loader()?;
    phone::build(&dist())?;
    copy_folder(&root().join("www/demo"), &dist().join("demo"))?;
    precompress::folder(&dist())?;
    fs::write(stamp, inputs)?;
    Ok(())
}

fn loader() -> Result<()> {
    run(command("node", ["loader/build.mjs"]).arg(dist()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn fingerprint() -> Result<String> {
    let mut digest = Sha256::new();
    for input in INPUTS {
        add(&root().join(input), &mut digest)?;
    }
    Ok(hash::hex(&digest.finalize()))
}

fn add(path: &Path, digest: &mut Sha256) -> Result<()> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
        inside.sort();
        for path in inside {
            add(&path, digest)?;
        }
    } else {
        digest.update(path.to_string_lossy().as_bytes());
        digest.update(fs::read(path).with_context(|| path.display().to_string())?);
    }
    Ok(())
}
