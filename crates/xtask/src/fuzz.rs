//! `cargo xtask fuzz`.

use crate::run::{cargo, command, output, root, run, say, target_dir};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Every target, in the order they run.
const TARGETS: &[&str] = &["message", "headers", "bodies", "agent"];

/// What the compiler adds so that libFuzzer sees which way the bytes went. It works on the stable
/// compiler; there is no unsafe code for a sanitizer to watch.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
];

/// Memory and time that no input may take: whatever grows without bound is found.
const LIMITS: &[&str] = &["-rss_limit_mb=768", "-timeout=5", "-max_len=8192", "-len_control=50"];

/// `[target] [--seconds N]`, `--replay`, or `--merge [target]`.
pub(crate) fn fuzz(args: &[String]) -> Result<()> {
    let mut targets = Vec::new();
    let (mut seconds, mut merge) = (60, false);
    let mut args = args.iter().map(String::as_str);
    while let Some(arg) = args.next() {
        match arg {
            "--replay" => return replay(),
            "--merge" => merge = true,
            "--seconds" => seconds = args.next().context("--seconds wants a number")?.parse()?,
            target => match TARGETS.iter().find(|name| **name == target) {
                Some(name) => targets.push(*name),
                None => bail!("no target `{target}`; there are: {}", TARGETS.join(" ")),
            },
        }
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    let built = build()?;
    for target in targets {
        match merge {
            true => merge_new(&built, target)?,
            false => search(&built, target, seconds)?,
        }
    }
    Ok(())
}

/// The committed corpus and what once went wrong, on the plain compiler.
pub(crate) fn replay() -> Result<()> {
    run(cargo(["test", "--quiet", "--manifest-path"])
        .arg(manifest())
        .args(["--test", "replay", "--", "--nocapture"])
        .env("CARGO_TARGET_DIR", target_dir().join("fuzz")))
}

/// Clippy on the package, which the workspace does not know.
pub(crate) fn lint() -> Result<()> {
    run(cargo(["clippy", "--all-targets", "--manifest-path"])
        .arg(manifest())
        .args(["--", "-D", "warnings"])
        .env("CARGO_TARGET_DIR", target_dir().join("fuzz")))
}

/// Looks for bytes that go a new way, for so long. They are kept in `new/`, and a failure in
/// `new/failed/`.
fn search(built: &Path, target: &str, seconds: u32) -> Result<()> {
    let (new, failed) = (folder().join("new").join(target), folder().join("new/failed"));
    std::fs::create_dir_all(&new)?;
    std::fs::create_dir_all(&failed)?;
    say(format_args!("\n=== {target}, for {seconds} s"));
    run(command(&built.join(target).to_string_lossy(), LIMITS)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/{target}-", failed.display()))
        .arg(format!("-dict={}", folder().join("sip.dict").display()))
        .arg(new)
        .arg(folder().join("corpus").join(target)))
}

/// Makes the committed corpus anew from the least that goes all the ways known.
fn merge_new(built: &Path, target: &str) -> Result<()> {
    let corpus = folder().join("corpus").join(target);
    let least = folder().join("new").join(format!("{target}-least"));
    std::fs::create_dir_all(&least)?;
    run(command(&built.join(target).to_string_lossy(), LIMITS)
        // By edges alone: counters would keep thousands of files.
        .args(["-set_cover_merge=1", "-use_counters=0", "-use_cmp=0"])
        .arg(&least)
        .arg(&corpus)
        .arg(folder().join("new").join(target)))?;
    std::fs::remove_dir_all(&corpus)?;
    std::fs::rename(least, corpus)?;
    Ok(())
}

fn build() -> Result<PathBuf> {
    let host = output(&mut command("rustc", ["--version", "--verbose"]))?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not name its host")?;
    let target_dir = target_dir().join("fuzz");
    // With a target of its own, so that build scripts are not instrumented.
    run(cargo(["build", "--release", "--features", "libfuzzer", "--bins", "--target", host])
        .arg("--manifest-path")
        .arg(manifest())
        .env("CARGO_TARGET_DIR", &target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f")))?;
    Ok(target_dir.join(host).join("release"))
}

pub(crate) fn manifest() -> PathBuf {
    folder().join("Cargo.toml")
}

fn folder() -> PathBuf {
    root().join("tests/fuzz")
}
