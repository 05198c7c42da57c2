//! Says what a SIP user agent server makes of messages in files, one message a file.
//!
//! `cargo run -p ringlet-sip --example sipcheck -- [-v] FILE…`
//!
//! Prints a line for each file: `accepted METHOD-or-status`, or `rejected STATUS reason` with the
//! status a server would answer, or `drop` for what is not answered. With `-v`, every header
//! follows as the type it was read into. The exit code is 0 whatever the verdicts.
//!
//! A file without any carriage return was saved by an editor or copied from a page, so its lines
//! are taken to end as SIP has it, and Content-Length to count that.

#![expect(clippy::print_stdout, reason = "it is a command-line tool")]

use ringlet_sip::message::{Headers, MAX_MESSAGE, Message, Typed, Verdict, check, parse};
use std::borrow::Cow;
use std::fs::File;
use std::io::Read;

fn main() {
    let (options, files): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|argument| argument == "-v");
    if files.is_empty() {
        eprintln!("usage: sipcheck [-v] FILE…");
    }
    for file in files {
        match read(&file) {
            Err(error) => eprintln!("unreadable {file}: {error}"),
            Ok(bytes) => {
                println!("{}", verdict(&bytes));
                if !options.is_empty() {
                    print_headers(&bytes);
                }
            }
        }
    }
}

/// A file, as far as it matters: what is too long for a message need not be read to its end.
fn read(file: &str) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_MESSAGE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(match bytes.contains(&b'\r') {
        true => bytes,
        false => bytes.split(|b| *b == b'\n').collect::<Vec<_>>().join(&b"\r\n"[..]),
    })
}

fn verdict(bytes: &[u8]) -> String {
    match check(bytes) {
        Verdict::Accepted(Message::Request(request)) => format!("accepted {}", request.method),
        Verdict::Accepted(Message::Response(response)) => format!("accepted {}", response.status),
        Verdict::Rejected { status, reason } => format!("rejected {status} {}", line(&reason)),
        Verdict::Dropped { reason } => format!("rejected drop {}", line(&reason)),
    }
}

/// Whatever a message holds, a verdict is one line.
fn line(text: &str) -> Cow<'_, str> {
    match text.contains(char::is_control) {
        true => text.replace(char::is_control, " ").into(),
        false => text.into(),
    }
}

fn print_headers(bytes: &[u8]) {
    match parse(bytes) {
        Ok(Message::Request(request)) => print_typed(&request.headers),
        Ok(Message::Response(response)) => print_typed(&response.headers),
        Err(_) => {}
    }
}

fn print_typed(headers: &Headers) {
    for (name, value) in headers.iter() {
        let name = line(name);
        match Typed::read(&name, value) {
            None => println!("    {name}: {value:?}"),
            Some(values) => values.iter().for_each(|(text, typed)| match typed {
                Some(typed) => println!("    {name}: {typed:?}"),
                None => println!("    {name}: malformed {text:?}"),
            }),
        }
    }
}
