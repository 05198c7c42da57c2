//! A trace of messages and changes of state, bounded and without secrets.

mod describe;
mod password;
mod redact;

use crate::output::Event;
use crate::time::Instant;
use std::collections::VecDeque;

/// In place of a secret.
const HIDDEN: &str = "…";

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceEntry {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: TraceKind,
    /// The message with its lines ended by line feeds, or a description of the change.
    ///
    /// Nonces and digests, keys in SDP, passwords in URIs, what people write to each other and the
    /// digits they press are replaced by `…` or by a number of bytes. Numbers and names of people
    /// are not. Long messages are cut.
    pub text: String,
}

/// What a line of the trace is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceKind {
    /// A message went out. Keep-alives by CRLF are left out, either way.
    Sent,
    /// A message came in.
    Received,
    /// Something is in another state: the socket, the registration, a call, and so on.
    State(&'static str),
    /// The message before this was not acted upon, for this reason.
    Dropped,
}

/// The latest entries, as many as fit.
#[derive(Default)]
pub(crate) struct Trace {
    limit: usize,
    size: usize,
    entries: VecDeque<TraceEntry>,
    /// How many there have been, those that had to go included.
    count: u64,
}

impl Trace {
    /// `limit` is in bytes; none are kept if it is zero.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &TraceEntry> {
        self.entries.iter()
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn message(&mut self, at: Instant, kind: TraceKind, bytes: &[u8]) {
        if self.limit > 0 && !bytes.trim_ascii().is_empty() {
            self.push(at, kind, redact::message(bytes));
        }
    }

    pub(crate) fn event(&mut self, at: Instant, event: &Event) {
        if self.limit > 0 {
            let (subject, text) = describe::event(event);
            self.push(at, TraceKind::State(subject), text);
        }
    }

    pub(crate) fn note(&mut self, at: Instant, kind: TraceKind, text: &str) {
        if self.limit > 0 {
            self.push(at, kind, text.to_owned());
        }
    }

    fn push(&mut self, at: Instant, kind: TraceKind, text: String) {
        let mut text = password::struck(&text);
        // No message displaces more than half of what is known.
        let longest = self.limit / 2;
        if text.len() > longest {
            let end = (0..=longest).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(end);
            text.push('…');
        }
        text.shrink_to_fit();
        let entry = TraceEntry { at, kind, text };
        self.size += entry.size();
        self.entries.push_back(entry);
        self.count += 1;
        while self.size > self.limit {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.size -= oldest.size();
        }
    }
}

impl TraceEntry {
    fn size(&self) -> usize {
        size_of::<Self>() + self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_oldest_entries_make_room() {
        let mut trace = Trace::new(1000);
        for n in 0..100 {
            trace.note(Instant::from_millis(n), TraceKind::State("test"), &"x".repeat(60));
            assert!(trace.entries().map(TraceEntry::size).sum::<usize>() <= 1000);
        }
        assert_eq!(trace.entries().last().map(|entry| entry.at), Some(Instant::from_millis(99)));
        assert!(trace.entries().count() > 5);
        assert_eq!(trace.count(), 100);
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let mut trace = Trace::new(1000);
        for length in 0..4 {
            let text = ["A".repeat(length), "ü".repeat(50_000)].concat();
            trace.message(Instant::default(), TraceKind::Received, text.as_bytes());
            let entry = trace.entries().last().unwrap();
            assert!(entry.text.len() <= 503 && entry.text.ends_with("ü…"), "{}", entry.text);
        }
    }

    #[test]
    fn no_password_in_a_uri_is_kept() {
        let text = "REFER sip:a:secret@h SIP/2.0\r\n\
            Refer-To: <sip:b:secret@h?Referred-By=%3Csip%3Ac%3Asecret%40h%3E>\r\n\
            t:sip:d:secret@h\r\n\
            Authorization: Digest uri=\"sip:e:secret@h\", realm=\"r\"\r\n\
            Content-Type: message/sipfrag\r\n\r\n\
            SIP/2.0 302 Moved\r\nContact: <sip:g:secret@h>\r\nAlert-Info: <http://h:secret@h>";
        let mut trace = Trace::new(10_000);
        trace.message(Instant::default(), TraceKind::Received, text.as_bytes());
        trace.note(Instant::default(), TraceKind::State("registration"), "sip:a:secret@h");
        for entry in trace.entries() {
            assert!(!entry.text.contains("secret"), "{}", entry.text);
        }
        let text = trace.entries().next().map(|entry| &*entry.text).unwrap();
        assert!(
            text.starts_with("REFER sip:a:…@h SIP/2.0\nRefer-To: <sip:b:…@h?Referred"),
            "{text}"
        );
        assert!(text.ends_with("Contact: <sip:g:…@h>\nAlert-Info: <http://h:…@h>"), "{text}");
    }

    #[test]
    fn a_trace_that_is_not_wanted_is_not_kept() {
        let mut trace = Trace::new(0);
        trace.message(Instant::default(), TraceKind::Sent, b"ACK sip:a@h SIP/2.0\r\n\r\n");
        trace.note(Instant::default(), TraceKind::Dropped, "why");
        assert_eq!(trace.entries().count(), 0);
    }

    #[test]
    fn a_trace_too_small_for_anything_stays_empty() {
        let mut trace = Trace::new(3);
        trace.note(Instant::default(), TraceKind::Dropped, "why");
        assert_eq!((trace.entries().count(), trace.size), (0, 0));
    }
}
