//! What messages carry, and what one agent hands to another.

use ringlet_sip::event::{DialogInfo, MessageSummary, Presence};
use ringlet_sip::message::{MediaType, Message, parse, parts, sipfrag};
use ringlet_sip::{Command, Input, Instant, Output, UserAgent};
use ringlet_testkit::{Peer, Watched, config};
use std::time::Duration;

const NOW: Instant = Instant::from_millis(1_000_000);

/// The first byte says what the rest is.
pub fn bodies(bytes: &[u8]) {
    let Some((kind, body)) = bytes.split_first() else { return };
    match kind % 7 {
        0 => {
            let _ = MessageSummary::parse(body);
        }
        1 => {
            if let Some(info) = DialogInfo::parse(body) {
                let named: usize = info.dialogs.iter().map(|(id, _)| id.len()).sum();
                assert!(info.entity.len() + named <= body.len());
            }
        }
        2 => {
            if let Some(presence) = Presence::parse(body) {
                assert!(presence.entity.len() <= body.len());
            }
        }
        3 => {
            if let Some((status, _)) = sipfrag(body) {
                assert!((100..700).contains(&status));
            }
        }
        4 => multipart(body),
        5 => sdp(body),
        _ => snapshot(body),
    }
}

/// The first line is the Content-Type.
fn multipart(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (line, body) = bytes.split_at(end);
    let line = String::from_utf8_lossy(line);
    let Some(boundary) = MediaType::parse(line.trim()).and_then(|kind| kind.boundary()) else {
        return;
    };
    let mut left = body.len();
    for part in parts(body, boundary) {
        let _ = (part.media_type(), part.header("Content-ID"));
        // Parts do not overlap.
        left = left.checked_sub(part.body.len()).expect("parts longer than the body");
    }
}

/// A caller's SDP, in a call and again in a change of it.
fn sdp(body: &[u8]) {
    let Ok(sdp) = str::from_utf8(body) else { return };
    let mut agent = Watched::new(UserAgent::new(config(), [7; 32]));
    agent.input(NOW, Input::Connected);
    let mut peer = Peer::caller("in");
    for _ in 0..2 {
        let mut outputs = agent.input(NOW, Input::Received(peer.invite(Some(sdp)).to_bytes()));
        for (call, _) in agent.live_calls() {
            outputs.extend(agent.input(NOW, Input::Command(Command::Answer(call))));
        }
        let media = outputs.into_iter().find_map(|output| match output {
            Output::Media(op, ..) => Some(op),
            Output::Transmit(_) | Output::Event(_) | Output::Reconnect(_) => None,
        });
        // A body that is no SDP is refused.
        let Some(op) = media else { return };
        let answer = Input::Media(op, Ok("v=0\r\n".into()));
        for output in agent.input(NOW, answer) {
            if let Output::Transmit(bytes) = output
                && let Ok(Message::Response(response)) = parse(&bytes)
            {
                peer.learn(&response);
            }
        }
        agent.input(NOW, Input::Received(peer.ack().to_bytes()));
    }
    assert_eq!(agent.live_calls().len(), 1);
}

/// A handed-over call: refused, or taken and handed on as the same.
fn snapshot(body: &[u8]) {
    let Some((age, text)) = body.split_first() else { return };
    let text = String::from_utf8_lossy(text);
    let age = Duration::from_secs(u64::from(*age) * 10);
    let mut first = Watched::new(UserAgent::new(config(), [7; 32]));
    let Ok((call, _)) = first.resume(NOW, &text, age) else { return };
    let written = first.agent().export(call).expect("an answered call");
    let mut second = Watched::new(UserAgent::new(config(), [7; 32]));
    let (again, _) = second.resume(NOW, &written, Duration::ZERO).expect("a call of our own");
    let again_written = second.agent().export(again).expect("an answered call");
    assert_eq!(without_numbers(&again_written), without_numbers(&written));

    // It lives as other calls do.
    let mut outputs = second.input(NOW, Input::Connected);
    outputs.extend(second.input(NOW, Input::Command(Command::Hold(again))));
    for output in outputs {
        if let Output::Media(op, ..) = output {
            second.input(NOW, Input::Media(op, Ok("v=0\r\n".into())));
        }
    }
    second.input(NOW, Input::Command(Command::Hangup(again)));
    for _ in 0..100 {
        match second.deadline() {
            Some((at, _)) if at.since(NOW) < Duration::from_secs(120) => {
                second.input(at, Input::Timeout);
            }
            Some(_) | None => break,
        }
    }
    assert_eq!(second.live_calls(), []);
    assert_eq!(second.load(), 0);
}

/// The lines whose values are no numbers: those go on.
fn without_numbers(snapshot: &str) -> Vec<&str> {
    let is_number =
        |line: &&str| line.split_once(' ').is_some_and(|(_, value)| value.parse::<u64>().is_ok());
    snapshot.lines().filter(|line| !is_number(line)).collect()
}
