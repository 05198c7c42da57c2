//! What the file's values must be.

use super::file::{File, FileMedia, FileTenant};
use super::locate::Step;
use super::{Config, TenantEntry};
use crate::key::{self, KeyHash};
use crate::origin::Origin;
use crate::tenant::Tenant;
use crate::wss_url::WssUrl;
use ringlet_contract::config::{
    Behavior, Branding, CallerIdBehavior, DtmfBehavior, HostBehavior, IceServer, IncomingBehavior,
    MediaBehavior, ThemeBehavior, TransferBehavior,
};
use ringlet_contract::validate::{
    IceServerError, MAX_CALLER_IDS, MAX_SESSIONS, ice_server_errors, is_caller_id, is_color,
    is_max_sessions, is_sip_domain,
};
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;

/// A field and what is wrong with it.
pub(super) type Finding = (Vec<Step>, String);

/// The longest tenant id, in characters.
const MAX_ID_CHARS: usize = 63;

/// The longest display name, in characters.
const MAX_NAME_CHARS: usize = 60;

/// Turns the file into a configuration, or finds everything that is wrong with it.
pub(super) fn check(file: File, folder: &Path) -> Result<Config, Vec<Finding>> {
    let mut findings = Findings::default();
    let public_url = public_url(file.public_url.as_deref(), file.listen, &mut findings);
    let mut ids = HashMap::new();
    let mut keys = HashMap::new();
    let mut tenants = Vec::new();
    for (index, written) in file.tenants.into_iter().enumerate() {
        findings.prefix = vec!["tenants".into(), index.into()];
        if let Some(first) = ids.insert(written.id.clone(), index) {
            findings.add(["id"], format!("is the id of tenants[{first}] already"));
        }
        if let Some(first) = keys.insert(KeyHash::of_secret(&written.key), index) {
            findings.add(["key"], format!("is the key of tenants[{first}] already"));
        }
        tenants.extend(tenant(written, &mut findings));
    }
    match (public_url, findings.list) {
        (Some(public_url), list) if list.is_empty() => {
            let data_dir = folder.join(file.data_dir);
            Ok(Config { listen: file.listen, data_dir, public_url, tenants })
        }
        (_, list) => Err(list),
    }
}

#[derive(Default)]
struct Findings {
    prefix: Vec<Step>,
    list: Vec<Finding>,
}

impl Findings {
    fn add<S: Into<Step>>(
        &mut self,
        path: impl IntoIterator<Item = S>,
        message: impl Into<String>,
    ) {
        let mut full = self.prefix.clone();
        full.extend(path.into_iter().map(Into::into));
        self.list.push((full, message.into()));
    }
}

fn public_url(
    written: Option<&str>,
    listen: SocketAddr,
    findings: &mut Findings,
) -> Option<Origin> {
    let text = match written {
        Some(text) => text.to_owned(),
        None if listen.ip().is_unspecified() || listen.port() == 0 => {
            findings.add(
                ["public_url"],
                "is needed: the listen address does not say where browsers find the server",
            );
            return None;
        }
        None => format!("http://{listen}"),
    };
    match Origin::parse(&text) {
        Ok(origin) => Some(origin),
        Err(error) => {
            findings.add(["public_url"], error.to_string());
            None
        }
    }
}

fn tenant(written: FileTenant, findings: &mut Findings) -> Option<TenantEntry> {
    let before = findings.list.len();
    check_id(&written.id, findings);
    check_key(written.key.expose_secret(), findings);
    let allowed_origins = allowed_origins(&written.allowed_origins, findings);
    if !written.sip_domain.as_deref().is_none_or(is_sip_domain) {
        findings.add(["sip_domain"], "must be a host name or an address, like pbx.example.com");
    }
    let wss_url = WssUrl::parse(&written.wss_url)
        .map_err(|error| findings.add(["wss_url"], error.to_string()))
        .ok();
    check_ice_servers(&written.ice_servers, findings);
    check_branding(&written.branding.display_name, &written.branding.theme_color, findings);
    check_caller_ids(&written.behavior.caller_id.numbers, findings);
    check_codecs(&written.behavior.media, findings);
    if !is_max_sessions(written.max_sessions) {
        let message =
            format!("must be from 1 to {MAX_SESSIONS}, which is what this phone can have");
        findings.add(["max_sessions"], message);
    }
    let wss_url = wss_url.filter(|_| findings.list.len() == before)?;
    let tenant = Tenant {
        id: written.id,
        enabled: written.enabled,
        allowed_origins,
        sip_domain: written.sip_domain,
        wss_url,
        ice_servers: written.ice_servers,
        branding: Branding {
            display_name: written.branding.display_name,
            theme_color: written.branding.theme_color,
        },
        behavior: Behavior {
            host: HostBehavior { mode: written.behavior.host.mode },
            session_restore: written.behavior.session_restore,
            theme: ThemeBehavior {
                start: written.behavior.theme.start,
                lock: written.behavior.theme.lock,
            },
            transfer: TransferBehavior { incoming: written.behavior.transfer.incoming },
            caller_id: CallerIdBehavior {
                numbers: written.behavior.caller_id.numbers,
                headers: written.behavior.caller_id.headers,
            },
            dtmf: DtmfBehavior { mode: written.behavior.dtmf.mode },
            incoming: IncomingBehavior { auto_answer: written.behavior.incoming.auto_answer },
            media: media(written.behavior.media),
        },
        max_sessions: written.max_sessions,
    };
    Some(TenantEntry { tenant, key: written.key })
}

