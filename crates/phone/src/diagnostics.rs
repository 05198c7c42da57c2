//! What helps to find a fault.

use crate::effect::Effect;
use crate::line::{Line, Link, Progress};
use crate::phone::Phone;
use crate::view::Microphone;
use ringlet_contract::diagnostics::{
    Connection, Counters, Diagnostics, MicrophoneState, TraceKind, TraceLine,
};
use ringlet_sip::{Instant, TraceEntry};

/// What a person types on the keypad to have the trace on the browser's console, and again to
/// have it no longer.
pub(crate) const TRACE_CODE: &str = "*#0*#";

/// How much trace is kept, in bytes.
pub(crate) const TRACE_BYTES: usize = 32 * 1024;

/// What is left for the trace in a message to the loader, in UTF-16 code units of its JSON text.
const TRACE_CHARS: usize = ringlet_contract::MAX_MESSAGE_CHARS as usize - 2048;

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
            counters: self.counters(),
            trace: self.trace(),
        }
    }

    /// The person typed [`TRACE_CODE`].
    pub(crate) fn toggle_tracing(&mut self) {
        self.number.clear();
        self.tracing = !self.tracing;
        let now = if self.tracing { "SIP tracing is on" } else { "SIP tracing is off" };
        self.outbox.push(Effect::Log(now.to_owned()));
    }

    /// Logs what is new in the trace, if somebody wants to see it.
    pub(crate) fn log_trace(&mut self) {
        if !self.tracing {
            return;
        }
        if let Line::SignedIn(session) = &mut self.line {
            for entry in session.agent.untold() {
                self.outbox.push(Effect::Log(log_line(entry)));
            }
        }
    }

    fn counters(&self) -> Counters {
        let counted = self.line.session().map(|s| s.agent.counters()).unwrap_or_default();
        Counters {
            sent: counted.sent,
            received: counted.received,
            rejected: counted.rejected,
            unmatched: counted.unmatched,
            repeated: counted.repeated,
            overload: counted.overload,
            unanswered: counted.unanswered,
            reconnects: counted.reconnects,
        }
    }

    /// The latest entries that fit into a message to the loader.
    fn trace(&self) -> Vec<TraceLine> {
        let Some(session) = self.line.session() else { return Vec::new() };
        let mut lines: Vec<TraceLine> =
            session.agent.trace().map(|entry| trace_line(entry, self.now)).collect();
        let mut room = TRACE_CHARS;
        let fitting = lines.iter().rev().take_while(|line| {
            let needed = 64 + json_chars(&line.text);
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        });
        let kept = fitting.count();
        lines.drain(..lines.len() - kept);
        lines
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

fn trace_line(entry: &TraceEntry, now: Instant) -> TraceLine {
    let (kind, text) = match entry.kind {
        ringlet_sip::TraceKind::Sent => (TraceKind::Sent, entry.text.clone()),
        ringlet_sip::TraceKind::Received => (TraceKind::Received, entry.text.clone()),
        ringlet_sip::TraceKind::Dropped => (TraceKind::Dropped, entry.text.clone()),
        ringlet_sip::TraceKind::State(subject) => (TraceKind::State, state(subject, &entry.text)),
    };
    let age = now.since(entry.at).as_millis();
    TraceLine { age_ms: u32::try_from(age).unwrap_or(u32::MAX), kind, text }
}

/// `3.042 s sent`, and the message below it.
fn log_line(entry: &TraceEntry) -> String {
    let ms = entry.at.as_millis();
    let mut line = (ms / 1000).to_string();
    line.push('.');
    let thousandths = (1000 + ms % 1000).to_string();
    line.push_str(thousandths.strip_prefix('1').unwrap_or_default());
    let (kind, text) = match entry.kind {
        ringlet_sip::TraceKind::Sent => (" s sent\n", entry.text.clone()),
        ringlet_sip::TraceKind::Received => (" s received\n", entry.text.clone()),
        ringlet_sip::TraceKind::Dropped => (" s dropped: ", entry.text.clone()),
        ringlet_sip::TraceKind::State(subject) => (" s ", state(subject, &entry.text)),
    };
    line.push_str(kind);
    line.push_str(&text);
    line
}

fn state(subject: &str, text: &str) -> String {
    let mut line = String::from(subject);
    line.push_str(": ");
    line.push_str(text);
    line
}

/// At most how many UTF-16 code units a text takes in JSON.
fn json_chars(text: &str) -> usize {
    let width = |byte: u8| match byte {
        b'\n' | b'"' | b'\\' => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(width).sum()
}
