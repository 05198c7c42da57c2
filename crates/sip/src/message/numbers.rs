//! Numbers in headers.

/// A number of seconds. More digits than fit mean “long”, not “malformed” (RFC 3261 section 25.1,
/// delta-seconds).
pub(crate) fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    is_number(text).then(|| text.parse().unwrap_or(u32::MAX))
}

/// A number without sign that fits.
pub(crate) fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    text.parse().ok().filter(|_| is_number(text))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Appends `;name=number`.
pub(crate) fn push_number(value: &mut String, name: &str, number: u32) {
    value.push_str(name);
    value.push_str(&number.to_string());
}
