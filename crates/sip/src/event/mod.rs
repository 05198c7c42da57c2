//! What the bodies of NOTIFY say.

#[cfg(feature = "xml-events")]
mod dialog_info;
mod message_summary;
#[cfg(feature = "xml-events")]
mod presence;
#[cfg(feature = "xml-events")]
mod xml;

#[cfg(feature = "xml-events")]
pub use dialog_info::{DialogInfo, DialogState};
pub use message_summary::MessageSummary;
#[cfg(feature = "xml-events")]
pub use presence::Presence;
