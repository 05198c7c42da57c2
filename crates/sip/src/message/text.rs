//! Header text without loss.
//!
//! Header values are kept in strings, and a header may hold bytes that are not UTF-8 (stray
//! Latin-1 in a display name). Each such byte becomes one character of a private-use block, and
//! becomes the same byte again on the way out. Characters of that block that were really sent
//! are taken apart into bytes too, so nothing is ambiguous.

const BLOCK: u32 = 0xF700;

/// Reads bytes; never fails, never loses one.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    decode_into(bytes, &mut text);
    text
}

/// The same, at the end of `text`.
pub(crate) fn decode_into(bytes: &[u8], text: &mut String) {
    for chunk in bytes.utf8_chunks() {
        if chunk.valid().contains(is_stray) {
            chunk.valid().chars().for_each(|c| push_plain(text, c));
        } else {
            text.push_str(chunk.valid());
        }
        chunk.invalid().iter().for_each(|b| push_byte(text, *b));
    }
}

/// Writes what [`decode`] read, byte for byte.
pub(crate) fn encode(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() || !text.contains(is_stray) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    for c in text.chars() {
        match stray(c) {
            Some(byte) => out.push(byte),
            None => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// For people: a stray byte is taken for Latin-1.
pub(crate) fn display(text: &str) -> String {
    text.chars().map(|c| stray(c).map_or(c, char::from)).collect()
}

fn push_plain(text: &mut String, c: char) {
    if is_stray(c) {
        c.encode_utf8(&mut [0; 4]).bytes().for_each(|b| push_byte(text, b));
    } else {
        text.push(c);
    }
}

fn push_byte(text: &mut String, byte: u8) {
    text.push(char::from_u32(BLOCK + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER));
}

fn is_stray(c: char) -> bool {
    stray(c).is_some()
}

fn stray(c: char) -> Option<u8> {
    u32::from(c).checked_sub(BLOCK).and_then(|b| u8::try_from(b).ok()).filter(|b| *b >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn round_trip(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        encode(&decode(bytes), &mut out);
        out
    }

    #[test]
    fn every_byte_survives() {
        for bytes in [
            &b"plain"[..],
            "gr\u{fc}n".as_bytes(),
            b"gr\xfcn",
            "\u{f7a9} sent as such".as_bytes(),
            b"\xef\x9e cut short",
            &(0..=255).collect::<Vec<u8>>(),
        ] {
            assert_eq!(round_trip(bytes), bytes);
        }
    }

    #[test]
    fn latin_1_is_shown_as_latin_1() {
        assert_eq!(display(&decode(b"J\xfcrgen")), "J\u{fc}rgen");
    }
}
