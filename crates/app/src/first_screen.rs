//! When the screens are built.

use gloo_timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;

/// A phone that takes longer to sign in shows itself while it does.
const AT_THE_LATEST_MS: u32 = 200;

type Mount = Rc<Cell<Option<Box<dyn FnOnce()>>>>;

/// Holds back the first screen while the phone signs in: building it would keep the answers of the
/// SIP server waiting. A timer and not an animation frame, because a hidden frame gets none.
pub(crate) struct FirstScreen {
    mount: Mount,
    _at_the_latest: Timeout,
}

impl FirstScreen {
    /// Calls `mount` once, when asked to or after a moment.
    pub(crate) fn new(mount: impl FnOnce() + 'static) -> Self {
        let mount: Mount = Rc::new(Cell::new(Some(Box::new(mount))));
        let _at_the_latest = after(AT_THE_LATEST_MS, &mount);
        Self { mount, _at_the_latest }
    }

    /// Shows it as soon as the browser has done what is under way.
    pub(crate) fn show(&self) {
        after(0, &self.mount).forget();
    }
}

fn after(ms: u32, mount: &Mount) -> Timeout {
    let mount = mount.clone();
    Timeout::new(ms, move || {
        if let Some(mount) = mount.take() {
            mount();
        }
    })
}
