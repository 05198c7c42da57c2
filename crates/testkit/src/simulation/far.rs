//! Far ends beyond the proxy: what they answer.

use super::proxy::has_to_tag;
use super::{MINUTE, SECOND, Simulation, Step, brief};
use crate::dialog::{Dialog, same_branch};
use crate::message::Build as _;
use ringlet_sip::message::{Message, Method, NameAddr, RAck, RSeq, Request, Response};
use std::time::Duration;

/// The SDP of far ends.
pub(super) const FAR_SDP: &str = "v=0\r\ns=far\r\n";

/// Every dialog of the far ends, whosever it is.
#[derive(Default)]
pub(super) struct Fars {
    pub(super) calls: Vec<FarCall>,
}

/// One dialog, or what may become one.
pub(super) struct FarCall {
    pub(super) state: State,
    pub(super) dialog: Dialog,
    /// The number of its latest request.
    pub(super) number: u32,
    /// The number of its next reliable provisional response.
    pub(super) rseq: u32,
    /// The INVITE that it answers, or that it has sent.
    pub(super) invite: Request,
}

/// How far it is.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// An agent calls.
    Ringing,
    /// It has answered, and repeats that until the ACK.
    Answered { ok: Box<Response>, times: u32 },
    /// It calls an agent.
    Calling,
    /// Both sides know.
    Talking,
    /// An agent has subscribed.
    Subscribed,
    /// Over.
    Ended,
}

impl Fars {
    pub(super) fn of_contact(&self, uri: &str) -> Option<usize> {
        let number = uri.strip_prefix("sip:far")?.strip_suffix("@203.0.113.9")?;
        number.parse().ok()
    }
}

impl Simulation {
    pub(super) fn reaches_far(&mut self, call: Option<usize>, message: Message) {
        self.say(|| match &message {
            Message::Request(request) => format!("far {call:?} ← {}", brief(&request.to_bytes())),
            Message::Response(response) => {
                format!("far {call:?} ← {}", brief(&response.to_bytes()))
            }
        });
        match (call, message) {
            (Some(call), Message::Response(response)) => self.far_hears(call, &response),
            (None, Message::Response(_)) => {}
            (Some(call), Message::Request(request)) => self.far_answers(call, &request),
            (None, Message::Request(request)) => self.far_meets(&request),
        }
    }

    /// A request outside dialogs, and what belongs to it.
    fn far_meets(&mut self, request: &Request) {
        let method = request.method.as_str();
        if method == "CANCEL" || method == "ACK" {
            let via = request.headers.list("Via").next();
            let mut calls = self.fars.calls.iter();
            let call = calls.position(|call| call.invite.headers.list("Via").next() == via);
            return call.into_iter().for_each(|call| self.far_answers(call, request));
        }
        let call = self.fars.calls.len();
        if method != "INVITE" && method != "SUBSCRIBE" {
            let status = *self.random.pick(&[200, 200, 202, 404, 415, 480, 503]);
            let status = if self.disorder { status } else { 200 };
            return self.far_says(Response::to(request, status, "Answer", Some("far")));
        }
        let is_known = self.fars.calls.iter().any(|call| {
            call.invite.headers.list("Via").next() == request.headers.list("Via").next()
        });
        if is_known {
            return;
        }
        let tagged = Response::to(request, 200, "OK", Some(&format!("far{call}")));
        self.fars.calls.push(FarCall {
            state: State::Ringing,
            dialog: Dialog::answering(request, &tagged).expect("agents tell where they are"),
            number: 7000,
            rseq: 0,
            invite: request.clone(),
        });
        if method == "SUBSCRIBE" {
            return self.far_subscribed(call, request);
        }
        if self.random.chance(80) {
            self.far_says(Response::to(request, 100, "Trying", None));
        }
        self.far_soon(call, 5 * SECOND);
    }

    fn far_subscribed(&mut self, call: usize, request: &Request) {
        let status = *self.random.pick(&[200, 200, 200, 202, 403, 481, 489, 500]);
        let status = if self.disorder { status } else { 200 };
        let expires = request.headers.seconds("Expires").unwrap_or(3600);
        let response = self.far_response(call, request, status, "Answer");
        let response = response.with("Expires", &expires.min(1200).to_string());
        if status >= 300 {
            self.fars.calls[call].state = State::Ended;
            return self.far_says(response);
        }
        // The NOTIFY may come first.
        self.fars.calls[call].state = match expires {
            0 => State::Ended,
            _ => State::Subscribed,
        };
        self.far_says(response);
        self.far_notifies(call, expires > 0);
        self.far_soon(call, MINUTE);
    }

    /// A request in a dialog.
    fn far_answers(&mut self, call: usize, request: &Request) {
        let method = request.method.as_str();
        let state = self.fars.calls[call].state.clone();
        match (method, &state) {
            ("ACK", State::Answered { .. }) => {
                self.fars.calls[call].state = State::Talking;
                self.far_soon(call, MINUTE);
            }
            ("ACK", _) => {}
            ("CANCEL", State::Ringing) => {
                self.far_says(Response::to(request, 200, "OK", Some("far")));
                let invite = self.fars.calls[call].invite.clone();
                let response = self.far_response(call, &invite, 487, "Request Terminated");
                self.fars.calls[call].state = State::Ended;
                self.far_says(response);
            }
            ("CANCEL", _) => self.far_says(Response::to(request, 200, "OK", Some("far"))),
            ("SUBSCRIBE", State::Subscribed) => self.far_subscribed(call, request),
            (_, State::Ended) => {
                let response = self.far_response(call, request, 481, "No Such Call");
                self.far_says(response);
            }
            ("BYE", _) => {
                self.fars.calls[call].state = State::Ended;
                let response = self.far_response(call, request, 200, "OK");
                self.far_says(response);
            }
            _ if self.disorder && self.random.chance(25) => self.far_objects(call, request),
            ("REFER", _) => {
                let response = self.far_response(call, request, 202, "Accepted");
                self.far_says(response);
                self.far_reports(call, "SIP/2.0 100 Trying", true);
                let result = *self.random.pick(&["SIP/2.0 200 OK", "SIP/2.0 486 Busy Here"]);
                self.far_reports(call, result, false);
            }
            _ => {
                let mut response = self.far_response(call, request, 200, "OK");
                if method == "INVITE" || (method == "UPDATE" && !request.body.is_empty()) {
                    response = response.with_sdp(FAR_SDP);
                }
                if let Some(interval) = request.headers.get("Session-Expires") {
                    let interval = interval.split(';').next().unwrap_or_default();
                    let value = format!("{interval};refresher=uac");
                    response = response.with("Session-Expires", &value).with("Require", "timer");
                }
                self.far_says(response);
            }
        }
    }

