//! Whose records the browser keeps, and whether it keeps them.
//!
//! What lasts longer than a tab is stored as records, small texts with a key each, per tenant and
//! user. A component whose facts last is handed all records when they were read, picks its own, and
//! puts and removes them by effects.

use crate::core::Core;
use crate::effect::{Effect, RecordEffect};
use crate::input::RecordsInput;
use crate::notice::Notice;
use ringlet_contract::error::{ErrorBody, ErrorCode};

/// The user's records.
#[derive(Default)]
pub(crate) struct Records {
    /// Who signed in last, `user@domain`.
    user: Option<String>,
    /// The browser refuses to keep records, and it was said.
    refused: bool,
}

impl Records {
    /// Whether the browser refused to keep something: it is gone after a reload.
    pub(crate) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Somebody signs in: reads what is kept for them, unless it has been. That is there when the
    /// server has accepted them, and no screen shows it before.
    pub(crate) fn on_signing_in(&mut self, core: &mut Core, user: String) {
        if self.user.as_ref() == Some(&user) {
            return;
        }
        let place = [&core.settings.storage_namespace, ".", &user].concat();
        self.user = Some(user);
        core.notice(Notice::UserChanged);
        core.push(Effect::Record(RecordEffect::Load { place }));
    }

    /// The browser answers. `storage_told`: the host knows already that storage is refused.
    ///
    /// A browser that keeps nothing for frames of other sites does so on every page: the person
    /// sees it on the lists, and the host is told only of what was to be kept and is not.
    pub(crate) fn on_input(&mut self, core: &mut Core, input: RecordsInput, storage_told: bool) {
        match input {
            RecordsInput::Loaded(records) => core.notice(Notice::RecordsLoaded(records)),
            RecordsInput::Blocked => self.refused = true,
            RecordsInput::Refused(key) => {
                core.notice(Notice::RecordRefused(key));
                self.say(core, storage_told);
            }
        }
    }

    fn say(&mut self, core: &mut Core, storage_told: bool) {
        if !std::mem::replace(&mut self.refused, true) && !storage_told {
            core.tell_error(ErrorBody::new(
                ErrorCode::StorageBlocked,
                "The browser does not store the call history; it is gone after a reload.",
            ));
        }
    }
}
