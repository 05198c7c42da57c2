use crate::support::sleep;
use ringlet_phone::Instant;
use ringlet_web::{Clock, Driver, Inbox, Machine, Shell};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_test::wasm_bindgen_test as test;

type Log = Rc<RefCell<Vec<String>>>;

/// A machine that says what happens to it, and a deadline after every `wait`.
#[derive(Default)]
struct Recorder {
    log: Log,
    effects: Vec<&'static str>,
    deadline: Option<Instant>,
}

impl Machine for Recorder {
    type Input = &'static str;
    type Effect = &'static str;

    fn timeout() -> &'static str {
        "timeout"
    }

    fn handle(&mut self, now: Instant, input: &'static str) {
        assert!(self.effects.is_empty(), "{input} came before everything was drained");
        self.log.borrow_mut().push(format!("handle {input}"));
        match input {
            "two" => self.effects = vec!["second", "first"],
            "echo" => self.effects = vec!["after", "push"],
            "wait" => self.deadline = Some(now + Duration::from_millis(30)),
            _ => self.deadline = None,
        }
    }

    fn poll(&mut self) -> Option<&'static str> {
        self.effects.pop()
    }

    fn poll_timeout(&self) -> Option<Instant> {
        self.deadline
    }
}

/// A shell that answers `push` with an input while the driver is at work.
struct Echo {
    log: Log,
    inbox: Inbox<&'static str>,
}

impl Shell<Recorder> for Echo {
    fn perform(&mut self, effect: &'static str) {
        self.log.borrow_mut().push(format!("perform {effect}"));
        if effect == "push" {
            self.inbox.push("pushed");
        }
    }

    fn settled(&mut self, _: &Recorder) {
        self.log.borrow_mut().push("settled".into());
    }
}

fn driver() -> (Driver<Recorder, Echo>, Log) {
    let log = Log::default();
    let machine = Recorder { log: log.clone(), ..Recorder::default() };
    let driver = Driver::new(machine, Clock::new(), |inbox| Echo { log: log.clone(), inbox });
    (driver, log)
}

#[test]
fn effects_are_done_in_order_and_the_shell_is_told_once_when_all_is_quiet() {
    let (driver, log) = driver();
    driver.inbox().push("two");
    assert_eq!(*log.borrow(), ["handle two", "perform first", "perform second", "settled"]);
}

#[test]
fn an_input_that_comes_while_an_effect_is_done_waits_until_everything_is_drained() {
    let (driver, log) = driver();
    driver.inbox().push("echo");
    let order = ["handle echo", "perform push", "perform after", "handle pushed", "settled"];
    assert_eq!(*log.borrow(), order);
}

#[test]
async fn a_deadline_becomes_one_timeout() {
    let (driver, log) = driver();
    driver.inbox().push("wait");
    sleep(15).await;
    assert_eq!(log.borrow().last().expect("something happened"), "settled");
    sleep(60).await;
    assert_eq!(*log.borrow(), ["handle wait", "settled", "handle timeout", "settled"]);
}

#[test]
async fn a_page_that_is_seen_again_does_not_wait_for_a_late_timer() {
    let (driver, log) = driver();
    driver.inbox().push("wait");
    // Nothing else runs in the page meanwhile, as when it sleeps.
    let start = js_sys::Date::now();
    while js_sys::Date::now() < start + 50.0 {}
    driver.wake();
    assert_eq!(log.borrow()[2..], ["handle timeout", "settled"]);
    sleep(60).await;
    assert_eq!(log.borrow().len(), 4, "the timer itself says nothing any more");
}

#[test]
fn waking_before_the_deadline_is_no_timeout() {
    let (driver, log) = driver();
    driver.inbox().push("wait");
    driver.wake();
    assert!(!log.borrow().iter().any(|line| line == "handle timeout"));
}

#[test]
async fn nothing_happens_after_the_driver_is_dropped() {
    let (driver, log) = driver();
    let inbox = driver.inbox();
    inbox.push("wait");
    drop(driver);
    inbox.push("two");
    sleep(60).await;
    assert_eq!(*log.borrow(), ["handle wait", "settled"]);
}
