use crate::support::{run, settled, sleep};
use ringlet_web::{instance_id, random};
use wasm_bindgen_test::wasm_bindgen_test as test;

async fn id() -> String {
    instance_id().await.expect("the browser has a random source")
}

/// Ends the life of a page that has this id, as far as locks can tell.
async fn page_goes(id: &str) {
    // Whoever steals a lock holds it instead; this thief lets it go at once.
    settled(&format!("navigator.locks.request('{id}', {{steal: true}}, () => 0)")).await;
}

#[test]
async fn a_page_that_is_loaded_again_keeps_its_id() {
    let mine = id().await;
    page_goes(&mine).await;
    assert_eq!(id().await, mine);
    let shape = "/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/";
    assert!(run(&format!("{shape}.test('{mine}')")).is_truthy(), "{mine}");
}

#[test]
async fn a_page_with_a_copy_of_the_storage_of_one_that_lives_takes_another_id_and_keeps_it() {
    let theirs = id().await;
    let mine = id().await;
    assert_ne!(mine, theirs);
    page_goes(&mine).await;
    assert_eq!(id().await, mine);
}

#[test]
async fn a_page_that_goes_late_leaves_its_id_to_the_one_that_replaces_it() {
    let mine = id().await;
    run(&format!(
        "setTimeout(() => navigator.locks.request('{mine}', {{steal: true}}, () => 0), 20)"
    ));
    assert_eq!(id().await, mine);
}

#[test]
async fn a_browser_without_locks_trusts_the_storage() {
    let mine = id().await;
    run("Object.defineProperty(navigator, 'locks', {configurable: true, value: undefined})");
    let again = id().await;
    run("delete navigator.locks");
    assert_eq!(again, mine);
}

#[test]
async fn a_page_that_may_have_no_locks_trusts_the_storage() {
    let mine = id().await;
    run("globalThis.realRequest = LockManager.prototype.request;
         LockManager.prototype.request = () =>
           Promise.reject(new DOMException('no', 'SecurityError'))");
    let again = id().await;
    run("LockManager.prototype.request = realRequest");
    assert_eq!(again, mine);
}

#[test]
async fn a_new_id_whose_lock_is_refused_is_used_and_nothing_is_thrown() {
    run("sessionStorage.removeItem('ringlet.instance');
         globalThis.uncaught = []; globalThis.catcher = ({reason}) => uncaught.push(reason);
         addEventListener('unhandledrejection', catcher);
         globalThis.realRequest = LockManager.prototype.request;
         LockManager.prototype.request = () =>
           Promise.reject(new DOMException('no', 'SecurityError'))");
    let mine = id().await;
    assert_eq!(id().await, mine);
    sleep(50).await;
    run("LockManager.prototype.request = realRequest;
         removeEventListener('unhandledrejection', catcher)");
    assert_eq!(run("uncaught.map(String).join()"), "");
}

#[test]
async fn without_a_random_source_there_are_no_bytes_and_no_new_id() {
    run("sessionStorage.removeItem('ringlet.instance');
         globalThis.realCrypto = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
         Object.defineProperty(globalThis, 'crypto', {configurable: true, value: undefined})");
    let missing = (random::bytes::<32>(), instance_id().await);
    run("Object.defineProperty(globalThis, 'crypto', realCrypto);
         globalThis.realFill = Crypto.prototype.getRandomValues;
         Crypto.prototype.getRandomValues = () => { throw new DOMException('no', 'OperationError') }");
    let failing = (random::bytes::<32>(), instance_id().await);
    run("Crypto.prototype.getRandomValues = realFill");
    assert_eq!(missing, (None, None));
    assert_eq!(failing, (None, None));
    assert_ne!(random::bytes::<32>(), random::bytes::<32>());
}
