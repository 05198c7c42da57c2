//! Finds the line of a field, and the field of a place in the text.

use super::Mistake;
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};

/// One step down into the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(Cow<'static, str>),
    Index(usize),
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(key.into())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The file's text with the place of every key and value in it.
pub(super) struct Document<'a> {
    text: &'a str,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// Reads the text as TOML.
    pub(super) fn parse(text: &'a str) -> Result<Self, Mistake> {
        let root = DeTable::parse(text).map_err(|error| Mistake {
            line: line_at(text, error.span().map_or(0, |span| span.start)),
            field: String::new(),
            message: error.message().to_owned(),
        })?;
        Ok(Self { text, root })
    }

    /// A mistake serde found, with the field in which it found it.
    pub(super) fn explain(&self, error: &Error) -> Mistake {
        let span = error.span().unwrap_or(0..0);
        let mut path = Vec::new();
        descend_table(self.root.get_ref(), &span, &mut path);
        Mistake {
            line: line_at(self.text, span.start),
            field: written(&path),
            message: error.message().to_owned(),
        }
    }

    /// A mistake in a field. A missing field has the line of the table it belongs to.
    pub(super) fn mistake(&self, path: &[Step], message: String) -> Mistake {
        let mut start = 0;
        let mut here = Place::Table(self.root.get_ref());
        for step in path {
            let Some((at, value)) = here.step(step) else { break };
            start = at;
            here = value;
        }
        Mistake { line: line_at(self.text, start), field: written(path), message }
    }
}

#[derive(Clone, Copy)]
enum Place<'d, 'a> {
    Table(&'d DeTable<'a>),
    Value(&'d DeValue<'a>),
}

impl<'d, 'a> Place<'d, 'a> {
    fn step(self, step: &Step) -> Option<(usize, Self)> {
        match (self, step) {
            (Self::Table(table) | Self::Value(DeValue::Table(table)), Step::Key(wanted)) => {
                let (key, value) = table.iter().find(|(key, _)| key.get_ref() == wanted)?;
                Some((key.span().start, Self::Value(value.get_ref())))
            }
            (Self::Value(DeValue::Array(array)), Step::Index(index)) => {
                let value = array.get(*index)?;
                Some((value.span().start, Self::Value(value.get_ref())))
            }
            (Self::Table(_) | Self::Value(_), Step::Key(_) | Step::Index(_)) => None,
        }
    }
}

fn descend_table(table: &DeTable<'_>, span: &Range<usize>, path: &mut Vec<Step>) {
    for (key, value) in table.iter() {
        path.push(Step::Key(key.get_ref().to_string().into()));
        if holds(&key.span(), span) || descend_value(value, span, path) {
            return;
        }
        path.pop();
    }
}

/// Whether the place is in this value; if so, `path` has been extended as far as it goes.
fn descend_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>, path: &mut Vec<Step>) -> bool {
    let before = path.len();
    match value.get_ref() {
        // The span of a `[table]` is its header alone, so what it holds is searched regardless.
        DeValue::Table(table) => descend_table(table, span, path),
        DeValue::Array(array) => {
            for (index, item) in array.iter().enumerate() {
                path.push(Step::Index(index));
                if descend_value(item, span, path) {
                    return true;
                }
                path.pop();
            }
        }
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => {}
    }
    path.len() > before || holds(&value.span(), span)
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

fn written(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Step::Index(index) => {
                text.push_str(&format!("[{index}]"));
            }
        }
    }
    text
}
