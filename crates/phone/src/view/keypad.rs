//! The keypad, as it is shown.

use crate::calls::Calls;
use crate::core::Core;
use crate::history::History;
use crate::keypad::Keypad;
use crate::line::LineStatus;

/// The keypad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeypadView {
    /// The number typed so far.
    pub number: String,
    /// Whether a call can be placed now.
    pub can_call: bool,
    /// Whether calling an empty number brings the last one back.
    pub can_recall: bool,
}

impl KeypadView {
    pub(crate) fn of(
        core: &Core,
        keypad: &Keypad,
        line: LineStatus,
        calls: &Calls,
        history: &History,
    ) -> Self {
        Self {
            number: keypad.number().to_owned(),
            can_call: calls.may_place(core, line).is_ok(),
            can_recall: history.last_dialled().is_some(),
        }
    }
}
