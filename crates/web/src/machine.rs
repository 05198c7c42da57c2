//! The phone, as the driver sees it.

use crate::driver::Machine;
use ringlet_phone::{Effect, Input, Instant, Phone};

impl Machine for Phone {
    type Input = Input;
    type Effect = Effect;

    fn timeout() -> Input {
        Input::Timeout
    }

    fn handle(&mut self, now: Instant, input: Input) {
        self.set_date(js_sys::Date::now() as u64);
        Phone::handle(self, now, input);
    }

    fn poll(&mut self) -> Option<Effect> {
        Phone::poll(self)
    }

    fn poll_timeout(&self) -> Option<Instant> {
        Phone::poll_timeout(self)
    }
}
