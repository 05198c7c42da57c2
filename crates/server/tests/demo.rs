//! `ringlet demo`, as a person who tries it out meets it.
#![cfg(unix)]

mod common;

use common::{Running, Site, failure, free_port, get};
use std::net::{TcpListener, TcpStream};

#[test]
fn it_prints_the_links_and_serves_page_phone_and_switch() {
    let site = Site::new();
    let port = free_port();
    let arguments = ["demo", "--dist", "dist", "--port", &port.to_string()];
    let running = Running::start(site.command(&arguments), port);

    assert!(get(port, "/demo/?agent=agent1", "").expect("listening").ends_with("crm"));
    let config = get(port, "/demo/config.json", "").expect("listening");
    let config: serde_json::Value =
        serde_json::from_str(config.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
    assert_eq!(config["phoneOrigin"], format!("http://127.0.0.1:{port}"));
    assert_eq!(config["agents"]["agent1"]["password"], "ringlet-1");
    assert_eq!(config["agents"].as_object().expect("agents").len(), 9);

    let key = config["key"].as_str().expect("a key");
    assert!(key.starts_with("pk_demo_"));
    let headers = format!("x-ringlet-key: {key}\r\norigin: http://localhost:{port}\r\n");
    let answer = get(port, "/api/webphone/config", &headers).expect("listening");
    let runtime: serde_json::Value =
        serde_json::from_str(answer.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
    assert_eq!(runtime["data"]["wssUrl"], format!("ws://127.0.0.1:{}/", port + 1));
    assert_eq!(runtime["data"]["sipDomain"], config["domain"]);
    assert_eq!(runtime["data"]["behavior"]["host"]["mode"], "autologin");
    TcpStream::connect(("127.0.0.1", port + 1)).expect("the switch listens");

    let (code, out, _) = running.terminate();
    assert_eq!(code, 0);
    let links: Vec<_> =
        out.lines().map(str::trim).filter(|line| line.starts_with("http")).collect();
    let link = |agent| format!("http://localhost:{port}/demo/?agent={agent}");
    assert_eq!(links, [link("agent1"), link("agent2")]);
}

#[test]
fn a_taken_port_is_an_error_that_names_the_way_out() {
    let site = Site::new();
    for offset in [0, 1] {
        let port = free_port();
        let _taken = TcpListener::bind(("127.0.0.1", port + offset)).expect("free");
        let arguments = ["demo", "--dist", "dist", "--port", &port.to_string()];
        let said = failure(site.command(&arguments));
        assert!(said.contains(&format!("127.0.0.1:{}", port + offset)), "{said}");
        assert!(said.contains("--port"), "{said}");
    }
}

#[test]
fn a_folder_without_files_is_named() {
    let site = Site::new();
    let said = failure(site.command(&["demo", "--dist", "nowhere"]));
    assert!(said.contains("cannot read nowhere"), "{said}");
}
