use super::*;
use ringlet_contract::config::{
    AutoAnswer, CallerIdBehavior, DtmfMode, MediaBehavior, TransferPolicy,
};

const VALID: &str = r##"listen = "127.0.0.1:5000"
public_url = "https://phone.example.com"

[[tenants]]
id = "acme"
key = "pk_test_acme_0001"
allowed_origins = ["https://CRM.example.com:443", "http://localhost:3000"]
sip_domain = "pbx.example.com"
wss_url = "wss://pbx.example.com:7443/ws"
ice_servers = [{ urls = ["stun:stun.example.com"] }]
max_sessions = 1

[tenants.branding]
display_name = "Acme"
theme_color = "#123abc"

[tenants.behavior]
host.mode = "autologin"
session_restore = "off"
theme = { start = "dark", lock = true }
transfer.incoming = "refuse"
caller_id.numbers = ["+4930100", "sales"]
dtmf.mode = "info"
incoming.auto_answer = "asked"
media = { codec_delete = "PCM.", codec_priority = ["G722"], opus_dtx = true }

[[tenants]]
id = "bolt"
key = "pk_test_bolt_0002"
enabled = false
allowed_origins = ["https://bolt.example.com"]
wss_url = "ws://127.0.0.1:8080"
"##;

fn parse(text: &str) -> Result<Config, Vec<Mistake>> {
    Config::parse(text, Path::new("etc"))
}

#[test]
fn a_whole_file_is_read() {
    let config = parse(VALID).expect("valid");
    assert_eq!(config.listen, "127.0.0.1:5000".parse().expect("address"));
    assert_eq!(config.data_dir, Path::new("etc/data"));
    assert_eq!(config.public_url.as_str(), "https://phone.example.com");
    let [acme, bolt] = &config.tenants[..] else { panic!("{:?}", config.tenants) };
    let origins: Vec<_> = acme.tenant.allowed_origins.iter().map(Origin::as_str).collect();
    assert_eq!(origins, ["https://crm.example.com", "http://localhost:3000"]);
    assert_eq!(acme.tenant.max_sessions, 1);
    assert!(acme.tenant.enabled && acme.tenant.behavior.theme.lock);
    assert_eq!(acme.tenant.behavior.transfer.incoming, TransferPolicy::Refuse);
    assert_eq!(acme.tenant.behavior.caller_id.numbers, ["+4930100", "sales"]);
    assert_eq!(acme.tenant.behavior.dtmf.mode, DtmfMode::Info);
    assert_eq!(bolt.tenant.behavior.dtmf.mode, DtmfMode::Auto);
    assert_eq!(acme.tenant.behavior.incoming.auto_answer, AutoAnswer::Asked);
    assert_eq!(bolt.tenant.behavior.incoming.auto_answer, AutoAnswer::Off);
    let media = &acme.tenant.behavior.media;
    assert_eq!(
        (media.codec_delete.as_str(), &media.codec_priority[..]),
        ("PCM.", &["G722".into()][..])
    );
    assert!(media.opus_dtx && media.opus_fec && media.echo_cancellation);
    assert_eq!(bolt.tenant.behavior.media, MediaBehavior::default());
    assert_eq!(bolt.tenant.behavior.caller_id, CallerIdBehavior::default());
    assert_eq!(bolt.tenant.max_sessions, 4);
    assert_eq!(bolt.tenant.behavior.transfer.incoming, TransferPolicy::Ask);
    assert!(!bolt.tenant.enabled);
    assert_eq!(bolt.tenant.sip_domain, None);
}

#[test]
fn the_example_is_in_order() {
    let config = parse(include_str!("../../ringlet.example.toml")).expect("valid");
    assert_eq!(config.tenants.len(), 1);
}

