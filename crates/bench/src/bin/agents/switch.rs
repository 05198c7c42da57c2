//! The switch in a process of its own, so that it shares neither memory nor sockets with the agents.

use crate::phone;
use anyhow::{Context, Result};
use ringlet_switch::{Config, Switch, User};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Starts the other process; it ends when the first value is dropped. Returns the switch's URL.
pub(crate) async fn spawn() -> Result<(Child, String)> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg("switch")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = child.stdout.take().context("the switch has no output")?;
    let url = BufReader::new(output).lines().next_line().await?;
    Ok((child, url.context("the switch did not start")?))
}

/// Is the other process: runs until standard input ends.
#[allow(clippy::print_stdout, reason = "the URL is for the process that started this one")]
pub(crate) async fn run(agents: usize) -> Result<()> {
    let user = |number| User { name: phone::user(number), password: phone::PASSWORD.into() };
    let users = (0..agents).map(user).collect();
    let switch = Switch::start(Config { users, ..Config::demo() }).await?;
    println!("{}", switch.url());
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    Ok(())
}
