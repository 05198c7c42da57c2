//! What the command line says.

use ringlet_sip::{Config, Secret};
use std::time::Duration;

const USAGE: &str = "usage: console ws://HOST:PORT USER DOMAIN PASSWORD \
    [--expires SECONDS] [--session-interval SECONDS] [--instance UUID] [--webrtc]";

pub(crate) struct Options {
    pub(crate) url: String,
    pub(crate) config: Config,
    /// Offers look like a browser's; answers look like their offers anyway.
    pub(crate) webrtc: bool,
}

impl Options {
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        Self::read(arguments).ok_or_else(|| USAGE.to_owned())
    }

    fn read(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let url = arguments.next()?;
        let (user, domain) = (arguments.next()?, arguments.next()?);
        let mut config = Config::new(&user, &domain, Secret::Password(arguments.next()?));
        config.secure = url.starts_with("wss:");
        config.trace_bytes = 64 * 1024;
        let mut webrtc = false;
        while let Some(option) = arguments.next() {
            match option.as_str() {
                "--expires" => config.register_expires = seconds(&arguments.next()?)?,
                "--session-interval" => config.session_interval = seconds(&arguments.next()?)?,
                "--instance" => config.instance_id = arguments.next()?,
                "--webrtc" => webrtc = true,
                _ => return None,
            }
        }
        Some(Self { url, config, webrtc })
    }
}

fn seconds(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_secs)
}
