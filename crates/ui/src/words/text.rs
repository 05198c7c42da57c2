//! Everything the phone says, from `locales/en.json` by way of `build.rs`: the text `keypad.call`
//! is the function `keypad_call()`, and a text with `{seconds}` takes `seconds`.
//!
//! Every function reads one table by index. Another language is another table of the same length,
//! made at build time from a file with the same keys, so it can be loaded when it is asked for.

include!(concat!(env!("OUT_DIR"), "/text.rs"));

fn get(index: usize) -> &'static str {
    ENGLISH[index]
}

fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for piece in template.split_inclusive('}') {
        let open = piece.find('{').and_then(|open| piece.split_at_checked(open));
        let (plain, placeholder) = open.unwrap_or((piece, ""));
        text.push_str(plain);
        // A value is put in as it is: braces in somebody's name are not placeholders.
        let value = values.iter().find(|(name, _)| *name == placeholder);
        text.push_str(value.map_or(placeholder, |(_, value)| value));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_replaced_wherever_it_stands() {
        assert_eq!(fill("{n} of {n}, {m}", &[("{n}", "2"), ("{m}", "x")]), "2 of 2, x");
    }

    #[test]
    fn a_value_with_braces_is_left_alone() {
        assert_eq!(fill("Call {name}", &[("{name}", "{name}")]), "Call {name}");
    }
}
