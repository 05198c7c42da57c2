//! Waiting messages (`application/simple-message-summary`, RFC 3842).

/// How many voice messages wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageSummary {
    /// Whether any do; the counts may be missing although they do.
    pub waiting: bool,
    /// Not heard yet.
    pub new: u32,
    /// Heard already.
    pub old: u32,
}
