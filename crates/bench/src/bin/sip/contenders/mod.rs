//! The stacks that are compared. Each reads a message with the same five headers typed down to
//! their URIs, and writes what it has read.

pub(crate) mod ezk;
pub(crate) mod ringlet;
pub(crate) mod rsip;
pub(crate) mod rsipstack;

use crate::rounds::Contender;

/// One stack.
pub(crate) struct Stack {
    pub(crate) name: &'static str,
    /// Reads a message, and returns a number that depends on To, From, Via, CSeq and Contact.
    pub(crate) read: fn(&[u8]) -> Option<usize>,
    /// Reads the messages, and then writes them all in each pass.
    pub(crate) writing: fn(&[Vec<u8>]) -> Contender<'static>,
}

/// A contender that writes what is in `parsed`.
fn writing<T: 'static>(
    name: &'static str,
    parsed: Vec<T>,
    mut write: impl FnMut(&T) -> Vec<u8> + 'static,
) -> Contender<'static> {
    let pass = move || parsed.iter().filter(|message| !write(message).is_empty()).count();
    Contender { name, pass: Box::new(pass) }
}
