//! From `init` to the first sign-in: with what this tab remembers, with what the host passed, or
//! with what a person types.

use super::session::{Account, Origin};
use super::{Line, State};
use crate::core::Core;
use crate::effect::{Effect, StoreEffect};
use crate::input::StoredSession;
use crate::settings::{Settings, is_domain, is_user};
use crate::view::{Form, SignInError};
use ringlet_contract::config::{HostMode, SessionRestore};
use ringlet_contract::error::{ErrorBody, ErrorCode};
use std::time::Duration;

/// Storage answers within a task of the browser, or never.
const RESTORE_TIMEOUT: Duration = Duration::from_secs(2);

impl Line {
    /// The phone has been set up: looks for a session to restore.
    pub(crate) fn start(&mut self, core: &mut Core) {
        self.state = State::Restoring { until: core.now + RESTORE_TIMEOUT };
        match core.settings.restore {
            SessionRestore::Auto => {
                let namespace = core.settings.storage_namespace.clone();
                core.push(Effect::Store(StoreEffect::Load { namespace }));
            }
            SessionRestore::Off => self.on_stored(core, None),
        }
    }

    /// Storage has answered, or will not.
    pub(crate) fn on_stored(&mut self, core: &mut Core, stored: Option<StoredSession>) {
        if !matches!(self.state, State::Restoring { .. }) {
            return;
        }
        match stored.filter(|session| may_restore(&core.settings, session)) {
            Some(StoredSession { username, domain, secret }) => {
                self.sign_in(core, Account { username, domain, secret }, Origin::Restored);
            }
            None => self.start_without_session(core, None),
        }
    }

    pub(crate) fn on_storage_blocked(&mut self, core: &mut Core) {
        if !std::mem::replace(&mut self.storage_blocked, true) {
            core.tell_error(ErrorBody::new(
                ErrorCode::StorageBlocked,
                "The browser refuses storage to the phone; a reload will ask to sign in again.",
            ));
        }
        self.on_stored(core, None);
    }

    /// Uses the host's credentials untouched where it wants that, and shows the form otherwise.
    pub(super) fn start_without_session(&mut self, core: &mut Core, error: Option<SignInError>) {
        match (core.settings.mode, core.settings.host_account()) {
            (HostMode::Autologin, Some(account)) => self.sign_in(core, account, Origin::Autologin),
            (HostMode::Autologin, None) | (HostMode::Confirm | HostMode::Prefilled, _) => {
                self.state = State::SignedOut { form: Form::default(), error };
            }
        }
    }
}

/// A remembered session counts unless the tenant moved to another domain, or the host names
/// another user: calls must not go out in the name of whoever used this tab before.
fn may_restore(settings: &Settings, session: &StoredSession) -> bool {
    let same_domain = !settings.domain_fixed || settings.domain.as_ref() == Some(&session.domain);
    let same_user = settings.username.as_ref().is_none_or(|user| *user == session.username);
    same_domain && same_user && is_user(&session.username) && is_domain(&session.domain)
}
