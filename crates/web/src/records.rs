//! What the browser keeps for a user: `localStorage`, a key for each record.
//!
//! Tabs share it. A record of its own for each thing is written whole or not at all, so no tab can
//! erase what another wrote while it read; there is no lock that `localStorage` would need.

use crate::driver::Inbox;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use ringlet_phone::{Input, Record, RecordEffect, RecordsInput};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent};

/// Another tab that deletes everything is heard once for each record.
const QUIET_MS: u32 = 50;

/// The user's records, or the lack of a place for them.
pub struct Records {
    inbox: Inbox<Input>,
    /// `None` where the browser refuses it, as it does to frames of other sites in a private window.
    storage: Option<Storage>,
    /// What the keys of the user start with.
    prefix: String,
    _watch: Option<EventListener>,
}

impl Records {
    /// Opens the storage; if the browser refuses, the phone is told when it first asks for it.
    pub fn new(inbox: Inbox<Input>) -> Self {
        let storage = web_sys::window().and_then(|window| window.local_storage().ok().flatten());
        Self { inbox, storage, prefix: String::new(), _watch: None }
    }

    /// Does one thing with the records.
    pub fn perform(&mut self, effect: RecordEffect) {
        match effect {
            RecordEffect::Load { place } => self.load(&place),
            RecordEffect::Put(Record { key, text }) => {
                if self.put(&key, &text).is_none() {
                    self.inbox.push(Input::Records(RecordsInput::Refused(key)));
                }
            }
            RecordEffect::Remove(key) => self.remove(&key),
            RecordEffect::Rename { from, to } => {
                let text = self.storage.as_ref().and_then(|s| s.get_item(&self.key(&from)).ok()?);
                if text.and_then(|text| self.put(&to, &text)).is_some() {
                    self.remove(&from);
                }
            }
        }
    }

    fn load(&mut self, place: &str) {
        self.prefix = [place, "."].concat();
        let Some(storage) = self.storage.clone() else {
            return self.inbox.push(Input::Records(RecordsInput::Blocked));
        };
        self.inbox.push(all(&storage, &self.prefix));
        self._watch = watch(self.inbox.clone(), storage, self.prefix.clone());
    }

    fn put(&self, key: &str, text: &str) -> Option<()> {
        self.storage.as_ref()?.set_item(&self.key(key), text).ok()
    }

    fn remove(&self, key: &str) {
        if let Some(storage) = &self.storage {
            // Refused together with everything else, which has been told.
            storage.remove_item(&self.key(key)).ok();
        }
    }

    fn key(&self, key: &str) -> String {
        [self.prefix.as_str(), key].concat()
    }
}

/// Every record whose key starts with this.
fn all(storage: &Storage, prefix: &str) -> Input {
    let record = |index| {
        let key = storage.key(index).ok()??;
        let text = storage.get_item(&key).ok()??;
        Some(Record { key: key.strip_prefix(prefix)?.to_owned(), text })
    };
    let records = (0..storage.length().unwrap_or(0)).filter_map(record).collect();
    Input::Records(RecordsInput::Loaded(records))
}

/// Reads them again when another tab has changed one, until dropped.
fn watch(inbox: Inbox<Input>, storage: Storage, prefix: String) -> Option<EventListener> {
    let again = Rc::new(RefCell::new(None));
    let changed = move |event: &web_sys::Event| {
        let key = event.unchecked_ref::<StorageEvent>().key();
        // Without a key everything was cleared.
        if !key.is_none_or(|key| key.starts_with(&prefix)) {
            return;
        }
        let (inbox, storage, prefix) = (inbox.clone(), storage.clone(), prefix.clone());
        let read = Timeout::new(QUIET_MS, move || inbox.push(all(&storage, &prefix)));
        again.replace(Some(read));
    };
    Some(EventListener::new(&web_sys::window()?.into(), "storage", changed))
}