    fn far_objects(&mut self, call: usize, request: &Request) {
        let status = *self.random.pick(&[0, 404, 405, 408, 415, 422, 481, 488, 491, 500, 503]);
        if status == 0 {
            return;
        }
        let mut response = self.far_response(call, request, status, "Objection");
        if status == 422 {
            response = response.with("Min-SE", "1200");
        } else if status >= 500 && self.random.chance(50) {
            response = response.with("Retry-After", "2");
        }
        if status == 481 {
            self.fars.calls[call].state = State::Ended;
        }
        self.far_says(response);
    }

    /// A response to a request of a far end.
    fn far_hears(&mut self, call: usize, response: &Response) {
        let Some(cseq) = response.headers.cseq() else { return };
        if cseq.method != Method::INVITE {
            return;
        }
        let to = response.headers.get("To").unwrap_or_default().to_owned();
        let target = response.headers.get("Contact").and_then(NameAddr::parse);
        let target = target.map(|contact| contact.uri.to_owned());
        let reliable = response.headers.get("RSeq").and_then(RSeq::parse);
        let is_first = matches!(self.fars.calls[call].state, State::Calling);
        if let (101..200, Some(rseq)) = (response.status, reliable) {
            let target = target.unwrap_or_else(|| self.fars.calls[call].dialog.target.clone());
            let rack = RAck { rseq: rseq.number, cseq };
            let prack = self.far_request(call, "PRACK", None);
            let mut prack = prack.with("RAck", &rack.value()).replacing("To", &to);
            prack.uri = target;
            return self.far_sends(call, prack);
        }
        if response.status < 200 {
            return;
        }
        if response.status >= 300 {
            if is_first {
                self.fars.calls[call].state = State::Ended;
            }
            return;
        }
        let fork = !is_first && to != self.fars.calls[call].dialog.remote;
        if is_first {
            self.fars.calls[call].state = State::Talking;
            self.far_soon(call, MINUTE);
        }
        if !fork {
            self.fars.calls[call].dialog.remote.clone_from(&to);
            if let Some(target) = &target {
                self.fars.calls[call].dialog.target.clone_from(target);
            }
        }
        // Some never acknowledge.
        if self.disorder && self.random.chance(4) {
            return;
        }
        let mut ack = self.far_request(call, "ACK", Some(cseq.number)).replacing("To", &to);
        if let Some(target) = &target {
            ack.uri.clone_from(target);
        }
        if self.fars.calls[call].invite.body.is_empty() {
            ack = ack.with_sdp(FAR_SDP);
        }
        self.far_sends(call, ack);
        if fork {
            let mut bye = self.far_request(call, "BYE", None).replacing("To", &to);
            bye.uri = target.unwrap_or(bye.uri);
            self.far_sends(call, bye);
        }
    }

    /// A response in the dialog of a call.
    pub(super) fn far_response(
        &mut self,
        call: usize,
        request: &Request,
        status: u16,
        phrase: &str,
    ) -> Response {
        let response = Response::to(request, status, phrase, Some(&format!("far{call}")));
        response.with("Contact", &format!("<sip:far{call}@203.0.113.9>"))
    }

    pub(super) fn far_says(&mut self, response: Response) {
        let copies = if self.disorder && self.random.chance(5) { 2 } else { 1 };
        for _ in 0..copies {
            let delay = self.delay();
            self.at(delay, Step::FarResponse { response: Box::new(response.clone()) });
        }
    }

    /// A request of a far end: the next one, or an ACK with the number of its INVITE.
    pub(super) fn far_request(
        &mut self,
        call: usize,
        method: &str,
        number: Option<u32>,
    ) -> Request {
        let branch = format!("z9hG4bKfar{}", self.random.number());
        let far = &mut self.fars.calls[call];
        let number = number.unwrap_or_else(|| {
            far.number += 1;
            far.number
        });
        far.dialog
            .request(
                Method::from_token(method),
                number,
                &format!("SIP/2.0/UDP 203.0.113.9;branch={branch}"),
            )
            .with("Contact", &format!("<sip:far{call}@203.0.113.9>"))
    }

    pub(super) fn far_sends(&mut self, call: usize, request: Request) {
        let delay = self.delay();
        self.at(delay, Step::FarRequest { call, request: Box::new(request) });
    }

    /// A far end gives up its call.
    pub(super) fn far_cancels(&mut self, call: usize) {
        let cancel = same_branch(&self.fars.calls[call].invite, Method::CANCEL);
        assert!(!has_to_tag(&cancel), "CANCEL is for calls that are not answered");
        self.far_sends(call, cancel);
    }

    /// A far end does something within this time.
    pub(super) fn far_soon(&mut self, call: usize, time: Duration) {
        let pause = self.random.time(time);
        self.at(pause, Step::Far { call });
    }
}
