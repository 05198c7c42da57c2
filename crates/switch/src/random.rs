//! Tags, branches, nonces and Call-IDs.

/// `bytes` random bytes in hexadecimal.
///
/// # Panics
/// When the operating system has no random numbers to give, without which a switch cannot work.
#[allow(clippy::expect_used)]
pub(crate) fn token(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    getrandom::fill(&mut buffer).expect("the operating system gives random numbers");
    hex(&buffer)
}

/// A `Via` branch (RFC 3261 §8.1.1.7).
pub(crate) fn branch() -> String {
    format!("z9hG4bK{}", token(8))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
