//! What `getState()` answers in the host page.

use crate::calls::{Call, Calls};
use crate::line::LineStatus;
use ringlet_contract::message::Snapshot;

/// The state, as the host knows it.
pub(crate) fn snapshot(line: LineStatus, calls: &Calls) -> Snapshot {
    Snapshot {
        registered: line.is_registered(),
        in_call: !calls.is_empty(),
        active_number: calls.focus().map(|call| call.number().to_owned()),
        call_count: u32::try_from(calls.len()).unwrap_or(u32::MAX),
        calls: calls.iter().map(Call::summary).collect(),
    }
}
