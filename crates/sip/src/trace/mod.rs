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

/// The latest entries, as many as fit. Messages are kept as they are, and lose their secrets when they
/// are read: most never are.
#[derive(Default)]
pub(crate) struct Trace {
    limit: usize,
    size: usize,
    entries: VecDeque<Kept>,
    /// How many there have been, those that had to go included.
    count: u64,
}

struct Kept {
    at: Instant,
    kind: TraceKind,
    what: What,
}

enum What {
    /// A message, or its beginning.
    Message { bytes: Box<[u8]>, is_cut: bool },
    /// A description.
    Text(Box<str>),
}

impl Trace {
    /// `limit` is in bytes; none are kept if it is zero.
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    /// The entries after the first so many, oldest first, without secrets.
    pub(crate) fn since(&self, seen: u64) -> impl Iterator<Item = TraceEntry> {
        let new = usize::try_from(self.count.saturating_sub(seen)).unwrap_or(usize::MAX);
        let known = self.entries.len().saturating_sub(new);
        self.entries.iter().skip(known).map(Kept::read)
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn message(&mut self, at: Instant, kind: TraceKind, bytes: &[u8]) {
        if self.limit > 0 && !bytes.trim_ascii().is_empty() {
            // No message displaces more than half of what is known. It is cut after a whole line: what
            // makes a part of one a secret may follow.
            let (bytes, is_cut) = match bytes.get(..self.limit / 2) {
                Some(most) => {
                    let end = most.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                    (most.get(..end).unwrap_or_default(), true)
                }
                None => (bytes, false),
            };
            self.push(at, kind, What::Message { bytes: bytes.into(), is_cut });
        }
    }

    pub(crate) fn event(&mut self, at: Instant, event: &Event) {
        if self.limit > 0 {
            let (subject, text) = describe::event(event);
            self.push(at, TraceKind::State(subject), What::Text(text.into()));
        }
    }

    pub(crate) fn note(&mut self, at: Instant, kind: TraceKind, text: &str) {
        if self.limit > 0 {
            self.push(at, kind, What::Text(text.into()));
        }
    }

    fn push(&mut self, at: Instant, kind: TraceKind, what: What) {
        let kept = Kept { at, kind, what };
        self.size += kept.size();
        self.entries.push_back(kept);
        self.count += 1;
        while self.size > self.limit {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.size -= oldest.size();
        }
    }
}

impl Kept {
    fn size(&self) -> usize {
        let content = match &self.what {
            What::Message { bytes, .. } => bytes.len(),
            What::Text(text) => text.len(),
        };
        size_of::<Self>() + content
    }

    fn read(&self) -> TraceEntry {
        let text = match &self.what {
            What::Message { bytes, is_cut } => {
                let mut text = password::struck(&redact::message(bytes));
                text.push_str(if *is_cut { HIDDEN } else { "" });
                text
            }
            What::Text(text) => password::struck(text),
        };
        TraceEntry { at: self.at, kind: self.kind, text }
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
            assert!(trace.entries.iter().map(Kept::size).sum::<usize>() <= 1000);
        }
        assert_eq!(trace.since(0).last().map(|entry| entry.at), Some(Instant::from_millis(99)));
        assert!(trace.since(0).count() > 5);
        assert_eq!(trace.count(), 100);
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
        for entry in trace.since(0) {
            assert!(!entry.text.contains("secret"), "{}", entry.text);
        }
        let text = trace.since(0).next().map(|entry| entry.text).unwrap();
        assert!(
            text.starts_with("REFER sip:a:…@h SIP/2.0\nRefer-To: <sip:b:…@h?Referred"),
            "{text}"
        );
        assert!(text.ends_with("Contact: <sip:g:…@h>\nAlert-Info: <http://h:…@h>"), "{text}");
    }

    #[test]
    fn a_long_message_is_cut_where_no_half_of_a_secret_is_left() {
        let head = ["OPTIONS sip:a@h SIP/2.0\r\nX: ", &"ü".repeat(100), "\r\n"].concat();
        let message = [&head, "To: sip:b:secret@home.example\r\n\r\n"].concat();
        // From the end of the head to after the password, which nothing marks as one.
        for most in head.len()..head.len() + "To: sip:b:secret".len() {
            let mut trace = Trace::new(2 * most);
            trace.message(Instant::default(), TraceKind::Sent, message.as_bytes());
            let [entry] = &trace.since(0).collect::<Vec<_>>()[..] else { panic!("one entry") };
            assert!(entry.text.ends_with("üü\n…"), "{}", entry.text);
        }
    }

    #[test]
    fn only_what_is_new_is_read_again() {
        let mut trace = Trace::new(1_000);
        for text in ["a", "b", "c"] {
            trace.note(Instant::default(), TraceKind::Dropped, text);
        }
        let texts = |seen| trace.since(seen).map(|entry| entry.text).collect::<Vec<_>>().concat();
        assert_eq!([texts(0), texts(2), texts(3), texts(9)], ["abc", "c", "", ""]);
    }

    #[test]
    fn a_trace_that_is_not_wanted_is_not_kept() {
        let mut trace = Trace::new(0);
        trace.message(Instant::default(), TraceKind::Sent, b"ACK sip:a@h SIP/2.0\r\n\r\n");
        trace.note(Instant::default(), TraceKind::Dropped, "why");
        assert_eq!(trace.since(0).count(), 0);
    }

    #[test]
    fn a_trace_too_small_for_anything_stays_empty() {
        let mut trace = Trace::new(3);
        trace.note(Instant::default(), TraceKind::Dropped, "why");
        assert_eq!((trace.since(0).count(), trace.size), (0, 0));
    }
}
