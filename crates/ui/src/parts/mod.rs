//! What several screens share, and what is there on every screen.

pub(crate) mod action;
pub(crate) mod announce;
pub(crate) mod banner;
pub(crate) mod caller;
pub(crate) mod header;
pub(crate) mod icons;
pub(crate) mod menu;
pub(crate) mod page_bar;
