//! Sizes as budgets: the one place that says how large what we serve may be.

use crate::build::dist;
use crate::run::say;
use anyhow::{Result, bail};
use std::fs;

/// The loader, gzip, in bytes.
const LOADER_GZIP: u64 = 5_000;

/// Everything the frame loads before it can ring, brotli, in bytes: page, scripts, wasm, styles.
const FRAME_BROTLI: u64 = 130_000;

/// Compares what `dist/` holds with the budgets.
pub(crate) fn check() -> Result<()> {
    let loader = size("loader.js.gz")?;
    let mut frame = size("app/index.html.br")?;
    say(format_args!("{frame:>9}  index.html, brotli"));
    let mut assets: Vec<_> = fs::read_dir(dist().join("assets"))?
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()?;
    assets.sort();
    for name in assets.iter().filter(|name| name.ends_with(".br")) {
        let bytes = size(&format!("assets/{name}"))?;
        say(format_args!("{bytes:>9}  {name}"));
        frame += bytes;
    }
    say(format_args!("{frame:>9}  the frame, brotli (budget {FRAME_BROTLI})"));
    say(format_args!("{loader:>9}  loader.js, gzip (budget {LOADER_GZIP})"));
    if loader > LOADER_GZIP || frame > FRAME_BROTLI {
        bail!("a size budget is exceeded");
    }
    say("2 passed, 0 failed");
    Ok(())
}

fn size(name: &str) -> Result<u64> {
    let path = dist().join(name);
    match fs::metadata(&path) {
        Ok(file) => Ok(file.len()),
        Err(error) => bail!("{name} is not in dist/ ({error}): run `cargo xtask build`"),
    }
}