#[test]
fn every_mistake_is_named_with_its_line_and_field() {
    for (right, wrong, line, field, part) in [
        ("127.0.0.1:5000", "127.0.0.1", 1, "listen", "socket address"),
        ("https://phone.example.com", "https://phone.example.com/x", 2, "public_url", "path"),
        ("\"acme\"", "\"Acme Inc\"", 5, "tenants[0].id", "lower-case"),
        ("\"bolt\"", "\"acme\"", 28, "tenants[1].id", "tenants[0]"),
        ("pk_test_acme_0001", "short", 6, "tenants[0].key", "16 to 256"),
        ("pk_test_acme_0001", "pk_test acme 0001", 6, "tenants[0].key", "letters"),
        ("pk_test_bolt_0002", "pk_test_acme_0001", 29, "tenants[1].key", "tenants[0]"),
        ("http://localhost:3000", "localhost:3000", 7, "tenants[0].allowed_origins[1]", "https://"),
        ("http://localhost:3000", "http://[::1]:3000", 7, "tenants[0].allowed_origins[1]", "IPv6"),
        (
            "http://localhost:3000",
            "https://crm.example.com",
            7,
            "tenants[0].allowed_origins[1]",
            "twice",
        ),
        ("\"pbx.example.com\"", "\"sip:pbx@x\"", 8, "tenants[0].sip_domain", "host name"),
        ("\"pbx.example.com\"", "\"...\"", 8, "tenants[0].sip_domain", "host name"),
        (
            "wss://pbx.example.com:7443/ws",
            "ws://pbx.example.com",
            9,
            "tenants[0].wss_url",
            "wss://",
        ),
        ("stun:stun", "http://stun", 10, "tenants[0].ice_servers[0].urls[0]", "stun:"),
        ("stun:stun", "turn:turn", 10, "tenants[0].ice_servers[0].username", "TURN"),
        ("urls =", "url =", 10, "tenants[0].ice_servers[0].url", "unknown field"),
        ("max_sessions = 1", "max_sessions = 0", 11, "tenants[0].max_sessions", "from 1 to 8"),
        ("max_sessions = 1", "max_sessions = 9", 11, "tenants[0].max_sessions", "from 1 to 8"),
        ("max_sessions = 1", "max_sessions = \"1\"", 11, "tenants[0].max_sessions", "invalid type"),
        ("max_sessions", "max_session", 11, "tenants[0].max_session", "unknown field"),
        ("\"Acme\"", "\"  \"", 14, "tenants[0].branding.display_name", "characters"),
        ("#123abc", "red", 15, "tenants[0].branding.theme_color", "#0f766e"),
        ("display_name", "displayName", 14, "tenants[0].branding.displayName", "unknown field"),
        ("autologin", "always", 18, "tenants[0].behavior.host.mode", "unknown variant"),
        ("lock = true", "locked = true", 20, "tenants[0].behavior.theme.locked", "unknown field"),
        ("refuse", "deny", 21, "tenants[0].behavior.transfer.incoming", "unknown variant"),
        ("+4930100", "+49 30 100", 22, "tenants[0].behavior.caller_id.numbers", "separators"),
        ("\"sales\"", "\"sip:a@b\"", 22, "tenants[0].behavior.caller_id.numbers", "neither"),
        (
            "numbers =",
            "headers =",
            22,
            "tenants[0].behavior.caller_id.headers[0]",
            "unknown variant",
        ),
        ("\"asked\"", "\"yes\"", 24, "tenants[0].behavior.incoming.auto_answer", "unknown variant"),
        ("\"PCM.\"", "\"PCM(\"", 25, "tenants[0].behavior.media.codec_delete", "unclosed group"),
        ("\"PCM.\"", "\"(?i)p\"", 25, "tenants[0].behavior.media.codec_delete", "no flags"),
        ("\"G722\"", "\"G 722\"", 25, "tenants[0].behavior.media.codec_priority", "G 722"),
        ("opus_dtx", "dtx", 25, "tenants[0].behavior.media.dtx", "unknown field"),
        ("listen =", "listens =", 1, "listens", "unknown field"),
    ] {
        assert!(VALID.contains(right), "{right}");
        let mistakes = parse(&VALID.replacen(right, wrong, 1)).expect_err(wrong);
        let found = mistakes.iter().find(|m| m.line == line && m.field == field);
        let found = found.unwrap_or_else(|| panic!("{wrong}: {mistakes:?}"));
        assert!(found.message.contains(part), "{found:?}");
    }
}

#[test]
fn a_missing_field_is_named_at_its_table() {
    let without = VALID.replacen("wss_url = \"wss://pbx.example.com:7443/ws\"\n", "", 1);
    let mistakes = parse(&without).expect_err("incomplete");
    assert_eq!((mistakes[0].line, mistakes[0].field.as_str()), (4, "tenants[0]"));
    assert!(mistakes[0].message.contains("missing field `wss_url`"), "{mistakes:?}");
}

#[test]
fn what_is_not_toml_is_named_with_its_line() {
    let mistakes = parse("listen = \"127.0.0.1:1\"\n[[tenants]\n").expect_err("broken");
    assert_eq!(mistakes[0].line, 2, "{mistakes:?}");
    let mistakes =
        parse("listen = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:2\"\n").expect_err("twice");
    assert_eq!(mistakes[0].line, 2, "{mistakes:?}");
}

#[test]
fn several_mistakes_are_reported_at_once_in_the_order_of_the_file() {
    let text = VALID.replace("#123abc", "red").replace("\"acme\"", "\"A\"");
    let mistakes = parse(&text).expect_err("two mistakes");
    let lines: Vec<_> = mistakes.iter().map(|m| m.line).collect();
    assert_eq!(lines, [5, 15]);
}

#[test]
fn listening_everywhere_needs_a_public_url() {
    let text = "listen = \"0.0.0.0:4480\"\n";
    let mistakes = parse(text).expect_err("no public URL");
    assert_eq!(mistakes[0].field, "public_url");
    let default = parse("").expect("an empty file is a server without tenants");
    assert_eq!(default.public_url.as_str(), "http://127.0.0.1:4480");
}

#[test]
fn a_mistake_in_the_key_does_not_show_the_key() {
    for wrong in ["\"pk test acme canary\"", "\"pk_test_acme_canary", "\"canary\""] {
        let text = VALID.replacen("\"pk_test_acme_0001\"", wrong, 1);
        let mistakes = parse(&text).expect_err(wrong);
        let shown = format!("{mistakes:?}");
        assert!(!shown.contains("canary"), "{shown}");
    }
    let config = parse(VALID).expect("valid");
    assert!(!format!("{config:?}").contains("pk_test"), "keys are redacted");
}

#[test]
fn the_message_starts_with_the_file() {
    let error = Config::load(Path::new("no/such/ringlet.toml")).expect_err("no file");
    assert!(error.to_string().starts_with("cannot read no/such/ringlet.toml"), "{error}");
    let mistakes = parse("x = 1\n").expect_err("unknown");
    let error = ConfigError::Invalid { path: "ringlet.toml".into(), mistakes };
    assert!(error.to_string().starts_with("ringlet.toml:1: x: unknown field"), "{error}");
}
