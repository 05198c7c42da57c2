use crate::support::{Log, run};
use ringlet_phone::Input;
use ringlet_web::page::Page;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_test::wasm_bindgen_test as test;

fn watch(log: &Log) -> (Page, Rc<Cell<u32>>) {
    let woken = Rc::new(Cell::new(0));
    let count = woken.clone();
    let window = web_sys::window().expect("tests run in a page");
    let page = Page::watch(&window, &log.inbox(), move || count.set(count.get() + 1));
    (page, woken)
}

#[test]
async fn the_phone_hears_when_the_network_goes_and_comes_and_when_the_page_goes() {
    let log = Log::default();
    let _page = watch(&log);
    run("dispatchEvent(new Event('offline')); dispatchEvent(new Event('online'));
         dispatchEvent(new PageTransitionEvent('pagehide', {persisted: false}))");
    log.next(|input| matches!(input, Input::Online(false)).then_some(())).await;
    log.next(|input| matches!(input, Input::Online(true)).then_some(())).await;
    log.next(|input| matches!(input, Input::PageHide).then_some(())).await;
    assert_eq!(log.len(), 0);
}

#[test]
fn a_page_that_is_seen_again_wakes_the_driver() {
    let (_page, woken) = watch(&Log::default());
    run("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))");
    assert_eq!(woken.get(), 1);
}

#[test]
fn nobody_listens_after_the_watch_is_dropped() {
    let log = Log::default();
    let (page, woken) = watch(&log);
    drop(page);
    run("dispatchEvent(new Event('offline'));
         document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))");
    assert_eq!((log.len(), woken.get()), (0, 0));
}
