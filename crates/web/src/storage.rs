//! What this tab remembers across a reload.
//!
//! gloo-storage panics where the browser blocks storage, which it does to third-party frames: it is
//! touched only after the browser has let us have it. Its JSON layer would be a parser in the wasm for
//! four strings, so they are stored as they are.

use crate::driver::Inbox;
use gloo_storage::{SessionStorage, Storage};
use ringlet_phone::{Input, Secret, StoreEffect, StoredSession};

/// This tab's `sessionStorage`, or the lack of it.
pub struct TabStorage {
    inbox: Inbox<Input>,
    available: bool,
    namespace: String,
}

impl TabStorage {
    /// Opens the storage; if the browser refuses, the phone is told when it first asks for it.
    pub fn new(inbox: Inbox<Input>) -> Self {
        Self { inbox, available: available(), namespace: String::new() }
    }

    /// Does one thing in the storage.
    pub fn perform(&mut self, effect: StoreEffect) {
        match effect {
            StoreEffect::Load { namespace } => {
                self.namespace = namespace;
                if !self.available {
                    self.inbox.push(Input::StorageBlocked);
                }
                self.inbox.push(Input::Stored(self.load()));
            }
            StoreEffect::Save(session) => {
                if self.available && self.save(&session).is_none() {
                    // Half a session is none.
                    self.clear();
                    self.available = false;
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
        if self.available {
            for field in [Field::Username, Field::Domain, Field::Password, Field::Ha1] {
                SessionStorage::delete(self.key(field));
            }
        }
    }

    fn get(&self, field: Field) -> Option<String> {
        read(self.available, &self.key(field))
    }

    fn set(&self, field: Field, value: &str) -> Option<()> {
        write(self.available, &self.key(field), value)
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

pub(crate) fn available() -> bool {
    web_sys::window().is_some_and(|window| matches!(window.session_storage(), Ok(Some(_))))
}

pub(crate) fn read(available: bool, key: &str) -> Option<String> {
    if available { SessionStorage::raw().get_item(key).ok()? } else { None }
}

pub(crate) fn write(available: bool, key: &str, value: &str) -> Option<()> {
    if available { SessionStorage::raw().set_item(key, value).ok() } else { None }
}
