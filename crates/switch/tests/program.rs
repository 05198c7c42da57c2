//! The program around the library, as the end-to-end tests start it.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ringlet-switch");

#[test]
fn it_prints_its_url_takes_commands_and_stops_cleanly_on_sigterm() {
    let mut program = Command::new(PROGRAM)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut commands = program.stdin.take().expect("piped");
    let mut lines = BufReader::new(program.stdout.take().expect("piped")).lines();
    let mut line = || lines.next().expect("a line").expect("UTF-8");
    let url = line();
    let addr = url.strip_prefix("ws://").expect("a WebSocket URL");
    std::net::TcpStream::connect(addr).expect("it listens");

    for (command, answer) in [
        ("kick", "ok"),
        ("pause", "ok"),
        ("resume", "ok"),
        ("call agent1 +4930 Ada Lovelace", "error: \"agent1\" is not registered"),
        ("call nobody 1", "error: there is no user \"nobody\""),
        ("dance", "error: \"dance\" is no command"),
    ] {
        writeln!(commands, "{command}").expect("it reads");
        assert_eq!(line(), answer);
    }
    // It runs on without anybody who commands it.
    drop(commands);
    let pid = program.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
    assert!(killed.success());
    let since = Instant::now();
    let status = loop {
        if let Some(status) = program.try_wait().expect("a child") {
            break status;
        }
        assert!(since.elapsed() < Duration::from_secs(5), "it stops");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(0));
}

#[test]
fn what_it_does_not_understand_is_named() {
    for (arguments, problem) in [
        (["--listen", "here"], "--listen: \"here\" is not usable"),
        (["--colour", "red"], "--colour is unknown"),
        (["--domain", "a b"], "\"a b\" is not a SIP domain"),
        (["--listen", "203.0.113.77:1"], "cannot listen on 203.0.113.77:1"),
    ] {
        let output = Command::new(PROGRAM).args(arguments).output().expect("the program starts");
        let said = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(said.contains(problem), "{said}");
        assert!(!output.status.success());
        assert!(output.stdout.is_empty(), "no URL of a switch that is not there");
    }
}
