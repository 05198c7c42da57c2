//! The keypad.

use crate::number::Number;
use ringlet_contract::MAX_NUMBER_CHARS;

/// The number typed so far.
#[derive(Default)]
pub(crate) struct Keypad {
    number: String,
}

impl Keypad {
    pub(crate) fn number(&self) -> &str {
        &self.number
    }

    /// Takes what the person typed, without what no number can hold.
    pub(crate) fn edit(&mut self, number: &str) {
        self.number = number.chars().filter(|c| !c.is_control()).take(MAX_NUMBER_CHARS).collect();
    }

    /// Puts a number there that a person may call.
    pub(crate) fn prefill(&mut self, number: String) {
        self.number = number;
    }

    pub(crate) fn clear(&mut self) {
        self.number.clear();
    }

    /// Clears the number that is being called; another one may have been typed meanwhile.
    pub(crate) fn on_call_started(&mut self, number: &str) {
        if Number::parse(&self.number).is_ok_and(|typed| typed.as_str() == number) {
            self.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn what_no_number_can_hold_is_not_taken() {
        let mut keypad = Keypad::default();
        keypad.edit(&("6\u{7}0\n".to_owned() + &"1".repeat(200)));
        assert!(keypad.number().starts_with("601"));
        assert_eq!(keypad.number().chars().count(), MAX_NUMBER_CHARS);
    }

    #[test]
    fn only_the_number_that_is_called_is_cleared() {
        let mut keypad = Keypad::default();
        keypad.edit("6 0 1");
        keypad.on_call_started("600");
        assert_eq!(keypad.number(), "6 0 1");
        keypad.on_call_started("601");
        assert_eq!(keypad.number(), "");
    }
}
