//! Every disagreement, by its cause.

mod accepted;
mod differing;
mod refused;

use crate::reading::{Aspect, Difference};
use crate::sample::Sample;

/// Some readers differ from ours, in some aspects, on some messages.
pub(crate) struct Disagreement {
    pub(crate) stacks: &'static [&'static str],
    pub(crate) aspects: &'static [Aspect],
    /// What they make of it.
    pub(crate) cause: &'static str,
    /// What settles it; sections are of RFC 3261 where no other is named.
    #[expect(dead_code, reason = "it is there to be read")]
    pub(crate) section: &'static str,
    #[expect(dead_code, reason = "it is there to be read")]
    pub(crate) right: Right,
    /// Which messages it is about.
    pub(crate) when: fn(&Sample<'_>) -> bool,
}

/// Who reads it as the section has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    Ours,
    /// The section leaves it open, or the message breaks it and a reader may make the best of that.
    Open,
}

impl Disagreement {
    /// Each stack with each aspect.
    pub(crate) fn differences(&self) -> impl Iterator<Item = Difference> + '_ {
        self.stacks.iter().flat_map(|stack| {
            self.aspects.iter().map(|aspect| Difference { stack, aspect: *aspect })
        })
    }

    pub(crate) fn explains(&self, difference: Difference, sample: &Sample<'_>) -> bool {
        self.differences().any(|listed| listed == difference) && (self.when)(sample)
    }
}

/// The whole list.
pub(crate) fn all() -> impl Iterator<Item = &'static Disagreement> {
    accepted::LIST.iter().chain(refused::LIST).chain(differing::LIST)
}
