//! Somebody's dialogs (`application/dialog-info+xml`, RFC 4235).

/// The dialogs of one user, as far as this document names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DialogInfo {
    /// Whose.
    pub entity: String,
    /// Counts up with each document.
    pub version: u32,
    /// Every dialog is named; those that are not named are over.
    pub full: bool,
    /// The identifier and the state of each.
    pub dialogs: Vec<(String, DialogState)>,
}

/// The state of a dialog (RFC 4235 section 3.7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialogState {
    /// A call is being made.
    Trying,
    /// It got a provisional response without a tag.
    Proceeding,
    /// It rings.
    Early,
    /// It is answered.
    Confirmed,
    /// It is over.
    Terminated,
}
