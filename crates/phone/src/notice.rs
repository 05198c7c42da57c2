//! What one component notices and others must know.

use crate::calls::{Finished, Outgoing};
use crate::input::{MediaError, Record};
use ringlet_contract::error::ErrorBody;
use ringlet_contract::event::EndCause;

/// A fact that concerns more than one component. [`crate::Phone`] passes it on, in the order that
/// is written down there.
#[derive(Debug)]
pub(crate) enum Notice {
    /// Somebody signs in, `user@domain`.
    SigningIn(String),
    /// The line is registered, for the first time or again.
    Registered,
    /// The line will not be registered without a person's help; the reason is for the host.
    Unavailable(&'static str),
    /// Somebody is signing out, or the page goes away.
    Leaving,
    /// Somebody else than before signs in.
    UserChanged,
    /// What the browser keeps for the user.
    RecordsLoaded(Vec<Record>),
    /// The browser does not keep the record with this key.
    RecordRefused(String),
    /// The user agent is gone, and every call that it had.
    SessionEnded,
    /// A call begins, in either direction.
    CallAdded,
    /// The INVITE to this number is on its way.
    CallStarted {
        /// As it was dialled.
        number: String,
    },
    /// A call is over, and the person shall hear it.
    CallEnded(EndCause),
    /// A call is over, whether anybody was shown it or not.
    CallFinished(Box<Finished>),
    /// The microphone was opened.
    MicrophoneWorks,
    /// Media work failed.
    MediaFailed(MediaError),
    /// The probe of the microphone that an incoming call waits for has ended.
    MicrophoneProbed(Result<(), ErrorBody>),
    /// The host asks for a call, and the line is ready for it.
    Place(Outgoing),
    /// A number shall stand on the keypad.
    Prefill(String),
}
