use super::*;
use crate::config::Config;
use crate::store::FILE_NAME;
use std::path::Path;

const TWO: &str = r#"
[[tenants]]
id = "acme"
key = "pk_test_acme_0001"
allowed_origins = ["https://crm.example.com", "https://a.example.com"]
sip_domain = "pbx.example.com"
wss_url = "wss://pbx.example.com/ws"
ice_servers = [{ urls = ["turn:t.example.com"], username = "u", credential = "c" }]
behavior.theme.start = "dark"
behavior.transfer.incoming = "allow"

[[tenants]]
id = "bolt"
key = "pk_test_bolt_0002"
allowed_origins = ["https://bolt.example.com"]
wss_url = "wss://bolt.example.com"
"#;

fn entries(text: &str) -> Vec<TenantEntry> {
    Config::parse(text, Path::new("")).expect("valid").tenants
}

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("folder");
    let store = Store::open(folder.path()).await.expect("opens");
    (folder, store)
}

async fn insert_foreign_tenant(store: &Store, id: &str, key: &str) {
    for statement in [
        "INSERT INTO tenants (id, source, enabled, wss_url, ice_servers, branding, behavior,
                              max_sessions)
         VALUES (?1, 'panel', 1, 'wss://x.example.com/', '[]',
                 '{\"displayName\":\"X\",\"themeColor\":\"#000000\"}', '{}', 1)",
        "INSERT INTO api_keys (tenant_id, kind, source, last4, key_hash)
         VALUES (?1, 'publishable', 'panel', '0000', ?2)",
    ] {
        sqlx::query(statement)
            .bind(id)
            .bind(KeyHash::of(key.as_bytes()).as_bytes().to_vec())
            .execute(&store.pool)
            .await
            .expect("inserted");
    }
}

#[tokio::test]
async fn what_was_imported_is_what_is_read_back() {
    let (_folder, store) = store().await;
    let entries = entries(TWO);
    let imported = store.import(&entries).await.expect("imported");
    assert_eq!(imported.tenants, ["acme", "bolt"]);
    for entry in &entries {
        let by_key = store.tenant_by_key(&KeyHash::of_secret(&entry.key)).await.expect("read");
        let by_id = store.tenant_by_id(&entry.tenant.id).await.expect("read");
        assert_eq!(by_key.as_ref(), Some(&entry.tenant));
        assert_eq!(by_id.as_ref(), Some(&entry.tenant));
    }
    assert_eq!(store.tenant_by_id("other").await.expect("read"), None);
    assert_eq!(store.tenant_by_key(&KeyHash::of(b"other")).await.expect("read"), None);
}

#[tokio::test]
async fn a_second_import_replaces_settings_origins_and_key() {
    let (_folder, store) = store().await;
    store.import(&entries(TWO)).await.expect("imported");
    let changed = TWO
        .replace("pk_test_acme_0001", "pk_test_acme_new1")
        .replace("https://a.example.com", "https://b.example.com");
    store.import(&entries(&changed)).await.expect("imported");
    let old = store.tenant_by_key(&KeyHash::of(b"pk_test_acme_0001")).await.expect("read");
    assert_eq!(old, None, "the replaced key is void");
    let new = store.tenant_by_key(&KeyHash::of(b"pk_test_acme_new1")).await.expect("read");
    let new = new.expect("the new key works");
    assert!(new.allows(b"https://b.example.com") && !new.allows(b"https://a.example.com"));
}

#[tokio::test]
async fn two_tenants_may_swap_their_keys() {
    let (_folder, store) = store().await;
    store.import(&entries(TWO)).await.expect("imported");
    let swapped = TWO
        .replace("acme_0001", "swap")
        .replace("bolt_0002", "acme_0001")
        .replace("pk_test_swap", "pk_test_bolt_0002");
    store.import(&entries(&swapped)).await.expect("imported");
    let tenant = store.tenant_by_key(&KeyHash::of(b"pk_test_acme_0001")).await.expect("read");
    assert_eq!(tenant.expect("found").id, "bolt");
}

