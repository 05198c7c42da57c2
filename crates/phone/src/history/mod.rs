//! The calls of the past, per tenant and user.
//!
//! Every entry is a record of its own in the browser ([`crate::RecordEffect`]), so two phones of the
//! same user in two tabs add and delete without erasing what the other wrote; each is told when the
//! other changed something, and reads everything again. At most [`CAPACITY`] entries are kept, the
//! newest; with [`entry`]'s limit that is well below a megabyte.
//!
//! Where the browser refuses to keep a record, the entry lives as long as the page.

mod entry;
mod record;

pub use entry::HistoryEntry;

use crate::calls::Finished;
use crate::core::Core;
use crate::effect::{Effect, RecordEffect};
use crate::input::Record;
use entry::{clean, clean_option};
use record::Stored;
use ringlet_contract::event::Direction;
use std::sync::Arc;

/// How many entries are kept: some weeks of an agent's work.
pub(crate) const CAPACITY: usize = 500;

/// What the key of an entry's record starts with; the rest is its id.
const PREFIX: &str = "history.";
/// The key of the record that says up to when missed calls have been seen.
const SEEN: &str = "history-seen";
/// Where records go that cannot be read.
const DAMAGED: &str = "damaged.";

/// The calls of the past.
#[derive(Default)]
pub(crate) struct History {
    /// Newest first. Shared with the view model, which is made after every input.
    entries: Arc<Vec<HistoryEntry>>,
    /// The ids of entries that the browser does not keep.
    unkept: Vec<String>,
    /// Missed calls that began until then have been seen; milliseconds since 1970.
    seen_ms: u64,
}

impl History {
    /// The entries, newest first.
    pub(crate) fn entries(&self) -> &Arc<Vec<HistoryEntry>> {
        &self.entries
    }

    /// How many missed calls nobody has looked at.
    pub(crate) fn unseen(&self) -> usize {
        let is_unseen = |entry: &&HistoryEntry| entry.is_missed() && entry.began_ms > self.seen_ms;
        self.entries.iter().filter(is_unseen).count()
    }

    /// The number that was dialled last.
    pub(crate) fn last_dialled(&self) -> Option<&str> {
        let dialled = self.entries.iter().find(|entry| entry.direction == Direction::Outbound)?;
        Some(&dialled.number)
    }

    /// A call is over.
    pub(crate) fn on_call_finished(&mut self, core: &mut Core, call: &Finished) {
        let ago = u64::try_from(core.now.since(call.began).as_millis()).unwrap_or(u64::MAX);
        let began_ms = core.unix_ms.saturating_sub(ago);
        let entry = HistoryEntry {
            id: new_id(core, began_ms),
            direction: call.direction,
            cause: call.cause,
            began_ms,
            duration: call.duration,
            number: clean(&call.number),
            name: clean_option(call.name.as_deref()),
            uri: clean_option(call.uri.as_deref()),
            caller_id: clean_option(call.caller_id.as_deref()),
            mos_hundredths: call.quality.as_ref().map(|quality| (quality.mos * 100.0 + 0.5) as u16),
        };
        put(core, [PREFIX, &entry.id].concat(), record::write(&entry));
        self.insert(core, entry);
    }

    /// Somebody else uses the phone now.
    pub(crate) fn on_user_changed(&mut self) {
        *self = Self::default();
    }

    /// Everything that the browser keeps for the user, as it is now.
    pub(crate) fn on_records(&mut self, core: &mut Core, records: &[Record]) {
        let unkept = &self.unkept;
        Arc::make_mut(&mut self.entries).retain(|entry| unkept.contains(&entry.id));
        for Record { key, text } in records {
            if key == SEEN {
                self.seen_ms = self.seen_ms.max(text.parse().unwrap_or_default());
            } else if let Some(id) = key.strip_prefix(PREFIX) {
                match record::read(id, text) {
                    Stored::Current(entry) => self.insert(core, entry),
                    Stored::Older(entry) => {
                        put(core, key.clone(), record::write(&entry));
                        self.insert(core, entry);
                    }
                    Stored::Newer => {}
                    Stored::Damaged => set_aside(core, key),
                }
            }
        }
    }

    /// The browser did not keep this record.
    pub(crate) fn on_record_refused(&mut self, key: &str) {
        if let Some(id) = key.strip_prefix(PREFIX) {
            self.unkept.push(id.to_owned());
        }
    }

    /// The person has the list in view.
    pub(crate) fn mark_seen(&mut self, core: &mut Core) {
        if self.unseen() > 0 {
            self.seen_ms = core.unix_ms.max(self.entries.first().map_or(0, |e| e.began_ms));
            put(core, SEEN.to_owned(), self.seen_ms.to_string());
        }
    }

    /// Deletes one entry.
    pub(crate) fn delete(&mut self, core: &mut Core, id: &str) {
        self.retain(core, |entry| entry.id != id);
    }

    /// Deletes all entries that are shown; what a later version stored is not among them.
    pub(crate) fn delete_all(&mut self, core: &mut Core) {
        self.retain(core, |_| false);
    }

    fn retain(&mut self, core: &mut Core, keep: impl Fn(&HistoryEntry) -> bool) {
        let mut gone = Vec::new();
        Arc::make_mut(&mut self.entries).retain(|entry| {
            let is_kept = keep(entry);
            if !is_kept {
                gone.push(entry.id.clone());
            }
            is_kept
        });
        gone.iter().for_each(|id| self.forget(core, id));
    }

    /// Puts an entry in its place, and forgets the oldest beyond the bound. The library's sort would
    /// be three kilobytes of wasm.
    fn insert(&mut self, core: &mut Core, entry: HistoryEntry) {
        let entries = Arc::make_mut(&mut self.entries);
        let is_newer = |other: &HistoryEntry| {
            other.began_ms > entry.began_ms
                || (other.began_ms == entry.began_ms && other.id > entry.id)
        };
        let at = entries.partition_point(is_newer);
        entries.insert(at, entry);
        if entries.len() > CAPACITY
            && let Some(oldest) = entries.pop()
        {
            self.forget(core, &oldest.id);
        }
    }

    fn forget(&mut self, core: &mut Core, id: &str) {
        self.unkept.retain(|unkept| unkept != id);
        core.push(Effect::Record(RecordEffect::Remove([PREFIX, id].concat())));
    }
}

/// The time, and some random digits: two tabs may begin calls in the same millisecond.
fn new_id(core: &mut Core, began_ms: u64) -> String {
    let random = core.random.call_name();
    let random = random.get(2..10).unwrap_or_default();
    [began_ms.to_string().as_str(), "-", random].concat()
}

fn put(core: &mut Core, key: String, text: String) {
    core.push(Effect::Record(RecordEffect::Put(Record { key, text })));
}

fn set_aside(core: &mut Core, key: &str) {
    let to = [DAMAGED, key].concat();
    core.push(Effect::Log(
        ["An entry of the call history is damaged; it is kept as ", &to].concat(),
    ));
    core.push(Effect::Record(RecordEffect::Rename { from: key.to_owned(), to }));
}

#[cfg(test)]
mod tests;
