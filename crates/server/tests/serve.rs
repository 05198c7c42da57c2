//! `ringlet serve`, as an operator meets it.
#![cfg(unix)]

mod common;

use common::{KEY, Running, Site, config, failure, free_port, get};
use ringlet_server::KeyHash;
use ringlet_server::store::Store;
use ringlet_server::tenant::Tenant;
use std::net::TcpListener;

async fn tenant(site: &Site) -> Option<Tenant> {
    let store = Store::open(&site.path("data")).await.expect("opens");
    let tenant = store.tenant_by_key(&KeyHash::of(KEY.as_bytes())).await.expect("read");
    store.close().await;
    tenant
}

#[test]
fn a_configuration_becomes_a_server_that_ends_when_told() {
    let site = Site::new();
    let port = free_port();
    site.write_config(&config(port));
    let running = Running::start(site.command(&["serve", "--dist", "dist"]), port);

    let answer = get(
        port,
        &format!("/api/webphone/config?key={KEY}"),
        "origin: https://crm.example.com\r\n",
    )
    .expect("listening");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains(&format!("\"uiUrl\":\"http://127.0.0.1:{port}/app/acme/\"")),
        "{answer}"
    );
    assert!(get(port, "/loader.js", "").expect("listening").ends_with("loader"));
    assert!(get(port, "/app/acme/", "").expect("listening").ends_with("phone"));
    assert!(get(port, "/demo/", "").expect("listening").starts_with("HTTP/1.1 404"));

    let (code, _, log) = running.terminate();
    assert_eq!(code, 0);
    assert!(log.contains("stopping") && log.contains("/api/webphone/config"), "{log}");
    assert!(!log.contains(KEY), "{log}");
}

#[test]
fn the_log_is_json_on_demand() {
    let site = Site::new();
    let port = free_port();
    site.write_config(&config(port));
    let command = site.command(&["--log-format", "json", "serve", "--dist", "dist"]);
    let running = Running::start(command, port);
    let _ = get(port, "/nowhere?secret=1", "");
    let (_, _, log) = running.terminate();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let request = lines.iter().find(|line| line["path"] == "/nowhere").expect("logged");
    assert_eq!((&request["method"], &request["status"]), (&"GET".into(), &404.into()));
    assert!(!log.contains("secret"));
}

#[tokio::test]
async fn a_mistake_in_the_file_is_named_and_nothing_is_imported() {
    let site = Site::new();
    let port = free_port();
    for (right, wrong, said) in [
        ("wss://", "ws://", "ringlet.toml:7: tenants[0].wss_url: "),
        ("wss_url", "wss", "ringlet.toml:7: tenants[0].wss: unknown field"),
        ("https://crm", "crm", "ringlet.toml:6: tenants[0].allowed_origins[0]: "),
        ("[[tenants]]", "[[tenants]", "ringlet.toml:3: "),
    ] {
        site.write_config(&config(port).replace(right, wrong));
        let said_instead = failure(site.command(&["serve", "--dist", "dist"]));
        assert!(said_instead.contains(said), "{said_instead}");
        assert!(!site.path("data").exists(), "not even a database is made");
    }
}

#[tokio::test]
async fn a_mistake_in_the_second_tenant_leaves_the_first_as_it_was() {
    let site = Site::new();
    let port = free_port();
    site.write_config(&config(port));
    Running::start(site.command(&["serve", "--dist", "dist"]), port).terminate();
    let before = tenant(&site).await.expect("imported");

    let changed = config(port).replace("pbx.example.com", "new.example.com");
    let second =
        "\n[[tenants]]\nid = \"bolt\"\nkey = \"short\"\nallowed_origins = []\nwss_url = \"\"\n";
    site.write_config(&format!("{changed}{second}"));
    let said = failure(site.command(&["serve", "--dist", "dist"]));
    for line in [
        "ringlet.toml:11: tenants[1].key: must have 16 to 256 characters",
        "ringlet.toml:12: tenants[1].allowed_origins: must name at least one origin",
        "ringlet.toml:13: tenants[1].wss_url: must be a URL",
    ] {
        assert!(said.contains(line), "{said}");
    }
    assert_eq!(tenant(&site).await, Some(before));
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_and_nothing_is_imported() {
    let site = Site::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("bound").port();
    site.write_config(&config(port));
    let said = failure(site.command(&["serve", "--dist", "dist"]));
    assert!(said.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{said}");
    assert!(!site.path("data").exists());
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let site = Site::new();
    let said = failure(site.command(&["serve", "--config", "other.toml"]));
    assert!(said.contains("cannot read other.toml"), "{said}");
}
