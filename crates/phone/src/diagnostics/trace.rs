//! The user agent's trace, as the host and the console get it.

use crate::core::Core;
use ringlet_contract::diagnostics::{TraceKind, TraceLine};
use ringlet_sip::{Instant, TraceEntry};

/// What is left for the trace in a message to the loader, in UTF-16 code units of its JSON text.
const TRACE_CHARS: usize = ringlet_contract::MAX_MESSAGE_CHARS as usize - 2048;

/// The latest entries that fit into a message to the loader.
pub(super) fn report(core: &Core) -> Vec<TraceLine> {
    let mut lines: Vec<TraceLine> =
        core.agent.trace().map(|entry| trace_line(entry, core.now)).collect();
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

fn trace_line(entry: TraceEntry, now: Instant) -> TraceLine {
    let (kind, text) = match entry.kind {
        ringlet_sip::TraceKind::Sent => (TraceKind::Sent, entry.text),
        ringlet_sip::TraceKind::Received => (TraceKind::Received, entry.text),
        ringlet_sip::TraceKind::Dropped => (TraceKind::Dropped, entry.text),
        ringlet_sip::TraceKind::State(subject) => (TraceKind::State, state(subject, &entry.text)),
    };
    let age = now.since(entry.at).as_millis();
    TraceLine { age_ms: u32::try_from(age).unwrap_or(u32::MAX), kind, text }
}

/// `3.042 s sent`, and the message below it.
pub(crate) fn log_line(entry: TraceEntry) -> String {
    let ms = entry.at.as_millis();
    let mut line = (ms / 1000).to_string();
    line.push('.');
    let thousandths = (1000 + ms % 1000).to_string();
    line.push_str(thousandths.strip_prefix('1').unwrap_or_default());
    let (kind, text) = match entry.kind {
        ringlet_sip::TraceKind::Sent => (" s sent\n", entry.text),
        ringlet_sip::TraceKind::Received => (" s received\n", entry.text),
        ringlet_sip::TraceKind::Dropped => (" s dropped: ", entry.text),
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
