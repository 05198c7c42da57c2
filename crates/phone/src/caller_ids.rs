//! The numbers a person may call as: the tenant's, and those that they added.

use crate::core::Core;
use crate::effect::{Effect, RecordEffect};
use crate::input::Record;
use crate::number::Number;
use ringlet_contract::validate::{MAX_CALLER_IDS, is_caller_id};

/// What the key of an added number's record starts with; the rest is the number.
const PREFIX: &str = "caller-id.";
/// The key of the record that holds the number that is chosen.
const CHOSEN: &str = "caller-id-chosen";
/// The version of both, before a tab. A record of any other is left as it is.
const VERSION: &str = "1";

/// The numbers the person added, and the one that is chosen.
#[derive(Default)]
pub(crate) struct CallerIds {
    own: Vec<Own>,
    /// `None`: calls go out under the account's own address.
    chosen: Option<String>,
    error: Option<CallerIdError>,
}

struct Own {
    number: String,
    /// The browser does not keep it, so it lives as long as the page.
    is_unkept: bool,
}

/// Why a caller ID was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerIdError {
    /// It is no number, nor a user's name.
    Invalid,
    /// It is in the list.
    Known,
    /// There are as many as there may be ([`MAX_CALLER_IDS`]).
    Full,
}

impl CallerIds {
    /// Every number there is to choose from, the tenant's first, and whether the person added it.
    pub(crate) fn all<'a>(&'a self, core: &'a Core) -> impl Iterator<Item = (&'a str, bool)> {
        let tenants = core.settings.caller_ids.iter().map(|number| (number.as_str(), false));
        tenants.chain(self.own.iter().map(|own| (own.number.as_str(), true)))
    }

    /// What calls go out as, unless the host asks for something else in one call.
    pub(crate) fn chosen(&self, core: &Core) -> Option<&str> {
        let chosen = self.chosen.as_deref()?;
        self.all(core).any(|(number, _)| number == chosen).then_some(chosen)
    }

    /// Why the last one was not added.
    pub(crate) fn error(&self) -> Option<CallerIdError> {
        self.error
    }

    /// Adds a number and chooses it.
    pub(crate) fn add(&mut self, core: &mut Core, typed: &str) {
        let added = self.check(core, typed);
        self.error = added.as_ref().err().copied();
        if let Ok(number) = added {
            put(core, [PREFIX, &number].concat(), VERSION.to_owned());
            self.own.push(Own { number: number.clone(), is_unkept: false });
            self.choose(core, Some(number));
        }
    }

    /// Deletes a number that the person added; the tenant's stay.
    pub(crate) fn delete(&mut self, core: &mut Core, number: &str) {
        let Some(at) = self.own.iter().position(|own| own.number == number) else { return };
        self.own.remove(at);
        self.error = None;
        core.push(Effect::Record(RecordEffect::Remove([PREFIX, number].concat())));
        if self.chosen.as_deref() == Some(number) {
            self.choose(core, None);
        }
    }

    /// Chooses a number of the list, or the account's own.
    pub(crate) fn choose(&mut self, core: &mut Core, number: Option<String>) {
        if number.as_ref().is_none_or(|number| self.all(core).any(|(known, _)| known == number)) {
            let text = [VERSION, "\t", number.as_deref().unwrap_or_default()].concat();
            put(core, CHOSEN.to_owned(), text);
            self.chosen = number;
        }
    }

    /// The person has left the list.
    pub(crate) fn forget_error(&mut self) {
        self.error = None;
    }

    /// Somebody else uses the phone now.
    pub(crate) fn on_user_changed(&mut self) {
        *self = Self::default();
    }

    /// Everything that the browser keeps for the user, as it is now.
    pub(crate) fn on_records(&mut self, records: &[Record]) {
        self.own.retain(|own| own.is_unkept);
        for Record { key, text } in records {
            if key == CHOSEN {
                if let Some((VERSION, chosen)) = text.split_once('\t') {
                    self.chosen = Some(chosen.to_owned()).filter(|chosen| !chosen.is_empty());
                }
            } else if let Some(number) = key.strip_prefix(PREFIX)
                && text == VERSION
                && is_caller_id(number)
                && self.own.len() < MAX_CALLER_IDS
            {
                let at = self.own.partition_point(|own| own.number.as_str() < number);
                self.own.insert(at, Own { number: number.to_owned(), is_unkept: false });
            }
        }
    }

    /// The browser did not keep this record.
    pub(crate) fn on_record_refused(&mut self, key: &str) {
        let Some(number) = key.strip_prefix(PREFIX) else { return };
        self.own.iter_mut().filter(|own| own.number == number).for_each(|own| own.is_unkept = true);
    }

    fn check(&self, core: &Core, typed: &str) -> Result<String, CallerIdError> {
        let number = parse(typed).ok_or(CallerIdError::Invalid)?.into_string();
        if self.all(core).any(|(known, _)| known == number) {
            Err(CallerIdError::Known)
        } else if self.own.len() >= MAX_CALLER_IDS {
            Err(CallerIdError::Full)
        } else {
            Ok(number)
        }
    }
}

