//! Formatting, lints, layers, licences.

use crate::run::{cargo, run};
use crate::{fuzz, layers, tools};
use anyhow::Result;

/// Crates that only make sense in a browser; clippy looks at them for that target.
const BROWSER: &[&str] = &["ringlet-web", "ringlet-ui", "ringlet-app"];

/// Formats the Rust code.
pub(crate) fn format() -> Result<()> {
    run(&mut cargo(["fmt", "--all"]))?;
    run(cargo(["fmt", "--manifest-path"]).arg(fuzz::manifest()))
}

/// Everything that can be said of the code without running it.
pub(crate) fn lint() -> Result<()> {
    run(&mut cargo(["fmt", "--all", "--check"]))?;
    run(cargo(["fmt", "--check", "--manifest-path"]).arg(fuzz::manifest()))?;
    layers::check()?;
    let mut native = vec!["clippy", "--workspace", "--all-targets"];
    let mut wasm = vec!["clippy", "--target", "wasm32-unknown-unknown", "--all-targets"];
    for package in BROWSER {
        native.extend(["--exclude", package]);
        wasm.extend(["--package", package]);
    }
    for mut args in [native, wasm] {
        args.extend(["--", "-D", "warnings"]);
        run(&mut cargo(args))?;
    }
    fuzz::lint()?;
    tools::for_deny()?;
    // Advisories need the advisory database from the network; they are a job of their own.
    run(cargo(["deny", "--offline", "check", "bans", "licenses", "sources"])
        .env("PATH", tools::path()?))
}
