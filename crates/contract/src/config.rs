//! Configuration: what the server decides, and what a host page may add.

use serde::{Deserialize, Serialize};

/// What `GET /api/webphone/config` answers: a tenant's effective configuration, without secrets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase")]
pub struct RuntimeConfig {
    /// The tenant's id; it also names the phone's page.
    pub tenant_id: String,
    /// Absolute URL of the phone's page. Its origin is the only one the loader trusts.
    pub ui_url: String,
    /// Absolute `wss:` (or, on loopback, `ws:`) URL of the SIP server.
    pub wss_url: String,
    /// The SIP domain; wins over the host's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub sip_domain: Option<String>,
    /// STUN and TURN servers, in the browser's own form.
    pub ice_servers: Vec<IceServer>,
    /// How the phone looks.
    pub branding: Branding,
    /// How the phone behaves unless the host says otherwise.
    pub behavior: Behavior,
    /// Prefix of everything the phone stores in the browser.
    pub storage_namespace: String,
    /// How many calls one phone may have at once, talked in, held, ringing or being set up.
    pub max_sessions: u32,
}

/// One entry of `RTCConfiguration.iceServers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(deny_unknown_fields)]
pub struct IceServer {
    /// `stun:`, `turn:` or `turns:` URLs.
    pub urls: Vec<String>,
    /// TURN user name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub username: Option<String>,
    /// TURN password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub credential: Option<String>,
}

/// A tenant's look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Branding {
    /// The name at the top of the phone.
    pub display_name: String,
    /// Accent colour, `#rrggbb`.
    pub theme_color: String,
}

/// A tenant's defaults for what a host may override.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase", default)]
pub struct Behavior {
    /// What happens with the credentials a host passes.
    pub host: HostBehavior,
    /// Whether a reload signs in again by itself.
    pub session_restore: SessionRestore,
    /// Light, dark or the system's choice.
    pub theme: ThemeBehavior,
    /// Transfers that the far end of a call asks for. No host may override this.
    pub transfer: TransferBehavior,
    /// The numbers the agent may call as. No host may override this.
    pub caller_id: CallerIdBehavior,
    /// How DTMF is sent. No host may override this.
    pub dtmf: DtmfBehavior,
    /// Calls that come in. No host may override this.
    pub incoming: IncomingBehavior,
    /// Codecs and microphone. No host may override this.
    pub media: MediaBehavior,
}

/// How the phone treats a host's credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(default)]
pub struct HostBehavior {
    /// See [`HostMode`].
    pub mode: HostMode,
}

/// What happens with the credentials a host passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "lowercase")]
pub enum HostMode {
    /// Complete credentials show a one-press Connect; partial ones the form with what is missing.
    #[default]
    Confirm,
    /// Complete credentials connect untouched.
    Autologin,
    /// The form, filled in.
    Prefilled,
}

/// Whether a remembered session is used before the [`HostMode`] applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "lowercase")]
pub enum SessionRestore {
    /// A session of this tab is taken up again after a reload.
    #[default]
    Auto,
    /// Every load starts signed out.
    Off,
}

/// How the phone treats transfers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(default)]
pub struct TransferBehavior {
    /// See [`TransferPolicy`].
    pub incoming: TransferPolicy,
}

/// What happens when the far end of a call asks the phone to call somebody else (SIP REFER).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "lowercase")]
pub enum TransferPolicy {
    /// The phone calls at once.
    Allow,
    /// The person decides.
    #[default]
    Ask,
    /// The far end is refused.
    Refuse,
}

/// How the phone sends DTMF.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(default)]
pub struct DtmfBehavior {
    /// See [`DtmfMode`].
    pub mode: DtmfMode,
}

/// How a tone reaches the far end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "lowercase")]
pub enum DtmfMode {
    /// In the media where the far end can take it there, else by SIP INFO.
    #[default]
    Auto,
    /// In the media (RFC 4733).
    Rfc4733,
    /// By SIP INFO, `application/dtmf-relay`.
    Info,
}

/// How the phone treats calls that come in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase", default)]
pub struct IncomingBehavior {
    /// See [`AutoAnswer`].
    pub auto_answer: AutoAnswer,
}

/// Which calls are answered without a person. They are while nobody is in another call, and the person
/// hears and sees that it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "lowercase")]
pub enum AutoAnswer {
    /// None.
    #[default]
    Off,
    /// Those whose INVITE asks for it: `answer-after` in Call-Info, Alert-Info, or Answer-Mode
    /// (RFC 5373). For a SIP server that lets no stranger say so.
    Asked,
    /// All.
    Always,
}

