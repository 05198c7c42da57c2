//! The colour scheme and the tenant's colour.

pub(crate) mod contrast;
pub(crate) mod theme;
