//! A peer connection for the next call, made while nobody waits for it.
//!
//! The first one of a page starts the browser's media threads, and each makes a certificate: work
//! that a call need not wait for. Nothing is gathered ahead. Candidates grow old with the network
//! they were found in, and a relay would keep a port open for every idle phone.

use super::connection::Owned;
use gloo_timers::callback::Timeout;
use ringlet_phone::PeerConfig;
use std::cell::RefCell;
use std::rc::Rc;

/// Ringing or hanging up comes first.
const MAKE_AFTER_MS: u32 = 200;

/// The connection, when there is one.
#[derive(Default)]
pub(super) struct Spare(Rc<RefCell<State>>);

#[derive(Default)]
enum State {
    #[default]
    None,
    /// It will be made when this fires, unless it is dropped.
    Soon(#[expect(dead_code)] Timeout),
    Made(Owned),
}

impl Spare {
    /// Makes one soon, unless there is one.
    pub(super) fn prepare(&self, config: &Rc<PeerConfig>) {
        if !matches!(*self.0.borrow(), State::None) {
            return;
        }
        let (state, config) = (Rc::downgrade(&self.0), config.clone());
        let timeout = Timeout::new(MAKE_AFTER_MS, move || {
            let Some(state) = state.upgrade() else { return };
            // What the browser refuses here it will refuse the call too, which says so.
            *state.borrow_mut() = Owned::open(&config.ice_servers).map_or(State::None, State::Made);
        });
        *self.0.borrow_mut() = State::Soon(timeout);
    }

    /// Takes it.
    pub(super) fn take(&self) -> Option<Owned> {
        match self.0.take() {
            State::Made(connection) => Some(connection),
            State::None | State::Soon(_) => None,
        }
    }
}
