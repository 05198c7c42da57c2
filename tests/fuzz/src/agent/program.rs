//! The bytes of a program, read one after the other.

pub(super) struct Program<'a>(&'a [u8]);

impl<'a> Program<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte; zero at the end.
    pub(super) fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// Bytes up to the next zero, or to the end.
    pub(super) fn text(&mut self) -> Vec<u8> {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.strip_prefix(b"\0").unwrap_or(rest);
        text.to_vec()
    }

    /// The same as a string.
    pub(super) fn string(&mut self) -> String {
        String::from_utf8_lossy(&self.text()).into_owned()
    }
}
