// Written by `cargo xtask codegen` from crates/contract/src/lib.rs; do not edit.

/** The value of `ns` in every message. */
export const NAMESPACE = "ringlet";

/** The version of the messages between loader and phone. */
export const PROTOCOL_VERSION = 1;

/** The largest message either side reads, in UTF-16 code units of its JSON text. */
export const MAX_MESSAGE_CHARS = 65536;

/** The longest number or SIP address that can be dialled, in characters. */
export const MAX_NUMBER_CHARS = 128;
