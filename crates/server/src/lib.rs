//! Ringlet's server: it hands the loader to host pages, the phone to their frames, and each
//! tenant's configuration to both. Calls do not pass through it; the phone speaks to the tenant's
//! SIP server itself.
//!
//! | address | what | who may have it |
//! |---|---|---|
//! | `/loader.js` | the script a host page adds | everybody |
//! | `/api/webphone/config` | a tenant's configuration | the tenant's origins, with its key |
//! | `/app/?key=…`, `/app/{tenant}/` | the phone's page | framed by the tenant's origins |
//! | `/assets/*` | what that page loads | everybody |
//! | `/healthz` | whether the database answers | everybody |
//! | `/demo/*` | a CRM page with a phone | everybody; `ringlet demo` alone |
//!
//! Requests meet [`router()`] first, then one file of `handlers` each; they read the database
//! through [`store`]. [`config`] turns a file into tenants, or into a list of its mistakes.

pub mod app;
pub mod assets;
pub mod cli;
pub mod config;
pub mod demo;
mod handlers;
mod headers;
mod key;
pub mod listen;
mod logging;
pub mod origin;
mod page;
mod problem;
mod router;
pub mod serve;
pub mod store;
pub mod tenant;
#[cfg(test)]
mod testing;
pub mod wss_url;

pub use key::KeyHash;
pub use router::router;
