//! Rebuilds a release when `cargo xtask build` has left new files to carry inside. Other builds
//! read them when they start.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../../dist");
    }
}