#[tokio::test]
async fn a_tenant_that_left_the_file_is_switched_off_and_comes_back_with_it() {
    let (_folder, store) = store().await;
    store.import(&entries(TWO)).await.expect("imported");
    let only_acme = entries(TWO)[..1].to_vec();
    let imported = store.import(&only_acme).await.expect("imported");
    assert_eq!(imported.switched_off, ["bolt"]);
    let bolt = store.tenant_by_id("bolt").await.expect("read").expect("the row is kept");
    assert!(!bolt.enabled);
    assert_eq!(store.tenant_by_key(&KeyHash::of(b"pk_test_bolt_0002")).await.expect("read"), None);
    let again = store.import(&only_acme).await.expect("imported");
    assert!(again.switched_off.is_empty(), "it is switched off once");
    store.import(&entries(TWO)).await.expect("imported");
    assert!(store.tenant_by_id("bolt").await.expect("read").expect("found").enabled);
}

#[tokio::test]
async fn tenants_from_elsewhere_are_left_alone() {
    let (_folder, store) = store().await;
    insert_foreign_tenant(&store, "panel", "pk_panel_key_000000").await;
    let imported = store.import(&entries(TWO)).await.expect("imported");
    assert!(imported.switched_off.is_empty());
    let panel = store.tenant_by_key(&KeyHash::of(b"pk_panel_key_000000")).await.expect("read");
    assert!(panel.expect("its key still works").enabled);
}

#[tokio::test]
async fn an_import_that_fails_half_way_changes_nothing() {
    let (_folder, store) = store().await;
    store.import(&entries(TWO)).await.expect("imported");
    insert_foreign_tenant(&store, "panel", "pk_panel_key_000000").await;
    let before = dump(&store).await;

    let foreign_id = TWO.replace("pbx.example.com", "new.example.com").replace("bolt\"", "panel\"");
    let error = store.import(&entries(&foreign_id)).await.expect_err("a foreign tenant");
    assert!(matches!(&error, ImportError::ForeignTenant(id) if id == "panel"), "{error}");
    assert_eq!(dump(&store).await, before);

    let foreign_key = TWO.replace("pbx.example.com", "new.example.com");
    let foreign_key = foreign_key.replace("pk_test_bolt_0002", "pk_panel_key_000000");
    let error = store.import(&entries(&foreign_key)).await.expect_err("a foreign key");
    assert!(matches!(&error, ImportError::ForeignKey(id) if id == "bolt"), "{error}");
    assert_eq!(dump(&store).await, before);
}

#[tokio::test]
async fn no_file_of_the_database_holds_a_key() {
    let (folder, store) = store().await;
    store.import(&entries(TWO)).await.expect("imported");
    let mut seen = 0;
    for file in std::fs::read_dir(folder.path()).expect("listed") {
        let bytes = std::fs::read(file.expect("entry").path()).expect("read");
        seen += bytes.windows(15).filter(|w| w == b"pbx.example.com").count();
        assert!(!bytes.windows(17).any(|w| w == b"pk_test_acme_0001"));
    }
    assert!(seen > 0, "the scan of {FILE_NAME} and its log finds what is there");
}

async fn dump(store: &Store) -> String {
    let tenants: Vec<(String, bool, String, Option<String>)> =
        sqlx::query_as("SELECT id, enabled, wss_url, sip_domain FROM tenants ORDER BY id")
            .fetch_all(&store.pool)
            .await
            .expect("read");
    let origins: Vec<(String, String)> =
        sqlx::query_as("SELECT tenant_id, origin FROM allowed_origins ORDER BY 1, 2")
            .fetch_all(&store.pool)
            .await
            .expect("read");
    let keys: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT tenant_id, key_hash FROM api_keys ORDER BY 1, 2")
            .fetch_all(&store.pool)
            .await
            .expect("read");
    format!("{tenants:?}{origins:?}{keys:?}")
}
