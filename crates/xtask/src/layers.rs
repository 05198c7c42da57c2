//! Which crate may depend on which: architecture as a check.

use crate::run::{cargo, output, say};
use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Each of our crates, and which of ours it may use. Dev-dependencies are free.
const MAY_USE: &[(&str, &[&str])] = &[
    ("ringlet-sip", &[]),
    ("ringlet-contract", &[]),
    ("ringlet-phone", &["ringlet-sip", "ringlet-contract"]),
    ("ringlet-web", &["ringlet-phone", "ringlet-contract"]),
    ("ringlet-ui", &["ringlet-phone", "ringlet-contract"]),
    ("ringlet-app", &["ringlet-ui", "ringlet-web", "ringlet-phone"]),
    ("ringlet", &["ringlet-contract", "ringlet-switch"]),
    ("ringlet-switch", &[]),
    ("ringlet-testkit", &["ringlet-sip", "ringlet-phone", "ringlet-contract"]),
    ("ringlet-bench", &["ringlet-sip", "ringlet-testkit", "ringlet-switch"]),
    ("ringlet-xtask", &[]),
];

/// Foreign crates that would bring a browser, a clock or a random source into pure crates.
const NEVER_IN_PURE: &[&str] = &["web-sys", "js-sys", "web-time", "tokio", "leptos"];

/// Crates that must stay free of [`NEVER_IN_PURE`].
const PURE: &[&str] = &["ringlet-sip", "ringlet-phone", "ringlet-contract"];

/// Fails on the first dependency that points the wrong way.
pub(crate) fn check() -> Result<()> {
    let metadata = output(&mut cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let allowed = MAY_USE
            .iter()
            .find_map(|(crate_name, allowed)| (*crate_name == name).then_some(*allowed))
            .with_context(|| format!("{name} has no row in crates/xtask/src/layers.rs"))?;
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            if dependency["kind"] == "dev" {
                continue;
            }
            let used = dependency["name"].as_str().unwrap_or_default();
            let ours = used == "ringlet" || used.starts_with("ringlet-");
            if ours && !allowed.contains(&used) {
                bail!("{name} must not depend on {used}");
            }
            if PURE.contains(&name) && NEVER_IN_PURE.contains(&used) {
                bail!("{name} is free of I/O and must not depend on {used}");
            }
        }
    }
    say(format_args!("{} passed, 0 failed", packages.len()));
    Ok(())
}
