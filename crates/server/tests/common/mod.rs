//! A folder with a configuration and built files, the program, and the smallest of HTTP clients.
//! Each test file uses its part of it.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) const KEY: &str = "pk_canary_5f3c9e21";

/// A temporary folder laid out as an operator would have it.
pub(crate) struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        for (name, text) in [
            ("loader.js", "loader"),
            ("app/index.html", "phone"),
            ("assets/a.js", "asset"),
            ("demo/index.html", "crm"),
        ] {
            let path = folder.path().join("dist").join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, text).expect("written");
        }
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write_config(&self, text: &str) {
        std::fs::write(self.path("ringlet.toml"), text).expect("written");
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ringlet"));
        command.args(arguments).current_dir(self.folder.path());
        command.env_remove("RUST_LOG").env_remove("RINGLET_LOG_FORMAT");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

pub(crate) fn config(port: u16) -> String {
    format!(
        r#"listen = "127.0.0.1:{port}"

[[tenants]]
id = "acme"
key = "{KEY}"
allowed_origins = ["https://crm.example.com"]
wss_url = "wss://pbx.example.com"
"#
    )
}

/// A port that was free a moment ago, with a free one above it.
pub(crate) fn free_port() -> u16 {
    // Below what the system hands to clients: a connection of another test cannot take the port
    // between here and its use. Tests that run side by side get different ones.
    const FIRST: u32 = 20_000;
    const COUNT: u32 = 12_000;
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let _no_fork = forking();
    loop {
        let turn = NEXT.fetch_add(2, Ordering::Relaxed);
        let port = FIRST + std::process::id().wrapping_mul(16).wrapping_add(turn) % COUNT;
        let port = u16::try_from(port).expect("below 32,000");
        let is_free = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
        if is_free(port) && is_free(port + 1) {
            return port;
        }
    }
}

/// A program that is being started holds a copy of every socket for a moment, those included that
/// only looked whether a port is free: the two must not overlap.
fn forking() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

fn spawn(command: &mut Command) -> Child {
    let _one_at_a_time = forking();
    command.spawn().expect("started")
}

/// Sends a GET and returns the whole answer, or nothing while nobody listens.
pub(crate) fn get(port: u16, path: &str, headers: &str) -> Option<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    Some(answer)
}

/// A running program that ends with the test.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn start(mut command: Command, port: u16) -> Self {
        let running = Self(spawn(&mut command));
        let started = Instant::now();
        while get(port, "/healthz", "").is_none() {
            assert!(started.elapsed() < Duration::from_secs(30), "the program does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        running
    }

    /// Asks it to end, as a supervisor does, and returns what it wrote.
    pub(crate) fn terminate(mut self) -> (i32, String, String) {
        let id = self.0.id().to_string();
        let mut kill = spawn(Command::new("kill").args(["-TERM", &id]));
        assert!(kill.wait().expect("kill").success());
        let mut texts = [String::new(), String::new()];
        self.0.stdout.take().expect("piped").read_to_string(&mut texts[0]).expect("read");
        self.0.stderr.take().expect("piped").read_to_string(&mut texts[1]).expect("read");
        let status = self.0.wait().expect("ended");
        let [out, err] = texts;
        (status.code().expect("no signal killed it"), out, err)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a command that is expected to fail, and returns what it says.
pub(crate) fn failure(mut command: Command) -> String {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = spawn(&mut command).wait_with_output().expect("ended");
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).expect("UTF-8")
}
