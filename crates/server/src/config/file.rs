//! The file as it is written. What its values must be is decided in `validate`.

use ringlet_contract::config::{
    AutoAnswer, CallerIdBehavior, CallerIdHeader, DtmfMode, HostMode, IceServer, MediaBehavior,
    SessionRestore, Theme, TransferPolicy,
};
use secrecy::SecretString;
use serde::Deserialize;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The port of `ringlet serve` and `ringlet demo` unless told otherwise.
pub(crate) const DEFAULT_PORT: u16 = 4480;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default = "default_listen")]
    pub(super) listen: SocketAddr,
    #[serde(default = "default_data_dir")]
    pub(super) data_dir: PathBuf,
    pub(super) public_url: Option<String>,
    #[serde(default)]
    pub(super) tenants: Vec<FileTenant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileTenant {
    pub(super) id: String,
    pub(super) key: SecretString,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    pub(super) allowed_origins: Vec<String>,
    pub(super) sip_domain: Option<String>,
    pub(super) wss_url: String,
    #[serde(default)]
    pub(super) ice_servers: Vec<IceServer>,
    #[serde(default)]
    pub(super) branding: FileBranding,
    #[serde(default)]
    pub(super) behavior: FileBehavior,
    #[serde(default = "default_max_sessions")]
    pub(super) max_sessions: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileBranding {
    pub(super) display_name: String,
    pub(super) theme_color: String,
}

impl Default for FileBranding {
    fn default() -> Self {
        Self { display_name: "Phone".into(), theme_color: "#0f766e".into() }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileBehavior {
    pub(super) host: FileHost,
    pub(super) session_restore: SessionRestore,
    pub(super) theme: FileTheme,
    pub(super) transfer: FileTransfer,
    pub(super) caller_id: FileCallerId,
    pub(super) dtmf: FileDtmf,
    pub(super) incoming: FileIncoming,
    pub(super) media: FileMedia,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileHost {
    pub(super) mode: HostMode,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileTheme {
    pub(super) start: Theme,
    pub(super) lock: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileTransfer {
    pub(super) incoming: TransferPolicy,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileDtmf {
    pub(super) mode: DtmfMode,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileIncoming {
    pub(super) auto_answer: AutoAnswer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileMedia {
    pub(super) codec_delete: String,
    pub(super) codec_priority: Vec<String>,
    pub(super) opus_fec: bool,
    pub(super) opus_dtx: bool,
    pub(super) echo_cancellation: bool,
    pub(super) noise_suppression: bool,
    pub(super) auto_gain_control: bool,
}

impl Default for FileMedia {
    fn default() -> Self {
        let MediaBehavior {
            codec_delete,
            codec_priority,
            opus_fec,
            opus_dtx,
            echo_cancellation,
            noise_suppression,
            auto_gain_control,
        } = MediaBehavior::default();
        Self {
            codec_delete,
            codec_priority,
            opus_fec,
            opus_dtx,
            echo_cancellation,
            noise_suppression,
            auto_gain_control,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FileCallerId {
    pub(super) numbers: Vec<String>,
    pub(super) headers: Vec<CallerIdHeader>,
}

impl Default for FileCallerId {
    fn default() -> Self {
        let CallerIdBehavior { numbers, headers } = CallerIdBehavior::default();
        Self { numbers, headers }
    }
}

fn default_listen() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, DEFAULT_PORT).into()
}

fn default_data_dir() -> PathBuf {
    "data".into()
}

fn yes() -> bool {
    true
}

/// One to talk in, some to hold.
fn default_max_sessions() -> u32 {
    4
}
