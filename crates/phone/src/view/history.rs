//! The calls of the past, as they are shown.

use crate::history::{History, HistoryEntry};
use crate::records::Records;
use std::sync::Arc;

/// The calls of the past.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryView {
    /// The calls, newest first.
    pub entries: Arc<Vec<HistoryEntry>>,
    /// How many missed calls nobody has looked at.
    pub unseen: usize,
    /// The browser does not keep them all: they are gone after a reload.
    pub not_kept: bool,
}

impl HistoryView {
    pub(crate) fn of(history: &History, records: &Records) -> Self {
        Self {
            entries: history.entries().clone(),
            unseen: history.unseen(),
            not_kept: records.is_refused(),
        }
    }
}
