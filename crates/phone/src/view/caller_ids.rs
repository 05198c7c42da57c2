//! The numbers to call as, as they are shown.

use crate::caller_ids::{CallerIdError, CallerIds};
use crate::core::Core;

/// The numbers to call as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerIdsView {
    /// The numbers to choose from, the tenant's first.
    pub list: Vec<CallerIdView>,
    /// The one that is chosen; `None` for the account's own address.
    pub chosen: Option<String>,
    /// Why the last one was not added.
    pub error: Option<CallerIdError>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdView {
    /// The number, or a user's name.
    pub number: String,
    /// The person added it, and can delete it.
    pub is_own: bool,
}

impl CallerIdsView {
    pub(crate) fn of(core: &Core, ids: &CallerIds) -> Self {
        let view =
            |(number, is_own): (&str, bool)| CallerIdView { number: number.to_owned(), is_own };
        Self {
            list: ids.all(core).map(view).collect(),
            chosen: ids.chosen(core).map(str::to_owned),
            error: ids.error(),
        }
    }
}
