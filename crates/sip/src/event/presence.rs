//! Presence (`application/pidf+xml`, RFC 3863).

/// Somebody's presence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Whose.
    pub entity: String,
    /// Whether any way of reaching them is open.
    pub open: bool,
    /// What they say about it, if anything.
    pub note: Option<String>,
}
