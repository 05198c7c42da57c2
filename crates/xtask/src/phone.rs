//! The phone for the browser: Trunk's page, with the wasm split into parts and made small.
//!
//! Trunk builds the page, the style sheet and the phone in one wasm file, and `trunk serve` serves
//! just that. What is shipped is split: screens that are not needed to ring are wasm files of
//! their own, loaded later (crates/ui/src/late.rs). The splitter has to work between the linker
//! and wasm-bindgen, and Trunk knows no step there; so Trunk's glue and wasm are replaced by ours:
//!
//! ```text
//! linker ──▶ split ─┬─▶ main ──▶ wasm-bindgen ──▶ wasm-opt ──▶ app-*.js, app_bg-*.wasm
//!                   └─▶ each part ──────────────▶ wasm-opt ──▶ part-*.wasm
//! ```
//!
//! Shrinking is left to the usual tools, wasm-opt and esbuild. Cutting out by name what is never
//! called, and shortening the names in glue and wasm, would save another 4 KB; but a mistake there
//! cuts live code. Before it is taken, the result is started as far as that goes without a page,
//! and every part is loaded into it (crates/app/check.mjs).

use crate::run::{command, output, root, run, say, target_dir};
use crate::{hash, tools};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use wasm_split_cli_support::{Options, transform};

/// The phone's binary as cargo names it, and the profile it is built with.
const BINARY: &str = "ringlet-app";
const PROFILE: &str = "release-wasm";

/// What rustc enables by itself.
const WASM_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The first KiB is the far end of the stack. Bodies of their own compress better than inlined
/// ones, and what one generic became for many types compresses better side by side.
const SHRINK: &[&str] = &[
    "-Os",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=1",
    "--always-inline-max-function-size=4",
    "-Os",
    "--converge",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
];

/// The names of parts that are loaded late start with this.
const PART: &str = "part-";

/// The glue and the loader of the parts in one file.
const GLUE: &str = "bundle.js";

/// Starts the program, with what the page's first script has begun to compile if it has
/// (`www/early/compile.ts`).
const START: &str = "import init from './app.js';\n\
                     await init({ module_or_path: globalThis.ringletEarly?.module });\n";

/// What Trunk's preloads begin with.
const PRELOADS: &str = "<link rel=\"modulepreload\"";

const SCRIPT_OPEN: &str = "<script type=\"module\">";
const SCRIPT_CLOSE: &str = "</script>";

/// What the linker wrote.
pub(crate) fn linked() -> PathBuf {
    target_dir().join("wasm32-unknown-unknown").join(PROFILE).join(BINARY).with_extension("wasm")
}

/// Whether an asset is a part that is loaded late.
pub(crate) fn is_part(name: &str) -> bool {
    name.starts_with(PART)
}

/// Builds the phone into `dist`: `app/index.html` and `assets/*`.
pub(crate) fn build(dist: &Path) -> Result<()> {
    say("Building the phone for the browser (a few minutes the first time)");
    let trunk = target_dir().join("trunk");
    page(&trunk)?;
    let parts = target_dir().join("parts");
    split(&parts)?;
    bind(&parts)?;
    let phone = target_dir().join("phone");
    shrink(&parts, &phone)?;
    place(&trunk, &phone, dist)
}

/// Trunk's page, and what cargo makes of the phone.
fn page(out: &Path) -> Result<()> {
    run(command("trunk", ["build", "--release", "--offline", "--features", "split", "--dist"])
        .arg(out)
        .env("PATH", tools::path()?)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags()?)
        // An inherited NO_COLOR=1 is not the boolean that Trunk wants.
        .env_remove("NO_COLOR"))
}

/// The splitter needs to know which function refers to which. Panic messages name source files:
/// they shall be the same, and short, whoever builds.
fn flags() -> Result<String> {
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
    let mut flags = String::from("-Clink-args=--emit-relocs");
    for prefix in prefixes {
        flags.push_str(&format!(" --remap-path-prefix={prefix}="));
    }
    Ok(flags)
}

/// Leaves `main.wasm`, a file for each part, and `__wasm_split.js`, which loads them.
fn split(out: &Path) -> Result<()> {
    empty(out)?;
    let wasm = fs::read(linked())?;
    let main = out.join("main.wasm");
    let mut options = Options::new(&wasm);
    options.target.web();
    options.output_dir = out;
    options.main_out_path = &main;
    options.main_module = "./app.js";
    let parts = transform(options).map_err(|error| anyhow::anyhow!("{error:#}"))?;
    say(format_args!("Split into the phone and {} part(s)", parts.split_modules.len()));
    Ok(())
}

/// Makes the glue: `app.js` and `app_bg.wasm`.
fn bind(parts: &Path) -> Result<()> {
    // The parts import the linker's names.
    let flags = ["--target", "web", "--no-typescript", "--keep-lld-exports", "--no-demangle"];
    run(command("wasm-bindgen", flags)
        .args(["--out-name", "app", "--out-dir"])
        .args([parts, &parts.join("main.wasm")])
        .env("PATH", tools::path()?))?;
    fs::remove_file(parts.join("main.wasm"))?;
    number_imports(&parts.join("app.js"), &parts.join("app_bg.wasm"))
}