/// Codecs and microphone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase", default)]
pub struct MediaBehavior {
    /// The codecs never to use: a regular expression that their whole name matches, such as `PCM.|G722`, in
    /// any case. Empty for none. Opus stays, whatever it says.
    pub codec_delete: String,
    /// The names of the codecs to prefer, the best first. The others follow in the browser's order.
    pub codec_priority: Vec<String>,
    /// Opus sends what mends the loss of a packet with the next one (RFC 7587 section 3.3).
    pub opus_fec: bool,
    /// Opus sends next to nothing while nobody speaks (RFC 7587 section 3.1.3).
    pub opus_dtx: bool,
    /// What the microphone hears of the loudspeaker is taken out.
    pub echo_cancellation: bool,
    /// The browser takes noise out.
    pub noise_suppression: bool,
    /// The browser evens the volume out.
    pub auto_gain_control: bool,
}

impl Default for MediaBehavior {
    fn default() -> Self {
        Self {
            codec_delete: String::new(),
            codec_priority: Vec::new(),
            opus_fec: true,
            opus_dtx: false,
            echo_cancellation: true,
            noise_suppression: true,
            auto_gain_control: true,
        }
    }
}

/// Caller IDs: the numbers that a far end sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(default)]
pub struct CallerIdBehavior {
    /// What the tenant offers its agents to choose from; an agent may add others.
    pub numbers: Vec<String>,
    /// The header that tells the server, and those to try, in order, when it refuses the call
    /// before anybody was reached.
    pub headers: Vec<CallerIdHeader>,
}

impl Default for CallerIdBehavior {
    fn default() -> Self {
        let headers = vec![
            CallerIdHeader::PPreferredIdentity,
            CallerIdHeader::PAssertedIdentity,
            CallerIdHeader::RemotePartyId,
            CallerIdHeader::None,
        ];
        Self { numbers: Vec::new(), headers }
    }
}

/// Where an INVITE says who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum CallerIdHeader {
    /// P-Preferred-Identity (RFC 3325): what a user agent shall use.
    PPreferredIdentity,
    /// P-Asserted-Identity (RFC 3325): what some trunks insist on.
    PAssertedIdentity,
    /// Remote-Party-ID: older than both.
    RemotePartyId,
    /// The address in From itself.
    From,
    /// Nowhere: the call goes out under the account's own address.
    None,
}

/// The colour scheme, and who may change it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(default)]
pub struct ThemeBehavior {
    /// The scheme to start with.
    pub start: Theme,
    /// Neither the host nor the person may change it.
    pub lock: bool,
}

/// A colour scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Whatever the browser prefers.
    #[default]
    System,
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

/// What the phone's page carries, so that its first script can open the SIP socket before the phone's
/// program is there. A part of [`RuntimeConfig`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase")]
pub struct PageConfig {
    /// See [`RuntimeConfig::wss_url`].
    pub wss_url: String,
    /// See [`RuntimeConfig::behavior`].
    pub behavior: Behavior,
    /// See [`RuntimeConfig::storage_namespace`].
    pub storage_namespace: String,
}

/// What the loader hands to the phone after the handshake: the server's word and the host's.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase")]
pub struct PhoneInit {
    /// From the server.
    pub runtime: RuntimeConfig,
    /// From the host, already reduced to what a host may set.
    pub host: HostInit,
}

/// The part of `init(config)` that reaches the phone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase", default)]
pub struct HostInit {
    /// SIP credentials, complete, partial or empty.
    pub sip: SipCredentials,
    /// Overrides the tenant's `behavior.host.mode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub mode: Option<HostMode>,
    /// Overrides the tenant's `behavior.sessionRestore`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub session_restore: Option<SessionRestore>,
    /// Overrides the tenant's `behavior.theme.start` unless that is locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub theme: Option<Theme>,
}

/// SIP credentials as a host passes them. At most one of the two secrets is set.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(export, export_to = "config.ts"))]
#[serde(rename_all = "camelCase", default)]
pub struct SipCredentials {
    /// User part of the address of record, and the digest user name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub username: Option<String>,
    /// Host part of the address of record; only a fall-back, the tenant's wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub domain: Option<String>,
    /// The password in clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub password: Option<String>,
    /// `MD5(username:realm:password)` in hexadecimal (RFC 2617 section 3.2.2.2).
    #[serde(rename = "HA1Password", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub ha1_password: Option<String>,
}

impl std::fmt::Debug for SipCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SipCredentials")
            .field("username", &self.username)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for HostInit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostInit")
            .field("sip", &self.sip)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PhoneInit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PhoneInit")
            .field("runtime", &self.runtime)
            .field("host", &self.host)
            .finish()
    }
}
