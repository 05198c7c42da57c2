//! What becomes of calls that come in while the person cannot or does not want to take them: do not
//! disturb, and forwarding when busy or unanswered.

use crate::core::Core;
use crate::effect::{Effect, RecordEffect};
use crate::input::Record;
use crate::number::Number;

/// The key of the record.
const KEY: &str = "diversion";
/// Its version, before a tab. A record of any other is left as it is.
const VERSION: &str = "1";

/// What the person wants.
#[derive(Default)]
pub(crate) struct Diversion {
    do_not_disturb: bool,
    busy: Option<String>,
    no_answer: Option<String>,
    error: Option<DiversionError>,
}

/// Why numbers to forward to were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiversionError {
    /// The one for when the person is busy cannot be called, or is the person's own.
    Busy,
    /// The one for when nobody answers.
    NoAnswer,
}

impl Diversion {
    /// Nobody shall be rung.
    pub(crate) fn is_do_not_disturb(&self) -> bool {
        self.do_not_disturb
    }

    /// Whom callers reach instead when the person is busy or not to be disturbed.
    pub(crate) fn busy(&self) -> Option<&str> {
        self.busy.as_deref()
    }

    /// Whom they reach when nobody answers.
    pub(crate) fn no_answer(&self) -> Option<&str> {
        self.no_answer.as_deref()
    }

    pub(crate) fn error(&self) -> Option<DiversionError> {
        self.error
    }

    pub(crate) fn set_do_not_disturb(&mut self, core: &mut Core, on: bool) {
        if self.do_not_disturb != on {
            self.do_not_disturb = on;
            self.put(core);
        }
    }

    /// Takes the numbers to forward to, blank for none. Neither is taken if one cannot be called.
    /// `account`: the person's own address.
    pub(crate) fn forward(
        &mut self,
        core: &mut Core,
        account: Option<&str>,
        busy: &str,
        no_answer: &str,
    ) {
        let taken = match (target(busy, account), target(no_answer, account)) {
            (Err(()), _) => Err(DiversionError::Busy),
            (_, Err(())) => Err(DiversionError::NoAnswer),
            (Ok(busy), Ok(no_answer)) => Ok((busy, no_answer)),
        };
        self.error = taken.as_ref().err().copied();
        if let Ok((busy, no_answer)) = taken {
            (self.busy, self.no_answer) = (busy, no_answer);
            self.put(core);
        }
    }

    /// The person has left the form.
    pub(crate) fn forget_error(&mut self) {
        self.error = None;
    }

    /// Somebody else uses the phone now.
    pub(crate) fn on_user_changed(&mut self) {
        *self = Self::default();
    }

    /// Everything that the browser keeps for the user, as it is now.
    pub(crate) fn on_records(&mut self, records: &[Record]) {
        for Record { text, .. } in records.iter().filter(|record| record.key == KEY) {
            let fields: Vec<&str> = text.split('\t').collect();
            if let [VERSION, do_not_disturb, busy, no_answer] = fields[..] {
                let number = |text| target(text, None).ok().flatten();
                self.do_not_disturb = do_not_disturb == "1";
                (self.busy, self.no_answer) = (number(busy), number(no_answer));
            }
        }
    }

    fn put(&self, core: &mut Core) {
        let do_not_disturb = if self.do_not_disturb { "1" } else { "0" };
        let [busy, no_answer] =
            [&self.busy, &self.no_answer].map(|it| it.as_deref().unwrap_or_default());
        let text = [VERSION, do_not_disturb, busy, no_answer].join("\t");
        core.push(Effect::Record(RecordEffect::Put(Record { key: KEY.to_owned(), text })));
    }
}

/// A number that can be called and is not the person's own; `None` if it is blank.
fn target(typed: &str, account: Option<&str>) -> Result<Option<String>, ()> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let number = Number::parse(typed).map_err(drop)?.as_str().to_owned();
    let user = account.and_then(|account| account.split('@').next());
    let is_own = [account, user].contains(&Some(&number));
    if is_own { Err(()) } else { Ok(Some(number)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::tests::core;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn stored(core: &mut Core) -> Vec<Record> {
        let put = |effect| match effect {
            Effect::Record(RecordEffect::Put(record)) => Some(record),
            _ => None,
        };
        core.effects().into_iter().filter_map(put).collect()
    }

    #[test]
    fn what_is_set_is_found_after_a_reload_and_is_not_the_next_users() {
        let (mut diversion, mut core) = (Diversion::default(), core());
        diversion.forward(&mut core, Some("me@example.com"), " +49 (30) 99 ", "bob");
        diversion.set_do_not_disturb(&mut core, true);
        diversion.set_do_not_disturb(&mut core, true);
        let records = stored(&mut core);
        assert_eq!(records.len(), 2, "what is set already is not written again");
        let mut again = Diversion::default();
        again.on_records(&records[1..]);
        assert!(again.is_do_not_disturb());
        assert_eq!((again.busy(), again.no_answer()), (Some("+493099"), Some("bob")));
        again.on_user_changed();
        assert!(!again.is_do_not_disturb() && again.busy().is_none());
    }

    #[test]
    fn blank_numbers_end_the_forwarding() {
        let (mut diversion, mut core) = (Diversion::default(), core());
        diversion.forward(&mut core, None, "601", "602");
        diversion.forward(&mut core, None, " ", "");
        assert_eq!(
            (diversion.busy(), diversion.no_answer(), diversion.error()),
            (None, None, None)
        );
    }

    #[test]
    fn a_number_that_cannot_be_called_or_is_the_persons_own_changes_nothing() {
        let (mut diversion, mut core) = (Diversion::default(), core());
        diversion.forward(&mut core, None, "601", "602");
        let long = "1".repeat(300);
        for wrong in ["a\tb", "x\r\nVia: y", "me", "me@example.com", &long] {
            diversion.forward(&mut core, Some("me@example.com"), wrong, "603");
            assert_eq!(diversion.error(), Some(DiversionError::Busy), "{wrong:?}");
            diversion.forward(&mut core, Some("me@example.com"), "603", wrong);
            assert_eq!(diversion.error(), Some(DiversionError::NoAnswer), "{wrong:?}");
        }
        assert_eq!((diversion.busy(), diversion.no_answer()), (Some("601"), Some("602")));
        diversion.forget_error();
        assert_eq!(diversion.error(), None);
    }

    #[test]
    fn a_record_that_is_not_understood_is_left_alone() {
        let mut diversion = Diversion::default();
        for text in ["", "1", "2\t1\t601\t602", "1\t1\t601\t602\tmore"] {
            diversion.on_records(&[Record { key: KEY.into(), text: text.into() }]);
            assert!(!diversion.is_do_not_disturb() && diversion.busy().is_none(), "{text:?}");
        }
        let damaged = Record { key: KEY.into(), text: "1\t1\tx\u{1}\t602".into() };
        diversion.on_records(&[damaged]);
        assert_eq!((diversion.busy(), diversion.no_answer()), (None, Some("602")));
    }
}
