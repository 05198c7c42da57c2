//! The configuration file.
//!
//! [`Config::load`] reads and checks the whole file before anything else happens, so that a file
//! with a mistake changes nothing. Every mistake is reported with its file, line and field.
//!
//! ```toml
#![doc = include_str!("../../ringlet.example.toml")]
//! ```

mod file;
mod locate;
mod validate;

pub(crate) use file::DEFAULT_PORT;

use crate::origin::Origin;
use crate::tenant::Tenant;
use locate::Document;
use secrecy::SecretString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// A configuration file, checked.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the database lives.
    pub data_dir: PathBuf,
    /// The origin under which browsers reach the phone.
    pub public_url: Origin,
    /// The tenants, in the file's order.
    pub tenants: Vec<TenantEntry>,
}

/// A tenant of the file, with the key that names it.
#[derive(Clone, Debug)]
pub struct TenantEntry {
    /// Its settings.
    pub tenant: Tenant,
    /// Its publishable key.
    pub key: SecretString,
}

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// The file has mistakes; nothing of it was used.
    #[error("{}", list(path, mistakes))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// At least one, in the file's order.
        mistakes: Vec<Mistake>,
    },
}

/// One mistake in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Line, counted from 1.
    pub line: usize,
    /// The field, like `tenants[0].wss_url`; empty where the text is not even TOML.
    pub field: String,
    /// What is wrong, for the operator.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, field, message } = self;
        if field.is_empty() {
            write!(f, "{line}: {message}")
        } else {
            write!(f, "{line}: {field}: {message}")
        }
    }
}

fn list(path: &Path, mistakes: &[Mistake]) -> String {
    let lines: Vec<_> = mistakes.iter().map(|m| format!("{}:{m}", path.display())).collect();
    lines.join("\n")
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Read`] when there is no such file or it is not UTF-8;
    /// [`ConfigError::Invalid`] when it has mistakes.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(&text, folder)
            .map_err(|mistakes| ConfigError::Invalid { path: path.to_owned(), mistakes })
    }

    /// Checks a file's text. A relative data directory is taken from `folder`.
    ///
    /// # Errors
    ///
    /// All mistakes found, or the first one where the text cannot be read further.
    pub fn parse(text: &str, folder: &Path) -> Result<Self, Vec<Mistake>> {
        let document = Document::parse(text).map_err(|mistake| vec![mistake])?;
        let file: file::File =
            toml::from_str(text).map_err(|error| vec![document.explain(&error)])?;
        validate::check(file, folder).map_err(|findings| {
            let mut mistakes: Vec<_> = findings
                .into_iter()
                .map(|(path, message)| document.mistake(&path, message))
                .collect();
            mistakes.sort_by_key(|mistake| mistake.line);
            mistakes
        })
    }
}

#[cfg(test)]
mod tests;
