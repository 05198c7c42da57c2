//! What becomes of calls that come in, as it is shown.

use crate::diversion::{Diversion, DiversionError};

/// What becomes of calls that come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DiversionView {
    /// Nobody is rung for.
    pub do_not_disturb: bool,
    /// Where callers go when there is no room, or nobody is to be disturbed; empty for nowhere.
    pub busy: String,
    /// Where they go when nobody answers.
    pub no_answer: String,
    /// Why the last numbers were not taken.
    pub error: Option<DiversionError>,
}

impl DiversionView {
    pub(crate) fn of(diversion: &Diversion) -> Self {
        Self {
            do_not_disturb: diversion.is_do_not_disturb(),
            busy: diversion.busy().unwrap_or_default().to_owned(),
            no_answer: diversion.no_answer().unwrap_or_default().to_owned(),
            error: diversion.error(),
        }
    }
}
