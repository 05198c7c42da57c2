//! What the registrar says.

use super::session::{Flow, Origin, Progress};
use super::{Line, State};
use crate::core::Core;
use crate::effect::{Effect, StoreEffect};
use crate::input::StoredSession;
use crate::notice::Notice;
use crate::view::SignInError;
use ringlet_contract::config::SessionRestore;
use ringlet_contract::error::{ErrorBody, ErrorCode};
use ringlet_contract::event::{HostEvent, Registered, UnregisteredReason};
use ringlet_sip::{RegistrationError, RegistrationState};

impl Line {
    pub(crate) fn on_registration(&mut self, core: &mut Core, state: RegistrationState) {
        let Some(session) = self.session() else { return };
        match &session.flow {
            // About a socket that is gone.
            Flow::Waiting { .. } | Flow::Opening { .. } | Flow::Closing { .. } => return,
            Flow::Leaving { .. } => {
                return match state {
                    RegistrationState::Unregistered | RegistrationState::Failed { .. } => {
                        self.finish_farewell(core);
                    }
                    RegistrationState::Registering | RegistrationState::Registered { .. } => {}
                };
            }
            Flow::Registering { .. } | Flow::Registered { .. } | Flow::Refused { .. } => {}
        }
        match state {
            // A refresh does not take the line down.
            RegistrationState::Registering | RegistrationState::Unregistered => {}
            RegistrationState::Registered { .. } => self.accept(core),
            RegistrationState::Failed { error, retry_in } => match error {
                RegistrationError::Credentials => self.refuse_credentials(core, 0),
                // What many servers answer to a wrong password, and to an unknown user.
                RegistrationError::Status(status @ (403 | 404), _) if retry_in.is_none() => {
                    self.refuse_credentials(core, status);
                }
                RegistrationError::Status(status, _) => {
                    self.refuse(core, status, retry_in.is_some());
                }
                RegistrationError::Timeout | RegistrationError::Disconnected => {
                    self.abandon_socket(core);
                }
            },
        }
    }

    fn accept(&mut self, core: &mut Core) {
        let State::SignedIn(session) = &mut self.state else { return };
        let Some(generation) = session.flow.generation() else { return };
        session.flow = Flow::Registered { generation };
        session.servers.succeeded();
        let is_new = !session.is_accepted() && session.origin != Origin::Restored;
        session.progress = Progress::Accepted;
        let account = &session.account;
        if is_new && core.settings.restore == SessionRestore::Auto && !self.storage_blocked {
            core.push(Effect::Store(StoreEffect::Save(StoredSession {
                username: account.username.clone(),
                domain: account.domain.clone(),
                secret: account.secret.clone(),
            })));
        }
        if !std::mem::replace(&mut self.told_registered, true) {
            core.tell(HostEvent::Registered(Registered {
                user_key: account.address(),
                username: account.username.clone(),
                domain: account.domain.clone(),
            }));
        }
        core.notice(Notice::Registered);
    }

    /// The credentials are no good, or no longer.
    fn refuse_credentials(&mut self, core: &mut Core, status: u16) {
        let State::SignedIn(session) = &mut self.state else { return };
        let Some(generation) = session.flow.generation() else { return };
        session.flow = Flow::Refused { generation, status, credentials: true };
        let was_accepted = session.is_accepted();
        core.push(Effect::Store(StoreEffect::Clear));
        self.tell_unregistered(core, UnregisteredReason::Rejected);
        core.notice(Notice::Unavailable("The server refused the user name or password."));
        if !was_accepted {
            self.refuse_sign_in(core);
        }
    }

    /// The server refuses for a reason of its own.
    fn refuse(&mut self, core: &mut Core, status: u16, tries_again: bool) {
        let State::SignedIn(session) = &mut self.state else { return };
        let Some(generation) = session.flow.generation() else { return };
        session.flow = Flow::Refused { generation, status, credentials: false };
        let first_failure = session.failing(SignInError::Server { status });
        self.tell_unregistered(core, UnregisteredReason::ServerError);
        if !tries_again {
            core.notice(Notice::Unavailable("The server refuses the registration."));
        }
        if first_failure {
            core.tell_error(ErrorBody::new(
                ErrorCode::SignInFailed,
                "The server answered the registration with an error; see the phone's screen.",
            ));
        }
    }
}
