//! No log line holds a key, however much is logged and whatever is asked.

mod common;

use common::{KEY, config};
use ringlet_server::app::App;
use ringlet_server::assets::Assets;
use ringlet_server::config::Config;
use ringlet_server::store::Store;
use ringlet_server::{listen, router};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic inside").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_in_no_log_line_even_when_everything_is_logged() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();

    let site = common::Site::new();
    let config = Config::parse(&config(1), &site.path("")).expect("valid");
    let store = Store::open(&config.data_dir).await.expect("opens");
    store.import(&config.tenants).await.expect("imported");
    tracing::info!(?config, "what the server knows");
    let assets = Assets::read(&site.path("dist")).expect("read");
    let app = App { store: store.clone(), assets, public_url: config.public_url, demo: None };
    let listener = listen::bind("127.0.0.1:0".parse().expect("address")).await.expect("free");
    let port = listener.local_addr().expect("bound").port();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(listen::run(vec![listener], router(app), async {
        stopped.await.expect("told to stop");
    }));

    let ask = move |path: String, headers: String| async move {
        tokio::task::spawn_blocking(move || common::get(port, &path, &headers).expect("listening"))
            .await
            .expect("an answer")
    };
    let origin = "origin: https://crm.example.com\r\n";
    let path = "/api/webphone/config";
    for (path, headers, status) in [
        (path.to_owned(), format!("x-ringlet-key: {KEY}\r\n{origin}"), "200"),
        (format!("{path}?key={KEY}"), origin.to_owned(), "200"),
        (path.to_owned(), format!("x-ringlet-key: {KEY}\r\norigin: null\r\n"), "403"),
        (path.to_owned(), format!("x-ringlet-key: {KEY}x\r\n{origin}"), "401"),
        (format!("/nowhere?key={KEY}"), format!("authorization: Bearer {KEY}\r\n"), "404"),
    ] {
        let answer = ask(path, headers).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    store.close().await;
    let failed = ask(path.to_owned(), format!("x-ringlet-key: {KEY}\r\n{origin}")).await;
    assert!(failed.starts_with("HTTP/1.1 500"), "{failed}");
    stop.send(()).expect("running");
    server.await.expect("stopped");

    let log = String::from_utf8(log.0.lock().expect("no panic inside").clone()).expect("UTF-8");
    for expected in
        ["path=\"/api/webphone/config\"", "path=\"/nowhere\"", "sqlx::query", "a request failed"]
    {
        assert!(log.contains(expected), "{expected} is logged, or the test sees nothing:\n{log}");
    }
    let shown: Vec<_> = log.lines().filter(|line| line.contains(KEY)).collect();
    assert!(shown.is_empty(), "{shown:#?}");
}
