use crate::support::{Log, run, sleep};
use ringlet_phone::{Input, Record, RecordEffect, RecordsInput};
use ringlet_web::Records;
use wasm_bindgen_test::wasm_bindgen_test as test;

fn record(key: &str, text: &str) -> Record {
    Record { key: key.into(), text: text.into() }
}

fn opened(log: &Log, place: &str) -> Records {
    let mut records = Records::new(log.inbox());
    records.perform(RecordEffect::Load { place: place.into() });
    records
}

/// What was read, in the order of the keys.
async fn loaded(log: &Log) -> Vec<Record> {
    let mut records = log
        .next(|input| match input {
            Input::Records(RecordsInput::Loaded(records)) => Some(records.clone()),
            _ => None,
        })
        .await;
    records.sort_by(|a, b| a.key.cmp(&b.key));
    records
}

/// Another window of the same origin does something to storage.
fn elsewhere(script: &str) {
    run(&format!(
        "globalThis.other ??= document.body.appendChild(document.createElement('iframe'));
         other.contentWindow.localStorage.{script}"
    ));
}

#[test]
async fn records_outlive_their_page_and_are_only_those_of_the_user() {
    let log = Log::default();
    let mut mine = opened(&log, "keep.me@h");
    assert_eq!(loaded(&log).await, []);
    mine.perform(RecordEffect::Put(record("a", "1\t\"ü\"")));
    mine.perform(RecordEffect::Put(record("b", "2")));
    mine.perform(RecordEffect::Put(record("b", "3")));
    opened(&log, "keep.me@h.example");
    assert_eq!(loaded(&log).await, []);
    let mut again = opened(&log, "keep.me@h");
    assert_eq!(loaded(&log).await, [record("a", "1\t\"ü\""), record("b", "3")]);
    again.perform(RecordEffect::Rename { from: "a".into(), to: "c".into() });
    again.perform(RecordEffect::Remove("b".into()));
    again.perform(RecordEffect::Remove("b".into()));
    again.perform(RecordEffect::Rename { from: "nothing".into(), to: "d".into() });
    opened(&log, "keep.me@h");
    assert_eq!(loaded(&log).await, [record("c", "1\t\"ü\"")]);
    assert_eq!(log.len(), 0);
}

#[test]
async fn what_another_tab_changes_is_read_again_once_it_has_done() {
    let log = Log::default();
    let records = opened(&log, "shared.me@h");
    assert_eq!(loaded(&log).await, []);
    for index in 0..20 {
        elsewhere(&format!("setItem('shared.me@h.{index:02}', 'x')"));
    }
    elsewhere("setItem('shared.you@h.1', 'y')");
    assert_eq!(loaded(&log).await.len(), 20);
    sleep(200).await;
    assert_eq!(log.len(), 0, "a burst is read once");

    elsewhere("clear()");
    assert_eq!(loaded(&log).await, []);
    drop(records);
    elsewhere("setItem('shared.me@h.1', 'x')");
    sleep(200).await;
    assert_eq!(log.len(), 0, "nobody listens any more");
}

#[test]
async fn blocked_storage_is_told_and_nothing_panics() {
    run("globalThis.realLocal = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
         Object.defineProperty(globalThis, 'localStorage', {configurable: true, get() {
           throw new DOMException('no', 'SecurityError') }})");
    let log = Log::default();
    let mut records = opened(&log, "blocked");
    run("Object.defineProperty(globalThis, 'localStorage', realLocal)");
    records.perform(RecordEffect::Put(record("a", "1")));
    records.perform(RecordEffect::Remove("a".into()));
    records.perform(RecordEffect::Rename { from: "a".into(), to: "b".into() });
    log.next(|input| matches!(input, Input::Records(RecordsInput::Blocked)).then_some(())).await;
    log.next(|input| match input {
        Input::Records(RecordsInput::Refused(key)) => (key == "a").then_some(()),
        _ => None,
    })
    .await;
    assert_eq!(log.len(), 0);
}

#[test]
async fn a_full_storage_refuses_the_record_and_loses_none() {
    let log = Log::default();
    let mut records = opened(&log, "full");
    loaded(&log).await;
    records.perform(RecordEffect::Put(record("old", "kept")));
    run("globalThis.setItem = Storage.prototype.setItem;
         Storage.prototype.setItem = function () {
           throw new DOMException('full', 'QuotaExceededError') }");
    records.perform(RecordEffect::Put(record("new", "lost")));
    records.perform(RecordEffect::Rename { from: "old".into(), to: "aside".into() });
    run("Storage.prototype.setItem = setItem");
    log.next(|input| match input {
        Input::Records(RecordsInput::Refused(key)) => (key == "new").then_some(()),
        _ => None,
    })
    .await;
    opened(&log, "full");
    assert_eq!(loaded(&log).await, [record("old", "kept")]);
}
