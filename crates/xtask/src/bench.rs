//! `cargo xtask bench`: measurements side by side with others.

use crate::build::dist;
use crate::run::{cargo, command, run, target_dir};
use crate::test::{node, prepare_browser};
use crate::{debian, tools};
use anyhow::{Result, bail};

/// Runs one measurement, or all.
pub(crate) fn bench(only: Option<&str>) -> Result<()> {
    match only {
        None => page().and_then(|()| sip()),
        Some("page") => page(),
        Some("sip") => sip(),
        Some(other) => bail!("no measurement `{other}`; there are: page sip"),
    }
}

/// The phone on a page, beside JsSIP in the page and in a frame, all on Kamailio.
fn page() -> Result<()> {
    prepare_browser(debian::BROWSER)?;
    debian::ensure(debian::SIP)?;
    // An unoptimised server would be part of what is measured.
    run(&mut cargo(["build", "--release", "-p", "ringlet"]))?;
    run(node(["tests/bench/page.mjs"])
        .env("RINGLET_BIN", target_dir().join("release/ringlet"))
        .env("RINGLET_DIST", dist()))
}

/// The SIP crate beside other stacks, in Rust and in JavaScript.
fn sip() -> Result<()> {
    const WASM: &str = "wasm32-unknown-unknown";
    debian::ensure(debian::BROWSER)?;
    tools::for_wasm()?;
    tools::npm("tests")?;
    run(&mut cargo(["build", "--release", "-p", "ringlet-bench", "--bins"]))?;
    // Compiled, bound and shrunk as the phone is.
    let args = ["build", "--profile", "release-wasm", "--target", WASM];
    run(cargo(args).args(["-p", "ringlet-bench", "--lib"]))?;
    let (built, bound) = (target_dir().join(WASM).join("release-wasm"), target_dir().join("bench"));
    run(command("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir"])
        .args([&bound, &built.join("ringlet_bench.wasm")])
        .env("PATH", tools::path()?))?;
    let wasm = bound.join("ringlet_bench_bg.wasm");
    run(command("wasm-opt", ["-Oz", "-o"]).args([&wasm, &wasm]).env("PATH", tools::path()?))?;
    run(node(["tests/bench/sip.mjs"])
        .env("RINGLET_BENCH_WASM", bound)
        .env("RINGLET_BENCH_BIN", target_dir().join("release")))
}
