//! Everything the phone says.

pub(crate) mod cause;
pub(crate) mod duration;
pub(crate) mod text;

/// Words, most of them from the locale's table.
pub(crate) type Text = std::borrow::Cow<'static, str>;

/// Isolates a name or number, so that one that runs the other way does not reorder the sentence
/// around it (Unicode FSI and PDI, as a `<bdi>` does).
pub(crate) fn isolated(words: &str) -> String {
    ["\u{2068}", words, "\u{2069}"].concat()
}
