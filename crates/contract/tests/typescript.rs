//! Writes the contract's constants beside the types that ts-rs writes.

#![cfg(feature = "typescript")]

use ringlet_contract::{MAX_MESSAGE_CHARS, MAX_NUMBER_CHARS, NAMESPACE, PROTOCOL_VERSION};
use std::path::PathBuf;

#[test]
fn export_bindings_of_the_constants() {
    let folder = std::env::var_os("TS_RS_EXPORT_DIR").expect("set in .cargo/config.toml");
    let text = format!(
        "// Written by `cargo xtask codegen` from crates/contract/src/lib.rs; do not edit.\n\
         \n\
         /** The value of `ns` in every message. */\n\
         export const NAMESPACE = \"{NAMESPACE}\";\n\
         \n\
         /** The version of the messages between loader and phone. */\n\
         export const PROTOCOL_VERSION = {PROTOCOL_VERSION};\n\
         \n\
         /** The largest message either side reads, in UTF-16 code units of its JSON text. */\n\
         export const MAX_MESSAGE_CHARS = {MAX_MESSAGE_CHARS};\n\
         \n\
         /** The longest number or SIP address that can be dialled, in characters. */\n\
         export const MAX_NUMBER_CHARS = {MAX_NUMBER_CHARS};\n"
    );
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    std::fs::write(PathBuf::from(folder).join("constants.ts"), text).expect("it can be written");
}
