//! What is to be seen, on the screen and by the host.

use crate::call::Call;
use crate::line::{Account, Line, Link, Origin, Progress, Session};
use crate::phone::Phone;
use crate::view::{
    AudioView, Form, KeypadView, LineStatus, LineView, Microphone, SettingsView, SignInError,
    SignInView, ViewModel,
};
use ringlet_contract::message::Snapshot;
use std::time::Duration;

impl Phone {
    pub(crate) fn build_view(&self) -> ViewModel {
        let settings = &self.settings;
        let account = self.line.session().filter(|s| s.progress == Progress::Accepted);
        ViewModel {
            settings: SettingsView {
                brand_name: settings.brand_name.clone(),
                accent: settings.accent.clone(),
                theme: settings.theme,
                theme_locked: settings.theme_locked,
                can_close: self.setup.embedded,
            },
            line: LineView {
                status: self.line_status(),
                online: self.online,
                account: account.map(|s| s.account.address()),
            },
            sign_in: self.sign_in_view(),
            keypad: KeypadView {
                number: self.number.clone(),
                can_call: self.line.is_registered() && self.calls.len() < settings.max_calls,
            },
            calls: self.calls.iter().map(|call| call.view(self.now)).collect(),
            ended: self.ended.as_ref().map(|(ended, _)| ended.clone()),
            audio: AudioView {
                microphone: self.microphone.unwrap_or(Microphone::Fine),
                locked: self.audio_locked,
            },
        }
    }

    pub(crate) fn build_snapshot(&self) -> Snapshot {
        Snapshot {
            registered: self.line.is_registered(),
            in_call: self.calls.len() > 0,
            active_number: self.calls.foremost().map(|call| call.number.clone()),
            call_count: u32::try_from(self.calls.len()).unwrap_or(u32::MAX),
            calls: self.calls.iter().map(Call::summary).collect(),
        }
    }

    fn line_status(&self) -> LineStatus {
        match &self.line {
            Line::Starting => LineStatus::Starting,
            Line::Restoring { .. } => LineStatus::Connecting,
            Line::SignedOut { .. } => LineStatus::SignedOut,
            Line::SignedIn(session) => match &session.link {
                Link::Waiting { until } => {
                    let left = until.map_or(Duration::ZERO, |until| until.since(self.now));
                    let seconds = left.as_secs() + u64::from(left.subsec_millis() > 0);
                    LineStatus::Reconnecting { retry_in: Duration::from_secs(seconds) }
                }
                Link::Opening { .. } | Link::Registering { .. } => {
                    if session.progress == Progress::Trying {
                        LineStatus::Connecting
                    } else {
                        LineStatus::Reconnecting { retry_in: Duration::ZERO }
                    }
                }
                Link::Registered { .. } => LineStatus::Registered,
                Link::Refused { status, .. } => LineStatus::Refused { status: *status },
                Link::Leaving { .. } => LineStatus::SignedOut,
            },
        }
    }

    /// The form is shown to whoever can do something with it, and never over a call.
    fn sign_in_view(&self) -> Option<SignInView> {
        if self.calls.len() > 0 {
            return None;
        }
        match &self.line {
            Line::Starting | Line::Restoring { .. } => None,
            Line::SignedOut { form, error } => Some(self.form_view(form.clone(), false, *error)),
            Line::SignedIn(session) => {
                let (busy, error) = form_state(session)?;
                Some(self.form_view(form_of(&session.account), busy, error))
            }
        }
    }

    fn form_view(&self, form: Form, busy: bool, error: Option<SignInError>) -> SignInView {
        let or = |text: String, host: &Option<String>| {
            if text.is_empty() { host.clone().unwrap_or_default() } else { text }
        };
        let settings = &self.settings;
        SignInView {
            mode: settings.mode,
            complete: self.host_account().is_some(),
            form: Form {
                username: or(form.username, &settings.username),
                domain: or(form.domain, &settings.domain),
                password: String::new(),
            },
            domain_fixed: settings.domain_fixed,
            has_secret: self.host_secret().is_some(),
            busy,
            error,
        }
    }
}

/// Whether the form waits, and what it says; `None` when there is no form to be seen.
fn form_state(session: &Session) -> Option<(bool, Option<SignInError>)> {
    let trouble = match session.progress {
        Progress::Trying | Progress::Accepted => None,
        Progress::Troubled(error) => Some(error),
    };
    match &session.link {
        Link::Leaving { .. } => Some((true, None)),
        Link::Refused { credentials: true, .. } => Some((false, Some(SignInError::Credentials))),
        Link::Refused { credentials: false, .. } => trouble.map(|error| (false, Some(error))),
        Link::Waiting { .. }
        | Link::Opening { .. }
        | Link::Registering { .. }
        | Link::Registered { .. } => {
            let watched =
                session.origin == Origin::Person && session.progress != Progress::Accepted;
            watched.then_some((trouble.is_none(), trouble))
        }
    }
}

fn form_of(account: &Account) -> Form {
    Form {
        username: account.username.clone(),
        domain: account.domain.clone(),
        password: String::new(),
    }
}
