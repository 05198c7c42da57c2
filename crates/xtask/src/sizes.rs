//! Sizes as budgets: the one place that says how large what we serve may be.

use crate::build::dist;
use crate::phone;
use crate::run::say;
use anyhow::{Context as _, Result, bail};
use std::collections::HashMap;
use std::fs;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// The loader's first file, gzip, in bytes.
const LOADER_GZIP: u64 = 6_000;

/// Everything the frame loads before it can ring, brotli, in bytes: page, scripts, wasm, styles.
/// Parts that are loaded late do not count; that the phone rings without them is tested in
/// tests/e2e/parts.test.mjs.
///
/// One place that cuts text by an index that could panic (`&text[a..b]`, `split_at`) costs 3 KB of it,
/// for the words of that panic, and one that searches for a text (`contains("ab")`) another 1 KB.
const FRAME_BROTLI: u64 = 210_000;

/// The crate whose share of the wasm is told.
const SHARE_OF: &str = "ringlet_sip";

/// Compares what `dist/` holds with the budgets.
pub(crate) fn check() -> Result<()> {
    let loader = size("loader.js.gz")?;
    let mut frame = size("app/index.html.br")?;
    say(format_args!("{frame:>9}  index.html, brotli"));
    let mut assets: Vec<_> = fs::read_dir(dist().join("assets"))?
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()?;
    assets.sort();
    let mut late = 0;
    for name in assets.iter().filter(|name| name.ends_with(".br")) {
        let bytes = size(&format!("assets/{name}"))?;
        say(format_args!("{bytes:>9}  {name}"));
        *(if phone::is_part(name) { &mut late } else { &mut frame }) += bytes;
    }
    say(format_args!("{late:>9}  parts loaded late, brotli"));
    say(format_args!("{frame:>9}  the frame before it can ring, brotli (budget {FRAME_BROTLI})"));
    say(format_args!("{loader:>9}  loader.js, gzip (budget {LOADER_GZIP})"));
    let (of_crate, all) = code_share(SHARE_OF)?;
    let percent = of_crate * 100 / all.max(1);
    say(format_args!("{of_crate:>9}  {SHARE_OF}, code before wasm-opt: {percent} % of {all}"));
    if loader > LOADER_GZIP || frame > FRAME_BROTLI {
        bail!("a size budget is exceeded");
    }
    say("2 passed, 0 failed");
    Ok(())
}

/// How many bytes of code the linker wrote for functions of a crate, and for all functions. What
/// other crates' generics became for its types counts as its own.
fn code_share(name: &str) -> Result<(u64, u64)> {
    let path = phone::linked();
    let wasm = fs::read(&path).with_context(|| format!("{}", path.display()))?;
    let (mut imported, mut bodies) = (0, Vec::new());
    let mut names = HashMap::new();
    for payload in Parser::new(0).parse_all(&wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes().len() as u64),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(section) = section.as_known() else { continue };
                for subsection in section {
                    let Name::Function(functions) = subsection? else { continue };
                    for naming in functions {
                        let naming = naming?;
                        names.insert(naming.index, naming.name.contains(name));
                    }
                }
            }
            _ => {}
        }
    }
    if names.is_empty() {
        bail!("{} names no functions", path.display());
    }
    let of_crate = (imported..).zip(&bodies).filter(|(index, _)| names.get(index) == Some(&true));
    Ok((of_crate.map(|(_, bytes)| bytes).sum(), bodies.iter().sum()))
}

fn size(name: &str) -> Result<u64> {
    let path = dist().join(name);
    match fs::metadata(&path) {
        Ok(file) => Ok(file.len()),
        Err(error) => bail!("{name} is not in dist/ ({error}): run `cargo xtask build`"),
    }
}
