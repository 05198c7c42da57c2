//! What several tests need.

use gloo_timers::future::TimeoutFuture;
use ringlet_phone::Input;
use ringlet_web::Inbox;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Everything an adapter has put into its inbox.
#[derive(Clone, Default)]
pub(crate) struct Log(Rc<RefCell<Vec<Input>>>);

impl Log {
    /// The inbox that writes this log.
    pub(crate) fn inbox(&self) -> Inbox<Input> {
        let log = self.0.clone();
        Inbox::new(move |input| log.borrow_mut().push(input))
    }

    /// Takes the oldest input that `wanted` makes something of, waiting up to 5 s for it.
    pub(crate) async fn next<T>(&self, wanted: impl Fn(&Input) -> Option<T>) -> T {
        for _ in 0..500 {
            let found = {
                let mut log = self.0.borrow_mut();
                let found = log.iter().enumerate().find_map(|(i, input)| Some((i, wanted(input)?)));
                found.map(|(index, value)| {
                    log.remove(index);
                    value
                })
            };
            match found {
                Some(value) => return value,
                None => sleep(10).await,
            }
        }
        panic!("what was waited for did not come; there is {:?}", self.0.borrow());
    }

    /// How many inputs nobody has taken.
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// How many of the inputs are such.
    pub(crate) fn count(&self, is_such: impl Fn(&Input) -> bool) -> usize {
        self.0.borrow().iter().filter(|input| is_such(input)).count()
    }
}

/// Lets the browser work.
pub(crate) async fn sleep(ms: u32) {
    TimeoutFuture::new(ms).await;
}

/// Runs a script in the page.
pub(crate) fn run(script: &str) -> JsValue {
    js_sys::eval(script).expect("the test's script runs")
}

/// Waits up to 5 s for a script's value to be true.
pub(crate) async fn until(script: &str) {
    for _ in 0..500 {
        if run(script).is_truthy() {
            return;
        }
        sleep(10).await;
    }
    panic!("never true: {script}");
}

/// Waits for the promise that a script makes.
pub(crate) async fn settled(script: &str) -> JsValue {
    let promise = js_sys::Promise::from(run(script));
    wasm_bindgen_futures::JsFuture::from(promise).await.expect("the test's promise resolves")
}
