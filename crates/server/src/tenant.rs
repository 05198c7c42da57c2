//! A tenant: whose phone it is, who may embed it, and which SIP server it speaks to.

use crate::origin::Origin;
use crate::wss_url::WssUrl;
use ringlet_contract::config::{Behavior, Branding, IceServer, PageConfig, RuntimeConfig};

/// Everything the server knows of a tenant, apart from its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenant {
    /// Lower-case letters, digits, `-` and `_`; part of the phone's URL.
    pub id: String,
    /// A tenant that is switched off keeps its settings and serves nothing.
    pub enabled: bool,
    /// The pages that may embed the phone and ask for its configuration.
    pub allowed_origins: Vec<Origin>,
    /// The SIP domain; where it is absent, the host page names one.
    pub sip_domain: Option<String>,
    /// The SIP server.
    pub wss_url: WssUrl,
    /// STUN and TURN servers, readable by whoever has the publishable key.
    pub ice_servers: Vec<IceServer>,
    /// The look.
    pub branding: Branding,
    /// Defaults a host page may override.
    pub behavior: Behavior,
    /// How many calls one phone may have at once.
    pub max_sessions: u32,
}

impl Tenant {
    /// Whether pages of this origin may embed the phone. `origin` is the header's own text: what
    /// a browser sends is normalised already, so anything but equality is a different origin.
    pub fn allows(&self, origin: &[u8]) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed.as_str().as_bytes() == origin)
    }

    /// The configuration the loader and the phone receive, with the phone under `public_url`.
    pub fn runtime_config(self, public_url: &Origin) -> RuntimeConfig {
        RuntimeConfig {
            ui_url: format!("{public_url}/app/{}/", self.id),
            storage_namespace: self.storage_namespace(),
            tenant_id: self.id,
            wss_url: self.wss_url.to_string(),
            sip_domain: self.sip_domain,
            ice_servers: self.ice_servers,
            branding: self.branding,
            behavior: self.behavior,
            max_sessions: self.max_sessions,
        }
    }

    /// What the phone's page carries for its first script.
    pub fn page_config(&self) -> PageConfig {
        PageConfig {
            wss_url: self.wss_url.to_string(),
            behavior: self.behavior.clone(),
            storage_namespace: self.storage_namespace(),
        }
    }

    fn storage_namespace(&self) -> String {
        format!("ringlet:{}", self.id)
    }
}
