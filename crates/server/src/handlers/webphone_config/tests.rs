use crate::testing::{ACME_KEY, Answer, SLEEPY_KEY, TestServer, get, with};
use axum::body::Body;
use axum::http::Request;
use ringlet_contract::config::RuntimeConfig;
use ringlet_contract::error::ApiSuccess;

const PATH: &str = "/api/webphone/config";
const CRM: &str = "https://crm.example.com";

fn ask(key: &str, origin: &str) -> Request<Body> {
    with(with(get(PATH), "x-ringlet-key", key), "origin", origin)
}

fn assert_readable_by(answer: &Answer, origin: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), origin);
    assert!(answer.header("vary").to_lowercase().contains("origin"), "{}", answer.header("vary"));
    assert_eq!(answer.find("access-control-allow-credentials"), None);
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn the_tenants_own_page_gets_its_configuration() {
    let server = TestServer::start().await;
    let answer = server.send(ask(ACME_KEY, CRM)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_readable_by(&answer, CRM);
    assert_eq!(answer.header("content-type"), "application/json");
    let success: ApiSuccess<RuntimeConfig> = serde_json::from_str(&answer.text()).expect("typed");
    assert!(success.ok);
    assert_eq!(success.data.tenant_id, "acme");
    assert_eq!(success.data.ui_url, "https://phone.example.com/app/acme/");
    assert_eq!(success.data.wss_url, "wss://pbx.example.com:7443/ws");
    assert_eq!(success.data.sip_domain.as_deref(), Some("pbx.example.com"));
    assert_eq!(success.data.storage_namespace, "ringlet:acme");
    assert_eq!(success.data.max_sessions, 4);
    assert_eq!(success.data.branding.display_name, "Acme");
    assert!(!answer.text().contains(ACME_KEY));
}

#[tokio::test]
async fn the_key_may_come_in_the_query_but_the_header_wins() {
    let server = TestServer::start().await;
    let query = format!("{PATH}?x=1&key={ACME_KEY}");
    assert_eq!(server.send(with(get(&query), "origin", CRM)).await.status, 200);
    let both = with(with(get(&query), "origin", CRM), "x-ringlet-key", "pk_test_wrong_0000");
    server.send(both).await.assert_problem(401, "INVALID_API_KEY");
}

#[tokio::test]
async fn a_request_without_a_key_is_told_so() {
    let server = TestServer::start().await;
    for path in [PATH, "/api/webphone/config?key=", "/api/webphone/config?Key=x"] {
        let answer = server.send(with(get(path), "origin", CRM)).await;
        answer.assert_problem(401, "WEBPHONE_MISSING_KEY");
        assert_readable_by(&answer, CRM);
    }
    server.send(ask("", CRM)).await.assert_problem(401, "WEBPHONE_MISSING_KEY");
}

#[tokio::test]
async fn a_key_of_nobody_is_told_so() {
    let server = TestServer::start().await;
    let longer = format!("{ACME_KEY}0");
    let upper = ACME_KEY.to_uppercase();
    for key in ["x", "pk_test_other_0000", &ACME_KEY[1..], &longer, &upper, "' OR 1=1 --"] {
        let answer = server.send(ask(key, CRM)).await;
        answer.assert_problem(401, "INVALID_API_KEY");
        assert_readable_by(&answer, CRM);
    }
    let mut request = ask("x", CRM);
    let bytes = axum::http::HeaderValue::from_bytes(b"\xff\xfe").expect("opaque bytes");
    request.headers_mut().insert("x-ringlet-key", bytes);
    server.send(request).await.assert_problem(401, "INVALID_API_KEY");
}

#[tokio::test]
async fn only_the_exact_origin_will_do() {
    let server = TestServer::start().await;
    for origin in [
        "http://crm.example.com",
        "https://crm.example.com:8443",
        "https://crm.example.com:443",
        "https://help.example.com",
        "https://help.example.com:844",
        "https://www.crm.example.com",
        "https://example.com",
        "https://crm.example.com.evil.example",
        "https://evilcrm.example.com",
        "https://crm.example.com.",
        "https://CRM.example.com",
        "HTTPS://crm.example.com",
        "https://crm.example.com/",
        "https://crm.example.com https://help.example.com:8443",
        "https://phone.example.com",
        "null",
        "*",
        "",
    ] {
        let answer = server.send(ask(ACME_KEY, origin)).await;
        answer.assert_problem(403, "WEBPHONE_ORIGIN_FORBIDDEN");
        assert_readable_by(&answer, origin);
    }
    for origin in [CRM, "https://help.example.com:8443"] {
        assert_eq!(server.send(ask(ACME_KEY, origin)).await.status, 200, "{origin}");
    }
}

#[tokio::test]
async fn a_missing_or_doubled_origin_is_forbidden() {
    let server = TestServer::start().await;
    let missing = with(get(PATH), "x-ringlet-key", ACME_KEY);
    let answer = server.send(missing).await;
    answer.assert_problem(403, "WEBPHONE_ORIGIN_FORBIDDEN");
    assert_eq!(answer.find("access-control-allow-origin"), None);
    let referer =
        with(with(get(PATH), "x-ringlet-key", ACME_KEY), "referer", "https://crm.example.com/");
    server.send(referer).await.assert_problem(403, "WEBPHONE_ORIGIN_FORBIDDEN");
    let mut doubled = ask(ACME_KEY, CRM);
    doubled.headers_mut().append("origin", CRM.parse().expect("header"));
    server.send(doubled).await.assert_problem(403, "WEBPHONE_ORIGIN_FORBIDDEN");
}

#[tokio::test]
async fn a_tenant_that_is_switched_off_says_so_to_its_own_pages_only() {
    let server = TestServer::start().await;
    let answer = server.send(ask(SLEEPY_KEY, "https://sleepy.example.com")).await;
    answer.assert_problem(403, "WEBPHONE_TENANT_DISABLED");
    assert_readable_by(&answer, "https://sleepy.example.com");
    let stranger = server.send(ask(SLEEPY_KEY, CRM)).await;
    stranger.assert_problem(403, "WEBPHONE_ORIGIN_FORBIDDEN");
}

#[tokio::test]
async fn a_preflight_is_answered_for_the_keys_header() {
    let server = TestServer::start().await;
    let preflight = Request::options(PATH)
        .header("origin", CRM)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "x-ringlet-key")
        .body(Body::empty())
        .expect("request");
    let answer = server.send(preflight).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), CRM);
    assert_eq!(answer.header("access-control-allow-methods"), "GET");
    assert_eq!(answer.header("access-control-allow-headers"), "x-ringlet-key");
    assert_eq!(answer.header("access-control-max-age"), "600");
    assert_eq!(answer.find("access-control-allow-credentials"), None);
}

#[tokio::test]
async fn a_page_can_read_even_the_servers_own_failure() {
    let server = TestServer::start().await;
    server.app.store.close().await;
    let answer = server.send(ask(ACME_KEY, CRM)).await;
    answer.assert_problem(500, "INTERNAL_ERROR");
    assert_readable_by(&answer, CRM);
    assert!(!answer.text().contains("pool"), "the cause stays in the log: {}", answer.text());
}

#[tokio::test]
async fn other_methods_are_refused_readably() {
    let server = TestServer::start().await;
    let mut request = ask(ACME_KEY, CRM);
    *request.method_mut() = axum::http::Method::POST;
    let answer = server.send(request).await;
    answer.assert_problem(405, "METHOD_NOT_ALLOWED");
    assert_readable_by(&answer, CRM);
    assert!(answer.header("allow").contains("GET"));
}
