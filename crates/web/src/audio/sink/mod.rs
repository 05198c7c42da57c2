//! Where sound goes.

pub(super) mod peer;
pub(super) mod speaker;
