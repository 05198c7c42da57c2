use std::net::SocketAddr;

/// Why a switch could not start, or could not place a call of its own.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The listen address could not be bound.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The configured domain is empty or holds characters a SIP host cannot have.
    #[error("{0:?} is not a SIP domain")]
    Domain(String),
    /// No user of that name is configured.
    #[error("there is no user {0:?}")]
    UnknownUser(String),
    /// The user has no registration to call.
    #[error("{0:?} is not registered")]
    NotRegistered(String),
    /// The call's media could not be set up.
    #[error("media: {0}")]
    Media(#[from] MediaError),
    /// The switch has been shut down.
    #[error("the switch has been shut down")]
    ShutDown,
}

/// Why a media session could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// None of the configured media addresses could be bound.
    #[error("no UDP socket could be bound: {0}")]
    Socket(std::io::Error),
    /// The session description is not SDP, or not WebRTC's kind of it.
    #[error("unusable session description: {0}")]
    Description(String),
    /// The other side offers none of the codecs the number speaks.
    #[error("no codec in common")]
    Codec,
    /// The WebRTC engine refused.
    #[error("WebRTC: {0}")]
    Engine(#[from] str0m::RtcError),
}
