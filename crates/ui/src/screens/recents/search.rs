//! Which calls a search finds.

use ringlet_phone::HistoryEntry;

/// What is searched for. A name is found by any part of it, a number also by its digits alone,
/// however they were grouped.
pub(super) struct Query {
    words: String,
    digits: String,
}

impl Query {
    pub(super) fn new(typed: &str) -> Self {
        let words = lower(typed.trim());
        let is_number = words.chars().all(|c| c.is_ascii_digit() || " +-/().".contains(c));
        let digits = if is_number { digits(&words) } else { String::new() };
        Self { words, digits }
    }

    pub(super) fn finds(&self, entry: &HistoryEntry) -> bool {
        let has_words = |text: &str| lower(text).contains(&self.words);
        self.words.is_empty()
            || has_words(&entry.number)
            || entry.name.as_deref().is_some_and(has_words)
            || entry.uri.as_deref().is_some_and(has_words)
            || (!self.digits.is_empty() && digits(&entry.number).contains(&self.digits))
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The browser knows the letters of all scripts; Rust would bring its own tables.
#[cfg(target_arch = "wasm32")]
fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(not(target_arch = "wasm32"))]
fn lower(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screens::recents::tests::entry;

    fn finds(typed: &str, entry: &HistoryEntry) -> bool {
        Query::new(typed).finds(entry)
    }

    #[test]
    fn a_name_is_found_by_a_part_of_it_in_any_case() {
        let entry = HistoryEntry { name: Some("Zoë ÖZGÜR".to_owned()), ..entry("+4930123456") };
        assert!(finds("özg", &entry) && finds(" ZOË ", &entry) && finds("", &entry));
        assert!(!finds("grace", &entry));
    }

    #[test]
    fn a_number_is_found_however_its_digits_are_grouped() {
        let entry = HistoryEntry { name: None, ..entry("+4930123456") };
        assert!(finds("030", &entry) == entry.number.contains("030"));
        assert!(finds("30 12-34", &entry) && finds("(30) 123", &entry) && finds("+49", &entry));
        assert!(!finds("999", &entry));
        assert!(!finds("a30", &entry), "letters are not left out");
    }
}
