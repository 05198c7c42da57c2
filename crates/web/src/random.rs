//! Randomness, from the browser.

/// Random bytes from `crypto.getRandomValues`; `None` where the browser has no such source, and
/// nothing that must be random may be done.
pub fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let crypto = web_sys::window()?.crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// Bytes in lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit =
        |nibble: u8| char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A random UUID (version 4, RFC 9562 section 5.4); `None` as with [`bytes`].
pub fn uuid() -> Option<String> {
    let mut raw = bytes::<16>()?;
    raw[6] = (raw[6] & 0x0f) | 0x40;
    raw[8] = (raw[8] & 0x3f) | 0x80;
    let groups = [&raw[..4], &raw[4..6], &raw[6..8], &raw[8..10], &raw[10..]];
    Some(groups.map(hex).join("-"))
}
