//! Everything the phone says.

pub(crate) mod cause;
pub(crate) mod duration;
pub(crate) mod text;

/// Words, most of them from the locale's table.
pub(crate) type Text = std::borrow::Cow<'static, str>;
