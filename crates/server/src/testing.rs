//! A server in the test's own process, with two tenants and small files.

use crate::app::App;
use crate::assets::Assets;
use crate::config::Config;
use crate::demo::{Agent, DemoPage};
use crate::origin::Origin;
use crate::router;
use crate::store::Store;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::BodyExt;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt;

pub(crate) const ACME_KEY: &str = "pk_test_acme_0001";
pub(crate) const SLEEPY_KEY: &str = "pk_test_sleepy_02";

const TENANTS: &str = r#"
public_url = "https://phone.example.com"

[[tenants]]
id = "acme"
key = "pk_test_acme_0001"
allowed_origins = ["https://crm.example.com", "https://help.example.com:8443"]
sip_domain = "pbx.example.com"
wss_url = "wss://pbx.example.com:7443/ws"
branding.display_name = "Acme"

[[tenants]]
id = "sleepy"
key = "pk_test_sleepy_02"
enabled = false
allowed_origins = ["https://sleepy.example.com"]
wss_url = "wss://pbx.example.com:7443/ws"
"#;

pub(crate) struct TestServer {
    pub(crate) app: Arc<App>,
    router: Router,
    _folder: TempDir,
}

impl TestServer {
    /// As `ringlet serve` runs.
    pub(crate) async fn start() -> Self {
        Self::with_demo(None).await
    }

    /// As `ringlet demo` runs.
    pub(crate) async fn start_demo() -> Self {
        let agent = Agent { password: "ringlet-1".into() };
        Self::with_demo(Some(DemoPage {
            phone_origin: Origin::parse("http://127.0.0.1:4480").expect("origin"),
            key: "pk_demo_0123456789".into(),
            domain: "ringlet.demo".into(),
            agents: [("agent1".into(), agent)].into(),
        }))
        .await
    }

    async fn with_demo(demo: Option<DemoPage>) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        write_dist(&folder.path().join("dist"));
        let config = Config::parse(TENANTS, folder.path()).expect("valid");
        let store = Store::open(&config.data_dir).await.expect("opens");
        store.import(&config.tenants).await.expect("imported");
        let assets = Assets::read(&folder.path().join("dist")).expect("read");
        let app = Arc::new(App { store, assets, public_url: config.public_url, demo });
        Self { router: router::shared(Arc::clone(&app)), app, _folder: folder }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }
}

fn write_dist(dist: &Path) {
    for (name, text) in [
        ("loader.js", "loader"),
        ("loader.js.br", "loader in brotli"),
        (
            "app/index.html",
            "<!doctype html><script type=\"application/json\" id=\"config\"></script>\
             <script>first()</script>phone",
        ),
        ("assets/app-1f3a_bg.wasm", "wasm"),
        ("assets/app-1f3a_bg.wasm.br", "wasm in brotli"),
        ("assets/app-1f3a_bg.wasm.gz", "wasm in gzip"),
        ("demo/index.html", "<!doctype html>crm"),
        ("demo/crm.css", "a{}"),
    ] {
        let path = dist.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

pub(crate) fn with(mut request: Request<Body>, name: &'static str, value: &str) -> Request<Body> {
    let value = HeaderValue::from_str(value).expect("a header");
    request.headers_mut().insert(HeaderName::from_static(name), value);
    request
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("whole").to_bytes().to_vec();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> &str {
        self.find(name).unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    /// Whether this is the one error envelope with this status and code, and locked down.
    #[track_caller]
    pub(crate) fn assert_problem(&self, status: u16, code: &str) {
        let problem: serde_json::Value = serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error} in {self:?}"));
        assert_eq!((self.status, problem["error"]["code"].as_str()), (status, Some(code)));
        assert_eq!(problem["ok"], false);
        assert_eq!(problem["type"], "about:blank");
        assert_eq!(problem["status"], status);
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
        assert!(problem["error"]["message"].as_str().is_some_and(|text| text.ends_with('.')));
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.header("x-content-type-options"), "nosniff");
        assert_eq!(self.header("referrer-policy"), "no-referrer");
        assert!(self.header("content-security-policy").contains("frame-ancestors 'none'"));
    }
}
