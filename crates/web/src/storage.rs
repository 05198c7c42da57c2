//! What this tab remembers across a reload.
//!
//! Plain `sessionStorage`, not gloo-storage: that one panics where the browser blocks storage, which
//! it does to third-party frames, and brings a JSON parser for four strings.

use crate::driver::Inbox;
use crate::random;
use ringlet_phone::{Input, Secret, StoreEffect, StoredSession};
use web_sys::Storage;

const INSTANCE: &str = "ringlet.instance";

/// This tab's `sessionStorage`, or the lack of it.
pub struct TabStorage {
    inbox: Inbox<Input>,
    storage: Option<Storage>,
    namespace: String,
}

impl TabStorage {
    /// Opens the storage; if the browser refuses, the phone is told when it first asks for it.
    pub fn new(inbox: Inbox<Input>) -> Self {
        Self { inbox, storage: tab_storage(), namespace: String::new() }
    }

    /// Does one thing in the storage.
    pub fn perform(&mut self, effect: StoreEffect) {
        match effect {
            StoreEffect::Load { namespace } => {
                self.namespace = namespace;
                if self.storage.is_none() {
                    self.inbox.push(Input::StorageBlocked);
                }
                self.inbox.push(Input::Stored(self.load()));
            }
            StoreEffect::Save(session) => {
                if self.storage.is_some() && self.save(&session).is_none() {
                    // Half a session is none.
                    self.clear();
                    self.storage = None;
                    self.inbox.push(Input::StorageBlocked);
                }
            }
            StoreEffect::Clear => self.clear(),
        }
    }

    fn load(&self) -> Option<StoredSession> {
        let secret = match self.get(Field::Ha1) {
            Some(ha1) => Secret::Ha1(ha1),
            None => Secret::Password(self.get(Field::Password)?),
        };
        Some(StoredSession {
            username: self.get(Field::Username)?,
            domain: self.get(Field::Domain)?,
            secret,
        })
    }

    fn save(&self, session: &StoredSession) -> Option<()> {
        self.clear();
        self.set(Field::Username, &session.username)?;
        self.set(Field::Domain, &session.domain)?;
        match &session.secret {
            Secret::Password(password) => self.set(Field::Password, password),
            Secret::Ha1(ha1) => self.set(Field::Ha1, ha1),
        }
    }

    fn clear(&self) {
        if let Some(storage) = &self.storage {
            for field in [Field::Username, Field::Domain, Field::Password, Field::Ha1] {
                storage.remove_item(&self.key(field)).ok();
            }
        }
    }

    fn get(&self, field: Field) -> Option<String> {
        self.storage.as_ref()?.get_item(&self.key(field)).ok()?
    }

    fn set(&self, field: Field, value: &str) -> Option<()> {
        self.storage.as_ref()?.set_item(&self.key(field), value).ok()
    }

    fn key(&self, field: Field) -> String {
        [self.namespace.as_str(), ".session.", field.name()].concat()
    }
}

#[derive(Clone, Copy)]
enum Field {
    Username,
    Domain,
    Password,
    Ha1,
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Domain => "domain",
            Self::Password => "password",
            Self::Ha1 => "ha1",
        }
    }
}

/// The UUID of this tab's user agent (RFC 5626 section 4.1): the same after a reload, so that the
/// registrar replaces the old binding; another in another tab, so that the two do not evict each other.
/// Without storage it is new with every load.
pub fn instance_id() -> String {
    let storage = tab_storage();
    let known = storage.as_ref().and_then(|storage| storage.get_item(INSTANCE).ok()?);
    known.filter(|id| id.len() == 36).unwrap_or_else(|| {
        let id = random::uuid();
        if let Some(storage) = storage {
            // A full storage is no reason to stop.
            storage.set_item(INSTANCE, &id).ok();
        }
        id
    })
}

fn tab_storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
