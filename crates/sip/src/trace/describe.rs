//! Events in a few words.

use crate::input::CallId;
use crate::output::{Event, RegistrationState, SubscriptionState, TransferProgress};
use crate::reason::{EndReason, RegistrationError};
use std::time::Duration;

/// Who changed, and how.
pub(super) fn event(event: &Event) -> (&'static str, String) {
    match event {
        Event::Registration(state) => ("registration", registration(state)),
        Event::Incoming { call, .. } => about(*call, "comes in", None),
        Event::Progress { call, status, early_media } => {
            let what = if *early_media { "progresses with early media" } else { "progresses" };
            about(*call, what, Some(*status))
        }
        Event::Answered(call) => about(*call, "is answered", None),
        Event::Hold { call, local, remote } => {
            let what = match (local, remote) {
                (false, false) => "is held by nobody",
                (true, false) => "is held here",
                (false, true) => "is held there",
                (true, true) => "is held here and there",
            };
            about(*call, what, None)
        }
        Event::ChangeFailed { call, status, will_retry } => {
            let what = match will_retry {
                true => "could not be changed yet",
                false => "could not be changed",
            };
            about(*call, what, *status)
        }
        Event::Recovered(call) => about(*call, "is negotiated anew", None),
        Event::Identity { call, .. } => about(*call, "is with somebody else", None),
        Event::Transfer { call, progress } => match progress {
            TransferProgress::Accepted => about(*call, "will be transferred", None),
            TransferProgress::Trying(status) => about(*call, "is transferred", Some(*status)),
            TransferProgress::Done => about(*call, "has been transferred", None),
            TransferProgress::Failed(status) => about(*call, "was not transferred", *status),
        },
        Event::TransferRequested { call, .. } => about(*call, "shall be transferred", None),
        Event::Replaced { call, .. } => about(*call, "is replaced", None),
        Event::Dtmf { call, .. } => about(*call, "hears a digit", None),
        Event::Subscription { subscription, state } => {
            let (what, status) = match state {
                SubscriptionState::Active => ("is active", None),
                SubscriptionState::Pending => ("is pending", None),
                SubscriptionState::Retrying(_) => ("is tried again", None),
                SubscriptionState::Ended(status) => ("ended", *status),
            };
            ("subscription", numbered(subscription.0, what, status))
        }
        Event::Notification { subscription, .. } => {
            let number = subscription.map_or(0, |subscription| subscription.0);
            ("subscription", numbered(number, "has news", None))
        }
        Event::Message { .. } => ("message", String::from("came in")),
        Event::MessageDone { message, status } => {
            ("message", numbered(message.0, "is done", *status))
        }
        Event::Ended(call, ended) => {
            let (subject, mut text) = about(*call, "ended:", None);
            text.push(' ');
            text.push_str(reason(ended.reason));
            push_status(&mut text, ended.status);
            (subject, text)
        }
    }
}

fn about(call: CallId, what: &str, status: Option<u16>) -> (&'static str, String) {
    ("call", numbered(call.0, what, status))
}

/// `3 progresses (183)`.
fn numbered(number: u32, what: &str, status: Option<u16>) -> String {
    let mut text = number.to_string();
    text.push(' ');
    text.push_str(what);
    push_status(&mut text, status);
    text
}

fn push_status(text: &mut String, status: Option<u16>) {
    if let Some(status) = status {
        text.push_str(" (");
        text.push_str(&status.to_string());
        text.push(')');
    }
}

fn registration(state: &RegistrationState) -> String {
    match state {
        RegistrationState::Registering => String::from("is asked for"),
        RegistrationState::Registered { expires } => for_so_long("holds", *expires),
        RegistrationState::Unregistered => String::from("is not wanted"),
        RegistrationState::Failed { error, retry_in } => {
            let mut text = match error {
                RegistrationError::Credentials => String::from("failed: credentials refused"),
                RegistrationError::Status(status, phrase) => {
                    ["failed: ", &*status.to_string(), " ", phrase].concat()
                }
                RegistrationError::Timeout => String::from("failed: no answer"),
                RegistrationError::Disconnected => String::from("failed: no socket"),
            };
            if let Some(pause) = retry_in {
                text.push_str(&for_so_long(", tried again after", *pause));
            }
            text
        }
    }
}

fn for_so_long(what: &str, time: Duration) -> String {
    [what, " ", &*time.as_secs().to_string(), " s"].concat()
}

fn reason(reason: EndReason) -> &'static str {
    match reason {
        EndReason::LocalHangup => "hung up here",
        EndReason::RemoteHangup => "hung up there",
        EndReason::Cancelled => "given up here",
        EndReason::Rejected => "refused here",
        EndReason::RemoteCancelled => "given up there",
        EndReason::AnsweredElsewhere => "answered elsewhere",
        EndReason::Busy => "busy",
        EndReason::Declined => "declined",
        EndReason::NoAnswer => "no answer",
        EndReason::NotFound => "not found",
        EndReason::Unavailable => "unavailable",
        EndReason::Forbidden => "forbidden",
        EndReason::Incompatible => "incompatible",
        EndReason::Replaced => "replaced",
        EndReason::SessionExpired => "session expired",
        EndReason::MediaFailed => "media failed",
        EndReason::ConnectionLost => "connection lost",
        EndReason::Failed => "failed",
    }
}
