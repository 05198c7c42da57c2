//! `ringlet demo`: everything a call needs, on one machine.
//!
//! - the phone on `http://127.0.0.1:PORT`
//! - a CRM page on `http://localhost:PORT/demo/`, which browsers treat as another origin
//! - the built-in SIP switch on `ws://127.0.0.1:PORT+1`
//!
//! The database lives in a temporary folder that goes with the process.

use crate::app::App;
use crate::assets::Assets;
use crate::config::TenantEntry;
use crate::listen::{self, ListenError};
use crate::origin::{Origin, OriginError};
use crate::router::router;
use crate::store::{ImportError, Store, StoreError};
use crate::tenant::Tenant;
use crate::wss_url::WssUrl;
use ringlet_contract::config::{Behavior, Branding, CallerIdBehavior, HostBehavior, HostMode};
use ringlet_contract::validate::WssUrlError;
use ringlet_switch::Switch;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use tokio::net::TcpListener;

/// The demo tenant's publishable key. It opens nothing: every demo has the same.
const KEY: &str = "pk_demo_for_this_machine_only";

/// Why the demo did not start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A port cannot be bound.
    #[error("{0}; another port can be chosen with --port")]
    Listen(#[from] ListenError),
    /// The switch did not start.
    #[error("the SIP switch: {0}; another port can be chosen with --port")]
    Switch(#[from] ringlet_switch::Error),
    /// There is no temporary folder, or nothing can be printed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The demo tenant could not be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The phone's or the page's origin is invalid.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The switch's URL is invalid.
    #[error(transparent)]
    WssUrl(#[from] WssUrlError),
}

/// Body of `GET /demo/config.json`: what the CRM page needs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoPage {
    /// Origin of the phone and of its loader.
    #[serde(serialize_with = "as_text")]
    pub phone_origin: Origin,
    /// The demo tenant's publishable key.
    pub key: String,
    /// The switch's SIP domain.
    pub domain: String,
    /// Who may sign in, by name.
    pub agents: BTreeMap<String, Agent>,
}

/// One of the demo's users.
#[derive(Clone, Serialize)]
pub struct Agent {
    /// The digest password; it is no secret.
    pub password: String,
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agent").finish_non_exhaustive()
    }
}

fn as_text<S: serde::Serializer>(origin: &Origin, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(origin.as_str())
}

/// Serves the demo until `stop` completes.
///
/// # Errors
///
/// [`DemoError`] when it cannot start, worded for the person at the terminal.
pub async fn run(
    port: u16,
    assets: Assets,
    stop: impl Future<Output = ()>,
) -> Result<(), DemoError> {
    let listeners = listeners(port).await?;
    let switch_config = switch_config(port);
    let page = page(port, &switch_config)?;
    let switch = Switch::start(switch_config).await?;
    let folder = tempfile::Builder::new().prefix("ringlet-demo-").tempdir()?;
    let store = Store::open(folder.path()).await?;
    store.import(&[tenant(port, &page, &switch.url())?]).await?;
    let public_url = page.phone_origin.clone();
    let app = App { store: store.clone(), assets, public_url, demo: Some(page) };
    announce(port)?;
    listen::run(listeners, router(app), stop).await;
    switch.shutdown().await;
    store.close().await;
    folder.close()?;
    Ok(())
}

/// `localhost` may mean either loopback address, so both are served where both exist.
async fn listeners(port: u16) -> Result<Vec<TcpListener>, ListenError> {
    let mut listeners = vec![listen::bind((Ipv4Addr::LOCALHOST, port).into()).await?];
    match listen::bind((Ipv6Addr::LOCALHOST, port).into()).await {
        Ok(listener) => listeners.push(listener),
        // Another program there would answer half of the browser's requests.
        Err(error) if error.source.kind() == ErrorKind::AddrInUse => return Err(error),
        Err(error) => tracing::debug!(%error, "this machine has no IPv6 loopback"),
    }
    Ok(listeners)
}

fn switch_config(port: u16) -> ringlet_switch::Config {
    let mut config = ringlet_switch::Config::demo();
    config.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, port.saturating_add(1)));
    config.media_ips.extend(lan_address());
    config
}

/// The address this machine has in its network. Browsers leave loopback out of their ICE
/// candidates, so the switch must offer the other one too. Connecting a UDP socket sends nothing.
fn lan_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // Any address that is not this machine's will do; this block is for documentation (RFC 5737).
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

fn page(port: u16, switch: &ringlet_switch::Config) -> Result<DemoPage, OriginError> {
    let agents = switch.users.iter();
    let agents = agents.map(|user| (user.name.clone(), Agent { password: user.password.clone() }));
    Ok(DemoPage {
        phone_origin: Origin::parse(&format!("http://127.0.0.1:{port}"))?,
        key: KEY.into(),
        domain: switch.domain.clone(),
        agents: agents.collect(),
    })
}

fn tenant(port: u16, page: &DemoPage, switch_url: &str) -> Result<TenantEntry, DemoError> {
    let tenant = Tenant {
        id: "demo".into(),
        enabled: true,
        allowed_origins: vec![Origin::parse(&format!("http://localhost:{port}"))?],
        sip_domain: Some(page.domain.clone()),
        wss_url: WssUrl::parse(switch_url)?,
        ice_servers: Vec::new(),
        branding: Branding { display_name: "Ringlet".into(), theme_color: "#0f766e".into() },
        behavior: Behavior {
            host: HostBehavior { mode: HostMode::Autologin },
            caller_id: CallerIdBehavior {
                numbers: vec!["+442079460958".into(), "+442079460959".into()],
                ..CallerIdBehavior::default()
            },
            ..Behavior::default()
        },
        max_sessions: 4,
    };
    Ok(TenantEntry { tenant, key: KEY.into() })
}

fn announce(port: u16) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "The demo keeps its data in a temporary folder; Ctrl+C ends it.\n")?;
    writeln!(out, "  http://localhost:{port}/demo/?agent=agent1")?;
    writeln!(out, "\nA second agent, for calls between two tabs:\n")?;
    writeln!(out, "  http://localhost:{port}/demo/?agent=agent2\n")?;
    out.flush()
}
