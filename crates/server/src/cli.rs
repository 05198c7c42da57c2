//! The command line.

use crate::assets::{Assets, NotBuilt};
use crate::config::{Config, ConfigError, DEFAULT_PORT};
use crate::demo::{self, DemoError};
use crate::listen;
use crate::logging::{self, LogFormat};
use crate::serve::{ServeError, serve};
use clap::{Parser, Subcommand};
use std::io;
use std::path::{Path, PathBuf};

/// An embeddable SIP softphone: this program serves it.
#[derive(Debug, Parser)]
#[command(name = "ringlet", version)]
pub struct Cli {
    /// How log lines are written; RUST_LOG chooses which.
    #[arg(long, global = true, value_enum, default_value = "text", env = "RINGLET_LOG_FORMAT")]
    log_format: LogFormat,

    /// Serves the files of this folder, laid out like dist/, instead of those inside the program.
    #[arg(long, global = true, value_name = "FOLDER")]
    dist: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the tenants of a configuration file.
    Serve {
        /// The configuration file.
        #[arg(long, value_name = "FILE", default_value = "ringlet.toml")]
        config: PathBuf,
    },
    /// Serves a CRM page with a working phone and a SIP switch to call; keeps nothing.
    Demo {
        /// The phone's port; the SIP switch takes the next one.
        #[arg(long, default_value_t = DEFAULT_PORT, value_parser = clap::value_parser!(u16).range(1..65535))]
        port: u16,
    },
}

/// Why a command ended.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The configuration file cannot be used; nothing of it was.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// `serve` did not start.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// `demo` did not start.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// There is no phone to serve.
    #[error(transparent)]
    NotBuilt(#[from] NotBuilt),
    /// The folder of built files cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Dist {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl Cli {
    /// Does what the command line says, until a signal ends it.
    ///
    /// # Errors
    ///
    /// [`CliError`], worded for the person at the terminal.
    pub async fn run(self) -> Result<(), CliError> {
        match self.command {
            Command::Serve { config } => {
                logging::start(self.log_format, "info");
                let config = Config::load(&config)?;
                serve(config, assets(self.dist.as_deref())?, listen::signal()).await?;
            }
            Command::Demo { port } => {
                // The demo's output is for a person; the requests would bury the links.
                logging::start(self.log_format, "warn");
                demo::run(port, assets(self.dist.as_deref())?, listen::signal()).await?;
            }
        }
        Ok(())
    }
}

fn assets(folder: Option<&Path>) -> Result<Assets, CliError> {
    match folder {
        Some(path) => {
            Assets::read(path).map_err(|source| CliError::Dist { path: path.to_owned(), source })
        }
        None => Ok(Assets::embedded()?),
    }
}
