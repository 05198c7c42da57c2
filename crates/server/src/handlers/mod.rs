//! The endpoints, one a file.

pub(crate) mod assets;
pub(crate) mod demo;
pub(crate) mod healthz;
pub(crate) mod loader;
pub(crate) mod phone;
pub(crate) mod webphone_config;
