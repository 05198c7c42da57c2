//! `ringlet-switch`: the switch as a program, for the end-to-end tests.

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use ringlet_switch::{Config, Switch};
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};
use tracing_subscriber::EnvFilter;

const USAGE: &str = "\
ringlet-switch: SIP-over-WebSocket registrar, proxy and test numbers for demos and tests

  --listen ADDRESS:PORT   listen here (127.0.0.1:0: a free port)
  --domain DOMAIN         SIP domain and realm (ringlet.demo)
  --media-ip ADDRESS      offer this address for audio; may be given several times (127.0.0.1)
  --nonce-lifetime SECS   how long a digest nonce is good for (300)
  --max-expires SECS      longest registration granted (3600)

Prints its WebSocket URL as one line and runs until SIGINT or SIGTERM. Commands on standard input,
one a line, each answered with `ok` or `error: …`:

  call USER NUMBER [NAME]   call a registered user
  kick                      close all sockets
  pause                     close all sockets and refuse new ones
  resume                    listen again
";

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| EnvFilter::new("ringlet_switch=info")),
        )
        .init();
    let config = match parse_arguments(std::env::args().skip(1)) {
        Ok(Some(config)) => config,
        Ok(None) => {
            print(USAGE.trim_end());
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("ringlet-switch: {problem}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ringlet-switch: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Option<Config>, String> {
    let mut config = Config::demo();
    let mut media_ips = Vec::new();
    while let Some(name) = arguments.next() {
        if name == "--help" || name == "-h" {
            return Ok(None);
        }
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        let wrong = |()| format!("{name}: {value:?} is not usable");
        match name.as_str() {
            "--listen" => config.listen = value.parse::<SocketAddr>().map_err(|_| wrong(()))?,
            "--domain" => config.domain = value,
            "--media-ip" => media_ips.push(value.parse::<IpAddr>().map_err(|_| wrong(()))?),
            "--nonce-lifetime" => {
                config.nonce_lifetime = seconds(&value).ok_or_else(|| wrong(()))?
            }
            "--max-expires" => config.max_expires = seconds(&value).ok_or_else(|| wrong(()))?,
            _ => return Err(format!("{name} is unknown")),
        }
    }
    if !media_ips.is_empty() {
        config.media_ips = media_ips;
    }
    Ok(Some(config))
}

fn seconds(value: &str) -> Option<Duration> {
    value.parse().ok().map(Duration::from_secs)
}

async fn run(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let switch = Switch::start(config).await?;
    print(&switch.url());
    let stop = stop_signal();
    tokio::pin!(stop);
    let mut commands = Some(BufReader::new(tokio::io::stdin()).lines());
    loop {
        tokio::select! {
            result = &mut stop => {
                result?;
                break;
            }
            line = next_line(&mut commands) => match execute(&switch, &line).await {
                Ok(()) => print("ok"),
                Err(problem) => print(&format!("error: {problem}")),
            }
        }
    }
    switch.shutdown().await;
    // A read of standard input cannot be cancelled, and the runtime would wait for it.
    std::process::exit(0)
}

/// Never returns once standard input is closed: the switch runs on without commands.
async fn next_line(commands: &mut Option<Lines<BufReader<Stdin>>>) -> String {
    if let Some(lines) = commands {
        if let Ok(Some(line)) = lines.next_line().await {
            return line;
        }
        *commands = None;
    }
    std::future::pending().await
}

async fn execute(switch: &Switch, line: &str) -> Result<(), String> {
    let mut words = line.trim().splitn(4, ' ');
    match (words.next(), words.next(), words.next(), words.next()) {
        (Some("call"), Some(user), Some(number), name) => {
            let name = name.unwrap_or_default();
            switch.call(user, number, name).await.map_err(|error| error.to_string())?;
        }
        (Some("kick"), None, ..) => switch.kick(),
        (Some("pause"), None, ..) => switch.pause(),
        (Some("resume"), None, ..) => switch.resume(),
        _ => return Err(format!("{line:?} is no command")),
    }
    Ok(())
}

#[cfg(unix)]
async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

// Standard output is this program's interface to the tests that start it.
#[allow(clippy::print_stdout)]
fn print(line: &str) {
    println!("{line}");
}
