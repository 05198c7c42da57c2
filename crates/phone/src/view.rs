//! What is to be seen.

use ringlet_contract::config::{HostMode, Theme};
use ringlet_contract::event::{Direction, EndCause};
use ringlet_sip::CallId;
use std::time::Duration;

/// Everything the screens show, in slices that change independently of each other.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewModel {
    /// Brand and preferences.
    pub settings: SettingsView,
    /// The line to the SIP server.
    pub line: LineView,
    /// The sign-in screen, when it is to be shown.
    pub sign_in: Option<SignInView>,
    /// The keypad.
    pub keypad: KeypadView,
    /// The calls, oldest first.
    pub calls: Vec<CallView>,
    /// The last call, until dismissed or replaced.
    pub ended: Option<Ended>,
    /// Microphone and loudspeaker.
    pub audio: AudioView,
}

impl ViewModel {
    /// The slices that differ from what was shown `before`; all of them if nothing was.
    pub(crate) fn changes(&self, before: Option<&Self>) -> Vec<Slice> {
        let mut changes = Vec::new();
        let mut compare = |same: fn(&Self, &Self) -> bool, slice: fn(&Self) -> Slice| {
            if before.is_none_or(|before| !same(self, before)) {
                changes.push(slice(self));
            }
        };
        compare(|a, b| a.settings == b.settings, |v| Slice::Settings(v.settings.clone()));
        compare(|a, b| a.line == b.line, |v| Slice::Line(v.line.clone()));
        compare(|a, b| a.sign_in == b.sign_in, |v| Slice::SignIn(v.sign_in.clone()));
        compare(|a, b| a.keypad == b.keypad, |v| Slice::Keypad(v.keypad.clone()));
        compare(|a, b| a.calls == b.calls, |v| Slice::Calls(v.calls.clone()));
        compare(|a, b| a.ended == b.ended, |v| Slice::Ended(v.ended.clone()));
        compare(|a, b| a.audio == b.audio, |v| Slice::Audio(v.audio));
        changes
    }
}

/// One slice of the [`ViewModel`], as it is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Slice {
    /// [`ViewModel::settings`].
    Settings(SettingsView),
    /// [`ViewModel::line`].
    Line(LineView),
    /// [`ViewModel::sign_in`].
    SignIn(Option<SignInView>),
    /// [`ViewModel::keypad`].
    Keypad(KeypadView),
    /// [`ViewModel::calls`].
    Calls(Vec<CallView>),
    /// [`ViewModel::ended`].
    Ended(Option<Ended>),
    /// [`ViewModel::audio`].
    Audio(AudioView),
}

/// Brand and preferences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsView {
    /// The tenant's name; empty until the phone is set up.
    pub brand_name: String,
    /// The tenant's accent colour, `#rrggbb`.
    pub accent: String,
    /// The colour scheme to use.
    pub theme: Theme,
    /// The person may not change it.
    pub theme_locked: bool,
    /// Whether the widget can be hidden (it stands in a host page).
    pub can_close: bool,
}

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

/// The keypad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeypadView {
    /// The number typed so far.
    pub number: String,
    /// Whether a call can be placed now.
    pub can_call: bool,
}

/// Microphone and loudspeaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AudioView {
    /// What is known of the microphone.
    pub microphone: Microphone,
    /// The browser will not ring before the person presses something.
    pub locked: bool,
}

/// How the line to the SIP server stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStatus {
    /// The loader has not been heard yet.
    Starting,
    /// Nobody is signed in.
    SignedOut,
    /// The first connection or registration is under way.
    Connecting,
    /// Calls can be made and taken.
    Registered,
    /// The connection was lost; the phone is mending it.
    Reconnecting {
        /// Until the next attempt; zero while one is under way.
        retry_in: Duration,
    },
    /// The server refuses the registration, and the phone has stopped asking or asks rarely.
    Refused {
        /// The SIP status, or 0.
        status: u16,
    },
}

/// The sign-in screen.
#[derive(Clone, Debug, PartialEq)]
pub struct SignInView {
    /// With [`HostMode::Confirm`] and complete credentials: only a Connect button.
    pub mode: HostMode,
    /// The host passed everything needed; `Intent::Connect` will do.
    pub complete: bool,
    /// What the form starts with; `password` is always empty here.
    pub form: Form,
    /// The tenant fixed the domain: show it, do not ask for it.
    pub domain_fixed: bool,
    /// The host passed a secret: the password field may stay empty.
    pub has_secret: bool,
    /// Signing in is under way.
    pub busy: bool,
    /// Why the last attempt failed.
    pub error: Option<SignInError>,
}

/// What a person types to sign in.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// User part of the address of record.
    pub username: String,
    /// Host part.
    pub domain: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form")
            .field("username", &self.username)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}

/// Why signing in failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInError {
    /// User name, domain or password is missing.
    Incomplete,
    /// The server refused them.
    Credentials,
    /// The server could not be reached, or did not answer.
    Unreachable,
    /// The server refused with another status.
    Server {
        /// The SIP status.
        status: u16,
    },
}

/// One call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallView {
    /// Names it in intents.
    pub id: CallId,
    /// The far end's number or user; empty when withheld.
    pub number: String,
    /// The far end's name, when known.
    pub name: Option<String>,
    /// Who called.
    pub direction: Direction,
    /// How far it has come.
    pub phase: CallPhase,
    /// Whether the microphone is off.
    pub muted: bool,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallPhase {
    /// Outgoing: the microphone and the offer are being made ready.
    Preparing,
    /// Outgoing: sent, nothing heard yet.
    Dialing,
    /// Outgoing: the far end alerts.
    Ringing,
    /// Outgoing: the far end's own tones are heard before it answers.
    EarlyMedia,
    /// Incoming, not yet taken.
    Incoming,
    /// Incoming: taken, being connected.
    Answering,
    /// Answered.
    Active {
        /// Since the answer, in whole seconds.
        elapsed: Duration,
        /// Sound can flow: the peer connection is up.
        media: bool,
    },
}

/// A call that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The far end's number or user.
    pub number: String,
    /// The far end's name, when known.
    pub name: Option<String>,
    /// Who called.
    pub direction: Direction,
    /// Why it ended.
    pub cause: EndCause,
    /// From answer to end, in whole seconds.
    pub duration: Duration,
}

/// What is known of the microphone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Microphone {
    /// Nobody has asked yet, or it works.
    Fine,
    /// It was refused: a notice with the remedy is to be shown.
    Denied,
    /// The embedding page forbids it.
    Blocked,
    /// There is none, or another program holds it.
    Unavailable,
}
