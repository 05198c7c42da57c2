//! Rebuilds the server when `cargo xtask build` has left new files to embed.

fn main() {
    println!("cargo::rerun-if-changed=../../dist");
    println!("cargo::rerun-if-changed=migrations");
}
