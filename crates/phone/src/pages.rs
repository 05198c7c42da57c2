//! Where a person has gone from the keypad.

/// A screen that a person chooses. Calls and notices come before it, and go back to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// The keypad.
    #[default]
    Keypad,
    /// The calls of the past.
    Recents,
    /// The numbers to call as.
    CallerIds,
    /// What becomes of calls that come in.
    Diversion,
    /// Microphone and loudspeakers.
    Devices,
}

/// The page that was chosen.
#[derive(Default)]
pub(crate) struct Pages(Page);

impl Pages {
    pub(crate) fn page(&self) -> Page {
        self.0
    }

    pub(crate) fn show(&mut self, page: Page) {
        self.0 = page;
    }
}
