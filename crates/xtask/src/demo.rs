//! `cargo xtask demo`: from a fresh clone to a phone that rings.

use crate::build;
use crate::run::{cargo, exists, run, say, target_dir};
use anyhow::{Result, bail};

/// Sets up, builds and serves until interrupted.
pub(crate) fn demo(args: &[String]) -> Result<()> {
    if !exists("node") {
        bail!("Node.js is missing: install version 20 or newer");
    }
    say("Ringlet demo: tools (first time only), phone, server. About 10 minutes on two cores");
    say("the first time, seconds afterwards.\n");
    say("[1/3] The phone and the loader");
    build::build()?;
    say("[2/3] The server and the built-in SIP switch");
    run(&mut cargo(["build", "-p", "ringlet"]))?;
    say("[3/3] Serving; Ctrl+C ends it\n");
    let server =
        target_dir().join("debug").join(if cfg!(windows) { "ringlet.exe" } else { "ringlet" });
    let mut command = std::process::Command::new(server);
    run(command.arg("demo").args(args))
}
