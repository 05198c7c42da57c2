//! Getting the tools the build needs, once for each version.
//!
//! They are kept outside the checkout (`RINGLET_TOOLS`, else `~/.cache/ringlet`), so that a second
//! clone finds them.

use crate::run::{cargo, command, exists, output, root, run, say};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The newest Trunk that builds with the Rust version named in Cargo.toml.
const TRUNK: &str = "0.21.14";

/// What the licence and ban checks run with.
const CARGO_DENY: &str = "0.20.2";

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the browser's half can be built; quick when nothing is missing.
pub(crate) fn for_wasm() -> Result<()> {
    wasm_target()?;
    let wasm_bindgen = wasm_bindgen_version()?;
    from_crates_io("wasm-bindgen-cli", "wasm-bindgen", &wasm_bindgen, &[], "3 minutes")?;
    from_crates_io("trunk", "trunk", TRUNK, &["--no-default-features"], "5 minutes")?;
    wasm_opt()
}

/// Makes sure that cargo-deny is there.
pub(crate) fn for_deny() -> Result<()> {
    from_crates_io("cargo-deny", "cargo-deny", CARGO_DENY, &["--no-default-features"], "5 minutes")
}

/// The `PATH` on which Trunk, wasm-bindgen, its test runner, wasm-opt and cargo-deny are found.
pub(crate) fn path() -> Result<OsString> {
    let wasm_bindgen = wasm_bindgen_version()?;
    let mut folders = vec![
        home("trunk", TRUNK)?.join("bin"),
        home("wasm-bindgen-cli", &wasm_bindgen)?.join("bin"),
        home("binaryen", &binaryen_version()?)?.join("node_modules/.bin"),
        home("cargo-deny", CARGO_DENY)?.join("bin"),
    ];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    Ok(std::env::join_paths(folders)?)
}

/// Installs the npm packages of a folder unless its lock file has not changed since.
pub(crate) fn npm(folder: &str) -> Result<()> {
    if !exists("npm") {
        bail!("npm is missing: install Node.js 20 or newer");
    }
    let dir = root().join(folder);
    let wanted = std::fs::read(dir.join("package-lock.json"))
        .with_context(|| format!("{folder}/package-lock.json"))?;
    let stamp = dir.join("node_modules/.ringlet-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say(format_args!("Installing the npm packages of {folder}/ (under a minute)"));
    run(command("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&dir))?;
    std::fs::write(stamp, wanted)?;
    Ok(())
}

fn wasm_target() -> Result<()> {
    let sysroot = output(&mut command("rustc", ["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).exists() {
        return Ok(());
    }
    say("Adding the WebAssembly target to the Rust toolchain (under a minute)");
    run(&mut command("rustup", ["target", "add", WASM_TARGET]))
}

/// Installs one binary into its own folder; from a release binary where cargo-binstall can.
fn from_crates_io(
    package: &str,
    binary: &str,
    version: &str,
    flags: &[&str],
    about: &str,
) -> Result<()> {
    let home = home(package, version)?;
    if home.join("bin").join(binary).exists() {
        return Ok(());
    }
    let root_arg = home.to_string_lossy().into_owned();
    if exists("cargo-binstall") {
        say(format_args!("Fetching {package} {version}"));
        let spec = format!("{package}@{version}");
        let args = ["binstall", "--no-confirm", "--root", &root_arg, &spec];
        if run(&mut cargo(args)).is_ok() {
            return Ok(());
        }
    }
    say(format_args!("Building {package} {version}: about {about}, only this once"));
    let install = |locked: bool| {
        let mut args = vec!["install", package, "--version", version, "--root", &root_arg];
        args.extend(flags);
        args.extend(locked.then_some("--locked"));
        // These tools run for seconds; building them fast matters more than their speed.
        run(cargo(args)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "false")
            .env("CARGO_TARGET_DIR", std::env::temp_dir().join("ringlet-tools-build")))
    };
    // A package's own lock file can name a version that has been withdrawn since.
    install(true).or_else(|_| install(false))
}

fn wasm_opt() -> Result<()> {
    let version = binaryen_version()?;
    let home = home("binaryen", &version)?;
    if home.join("node_modules/.bin/wasm-opt").exists() {
        return Ok(());
    }
    say(format_args!("Installing wasm-opt (binaryen {version}, under a minute)"));
    std::fs::create_dir_all(&home)?;
    let spec = format!("binaryen@{version}");
    run(command("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(&home)
        .arg(spec))
}

fn home(package: &str, version: &str) -> Result<PathBuf> {
    let tools = match std::env::var_os("RINGLET_TOOLS") {
        Some(dir) => PathBuf::from(dir),
        None => match std::env::var_os("XDG_CACHE_HOME") {
            Some(dir) => PathBuf::from(dir).join("ringlet"),
            None => PathBuf::from(std::env::var_os("HOME").context("HOME is not set")?)
                .join(".cache/ringlet"),
        },
    };
    Ok(tools.join(format!("{package}-{version}")))
}

/// The wasm-bindgen of Cargo.lock: the command line tool must be of the very same version.
fn wasm_bindgen_version() -> Result<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))?;
    lock.split("[[package]]")
        .find_map(|entry| {
            let rest = entry.trim_start().strip_prefix("name = \"wasm-bindgen\"\nversion = \"")?;
            rest.split('"').next().map(str::to_owned)
        })
        .context("Cargo.lock names no wasm-bindgen")
}

/// The binaryen whose wasm-opt Trunk.toml asks for as `version_N`; npm calls it `N.0.0`.
fn binaryen_version() -> Result<String> {
    let trunk = std::fs::read_to_string(root().join("Trunk.toml"))?;
    let number = trunk
        .split_once("\"version_")
        .and_then(|(_, rest)| rest.split('"').next())
        .context("Trunk.toml names no wasm_opt version")?;
    Ok(format!("{number}.0.0"))
}
