use crate::support::{Log, run};
use ringlet_phone::{Input, Secret, StoreEffect, StoredSession};
use ringlet_web::TabStorage;
use ringlet_web::instance_id;
use wasm_bindgen_test::wasm_bindgen_test as test;

fn session(secret: Secret) -> StoredSession {
    StoredSession { username: "agent1".into(), domain: "example.org".into(), secret }
}

async fn load(namespace: &str) -> (Option<StoredSession>, usize) {
    let log = Log::default();
    TabStorage::new(log.inbox()).perform(StoreEffect::Load { namespace: namespace.into() });
    let stored = log
        .next(|input| match input {
            Input::Stored(session) => Some(session.clone()),
            _ => None,
        })
        .await;
    (stored, log.len())
}

fn storage(namespace: &str) -> TabStorage {
    let mut storage = TabStorage::new(Log::default().inbox());
    storage.perform(StoreEffect::Load { namespace: namespace.into() });
    storage
}

#[test]
async fn a_saved_session_is_found_after_a_reload_and_gone_once_cleared() {
    for secret in [Secret::Password("p \"ä".into()), Secret::Ha1("0123".into())] {
        let mut first = storage("keep");
        first.perform(StoreEffect::Save(session(secret.clone())));
        assert_eq!(load("keep").await, (Some(session(secret)), 0));
        first.perform(StoreEffect::Clear);
        assert_eq!(load("keep").await, (None, 0));
    }
}

#[test]
async fn one_tenant_does_not_see_the_session_of_another() {
    let mut theirs = storage("tenant-a");
    theirs.perform(StoreEffect::Save(session(Secret::Password("p".into()))));
    assert_eq!(load("tenant-b").await.0, None);
    theirs.perform(StoreEffect::Clear);
}

#[test]
async fn half_a_session_is_none() {
    run("sessionStorage.setItem('half.session.username', 'agent1');
         sessionStorage.setItem('half.session.password', 'p')");
    assert_eq!(load("half").await, (None, 0));
}

#[test]
async fn blocked_storage_is_told_and_nothing_panics() {
    run("globalThis.realStorage = Object.getOwnPropertyDescriptor(globalThis, 'sessionStorage');
         Object.defineProperty(globalThis, 'sessionStorage', {configurable: true, get() {
           throw new DOMException('no', 'SecurityError') }})");
    let log = Log::default();
    let mut storage = TabStorage::new(log.inbox());
    storage.perform(StoreEffect::Load { namespace: "blocked".into() });
    storage.perform(StoreEffect::Save(session(Secret::Password("p".into()))));
    storage.perform(StoreEffect::Clear);
    let id = instance_id().await.expect("the browser has a random source");
    run("Object.defineProperty(globalThis, 'sessionStorage', realStorage)");

    log.next(|input| matches!(input, Input::StorageBlocked).then_some(())).await;
    log.next(|input| matches!(input, Input::Stored(None)).then_some(())).await;
    assert_eq!(log.len(), 0, "it is told once");
    assert_eq!(id.len(), 36);
}

#[test]
async fn a_full_storage_keeps_no_half_session() {
    run("globalThis.setItem = Storage.prototype.setItem;
         Storage.prototype.setItem = function (key, value) {
           if (key.endsWith('.password')) throw new DOMException('full', 'QuotaExceededError');
           setItem.call(this, key, value) }");
    let log = Log::default();
    let mut storage = TabStorage::new(log.inbox());
    storage.perform(StoreEffect::Load { namespace: "full".into() });
    storage.perform(StoreEffect::Save(session(Secret::Password("p".into()))));
    run("Storage.prototype.setItem = setItem");

    log.next(|input| matches!(input, Input::StorageBlocked).then_some(())).await;
    assert!(run("sessionStorage.getItem('full.session.username')").is_null());
}
