//! `cargo xtask test`.

use crate::run::{cargo, command, root, run, say, target_dir};
use crate::{build, codegen, debian, fuzz, layers, lint, sizes, tools};
use anyhow::{Result, bail};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

type Suite = (&'static str, fn() -> Result<()>);

/// In the order they run: what fails fast comes first.
const SUITES: &[Suite] = &[
    ("layers", layers::check),
    ("unit", unit),
    ("codegen", codegen::check),
    ("wasm", wasm),
    ("loader", loader),
    ("sizes", sizes),
    ("ui", ui),
    ("e2e", e2e),
    ("fuzz", fuzz::replay),
    ("sip", sip),
    ("lint", lint::lint),
];

/// How many files of browser tests run side by side at most; each has a browser in memory.
const MOST_FILES: usize = 4;

/// Runs every suite, or one.
pub(crate) fn test(only: Option<&str>) -> Result<()> {
    let suites: Vec<&Suite> =
        SUITES.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)).collect();
    if suites.is_empty() {
        let names: Vec<&str> = SUITES.iter().map(|(name, _)| *name).collect();
        bail!("no suite `{}`; there are: {}", only.unwrap_or_default(), names.join(" "));
    }
    let mut took = Vec::new();
    for (name, suite) in suites {
        say(format_args!("\n=== {name}"));
        let started = Instant::now();
        suite().map_err(|error| error.context(format!("suite {name}")))?;
        took.push(format!("{name} {} s", started.elapsed().as_secs()));
    }
    say(format_args!("\nAll suites passed: {}", took.join(", ")));
    Ok(())
}

/// Without the browser's crates. The readers of other SIP stacks are held to ours in ringlet-bench.
fn unit() -> Result<()> {
    let mut args = vec!["test", "--workspace"];
    for package in ["ringlet-web", "ringlet-app"] {
        args.extend(["--exclude", package]);
    }
    run(&mut cargo(args))
}

/// The pure crates in Node, the browser's crate in Chromium.
fn wasm() -> Result<()> {
    debian::ensure(debian::BROWSER)?;
    tools::for_wasm()?;
    let wasm_test = |package: &str| -> Result<()> {
        run(cargo(["test", "--target", "wasm32-unknown-unknown", "-p", package, "--tests"])
            .env("PATH", tools::path()?)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
            .env("CHROMEDRIVER", "/usr/bin/chromedriver")
            // For the whole binary, on a busy machine.
            .env("WASM_BINDGEN_TEST_TIMEOUT", "240"))
    };
    wasm_test("ringlet-sip")?;
    wasm_test("ringlet-phone")?;
    wasm_test("ringlet-web")
}

fn loader() -> Result<()> {
    tools::npm("loader")?;
    run(command("npm", ["test", "--silent"]).current_dir(root().join("loader")))
}

fn sizes() -> Result<()> {
    build::build()?;
    sizes::check()
}

/// The screens alone, with canned view models.
fn ui() -> Result<()> {
    debian::ensure(debian::BROWSER)?;
    tools::for_wasm()?;
    tools::npm("tests")?;
    run(browser_tests("ui")?.env("PATH", tools::path()?))
}

fn e2e() -> Result<()> {
    prepare_browser(debian::BROWSER)?;
    run(&mut browser_tests("e2e")?)
}

fn sip() -> Result<()> {
    prepare_browser(debian::BROWSER)?;
    debian::ensure(debian::SIP)?;
    run(&mut cargo(["build", "-p", "ringlet-sip", "--examples"]))?;
    run(&mut browser_tests("sip")?)
}

/// Everything a suite with a whole product in a real browser needs.
pub(crate) fn prepare_browser(needs: &[debian::Need]) -> Result<()> {
    debian::ensure(needs)?;
    build::build()?;
    tools::npm("tests")?;
    run(&mut cargo(["build", "-p", "ringlet", "-p", "ringlet-switch"]))
}

/// Node with what the suites find Ringlet's programs by.
pub(crate) fn node<'a>(args: impl IntoIterator<Item = &'a str>) -> Command {
    let mut node = command("node", args);
    let built = target_dir().join("debug");
    node.env("RINGLET_BIN", built.join("ringlet"))
        .env("RINGLET_SWITCH_BIN", built.join("ringlet-switch"))
        .env("RINGLET_CALL", built.join("examples/call"))
        .env("RINGLET_CONSOLE", built.join("examples/console"));
    node
}

/// The test files of a folder under `tests/`, as many side by side as there are processors. Each file
/// has servers and a browser of its own.
fn browser_tests(folder: &str) -> Result<Command> {
    let side_by_side = std::thread::available_parallelism().map_or(1, NonZero::get).min(MOST_FILES);
    let mut node = node(["--test", &format!("--test-concurrency={side_by_side}")]);
    node.args(test_files(folder)?);
    Ok(node)
}

fn test_files(folder: &str) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(root().join("tests").join(folder))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}