fn check_id(id: &str, findings: &mut Findings) {
    let letters = id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
    if id.is_empty() || id.len() > MAX_ID_CHARS || !letters {
        let message = format!(
            "must be 1 to {MAX_ID_CHARS} lower-case letters, digits, hyphens or underscores"
        );
        findings.add(["id"], message);
    }
}

fn check_caller_ids(numbers: &[String], findings: &mut Findings) {
    let path = ["behavior", "caller_id", "numbers"];
    if numbers.len() > MAX_CALLER_IDS {
        findings.add(path, format!("may hold {MAX_CALLER_IDS} numbers at most"));
    }
    if let Some(number) = numbers.iter().find(|number| !is_caller_id(number)) {
        let message = format!(
            "holds {number:?}, which is neither a number without separators, like +4930123456, nor a SIP user"
        );
        findings.add(path, message);
    }
}

/// The expression is the browser's to read. What both dialects mean alike is taken: neither
/// look-around nor back-references.
fn check_codecs(media: &FileMedia, findings: &mut Findings) {
    let pattern = &media.codec_delete;
    if let Err(error) = regex_syntax::parse(pattern) {
        let what = error.to_string();
        let what = what.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let message = format!("is not a regular expression: {what}");
        findings.add(["behavior", "media", "codec_delete"], message);
    } else if pattern.split("(?").skip(1).any(|rest| !rest.starts_with(':')) {
        let message = "may hold (?:…) but no flags: it is read without regard to case";
        findings.add(["behavior", "media", "codec_delete"], message);
    }
    let is_name = |name: &String| !name.is_empty() && name.bytes().all(is_codec_byte);
    if let Some(name) = media.codec_priority.iter().find(|name| !is_name(name)) {
        let message = format!("holds {name:?}, which is no codec's name, like opus or PCMU");
        findings.add(["behavior", "media", "codec_priority"], message);
    }
}

/// RFC 4855 section 3.
fn is_codec_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'+')
}

fn media(written: FileMedia) -> MediaBehavior {
    MediaBehavior {
        codec_delete: written.codec_delete,
        codec_priority: written.codec_priority,
        opus_fec: written.opus_fec,
        opus_dtx: written.opus_dtx,
        echo_cancellation: written.echo_cancellation,
        noise_suppression: written.noise_suppression,
        auto_gain_control: written.auto_gain_control,
    }
}

fn check_key(key: &str, findings: &mut Findings) {
    let (min, max) = (key::MIN_CHARS, key::MAX_CHARS);
    if !(min..=max).contains(&key.chars().count()) {
        findings.add(["key"], format!("must have {min} to {max} characters"));
    } else if !key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')) {
        findings.add(["key"], "may hold only letters, digits, hyphens, underscores and dots");
    }
}

fn allowed_origins(written: &[String], findings: &mut Findings) -> Vec<Origin> {
    if written.is_empty() {
        findings.add(["allowed_origins"], "must name at least one origin");
    }
    let mut origins = Vec::new();
    for (index, text) in written.iter().enumerate() {
        let at = [Step::from("allowed_origins"), index.into()];
        match Origin::parse(text) {
            Ok(origin) if origin.is_ipv6() => {
                findings.add(
                    at,
                    "must name the host; a content security policy cannot hold an IPv6 address",
                );
            }
            Ok(origin) if origins.contains(&origin) => findings.add(at, "is listed twice"),
            Ok(origin) => origins.push(origin),
            Err(error) => findings.add(at, error.to_string()),
        }
    }
    origins
}

fn check_ice_servers(servers: &[IceServer], findings: &mut Findings) {
    for (index, server) in servers.iter().enumerate() {
        for error in ice_server_errors(server) {
            let field = match error {
                IceServerError::NoUrls => vec!["urls".into()],
                IceServerError::Url(url) => vec!["urls".into(), url.into()],
                IceServerError::NoUsername => vec!["username".into()],
                IceServerError::NoCredential => vec!["credential".into()],
            };
            let entry: [Step; 2] = ["ice_servers".into(), index.into()];
            findings.add(entry.into_iter().chain(field), error.to_string());
        }
    }
}

fn check_branding(name: &str, color: &str, findings: &mut Findings) {
    let chars = name.chars().count();
    if name.trim().is_empty() || chars > MAX_NAME_CHARS || name.contains(char::is_control) {
        let message = format!("must have 1 to {MAX_NAME_CHARS} characters");
        findings.add(["branding", "display_name"], message);
    }
    if !is_color(color) {
        findings.add(["branding", "theme_color"], "must be a colour like #0f766e");
    }
}
