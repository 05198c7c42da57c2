//! What the bodies of NOTIFY say.

mod dialog_info;
mod message_summary;
mod presence;
mod xml;

pub use dialog_info::{DialogInfo, DialogState};
pub use message_summary::MessageSummary;
pub use presence::Presence;
