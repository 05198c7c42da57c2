//! The loader's TypeScript, generated from `crates/contract`: types, constants, and the shapes that
//! its guards check messages against.

mod shapes;

use crate::run::{cargo, command, output, root, run};
use anyhow::{Result, bail};

const GENERATED: &str = "loader/src/generated";

/// Writes `loader/src/generated/` anew.
pub(crate) fn generate() -> Result<()> {
    let folder = root().join(GENERATED);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    run(cargo(["test", "--quiet", "-p", "ringlet-contract", "--features", "typescript"])
        .env("TS_RS_EXPORT_DIR", &folder))?;
    let shapes = shapes::from_types(&folder)?;
    std::fs::write(folder.join("shapes.ts"), shapes)?;
    Ok(())
}

/// Fails when generating anew changes what is committed.
pub(crate) fn check() -> Result<()> {
    generate()?;
    let changes = output(&mut command("git", ["status", "--porcelain", "--", GENERATED]))?;
    if !changes.is_empty() {
        bail!("{GENERATED} is not what crates/contract generates; commit it:\n{changes}");
    }
    Ok(())
}
