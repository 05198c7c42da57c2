//! What helps to find a fault.

use crate::line::{Line, Link, Progress};
use crate::phone::Phone;
use crate::view::Microphone;
use ringlet_contract::diagnostics::{Connection, Counters, Diagnostics, MicrophoneState};

impl Phone {
    pub(crate) fn diagnostics(&self) -> Diagnostics {
        Diagnostics {
            version: self.setup.version.clone(),
            connection: self.connection_state(),
            microphone: match self.microphone {
                None => MicrophoneState::Unknown,
                Some(Microphone::Fine) => MicrophoneState::Fine,
                Some(Microphone::Denied) => MicrophoneState::Denied,
                Some(Microphone::Blocked) => MicrophoneState::Blocked,
                Some(Microphone::Unavailable) => MicrophoneState::Unavailable,
            },
            audio_locked: self.audio_locked,
            storage_blocked: self.storage_blocked,
            counters: Counters::default(),
            trace: Vec::new(),
        }
    }

    fn connection_state(&self) -> Connection {
        match &self.line {
            Line::Starting | Line::SignedOut { .. } => Connection::SignedOut,
            Line::Restoring { .. } => Connection::Connecting,
            Line::SignedIn(session) => match session.link {
                Link::Registered { .. } => Connection::Registered,
                Link::Refused { .. } => Connection::Refused,
                Link::Leaving { .. } => Connection::SignedOut,
                Link::Waiting { .. } | Link::Opening { .. } | Link::Registering { .. } => {
                    match session.progress {
                        Progress::Accepted => Connection::Reconnecting,
                        Progress::Trying | Progress::Troubled(_) => Connection::Connecting,
                    }
                }
            },
        }
    }
}
