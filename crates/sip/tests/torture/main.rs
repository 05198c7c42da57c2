//! The torture tests of RFC 4475: a message of our own for each of its 49 cases, built after the
//! case's description, and what becomes of it.
//!
//! Where the RFC leaves a choice, the last column says which was made. The checker
//! ([`ringlet_sip::message::check`]) is as strict as the RFC lets a server be; the agent takes
//! whatever does no harm, so its answer stands beside the verdict.

mod cases;
mod damage;
mod field;
mod reading;
mod table;

use cases::{Agent, CASES, Case, Expected};
use ringlet_sip::message::{Message, Typed, Verdict, check, parse};
use ringlet_sip::{Event, Input};
use ringlet_testkit::Script;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn every_case_is_judged_as_the_rfc_says() {
    assert_eq!(CASES.len(), 49);
    for Case { name, bytes, expected, .. } in CASES {
        let judged = match check(bytes) {
            Verdict::Accepted(_) => Expected::Accepted,
            Verdict::Rejected { status, .. } => Expected::Rejected(status),
            Verdict::Dropped { .. } => Expected::Dropped,
        };
        assert_eq!(judged, *expected, "{name}");
    }
}

#[test]
fn every_header_with_a_type_is_read_in_accepted_messages() {
    for Case { name, bytes, expected, .. } in CASES {
        if *expected != Expected::Accepted {
            continue;
        }
        let headers = match parse(bytes) {
            Ok(Message::Request(request)) => request.headers,
            Ok(Message::Response(response)) => response.headers,
            Err(error) => panic!("{name}: {error}"),
        };
        for (header, value) in headers.iter() {
            for (text, typed) in Typed::read(header, value).unwrap_or_default() {
                assert!(typed.is_some(), "{name}: {header}: {text}");
            }
        }
    }
}

#[test]
fn the_agent_answers_every_case_as_it_should() {
    for Case { name, bytes, agent, .. } in CASES {
        let mut script = Script::connected();
        script.receive(*bytes);
        match agent {
            Agent::Rings => {
                let event = script.event();
                assert!(matches!(event, Event::Incoming { .. }), "{name}: {event:?}");
            }
            Agent::Ignores => script.quiet(),
            Agent::Answers(status) => {
                let answer = script.sent_bytes();
                let start = format!("SIP/2.0 {status} ");
                assert!(answer.starts_with(start.as_bytes()), "{name}: {}", answer.escape_ascii());
                assert!(script.try_sent().is_none(), "{name}");
            }
        }
    }
}

#[test]
fn accepted_messages_are_written_as_they_were_read() {
    for Case { name, bytes, expected, .. } in CASES {
        if *expected != Expected::Accepted {
            continue;
        }
        let first = parse(bytes).unwrap();
        let written = match &first {
            Message::Request(request) => request.to_bytes(),
            Message::Response(response) => response.to_bytes(),
        };
        assert_eq!(parse(&written), Ok(first), "{name}");
    }
}

#[test]
fn every_prefix_of_every_case_is_survived() {
    for Case { bytes, .. } in CASES {
        let mut script = Script::connected();
        // The long ones only here and there: each prefix costs a run of the agent.
        for end in (0..bytes.len()).step_by(1 + bytes.len() / 300) {
            script.input(Input::Received(bytes[..end].to_vec()));
            let _ = check(&bytes[..end]);
        }
    }
}
