//! `cargo xtask build`: everything that is served, in `dist/`.
//!
//! ```text
//! dist/loader.js            the script a host page adds
//! dist/app/index.html       the phone's page
//! dist/assets/*             what that page loads, each file named by its content
//! dist/demo/*               the CRM page of the demo
//! dist/npm/*                the loader as a package: ESM and types
//! *.br, *.gz                beside each of them
//! ```

use crate::run::{command, output, root, run, say, target_dir};
use crate::{precompress, tools};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// What the build reads; if none of it changed, `dist/` is left as it is.
const INPUTS: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "crates/app",
    "crates/contract",
    "crates/phone",
    "crates/sip",
    "crates/ui",
    "crates/web",
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
    phone()?;
    copy_folder(&root().join("www/demo"), &dist().join("demo"))?;
    precompress::folder(&dist())?;
    fs::write(stamp, inputs)?;
    Ok(())
}

fn loader() -> Result<()> {
    run(command("node", ["loader/build.mjs"]).arg(dist()))
}

fn phone() -> Result<()> {
    say("Building the phone for the browser (a few minutes the first time)");
    let out = target_dir().join("trunk");
    run(command("trunk", ["build", "--release", "--offline", "--dist"])
        .arg(&out)
        .env("PATH", tools::path()?)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_machine_paths()?)
        // An inherited NO_COLOR=1 is not the boolean that Trunk wants.
        .env_remove("NO_COLOR"))?;
    fs::create_dir_all(dist().join("app"))?;
    let mut page = fs::read_to_string(out.join("index.html"))?;
    for file in fs::read_dir(&out)? {
        let file = file?;
        if file.file_name() != "index.html" && file.file_type()?.is_file() {
            let bytes = fs::read(file.path())?;
            let name = file.file_name().to_string_lossy().into_owned();
            let named = by_content(&name, &bytes).with_context(|| name.clone())?;
            fs::write(dist().join("assets").join(&named), bytes)?;
            page = page.replace(&name, &named);
        }
    }
    let page = move_script_out(&page).context("Trunk's start script in index.html")?;
    fs::write(dist().join("app/index.html"), page)?;
    Ok(())
}

/// Panic messages name source files: they shall be the same, and short, whoever builds.
fn without_machine_paths() -> Result<String> {
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")))?;
    let sysroot = output(&mut command("rustc", ["--print", "sysroot"]))?;
    let mut prefixes = vec![format!("{}/lib/rustlib/src/rust/library", sysroot.trim())];
    prefixes.push(root().display().to_string());
    // One folder for each registry.
    for index in fs::read_dir(format!("{home}/registry/src")).into_iter().flatten() {
        prefixes.push(index?.path().display().to_string());
    }
    // The variable is split at blanks; a path that has one stays as it is.
    prefixes.retain(|prefix| !prefix.contains(char::is_whitespace));
    let flags: Vec<String> =
        prefixes.iter().map(|prefix| format!("--remap-path-prefix={prefix}=")).collect();
    Ok(flags.join(" "))
}

/// Puts Trunk's inline start script into a file of its own, so that the page's content security
/// policy needs neither `'unsafe-inline'` nor a nonce.
fn move_script_out(page: &str) -> Result<String> {
    const OPEN: &str = "<script type=\"module\">";
    const CLOSE: &str = "</script>";
    let start = page.find(OPEN).context("there is none")?;
    let length = page[start..].find(CLOSE).context("it does not end")?;
    let script = page[start + OPEN.len()..start + length].trim();
    let name = format!("start-{}.js", short_hash(script.as_bytes()));
    fs::write(dist().join("assets").join(&name), script)?;
    Ok(format!(
        // Otherwise it would wait for the style sheet.
        "{}<script type=\"module\" async src=\"/assets/{name}\"></script>{}",
        &page[..start],
        &page[start + length + CLOSE.len()..]
    ))
}

/// Trunk names a file by what it was before the last step of the build; browsers keep it for ever, so
/// the name must say what it is now.
fn by_content(name: &str, bytes: &[u8]) -> Option<String> {
    // 64 bits in hexadecimal, without leading zeros.
    let is_hash =
        |part: &&str| (8..=16).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit());
    let old = name.split(['-', '_', '.']).find(is_hash)?;
    Some(name.replace(old, &short_hash(bytes)))
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
    let mut hash = Sha256::new();
    for input in INPUTS {
        add(&root().join(input), &mut hash)?;
    }
    Ok(hex(&hash.finalize()))
}

fn add(path: &Path, hash: &mut Sha256) -> Result<()> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
        inside.sort();
        for path in inside {
            add(&path, hash)?;
        }
    } else {
        hash.update(path.to_string_lossy().as_bytes());
        hash.update(fs::read(path).with_context(|| path.display().to_string())?);
    }
    Ok(())
}

fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