/// Reads a caller ID as any number is read. It is the user part of an address, so it cannot be an
/// address itself.
pub(crate) fn parse(typed: &str) -> Option<Number> {
    Number::parse(typed).ok().filter(|number| is_caller_id(number.as_str()))
}

fn put(core: &mut Core, key: String, text: String) {
    core.push(Effect::Record(RecordEffect::Put(Record { key, text })));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::tests::core;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn tenant() -> (CallerIds, Core) {
        let mut core = core();
        core.settings.caller_ids = vec!["+4930100".into(), "+4930200".into()];
        (CallerIds::default(), core)
    }

    fn all(ids: &CallerIds, core: &Core) -> Vec<(String, bool)> {
        ids.all(core).map(|(number, own)| (number.to_owned(), own)).collect()
    }

    fn stored(core: &mut Core) -> Vec<Record> {
        let put = |effect| match effect {
            Effect::Record(RecordEffect::Put(record)) => Some(record),
            _ => None,
        };
        core.effects().into_iter().filter_map(put).collect()
    }

    #[test]
    fn a_number_that_is_added_is_written_for_dialling_chosen_and_found_after_a_reload() {
        let (mut ids, mut core) = tenant();
        assert_eq!(ids.chosen(&core), None);
        ids.add(&mut core, " +49 (30) 99 ");
        assert_eq!((ids.chosen(&core), ids.error()), (Some("+493099"), None));
        let mut again = CallerIds::default();
        again.on_records(&stored(&mut core));
        assert_eq!(all(&again, &core), all(&ids, &core));
        assert_eq!(again.chosen(&core), Some("+493099"));
    }

    #[test]
    fn what_cannot_be_called_as_is_not_added() {
        let (mut ids, mut core) = tenant();
        let long = "1".repeat(300);
        for typed in [
            "",
            "  ",
            "a b",
            "bob@example.com",
            "sip:bob",
            "+49;ext=5",
            "\u{202E}",
            "x\r\nVia: y",
            &long,
        ] {
            ids.add(&mut core, typed);
            assert_eq!(ids.error(), Some(CallerIdError::Invalid), "{typed:?}");
        }
        ids.add(&mut core, "+49 30 100");
        assert_eq!(ids.error(), Some(CallerIdError::Known));
        assert_eq!(all(&ids, &core).len(), 2);
        assert_eq!(core.effects(), []);
        ids.forget_error();
        assert_eq!(ids.error(), None);
    }

    #[test]
    fn the_list_is_bounded_also_when_it_is_read() {
        let (mut ids, mut core) = tenant();
        for number in 0..60 {
            ids.add(&mut core, &format!("7{number:02}"));
        }
        assert_eq!(ids.error(), Some(CallerIdError::Full));
        assert_eq!(all(&ids, &core).len(), 2 + MAX_CALLER_IDS);
        let many = |number| Record { key: format!("caller-id.8{number:02}"), text: "1".into() };
        let mut again = CallerIds::default();
        again.on_records(&(0..99).map(many).collect::<Vec<_>>());
        assert_eq!(all(&again, &core).len(), 2 + MAX_CALLER_IDS);
    }

    #[test]
    fn only_what_is_there_can_be_chosen_and_what_goes_is_chosen_no_more() {
        let (mut ids, mut core) = tenant();
        ids.choose(&mut core, Some("+1".into()));
        assert_eq!(ids.chosen(&core), None);
        ids.choose(&mut core, Some("+4930200".into()));
        assert_eq!(ids.chosen(&core), Some("+4930200"));
        ids.delete(&mut core, "+4930200");
        assert_eq!(ids.chosen(&core), Some("+4930200"), "the tenant's stay");
        core.settings.caller_ids.pop();
        assert_eq!(ids.chosen(&core), None, "the tenant took it back");
        ids.add(&mut core, "77");
        ids.delete(&mut core, "77");
        assert_eq!((ids.chosen(&core), all(&ids, &core).len()), (None, 1));
    }

    #[test]
    fn a_record_that_is_not_understood_is_left_alone() {
        let (mut ids, mut core) = tenant();
        let record = |key: &str, text: &str| Record { key: key.into(), text: text.into() };
        ids.on_records(&[
            record("caller-id.77", "2\tof a later version"),
            record("caller-id.a b", "1"),
            record("caller-id-chosen", "2\t+4930100"),
        ]);
        assert_eq!((all(&ids, &core).len(), ids.chosen(&core)), (2, None));
        assert_eq!(core.effects(), []);
    }

    #[test]
    fn a_number_that_the_browser_does_not_keep_stays_until_the_page_goes() {
        let (mut ids, mut core) = tenant();
        ids.add(&mut core, "77");
        ids.on_record_refused("caller-id.77");
        ids.on_records(&[]);
        assert_eq!(ids.chosen(&core), Some("77"));
        ids.on_user_changed();
        assert_eq!(all(&ids, &core).len(), 2);
    }
}
