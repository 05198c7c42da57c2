//! The line, as it is shown.

use crate::core::Core;
use crate::line::{Line, LineStatus};

/// The line, the network below it and who uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineView {
    /// How the line stands.
    pub status: LineStatus,
    /// Whether the browser says it has a network.
    pub online: bool,
    /// Who is signed in, `user@domain`.
    pub account: Option<String>,
}

impl LineView {
    pub(crate) fn of(core: &Core, line: &Line) -> Self {
        Self { status: line.status(core.now), online: line.is_online(), account: line.account() }
    }
}
