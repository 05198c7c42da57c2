//! The screens. `screen` decides which one is shown, `phone` shows it.

pub(crate) mod call;
pub(crate) mod caller_ids;
pub(crate) mod crash;
pub(crate) mod devices;
pub(crate) mod diversion;
pub(crate) mod ended;
pub(crate) mod incoming;
pub(crate) mod keypad;
pub(crate) mod microphone;
pub(crate) mod phone;
pub(crate) mod recents;
pub(crate) mod screen;
pub(crate) mod sign_in;
pub(crate) mod starting;