/// Numbers what glue and wasm call each other by: `__wbg_get_7bc148f64fb0d0b9` becomes
/// `__wbg_get_0000000000000007` in both. wasm-bindgen's hashes do not compress, and they are in both
/// files. The length stays, so nothing else in the wasm moves.
fn number_imports(glue: &Path, wasm: &Path) -> Result<()> {
    let mut text = fs::read_to_string(glue)?;
    let mut code = fs::read(wasm)?;
    let hashes: BTreeSet<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("__wbg_"))
        .filter_map(|word| word.rsplit_once('_').map(|(_, hash)| format!("_{hash}")))
        .filter(|hash| hash.len() == 17 && hash[1..].bytes().all(|b| b.is_ascii_hexdigit()))
        .collect();
    for (number, hash) in hashes.iter().enumerate() {
        let number = format!("_{number:016}");
        text = text.replace(hash, &number);
        let at: Vec<usize> = code
            .windows(17)
            .enumerate()
            .filter(|(_, w)| *w == hash.as_bytes())
            .map(|(at, _)| at)
            .collect();
        for at in at {
            code[at..at + 17].copy_from_slice(number.as_bytes());
        }
    }
    fs::write(glue, text)?;
    fs::write(wasm, code)?;
    Ok(())
}

/// Makes each file smaller, and one file of the glue and the loader of the parts.
fn shrink(parts: &Path, out: &Path) -> Result<()> {
    empty(out)?;
    for wasm in names(parts)?.iter().filter(|name| name.ends_with(".wasm")) {
        run(command("wasm-opt", WASM_FEATURES)
            .arg("-o")
            .args([out.join(wasm), parts.join(wasm)])
            .args(SHRINK)
            .env("PATH", tools::path()?))?;
    }
    for glue in ["app.js", "__wasm_split.js"] {
        fs::copy(parts.join(glue), out.join(glue))?;
    }
    run(command("node", ["crates/app/check.mjs"]).arg(out))?;
    fs::write(out.join("start.js"), START)?;
    run(command("loader/node_modules/.bin/esbuild", ["--bundle", "--minify", "--format=esm"])
        .args(["--target=es2022", "--log-level=warning"])
        // wasm-bindgen names the loader once for each part.
        .arg("--log-override:duplicate-object-key=silent")
        .arg(out.join("start.js"))
        .arg(format!("--outfile={}", out.join(GLUE).display())))
}

/// Puts everything where it is served from, each file named by its content, since browsers keep
/// them for ever.
fn place(trunk: &Path, phone: &Path, dist: &Path) -> Result<()> {
    let assets = dist.join("assets");
    let store = |name: &str, bytes: &[u8]| -> Result<String> {
        let (stem, extension) = name.rsplit_once('.').context("no extension")?;
        let named = format!("{stem}-{}.{extension}", hash::short(bytes));
        fs::write(assets.join(&named), bytes)?;
        Ok(named)
    };
    let mut glue = fs::read_to_string(phone.join(GLUE))?;
    let mut main = None;
    for name in names(phone)?.iter().filter(|name| name.ends_with(".wasm")) {
        let bytes = fs::read(phone.join(name))?;
        let named = match name.as_str() {
            "app_bg.wasm" => main.insert(store(name, &bytes)?).clone(),
            // `split_menu.wasm`, or `chunk_2.wasm` for what several parts share.
            part => store(&format!("{PART}{}", part.trim_start_matches("split_")), &bytes)?,
        };
        ensure!(glue.contains(name.as_str()), "nothing loads {name}");
        glue = glue.replace(name.as_str(), &named);
    }
    let glue = store("app.js", glue.as_bytes())?;
    let main = main.context("wasm-bindgen wrote no app_bg.wasm")?;

    let mut page = fs::read_to_string(trunk.join("index.html"))?;
    for name in names(trunk)?.iter().filter(|name| *name != "index.html") {
        let named = if !name.starts_with(BINARY) {
            let extension = Path::new(name).extension().unwrap_or_default().to_string_lossy();
            let (stem, _) = name.rsplit_once('-').context("Trunk hashes no names")?;
            store(&format!("{stem}.{extension}"), &fs::read(trunk.join(name))?)?
        } else if name.ends_with(".wasm") {
            main.clone()
        } else {
            glue.clone()
        };
        ensure!(page.contains(name.as_str()), "the page does not load {name}");
        page = page.replace(name.as_str(), &named);
    }
    let script = start_script(&page).context("Trunk's start script in index.html")?;
    let page = page.replace(
        &format!("{SCRIPT_OPEN}{script}{SCRIPT_CLOSE}"),
        // Without `async` it would wait for the style sheet.
        &format!("<script type=\"module\" async src=\"/assets/{glue}\"></script>"),
    );
    let page = preload_first(&page).context("Trunk's preloads in index.html")?;
    fs::create_dir_all(dist.join("app"))?;
    fs::write(dist.join("app/index.html"), page)?;
    Ok(())
}

/// Trunk's preloads stand at the end of the head. At its beginning the first script finds the wasm's.
fn preload_first(page: &str) -> Option<String> {
    let (before, rest) = page.split_once(PRELOADS)?;
    let (preloads, after) = rest.split_once("</head>")?;
    let (head, scripts) = before.split_once("<script")?;
    Some(format!("{head}{PRELOADS}{preloads}<script{scripts}</head>{after}"))
}

/// Trunk's inline start script; the glue starts itself ([`START`]).
fn start_script(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(SCRIPT_OPEN)?;
    rest.split_once(SCRIPT_CLOSE).map(|(script, _)| script)
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()?;
    names.sort();
    Ok(names)
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(())
}
