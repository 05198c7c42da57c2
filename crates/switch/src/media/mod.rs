//! The switch's own end of a call's audio: ICE-lite, DTLS-SRTP, and either an echo or a tone.

mod agent;
mod session;
mod tone;

pub(crate) use self::agent::Program;
pub(crate) use self::session::Session;
