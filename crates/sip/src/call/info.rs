//! INFO (RFC 6086): DTMF signals in both directions, and what else comes.

use super::confirmed::Confirmed;
use super::{Call, State};
use crate::auth::Attempts;
use crate::context::Context;
use crate::dialog::Dialog;
use crate::input::CallId;
use crate::message::{MediaType, Method, Request, Response};
use crate::output::Event;
use crate::transaction::{Errand, Owner, ServerId};
use std::collections::VecDeque;
use std::time::Duration;

/// The most signals that wait; what comes on top is dropped.
const MAX_WAITING: usize = 64;
/// No key is down for longer.
const LONGEST: Duration = Duration::from_secs(10);

/// The signals of one call that are to be sent, one INFO after the other: two on the way at once
/// could change places.
#[derive(Default)]
pub(super) struct Dtmf {
    waiting: VecDeque<(char, Duration)>,
    under_way: bool,
}

impl Call {
    /// The user presses a key.
    pub(crate) fn dtmf(&mut self, ctx: &mut Context, signal: char, duration: Duration) {
        self.if_confirmed(|mut call| {
            let waiting = &mut call.services.dtmf.waiting;
            if is_signal(signal) && ctx.connected && waiting.len() < MAX_WAITING {
                waiting.push_back((signal, duration.min(LONGEST)));
                call.services.dtmf.send(ctx, call.call, &mut call.dialog);
            }
            State::Confirmed(call)
        });
    }
}

impl Dtmf {
    fn send(&mut self, ctx: &mut Context, call: CallId, dialog: &mut Dialog) {
        if self.under_way {
            return;
        }
        let Some((signal, duration)) = self.waiting.pop_front() else { return };
        self.under_way = true;
        let mut info = dialog.request(Method::INFO);
        info.headers.push("User-Agent", &*ctx.config.user_agent);
        info.headers.push("Content-Type", "application/dtmf-relay");
        let mut body = String::from("Signal=");
        body.push(signal);
        body.push_str("\r\nDuration=");
        body.push_str(&(duration.as_millis() as u32).to_string());
        body.push_str("\r\n");
        info.body = body.into_bytes();
        ctx.send(info, Owner::InDialog(call, Errand::Info));
    }
}

impl Confirmed {
    pub(super) fn info(&mut self, ctx: &mut Context, server: ServerId, info: &Request) {
        if let Some(signal) = answer(ctx, server, info) {
            ctx.event(Event::Dtmf { call: self.call, signal });
        }
    }

    /// The final response to our INFO; `None`: there was none in time. A far end that does not
    /// want one signal may want the next.
    pub(super) fn info_done(
        &mut self,
        ctx: &mut Context,
        answer: Option<(&Response, (Request, Attempts))>,
    ) {
        if let Some((response, ended)) = answer
            && matches!(response.status, 401 | 407)
            && let owner = Owner::InDialog(self.call, Errand::Info)
            && self.dialog.answer_challenge(ctx, ended, response, owner).is_ok()
        {
            return;
        }
        self.services.dtmf.under_way = false;
        self.services.dtmf.send(ctx, self.call, &mut self.dialog);
    }
}

/// Answers an INFO, and gives the signal it brings.
pub(crate) fn answer(ctx: &mut Context, server: ServerId, info: &Request) -> Option<char> {
    if info.headers.get("Info-Package").is_some() {
        // None are understood (RFC 6086 section 4.2.2).
        ctx.respond_with(server, 469, "Bad Info Package", |_, response| {
            response.headers.push("Recv-Info", "");
        });
        return None;
    }
    let media_type = info.headers.get("Content-Type").and_then(MediaType::parse);
    let is = |subtype| media_type.is_some_and(|t| t.is("application", subtype));
    let signal = if is("dtmf-relay") {
        relayed(&info.body)
    } else if is("dtmf") {
        Some(info.body.as_slice())
    } else if info.body.is_empty() {
        // Some servers ask so whether the call is still there.
        ctx.respond(server, 200, "OK");
        return None;
    } else {
        ctx.respond_with(server, 415, "Unsupported Media Type", |_, response| {
            response.headers.push("Accept", "application/dtmf-relay, application/dtmf");
        });
        return None;
    };
    match signal.map(<[u8]>::trim_ascii).filter(|signal| !signal.is_empty()) {
        Some(signal) => {
            ctx.respond(server, 200, "OK");
            // Others there are, such as a flash of the hook, mean nothing here.
            key(signal)
        }
        None => {
            ctx.respond(server, 400, "Bad Request");
            None
        }
    }
}

/// The value of `Signal` in an `application/dtmf-relay`.
fn relayed(body: &[u8]) -> Option<&[u8]> {
    body.split(|b| matches!(b, b'\r' | b'\n')).find_map(|line| {
        let at = line.iter().position(|b| *b == b'=')?;
        let (name, value) = line.split_at_checked(at)?;
        name.trim_ascii().eq_ignore_ascii_case(b"Signal").then(|| value.get(1..))?
    })
}

/// The key that a text names, or a number as in RFC 4733.
fn key(text: &[u8]) -> Option<char> {
    match text {
        [letter] => Some(char::from(letter.to_ascii_uppercase())).filter(|c| is_signal(*c)),
        b"10" => Some('*'),
        b"11" => Some('#'),
        [b'1', digit @ b'2'..=b'5'] => Some(char::from(digit - b'2' + b'A')),
        _ => None,
    }
}

fn is_signal(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '*' | '#' | 'A'..='D')
}
